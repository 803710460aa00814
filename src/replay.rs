//! Steps a black box through again, tick by tick, and says whether it comes out as it was: `waka replay FILE`.
//!
//! A world is a function of where it began and its commands (G1), so a file is a recording. What is missing in it is told, never guessed over:
//! a stretch goes on only from a whole world. A panic ends its stretch and is told with its commands; nothing of a file can end the program.

pub mod terminal;

mod drawing;
#[cfg(test)]
mod tests;

use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use crate::game::seating::Command;
use crate::game::world::World;
use crate::wire::Epoch;
use crate::wire::black_box::BlackBox;
use crate::wire::black_box::Start;
use crate::wire::black_box::fingerprint;

/// How a world takes a tick: `World::step`, unless a test puts a fault in its place.
pub type Step<'a> = &'a dyn Fn(&mut World, &[Command]);

/// Ticks without a gap, all of one epoch.
pub struct Stretch {
    pub epoch: Epoch,
    /// Who led it there.
    pub program: String,
    pub world: World,
    pub ticks: Vec<Tick>,
}

pub struct Tick {
    pub tick: u32,
    pub commands: Vec<Command>,
    /// What the world was after this tick, where that was kept.
    pub fingerprint: Option<u32>,
}

impl Stretch {
    /// The tick of its last world.
    #[must_use]
    pub fn end_tick(&self) -> u32 {
        self.ticks.last().map_or(self.world.tick(), |tick| tick.tick)
    }

    #[must_use]
    pub fn fingerprints(&self) -> usize {
        self.ticks.iter().filter(|tick| tick.fingerprint.is_some()).count()
    }
}

/// How a stretch ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    AsItWas,
    /// Whoever looks on has seen enough.
    Left,
    Differs {
        tick: u32,
        was: u32,
        is: u32,
    },
    Panics {
        tick: u32,
        commands: Vec<Command>,
    },
}

/// The stretches of a black box. Strips that go on from one that is missing belong to none.
#[must_use]
pub fn stretches(black_box: BlackBox) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut scratch = Vec::new();
    for strip in black_box.strips {
        let ticks = (1..=strip.ticks).map(|at| Tick {
            tick: strip.after_tick.wrapping_add(u32::from(at)),
            commands: strip.commands_at(at).collect(),
            fingerprint: strip.fingerprints.iter().find(|(of, _)| *of == at).map(|(_, fingerprint)| *fingerprint),
        });
        let goes_on = |last: &&mut Stretch| last.epoch == strip.epoch && last.end_tick() == strip.after_tick;
        if let Some(last) = stretches.last_mut().filter(goes_on) {
            // A whole world in the middle is one more thing to come out alike.
            if let (Some(start), Some(tick)) = (&strip.start, last.ticks.last_mut()) {
                tick.fingerprint = Some(fingerprint(&start.world, &mut scratch));
            }
            last.ticks.extend(ticks);
        } else if let Some(Start { program, world }) = strip.start.clone() {
            stretches.push(Stretch { epoch: strip.epoch, program, world, ticks: ticks.collect() });
        }
    }
    stretches
}

/// Steps through a stretch; `look` is shown every world that came out.
pub fn run(stretch: &Stretch, step: Step<'_>, mut look: impl FnMut(&World, &Tick) -> ControlFlow<()>) -> End {
    let mut world = stretch.world.clone();
    let mut scratch = Vec::new();
    for tick in &stretch.ticks {
        // A world that panicked is dropped with its stretch.
        if catch_unwind(AssertUnwindSafe(|| step(&mut world, &tick.commands))).is_err() {
            return End::Panics { tick: tick.tick, commands: tick.commands.clone() };
        }
        if let Some(was) = tick.fingerprint {
            let is = fingerprint(&world, &mut scratch);
            if is != was {
                return End::Differs { tick: tick.tick, was, is };
            }
        }
        if look(&world, tick).is_break() {
            return End::Left;
        }
    }
    End::AsItWas
}
