//! Two players and more: the rules of 3.2 to 3.5.

use super::*;
use crate::game::tuning::pack_size;

fn condition(world: &World, seat: u8) -> Condition {
    world.seats[seat as usize].as_ref().unwrap().pac.condition
}

fn point(world: &World, seat: u8) -> Point {
    world.seats[seat as usize].as_ref().unwrap().pac.point
}

fn points(world: &World, seat: u8) -> u32 {
    world.points(Seat(seat))
}

/// A stage without ghosts about and with everybody parked in corners far from each other.
fn arena(players: u64) -> World {
    let mut world = stage(players);
    lock_up(&mut world);
    let corners = [(1, 1), (26, 1), (1, 29), (26, 29), (1, 5), (26, 5)];
    for (seat, &(column, row)) in (0..players as u8).zip(&corners) {
        put(&mut world, seat, column, row, if row == 5 { Direction::Left } else { corner_wall(row) });
        world.seats[seat as usize].as_mut().unwrap().pac.wish = corner_wall(row);
    }
    world
}

fn corner_wall(row: u16) -> Direction {
    if row > 15 { Direction::Down } else { Direction::Up }
}

fn feed_energizer(world: &mut World, seat: u8) {
    let energizer = maze::pellet_at(Tile::of_playfield(1, 3)).unwrap();
    if !world.sheet.pellets.has(energizer) {
        world.sheet.pellets.set(energizer, true);
        world.sheet.eaten -= 1;
    }
    put(world, seat, 1, 3, Direction::Up);
    let _ = world.step(&[]);
}

/// Two pacs face to face in the corridor of row 5, a few pixels apart.
fn face_to_face(world: &mut World) {
    put(world, 0, 3, 5, Direction::Right);
    put(world, 1, 4, 5, Direction::Left);
}

#[test]
fn nothing_freezes_and_a_death_resets_nobody_else_3() {
    let mut world = arena(2);
    put_ghost(&mut world, 0, 2, 1, Direction::Left);
    run_until(&mut world, 30, |world| condition(world, 0) == Condition::Dead);
    assert_eq!(world.phase, Phase::Play);
    assert_eq!(world.house.global, None);
    let other = point(&world, 1);
    assert_eq!(run_until(&mut world, 200, |world| condition(world, 0) == Condition::Ready), 120);
    assert_eq!((point(&world, 1), pac(&mut world, 0).lives), (other, 1));
}

#[test]
fn ghosts_grow_with_players_and_shrink_at_the_next_sheet_3_2() {
    let mut world = stage(6);
    assert_eq!(world.ghosts.len(), 4);
    let _ = world.step(&[Command::Join { player: 6 }]);
    assert_eq!(world.ghosts.len(), 6);
    let more: Vec<Command> = (7..16).map(|player| Command::Join { player }).collect();
    let _ = world.step(&more);
    assert_eq!(world.ghosts.len(), 8);
    let leave: Vec<Command> = (3..16).map(|seat| Command::Leave { seat: Seat(seat) }).collect();
    let _ = world.step(&leave);
    assert_eq!(world.ghosts.len(), 8);
    put_ghost(&mut world, 7, 6, 5, Direction::Left);
    world.next_sheet(3);
    assert_eq!(world.ghosts[7].ghost.mood, Mood::Eyes);
    run_until(&mut world, 600, |world| world.ghosts.len() == 4);
    assert_eq!(pack_size(3), 4);
}

#[test]
fn an_energizer_turns_all_ghosts_blue_and_only_its_eater_powered_3_4_1() {
    let mut world = stage(3);
    put_ghost(&mut world, 0, 6, 6, Direction::Down);
    feed_energizer(&mut world, 1);
    assert!(world.ghosts.iter().all(|hunter| hunter.ghost.mood == Mood::Frightened), "2 B-007: in the house, too");
    assert!(world.ghosts[0].ghost.reversal_pending);
    assert!(matches!(condition(&world, 1), Condition::Powered(0)));
    assert!(!matches!(condition(&world, 0), Condition::Powered(_)));
    run_until(&mut world, 400, |world| world.power.blue_ticks_left == 0);
    assert!(world.ghosts.iter().all(|hunter| hunter.ghost.mood != Mood::Frightened), "2 B-007: and out of it again");
}

