//! docs/logging.md tells every event, every number and every metric of alarms, and none that is not: it is compared with the source.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;

use crate::source;

const LEVELS: [&str; 4] = ["error", "warn", "info", "debug"];

/// Rows of the document's tables: the first cell's code, and the second cell.
fn told() -> BTreeMap<String, String> {
    let text = fs::read_to_string(source::root().join("docs/logging.md")).unwrap();
    let mut told = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect();
        let Some(name) = cells[0].strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) else { continue };
        if let Some(second) = cells.get(1) {
            assert!(told.insert(name.to_owned(), (*second).to_owned()).is_none(), "docs/logging.md tells `{name}` twice");
        }
    }
    told
}

/// Every source file's text, without tests.
fn sources() -> Vec<(String, String)> {
    let files = source::under(&source::root().join("src"), "rs");
    let texts = files.iter().filter(|file| !file.ends_with("tests.rs") && !file.iter().any(|part| part == "tests"));
    texts
        .map(|file| {
            let text = fs::read_to_string(file).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            (file.strip_prefix(source::root()).unwrap().display().to_string(), code)
        })
        .collect()
}

/// Where in the source something is written into the log: level, and the call's text.
fn calls() -> Vec<(String, &'static str, String)> {
    let mut calls = Vec::new();
    for (file, code) in sources() {
        for level in LEVELS.into_iter().chain(["trace"]) {
            for (at, _) in code.match_indices(&format!("tracing::{level}!(")) {
                let call: String = code[at..].chars().take_while(|letter| *letter != ';').take(600).collect();
                calls.push((file.clone(), level, call));
            }
        }
    }
    calls
}

#[test]
fn every_event_of_the_source_is_told_with_its_level_and_every_one_told_is_there() {
    let told = told();
    let mut written = BTreeSet::new();
    for (file, level, call) in calls() {
        let named = call.split_once("event = \"").and_then(|(before, rest)| Some((before, rest.split_once('"')?.0)));
        let Some((before, name)) = named else { panic!("{file}: no event in {call}") };
        assert!(!before.contains(','), "{file}: the event's name comes first in {call}");
        assert_eq!(told.get(name).map(String::as_str), Some(level), "{file}: docs/logging.md lacks `{name}` as {level}");
        written.insert(name.to_owned());
    }
    assert!(written.len() > 30, "this test reads nothing");
    let events = told.iter().filter(|(_, second)| LEVELS.contains(&second.as_str()));
    let gone: Vec<&String> = events.map(|(name, _)| name).filter(|name| !written.contains(*name)).collect();
    assert!(gone.is_empty(), "docs/logging.md tells of events that are not in the source: {gone:?}");
}

#[test]
fn every_number_of_the_source_is_told_and_every_one_told_is_there() {
    let mut counted = BTreeSet::new();
    for (_, code) in sources() {
        for (at, _) in code.match_indices("\"waka_") {
            counted.insert(code[at + 1..].chars().take_while(|letter| letter.is_ascii_lowercase() || *letter == '_').collect::<String>());
        }
    }
    let told: BTreeSet<String> = told().into_keys().filter(|name| name.starts_with("waka_")).collect();
    assert_eq!(counted, told, "the source counts what is left, docs/logging.md tells what is right");
}

#[test]
fn every_metric_of_alarms_is_told_with_its_unit() {
    let told = told();
    let units: BTreeSet<&str> = waka::telemetry::digest::METRICS.iter().map(|(_, unit)| *unit).collect();
    let metrics: BTreeMap<&str, &str> =
        told.iter().filter(|(_, second)| units.contains(second.as_str())).map(|(name, unit)| (name.as_str(), unit.as_str())).collect();
    assert_eq!(metrics, waka::telemetry::digest::METRICS.into_iter().collect());
}
