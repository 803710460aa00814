//! Who plays the golden replays while they are recorded: deterministic pilots that see only the scene, or try the future on a copy of the world.
//!
//! Not used when replays are played back. A pilot decides when its pac has come into another tile; what looks like chance is the hash of tick and
//! seat, so that a recording can be made again.

use waka::game::grid::Direction;
use waka::game::grid::Tile;
use waka::game::maze;
use waka::game::scene::Condition;
use waka::game::scene::Mood;
use waka::game::scene::Pac;
use waka::game::scene::Phase;
use waka::game::scene::Place;
use waka::game::scene::Scene;
use waka::game::scene::Seat;
use waka::game::seating::Command;
use waka::game::world::World;

pub(super) struct Script {
    pub name: &'static str,
    pub about: &'static str,
    pub seed: u64,
    pub ticks: u32,
    /// The commands of the tick that comes next.
    pub play: fn(&World, u32) -> Vec<Command>,
}

pub(super) const SCRIPTS: [Script; 5] = [
    Script {
        name: "one-player-clears-level-1",
        about: "One player, who looks ahead, eats all 244 and begins level 2.",
        seed: 1,
        ticks: 7_000,
        play: careful,
    },
    Script {
        name: "a-death-and-the-global-counter",
        about: "One player, who does not look, loses three lives; the global counter opens the house.",
        seed: 2,
        ticks: 5_400,
        play: reckless,
    },
    Script { name: "six-players", about: "Six players for a minute and a half.", seed: 3, ticks: 5_400, play: six },
    Script {
        name: "sixteen-players-come-and-go",
        about: "Up to sixteen players who join, leave, park and come back.",
        seed: 4,
        ticks: 3_600,
        play: sixteen,
    },
    Script {
        name: "ten-minutes",
        about: "Ten minutes in which one player becomes three and one again, with pauses.",
        seed: 5,
        ticks: 36_000,
        play: long,
    },
];

fn careful(world: &World, tick: u32) -> Vec<Command> {
    if tick == 1 {
        return vec![Command::Join { player: 1 }];
    }
    let scene = world.scene();
    let Some(pac) = scene.pacs[0].filter(|_| scene.phase == Phase::Play && decides(&scene, 0)) else { return Vec::new() };
    let mut ways: Vec<Direction> = Direction::ALL.into_iter().filter(|&way| maze::is_open(pac.point.tile(), way)).collect();
    ways.sort_by_key(|&way| cost(&scene, pac.point.tile(), way));
    let best = ways.into_iter().max_by_key(|&way| (survives(world, way), std::cmp::Reverse(cost(&scene, pac.point.tile(), way))));
    wish(0, pac, best)
}

fn reckless(world: &World, tick: u32) -> Vec<Command> {
    if tick == 1 {
        return vec![Command::Join { player: 1 }];
    }
    greedy_wishes(world, false)
}

fn six(world: &World, tick: u32) -> Vec<Command> {
    match tick {
        1..=6 => vec![Command::Join { player: u64::from(tick) }],
        _ => rejoin(world, 6).into_iter().chain(greedy_wishes(world, true)).collect(),
    }
}

fn sixteen(world: &World, tick: u32) -> Vec<Command> {
    let mut commands = greedy_wishes(world, true);
    let seat = Seat((chance(tick, 40) % 16) as u8);
    match tick % 97 {
        0 => commands.push(Command::Leave { seat }),
        20 => commands.push(Command::Park { seat }),
        60 => commands.extend((0..16).map(|seat| Command::Unpark { seat: Seat(seat) })),
        _ if tick.is_multiple_of(10) => commands.extend(rejoin(world, 16)),
        _ => {}
    }
    commands
}

fn long(world: &World, tick: u32) -> Vec<Command> {
    let mut commands = greedy_wishes(world, true);
    let wanted = 1 + tick / 6_000 % 3;
    if tick.is_multiple_of(60) {
        commands.extend(rejoin(world, wanted as u8));
    }
    match tick % 9_000 {
        3_000 => commands.push(Command::Park { seat: Seat(0) }),
        3_300 => commands.push(Command::Unpark { seat: Seat(0) }),
        8_000 => commands.extend([1, 2].map(|seat| Command::Leave { seat: Seat(seat) })),
        _ => {}
    }
    commands
}

