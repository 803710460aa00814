//! The borderline cases of 3.10, by their numbers.

use super::*;

fn join(world: &mut World, player: u64) {
    let _ = world.step(&[Command::Join { player }]);
}

fn condition(world: &World, seat: u8) -> Condition {
    world.seats[seat as usize].as_ref().unwrap().pac.condition
}

fn die_alone(world: &mut World) {
    put(world, 0, 1, 1, Direction::Up);
    put_ghost(world, 0, 2, 1, Direction::Left);
    run_until(world, 60, |world| world.phase == Phase::Dying);
}

#[test]
fn n_is_seated_and_not_parked_3_10_1() {
    let mut world = stage(3);
    assert_eq!(world.players(), 3);
    pac(&mut world, 0).die();
    let _ = world.step(&[Command::Park { seat: Seat(1) }]);
    assert_eq!((world.players(), world.seated()), (2, 3));
    assert_eq!(world.scene().players(), 2);
}

#[test]
fn a_second_player_ends_any_freeze_3_10_2() {
    let mut world = World::new(1);
    join(&mut world, 1);
    assert_eq!(world.phase, Phase::Ready);
    join(&mut world, 2);
    assert_eq!(world.phase, Phase::Play);

    let mut world = stage(1);
    die_alone(&mut world);
    run(&mut world, 100);
    join(&mut world, 2);
    assert_eq!(world.phase, Phase::Play);
    assert_eq!(world.ghosts[1].ghost.point.x, maze::seat_x(1));
    assert_eq!(condition(&world, 0), Condition::Dead);
    run_until(&mut world, 200, |world| condition(world, 0) == Condition::Ready);
    assert_eq!(pac(&mut world, 0).lives, 1);

    let mut world = stage(1);
    put_ghost(&mut world, 0, 6, 12, Direction::Up);
    world.ghosts[0].ghost.mood = Mood::Frightened;
    world.power.blue_ticks_left = 200;
    put(&mut world, 0, 6, 12, Direction::Up);
    let _ = world.step(&[]);
    assert_eq!(world.phase, Phase::Eaten);
    join(&mut world, 2);
    assert_eq!((world.phase, world.ghosts[0].ghost.mood), (Phase::Play, Mood::Eyes));
}

#[test]
fn a_second_player_turns_the_global_counter_off_and_keeps_a_running_fright_3_10_2() {
    let mut world = stage(1);
    world.house.global = Some(3);
    put(&mut world, 0, 1, 3, Direction::Up);
    let _ = world.step(&[]);
    let left = world.power.blue_ticks_left;
    join(&mut world, 2);
    assert_eq!(world.house.global, None);
    assert_eq!(world.power.blue_ticks_left, left - 1);
    assert!(matches!(condition(&world, 0), Condition::Powered(_)));
    assert!(world.scene().dormant);
}

#[test]
fn a_newcomer_to_a_cleared_board_finds_the_next_sheet_3_10_2() {
    let mut world = stage(1);
    world.sheet = Sheet { pellets: Pellets::NONE, laid: 244, eaten: 244, refill_ticks: None };
    let _ = world.step(&[]);
    assert_eq!(world.phase, Phase::Cleared);
    join(&mut world, 2);
    assert_eq!((world.phase, world.level), (Phase::Play, 2));
    assert!(world.sheet.refill_ticks.is_some());
}

#[test]
fn the_last_one_left_plays_on_where_he_is_3_10_3() {
    let mut world = stage(2);
    world.power.lock_ticks_left = 200;
    let blinky = world.ghosts[0].ghost.point;
    let _ = world.step(&[Command::Leave { seat: Seat(1) }]);
    assert_eq!((world.phase, world.power.lock_ticks_left), (Phase::Play, 0));
    assert!(world.ghosts[0].ghost.point.x.abs_diff(blinky.x) < 3);

    let mut world = stage(2);
    pac(&mut world, 0).die();
    let _ = world.step(&[Command::Leave { seat: Seat(1) }]);
    assert_eq!(run_until(&mut world, 200, |world| condition(world, 0) == Condition::Ready), 120);
    assert_eq!((world.phase, pac(&mut world, 0).pac.point), (Phase::Play, maze::PAC_START));
    let _ = world.step(&[wish(0, Direction::Right)]);
    assert!(matches!(condition(&world, 0), Condition::Shielded(_)));
}

