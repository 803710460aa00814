//! What a bot does in small situations, and that it eats a maze empty when nobody disturbs it.

use super::*;
use crate::client::tests::calm;
use crate::client::tests::ghost_at;
use crate::client::tests::pac_at;
use crate::game::maze;
use crate::game::scene::Mood;
use crate::game::scene::PELLETS;
use crate::game::scene::Pellets;

const ME: Seat = Seat(0);

/// What he presses within `ticks` if the maze stands still.
fn presses_within(ticks: u32, scene: &Scene, seed: u64) -> Option<Direction> {
    let mut scene = scene.clone();
    let mut bot = Bot::new(seed, Style::People);
    (0..ticks).find_map(|_| {
        scene.tick += 1;
        bot.decide(&scene, ME)
    })
}

fn only(tiles: &[(u16, u16)]) -> Pellets {
    let mut pellets = Pellets::NONE;
    for (column, row) in tiles {
        pellets.set(maze::pellet_at(Tile::of_playfield(*column, *row)).unwrap(), true);
    }
    pellets
}

#[test]
fn he_turns_back_from_a_ghost_that_comes_towards_him() {
    let mut scene = calm();
    scene.pacs[0] = Some(pac_at(6, 29, Direction::Right));
    for seed in 0..20 {
        assert_eq!(presses_within(1, &scene, seed), None, "nobody is near");
    }
    scene.ghosts[0] = ghost_at(9, 29, Direction::Left, Mood::Normal);
    for seed in 0..20 {
        assert_eq!(presses_within(1, &scene, seed), Some(Direction::Left));
    }
}

#[test]
fn he_hunts_blue_ghosts_while_the_power_lasts_and_runs_from_them_when_it_ends() {
    let mut scene = calm();
    scene.pellets = Pellets::NONE;
    scene.pacs[0] = Some(pac_at(6, 29, Direction::Right));
    scene.ghosts[0] = ghost_at(2, 29, Direction::Left, Mood::Frightened);
    scene.power_ticks_left = 300;
    assert_eq!(presses_within(1, &scene, 1), Some(Direction::Left));
    scene.ghosts[0] = ghost_at(9, 29, Direction::Left, Mood::Frightened);
    assert_eq!(presses_within(1, &scene, 1), None);
    scene.power_ticks_left = 20;
    assert_eq!(presses_within(1, &scene, 1), Some(Direction::Left));
}

#[test]
fn he_hunts_rivals_when_powered_and_runs_from_powered_ones() {
    let mut scene = calm();
    scene.power_ticks_left = 300;
    scene.pellets = Pellets::NONE;
    scene.pacs[0] = Some(pac_at(6, 29, Direction::Right));
    scene.pacs[1] = Some(Pac { condition: Condition::Powered(0), ..pac_at(8, 29, Direction::Left) });
    assert_eq!(presses_within(1, &scene, 1), Some(Direction::Left));
    scene.pacs[0] = Some(Pac { condition: Condition::Powered(0), ..pac_at(6, 29, Direction::Right) });
    scene.pacs[1] = Some(pac_at(3, 29, Direction::Left));
    assert_eq!(presses_within(1, &scene, 1), Some(Direction::Left));
}

#[test]
fn he_takes_the_tunnel_where_that_is_shorter_and_flees_through_it() {
    let mut scene = calm();
    // The only dot is at the tunnel's other end.
    scene.pellets = only(&[(21, 14)]);
    let near_corner = (0..4).fold(pac_at(6, 13, Direction::Down), |pac, _| Pac { point: pac.point.moved(Direction::Down), ..pac });
    scene.pacs[0] = Some(near_corner);
    assert_eq!(presses_within(30, &scene, 1), Some(Direction::Left));
    // On it, with a ghost behind him and all dots ahead of that ghost: he goes on.
    scene.pellets = only(&[(6, 14), (6, 13), (6, 15)]);
    scene.pacs[0] = Some(pac_at(2, 14, Direction::Left));
    scene.ghosts[0] = ghost_at(5, 14, Direction::Left, Mood::Normal);
    assert_eq!(presses_within(30, &scene, 1), None);
}

#[test]
fn he_presses_a_turn_a_little_before_the_corner() {
    let mut scene = calm();
    scene.pellets = only(&[(6, 3)]);
    let corner = Tile::of_playfield(6, 5).centre();
    let mut leads = Vec::new();
    for seed in 0..60 {
        let mut bot = Bot::new(seed, Style::People);
        let mut pac = pac_at(3, 5, Direction::Right);
        let pressed = (0..24).find_map(|_| {
            scene.tick += 1;
            pac.point = pac.point.moved(Direction::Right);
            scene.pacs[0] = Some(pac);
            bot.decide(&scene, ME).map(|key| (key, corner.x - pac.point.x))
        });
        let (key, lead_px) = pressed.unwrap();
        if key == Direction::Up {
            leads.push(lead_px);
        }
    }
    assert!(leads.len() > 50, "only a mistake now and then: {}", leads.len());
    assert!(leads.iter().all(|lead| (6..=18).contains(lead)), "{leads:?}");
    assert!(leads.iter().max() > leads.iter().min(), "nobody is a metronome: {leads:?}");
}

