//! What a maze's task begins with: its own, and what it shares with all tasks of its worker.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::backplane::Backplane;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::worker::Step;
use crate::worker::around::Around;
use crate::worker::ledger::Flight;
use crate::worker::ledger::Ledger;
use crate::worker::meters::Meters;
use crate::worker::place::Listens;

/// What all tasks of a worker share.
#[derive(Clone)]
pub(crate) struct Common {
    pub(crate) me: NodeId,
    pub(crate) backplane: Backplane,
    pub(crate) around: watch::Receiver<Arc<Around>>,
    pub(crate) ledger: Ledger,
    pub(crate) leaving: CancellationToken,
    pub(crate) step: Step,
    pub(crate) meters: Meters,
    /// Where the ticks of all mazes are counted from.
    pub(crate) grid: Instant,
}

/// How a task begins.
pub(crate) struct Beginning {
    pub(crate) maze: MazeId,
    pub(crate) knock: Arc<Notify>,
    pub(crate) listens: Listens,
    pub(crate) flight: Flight,
    /// The epoch in which the last task led when it panicked.
    pub(crate) orphan: Option<Epoch>,
    pub(crate) poisoned: bool,
}
