//! When a batch that did not arrive is sent again, and when the operator hears of it: doubling with jitter, for ever, one line an outage. Pure.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(200);
/// The service is throttled or away: it may be back any moment, and lines wait.
const UNAVAILABLE_MAX: Duration = Duration::from_secs(5);
/// It says that we may not: that changes when an operator does something.
const REFUSED_MAX: Duration = Duration::from_secs(30);
/// Failures in a row before an outage is told of. One throttled call is daily business.
const TELL_AFTER: u32 = 3;

/// Why a batch did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Throttled, away, or not to be reached.
    Unavailable,
    /// Wrong credentials, no right, no such region.
    Refused,
}

#[derive(Default)]
pub struct Retry {
    failures: u32,
    told: bool,
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    pub after: Duration,
    /// The operator has not heard of this outage.
    pub tell: bool,
}

impl Retry {
    /// `dice` is anything at random.
    pub fn on_failure(&mut self, failure: Failure, dice: u16) -> Again {
        let cap = match failure {
            Failure::Unavailable => UNAVAILABLE_MAX,
            Failure::Refused => REFUSED_MAX,
        };
        let step = FIRST.saturating_mul(1 << self.failures.min(16)).min(cap);
        self.failures = self.failures.saturating_add(1);
        let tell = !self.told && (failure == Failure::Refused || self.failures >= TELL_AFTER);
        self.told |= tell;
        // From half of the step to all of it.
        Again { after: step / 2 + step / 2 * u32::from(dice) / u32::from(u16::MAX), tell }
    }

    /// Whether an outage that was told of is over.
    pub fn on_success(&mut self) -> bool {
        std::mem::take(self).told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_longer_each_time_up_to_a_cap() {
        for (failure, cap) in [(Failure::Unavailable, UNAVAILABLE_MAX), (Failure::Refused, REFUSED_MAX)] {
            let mut retry = Retry::default();
            let most: Vec<Duration> = (0..100).map(|_| retry.on_failure(failure, u16::MAX).after).collect();
            assert!(most.is_sorted() && most[0] == FIRST && most[99] == cap, "{most:?}");
            assert_eq!(retry.on_failure(failure, 0).after, cap / 2, "jitter takes half of it at most");
        }
    }

    #[test]
    fn an_outage_is_told_once() {
        let mut retry = Retry::default();
        let tells: Vec<bool> = (0..6).map(|_| retry.on_failure(Failure::Unavailable, 0).tell).collect();
        assert_eq!(tells, [false, false, true, false, false, false]);
        assert!(!retry.on_failure(Failure::Refused, 0).tell);
        assert!(retry.on_success() && !retry.on_success());
        assert!(retry.on_failure(Failure::Refused, 0).tell, "at once: waiting does not help");
    }

    #[test]
    fn a_single_failure_is_not_worth_a_line() {
        let mut retry = Retry::default();
        assert!(!retry.on_failure(Failure::Unavailable, 0).tell && !retry.on_success());
    }
}
