//! What just happened, for sounds and score pops: 20 bits each.
//!
//! An event repeats in every frame of the quarter of a second after it, so that a skipped frame loses none. It is known by its tick (the
//! frame's less the age), kind, who and whom; a reader that has shown it before drops it. Events move nothing: the frame itself does.

use serde::Serialize;

use crate::wire::frame::FrameError;
use crate::wire::frame::bits::BitReader;
use crate::wire::frame::bits::BitWriter;

pub(super) const EVENT_BITS: usize = 20;
/// Events in a frame at most; the newest come first, so the oldest are left out.
pub const EVENTS_MAX: usize = 7;
/// An event older than so many ticks is no longer in frames.
pub const EVENT_AGE_TICKS_MAX: u8 = 15;
/// The points that an event can bring, by index.
pub const EVENT_POINTS: [u16; 16] = [0, 10, 50, 100, 200, 300, 400, 500, 700, 800, 1000, 1600, 2000, 3000, 3200, 5000];

/// `who` and `whom` are seats or, where said so, ghosts; 0 where nobody is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    pub kind: EventKind,
    pub who: u8,
    pub whom: u8,
    /// Ticks between the event and the frame: 0 to 15.
    pub age: u8,
    /// One of [`EVENT_POINTS`].
    pub points: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Seat `who` ate an energizer.
    EnergizerEaten = 0,
    /// Seat `who` ate ghost `whom`.
    GhostEaten = 1,
    /// Seat `who` ate seat `whom`.
    PacEaten = 2,
    /// Ghost `who` caught seat `whom`.
    PacCaught = 3,
    /// Seat `who` ate the fruit.
    FruitEaten = 4,
    /// Seats `who` and `whom` bumped into each other.
    Bumped = 5,
    /// Seat `who` gained a life.
    LifeGained = 6,
    /// Seat `who` stands in the maze anew.
    Spawned = 7,
    /// The run of seat `who` is over.
    RunOver = 8,
    /// The last dot of a sheet was eaten by seat `who`.
    SheetCleared = 9,
    /// A new level begins.
    LevelBegun = 10,
    /// A fruit appeared.
    FruitAppeared = 11,
    /// The power window of seat `who` ended.
    PowerEnded = 12,
}

impl EventKind {
    pub const ALL: [Self; 13] = [
        Self::EnergizerEaten,
        Self::GhostEaten,
        Self::PacEaten,
        Self::PacCaught,
        Self::FruitEaten,
        Self::Bumped,
        Self::LifeGained,
        Self::Spawned,
        Self::RunOver,
        Self::SheetCleared,
        Self::LevelBegun,
        Self::FruitAppeared,
        Self::PowerEnded,
    ];
}

pub(super) fn put_event(bits: &mut BitWriter, event: &Event) {
    bits.put(event.kind as u8, 4);
    bits.put(event.who, 4);
    bits.put(event.whom, 4);
    bits.put(event.age, 4);
    let index = EVENT_POINTS.iter().rposition(|&points| points <= event.points).unwrap_or(0);
    bits.put(index as u32, 4);
}

pub(super) fn take_event(bits: &mut BitReader<'_>) -> Result<Event, FrameError> {
    let kind = *EventKind::ALL.get(bits.take(4)? as usize).ok_or(FrameError::Invalid("event kind"))?;
    Ok(Event { kind, who: bits.take_u8(4)?, whom: bits.take_u8(4)?, age: bits.take_u8(4)?, points: EVENT_POINTS[bits.take(4)? as usize] })
}
