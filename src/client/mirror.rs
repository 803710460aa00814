//! A client's picture of its maze: the newest frame wins, and between frames everybody moves on along the rails. Pure.
//!
//! Two scenes: the picture's stands at the newest frame's tick, the drawn one is moved on from it to any later moment. Before a frame is applied the picture
//! is moved on to meet it, so that what the frame leaves out (pellets, scores, clocks) is as the leader's shadow has it. What is shown only
//! moves forward (Y3); a new epoch discards everything. `static/mirror.js` does the same, held together by golden vectors (W2).

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic)]

mod gallery;

pub use gallery::Gallery;

use std::sync::Arc;

use crate::game::scene::Pellets;
use crate::game::scene::SEATS;
use crate::game::scene::Scene;
use crate::wire::Epoch;
use crate::wire::Position;
use crate::wire::frame::Event;
use crate::wire::frame::Frame;
use crate::wire::frame::FrameError;
use crate::wire::frame::SectionKind;
use crate::wire::frame::Sections;

/// Ticks that a scene is moved on at most, to meet a frame or to be drawn; after a longer silence there is nothing true to show.
pub const ADVANCE_TICKS_MAX: u32 = 120;

#[derive(Clone, Debug, Default)]
pub struct Mirror {
    picture: Option<Arc<Picture>>,
    drawn: Option<Arc<Scene>>,
    gallery: Option<Gallery>,
}

/// The maze at the newest frame. Never changed, so that those who have seen the same may have the same.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Picture {
    epoch: Epoch,
    scene: Scene,
    /// The sections that have come in this epoch.
    there: Sections,
    roster_version: u8,
    numbers: [u8; SEATS],
    events: Vec<Event>,
}

impl Mirror {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One that shows what it would show alone, but does not work out again what another one of this gallery has worked out.
    #[must_use]
    pub fn among(gallery: Gallery) -> Self {
        Self { gallery: Some(gallery), ..Self::default() }
    }

    /// Takes a frame; false when it is not newer than what is there. A frame that cannot be read changes nothing.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<bool, FrameError> {
        let before = self.picture.as_ref();
        let known = self.gallery.as_ref().and_then(|gallery| gallery.after(before, bytes));
        let after = if let Some(known) = known {
            known
        } else {
            let frame = Frame::decode(bytes)?;
            if self.position().is_some_and(|newest| frame.position() <= newest) {
                return Ok(false);
            }
            let after = Arc::new(Picture::after(before.map(Arc::as_ref), frame));
            self.gallery.as_ref().map_or_else(|| Arc::clone(&after), |gallery| gallery.hang(before, bytes, &after))
        };
        self.picture = Some(after);
        self.drawn = None;
        Ok(true)
    }

    /// The maze at `tick`, but not before the newest frame and not more than [`ADVANCE_TICKS_MAX`] after it. `None` until everything has been heard once.
    pub fn at(&mut self, tick: u32) -> Option<&Scene> {
        let picture = self.picture.as_ref().filter(|picture| picture.is_whole())?;
        let tick = tick.clamp(picture.scene.tick, picture.scene.tick.saturating_add(ADVANCE_TICKS_MAX));
        let mut drawn = match &self.gallery {
            Some(gallery) => gallery.drawn(picture, tick),
            None => self.drawn.take().filter(|drawn| drawn.tick <= tick),
        }
        .unwrap_or_else(|| Arc::new(picture.scene.clone()));
        if drawn.tick < tick {
            advance_to(Arc::make_mut(&mut drawn), tick);
            if let Some(gallery) = &self.gallery {
                gallery.draw(picture, &drawn);
            }
        }
        Some(self.drawn.insert(drawn))
    }

    /// The scene at the newest frame, whole or not, with the sections that have come.
    #[must_use]
    pub fn newest(&self) -> Option<(&Scene, Sections)> {
        self.picture.as_ref().map(|picture| (&picture.scene, picture.there))
    }

    /// That of the newest frame.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.picture.as_ref().map(|picture| Position { epoch: picture.epoch, tick: picture.scene.tick })
    }

    /// The number, modulo 8, of the last input of each seat that the newest frame holds.
    #[must_use]
    pub fn numbers(&self) -> Option<&[u8; SEATS]> {
        self.picture.as_ref().map(|picture| &picture.numbers)
    }

    /// The low four bits of the seating that the newest frame goes with.
    #[must_use]
    pub fn roster_version(&self) -> Option<u8> {
        self.picture.as_ref().map(|picture| picture.roster_version)
    }

    /// What the newest frame says has just happened, newest first; the same event comes again for a quarter of a second.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        self.picture.as_ref().map_or(&[], |picture| &picture.events)
    }
}

impl Picture {
    /// Everything has come in this epoch but what no leader sends: the scores of two empty seats.
    fn is_whole(&self) -> bool {
        let is_empty = |seat: u8| self.scene.pacs[usize::from(seat)].is_none();
        let is_blank = |kind| matches!(kind, SectionKind::Scores(pair) if is_empty(2 * pair) && is_empty(2 * pair + 1));
        SectionKind::ALL.into_iter().all(|kind| self.there.has(kind) || is_blank(kind))
    }

    fn after(before: Option<&Self>, frame: Frame) -> Self {
        let mut base = before.filter(|before| before.epoch == frame.epoch).map_or_else(|| Self::before(&frame), Self::clone);
        if base.scene.tick < frame.scene.tick {
            let last_tick = (frame.scene.tick - 1).min(base.scene.tick.saturating_add(ADVANCE_TICKS_MAX));
            advance_to(&mut base.scene, last_tick);
            base.scene.advance_to_meet_a_frame();
        }
        frame.apply_to(&mut base.scene);
        base.there = frame.sections.iter().fold(base.there, Sections::with);
        base.roster_version = frame.roster_version;
        base.numbers = frame.numbers;
        base.events = frame.events;
        base
    }

    /// What a first frame is applied to. Every pellet lies there, since sections that a gateway has appended only take away.
    fn before(frame: &Frame) -> Self {
        let scene = Scene { pellets: Pellets::ALL, ..frame.scene.clone() };
        Self { epoch: frame.epoch, scene, there: Sections::NONE, roster_version: 0, numbers: [0; SEATS], events: Vec::new() }
    }
}

fn advance_to(scene: &mut Scene, tick: u32) {
    while scene.tick < tick {
        scene.advance();
    }
}

#[cfg(test)]
mod tests;
