//! A black box of this format, kept for ever: it is read byte for byte, and comes out as it was while the rules of the game are the same.

use std::fs;
use std::ops::ControlFlow;

use waka::game::grid::Direction;
use waka::game::scene::Seat;
use waka::game::seating::Command;
use waka::game::world::World;
use waka::replay;
use waka::replay::End;
use waka::wire::Epoch;
use waka::wire::MazeId;
use waka::wire::Position;
use waka::wire::black_box::BlackBox;
use waka::wire::black_box::Start;
use waka::wire::black_box::Strip;
use waka::wire::black_box::fingerprint;

use super::Dice;
use super::golden_path;

const FILE: &str = "black_box.wakabox";

#[test]
fn w2_a_black_box_of_this_format_is_read_for_ever_g1() {
    let Ok(bytes) = fs::read(golden_path(FILE)) else {
        fs::write(golden_path(FILE), recorded().encode()).unwrap();
        panic!("tests/golden/{FILE} was missing and has been written: look at it and run this test again");
    };
    let black_box = BlackBox::decode(&bytes).unwrap();
    assert_eq!(black_box.encode(), bytes, "the format has changed without its number");
    assert_eq!((black_box.maze.as_str(), black_box.panicked.map(|at| at.tick)), ("open-1", Some(1_000)));
    let stretches = replay::stretches(black_box);
    assert_eq!(stretches.iter().map(|stretch| (stretch.world.tick(), stretch.end_tick())).collect::<Vec<_>>(), [(0, 600), (600, 1_000)]);
    for stretch in &stretches {
        let step = |world: &mut World, commands: &[Command]| drop(world.step(commands));
        let end = replay::run(stretch, &step, |_, _| ControlFlow::Continue(()));
        assert_eq!(end, End::AsItWas, "the rules have changed: delete the file and run this test twice");
    }
}

/// A game of four whose leader changes after ten seconds.
fn recorded() -> BlackBox {
    let (mut world, mut dice, mut scratch) = (World::new(1_980), Dice(5), Vec::new());
    let mut strips = Vec::new();
    while world.tick() < 1_000 {
        let (after_tick, is_first) = (world.tick(), world.tick().is_multiple_of(600));
        let ticks = (1_000 - after_tick).min(60) as u8;
        let mut strip = Strip {
            epoch: Epoch::new(1 + after_tick / 600, 77),
            after_tick,
            start: is_first.then(|| Start::of(&world)),
            ticks,
            commands: vec![],
            fingerprints: vec![],
        };
        for at in 1..=ticks {
            let commands: Vec<Command> = match world.tick() {
                0 => (1..=4).map(|player| Command::Join { player }).collect(),
                _ if dice.below(8) == 0 => {
                    vec![Command::Wish { seat: Seat(dice.below(4) as u8), direction: Direction::from_bits(dice.below(4) as u8) }]
                }
                _ => vec![],
            };
            let _ = world.step(&commands);
            strip.commands.extend(commands.into_iter().map(|command| (at, command)));
            if at % 6 == 0 {
                strip.fingerprints.push((at, fingerprint(&world, &mut scratch)));
            }
        }
        strips.push(strip);
    }
    BlackBox::of(MazeId::open(1), Some(Position { epoch: Epoch::new(2, 77), tick: 1_000 }), strips)
}
