//! The house rules that a machine can hold, held by reading the source: file length, opening lines, where tasks are spawned, who reads the
//! environment, words that must not stand. Lints hold the rest (`[lints]` in Cargo.toml, clippy.toml).

use std::path::Path;
use std::path::PathBuf;

use crate::source;

/// Lines of a source file at most; a longer one has two jobs.
const FILE_LINES_MAX: usize = 400;

/// Files that own tasks, each with what it owns. Everything else is called, never spawned.
const OWNS_TASKS: &[&str] = &[
    "src/server.rs",               // the parts themselves, and the shutdown
    "src/server/heart.rs",         // the heartbeat
    "src/telemetry/stderr.rs",     // the thread that writes the log
    "src/telemetry/cloudwatch.rs", // the thread that sends it
    "src/worker.rs",               // one supervised task a maze
    "src/gateway/listener.rs",     // one task a connection; axum gives a WebSocket one of its own
    "src/gateway/lobby.rs",        // one task a maze that the gateway has people in
    "src/gateway/world_chat.rs",   // the world's chat
    "src/backplane/redis.rs",      // the supervisor of the listening connection
    "src/client/keeper.rs",        // bots
    "src/swarm/hold.rs",           // the players of a swarm
];

fn rust_sources() -> Vec<PathBuf> {
    source::under(&source::root().join("src"), "rs")
}

fn page_sources() -> Vec<PathBuf> {
    source::under(&source::root().join("static"), "js")
}

fn test_sources() -> Vec<PathBuf> {
    ["tests", "benches"].iter().flat_map(|folder| source::under(&source::root().join(folder), "rs")).collect()
}

/// Every line of `files` in which `offends` finds something, as `file:line: what`.
fn offences(files: &[PathBuf], offends: impl Fn(&Path, &str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(source::root()).unwrap();
        for (number, line) in source::lines(file) {
            if let Some(what) = offends(name, &line) {
                found.push(format!("{}:{number}: {what}", name.display()));
            }
        }
    }
    found
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_file_is_longer_than_its_job() {
    let files = [rust_sources(), page_sources(), test_sources()].concat();
    let long: Vec<String> = files
        .iter()
        .map(|file| (file, source::lines(file).len()))
        .filter(|&(_, lines)| lines > FILE_LINES_MAX)
        .map(|(file, lines)| format!("{}: {lines} lines", file.display()))
        .collect();
    assert_none(&long);
}

#[test]
fn every_file_opens_by_saying_what_lives_in_it() {
    let mut bare = Vec::new();
    for file in [rust_sources(), test_sources()].concat() {
        if !source::lines(&file).first().is_some_and(|(_, line)| line.starts_with("//! ")) {
            bare.push(format!("{} does not open with `//!`", file.display()));
        }
    }
    for file in page_sources() {
        let lines = source::lines(&file);
        let checked = lines.iter().take(2).any(|(_, line)| line.trim() == "// @ts-check");
        let told = lines
            .iter()
            .take(4)
            .any(|(_, line)| line.starts_with("/**") || line.starts_with("/*") || (line.starts_with("// ") && !line.contains("@ts-check")));
        if !checked || !told {
            bare.push(format!("{} does not open with `// @ts-check` and what lives in it", file.display()));
        }
    }
    assert_none(&bare);
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TO", "FIX"].map(|start| format!("{start}{}", if start == "TO" { "DO" } else { "ME" }));
    let files = [rust_sources(), page_sources(), test_sources()].concat();
    assert_none(&offences(&files, |_, line| words.iter().find(|word| line.contains(*word)).map(|word| format!("says {word}"))));
}

#[test]
fn no_channel_is_unbounded() {
    assert_none(&offences(&rust_sources(), |_, line| {
        line.contains("unbounded")
            .then(|| "an unbounded queue; every queue has a bound with a name".to_owned())
            .filter(|_| !line.trim_start().starts_with("//"))
    }));
}

#[test]
fn tasks_are_spawned_only_where_they_are_owned() {
    assert_none(&offences(&rust_sources(), |name, line| {
        // A pac spawns in the law, which has no tasks.
        let spawns = line.contains("spawn(") && !line.trim_start().starts_with("//") && !name.starts_with("src/game");
        let owner = OWNS_TASKS.contains(&name.to_string_lossy().replace('\\', "/").as_str());
        let test = name.ends_with("tests.rs") || name.components().any(|part| part.as_os_str() == "tests");
        (spawns && !owner && !test).then(|| "spawns a task but is not in OWNS_TASKS".to_owned())
    }));
}

#[test]
fn only_config_reads_the_environment() {
    assert_none(&offences(&rust_sources(), |name, line| {
        let reads = line.contains("env::var") || line.contains("env::args");
        let allowed = name == Path::new("src/config.rs") || name.ends_with("tests.rs");
        (reads && !allowed).then(|| "reads the environment".to_owned())
    }));
}

#[test]
fn tests_neither_sleep_nor_skip() {
    let files: Vec<PathBuf> = [rust_sources(), test_sources()].concat();
    assert_none(&offences(&files, |name, line| {
        let in_tests = name.starts_with("tests") || name.ends_with("tests.rs");
        let skips = ["#[ignore", "#[should_panic"].iter().any(|word| line.trim_start().starts_with(word));
        // Where time itself is what is promised, a test may let it pass, and says so.
        let is_word = |at: usize| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
        let sleeps = in_tests && line.match_indices("sleep(").any(|(at, _)| is_word(at)) && !line.contains("// time is the promise");
        (skips || sleeps).then(|| "a test that sleeps or skips".to_owned())
    }));
}

#[test]
fn the_page_writes_text_never_markup() {
    let words = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("];
    assert_none(&offences(&page_sources(), |_, line| words.iter().find(|word| line.contains(*word)).map(|word| format!("uses {word}"))));
}
