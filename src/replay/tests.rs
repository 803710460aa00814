//! Replays of boxes made by hand: what comes out as it was, what differs, what is missing, what panics.

use std::io;

use super::terminal::Terminal;
use super::terminal::Verdict;
use super::terminal::Wanted;
use super::*;
use crate::game::grid::Direction;
use crate::game::scene::Seat;
use crate::wire::MazeId;
use crate::wire::Position;
use crate::wire::black_box::Strip;

fn step(world: &mut World, commands: &[Command]) {
    drop(world.step(commands));
}

/// Seconds of play, each a strip; a whole world every third.
fn strips(seconds: u32) -> Vec<Strip> {
    let (mut world, mut scratch) = (World::new(8), Vec::new());
    let second = |second: u32| {
        let mut strip = Strip {
            epoch: Epoch::new(1, 1),
            after_tick: world.tick(),
            start: second.is_multiple_of(3).then(|| Start::of(&world)),
            ticks: 60,
            commands: vec![],
            fingerprints: vec![],
        };
        for at in 1..=60 {
            let turn = Command::Wish { seat: Seat(0), direction: Direction::from_bits(at / 9) };
            let command = if world.tick() == 0 { Command::Join { player: 1 } } else { turn };
            step(&mut world, &[command]);
            strip.commands.push((at, command));
            strip.fingerprints.push((at, fingerprint(&world, &mut scratch)));
        }
        strip
    };
    (0..seconds).map(second).collect()
}

/// What `waka replay` says of these strips, and how it ends.
fn told(name: &str, panicked: Option<Position>, strips: Vec<Strip>, step: Step<'_>, change: impl FnOnce(&mut Wanted)) -> (Verdict, String) {
    let file = std::env::temp_dir().join(format!("waka-replay-{name}-{}", std::process::id()));
    std::fs::write(&file, BlackBox::of(MazeId::open(1), panicked, strips).encode()).unwrap();
    let mut wanted = Wanted { file: file.clone(), from: None, to: None, speed: 100.0, check: true };
    change(&mut wanted);
    let (mut out, mut keys) = (Vec::new(), io::Cursor::new("\n\n"));
    let verdict = terminal::run(&wanted, step, &mut Terminal { out: &mut out, keys: &mut keys, moves_cursor: false }).unwrap();
    std::fs::remove_file(file).unwrap();
    (verdict, String::from_utf8(out).unwrap())
}

#[test]
fn all_of_it_comes_out_as_it_was_g1() {
    let (verdict, text) = told("good", None, strips(7), &step, |_| {});
    assert_eq!(verdict, Verdict::AsItWas, "{text}");
    assert!(text.contains("ticks 1 to 420, 420 fingerprints\nall of it came out as it was\n"), "{text}");
}

#[test]
fn the_first_tick_that_differs_is_named() {
    let differs = |world: &mut World, commands: &[Command]| {
        step(world, if world.tick() == 249 { &[Command::Join { player: 2 }] } else { commands });
    };
    let (verdict, text) = told("other", None, strips(7), &differs, |_| {});
    assert_eq!(verdict, Verdict::Otherwise);
    assert!(text.contains("tick 250 comes out otherwise: its fingerprint was "), "{text}");
    let mut altered = strips(7);
    let other = &mut altered[6].start.as_mut().unwrap().world;
    let _ = other.step(&[]);
    other.set_tick(360);
    let (verdict, text) = told("world", None, altered, &step, |_| {});
    assert_eq!(verdict, Verdict::Otherwise);
    assert!(text.contains("tick 360 comes out otherwise"), "a whole world in the middle is checked, too: {text}");
}

#[test]
fn a_missing_strip_is_a_gap_and_never_a_wrong_replay() {
    let mut some = strips(9);
    drop(some.drain(3..5));
    some.remove(0);
    let (verdict, text) = told("gap", None, some, &step, |_| {});
    assert_eq!(verdict, Verdict::AsItWas, "{text}");
    assert!(text.contains("ticks 361 to 540"), "{text}");
    assert!(!text.contains("ticks 61 to") && !text.contains("ticks 301 to"), "what nothing leads to is not shown: {text}");
    let mut some = strips(9);
    some.remove(2);
    let (verdict, text) = told("gap", None, some, &step, |_| {});
    assert_eq!(verdict, Verdict::AsItWas, "{text}");
    assert!(text.contains("ticks 1 to 120, 120 fingerprints\nnothing is kept of ticks 121 to 180\n"), "{text}");
    assert!(text.contains("ticks 181 to 540, 360 fingerprints\nall of it"), "{text}");
}

#[test]
fn a_panic_is_told_with_its_tick_and_commands() {
    let panics = |world: &mut World, commands: &[Command]| {
        assert!(world.tick() != 99, "as the test wants it");
        step(world, commands);
    };
    let at = Some(Position { epoch: Epoch::new(1, 1), tick: 100 });
    let mut cut = strips(2);
    cut[1].ticks = 40;
    cut[1].commands.truncate(40);
    cut[1].fingerprints.truncate(39);
    let (verdict, text) = told("panic", at, cut.clone(), &panics, |_| {});
    assert_eq!(verdict, Verdict::Panics);
    assert!(text.ends_with("panics at tick 100 with commands A:up, as it did when this was written\n"), "{text}");
    let (verdict, text) = told("mended", at, cut, &step, |_| {});
    assert_eq!(verdict, Verdict::Otherwise, "who mended the bug sees it");
    assert!(text.ends_with("tick 100 panicked when this was written, and does not here\n"), "{text}");
}

#[test]
fn ticks_are_drawn_from_one_to_another_at_once_or_by_enter() {
    let (verdict, text) = told("drawn", None, strips(3), &step, |wanted| {
        (wanted.check, wanted.from, wanted.to) = (false, Some(100), Some(101));
    });
    assert_eq!(verdict, Verdict::AsItWas);
    assert!(text.matches("##########").count() > 4, "{text}");
    assert!(text.contains("tick 100  ") && text.contains("tick 101  ") && !text.contains("tick 102  ") && !text.contains("tick 99  "));
    assert!(text.contains("seats:  A ") && text.contains("asked: A:"), "{text}");
    let (_, text) = told("keys", None, strips(3), &step, |wanted| (wanted.check, wanted.speed) = (false, 0.0));
    assert!(text.contains("tick 3  ") && !text.contains("tick 4  "), "two lines of Enter, and then no more");
}

#[test]
fn what_is_no_black_box_is_said_to_be_none() {
    let file = std::env::temp_dir().join(format!("waka-replay-none-{}", std::process::id()));
    std::fs::write(&file, "hello").unwrap();
    let wanted = Wanted { file: file.clone(), from: None, to: None, speed: 1.0, check: true };
    let (mut out, mut keys) = (Vec::new(), io::empty());
    let verdict = terminal::run(&wanted, &step, &mut Terminal { out: &mut out, keys: &mut keys, moves_cursor: false }).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!((verdict, String::from_utf8(out).unwrap()), (Verdict::Otherwise, format!("{}: this is no black box\n", file.display())));
}
