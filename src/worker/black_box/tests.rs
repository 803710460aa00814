//! What the recorder holds and hands out, over many seconds of a maze.

use super::*;
use crate::game::grid::Direction;
use crate::game::scene::Seat;

fn epoch(number: u32) -> Epoch {
    Epoch::new(number, 1)
}

/// Ticks a world under the recorder's eyes; what it hands out.
fn play(recorder: &mut Recorder, world: &mut World, number: u32, ticks: u32) -> Vec<Strip> {
    let mut out = Vec::new();
    for tick in 0..ticks {
        let wish = Command::Wish { seat: Seat(0), direction: Direction::from_bits((tick / 7) as u8) };
        let commands = if world.tick() == 0 { vec![Command::Join { player: 1 }] } else { vec![wish] };
        recorder.record(epoch(number), world, &commands);
        let _ = world.step(&commands);
        out.extend(std::iter::from_fn(|| recorder.outgoing()).map(Arc::unwrap_or_clone));
    }
    out
}

#[test]
fn a_strip_a_second_and_a_world_every_ten() {
    let (mut recorder, mut world) = (Recorder::default(), World::new(4));
    let strips = play(&mut recorder, &mut world, 1, 25 * 60 + 30);
    assert_eq!(strips.len(), 25);
    let whole: Vec<usize> = (0..25).filter(|&at| strips[at].start.is_some()).collect();
    assert_eq!(whole, [0, 10, 20]);
    for (at, strip) in strips.iter().enumerate() {
        assert_eq!((strip.after_tick, strip.ticks, strip.fingerprints.len()), (at as u32 * 60, 60, 10));
        assert_eq!(Strip::decode(&strip.encode()).as_ref(), Ok(strip));
    }
    let held = recorder.strips();
    assert_eq!(
        (held.len(), held[0].after_tick, held[5].ticks),
        (6, 1200, 30),
        "since the last world, and the half second that is not full"
    );
}

#[test]
fn the_tick_under_way_is_in_it() {
    let (mut recorder, mut world) = (Recorder::default(), World::new(4));
    play(&mut recorder, &mut world, 1, 100);
    let commands = [Command::Park { seat: Seat(3) }];
    recorder.record(epoch(1), &world, &commands);
    assert_eq!(recorder.last(), Some((epoch(1), 101, commands.to_vec())), "though the world has not taken it");
    let last = recorder.strips().pop().unwrap();
    assert_eq!((last.end_tick(), last.commands_at(last.ticks).collect::<Vec<_>>()), (101, commands.to_vec()));
}

#[test]
fn another_epoch_a_jump_and_a_loss_begin_with_a_whole_world() {
    let (mut recorder, mut world) = (Recorder::default(), World::new(4));
    play(&mut recorder, &mut world, 1, 90);
    let strips = play(&mut recorder, &mut world, 2, 60);
    assert_eq!((strips.len(), strips[0].ticks, strips[0].epoch), (1, 30, epoch(1)), "what was begun is not given up");
    world.set_tick(5_000);
    let strips = play(&mut recorder, &mut world, 2, 61);
    assert_eq!((strips[0].end_tick(), strips[1].after_tick), (150, 5_000));
    assert!(strips[1].start.is_some());
    recorder.lost();
    let strips = play(&mut recorder, &mut world, 2, 120);
    assert!(strips[1].start.is_some(), "a loss costs its own strip");
}

#[test]
fn it_ends_with_the_lead_and_stays_bounded() {
    let (mut recorder, mut world) = (Recorder::default(), World::new(4));
    play(&mut recorder, &mut world, 1, 59);
    recorder.finish();
    assert_eq!((recorder.last(), recorder.strips()), (None, vec![]));
    assert_eq!(recorder.outgoing().map(|strip| strip.ticks), Some(59));
    // Nobody takes the strips, and every tick is full of commands.
    let many = vec![Command::Leave { seat: Seat(9) }; STRIP_COMMANDS_MAX];
    for _ in 0..2_000 {
        recorder.record(epoch(2), &world, &many);
        let _ = world.step(&[]);
    }
    assert_eq!(recorder.outgoing.len(), OUTGOING_MAX);
    assert!(recorder.finished.len() <= WORLD_TICKS as usize, "{}", recorder.finished.len());
}