#[test]
fn everybody_may_eat_blue_ghosts_each_with_his_own_chain_3_4_1() {
    let mut world = arena(2);
    feed_energizer(&mut world, 0);
    put(&mut world, 0, 1, 29, Direction::Down);
    for (seat, ghost, expected) in [(1, 0, 200), (1, 1, 400), (0, 2, 200)] {
        let before = points(&world, seat);
        put(&mut world, seat, 6, 12, Direction::Up);
        put_ghost(&mut world, ghost, 6, 12, Direction::Down);
        world.ghosts[ghost].ghost.mood = Mood::Frightened;
        world.sheet.pellets.set(maze::pellet_at(Tile::of_playfield(6, 12)).unwrap(), false);
        world.collide(2, &world.before());
        assert_eq!(points(&world, seat) - before, expected);
        assert_eq!((world.ghosts[ghost].ghost.mood, world.phase), (Mood::Eyes, Phase::Play), "no freeze");
        put(&mut world, seat, if seat == 0 { 1 } else { 26 }, 29, Direction::Down);
    }
}

#[test]
fn energizers_sleep_while_anyone_is_powered_and_4_seconds_after_3_2() {
    let mut world = arena(2);
    feed_energizer(&mut world, 0);
    assert!(world.scene().dormant);
    let energizer = maze::pellet_at(Tile::of_playfield(1, 23)).unwrap();
    put(&mut world, 1, 1, 23, Direction::Left);
    let _ = world.step(&[]);
    assert!(world.sheet.pellets.has(energizer), "it sleeps");
    run_until(&mut world, 400, |world| world.power.blue_ticks_left == 0);
    put(&mut world, 0, 26, 29, Direction::Down);
    put(&mut world, 1, 26, 1, Direction::Up);
    assert_eq!(run_until(&mut world, 300, |world| !world.scene().dormant), 240);
    put(&mut world, 1, 1, 23, Direction::Left);
    let _ = world.step(&[]);
    assert!(!world.sheet.pellets.has(energizer));
}

#[test]
fn a_rival_is_eaten_for_the_chain_the_leader_for_double_a_friend_for_50_3_4_2() {
    let mut world = arena(3);
    let mut eat = |eater: u8, victim: u8| {
        let before = points(&world, eater);
        world.eat_rival(Seat(eater), Seat(victim));
        points(&world, eater) - before
    };
    assert_eq!(eat(0, 1), 200);
    assert_eq!(eat(1, 0), 400, "seat 0 leads");
    assert_eq!(eat(0, 1), 50, "the same pair again: but the chain goes on");
    assert_eq!(eat(0, 2), 400);
    world.tick += tuning::FARMING_TICKS;
    pac(&mut world, 0).chain = 0;
    let before = points(&world, 0);
    world.eat_rival(Seat(0), Seat(2));
    assert_eq!(points(&world, 0) - before, 200);
    assert_eq!(condition(&world, 2), Condition::Dead);
}

#[test]
fn powered_eats_the_unpowered_who_loses_a_life_and_no_points_3_4_3() {
    let mut world = arena(2);
    feed_energizer(&mut world, 0);
    face_to_face(&mut world);
    pac(&mut world, 1).points = 500;
    run_until(&mut world, 10, |world| condition(world, 1) == Condition::Dead);
    assert!(points(&world, 1) >= 500);
    assert!(matches!(condition(&world, 0), Condition::Powered(_)));
    run_until(&mut world, 150, |world| condition(world, 1) == Condition::Ready);
    assert_eq!(pac(&mut world, 1).lives, 1);
}

