//! Several real processes on a real Redis: one game, whoever serves whom. What happens when one of them dies is `tests/chaos`.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Instant;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::watch;
use waka::game::grid::Direction;
use waka::wire::MazeId;
use waka::wire::NodeId;
use waka::wire::close::Close;
use waka::wire::close::Then;
use waka::wire::from_client::Channel;
use waka::wire::from_client::FromClient;
use waka::worker::ranking::best;

use crate::journey::guest::Guest;
use crate::program::Program;
use crate::program::run;
use crate::program::waka;
use crate::redis_server::RedisServer;
use crate::visitor::SOON;
use crate::visitor::a_moment;
use crate::visitor::stand_for_a_moment;

const MAZE: &str = "friends";

fn started(redis: &RedisServer, role: &str) -> Program {
    Program::start(&["--redis", &redis.url(), "--role", role])
}

fn socket(program: &Program) -> String {
    format!("ws://{}/ws", program.address())
}

async fn status(program: &Program) -> Value {
    let text = reqwest::get(format!("http://{}/api/status", program.address())).await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Asks until the answer is as it should be.
async fn until_status(program: &Program, what: &str, is: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + SOON;
    loop {
        let found = status(program).await;
        if is(&found) {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: {found}");
        a_moment().await;
    }
}

#[tokio::test]
async fn players_on_different_gateways_share_a_maze_that_a_third_process_leads() {
    let redis = RedisServer::start();
    let (worker, one, other) = (started(&redis, "worker"), started(&redis, "gateway"), started(&redis, "gateway"));
    let mut mina = Guest::seated(&socket(&one), "Mina", Some(MAZE)).await;
    let mut jun = Guest::seated(&socket(&other), "Jun", Some(MAZE)).await;
    mina.until("Jun", |guest| (guest.players.len() == 2).then_some(())).await;
    jun.until("Mina", |guest| (guest.players.len() == 2).then_some(())).await;

    let seat = mina.seat.unwrap();
    let n = mina.press(Direction::Left).await;
    jun.until("the key that Mina pressed", |guest| (u32::from(guest.mirror.numbers()?[usize::from(seat.0)]) == n % 8).then_some(())).await;
    jun.chat(Channel::Maze, "over here").await;
    mina.until("what Jun said", |guest| guest.has_read(Channel::Maze, "over here").then_some(())).await;

    let everybody = |status: &Value| status["instances"].as_array().is_some_and(|all| all.len() == 3);
    let led = |status: &Value| everybody(status) && status["mazes"][0]["players"] == 2;
    let (told, also) = (until_status(&one, "one maze of two", led).await, until_status(&worker, "the same from the worker", led).await);
    assert_eq!(told["mazes"][0]["leader"], also["instance"], "the worker leads");
    assert_eq!(told["backplane"], "redis");
    let page = reqwest::get(format!("http://{}/", worker.address())).await.unwrap();
    assert_eq!(page.status(), 404, "a worker serves no page");
}

/// A line to Redis that counts what comes down it of a maze: the bytes of messages on the maze's topics and of answers that name its keys.
struct CountedLine {
    port: u16,
    of_the_maze: Arc<AtomicUsize>,
    all: Arc<AtomicUsize>,
}

impl CountedLine {
    async fn open(redis: &RedisServer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let line = Self { port: listener.local_addr().unwrap().port(), of_the_maze: Arc::default(), all: Arc::default() };
        let (of_the_maze, all, redis) = (Arc::clone(&line.of_the_maze), Arc::clone(&line.all), redis.port());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(("127.0.0.1", redis)).await.unwrap();
                let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
                let (of_the_maze, all) = (Arc::clone(&of_the_maze), Arc::clone(&all));
                tokio::spawn(async move { tokio::io::copy(&mut near_in, &mut far_out).await });
                tokio::spawn(async move {
                    let mut buffer = vec![0; 64 * 1024];
                    while let Ok(length @ 1..) = far_in.read(&mut buffer).await {
                        // Every message of a maze comes with its topic, which has the maze in braces.
                        let names = String::from_utf8_lossy(&buffer[..length]).matches(&format!("{{{MAZE}}}")).count();
                        of_the_maze.fetch_add(if names == 0 { 0 } else { length }, Ordering::Relaxed);
                        all.fetch_add(length, Ordering::Relaxed);
                        near_out.write_all(&buffer[..length]).await.unwrap();
                    }
                });
            }
        });
        line
    }

    fn gateway(&self) -> Program {
        Program::start(&["--redis", &format!("redis://127.0.0.1:{}/", self.port), "--role", "gateway"])
    }

    /// Of the maze, and in all.
    fn bytes(&self) -> [usize; 2] {
        [&self.of_the_maze, &self.all].map(|bytes| bytes.load(Ordering::Relaxed))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_without_people_in_a_maze_receive_nothing_of_it() {
    const FRAMES: u32 = 60;
    let redis = RedisServer::start();
    let lines = [CountedLine::open(&redis).await, CountedLine::open(&redis).await, CountedLine::open(&redis).await];
    let _worker = started(&redis, "worker");
    let gateways = lines.each_ref().map(CountedLine::gateway);
    let mut mina = Guest::seated(&socket(&gateways[0]), "Mina", Some(MAZE)).await;
    let (before, frames) = (lines.each_ref().map(CountedLine::bytes), mina.frames);
    mina.press(Direction::Left).await;
    mina.until("sixty frames", |guest| (guest.frames >= frames + FRAMES).then_some(())).await;
    mina.chat(Channel::Maze, "nobody there?").await;
    mina.until("her own words", |guest| guest.has_read(Channel::Maze, "nobody there?").then_some(())).await;
    let after = lines.each_ref().map(CountedLine::bytes);
    let [busy, idle, other]: [[usize; 2]; 3] =
        std::array::from_fn(|line| std::array::from_fn(|kind| after[line][kind] - before[line][kind]));
    assert!(busy[0] > FRAMES as usize * 40, "the gateway with people in the maze received {busy:?} bytes, of the maze and in all");
    assert_eq!([idle[0], other[0]], [0, 0], "bytes of the maze at gateways without people in it");
    assert!(idle[1] > 0 && other[1] > 0, "their lines are counted at all: {idle:?}, {other:?}");
}

/// A line to Redis on which no subscription comes through before as many heartbeats.
async fn line_that_holds_subscriptions(redis: &RedisServer, beats: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, redis, (seen, _)) = (listener.local_addr().unwrap().port(), redis.port(), watch::channel(0));
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let far = TcpStream::connect(("127.0.0.1", redis)).await.unwrap();
            let ((mut near_in, mut near_out), (mut far_in, mut far_out), seen) = (near.into_split(), far.into_split(), seen.clone());
            tokio::spawn(async move { tokio::io::copy(&mut far_in, &mut near_out).await });
            tokio::spawn(async move {
                let mut buffer = vec![0; 64 * 1024];
                while let Ok(length @ 1..) = near_in.read(&mut buffer).await {
                    let said = String::from_utf8_lossy(&buffer[..length]);
                    if said.contains("SUBSCRIBE") {
                        seen.subscribe().wait_for(|seen| *seen >= beats).await.unwrap();
                    }
                    seen.send_modify(|seen| *seen += said.matches("\"draining\":").count());
                    far_out.write_all(&buffer[..length]).await.unwrap();
                }
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_says_that_it_is_open_when_it_lets_players_in_and_not_before() {
    let redis = RedisServer::start();
    let line = line_that_holds_subscriptions(&redis, 3).await;
    let gateway = Program::start(&["--redis", &format!("redis://127.0.0.1:{line}/"), "--role", "gateway"]);
    Guest::hello(&socket(&gateway), "Mina", None).await;
}

#[tokio::test]
async fn a_token_is_good_at_every_gateway_without_a_secret_given() {
    let redis = RedisServer::start();
    let (one, other) = (started(&redis, "all"), started(&redis, "all"));
    let mina = Guest::seated(&socket(&one), "Mina", Some(MAZE)).await;
    let (you, seat, token) = (mina.you, mina.seat, mina.token.clone());
    drop(mina);
    let mut again = Guest::hello(&socket(&other), "Mina", Some(token)).await;
    again.join(Some(MAZE)).await;
    assert_eq!((again.you, Some(again.until_seated().await)), (you, seat), "the same seat through another process");
}

#[tokio::test]
async fn a_player_who_comes_to_another_gateway_is_closed_at_the_first_and_stays_at_the_second() {
    let redis = RedisServer::start();
    let (_worker, one, other) = (started(&redis, "worker"), started(&redis, "gateway"), started(&redis, "gateway"));
    let mut first = Guest::seated(&socket(&one), "Mina", Some(MAZE)).await;
    let mut second = Guest::hello(&socket(&other), "Mina", Some(first.token.clone())).await;
    second.join(Some(MAZE)).await;
    assert_eq!(Some(second.until_seated().await), first.seat, "the same seat");
    // The page does not come back by itself after this code, so two pages do not throw each other out for ever.
    assert_eq!(first.until_closed().await, Some(4009));
    assert_eq!(Close::Replaced.row().2, Then::Stop);
    let frames = second.frames;
    second.until("two more seconds of the maze", |guest| (guest.frames > frames + 20).then_some(())).await;
    // And back again, as a person may who turns to his first page: the last one has him.
    let mut third = Guest::hello(&socket(&one), "Mina", Some(second.token.clone())).await;
    third.join(Some(MAZE)).await;
    third.until_seated().await;
    assert_eq!(second.until_closed().await, Some(4009));
    let n = third.press(Direction::Left).await;
    let seat = usize::from(third.seat.unwrap().0);
    third.until("his own key", |guest| (u32::from(guest.mirror.numbers()?[seat]) == n % 8).then_some(())).await;
}

/// Whether so many workers are there, and each maze is led by the one that ranks best for it.
fn is_shared(status: &Value, mazes: usize, workers: usize) -> bool {
    let instances = status["instances"].as_array().unwrap().iter().filter(|instance| instance["role"] == "worker");
    let named: Vec<NodeId> = instances.clone().map(|instance| NodeId(instance["id"].as_str().unwrap().to_owned())).collect();
    let rows = status["mazes"].as_array().unwrap();
    let leader =
        |row: &Value| best(&MazeId::parse(row["id"].as_str().unwrap()).unwrap(), &named).is_some_and(|best| row["leader"] == *best.0);
    let leads: u64 = instances.map(|instance| instance["leads"].as_u64().unwrap()).sum();
    named.len() == workers && leads == mazes as u64 && rows.len() == mazes && rows.iter().all(leader)
}

#[tokio::test]
async fn workers_share_the_mazes_and_a_newcomer_takes_its_part() {
    const MAZES: usize = 60;
    let redis = RedisServer::start();
    let gateway = started(&redis, "gateway");
    let _workers = [0; 3].map(|_| started(&redis, "worker"));
    let mut watchers = Vec::new();
    for n in 0..MAZES {
        let mut watcher = Guest::hello(&socket(&gateway), "Watcher", None).await;
        watcher.say(FromClient::Watch { maze: Some(MazeId::parse(&format!("maze-{n}")).unwrap()), next: false }).await;
        watchers.push(watcher);
    }
    let shared_among = async |workers: usize, watchers: &mut [Guest]| {
        tokio::select! {
            _ = until_status(&gateway, "each has its part", |status| is_shared(status, MAZES, workers)) => {}
            _ = join_all(watchers.iter_mut().map(Guest::listen)) => {}
        }
    };
    shared_among(3, &mut watchers).await;
    let fourth = started(&redis, "worker");
    shared_among(4, &mut watchers).await;
    for watcher in &mut watchers {
        let frames = watcher.frames;
        watcher.until("the maze to go on", |guest| (guest.frames > frames).then_some(())).await;
    }
    drop(fourth);
}

#[test]
fn a_refused_password_is_one_clear_line_that_does_not_repeat_it() {
    let redis = RedisServer::start();
    let address = redis.url().replace("redis://", "redis://:hunter2@");
    let (code, out, log) = run(&mut waka(&["--listen", "127.0.0.1:0", "--redis", &address]));
    assert_eq!((code, out.as_str()), (Some(1), ""), "{log}");
    assert!(log.contains("waka: redis refuses the password") && !log.contains("hunter2"), "{log}");
}

#[cfg(unix)]
#[test]
fn while_it_waits_for_redis_it_still_ends_when_asked() {
    use std::io::BufRead;
    use std::io::BufReader;

    let mut child = waka(&["--listen", "127.0.0.1:0", "--redis", "redis://127.0.0.1:1/"]).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.as_mut().unwrap()).lines().map(Result::unwrap);
    let line = log.find(|line| line.contains("waiting for redis"));
    assert!(line.as_ref().is_some_and(|line| line.contains("127.0.0.1:1")), "{line:?}");
    assert!(std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let deadline = Instant::now() + SOON;
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it does not end");
        stand_for_a_moment();
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
