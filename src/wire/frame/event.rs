//! What just happened, for sounds and score pops: 20 bits each.
//!
//! An event repeats in every frame of the quarter of a second after it, so that a skipped frame loses none. It is known by its tick (the
//! frame's less the age), kind, who and whom; a reader that has shown it before drops it. Events move nothing: the frame itself does.

use serde::Serialize;
use serde::Serializer;

use crate::game::event;
use crate::game::event::EVENT_TICKS;
use crate::game::event::EventKind;
use crate::wire::frame::FrameError;
use crate::wire::frame::bits::BitReader;
use crate::wire::frame::bits::BitWriter;

pub(super) const EVENT_BITS: usize = 20;
/// Events in a frame at most; the newest come first, so the oldest are left out.
pub const EVENTS_MAX: usize = 7;
/// The points that an event can bring, by index.
pub const EVENT_POINTS: [u16; 16] = [0, 10, 50, 100, 200, 300, 400, 500, 700, 800, 1000, 1600, 2000, 3000, 3200, 5000];

const _: () = assert!(EVENT_TICKS <= 16, "an age is four bits");

/// An event of the law as a frame tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    #[serde(serialize_with = "as_word")]
    pub kind: EventKind,
    /// A seat; 0 where nobody is meant.
    pub who: u8,
    /// A seat or a ghost, by the kind; else 0.
    pub whom: u8,
    /// Ticks between the event and the frame: 0 to 15.
    pub age: u8,
    /// One of [`EVENT_POINTS`].
    pub points: u16,
}

impl Event {
    /// As a frame of `tick` tells it; `None` when it is too long ago.
    #[must_use]
    pub fn told_at(event: &event::Event, tick: u32) -> Option<Self> {
        let age = tick.wrapping_sub(event.tick);
        (age < EVENT_TICKS).then_some(Self { kind: event.kind, who: event.who, whom: event.whom, age: age as u8, points: event.points })
    }
}

/// The kind's name in JSON and in `static/wire.js`.
#[must_use]
pub const fn event_word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::GhostEaten => "ghost_eaten",
        EventKind::RivalEaten => "rival_eaten",
        EventKind::Caught => "caught",
        EventKind::FruitEaten => "fruit_eaten",
        EventKind::EnergizerEaten => "energizer_eaten",
        EventKind::Bumped => "bumped",
        EventKind::ExtraLife => "extra_life",
        EventKind::SheetCleared => "sheet_cleared",
        EventKind::LevelUp => "level_up",
        EventKind::FruitAppeared => "fruit_appeared",
        EventKind::Spawned => "spawned",
        EventKind::RunOver => "run_over",
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn as_word<S: Serializer>(kind: &EventKind, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(event_word(*kind))
}

pub(super) fn put_event(bits: &mut BitWriter, event: Event) {
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
