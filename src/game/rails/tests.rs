//! What the rails do and what they leave to a frame.

use super::*;
use crate::game::grid::Point;
use crate::game::scene::Clocks;
use crate::game::scene::Pellets;
use crate::game::scene::Place;
use crate::game::scene::SEATS;
use crate::game::scene::Score;

fn scene() -> Scene {
    Scene {
        tick: 0,
        phase: Phase::Play,
        speed_row: 0,
        elroy: 0,
        power_ticks_left: 0,
        dormant: false,
        fruit: false,
        pacs: [None; SEATS],
        ghosts: Vec::new(),
        pellets: Pellets::ALL,
        scores: [Score::default(); SEATS],
        clocks: Clocks {
            level: 1,
            sheets_done: 0,
            sheets_needed: 1,
            phase_ticks_left: 0,
            lock_ticks_left: 0,
            fruit_ticks_left: 0,
            power_owner: None,
            chain: 0,
        },
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a scene has optional pacs")]
fn pac(column: u16, row: u16, condition: Condition) -> Option<Pac> {
    Some(Pac { point: Tile::of_playfield(column, row).centre(), direction: Direction::Right, wish: Direction::Right, condition })
}

#[test]
fn a_dot_is_eaten_and_pauses_one_tick() {
    let mut scene = scene();
    scene.pacs[3] = pac(1, 1, Condition::Alive(0));
    (0..5).for_each(|_| scene.advance());
    assert_eq!(scene.pellets.left(), 243, "five pixels on to the next tile, and one tick of pause");
    scene.advance();
    assert_eq!(scene.pellets.left(), 242, "the tile he stood on and the next");
    assert_eq!(scene.scores[3].points, 20);
}

#[test]
fn an_energizer_is_left_to_a_frame() {
    let mut scene = scene();
    scene.pacs[0] = pac(1, 3, Condition::Alive(0));
    scene.advance();
    assert_eq!(scene.pellets.left(), 244);
}

#[test]
fn powered_pauses_alone_but_not_in_company_3_2() {
    for (others, pause) in [(0, 1), (1, 0)] {
        let mut scene = scene();
        scene.power_ticks_left = 100;
        scene.pacs[0] = pac(1, 1, Condition::Powered(0));
        (0..others).for_each(|other| scene.pacs[5 + other] = pac(20, 20, Condition::Ready));
        scene.advance();
        assert_eq!(scene.pacs[0].unwrap().condition, Condition::Powered(pause));
    }
}

#[test]
fn the_end_of_power_turns_everyone_back() {
    let mut scene = scene();
    scene.power_ticks_left = 1;
    scene.pacs[0] = pac(13, 23, Condition::Powered(0));
    let mut ghost = Ghost {
        point: Point { x: 127, y: 91 },
        direction: Direction::Left,
        mood: Mood::Frightened,
        place: Place::Outside,
        exit: Direction::Left,
        next_exit: Direction::Left,
        reversal_pending: false,
    };
    scene.ghosts.push(ghost);
    ghost.mood = Mood::Eyes;
    scene.ghosts.push(ghost);
    scene.advance();
    assert_eq!(scene.ghosts.iter().map(|ghost| ghost.mood).collect::<Vec<_>>(), [Mood::Normal, Mood::Eyes]);
    assert_eq!(scene.pacs[0].unwrap().condition, Condition::Alive(0));
}

#[test]
fn a_bump_runs_down_to_control() {
    let mut scene = scene();
    scene.pacs[0] = pac(6, 5, Condition::Bumped(14));
    (0..13).for_each(|_| scene.advance());
    assert_eq!(scene.pacs[0].unwrap().condition, Condition::Bumped(1));
    scene.advance();
    assert_eq!(scene.pacs[0].unwrap().condition, Condition::Alive(0));
    assert_eq!(scene.pacs[0].unwrap().point.x, Tile::of_playfield(6, 5).centre().x + 16);
    assert_eq!(scene.pellets.left(), 244, "the pushed eat nothing");
}

#[test]
fn nothing_moves_outside_play_but_eyes_while_a_ghost_is_eaten() {
    for phase in [Phase::Ready, Phase::Eaten, Phase::Dying, Phase::Cleared, Phase::Paused, Phase::Empty] {
        let mut scene = Scene { phase, ..scene() };
        scene.clocks.phase_ticks_left = 9;
        scene.power_ticks_left = 50;
        scene.pacs[0] = pac(13, 23, Condition::Alive(0));
        let before = scene.clone();
        scene.advance();
        assert_eq!((scene.tick, scene.clocks.phase_ticks_left, scene.power_ticks_left), (1, 8, 50));
        assert_eq!(scene.pacs, before.pacs);
    }
}

#[test]
fn guesses_straight_on_then_by_the_order_of_ties() {
    assert_eq!(guess(Tile::of_playfield(6, 5), Direction::Left, Mood::Normal), Direction::Left);
    assert_eq!(guess(Tile::of_playfield(1, 1), Direction::Left, Mood::Normal), Direction::Down);
    assert_eq!(guess(Tile::of_playfield(9, 5), Direction::Up, Mood::Normal), Direction::Left);
    assert_eq!(guess(Tile::of_playfield(12, 11), Direction::Left, Mood::Normal), Direction::Left);
}

#[test]
fn departs_by_what_is_seen_and_by_nothing_else() {
    let mut truth = scene();
    truth.pacs[2] = pac(6, 5, Condition::Alive(0));
    let mut shadow = truth.clone();
    shadow.pacs[2].as_mut().unwrap().wish = Direction::Up;
    shadow.scores[2].points = 50;
    shadow.clocks.fruit_ticks_left = 5;
    assert!(!shadow.departs_from(&truth));
    shadow.pacs[2].as_mut().unwrap().point.x += 1;
    assert!(shadow.departs_from(&truth));
    let elroy = Scene { elroy: 1, ..truth.clone() };
    assert!(elroy.departs_from(&truth));
    // What can wait for a beat.
    let mut waits = Scene { dormant: true, fruit: true, ..truth.clone() };
    waits.pacs[2] = pac(6, 5, Condition::Shielded(0));
    assert!(!waits.departs_from(&truth));
}

#[test]
fn on_the_way_to_a_frame_nobody_eats_but_in_place() {
    let mut scene = scene();
    scene.pacs[0] = pac(1, 1, Condition::Alive(0));
    scene.pacs[1] = pac(26, 1, Condition::Ready);
    scene.advance_to_meet_a_frame();
    assert_eq!((scene.tick, scene.pellets.left(), scene.scores[0].points), (1, 244, 0));
    scene.eat_in_place();
    assert_eq!((scene.pellets.left(), scene.scores[0].points), (243, 10));
}
