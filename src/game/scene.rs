//! The visible maze at one tick: everything that a player may see, and nothing that would tell him the future.
//!
//! `Scene` is the one vocabulary between law and language: the world shows itself as a scene, a frame carries one, a leader's shadow and every
//! client move one on along the `rails`. It owns no rule. The random generator, counters and timers that are not drawn stay in the world.

use serde::Deserialize;
use serde::Serialize;

use crate::game::grid::Direction;
use crate::game::grid::Point;

/// Seats of a maze, the hard cap of players in it.
pub const SEATS: usize = 16;
/// Ghosts of a maze at most: two packs of four, in the order Blinky, Pinky, Inky, Clyde.
pub const GHOSTS_MAX: usize = 8;
/// Pellets of a full sheet: 240 dots and 4 energizers.
pub const PELLETS: usize = 244;
/// Pellets are numbered row by row from the top left, and travel in four quarters of 61.
pub const PELLETS_IN_QUARTER: usize = 61;
pub const QUARTERS: usize = 4;

const _: () = assert!(PELLETS == PELLETS_IN_QUARTER * QUARTERS);

/// A seat of a maze: 0 to 15.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seat(pub u8);

/// What is seen of a maze at `tick`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// The maze's tick of 1/60 s; speed patterns follow from `tick % 16`.
    pub tick: u32,
    pub phase: Phase,
    /// 0: level 1, 1: levels 2 to 4, 2: levels 5 to 20, 3: level 21 and above; all speeds follow from it.
    pub speed_row: u8,
    /// 0, 1 or 2: how angry the first Blinky is.
    pub elroy: u8,
    /// Ticks until the last power window (n = 1: the fright) ends; 0 when none is open. At most 511.
    pub power_ticks_left: u16,
    /// Energizers cannot be eaten now (drawn as hollow rings).
    pub dormant: bool,
    /// A fruit lies below the house; which one follows from the level.
    pub fruit: bool,
    /// By seat; `None` is an empty seat.
    pub pacs: [Option<Pac>; SEATS],
    /// 4 to 8 of them, first pack first.
    pub ghosts: Vec<Ghost>,
    pub pellets: Pellets,
    pub scores: [Score; SEATS],
    pub clocks: Clocks,
}

/// What the maze as a whole is doing. From two players on it is always `Play`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    Play = 0,
    /// READY! is shown; nothing moves.
    Ready = 1,
    /// A ghost was just eaten: nothing moves but other eyes.
    Eaten = 2,
    /// The lone pac was caught and dies; nothing moves, and after one second ghosts are not drawn.
    Dying = 3,
    /// The board is cleared and flashes; nothing moves.
    Cleared = 4,
    /// The lone player is away; nothing moves until he is back.
    Paused = 5,
    /// Nobody is seated.
    Empty = 6,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pac {
    pub point: Point,
    /// The way he moves; while bumped, the way he is pushed.
    pub direction: Direction,
    /// The way that his player wants; tried every tick.
    pub wish: Direction,
    pub condition: Condition,
}

/// The state of a pac, with the ticks that motion needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "state", content = "ticks")]
pub enum Condition {
    /// `ticks` is the eat pause left: 0 to 3.
    Alive(u8),
    /// Has opened the power window; `ticks` is the eat pause left.
    Powered(u8),
    /// Passes through everyone and cannot eat but dots; `ticks` is the eat pause left.
    Shielded(u8),
    /// Shielded and standing until his first wish, or waiting for READY! to pass.
    Ready,
    Dead,
    /// Seated but away; not drawn in the maze, touches nothing.
    Parked,
    /// Pushed while more than 6 `ticks` are left, then stunned; 1 to 14.
    Bumped(u8),
    /// Powered and pushed by another powered pac, without a stun after it; `ticks` left: 1 to 8.
    PoweredBumped(u8),
}

