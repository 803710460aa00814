//! PROTOCOL.md held to the code: its examples are messages, its tables are those of the code, its worked example is a frame.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde_json::Value;
use waka::game::event::EventKind;
use waka::game::maze;
use waka::game::scene;
use waka::game::tuning;
use waka::gateway::admission;
use waka::gateway::token;
use waka::wire;
use waka::wire::close::Close;
use waka::wire::frame;
use waka::wire::frame::Event;
use waka::wire::frame::Frame;
use waka::wire::frame::SectionKind;
use waka::wire::frame::Sections;
use waka::wire::from_client::FromClient;
use waka::wire::to_client::ToClient;

use super::frames::start;
use super::hex;
use super::messages::REFUSALS;
use super::then_word;

const DOCUMENT: &str = include_str!("../../../PROTOCOL.md");

/// The text under a heading, up to the next one that is not deeper.
fn under(heading: &str) -> &'static str {
    let from = DOCUMENT.find(&format!("\n{heading}")).unwrap_or_else(|| panic!("PROTOCOL.md has no heading {heading}")) + 1;
    let hashes = heading.bytes().take_while(|&byte| byte == b'#').count();
    let text = &DOCUMENT[from + heading.len()..];
    let ends = (2..=hashes).filter_map(|depth| text.find(&format!("\n{} ", "#".repeat(depth)))).min();
    &text[..ends.unwrap_or(text.len())]
}

