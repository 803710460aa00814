//! The score boards over several real processes: the same everywhere, kept over a restart where Redis persists, put back where it does not; and what
//! an operator does to them.

use std::time::Duration;
use std::time::Instant;

use serde_json::Value;
use tokio::time::timeout;
use waka::game::grid::Direction;
use waka::wire::PlayerId;
use waka::wire::from_client::Channel;
use waka::wire::from_client::FromClient;
use waka::wire::from_client::Reason;
use waka::wire::to_client::Refusal;

use waka::wire::boards::BoardName;

use crate::journey::guest::Guest;
use crate::program::Program;
use crate::program::run;
use crate::program::waka;
use crate::redis_server::RedisServer;
use crate::visitor::SOON;
use crate::visitor::a_moment;

const MAZE: &str = "friends";

fn started(redis: &RedisServer) -> Program {
    Program::start(&["--redis", &redis.url(), "--role", "all"])
}

fn socket(program: &Program) -> String {
    format!("ws://{}/ws", program.address())
}

/// The rows of a board at `/api/boards`, each as name and points; `None` while it cannot be read.
async fn rows(program: &Program, of: &str) -> Option<Vec<(String, u64)>> {
    let url = format!("http://{}/api/boards?maze={MAZE}", program.address());
    let answer = reqwest::get(url).await.unwrap();
    if answer.status() == 503 {
        return None;
    }
    assert_eq!(answer.headers()["cache-control"], "public, max-age=1");
    let boards: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let board = boards.as_array().unwrap().iter().find(|board| board["of"] == of).unwrap();
    let row = |row: &Value| (row["name"].as_str().unwrap().to_owned(), row["points"].as_u64().unwrap());
    Some(board["rows"].as_array().unwrap().iter().map(row).collect())
}

/// Asks until a board is as it should be.
async fn until_rows(program: &Program, of: &str, is: impl Fn(&[(String, u64)]) -> bool) -> Vec<(String, u64)> {
    let deadline = Instant::now() + SOON;
    loop {
        let found = rows(program, of).await;
        if let Some(found) = found.as_ref().filter(|found| is(found)) {
            return found.clone();
        }
        assert!(Instant::now() < deadline, "{of}: {found:?}");
        tokio::time::sleep(Duration::from_millis(100)).await; // time is the promise
    }
}

/// Seated, and has eaten something.
async fn scored(program: &Program, name: &str) -> Guest {
    let mut guest = Guest::seated(&socket(program), name, Some(MAZE)).await;
    guest.press(Direction::Left).await;
    guest
}

fn names(rows: &[(String, u64)]) -> Vec<&str> {
    rows.iter().map(|(name, _)| name.as_str()).collect()
}

fn errand(redis: &RedisServer, words: &[&str]) -> String {
    let (code, out, log) = run(&mut waka(&[words, &["--redis", &redis.url()]].concat()));
    assert_eq!((code, log.as_str()), (Some(0), ""), "{words:?}: {out}");
    out
}

#[tokio::test]
async fn two_processes_show_the_same_boards_and_whoever_leaves_is_off_the_live_ones() {
    let redis = RedisServer::start();
    let (one, other) = (started(&redis), started(&redis));
    let mina = scored(&one, "Mina").await;
    let mut jun = scored(&other, "모리").await;
    let has_both = |rows: &[(String, u64)]| rows.len() == 2 && rows.iter().all(|(_, points)| *points > 0);
    for of in ["maze", "world", "today", "all"] {
        for program in [&one, &other] {
            until_rows(program, of, has_both).await;
        }
    }
    jun.say(FromClient::Board { of: BoardName::Today }).await;
    let told = jun.until("a board", |guest| guest.board.take()).await;
    assert_eq!((told.0, told.1.len()), (BoardName::Today, 2));
    drop(mina);
    jun.say(FromClient::Leave).await;
    until_rows(&one, "world", |rows| names(rows) == ["Mina"]).await;
    until_rows(&one, "maze", |rows| names(rows) == ["Mina"]).await;
    let best = until_rows(&other, "all", has_both).await;
    assert_eq!(names(&best).len(), 2, "the best runs stay");
}

#[tokio::test]
async fn what_persists_outlives_redis_and_what_does_not_is_put_back_by_the_leader() {
    let mut redis = RedisServer::persistent();
    let program = started(&redis);
    let mina = scored(&program, "Mina").await;
    let before = until_rows(&program, "today", |rows| rows.len() == 1).await;
    drop(mina);
    redis.restart();
    let after = until_rows(&program, "today", |rows| rows.len() == 1).await;
    assert!(after[0].1 >= before[0].1, "{before:?} {after:?}");

    let mut forgetful = RedisServer::start();
    let program = started(&forgetful);
    let mut jun = scored(&program, "Jun").await;
    until_rows(&program, "world", |rows| names(rows) == ["Jun"]).await;
    forgetful.restart();
    // What the gateway shows may be a second old, so Redis itself is asked.
    let mut kept = redis::Client::open(forgetful.url()).unwrap().get_connection().unwrap();
    let mut is_back = async || redis::cmd("KEYS").arg("{waka:board:live}*").query::<Vec<String>>(&mut kept).unwrap() != [""; 0];
    let waiting = async {
        while !is_back().await {
            a_moment().await;
        }
    };
    tokio::select! {
        back = timeout(SOON, waiting) => back.expect("those who play are put back"),
        () = jun.listen() => {}
    }
    until_rows(&program, "world", |rows| names(rows) == ["Jun"]).await;
    until_rows(&program, "maze", |rows| names(rows) == ["Jun"]).await;
}

