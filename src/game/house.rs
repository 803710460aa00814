//! Who may leave the house, and when: personal counters, the global counter after a death, and the timer without dots.
//!
//! The order is Pinky, Inky, Clyde, then the second pack; the first Blinky never waits. The global counter exists for a lone player only; in
//! company the counters count everybody's dots.

use serde::Deserialize;
use serde::Serialize;

use crate::game::ghost::CLYDE;
use crate::game::scene::GHOSTS_MAX;
use crate::game::scene::Mood;
use crate::game::scene::Place;
use crate::game::tuning;
use crate::game::world::World;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct House {
    /// Dots counted for each ghost; they outlive his leaving and start anew with a level.
    pub counted: [u16; GHOSTS_MAX],
    /// Dots since the lone pac's death, as long as that decides.
    pub global: Option<u16>,
    pub ticks_without_dot: u16,
}

impl House {
    /// Dots after which a ghost leaves; the second Blinky at once, his pack as the first.
    #[must_use]
    pub(super) fn limit(level: u16, ghost: usize) -> u16 {
        (ghost % 4).checked_sub(1).map_or(0, |index| tuning::house_limits(level)[index])
    }
}

impl World {
    /// The ghost whose turn it is to leave.
    fn next_to_leave(&self) -> Option<usize> {
        let pack = self.ghosts.iter().take(self.pack as usize);
        let waits = |place, mood| place == Place::Waiting && mood != Mood::Eyes;
        pack.enumerate().skip(1).find(|(_, hunter)| waits(hunter.ghost.place, hunter.ghost.mood)).map(|(index, _)| index)
    }

    pub(super) fn count_dot(&mut self) {
        self.house.ticks_without_dot = 0;
        let Some(count) = &mut self.house.global else {
            if let Some(ghost) = self.next_to_leave() {
                let counted = &mut self.house.counted[ghost];
                *counted = counted.saturating_add(1);
            }
            return;
        };
        *count = count.saturating_add(1);
        // The global counter ends only if Clyde is inside at exactly his number; if not, it counts on for nothing.
        if *count == tuning::GLOBAL_LIMITS[CLYDE - 1] && self.ghosts[CLYDE].ghost.place == Place::Waiting {
            self.house.global = None;
            self.let_out(CLYDE);
        }
    }

    /// Once a tick: lets out whoever has waited long enough, one at a time.
    pub(super) fn open_house(&mut self) {
        self.house.ticks_without_dot = self.house.ticks_without_dot.saturating_add(1);
        let Some(ghost) = self.next_to_leave() else { return };
        let due = match self.house.global {
            Some(count) => tuning::GLOBAL_LIMITS.get(ghost - 1).is_some_and(|&limit| count >= limit),
            None => self.house.counted[ghost] >= House::limit(self.level, ghost),
        };
        if due {
            self.let_out(ghost);
        } else if self.house.ticks_without_dot >= tuning::no_dot_ticks(self.level) {
            self.house.ticks_without_dot = 0;
            self.let_out(ghost);
        }
    }

    fn let_out(&mut self, ghost: usize) {
        self.ghosts[ghost].ghost.place = Place::Leaving;
        if ghost == CLYDE {
            self.elroy_suspended = false;
        }
    }
}
