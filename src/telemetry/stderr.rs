//! The log on standard error: a bounded queue to one thread that writes (T1). When it is full the newest line is dropped and counted, and the writer
//! says how many are missing.

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;

use crate::telemetry::lines::Sink;
use crate::telemetry::metrics;

/// Lines that wait to be written; at 200 bytes a line less than a megabyte.
const LOG_LINES_MAX: usize = 4096;

/// The way to the thread that writes.
#[derive(Clone)]
pub(super) struct Paper {
    queue: mpsc::SyncSender<Entry>,
    dropped: Arc<AtomicU64>,
}

enum Entry {
    Line(Vec<u8>),
    Flush(mpsc::SyncSender<()>),
}

impl Paper {
    pub(super) fn stderr() -> Self {
        Self::on(io::stderr())
    }

    fn on(mut out: impl Write + Send + 'static) -> Self {
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
        Self { queue, dropped }
    }

    /// Waits until what was put is written. A full queue behind a stuck pipe cannot be flushed; the process ends all the same.
    pub(super) fn flush(&self, at_most: Duration) {
        let (done, flushed) = mpsc::sync_channel(1);
        if self.queue.try_send(Entry::Flush(done)).is_ok() {
            let _ = flushed.recv_timeout(at_most);
        }
    }
}

impl Sink for Paper {
    fn put(&self, line: Vec<u8>) {
        if self.queue.try_send(Entry::Line(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            metrics::log_lines_dropped("stderr", 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Sheet(Arc<Mutex<Vec<u8>>>);

    impl Write for Sheet {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut written = self.0.lock().expect("no panic while writing");
            written.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn text(sheet: &Sheet) -> String {
        String::from_utf8(sheet.0.lock().expect("no panic while writing").clone()).expect("UTF-8")
    }

    #[test]
    fn t1_a_flush_waits_for_what_was_logged() {
        let sheet = Sheet::default();
        let paper = Paper::on(sheet.clone());
        for number in 0..100 {
            paper.put(format!("line {number}\n").into_bytes());
        }
        paper.flush(Duration::from_secs(10));
        assert_eq!(text(&sheet).lines().count(), 100);
        assert!(text(&sheet).ends_with("line 99\n"));
    }

    #[test]
    fn t1_a_stuck_pipe_costs_lines_and_nothing_else() {
        let sheet = Sheet::default();
        let stuck = sheet.0.lock().expect("no panic while writing");
        let paper = Paper::on(sheet.clone());
        for number in 0..LOG_LINES_MAX + 100 {
            paper.put(format!("line {number}\n").into_bytes());
        }
        drop(stuck);
        // Not by `flush`, which does not wait for room.
        let (done, flushed) = mpsc::sync_channel(1);
        paper.queue.send(Entry::Flush(done)).expect("a writer");
        flushed.recv_timeout(Duration::from_secs(10)).expect("in time");
        let written = text(&sheet);
        // One more than fits may be in the writer's hand. What is lost may be told in parts, as the writer may begin late.
        let lines = written.lines().filter(|line| line.starts_with("line ")).count();
        assert!((LOG_LINES_MAX..=LOG_LINES_MAX + 1).contains(&lines), "{lines} lines");
        let lost = |line: &str| line.strip_prefix('(')?.strip_suffix(" lines of the log were dropped here)")?.parse::<usize>().ok();
        assert_eq!(lines + written.lines().filter_map(lost).sum::<usize>(), LOG_LINES_MAX + 100);
    }
}