#[test]
fn equals_bump_16_pixels_apart_in_8_ticks_and_are_stunned_6_3_4_3() {
    let mut world = arena(2);
    face_to_face(&mut world);
    run_until(&mut world, 10, |world| condition(world, 0) == Condition::Bumped(14));
    let start = [point(&world, 0).x, point(&world, 1).x];
    assert_eq!(run_until(&mut world, 20, |world| condition(world, 0) == Condition::Bumped(6)), 8);
    assert_eq!([point(&world, 0).x, point(&world, 1).x], [start[0] - 16, start[1] + 16]);
    assert_eq!(run_until(&mut world, 20, |world| matches!(condition(world, 0), Condition::Alive(_))), 6);
    assert_eq!(world.seats[0].as_ref().unwrap().immune_ticks_left, 60);
    face_to_face(&mut world);
    let _ = run(&mut world, 15);
    assert!(matches!(condition(&world, 0), Condition::Alive(_)), "immune: they pass through each other");
    assert!(point(&world, 0).x > point(&world, 1).x);
}

#[test]
fn two_powered_bump_without_a_stun_3_4_3() {
    let mut world = arena(2);
    for seat in 0..2 {
        pac(&mut world, seat).power_ticks_left = 100;
        pac(&mut world, seat).pac.condition = Condition::Powered(0);
    }
    world.power.blue_ticks_left = 100;
    face_to_face(&mut world);
    run_until(&mut world, 10, |world| condition(world, 0) == Condition::PoweredBumped(8));
    assert_eq!(run_until(&mut world, 10, |world| condition(world, 0) == Condition::Powered(0)), 8);
}

#[test]
fn no_bump_in_the_tunnel_with_shields_or_the_same_way_3_4_3() {
    let meet = |prepare: &dyn Fn(&mut World)| {
        let mut world = arena(2);
        face_to_face(&mut world);
        prepare(&mut world);
        (0..12).any(|_| {
            let _ = world.step(&[]);
            matches!(condition(&world, 0), Condition::Bumped(_))
        })
    };
    assert!(meet(&|_| {}));
    assert!(!meet(&|world| {
        pac(world, 1).pac.condition = Condition::Shielded(0);
        pac(world, 1).shield_ticks_left = 100;
    }));
    assert!(!meet(&|world| {
        put(world, 0, 2, 14, Direction::Right);
        put(world, 1, 3, 14, Direction::Left);
    }));
    assert!(!meet(&|world| {
        put(world, 1, 3, 5, Direction::Right);
    }));
}

#[test]
fn a_ghost_that_is_not_blue_kills_even_the_powered_3_4_4() {
    let mut world = arena(2);
    feed_energizer(&mut world, 0);
    put(&mut world, 0, 1, 29, Direction::Down);
    put_ghost(&mut world, 0, 1, 29, Direction::Up);
    let _ = world.step(&[]);
    assert_eq!(condition(&world, 0), Condition::Dead);
    assert!(world.power.blue_ticks_left > 0, "ghosts stay blue all the same");
}

#[test]
fn an_energizer_in_the_same_tick_saves_3_4_6() {
    let mut world = arena(2);
    put_ghost(&mut world, 0, 1, 4, Direction::Up);
    world.ghosts[0].ghost.point.y = Tile::of_playfield(1, 3).centre().y + 4;
    feed_energizer(&mut world, 0);
    assert!(matches!(condition(&world, 0), Condition::Powered(_)));
    assert_eq!(world.ghosts[0].ghost.mood, Mood::Eyes);
}

#[test]
fn the_nearest_has_a_contested_dot_ties_go_to_fewer_points_3_4_6() {
    for (near, points_of_first, winner) in [(true, 0, 0), (false, 100, 1), (false, 0, 0)] {
        let mut world = arena(2);
        let tile = Tile::of_playfield(3, 5);
        for seat in 0..2 {
            put(&mut world, seat, 3, 5, Direction::Left);
            pac(&mut world, seat).immune_ticks_left = 60;
            pac(&mut world, seat).points = 0;
        }
        pac(&mut world, 1).pac.point.x += u8::from(near) * 3;
        pac(&mut world, 0).points = points_of_first;
        world.sheet.pellets.set(maze::pellet_at(tile).unwrap(), true);
        world.eat(2);
        let gained = [points(&world, 0) - points_of_first, points(&world, 1)];
        assert_eq!(gained, if winner == 0 { [10, 0] } else { [0, 10] });
    }
}

