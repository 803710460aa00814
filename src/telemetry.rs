//! What the process tells about itself: the log on standard error and, if wanted, in CloudWatch Logs; the numbers in `metrics`; the few that AWS's
//! alarms need in `digest`; what of the log is a fault in `faults`. docs/logging.md lists every event and every number.
//!
//! Logging never blocks and never grows (T1): lines go through bounded queues to threads of their own; when one is full the newest line is dropped
//! and counted, and the far end says how many are missing. Dropping the guard flushes, with a deadline, and so does a panic that may end the process.

pub mod batch;
pub mod cloudwatch;
pub mod retry;

pub mod digest;
pub mod faults;
pub mod metrics;
pub mod sampling;

mod lines;
mod panics;
mod stderr;

use std::sync::OnceLock;
use std::time::Duration;

use tracing::Level;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Context;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use cloudwatch::Uploads;
use faults::Picking;
use faults::Waiting;
use lines::Lines;
use lines::Sink;
use stderr::Paper;

/// How long the end of the process waits for the last lines on standard error, and for those to CloudWatch.
const STDERR_FLUSH_MAX: Duration = Duration::from_secs(1);
const CLOUDWATCH_FLUSH_MAX: Duration = Duration::from_secs(3);
/// What sends the log must not write into it, or one line would beget the next; the service's errors are told by `uploader`.
const SILENT: [&str; 4] = ["aws_", "hyper", "rustls", "h2"];

/// Where lines go that are not made of events: the first log of the process, as with tracing's own.
static LOG: OnceLock<Log> = OnceLock::new();

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// What the log of a process is like.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// On standard error.
    pub format: LogFormat,
    /// The process's name, on every line of JSON.
    pub instance: String,
    /// Also to a stream of this group of CloudWatch Logs.
    pub cloudwatch_group: Option<String>,
}

/// Starts logging for the whole process. Does nothing when somebody did already, as a second server in one test does.
#[must_use]
pub fn start_log(settings: &LogSettings) -> LogGuard {
    // Errors are counted from the first one on.
    metrics::install();
    let log = Log { paper: Paper::stderr(), uploads: uploads(settings) };
    let layer = tracing_subscriber::fmt::layer();
    let written = match settings.format {
        LogFormat::Text => layer.with_writer(Lines::plain(log.paper.clone())).with_ansi(false).boxed(),
        LogFormat::Json => layer.with_writer(Lines::of_instance(log.paper.clone(), &settings.instance)).json().flatten_event(true).boxed(),
    };
    let sent = log.uploads.as_ref().map(|uploads| uploads.layer(&settings.instance));
    let picking = Picking { to: Waiting::of_this_process() };
    let started = tracing_subscriber::registry().with(what_is_heard()).with(Tally).with(picking).with(written).with(sent).try_init();
    if started.is_ok() {
        let _ = LOG.set(log.clone());
        let flushed = log.clone();
        panics::to_log(move || flushed.flush());
    }
    LogGuard { log }
}

/// Events of level info and above; none of the libraries that send the log.
pub fn what_is_heard() -> Targets {
    SILENT.into_iter().fold(Targets::new().with_default(Level::INFO), |targets, silent| targets.with_target(silent, LevelFilter::OFF))
}

/// Writes a line that is no event, to the one place that is read by machines: CloudWatch if the log goes there, else standard error. Without a log
/// it is nobody's.
pub fn write_line(line: &str) {
    match LOG.get() {
        Some(Log { uploads: Some(uploads), .. }) => uploads.say(line.to_owned()),
        Some(Log { paper, .. }) => paper.put(format!("{line}\n").into_bytes()),
        None => {}
    }
}

/// Ends the log in order: what was logged before is written and sent.
pub struct LogGuard {
    log: Log,
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        self.log.flush();
    }
}

#[derive(Clone)]
struct Log {
    paper: Paper,
    uploads: Option<Uploads>,
}

impl Log {
    fn flush(&self) {
        let sent = self.uploads.as_ref().is_none_or(|uploads| uploads.flush(CLOUDWATCH_FLUSH_MAX));
        if !sent {
            tracing::warn!(event = "log_not_flushed", "the last lines of the log may not have reached cloudwatch");
        }
        self.paper.flush(STDERR_FLUSH_MAX);
    }
}

/// Without the feature nobody asks for it: `config` refuses the option.
fn uploads(settings: &LogSettings) -> Option<Uploads> {
    let group = settings.cloudwatch_group.clone()?;
    let stream = cloudwatch::stream_name(&settings.instance);
    #[cfg(feature = "cloudwatch")]
    return Some(Uploads::start(move || cloudwatch::service::CloudWatchLogs::from_environment(group, stream)));
    #[cfg(not(feature = "cloudwatch"))]
    return Some((group, stream)).and(None);
}

/// Counts lines by level.
struct Tally;

impl<S: Subscriber> Layer<S> for Tally {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        metrics::log_line(*event.metadata().level());
    }
}
