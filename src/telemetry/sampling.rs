//! How noisy lines are kept few: of each kind one within ten seconds, which says how many more there have been since the last one (T1).

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

/// One line of a kind within so long.
const PERIOD: Duration = Duration::from_secs(10);
/// Kinds are written in the source, so there are few; should there be more, the rest share one.
const KINDS_MAX: usize = 64;

static LIMITERS: Mutex<BTreeMap<&'static str, Limiter>> = Mutex::new(BTreeMap::new());

/// Whether a line of this kind should be written now: `Some` with the number of those that were not since the last one.
pub fn sampled(kind: &'static str) -> Option<u64> {
    let mut limiters = LIMITERS.lock().unwrap_or_else(PoisonError::into_inner);
    let kind = if limiters.len() < KINDS_MAX || limiters.contains_key(kind) { kind } else { "other" };
    limiters.entry(kind).or_default().ask(Instant::now())
}

/// Of one kind. Pure.
#[derive(Default)]
struct Limiter {
    not_before: Option<Instant>,
    held_back: u64,
}

impl Limiter {
    fn ask(&mut self, now: Instant) -> Option<u64> {
        if self.not_before.is_some_and(|at| now < at) {
            self.held_back += 1;
            return None;
        }
        self.not_before = Some(now + PERIOD);
        Some(std::mem::take(&mut self.held_back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_a_period_tells_of_all_others() {
        let (start, mut limiter) = (Instant::now(), Limiter::default());
        assert_eq!(limiter.ask(start), Some(0));
        for n in 1..1000 {
            assert_eq!(limiter.ask(start + PERIOD * n / 1000), None);
        }
        assert_eq!(limiter.ask(start + PERIOD), Some(999));
        assert_eq!(limiter.ask(start + PERIOD * 2), Some(0));
    }

    #[test]
    fn kinds_do_not_hide_each_other() {
        assert_eq!((sampled("test kind one"), sampled("test kind one")), (Some(0), None));
        assert_eq!(sampled("test kind two"), Some(0));
    }
}
