//! Golden replays: recorded games whose every tick must come out the same on every machine, for ever (G1).
//!
//! `tests/golden/replays/<name>.json` holds a seed and commands by tick, `<name>.fingerprints` a 32-bit fingerprint of the world after each tick
//! (little endian). To record anew after a change of the rules, delete the files of a replay and run the test: it plays the game with its
//! autopilot, writes both files and fails, saying so. Look at the difference before you commit it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod autopilot;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use waka::game::grid::Direction;
use waka::game::scene::Phase;
use waka::game::scene::Seat;
use waka::game::seating::Command;
use waka::game::seating::Outcome;
use waka::game::world::World;

/// Bytes of all replays together at most: they are cloned by everybody.
const REPLAY_BYTES_MAX: u64 = 2 << 20;

/// A recorded game.
#[derive(Serialize, Deserialize)]
struct Replay {
    about: String,
    seed: u64,
    ticks: u32,
    /// One a line: tick, what, who, and for a wish which way.
    commands: Vec<String>,
}

/// What a game has shown: a replay that shows nothing proves nothing.
#[derive(Default, Debug)]
struct Shown {
    level_max: u16,
    players_max: u8,
    ghosts_max: usize,
    deaths_alone: u32,
    runs_over: u32,
    points_max: u32,
}

impl Shown {
    fn look(&mut self, before: Phase, world: &World, outcomes: &[Outcome]) {
        self.level_max = self.level_max.max(world.level());
        self.players_max = self.players_max.max(world.players());
        self.ghosts_max = self.ghosts_max.max(world.scene().ghosts.len());
        self.deaths_alone += u32::from(before != Phase::Dying && world.phase() == Phase::Dying);
        self.runs_over += outcomes.iter().filter(|outcome| matches!(outcome, Outcome::RunOver { .. })).count() as u32;
        self.points_max = self.points_max.max((0..16).map(|seat| world.points(Seat(seat))).max().unwrap_or(0));
    }
}

#[test]
fn one_player_clears_level_1() {
    let shown = replay("one-player-clears-level-1");
    assert!(shown.level_max == 2 && shown.players_max == 1, "{shown:?}");
}

#[test]
fn a_death_and_the_global_counter() {
    let shown = replay("a-death-and-the-global-counter");
    assert!(shown.deaths_alone >= 3 && shown.runs_over == 1, "{shown:?}");
}

#[test]
fn six_players() {
    let shown = replay("six-players");
    assert!(shown.players_max == 6 && shown.level_max >= 2, "{shown:?}");
}

#[test]
fn sixteen_players_come_and_go() {
    let shown = replay("sixteen-players-come-and-go");
    assert!(shown.players_max == 16 && shown.ghosts_max == 8 && shown.runs_over > 3, "{shown:?}");
}

#[test]
fn ten_minutes() {
    let shown = replay("ten-minutes");
    assert!(shown.players_max >= 3 && shown.points_max > 5_000 && shown.deaths_alone > 0, "{shown:?}");
}

#[test]
fn replays_stay_small() {
    let sizes = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().metadata().unwrap().len());
    assert!(sizes.sum::<u64>() <= REPLAY_BYTES_MAX);
}

/// Plays a recorded game twice in this process, against its fingerprints and against itself.
fn replay(name: &str) -> Shown {
    let (script, prints) = (folder().join(format!("{name}.json")), folder().join(format!("{name}.fingerprints")));
    if !script.exists() || !prints.exists() {
        record(name);
        panic!("{name} was missing and has been recorded: look at it, then run again");
    }
    let replay: Replay = serde_json::from_slice(&fs::read(script).unwrap()).unwrap();
    let expected: Vec<u32> = fs::read(prints).unwrap().chunks_exact(4).map(|four| u32::from_le_bytes(four.try_into().unwrap())).collect();
    assert_eq!(expected.len(), replay.ticks as usize);
    let commands: Vec<(u32, Command)> = replay.commands.iter().map(|line| parse(line)).collect();
    let mut shown = Shown::default();
    let (mut world, mut again) = (World::new(replay.seed), World::new(replay.seed));
    let mut next = 0;
    for (tick, expected) in (1..).zip(expected) {
        let due = commands[next..].iter().take_while(|(at, _)| *at == tick).count();
        let now: Vec<Command> = commands[next..next + due].iter().map(|&(_, command)| command).collect();
        next += due;
        let before = world.phase();
        let outcomes = world.step(&now);
        assert_eq!(fingerprint(&world), expected, "G1: {name} goes another way at tick {tick}");
        assert_eq!(outcomes, again.step(&now));
        assert_eq!(world, again, "G1: {name} differs from itself at tick {tick}");
        shown.look(before, &world, &outcomes);
    }
    assert_eq!(next, commands.len(), "all commands lie within the replay");
    shown
}

fn record(name: &str) {
    let script = autopilot::SCRIPTS.iter().find(|script| script.name == name).unwrap();
    let mut world = World::new(script.seed);
    let mut lines = Vec::new();
    let mut prints = Vec::new();
    for tick in 1..=script.ticks {
        let commands = (script.play)(&world, tick);
        lines.extend(commands.iter().map(|&command| line(tick, command)));
        let _ = world.step(&commands);
        prints.extend(fingerprint(&world).to_le_bytes());
    }
    let replay = Replay { about: script.about.to_owned(), seed: script.seed, ticks: script.ticks, commands: lines };
    fs::create_dir_all(folder()).unwrap();
    let mut text = serde_json::to_string_pretty(&replay).unwrap();
    text.push('\n');
    fs::write(folder().join(format!("{name}.json")), text).unwrap();
    fs::write(folder().join(format!("{name}.fingerprints")), prints).unwrap();
}

/// FNV-1a, 64 bits, over the stored bytes of the world, folded to 32.
fn fingerprint(world: &World) -> u32 {
    let bytes = postcard::to_allocvec(world).unwrap();
    let hash = bytes.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
    (hash ^ hash >> 32) as u32
}

fn line(tick: u32, command: Command) -> String {
    let mut line = format!("{tick} ");
    match command {
        Command::Join { player } => write!(line, "join {player}"),
        Command::Wish { seat, direction } => {
            write!(line, "wish {} {}", seat.0, ["up", "left", "down", "right"][direction.bits() as usize])
        }
        Command::Park { seat } => write!(line, "park {}", seat.0),
        Command::Unpark { seat } => write!(line, "unpark {}", seat.0),
        Command::Leave { seat } => write!(line, "leave {}", seat.0),
    }
    .unwrap();
    line
}

fn parse(line: &str) -> (u32, Command) {
    let words: Vec<&str> = line.split(' ').collect();
    let number = |index: usize| words[index].parse::<u64>().unwrap();
    let seat = || Seat(number(2) as u8);
    let command = match words[1] {
        "join" => Command::Join { player: number(2) },
        "wish" => {
            let direction = match words[3] {
                "up" => Direction::Up,
                "left" => Direction::Left,
                "down" => Direction::Down,
                _ => Direction::Right,
            };
            Command::Wish { seat: seat(), direction }
        }
        "park" => Command::Park { seat: seat() },
        "unpark" => Command::Unpark { seat: seat() },
        "leave" => Command::Leave { seat: seat() },
        other => panic!("{other} is no command"),
    };
    (number(0) as u32, command)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/replays")
}