#[tokio::test]
async fn an_operator_exports_purges_and_forgets() {
    let redis = RedisServer::start();
    let program = started(&redis);
    let mut mina = scored(&program, "Mina").await;
    let mut jun = scored(&program, "Jun").await;
    until_rows(&program, "all", |rows| rows.len() == 2).await;
    for channel in [Channel::Maze, Channel::World] {
        mina.chat(channel, "of Mina").await;
        jun.chat(channel, "of Jun").await;
        jun.until("both lines", |guest| (guest.has_read(channel, "of Mina") && guest.has_read(channel, "of Jun")).then_some(())).await;
    }
    let (id, token) = (mina.you.to_string(), mina.token.clone());
    jun.say(FromClient::Report { player: mina.you, reason: Some(Reason::Chat) }).await;
    mina.say(FromClient::Report { player: jun.you, reason: None }).await;
    for guest in [&mut jun, &mut mina] {
        guest.until("the thanks", |guest| guest.reported.first().copied()).await;
    }
    jun.say(FromClient::Report { player: PlayerId(7), reason: None }).await;
    jun.until("the refusal", |guest| guest.refused.contains(&Refusal::NoSuchPlayer).then_some(())).await;
    mina.say(FromClient::Leave).await;
    jun.say(FromClient::Leave).await;
    until_rows(&program, "world", <[_]>::is_empty).await;

    let export = errand(&redis, &["boards", "export"]);
    let rows: Vec<Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.iter().filter(|row| row["board"] == "all").count(), 2, "{export}");
    assert_eq!(
        rows.iter().filter(|row| row["id"] == id.as_str() && row["name"] == "Mina").count(),
        2,
        "of all time and of today: {export}"
    );
    assert!(!export.contains(&token), "a token is in no export");

    let said = errand(&redis, &["forget", "--player", &id]);
    assert!(said.starts_with(&id) && said.contains("2 lines of chat, 2 reports"), "whom he reported and who reported him: {said}");
    assert!(!errand(&redis, &["boards", "export"]).contains(&id));
    until_rows(&program, "all", |rows| names(rows) == ["Jun"]).await;
    // Newcomers hear Jun's lines only, in both channels.
    let mut late = Guest::seated(&socket(&program), "Late", Some(MAZE)).await;
    for channel in [Channel::Maze, Channel::World] {
        late.until("Jun's line", |guest| guest.has_read(channel, "of Jun").then_some(())).await;
        assert!(!late.has_read(channel, "of Mina"), "{channel:?}");
    }
    let mut kept = redis::Client::open(redis.url()).unwrap().get_connection().unwrap();
    let chat: Vec<(String, Vec<String>)> = redis::cmd("XRANGE").arg("waka:chat").arg("-").arg("+").query(&mut kept).unwrap();
    assert_eq!(chat.len(), 1, "{chat:?}");
    let reports: usize = redis::cmd("XLEN").arg("waka:reports").query(&mut kept).unwrap();
    assert_eq!(reports, 0);
    let forgotten: Vec<(String, Vec<String>)> = redis::cmd("XRANGE").arg("waka:forgotten").arg("-").arg("+").query(&mut kept).unwrap();
    assert!(!forgotten.is_empty() && forgotten.iter().all(|(_, fields)| fields[1] == id), "for whoever did not hear it: {forgotten:?}");

    errand(&redis, &["boards", "purge", "--all"]);
    assert_eq!(errand(&redis, &["boards", "export"]), "");
}

#[test]
fn an_errand_without_what_it_needs_is_one_clear_line_each() {
    for (words, told) in [
        (&["boards", "purge", "--redis", "redis://127.0.0.1:1/"][..], "boards purge: needs either --player or --all"),
        (&["forget", "--redis", "redis://127.0.0.1:1/"], "forget: needs --player"),
        (&["boards", "export"], "--redis: is needed"),
        (&["boards"], "a word is neither"),
        (&["serve", "--all"], "--all: is of another command"),
        (&["forget", "--player", "Mina", "--redis", "redis://127.0.0.1:1/"], "--player: is no player's id"),
    ] {
        let (code, out, log) = run(&mut waka(words));
        assert_eq!((code, out.as_str()), (Some(64), ""), "{words:?}: {log}");
        assert!(log.contains(told), "{words:?}: {log}");
    }
    let (code, _, log) = run(&mut waka(&["boards", "export", "--redis", "redis://127.0.0.1:1/"]));
    assert!(code == Some(1) && log.lines().count() == 1 && log.contains("redis does not answer"), "{log}");
}
