//! Seats and sleep, as gateways see them.

use std::time::Duration;

use waka::backplane::Topic;
use waka::game::scene::Condition;
use waka::game::scene::SEATS;
use waka::wire::MazeId;
use waka::wire::PlayerId;
use waka::wire::between_nodes::Knock;

use super::played;
use super::stored;
use crate::cluster::Cluster;
use crate::cluster::Gateway;
use crate::cluster::pass;
use crate::cluster::until;

#[tokio::test(start_paused = true)]
async fn a_silent_player_is_parked_then_dropped_and_one_who_comes_back_has_his_run() {
    let (cluster, gateway, _) = played().await;
    let seat = usize::from(gateway.seating().unwrap().seats[0].seat.0);
    let condition = || gateway.newest().unwrap().scene.pacs[seat].map(|pac| pac.condition);
    gateway.exit(1).await;
    let parked = until("he is parked", async || condition() == Some(Condition::Parked)).await;
    assert!(parked >= Duration::from_millis(2_900) && parked <= Duration::from_millis(3_700), "after {parked:?}");
    let points = stored(&cluster.backplane, &gateway.maze).await.world.scene().scores[seat].points;
    gateway.enter(1, 2).await;
    until("he plays on", async || condition() != Some(Condition::Parked)).await;
    assert!(gateway.newest().unwrap().scene.pacs[seat].is_some());
    assert_eq!(stored(&cluster.backplane, &gateway.maze).await.world.scene().scores[seat].points, points);

    gateway.exit(1).await;
    let dropped = until("he is dropped", async || !gateway.seats(1)).await;
    assert!(dropped >= Duration::from_millis(29_400) && dropped <= Duration::from_millis(30_700), "after {dropped:?}");
    assert_eq!(gateway.seating().unwrap().over.iter().map(|over| (over.player, over.run)).collect::<Vec<_>>(), [(PlayerId(1), 2)]);
}

#[tokio::test(start_paused = true)]
async fn parking_counters_restart_at_a_takeover() {
    let (mut cluster, gateway, leader) = played().await;
    let seat = usize::from(gateway.seating().unwrap().seats[0].seat.0);
    gateway.exit(1).await;
    pass(Duration::from_millis(2_500)).await;
    let epoch = gateway.position().unwrap().epoch;
    cluster.kill(&leader).await;
    until("the other leads", async || gateway.position().unwrap().epoch > epoch).await;
    pass(Duration::from_secs(2)).await;
    assert_ne!(gateway.newest().unwrap().scene.pacs[seat].unwrap().condition, Condition::Parked);
    until("he is parked", async || gateway.newest().unwrap().scene.pacs[seat].unwrap().condition == Condition::Parked).await;
}

#[tokio::test(start_paused = true)]
async fn a_full_maze_names_a_neighbour() {
    let mut cluster = Cluster::new();
    cluster.start("worker-a").await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    for player in 0..SEATS as u64 {
        gateway.enter(player, 1).await;
    }
    until("all are seated", async || (0..SEATS as u64).all(|player| gateway.seats(player))).await;
    gateway.enter(99, 1).await;
    until("the last one is sent on", async || gateway.seating().unwrap().full.iter().any(|row| row.player == PlayerId(99))).await;
    assert_eq!(gateway.seating().unwrap().full[0].neighbour, MazeId::open(2), "a maze that begins with him");

    let lively = Gateway::open(&cluster.backplane, MazeId::open(7), "gateway").await;
    lively.enter(50, 1).await;
    until("he is sent to company", async || gateway.seating().unwrap().full.iter().any(|row| row.neighbour == MazeId::open(7))).await;
    gateway.exit(3).await;
    until("a seat falls free", async || gateway.seats(99)).await;
    assert_eq!(gateway.seating().unwrap().full, []);
}

#[tokio::test(start_paused = true)]
async fn an_empty_maze_sleeps_and_wakes_when_somebody_comes() {
    let (cluster, gateway, _) = played().await;
    gateway.exit(1).await;
    gateway.exit(2).await;
    let asleep = until("it sleeps", async || cluster.sleeps(&gateway.maze)).await;
    assert!(asleep >= Duration::from_secs(59), "thirty seconds until they are dropped, and thirty empty: {asleep:?}");
    let at = cluster.position(&gateway.maze).await;
    assert_eq!(stored(&cluster.backplane, &gateway.maze).await.world.level(), 1);
    pass(Duration::from_secs(30)).await;
    assert_eq!(cluster.position(&gateway.maze).await, at, "not a tick");
    let knock = serde_json::to_vec(&Knock { maze: gateway.maze.clone() }).unwrap();
    cluster.backplane.publish(Topic::Knock, knock.into()).await.unwrap();
    let before = gateway.shown().len();
    until("a knock alone wakes it for a while", async || cluster.position(&gateway.maze).await.tick > at.tick + 30).await;
    assert!(gateway.shown().len() - before <= 8, "and it does not fall asleep after every tick");
    until("it sleeps again", async || cluster.sleeps(&gateway.maze)).await;
    gateway.enter(3, 1).await;
    let seated = until("he is seated", async || gateway.seats(3)).await;
    assert!(seated <= Duration::from_millis(200), "after {seated:?}");
    assert_eq!(cluster.position(&gateway.maze).await.epoch, at.epoch, "the sleeper itself woke");
}

#[tokio::test(start_paused = true)]
async fn a_sleeping_maze_whose_leader_died_wakes_elsewhere() {
    let (mut cluster, gateway, leader) = played().await;
    gateway.exit(1).await;
    gateway.exit(2).await;
    until("it sleeps", async || cluster.sleeps(&gateway.maze)).await;
    let at = cluster.position(&gateway.maze).await;
    cluster.kill(&leader).await;
    pass(Duration::from_secs(30)).await;
    assert_eq!(cluster.position(&gateway.maze).await, at, "nobody wants it");
    gateway.enter(3, 1).await;
    let seated = until("he is seated", async || gateway.seats(3)).await;
    assert!(seated <= Duration::from_millis(1_200), "after {seated:?}");
}

#[tokio::test(start_paused = true)]
async fn spectators_keep_a_maze_awake_and_a_deserted_one_is_let_go_in_the_end() {
    let mut cluster = Cluster::new();
    cluster.start("worker-a").await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.spectators(2).await;
    until("it is led", async || cluster.leaders(&gateway.maze).len() == 1).await;
    pass(Duration::from_secs(40)).await;
    assert!(!cluster.sleeps(&gateway.maze));
    assert_eq!(gateway.seating().unwrap().spectators, 2);
    gateway.spectators(0).await;
    let maze = gateway.maze.clone();
    drop(gateway);
    until("it sleeps", async || cluster.sleeps(&maze)).await;
    pass(Duration::from_secs(611)).await;
    assert_eq!(cluster.leaders(&maze), [] as [String; 0]);
    assert!(cluster.backplane.position(&maze).await.unwrap().unwrap().1, "vacant");
    let again = Gateway::open(&cluster.backplane, maze, "gateway").await;
    again.enter(1, 1).await;
    until("a knock brings it back", async || again.seats(1)).await;
}
