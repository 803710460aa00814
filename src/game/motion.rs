//! How a pac and a ghost move by one tick, to the pixel: the part that world and rails share.
//!
//! Lives here: speeds, cornering, walls, pushes, a ghost's path outside and inside the house. Does not live here: where a ghost wants to go (the
//! caller's `choose`), and everything that happens when two of them meet. Owns G4: no actor is ever inside a wall, because every pixel step
//! asks `maze` first.

use crate::game::grid::Direction;
use crate::game::grid::Point;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::scene::Condition;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Pac;
use crate::game::scene::Place;
use crate::game::tuning::EYES_K;
use crate::game::tuning::HOUSE_K;
use crate::game::tuning::PUSH_K;
use crate::game::tuning::SPEEDS;
use crate::game::tuning::STUN_TICKS;

/// The pixels that an actor of speed `k` moves in a tick: `k` in every sixteen, evenly spread.
#[must_use]
pub const fn pixels(k: u8, tick: u32) -> u8 {
    let (k, phase) = (k as u32, tick % 16);
    ((phase + 1) * k / 16 - phase * k / 16) as u8
}

/// The speed of a pac in a maze of `players`; 0 for one that does not move.
#[must_use]
pub const fn pac_speed(condition: Condition, row: u8, players: u8) -> u8 {
    let speeds = &SPEEDS[(row & 3) as usize];
    match condition {
        Condition::Alive(_) | Condition::Shielded(_) => speeds.pac,
        Condition::Powered(_) => {
            if players >= 2 {
                speeds.pac_powered
            } else {
                speeds.pac_fright
            }
        }
        Condition::Bumped(ticks) if ticks > STUN_TICKS => PUSH_K,
        Condition::PoweredBumped(_) => PUSH_K,
        Condition::Bumped(_) | Condition::Ready | Condition::Dead | Condition::Parked => 0,
    }
}

/// The speed of a ghost; `elroy` is 0 for everyone but an angry first Blinky.
#[must_use]
pub const fn ghost_speed(ghost: &Ghost, row: u8, elroy: u8) -> u8 {
    let speeds = &SPEEDS[(row & 3) as usize];
    match (ghost.mood, ghost.place) {
        (Mood::Eyes, _) | (_, Place::Entering) => EYES_K,
        (_, Place::Waiting | Place::Leaving) => HOUSE_K,
        _ if maze::in_tunnel(ghost.point.tile()) => speeds.ghost_tunnel,
        (Mood::Frightened, _) => speeds.ghost_fright,
        _ if elroy > 0 => speeds.elroy[if elroy > 1 { 1 } else { 0 }],
        _ => speeds.ghost,
    }
}

/// Moves a pac by one tick. An eat pause costs the tick instead. He turns the way he wants as soon as the next tile that way is floor.
pub fn advance_pac(pac: &mut Pac, row: u8, players: u8, tick: u32) {
    let steers = match &mut pac.condition {
        Condition::Alive(pause) | Condition::Powered(pause) | Condition::Shielded(pause) => {
            if *pause > 0 {
                *pause -= 1;
                return;
            }
            true
        }
        _ => false,
    };
    for _ in 0..pixels(pac_speed(pac.condition, row, players), tick) {
        if steers && maze::is_open(pac.point.tile(), pac.wish) {
            pac.direction = pac.wish;
        }
        pac.point = pac_pixel(pac.point, pac.direction);
    }
}

/// One pixel along the direction unless a wall is ahead of the tile's centre, and one towards the centreline: together that cuts a corner, from
/// 3 pixels before the centre to 4 after it coming from the left or the top, 4 and 3 from the right or below.
fn pac_pixel(point: Point, direction: Direction) -> Point {
    let tile = point.tile();
    let centre = tile.centre();
    let mut to = point;
    if maze::is_open(tile, direction) || is_before(point, direction, centre) {
        to = to.moved(direction);
    }
    if direction.is_horizontal() {
        to.y = one_towards(to.y, centre.y);
    } else {
        to.x = one_towards(to.x, centre.x);
    }
    to
}

/// Whether somebody in the tile of `centre` has yet to reach it.
fn is_before(point: Point, direction: Direction, centre: Point) -> bool {
    match direction {
        Direction::Up => point.y > centre.y,
        Direction::Left => point.x > centre.x,
        Direction::Down => point.y < centre.y,
        Direction::Right => point.x < centre.x,
    }
}

fn one_towards(from: u8, to: u8) -> u8 {
    match from.cmp(&to) {
        std::cmp::Ordering::Less => from + 1,
        std::cmp::Ordering::Equal => from,
        std::cmp::Ordering::Greater => from - 1,
    }
}

