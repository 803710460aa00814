//! Scenes for the tests of bot and mirror.

use crate::game::grid::Direction;
use crate::game::grid::Point;
use crate::game::grid::Tile;
use crate::game::scene::Clocks;
use crate::game::scene::Condition;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Pac;
use crate::game::scene::Pellets;
use crate::game::scene::Phase;
use crate::game::scene::Place;
use crate::game::scene::SEATS;
use crate::game::scene::Scene;
use crate::game::scene::Score;

/// A full sheet, four ghosts waiting in the house, nobody seated.
pub(crate) fn calm() -> Scene {
    let waiting = |x| Ghost {
        point: Point { x, y: 115 },
        direction: Direction::Up,
        mood: Mood::Normal,
        place: Place::Waiting,
        exit: Direction::Up,
        next_exit: Direction::Left,
        reversal_pending: false,
    };
    Scene {
        tick: 1000,
        phase: Phase::Play,
        speed_row: 0,
        elroy: 0,
        power_ticks_left: 0,
        dormant: false,
        fruit: false,
        pacs: [None; SEATS],
        ghosts: [127, 127, 111, 143].map(waiting).to_vec(),
        pellets: Pellets::ALL,
        scores: [Score::default(); SEATS],
        clocks: Clocks {
            level: 1,
            sheets_done: 0,
            sheets_needed: 1,
            phase_ticks_left: 0,
            lock_ticks_left: 0,
            fruit_ticks_left: 0,
            power_owner: None,
            chain: 0,
        },
    }
}

pub(crate) fn pac_at(column: u16, row: u16, direction: Direction) -> Pac {
    Pac { point: Tile::of_playfield(column, row).centre(), direction, wish: direction, condition: Condition::Alive(0) }
}

pub(crate) fn ghost_at(column: u16, row: u16, direction: Direction, mood: Mood) -> Ghost {
    let point = Tile::of_playfield(column, row).centre();
    Ghost { point, direction, mood, place: Place::Outside, exit: direction, next_exit: direction, reversal_pending: false }
}
