//! Several real processes on a real Redis: one game, whoever serves whom. What happens when one of them dies is `tests/chaos`.

use std::time::Instant;

use serde_json::Value;
use waka::game::grid::Direction;
use waka::wire::MazeId;
use waka::wire::close::Close;
use waka::wire::close::Then;
use waka::wire::from_client::Channel;
use waka::wire::from_client::FromClient;

use crate::journey::guest::Guest;
use crate::program::Program;
use crate::program::run;
use crate::program::waka;
use crate::redis_server::RedisServer;
use crate::visitor::SOON;

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
        tokio::task::yield_now().await;
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

#[tokio::test]
async fn a_gateway_without_people_in_a_maze_hears_nothing_of_it() {
    let redis = RedisServer::start();
    let (_worker, busy, _idle) = (started(&redis, "worker"), started(&redis, "gateway"), started(&redis, "gateway"));
    let mina = Guest::seated(&socket(&busy), "Mina", Some(MAZE)).await;
    let shows = format!("waka:{{{MAZE}}}:down");
    let mut connection = redis::Client::open(redis.url()).unwrap().get_connection().unwrap();
    let heard: Vec<(String, u32)> = redis::cmd("PUBSUB").arg("NUMSUB").arg(&shows).query(&mut connection).unwrap();
    // The worker that leads it listens, too, for the word that it is vacant.
    let listeners = heard[0].1;
    assert!((1..=2).contains(&listeners), "{listeners} processes hear of a maze that one has people in");
    drop(mina);
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

#[tokio::test]
async fn workers_share_the_mazes_and_a_newcomer_takes_its_part() {
    const MAZES: usize = 60;
    let redis = RedisServer::start();
    let gateway = started(&redis, "gateway");
    let _workers = [0; 3].map(|_| started(&redis, "worker"));
    let mut watchers = Vec::new();
    for n in 0..MAZES {
        let mut watcher = Guest::hello(&socket(&gateway), "Watcher", None).await;
        watcher.say(FromClient::Watch { maze: Some(MazeId::parse(&format!("maze-{n}")).unwrap()) }).await;
        watchers.push(watcher);
    }
    let leads = |status: &Value| -> Vec<u64> {
        let instances = status["instances"].as_array().unwrap().iter();
        instances.filter(|instance| instance["role"] == "worker").map(|instance| instance["leads"].as_u64().unwrap()).collect()
    };
    let all_led = |status: &Value| leads(status).iter().sum::<u64>() == MAZES as u64;
    let before = leads(&until_status(&gateway, "every maze is led", all_led).await);
    assert!(before.iter().all(|&leads| leads <= 30), "{before:?}");

    let fourth = started(&redis, "worker");
    let shared =
        |status: &Value| all_led(status) && leads(status).len() == 4 && leads(status).iter().all(|&leads| (5..=30).contains(&leads));
    until_status(&gateway, "the fourth has its part", shared).await;
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
        std::thread::yield_now();
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
