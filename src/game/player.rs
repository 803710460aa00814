//! A seated player: his pac, his run, and the timers that are his alone.
//!
//! Who he is to people (name, colour, inputs) is the worker's business; the law knows a number. Holds the half of G3 that a player owns: points
//! are gained in one place only, [`Player::gain`].

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error as _;

use crate::game::grid::Direction;
use crate::game::maze;
use crate::game::scene::Condition;
use crate::game::scene::Pac;
use crate::game::scene::Seat;
use crate::game::tuning::DEAD_TICKS;
use crate::game::tuning::EXTRA_LIFE_POINTS;
use crate::game::tuning::SPARE_LIVES;
use crate::game::tuning::SPARE_LIVES_MAX;

/// More points than a frame can carry; nobody gets there, and who does stays there.
pub const POINTS_MAX: u32 = ((1 << 21) - 1) * 10;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Player {
    pub id: u64,
    #[serde(serialize_with = "pack", deserialize_with = "unpack")]
    pub pac: Pac,
    /// Seated or back since the last tick, and not placed in the maze yet.
    pub arriving: bool,
    pub points: u32,
    /// Beside the one being played.
    pub lives: u8,
    /// The extra life comes once a run.
    pub extra_life_given: bool,
    /// Of the power window that he opened.
    pub power_ticks_left: u16,
    /// Ghosts and rivals eaten in it.
    pub chain: u8,
    /// Of the spawn shield, standing or moving.
    pub shield_ticks_left: u16,
    /// Until a pac that died in company respawns; the lone pac's death is a phase of the maze.
    pub dead_ticks_left: u16,
    /// Until he can be bumped again.
    pub immune_ticks_left: u8,
    /// Whom he ate lately, so that nobody farms a friend. At most one entry a seat.
    pub victims: Vec<Victim>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Victim {
    pub seat: Seat,
    /// Until this tick he brings next to nothing.
    pub until_tick: u32,
}

impl Player {
    /// A new run.
    #[must_use]
    pub fn new(id: u64) -> Self {
        let pac = Pac { point: maze::PAC_START, direction: Direction::Left, wish: Direction::Left, condition: Condition::Parked };
        Self {
            id,
            pac,
            arriving: true,
            points: 0,
            lives: SPARE_LIVES,
            extra_life_given: false,
            power_ticks_left: 0,
            chain: 0,
            shield_ticks_left: 0,
            dead_ticks_left: 0,
            immune_ticks_left: 0,
            victims: Vec::new(),
        }
    }

    /// Adds points; true when they bring the extra life.
    pub(super) fn gain(&mut self, points: u32) -> bool {
        self.points = (self.points + points).min(POINTS_MAX);
        if self.extra_life_given || self.points < EXTRA_LIFE_POINTS {
            return false;
        }
        self.extra_life_given = true;
        self.lives = (self.lives + 1).min(SPARE_LIVES_MAX);
        true
    }

    /// In the maze and to be touched: what ghosts hunt and rivals bump into.
    #[must_use]
    pub const fn is_exposed(&self) -> bool {
        use Condition::{Alive, Bumped, Powered, PoweredBumped};
        matches!(self.pac.condition, Alive(_) | Powered(_) | Bumped(_) | PoweredBumped(_))
    }

    /// Master of himself and without a shield: may eat energizers, fruit and blue ghosts.
    #[must_use]
    pub const fn can_eat_all(&self) -> bool {
        matches!(self.pac.condition, Condition::Alive(_) | Condition::Powered(_))
    }

    #[must_use]
    pub const fn can_eat_dots(&self) -> bool {
        self.can_eat_all() || matches!(self.pac.condition, Condition::Shielded(_))
    }

    /// Loses what he held in the maze; the timers of the run's next life start from nothing.
    pub(super) fn drop_everything(&mut self) {
        self.power_ticks_left = 0;
        self.chain = 0;
        self.shield_ticks_left = 0;
        self.dead_ticks_left = 0;
        self.immune_ticks_left = 0;
    }

    /// Dies in company. One tick more, because the timers of this tick are still to come.
    pub(super) fn die(&mut self) {
        self.drop_everything();
        self.pac.condition = Condition::Dead;
        self.dead_ticks_left = DEAD_TICKS + 1;
    }
}

/// A pac as five bytes: the tagged form that people read does not suit a compact record.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn pack<S: Serializer>(pac: &Pac, serializer: S) -> Result<S::Ok, S::Error> {
    (pac.point, pac.direction, pac.wish, pac.condition.code()).serialize(serializer)
}

fn unpack<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Pac, D::Error> {
    let (point, direction, wish, code) = Deserialize::deserialize(deserializer)?;
    let condition = Condition::of_code(code).ok_or_else(|| D::Error::custom("no condition of a pac"))?;
    Ok(Pac { point, direction, wish, condition })
}
