//! Ties, the up-bug, Clyde's distance, and chance.

use super::*;
use crate::game::scene::Condition;

fn pac(column: u16, row: u16, direction: Direction) -> Pac {
    Pac { point: Tile::of_playfield(column, row).centre(), direction, wish: direction, condition: Condition::Alive(0) }
}

fn playfield((column, row): Spot) -> Spot {
    (column - i32::from(MARGIN_COLUMNS), row)
}

#[test]
fn ties_go_up_left_down_right_1_12_5() {
    let crossing = Tile::of_playfield(6, 5);
    let (column, row) = spot(crossing);
    let at = |dx: i32, dy: i32, heading| World::head_for(column + dx, row + dy, crossing, heading, Mood::Normal);
    assert_eq!(at(0, 0, Direction::Left), Direction::Up);
    assert_eq!(at(0, 0, Direction::Down), Direction::Left);
    assert_eq!(at(1, 1, Direction::Right), Direction::Down);
    assert_eq!(at(5, 0, Direction::Left), Direction::Up, "never back, though that is nearest");
}

#[test]
fn pinky_and_inky_aim_off_when_the_pac_faces_up_1_12_7() {
    let aims = |direction| [4, 2].map(|tiles| playfield(ahead(pac(10, 20, direction), tiles)));
    assert_eq!(aims(Direction::Up), [(6, 16), (8, 18)]);
    assert_eq!(aims(Direction::Left), [(6, 20), (8, 20)]);
    assert_eq!(aims(Direction::Down), [(10, 24), (10, 22)]);
    assert_eq!(aims(Direction::Right), [(14, 20), (12, 20)]);
}

/// A lone pac and a chasing pack, for asking where each ghost is going.
fn chase(pac_at: (u16, u16), ghosts: [(u16, u16); 4]) -> World {
    let mut world = World::new(3);
    let _ = world.step(&[crate::game::seating::Command::Join { player: 1 }]);
    world.seats[0].as_mut().unwrap().pac = pac(pac_at.0, pac_at.1, Direction::Left);
    world.schedule.stage = 1;
    for (hunter, (column, row)) in world.ghosts.iter_mut().zip(ghosts) {
        hunter.ghost.point = Tile::of_playfield(column, row).centre();
        hunter.ghost.place = Place::Outside;
    }
    world
}

fn target(world: &World, index: usize) -> Spot {
    let mut hunter = world.ghosts[index];
    let ghost = hunter.ghost;
    playfield(world.target(index, &mut hunter, ghost, 1))
}

#[test]
fn clyde_shies_within_8_tiles_1_12_8() {
    let far = chase((10, 20), [(1, 1), (1, 1), (1, 1), (18, 20)]);
    assert_eq!(target(&far, CLYDE), (10, 20));
    let near = chase((10, 20), [(1, 1), (1, 1), (1, 1), (17, 20)]);
    assert_eq!(target(&near, CLYDE), (0, 31));
}

#[test]
fn blinky_chases_pinky_ambushes_inky_mirrors_blinky_1_6() {
    let world = chase((10, 20), [(12, 5), (1, 1), (1, 1), (1, 1)]);
    assert_eq!(target(&world, BLINKY), (10, 20));
    assert_eq!(target(&world, PINKY), (6, 20));
    assert_eq!(target(&world, INKY), (4, 35), "2 * (8, 20) - (12, 5)");
}

#[test]
fn scatter_sends_each_to_his_corner_the_second_pack_mirrored_3_5() {
    let corners: Vec<Spot> = (0..8).map(|index| playfield(corner(index))).collect();
    assert_eq!(corners, [(25, -3), (2, -3), (27, 31), (0, 31), (2, -3), (25, -3), (0, 31), (27, 31)]);
    let mut world = chase((10, 20), [(12, 5), (1, 1), (1, 1), (1, 1)]);
    world.schedule.stage = 2;
    assert_eq!(target(&world, BLINKY), (25, -3));
}

#[test]
fn blue_ghosts_stray_and_try_clockwise_1_6_5() {
    let mut random = Random::new(1);
    let mut seen = [0; 4];
    for _ in 0..4_000 {
        seen[World::stray(Tile::of_playfield(6, 5), Direction::Left, &mut random).bits() as usize] += 1;
    }
    // Right is back: whoever draws it turns clockwise, to down.
    assert_eq!(seen[Direction::Right.bits() as usize], 0);
    assert!(seen[Direction::Down.bits() as usize] > 1_800, "{seen:?}");
    assert!(seen[Direction::Up.bits() as usize] > 800 && seen[Direction::Left.bits() as usize] > 800, "{seen:?}");
}
