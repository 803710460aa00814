//! What a leader keeps in memory of his maze's last seconds: the strip of the current second, and those since the last whole world, so that a panic
//! finds everything up to the commands of its own tick. Pure.
//!
//! Bounded: at most ten seconds and one world a maze. What is full is handed out to be appended to the backplane; nobody waits for that.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::game::seating::Command;
use crate::game::world::World;
use crate::wire::Epoch;
use crate::wire::black_box::STRIP_COMMANDS_MAX;
use crate::wire::black_box::STRIP_TICKS_MAX;
use crate::wire::black_box::Start;
use crate::wire::black_box::Strip;
use crate::wire::black_box::fingerprint;

/// A whole world is kept so often; in between strips go on from it.
pub const WORLD_TICKS: u32 = 600;
/// A fingerprint costs about as much as a tick, so not every tick has one.
const FINGERPRINT_TICKS: u8 = 6;
/// Full strips that wait to be appended; when there are more the oldest is given up, which costs its second.
const OUTGOING_MAX: usize = 8;

#[derive(Default)]
pub struct Recorder {
    current: Option<Strip>,
    /// Since the last whole world, which the first of them has.
    finished: Vec<Arc<Strip>>,
    outgoing: VecDeque<Arc<Strip>>,
    /// A strip was lost: the next one does not go on from it.
    is_broken: bool,
    scratch: Vec<u8>,
}

impl Recorder {
    /// Before the world takes its next tick.
    pub fn record(&mut self, epoch: Epoch, world: &World, commands: &[Command]) {
        self.close(epoch, world);
        if self.current.is_none() {
            self.current = Some(self.begin(epoch, world));
        }
        let Some(strip) = &mut self.current else { return };
        strip.ticks += 1;
        strip.commands.extend(commands.iter().map(|command| (strip.ticks, *command)));
    }

    /// What the current tick was asked: epoch, tick, commands. `None` when nothing is recorded.
    #[must_use]
    pub fn last(&self) -> Option<(Epoch, u32, Vec<Command>)> {
        let strip = self.current.as_ref()?;
        Some((strip.epoch, strip.end_tick(), strip.commands_at(strip.ticks).collect()))
    }

    /// The maze is led no longer: what has been begun is as good as full.
    pub fn finish(&mut self) {
        if let Some(strip) = self.current.take() {
            self.put(strip);
        }
        self.finished.clear();
    }

    /// A full strip, to be appended to the backplane.
    pub fn outgoing(&mut self) -> Option<Arc<Strip>> {
        self.outgoing.pop_front()
    }

    /// A strip was not appended, as far as is known.
    pub fn lost(&mut self) {
        self.is_broken = true;
    }

    /// Everything since the last whole world, the current tick included.
    #[must_use]
    pub fn strips(&self) -> Vec<Strip> {
        self.finished.iter().map(|strip| Strip::clone(strip)).chain(self.current.clone()).collect()
    }

    /// Ends the current strip if it is full or the world is not where it ended, and takes the world's fingerprint when it is due.
    fn close(&mut self, epoch: Epoch, world: &World) {
        let Some(mut strip) = self.current.take() else { return };
        if strip.epoch != epoch || strip.end_tick() != world.tick() {
            self.current = Some(strip);
            return self.finish();
        }
        let is_full = strip.ticks >= STRIP_TICKS_MAX || strip.commands.len() >= STRIP_COMMANDS_MAX;
        if is_full || strip.ticks.is_multiple_of(FINGERPRINT_TICKS) {
            strip.fingerprints.push((strip.ticks, fingerprint(world, &mut self.scratch)));
        }
        if is_full {
            self.put(strip);
        } else {
            self.current = Some(strip);
        }
    }

    fn begin(&mut self, epoch: Epoch, world: &World) -> Strip {
        let after_tick = world.tick();
        let since = self.finished.first().map(|first| after_tick.wrapping_sub(first.after_tick));
        let is_whole = std::mem::take(&mut self.is_broken) || since.is_none_or(|since| since >= WORLD_TICKS);
        if is_whole {
            self.finished.clear();
        }
        Strip { epoch, after_tick, start: is_whole.then(|| Start::of(world)), ticks: 0, commands: Vec::new(), fingerprints: Vec::new() }
    }

    fn put(&mut self, strip: Strip) {
        let strip = Arc::new(strip);
        self.finished.push(Arc::clone(&strip));
        self.outgoing.push_back(strip);
        if self.outgoing.len() > OUTGOING_MAX {
            self.outgoing.pop_front();
            self.is_broken = true;
        }
    }
}
