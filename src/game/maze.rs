//! The one maze: which tiles are floor, where pellets lie, who lives where, and how far everything is from everything.
//!
//! All of it is fixed, so it is tables: the small ones made by the compiler, the distances once per process. A world never carries any of
//! them. Owns the geometry part of G4: [`exits`] names floor only, and nobody asks anything else before he moves.

use std::sync::LazyLock;

use crate::game::grid::COLUMNS;
use crate::game::grid::Direction;
use crate::game::grid::MARGIN_COLUMNS;
use crate::game::grid::Point;
use crate::game::grid::ROWS;
use crate::game::grid::Tile;
use crate::game::scene::PELLETS;
use crate::game::scene::PELLETS_IN_QUARTER;
use crate::game::scene::Pellets;
use crate::game::scene::QUARTERS;

/// Width of the playfield in tiles.
pub const PLAYFIELD_COLUMNS: u16 = 28;
/// The playfield as drawn: wall `#`, door `-`, dot `.`, energizer `o`, floor or house ` `.
pub const ART: [&[u8; PLAYFIELD_COLUMNS as usize]; ROWS as usize] = [
    b"############################",
    b"#............##............#",
    b"#.####.#####.##.#####.####.#",
    b"#o####.#####.##.#####.####o#",
    b"#.####.#####.##.#####.####.#",
    b"#..........................#",
    b"#.####.##.########.##.####.#",
    b"#.####.##.########.##.####.#",
    b"#......##....##....##......#",
    b"######.##### ## #####.######",
    b"######.##### ## #####.######",
    b"######.##          ##.######",
    b"######.## ###--### ##.######",
    b"######.## #      # ##.######",
    b"      .   #      #   .      ",
    b"######.## #      # ##.######",
    b"######.## ######## ##.######",
    b"######.##          ##.######",
    b"######.## ######## ##.######",
    b"######.## ######## ##.######",
    b"#............##............#",
    b"#.####.#####.##.#####.####.#",
    b"#.####.#####.##.#####.####.#",
    b"#o..##.......  .......##..o#",
    b"###.##.##.########.##.##.###",
    b"###.##.##.########.##.##.###",
    b"#......##....##....##......#",
    b"#.##########.##.##########.#",
    b"#.##########.##.##########.#",
    b"#..........................#",
    b"############################",
];

/// Tiles of the plane.
const TILES: usize = (COLUMNS * ROWS) as usize;
/// Walkable tiles of the playfield, tunnel included, house excluded.
pub const FLOOR_TILES: usize = 300;
/// The only row that leaves the playfield.
pub const TUNNEL_ROW: u16 = 14;

/// Where the lone pac starts.
pub const PAC_START: Point = Point { x: 127, y: 187 };
/// Where the fruit lies.
pub const FRUIT: Point = Point { x: 127, y: 139 };
/// The point above the door, where ghosts come out, eyes go in and Blinky starts.
pub const DOORSTEP: Point = Point { x: 127, y: 91 };
/// The row of the ghosts' seats.
pub const SEAT_Y: u8 = 115;
/// Waiting ghosts bob between these.
pub const BOB_TOP_Y: u8 = SEAT_Y - 4;
pub const BOB_BOTTOM_Y: u8 = SEAT_Y + 4;
/// What eyes run to.
pub const EYES_TARGET: Tile = Tile::of_playfield(13, 11);

/// The column of a ghost's seat, by his place in the pack: Blinky and Pinky in the middle, Inky left, Clyde right.
#[must_use]
pub const fn seat_x(ghost: usize) -> u8 {
    [127, 127, 111, 143][ghost % 4]
}

/// The sixteen places where pacs appear in company.
pub const SPAWNS: [Tile; 16] = [
    Tile::of_playfield(10, 1),
    Tile::of_playfield(17, 1),
    Tile::of_playfield(8, 5),
    Tile::of_playfield(19, 5),
    Tile::of_playfield(1, 8),
    Tile::of_playfield(26, 8),
    Tile::of_playfield(6, 13),
    Tile::of_playfield(21, 13),
    Tile::of_playfield(2, 20),
    Tile::of_playfield(25, 20),
    Tile::of_playfield(5, 26),
    Tile::of_playfield(22, 26),
    Tile::of_playfield(4, 29),
    Tile::of_playfield(23, 29),
    Tile::of_playfield(13, 23),
    Tile::of_playfield(14, 23),
];

/// Whether a tile is floor, outside the house; the tunnel goes on through both margins.
#[must_use]
pub const fn is_floor(tile: Tile) -> bool {
    tile.0 < COLUMNS * ROWS && FLOOR[tile.0 as usize]
}

