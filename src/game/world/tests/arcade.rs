//! One player alone: the lines of rules 1.12, each by its number.

use super::*;

/// Keeps the pac where he is: up and down are walls at the start.
fn hold_still(world: &mut World) {
    let player = pac(world, 0);
    player.pac.direction = Direction::Up;
    player.pac.wish = Direction::Up;
}

/// The pac stands in a corner, the ghost comes: he dies.
pub(super) fn die(world: &mut World) {
    put(world, 0, 1, 1, Direction::Up);
    put_ghost(world, 0, 2, 1, Direction::Left);
    run_until(world, 60, |world| world.phase == Phase::Dying);
}

/// An energizer is eaten in the next tick or two.
pub(super) fn eat_energizer(world: &mut World) {
    let energizer = maze::pellet_at(Tile::of_playfield(1, 3)).unwrap();
    if !world.sheet.pellets.has(energizer) {
        world.sheet.pellets.set(energizer, true);
        world.sheet.eaten -= 1;
    }
    put(world, 0, 1, 3, Direction::Up);
    run_until(world, 5, |world| !world.sheet.pellets.has(energizer));
}

#[test]
fn there_are_244_pellets_and_energizers_count_for_fruit_1_12_1() {
    for at in [70, 170] {
        let mut world = stage(1);
        lock_up(&mut world);
        assert_eq!(world.sheet.pellets.left(), 244);
        world.sheet.laid = 244 + at - 1 - world.sheet.eaten;
        world.sheet.eaten = at - 1;
        put(&mut world, 0, 1, 3, Direction::Up);
        let _ = world.step(&[]);
        assert!(events_now(&world).contains(&EventKind::EnergizerEaten));
        assert!(world.fruit_ticks_left > 0, "at {at}");
    }
}

#[test]
fn fruit_pays_by_level_and_goes_after_9_5_seconds_1_10() {
    let mut world = stage(1);
    lock_up(&mut world);
    world.level = 3;
    world.fruit_ticks_left = tuning::FRUIT_TICKS;
    hold_still(&mut world);
    assert_eq!(run_until(&mut world, 600, |world| world.fruit_ticks_left == 0), 570);
    world.fruit_ticks_left = 100;
    put(&mut world, 0, 12, 17, Direction::Right);
    let before = pac(&mut world, 0).points;
    run_until(&mut world, 20, |world| world.fruit_ticks_left == 0);
    assert_eq!(pac(&mut world, 0).points, before + 500);
}

#[test]
fn the_world_moves_by_its_level_s_speeds_1_12_2() {
    for (level, pixels) in [(1, 16), (2, 18), (5, 20), (21, 18), (256, 18)] {
        let mut world = stage(1);
        lock_up(&mut world);
        world.level = level;
        world.sheet.pellets = Pellets::NONE;
        world.sheet.pellets.set(0, true);
        put(&mut world, 0, 26, 29, Direction::Left);
        let start = pac(&mut world, 0).pac.point.x;
        run(&mut world, 16);
        assert_eq!(start - pac(&mut world, 0).pac.point.x, pixels, "level {level}");
    }
}

#[test]
fn eating_pauses_1_tick_and_3_for_an_energizer_1_12_3() {
    let mut world = stage(1);
    lock_up(&mut world);
    put(&mut world, 0, 1, 1, Direction::Right);
    let _ = world.step(&[]);
    assert_eq!(pac(&mut world, 0).pac.condition, Condition::Alive(1));
    eat_energizer(&mut world);
    assert_eq!(pac(&mut world, 0).pac.condition, Condition::Powered(3));
}