/// One who is missing comes back with a new run.
fn rejoin(world: &World, players: u8) -> Option<Command> {
    let missing = (1..=u64::from(players)).find(|&player| !world.is_seated(player))?;
    (world.seated() < players).then_some(Command::Join { player: missing })
}

/// Everybody goes for the nearest pellet, one in ten anywhere; the careful give ghosts a wide berth.
fn greedy_wishes(world: &World, careful: bool) -> Vec<Command> {
    let scene = world.scene();
    let mut commands = Vec::new();
    for seat in 0..16_u8 {
        let Some(pac) = scene.pacs[seat as usize] else { continue };
        let stands = pac.condition == Condition::Ready && scene.phase == Phase::Play && scene.tick.is_multiple_of(30);
        if !stands && !decides(&scene, seat) {
            continue;
        }
        let tile = pac.point.tile();
        let ways = Direction::ALL.into_iter().filter(|&way| maze::is_open(tile, way));
        let stray = chance(scene.tick, seat).is_multiple_of(10);
        let price = |way: &Direction| {
            let fear = if careful { danger(&scene, maze::neighbour(tile, *way)) } else { 0 };
            let turn = if *way == pac.direction.opposite() { 2 } else { 0 };
            if stray { u64::from(chance(scene.tick, seat * 4 + way.bits())) } else { cost(&scene, tile, *way) + fear + turn }
        };
        let best = ways.min_by_key(price);
        if stands {
            commands.extend(best.map(|direction| Command::Wish { seat: Seat(seat), direction }));
        } else {
            commands.extend(wish(seat, pac, best));
        }
    }
    commands
}

/// A wish, if it is news.
fn wish(seat: u8, pac: Pac, best: Option<Direction>) -> Vec<Command> {
    best.filter(|&direction| direction != pac.wish).map(|direction| Command::Wish { seat: Seat(seat), direction }).into_iter().collect()
}

/// Whether a pac has just come into a tile.
fn decides(scene: &Scene, seat: u8) -> bool {
    let Some(pac) = scene.pacs[seat as usize] else { return false };
    let (point, centre) = (pac.point, pac.point.tile().centre());
    let moving = matches!(pac.condition, Condition::Alive(_) | Condition::Powered(_) | Condition::Shielded(_));
    moving && point.x.abs_diff(centre.x) + point.y.abs_diff(centre.y) <= 4
}

/// Tiles to the nearest pellet, going that way.
fn cost(scene: &Scene, tile: Tile, way: Direction) -> u64 {
    let from = maze::neighbour(tile, way);
    let left = (0..maze::PELLET_TILES.len()).filter(|&pellet| scene.pellets.has(pellet));
    left.map(|pellet| u64::from(maze::distance(from, maze::PELLET_TILES[pellet]))).min().unwrap_or(0)
}

/// More the nearer a ghost is who is neither blue nor eyes.
fn danger(scene: &Scene, tile: Tile) -> u64 {
    let bad = scene.ghosts.iter().filter(|ghost| ghost.mood == Mood::Normal && ghost.place == Place::Outside);
    let nearest = bad.map(|ghost| maze::distance(tile, ghost.point.tile())).min().unwrap_or(u8::MAX);
    60 * u64::from(8_u8.saturating_sub(nearest))
}

/// For how many ticks, up to some, the lone pac lives if he goes that way and then on by greed and fear.
fn survives(world: &World, way: Direction) -> u32 {
    let mut future = world.clone();
    let mut commands = vec![Command::Wish { seat: Seat(0), direction: way }];
    for tick in 0..150 {
        let _ = future.step(&commands);
        if future.phase() == Phase::Dying {
            return tick;
        }
        if future.phase() != Phase::Play {
            break;
        }
        commands = if tick < 8 { Vec::new() } else { greedy_wishes(&future, true) };
    }
    150
}

/// A hash, for what should look like chance.
fn chance(tick: u32, salt: u8) -> u32 {
    let mixed = (tick ^ u32::from(salt).wrapping_mul(0x9E37_79B9)).wrapping_mul(0x85EB_CA6B);
    (mixed ^ mixed >> 13).wrapping_mul(0xC2B2_AE35) >> 16
}
