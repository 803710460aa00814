//! What each way out promises: how much there is to eat and how soon, and how far away danger is. Pure.
//!
//! Two searches over the tiles: from everything that kills, how soon it can be anywhere; from the player, what he reaches before that. Danger is
//! taken as moving as fast as he does, which is nearly true at every level.

use crate::game::grid::COLUMNS;
use crate::game::grid::Direction;
use crate::game::grid::ROWS;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::scene::Condition;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Pac;
use crate::game::scene::Place;
use crate::game::scene::Scene;
use crate::game::scene::Seat;

const TILES: usize = (COLUMNS * ROWS) as usize;
/// No further than this does a search look.
const FAR_TILES: u8 = 60;
/// He must be at a tile so many tiles before danger is.
const MARGIN_TILES: u8 = 1;
/// Ghosts turn normal again when this little is left: too late to begin a hunt, time to keep away.
const POWER_ENDS_TICKS: u16 = 45;
/// A tile takes about so long, dots included.
const TICKS_PER_TILE: u16 = 8;
/// A way with fewer safe tiles than this is a trap in proportion.
const ROOM_TILES: u32 = 12;

const DOT: u32 = 10;
const ENERGIZER: u32 = 20;
const ENERGIZER_IN_NEED: u32 = 120;
const PREY: u32 = 150;
const FRUIT: u32 = 100;

/// By the bits of the first direction that he would take: at the corner ahead, or back.
pub(super) struct Prospect {
    /// What there is to eat, the nearer the more.
    worth: [u32; 4],
    /// Tiles that he reaches before danger does.
    room: [u32; 4],
    /// Tiles until danger is at the first tile of this way; 0 where there is no way.
    clear: [u8; 4],
}

impl Prospect {
    /// The ways out of `corner`, the tile ahead of (or under) the pac of `seat`, and the way back from where he is.
    pub(super) fn of(scene: &Scene, seat: Seat, pac: Pac, corner: Tile) -> Self {
        let powered = matches!(pac.condition, Condition::Powered(_));
        let danger = Distances::of_danger(scene, seat, powered);
        let prey = prey(scene, seat, powered);
        let tile = pac.point.tile();
        let in_need = danger.at(tile) <= 10;
        let mut found = Self { worth: [0; 4], room: [0; 4], clear: [0; 4] };
        let mut search = Search::new();
        search.visited[tile.0 as usize] = true;
        search.visited[corner.0 as usize] = true;
        let back = pac.direction.opposite();
        if let Some(behind) = exit(tile, back) {
            found.clear[back.bits() as usize] = danger.at(behind);
            search.push(behind, 1, back);
        }
        let corner_tiles = u8::from(corner != tile);
        if danger.at(corner) > corner_tiles + MARGIN_TILES {
            for way in Direction::ALL.into_iter().filter(|way| *way != back) {
                if let Some(first) = exit(corner, way) {
                    found.clear[way.bits() as usize] = danger.at(first);
                    search.push(first, corner_tiles + 1, way);
                }
            }
        }
        while let Some((tile, tiles, way)) = search.pop() {
            if danger.at(tile) <= tiles.saturating_add(MARGIN_TILES) {
                continue;
            }
            let worth = worth(scene, pac, tile, tiles, in_need, &prey);
            let (near, way_bits) = (u32::from(tiles) + 2, way.bits() as usize);
            found.worth[way_bits] = found.worth[way_bits].max(worth * 1000 / near) + worth * 200 / (near * near);
            found.room[way_bits] += 1;
            if tiles < FAR_TILES {
                for next in Direction::ALL.into_iter().filter_map(|way| exit(tile, way)) {
                    search.push(next, tiles + 1, way);
                }
            }
        }
        found
    }

    /// The way to take. Back only if it is much better, and then only when `may_turn_back` or there is no room ahead.
    pub(super) fn best(&self, back: Direction, may_turn_back: bool) -> Option<Direction> {
        let value = |way: &Direction| {
            let bits = way.bits() as usize;
            let safe = self.worth[bits].saturating_add(1) * self.room[bits].min(ROOM_TILES) / ROOM_TILES;
            if *way == back { safe * 2 / 3 } else { safe }
        };
        let ahead = Direction::ALL.into_iter().filter(|way| *way != back).max_by_key(value);
        let best = if may_turn_back { Direction::ALL.into_iter().max_by_key(value) } else { ahead };
        if let Some(best) = best.filter(|best| value(best) > 0) {
            return Some(best);
        }
        // Nothing is safe: run where danger is farthest.
        let open = Direction::ALL.into_iter().filter(|way| self.clear[way.bits() as usize] > 0);
        open.max_by_key(|way| self.clear[way.bits() as usize])
    }
}

/// The tile that one comes to when one leaves `tile` that way.
pub(super) fn exit(tile: Tile, direction: Direction) -> Option<Tile> {
    maze::is_open(tile, direction).then(|| maze::neighbour(tile, direction))
}