#[test]
fn the_wish_turns_him_before_the_centre_1_12_4() {
    let mut world = stage(1);
    lock_up(&mut world);
    put(&mut world, 0, 5, 5, Direction::Right);
    let player = pac(&mut world, 0);
    player.pac.point.x = Tile::of_playfield(6, 5).centre().x - 4;
    let _ = world.step(&[wish(0, Direction::Up)]);
    assert_eq!(pac(&mut world, 0).pac.direction, Direction::Right);
    run_until(&mut world, 3, |world| world.seats[0].as_ref().unwrap().pac.direction == Direction::Up);
    assert!(pac(&mut world, 0).pac.point.x < Tile::of_playfield(6, 5).centre().x);
}

#[test]
fn reverses_at_mode_changes_and_fright_but_not_at_its_end_1_12_9() {
    let mut world = stage(1);
    hold_still(&mut world);
    put_ghost(&mut world, 0, 6, 2, Direction::Down);
    world.schedule.ticks_left = 1;
    let _ = world.step(&[]);
    assert!(world.ghosts[0].ghost.reversal_pending, "scatter to chase");
    let mut world = stage(1);
    put_ghost(&mut world, 0, 6, 6, Direction::Down);
    eat_energizer(&mut world);
    let blinky = world.ghosts[0].ghost;
    assert!(blinky.reversal_pending && blinky.mood == Mood::Frightened);
    run_until(&mut world, 30, |world| !world.ghosts[0].ghost.reversal_pending);
    world.power.blue_ticks_left = 1;
    let _ = world.step(&[]);
    assert_eq!(world.ghosts[0].ghost.mood, Mood::Normal);
    assert!(!world.ghosts[0].ghost.reversal_pending);
}

#[test]
fn levels_without_fright_only_reverse_1_6_4() {
    let mut world = stage(1);
    world.level = 17;
    put_ghost(&mut world, 0, 6, 6, Direction::Down);
    eat_energizer(&mut world);
    assert!(world.ghosts[0].ghost.reversal_pending);
    assert_eq!((world.ghosts[0].ghost.mood, world.power.blue_ticks_left), (Mood::Normal, 0));
    assert_eq!(pac(&mut world, 0).pac.condition, Condition::Alive(3));
}

#[test]
fn the_scatter_clock_stands_while_ghosts_are_blue_1_12_10() {
    let mut world = stage(1);
    eat_energizer(&mut world);
    let stood = world.schedule;
    hold_still(&mut world);
    run(&mut world, 100);
    assert_eq!(world.schedule, stood);
    run_until(&mut world, 400, |world| world.power.blue_ticks_left == 0);
    let _ = world.step(&[]);
    assert_eq!(world.schedule.ticks_left, stood.ticks_left - 1);
}

#[test]
fn elroy_comes_twice_chases_in_scatter_and_waits_for_clyde_after_a_death_1_12_11() {
    let mut world = stage(1);
    let leave = |world: &mut World, left: u32| {
        world.sheet.pellets = Pellets::NONE;
        (0..left as usize).for_each(|pellet| world.sheet.pellets.set(pellet, true));
    };
    for (level, left, elroy) in [(1, 21, 0), (1, 20, 1), (1, 10, 2), (12, 80, 1), (12, 40, 2), (19, 121, 0), (19, 120, 1)] {
        world.level = level;
        leave(&mut world, left);
        assert_eq!(world.elroy(), elroy, "level {level}, {left} left");
    }
    world.level = 1;
    leave(&mut world, 10);
    let chosen = |world: &World, index: usize| {
        let mut hunter = world.ghosts[index];
        let ghost = hunter.ghost;
        world.hunt(index, &mut hunter, ghost, Tile::of_playfield(6, 5), Direction::Left, 1)
    };
    put(&mut world, 0, 6, 29, Direction::Left);
    assert!(world.schedule.is_scatter());
    assert_eq!(chosen(&world, 0), Direction::Down, "towards the pac, not into his corner");
    die(&mut world);
    run_until(&mut world, 500, |world| world.phase == Phase::Play);
    assert_eq!(world.elroy(), 0);
    (0..31).for_each(|_| world.count_dot());
    assert_eq!(world.elroy(), 0);
    world.count_dot();
    assert_eq!((world.ghosts[3].ghost.place, world.elroy()), (Place::Leaving, 2));
}

