//! The log to CloudWatch Logs: a bounded queue to one thread with a runtime of its own, which sends batches and sends them again.
//!
//! Putting a line never waits (T1): when the queue is full, by number or by bytes, the newest line is dropped and counted, so that what led to an
//! outage is kept. What a batch may be is `batch`'s, when it is sent again `retry`'s; the thread's loop is in `uploader`, AWS in `service`.

#[cfg(feature = "cloudwatch")]
pub mod service;
pub mod uploader;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::sync::mpsc as blocking;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use tokio::sync::mpsc;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::telemetry::batch::Line;
use crate::telemetry::lines::Lines;
use crate::telemetry::lines::Sink;
use crate::telemetry::metrics;
use uploader::Service;
use uploader::Uploader;

/// Lines that wait while the service does not take them: some minutes of a busy process.
pub const QUEUE_LINES_MAX: usize = 20_000;
/// Bytes of these lines.
pub const QUEUE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Wishes to flush that wait; one more is as good as those before it.
const FLUSHES_MAX: usize = 4;
/// The thread that sends.
const THREAD: &str = "cloudwatch";

/// The way to the thread that sends.
#[derive(Clone)]
pub struct Uploads {
    lines: mpsc::Sender<Line>,
    flushes: mpsc::Sender<blocking::SyncSender<()>>,
    queue: Arc<Queue>,
}

/// What both ends count.
#[derive(Default)]
pub struct Queue {
    bytes: AtomicUsize,
    /// Lines that were dropped and not yet told of.
    dropped: AtomicU64,
}

impl Queue {
    fn drop_lines(&self, lines: u64) {
        self.dropped.fetch_add(lines, Ordering::Relaxed);
        metrics::log_lines_dropped("cloudwatch", lines);
    }
}

impl Uploads {
    /// Starts the thread. The service is made there, for its connections live on the thread's own runtime.
    pub fn start<S: Service>(service: impl FnOnce() -> S + Send + 'static) -> Self {
        let (uploads, uploader) = Self::pair();
        let run = move || {
            // Without a runtime the queue's far end is gone and every line is counted as dropped.
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(uploader.run(service()));
            }
        };
        // The same without the thread.
        let _ = std::thread::Builder::new().name(THREAD.to_owned()).spawn(run);
        uploads
    }

    /// Both ends, for whoever runs the far one himself.
    #[must_use]
    pub fn pair() -> (Self, Uploader) {
        let (lines, waiting) = mpsc::channel(QUEUE_LINES_MAX);
        let (flushes, asks) = mpsc::channel(FLUSHES_MAX);
        let queue = Arc::<Queue>::default();
        (Self { lines, flushes, queue: Arc::clone(&queue) }, Uploader::new(waiting, asks, queue))
    }

    /// A layer that sends what is logged, as JSON.
    pub fn layer<S>(&self, instance: &str) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let lines = Lines::of_instance(self.clone(), instance);
        tracing_subscriber::fmt::layer().with_writer(lines).json().flatten_event(true)
    }

    /// A line as it is.
    pub fn say(&self, text: String) {
        let line = Line::new(unix_ms(), text);
        let bytes = line.bytes();
        let fits = self.queue.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes <= QUEUE_BYTES_MAX;
        if !fits || self.lines.try_send(line).is_err() {
            self.queue.bytes.fetch_sub(bytes, Ordering::Relaxed);
            self.queue.drop_lines(1);
        }
    }

    /// Waits until what was said before is with the service, or for so long. The thread that sends never waits for itself.
    pub fn flush(&self, at_most: Duration) -> bool {
        let (done, flushed) = blocking::sync_channel(1);
        if std::thread::current().name() == Some(THREAD) || self.flushes.try_send(done).is_err() {
            return false;
        }
        flushed.recv_timeout(at_most).is_ok()
    }
}

impl Sink for Uploads {
    fn put(&self, line: Vec<u8>) {
        // The formatter writes UTF-8; anything else would be a line of its own kind, not a reason to lose it.
        let text = String::from_utf8(line).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        let text = text.trim_end();
        // The service takes no empty line.
        if !text.is_empty() {
            self.say(text.to_owned());
        }
    }
}

/// A stream for each process: when it began, so that the newest is the last, and its name. A stream's name has no colon.
#[must_use]
pub fn stream_name(instance: &str) -> String {
    use tracing_subscriber::fmt::format::Writer;
    use tracing_subscriber::fmt::time::FormatTime;
    let mut now = String::new();
    let _ = tracing_subscriber::fmt::time::SystemTime.format_time(&mut Writer::new(&mut now));
    let seconds = now.split('.').next().unwrap_or_default().replace(':', "-");
    format!("{seconds}Z/{instance}")
}

fn unix_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
