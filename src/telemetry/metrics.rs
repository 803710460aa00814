//! The numbers of a process, by the names that dashboards rely on, and the one place where their recorder is installed.
//!
//! Whoever counts often keeps a handle of `Meters`; what is rare goes by name. Labels come from closed sets only, so that nobody outside can make
//! the registry grow (Y2).

use std::sync::OnceLock;

use metrics::Counter;
use metrics::Gauge;
use metrics::Histogram;
use metrics::Unit;
use metrics_exporter_prometheus::PrometheusBuilder;
use metrics_exporter_prometheus::PrometheusHandle;

pub const CONNECTIONS: &str = "waka_connections";
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
pub const LOG_LINES_DROPPED: &str = "waka_log_lines_dropped_total";

/// Every histogram is of seconds: from a tick of one world (microseconds) to a slow answer.
const SECONDS_BUCKETS: [f64; 16] = [1e-6, 2e-6, 5e-6, 1e-5, 5e-5, 2e-4, 1e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1.0, 2.5];

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder once a process; a second call gives the first one's handle. `None` when somebody else installed another.
pub fn install() -> Option<PrometheusHandle> {
    RECORDER
        .get_or_init(|| {
            let builder = PrometheusBuilder::new().set_buckets(&SECONDS_BUCKETS);
            let handle = builder.and_then(PrometheusBuilder::install_recorder).ok();
            describe();
            handle
        })
        .clone()
}

/// Handles of what is counted many times a second.
#[derive(Clone)]
pub struct Meters {
    pub connections: Gauge,
    pub messages: Counter,
    pub frames_sent: Counter,
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
            messages: metrics::counter!(MESSAGES),
            frames_sent: metrics::counter!(FRAMES_SENT),
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
}

fn describe() {
    metrics::describe_gauge!(CONNECTIONS, Unit::Count, "WebSockets that are open");
    metrics::describe_counter!(CLOSED, Unit::Count, "WebSockets that the server closed, by the name of the close code");
    metrics::describe_counter!(REFUSED, Unit::Count, "Requests and connections that were refused, by name");
    metrics::describe_counter!(MESSAGES, Unit::Count, "Messages received from clients");
    metrics::describe_counter!(FRAMES_SENT, Unit::Count, "Frames sent to clients");
    metrics::describe_counter!(FRAMES_SKIPPED, Unit::Count, "Frames that a slow client skipped");
    metrics::describe_counter!(SHOWS, Unit::Count, "Shows received from leaders");
    metrics::describe_counter!(SHOWS_STALE, Unit::Count, "Shows that were not newer than the newest");
    metrics::describe_counter!(SHOWS_MALFORMED, Unit::Count, "Shows that could not be read");
    metrics::describe_histogram!(SHOW_GAP, Unit::Seconds, "Between two shows of a maze, as this gateway hears them");
    metrics::describe_histogram!(TAKEOVER_PAUSE, Unit::Seconds, "The gap before the first show of another leader");
    metrics::describe_counter!(BACKPLANE_UNANSWERED, Unit::Count, "Operations that the backplane did not answer, by operation");
    metrics::describe_counter!(LOG_LINES_DROPPED, Unit::Count, "Lines of the log that were dropped because the queue was full");
}
