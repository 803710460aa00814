//! Bots against each other, and against one who turns as dice fall, in the law itself without sockets: who plays well must show it.

use super::*;
use crate::client::bot::prospect;
use crate::game::event::EventKind;
use crate::game::seating::Command;
use crate::game::seating::Outcome;
use crate::game::world::World;

const MINUTES: u32 = 2;
const TICKS: u32 = MINUTES * 60 * 60;
/// Between the end of a run and the next, as in `player`.
const REST_TICKS: u32 = 180;
/// A key takes so long to the maze.
const KEY_TICKS: u32 = 2;
/// Across the plane in one step: through the tunnel.
const ACROSS_PX: u8 = 128;

/// Who decides for a pac.
enum Mind {
    Bot(Bot),
    /// Some way out of each corner.
    Dice(Dice, Option<Tile>),
}

impl Mind {
    fn decide(&mut self, scene: &Scene, seat: Seat) -> Option<Direction> {
        match self {
            Self::Bot(bot) => bot.decide(scene, seat),
            Self::Dice(dice, last) => {
                let pac = scene.pacs[usize::from(seat.0)]?;
                let tile = pac.point.tile();
                if last.replace(tile) == Some(tile) && pac.condition != Condition::Ready {
                    return None;
                }
                let way = Direction::from_bits(dice.below(4) as u8);
                (way != pac.direction.opposite() && prospect::exit(tile, way).is_some()).then_some(way)
            }
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Deeds {
    points: u32,
    runs: u32,
    ghosts: u32,
    rivals: u32,
    energizers: u32,
    deaths: u32,
    tunnels: u32,
}

impl Deeds {
    fn with(self, other: Self) -> Self {
        Self {
            points: self.points + other.points,
            runs: self.runs + other.runs,
            ghosts: self.ghosts + other.ghosts,
            rivals: self.rivals + other.rivals,
            energizers: self.energizers + other.energizers,
            deaths: self.deaths + other.deaths,
            tunnels: self.tunnels + other.tunnels,
        }
    }
}

/// What each has done after some minutes in one maze.
fn contest(seed: u64, mut minds: Vec<Mind>) -> Vec<Deeds> {
    let mut world = World::new(seed);
    let mut deeds = vec![Deeds::default(); minds.len()];
    let mut under_way: Vec<(u32, Command)> = (0..minds.len() as u64).map(|player| (0, Command::Join { player })).collect();
    let mut before = world.scene();
    for _ in 0..TICKS {
        let now = world.tick();
        let commands: Vec<Command> = under_way.extract_if(.., |(at, _)| *at <= now).map(|(_, command)| command).collect();
        let seats: Vec<Option<Seat>> = (0..minds.len() as u64).map(|player| world.seat_of(player)).collect();
        for outcome in world.step(&commands) {
            if let Outcome::RunOver { player, points, .. } = outcome {
                deeds[player as usize].points += points;
                deeds[player as usize].runs += 1;
                under_way.push((now + REST_TICKS, Command::Join { player }));
            }
        }
        let scene = world.scene();
        for event in world.events().iter().filter(|event| event.tick == scene.tick) {
            let of = |seat: u8| seats.iter().position(|known| *known == Some(Seat(seat)));
            let Some(who) = of(event.who) else { continue };
            match event.kind {
                EventKind::GhostEaten => deeds[who].ghosts += 1,
                EventKind::RivalEaten => {
                    deeds[who].rivals += 1;
                    deeds[of(event.whom).expect("he was there")].deaths += 1;
                }
                EventKind::Caught => deeds[who].deaths += 1,
                EventKind::EnergizerEaten => deeds[who].energizers += 1,
                _ => {}
            }
        }
        for (player, mind) in minds.iter_mut().enumerate() {
            let Some(seat) = world.seat_of(player as u64) else { continue };
            if let (Some(one), Some(other)) = (before.pacs[usize::from(seat.0)], scene.pacs[usize::from(seat.0)])
                && one.point.x.abs_diff(other.point.x) > ACROSS_PX
                && other.condition != Condition::Ready
            {
                deeds[player].tunnels += 1;
            }
            if scene.tick.is_multiple_of(2)
                && let Some(direction) = mind.decide(&scene, seat)
            {
                under_way.push((now + KEY_TICKS, Command::Wish { seat, direction }));
            }
        }
        before = scene;
    }
    for (player, deeds) in deeds.iter_mut().enumerate() {
        if let Some(Seat(seat)) = world.seat_of(player as u64) {
            deeds.points += before.scores[usize::from(seat)].points;
        }
    }
    deeds
}

fn bot(seed: u64, style: Style) -> Mind {
    Mind::Bot(Bot::new(seed, style))
}

/// Of `seeds` mazes in which two of each kind play: well, as people do, as dice fall.
fn company(seeds: u64) -> [Deeds; 3] {
    let mut sums = [Deeds::default(); 3];
    for seed in 1..=seeds {
        let minds = (0..6).map(|player| match player % 3 {
            0 => bot(seed * 10 + player, Style::Well),
            1 => bot(seed * 10 + player, Style::People),
            _ => Mind::Dice(Dice::new(seed * 10 + player), None),
        });
        for (player, deeds) in contest(seed, minds.collect()).into_iter().enumerate() {
            sums[player % 3] = sums[player % 3].with(deeds);
        }
    }
    sums
}

#[test]
fn who_plays_well_scores_most_and_hunts_in_company() {
    let [well, people, dice] = company(3);
    let told = format!("well {well:?}\npeople {people:?}\ndice {dice:?}");
    assert!(well.points > people.points && people.points > 5 * dice.points, "{told}");
    assert!(well.deaths < people.deaths && 2 * people.deaths < 3 * dice.deaths, "{told}");
    for played in [well, people] {
        assert!(played.ghosts > 3 * played.energizers / 2, "an energizer is for hunting\n{told}");
        assert!(played.rivals > played.energizers / 2 && played.rivals > 10 * dice.rivals.max(1), "so are rivals prey\n{told}");
        assert!(played.tunnels > 0, "{told}");
    }
}

#[test]
fn alone_he_outlives_dice_by_far() {
    let sum = |mind: fn(u64) -> Mind| (1..=3).map(|seed| contest(seed, vec![mind(seed)])[0]).fold(Deeds::default(), Deeds::with);
    let (well, dice) = (sum(|seed| bot(seed, Style::Well)), sum(|seed| Mind::Dice(Dice::new(seed), None)));
    let told = format!("well {well:?}\ndice {dice:?}");
    assert!(well.points > 5 * dice.points && 2 * well.deaths < dice.deaths && well.ghosts > 10, "{told}");
}
