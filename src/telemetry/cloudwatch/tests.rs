//! The queue and its loop against a service that the tests play, in paused time: what arrives, in which order, what is dropped and counted.

use std::sync::Mutex;

use tracing_subscriber::layer::SubscriberExt;

use super::*;
use crate::telemetry::batch::BATCH_BYTES_MAX;
use crate::telemetry::batch::BATCH_LINES_MAX;
use crate::telemetry::retry::Failure;
use crate::telemetry::what_is_heard;
use uploader::Sent;

/// Takes batches but for the attempts that its script fails.
#[derive(Clone, Default)]
struct Played {
    stored: Arc<Mutex<Vec<Vec<Line>>>>,
    /// The outcome of the next attempts; when it is over, everything is taken.
    script: Arc<Mutex<Vec<Sent>>>,
    away_until: Arc<Mutex<Option<tokio::time::Instant>>>,
}

impl Played {
    fn texts(&self) -> Vec<String> {
        self.stored.lock().expect("no panic").concat().into_iter().map(|line| line.text).collect()
    }
}

impl Service for Played {
    async fn send(&mut self, batch: &[Line]) -> Sent {
        if self.away_until.lock().expect("no panic").is_some_and(|until| tokio::time::Instant::now() < until) {
            return Sent::Failed(Failure::Unavailable, "away".to_owned());
        }
        let scripted = self.script.lock().expect("no panic").pop();
        if let Some(sent) = scripted {
            return sent;
        }
        self.stored.lock().expect("no panic").push(batch.to_vec());
        Sent::Taken { rejected: 0 }
    }
}

fn started(service: &Played) -> Uploads {
    let (uploads, uploader) = Uploads::pair();
    tokio::spawn(uploader.run(service.clone()));
    uploads
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(600);
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "never came: {what}");
        tokio::time::advance(Duration::from_millis(20)).await;
        tokio::task::yield_now().await;
    }
}

fn numbered(lines: usize) -> Vec<String> {
    (0..lines).map(|n| format!("line {n}")).collect()
}

#[tokio::test(start_paused = true)]
async fn t1_an_outage_within_the_bound_loses_nothing_and_keeps_the_order() {
    let service = Played::default();
    *service.away_until.lock().expect("no panic") = Some(tokio::time::Instant::now() + Duration::from_secs(30));
    let uploads = started(&service);
    let lines = numbered(QUEUE_LINES_MAX / 2);
    for line in &lines {
        uploads.say(line.clone());
        if line.ends_with("00") {
            tokio::time::advance(Duration::from_millis(300)).await;
            tokio::task::yield_now().await;
        }
    }
    until("all lines", || service.texts().len() == lines.len()).await;
    assert_eq!(service.texts(), lines);
    assert_eq!(uploads.queue.dropped.load(Ordering::Relaxed), 0);
    assert_eq!(uploads.queue.bytes.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn t1_beyond_the_bound_the_newest_are_dropped_and_counted() {
    let (uploads, uploader) = Uploads::pair();
    for line in numbered(QUEUE_LINES_MAX + 500) {
        uploads.say(line);
    }
    assert_eq!(uploads.queue.dropped.load(Ordering::Relaxed), 500);
    let service = Played::default();
    tokio::spawn(uploader.run(service.clone()));
    until("what was kept", || service.texts().len() == QUEUE_LINES_MAX).await;
    assert_eq!(service.texts(), numbered(QUEUE_LINES_MAX), "the oldest are kept: they tell how it began");
    assert_eq!(uploads.queue.dropped.load(Ordering::Relaxed), 0, "it was told of");
}

#[tokio::test(start_paused = true)]
async fn t1_the_queue_is_bounded_by_bytes_too() {
    let (uploads, _uploader) = Uploads::pair();
    for _ in 0..100 {
        uploads.say("x".repeat(200_000));
    }
    let held = uploads.queue.bytes.load(Ordering::Relaxed);
    assert!(held <= QUEUE_BYTES_MAX && held > QUEUE_BYTES_MAX - 200_100, "{held}");
    assert_eq!(uploads.queue.dropped.load(Ordering::Relaxed), 100 - (QUEUE_BYTES_MAX / 200_026) as u64);
}

#[tokio::test(start_paused = true)]
async fn batches_keep_within_the_limits() {
    let service = Played::default();
    let uploads = started(&service);
    let lines: Vec<String> = (0..15_000).map(|n| format!("{n} {}", "y".repeat(100))).collect();
    for line in &lines {
        uploads.say(line.clone());
    }
    until("all lines", || service.texts().len() == lines.len()).await;
    assert_eq!(service.texts(), lines);
    for batch in service.stored.lock().expect("no panic").iter() {
        assert!(batch.len() <= BATCH_LINES_MAX && batch.iter().map(Line::bytes).sum::<usize>() <= BATCH_BYTES_MAX);
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_is_waited_out_and_what_can_never_be_taken_is_dropped() {
    let service = Played::default();
    let throttled = || Sent::Failed(Failure::Unavailable, "ThrottlingException".to_owned());
    *service.script.lock().expect("no panic") = vec![Sent::Unacceptable("a batch like no other".to_owned()), throttled(), throttled()];
    let uploads = started(&service);
    uploads.say("the unlucky one".to_owned());
    until("its drop", || uploads.queue.dropped.load(Ordering::Relaxed) == 1).await;
    uploads.say("the next one".to_owned());
    until("the next one", || service.texts() == ["the next one"]).await;
}

#[test]
fn a_flush_ends_an_outage_s_wait_and_has_a_deadline() {
    let service = Played::default();
    let refused = || Sent::Failed(Failure::Refused, "AccessDeniedException".to_owned());
    *service.script.lock().expect("no panic") = vec![refused(), refused(), refused()];
    let playing = service.clone();
    let uploads = Uploads::start(move || playing);
    uploads.say("last words".to_owned());
    assert!(uploads.flush(Duration::from_secs(20)), "it hurries");
    assert_eq!(service.texts(), ["last words"]);

    *service.script.lock().expect("no panic") = vec![refused(); 1000];
    uploads.say("into the void".to_owned());
    let asked = std::time::Instant::now();
    assert!(!uploads.flush(Duration::from_millis(100)));
    assert!(asked.elapsed() < Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn events_are_lines_of_json_and_the_sender_s_own_are_not_heard() {
    let service = Played::default();
    let uploads = started(&service);
    let heard = tracing_subscriber::registry().with(what_is_heard()).with(uploads.layer("waka-1"));
    tracing::subscriber::with_default(heard, || {
        tracing::info!(event = "test", maze = "open-1", epoch = 4097, "a line");
        tracing::error!(target: "aws_smithy_runtime::client", "of the sender");
        tracing::error!(target: "hyper_util::client", "of the sender");
        tracing::debug!("too small");
    });
    until("a line", || !service.texts().is_empty()).await;
    let texts = service.texts();
    assert_eq!(texts.len(), 1, "{texts:?}");
    let json: serde_json::Value = serde_json::from_str(&texts[0]).expect("JSON");
    assert_eq!(
        (&json["instance"], &json["event"], &json["epoch"], &json["level"]),
        (&"waka-1".into(), &"test".into(), &4097.into(), &"INFO".into())
    );
}

#[test]
fn a_stream_is_named_by_its_beginning_and_its_process() {
    let name = stream_name("waka-1");
    let (date, instance) = name.split_once('/').expect("two parts");
    assert_eq!((instance, date.len()), ("waka-1", "2026-11-24T16-23-19Z".len()));
    assert!(!name.contains([':', '*']), "{name}");
}
