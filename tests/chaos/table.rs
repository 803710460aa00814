//! What the rounds of a fault have cost, as a row of the table.

use std::time::Duration;

use crate::fault::Kind;
use crate::fault::Promise;
use crate::verdict::Findings;

pub(crate) const HEAD: &str = "\
| fault | times | pause p50 | p99 | max (ms) | frames lost | seats lost | scores changed | chat lines lost |
|---|---|---|---|---|---|---|---|---|";

pub(crate) struct Row {
    kind: Kind,
    pauses: Vec<Duration>,
    frames_lost: u32,
    seats_lost: u32,
    scores_changed: u32,
    lines_lost: u32,
}

impl Row {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, pauses: Vec::new(), frames_lost: 0, seats_lost: 0, scores_changed: 0, lines_lost: 0 }
    }

    pub(crate) fn add(&mut self, pause: Duration, findings: &Findings) {
        self.pauses.push(pause);
        self.frames_lost += findings.frames_lost;
        self.seats_lost += findings.seats_lost;
        self.scores_changed += findings.scores_changed;
        self.lines_lost += findings.lines_lost;
    }

    pub(crate) fn newest(&self) -> Duration {
        self.pauses.last().copied().unwrap_or_default()
    }

    /// The smallest pause that so many per cent do not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let mut pauses = self.pauses.clone();
        pauses.sort();
        let rank = (pauses.len() * percent).div_ceil(100).max(1) - 1;
        pauses.get(rank).copied().unwrap_or_default()
    }

    pub(crate) fn line(&self) -> String {
        let Self { kind, pauses, frames_lost, seats_lost, scores_changed, lines_lost } = self;
        let [p50, p99, max] = [50, 99, 100].map(|percent| self.percentile(percent).as_millis());
        let maze = match kind.promise() {
            Promise::WhatIsLeft => format!("{seats_lost} | what is left"),
            Promise::SameMaze => format!("{seats_lost} | {scores_changed}"),
        };
        format!("| {} | {} | {p50} | {p99} | {max} | {frames_lost} | {maze} | {lines_lost} |", kind.name(), pauses.len())
    }
}
