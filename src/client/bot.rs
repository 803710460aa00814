//! A player made of integers: sees a scene, says which key he presses now, if any. Pure and seeded.
//!
//! `People` presses like a person who is good at it: a little before a corner, seldom twice, now and then a mistake. `Metronome` presses some
//! other way than his own about twice a second, corner or not: the hard case of the traffic measurement. Where to go is `bot/prospect`'s to
//! say; this file decides when to press. One decision costs a search over at most 300 tiles, and most calls cost nothing.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic)]

mod prospect;

use crate::client::bot::prospect::Prospect;
use crate::client::dice::Dice;
use crate::game::grid::Direction;
use crate::game::grid::Point;
use crate::game::grid::Tile;
use crate::game::motion;
use crate::game::scene::Condition;
use crate::game::scene::Pac;
use crate::game::scene::Phase;
use crate::game::scene::Scene;
use crate::game::scene::Seat;

/// Ticks between two thoughts on one tile: a ghost may have turned.
const THINK_EVERY_TICKS: u32 = 12;
const THINK_EVERY_TICKS_WELL: u32 = 4;
/// Ticks for which a person sticks to a reversal.
const REVERSAL_REST_TICKS: u32 = 60;
const REVERSAL_REST_TICKS_WELL: u32 = 12;
/// Nobody rests for longer: some other task may have begun.
const REST_TICKS_MAX: u32 = 60;
/// So much before a centre the server may turn him.
const TURNS_EARLY_PX: u8 = 4;
/// How far ahead he knows where he will turn: as far as he may press before it.
const ROAD_TILES_MAX: usize = 3;
/// One corner in so many is taken at random.
const MISTAKES_ONE_IN: u32 = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As people do, without their mistakes.
    Well,
    People,
    Metronome,
}

#[derive(Clone, Debug)]
pub struct Bot {
    style: Style,
    dice: Dice,
    /// The corner and way of the last thought, and its tick.
    thought: Option<(Tile, Direction, u32)>,
    /// The turn that he has in mind.
    due: Option<Turn>,
    reversed_tick: Option<u32>,
    /// The tick at which the next press comes that needs no corner: the metronome's, and the first after a respawn.
    beat_tick: Option<u32>,
}

/// What he does in a scene.
enum Task {
    Steer,
    TickTock,
    SetOff,
    None,
}

/// A turn at a corner, pressed when the corner's centre is `lead_px` away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Turn {
    corner: Tile,
    exit: Direction,
    lead_px: u8,
}

impl Bot {
    #[must_use]
    pub fn new(seed: u64, style: Style) -> Self {
        Self { style, dice: Dice::new(seed), thought: None, due: None, reversed_tick: None, beat_tick: None }
    }

    /// The key that the player in `seat` presses at this moment. The same seed and scenes give the same keys.
    pub fn decide(&mut self, scene: &Scene, seat: Seat) -> Option<Direction> {
        let pac = (*scene.pacs.get(usize::from(seat.0))?)?;
        match self.task(scene, pac) {
            Task::Steer => self.steer(scene, seat, pac),
            Task::TickTock => self.tick_tock(scene, pac),
            Task::SetOff => self.set_off(scene, pac),
            Task::None => {
                *self = Self { dice: self.dice.clone(), ..Self::new(0, self.style) };
                None
            }
        }
    }

    /// For so many ticks from this scene on he presses nothing and changes his mind about nothing, as long as the maze moves on along the rails; nobody
    /// need ask him meanwhile.
    #[must_use]
    pub fn rest_ticks(&self, scene: &Scene, seat: Seat) -> u32 {
        let Some(pac) = scene.pacs.get(usize::from(seat.0)).copied().flatten() else { return REST_TICKS_MAX };
        let rest_ticks = match self.task(scene, pac) {
            Task::Steer => self.rest_before_steering(scene, pac),
            Task::TickTock | Task::SetOff => self.beat_tick.map_or(0, |beat| beat.saturating_sub(scene.tick)),
            Task::None => REST_TICKS_MAX,
        };
        rest_ticks.min(REST_TICKS_MAX)
    }

