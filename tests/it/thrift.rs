//! What is spared for every frame and every key: wakings of tasks, looks at all topics, questions whether a line to Redis lives. Players see none of it,
//! and a machine that serves a thousand of them does.

use std::collections::BTreeMap;

use bytes::Bytes;
use tokio::time::timeout;
use waka::backplane::Board;
use waka::backplane::BoardRow;
use waka::backplane::Claim;
use waka::backplane::Commit;
use waka::backplane::Subscription;
use waka::backplane::Topic;
use waka::backplane::Verdict;
use waka::wire::Epoch;
use waka::wire::MazeId;
use waka::wire::NodeId;
use waka::wire::PlayerId;
use waka::wire::Position;

use crate::journey::guest::Guest;
use crate::program::Program;
use crate::redis_server::RedisServer;
use crate::visitor::SOON;

const MAZE: &str = "friends";
const FRAMES: u32 = 60;
const TIMES: u32 = 100;
const EPOCH: Epoch = Epoch(1);

/// Counters of a program by name and labels.
struct Numbers(BTreeMap<String, u64>);

impl Numbers {
    async fn of(program: &Program) -> Self {
        let url = format!("http://{}/metrics", program.address());
        let text = reqwest::get(url).await.unwrap().text().await.unwrap();
        let counter = |line: &str| line.rsplit_once(' ').and_then(|(name, number)| Some((name.to_owned(), number.parse().ok()?)));
        Self(text.lines().filter_map(counter).collect())
    }

    /// How much a counter has grown since.
    fn since(&self, before: &Self, name: &str) -> u64 {
        let [now, before] = [self, before].map(|numbers| numbers.0.get(name).copied().unwrap_or_default());
        now - before
    }
}

/// Until each of them has been shown so many more frames.
async fn watch(guests: &mut [Guest]) {
    for guest in guests {
        let frames = guest.frames;
        guest.until("sixty frames", |guest| (guest.frames >= frames + FRAMES).then_some(())).await;
    }
}

#[tokio::test]
async fn frames_are_written_to_all_sockets_of_a_maze_in_one_step_and_no_task_is_woken() {
    let program = Program::start(&[]);
    let socket = format!("ws://{}/ws", program.address());
    let mut guests = Vec::new();
    for name in ["Ann", "Bob", "Eve"] {
        guests.push(Guest::seated(&socket, name, Some(MAZE)).await);
    }
    let before = Numbers::of(&program).await;
    watch(&mut guests).await;
    let after = Numbers::of(&program).await;
    let [by_link, by_task] = ["link", "task"].map(|by| after.since(&before, &format!("waka_frames_sent_total{{by=\"{by}\"}}")));
    // The first guest's sixty went to all three. A frame that comes with news, as of somebody who was caught, is each task's.
    assert!(by_link + by_task >= 2 * u64::from(FRAMES) && by_link > 5 * by_task, "{by_link} by the link, {by_task} by tasks");
}

#[tokio::test]
async fn the_topics_followed_are_looked_at_when_they_change_and_not_with_every_message() {
    let redis = RedisServer::start();
    let _worker = Program::start(&["--redis", &redis.url(), "--role", "worker"]);
    let gateway = Program::start(&["--redis", &redis.url(), "--role", "gateway"]);
    let mut guests = [Guest::seated(&format!("ws://{}/ws", gateway.address()), "Ann", Some(MAZE)).await];
    let before = Numbers::of(&gateway).await;
    watch(&mut guests).await;
    let after = Numbers::of(&gateway).await;
    let [shows, looks] = ["waka_shows_received_total", "waka_subscriber_looks_total"].map(|name| after.since(&before, name));
    assert!(shows + 5 >= u64::from(FRAMES) && looks <= 2, "{looks} looks at {shows} shows");
    assert!(before.0["waka_subscriber_looks_total"] > 0, "they are counted at all");
}

/// What a Redis has counted of itself; asking is a connection more.
fn counted(redis: &RedisServer, section: &str, name: &str) -> u64 {
    let mut connection = redis::Client::open(redis.url()).unwrap().get_connection().unwrap();
    let text: String = redis::cmd("INFO").arg(section).query(&mut connection).unwrap();
    let row = text.lines().find_map(|line| line.strip_prefix(name));
    row.map_or(0, |row| row.split(',').next().unwrap().parse().unwrap())
}

/// How often a Redis was asked this.
fn asked(redis: &RedisServer, command: &str) -> u64 {
    counted(redis, "commandstats", &format!("cmdstat_{command}:calls="))
}

/// A world and a show of no meaning, one for each tick of the first epoch of a maze.
fn commit(tick: u32) -> Commit {
    Commit { position: Position { epoch: EPOCH, tick }, world: Bytes::from_static(b"world"), show: Bytes::from_static(b"show") }
}

fn claim(epoch: Epoch, seen: Option<Position>) -> Claim {
    Claim { owner: NodeId("someone".to_owned()), seen, epoch, memory: None }
}

