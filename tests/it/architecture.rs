//! The picture of who may name whom in ARCHITECTURE.md, held by a test.
//!
//! The table here is the picture: each module of the crate may name only what its line lists, all of it below. The tests read the source, so
//! that a trespass fails with its file and line; they also hold the table complete, real and without a cycle.

use std::collections::BTreeSet;
use std::fs;

use crate::source;

/// Who may name whom. What is absent is out of bounds.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("game", &[]),
    ("wire", &["game"]),
    ("backplane", &["wire"]),
    ("client", &["wire", "game"]),
    ("gateway", &["telemetry", "backplane", "wire"]),
    ("telemetry", &[]),
    ("worker", &["telemetry", "backplane", "wire", "game"]),
    ("replay", &["wire", "game"]),
    ("swarm", &["client", "wire", "game"]),
    ("site", &["gateway"]),
    ("config", &["backplane", "gateway", "site", "telemetry", "worker", "client", "replay", "swarm", "wire"]),
    ("server", &["config", "gateway", "telemetry", "worker", "client", "backplane", "wire"]),
];

#[test]
fn modules_name_only_what_lies_below() {
    let mut trespasses = Vec::new();
    for &(module, allowed) in MAY_NAME {
        for file in source::of_module(module) {
            for (number, line) in source::lines(&file) {
                for named in crate_paths(&line) {
                    if named != module && !allowed.contains(&named) {
                        trespasses.push(format!("{}:{number}: `{module}` may not name `{named}`", file.display()));
                    }
                }
            }
        }
    }
    assert!(trespasses.is_empty(), "\n{}", trespasses.join("\n"));
}

#[test]
fn every_module_has_a_line_and_every_line_a_module() {
    let root = fs::read_to_string(source::root().join("src/lib.rs")).unwrap();
    let declared: BTreeSet<&str> = root.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let listed: BTreeSet<&str> = MAY_NAME.iter().map(|&(module, _)| module).collect();
    assert_eq!(declared, listed, "`pub mod` lines of lib.rs and the table differ");
    for module in listed {
        assert!(!source::of_module(module).is_empty(), "`{module}` has no file");
    }
}

#[test]
fn the_table_has_no_cycle() {
    // Lines are in the order of the picture, bottom up in each group: taking away modules that name nothing left must empty the table.
    let mut left: Vec<_> = MAY_NAME.to_vec();
    while !left.is_empty() {
        let names: Vec<&str> = left.iter().map(|&(module, _)| module).collect();
        let before = left.len();
        left.retain(|(_, allowed)| allowed.iter().any(|name| names.contains(name)));
        assert!(left.len() < before, "a cycle among {names:?}");
    }
}

/// ARCHITECTURE.md lists the same edges, a line `module -> a, b` each.
#[test]
fn the_document_shows_the_same_table() {
    let document = fs::read_to_string(source::root().join("ARCHITECTURE.md")).unwrap();
    for &(module, allowed) in MAY_NAME {
        let names = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
        let row = format!("| `{module}` | {names} |");
        assert!(document.contains(&row), "ARCHITECTURE.md lacks the row: {row}");
    }
}

/// The first segment after each `crate::` outside a line comment.
fn crate_paths(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or("");
    code.match_indices("crate::").map(move |(at, found)| {
        let rest = &code[at + found.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}
