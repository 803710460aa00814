//! Whether numbers that came from outside are a world that can be stepped: a record may have been altered, and a step must not panic on it.
//!
//! Everything that the step relies on and that the types do not already say is checked here, and nothing else.

use crate::game::event::EVENTS_MAX;
use crate::game::grid::Point;
use crate::game::maze;
use crate::game::player::POINTS_MAX;
use crate::game::player::Player;
use crate::game::scene::Condition;
use crate::game::scene::GHOSTS_MAX;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::PELLETS;
use crate::game::scene::PELLETS_IN_QUARTER;
use crate::game::scene::Phase;
use crate::game::scene::Place;
use crate::game::scene::SEATS;
use crate::game::schedule::Schedule;
use crate::game::tuning;
use crate::game::world::World;

/// What is impossible about a world, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    #[error("a pac or its player")]
    Player,
    #[error("a ghost")]
    Ghost,
    #[error("the sheet of pellets")]
    Sheet,
    #[error("a clock, a count or a seat number of the maze")]
    Maze,
}

impl World {
    /// # Errors
    /// Names the part of the world that no sequence of steps could have made and that a step might stumble over.
    pub fn validate(&self) -> Result<(), Impossible> {
        let ids: Vec<u64> = self.seats.iter().flatten().map(|player| player.id).collect();
        let unique = ids.iter().enumerate().all(|(index, id)| !ids[..index].contains(id));
        if !unique || !self.seats.iter().flatten().all(player_is_possible) {
            return Err(Impossible::Player);
        }
        let pack = tuning::pack_size(0)..=tuning::pack_size(SEATS as u8);
        let known = (pack.contains(&self.pack)) && (self.pack as usize..=GHOSTS_MAX).contains(&self.ghosts.len());
        let hunters = self.ghosts.iter().all(|hunter| ghost_is_possible(hunter.ghost) && self.is_seat(hunter.victim.map(|seat| seat.0)));
        if !known || !hunters {
            return Err(Impossible::Ghost);
        }
        if !self.sheet_is_possible() {
            return Err(Impossible::Sheet);
        }
        if self.maze_is_possible() { Ok(()) } else { Err(Impossible::Maze) }
    }

    fn is_seat(&self, seat: Option<u8>) -> bool {
        seat.is_none_or(|seat| self.seats.get(seat as usize).is_some_and(Option::is_some))
    }

    fn sheet_is_possible(&self) -> bool {
        let left = self.sheet.pellets.left();
        let in_range = self.sheet.pellets.0.iter().all(|quarter| quarter >> PELLETS_IN_QUARTER == 0);
        // An energizer that the last sheet left over may be eaten while the next is being laid, and is laid again at the end: it counts twice.
        let laid_max = PELLETS as u32 + maze::ENERGIZERS.left();
        let laid = u32::from(self.sheet.laid);
        let counts = laid == left + u32::from(self.sheet.eaten) && laid <= laid_max;
        in_range && counts && self.sheet.refill_ticks.is_none_or(|ticks| ticks < 300)
    }

    fn maze_is_possible(&self) -> bool {
        let empty = self.seated() == 0;
        let players = self.players();
        let phase_fits = match self.phase {
            Phase::Empty => empty,
            Phase::Play => players >= 1,
            Phase::Paused => !empty && players == 0,
            Phase::Ready | Phase::Eaten | Phase::Dying | Phase::Cleared => players == 1,
        };
        let resume_fits = self.resume.is_none_or(|(phase, _)| !matches!(phase, Phase::Paused | Phase::Empty | Phase::Ready));
        let placed = self.seats.iter().flatten().all(|player| !player.arriving);
        let eaten_fits = self.eaten.is_none_or(|index| (index as usize) < self.ghosts.len());
        let seats_fit = self.is_seat(self.sleeper.map(|seat| seat.0)) && self.is_seat(self.power.owner.map(|seat| seat.0));
        let events_fit =
            self.events().len() <= EVENTS_MAX && self.events().iter().all(|event| event.who < SEATS as u8 && event.whom < SEATS as u8);
        let counts_fit = self.level >= 1 && self.level <= tuning::LEVEL_MAX && self.sheets_done <= 7 && self.phase_ticks_left <= 1023;
        let clocks_fit = self.power.blue_ticks_left <= 511
            && self.power.lock_ticks_left <= tuning::LOCK_TICKS
            && self.fruit_ticks_left <= tuning::FRUIT_TICKS
            && self.schedule.stage <= Schedule::STAGES
            && self.empty_ticks <= tuning::EMPTY_TICKS;
        phase_fits && resume_fits && placed && eaten_fits && seats_fit && events_fit && counts_fit && clocks_fit
    }
}

fn player_is_possible(player: &Player) -> bool {
    let point = player.pac.point;
    let timers = player.power_ticks_left <= 511
        && player.shield_ticks_left <= tuning::SHIELD_TICKS_MAX
        && player.dead_ticks_left <= tuning::DEAD_TICKS
        && player.immune_ticks_left <= tuning::PUSH_TICKS + tuning::STUN_TICKS + tuning::BUMP_IMMUNITY_TICKS;
    let counts = player.points <= POINTS_MAX && player.lives <= tuning::SPARE_LIVES_MAX && player.victims.len() <= SEATS;
    let victims = player.victims.iter().all(|victim| victim.seat.0 < SEATS as u8);
    let pushed = match player.pac.condition {
        Condition::Bumped(ticks) => ticks <= tuning::PUSH_TICKS + tuning::STUN_TICKS,
        Condition::PoweredBumped(ticks) => ticks <= tuning::PUSH_TICKS,
        _ => true,
    };
    is_walkable(point) && timers && counts && victims && pushed
}

/// On floor, and off a tile's centre only towards more floor.
fn is_walkable(point: Point) -> bool {
    use crate::game::grid::Direction::{Down, Left, Right, Up};
    let tile = point.tile();
    let centre = tile.centre();
    let across = point.x == centre.x || maze::is_open(tile, if point.x < centre.x { Left } else { Right });
    let along = point.y == centre.y || maze::is_open(tile, if point.y < centre.y { Up } else { Down });
    maze::is_floor(tile) && across && along
}

/// Outside on the lines and about to go where floor is; inside between the door and the seats.
fn ghost_is_possible(ghost: Ghost) -> bool {
    let point = ghost.point;
    if ghost.place == Place::Outside {
        let tile = point.tile();
        let centre = tile.centre();
        let on_line = if ghost.direction.is_horizontal() { point.y == centre.y } else { point.x == centre.x };
        let exit_open = maze::is_open(tile, ghost.exit) && maze::is_open(maze::neighbour(tile, ghost.exit), ghost.next_exit);
        return on_line && is_walkable(point) && exit_open && maze::is_open(tile, ghost.exit);
    }
    let door = maze::DOORSTEP;
    let in_shaft = point.x == door.x && point.y > door.y && point.y <= maze::BOB_BOTTOM_Y;
    let in_room = (maze::seat_x(2)..=maze::seat_x(3)).contains(&point.x) && (maze::BOB_TOP_Y..=maze::BOB_BOTTOM_Y).contains(&point.y);
    let eyes_fit = (ghost.place == Place::Entering) == (ghost.mood == Mood::Eyes);
    (in_shaft || in_room) && eyes_fit && ghost.exit == crate::game::grid::Direction::Up && ghost.next_exit.is_horizontal()
}
