//! What breaks in other people's remakes (section 2 of the rules), as far as it is the world's; the pixel part is in `motion`.

use super::*;

#[test]
fn no_spawn_is_a_dead_end_and_nobody_is_caught_in_one_2_b_009() {
    for spawn in maze::SPAWNS {
        assert!(maze::exits(spawn).count_ones() >= 2);
    }
}

#[test]
fn walls_stay_where_they_are_after_a_level_change_2_b_010() {
    let mut world = stage(3);
    for _ in 0..30 {
        world.next_sheet(3);
        run(&mut world, 40);
        assert_eq!(world.validate(), Ok(()), "G4 at level {}", world.level);
    }
}

#[test]
fn ghosts_in_the_house_turn_blue_and_back_2_b_007() {
    let mut world = stage(1);
    put(&mut world, 0, 1, 3, Direction::Up);
    let _ = world.step(&[]);
    assert_eq!(world.ghosts[3].ghost.place, Place::Waiting);
    assert!(world.ghosts.iter().all(|hunter| hunter.ghost.mood == Mood::Frightened));
    pac(&mut world, 0).pac.wish = Direction::Up;
    put(&mut world, 0, 1, 29, Direction::Down);
    run_until(&mut world, 400, |world| world.power.blue_ticks_left == 0);
    assert!(world.ghosts.iter().all(|hunter| hunter.ghost.mood == Mood::Normal));
}

#[test]
fn a_flood_of_wishes_moves_nobody_faster_2() {
    let mut calm = stage(2);
    lock_up(&mut calm);
    put(&mut calm, 0, 12, 5, Direction::Left);
    let mut flooded = calm.clone();
    for _ in 0..30 {
        let _ = calm.step(&[wish(0, Direction::Left)]);
        let _ = flooded.step(&[wish(0, Direction::Left); 100]);
    }
    assert_eq!(calm, flooded);
}

#[test]
fn the_first_to_come_may_leave_and_the_rest_play_on_2() {
    let mut world = stage(3);
    let _ = world.step(&[Command::Leave { seat: Seat(0) }]);
    let before = pac(&mut world, 1).pac.point;
    put(&mut world, 1, 12, 5, Direction::Left);
    run(&mut world, 20);
    assert_eq!(world.phase, Phase::Play);
    assert_ne!(pac(&mut world, 1).pac.point, before);
    let _ = world.step(&[Command::Join { player: 77 }]);
    assert_eq!(world.seat_of(77), Some(Seat(0)));
}

#[test]
fn whoever_has_just_spawned_cannot_be_killed_2() {
    let mut world = stage(2);
    let _ = world.step(&[Command::Join { player: 9 }]);
    let point = pac(&mut world, 2).pac.point;
    for ghost in 0..4 {
        put_ghost(&mut world, ghost, 6, 5, Direction::Left);
        world.ghosts[ghost].ghost.point = point;
    }
    let before = world.before();
    world.collide(3, &before);
    assert_eq!(pac(&mut world, 2).pac.condition, Condition::Ready);
}

#[test]
fn a_command_that_makes_no_sense_changes_nothing_2() {
    let mut world = stage(2);
    let mut same = world.clone();
    let nonsense = [wish(9, Direction::Up), wish(200, Direction::Up)]
        .into_iter()
        .chain([9, 200].map(Seat).into_iter().flat_map(|seat| [Command::Park { seat }, Command::Unpark { seat }, Command::Leave { seat }]));
    assert_eq!(world.step(&nonsense.collect::<Vec<_>>()), []);
    let _ = same.step(&[]);
    assert_eq!(world, same);
}
