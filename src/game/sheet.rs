//! The sheet of pellets: what is left of it, how it ends, and how the next one is laid while play goes on.
//!
//! Owns the pellet half of G3: eaten + left = laid, at every tick. A lone player clears all 244 and the maze stops (`phase`); in company a sheet ends
//! with its last dot, the walls flash, dots appear from the house outward, then missing energizers.

use serde::Deserialize;
use serde::Serialize;

use crate::game::event::EventKind;
use crate::game::maze;
use crate::game::scene::PELLETS;
use crate::game::scene::PELLETS_IN_QUARTER;
use crate::game::scene::Pellets;
use crate::game::scene::QUARTERS;
use crate::game::scene::Seat;
use crate::game::tuning;
use crate::game::world::World;

const DOTS: u16 = 240;
const DOTS_IN_TICK: u16 = DOTS / tuning::LAYING_TICKS;
/// When the last dot of a refill has been laid.
const LAID_TICKS: u16 = tuning::FLASH_TICKS + tuning::LAYING_TICKS;
/// When a refill is over.
const REFILLED_TICKS: u16 = LAID_TICKS + tuning::ENERGIZERS_AFTER_TICKS;

const _: () = assert!(DOTS_IN_TICK * tuning::LAYING_TICKS == DOTS, "every tick of a refill lays the same number of dots");

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sheet {
    pub pellets: Pellets,
    /// Pellets that this sheet has had, those left over from the last one included.
    pub laid: u16,
    /// Pellets eaten of it, energizers included: the fruit and the invariant count these.
    pub eaten: u16,
    /// Ticks since a refill began, as long as it runs.
    pub refill_ticks: Option<u16>,
}

impl Sheet {
    pub(super) const FULL: Self = Self { pellets: Pellets::ALL, laid: PELLETS as u16, eaten: 0, refill_ticks: None };

    /// Dots have yet to appear.
    #[must_use]
    pub(super) fn is_being_laid(&self) -> bool {
        self.refill_ticks.is_some_and(|ticks| ticks < LAID_TICKS)
    }

    #[must_use]
    pub(super) fn dots_left(&self) -> u32 {
        (0..QUARTERS).map(|quarter| (self.pellets.0[quarter] & !maze::ENERGIZERS.0[quarter]).count_ones()).sum()
    }

    pub(super) fn take(&mut self, pellet: usize) {
        assert!(self.pellets.has(pellet), "G3: pellet {pellet} is eaten twice");
        self.pellets.set(pellet, false);
        self.eaten += 1;
    }

    fn lay(&mut self, pellet: usize) {
        if !self.pellets.has(pellet) {
            self.pellets.set(pellet, true);
            self.laid += 1;
        }
    }

    /// The walls begin to flash; energizers that are left stay.
    fn begin_refill(&mut self) {
        self.laid = self.pellets.left() as u16;
        self.eaten = 0;
        self.refill_ticks = Some(0);
    }

    fn refill(&mut self) {
        let Some(ticks) = self.refill_ticks else { return };
        let ticks = ticks + 1;
        self.refill_ticks = (ticks < REFILLED_TICKS).then_some(ticks);
        if ticks > tuning::FLASH_TICKS && ticks <= LAID_TICKS {
            let from = ((ticks - tuning::FLASH_TICKS - 1) * DOTS_IN_TICK) as usize;
            let dots = maze::refill_order().iter().skip(from).take(DOTS_IN_TICK as usize);
            dots.for_each(|&dot| self.lay(dot as usize));
        }
        if ticks >= REFILLED_TICKS {
            let energizers =
                (0..PELLETS).filter(|&pellet| maze::ENERGIZERS.0[pellet / PELLETS_IN_QUARTER] >> (pellet % PELLETS_IN_QUARTER) & 1 == 1);
            energizers.for_each(|energizer| self.lay(energizer));
        }
    }
}

impl World {
    /// The share of a tick that the sheet has: its refill, and in company its end.
    pub(super) fn advance_sheet(&mut self, players: u8) {
        self.sheet.refill();
        if players >= 2 && !self.sheet.is_being_laid() && self.sheet.dots_left() == 0 {
            self.next_sheet(players);
        }
    }

    /// Whether the lone player has cleared his board.
    pub(super) fn is_cleared(&self) -> bool {
        self.sheet.refill_ticks.is_none() && self.sheet.pellets.left() == 0
    }

    /// In company: counts the sheet, perhaps the level, and lays the next one while everybody plays on.
    pub(super) fn next_sheet(&mut self, players: u8) {
        self.sheet.begin_refill();
        self.shrink_pack(players);
        self.happened(EventKind::SheetCleared, Seat(0), 0, 0);
        self.sheets_done += 1;
        if self.sheets_done >= tuning::sheets_needed(players) {
            self.level_up();
            self.change_minds();
        }
    }

    /// The next level's numbers, whoever plays it.
    pub(super) fn level_up(&mut self) {
        self.level = (self.level + 1).min(tuning::LEVEL_MAX);
        self.sheets_done = 0;
        self.elroy_suspended = false;
        self.start_schedule();
        self.house = super::house::House::default();
        self.happened(EventKind::LevelUp, Seat(0), 0, 0);
    }
}
