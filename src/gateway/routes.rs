//! Which path does what: every process tells how it is, a gateway also serves the page and its sockets. Everything else is a file of the page, or not found.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::Router;
use axum::extract::Extension;
use axum::extract::Query;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::map_response;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Deserialize;
use tower_http::compression::CompressionLayer;
use tower_http::cors::AllowOrigin;
use tower_http::cors::CorsLayer;

use crate::gateway::Hub;
use crate::gateway::address;
use crate::gateway::admission::Crowded;
use crate::gateway::boards;
use crate::gateway::headers;
use crate::gateway::listener::Peer;
use crate::gateway::ops;
use crate::gateway::origin;
use crate::gateway::pages;
use crate::gateway::socket;
use crate::gateway::socket::Line;
use crate::gateway::status;
use crate::gateway::status::Answering;
use crate::telemetry::metrics;
use crate::telemetry::sampling::sampled;
use crate::wire::CLIENT_MESSAGE_BYTES_MAX;
use crate::wire::MazeId;
use crate::wire::between_nodes::Role;
use crate::wire::boards::BoardName;
use crate::wire::to_client::ToClient;

/// Of a WebSocket; it grows for the rare larger message. tungstenite's own default of 128 KiB would be most of a connection's memory.
const READ_BUFFER_BYTES: usize = 1024;
/// Messages that are sent together leave in one write up to this size.
const WRITE_BUFFER_BYTES: usize = 4 * 1024;
/// Several times the largest message, so that a write waits rather than fails.
const WRITE_BUFFER_BYTES_MAX: usize = 64 * 1024;

const _: () = assert!(WRITE_BUFFER_BYTES < WRITE_BUFFER_BYTES_MAX);

pub fn router(hub: &Arc<Hub>, static_dir: Option<&Path>) -> Router {
    let served = match hub.role {
        Role::All | Role::Gateway => Router::new().route("/ws", get(open)).merge(pages::router(static_dir).layer(CompressionLayer::new())),
        Role::Worker => Router::new(),
    };
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .merge(api(hub))
        .route("/metrics", get(numbers))
        .merge(ops::router(hub, static_dir).layer(CompressionLayer::new()))
        .merge(served)
        .layer(map_response(headers::secure))
        .with_state(Arc::clone(hub))
}

/// What anybody may ask, and the pages of other origins that may connect as well.
fn api(hub: &Arc<Hub>) -> Router<Arc<Hub>> {
    let origins = hub.allowed_origins.clone();
    let may_ask =
        AllowOrigin::predicate(move |origin, _| origin.to_str().is_ok_and(|origin| origin::is_allowed(Some(origin), None, &origins)));
    let layer = CorsLayer::new().allow_origin(may_ask);
    Router::new().route("/api/status", get(api_status)).route("/api/boards", get(api_boards)).layer(layer)
}

#[derive(Deserialize)]
struct Wishes {
    /// `json` for frames that people can read.
    frames: Option<String>,
}

async fn open(
    State(hub): State<Arc<Hub>>,
    Extension(Peer { address: peer, outflow }): Extension<Peer>,
    Query(wishes): Query<Wishes>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if !origin::is_allowed(text(header::ORIGIN), text(header::HOST), &hub.allowed_origins) {
        return refused(StatusCode::FORBIDDEN, "wrong_origin", "this page may not connect here\n");
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    if hub.draining.is_cancelled() || !hub.ready.load(Ordering::Relaxed) {
        return refused(StatusCode::SERVICE_UNAVAILABLE, "not_ready", "not ready; try again\n");
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let client = address::client_address(peer.ip(), forwarded, &hub.trusted_proxies);
    let ticket = match hub.lobby.admit(address::counted_by(client)) {
        Ok(ticket) => ticket,
        Err(Crowded::Total) => return refused(StatusCode::SERVICE_UNAVAILABLE, "too_many_connections", "no room; try again\n"),
        Err(Crowded::Address) => {
            return refused(StatusCode::TOO_MANY_REQUESTS, "too_many_from_address", "too many connections from one address\n");
        }
    };
    let json = wishes.frames.as_deref() == Some("json");
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
        .max_message_size(CLIENT_MESSAGE_BYTES_MAX)
        .max_frame_size(CLIENT_MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| socket::serve(Line { socket, outflow, json }, hub, ticket))
}

fn refused(status: StatusCode, name: &'static str, text: &'static str) -> Response {
    metrics::refused(name);
    if let Some(more) = sampled(name) {
        tracing::info!(event = "turned_away", kind = name, more, "a connection is refused");
    }
    (status, text).into_response()
}

async fn ready(State(hub): State<Arc<Hub>>) -> Response {
    let ready = hub.ready.load(Ordering::Relaxed) && hub.counted.load(Ordering::Relaxed);
    if ready { (StatusCode::OK, "ready\n").into_response() } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response() }
}

async fn api_status(State(hub): State<Arc<Hub>>) -> Response {
    let nodes = hub.nodes.borrow().clone();
    (uncached(), Json(status::status(&answering(&hub), &nodes))).into_response()
}

pub(super) fn answering(hub: &Hub) -> Answering<'_> {
    Answering { id: &hub.me.0, role: hub.role, backplane: hub.backplane.kind(), ready: hub.ready.load(Ordering::Relaxed) }
}

#[derive(Deserialize)]
struct WhichMaze {
    maze: Option<String>,
}

/// Everybody's boards, and one maze's if it is named; as old as a second.
async fn api_boards(State(hub): State<Arc<Hub>>, Query(which): Query<WhichMaze>) -> Response {
    let maze = match which.maze.as_deref().map(MazeId::parse).transpose() {
        Ok(maze) => maze,
        Err(bad) => return (StatusCode::BAD_REQUEST, format!("{bad}\n")).into_response(),
    };
    let mut boards = Vec::new();
    for name in [BoardName::World, BoardName::Today, BoardName::All] {
        let Some(board) = hub.boards.board(name, maze.as_ref()).await else {
            return (StatusCode::SERVICE_UNAVAILABLE, uncached(), "the boards cannot be read; try again\n").into_response();
        };
        boards.push(board);
    }
    if let Some(maze) = maze {
        // Names that somebody made up are not looked for.
        let is_led = hub.nodes.borrow().iter().flat_map(|node| &node.leads).any(|row| row.id == maze);
        let board = if is_led { hub.boards.board(BoardName::Maze, Some(&maze)).await } else { None };
        boards.push(board.unwrap_or(ToClient::Board { of: BoardName::Maze, maze: Some(maze), day: None, rows: Vec::new() }));
    }
    let age = format!("public, max-age={}", boards::AGE_MAX.as_secs());
    ([(header::CACHE_CONTROL, age)], Json(boards)).into_response()
}

async fn numbers(State(hub): State<Arc<Hub>>) -> Response {
    let text = hub.metrics.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    (uncached(), [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

pub(super) fn uncached() -> [(header::HeaderName, HeaderValue); 1] {
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}
