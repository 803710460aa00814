//! The heartbeat: every 500 ms this process tells the others what it does, and hears what they do. Status, matchmaker, ranking and bots read it.
//!
//! A process that the backplane does not answer is not ready.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::select;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use crate::gateway::Hub;
use crate::telemetry::metrics;
use crate::wire::between_nodes::Heartbeat;
use crate::worker::Worker;

pub(super) const HEARTBEAT_PERIOD: Duration = Duration::from_millis(500);

pub(super) struct Heart {
    chamber: Arc<Chamber>,
}

struct Chamber {
    hub: Arc<Hub>,
    nodes: watch::Sender<Vec<Heartbeat>>,
    draining: AtomicBool,
    /// What this process leads is part of what it tells.
    worker: Mutex<Option<Worker>>,
    numbers: Option<PrometheusHandle>,
    /// What all agreed on, to be put back into a backplane that was emptied; `None` when the operator gave one.
    secret: Option<Vec<u8>>,
}

impl Heart {
    /// Has beaten once when it returns, and beats on until `stop`.
    pub(super) async fn start(
        hub: Arc<Hub>,
        nodes: watch::Sender<Vec<Heartbeat>>,
        numbers: Option<PrometheusHandle>,
        secret: Option<Vec<u8>>,
        stop: CancellationToken,
    ) -> Self {
        let chamber = Arc::new(Chamber { hub, nodes, draining: AtomicBool::new(false), worker: Mutex::default(), numbers, secret });
        chamber.beat().await;
        let beating = Arc::clone(&chamber);
        tokio::spawn(async move {
            let mut beats = interval(HEARTBEAT_PERIOD);
            beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                select! {
                    () = stop.cancelled() => break,
                    _ = beats.tick() => beating.beat().await,
                }
            }
        });
        Self { chamber }
    }

    /// The worker begins after the first beat, so that it finds itself among the living.
    pub(super) fn lead(&self, worker: Worker) {
        *self.chamber.worker() = Some(worker);
    }

    /// The worker, to be drained; it leads nothing any more in what is told.
    pub(super) fn resign(&self) -> Option<Worker> {
        self.chamber.worker().take()
    }

    /// From now on the others hear that no new client should come here, and no maze.
    pub(super) fn drain(&self) {
        self.chamber.draining.store(true, Ordering::Relaxed);
    }

    /// Without waiting for the next beat.
    pub(super) async fn beat_now(&self) {
        self.chamber.beat().await;
    }
}

impl Chamber {
    fn worker(&self) -> MutexGuard<'_, Option<Worker>> {
        self.worker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn beat(&self) {
        let hub = &self.hub;
        let draining = self.draining.load(Ordering::Relaxed);
        let said = Heartbeat {
            id: hub.me.clone(),
            role: hub.role,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            draining,
            connections: hub.lobby.connections(),
            leads: self.worker().as_ref().map(Worker::rows).unwrap_or_default(),
            people: hub.lobby.people(),
        };
        let told = hub.backplane.heartbeat(hub.me.clone(), serde_json::to_vec(&said).unwrap_or_default().into()).await;
        let heard = hub.backplane.nodes().await;
        let agreed = match &self.secret {
            Some(secret) => hub.backplane.agree_on_secret(secret).await.is_ok(),
            None => true,
        };
        let answered = told.is_ok() && heard.is_ok() && agreed;
        if !answered {
            metrics::unanswered("heartbeat");
        }
        if let Ok(nodes) = heard {
            // One that cannot be read is of a version that this one does not know; it is not for us then.
            self.nodes.send_replace(nodes.iter().filter_map(|(_, _, said)| serde_json::from_slice(said).ok()).collect());
        }
        hub.ready.store(answered && hub.backplane.is_ready() && !draining, Ordering::Relaxed);
        if let Some(numbers) = &self.numbers {
            numbers.run_upkeep();
        }
    }
}
