//! Where a ghost wants to go, and whom he hunts.
//!
//! The personalities of the arcade, applied to a victim: with one player that is him, in company each ghost chooses by his own rule (3.5). Asked
//! only when a ghost enters a tile, one tile ahead. Distances to a target are as the crow flies, those that choose a victim along the floor.

use crate::game::ghost::BLINKY;
use crate::game::ghost::CLYDE;
use crate::game::ghost::Hunter;
use crate::game::ghost::INKY;
use crate::game::ghost::PACK;
use crate::game::ghost::PINKY;
use crate::game::grid::Direction;
use crate::game::grid::MARGIN_COLUMNS;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::motion;
use crate::game::player::Player;
use crate::game::random::Random;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Pac;
use crate::game::scene::Place;
use crate::game::scene::Seat;
use crate::game::tuning;
use crate::game::world::World;

/// A place on the plane, in tiles, which may lie outside the maze.
type Spot = (i32, i32);

/// Corners of Blinky, Pinky, Inky and Clyde, as column and row of the playfield.
const CORNERS: [Spot; PACK] = [(25, -3), (2, -3), (27, 31), (0, 31)];

impl World {
    /// The way that a ghost in his right mind chooses out of `tile`.
    pub(super) fn hunt(&self, index: usize, hunter: &mut Hunter, ghost: Ghost, tile: Tile, heading: Direction, players: u8) -> Direction {
        let (column, row) = self.target(index, hunter, ghost, players);
        Self::head_for(column, row, tile, heading, ghost.mood)
    }

    /// The candidate whose tile is nearest to the target; ties go up, left, down, right.
    pub(super) fn head_for(column: i32, row: i32, tile: Tile, heading: Direction, mood: Mood) -> Direction {
        let ways = motion::candidates(tile, heading, mood);
        let open = Direction::ALL.into_iter().filter(|way| ways >> way.bits() & 1 == 1);
        let far = |way: &Direction| {
            let dx = i32::from(tile.column()) + i32::from(way.dx()) - column;
            let dy = i32::from(tile.row()) + i32::from(way.dy()) - row;
            dx * dx + dy * dy
        };
        open.min_by_key(far).unwrap_or(heading)
    }

    /// A blue ghost: any way; if that is a wall or back, the next one clockwise.
    pub(super) fn stray(tile: Tile, heading: Direction, random: &mut Random) -> Direction {
        const CLOCKWISE: [Direction; 4] = [Direction::Right, Direction::Down, Direction::Left, Direction::Up];
        let ways = motion::candidates(tile, heading, Mood::Frightened);
        let first = (random.next() & 3) as usize;
        let turns = (0..4).map(|turn| CLOCKWISE[(first + turn) % 4]);
        turns.into_iter().find(|way| ways >> way.bits() & 1 == 1).unwrap_or(heading)
    }

    fn target(&self, index: usize, hunter: &mut Hunter, ghost: Ghost, players: u8) -> Spot {
        let angry = index == BLINKY && self.elroy() > 0;
        if self.schedule.is_scatter() && !angry {
            return corner(index);
        }
        let Some((seat, pac)) = self.victim(index, hunter, ghost, players) else {
            hunter.victim = None;
            return corner(index);
        };
        if hunter.victim != Some(seat) {
            hunter.victim = Some(seat);
            hunter.victim_since_tick = self.tick;
        }
        match index % PACK {
            PINKY => ahead(pac, 4),
            INKY => {
                let (column, row) = ahead(pac, 2);
                let (blinky_column, blinky_row) = spot(self.ghosts[index - INKY].ghost.point.tile());
                (2 * column - blinky_column, 2 * row - blinky_row)
            }
            CLYDE => {
                let ((column, row), (own_column, own_row)) = (spot(pac.point.tile()), spot(ghost.point.tile()));
                let (dx, dy) = (column - own_column, row - own_row);
                let shy = dx * dx + dy * dy < tuning::CLYDE_TILES * tuning::CLYDE_TILES;
                if shy { corner(index) } else { (column, row) }
            }
            _ => spot(pac.point.tile()),
        }
    }