    fn task(&self, scene: &Scene, pac: Pac) -> Task {
        match (pac.condition, self.style) {
            (Condition::Alive(_) | Condition::Powered(_) | Condition::Shielded(_), style) if scene.phase == Phase::Play => match style {
                Style::Well | Style::People => Task::Steer,
                Style::Metronome => Task::TickTock,
            },
            (Condition::Ready, _) if matches!(scene.phase, Phase::Play | Phase::Ready) => Task::SetOff,
            _ => Task::None,
        }
    }

    /// The first press after a respawn, when the eyes have found the pac.
    fn set_off(&mut self, scene: &Scene, pac: Pac) -> Option<Direction> {
        if self.on_the_beat(scene.tick, 30, 60) { self.some_exit(pac) } else { None }
    }

    fn tick_tock(&mut self, scene: &Scene, pac: Pac) -> Option<Direction> {
        if self.on_the_beat(scene.tick, 14, 22) { self.some_exit(pac) } else { None }
    }

    /// True at moments that are `least` to `least + spread` ticks apart.
    fn on_the_beat(&mut self, tick: u32, least: u32, spread: u32) -> bool {
        let due = self.beat_tick.is_some_and(|beat| tick >= beat);
        // A maze that has restarted counts from an earlier tick.
        let stale = self.beat_tick.is_none_or(|beat| beat > tick.saturating_add(least + spread));
        if due || stale {
            self.beat_tick = Some(tick + least + self.dice.below(spread));
        }
        due
    }

    /// Some way out of the tile that he is in, other than the one he takes.
    fn some_exit(&mut self, pac: Pac) -> Option<Direction> {
        let open = |direction: &Direction| *direction != pac.direction && prospect::exit(pac.point.tile(), *direction).is_some();
        let exits: Vec<Direction> = Direction::ALL.into_iter().filter(open).collect();
        exits.get(self.dice.below(exits.len() as u32) as usize).copied()
    }

    fn steer(&mut self, scene: &Scene, seat: Seat, pac: Pac) -> Option<Direction> {
        let road = Road::ahead(pac);
        let corner = road.last();
        let fresh = self.thought.is_none_or(|(at, way, tick)| {
            (at, way) != (corner, pac.direction) || scene.tick.wrapping_sub(tick) >= self.think_every_ticks()
        });
        if fresh {
            self.thought = Some((corner, pac.direction, scene.tick));
            if let Some(now) = self.think(scene, seat, pac, road.tiles()) {
                return Some(now);
            }
        }
        let turn = self.due.filter(|turn| away_px(pac.point, turn.corner.centre()) <= turn.lead_px)?;
        self.due = None;
        (turn.exit != pac.wish).then_some(turn.exit)
    }

    fn rest_before_steering(&self, scene: &Scene, pac: Pac) -> u32 {
        let road = Road::ahead(pac);
        let Some((corner, way, thought_tick)) = self.thought else { return 0 };
        // Who turns back does so anywhere.
        if (corner, way) != (road.last(), pac.direction) || pac.wish == pac.direction.opposite() {
            return 0;
        }
        let thinks_again_ticks = self.think_every_ticks().saturating_sub(scene.tick.wrapping_sub(thought_tick));
        // The road becomes another one when he turns, or comes past the centre from which he sees further.
        let other_road_px = if road.ends_at_a_corner {
            let may_turn = pac.wish != pac.direction && prospect::exit(corner, pac.wish).is_some();
            away_px(pac.point, corner.centre()).saturating_sub(if may_turn { TURNS_EARLY_PX } else { 0 })
        } else {
            away_px(pac.point, road.first().centre())
        };
        let turn_px = self.due.map_or(u8::MAX, |turn| away_px(pac.point, turn.corner.centre()).saturating_sub(turn.lead_px));
        // On the rails he may become slower, but never faster; but after a corner that he has cut he comes nearer along both axes.
        let centre = pac.point.tile().centre();
        let cut_px = if pac.direction.is_horizontal() { pac.point.y.abs_diff(centre.y) } else { pac.point.x.abs_diff(centre.x) };
        let sure_px = other_road_px.min(turn_px).saturating_sub(cut_px);
        let speed = motion::pac_speed(pac.condition, scene.speed_row, scene.players());
        thinks_again_ticks.min(u32::from(sure_px) * 16 / u32::from(speed.max(1)))
    }

