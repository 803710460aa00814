//! Where a pac appears in company: far from what eats him, not on top of anybody.
//!
//! He stands there shielded until his first wish. The lone player's start is the arcade's, in `phase`.

use crate::game::event::EventKind;
use crate::game::grid::Direction;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::scene::Condition;
use crate::game::scene::Mood;
use crate::game::scene::Place as Whereabouts;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::game::tuning;
use crate::game::world::World;

/// A place to appear, and how many tiles it is away from what.
#[derive(Clone, Copy)]
struct Place {
    tile: Tile,
    /// Ghosts and powered rivals.
    danger: u8,
    ghosts: u8,
    pacs: u8,
}

impl World {
    /// Puts a seated player into the maze, shielded and ready.
    pub(super) fn spawn(&mut self, seat: Seat, players: u8) {
        let place = if players >= 2 { Some(self.spawn_tile(seat)) } else { None };
        let Some(player) = &mut self.seats[seat.0 as usize] else { return };
        player.drop_everything();
        player.arriving = false;
        player.shield_ticks_left = tuning::SHIELD_TICKS_MAX;
        player.pac.condition = Condition::Ready;
        player.pac.point = place.map_or(maze::PAC_START, Tile::centre);
        player.pac.direction = place.map_or(Direction::Left, longest_corridor);
        player.pac.wish = player.pac.direction;
        self.happened(EventKind::Spawned, seat, 0, 0);
    }

    /// The place farthest from danger; without a place that keeps its distance from pacs and ghosts the first condition falls, then the second. Equally
    /// far from danger, the one farther from other pacs.
    fn spawn_tile(&self, seat: Seat) -> Tile {
        let places = maze::SPAWNS.map(|tile| {
            let ghosts = self.tiles_from_ghosts(tile);
            Place { tile, danger: ghosts.min(self.tiles_from_powered(tile, seat)), ghosts, pacs: self.tiles_from_pacs(tile, seat) }
        });
        let best = |allowed: fn(&Place) -> bool| {
            let mut best: Option<Place> = None;
            for place in places.into_iter().filter(allowed) {
                if best.is_none_or(|best| (place.danger, place.pacs) > (best.danger, best.pacs)) {
                    best = Some(place);
                }
            }
            best.map(|place| place.tile)
        };
        best(|place| place.ghosts >= tuning::SPAWN_TILES_FROM_GHOST && place.pacs >= tuning::SPAWN_TILES_FROM_PAC)
            .or_else(|| best(|place| place.ghosts >= tuning::SPAWN_TILES_FROM_GHOST))
            .or_else(|| best(|_| true))
            .unwrap_or(maze::SPAWNS[SEATS - 2])
    }

    /// Tiles to the nearest ghost that is neither blue nor eyes. One on his way out of the house counts from its door.
    fn tiles_from_ghosts(&self, tile: Tile) -> u8 {
        let ghosts = self.ghosts.iter().map(|hunter| &hunter.ghost).filter(|ghost| ghost.mood == Mood::Normal);
        let about = ghosts.filter_map(|ghost| match ghost.place {
            Whereabouts::Outside => Some(ghost.point.tile()),
            Whereabouts::Leaving => Some(maze::EYES_TARGET),
            Whereabouts::Waiting | Whereabouts::Entering => None,
        });
        about.map(|ghost| maze::distance(tile, ghost)).min().unwrap_or(u8::MAX)
    }

    fn tiles_from_powered(&self, tile: Tile, seat: Seat) -> u8 {
        let rivals = self.seats.iter().enumerate().filter(|&(other, _)| other != seat.0 as usize).filter_map(|(_, player)| player.as_ref());
        let powered = rivals.filter(|rival| rival.power_ticks_left > 0);
        powered.map(|rival| maze::distance(tile, rival.pac.point.tile())).min().unwrap_or(u8::MAX)
    }

    fn tiles_from_pacs(&self, tile: Tile, seat: Seat) -> u8 {
        let others = (0..SEATS).filter(|&other| other != seat.0 as usize).filter_map(|other| self.seats[other].as_ref());
        let present = others.filter(|other| !other.arriving && !matches!(other.pac.condition, Condition::Parked | Condition::Dead));
        present.map(|other| maze::distance(tile, other.pac.point.tile())).min().unwrap_or(u8::MAX)
    }
}

/// The way in which the floor goes on straight for longest; ties go up, left, down, right.
fn longest_corridor(from: Tile) -> Direction {
    let length = |direction: Direction| {
        let ahead = std::iter::successors(Some(from), |&tile| maze::is_open(tile, direction).then(|| maze::neighbour(tile, direction)));
        ahead.take(maze::PLAYFIELD_COLUMNS as usize).count()
    };
    let mut best = Direction::Up;
    for direction in Direction::ALL {
        if length(direction) > length(best) {
            best = direction;
        }
    }
    best
}