#[test]
fn the_second_pack_leaves_after_the_first_its_blinky_at_once_3_10_4() {
    let mut world = stage(12);
    for seat in 0..12 {
        pac(&mut world, seat).pac.condition = Condition::Ready;
        pac(&mut world, seat).shield_ticks_left = 300;
    }
    let waiting = |world: &World| (1..8).filter(|&ghost| world.ghosts[ghost].ghost.place == Place::Waiting).collect::<Vec<_>>();
    assert_eq!(waiting(&world), [2, 3, 4, 5, 6, 7], "Pinky went with the first tick");
    (0..30).for_each(|_| world.count_dot());
    let _ = world.step(&[]);
    (0..60).for_each(|_| world.count_dot());
    let _ = world.step(&[]);
    assert_eq!(waiting(&world), [4, 5, 6, 7]);
    let _ = world.step(&[]);
    let _ = world.step(&[]);
    assert_eq!(waiting(&world), [6, 7], "Blinky 2 and Pinky 2 have no limit at level 1");
}

#[test]
fn a_level_is_244_alone_and_240_dots_in_company_3_10_5() {
    for (players, over) in [(1, false), (2, true)] {
        let mut world = stage(players);
        lock_up(&mut world);
        world.sheet = Sheet { pellets: maze::ENERGIZERS, laid: 244, eaten: 240, refill_ticks: None };
        let _ = world.step(&[]);
        assert_eq!(world.level == 2, over);
    }
}

#[test]
fn f_is_the_maze_s_tick_for_everybody_3_10_6() {
    let mut world = stage(2);
    put_ghost(&mut world, 0, 6, 6, Direction::Down);
    put_ghost(&mut world, 1, 21, 6, Direction::Down);
    world.ghosts.iter_mut().for_each(|hunter| hunter.ghost.point.y -= 3);
    for _ in 0..16 {
        let before = [0, 1].map(|ghost| world.ghosts[ghost].ghost.point.y);
        let _ = world.step(&[]);
        let moved = [0, 1].map(|ghost: usize| world.ghosts[ghost].ghost.point.y - before[ghost]);
        assert_eq!(moved, [motion::pixels(15, world.tick); 2]);
    }
}

#[test]
fn windows_end_by_time_and_the_blue_do_not_reverse_again_3_10_7() {
    let mut world = stage(2);
    put_ghost(&mut world, 0, 6, 6, Direction::Down);
    world.open_window(Seat(0), 2);
    run_until(&mut world, 30, |world| !world.ghosts[0].ghost.reversal_pending);
    world.open_window(Seat(1), 2);
    assert!(!world.ghosts[0].ghost.reversal_pending);
    world.ghosts.iter_mut().for_each(|hunter| hunter.ghost.mood = Mood::Normal);
    let _ = world.step(&[]);
    assert!(world.power.blue_ticks_left > 300, "nobody is left to be eaten, and the window goes on");
    assert!(pac(&mut world, 0).power_ticks_left < pac(&mut world, 1).power_ticks_left);
    run_until(&mut world, 400, |world| world.seats[0].as_ref().unwrap().power_ticks_left == 0);
    assert!(world.power.blue_ticks_left > 0);
}

#[test]
fn fruit_wakes_energizers_even_in_a_window_3_10_8() {
    let mut world = stage(2);
    world.open_window(Seat(0), 2);
    world.fruit_ticks_left = 100;
    assert!(world.scene().dormant);
    pac(&mut world, 1).pac.point = maze::FRUIT;
    world.eat(2);
    assert!(!world.scene().dormant);
    assert_eq!(world.points(Seat(1)), 100);
    put(&mut world, 1, 26, 3, Direction::Up);
    world.eat(2);
    assert!(matches!(condition(&world, 1), Condition::Powered(_)));
    assert!(matches!(condition(&world, 0), Condition::Powered(_)));
    assert!(world.scene().dormant, "asleep again");
}

#[test]
fn fruit_survives_a_refill_and_a_new_one_replaces_it_3_10_8() {
    let mut world = stage(2);
    world.fruit_ticks_left = 300;
    world.next_sheet(2);
    assert_eq!((world.fruit_ticks_left, world.sheet.eaten), (300, 0));
}

#[test]
fn in_company_nobody_swaps_through_anybody_3_10_9() {
    let mut world = stage(2);
    lock_up(&mut world);
    put(&mut world, 0, 6, 12, Direction::Up);
    put(&mut world, 1, 26, 29, Direction::Down);
    let tile = Tile::of_playfield(6, 12);
    pac(&mut world, 0).pac.point.y = tile.centre().y - 3;
    put_ghost(&mut world, 0, 6, 11, Direction::Down);
    world.ghosts[0].ghost.point.y += 4;
    world.sheet.pellets = Pellets::ALL;
    run_until(&mut world, 2, |world| condition(world, 0) == Condition::Dead);
}