/// What a tile is worth to somebody who gets there in so many tiles.
fn worth(scene: &Scene, pac: Pac, tile: Tile, tiles: u8, in_need: bool, prey: &[Tile]) -> u32 {
    let shielded = matches!(pac.condition, Condition::Shielded(_));
    let mut worth = 0;
    if let Some(pellet) = maze::pellet_at(tile).filter(|pellet| scene.pellets.has(*pellet)) {
        worth += match (maze::is_energizer(pellet), scene.dormant || shielded, in_need) {
            (false, ..) => DOT,
            (true, true, _) => 0,
            (true, false, false) => ENERGIZER,
            (true, false, true) => ENERGIZER_IN_NEED,
        };
    }
    if scene.fruit && !shielded && tile == maze::FRUIT.tile() {
        worth += FRUIT;
    }
    if prey.contains(&tile) && !shielded && u16::from(tiles) * TICKS_PER_TILE + POWER_ENDS_TICKS < scene.power_ticks_left {
        worth += PREY;
    }
    worth
}

/// Where there are blue ghosts, and to the powered, others.
fn prey(scene: &Scene, seat: Seat, powered: bool) -> Vec<Tile> {
    let ghosts = scene.ghosts.iter().filter(|ghost| ghost.mood == Mood::Frightened && ghost.place == Place::Outside);
    let rivals = others(scene, seat).filter(|rival| powered && matches!(rival.condition, Condition::Alive(_) | Condition::Bumped(_)));
    ghosts.map(|ghost| ghost.point.tile()).chain(rivals.map(|rival| rival.point.tile())).collect()
}

fn others(scene: &Scene, seat: Seat) -> impl Iterator<Item = &Pac> {
    scene.pacs.iter().enumerate().filter(move |(index, _)| *index != usize::from(seat.0)).filter_map(|(_, pac)| pac.as_ref())
}

/// How many tiles off the nearest danger is, for every tile.
struct Distances([u8; TILES]);

impl Distances {
    fn at(&self, tile: Tile) -> u8 {
        self.0[tile.0 as usize]
    }

    fn of_danger(scene: &Scene, seat: Seat, powered: bool) -> Self {
        let mut search = Search::new();
        let mut found = Self([u8::MAX; TILES]);
        for rival in others(scene, seat).filter(|rival| !powered && matches!(rival.condition, Condition::Powered(_))) {
            search.push(rival.point.tile(), 0, rival.direction);
        }
        for ghost in scene.ghosts.iter().filter(|ghost| kills(scene, **ghost)) {
            let tile = ghost.point.tile();
            search.visited[tile.0 as usize] = true;
            found.0[tile.0 as usize] = 0;
            for way in Direction::ALL.into_iter().filter(|way| *way != ghost.direction.opposite()) {
                if let Some(next) = exit(tile, way) {
                    search.push(next, 1, way);
                }
            }
        }
        while let Some((tile, tiles, way)) = search.pop() {
            found.0[tile.0 as usize] = found.0[tile.0 as usize].min(tiles);
            if tiles < FAR_TILES {
                for next in Direction::ALL.into_iter().filter_map(|way| exit(tile, way)) {
                    search.push(next, tiles + 1, way);
                }
            }
        }
        // A ghost does not turn back by itself, but all do when their mood changes: do not cling to one's back.
        for ghost in scene.ghosts.iter().filter(|ghost| kills(scene, **ghost)) {
            if let Some(behind) = exit(ghost.point.tile(), ghost.direction.opposite()) {
                let tiles = &mut found.0[behind.0 as usize];
                *tiles = (*tiles).min(2);
            }
        }
        found
    }
}

fn kills(scene: &Scene, ghost: Ghost) -> bool {
    let normal = ghost.mood == Mood::Normal || ghost.mood == Mood::Frightened && scene.power_ticks_left < POWER_ENDS_TICKS;
    normal && matches!(ghost.place, Place::Outside | Place::Leaving)
}

/// A breadth-first search: each tile once, nearest first, with the way by which it was begun.
struct Search {
    queue: [(Tile, u8, Direction); TILES],
    head: usize,
    tail: usize,
    visited: [bool; TILES],
}

impl Search {
    fn new() -> Self {
        Self { queue: [(Tile(0), 0, Direction::Up); TILES], head: 0, tail: 0, visited: [false; TILES] }
    }

    fn push(&mut self, tile: Tile, tiles: u8, way: Direction) {
        if !std::mem::replace(&mut self.visited[tile.0 as usize], true) {
            self.queue[self.tail] = (tile, tiles, way);
            self.tail += 1;
        }
    }

    fn pop(&mut self) -> Option<(Tile, u8, Direction)> {
        let next = (self.head < self.tail).then(|| self.queue[self.head])?;
        self.head += 1;
        Some(next)
    }
}
