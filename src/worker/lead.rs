//! A maze as its leader holds it: world, desk and forecast moved on together, and what of it is committed. Pure.
//!
//! A commit is the record and the show of one tick; the caller gets both or neither, so nothing is shown that is not stored (R2). A frame is
//! encoded once, whoever watches (K3).

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

#[cfg(test)]
mod tests;

use bytes::Bytes;

use crate::backplane::Commit;
use crate::game::scene::Scene;
use crate::game::seating::Command;
use crate::game::seating::Outcome;
use crate::game::world::World;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::Position;
use crate::wire::between_nodes::MazeRow;
use crate::wire::between_nodes::Show;
use crate::wire::frame::Event;
use crate::wire::frame::Frame;
use crate::wire::frame::Sections;
use crate::wire::record;
use crate::wire::record::Stored;
use crate::worker::desk::Desk;
use crate::worker::forecast::Forecast;
use crate::worker::inbox::Intake;

/// The seating is repeated so often, for gateways that have missed it.
const SEATING_TICKS: u32 = 30;

pub(crate) struct Lead {
    epoch: Epoch,
    pub(crate) world: World,
    pub(crate) desk: Desk,
    forecast: Forecast,
    /// As the world looks now, kept to be filled again.
    scene: Scene,
    seating_tick: Option<u32>,
    /// Committed as asleep, and not ticked.
    pub(crate) is_asleep: bool,
}

impl Lead {
    /// From a record that was just claimed.
    pub(crate) fn resume(epoch: Epoch, stored: Stored) -> Self {
        let Stored { world, desk } = stored;
        let desk = Desk::open(desk, &world);
        let scene = world.scene();
        Self { epoch, world, desk, forecast: Forecast::new(), scene, seating_tick: None, is_asleep: false }
    }

    /// A new world on a record that has got to `tick`: its first commit goes beyond that.
    pub(crate) fn fresh(epoch: Epoch, seed: u64, tick: u32) -> Self {
        let mut world = World::new(seed);
        world.set_tick(tick);
        Self::resume(epoch, Stored { world, desk: record::Desk::default() })
    }

    /// What the next tick will be asked to do.
    pub(crate) fn commands(&mut self, intake: &Intake) -> Vec<Command> {
        self.desk.take(intake, &self.world)
    }

    /// What the world's tick has done to seats.
    pub(crate) fn hear(&mut self, outcomes: &[Outcome]) {
        self.desk.hear(self.world.tick(), outcomes);
    }

    /// The commit of this tick, when a frame is due. To be asked once a tick.
    pub(crate) fn due_commit(&mut self, gap_ticks: u32, neighbour: impl FnOnce() -> MazeId) -> Option<Commit> {
        self.world.show_in(&mut self.scene);
        let sections = self.forecast.decide(&self.scene, gap_ticks)?;
        let has_newcomers = std::mem::take(&mut self.desk.has_newcomers);
        Some(self.commit(if has_newcomers { Sections::ALL } else { sections }, neighbour))
    }

    /// In its place, with a complete frame whether one is due or not: the last one before the maze changes hands or falls asleep.
    pub(crate) fn last_commit(&mut self, neighbour: impl FnOnce() -> MazeId) -> Commit {
        self.world.show_in(&mut self.scene);
        self.commit(Sections::ALL, neighbour)
    }

    /// Empty for long enough that nothing is left to tick for.
    pub(crate) fn may_sleep(&self) -> bool {
        self.world.may_sleep() && self.desk.is_deserted()
    }

    pub(crate) fn row(&self, id: &MazeId) -> MazeRow {
        MazeRow {
            id: id.clone(),
            epoch: self.epoch,
            tick: self.world.tick(),
            players: u32::from(self.world.seated()),
            spectators: self.desk.spectators(),
            level: self.world.level(),
            asleep: self.is_asleep,
        }
    }

    fn commit(&mut self, sections: Sections, neighbour: impl FnOnce() -> MazeId) -> Commit {
        let position = Position { epoch: self.epoch, tick: self.world.tick() };
        let frame = frame(self.epoch, &self.world, &self.desk, &self.scene, sections);
        let seating_due = self.seating_tick.is_none_or(|last| position.tick.wrapping_sub(last) >= SEATING_TICKS);
        let seating = (seating_due || self.desk.is_news).then(|| {
            self.seating_tick = Some(position.tick);
            self.desk.is_news = false;
            let neighbour = self.desk.has_refused().then(neighbour);
            self.desk.seating(position, neighbour.as_ref())
        });
        let show = Show { frame: frame.encode(), seating }.encode();
        self.forecast.on_sent(&frame);
        Commit { position, world: record::encode(&self.world, &self.desk.roll), show }
    }
}

/// The show to publish with a world that displaces what the store has: complete, in the epoch that is being claimed. `None` when these bytes
/// are no record.
pub(crate) fn show_of_record(epoch: Epoch, bytes: &Bytes) -> Option<Bytes> {
    let Stored { world, desk } = Stored::decode(bytes).ok()?;
    let desk = Desk::open(desk, &world);
    let position = Position { epoch, tick: world.tick() };
    let frame = frame(epoch, &world, &desk, &world.scene(), Sections::ALL);
    Some(Show { frame: frame.encode(), seating: Some(desk.seating(position, None)) }.encode())
}

fn frame(epoch: Epoch, world: &World, desk: &Desk, scene: &Scene, sections: Sections) -> Frame {
    Frame {
        epoch,
        carried: false,
        roster_version: (desk.roll.roster_version & 15) as u8,
        numbers: desk.numbers(),
        events: world.events().iter().filter_map(|event| Event::told_at(event, world.tick())).collect(),
        scene: scene.clone(),
        sections,
    }
}
