//! What to do when a maze's task panics: start it again from the record; when that does not help, set the record aside and begin afresh. Pure.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// So many panics of one maze within so long, and its record is poison.
pub(crate) const PANICS_MAX: usize = 3;
pub(crate) const PANICS_WITHIN: Duration = Duration::from_secs(10);
/// When even fresh worlds panic, the code is at fault: try now and then, and leave the core to the other mazes.
const REST: Duration = Duration::from_secs(10);

#[derive(Default)]
pub(crate) struct Supervision {
    panics: VecDeque<Instant>,
    poisoned: Option<Instant>,
}

/// How to start the task again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Restart {
    pub(crate) after: Duration,
    pub(crate) poisoned: bool,
}

impl Supervision {
    pub(crate) fn on_panic(&mut self, now: Instant) -> Restart {
        self.panics.retain(|panic| now < *panic + PANICS_WITHIN);
        self.panics.push_back(now);
        if self.panics.len() < PANICS_MAX {
            return Restart { after: Duration::ZERO, poisoned: false };
        }
        self.panics.clear();
        let again = self.poisoned.replace(now).is_some_and(|last| now < last + 2 * REST);
        Restart { after: if again { REST } else { Duration::ZERO }, poisoned: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_panics_in_ten_seconds_poison_a_record() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let again = Restart { after: Duration::ZERO, poisoned: false };
        let afresh = Restart { after: Duration::ZERO, poisoned: true };
        let mut supervision = Supervision::default();
        let restarts = [0, 5, 11, 12].map(|second| supervision.on_panic(at(second)));
        assert_eq!(restarts, [again, again, again, afresh]);
        let restarts = [13, 14, 15].map(|second| supervision.on_panic(at(second)));
        assert_eq!(restarts, [again, again, Restart { after: REST, poisoned: true }], "a fresh world panics too");
        assert_eq!(supervision.on_panic(at(100)), again, "long ago");
    }
}
