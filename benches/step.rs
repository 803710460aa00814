//! What a tick of a maze costs: a step alone, a step of a full maze (budget 2 microseconds), the same with its black box, and the leader's shadow
//! with its comparison (with both and the decision, 4).
//!
//! Each maze is played for a while by hashed wishes first; it is put back to that moment every thousand steps, so that it stays full.

use std::hint::black_box;

use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use waka::game::grid::Direction;
use waka::game::scene::Seat;
use waka::game::seating::Command;
use waka::game::world::World;
use waka::wire::Epoch;
use waka::wire::black_box::fingerprint;
use waka::worker::black_box::Recorder;

const WARM_UP_TICKS: u32 = 700;
const REPEAT_TICKS: u32 = 1_000;

/// A wish now and then, two a second for each player.
fn commands(tick: u32, players: u8) -> Vec<Command> {
    let hash = |seat: u8| (tick ^ u32::from(seat) << 20).wrapping_mul(0x9E37_79B9) >> 8;
    let wishes = (0..players).filter(|&seat| hash(seat) % 30 == 0);
    wishes.map(|seat| Command::Wish { seat: Seat(seat), direction: Direction::from_bits((hash(seat) >> 6) as u8) }).collect()
}

fn played(players: u8) -> World {
    let mut world = World::new(11);
    let joins: Vec<Command> = (0..players).map(|player| Command::Join { player: player.into() }).collect();
    let _ = world.step(&joins);
    for tick in 1..WARM_UP_TICKS {
        let _ = world.step(&commands(tick, players));
    }
    world
}

fn step(criterion: &mut Criterion) {
    for (name, players) in [("step of 1 player", 1), ("step of 16 players and 8 ghosts", 16)] {
        let start = played(players);
        let script: Vec<Vec<Command>> = (0..REPEAT_TICKS).map(|tick| commands(tick, players)).collect();
        criterion.bench_function(name, |bencher| {
            let mut world = start.clone();
            let mut tick = 0;
            bencher.iter(|| {
                if tick == script.len() {
                    world.clone_from(&start);
                    tick = 0;
                }
                let outcomes = world.step(&script[tick]);
                tick += 1;
                black_box(outcomes.len())
            });
        });
    }
}

/// What the black box adds: commands by tick, a fingerprint ten times a second, and a strip a second, which somebody takes away.
fn recorded(criterion: &mut Criterion) {
    let start = played(16);
    let script: Vec<Vec<Command>> = (0..REPEAT_TICKS).map(|tick| commands(tick, 16)).collect();
    criterion.bench_function("step of 16 players and 8 ghosts, recorded", |bencher| {
        let (mut world, mut recorder, mut tick) = (start.clone(), Recorder::default(), 0);
        bencher.iter(|| {
            if tick == script.len() {
                world.clone_from(&start);
                tick = 0;
            }
            recorder.record(Epoch(1), &world, &script[tick]);
            let outcomes = world.step(&script[tick]);
            tick += 1;
            black_box((outcomes.len(), recorder.outgoing()))
        });
    });
    criterion.bench_function("fingerprint of 16 players and 8 ghosts", |bencher| {
        let mut scratch = Vec::new();
        bencher.iter(|| black_box(fingerprint(&start, &mut scratch)));
    });
}

fn shadow(criterion: &mut Criterion) {
    let world = played(16);
    criterion.bench_function("shadow of 16 players: advance and compare", |bencher| {
        let mut shadow = world.scene();
        let mut truth = world.scene();
        bencher.iter(|| {
            shadow.advance();
            world.show_in(&mut truth);
            black_box(shadow.departs_from(&truth))
        });
    });
    criterion.bench_function("stored world: serialise", |bencher| {
        let mut bytes = vec![0; 8192];
        bencher.iter(|| black_box(postcard::to_slice(&world, &mut bytes).map(|used| used.len())));
    });
}

criterion_group!(benches, step, recorded, shadow);
criterion_main!(benches);
