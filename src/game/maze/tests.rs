//! The checks of rules 1.1 to 1.3, each held by a test, and the geometry of 3.3.

use super::*;

fn floor() -> Vec<Tile> {
    playfield_floor().collect()
}

fn ways(tile: Tile) -> u32 {
    exits(tile).count_ones()
}

#[test]
fn there_are_240_dots_and_4_energizers_1_1() {
    assert_eq!(ENERGIZERS.left(), 4);
    assert_eq!(Pellets::ALL.left() - ENERGIZERS.left(), 240);
    let corners = [(1, 3), (26, 3), (1, 23), (26, 23)];
    for (column, row) in corners {
        assert!(is_energizer(pellet_at(Tile::of_playfield(column, row)).unwrap()), "({column}, {row})");
    }
}

#[test]
fn every_row_is_a_palindrome_1_1() {
    for row in ART {
        assert!(row.iter().eq(row.iter().rev()));
    }
}

#[test]
fn all_300_floor_tiles_are_reachable_without_dead_ends_1_1() {
    let floor = floor();
    assert_eq!(floor.len(), 300);
    assert!(floor.iter().all(|&tile| distance(PAC_START.tile(), tile) < u8::MAX));
    assert!(floor.iter().all(|&tile| ways(tile) >= 2));
}

#[test]
fn there_are_56_floor_tiles_without_a_pellet_1_1() {
    assert_eq!(floor().into_iter().filter(|&tile| pellet_at(tile).is_none()).count(), 56);
}

#[test]
fn there_are_28_three_way_and_6_four_way_intersections_1_1() {
    let three = floor().into_iter().filter(|&tile| ways(tile) == 3).count();
    let four: Vec<Tile> = floor().into_iter().filter(|&tile| ways(tile) == 4).collect();
    assert_eq!(three, 28);
    let expected = [(6, 5), (21, 5), (6, 14), (21, 14), (6, 20), (21, 20)];
    assert_eq!(four, expected.map(|(column, row)| Tile::of_playfield(column, row)));
}

#[test]
fn the_longest_way_is_52_tiles_1_1() {
    let floor = floor();
    let longest = floor.iter().flat_map(|&from| floor.iter().map(move |&to| distance(from, to))).max();
    assert_eq!(longest, Some(52));
}

#[test]
fn distances_are_symmetric_and_margins_count_as_the_tunnel_end() {
    let floor = floor();
    for &from in &floor {
        assert_eq!(distance(from, from), 0);
        assert!(floor.iter().all(|&to| distance(from, to) == distance(to, from)));
    }
    assert_eq!(distance(Tile::at(0, 14), Tile::of_playfield(0, 14)), 0);
    assert_eq!(distance(Tile::at(31, 14), Tile::of_playfield(27, 14)), 0);
    assert_eq!(distance(Tile::of_playfield(0, 14), Tile::of_playfield(27, 14)), 1);
    assert_eq!(distance(Tile::of_playfield(13, 14), PAC_START.tile()), u8::MAX);
}

#[test]
fn pellets_are_numbered_row_by_row() {
    assert_eq!(pellet_at(Tile::of_playfield(1, 1)), Some(0));
    assert_eq!(pellet_at(Tile::of_playfield(26, 29)), Some(PELLETS - 1));
    assert!(PELLET_TILES.is_sorted());
    assert!(PELLET_TILES.iter().enumerate().all(|(pellet, &tile)| pellet_at(tile) == Some(pellet)));
}

#[test]
fn the_tunnel_runs_through_both_margins_and_is_slow_to_column_5_1_2() {
    let row: Vec<bool> = (0..COLUMNS).map(|column| in_tunnel(Tile::at(column, TUNNEL_ROW))).collect();
    let slow = |column: usize| column <= 7 || column >= 24;
    assert!(row.iter().enumerate().all(|(column, &tunnel)| tunnel == slow(column)));
    for column in [0, 1, 30, 31] {
        assert_eq!(exits(Tile::at(column, TUNNEL_ROW)), 0b1010, "margin column {column}");
        assert_eq!(ways(Tile::at(column, TUNNEL_ROW - 1)), 0);
    }
}

#[test]
fn up_is_forbidden_at_four_intersections_only_1_2() {
    let forbidden: Vec<Tile> = floor().into_iter().filter(|&tile| forbids_up(tile)).collect();
    let expected = [(12, 11), (15, 11), (12, 23), (15, 23)];
    assert_eq!(forbidden, expected.map(|(column, row)| Tile::of_playfield(column, row)));
    assert!(forbidden.into_iter().all(|tile| is_open(tile, Direction::Up)));
}

#[test]
fn house_and_door_are_no_floor_1_2() {
    for (column, row) in [(13, 12), (14, 12), (11, 13), (16, 15), (13, 14)] {
        assert!(!is_floor(Tile::of_playfield(column, row)));
    }
    assert!(!is_open(DOORSTEP.tile(), Direction::Down));
}

#[test]
fn spawns_are_floor_and_far_apart_3_3() {
    for (index, &spawn) in SPAWNS.iter().enumerate() {
        assert!(ways(spawn) >= 2);
        for &other in &SPAWNS[index + 1..] {
            let start_pair = index == 14;
            assert!(start_pair || distance(spawn, other) >= 10, "{spawn:?} {other:?}");
        }
    }
}

#[test]
fn a_refill_lays_every_dot_from_the_house_outward_3_10_5() {
    let order = refill_order();
    assert_eq!(order.len(), 240);
    let far = |pellet: &u8| (distance(EYES_TARGET, PELLET_TILES[*pellet as usize]), *pellet);
    assert!(order.iter().map(far).is_sorted());
}
