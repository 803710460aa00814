//! The operator's page at `/ops`, and what it shows: this process's status and numbers, and the journals of faults and reports of the last hour.
//!
//! Without a token there is no such page. Its files hold nothing and are given to whoever asks; what they ask for is given to whoever `gate` lets in. One
//! answer holds all numbers of one process and names it, because behind a balancer the next may come from another.

pub mod gate;

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use axum::Json;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::any;
use axum::routing::get;
use axum::routing::post;
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use tokio::time::Instant;
use tokio::time::sleep;
use tokio::time::timeout;

use crate::backplane::ChatEntry;
use crate::backplane::Journal;
use crate::gateway::Hub;
use crate::gateway::address;
use crate::gateway::listener::Peer;
use crate::gateway::origin;
use crate::gateway::pages;
use crate::gateway::routes::answering;
use crate::gateway::routes::uncached;
use crate::gateway::status;
use crate::gateway::token::Secret;
use crate::telemetry::metrics;
use crate::telemetry::sampling::sampled;
use gate::Gate;
use gate::Verdict;

/// What the page shows of the journals, and how many entries of each at most.
const HOUR: Duration = Duration::from_secs(3600);
const FAULTS_TOLD: usize = 200;
const REPORTS_TOLD: usize = 100;
/// A reading that takes longer is none.
const READ_MAX: Duration = Duration::from_secs(1);
/// How long the answer to a wrong token takes.
const WRONG_DELAY: Duration = Duration::from_millis(500);
/// The body of a login: a token of any sensible length.
const BODY_BYTES_MAX: usize = 1024;

/// The way in.
pub struct Door(Mutex<Gate>);

impl Door {
    #[must_use]
    pub fn new(token: Secret) -> Self {
        Self(Mutex::new(Gate::new(token)))
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn router(hub: &Hub, folder: Option<&Path>) -> Router<Arc<Hub>> {
    if hub.ops.is_none() {
        let nothing = || any(|| async { StatusCode::NOT_FOUND });
        return Router::new().route("/ops", nothing()).route("/ops/", nothing()).route("/ops/{*rest}", nothing());
    }
    Router::new()
        .route("/ops", get(|| async { (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "/ops/")]) }))
        .route("/ops/login", post(login))
        .route("/ops/logout", post(logout))
        .route("/ops/numbers", get(numbers))
        .route("/ops/journals", get(journals))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .merge(pages::of_operators(folder))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    token: String,
}

/// JSON from a page of ours: a form of another one can send neither its kind nor our origin.
async fn login(
    State(hub): State<Arc<Hub>>,
    Extension(Peer { address: peer, .. }): Extension<Peer>,
    headers: HeaderMap,
    Json(Login { token }): Json<Login>,
) -> Response {
    if !is_ours(&hub, &headers) {
        return (StatusCode::FORBIDDEN, "this page may not log in here\n").into_response();
    }
    let Some(door) = &hub.ops else { return StatusCode::NOT_FOUND.into_response() };
    let verdict = door.gate().show(Instant::now(), client(&hub, peer.ip(), &headers), &token);
    if let Some(refusal) = refused(verdict).await {
        return refusal;
    }
    tracing::info!(event = "ops_login", "an operator has logged in");
    let cookie = door.gate().session(unix().as_secs(), is_over_tls(&headers));
    (StatusCode::NO_CONTENT, uncached(), [(header::SET_COOKIE, cookie)]).into_response()
}

async fn logout(State(hub): State<Arc<Hub>>, headers: HeaderMap) -> Response {
    if !is_ours(&hub, &headers) {
        return (StatusCode::FORBIDDEN, "this page may not log out here\n").into_response();
    }
    (StatusCode::NO_CONTENT, uncached(), [(header::SET_COOKIE, gate::no_session(is_over_tls(&headers)))]).into_response()
}

