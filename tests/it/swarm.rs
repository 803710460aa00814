//! The swarm against the real program: a small one plays real games over real sockets, reports, and is held to its budgets by its exit code.

mod arithmetic;
mod line;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::port::Port;
use crate::program::Program;
use crate::program::run;
use crate::program::waka;
use crate::redis_server::RedisServer;

/// A file of this test, gone when it ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.json", std::process::id())))
    }

    fn json(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(&self.0).expect("a report")).expect("JSON")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _gone = fs::remove_file(&self.0);
    }
}

/// What a swarm of these options reports, with the exit code.
fn swarm(arguments: &[&str], file: &Scratch) -> (Option<i32>, Value, String) {
    let (code, out, log) = run(&mut waka(&[&["swarm"], arguments, &["--json", file.0.to_str().expect("UTF-8")]].concat()));
    assert!(file.0.exists(), "{code:?} {out}{log}");
    (code, file.json(), out)
}

fn url(program: &Program) -> String {
    format!("ws://{}/ws", program.address())
}

#[test]
fn a_small_swarm_plays_reports_and_keeps_its_budgets() {
    let program = Program::start(&[]);
    let file = Scratch::new("swarm");
    let (url, pid) = (url(&program), program.id().to_string());
    let arguments = ["swarm", "--url", &url, "--players", "12", "--per-maze", "6", "--seconds", "3", "--ramp", "50", "--server-pid", &pid];
    let budgets = ["--budget", "closes=0", "--budget", "unopened=0", "--budget", "latency-p99=5s", "--budget", "bytes-down=20KiB"];
    let mut command = waka(&[&arguments[..], &budgets[..], &["--json", file.0.to_str().expect("UTF-8")]].concat());
    let (code, out, log) = run(&mut command);
    assert_eq!(code, Some(0), "{out}{log}");
    let report = file.json();
    assert_eq!((&report["players_at_first"], &report["joins"], &report["mazes"]), (&12.into(), &12.into(), &2.into()), "{report}");
    // Everybody presses about twice a second and is seen by five others; frames come every 100 ms at the latest.
    assert!(report["latency_ms"]["count"].as_u64().expect("a number") > 20, "{report}");
    assert!(report["frames_per_player_s"].as_f64().expect("a number") > 5.0, "{report}");
    assert!(report["bytes_down_per_player_s"].as_f64().expect("a number") > 200.0, "{report}");
    let up = report["bytes_up_per_player_s"].as_f64().expect("a number");
    assert!((20.0..2000.0).contains(&up), "{report}");
    assert!(report["swarm"]["busy_percent"].as_f64().expect("a number") > 0.0, "{report}");
    if cfg!(target_os = "linux") {
        assert!(report["server"]["memory_bytes_at_last"].as_u64().expect("a number") > 1_000_000, "{report}");
    } else {
        assert_eq!(report["server"]["why"], "not on this system");
    }
    assert!(out.contains("12 of 12 players in 2 mazes, as metronome") && out.contains("budget closes=0: 0.0, met"), "{out}");
}

#[test]
fn metronomes_among_people_have_a_latency_and_a_budget_of_their_own() {
    let program = Program::start(&[]);
    let (url, file) = (url(&program), Scratch::new("metronomes"));
    let crowd = ["--url", &url, "--players", "8", "--per-maze", "4", "--seconds", "4", "--style", "people", "--metronomes", "2"];
    let (code, report, out) = swarm(&[&crowd[..], &["--budget", "metronome-latency-p99=5s"]].concat(), &file);
    assert_eq!(code, Some(0), "{out}");
    let count = |style: &str| report["latency_by_style_ms"][style]["count"].as_u64().expect("a number");
    // Two metronomes press about twice a second, the other six when they come to a corner.
    assert!(count("metronome") >= 8 && count("people") >= 8, "{report}");
    assert_eq!(report["latency_ms"]["count"].as_u64(), Some(count("metronome") + count("people")), "{report}");
    assert!(out.contains("8 of 8 players in 2 mazes, as people, 2 of them as metronome, at"), "{out}");
}