#[test]
fn spawns_far_from_ghosts_and_pacs_facing_the_longer_corridor_3_3() {
    let mut world = arena(3);
    put_ghost(&mut world, 0, 6, 1, Direction::Left);
    let _ = world.step(&[Command::Join { player: 9 }]);
    let tile = point(&world, 3).tile();
    assert!(maze::SPAWNS.contains(&tile));
    let farthest = maze::SPAWNS.into_iter().map(|spawn| maze::distance(spawn, world.ghosts[0].ghost.point.tile())).max().unwrap();
    assert!(maze::distance(tile, world.ghosts[0].ghost.point.tile()) + 3 >= farthest);
    assert_eq!(condition(&world, 3), Condition::Ready);
    for seat in 0..3 {
        assert!(maze::distance(tile, point(&world, seat).tile()) >= 4);
    }
    let mut world = arena(2);
    put(&mut world, 0, 10, 1, Direction::Left);
    world.spawn(Seat(1), 2);
    assert_ne!(point(&world, 1).tile(), Tile::of_playfield(10, 1));
}

#[test]
fn the_shield_lasts_3_seconds_from_the_first_wish_and_6_at_most_3_2() {
    let mut world = arena(2);
    let _ = world.step(&[Command::Join { player: 9 }]);
    let shielded = |world: &World| matches!(condition(world, 2), Condition::Ready | Condition::Shielded(_));
    let mut waiting = world.clone();
    assert_eq!(run_until(&mut waiting, 400, |world| !shielded(world)), 359);
    run(&mut world, 60);
    let _ = world.step(&[wish(2, Direction::Left)]);
    assert!(matches!(condition(&world, 2), Condition::Shielded(_)));
    assert_eq!(run_until(&mut world, 400, |world| !shielded(world)), 179);
}

#[test]
fn the_shielded_touch_nobody_and_eat_dots_only_3_3() {
    let mut world = arena(2);
    let shield = |world: &mut World, column, row, direction| {
        put(world, 0, column, row, direction);
        pac(world, 0).pac.condition = Condition::Shielded(0);
        pac(world, 0).shield_ticks_left = 100;
    };
    shield(&mut world, 1, 3, Direction::Up);
    world.fruit_ticks_left = 100;
    put_ghost(&mut world, 0, 1, 3, Direction::Up);
    let _ = world.step(&[]);
    assert!(matches!(condition(&world, 0), Condition::Shielded(_)));
    assert_eq!(world.power.blue_ticks_left, 0);
    pac(&mut world, 0).pac.point = maze::FRUIT;
    let _ = world.step(&[]);
    assert!(world.fruit_ticks_left > 0);
    let before = points(&world, 0);
    shield(&mut world, 6, 6, Direction::Down);
    let _ = world.step(&[]);
    assert_eq!(points(&world, 0), before + 10);
}

#[test]
fn a_sheet_ends_with_its_dots_flashes_and_is_laid_from_the_house_outward_3_2() {
    let mut world = arena(2);
    world.sheet.pellets = maze::ENERGIZERS;
    world.sheet.pellets.set(maze::pellet_at(Tile::of_playfield(1, 3)).unwrap(), false);
    world.sheet.eaten = 241;
    let _ = world.step(&[]);
    assert_eq!(world.sheet.refill_ticks, Some(0));
    assert_eq!((world.level, world.sheets_done), (2, 0), "one sheet is a level for two");
    let left = |world: &World| world.sheet.pellets.left();
    assert_eq!(run_until(&mut world, 200, |world| left(world) > 3), 97, "after the flashing");
    assert!(world.sheet.pellets.has(maze::refill_order()[0] as usize));
    assert_eq!(run_until(&mut world, 100, |world| world.sheet.laid == 243), 59);
    assert_eq!(run_until(&mut world, 200, |world| world.sheet.laid == 244), 120, "the missing energizer");
    assert_eq!(world.phase, Phase::Play);
}

