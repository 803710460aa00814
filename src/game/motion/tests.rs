//! Speed patterns, cornering, walls and the way out of the house, to the pixel.

use super::*;

fn pac_at(column: u16, row: u16, direction: Direction, wish: Direction) -> Pac {
    Pac { point: Tile::of_playfield(column, row).centre(), direction, wish, condition: Condition::Alive(0) }
}

fn ghost(point: Point, direction: Direction, place: Place) -> Ghost {
    let exit = if place == Place::Outside { direction } else { Direction::Up };
    Ghost { point, direction, mood: Mood::Normal, place, exit, next_exit: Direction::Left, reversal_pending: false }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "that is how motion asks")]
fn first_open(ghost: &Ghost, tile: Tile, heading: Direction) -> Direction {
    let ways = candidates(tile, heading, ghost.mood);
    Direction::ALL.into_iter().find(|way| ways >> way.bits() & 1 == 1).unwrap()
}

#[test]
fn speeds_spread_k_pixels_over_sixteen_ticks_1_12_2() {
    for k in 0..=32 {
        let moved: Vec<u8> = (0..16).map(|tick| pixels(k, tick)).collect();
        assert_eq!(moved.iter().sum::<u8>(), k);
        assert!(moved.iter().max().unwrap() - moved.iter().min().unwrap() <= 1);
    }
    assert!((0..16).all(|tick| pixels(EYES_K, tick) == 2));
    assert_eq!(pixels(15, 16 * 1000), pixels(15, 0));
}

#[test]
fn tunnel_slows_ghosts_but_not_pacs_or_eyes_1_12_2() {
    let mut in_tunnel = ghost(Tile::of_playfield(3, 14).centre(), Direction::Left, Place::Outside);
    let slow: Vec<u8> = (0..4).map(|row| ghost_speed(&in_tunnel, row, 2)).collect();
    assert_eq!(slow, [8, 9, 10, 10]);
    in_tunnel.mood = Mood::Frightened;
    assert_eq!(ghost_speed(&in_tunnel, 0, 0), 8);
    in_tunnel.mood = Mood::Eyes;
    assert_eq!(ghost_speed(&in_tunnel, 0, 0), 32);
    assert_eq!(pac_speed(Condition::Alive(0), 0, 1), 16);
}

#[test]
fn precedence_is_tunnel_fright_elroy_normal_1_4() {
    let mut outside = ghost(Tile::of_playfield(6, 5).centre(), Direction::Left, Place::Outside);
    assert_eq!([0, 1, 2].map(|elroy| ghost_speed(&outside, 1, elroy)), [17, 18, 19]);
    outside.mood = Mood::Frightened;
    assert_eq!(ghost_speed(&outside, 1, 2), 11);
    outside.place = Place::Waiting;
    assert_eq!(ghost_speed(&outside, 1, 2), HOUSE_K);
}

#[test]
fn powered_is_faster_in_company_and_the_lone_pac_in_fright_3_10_6() {
    assert_eq!([0, 1, 2, 3].map(|row| pac_speed(Condition::Powered(0), row, 2)), [20, 22, 23, 22]);
    assert_eq!([0, 1, 2].map(|row| pac_speed(Condition::Powered(0), row, 1)), [18, 19, 20]);
}

/// How many pixels before the centre of an intersection a turn is taken first, and how many after it last, coming in that direction.
fn turning_window(direction: Direction, wish: Direction) -> (u8, u8) {
    let centre = Tile::of_playfield(6, 5).centre();
    let mut before = 0;
    let mut after = 0;
    for offset in 1..8 {
        let back = direction.opposite();
        let start = (0..offset).fold(centre, |point, _| point.moved(back));
        let past = (0..offset).fold(centre, |point, _| point.moved(direction));
        let turns = |point: Point| {
            let mut pac = Pac { point, direction, wish, condition: Condition::Alive(0) };
            advance_pac(&mut pac, 0, 1, 0);
            pac.direction == wish && pac.point != point
        };
        if turns(start) {
            before = offset;
        }
        if turns(past) {
            after = offset;
        }
    }
    (before, after)
}

#[test]
fn corners_are_cut_3_before_and_4_after_from_left_and_top_1_12_4() {
    assert_eq!(turning_window(Direction::Right, Direction::Up), (3, 4));
    assert_eq!(turning_window(Direction::Down, Direction::Left), (3, 4));
    assert_eq!(turning_window(Direction::Left, Direction::Up), (4, 3));
    assert_eq!(turning_window(Direction::Up, Direction::Right), (4, 3));
}

