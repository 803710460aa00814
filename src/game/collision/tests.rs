//! When two meet, and which way a push leads.

use super::*;

fn track(before: (u16, u16), after: (u16, u16)) -> Track {
    let after = Tile::of_playfield(after.0, after.1);
    Track { before: Tile::of_playfield(before.0, before.1), after, point: after.centre() }
}

#[test]
fn the_same_tile_swapped_tiles_and_a_touch_are_meetings_3_10_9() {
    let one = track((6, 5), (7, 5));
    assert!(one.meets(track((8, 5), (7, 5))), "the same tile");
    assert!(one.meets(track((7, 5), (6, 5))), "swapped, though 8 pixels apart by now");
    assert!(!one.meets(track((9, 5), (8, 5))), "neighbours");
    assert!(!one.meets(track((6, 5), (6, 5))), "where the one has just left");
    let mut near = track((9, 5), (8, 5));
    near.point.x = one.point.x + 3;
    assert!(one.meets(near), "3 pixels apart");
    near.point.x += 1;
    assert!(!one.meets(near), "4 pixels apart");
}

#[test]
fn touches_reach_across_the_tunnel() {
    let (left, right) = (Point { x: 1, y: 115 }, Point { x: 254, y: 115 });
    assert!(touches(left, right) && gap(left, right) == 3);
}

#[test]
fn a_push_leads_away_along_the_own_corridor_3_10_10() {
    let own = Point { x: 100, y: 100 };
    let cases = [
        (Direction::Right, Point { x: 103, y: 100 }, Direction::Left),
        (Direction::Right, Point { x: 97, y: 100 }, Direction::Right),
        (Direction::Up, Point { x: 100, y: 97 }, Direction::Down),
        (Direction::Up, Point { x: 100, y: 103 }, Direction::Up),
        (Direction::Down, Point { x: 103, y: 100 }, Direction::Up),
    ];
    for (direction, from, pushed) in cases {
        assert_eq!(away(own, direction, from), pushed, "{direction:?} from {from:?}");
    }
}

#[test]
fn the_extra_blue_check_looks_right_and_down_only_1_9() {
    let pac = Point { x: 100, y: 100 };
    let at = |dx: i8, dy: i8| is_just_past(Point { x: pac.x.wrapping_add_signed(dx), y: pac.y.wrapping_add_signed(dy) }, pac);
    assert!(at(0, 0) && at(3, 3));
    assert!(!at(4, 0) && !at(-1, 0) && !at(0, -1));
}
