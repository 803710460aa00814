//! What the tasks of a worker's mazes leave behind for others: the rows of the mazes that are led, and a flight recorder for each, which
//! outlives a panic.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::game::seating::Command;
use crate::telemetry::metrics::MAZES_LED;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::between_nodes::MazeRow;
use crate::worker::black_box::Recorder;

/// The mazes that this worker leads, as its heartbeat lists them.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    rows: Arc<Mutex<BTreeMap<MazeId, MazeRow>>>,
}

impl Ledger {
    pub(crate) fn rows(&self) -> Vec<MazeRow> {
        self.open().values().cloned().collect()
    }

    pub(crate) fn write(&self, row: MazeRow) {
        let mut rows = self.open();
        // In place, as each commit does: the name is cloned once.
        if let Some(known) = rows.get_mut(&row.id) {
            *known = row;
            return;
        }
        rows.insert(row.id.clone(), row);
        gauge(&rows);
    }

    pub(crate) fn strike(&self, maze: &MazeId) {
        let mut rows = self.open();
        rows.remove(maze);
        gauge(&rows);
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<MazeId, MazeRow>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a worker leads far fewer mazes than a float counts exactly")]
fn gauge(rows: &BTreeMap<MazeId, MazeRow>) {
    metrics::gauge!(MAZES_LED).set(rows.len() as f64);
}

/// The flight recorder of a maze's task.
#[derive(Clone, Default)]
pub(crate) struct Flight {
    recorder: Arc<Mutex<Recorder>>,
}

/// The last thing that a maze's task set out to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastTick {
    /// `None` when the task does not lead.
    pub(crate) epoch: Option<Epoch>,
    pub(crate) tick: u32,
    pub(crate) commands: Vec<Command>,
}

impl Flight {
    /// Nothing is recorded from here on, and what was is not given up.
    pub(crate) fn landed(&self) {
        self.open().finish();
    }

    pub(crate) fn last(&self) -> LastTick {
        let last = self.open().last();
        last.map(|(epoch, tick, commands)| LastTick { epoch: Some(epoch), tick, commands }).unwrap_or_default()
    }

    pub(crate) fn open(&self) -> MutexGuard<'_, Recorder> {
        self.recorder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