#[test]
fn cutting_a_corner_moves_both_ways_at_once_1_12_4() {
    let centre = Tile::of_playfield(6, 5).centre();
    let mut pac = Pac { point: Point { x: centre.x - 3, ..centre }, ..pac_at(6, 5, Direction::Right, Direction::Up) };
    for step in 1..=3 {
        advance_pac(&mut pac, 0, 1, 0);
        assert_eq!(pac.point, Point { x: centre.x - 3 + step, y: centre.y - step });
    }
    advance_pac(&mut pac, 0, 1, 0);
    assert_eq!(pac.point, Point { x: centre.x, y: centre.y - 4 });
}

#[test]
fn turning_off_centre_never_leaves_the_dot_line_2_b_002() {
    let mut pac = pac_at(6, 5, Direction::Right, Direction::Right);
    let wishes = [Direction::Up, Direction::Left, Direction::Down, Direction::Right];
    for tick in 0..5_000_u32 {
        pac.wish = wishes[(tick / 7 + tick / 31) as usize % 4];
        advance_pac(&mut pac, 2, 1, tick);
        let centre = pac.point.tile().centre();
        assert!(maze::is_floor(pac.point.tile()), "G4: inside a wall at {:?}", pac.point);
        let off = |at: u8, to: u8| i16::from(at) - i16::from(to);
        let (dx, dy) = (off(pac.point.x, centre.x), off(pac.point.y, centre.y));
        assert!(dx == 0 || dy == 0 || dx.abs() <= 4 && dy.abs() <= 4);
    }
}

#[test]
fn the_tunnel_lets_pacs_through_both_ways_2_b_004_b_006() {
    for (column, direction) in [(2, Direction::Left), (25, Direction::Right)] {
        let mut pac = pac_at(column, 14, direction, direction);
        (0..80).for_each(|tick| advance_pac(&mut pac, 0, 1, tick));
        assert!(pac.point.tile().column().abs_diff(column + 2) > 16, "came out at the other side");
        assert_eq!(pac.point.tile().row(), 14);
    }
}

#[test]
fn stops_at_the_centre_against_a_wall_1_8() {
    let mut pac = pac_at(3, 1, Direction::Left, Direction::Left);
    (0..60).for_each(|tick| advance_pac(&mut pac, 0, 1, tick));
    assert_eq!(pac.point, Tile::of_playfield(1, 1).centre());
}

#[test]
fn reverses_at_once_anywhere_1_8() {
    let mut pac = pac_at(3, 1, Direction::Left, Direction::Left);
    (0..5).for_each(|tick| advance_pac(&mut pac, 0, 1, tick));
    let before = pac.point;
    pac.wish = Direction::Right;
    advance_pac(&mut pac, 0, 1, 5);
    assert_eq!(pac.point, before.moved(Direction::Right));
}

#[test]
fn an_eat_pause_costs_its_ticks_1_12_3() {
    let mut pac = pac_at(3, 1, Direction::Right, Direction::Right);
    pac.condition = Condition::Alive(3);
    let start = pac.point;
    (0..3).for_each(|tick| advance_pac(&mut pac, 0, 1, tick));
    assert_eq!((pac.point, pac.condition), (start, Condition::Alive(0)));
    advance_pac(&mut pac, 0, 1, 3);
    assert_ne!(pac.point, start);
}

#[test]
fn a_push_goes_16_pixels_and_turns_no_corner_3_10_10() {
    let mut pac = pac_at(6, 8, Direction::Up, Direction::Left);
    pac.condition = Condition::Bumped(14);
    (0..8).for_each(|tick| advance_pac(&mut pac, 0, 2, tick));
    assert_eq!(pac.point.y, Tile::of_playfield(6, 8).centre().y - 16);
    let mut against_wall = Pac { condition: Condition::Bumped(14), ..pac_at(1, 1, Direction::Left, Direction::Down) };
    advance_pac(&mut against_wall, 0, 2, 0);
    assert_eq!(against_wall.point, Tile::of_playfield(1, 1).centre());
    pac.condition = Condition::Bumped(STUN_TICKS);
    let stunned = pac.point;
    advance_pac(&mut pac, 0, 2, 9);
    assert_eq!(pac.point, stunned);
}

