//! What pacs eat off the floor: dots, energizers, fruit. Also what an energizer sets going, and when energizers sleep.
//!
//! One bite a pellet (G3): of several pacs in its tile the one nearest to the centre has it, then the one with fewer points, then the lower seat.
//! Ghosts and rivals are eaten in `collision`.

use serde::Deserialize;
use serde::Serialize;

use crate::game::event::EventKind;
use crate::game::grid::Point;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::player::Player;
use crate::game::scene::Condition;
use crate::game::scene::Phase;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::game::tuning;
use crate::game::world::World;

/// The power windows of a maze, taken together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Power {
    /// Ghosts are blue until then: the end of the last window.
    pub blue_ticks_left: u16,
    /// Energizers sleep on for so long after it.
    pub lock_ticks_left: u16,
    /// A fruit has woken them in spite of that.
    pub lifted: bool,
    /// Who opened the latest window.
    pub owner: Option<Seat>,
}

impl World {
    pub(super) fn eat(&mut self, players: u8) {
        for seat in (0..SEATS as u8).map(Seat) {
            let Some(player) = &self.seats[seat.0 as usize] else { continue };
            if !player.can_eat_dots() {
                continue;
            }
            let tile = player.pac.point.tile();
            let Some(pellet) = maze::pellet_at(tile).filter(|&pellet| self.sheet.pellets.has(pellet)) else { continue };
            let energizer = maze::is_energizer(pellet);
            if energizer && (!player.can_eat_all() || self.is_dormant(players)) {
                continue;
            }
            if self.somebody_is_nearer(seat, tile, energizer) {
                continue;
            }
            self.bite(seat, pellet, energizer, players);
        }
        if self.fruit_ticks_left > 0 {
            self.eat_fruit(players);
        }
        if players <= 1 && self.is_cleared() {
            self.happened(EventKind::SheetCleared, Seat(0), 0, 0);
            self.enter_phase(Phase::Cleared, tuning::CLEARED_TICKS);
        }
    }

    /// Whether another pac in the same tile has the better right to its pellet.
    fn somebody_is_nearer(&self, seat: Seat, tile: Tile, energizer: bool) -> bool {
        let claim = |seat: Seat, player: &Player| (gap(player.pac.point, tile.centre()), player.points, seat);
        let Some(own) = &self.seats[seat.0 as usize] else { return false };
        let own = claim(seat, own);
        (0..SEATS as u8).map(Seat).any(|other| {
            let Some(player) = &self.seats[other.0 as usize] else { return false };
            let may_eat = if energizer { player.can_eat_all() } else { player.can_eat_dots() };
            other != seat && may_eat && player.pac.point.tile() == tile && claim(other, player) < own
        })
    }

    fn bite(&mut self, seat: Seat, pellet: usize, energizer: bool, players: u8) {
        self.sheet.take(pellet);
        self.award(seat, if energizer { tuning::ENERGIZER_POINTS } else { tuning::DOT_POINTS });
        self.count_dot();
        if tuning::FRUIT_AT.contains(&self.sheet.eaten) {
            self.fruit_ticks_left = tuning::FRUIT_TICKS;
            self.happened(EventKind::FruitAppeared, seat, 0, 0);
        }
        if energizer {
            self.open_window(seat, players);
            self.happened(EventKind::EnergizerEaten, seat, 0, tuning::ENERGIZER_POINTS as u16);
        }
        let Some(player) = &mut self.seats[seat.0 as usize] else { return };
        let ticks = if energizer { tuning::ENERGIZER_PAUSE_TICKS } else { tuning::DOT_PAUSE_TICKS };
        match &mut player.pac.condition {
            Condition::Powered(pause) => *pause = if players >= 2 { 0 } else { ticks },
            Condition::Alive(pause) | Condition::Shielded(pause) => *pause = ticks,
            _ => {}
        }
    }

