//! Bad lines, and panics.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use waka::backplane::faults::Fate;
use waka::backplane::faults::Faults;
use waka::backplane::faults::Operation;
use waka::game::grid::Direction;
use waka::wire::MazeId;
use waka::worker::WorkerConfig;

use super::stored;
use crate::cluster::Cluster;
use crate::cluster::Gateway;
use crate::cluster::pass;
use crate::cluster::until;

#[tokio::test(start_paused = true)]
async fn without_answers_the_maze_stands_and_then_goes_on_where_it_was_r2() {
    let mut cluster = Cluster::new();
    let deaf = Arc::new(AtomicBool::new(false));
    let is_deaf = Arc::clone(&deaf);
    let faults = Faults::new(move |_| Fate { request_lost: is_deaf.load(Ordering::Relaxed), ..Fate::default() });
    cluster.start_with("worker-a", cluster.backplane.through(Arc::new(faults)), WorkerConfig::default()).await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.enter(1, 1).await;
    gateway.enter(2, 1).await;
    until("both are seated", async || gateway.seats(1) && gateway.seats(2)).await;

    deaf.store(true, Ordering::Relaxed);
    pass(Duration::from_secs(5)).await;
    let last = gateway.position().unwrap();
    assert_eq!(cluster.position(&gateway.maze).await, last, "R2: nothing is shown that is not stored");
    deaf.store(false, Ordering::Relaxed);
    until("it goes on", async || gateway.position().unwrap() > last).await;
    let next = gateway.position().unwrap();
    assert_eq!(next.epoch, last.epoch, "the same leader");
    // At most a beat until the first commit that is not answered, and 250 ms from there.
    assert!(next.tick - last.tick <= 6 + 16, "no answer, no time: {} ticks went by in five seconds", next.tick - last.tick);
}

#[tokio::test(start_paused = true)]
async fn lost_late_and_repeated_messages_cost_beats_only() {
    for seed in 1..=5 {
        let mut cluster = Cluster::new();
        for name in ["worker-a", "worker-b"] {
            let mut random = seed * 7919 + u64::from(name.as_bytes()[7]);
            let faults = Faults::new(move |_| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let die = random >> 33;
                Fate {
                    request_lost: die.is_multiple_of(25),
                    answer_lost: die % 25 == 1,
                    request_late: Duration::from_millis(if die % 10 == 2 { die % 50 } else { 0 }),
                    answer_late: Duration::from_millis(if die % 10 == 3 { die % 50 } else { 0 }),
                }
            });
            cluster.start_with(name, cluster.backplane.through(Arc::new(faults)), WorkerConfig::default()).await;
        }
        let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
        gateway.enter(1, 1).await;
        gateway.enter(2, 1).await;
        until("both are seated", async || gateway.seats(1) && gateway.seats(2)).await;
        let began = gateway.position().unwrap();
        for press in 0..40 {
            gateway.press(1, Direction::from_bits(press)).await;
            pass(Duration::from_millis(500)).await;
        }
        let now = gateway.position().unwrap();
        assert!(now.tick - began.tick > 900, "seed {seed}: {} ticks in twenty seconds", now.tick - began.tick);
        until("the last key has arrived", async || gateway.newest().unwrap().numbers[0] == 40 % 8).await;
        assert!(gateway.seats(1) && gateway.seats(2), "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn commits_are_what_is_sent_and_nothing_else_reaches_a_gateway_r2() {
    let mut cluster = Cluster::new();
    let commits = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&commits);
    let faults = Faults::new(move |operation| {
        assert_ne!(operation, Operation::Publish, "a worker publishes by commits only");
        count.fetch_add(u32::from(operation == Operation::Commit), Ordering::Relaxed);
        Fate::default()
    });
    cluster.start_with("worker-a", cluster.backplane.through(Arc::new(faults)), WorkerConfig::default()).await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.enter(1, 1).await;
    until("he is seated", async || gateway.seats(1)).await;
    pass(Duration::from_secs(2)).await;
    assert_eq!(gateway.shown().len() as u32, commits.load(Ordering::Relaxed));
}

/// A worker in which one maze panics at each of its ticks from the given one on, so many times.
pub(crate) fn panicking(maze: MazeId, from_tick: u32, times: u32) -> WorkerConfig {
    let left = AtomicU32::new(times);
    WorkerConfig {
        step: Arc::new(move |id, world, commands| {
            let due = *id == maze && world.tick() >= from_tick;
            let panics = due && left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
            assert!(!panics, "as the test wants it");
            world.step(commands)
        }),
        ..WorkerConfig::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_one_maze_touches_no_other() {
    let mut cluster = Cluster::new();
    let config = panicking(MazeId::open(1), 200, 1);
    cluster.start_with("worker-a", cluster.backplane.clone(), config).await;
    let one = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    let two = Gateway::open(&cluster.backplane, MazeId::open(2), "gateway").await;
    one.enter(1, 1).await;
    two.enter(2, 1).await;
    until("both are seated", async || one.seats(1) && two.seats(2)).await;
    let (first, other) = (one.position().unwrap().epoch, two.position().unwrap().epoch);
    until("it starts again", async || one.position().unwrap().epoch > first).await;
    let shown = one.shown();
    let turn = shown.iter().position(|(_, frame)| frame.epoch > first).unwrap();
    let ((before, old), (after, new)) = (&shown[turn - 1], &shown[turn]);
    assert_eq!(new.scene.tick, old.scene.tick + 1, "from the record, and so from what was shown");
    assert!(*after - *before <= Duration::from_millis(150), "without patience: {:?}", *after - *before);
    assert!(one.seats(1));
    pass(Duration::from_secs(1)).await;
    assert_eq!(two.position().unwrap().epoch, other);
    let pauses = two.shown().windows(2).map(|pair| pair[1].0 - pair[0].0).max().unwrap();
    assert!(pauses <= Duration::from_millis(120), "the other maze stood for {pauses:?}");
    assert_eq!(cluster.backplane.aside(&one.maze).await, Ok(vec![]), "one panic is no poison");
}

#[tokio::test(start_paused = true)]
async fn a_poisoned_record_is_set_aside_and_the_maze_begins_afresh_and_further_on_r1() {
    let mut cluster = Cluster::new();
    let config = panicking(MazeId::open(1), 200, 3);
    cluster.start_with("worker-a", cluster.backplane.clone(), config).await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.enter(1, 1).await;
    until("he is seated", async || gateway.seats(1)).await;
    let backplane = &cluster.backplane;
    until("it is set aside", async || backplane.aside(&gateway.maze).await.unwrap().len() == 1).await;
    let poisoned = gateway.position().unwrap();
    until("it goes on", async || gateway.position().unwrap() > poisoned).await;
    let shown = gateway.shown();
    assert!(shown.windows(2).all(|pair| pair[0].1.scene.tick < pair[1].1.scene.tick), "R1: no tick comes twice");
    until("he is seated in the new world", async || stored(backplane, &gateway.maze).await.world.is_seated(1)).await;
    assert_eq!(stored(backplane, &gateway.maze).await.world.level(), 1);
}
