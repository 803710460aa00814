//! Carries the faults of this process into the journal that all processes share: so many a beat, oldest first, the last ones at the end.
//!
//! It writes nothing into the log: a fault about faults would beget the next. One that the backplane does not take stays first in line.

use std::time::Duration;

use serde::Serialize;
use tokio::select;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::backplane::Backplane;
use crate::backplane::Journal;
use crate::telemetry::faults::Fault;
use crate::telemetry::faults::Waiting;
use crate::wire::NodeId;

const BEAT: Duration = Duration::from_secs(1);
/// In one beat at most: a hundred processes in trouble are a thousand small writes a second to a Redis that does tens of thousands.
const FAULTS_A_BEAT: usize = 10;

/// An entry of the journal.
#[derive(Serialize)]
struct Entry<'a> {
    instance: &'a NodeId,
    #[serde(flatten)]
    fault: Fault,
}

/// Until `stop`, and then once more.
pub(super) async fn carry(waiting: Waiting, backplane: Backplane, me: NodeId, stop: CancellationToken) {
    loop {
        let ending = select! {
            () = stop.cancelled() => true,
            () = sleep(BEAT) => false,
        };
        carry_some(&waiting, &backplane, &me).await;
        if ending {
            return;
        }
    }
}

async fn carry_some(waiting: &Waiting, backplane: &Backplane, me: &NodeId) {
    for _ in 0..FAULTS_A_BEAT {
        let Some(fault) = waiting.oldest() else { return };
        let entry = serde_json::to_vec(&Entry { instance: me, fault }).unwrap_or_default();
        if backplane.note(Journal::Faults, entry.into()).await.is_err() {
            return;
        }
        waiting.carried();
    }
}

#[cfg(test)]
mod tests;
