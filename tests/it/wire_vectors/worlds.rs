//! Scenes out of real games: each travels in a frame without loss, and moves on along the rails in node as here.
//!
//! The games are played by fingers that slip: a key for one of the players every few ticks. What a scene has become is told as a hash of a listing.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;
use waka::game::grid::Direction;
use waka::game::scene::Condition;
use waka::game::scene::Mood;
use waka::game::scene::PELLETS;
use waka::game::scene::Place;
use waka::game::scene::Scene;
use waka::game::scene::Seat;
use waka::game::seating::Command;
use waka::game::world::World;
use waka::wire::frame::Frame;
use waka::wire::frame::Sections;

use super::Dice;
use super::frames::start;
use super::golden;
use super::golden_path;
use super::hex;
use super::rails::told_ghost;
use super::rails::told_pac;
use super::unhex;

const SCENES: usize = 200;
const TICKS: usize = 30;
/// A prime, so that scenes fall on all phases of the speed patterns.
const TICKS_BETWEEN: u32 = 97;

#[test]
fn w2_rails_of_real_games() {
    let mut seen = BTreeMap::new();
    let entries: Vec<Value> = kept_or_new()
        .into_iter()
        .map(|begin| {
            let mut moving = Frame::decode(&begin).unwrap().scene;
            note(&moving, &mut seen);
            let hashes: Vec<String> = (0..TICKS)
                .map(|_| {
                    moving.advance();
                    format!("{:08x}", fnv1a(&listing(&moving)))
                })
                .collect();
            json!({ "start": hex(&begin), "hashes": hashes.concat() })
        })
        .collect();
    for sight in ["powered", "shielded", "bumped", "ready", "dead", "parked", "frightened", "eyes", "leaving", "entering", "reversal"] {
        assert!(seen.contains_key(sight), "no scene shows {sight}: {seen:?}");
    }
    golden("worlds.json", &entries);
}

/// The scenes of the file; without one those of new games. So a new rule of the game leaves the rails' vectors as they are.
fn kept_or_new() -> Vec<Vec<u8>> {
    let Ok(text) = std::fs::read_to_string(golden_path("worlds.json")) else { return games().iter().map(told).collect() };
    let kept: Vec<Value> = serde_json::from_str(&text).unwrap();
    kept.iter().map(|vector| unhex(vector["start"].as_str().unwrap())).collect()
}

fn told(scene: &Scene) -> Vec<u8> {
    Frame { scene: scene.clone(), sections: Sections::ALL, ..start() }.encode().to_vec()
}

#[test]
fn w2_a_frame_tells_a_real_scene_without_loss() {
    for scene in games() {
        assert_eq!(Frame::decode(&told(&scene)).unwrap().scene, scene);
    }
}

fn games() -> Vec<Scene> {
    let crowds = [1, 2, 3, 6, 9, 12, 16, 1, 4, 16];
    let each = SCENES / crowds.len();
    crowds.into_iter().zip(1..).flat_map(|(players, seed)| game(players, seed, each)).collect()
}

fn game(players: u64, seed: u64, scenes: usize) -> Vec<Scene> {
    let mut world = World::new(seed);
    let mut dice = Dice(seed);
    let joins: Vec<Command> = (0..players).map(|player| Command::Join { player }).collect();
    let _ = world.step(&joins);
    let mut shown = Vec::new();
    while shown.len() < scenes {
        let seat = Seat(dice.below(players as u32) as u8);
        let command = match dice.below(3_000) {
            0 if players > 1 => Command::Park { seat },
            1..=200 => Command::Wish { seat, direction: Direction::from_bits(dice.below(4) as u8) },
            201..=205 => Command::Unpark { seat },
            206..=210 => Command::Join { player: u64::from(dice.below(players as u32)) },
            _ => Command::Wish { seat: Seat(99), direction: Direction::Up },
        };
        let _ = world.step(&[command]);
        if world.tick().is_multiple_of(TICKS_BETWEEN) {
            shown.push(world.scene());
        }
    }
    shown
}

/// Counts what a scene shows, so that the vectors are known to show it. What such games hardly ever reach is a situation in `rails`.
fn note(scene: &Scene, seen: &mut BTreeMap<&'static str, usize>) {
    let pacs = scene.pacs.iter().flatten().map(|pac| match pac.condition {
        Condition::Alive(_) => "alive",
        Condition::Powered(_) => "powered",
        Condition::Shielded(_) => "shielded",
        Condition::Ready => "ready",
        Condition::Dead => "dead",
        Condition::Parked => "parked",
        Condition::Bumped(_) | Condition::PoweredBumped(_) => "bumped",
    });
    let ghosts = scene.ghosts.iter().flat_map(|ghost| {
        let mood = ["normal", "frightened", "eyes"][ghost.mood as usize];
        [
            mood,
            ["outside", "waiting", "leaving", "entering"][ghost.place as usize],
            if ghost.reversal_pending { "reversal" } else { "straight" },
        ]
    });
    let phase = ["play", "ready", "eaten", "dying", "cleared", "paused", "empty"][scene.phase as usize];
    let elroy = if scene.elroy > 0 { "elroy" } else { "calm" };
    for sight in pacs.chain(ghosts).chain([phase, elroy]) {
        *seen.entry(sight).or_default() += 1;
    }
}

/// Everything that the rails move, line by line; `tests/js/rails.test.js` writes the same.
fn listing(scene: &Scene) -> String {
    let phase = ["play", "ready", "eaten", "dying", "cleared", "paused", "empty"][scene.phase as usize];
    let mut lines = vec![format!("{} {phase} {}", scene.tick, scene.power_ticks_left)];
    let pacs = scene.pacs.iter().enumerate().filter_map(|(seat, pac)| Some(format!("{seat} {}", told_pac((*pac)?))));
    lines.extend(pacs);
    lines.extend(scene.ghosts.iter().copied().map(told_ghost));
    lines.push((0..PELLETS).map(|pellet| if scene.pellets.has(pellet) { '1' } else { '0' }).collect());
    lines.push(scene.scores.map(|score| score.points.to_string()).join(" "));
    let clocks = &scene.clocks;
    lines.push(format!("{} {} {}", clocks.phase_ticks_left, clocks.lock_ticks_left, clocks.fruit_ticks_left));
    lines.join("\n")
}

fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// What the frame's ghost bits rely on: a real ghost is in the house exactly when he stands in its box.
#[test]
fn the_house_is_where_frames_say_it_is() {
    for scene in games() {
        for ghost in &scene.ghosts {
            let inside = (104..=151).contains(&ghost.point.x) && (92..=127).contains(&ghost.point.y);
            assert_eq!(inside, ghost.place != Place::Outside, "{ghost:?}");
            assert!(ghost.mood != Mood::Eyes || ghost.place != Place::Waiting);
        }
    }
}
