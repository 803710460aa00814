//! How long somebody has been silent, as far as it can be known on a machine that may stand still between a call and its effect.

use std::time::Duration;

use tokio::time::Instant;

/// The backplane's clock is another's, and it counts in milliseconds.
const CLOCKS_APART: Duration = Duration::from_millis(5);

pub(super) struct Silence {
    asked: Instant,
    answered: Instant,
}

impl Silence {
    /// What was asked for then has just been answered: in between he spoke.
    pub(super) fn since(asked: Instant) -> Self {
        Self { asked, answered: Instant::now() }
    }

    pub(super) fn least(&self) -> Duration {
        self.answered.elapsed().saturating_sub(CLOCKS_APART)
    }

    pub(super) fn most(&self) -> Duration {
        self.asked.elapsed() + CLOCKS_APART
    }
}
