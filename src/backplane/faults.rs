//! What may go wrong between one process and its backplane, for tests of what stands on it: requests and answers lost or late, messages lost.
//!
//! A test gives one part of a cluster its own bad line with `Backplane::through`; the others keep theirs. Nothing in production makes one.
//! A fault of the store itself (a record that goes back) is `Backplane::fault_record`.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

/// What is asked of the backplane, as far as faults tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Claim,
    Commit,
    Yield,
    Read,
    Publish,
    /// One message to one subscription; it is lost or not, never late.
    Deliver,
    /// Chat, boards, heartbeats.
    Other,
}

/// What becomes of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    pub request_late: Duration,
    /// It never happened; the asker hears `Unanswered` when both delays are over.
    pub request_lost: bool,
    pub answer_late: Duration,
    /// It happened, and the asker hears `Unanswered`.
    pub answer_lost: bool,
}

/// Draws the fate of each request.
pub struct Faults {
    draw: Mutex<Draw>,
}

type Draw = Box<dyn FnMut(Operation) -> Fate + Send>;

impl Faults {
    #[must_use]
    pub fn new(draw: impl FnMut(Operation) -> Fate + Send + 'static) -> Self {
        Self { draw: Mutex::new(Box::new(draw)) }
    }

    pub(super) fn fate(&self, operation: Operation) -> Fate {
        let mut draw = self.draw.lock().unwrap_or_else(PoisonError::into_inner);
        draw(operation)
    }
}
