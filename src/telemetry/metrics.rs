//! The numbers of a process, by the names that dashboards rely on, and the one place where their recorder is installed.
//!
//! Whoever counts often keeps a handle of `Meters`; what is rare goes by name. Labels come from closed sets only, so that nobody outside can make
//! the registry grow (Y2).

use std::sync::OnceLock;

use metrics::Counter;
use metrics::Gauge;
use metrics::Histogram;
use metrics::Unit;
use metrics_exporter_prometheus::BuildError;
use metrics_exporter_prometheus::Matcher;
use metrics_exporter_prometheus::PrometheusBuilder;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::telemetry::sampling::sampled;

pub const CONNECTIONS: &str = "waka_connections";
pub const PLAYERS: &str = "waka_players";
pub const MAZES_WITHOUT_LEADER: &str = "waka_mazes_without_leader";
pub const MAZES_LED: &str = "waka_mazes_led";
pub const CLOSED: &str = "waka_closed_total";
pub const REFUSED: &str = "waka_refused_total";
pub const MESSAGES: &str = "waka_messages_received_total";
pub const FRAMES_SENT: &str = "waka_frames_sent_total";
pub const FRAMES_SKIPPED: &str = "waka_frames_skipped_total";
pub const SHOWS: &str = "waka_shows_received_total";
pub const SHOWS_STALE: &str = "waka_shows_stale_total";
pub const SHOWS_MALFORMED: &str = "waka_shows_malformed_total";
pub const SHOW_GAP: &str = "waka_show_gap_seconds";
pub const TAKEOVER_PAUSE: &str = "waka_takeover_pause_seconds";
pub const BACKPLANE_UNANSWERED: &str = "waka_backplane_unanswered_total";
pub const LATE_TICKS: &str = "waka_late_ticks_total";
pub const STEP: &str = "waka_step_seconds";
pub const COMMIT: &str = "waka_commit_seconds";
pub const REDIS_RECONNECTS: &str = "waka_redis_reconnects_total";
pub const LOG_LINES: &str = "waka_log_lines_total";
pub const LOG_LINES_DROPPED: &str = "waka_log_lines_dropped_total";
pub const FAULTS_LOST: &str = "waka_faults_lost_total";

/// A step of one world takes a microsecond or two; a tick is due every 16.7 ms.
const STEP_BUCKETS: [f64; 12] = [1e-6, 2e-6, 4e-6, 8e-6, 1.6e-5, 3.2e-5, 6.4e-5, 1.25e-4, 5e-4, 2e-3, 8e-3, 1.6e-2];
/// A commit is a round trip within a zone or two; after 250 ms the maze's clock stands, after 600 ms there is no answer.
const COMMIT_BUCKETS: [f64; 13] = [2.5e-4, 5e-4, 7.5e-4, 1e-3, 1.5e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.6];
/// A show comes every 100 ms at least; a pause of half a second is a leader that was killed.
const PAUSE_BUCKETS: [f64; 14] = [0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.3, 0.5, 1.0, 3.0, 10.0];
/// Of a histogram that has none of its own.
const SECONDS_BUCKETS: [f64; 8] = [1e-4, 1e-3, 1e-2, 5e-2, 0.1, 0.5, 1.0, 5.0];

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder once a process; a second call gives the first one's handle. `None` when somebody else installed another.
pub fn install() -> Option<PrometheusHandle> {
    RECORDER
        .get_or_init(|| {
            let handle = builder().and_then(PrometheusBuilder::install_recorder).ok();
            describe();
            handle
        })
        .clone()
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let of = |name: &str| Matcher::Full(name.to_owned());
    PrometheusBuilder::new()
        .set_buckets(&SECONDS_BUCKETS)?
        .set_buckets_for_metric(of(STEP), &STEP_BUCKETS)?
        .set_buckets_for_metric(of(COMMIT), &COMMIT_BUCKETS)?
        .set_buckets_for_metric(of(SHOW_GAP), &PAUSE_BUCKETS)?
        .set_buckets_for_metric(of(TAKEOVER_PAUSE), &PAUSE_BUCKETS)
}

/// Handles of what is counted many times a second.
#[derive(Clone)]
pub struct Meters {
    pub connections: Gauge,
    pub players: Gauge,
    pub mazes_without_leader: Gauge,
    pub messages: Counter,
    /// Written to a socket by the maze's link, in one step for all.
    pub frames_by_link: Counter,
    /// Told by a socket's own task, which had to be woken for it.
    pub frames_by_task: Counter,
    pub frames_skipped: Counter,
    pub shows: Counter,
    pub shows_stale: Counter,
    pub shows_malformed: Counter,
    pub show_gap: Histogram,
    pub takeover_pause: Histogram,
}