    /// Decides on the corner ahead; answers only what must be pressed at once.
    fn think(&mut self, scene: &Scene, seat: Seat, pac: Pac, road: &[Tile]) -> Option<Direction> {
        let back = pac.direction.opposite();
        let corner = *road.last()?;
        let rested = self.reversed_tick.is_none_or(|tick| scene.tick.wrapping_sub(tick) >= self.reversal_rest_ticks());
        let new_corner = self.due.is_none_or(|turn| turn.corner != corner);
        let inclined = self.due.filter(|_| !new_corner).map_or(pac.direction, |turn| turn.exit);
        let chosen = Prospect::of(scene, seat, pac, road).best(back, rested, inclined)?;
        if chosen == back {
            self.due = None;
            self.reversed_tick = Some(scene.tick);
            return (pac.wish != back).then_some(back);
        }
        let exit = if self.style == Style::People && new_corner && self.dice.one_in(MISTAKES_ONE_IN) {
            self.slip(corner, back, chosen)
        } else {
            chosen
        };
        if exit != pac.direction {
            let lead_px = match self.due {
                Some(turn) if !new_corner => turn.lead_px,
                _ => self.lead_px(),
            };
            self.due = Some(Turn { corner, exit, lead_px });
            return None;
        }
        self.due = None;
        // He goes straight on; a wish left over from before must not turn him.
        let strays = pac.wish != pac.direction && (pac.wish == back || prospect::exit(corner, pac.wish).is_some());
        strays.then_some(pac.direction)
    }

    fn think_every_ticks(&self) -> u32 {
        if self.style == Style::Well { THINK_EVERY_TICKS_WELL } else { THINK_EVERY_TICKS }
    }

    fn reversal_rest_ticks(&self) -> u32 {
        if self.style == Style::Well { REVERSAL_REST_TICKS_WELL } else { REVERSAL_REST_TICKS }
    }

    /// A tenth of a second before the server lets him turn, give or take. That is up to four pixels before the centre, the key travels for a tick or
    /// two, and at his speed a pixel is a tick.
    fn lead_px(&mut self) -> u8 {
        (6 + self.dice.below(7) + self.dice.below(7)) as u8
    }

    /// Any exit but the way back.
    fn slip(&mut self, corner: Tile, back: Direction, chosen: Direction) -> Direction {
        let exit = Direction::from_bits(self.dice.below(4) as u8);
        if exit != back && prospect::exit(corner, exit).is_some() { exit } else { chosen }
    }
}

/// The tiles up to the one in which he can turn next: his own until he has passed its centre, then on through the corridor, a few tiles far.
struct Road {
    tiles: [Tile; ROAD_TILES_MAX],
    count: usize,
    ends_at_a_corner: bool,
}

impl Road {
    fn ahead(pac: Pac) -> Self {
        let tile = pac.point.tile();
        let centre = tile.centre();
        let before = |centre: u8, at: u8, step: i8| if step > 0 { at < centre } else { at > centre };
        let is_ahead = if pac.direction.is_horizontal() {
            before(centre.x, pac.point.x, pac.direction.dx())
        } else {
            before(centre.y, pac.point.y, pac.direction.dy())
        };
        let first = if is_ahead { tile } else { prospect::exit(tile, pac.direction).unwrap_or(tile) };
        let mut road = Self { tiles: [first; ROAD_TILES_MAX], count: 1, ends_at_a_corner: false };
        loop {
            road.ends_at_a_corner = prospect::can_turn(road.last(), pac.direction);
            if road.count == ROAD_TILES_MAX || road.ends_at_a_corner {
                return road;
            }
            let Some(next) = prospect::exit(road.last(), pac.direction) else { return road };
            road.tiles[road.count] = next;
            road.count += 1;
        }
    }

    fn tiles(&self) -> &[Tile] {
        &self.tiles[..self.count]
    }

    fn first(&self) -> Tile {
        self.tiles[0]
    }

    fn last(&self) -> Tile {
        self.tiles[self.count - 1]
    }
}

/// Pixels along the axes; the plane wraps in x.
fn away_px(from: Point, to: Point) -> u8 {
    let across = from.x.wrapping_sub(to.x).min(to.x.wrapping_sub(from.x));
    across.saturating_add(from.y.abs_diff(to.y))
}

#[cfg(test)]
mod contest;
#[cfg(test)]
mod tests;