#[test]
fn three_ways_out_of_the_house_1_12_12() {
    // Personal counters: Pinky at once, Inky after 30 dots, Clyde after 60.
    let mut world = stage(1);
    hold_still(&mut world);
    let places = |world: &World| [1, 2, 3].map(|ghost| world.ghosts[ghost].ghost.place != Place::Waiting);
    let _ = world.step(&[]);
    assert_eq!(places(&world), [true, false, false]);
    (0..29).for_each(|_| world.count_dot());
    let _ = world.step(&[]);
    assert_eq!(places(&world), [true, false, false]);
    world.count_dot();
    let _ = world.step(&[]);
    assert_eq!(places(&world), [true, true, false]);
    (0..60).for_each(|_| world.count_dot());
    let _ = world.step(&[]);
    assert_eq!(places(&world), [true, true, true]);

    // No dot for four seconds, three from level 5 on.
    for (level, ticks) in [(1, 240), (5, 180)] {
        let mut world = stage(1);
        hold_still(&mut world);
        world.level = level;
        world.house.global = Some(0);
        world.house.ticks_without_dot = 0;
        assert_eq!(run_until(&mut world, 300, |world| world.ghosts[1].ghost.place == Place::Leaving), ticks);
        assert_eq!(run_until(&mut world, 300, |world| world.ghosts[2].ghost.place == Place::Leaving), ticks);
    }
}

#[test]
fn the_global_counter_lets_out_at_7_17_32_and_ends_with_clyde_inside_1_12_12() {
    let mut world = stage(1);
    die(&mut world);
    run_until(&mut world, 500, |world| world.phase == Phase::Play);
    assert_eq!(world.house.global, Some(0));
    hold_still(&mut world);
    for (ghost, dots) in [(1, 7), (2, 10), (3, 15)] {
        (1..dots).for_each(|_| world.count_dot());
        let _ = world.step(&[]);
        assert_eq!(world.ghosts[ghost].ghost.place, Place::Waiting);
        world.count_dot();
        let _ = world.step(&[]);
        assert_eq!(world.ghosts[ghost].ghost.place, Place::Leaving, "ghost {ghost}");
    }
    assert_eq!(world.house.global, None);

    let mut world = stage(1);
    world.house.global = Some(31);
    put_ghost(&mut world, 3, 6, 5, Direction::Left);
    world.count_dot();
    assert_eq!(world.house.global, Some(32), "Clyde is out: it counts on for nothing");
}

#[test]
fn comes_out_to_the_right_if_the_mode_changed_inside_1_12_13() {
    for (change, turn) in [(false, Direction::Left), (true, Direction::Right)] {
        let mut world = stage(1);
        hold_still(&mut world);
        if change {
            world.schedule.ticks_left = 1;
        }
        run_until(&mut world, 300, |world| world.ghosts[1].ghost.place == Place::Outside);
        assert_eq!(world.ghosts[1].ghost.direction, turn);
    }
}

#[test]
fn fright_lasts_as_the_table_says_1_12_14() {
    for level in 1..=21 {
        let mut world = stage(1);
        world.level = level;
        eat_energizer(&mut world);
        let ticks = u16::from(tuning::level_of(level).fright_seconds) * 60;
        assert_eq!(world.power.blue_ticks_left, ticks.saturating_sub(1), "level {level}: one tick of it has passed");
    }
}

/// Puts a ghost into the pac's tile and lets him be eaten; the points.
fn eat_ghost(world: &mut World, ghost: usize) -> u32 {
    let before = pac(world, 0).points;
    let dots = world.sheet.eaten;
    put(world, 0, 6, 12, Direction::Up);
    put_ghost(world, ghost, 6, 12, Direction::Up);
    world.ghosts[ghost].ghost.mood = Mood::Frightened;
    let _ = world.step(&[]);
    assert_eq!(world.phase, Phase::Eaten);
    let points = pac(world, 0).points - before - 10 * u32::from(world.sheet.eaten - dots);
    run_until(world, 61, |world| world.phase == Phase::Play);
    points
}

