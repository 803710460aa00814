//! What a maze's task writes into the log when things go another way than usual; docs/logging.md says what to do about each.

use crate::telemetry::sampling::sampled;
use crate::wire::between_nodes::MazeRow;
use crate::worker::pacer::Due;

/// Ticks at once that are worth a line: a maze that was away for a twentieth of a second is seen to stutter.
const LATE_TICKS_TOLD: u64 = 3;

/// Why a maze is led no longer.
#[derive(Clone, Copy)]
pub(super) enum Loss {
    Yielded,
    StoodDown,
    ClaimsAgain,
}

pub(super) fn lost(row: &MazeRow, loss: Loss) {
    let (maze, epoch, tick) = (&row.id, row.epoch.0, row.tick);
    match loss {
        Loss::Yielded => tracing::info!(event = "yield", %maze, epoch, tick, "handed a maze over"),
        Loss::StoodDown => tracing::warn!(event = "stand_down", %maze, epoch, tick, "the record is somebody else's, or gone"),
        Loss::ClaimsAgain => tracing::info!(event = "claim_again", %maze, epoch, tick, "gateways have been shown a later epoch"),
    }
}

pub(super) fn late(row: &MazeRow, due: Due) {
    if due.ticks <= LATE_TICKS_TOLD {
        return;
    }
    if let Some(more) = sampled("late_ticks") {
        let (late, skipped) = (due.ticks - 1, due.skipped);
        tracing::warn!(event = "late_ticks", maze = %row.id, epoch = row.epoch.0, tick = row.tick, late, skipped, more, "ticks were late");
    }
}

pub(super) fn overflowed(row: &MazeRow, lost: u64) {
    if let Some(more) = sampled("inbox_overflow") {
        tracing::warn!(event = "inbox_overflow", maze = %row.id, epoch = row.epoch.0, lost, more, "inputs of one tick did not fit");
    }
}
