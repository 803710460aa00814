//! The frame: the visible maze at a tick in some sixty bytes, whole, without deltas. PROTOCOL.md draws it bit by bit.
//!
//! A core (head, maze, pacs, ghosts, events; padded to a byte) is followed by any number of sections of what changes slowly; with all of them
//! the frame is complete. Every frame has exactly one spelling: decoding rejects whatever encoding would not write, never panics and allocates
//! only what the message has paid for (W1); decode(encode(x)) = x and the other way round (W2).

mod actor;
mod bits;
mod event;
mod kept;
mod section;
#[cfg(test)]
mod tests;
mod text;

pub use event::EVENT_POINTS;
pub use event::EVENTS_MAX;
pub use event::Event;
pub use event::event_word;
pub use kept::Kept;
pub use kept::Split;
pub use kept::split;
pub use kept::with_sections;
pub use section::SECTION_BYTES_ALL;
pub use section::SectionKind;
pub use section::Sections;
pub use text::to_json;

use bytes::Bytes;

use crate::game::scene::Clocks;
use crate::game::scene::GHOSTS_MAX;
use crate::game::scene::Pellets;
use crate::game::scene::Phase;
use crate::game::scene::SEATS;
use crate::game::scene::Scene;
use crate::game::scene::Score;
use crate::wire::Epoch;
use crate::wire::Position;
use crate::wire::frame::bits::BitReader;
use crate::wire::frame::bits::BitWriter;

/// The first byte of a frame as its leader made it: kind 1, format 1.
pub const HEAD: u8 = 0x11;
/// The first byte of a frame whose sections were appended by a gateway: kind 2, format 1.
pub const HEAD_CARRIED: u8 = 0x21;
/// The fewest ghosts of a maze; their number travels as what is above it.
const GHOSTS_MIN: usize = 4;
const HEAD_BITS: usize = 72;
const MAZE_BITS: usize = 44;
/// The largest frame: 16 pacs, 8 ghosts, 7 events, all sections.
pub const FRAME_BYTES_MAX: usize =
    (HEAD_BITS + MAZE_BITS + SEATS * actor::PAC_BITS + GHOSTS_MAX * actor::GHOST_BITS + EVENTS_MAX * event::EVENT_BITS).div_ceil(8)
        + SECTION_BYTES_ALL;

const _: () = assert!(FRAME_BYTES_MAX < 256, "a kept frame stays small");

/// One frame, in either direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub epoch: Epoch,
    /// A gateway appended the sections; they may be older than the rest.
    pub carried: bool,
    /// The low four bits of the seating's version: when it differs, the list of players is on its way.
    pub roster_version: u8,
    /// By seat, the number of the last input that is in this frame, modulo 8; 0 for an empty seat.
    pub numbers: [u8; SEATS],
    /// Newest first, at most [`EVENTS_MAX`]; more are left out.
    pub events: Vec<Event>,
    /// After decoding, pellets, scores and clocks are blank unless `sections` names them.
    pub scene: Scene,
    /// What of pellets, scores and clocks travels.
    pub sections: Sections,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("the frame ends too early")]
    Truncated,
    #[error("not a frame of a known format")]
    UnknownFormat,
    #[error("the frame has an invalid {0}")]
    Invalid(&'static str),
}

impl Frame {
    #[must_use]
    pub fn position(&self) -> Position {
        Position { epoch: self.epoch, tick: self.scene.tick }
    }

    /// Whether it needs nothing that came before.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.sections == Sections::ALL
    }

    #[must_use]
    pub fn encode(&self) -> Bytes {
        let scene = &self.scene;
        let ghosts = &scene.ghosts[..scene.ghosts.len().min(GHOSTS_MAX)];
        let events = &self.events[..self.events.len().min(EVENTS_MAX)];
        let mut bits = BitWriter::with_capacity(FRAME_BYTES_MAX);
        bits.put(if self.carried { HEAD_CARRIED } else { HEAD }, 8);
        bits.put(self.epoch.0, 32);
        bits.put(scene.tick, 32);

        let mask = scene.pacs.iter().enumerate().fold(0_u32, |mask, (seat, pac)| mask | u32::from(pac.is_some()) << seat);
        bits.put(mask, 16);
        bits.put(self.roster_version & 15, 4);
        bits.put(scene.phase as u8, 3);
        bits.put(scene.speed_row, 2);
        bits.put(scene.elroy.min(2), 2);
        bits.put(ghosts.len().saturating_sub(GHOSTS_MIN) as u32, 3);
        bits.put(scene.power_ticks_left, 9);
        bits.put(scene.dormant, 1);
        bits.put(scene.fruit, 1);
        bits.put(events.len() as u32, 3);

        for (pac, &number) in scene.pacs.iter().zip(&self.numbers) {
            if let Some(pac) = pac {
                actor::put_pac(&mut bits, *pac, number);
            }
        }
        for &ghost in ghosts {
            actor::put_ghost(&mut bits, ghost);
        }
        for &event in events {
            event::put_event(&mut bits, event);
        }
        bits.pad();
        for kind in self.sections.iter() {
            kind.put(&mut bits, scene);
        }
        bits.finish().into()
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let (mut frame, core_bytes) = take_core(bytes)?;
        let mut rest = &bytes[core_bytes..];
        let mut next_index = 0;
        while let Some(&first) = rest.first() {
            let kind = SectionKind::of_first_byte(first)?;
            if kind.index() < next_index {
                return Err(FrameError::Invalid("order of sections"));
            }
            let (section, after) = rest.split_at_checked(kind.bytes()).ok_or(FrameError::Truncated)?;
            kind.take(&mut BitReader::new(section), &mut frame.scene)?;
            frame.sections = frame.sections.with(kind);
            next_index = kind.index() + 1;
            rest = after;
        }
        Ok(frame)
    }

    /// Makes a scene true that was moved on to meet this frame (`Scene::advance_to_meet_a_frame`): the core replaces, its pacs have eaten what lies
    /// under them, and of the rest what travels replaces. The leader's shadow and every mirror do exactly this.
    ///
    /// Pellets that a gateway appended may be older than the frame, so they only take away: otherwise dots eaten in between would come back
    /// for a moment. A refill missed like that comes with the next round of sections.
    pub fn apply_to(&self, base: &mut Scene) {
        let Scene { pellets, scores, clocks, .. } = *base;
        let mut ghosts = std::mem::take(&mut base.ghosts);
        ghosts.clone_from(&self.scene.ghosts);
        let Scene { tick, phase, speed_row, elroy, power_ticks_left, dormant, fruit, pacs, .. } = self.scene;
        *base = Scene { tick, phase, speed_row, elroy, power_ticks_left, dormant, fruit, pacs, ghosts, pellets, scores, clocks };
        base.eat_in_place();
        for kind in self.sections.iter() {
            match kind {
                SectionKind::Pellets(quarter) if self.carried => base.pellets.0[quarter as usize] &= self.scene.pellets.0[quarter as usize],
                _ => kind.copy(&self.scene, base),
            }
        }
    }
}