/// A connection of the pool is asked at each loan whether it lives.
#[tokio::test]
async fn what_is_told_often_goes_over_lines_that_are_not_asked_whether_they_live() {
    let redis = RedisServer::start();
    let backplane = redis.backplane();
    let maze = MazeId::parse(MAZE).unwrap();
    backplane.claim(&maze, claim(EPOCH, None)).await.unwrap();
    let [published, pinged] = ["publish", "ping"].map(|command| asked(&redis, command));
    for tick in 1..=TIMES {
        backplane.publish(Topic::Up(maze.clone()), Bytes::from_static(b"a roster")).await.unwrap();
        backplane.commit(&maze, commit(tick)).await.unwrap();
        backplane.append_strip(&maze, Bytes::from_static(b"strip")).await.unwrap();
        let row = BoardRow { player: PlayerId(1), points: tick.into(), shown: Bytes::from_static(b"Ann") };
        backplane.board_show(&Board::WorldLive, &maze, Position { epoch: EPOCH, tick }, std::slice::from_ref(&row)).await.unwrap();
        backplane.board_raise(&Board::AllTime, &[row]).await.unwrap();
    }
    // Commits publish, too. The listening line is asked when it has heard nothing for two seconds.
    let [published, pinged] = [("publish", published), ("ping", pinged)].map(|(command, before)| asked(&redis, command) - before);
    assert!(published >= u64::from(2 * TIMES) && pinged < u64::from(TIMES / 10), "{pinged} pings for {published} messages");
    for _ in 0..TIMES {
        backplane.position(&maze).await.unwrap();
    }
    assert!(asked(&redis, "ping") >= u64::from(TIMES), "the pool's connections are asked");
}

#[tokio::test]
async fn a_key_goes_over_redis_only_to_the_leader_of_another_process() {
    let redis = RedisServer::start();
    let [here, there] = [redis.backplane(), redis.backplane()];
    let maze = MazeId::parse(MAZE).unwrap();
    let up = Topic::Up(maze.clone());
    let mut ups = here.subscribe(std::slice::from_ref(&up)).await.unwrap();
    let mut elsewhere = there.subscribe(std::slice::from_ref(&up)).await.unwrap();
    let next = async |heard: &mut Subscription| timeout(SOON, heard.next()).await.expect("in time").map(|(_, message)| message);

    here.claim(&maze, claim(EPOCH, None)).await.unwrap();
    let before = asked(&redis, "publish");
    for tick in 1..=TIMES {
        here.commit(&maze, commit(tick)).await.unwrap();
        here.tell_leader(&maze, tick.to_string().into()).await.unwrap();
        assert_eq!(next(&mut ups).await, Some(tick.to_string().into()));
    }
    // Each commit publishes; a key does where the machine has stood still since.
    let keys = asked(&redis, "publish") - before - u64::from(TIMES);
    assert!(keys < u64::from(TIMES / 10), "{keys} of {TIMES} keys went over Redis");

    there.tell_leader(&maze, Bytes::from_static(b"from there")).await.unwrap();
    assert_eq!(next(&mut ups).await, Some(Bytes::from_static(b"from there")));

    let deposed = Position { epoch: EPOCH, tick: TIMES };
    there.claim(&maze, claim(Epoch::new(2, 2), Some(deposed))).await.unwrap();
    assert!(matches!(here.commit(&maze, commit(TIMES + 1)).await, Ok(Verdict::Refused { .. })));
    here.tell_leader(&maze, Bytes::from_static(b"from here")).await.unwrap();
    let heard = async { while next(&mut elsewhere).await != Some(Bytes::from_static(b"from here")) {} };
    timeout(SOON, heard).await.expect("who was deposed tells the next leader");
}

#[tokio::test]
async fn a_silence_that_many_notice_builds_the_listening_connection_again_once() {
    let redis = RedisServer::start();
    let backplane = redis.backplane();
    let topic = Topic::Down(MazeId::parse(MAZE).unwrap());
    let mut subscription = backplane.subscribe(std::slice::from_ref(&topic)).await.unwrap();
    let until_ready = async |ready: bool| {
        let turns = async {
            while backplane.is_ready() != ready {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, turns).await.expect("in time");
    };
    let heard = async |subscription: &mut Subscription| {
        backplane.publish(topic.clone(), Bytes::from_static(b"show")).await.unwrap();
        timeout(SOON, subscription.next()).await.expect("in time").expect("alive");
    };
    heard(&mut subscription).await;
    let connections = || counted(&redis, "stats", "total_connections_received:");
    let before = connections();
    backplane.rebuild_subscriptions();
    until_ready(false).await;
    backplane.rebuild_subscriptions();
    until_ready(true).await;
    heard(&mut subscription).await;
    assert_eq!(connections() - before, 2, "the new one and that of this question");
}