/// The ways a ghost may leave `tile` when he comes into it heading `heading`: bit d for direction d. Never back; in a few tiles never up,
/// unless he is blue or eyes.
#[must_use]
pub fn candidates(tile: Tile, heading: Direction, mood: Mood) -> u8 {
    let ways = maze::exits(tile) & !(1 << heading.opposite().bits());
    if mood == Mood::Normal && maze::forbids_up(tile) { ways & !(1 << Direction::Up.bits()) } else { ways }
}

/// Moves a ghost by so many pixels. `choose(ghost, tile, heading)` is asked which way he will leave the tile after the one that he enters.
pub fn advance_ghost(ghost: &mut Ghost, index: usize, pixels: u8, mut choose: impl FnMut(&Ghost, Tile, Direction) -> Direction) {
    for _ in 0..pixels {
        if ghost.mood == Mood::Eyes && ghost.place == Place::Outside && ghost.point == maze::DOORSTEP {
            ghost.place = Place::Entering;
            ghost.exit = Direction::Up;
            ghost.next_exit = Direction::Left;
            ghost.reversal_pending = false;
        }
        match ghost.place {
            Place::Outside => pixel_outside(ghost, &mut choose),
            Place::Waiting => pixel_waiting(ghost),
            Place::Leaving => pixel_leaving(ghost, &mut choose),
            Place::Entering => pixel_entering(ghost, index),
        }
    }
}

/// Turns at the centre; on entering a tile takes the next exit from the look-ahead, or turns back at once if that was asked of him.
fn pixel_outside(ghost: &mut Ghost, choose: &mut impl FnMut(&Ghost, Tile, Direction) -> Direction) {
    let tile = ghost.point.tile();
    if ghost.point == tile.centre() {
        ghost.direction = ghost.exit;
    }
    ghost.point = ghost.point.moved(ghost.direction);
    let entered = ghost.point.tile();
    if entered == tile {
        return;
    }
    if ghost.reversal_pending {
        ghost.reversal_pending = false;
        ghost.direction = ghost.direction.opposite();
        ghost.exit = ghost.direction;
    } else {
        ghost.exit = ghost.next_exit;
    }
    ghost.next_exit = choose(ghost, maze::neighbour(entered, ghost.exit), ghost.exit);
}

fn pixel_waiting(ghost: &mut Ghost) {
    if ghost.point.y <= maze::BOB_TOP_Y {
        ghost.direction = Direction::Down;
    } else if ghost.point.y >= maze::BOB_BOTTOM_Y || ghost.direction.is_horizontal() {
        ghost.direction = Direction::Up;
    }
    ghost.point = ghost.point.moved(ghost.direction);
}

/// To the seats' row, to the middle, up through the door; then left, or right if the mode changed while he was inside.
fn pixel_leaving(ghost: &mut Ghost, choose: &mut impl FnMut(&Ghost, Tile, Direction) -> Direction) {
    let door = maze::DOORSTEP;
    ghost.direction = if ghost.point.x == door.x { Direction::Up } else { towards(ghost.point, door.x) };
    ghost.point = ghost.point.moved(ghost.direction);
    if ghost.point == door {
        let turn = ghost.next_exit;
        ghost.place = Place::Outside;
        ghost.direction = turn;
        ghost.exit = turn;
        ghost.next_exit = choose(ghost, maze::neighbour(door.tile(), turn), turn);
    }
}

/// Down through the door and across to the seat, where eyes become a ghost again. Blinky does not wait.
fn pixel_entering(ghost: &mut Ghost, index: usize) {
    let seat = Point { x: maze::seat_x(index), y: maze::SEAT_Y };
    if ghost.point != seat {
        ghost.direction = towards(ghost.point, seat.x);
        ghost.point = ghost.point.moved(ghost.direction);
        return;
    }
    ghost.mood = Mood::Normal;
    ghost.direction = Direction::Up;
    ghost.place = if index == 0 { Place::Leaving } else { Place::Waiting };
}

/// Inside the house: first to the seats' row, then along it.
fn towards(point: Point, x: u8) -> Direction {
    match (point.y.cmp(&maze::SEAT_Y), point.x < x) {
        (std::cmp::Ordering::Less, _) => Direction::Down,
        (std::cmp::Ordering::Greater, _) => Direction::Up,
        (std::cmp::Ordering::Equal, true) => Direction::Right,
        (std::cmp::Ordering::Equal, false) => Direction::Left,
    }
}

#[cfg(test)]
mod tests;