/// The position of a frame, without decoding the rest; `None` when it is none.
#[must_use]
pub fn position(bytes: &[u8]) -> Option<Position> {
    let word = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if !matches!(bytes.first(), Some(&(HEAD | HEAD_CARRIED))) {
        return None;
    }
    Some(Position { epoch: Epoch(word(1)?), tick: word(5)? })
}

/// How many bytes the core takes, from its counts alone.
fn core_bytes(bytes: &[u8]) -> Result<usize, FrameError> {
    let mut bits = BitReader::new(bytes.get(HEAD_BITS / 8..).ok_or(FrameError::Truncated)?);
    let pacs = bits.take(16)?.count_ones() as usize;
    bits.take(4 + 3 + 2 + 2)?;
    let ghosts = GHOSTS_MIN + bits.take(3)? as usize;
    bits.take(9 + 1 + 1)?;
    let events = bits.take(3)? as usize;
    Ok((HEAD_BITS + MAZE_BITS + pacs * actor::PAC_BITS + ghosts * actor::GHOST_BITS + events * event::EVENT_BITS).div_ceil(8))
}

/// A frame without its sections, and where they begin.
fn take_core(bytes: &[u8]) -> Result<(Frame, usize), FrameError> {
    let mut bits = BitReader::new(bytes);
    let carried = match bits.take_u8(8)? {
        HEAD => false,
        HEAD_CARRIED => true,
        _ => return Err(FrameError::UnknownFormat),
    };
    let epoch = Epoch(bits.take(32)?);
    let mut scene = blank(bits.take(32)?);
    let mask = bits.take(16)?;
    let roster_version = bits.take_u8(4)?;
    scene.phase = phase_of(bits.take(3)?).ok_or(FrameError::Invalid("phase"))?;
    scene.speed_row = bits.take_u8(2)?;
    scene.elroy = bits.take_u8(2)?;
    let ghosts = GHOSTS_MIN + bits.take(3)? as usize;
    scene.power_ticks_left = bits.take(9)? as u16;
    scene.dormant = bits.take_flag()?;
    scene.fruit = bits.take_flag()?;
    let event_count = bits.take(3)?;
    if scene.elroy > 2 {
        return Err(FrameError::Invalid("elroy"));
    }
    if ghosts > GHOSTS_MAX {
        return Err(FrameError::Invalid("number of ghosts"));
    }

    let mut numbers = [0; SEATS];
    for seat in (0..SEATS).filter(|seat| mask >> seat & 1 == 1) {
        let (pac, number) = actor::take_pac(&mut bits)?;
        scene.pacs[seat] = Some(pac);
        numbers[seat] = number;
    }
    for _ in 0..ghosts {
        scene.ghosts.push(actor::take_ghost(&mut bits)?);
    }
    let events = (0..event_count).map(|_| event::take_event(&mut bits)).collect::<Result<_, _>>()?;
    let core_bytes = bits.pad()?;
    Ok((Frame { epoch, carried, roster_version, numbers, events, scene, sections: Sections::NONE }, core_bytes))
}

fn blank(tick: u32) -> Scene {
    Scene {
        tick,
        phase: Phase::Empty,
        speed_row: 0,
        elroy: 0,
        power_ticks_left: 0,
        dormant: false,
        fruit: false,
        pacs: [None; SEATS],
        ghosts: Vec::with_capacity(GHOSTS_MAX),
        pellets: Pellets::NONE,
        scores: [Score::default(); SEATS],
        clocks: Clocks {
            level: 0,
            sheets_done: 0,
            sheets_needed: 0,
            phase_ticks_left: 0,
            lock_ticks_left: 0,
            fruit_ticks_left: 0,
            power_owner: None,
            chain: 0,
        },
    }
}

fn phase_of(code: u32) -> Option<Phase> {
    const PHASES: [Phase; 7] = [Phase::Play, Phase::Ready, Phase::Eaten, Phase::Dying, Phase::Cleared, Phase::Paused, Phase::Empty];
    PHASES.get(code as usize).copied()
}
