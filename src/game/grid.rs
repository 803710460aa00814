//! The plane on which everything moves: directions, pixels and tiles, all integer.
//!
//! The playfield is 28 x 31 tiles of 8 x 8 pixels. The plane adds two tiles of off-screen margin on each side, so that it is 32 tiles wide and a
//! pixel column is one byte that wraps by itself in the tunnel. What is wall and what is floor is `maze`'s to say, not this file's.

use serde::Deserialize;
use serde::Serialize;

/// Width of the plane in tiles, margins included; a power of two, so that a tile column wraps with a mask.
pub const COLUMNS: u16 = 32;
/// Height of the plane in tiles.
pub const ROWS: u16 = 31;
/// Off-screen tile columns left of playfield column 0.
pub const MARGIN_COLUMNS: u16 = 2;
/// Edge of a tile in pixels.
pub const TILE_PX: u8 = 8;
/// The pixel of a tile, in both axes, that counts as its centre: 3 pixels lie before it and 4 behind it, as in the arcade's cornering.
/// A drawing puts a point one pixel further right and down, so that a tile's centre is drawn in its middle.
pub const CENTRE_PX: u8 = 3;

/// The four ways, in the arcade's order of preference when distances tie; the bits are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Up = 0,
    Left = 1,
    Down = 2,
    Right = 3,
}

impl Direction {
    pub const ALL: [Self; 4] = [Self::Up, Self::Left, Self::Down, Self::Right];

    /// The direction of two bits; higher bits are ignored.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self::ALL[(bits & 3) as usize]
    }

    #[must_use]
    pub const fn bits(self) -> u8 {
        self as u8
    }

    #[must_use]
    pub const fn opposite(self) -> Self {
        Self::from_bits(self.bits() ^ 2)
    }

    #[must_use]
    pub const fn dx(self) -> i8 {
        [0, -1, 0, 1][self as usize]
    }

    #[must_use]
    pub const fn dy(self) -> i8 {
        [-1, 0, 1, 0][self as usize]
    }

    #[must_use]
    pub const fn is_horizontal(self) -> bool {
        self.bits() & 1 == 1
    }
}

/// A pixel of the plane. `x` counts from the left edge of the left margin (playfield column c begins at 16 + 8c) and wraps at 256; `y` counts
/// from the top and stays below 248.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Point {
    pub x: u8,
    pub y: u8,
}

impl Point {
    #[must_use]
    pub const fn tile(self) -> Tile {
        Tile::at((self.x / TILE_PX) as u16, (self.y / TILE_PX) as u16)
    }

    /// One pixel on; `x` wraps.
    #[must_use]
    pub const fn moved(self, direction: Direction) -> Self {
        Self { x: self.x.wrapping_add_signed(direction.dx()), y: self.y.wrapping_add_signed(direction.dy()) }
    }
}

/// A tile of the plane, as row * 32 + column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tile(pub u16);

impl Tile {
    /// The tile at a column and row of the plane; the column wraps.
    #[must_use]
    pub const fn at(column: u16, row: u16) -> Self {
        Self(row * COLUMNS + column % COLUMNS)
    }

    /// The tile at a column and row of the playfield, as rules and drawings number them.
    #[must_use]
    pub const fn of_playfield(column: u16, row: u16) -> Self {
        Self::at(column + MARGIN_COLUMNS, row)
    }

    #[must_use]
    pub const fn column(self) -> u16 {
        self.0 % COLUMNS
    }

    #[must_use]
    pub const fn row(self) -> u16 {
        self.0 / COLUMNS
    }

    /// The pixel that counts as the tile's centre.
    #[must_use]
    pub const fn centre(self) -> Point {
        Point { x: self.column() as u8 * TILE_PX + CENTRE_PX, y: self.row() as u8 * TILE_PX + CENTRE_PX }
    }
}