#[test]
fn a_bump_pushes_each_along_his_own_corridor_3_10_10() {
    let mut world = stage(2);
    lock_up(&mut world);
    put(&mut world, 0, 6, 5, Direction::Right);
    put(&mut world, 1, 6, 5, Direction::Down);
    pac(&mut world, 1).pac.point.y -= 2;
    let before = world.before();
    let eaten = world.sheet.eaten;
    world.collide(2, &before);
    assert_eq!(pac(&mut world, 0).pac.direction, Direction::Left);
    assert_eq!(pac(&mut world, 1).pac.direction, Direction::Up);
    run(&mut world, 9);
    assert_eq!(world.sheet.eaten, eaten, "the pushed eat nothing");
}

#[test]
fn stands_ready_and_shielded_until_the_first_wish_3_10_12() {
    let mut world = stage(2);
    join(&mut world, 9);
    let start = pac(&mut world, 2).pac.point;
    run(&mut world, 30);
    assert_eq!((condition(&world, 2), pac(&mut world, 2).pac.point), (Condition::Ready, start));
    let direction = pac(&mut world, 2).pac.direction;
    let _ = world.step(&[wish(2, direction)]);
    assert_ne!(pac(&mut world, 2).pac.point, start);
}

#[test]
fn spawning_drops_the_4_tile_rule_then_the_8_tile_rule_3_10_12() {
    let mut world = stage(16);
    lock_up(&mut world);
    for (seat, spawn) in (0..16).zip(maze::SPAWNS) {
        pac(&mut world, seat).pac.point = spawn.centre();
    }
    world.spawn(Seat(0), 16);
    for (ghost, (column, row)) in [(6, 5), (21, 5), (6, 20), (21, 20)].into_iter().enumerate() {
        put_ghost(&mut world, ghost, column, row, Direction::Left);
    }
    world.spawn(Seat(0), 16);
    assert!(maze::SPAWNS.contains(&pac(&mut world, 0).pac.point.tile()));
}

#[test]
fn a_wish_stays_until_the_next_3_10_13() {
    let mut world = stage(1);
    lock_up(&mut world);
    put(&mut world, 0, 5, 5, Direction::Right);
    let _ = world.step(&[wish(0, Direction::Up)]);
    run(&mut world, 200);
    assert_eq!(pac(&mut world, 0).pac.wish, Direction::Up);
}

#[test]
fn the_scatter_clock_restarts_at_level_up_only_3_10_14() {
    let mut world = stage(6);
    world.schedule = Schedule { stage: 3, ticks_left: 77 };
    world.next_sheet(6);
    assert_eq!(world.schedule.stage, 3);
    put_ghost(&mut world, 0, 6, 6, Direction::Down);
    world.next_sheet(6);
    assert_eq!(world.schedule, Schedule::start(2));
    assert!(world.ghosts[0].ghost.reversal_pending && world.schedule.is_scatter());
}

#[test]
fn the_parked_keep_seat_and_run_and_come_back_by_a_spawn_3_10_15() {
    let mut world = stage(3);
    pac(&mut world, 1).points = 700;
    let _ = world.step(&[Command::Park { seat: Seat(1) }]);
    assert_eq!(condition(&world, 1), Condition::Parked);
    run(&mut world, 1000);
    let _ = world.step(&[Command::Unpark { seat: Seat(1) }]);
    assert_eq!((condition(&world, 1), world.points(Seat(1))), (Condition::Ready, 700));
}

#[test]
fn parking_is_no_way_out_of_a_death_3_10_15() {
    let mut world = stage(3);
    pac(&mut world, 1).die();
    let _ = world.step(&[Command::Park { seat: Seat(1) }]);
    assert_eq!(pac(&mut world, 1).lives, 1);
    pac(&mut world, 2).lives = 0;
    pac(&mut world, 2).die();
    let outcomes = world.step(&[Command::Park { seat: Seat(2) }]);
    assert!(matches!(outcomes[..], [Outcome::RunOver { player: 2, .. }]));
}

#[test]
fn a_run_crosses_between_one_player_and_several_unchanged_3_10_16() {
    let mut world = stage(1);
    pac(&mut world, 0).points = 9_000;
    pac(&mut world, 0).lives = 1;
    join(&mut world, 2);
    run(&mut world, 10);
    let _ = world.step(&[Command::Leave { seat: Seat(1) }]);
    let player = pac(&mut world, 0);
    assert!(player.points >= 9_000 && player.lives == 1);
}

