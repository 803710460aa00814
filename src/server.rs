//! The composition root: builds backplane, worker and gateway by role, keeps the heartbeat, and ends everything in order. Nobody else names a
//! concrete backend.
//!
//! S1: shutdown runs in order, each step with a deadline: not ready, accept nothing more, yield the mazes, tell every client when to come back, and
//! then the caller flushes the log.

pub mod black_box;
pub mod errand;
mod faults;
pub mod health;
mod heart;
mod roll;
mod stop_signal;

use std::io;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::backplane::Backplane;
use crate::backplane::RedisAddress;
use crate::backplane::RedisRefused;
use crate::client::keeper;
use crate::config::Config;
use crate::gateway;
use crate::gateway::Hub;
use crate::gateway::Settings;
use crate::gateway::admission::Limits;
use crate::gateway::listener;
use crate::gateway::token::Secret;
use crate::telemetry::digest::Digest;
use crate::telemetry::faults::Waiting;
use crate::telemetry::metrics;
use crate::wire::NodeId;
use crate::wire::between_nodes::Role;
use crate::worker;
use crate::worker::Worker;
use crate::worker::WorkerConfig;

use heart::Heart;
use heart::Means;

pub use stop_signal::asked_to_stop;

/// For mazes to be yielded.
const YIELD_MAX: Duration = Duration::from_secs(2);
/// For clients to be told to go: writing the close and letting it be read take a second each at most.
const GOODBYE_MAX: Duration = Duration::from_secs(3);
/// For the bots to leave; they have a second themselves.
const BOTS_MAX: Duration = Duration::from_millis(1500);
/// For the last requests, and the last word to the others.
const REST_MAX: Duration = Duration::from_secs(1);

/// Between two tries to reach a Redis at the start.
const REDIS_RETRY: Duration = Duration::from_millis(500);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {source}; --listen chooses another address")]
    Listen { address: SocketAddr, source: io::Error },
    #[error(transparent)]
    Redis(#[from] RedisRefused),
    #[error("this system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// A process that plays its part until `stop`.
pub struct Running {
    /// Where it listens; with port 0 the one that was free.
    pub address: SocketAddr,
    pub me: NodeId,
    pub backplane: Backplane,
    hub: Arc<Hub>,
    heart: Heart,
    accepting: CancellationToken,
    ended: CancellationToken,
    listener: JoinHandle<()>,
    faults: JoinHandle<()>,
    keeper: Option<JoinHandle<()>>,
}

/// A process's name, unlike any other's.
pub fn draw_name() -> Result<NodeId, getrandom::Error> {
    Ok(NodeId(format!("waka-{:08x}", getrandom::u32()?)))
}

/// Starts everything; when it returns, clients are served.
pub async fn start(config: Config, limits: Limits) -> Result<Running, StartError> {
    let socket = listener::bind(config.listen).map_err(|source| StartError::Listen { address: config.listen, source })?;
    let address = socket.local_addr().map_err(|source| StartError::Listen { address: config.listen, source })?;
    let handle = metrics::install();
    worker::meters::describe();
    let me = config.instance.map_or_else(draw_name, Ok)?;
    let emf = config.emf.unwrap_or(config.cloudwatch_group.is_some());
    let digest = emf.then(|| Digest::new(config.service, me.0.clone(), Instant::now()));
    let backplane = match &config.redis {
        None => Backplane::memory(),
        Some(address) => connect(address).await?,
    };
    let agreed = if config.secret.is_none() { Some(agree_on_secret(&backplane).await?) } else { None };
    let secret = config.secret.unwrap_or_else(|| Secret::new(agreed.as_deref().unwrap_or_default()));
    let (accepting, ended) = (CancellationToken::new(), CancellationToken::new());
    let (nodes_out, nodes) = watch::channel(Vec::new());

    let settings = Settings {
        me: me.clone(),
        role: config.role,
        secret,
        ops_token: config.ops_token,
        allowed_origins: config.allowed_origins,
        trusted_proxies: config.trusted_proxies,
        static_dir: config.static_dir,
        limits,
        metrics: handle.clone(),
    };
    let (hub, router) = gateway::start(settings, backplane.clone(), nodes.clone(), ended.clone());
    let heart = Heart::start(Arc::clone(&hub), nodes_out, Means { numbers: handle, digest, secret: agreed }, ended.clone()).await;
    if config.role != Role::Gateway {
        let worker = WorkerConfig { black_box: config.black_box, ..WorkerConfig::default() };
        heart.lead(Worker::start(backplane.clone(), me.clone(), worker, CancellationToken::new()));
    }
    let faults = tokio::spawn(faults::carry(Waiting::of_this_process(), backplane.clone(), me.clone(), ended.clone()));
    let listener = tokio::spawn(listener::run(socket, router, accepting.clone()));
    let keeper = (config.bots > 0).then(|| {
        let socket = format!("ws://{}/ws", reachable(address));
        tokio::spawn(keeper::keep(me.clone(), u32::from(config.bots), socket, nodes, accepting.clone()))
    });
    let (kind, version) = (backplane.kind(), env!("CARGO_PKG_VERSION"));
    tracing::info!(event = "open", name = %me, %address, role = ?config.role, backplane = kind, version, "open");
    Ok(Running { address, me, backplane, hub, heart, accepting, ended, listener, faults, keeper })
}

impl Running {
    /// Where a browser on this machine finds it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", reachable(self.address))
    }

    /// Ends in order (S1).
    pub async fn stop(self) {
        tracing::info!(event = "draining", "draining");
        self.hub.ready.store(false, Ordering::Relaxed);
        self.heart.drain();
        self.accepting.cancel();
        step("telling the others", REST_MAX, self.heart.beat_now()).await;
        if let Some(keeper) = self.keeper {
            step("sending the bots home", BOTS_MAX, async { drop(keeper.await) }).await;
        }
        if let Some(worker) = self.heart.resign() {
            // The worker keeps the deadline itself; this one is only there to be later.
            step("handing the mazes over", YIELD_MAX + REST_MAX, async {
                if !worker.drain(YIELD_MAX).await {
                    tracing::warn!(event = "mazes_left_behind", "some mazes were not handed over in time");
                }
            })
            .await;
        }
        self.hub.draining.cancel();
        step("saying goodbye", GOODBYE_MAX, self.hub.lobby.finished()).await;
        self.ended.cancel();
        step("the last requests", REST_MAX, async { drop(self.listener.await) }).await;
        step("the last faults", REST_MAX, async { drop(self.faults.await) }).await;
        step("the last word", REST_MAX, async { drop(self.backplane.farewell(self.me.clone()).await) }).await;
        self.heart.last_digest();
        tracing::info!(event = "closed", "closed");
    }
}

