//! How long to wait before the next attempt to connect: doubling, capped below the leadership's grace, with jitter so that processes that lost
//! the same Redis do not come back in step.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(50);
/// Below the grace of 2 s in which a living leader goes first after a fault of Redis.
const CAP: Duration = Duration::from_secs(1);

pub(super) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub(super) fn new() -> Self {
        Self { next: FIRST }
    }

    /// Half of the step to all of it.
    pub(super) fn next_delay(&mut self) -> Duration {
        let step = self.next;
        self.next = (step * 2).min(CAP);
        let mut random = [0; 2];
        // Without the operating system's randomness the delay is merely not jittered.
        let share = getrandom::fill(&mut random).map_or(u32::from(u16::MAX), |()| u32::from(u16::from_le_bytes(random)));
        step / 2 + step / 2 * share / u32::from(u16::MAX)
    }
}
