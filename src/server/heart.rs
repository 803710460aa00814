//! The heartbeat: every 500 ms this process tells the others what it does, and hears what they do. Status, matchmaker, ranking and bots read it.
//! The numbers of players are counted at the same beat, and the digest for alarms is written when it is due.
//!
//! A process that the backplane does not answer is not ready, nor is one that has just begun and that the other workers do not count yet: whoever
//! restarts processes one after the other by `/readyz` must find an heir in place before he ends the next.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::select;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::gateway::Hub;
use crate::server::roll::Roll;
use crate::telemetry;
use crate::telemetry::digest::Digest;
use crate::telemetry::metrics;
use crate::wire::between_nodes::Heartbeat;
use crate::wire::between_nodes::Role;
use crate::worker::Worker;

pub(super) const HEARTBEAT_PERIOD: Duration = Duration::from_millis(500);
/// The same until the others count this process, so that it is ready the sooner.
const INTRODUCTION_PERIOD: Duration = Duration::from_millis(250);
/// A process that the others do not count in this time is ready all the same: it can serve, whatever holds them up.
const COUNTED_AFTER_MAX: Duration = Duration::from_secs(6);
/// How soon a process that has just begun looks again whether it can serve, and how long at most: the first beat may come before the backplane has
/// confirmed what this process listens to.
const OPENING_PERIOD: Duration = Duration::from_millis(50);
const OPENING_MAX: Duration = Duration::from_secs(6);

pub(super) struct Heart {
    chamber: Arc<Chamber>,
}

struct Chamber {
    began: Instant,
    hub: Arc<Hub>,
    nodes: watch::Sender<Vec<Heartbeat>>,
    draining: AtomicBool,
    roll: Mutex<Roll>,
    /// What this process leads is part of what it tells.
    worker: Mutex<Option<Worker>>,
    means: Means,
    digest: Mutex<Option<Digest>>,
}

/// What the heart needs beside the hub.
pub(super) struct Means {
    pub(super) numbers: Option<PrometheusHandle>,
    /// The line that alarms need, if it is wanted.
    pub(super) digest: Option<Digest>,
    /// What all agreed on, to be put back into a backplane that was emptied; `None` when the operator gave one.
    pub(super) secret: Option<Vec<u8>>,
}

impl Heart {
    /// New players may come when it returns, unless the backplane has not let them for `OPENING_MAX`; beats on until `stop`.
    pub(super) async fn start(hub: Arc<Hub>, nodes: watch::Sender<Vec<Heartbeat>>, mut means: Means, stop: CancellationToken) -> Self {
        let (began, digest) = (Instant::now(), Mutex::new(means.digest.take()));
        let (draining, roll) = (AtomicBool::new(false), Mutex::default());
        let chamber = Arc::new(Chamber { began, hub, nodes, draining, roll, worker: Mutex::default(), means, digest });
        while !chamber.beat().await && began.elapsed() < OPENING_MAX {
            sleep(OPENING_PERIOD).await;
        }
        let beating = Arc::clone(&chamber);
        tokio::spawn(async move {
            loop {
                let period = if beating.hub.counted.load(Ordering::Relaxed) { HEARTBEAT_PERIOD } else { INTRODUCTION_PERIOD };
                select! {
                    () = stop.cancelled() => break,
                    () = sleep(period) => { beating.beat().await; }
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

    /// What has been since the last line of numbers, at the end of the process.
    pub(super) fn last_digest(&self) {
        self.chamber.count();
        self.chamber.digest(true);
    }
}

impl Chamber {
    fn worker(&self) -> MutexGuard<'_, Option<Worker>> {
        self.worker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether new players may come.
    async fn beat(&self) -> bool {
        let hub = &self.hub;
        let draining = self.draining.load(Ordering::Relaxed);
        let (leads, stands) = {
            let worker = self.worker();
            (worker.as_ref().map(Worker::rows).unwrap_or_default(), worker.as_ref().map(Worker::stands))
        };
        let said = Heartbeat {
            id: hub.me.clone(),
            role: hub.role,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            draining,
            connections: hub.lobby.connections(),
            leads,
            people: hub.lobby.people(),
            stands,
        };
        let told = hub.backplane.heartbeat(hub.me.clone(), serde_json::to_vec(&said).unwrap_or_default().into()).await;
        let heard = hub.backplane.nodes().await;
        let agreed = match &self.means.secret {
            Some(secret) => hub.backplane.agree_on_secret(secret).await.is_ok(),
            None => true,
        };
        let answered = told.is_ok() && heard.is_ok() && agreed;
        if !answered {
            metrics::unanswered("heartbeat");
        }
        if let Ok(nodes) = heard {
            // One that cannot be read is of a version that this one does not know; it is not for us then.
            let nodes: Vec<Heartbeat> = nodes.iter().filter_map(|(_, _, said)| serde_json::from_slice(said).ok()).collect();
            if is_counted(&said, &nodes) || self.began.elapsed() >= COUNTED_AFTER_MAX {
                hub.counted.store(true, Ordering::Relaxed);
            }
            for gone in self.roll.lock().unwrap_or_else(PoisonError::into_inner).call(&nodes) {
                tracing::warn!(event = "process_lost", name = %gone, "a process is gone without a word");
            }
            self.nodes.send_replace(nodes);
        }
        let ready = answered && hub.backplane.is_ready() && !draining;
        if hub.ready.swap(ready, Ordering::Relaxed) != ready {
            tracing::info!(event = "readiness", ready, answered, draining, "whether new players may come here has changed");
        }
        if let Some(numbers) = &self.means.numbers {
            numbers.run_upkeep();
        }
        self.count();
        self.digest(false);
        ready
    }

    /// The numbers that nobody counts as they change.
    fn count(&self) {
        let numbers = self.hub.lobby.numbers();
        self.hub.meters.players.set(f64::from(numbers.players));
        self.hub.meters.mazes_without_leader.set(f64::from(numbers.mazes_unheard));
        if let Some(digest) = &mut *self.digest.lock().unwrap_or_else(PoisonError::into_inner) {
            digest.saw_leaderless(numbers.mazes_unheard);
        }
    }

    fn digest(&self, at_once: bool) {
        let Some(digest) = &mut *self.digest.lock().unwrap_or_else(PoisonError::into_inner) else { return };
        if digest.is_due(Instant::now()) || at_once {
            let text = self.means.numbers.as_ref().map(PrometheusHandle::render).unwrap_or_default();
            let unix_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
            telemetry::write_line(&digest.line(unix_ms, &text));
        }
    }
}

/// Whether every living worker ranks this one and listens to all the mazes that this leaves it, so that none of them would be missed if it ended
/// now. A process that leads nothing need not be counted by anybody.
fn is_counted(me: &Heartbeat, nodes: &[Heartbeat]) -> bool {
    let Some(mine) = &me.stands else { return me.role == Role::Gateway };
    let others = nodes.iter().filter(|node| node.id != me.id && !node.draining).filter_map(|node| node.stands.as_ref());
    mine.able && mine.settled && others.into_iter().all(|other| other.settled && other.counts.contains(&me.id))
}
