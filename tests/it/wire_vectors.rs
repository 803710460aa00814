//! W2 across languages: what Rust writes and reads, as files that node reads too (`tests/js`), and PROTOCOL.md held to the code.
//!
//! Each test makes its vectors anew and compares them with the file in `tests/golden`. A change of the protocol shows as a difference there: to
//! accept it, delete the file and run the test twice; the first run writes it and fails, so that somebody looks at it.

mod black_box;
mod document;
mod frames;
mod messages;
mod mirror;
mod rails;
mod worlds;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use serde_json::json;
use waka::game::grid::Tile;
use waka::game::maze;
use waka::wire;
use waka::wire::close::Close;
use waka::wire::close::Then;
use waka::wire::frame;
use waka::wire::names;

/// Compares with a file of `tests/golden`, an entry a line so that a difference can be read.
fn golden(file: &str, entries: &[Value]) {
    let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
    let made = format!("[\n{}\n]\n", lines.join(",\n"));
    let path = golden_path(file);
    let Ok(kept) = fs::read_to_string(&path) else {
        fs::write(&path, made).unwrap();
        panic!("tests/golden/{file} was missing and has been written: look at it and run this test again");
    };
    let differs = kept.lines().zip(made.lines()).position(|(kept, made)| kept != made);
    assert!(kept == made, "tests/golden/{file} differs from line {differs:?} on; if it should, delete it and run this test twice");
}

fn golden_path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Small, fast, the same everywhere; good enough to shuffle test data.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % limit
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 1
    }
}

#[test]
fn constants_are_shared() {
    let constants = json!({
        "PROTOCOL_VERSION": wire::PROTOCOL_VERSION,
        "CLIENT_MESSAGE_BYTES_MAX": wire::CLIENT_MESSAGE_BYTES_MAX,
        "NAME_CHARS_MAX": wire::NAME_CHARS_MAX,
        "CHAT_CHARS_MAX": wire::CHAT_CHARS_MAX,
        "CHAT_HISTORY_LINES": wire::CHAT_HISTORY_LINES,
        "COLOURS": wire::COLOURS,
        "SYMBOLS": wire::SYMBOLS,
        "PHRASES": wire::phrases::PHRASES,
        "MAZE_ID_BYTES_MAX": wire::MAZE_ID_BYTES_MAX,
        "BEAT_TICKS": wire::BEAT_TICKS,
        "SEATS": waka::game::scene::SEATS,
        "GHOSTS_MAX": waka::game::scene::GHOSTS_MAX,
        "PELLETS": waka::game::scene::PELLETS,
        "PELLETS_IN_QUARTER": waka::game::scene::PELLETS_IN_QUARTER,
        "EVENT_TICKS": waka::game::event::EVENT_TICKS,
        "EVENTS_MAX": frame::EVENTS_MAX,
        "EVENT_POINTS": frame::EVENT_POINTS,
        "EVENT_KINDS": waka::game::event::EventKind::ALL.map(frame::event_word),
    });
    let entries: Vec<Value> = constants.as_object().unwrap().iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    golden("constants.json", &entries);
}

#[test]
fn closes_are_shared() {
    let entries = Close::ALL.map(|close| {
        let (code, name, then) = close.row();
        json!({ "code": code, "name": name, "then": then_word(then) })
    });
    golden("closes.json", &entries);
}

fn then_word(then: Then) -> &'static str {
    match then {
        Then::Reconnect => "reconnect",
        Then::Reload => "reload",
        Then::Forget => "forget",
        Then::Stop => "stop",
    }
}

#[test]
fn the_maze_is_shared() {
    let tiles = (0..32 * 31_u16).map(Tile).filter(|&tile| maze::exits(tile) != 0);
    let entries: Vec<Value> = tiles
        .map(|tile| {
            json!({
                "tile": tile.0,
                "exits": maze::exits(tile),
                "pellet": maze::pellet_at(tile),
                "energizer": maze::pellet_at(tile).is_some_and(maze::is_energizer),
                "slow": maze::in_tunnel(tile),
                "no_up": maze::forbids_up(tile),
            })
        })
        .collect();
    golden("maze.json", &entries);
}

#[test]
fn names_and_chat_lines_are_judged_alike() {
    let name_max = "가".repeat(wire::NAME_CHARS_MAX);
    let chat_max = "가".repeat(wire::CHAT_CHARS_MAX);
    let texts = [
        "Mori",
        "  Mori  ",
        "모리",
        "a b",
        "<b>x</b>",
        "🍒",
        "é",
        "e\u{301}",
        "\u{301}",
        "",
        "   ",
        "\u{3000}",
        "a\u{A0}b",
        "\u{FEFF}a",
        "a\u{200B}b",
        "a\u{200D}b",
        "a\u{202E}b",
        "a\u{2066}b",
        "a\u{0}b",
        "a\tb",
        "a\nb",
        "a\u{85}b",
        "a\u{2028}b",
        "a\u{2029}b",
        "a\u{E000}b",
        "a\u{378}b",
        "\u{3164}",
        "a\u{115F}b",
        "\u{2800}",
        "\u{FFA0}",
        "a\u{AD}b",
        "\u{1F600}\u{FE0F}",
        "نام",
        "नाम",
        "\u{FFFE}",
        "\u{E0041}",
    ];
    let long = [name_max.clone(), name_max + "가", chat_max.clone(), chat_max + "가"];
    let entries: Vec<Value> = texts
        .iter()
        .map(|text| (*text).to_owned())
        .chain(long)
        .map(|text| json!({ "text": text, "name": names::name(&text).ok(), "chat": names::chat_line(&text).ok() }))
        .collect();
    golden("text.json", &entries);
}