#[test]
fn a_level_takes_ceil_n_by_4_sheets_3_2() {
    let mut world = stage(6);
    world.next_sheet(6);
    assert_eq!((world.level, world.sheets_done), (1, 1));
    world.next_sheet(6);
    assert_eq!((world.level, world.sheets_done), (2, 0));
    assert_eq!(world.scene().clocks.sheets_needed, 2);
}

#[test]
fn blinky_keeps_his_victim_two_seconds_and_switches_for_4_tiles_3_5() {
    let mut world = arena(2);
    world.schedule.stage = 1;
    put_ghost(&mut world, 0, 12, 5, Direction::Left);
    put(&mut world, 0, 6, 5, Direction::Left);
    put(&mut world, 1, 21, 5, Direction::Left);
    let hunt = |world: &mut World| {
        let mut hunter = world.ghosts[0];
        let ghost = hunter.ghost;
        world.hunt(0, &mut hunter, ghost, Tile::of_playfield(9, 5), Direction::Left, 2);
        world.ghosts[0] = hunter;
        hunter.victim.unwrap().0
    };
    assert_eq!(hunt(&mut world), 0);
    put(&mut world, 1, 15, 5, Direction::Left);
    put(&mut world, 0, 4, 5, Direction::Left);
    assert_eq!(hunt(&mut world), 0, "not before two seconds");
    world.tick += 120;
    put(&mut world, 0, 6, 5, Direction::Left);
    assert_eq!(hunt(&mut world), 0, "3 tiles nearer is not enough");
    put(&mut world, 0, 5, 5, Direction::Left);
    assert_eq!(hunt(&mut world), 1);
}

#[test]
fn each_ghost_hunts_by_character_and_the_second_pack_somebody_else_3_5() {
    let mut world = arena(4);
    world.pack = 8;
    world.grow_pack(16);
    world.schedule.stage = 1;
    (0..8).for_each(|ghost| put_ghost(&mut world, ghost, 6, 5 + ghost as u16 % 4, Direction::Up));
    pac(&mut world, 2).points = 900;
    let victim = |world: &mut World, ghost: usize| {
        let mut hunter = world.ghosts[ghost];
        let seen = hunter.ghost;
        world.hunt(ghost, &mut hunter, seen, Tile::of_playfield(6, 5), Direction::Up, 4);
        world.ghosts[ghost] = hunter;
        hunter.victim.map(|seat| seat.0)
    };
    assert_eq!(victim(&mut world, 0), Some(0), "Blinky: the nearest");
    assert_eq!(victim(&mut world, 1), Some(2), "Pinky: the most points");
    assert_eq!(victim(&mut world, 2), Some(0), "Inky: Blinky's");
    assert_eq!(victim(&mut world, 3), Some(3), "Clyde: the loneliest");
    assert_eq!(victim(&mut world, 4), Some(1), "the only one left for the second Blinky");
    for seat in 0..4 {
        pac(&mut world, seat).pac.condition = Condition::Shielded(0);
    }
    assert_eq!(victim(&mut world, 0), None, "nobody to hunt: scatter");
}

#[test]
fn a_full_maze_refuses_and_a_seated_player_keeps_his_seat() {
    let mut world = stage(16);
    assert_eq!(world.step(&[Command::Join { player: 99 }]), [Outcome::Refused { player: 99 }]);
    assert_eq!(world.step(&[Command::Join { player: 3 }]), [Outcome::Seated { player: 3, seat: Seat(3) }]);
    assert_eq!((world.free_seats(), world.is_seated(99), world.seat_of(15)), (0, false, Some(Seat(15))));
    assert_eq!(world.step(&[Command::Leave { seat: Seat(4) }]).len(), 1);
    assert_eq!(world.step(&[Command::Join { player: 99 }]), [Outcome::Seated { player: 99, seat: Seat(4) }]);
}
