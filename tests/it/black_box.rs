//! A bug report with the real programs: a maze is played over a real Redis, its last minute fetched as a file, and stepped through again.

use std::time::Instant;

use crate::program::Program;
use crate::program::run;
use crate::program::waka;
use crate::redis_server::RedisServer;
use crate::visitor::SOON;
use crate::visitor::Visitor;

/// What a person does: fetch, and try again while nothing is kept yet.
fn fetched(url: &str, maze: &str, kept: &[&str]) -> Vec<u8> {
    let began = Instant::now();
    loop {
        let answer = waka(&[&["blackbox", maze, "--redis", url], kept].concat()).output().expect("it starts");
        if answer.status.success() {
            return answer.stdout;
        }
        let log = String::from_utf8_lossy(&answer.stderr);
        assert!(log.contains("nothing is kept of this maze") && began.elapsed() < SOON, "{log}");
    }
}

#[tokio::test]
async fn a_bug_report_is_a_file_that_steps_through_again() {
    let redis = RedisServer::start();
    let program = Program::start(&["--redis", &redis.url(), "--bots", "3"]);
    let address = program.address();
    let stream = tokio::net::TcpStream::connect(&address).await.expect("it listens");
    let mut visitor = Visitor::shake_hands(stream, &format!("ws://{address}/ws"), &[]).await.expect("let in");
    visitor.say(r#"{"type":"hello","version":1}"#).await;
    visitor.say(r#"{"type":"join","name":"Guest","maze":"bug"}"#).await;
    visitor.hear("joined").await;
    let url = redis.url();
    let bytes = tokio::task::spawn_blocking(move || fetched(&url, "bug", &[])).await.expect("no panic");

    let file = std::env::temp_dir().join(format!("waka-bug-report-{}.wakabox", std::process::id()));
    let path = file.to_str().expect("UTF-8");
    std::fs::write(&file, &bytes).expect("a file");
    let (code, out, log) = run(&mut waka(&["replay", "--check", path]));
    assert_eq!(code, Some(0), "{out}{log}");
    assert!(out.starts_with("maze bug\nepoch ") && out.ends_with("all of it came out as it was\n"), "{out}");
    let (code, out, _) = run(&mut waka(&["replay", path, "--to", "3", "--speed", "100"]));
    assert_eq!(code, Some(0));
    assert!(out.contains("\ntick 3  ") && !out.contains("\ntick 4  ") && out.contains("############"), "{out}");

    let mut broken = bytes.clone();
    let middle = broken.len() / 2;
    broken[middle] ^= 1;
    std::fs::write(&file, &broken).expect("a file");
    assert_eq!(run(&mut waka(&["replay", "--check", path])), (Some(1), format!("{path}: its checksum is wrong\n"), String::new()));
    std::fs::remove_file(&file).expect("it was there");
    let (code, out, log) = run(&mut waka(&["replay", path]));
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(log.starts_with(&format!("waka: {path}: ")), "{log}");

    let (code, _, log) = run(&mut waka(&["blackbox", "bug", "--kept", "--redis", &redis.url()]));
    assert_eq!((code, log.as_str()), (Some(1), "waka: nothing is kept of this maze\n"));
}

#[test]
fn what_the_commands_need_is_told_at_once() {
    for (arguments, told) in [
        (&["replay"][..], "replay: needs a file"),
        (&["replay", "a", "b"], "there is a word too many"),
        (&["replay", "a", "--speed", "fast"], "--speed: `fast` is not a number"),
        (&["replay", "a", "--from", "-1"], "--from: "),
        (&["replay", "a", "--kept"], "--kept: is of another command"),
        (&["--check"], "--check: is of another command"),
        (&["blackbox", "--redis", "redis://127.0.0.1/"], "blackbox: needs a maze"),
        (&["blackbox", "Open", "--redis", "redis://127.0.0.1/"], "blackbox: a maze id is"),
        (&["blackbox", "open-1"], "blackbox: needs the --redis"),
        (&["--black-box", "/no/such/folder"], "--black-box: `/no/such/folder` is not a folder"),
    ] {
        let (code, out, log) = run(&mut waka(arguments));
        assert_eq!((code, out.as_str()), (Some(64), ""), "{arguments:?}");
        assert!(log.contains(told), "{arguments:?}: {log}");
    }
}
