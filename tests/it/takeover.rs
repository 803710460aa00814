//! What players see when leaders die, leave, panic or hear nothing: the table of failures of ARCHITECTURE.md, over the backplane within the process.

pub(crate) mod black_box;
pub(crate) mod faults;
mod mazes;

use std::time::Duration;

use waka::backplane::Backplane;
use waka::wire::MazeId;
use waka::wire::record::Stored;
use waka::wire::record::as_format;

use crate::cluster::Cluster;
use crate::cluster::Gateway;
use crate::cluster::pass;
use crate::cluster::until;

/// Two workers and a maze with two players that has been played for a moment.
async fn played() -> (Cluster, Gateway, String) {
    let mut cluster = Cluster::new();
    cluster.start("worker-a").await;
    cluster.start("worker-b").await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.enter(1, 1).await;
    gateway.enter(2, 1).await;
    until("both are seated", async || gateway.seats(1) && gateway.seats(2)).await;
    pass(Duration::from_secs(3)).await;
    let leaders = cluster.leaders(&gateway.maze);
    assert_eq!(leaders.len(), 1);
    let leader = leaders.into_iter().next().unwrap();
    (cluster, gateway, leader)
}

async fn stored(backplane: &Backplane, maze: &MazeId) -> Stored {
    let record = backplane.read(maze).await.unwrap().unwrap();
    Stored::decode(&record.world).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_killed_leaders_maze_goes_on_from_exactly_the_frame_last_shown() {
    let (mut cluster, gateway, leader) = played().await;
    cluster.kill(&leader).await;
    let last = gateway.newest().unwrap();
    let mut record = stored(&cluster.backplane, &gateway.maze).await;
    assert_eq!(record.world.tick(), last.scene.tick, "R2: what was shown is stored");

    let pause = until("a frame of a new epoch", async || gateway.position().unwrap().epoch > last.epoch).await;
    assert!(pause <= Duration::from_millis(450), "a pause of {pause:?}");
    let shown = gateway.shown();
    let (_, next) = shown.iter().find(|(_, frame)| frame.epoch > last.epoch).unwrap();
    assert_eq!(next.scene.tick, last.scene.tick + 1, "not a tick is lost");
    let _outcomes = record.world.step(&[]);
    assert_eq!(next.scene, record.world.scene(), "and nobody has moved by a pixel");
    until("a seating of the new leader", async || gateway.seating().unwrap().at.epoch > last.epoch).await;
    assert!(gateway.seats(1) && gateway.seats(2));
}

#[tokio::test(start_paused = true)]
async fn a_drained_leader_hands_over_within_a_tenth_of_a_second() {
    let (mut cluster, gateway, leader) = played().await;
    let last = gateway.position().unwrap();
    cluster.drain(&leader).await;
    until("the other leads", async || gateway.position().unwrap().epoch > last.epoch).await;
    let shown = gateway.shown();
    let turn = shown.iter().position(|(_, frame)| frame.epoch > last.epoch).unwrap();
    let ((before, old), (after, new)) = (&shown[turn - 1], &shown[turn]);
    assert!(*after - *before <= Duration::from_millis(100), "a pause of {:?}", *after - *before);
    assert_eq!(new.scene.tick, old.scene.tick + 1);
}

#[tokio::test(start_paused = true)]
async fn the_better_ranked_gets_a_maze_when_it_comes() {
    let (mut cluster, gateway, leader) = played().await;
    cluster.kill(&leader).await;
    until("the other leads", async || cluster.leaders(&gateway.maze).len() == 1).await;
    cluster.start(&leader).await;
    until("the better one leads again", async || cluster.leaders(&gateway.maze) == [leader.clone()]).await;
    let taken = gateway.position().unwrap().epoch;
    until("it is seen", async || gateway.position().unwrap().epoch > taken).await;
    let shown = gateway.shown();
    let turn = shown.iter().position(|(_, frame)| frame.epoch > taken).unwrap();
    let ((before, old), (after, new)) = (&shown[turn - 1], &shown[turn]);
    assert!(*after - *before <= Duration::from_millis(100), "a pause of {:?}", *after - *before);
    assert_eq!(new.scene.tick, old.scene.tick + 1, "and nobody notices");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_restarts_empty_costs_nothing_while_the_leader_lives() {
    let (cluster, gateway, leader) = played().await;
    let before = stored(&cluster.backplane, &gateway.maze).await.desk.rows;
    let last = gateway.position().unwrap();
    cluster.backplane.fault_record(&gateway.maze, None).await.unwrap();
    until("a frame of a new epoch", async || gateway.position().unwrap().epoch > last.epoch).await;
    assert!(gateway.position().unwrap().tick >= last.tick);
    assert_eq!(cluster.leaders(&gateway.maze), [leader]);
    let after = stored(&cluster.backplane, &gateway.maze).await.desk.rows;
    let who = |rows: &[waka::wire::record::DeskRow]| rows.iter().map(|row| (row.player, row.seat, row.colour)).collect::<Vec<_>>();
    assert_eq!(who(&after), who(&before));
}

#[tokio::test(start_paused = true)]
async fn a_record_of_a_later_release_is_left_alone() {
    let (mut cluster, gateway, leader) = played().await;
    cluster.kill(&leader).await;
    let mut record = cluster.backplane.read(&gateway.maze).await.unwrap().unwrap();
    record.world = as_format(u16::MAX, &record.world);
    let at = record.position;
    cluster.backplane.fault_record(&gateway.maze, Some(record)).await.unwrap();
    pass(Duration::from_secs(20)).await;
    assert_eq!(cluster.position(&gateway.maze).await, at);
}
