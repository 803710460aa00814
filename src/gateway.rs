//! Sockets and pages: the part of the process that clients speak with. It holds no game state; killing it loses sockets, never state (Y4).
//!
//! A frame that comes down is taken once by its maze's link and looked at by all sockets (`maze_link`, `fanout`, `outlet`); what a client says is decided
//! by a pure `session` and goes up through the `attendance` of his maze. What may come in at all is `admission`'s, `address`'s and `origin`'s. It knows
//! no rule of the game and names only `wire`, `backplane` and `telemetry`.

pub mod socket;

pub mod attendance;
pub mod audience;
pub mod fanout;
pub mod matchmaker;
pub mod outlet;
pub mod pipe;
pub mod session;

pub mod boards;
pub mod chat;
pub mod lobby;
pub mod maze_link;
pub mod missed_chat;
pub mod reports;
pub mod world_chat;

pub mod address;
pub mod admission;
pub mod origin;
pub mod token;

pub mod headers;
pub mod lean;
pub mod listener;
pub mod ops;
pub mod pages;
pub mod routes;
pub mod status;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::backplane::Backplane;
use crate::gateway::address::Network;
use crate::gateway::admission::Limits;
use crate::gateway::boards::BoardCache;
use crate::gateway::chat::ChatLog;
use crate::gateway::lobby::Lobby;
use crate::gateway::maze_link::Means;
use crate::gateway::origin::Origin;
use crate::gateway::token::Secret;
use crate::telemetry::metrics::Meters;
use crate::wire::NodeId;
use crate::wire::between_nodes::Heartbeat;
use crate::wire::between_nodes::Role;

/// What the composition root says about this gateway.
pub struct Settings {
    pub me: NodeId,
    pub role: Role,
    pub secret: Secret,
    /// Opens `/ops`; without one there is none.
    pub ops_token: Option<Secret>,
    pub allowed_origins: Vec<Origin>,
    pub trusted_proxies: Vec<Network>,
    pub static_dir: Option<PathBuf>,
    pub limits: Limits,
    /// `None` when another recorder was installed in this process; then `/metrics` is empty.
    pub metrics: Option<PrometheusHandle>,
}

/// What all sockets and routes share.
pub struct Hub {
    pub me: NodeId,
    pub role: Role,
    pub secret: Secret,
    pub ops: Option<ops::Door>,
    pub allowed_origins: Vec<Origin>,
    pub trusted_proxies: Vec<Network>,
    pub limits: Limits,
    pub backplane: Backplane,
    pub meters: Meters,
    pub metrics: Option<PrometheusHandle>,
    pub lobby: Arc<Lobby>,
    pub boards: BoardCache,
    pub reports: reports::Desk,
    /// The newest heartbeat of every living process.
    pub nodes: watch::Receiver<Vec<Heartbeat>>,
    pub world_chat: watch::Receiver<Arc<ChatLog>>,
    /// Whether new clients should be sent here.
    pub ready: AtomicBool,
    /// The others know this process by now. It serves before, but nothing should be ended yet that it is to replace.
    pub counted: AtomicBool,
    /// Cancelled when every client is to be told to go.
    pub draining: CancellationToken,
}

/// Builds the gateway; its world chat is followed until `stop`.
pub fn start(
    settings: Settings,
    backplane: Backplane,
    nodes: watch::Receiver<Vec<Heartbeat>>,
    stop: CancellationToken,
) -> (Arc<Hub>, axum::Router) {
    let Settings { me, role, secret, ops_token, allowed_origins, trusted_proxies, static_dir, limits, metrics } = settings;
    let meters = Meters::new();
    let means = Means { backplane: backplane.clone(), meters: meters.clone(), serials: Arc::new(AtomicU64::new(1)) };
    let lobby = Arc::new(Lobby::new(me.clone(), means, nodes.clone(), limits));
    let world_chat = world_chat::start(backplane.clone(), stop);
    let boards = BoardCache::new(backplane.clone());
    let reports = reports::Desk::new(me.clone(), Instant::now());
    let hub = Arc::new(Hub {
        me,
        role,
        secret,
        ops: ops_token.map(ops::Door::new),
        allowed_origins,
        trusted_proxies,
        limits,
        backplane,
        meters,
        metrics,
        lobby,
        boards,
        reports,
        nodes,
        world_chat,
        ready: AtomicBool::new(false),
        counted: AtomicBool::new(false),
        draining: CancellationToken::new(),
    });
    let router = routes::router(&hub, static_dir.as_deref());
    (hub, router)
}