impl Meters {
    /// After `install`: a handle made before it counts nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            connections: metrics::gauge!(CONNECTIONS),
            players: metrics::gauge!(PLAYERS),
            mazes_without_leader: metrics::gauge!(MAZES_WITHOUT_LEADER),
            messages: metrics::counter!(MESSAGES),
            frames_by_link: metrics::counter!(FRAMES_SENT, "by" => "link"),
            frames_by_task: metrics::counter!(FRAMES_SENT, "by" => "task"),
            frames_skipped: metrics::counter!(FRAMES_SKIPPED),
            shows: metrics::counter!(SHOWS),
            shows_stale: metrics::counter!(SHOWS_STALE),
            shows_malformed: metrics::counter!(SHOWS_MALFORMED),
            show_gap: metrics::histogram!(SHOW_GAP),
            takeover_pause: metrics::histogram!(TAKEOVER_PAUSE),
        }
    }
}

impl Default for Meters {
    fn default() -> Self {
        Self::new()
    }
}

/// A connection was ended for this reason of the table of close codes.
pub fn closed(reason: &'static str) {
    metrics::counter!(CLOSED, "reason" => reason).increment(1);
}

/// A request was refused and the connection goes on, or was never made.
pub fn refused(reason: &'static str) {
    metrics::counter!(REFUSED, "reason" => reason).increment(1);
}

/// The backplane did not answer an operation.
pub fn unanswered(operation: &'static str) {
    metrics::counter!(BACKPLANE_UNANSWERED, "operation" => operation).increment(1);
    if let Some(more) = sampled("backplane_unanswered") {
        tracing::warn!(event = "backplane_unanswered", operation, more, "the backplane does not answer");
    }
}

/// A line of the log, whether it was written or dropped.
pub fn log_line(level: tracing::Level) {
    let level = match level {
        tracing::Level::ERROR => "error",
        tracing::Level::WARN => "warn",
        tracing::Level::INFO => "info",
        _ => "debug",
    };
    metrics::counter!(LOG_LINES, "level" => level).increment(1);
}

/// Lines that a full queue, or the service, did not take.
pub fn log_lines_dropped(to: &'static str, lines: u64) {
    metrics::counter!(LOG_LINES_DROPPED, "to" => to).increment(lines);
}

/// A fault found the queue to the journal full.
pub fn fault_lost() {
    metrics::counter!(FAULTS_LOST).increment(1);
}

fn describe() {
    metrics::describe_gauge!(CONNECTIONS, Unit::Count, "WebSockets that are open");
    metrics::describe_gauge!(PLAYERS, Unit::Count, "Connections that play, bots among them");
    metrics::describe_gauge!(MAZES_WITHOUT_LEADER, Unit::Count, "Mazes with people here that no show came of for 3 s");
    metrics::describe_counter!(CLOSED, Unit::Count, "WebSockets that the server closed, by the name of the close code");
    metrics::describe_counter!(REFUSED, Unit::Count, "Requests and connections that were refused, by name");
    metrics::describe_counter!(MESSAGES, Unit::Count, "Messages received from clients");
    metrics::describe_counter!(FRAMES_SENT, Unit::Count, "Frames sent to clients, by who wrote them");
    metrics::describe_counter!(FRAMES_SKIPPED, Unit::Count, "Frames that a slow client skipped");
    metrics::describe_counter!(SHOWS, Unit::Count, "Shows received from leaders");
    metrics::describe_counter!(SHOWS_STALE, Unit::Count, "Shows that were not newer than the newest");
    metrics::describe_counter!(SHOWS_MALFORMED, Unit::Count, "Shows that could not be read");
    metrics::describe_histogram!(SHOW_GAP, Unit::Seconds, "Between two shows of a maze, as this gateway hears them");
    metrics::describe_histogram!(TAKEOVER_PAUSE, Unit::Seconds, "The gap before the first show of another leader");
    metrics::describe_counter!(BACKPLANE_UNANSWERED, Unit::Count, "Operations that the backplane did not answer, by operation");
    metrics::describe_counter!(LOG_LINES_DROPPED, Unit::Count, "Lines of the log that were dropped, by where they did not go");
    metrics::describe_counter!(FAULTS_LOST, Unit::Count, "Faults that did not reach the journal; the log has them");
    metrics::describe_counter!(LOG_LINES, Unit::Count, "Lines of the log, by level");
    metrics::describe_counter!(REDIS_RECONNECTS, Unit::Count, "Connections to Redis that were made again, by connection");
    metrics::describe_counter!("waka_subscriber_rebuilds_total", Unit::Count, "Times that the listening connection to Redis ended");
    metrics::describe_counter!("waka_subscriber_looks_total", Unit::Count, "Times that all topics followed were gone through");
    metrics::describe_counter!("waka_backplane_bad_messages_total", Unit::Count, "Chat lines over Redis that could not be read");
}
