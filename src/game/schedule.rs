//! The scatter clock: when ghosts scatter and when they chase.
//!
//! It stands while anybody's window is open; that is the world's to decide. Every switch is a reversal.

use serde::Deserialize;
use serde::Serialize;

use crate::game::tuning;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Schedule {
    /// Even stages scatter, odd ones chase; 7 is chase for good.
    pub stage: u8,
    pub ticks_left: u32,
}

impl Schedule {
    pub(super) const STAGES: u8 = 7;

    #[must_use]
    pub(super) const fn start(level: u16) -> Self {
        Self { stage: 0, ticks_left: tuning::stages(level)[0] }
    }

    #[must_use]
    pub(super) const fn is_scatter(self) -> bool {
        self.stage.is_multiple_of(2)
    }

    /// One tick; true when the ghosts change their minds.
    pub(super) fn advance(&mut self, level: u16) -> bool {
        if self.stage >= Self::STAGES {
            return false;
        }
        self.ticks_left = self.ticks_left.saturating_sub(1);
        if self.ticks_left > 0 {
            return false;
        }
        self.stage += 1;
        self.ticks_left = tuning::stages(level).get(self.stage as usize).copied().unwrap_or(0);
        true
    }
}