/// The ways out of a tile, bit d for [`Direction`] d; 0 for a tile that is no floor.
#[must_use]
pub const fn exits(tile: Tile) -> u8 {
    if tile.0 < COLUMNS * ROWS { EXITS[tile.0 as usize] } else { 0 }
}

/// Whether one can leave `tile` that way.
#[must_use]
pub const fn is_open(tile: Tile, direction: Direction) -> bool {
    exits(tile) >> direction.bits() & 1 == 1
}

/// The tile next to this one; columns wrap, and so that nothing can go wrong rows do, too.
#[must_use]
pub const fn neighbour(tile: Tile, direction: Direction) -> Tile {
    let column = (tile.column() + COLUMNS).wrapping_add_signed(direction.dx() as i16) % COLUMNS;
    let row = (tile.row() + ROWS).wrapping_add_signed(direction.dy() as i16) % ROWS;
    Tile::at(column, row)
}

/// The number of the pellet that belongs to a tile.
#[must_use]
pub const fn pellet_at(tile: Tile) -> Option<usize> {
    if tile.0 >= COLUMNS * ROWS {
        return None;
    }
    let pellet = PELLET_AT[tile.0 as usize];
    if pellet == NO_PELLET { None } else { Some(pellet as usize) }
}

/// Whether that pellet is one of the four energizers.
#[must_use]
pub const fn is_energizer(pellet: usize) -> bool {
    ENERGIZERS.0[pellet / PELLETS_IN_QUARTER] >> (pellet % PELLETS_IN_QUARTER) & 1 == 1
}

/// Where ghosts are slow: the tunnel row beyond its inner ends, margins included.
#[must_use]
pub const fn in_tunnel(tile: Tile) -> bool {
    tile.row() == TUNNEL_ROW && (tile.column() <= 5 + MARGIN_COLUMNS || tile.column() >= 22 + MARGIN_COLUMNS)
}

/// Where ghosts that scatter or chase may not turn up.
#[must_use]
pub const fn forbids_up(tile: Tile) -> bool {
    let column = tile.column();
    (tile.row() == 11 || tile.row() == 23) && (column == 12 + MARGIN_COLUMNS || column == 15 + MARGIN_COLUMNS)
}

/// Steps from tile to tile along the floor; the tunnel's margins count as its last tile. 255 if one of them is no floor.
#[must_use]
pub fn distance(from: Tile, to: Tile) -> u8 {
    match (floor_index(from), floor_index(to)) {
        (Some(from), Some(to)) => DISTANCES[from * FLOOR_TILES + to],
        _ => u8::MAX,
    }
}

/// Dots in the order in which a refill lays them: from the house outward, row by row where that ties.
#[must_use]
pub fn refill_order() -> &'static [u8] {
    &REFILL_ORDER
}

/// All pellets of the playfield in their order: row by row, left to right.
pub const PELLET_TILES: [Tile; PELLETS] = {
    let mut tiles = [Tile(0); PELLETS];
    let mut count = 0;
    let mut index = 0;
    while index < TILES {
        let tile = Tile(index as u16);
        if matches!(art(tile), b'.' | b'o') {
            tiles[count] = tile;
            count += 1;
        }
        index += 1;
    }
    assert!(count == PELLETS);
    tiles
};

/// The four energizers.
pub const ENERGIZERS: Pellets = {
    let mut quarters = [0; QUARTERS];
    let mut pellet = 0;
    while pellet < PELLETS {
        if art(PELLET_TILES[pellet]) == b'o' {
            quarters[pellet / PELLETS_IN_QUARTER] |= 1 << (pellet % PELLETS_IN_QUARTER);
        }
        pellet += 1;
    }
    Pellets(quarters)
};

/// What the drawing shows at a tile of the plane; wall beyond it.
const fn art(tile: Tile) -> u8 {
    if tile.column() < MARGIN_COLUMNS || tile.column() >= MARGIN_COLUMNS + PLAYFIELD_COLUMNS {
        return b'#';
    }
    ART[tile.row() as usize][(tile.column() - MARGIN_COLUMNS) as usize]
}

static FLOOR: [bool; TILES] = {
    let mut floor = [false; TILES];
    let mut index = 0;
    while index < TILES {
        let tile = Tile(index as u16);
        let (column, row) = (tile.column(), tile.row());
        let house = row >= 13 && row <= 15 && column >= 11 + MARGIN_COLUMNS && column <= 16 + MARGIN_COLUMNS;
        let margin = column < MARGIN_COLUMNS || column >= MARGIN_COLUMNS + PLAYFIELD_COLUMNS;
        floor[index] = if margin { row == TUNNEL_ROW } else { !house && matches!(art(tile), b'.' | b'o' | b' ') };
        index += 1;
    }
    floor
};

