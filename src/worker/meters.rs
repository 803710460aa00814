//! The numbers of a worker: handles of those that every tick or commit counts, and what each of them means.

use metrics::Counter;
use metrics::Histogram;
use metrics::Unit::Count;
use metrics::Unit::Seconds;

use crate::telemetry::metrics::COMMIT;
use crate::telemetry::metrics::LATE_TICKS;
use crate::telemetry::metrics::MAZES_LED;
use crate::telemetry::metrics::STEP;

const COMMITS: &str = "waka_commits_total";
const SKIPPED_TICKS: &str = "waka_skipped_ticks_total";

/// To look a number up by its name takes longer than to count it.
#[derive(Clone)]
pub(crate) struct Meters {
    pub(crate) step: Histogram,
    pub(crate) late_ticks: Counter,
    pub(crate) skipped_ticks: Counter,
    pub(crate) commit: Histogram,
    pub(crate) commits_granted: Counter,
    pub(crate) commits_refused: Counter,
    pub(crate) commits_unanswered: Counter,
}

impl Meters {
    /// After the recorder is installed: a handle made before it counts nothing.
    pub(crate) fn new() -> Self {
        let commits = |outcome: &'static str| metrics::counter!(COMMITS, "outcome" => outcome);
        Self {
            step: metrics::histogram!(STEP),
            late_ticks: metrics::counter!(LATE_TICKS),
            skipped_ticks: metrics::counter!(SKIPPED_TICKS),
            commit: metrics::histogram!(COMMIT),
            commits_granted: commits("granted"),
            commits_refused: commits("refused"),
            commits_unanswered: commits("unanswered"),
        }
    }
}

/// Says what the worker's numbers mean; once, after the recorder is installed.
pub fn describe() {
    metrics::describe_counter!(COMMITS, Count, "Commits by outcome: granted, refused or unanswered");
    metrics::describe_histogram!(COMMIT, Seconds, "From sending a commit to its answer");
    metrics::describe_histogram!(STEP, Seconds, "One tick of one world");
    metrics::describe_counter!("waka_takeovers_total", Count, "Claims that were granted");
    metrics::describe_gauge!(MAZES_LED, Count, "Mazes that this worker leads");
    metrics::describe_counter!(LATE_TICKS, Count, "Ticks that were made up for");
    metrics::describe_counter!(SKIPPED_TICKS, Count, "Ticks too late to be made up for");
    metrics::describe_counter!("waka_inbox_overflow_total", Count, "Rosters and inputs of one tick that did not fit");
    metrics::describe_counter!("waka_ups_malformed_total", Count, "Messages to leaders that could not be read");
    metrics::describe_counter!("waka_maze_panics_total", Count, "Tasks of mazes that panicked");
    metrics::describe_counter!("waka_records_poisoned_total", Count, "Records set aside as poisoned");
    metrics::describe_counter!("waka_black_box_strips_lost_total", Count, "Seconds of black boxes that were not appended");
    metrics::describe_counter!(
        "waka_subscription_dropped_total",
        Count,
        "Messages forgotten by subscribers of the backplane that were slow"
    );
}
