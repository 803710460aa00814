//! The whole world under test: a small stage, and one file per part of the rules.

mod arcade;
mod borderline;
mod company;
mod pitfalls;
mod properties;
mod sequences;

use super::*;
use crate::game::event::EventKind;
use crate::game::grid::Direction;
use crate::game::grid::Point;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Pellets;
use crate::game::scene::Place;

/// A maze of `players` that plays: READY! is over, everybody of several has had his first wish and lost his shield.
fn stage(players: u64) -> World {
    let mut world = World::new(7);
    let joins: Vec<Command> = (0..players).map(|player| Command::Join { player }).collect();
    let _ = world.step(&joins);
    if players == 1 {
        run(&mut world, u32::from(tuning::READY_FIRST_TICKS) - 1);
    }
    for player in world.seats.iter_mut().flatten() {
        player.shield_ticks_left = 0;
        player.pac.condition = Condition::Alive(0);
    }
    assert_eq!(world.phase, Phase::Play);
    world
}

fn run(world: &mut World, ticks: u32) -> Vec<Outcome> {
    (0..ticks).flat_map(|_| world.step(&[])).collect()
}

/// Runs until something holds, at most so many ticks; how many it took.
fn run_until(world: &mut World, ticks_max: u32, holds: impl Fn(&World) -> bool) -> u32 {
    for ticks in 0..=ticks_max {
        if holds(world) {
            return ticks;
        }
        let _ = world.step(&[]);
    }
    panic!("it did not come to that within {ticks_max} ticks");
}

fn pac(world: &mut World, seat: u8) -> &mut Player {
    world.seats[seat as usize].as_mut().unwrap()
}

/// Puts a pac at the centre of a tile, heading there.
fn put(world: &mut World, seat: u8, column: u16, row: u16, direction: Direction) {
    let pac = &mut pac(world, seat).pac;
    pac.point = Tile::of_playfield(column, row).centre();
    pac.direction = direction;
    pac.wish = direction;
}

/// Puts a ghost outside at the centre of a tile, heading there.
fn put_ghost(world: &mut World, ghost: usize, column: u16, row: u16, direction: Direction) {
    let tile = Tile::of_playfield(column, row);
    let heading = maze::neighbour(tile, direction);
    let ways = motion::candidates(heading, direction, Mood::Normal);
    let next_exit = Direction::ALL.into_iter().find(|way| ways >> way.bits() & 1 == 1).unwrap();
    world.ghosts[ghost].ghost = Ghost {
        point: tile.centre(),
        direction,
        mood: Mood::Normal,
        place: Place::Outside,
        exit: direction,
        next_exit,
        reversal_pending: false,
    };
}

/// Keeps all ghosts in the house, so that a test has the maze for itself.
fn lock_up(world: &mut World) {
    for ghost in 0..world.ghosts.len() {
        world.ghosts[ghost].ghost = Hunter::at_start(1).ghost;
        world.ghosts[ghost].ghost.mood = Mood::Normal;
    }
    world.pack = 0;
}

fn events_now(world: &World) -> Vec<EventKind> {
    world.events().iter().filter(|event| event.tick == world.tick).map(|event| event.kind).collect()
}

fn wish(seat: u8, direction: Direction) -> Command {
    Command::Wish { seat: Seat(seat), direction }
}