static EXITS: [u8; TILES] = {
    let mut exits = [0; TILES];
    let mut index = 0;
    while index < TILES {
        let mut bits = 0;
        while FLOOR[index] && bits < 4 {
            if is_floor(neighbour(Tile(index as u16), Direction::from_bits(bits))) {
                exits[index] |= 1 << bits;
            }
            bits += 1;
        }
        index += 1;
    }
    exits
};

const NO_PELLET: u8 = u8::MAX;

static PELLET_AT: [u8; TILES] = {
    let mut at = [NO_PELLET; TILES];
    let mut pellet = 0;
    while pellet < PELLETS {
        at[PELLET_TILES[pellet].0 as usize] = pellet as u8;
        pellet += 1;
    }
    at
};

const NO_FLOOR: u16 = u16::MAX;

/// Numbers the playfield's floor tiles row by row; a margin tile has the number of the tunnel tile beside it.
static FLOOR_INDEX: [u16; TILES] = {
    let mut indexes = [NO_FLOOR; TILES];
    let mut count = 0;
    let mut index = 0;
    while index < TILES {
        let column = Tile(index as u16).column();
        if FLOOR[index] && column >= MARGIN_COLUMNS && column < MARGIN_COLUMNS + PLAYFIELD_COLUMNS {
            indexes[index] = count;
            count += 1;
        }
        index += 1;
    }
    assert!(count as usize == FLOOR_TILES);
    let row = (TUNNEL_ROW * COLUMNS) as usize;
    let mut column = 0;
    while column < MARGIN_COLUMNS as usize {
        indexes[row + column] = indexes[row + MARGIN_COLUMNS as usize];
        indexes[row + COLUMNS as usize - 1 - column] = indexes[row + (MARGIN_COLUMNS + PLAYFIELD_COLUMNS) as usize - 1];
        column += 1;
    }
    indexes
};

fn floor_index(tile: Tile) -> Option<usize> {
    FLOOR_INDEX.get(tile.0 as usize).filter(|&&index| index != NO_FLOOR).map(|&index| index as usize)
}

static DISTANCES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let floor: Vec<Tile> = playfield_floor().collect();
    let mut table = vec![u8::MAX; FLOOR_TILES * FLOOR_TILES];
    for (row, &from) in table.chunks_exact_mut(FLOOR_TILES).zip(&floor) {
        spread(from, &floor, row);
    }
    table
});

/// Breadth first from one tile: `row` receives the steps to each floor tile.
fn spread(from: Tile, floor: &[Tile], row: &mut [u8]) {
    let Some(start) = floor_index(from) else { return };
    row[start] = 0;
    let mut queue = vec![start];
    let mut next = 0;
    while let Some(&index) = queue.get(next) {
        next += 1;
        for direction in Direction::ALL {
            let Some(to) = is_open(floor[index], direction).then(|| across(floor[index], direction)).and_then(floor_index) else {
                continue;
            };
            if row[to] == u8::MAX {
                row[to] = row[index] + 1;
                queue.push(to);
            }
        }
    }
}

/// The neighbour, with the margins skipped.
fn across(tile: Tile, direction: Direction) -> Tile {
    let next = neighbour(tile, direction);
    let last = MARGIN_COLUMNS + PLAYFIELD_COLUMNS - 1;
    match next.column() {
        column if column < MARGIN_COLUMNS => Tile::at(last, next.row()),
        column if column > last => Tile::at(MARGIN_COLUMNS, next.row()),
        _ => next,
    }
}

fn playfield_floor() -> impl Iterator<Item = Tile> {
    let in_playfield = |tile: &Tile| (MARGIN_COLUMNS..MARGIN_COLUMNS + PLAYFIELD_COLUMNS).contains(&tile.column());
    (0..COLUMNS * ROWS).map(Tile).filter(|&tile| is_floor(tile)).filter(in_playfield)
}

static REFILL_ORDER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut dots: Vec<u8> = (0..PELLETS as u8).filter(|&pellet| !is_energizer(pellet as usize)).collect();
    dots.sort_by_key(|&pellet| (distance(EYES_TARGET, PELLET_TILES[pellet as usize]), pellet));
    dots
});

#[cfg(test)]
mod tests;
