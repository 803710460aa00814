//! The same frame as JSON, for people with a terminal (`?frames=json`): `{"type":"frame",…}` with every field by name.
//!
//! `static/wire.js` decodes a binary frame to exactly this object, so it is also what the golden vectors compare (W2).

use serde::Serialize;

use crate::game::grid::Direction;
use crate::game::scene::Clocks;
use crate::game::scene::Condition;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::PELLETS_IN_QUARTER;
use crate::game::scene::Phase;
use crate::game::scene::Place;
use crate::wire::frame::Event;
use crate::wire::frame::Frame;
use crate::wire::frame::FrameError;
use crate::wire::frame::SectionKind;

/// A binary frame as JSON text.
pub fn to_json(bytes: &[u8]) -> Result<String, FrameError> {
    let frame = Frame::decode(bytes)?;
    serde_json::to_string(&readable(&frame)).map_err(|_| FrameError::Invalid("field"))
}

#[derive(Serialize)]
struct Readable<'a> {
    r#type: &'static str,
    epoch: u32,
    tick: u32,
    carried: bool,
    roster_version: u8,
    phase: Phase,
    speed_row: u8,
    elroy: u8,
    power_ticks_left: u16,
    dormant: bool,
    fruit: bool,
    pacs: Vec<ReadablePac>,
    ghosts: Vec<ReadableGhost>,
    events: &'a [Event],
    pellets: Vec<ReadableQuarter>,
    scores: Vec<ReadableScore>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clocks: Option<Clocks>,
}

#[derive(Serialize)]
struct ReadablePac {
    seat: u8,
    x: u8,
    y: u8,
    direction: Direction,
    wish: Direction,
    state: &'static str,
    ticks: u8,
    number: u8,
}

#[derive(Serialize)]
struct ReadableGhost {
    x: u8,
    y: u8,
    direction: Direction,
    mood: Mood,
    place: Place,
    exit: Direction,
    next_exit: Direction,
    reversal_pending: bool,
}

#[derive(Serialize)]
struct ReadableQuarter {
    quarter: u8,
    /// A character for each of its 61 pellets, `1` where it is left.
    left: String,
}

#[derive(Serialize)]
struct ReadableScore {
    seat: u8,
    points: u32,
    lives: u8,
}

fn readable(frame: &Frame) -> Readable<'_> {
    let scene = &frame.scene;
    let mut pellets = Vec::new();
    let mut scores = Vec::new();
    for kind in frame.sections.iter() {
        match kind {
            SectionKind::Pellets(quarter) => pellets.push(readable_quarter(quarter, scene.pellets.0[quarter as usize])),
            SectionKind::Scores(pair) => scores.extend([pair * 2, pair * 2 + 1].map(|seat| {
                let score = scene.scores[seat as usize];
                ReadableScore { seat, points: score.points, lives: score.lives }
            })),
            SectionKind::Clocks => {}
        }
    }
    Readable {
        r#type: "frame",
        epoch: frame.epoch.0,
        tick: scene.tick,
        carried: frame.carried,
        roster_version: frame.roster_version,
        phase: scene.phase,
        speed_row: scene.speed_row,
        elroy: scene.elroy,
        power_ticks_left: scene.power_ticks_left,
        dormant: scene.dormant,
        fruit: scene.fruit,
        pacs: readable_pacs(frame),
        ghosts: scene.ghosts.iter().copied().map(readable_ghost).collect(),
        events: &frame.events,
        pellets,
        scores,
        clocks: frame.sections.has(SectionKind::Clocks).then_some(scene.clocks),
    }
}

fn readable_pacs(frame: &Frame) -> Vec<ReadablePac> {
    let seated = frame.scene.pacs.iter().zip(frame.numbers).zip(0..);
    seated
        .filter_map(|((pac, number), seat)| {
            let pac = (*pac)?;
            let (state, ticks) = readable_condition(pac.condition);
            Some(ReadablePac { seat, x: pac.point.x, y: pac.point.y, direction: pac.direction, wish: pac.wish, state, ticks, number })
        })
        .collect()
}

/// A condition's name, and its ticks (0 where it has none).
fn readable_condition(condition: Condition) -> (&'static str, u8) {
    match condition {
        Condition::Alive(ticks) => ("alive", ticks),
        Condition::Powered(ticks) => ("powered", ticks),
        Condition::Shielded(ticks) => ("shielded", ticks),
        Condition::Ready => ("ready", 0),
        Condition::Dead => ("dead", 0),
        Condition::Parked => ("parked", 0),
        Condition::Bumped(ticks) => ("bumped", ticks),
        Condition::PoweredBumped(ticks) => ("powered_bumped", ticks),
    }
}

fn readable_ghost(ghost: Ghost) -> ReadableGhost {
    ReadableGhost {
        x: ghost.point.x,
        y: ghost.point.y,
        direction: ghost.direction,
        mood: ghost.mood,
        place: ghost.place,
        exit: ghost.exit,
        next_exit: ghost.next_exit,
        reversal_pending: ghost.reversal_pending,
    }
}

fn readable_quarter(quarter: u8, bits: u64) -> ReadableQuarter {
    let left = (0..PELLETS_IN_QUARTER).map(|pellet| if bits >> pellet & 1 == 1 { '1' } else { '0' }).collect();
    ReadableQuarter { quarter, left }
}
