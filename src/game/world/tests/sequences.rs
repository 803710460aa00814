//! One player alone: the sequences of rules 1.9 to 1.11, from READY! to the end of a run.

use super::arcade::die;
use super::arcade::eat_energizer;
use super::*;

#[test]
fn ready_lasts_245_ticks_at_first_and_120_later_1_11() {
    let mut world = World::new(1);
    let _ = world.step(&[Command::Join { player: 1 }]);
    assert_eq!(world.phase, Phase::Ready);
    let start = world.seats[0].as_ref().unwrap().pac.point;
    let moved = |world: &World| world.seats[0].as_ref().unwrap().pac.point != start;
    assert_eq!(run_until(&mut world, 300, moved), 245, "first motion");
    die(&mut world);
    run_until(&mut world, 300, |world| world.phase == Phase::Ready);
    let moved = |world: &World| world.phase == Phase::Play;
    assert_eq!(run_until(&mut world, 300, moved), 120);
}

#[test]
fn a_death_takes_220_ticks_a_life_and_resets_positions_not_dots_1_11() {
    let mut world = stage(1);
    die(&mut world);
    let eaten = world.sheet.eaten;
    assert_eq!(run_until(&mut world, 300, |world| world.phase == Phase::Ready), 220);
    assert_eq!((pac(&mut world, 0).lives, world.sheet.eaten), (1, eaten));
    assert_eq!(pac(&mut world, 0).pac.point, maze::PAC_START);
    assert_eq!(world.ghosts, [0, 1, 2, 3].map(Hunter::at_start));
    assert_eq!(world.schedule, Schedule::start(1));
    assert_eq!(world.random, Random::new(world.seed));
}

#[test]
fn the_third_death_ends_the_run_and_the_next_begins_at_level_1() {
    let mut world = stage(1);
    world.level = 5;
    pac(&mut world, 0).lives = 0;
    pac(&mut world, 0).points = 70;
    die(&mut world);
    let points = pac(&mut world, 0).points;
    let outcomes = run(&mut world, 220);
    assert_eq!(outcomes, [Outcome::RunOver { player: 0, seat: Seat(0), points, level: 5 }]);
    assert_eq!((world.phase, world.seated()), (Phase::Empty, 0));
    let _ = world.step(&[Command::Join { player: 0 }]);
    assert_eq!((world.phase, world.level, world.phase_ticks_left), (Phase::Ready, 1, 244));
    assert_eq!(pac(&mut world, 0).points, 0);
}

#[test]
fn a_cleared_board_flashes_234_ticks_and_brings_the_next_level_1_11() {
    for level in [1, 20, 255] {
        let mut world = stage(1);
        lock_up(&mut world);
        world.level = level;
        world.sheet.pellets = Pellets::NONE;
        world.sheet.pellets.set(maze::pellet_at(Tile::of_playfield(1, 1)).unwrap(), true);
        put(&mut world, 0, 1, 1, Direction::Up);
        let _ = world.step(&[]);
        assert_eq!(world.phase, Phase::Cleared);
        assert_eq!(run_until(&mut world, 300, |world| world.phase == Phase::Ready), 234);
        assert_eq!((world.level, world.sheet), (level + 1, Sheet::FULL));
        assert_eq!(world.house, House::default());
        assert_eq!(run_until(&mut world, 300, |world| world.phase == Phase::Play), 120);
    }
}

#[test]
fn the_lone_pac_passes_through_a_ghost_who_swaps_tiles_with_him_1_9() {
    let mut world = stage(1);
    lock_up(&mut world);
    put(&mut world, 0, 6, 12, Direction::Up);
    put_ghost(&mut world, 0, 6, 11, Direction::Down);
    world.tick = 0;
    let pac_tile = Tile::of_playfield(6, 12);
    world.seats[0].as_mut().unwrap().pac.point = Point { y: pac_tile.centre().y - 3, ..pac_tile.centre() };
    world.ghosts[0].ghost.point.y += 4;
    let _ = world.step(&[]);
    assert_eq!(world.seats[0].as_ref().unwrap().pac.point.tile(), Tile::of_playfield(6, 11));
    assert_eq!(world.ghosts[0].ghost.point.tile(), pac_tile);
    assert_eq!(world.phase, Phase::Play);
}

#[test]
fn a_blue_ghost_just_past_the_pac_is_eaten_too_1_9() {
    for (dy, phase) in [(3, Phase::Eaten), (5, Phase::Play)] {
        let mut world = stage(1);
        lock_up(&mut world);
        eat_energizer(&mut world);
        put(&mut world, 0, 1, 29, Direction::Down);
        put_ghost(&mut world, 0, 1, 29, Direction::Up);
        world.seats[0].as_mut().unwrap().pac.point.y -= 7;
        world.ghosts[0].ghost.mood = Mood::Frightened;
        world.ghosts[0].ghost.point.y = world.seats[0].as_ref().unwrap().pac.point.y + dy;
        world.collide(1, &world.before());
        assert_eq!(world.phase, phase, "{dy} pixels below, another tile");
    }
}