#[test]
fn a_new_run_joins_the_level_in_progress_3_10_16() {
    let mut world = stage(2);
    world.level = 5;
    join(&mut world, 9);
    assert_eq!((world.level, world.points(Seat(2))), (5, 0));
    // Next to somebody parked as well, but by READY! if he plays alone.
    let _ = world.step(&[Command::Park { seat: Seat(0) }, Command::Leave { seat: Seat(1) }, Command::Leave { seat: Seat(2) }]);
    run(&mut world, 5);
    join(&mut world, 10);
    assert_eq!((world.level, world.phase, world.phase_ticks_left), (5, Phase::Ready, 119));
}

#[test]
fn alone_and_away_pauses_and_a_key_resumes_with_ready_3_10_17() {
    let mut world = stage(1);
    run(&mut world, 100);
    let _ = world.step(&[Command::Park { seat: Seat(0) }]);
    assert_eq!(world.phase, Phase::Paused);
    assert_eq!(world.scene().pacs[0].unwrap().condition, Condition::Parked);
    let asleep = world.clone();
    run(&mut world, 500);
    assert_eq!((world.ghosts.clone(), world.schedule, world.tick), (asleep.ghosts.clone(), asleep.schedule, asleep.tick + 500));
    let _ = world.step(&[Command::Unpark { seat: Seat(0) }]);
    assert_eq!(world.phase, Phase::Ready);
    assert_eq!(run_until(&mut world, 200, |world| world.phase == Phase::Play), 119);
    assert_eq!(world.ghosts, asleep.ghosts, "everybody goes on from where he was");
    assert_eq!(world.seats[0].as_ref().unwrap().pac, asleep.seats[0].as_ref().unwrap().pac);
}

#[test]
fn a_pause_within_a_death_resumes_the_death_3_10_17() {
    let mut world = stage(1);
    die_alone(&mut world);
    run(&mut world, 20);
    let left = world.phase_ticks_left;
    let _ = world.step(&[Command::Park { seat: Seat(0) }]);
    run(&mut world, 50);
    let _ = world.step(&[Command::Unpark { seat: Seat(0) }]);
    run_until(&mut world, 200, |world| world.phase == Phase::Dying);
    assert_eq!(world.phase_ticks_left, left);
}

#[test]
fn a_newcomer_ends_the_pause_and_the_sleeper_stays_parked_3_10_17() {
    let mut world = stage(1);
    let _ = world.step(&[Command::Park { seat: Seat(0) }]);
    join(&mut world, 2);
    assert!(world.is_parked(Seat(0)));
    assert_eq!((world.phase, world.players()), (Phase::Ready, 1));
    assert_eq!(pac(&mut world, 1).pac.point, maze::PAC_START);
    let _ = world.step(&[Command::Unpark { seat: Seat(0) }]);
    assert_eq!((world.phase, world.players()), (Phase::Play, 2));
}

#[test]
fn empty_for_30_seconds_resets_to_level_1_3_10_18() {
    let mut world = stage(1);
    world.level = 4;
    world.sheet.take(0);
    let _ = world.step(&[Command::Leave { seat: Seat(0) }]);
    assert_eq!(world.phase, Phase::Empty);
    assert!(!world.may_sleep());
    assert_eq!(run_until(&mut world, 2000, World::may_sleep), 1799);
    assert_eq!((world.level, world.sheet), (1, Sheet::FULL));
    let mut parked = stage(1);
    let _ = parked.step(&[Command::Park { seat: Seat(0) }]);
    run(&mut parked, 3000);
    assert!(!parked.may_sleep(), "a parked run keeps the maze");
}

#[test]
fn level_256_and_beyond_play_on_as_21_3_10_21() {
    for level in [256, 1000] {
        assert_eq!(tuning::level_of(level), tuning::level_of(21));
        assert_eq!(tuning::speed_row(level), 3);
        let mut world = stage(1);
        world.level = level;
        run(&mut world, 600);
        assert_eq!(world.validate(), Ok(()));
    }
}

#[test]
fn an_energizer_left_over_and_eaten_during_a_refill_is_laid_again_g2() {
    let mut world = stage(2);
    world.sheet = Sheet { pellets: maze::ENERGIZERS, laid: 244, eaten: 240, refill_ticks: None };
    world.next_sheet(2);
    let energizer = (0..244).find(|pellet| world.sheet.pellets.has(*pellet)).unwrap();
    world.sheet.take(energizer);
    while world.sheet.refill_ticks.is_some() {
        let _ = world.step(&[]);
        assert_eq!(world.validate(), Ok(()), "with {} laid", world.sheet.laid);
    }
    assert_eq!(world.sheet.laid, 245, "one more than the maze holds");
}
