//! What share of a core a thousand mazes of ten bots take, stepped 60 times a second: `cargo bench --bench mazes [-- <mazes> <players> <seconds>]`.
//!
//! Told apart are the steps of the worlds alone, which are to fit one core, and what a leader does beside them: the scene, the shadow and its
//! comparison, frames and records. What bots think is not in it, nor what the backplane and sockets do. All mazes take a tick before any takes the
//! next, as in a worker, so that none has the caches for itself. A report to read; the best of three rounds, as other work on a machine only adds.

#![expect(clippy::print_stdout, reason = "a report")]

use std::time::Duration;
use std::time::Instant;

use waka::client::bot::Bot;
use waka::client::bot::Style;
use waka::game::scene::SEATS;
use waka::game::scene::Scene;
use waka::game::seating::Command;
use waka::game::seating::Outcome;
use waka::game::world::World;
use waka::wire::Epoch;
use waka::wire::frame::Event;
use waka::wire::frame::Frame;
use waka::wire::record;
use waka::wire::record::Desk;
use waka::worker::forecast::Forecast;

const TICKS_PER_SECOND: u32 = 60;
const ROUNDS: u32 = 3;
/// Until everybody is on the way.
const WARM_UP_TICKS: u32 = 600;

struct Maze {
    world: World,
    scene: Scene,
    forecast: Forecast,
    bots: Vec<Bot>,
    commands: Vec<Command>,
    desk: Desk,
}

#[derive(Clone, Copy, Default)]
struct Spent {
    steps: Duration,
    beside: Duration,
    frames: u32,
}

impl Maze {
    fn new(number: u64, players: u64) -> Self {
        let world = World::new(number);
        let scene = world.scene();
        let bots = (0..players).map(|player| Bot::new(number * 100 + player, Style::People)).collect();
        let commands = (0..players).map(|player| Command::Join { player }).collect();
        Self { world, scene, forecast: Forecast::new(), bots, commands, desk: Desk::default() }
    }

    /// What bots press on what they see, for the next tick.
    fn press(&mut self) {
        for (player, bot) in (0..).zip(&mut self.bots) {
            let Some(seat) = self.world.seat_of(player) else { continue };
            if let Some(direction) = bot.decide(&self.scene, seat) {
                self.commands.push(Command::Wish { seat, direction });
            }
        }
    }

    fn step(&mut self) {
        let outcomes = self.world.step(&self.commands);
        self.commands.clear();
        for outcome in outcomes {
            if let Outcome::RunOver { player, .. } = outcome {
                self.commands.push(Command::Join { player });
            }
        }
    }

    /// Everything that its leader does for this tick beside the step; says whether there was a frame.
    fn show(&mut self) -> bool {
        self.world.show_in(&mut self.scene);
        let Some(sections) = self.forecast.decide(&self.scene, 1) else { return false };
        let events = self.world.events().iter().filter_map(|event| Event::told_at(event, self.scene.tick)).collect();
        let scene = self.scene.clone();
        let frame = Frame { epoch: Epoch::new(1, 1), carried: false, roster_version: 1, numbers: [0; SEATS], events, scene, sections };
        std::hint::black_box((frame.encode(), record::encode(&self.world, &self.desk)));
        self.forecast.on_sent(&frame);
        true
    }
}

fn main() {
    let words: Vec<u32> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let word = |at: usize, otherwise: u32| words.get(at).copied().unwrap_or(otherwise);
    let (count, players, seconds) = (word(0, 1_000), word(1, 10), word(2, 5));
    let mut mazes: Vec<Maze> = (0..count).map(|number| Maze::new(number.into(), players.into())).collect();
    run(&mut mazes, WARM_UP_TICKS);
    let ticks = seconds * TICKS_PER_SECOND;
    let rounds: Vec<Spent> = (0..ROUNDS).map(|_| run(&mut mazes, ticks)).collect();
    let best = |spent: fn(&Spent) -> Duration| rounds.iter().map(spent).min().unwrap_or_default();
    let (steps, beside) = (best(|spent| spent.steps), best(|spent| spent.beside));
    let share = |spent: Duration| spent.as_secs_f64() / f64::from(seconds) * 100.0;
    let each_us = |spent: Duration| spent.as_secs_f64() * 1e6 / f64::from(ticks) / f64::from(count);
    let frames = f64::from(rounds[0].frames) / f64::from(seconds) / f64::from(count);
    println!("{count} mazes of {players}, {frames:.1} frames a second each:");
    println!("  steps alone: {:.1} % of a core, {:.2} us each", share(steps), each_us(steps));
    println!("  scene, shadow, frames and records: {:.1} % of a core, {:.2} us a tick", share(beside), each_us(beside));
}

fn run(mazes: &mut [Maze], ticks: u32) -> Spent {
    let mut spent = Spent::default();
    for _ in 0..ticks {
        mazes.iter_mut().for_each(Maze::press);
        let began = Instant::now();
        mazes.iter_mut().for_each(Maze::step);
        spent.steps += began.elapsed();
        let began = Instant::now();
        for maze in &mut *mazes {
            spent.frames += u32::from(maze.show());
        }
        spent.beside += began.elapsed();
    }
    spent
}