#[test]
fn ghosts_pass_every_centre_at_any_speed_2_b_008_b_011() {
    for speed in 1..=32 {
        let mut ghost = ghost(maze::DOORSTEP, Direction::Left, Place::Outside);
        ghost.next_exit = first_open(&ghost, Tile::of_playfield(12, 11), Direction::Left);
        let mut tiles = std::collections::BTreeSet::new();
        for tick in 0..4_000 {
            advance_ghost(&mut ghost, 0, pixels(speed, tick), first_open);
            let (point, centre) = (ghost.point, ghost.point.tile().centre());
            assert!(point.x == centre.x || point.y == centre.y, "k {speed}: off the line at {point:?}");
            assert!(maze::is_floor(point.tile()), "G4: k {speed}: inside a wall at {point:?}");
            tiles.insert(point.tile());
        }
        assert!(tiles.len() > 10, "k {speed}: stuck");
    }
}

#[test]
fn a_reversal_waits_for_the_next_tile_and_renews_the_look_ahead_1_12_9() {
    let start = Tile::of_playfield(3, 1);
    let mut ghost = ghost(start.centre(), Direction::Left, Place::Outside);
    ghost.reversal_pending = true;
    advance_ghost(&mut ghost, 0, 3, first_open);
    assert_eq!((ghost.direction, ghost.reversal_pending), (Direction::Left, true));
    advance_ghost(&mut ghost, 0, 1, first_open);
    assert_eq!((ghost.direction, ghost.exit, ghost.reversal_pending), (Direction::Right, Direction::Right, false));
    advance_ghost(&mut ghost, 0, 1, first_open);
    assert_eq!(ghost.point.tile(), start);
    // Twice in a row must not leave a stale look-ahead (section 2, the doodle).
    ghost.reversal_pending = true;
    (0..4).for_each(|_| advance_ghost(&mut ghost, 0, 100, first_open));
    assert!(maze::is_floor(ghost.point.tile()));
}

#[test]
fn up_is_no_candidate_in_four_tiles_unless_blue_or_eyes_1_12_6() {
    let up = 1 << Direction::Up.bits();
    for (column, row) in [(12, 11), (15, 11), (12, 23), (15, 23)] {
        let tile = Tile::of_playfield(column, row);
        assert_eq!(candidates(tile, Direction::Left, Mood::Normal) & up, 0);
        assert_eq!(candidates(tile, Direction::Left, Mood::Frightened) & up, up);
        assert_eq!(candidates(tile, Direction::Left, Mood::Eyes) & up, up);
    }
}

#[test]
fn leaves_the_house_left_or_right_if_told_1_12_13() {
    for turn in [Direction::Left, Direction::Right] {
        for seat in 1..4 {
            let mut ghost = ghost(Point { x: maze::seat_x(seat), y: maze::BOB_BOTTOM_Y }, Direction::Up, Place::Leaving);
            ghost.next_exit = turn;
            let mut ticks = 0;
            while ghost.place != Place::Outside {
                advance_ghost(&mut ghost, seat, pixels(HOUSE_K, ticks), first_open);
                ticks += 1;
                assert!(ticks < 200);
            }
            assert_eq!((ghost.point, ghost.direction), (maze::DOORSTEP, turn));
        }
    }
}

#[test]
fn eyes_enter_go_to_their_own_seat_and_revive_1_6_7() {
    for (index, place) in [(0, Place::Leaving), (1, Place::Waiting), (2, Place::Waiting), (3, Place::Waiting)] {
        let mut eyes = ghost(maze::DOORSTEP.moved(Direction::Right), Direction::Left, Place::Outside);
        eyes.mood = Mood::Eyes;
        eyes.exit = Direction::Left;
        advance_ghost(&mut eyes, index, 1, first_open);
        assert_eq!((eyes.point, eyes.place), (maze::DOORSTEP, Place::Outside));
        advance_ghost(&mut eyes, index, 1, first_open);
        assert_eq!((eyes.point.y, eyes.place), (maze::DOORSTEP.y + 1, Place::Entering));
        let mut steps = 0;
        while eyes.mood == Mood::Eyes {
            advance_ghost(&mut eyes, index, 1, first_open);
            steps += 1;
            assert!(steps < 100);
        }
        assert_eq!((eyes.point.x, eyes.point.y, eyes.place), (maze::seat_x(index), maze::SEAT_Y, place));
    }
}
