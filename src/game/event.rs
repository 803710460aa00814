//! What has just happened and is heard or seen once: a sound, a score that pops up, a line in the feed.
//!
//! Events move nobody and decide nothing: a reader that misses one misses a sound. A world keeps those of the last quarter of a second, the
//! newest first, so that every frame of that time can repeat them.

use serde::Deserialize;
use serde::Serialize;

use crate::game::scene::Seat;

/// How long an event is repeated.
pub const EVENT_TICKS: u32 = 15;
/// How many a world keeps; the oldest go first.
pub const EVENTS_MAX: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The tick at which it happened.
    pub tick: u32,
    pub kind: EventKind,
    /// The seat whose doing or suffering it is; 0 where it concerns the maze.
    pub who: u8,
    /// A seat or a ghost, as the kind says; otherwise 0.
    pub whom: u8,
    pub points: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// `who` ate the ghost `whom`.
    GhostEaten = 0,
    /// `who` ate the player in seat `whom`.
    RivalEaten = 1,
    /// `who` was caught by the ghost `whom`.
    Caught = 2,
    FruitEaten = 3,
    EnergizerEaten = 4,
    /// `who` and `whom` pushed each other back.
    Bumped = 5,
    ExtraLife = 6,
    SheetCleared = 7,
    LevelUp = 8,
    FruitAppeared = 9,
    /// `who` appeared in the maze.
    Spawned = 10,
    /// `who` has played his last life.
    RunOver = 11,
}

impl EventKind {
    pub const ALL: [Self; 12] = [
        Self::GhostEaten,
        Self::RivalEaten,
        Self::Caught,
        Self::FruitEaten,
        Self::EnergizerEaten,
        Self::Bumped,
        Self::ExtraLife,
        Self::SheetCleared,
        Self::LevelUp,
        Self::FruitAppeared,
        Self::Spawned,
        Self::RunOver,
    ];
}

/// The events of the last [`EVENT_TICKS`], newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events(Vec<Event>);

impl Events {
    #[must_use]
    pub fn recent(&self) -> &[Event] {
        &self.0
    }

    pub(super) fn forget_before(&mut self, tick: u32) {
        while self.0.last().is_some_and(|event| tick.wrapping_sub(event.tick) >= EVENT_TICKS) {
            self.0.pop();
        }
    }

    pub(super) fn push(&mut self, tick: u32, kind: EventKind, who: Seat, whom: u8, points: u16) {
        self.0.truncate(EVENTS_MAX - 1);
        self.0.insert(0, Event { tick, kind, who: who.0, whom, points });
    }
}
