//! What each way out promises: how much there is to eat and how soon, and how far away danger is. Pure.
//!
//! Two searches over the tiles: from everything that kills, how soon it can be anywhere; from the player, what he reaches before that. Danger is
//! taken as moving as fast as he does, which is nearly true at every level.

use crate::game::grid::COLUMNS;
use crate::game::grid::Direction;
use crate::game::grid::MARGIN_COLUMNS;
use crate::game::grid::ROWS;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::scene::Condition;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Pac;
use crate::game::scene::Place;
use crate::game::scene::SEATS;
use crate::game::scene::Scene;
use crate::game::scene::Seat;

const TILES: usize = (COLUMNS * ROWS) as usize;
/// Tiles that one search comes to at most: each floor tile once, and wherever a frame says that a player is.
const SEARCHED_TILES_MAX: usize = maze::FLOOR_TILES + 2 * MARGIN_COLUMNS as usize + SEATS;
/// By tile, the tiles that one comes to from it; looked up some hundred times in each search.
static NEXT: [Ways; TILES] = ways();
/// What a dot adds by how near it is, since most of what a search comes to are dots.
const DOT_IS_WORTH: [(u32, u32); FAR_TILES as usize + 3] = dot_is_worth();
/// No further than this does a search look.
const FAR_TILES: u8 = 60;
/// Danger that is no nearer than this turns nobody back; he decides at the corner.
const FRIGHT_TILES: u8 = 3;
/// Danger that is further off than this is not yet any.
const DANGER_TILES: u8 = 6;
/// He must be at a tile so many tiles before danger is.
const MARGIN_TILES: u8 = 1;
/// Ghosts turn normal again when this little is left: too late to begin a hunt, time to keep away.
const POWER_ENDS_TICKS: u16 = 45;
/// A tile takes about so long, dots included.
const TICKS_PER_TILE: u16 = 8;
/// A way with fewer safe tiles than this is a trap in proportion.
const ROOM_TILES: u32 = 12;

/// People seldom turn back for a dot; a retreat from danger is worth it, since nothing is safe ahead.
const BACK_IS_WORTH_ONE_IN: u32 = 10;

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
    /// The ways out of the last tile of `road`, which are the tiles that he comes through before he can turn, and the way back from where he is.
    pub(super) fn of(scene: &Scene, seat: Seat, pac: Pac, road: &[Tile]) -> Self {
        let powered = matches!(pac.condition, Condition::Powered(_));
        let danger = Distances::of_danger(scene, seat, pac);
        let tile = pac.point.tile();
        let view = View { scene, pac, prey: Tiles::of(prey(scene, seat, powered)), in_need: danger.at(tile) <= 10 };
        let mut found = Self { worth: [0; 4], room: [0; 4], clear: [0; 4] };
        let mut search = Search::new();
        search.visited.add(tile);
        let back = pac.direction.opposite();
        if let Some(behind) = exit(tile, back) {
            found.clear[back.bits() as usize] = danger.at(behind);
            search.push(behind, 1, back);
        }
        let first_tiles = u8::from(road.first() != Some(&tile));
        let ahead = Direction::ALL.into_iter().filter(|way| *way != back);
        let road = || (first_tiles..).zip(road.iter().copied());
        let is_clear = danger.at(tile) > FRIGHT_TILES || road().all(|(tiles, tile)| danger.at(tile) > tiles + MARGIN_TILES);
        let (corner_tiles, corner) = road().last().unwrap_or((0, tile));
        for (_, tile) in road() {
            search.visited.add(tile);
        }
        for (way, first) in ahead.filter_map(|way| Some((way, exit(corner, way)?))).filter(|_| is_clear) {
            found.clear[way.bits() as usize] = danger.at(first);
            road().for_each(|(tiles, tile)| found.add(way, &view, tile, tiles));
            search.push(first, corner_tiles + 1, way);
        }
        while let Some((tile, tiles, way)) = search.pop() {
            if danger.at(tile) <= tiles.saturating_add(MARGIN_TILES) {
                continue;
            }
            found.add(way, &view, tile, tiles);
            if tiles < FAR_TILES {
                search.spread(tile, tiles, way);
            }
        }
        found
    }

    fn add(&mut self, way: Direction, view: &View<'_>, tile: Tile, tiles: u8) {
        let (bits, near) = (way.bits() as usize, u32::from(tiles) + 2);
        let worth = view.worth(tile, tiles);
        if worth > 0 {
            let (most, more) = if worth == DOT { DOT_IS_WORTH[near as usize] } else { is_worth(worth, near) };
            self.worth[bits] = self.worth[bits].max(most) + more;
        }
        self.room[bits] += 1;
    }

    /// The way to take: what he is inclined to, unless another is clearly better. Back only if it is much better, and then only when
    /// `may_turn_back`, or when nothing is safe ahead.
    pub(super) fn best(&self, back: Direction, may_turn_back: bool, inclined: Direction) -> Option<Direction> {
        let value = |way: &Direction| {
            let bits = way.bits() as usize;
            let safe = self.worth[bits].saturating_add(1) * self.room[bits].min(ROOM_TILES) / ROOM_TILES;
            match *way {
                way if way == back => safe / BACK_IS_WORTH_ONE_IN,
                way if way == inclined => safe * 2,
                _ => safe,
            }
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

/// What something is worth as the best of its way, and what it adds if it is not the best.
const fn is_worth(worth: u32, near: u32) -> (u32, u32) {
    (worth * 1000 / near, worth * 200 / (near * near))
}

const fn dot_is_worth() -> [(u32, u32); FAR_TILES as usize + 3] {
    let mut all = [(0, 0); FAR_TILES as usize + 3];
    let mut near = 1;
    while near < all.len() {
        all[near] = is_worth(DOT, near as u32);
        near += 1;
    }
    all
}

#[derive(Clone, Copy)]
struct Ways {
    count: u8,
    tiles: [Tile; 4],
}

const fn ways() -> [Ways; TILES] {
    let mut all = [Ways { count: 0, tiles: [Tile(0); 4] }; TILES];
    let mut index = 0;
    while index < 4 * TILES {
        let (tile, direction) = (Tile((index / 4) as u16), Direction::ALL[index % 4]);
        if maze::is_open(tile, direction) {
            let ways = &mut all[index / 4];
            ways.tiles[ways.count as usize] = maze::neighbour(tile, direction);
            ways.count += 1;
        }
        index += 1;
    }
    all
}

/// Whether there is any way out of `tile` but straight on and back.
pub(super) fn can_turn(tile: Tile, direction: Direction) -> bool {
    Direction::ALL.into_iter().any(|way| way.is_horizontal() != direction.is_horizontal() && maze::is_open(tile, way))
}

/// What one player sees in a scene.
struct View<'a> {
    scene: &'a Scene,
    pac: Pac,
    prey: Tiles,
    in_need: bool,
}

impl View<'_> {
    /// What a tile is worth to him if he gets there in so many tiles.
    fn worth(&self, tile: Tile, tiles: u8) -> u32 {
        let shielded = matches!(self.pac.condition, Condition::Shielded(_));
        let mut worth = 0;
        if let Some(pellet) = maze::pellet_at(tile).filter(|pellet| self.scene.pellets.has(*pellet)) {
            worth += match (maze::is_energizer(pellet), self.scene.dormant || shielded, self.in_need) {
                (false, ..) => DOT,
                (true, true, _) => 0,
                (true, false, false) => ENERGIZER,
                (true, false, true) => ENERGIZER_IN_NEED,
            };
        }
        if self.scene.fruit && !shielded && tile == maze::FRUIT.tile() {
            worth += FRUIT;
        }
        if self.prey.has(tile) && !shielded && u16::from(tiles) * TICKS_PER_TILE + POWER_ENDS_TICKS < self.scene.power_ticks_left {
            worth += PREY;
        }
        worth
    }
}