impl Condition {
    /// As a number below 64, in frames and in records. Ticks beyond those that can be count as the most that can.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Alive(pause) => pause.min(3),
            Self::Powered(pause) => 4 + pause.min(3),
            Self::Shielded(pause) => 8 + pause.min(3),
            Self::Ready => 12,
            Self::Dead => 13,
            Self::Parked => 14,
            Self::Bumped(ticks) => 16 + ticks.clamp(1, 14),
            Self::PoweredBumped(ticks) => 32 + ticks.clamp(1, 8),
        }
    }

    #[must_use]
    pub const fn of_code(code: u8) -> Option<Self> {
        Some(match code {
            0..=3 => Self::Alive(code),
            4..=7 => Self::Powered(code - 4),
            8..=11 => Self::Shielded(code - 8),
            12 => Self::Ready,
            13 => Self::Dead,
            14 => Self::Parked,
            17..=30 => Self::Bumped(code - 16),
            33..=40 => Self::PoweredBumped(code - 32),
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ghost {
    pub point: Point,
    pub direction: Direction,
    pub mood: Mood,
    pub place: Place,
    /// Outside: the way he will leave the tile that he is in. In the house always `Up`.
    pub exit: Direction,
    /// Outside: the way he will leave the tile after that. In the house: the way he will turn when he is out.
    pub next_exit: Direction,
    /// He turns back when he enters his next tile.
    pub reversal_pending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    Normal = 0,
    Frightened = 1,
    Eyes = 2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Outside = 0,
    /// Bobs at his seat in the house.
    Waiting = 1,
    /// On his way to the door and up through it.
    Leaving = 2,
    /// Eyes on their way down through the door to their seat.
    Entering = 3,
}

/// The pellets that are left, one bit each, in four quarters of 61: pellet i is bit i % 61 of quarter i / 61.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pellets(pub [u64; QUARTERS]);

impl Pellets {
    pub const NONE: Self = Self([0; QUARTERS]);
    pub const ALL: Self = Self([(1 << PELLETS_IN_QUARTER) - 1; QUARTERS]);

    /// # Panics
    /// When `pellet` is not below [`PELLETS`].
    #[must_use]
    pub fn has(self, pellet: usize) -> bool {
        self.0[pellet / PELLETS_IN_QUARTER] >> (pellet % PELLETS_IN_QUARTER) & 1 == 1
    }

    /// # Panics
    /// When `pellet` is not below [`PELLETS`].
    pub fn set(&mut self, pellet: usize, there: bool) {
        let bit = 1 << (pellet % PELLETS_IN_QUARTER);
        let quarter = &mut self.0[pellet / PELLETS_IN_QUARTER];
        *quarter = if there { *quarter | bit } else { *quarter & !bit };
    }

    #[must_use]
    pub fn left(self) -> u32 {
        self.0.iter().map(|quarter| quarter.count_ones()).sum()
    }
}

/// What a seat's player has to show for his run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Score {
    /// Always a multiple of 10. On the rails a pac that eats a dot gains 10.
    pub points: u32,
    /// Lives left beside the one being played: 0 to 7.
    pub lives: u8,
}

/// What changes slowly and moves nobody: for the display only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Clocks {
    pub level: u16,
    /// Sheets cleared in this level, and how many end it: 0 to 7 each.
    pub sheets_done: u8,
    pub sheets_needed: u8,
    /// Ticks until a phase other than Play ends by itself; 0 where it does not. At most 1023.
    pub phase_ticks_left: u16,
    /// Ticks until energizers wake; at most 1023.
    pub lock_ticks_left: u16,
    /// At most 1023.
    pub fruit_ticks_left: u16,
    /// Who opened the latest power window, and how many he has eaten in it (0 to 4, more count as 4).
    pub power_owner: Option<Seat>,
    pub chain: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_comes_back_from_its_code() {
        let conditions: Vec<_> = (0..=u8::MAX).filter_map(|code| Some((code, Condition::of_code(code)?))).collect();
        assert_eq!(conditions.len(), 3 * 4 + 3 + 14 + 8);
        for (code, condition) in conditions {
            assert_eq!(condition.code(), code);
        }
        assert_eq!(Condition::Bumped(200).code(), Condition::Bumped(14).code());
    }
}
