//! Faults reach the journal in order, bounded in rate, over a backplane that does not answer for a while.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use tokio::time::advance;
use tracing_subscriber::layer::SubscriberExt;

use super::*;
use crate::backplane::faults::Fate;
use crate::backplane::faults::Faults;
use crate::telemetry::faults::Picking;

fn me() -> NodeId {
    NodeId("waka-1".to_owned())
}

/// As the log of a process in trouble leaves it.
fn trouble(faults: usize) -> Waiting {
    let waiting = Waiting::default();
    let subscriber = tracing_subscriber::registry().with(Picking { to: waiting.clone() });
    tracing::subscriber::with_default(subscriber, || {
        for n in 0..faults {
            tracing::warn!(event = "redis_lost", n, "the connection broke");
        }
    });
    waiting
}

async fn journal(backplane: &Backplane) -> Vec<serde_json::Value> {
    let entries = backplane.noted(Journal::Faults, 0, 1_000).await.expect("in memory");
    entries.iter().map(|entry| serde_json::from_slice(&entry.line).expect("JSON")).collect()
}

#[tokio::test(start_paused = true)]
async fn faults_are_carried_in_order_so_many_a_beat_and_the_last_at_the_end() {
    let (backplane, stop) = (Backplane::memory(), CancellationToken::new());
    let carrier = tokio::spawn(carry(trouble(25), backplane.clone(), me(), stop.clone()));
    tokio::task::yield_now().await;
    for beats in 1..=2 {
        advance(BEAT).await;
        tokio::task::yield_now().await;
        assert_eq!(journal(&backplane).await.len(), beats * FAULTS_A_BEAT);
    }
    stop.cancel();
    carrier.await.expect("it ends by itself");
    let told = journal(&backplane).await;
    assert_eq!(told.len(), 25);
    for (n, entry) in told.iter().enumerate() {
        assert_eq!((&entry["instance"], &entry["event"]), (&"waka-1".into(), &"redis_lost".into()));
        assert_eq!(entry["fields"]["n"], n.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_backplane_does_not_take_stays_first_in_line() {
    let backplane = Backplane::memory();
    let broken = Arc::new(AtomicBool::new(true));
    let lost = Arc::clone(&broken);
    let line = Faults::new(move |_| Fate { request_lost: lost.load(Ordering::Relaxed), ..Fate::default() });
    let (behind, waiting) = (backplane.through(Arc::new(line)), trouble(3));
    carry_some(&waiting, &behind, &me()).await;
    assert!(journal(&backplane).await.is_empty());
    broken.store(false, Ordering::Relaxed);
    carry_some(&waiting, &behind, &me()).await;
    let order: Vec<String> = journal(&backplane).await.iter().map(|entry| entry["fields"]["n"].to_string()).collect();
    assert_eq!(order, ["\"0\"", "\"1\"", "\"2\""]);
    assert!(waiting.oldest().is_none());
}