/// Where there are blue ghosts, and to the powered, others.
fn prey(scene: &Scene, seat: Seat, powered: bool) -> impl Iterator<Item = Tile> {
    let ghosts = scene.ghosts.iter().filter(|ghost| ghost.mood == Mood::Frightened && ghost.place == Place::Outside);
    let rivals = others(scene, seat).filter(move |rival| powered && matches!(rival.condition, Condition::Alive(_) | Condition::Bumped(_)));
    ghosts.map(|ghost| ghost.point.tile()).chain(rivals.map(|rival| rival.point.tile()))
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

    fn of_danger(scene: &Scene, seat: Seat, pac: Pac) -> Self {
        let mut search = Search::new();
        let mut found = Self([u8::MAX; TILES]);
        if matches!(pac.condition, Condition::Shielded(_)) {
            return found;
        }
        for rival in others(scene, seat)
            .filter(|rival| !matches!(pac.condition, Condition::Powered(_)) && matches!(rival.condition, Condition::Powered(_)))
        {
            search.push(rival.point.tile(), 0, rival.direction);
        }
        for ghost in scene.ghosts.iter().filter(|ghost| kills(scene, **ghost)) {
            let tile = ghost.point.tile();
            search.visited.add(tile);
            found.0[tile.0 as usize] = 0;
            for way in Direction::ALL.into_iter().filter(|way| *way != ghost.direction.opposite()) {
                if let Some(next) = exit(tile, way) {
                    search.push(next, 1, way);
                }
            }
        }
        while let Some((tile, tiles, way)) = search.pop() {
            found.0[tile.0 as usize] = found.0[tile.0 as usize].min(tiles);
            if tiles < DANGER_TILES {
                search.spread(tile, tiles, way);
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
    queue: [(Tile, u8, Direction); SEARCHED_TILES_MAX],
    head: usize,
    tail: usize,
    visited: Tiles,
}

impl Search {
    fn new() -> Self {
        Self { queue: [(Tile(0), 0, Direction::Up); SEARCHED_TILES_MAX], head: 0, tail: 0, visited: Tiles::NONE }
    }

    fn push(&mut self, tile: Tile, tiles: u8, way: Direction) {
        if self.visited.add(tile) {
            self.queue[self.tail] = (tile, tiles, way);
            self.tail += 1;
        }
    }

    /// To all neighbours of a tile that was so many tiles off.
    fn spread(&mut self, tile: Tile, tiles: u8, way: Direction) {
        let ways = &NEXT[tile.0 as usize];
        for next in &ways.tiles[..usize::from(ways.count)] {
            self.push(*next, tiles + 1, way);
        }
    }

    fn pop(&mut self) -> Option<(Tile, u8, Direction)> {
        let next = (self.head < self.tail).then(|| self.queue[self.head])?;
        self.head += 1;
        Some(next)
    }
}

/// A set of tiles.
struct Tiles([u64; TILES.div_ceil(64)]);

impl Tiles {
    const NONE: Self = Self([0; TILES.div_ceil(64)]);

    fn of(tiles: impl Iterator<Item = Tile>) -> Self {
        tiles.fold(Self::NONE, |mut all, tile| {
            all.add(tile);
            all
        })
    }

    fn has(&self, tile: Tile) -> bool {
        self.0[tile.0 as usize / 64] >> (tile.0 % 64) & 1 == 1
    }

    /// Whether it was not there yet.
    fn add(&mut self, tile: Tile) -> bool {
        let (word, bit) = (&mut self.0[tile.0 as usize / 64], 1 << (tile.0 % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}
