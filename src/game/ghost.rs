//! The ghosts of a world: where they start, what turns them blue or back, and their share of a tick.
//!
//! How a ghost moves is `motion`; whom he hunts is `targeting`; when he leaves the house is `house`. A ghost's place in the list is his
//! character for ever: Blinky, Pinky, Inky, Clyde, then the second pack in the same order.

use serde::Deserialize;
use serde::Serialize;

use crate::game::grid::Direction;
use crate::game::grid::Point;
use crate::game::maze;
use crate::game::motion;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Place;
use crate::game::scene::Seat;
use crate::game::tuning;
use crate::game::world::World;

pub(super) const BLINKY: usize = 0;
pub(super) const PINKY: usize = 1;
pub(super) const INKY: usize = 2;
pub(super) const CLYDE: usize = 3;
/// Ghosts of a pack.
pub(super) const PACK: usize = 4;

/// A ghost with what players do not see of him.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hunter {
    pub ghost: Ghost,
    pub victim: Option<Seat>,
    /// When he chose his victim.
    pub victim_since_tick: u32,
}

impl Hunter {
    /// At the start of a level or a life: the first Blinky above the door, everybody else in the house.
    #[must_use]
    pub(super) fn at_start(index: usize) -> Self {
        let ghost = if index == BLINKY {
            Ghost {
                point: maze::DOORSTEP,
                direction: Direction::Left,
                mood: Mood::Normal,
                place: Place::Outside,
                exit: Direction::Left,
                next_exit: Direction::Left,
                reversal_pending: false,
            }
        } else {
            Ghost {
                point: Point { x: maze::seat_x(index), y: maze::SEAT_Y },
                direction: if index % PACK == PINKY { Direction::Down } else { Direction::Up },
                mood: Mood::Normal,
                place: Place::Waiting,
                exit: Direction::Up,
                next_exit: Direction::Left,
                reversal_pending: false,
            }
        };
        Self { ghost, victim: None, victim_since_tick: 0 }
    }

    /// Hears that the mode has changed: outside he turns back at the next tile, inside he will come out to the right.
    fn change_mind(&mut self) {
        if self.ghost.mood != Mood::Normal {
            return;
        }
        if self.ghost.place == Place::Outside {
            self.ghost.reversal_pending = true;
        } else {
            self.ghost.next_exit = Direction::Right;
        }
    }

    pub(super) fn become_eyes(&mut self) {
        self.ghost.mood = Mood::Eyes;
        self.ghost.reversal_pending = false;
        if self.ghost.place != Place::Outside {
            self.ghost.place = Place::Entering;
        }
    }
}

impl World {
    pub(super) fn ghosts_to_starts(&mut self, players: u8) {
        self.pack = tuning::pack_size(players);
        self.ghosts.clear();
        self.ghosts.extend((0..self.pack as usize).map(Hunter::at_start));
    }

    /// From scatter to chase or back, or a new level.
    pub(super) fn change_minds(&mut self) {
        self.ghosts.iter_mut().for_each(Hunter::change_mind);
    }

    /// An energizer: everybody who is not eyes turns back and, if there is time for it, blue. The blue do not turn back again.
    pub(super) fn frighten(&mut self, ticks: u16) {
        for hunter in &mut self.ghosts {
            hunter.change_mind();
            if ticks > 0 && hunter.ghost.mood == Mood::Normal {
                hunter.ghost.mood = Mood::Frightened;
            }
        }
    }

    pub(super) fn calm(&mut self) {
        for hunter in &mut self.ghosts {
            if hunter.ghost.mood == Mood::Frightened {
                hunter.ghost.mood = Mood::Normal;
            }
        }
    }

    /// More players bring more ghosts at once; they start in the house.
    pub(super) fn grow_pack(&mut self, players: u8) {
        self.pack = self.pack.max(tuning::pack_size(players));
        for index in self.ghosts.len()..self.pack as usize {
            self.ghosts.push(Hunter::at_start(index));
        }
    }

    /// Fewer players: at a new sheet the surplus goes home, and is gone when it is there.
    pub(super) fn shrink_pack(&mut self, players: u8) {
        self.pack = self.pack.min(tuning::pack_size(players));
        for hunter in self.ghosts.iter_mut().skip(self.pack as usize) {
            if hunter.ghost.place != Place::Waiting {
                hunter.become_eyes();
            }
        }
    }

    pub(super) fn dismiss_surplus(&mut self) {
        while self.ghosts.len() > self.pack as usize && self.ghosts.last().is_some_and(|last| last.ghost.place == Place::Waiting) {
            self.ghosts.pop();
        }
    }

    pub(super) fn move_ghosts(&mut self, players: u8, moves: impl Fn(&Ghost) -> bool) {
        let elroy = self.elroy();
        for index in 0..self.ghosts.len() {
            let mut hunter = self.ghosts[index];
            if !moves(&hunter.ghost) {
                continue;
            }
            let mut random = self.random;
            let mut ghost = hunter.ghost;
            let k = motion::ghost_speed(&ghost, self.speed_row(), if index == BLINKY { elroy } else { 0 });
            motion::advance_ghost(&mut ghost, index, motion::pixels(k, self.tick), |ghost, tile, heading| match ghost.mood {
                Mood::Frightened => World::stray(tile, heading, &mut random),
                Mood::Eyes => World::head_for(maze::EYES_TARGET.column().into(), maze::EYES_TARGET.row().into(), tile, heading, ghost.mood),
                Mood::Normal => self.hunt(index, &mut hunter, *ghost, tile, heading, players),
            });
            hunter.ghost = ghost;
            self.ghosts[index] = hunter;
            self.random = random;
        }
    }

    /// How angry the first Blinky is: by what is left of the sheet, not while it is being laid, not between a death and Clyde's leaving.
    pub(super) fn elroy(&self) -> u8 {
        if self.elroy_suspended || self.sheet.is_being_laid() {
            return 0;
        }
        let left = self.sheet.pellets.left();
        tuning::level_of(self.level).elroy_dots_left.iter().filter(|&&limit| left <= limit.into()).count() as u8
    }
}