#[test]
fn a_wish_left_over_does_not_turn_him() {
    let mut scene = calm();
    scene.pellets = only(&[(7, 5), (8, 5)]);
    scene.pacs[0] = Some(Pac { wish: Direction::Up, ..pac_at(5, 5, Direction::Right) });
    assert_eq!(presses_within(8, &scene, 1), Some(Direction::Right));
}

#[test]
fn he_sets_off_when_he_stands_ready_and_rests_when_dead() {
    let mut scene = calm();
    scene.pacs[0] = Some(Pac { condition: Condition::Ready, ..pac_at(6, 29, Direction::Right) });
    assert!(presses_within(120, &scene, 1).is_some());
    for condition in [Condition::Dead, Condition::Parked, Condition::Bumped(9)] {
        scene.pacs[0] = Some(Pac { condition, ..pac_at(6, 29, Direction::Right) });
        assert_eq!(presses_within(120, &scene, 1), None);
    }
    scene.pacs[0] = None;
    assert_eq!(presses_within(120, &scene, 1), None);
}

#[test]
fn a_metronome_presses_some_other_way_about_twice_a_second() {
    let mut scene = calm();
    scene.pacs[0] = Some(pac_at(6, 29, Direction::Right));
    let mut bot = Bot::new(1, Style::Metronome);
    let mut pressed = Vec::new();
    for _ in 0..600 {
        scene.tick += 1;
        if let Some(key) = bot.decide(&scene, ME) {
            assert_eq!(key, Direction::Left, "the only other way out");
            pressed.push(scene.tick);
        }
    }
    assert!((17..=42).contains(&pressed.len()), "{pressed:?}");
    assert!(pressed.windows(2).all(|pair| (14..=36).contains(&(pair[1] - pair[0]))), "{pressed:?}");
}

#[test]
fn a_lone_bot_eats_most_of_a_maze_in_a_minute_and_the_same_seed_plays_the_same() {
    let play = |seed| {
        let mut scene = calm();
        // On the rails nobody eats an energizer.
        (0..PELLETS).filter(|pellet| maze::is_energizer(*pellet)).for_each(|pellet| scene.pellets.set(pellet, false));
        scene.pacs[0] = Some(pac_at(13, 23, Direction::Left));
        let mut bot = Bot::new(seed, Style::People);
        let mut keys = Vec::new();
        for _ in 0..3600 {
            if let Some(key) = bot.decide(&scene, ME) {
                keys.push((scene.tick, key));
                scene.pacs[0].as_mut().unwrap().wish = key;
            }
            scene.advance();
        }
        (scene, keys)
    };
    let (scene, keys) = play(7);
    let eaten = PELLETS as u32 - scene.pellets.left();
    assert!(eaten >= 200, "{eaten} eaten with {} keys", keys.len());
    assert!((60..=400).contains(&keys.len()), "{} keys in a minute", keys.len());
    assert_eq!(play(7).1, keys);
    assert_ne!(play(8).1, keys);
}

/// Keys with their ticks of a minute on the rails, of one who is asked at every tick or only when he does not rest; and how often he was asked.
fn played(style: Style, seed: u64, rests: bool) -> (Vec<(u32, Direction)>, u32) {
    let mut scene = calm();
    scene.pacs[0] = Some(pac_at(13, 23, Direction::Left));
    scene.ghosts[0] = ghost_at(6, 5, Direction::Left, Mood::Normal);
    let mut bot = Bot::new(seed, style);
    let (mut keys, mut asked, mut rests_until) = (Vec::new(), 0, 0);
    for _ in 0..3600 {
        if !rests || scene.tick >= rests_until {
            asked += 1;
            if let Some(key) = bot.decide(&scene, ME) {
                keys.push((scene.tick, key));
                scene.pacs[0].as_mut().unwrap().wish = key;
            }
            rests_until = scene.tick + bot.rest_ticks(&scene, ME);
        }
        scene.advance();
    }
    (keys, asked)
}

#[test]
fn who_rests_presses_the_same_keys_at_the_same_ticks() {
    for style in [Style::Well, Style::People, Style::Metronome] {
        for seed in 0..20 {
            let ((keys, always), (rested_keys, rested)) = (played(style, seed, false), played(style, seed, true));
            assert_eq!(keys, rested_keys, "{style:?}");
            let most = if style == Style::Metronome { always / 10 } else { always / 2 };
            assert!(rested < most, "{style:?} is asked {rested} times in {always} ticks");
        }
    }
}
