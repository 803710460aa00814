//! What the process tells about itself: the log on standard error here, the numbers in `metrics`.
//!
//! Logging never blocks and never grows (T1): lines go through a bounded queue to one thread that writes them; when it is full the newest line is
//! dropped and counted, and the writer says how many are missing. Dropping the guard flushes, with a deadline.

pub mod metrics;

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Lines that wait to be written; at 200 bytes a line less than a megabyte.
const LOG_LINES_MAX: usize = 4096;
/// How long the end of the process waits for the last lines.
const FLUSH_MAX: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Starts logging for the whole process. Does nothing when somebody did already, as a second server in one test does.
#[must_use]
pub fn start_log(format: LogFormat) -> LogGuard {
    let (queue, guard) = queue_to(io::stderr());
    let layer = tracing_subscriber::fmt::layer().with_writer(queue).with_target(true);
    let filter = tracing_subscriber::filter::LevelFilter::INFO;
    let registry = tracing_subscriber::registry().with(filter);
    let _ = match format {
        LogFormat::Text => registry.with(layer.with_ansi(false)).try_init(),
        LogFormat::Json => registry.with(layer.json().flatten_event(true)).try_init(),
    };
    guard
}

/// Ends the log in order: what was logged before is written.
pub struct LogGuard {
    queue: mpsc::SyncSender<Entry>,
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        let (done, flushed) = mpsc::sync_channel(1);
        // A full queue behind a stuck pipe cannot be flushed; the process ends all the same.
        if self.queue.try_send(Entry::Flush(done)).is_ok() {
            let _ = flushed.recv_timeout(FLUSH_MAX);
        }
    }
}

enum Entry {
    Line(Vec<u8>),
    Flush(mpsc::SyncSender<()>),
}

#[derive(Clone)]
struct LogQueue {
    queue: mpsc::SyncSender<Entry>,
    dropped: Arc<AtomicU64>,
}

fn queue_to(mut out: impl Write + Send + 'static) -> (LogQueue, LogGuard) {
    let (queue, entries) = mpsc::sync_channel(LOG_LINES_MAX);
    let dropped = Arc::new(AtomicU64::new(0));
    let missing = Arc::clone(&dropped);
    let write_all = move || {
        for entry in entries {
            let lost = missing.swap(0, Ordering::Relaxed);
            if lost > 0 {
                let _ = writeln!(out, "({lost} lines of the log were dropped here)");
            }
            match entry {
                // There is nobody to tell that standard error is gone.
                Entry::Line(line) => drop(out.write_all(&line)),
                Entry::Flush(done) => {
                    let _ = out.flush();
                    let _ = done.try_send(());
                }
            }
        }
    };
    // Without the thread the queue's far end is gone and every line is counted as dropped.
    let _ = std::thread::Builder::new().name("log".to_owned()).spawn(write_all);
    (LogQueue { queue: queue.clone(), dropped }, LogGuard { queue })
}

impl<'a> MakeWriter<'a> for LogQueue {
    type Writer = LineWriter;

    fn make_writer(&'a self) -> LineWriter {
        LineWriter { queue: self.clone(), line: Vec::new() }
    }
}

/// Gathers one event and hands it on when it is complete.
struct LineWriter {
    queue: LogQueue,
    line: Vec<u8>,
}

impl Write for LineWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LineWriter {
    fn drop(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() && self.queue.queue.try_send(Entry::Line(line)).is_err() {
            self.queue.dropped.fetch_add(1, Ordering::Relaxed);
            ::metrics::counter!(metrics::LOG_LINES_DROPPED).increment(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut written = self.0.lock().expect("no panic while writing");
            written.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn text(paper: &Paper) -> String {
        String::from_utf8(paper.0.lock().expect("no panic while writing").clone()).expect("UTF-8")
    }

    #[test]
    fn t1_the_guard_flushes_what_was_logged() {
        let paper = Paper::default();
        let (queue, guard) = queue_to(paper.clone());
        for number in 0..100 {
            writeln!(queue.make_writer(), "line {number}").expect("a queue takes everything");
        }
        drop(guard);
        assert_eq!(text(&paper).lines().count(), 100);
        assert!(text(&paper).ends_with("line 99\n"));
    }

    #[test]
    fn t1_a_stuck_pipe_costs_lines_and_nothing_else() {
        let paper = Paper::default();
        let stuck = paper.0.lock().expect("no panic while writing");
        let (queue, guard) = queue_to(paper.clone());
        for number in 0..LOG_LINES_MAX + 100 {
            writeln!(queue.make_writer(), "line {number}").expect("a queue takes everything");
        }
        let lost = queue.dropped.load(Ordering::Relaxed);
        assert!((99..=100).contains(&lost), "{lost} lines lost: one may be in the writer's hand");
        drop(stuck);
        // Wait for room before the flush, as it does not wait for any.
        while queue.queue.try_send(Entry::Line(b"more\n".to_vec())).is_err() {
            std::thread::yield_now();
        }
        drop(queue);
        drop(guard);
        let written = text(&paper);
        assert!(written.contains("lines of the log were dropped here"), "{}", &written[..200]);
    }
}