#[test]
fn the_chain_runs_200_to_1600_and_starts_anew_with_each_energizer_1_12_15() {
    let mut world = stage(1);
    world.level = 1;
    eat_energizer(&mut world);
    assert_eq!([0, 1, 2, 3].map(|ghost| eat_ghost(&mut world, ghost)), [200, 400, 800, 1600]);
    let _ = world.step(&[]);
    assert_eq!(world.power.blue_ticks_left, 0, "nobody is left to be eaten");
    eat_energizer(&mut world);
    assert_eq!(eat_ghost(&mut world, 0), 200);
    eat_energizer(&mut world);
    assert_eq!(eat_ghost(&mut world, 1), 200, "and not only with each level");
}

#[test]
fn a_ghost_revived_while_others_are_blue_is_not_1_10() {
    let mut world = stage(1);
    eat_energizer(&mut world);
    eat_ghost(&mut world, 0);
    lock_up_pac(&mut world);
    run_until(&mut world, 340, |world| world.ghosts[0].ghost.mood == Mood::Normal);
    assert!(world.power.blue_ticks_left > 0);
    assert!(world.ghosts[1].ghost.mood == Mood::Frightened);
}

/// The pac waits in a corner that nobody comes to.
fn lock_up_pac(world: &mut World) {
    put(world, 0, 1, 29, Direction::Down);
}

#[test]
fn an_extra_life_comes_once_1_12_16() {
    let mut world = stage(1);
    pac(&mut world, 0).points = 9_990;
    let lives = pac(&mut world, 0).lives;
    world.award(Seat(0), 10);
    world.award(Seat(0), 30_000);
    assert_eq!(pac(&mut world, 0).lives, lives + 1);
    assert_eq!(events_now(&world).iter().filter(|kind| **kind == EventKind::ExtraLife).count(), 1);
}

#[test]
fn a_ghost_eaten_freezes_all_but_other_eyes_for_a_second_1_12_17() {
    let mut world = stage(1);
    eat_energizer(&mut world);
    put_ghost(&mut world, 1, 21, 24, Direction::Up);
    world.ghosts[1].ghost.mood = Mood::Eyes;
    put(&mut world, 0, 6, 12, Direction::Up);
    put_ghost(&mut world, 0, 6, 12, Direction::Up);
    world.ghosts[0].ghost.mood = Mood::Frightened;
    let _ = world.step(&[]);
    assert_eq!(world.phase, Phase::Eaten);
    let frozen = world.clone();
    assert_eq!(run_until(&mut world, 100, |world| world.phase == Phase::Play), 60);
    assert_eq!(world.ghosts[2], frozen.ghosts[2]);
    assert_eq!(world.seats[0].as_ref().unwrap().pac.point, frozen.seats[0].as_ref().unwrap().pac.point);
    assert_eq!(world.power.blue_ticks_left, frozen.power.blue_ticks_left);
    assert_ne!(world.ghosts[1].ghost.point, frozen.ghosts[1].ghost.point, "other eyes run on");
    assert_eq!((frozen.ghosts[0].ghost.mood, world.ghosts[0].ghost.mood), (Mood::Frightened, Mood::Eyes));
}

#[test]
fn same_inputs_same_game_1_12_18() {
    let play = || {
        let mut world = World::new(99);
        let _ = world.step(&[Command::Join { player: 1 }]);
        for tick in 0..3_000_u32 {
            let _ = world.step(&[wish(0, Direction::from_bits((tick / 37 * 7 % 4) as u8))]);
        }
        world
    };
    assert_eq!(play(), play());
}