#[test]
fn an_impossible_budget_has_an_exit_code_of_its_own() {
    let program = Program::start(&[]);
    let mut command = waka(&["swarm", "--url", &url(&program), "--players", "2", "--seconds", "1", "--budget", "gap-p99=1us"]);
    let (code, out, log) = run(&mut command);
    assert_eq!(code, Some(3), "{out}{log}");
    assert!(out.contains("budget gap-p99=1us: ") && out.contains(", MISSED"), "{out}");
}

#[test]
fn nobody_there_and_senseless_budgets_are_one_clear_line() {
    let nobody = Port::deserted();
    let url = format!("ws://{}/ws", nobody.address);
    let (code, out, log) = run(&mut waka(&["swarm", "--url", &url, "--players", "3", "--seconds", "1"]));
    assert_eq!((code, out.as_str()), (Some(1), ""), "{log}");
    assert!(log.lines().last().expect("a line").starts_with("waka: nobody got a seat; not opened: "), "{log}");
    let (code, _, log) = run(&mut waka(&["swarm", "--url", &url, "--budget", "happiness=1"]));
    assert!(code == Some(64) && log.contains("waka: --budget: `happiness` is not one of latency"), "{log}");
}

#[test]
fn spectators_chat_departures_and_hostile_clients_are_in_the_mix() {
    let program = Program::start(&[]);
    let (url, file) = (url(&program), Scratch::new("mix"));
    let crowd = ["--url", &url, "--players", "10", "--per-maze", "5", "--spectators", "4", "--seconds", "8"];
    let mix = ["--chat", "240", "--churn", "60", "--hostile", "8", "--budget", "closes=0", "--budget", "unopened=0"];
    let (code, report, out) = swarm(&[&crowd[..], &mix[..]].concat(), &file);
    assert_eq!(code, Some(0), "nobody but the hostile is closed: {out}");
    assert!(report["frames_per_spectator_s"].as_f64().expect("a number") > 5.0, "{report}");
    let (said, heard) = (report["chat_lines_said"].as_u64().expect("a number"), report["chat_lines_heard"].as_u64().expect("a number"));
    // Four lines a second for eight seconds, each to seven clients of its maze at least, but the last ones are still under way.
    assert!(said > 20 && heard > 5 * said, "{said} said, {heard} heard");
    assert!((6..=8).contains(&report["departures"].as_u64().expect("a number")), "{report}");
    assert!(report["joins"].as_u64().expect("a number") >= 14 + 6, "{report}");
    let ended = report["hostility"]["ended"].as_object().expect("an object");
    for how in ["flooder: 4005 too_fast", "garbage: 4002 bad_message", "garbage: 4003 binary_message"] {
        assert!(ended.get(how).is_some_and(|count| count.as_u64() > Some(0)), "{how} is missing in {ended:?}");
    }
    assert!(report["hostility"]["shift_percent"].is_number(), "{report}");
}

#[test]
fn a_soak_over_two_gateways_counts_the_keys_of_redis_which_do_not_grow_with_those_who_come_and_go() {
    let redis = RedisServer::start();
    let (one, other) = (Program::start(&["--redis", &redis.url()]), Program::start(&["--redis", &redis.url()]));
    let (urls, pid, file) = ([url(&one), url(&other)], one.id().to_string(), Scratch::new("soak"));
    let crowd =
        ["--url", &urls[0], "--url", &urls[1], "--players", "6", "--per-maze", "3", "--seconds", "12", "--churn", "120", "--chat", "60"];
    let watch = ["--redis", &redis.url(), "--server-pid", &pid, "--budget", "redis-keys=40", "--budget", "closes=0"];
    let (code, report, out) = swarm(&[&crowd[..], &watch[..]].concat(), &file);
    assert_eq!(code, Some(0), "{out}");
    let keys = |name: &str| report["redis_keys"][name].as_u64().expect("a number");
    // Two mazes with their records, boards, chats and black boxes, and what all have in common.
    assert!(keys("at_first") >= 2 && keys("at_last") <= keys("most"), "{report}");
    assert!(report["departures"].as_u64() >= Some(20), "{report}");
    // Each maze has players at both gateways, and they see each other's keys.
    assert!(report["latency_ms"]["count"].as_u64() > Some(40) && report["players_at_first"] == 6, "{report}");
    if cfg!(target_os = "linux") {
        assert!(report["server"]["memory_bytes_at_first"].is_u64(), "{report}");
    }
}