    /// An energizer: ghosts turn blue for everybody, its eater is powered and begins a chain. Where the level has no time for it (one player only),
    /// ghosts just turn back.
    pub(super) fn open_window(&mut self, seat: Seat, players: u8) {
        let ticks = tuning::power_ticks(self.level, players);
        self.frighten(ticks);
        let lock_ticks_left = 0;
        self.power = Power { blue_ticks_left: self.power.blue_ticks_left.max(ticks), lock_ticks_left, lifted: false, owner: Some(seat) };
        let Some(player) = &mut self.seats[seat.0 as usize] else { return };
        player.power_ticks_left = ticks;
        player.chain = 0;
        player.pac.condition = if ticks > 0 { Condition::Powered(0) } else { Condition::Alive(0) };
    }

    /// Whether energizers sleep: in company, while a window is open and for a while after.
    pub(super) fn is_dormant(&self, players: u8) -> bool {
        players >= 2 && !self.power.lifted && (self.power.blue_ticks_left > 0 || self.power.lock_ticks_left > 0)
    }

    /// The first to touch it has it, the nearest of several.
    fn eat_fruit(&mut self, players: u8) {
        let eaters = self.seats.iter().zip((0..SEATS as u8).map(Seat)).filter_map(|(player, seat)| Some((player.as_ref()?, seat)));
        let touching = eaters.filter(|(player, _)| player.can_eat_all() && touches(player.pac.point, maze::FRUIT));
        let first = touching.min_by_key(|(player, seat)| (gap(player.pac.point, maze::FRUIT), player.points, *seat));
        let Some((_, seat)) = first else { return };
        let points = tuning::level_of(self.level).fruit_points;
        self.fruit_ticks_left = 0;
        self.power.lifted = self.is_dormant(players);
        self.award(seat, points.into());
        self.happened(EventKind::FruitEaten, seat, 0, points);
    }

    /// Windows run down; with the last one ghosts turn back from blue, and in company energizers sleep on for a while.
    pub(super) fn advance_power(&mut self, players: u8) {
        for player in self.seats.iter_mut().flatten() {
            if player.power_ticks_left > 0 {
                player.power_ticks_left -= 1;
                if player.power_ticks_left == 0 {
                    player.chain = 0;
                    if let Condition::Powered(pause) = player.pac.condition {
                        player.pac.condition = Condition::Alive(pause);
                    }
                }
            }
        }
        if self.power.blue_ticks_left > 0 {
            self.power.blue_ticks_left -= 1;
            if self.power.blue_ticks_left == 0 {
                self.close_windows();
                self.power.lock_ticks_left = if players >= 2 { tuning::LOCK_TICKS } else { 0 };
            }
        } else if self.power.lock_ticks_left > 0 {
            self.power.lock_ticks_left -= 1;
            self.power.lifted &= self.power.lock_ticks_left > 0;
        }
    }

    /// Alone, the fright ends as soon as nobody is left to be eaten.
    pub(super) fn end_idle_fright(&mut self) {
        let blue = |hunter: &super::ghost::Hunter| hunter.ghost.mood == super::scene::Mood::Frightened;
        if self.power.blue_ticks_left > 0 && !self.ghosts.iter().any(blue) {
            self.close_windows();
        }
    }

    pub(super) fn close_windows(&mut self) {
        self.power = Power::default();
        self.calm();
        for player in self.seats.iter_mut().flatten() {
            player.power_ticks_left = 0;
            player.chain = 0;
            if let Condition::Powered(pause) = player.pac.condition {
                player.pac.condition = Condition::Alive(pause);
            }
        }
    }
}

/// Pixels apart, both axes added; columns wrap.
pub(super) fn gap(a: Point, b: Point) -> u16 {
    let dx = a.x.wrapping_sub(b.x).cast_signed();
    u16::from(dx.unsigned_abs()) + u16::from(a.y.abs_diff(b.y))
}

/// Closer than a touch on both axes; columns wrap.
pub(super) fn touches(a: Point, b: Point) -> bool {
    let dx = a.x.wrapping_sub(b.x).cast_signed();
    dx.unsigned_abs() < tuning::TOUCH_PX && a.y.abs_diff(b.y) < tuning::TOUCH_PX
}