    /// Who is hunted: the only candidate, or the one that the ghost's character picks. The second pack leaves the first one's victims alone as long as
    /// three are there to choose from.
    fn victim(&self, index: usize, hunter: &Hunter, ghost: Ghost, players: u8) -> Option<(Seat, Pac)> {
        let mut prey = self.prey();
        if players >= 2 && index >= PACK && prey.count_ones() >= 3 {
            let taken = self.ghosts[..PACK].iter().filter_map(|first| first.victim).fold(0, |mask, seat| mask | 1 << seat.0);
            if prey & !taken != 0 {
                prey &= !taken;
            }
        }
        let seat = if prey.count_ones() > 1 { self.choose_victim(index, hunter, ghost, prey)? } else { seats(prey).next()? };
        Some((seat, self.seats[seat.0 as usize].as_ref()?.pac))
    }

    /// Living, unshielded pacs, bit s for seat s.
    fn prey(&self) -> u16 {
        let seats = self.seats.iter().enumerate();
        seats.filter(|(_, player)| player.as_ref().is_some_and(Player::is_exposed)).fold(0, |mask, (seat, _)| mask | 1 << seat)
    }

    fn choose_victim(&self, index: usize, hunter: &Hunter, ghost: Ghost, prey: u16) -> Option<Seat> {
        match index % PACK {
            PINKY => seats(prey).min_by_key(|&seat| (std::cmp::Reverse(self.points(seat)), seat)),
            INKY => {
                let blinky = &self.ghosts[index - INKY];
                let shared = blinky.victim.filter(|seat| prey >> seat.0 & 1 == 1);
                shared.or_else(|| self.nearest(blinky.ghost, prey))
            }
            CLYDE => seats(prey).max_by_key(|&seat| (self.loneliness(index, seat), std::cmp::Reverse(seat))),
            _ => self.keep_or_switch(hunter, ghost, prey),
        }
    }

    /// Blinky: the nearest, but not a new one all the time.
    fn keep_or_switch(&self, hunter: &Hunter, ghost: Ghost, prey: u16) -> Option<Seat> {
        let nearest = self.nearest(ghost, prey)?;
        let Some(kept) = hunter.victim.filter(|seat| prey >> seat.0 & 1 == 1) else { return Some(nearest) };
        let settled = self.tick.wrapping_sub(hunter.victim_since_tick) >= tuning::VICTIM_TICKS_MIN;
        let gain = self.way(ghost, kept).saturating_sub(self.way(ghost, nearest));
        Some(if settled && gain >= tuning::VICTIM_GAIN_TILES { nearest } else { kept })
    }

    fn nearest(&self, ghost: Ghost, prey: u16) -> Option<Seat> {
        seats(prey).min_by_key(|&seat| (self.way(ghost, seat), seat))
    }

    /// Tiles from the nearest other ghost that is out and about.
    fn loneliness(&self, index: usize, seat: Seat) -> u8 {
        let others = self.ghosts.iter().enumerate().filter(|&(other, _)| other != index);
        let about = others.filter(|(_, hunter)| hunter.ghost.place == Place::Outside && hunter.ghost.mood != Mood::Eyes);
        about.map(|(_, hunter)| self.way(hunter.ghost, seat)).min().unwrap_or(u8::MAX)
    }

    /// Tiles along the floor from a ghost to a player; from inside the house, from its door.
    fn way(&self, ghost: Ghost, seat: Seat) -> u8 {
        let from = if ghost.place == Place::Outside { ghost.point.tile() } else { maze::EYES_TARGET };
        self.seats[seat.0 as usize].as_ref().map_or(u8::MAX, |player| maze::distance(from, player.pac.point.tile()))
    }
}

fn seats(mask: u16) -> impl Iterator<Item = Seat> {
    (0..16).filter(move |seat| mask >> seat & 1 == 1).map(Seat)
}

fn spot(tile: Tile) -> Spot {
    (tile.column().into(), tile.row().into())
}

/// Where a ghost scatters to; the second pack's corners are mirrored.
fn corner(index: usize) -> Spot {
    let (column, row) = CORNERS[index % PACK];
    let column = if index < PACK { column } else { 27 - column };
    (column + i32::from(MARGIN_COLUMNS), row)
}

/// So many tiles ahead of a pac; for one that faces up as many to the left as well, as the arcade's overflow has it.
fn ahead(pac: Pac, tiles: i32) -> Spot {
    let (column, row) = spot(pac.point.tile());
    let left = if pac.direction == Direction::Up { tiles } else { 0 };
    (column + tiles * i32::from(pac.direction.dx()) - left, row + tiles * i32::from(pac.direction.dy()))
}

#[cfg(test)]
mod tests;