/// What stands in the fences of a kind.
fn blocks(text: &'static str, kind: &str) -> impl Iterator<Item = &'static str> {
    let fences: Vec<&str> = text.split(&format!("```{kind}\n")).skip(1).collect();
    fences.into_iter().map(|rest| rest.split("```").next().unwrap())
}

/// The cells of each table row, without blanks and code marks.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<String>> {
    let lines = text.lines().filter(|line| line.starts_with("| ") || line.starts_with("|-"));
    lines.map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`').to_owned()).collect())
}

fn type_of(line: &str) -> String {
    let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    value["type"].as_str().unwrap_or_else(|| panic!("no type: {line}")).to_owned()
}

#[test]
fn each_example_of_a_client_parses_and_none_is_missing() {
    let examples = ["## 1. ", "## 3. "].map(under).into_iter().flat_map(|text| blocks(text, "json")).flat_map(str::lines);
    let shown: BTreeSet<String> = examples
        .map(|line| {
            let message = FromClient::parse(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert_eq!(serde_json::to_string(&message).unwrap(), line);
            type_of(line)
        })
        .collect();
    assert_eq!(shown, FromClient::TYPES.map(str::to_owned).into());
}

#[test]
fn each_example_of_a_server_parses_and_none_is_missing() {
    let shown: BTreeSet<String> = blocks(under("## 4. "), "json")
        .flat_map(str::lines)
        .map(|line| {
            let message: ToClient = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert_eq!(serde_json::to_string(&message).unwrap(), line);
            type_of(line)
        })
        .collect();
    assert_eq!(
        shown,
        ["welcome", "joined", "players", "over", "chat", "pong", "board", "reported", "error", "bye"].map(str::to_owned).into()
    );
}

#[test]
fn the_table_of_closes_is_that_of_the_code() {
    let told: Vec<[String; 3]> = rows(under("### Close codes"))
        .filter(|row| row[0].starts_with('4'))
        .map(|row| [row[0].clone(), row[1].clone(), row[3].clone()])
        .collect();
    let known = Close::ALL.map(|close| {
        let (code, name, then) = close.row();
        [code.to_string(), name.to_owned(), then_word(then).to_owned()]
    });
    assert_eq!(told, known);
}

#[test]
fn the_table_of_refusals_is_that_of_the_code() {
    let told: Vec<String> = rows(under("### Refusals")).skip(2).map(|row| row[0].clone()).collect();
    let known = REFUSALS.map(|refusal| serde_json::to_value(refusal).unwrap().as_str().unwrap().to_owned());
    assert_eq!(told, known);
}

#[test]
fn the_table_of_bounds_is_that_of_the_code() {
    let known = [
        ("PROTOCOL_VERSION", wire::PROTOCOL_VERSION as usize),
        ("CLIENT_MESSAGE_BYTES_MAX", wire::CLIENT_MESSAGE_BYTES_MAX),
        ("NAME_CHARS_MAX", wire::NAME_CHARS_MAX),
        ("CHAT_CHARS_MAX", wire::CHAT_CHARS_MAX),
        ("CHAT_HISTORY_LINES", wire::CHAT_HISTORY_LINES),
        ("COLOURS", wire::COLOURS as usize),
        ("SYMBOLS", wire::SYMBOLS as usize),
        ("PHRASES", wire::phrases::PHRASES as usize),
        ("MAZE_ID_BYTES_MAX", wire::MAZE_ID_BYTES_MAX),
        ("BEAT_TICKS", wire::BEAT_TICKS as usize),
        ("SEATS", scene::SEATS),
        ("GHOSTS_MAX", scene::GHOSTS_MAX),
        ("EVENTS_MAX", frame::EVENTS_MAX),
        ("FRAME_BYTES_MAX", frame::FRAME_BYTES_MAX),
        ("SIGNED_CHARS_MAX", token::SIGNED_CHARS_MAX),
        ("MESSAGES_BURST", admission::MESSAGES_BURST as usize),
        ("MESSAGES_PER_SECOND", admission::MESSAGES_PER_SECOND as usize),
        ("CHAT_LINES", admission::CHAT_LINES as usize),
        ("JOINS", admission::JOINS as usize),
        ("BOARDS", admission::BOARDS as usize),
        ("REPORTS", admission::REPORTS as usize),
        ("REPORTS_OF_ALL", admission::REPORTS_OF_ALL as usize),
        ("BOARD_ROWS_TOLD", wire::boards::BOARD_ROWS_TOLD),
        ("CONNECTIONS_PER_ADDRESS_MAX", admission::CONNECTIONS_PER_ADDRESS_MAX as usize),
        ("CONNECTIONS_MAX", admission::CONNECTIONS_MAX as usize),
    ];
    let times = [
        ("CHAT_WINDOW", admission::CHAT_WINDOW),
        ("JOIN_WINDOW", admission::JOIN_WINDOW),
        ("BOARDS_WINDOW", admission::BOARDS_WINDOW),
        ("REPORTS_WINDOW", admission::REPORTS_WINDOW),
        ("HELLO_MAX", admission::HELLO_MAX),
        ("WRITE_MAX", admission::WRITE_MAX),
        ("PING_PERIOD", admission::PING_PERIOD),
        ("PONG_MAX", admission::PONG_MAX),
    ];
    let times = times.map(|(name, time)| (name, format!("{} s", time.as_secs())));
    let known: BTreeMap<&str, String> = known.map(|(name, bound)| (name, bound.to_string())).into_iter().chain(times).collect();
    let rows: Vec<Vec<String>> = rows(under("### Bounds")).skip(2).collect();
    let told: BTreeMap<&str, String> = rows.iter().map(|row| (row[0].as_str(), row[1].clone())).collect();
    assert_eq!(told, known);
}

#[test]
fn the_table_of_events_is_that_of_the_code() {
    let told: Vec<[String; 2]> = rows(under("### Events")).skip(2).map(|row| [row[0].clone(), row[1].clone()]).collect();
    let known: Vec<[String; 2]> =
        EventKind::ALL.iter().map(|&kind| [(kind as u8).to_string(), frame::event_word(kind).to_owned()]).collect();
    assert_eq!(told, known);
    let points = frame::EVENT_POINTS.map(|points| points.to_string()).join(", ");
    assert!(under("### Core").contains(&format!("index into {points} |")), "{points}");
}

#[test]
fn the_drawing_and_the_speeds_are_those_of_the_code() {
    let drawing = blocks(under("## 7. "), "").next().unwrap();
    for ((told, art), row) in drawing.lines().skip(1).zip(maze::ART).zip(0..) {
        let art = std::str::from_utf8(art).unwrap();
        assert_eq!(told, format!("{row:2} {art}").trim_end());
    }
    let told: Vec<Vec<String>> = rows(under("## 10. ")).skip(2).collect();
    let known: Vec<Vec<String>> = (0..)
        .zip(tuning::SPEEDS)
        .map(|(row, s)| {
            let speeds = [s.pac, s.pac_fright, s.pac_powered, s.ghost, s.ghost_fright, s.ghost_tunnel, s.elroy[0], s.elroy[1]];
            std::iter::once(row).chain(speeds).map(|k: u8| k.to_string()).collect()
        })
        .collect();
    assert_eq!(told, known);
}

/// The worked example.
fn sample() -> Frame {
    let mut frame = start();
    frame.numbers[0] = 5;
    frame.events = vec![Event { kind: EventKind::GhostEaten, who: 0, whom: 1, age: 3, points: 200 }];
    frame.scene.scores[0] = scene::Score { points: 12_340, lives: 2 };
    frame.sections = Sections::of(SectionKind::Scores(0));
    frame
}

#[test]
fn the_worked_example_is_a_frame() {
    let bytes = sample().encode();
    let text = under("### A worked example");
    let told: String = blocks(text, "hex").next().unwrap().split_whitespace().collect();
    assert_eq!(told, hex(&bytes));
    let told: Value = serde_json::from_str(blocks(text, "json").next().unwrap()).unwrap();
    let known: Value = serde_json::from_str(&frame::to_json(&bytes).unwrap()).unwrap();
    assert_eq!(told, known, "should be {known}");
    let bits = bytes.iter().map(|byte| format!("{byte:08b}")).collect::<Vec<_>>().concat();
    let told: String = rows(text).skip(2).map(|row| row[0].replace(' ', "")).collect();
    assert_eq!(told, bits, "the table's bits");
}

#[test]
fn the_sizes_that_are_told_are_true() {
    for (players, ghosts, budget) in [(1, 4, 0), (6, 4, 62), (10, 6, 82), (16, 8, 114)] {
        let mut frame = sample();
        frame.sections = Sections::of(SectionKind::Clocks);
        frame.scene.pacs = std::array::from_fn(|seat| frame.scene.pacs[0].filter(|_| seat < players));
        frame.scene.ghosts = vec![frame.scene.ghosts[0]; ghosts];
        let bytes = 2 + frame.encode().len();
        assert!(budget == 0 || bytes <= budget);
        let told = format!("{players} players and {ghosts} ghosts {bytes} bytes");
        assert!(under("### What frames take").contains(&told.replace("1 players", "1 player")), "{told}");
    }
}
