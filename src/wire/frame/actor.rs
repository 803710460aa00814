//! Pacs and ghosts as bits: 29 for a pac, 25 for a ghost.
//!
//! The codes of places live here, those of conditions in the scene, and nowhere else in Rust; `static/wire.js` has the same tables, held together by
//! the golden vectors (W2).

use crate::game::grid::COLUMNS;
use crate::game::grid::Direction;
use crate::game::grid::Point;
use crate::game::grid::ROWS;
use crate::game::grid::TILE_PX;
use crate::game::scene::Condition;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Pac;
use crate::game::scene::Place;
use crate::wire::frame::FrameError;
use crate::wire::frame::bits::BitReader;
use crate::wire::frame::bits::BitWriter;

pub(super) const PAC_BITS: usize = 29;
pub(super) const GHOST_BITS: usize = 25;
/// Pixel rows of the plane; a larger y is invalid.
const HEIGHT_PX: u16 = ROWS * TILE_PX as u16;

const _: () = assert!(COLUMNS * TILE_PX as u16 == 256, "an x is one byte that wraps by itself");

/// The inside of the house with its door. A ghost is in the house exactly when he is in this box, so no bit says so.
const HOUSE_X: std::ops::RangeInclusive<u8> = 104..=151;
const HOUSE_Y: std::ops::RangeInclusive<u8> = 92..=127;

pub(super) fn put_pac(bits: &mut BitWriter, pac: Pac, number: u8) {
    put_point(bits, pac.point);
    bits.put(pac.direction.bits(), 2);
    bits.put(pac.wish.bits(), 2);
    bits.put(pac.condition.code(), 6);
    bits.put(number & 7, 3);
}

pub(super) fn take_pac(bits: &mut BitReader<'_>) -> Result<(Pac, u8), FrameError> {
    let pac = Pac {
        point: take_point(bits)?,
        direction: take_direction(bits)?,
        wish: take_direction(bits)?,
        condition: Condition::of_code(bits.take_u8(6)?).ok_or(FrameError::Invalid("condition"))?,
    };
    Ok((pac, bits.take_u8(3)?))
}

pub(super) fn put_ghost(bits: &mut BitWriter, ghost: Ghost) {
    put_point(bits, ghost.point);
    bits.put(ghost.direction.bits(), 2);
    if in_house(ghost.point) {
        bits.put((ghost.place as u8).max(Place::Waiting as u8), 2);
    } else {
        bits.put(ghost.exit.bits(), 2);
    }
    bits.put(ghost.next_exit.bits(), 2);
    bits.put(ghost.mood as u8, 2);
    bits.put(ghost.reversal_pending, 1);
}

pub(super) fn take_ghost(bits: &mut BitReader<'_>) -> Result<Ghost, FrameError> {
    let point = take_point(bits)?;
    let direction = take_direction(bits)?;
    let code = bits.take_u8(2)?;
    let (place, exit) = match (in_house(point), code) {
        (false, way) => (Place::Outside, Direction::from_bits(way)),
        (true, 1) => (Place::Waiting, Direction::Up),
        (true, 2) => (Place::Leaving, Direction::Up),
        (true, 3) => (Place::Entering, Direction::Up),
        (true, _) => return Err(FrameError::Invalid("place")),
    };
    let next_exit = take_direction(bits)?;
    let mood = match bits.take(2)? {
        0 => Mood::Normal,
        1 => Mood::Frightened,
        2 => Mood::Eyes,
        _ => return Err(FrameError::Invalid("mood")),
    };
    Ok(Ghost { point, direction, mood, place, exit, next_exit, reversal_pending: bits.take_flag()? })
}

/// Whether a ghost at this point is in the house.
pub(super) fn in_house(point: Point) -> bool {
    HOUSE_X.contains(&point.x) && HOUSE_Y.contains(&point.y)
}

fn put_point(bits: &mut BitWriter, point: Point) {
    bits.put(point.x, 8);
    bits.put(point.y, 8);
}

fn take_point(bits: &mut BitReader<'_>) -> Result<Point, FrameError> {
    let point = Point { x: bits.take_u8(8)?, y: bits.take_u8(8)? };
    if u16::from(point.y) < HEIGHT_PX { Ok(point) } else { Err(FrameError::Invalid("y")) }
}

fn take_direction(bits: &mut BitReader<'_>) -> Result<Direction, FrameError> {
    Ok(Direction::from_bits(bits.take_u8(2)?))
}
