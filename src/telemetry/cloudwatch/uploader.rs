//! The loop behind the queue: gathers, sends one batch at a time so that order is kept, and sends it again for ever. While it cannot send, it takes
//! nothing more from the queue, so memory is bounded by the queue and a batch (T1).
//!
//! It knows no AWS: `Service` says what became of a batch, so that tests can play one in paused time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc as blocking;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio::time::sleep;
use tokio::time::sleep_until;

use super::Queue;
use crate::telemetry::batch::Batcher;
use crate::telemetry::batch::Line;
use crate::telemetry::retry::Failure;
use crate::telemetry::retry::Retry;

/// Between two tries while somebody waits for a flush: he does not wait for long.
const HURRY: Duration = Duration::from_millis(250);
/// Whoever waits has given up by then.
const WAITS_MAX: Duration = Duration::from_secs(5);

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is stored, but for so many lines that the service found too old or too new.
    Taken {
        rejected: u64,
    },
    /// It will never be taken.
    Unacceptable(String),
    Failed(Failure, String),
}

/// Where batches go. An attempt ends within bounded time.
pub trait Service {
    fn send(&mut self, batch: &[Line]) -> impl Future<Output = Sent>;
}

pub struct Uploader {
    lines: mpsc::Receiver<Line>,
    flushes: mpsc::Receiver<blocking::SyncSender<()>>,
    queue: Arc<Queue>,
    batcher: Batcher,
    retry: Retry,
    /// Who waits for a flush, and until when at most.
    waiting: Vec<(blocking::SyncSender<()>, Instant)>,
}

impl Uploader {
    pub(super) fn new(lines: mpsc::Receiver<Line>, flushes: mpsc::Receiver<blocking::SyncSender<()>>, queue: Arc<Queue>) -> Self {
        Self { lines, flushes, queue, batcher: Batcher::default(), retry: Retry::default(), waiting: Vec::new() }
    }

    /// Until every handle on the queue is gone.
    pub async fn run(mut self, mut service: impl Service) {
        loop {
            if !self.waiting.is_empty() {
                self.flush(&mut service).await;
            }
            let due = self.batcher.due();
            select! {
                biased;
                ask = self.flushes.recv() => match ask {
                    Some(done) => self.waiting.push((done, Instant::now() + WAITS_MAX)),
                    None => break,
                },
                line = self.lines.recv() => match line {
                    Some(line) => self.gather(line, &mut service).await,
                    None => break,
                },
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    let batch = self.batcher.take();
                    self.send(batch, &mut service).await;
                }
            }
        }
        self.flush(&mut service).await;
    }

    async fn gather(&mut self, line: Line, service: &mut impl Service) {
        self.queue.bytes.fetch_sub(line.bytes(), Ordering::Relaxed);
        if let Some(batch) = self.batcher.put(Instant::now(), line) {
            self.send(batch, service).await;
        }
    }

    /// Sends what is in the queue now; what comes meanwhile is not waited for.
    async fn flush(&mut self, service: &mut impl Service) {
        let waiting = std::mem::take(&mut self.waiting);
        for _ in 0..self.lines.len() {
            let Ok(line) = self.lines.try_recv() else { break };
            self.gather(line, service).await;
        }
        let batch = self.batcher.take();
        self.send(batch, service).await;
        for (done, _) in waiting {
            // He may have stopped waiting.
            let _ = done.try_send(());
        }
    }

    /// Until the batch is taken, or will never be.
    async fn send(&mut self, batch: Vec<Line>, service: &mut impl Service) {
        if batch.is_empty() {
            return;
        }
        loop {
            match service.send(&batch).await {
                Sent::Taken { rejected } => {
                    if rejected > 0 {
                        self.queue.drop_lines(rejected);
                    }
                    return self.arrived();
                }
                Sent::Unacceptable(reason) => {
                    self.queue.drop_lines(batch.len() as u64);
                    tracing::error!(
                        event = "log_batch_refused",
                        lines = batch.len(),
                        reason,
                        "cloudwatch takes a batch of the log never; it is dropped"
                    );
                    return;
                }
                Sent::Failed(failure, reason) => {
                    let again = self.retry.on_failure(failure, getrandom::u32().map_or(u16::MAX, |dice| dice as u16));
                    if again.tell {
                        tell(failure, &reason);
                    }
                    self.pause(again.after).await;
                }
            }
        }
    }

    /// Cut short by whoever wants a flush.
    async fn pause(&mut self, after: Duration) {
        let now = Instant::now();
        self.waiting.retain(|(_, until)| now < *until);
        let after = if self.waiting.is_empty() { after } else { after.min(HURRY) };
        select! {
            () = sleep(after) => {}
            Some(done) = self.flushes.recv() => self.waiting.push((done, now + WAITS_MAX)),
        }
    }

    fn arrived(&mut self) {
        let lost = self.queue.dropped.swap(0, Ordering::Relaxed);
        if self.retry.on_success() {
            tracing::info!(event = "log_upload_resumed", lost, "the log goes to cloudwatch again");
        } else if lost > 0 {
            tracing::warn!(event = "log_lines_dropped", lost, "lines of the log did not reach cloudwatch");
        }
    }
}

fn tell(failure: Failure, reason: &str) {
    match failure {
        Failure::Refused => tracing::warn!(
            event = "log_upload_refused",
            reason,
            "cloudwatch refuses the log: check credentials, rights and region; it is tried again, and written here meanwhile"
        ),
        Failure::Unavailable => tracing::warn!(
            event = "log_upload_failing",
            reason,
            "cloudwatch does not take the log; lines wait for it within bounds, and are written here meanwhile"
        ),
    }
}