async fn step(what: &'static str, deadline: Duration, work: impl Future<Output = ()>) {
    let began = Instant::now();
    let done = timeout(deadline, work).await.is_ok();
    let took_ms = began.elapsed().as_millis() as u64;
    if done {
        tracing::info!(event = "drain_step", step = what, took_ms, "a step of the end is done");
    } else {
        tracing::warn!(event = "drain_step_late", step = what, took_ms, "a step of the end had no time to finish");
    }
}

/// Waits for a Redis that is not there yet, with one line in the log; gives up at once on one that will never do.
async fn connect(address: &RedisAddress) -> Result<Backplane, StartError> {
    let backplane = Backplane::redis(address)?;
    let mut waiting = false;
    loop {
        match backplane.check().await {
            Ok(verdict) => {
                verdict?;
                return Ok(backplane);
            }
            Err(unanswered) if !waiting => {
                waiting = true;
                tracing::warn!(event = "redis_awaited", redis = %address, error = %unanswered, "waiting for redis");
            }
            Err(_) => {}
        }
        tokio::time::sleep(REDIS_RETRY).await;
    }
}

/// The secret that signs tokens, shared by all processes of this backplane.
async fn agree_on_secret(backplane: &Backplane) -> Result<Vec<u8>, StartError> {
    let mut mine = [0; 32];
    getrandom::fill(&mut mine)?;
    if backplane.kind() == "memory" {
        tracing::info!(event = "secret_drawn", "no --secret is given: players keep their seats over a reload, not over a restart");
    }
    loop {
        match backplane.agree_on_secret(&mine).await {
            Ok(agreed) => return Ok(agreed),
            Err(_) => tokio::time::sleep(REDIS_RETRY).await,
        }
    }
}

/// An address to connect to for one to listen at: "everywhere" is not a place to go.
#[must_use]
pub fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
