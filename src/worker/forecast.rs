//! When a frame is sent, and with which section: when the future has changed, else every beat. Pure.
//!
//! The shadow is the scene as clients have it: the last frame moved on along the rails. A frame goes out when the world departs from it, when a
//! new wish would move its pac otherwise before the next beat, or when the beat is due.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

#[cfg(test)]
mod tests;

use crate::game::grid::Direction;
use crate::game::motion;
use crate::game::scene::Pac;
use crate::game::scene::Pellets;
use crate::game::scene::SEATS;
use crate::game::scene::Scene;
use crate::game::scene::Score;
use crate::wire::BEAT_TICKS;
use crate::wire::frame::Frame;
use crate::wire::frame::SectionKind;
use crate::wire::frame::Sections;

/// A section goes out at most this often; between them frames are bare.
pub const SECTION_TICKS: u32 = BEAT_TICKS;

/// So many dots that clients do not know of are a refill: then every quarter that has changed goes out at once, so that a maze grows evenly and
/// nobody eats for long what others do not see, which would cost a frame each time.
pub const REFILL_DOTS: u32 = 4;

pub struct Forecast {
    /// `None` until the first frame, which is complete.
    shadow: Option<Scene>,
    /// What the shadow had of pellets and scores before its last tick.
    uneaten: Option<(Pellets, [Score; SEATS])>,
    sent_tick: u32,
    section_tick: u32,
    /// The tick at which each section was last sent.
    section_ticks: [u32; SectionKind::COUNT],
    /// By seat, the wish that was found to change nothing before the next beat.
    harmless: [Option<Direction>; SEATS],
    /// Something has to be told as soon as the gap allows.
    pending: bool,
}

impl Default for Forecast {
    fn default() -> Self {
        Self::new()
    }
}

impl Forecast {
    #[must_use]
    pub const fn new() -> Self {
        Self {
            shadow: None,
            uneaten: None,
            sent_tick: 0,
            section_tick: 0,
            section_ticks: [0; SectionKind::COUNT],
            harmless: [None; SEATS],
            pending: false,
        }
    }

    /// The world has taken one tick and looks like `truth`. The sections to send with a frame of it, when one is due.
    #[must_use]
    pub fn decide(&mut self, truth: &Scene, gap_ticks: u32) -> Option<Sections> {
        let Some(shadow) = &mut self.shadow else { return Some(Sections::ALL) };
        self.uneaten = Some((shadow.pellets, shadow.scores));
        shadow.advance();
        let since = truth.tick.wrapping_sub(self.sent_tick);
        self.pending =
            self.pending || departs(shadow, truth) || wish_matters(shadow, truth, &mut self.harmless, BEAT_TICKS.saturating_sub(since));
        let due = since >= BEAT_TICKS || (self.pending && since >= gap_ticks);
        due.then(|| self.section(truth))
    }

    /// A frame went out: clients have what it holds.
    pub fn on_sent(&mut self, frame: &Frame) {
        let tick = frame.scene.tick;
        match &mut self.shadow {
            Some(shadow) => {
                // What `Scene::advance_to_meet_a_frame` does: in the tick of a frame nobody eats but in it.
                if let Some((pellets, scores)) = self.uneaten.take() {
                    (shadow.pellets, shadow.scores) = (pellets, scores);
                }
                frame.apply_to(shadow);
            }
            None => self.shadow = Some(frame.scene.clone()),
        }
        for kind in frame.sections.iter() {
            self.section_tick = tick;
            self.section_ticks[kind.index()] = tick;
        }
        self.sent_tick = tick;
        self.harmless = [None; SEATS];
        self.pending = false;
    }

    /// The section that has waited longest of those that clients have wrong, or else of all; none when one was sent just before.
    fn section(&self, truth: &Scene) -> Sections {
        let Some(shadow) = &self.shadow else { return Sections::ALL };
        if truth.tick.wrapping_sub(self.section_tick) < SECTION_TICKS {
            return Sections::NONE;
        }
        let wrong = |kind: SectionKind| !kind.agrees(shadow, truth);
        let refilled = SectionKind::ALL.into_iter().filter(|&kind| matches!(kind, SectionKind::Pellets(_)) && wrong(kind));
        if missing(shadow, truth) >= REFILL_DOTS {
            return refilled.fold(Sections::NONE, Sections::with);
        }
        let waited = |kind: SectionKind| truth.tick.wrapping_sub(self.section_ticks[kind.index()]);
        let worth = SectionKind::ALL.into_iter().filter(|&kind| wrong(kind) || !is_blank(kind, truth));
        // Of several that have waited alike the first in their order goes first.
        let chosen = worth.max_by_key(|&kind| (wrong(kind), waited(kind), std::cmp::Reverse(kind.index())));
        chosen.map_or(Sections::NONE, Sections::of)
    }
}

/// Dots that lie in truth and not in the shadow: they have been laid since.
fn missing(shadow: &Scene, truth: &Scene) -> u32 {
    truth.pellets.0.iter().zip(shadow.pellets.0).map(|(there, known)| (there & !known).count_ones()).sum()
}

/// Whether clients draw anything wrong, or are about to; wishes apart, which `wish_matters` weighs.
fn departs(shadow: &mut Scene, truth: &Scene) -> bool {
    let mut wishes = [None; SEATS];
    for ((mine, other), wish) in shadow.pacs.iter_mut().zip(&truth.pacs).zip(&mut wishes) {
        if let (Some(mine), Some(other)) = (mine, other) {
            *wish = Some(std::mem::replace(&mut mine.wish, other.wish));
        }
    }
    let departs = shadow.departs_from(truth);
    for (mine, wish) in shadow.pacs.iter_mut().zip(wishes) {
        if let (Some(mine), Some(wish)) = (mine, wish) {
            mine.wish = wish;
        }
    }
    departs
}

/// Whether a wish that clients do not know moves its pac otherwise within `ticks`. A wish that was found harmless is not weighed again.
fn wish_matters(shadow: &Scene, truth: &Scene, harmless: &mut [Option<Direction>; SEATS], ticks: u32) -> bool {
    for ((mine, other), harmless) in shadow.pacs.iter().zip(&truth.pacs).zip(harmless) {
        let (Some(mine), Some(other)) = (mine, other) else { continue };
        if mine.wish == other.wish || *harmless == Some(other.wish) {
            continue;
        }
        if parts(*mine, *other, truth, ticks) {
            return true;
        }
        *harmless = Some(other.wish);
    }
    false
}

/// Whether two pacs that differ only in their wish are apart within `ticks`, by motion alone.
fn parts(mut mine: Pac, mut other: Pac, truth: &Scene, ticks: u32) -> bool {
    let players = truth.players();
    (1..=ticks).any(|ahead| {
        let tick = truth.tick.wrapping_add(ahead);
        motion::advance_pac(&mut mine, truth.speed_row, players, tick);
        motion::advance_pac(&mut other, truth.speed_row, players, tick);
        (mine.point, mine.direction) != (other.point, other.direction)
    })
}

/// Scores of two empty seats are of no use to anybody.
fn is_blank(kind: SectionKind, truth: &Scene) -> bool {
    match kind {
        SectionKind::Scores(pair) => {
            let first = usize::from(pair) * 2;
            truth.pacs[first].is_none() && truth.pacs[first + 1].is_none()
        }
        SectionKind::Pellets(_) | SectionKind::Clocks => false,
    }
}