async fn numbers(State(hub): State<Arc<Hub>>, Extension(Peer { address: peer, .. }): Extension<Peer>, headers: HeaderMap) -> Response {
    if let Err(refusal) = let_in(&hub, peer.ip(), &headers).await {
        return refusal;
    }
    let text = hub.metrics.as_ref().map(PrometheusHandle::render).unwrap_or_default();
    let nodes = hub.nodes.borrow().clone();
    let status = status::status(&answering(&hub), &nodes);
    (uncached(), Json(json!({ "at": unix().as_millis() as u64, "status": status, "metrics": text }))).into_response()
}

async fn journals(State(hub): State<Arc<Hub>>, Extension(Peer { address: peer, .. }): Extension<Peer>, headers: HeaderMap) -> Response {
    if let Err(refusal) = let_in(&hub, peer.ip(), &headers).await {
        return refusal;
    }
    let (faults, reports) = tokio::join!(told(&hub, Journal::Faults, FAULTS_TOLD), told(&hub, Journal::Reports, REPORTS_TOLD));
    let (Some(faults), Some(reports)) = (faults, reports) else {
        return (StatusCode::SERVICE_UNAVAILABLE, uncached(), "the journals cannot be read; try again\n").into_response();
    };
    (uncached(), Json(json!({ "at": unix().as_millis() as u64, "faults": faults, "reports": reports }))).into_response()
}

/// The entries of the last hour, newest first; what cannot be read is of another release and left out.
async fn told(hub: &Hub, journal: Journal, at_most: usize) -> Option<Vec<Value>> {
    let since_ms = unix().saturating_sub(HOUR).as_millis() as u64;
    let Ok(Ok(entries)) = timeout(READ_MAX, hub.backplane.noted(journal, since_ms, at_most)).await else {
        metrics::unanswered("journal");
        return None;
    };
    let read = |entry: &ChatEntry| {
        let mut told: Value = serde_json::from_slice(&entry.line).ok()?;
        told.as_object_mut()?.insert("noted".to_owned(), entry.id.ms.into());
        Some(told)
    };
    Some(entries.iter().rev().filter_map(read).collect())
}

async fn let_in(hub: &Hub, peer: IpAddr, headers: &HeaderMap) -> Result<(), Response> {
    let Some(door) = &hub.ops else { return Err(StatusCode::NOT_FOUND.into_response()) };
    let verdict = door.gate().look(Instant::now(), unix().as_secs(), client(hub, peer, headers), headers);
    refused(verdict).await.map_or(Ok(()), Err)
}

/// What whoever is not let in is told; a wrong token waits for it.
async fn refused(verdict: Verdict) -> Option<Response> {
    let (status, name, text) = match verdict {
        Verdict::In => return None,
        Verdict::Out => return Some((StatusCode::UNAUTHORIZED, uncached(), "log in first\n").into_response()),
        Verdict::Wrong => (StatusCode::UNAUTHORIZED, "wrong_ops_token", "this is not the token\n"),
        Verdict::TooFast => (StatusCode::TOO_MANY_REQUESTS, "too_many_ops_tokens", "too many wrong tokens; wait a minute\n"),
    };
    metrics::refused(name);
    if let Some(more) = sampled(name) {
        tracing::warn!(event = "ops_refused", kind = name, more, "somebody does not know the operator's token");
    }
    if verdict == Verdict::Wrong {
        sleep(WRONG_DELAY).await;
    }
    Some((status, uncached(), text).into_response())
}

fn client(hub: &Hub, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    address::counted_by(address::client_address(peer, forwarded, &hub.trusted_proxies))
}

/// As for a WebSocket. A balancer need not pass the host on; then `--allowed-origins` names the page's.
fn is_ours(hub: &Hub, headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    origin::is_allowed(text(header::ORIGIN), text(header::HOST), &hub.allowed_origins)
}

/// As the balancer says; who says so without one makes his own cookie stricter.
fn is_over_tls(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https")
}

fn unix() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
