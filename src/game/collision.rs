//! Who meets whom: pacs and ghosts, pacs and pacs.
//!
//! Alone, the arcade's rule: the same tile, or nearly so with a blue ghost; two who swap tiles pass through each other. In company nobody passes
//! through anybody: the same tile, swapped tiles, or closer than four pixels on both axes. Comes last in a tick but for the timers.

use crate::game::eating::gap;
use crate::game::eating::touches;
use crate::game::event::EventKind;
use crate::game::grid::Direction;
use crate::game::grid::Point;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::player::Player;
use crate::game::scene::Condition;
use crate::game::scene::GHOSTS_MAX;
use crate::game::scene::Mood;
use crate::game::scene::Phase;
use crate::game::scene::Place;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::game::tuning;
use crate::game::world::World;

/// Where everybody was before this tick's motion.
pub(super) struct Before {
    pub pacs: [Tile; SEATS],
    pub ghosts: [Tile; GHOSTS_MAX],
}

/// Somebody's tiles before and after, and his pixel after.
#[derive(Clone, Copy)]
struct Track {
    before: Tile,
    after: Tile,
    point: Point,
}

impl Track {
    fn meets(self, other: Self) -> bool {
        let swapped = self.before == other.after && self.after == other.before && self.before != self.after;
        self.after == other.after || swapped || touches(self.point, other.point)
    }
}

impl World {
    pub(super) fn before(&self) -> Before {
        let mut before = Before { pacs: [Tile(0); SEATS], ghosts: [Tile(0); GHOSTS_MAX] };
        for (tile, player) in before.pacs.iter_mut().zip(&self.seats) {
            *tile = player.as_ref().map_or(Tile(0), |player| player.pac.point.tile());
        }
        for (tile, hunter) in before.ghosts.iter_mut().zip(&self.ghosts) {
            *tile = hunter.ghost.point.tile();
        }
        before
    }

    pub(super) fn collide(&mut self, players: u8, before: &Before) {
        if players >= 2 {
            self.collide_with_ghosts(before);
            self.collide_with_rivals(before);
        } else {
            self.collide_alone();
        }
    }

    /// The arcade: the first ghost in the pac's tile catches him or is eaten, and the maze stops.
    fn collide_alone(&mut self) {
        for seat in (0..SEATS as u8).map(Seat) {
            let Some(player) = self.seats[seat.0 as usize].as_ref().filter(|player| player.is_exposed()) else { continue };
            let pac = player.pac.point;
            for index in 0..self.ghosts.len() {
                let ghost = self.ghosts[index].ghost;
                let same_tile = ghost.place == Place::Outside && ghost.point.tile() == pac.tile();
                match ghost.mood {
                    Mood::Frightened if same_tile || is_just_past(ghost.point, pac) => {
                        let points = self.next_of_chain(seat);
                        self.award(seat, points.into());
                        self.happened(EventKind::GhostEaten, seat, index as u8, points);
                        self.eaten = Some(index as u8);
                        return self.enter_phase(Phase::Eaten, tuning::EATEN_TICKS);
                    }
                    Mood::Normal if same_tile => {
                        self.happened(EventKind::Caught, seat, index as u8, 0);
                        if let Some(player) = &mut self.seats[seat.0 as usize] {
                            player.drop_everything();
                            player.pac.condition = Condition::Dead;
                        }
                        return self.enter_phase(Phase::Dying, tuning::DYING_TICKS);
                    }
                    _ => {}
                }
            }
        }
    }

    fn collide_with_ghosts(&mut self, before: &Before) {
        for index in 0..self.ghosts.len() {
            let ghost = self.ghosts[index].ghost;
            if ghost.place != Place::Outside || ghost.mood == Mood::Eyes {
                continue;
            }
            let track = Track { before: before.ghosts[index], after: ghost.point.tile(), point: ghost.point };
            if ghost.mood == Mood::Normal {
                for seat in (0..SEATS as u8).map(Seat) {
                    if self.track(seat, before).is_some_and(|pac| pac.meets(track)) {
                        self.happened(EventKind::Caught, seat, index as u8, 0);
                        self.kill(seat);
                    }
                }
                continue;
            }
            let meets =
                |seat: &Seat| self.seats[seat.0 as usize].as_ref().is_some_and(Player::can_eat_all) && self.meets(*seat, before, track);
            let claim = |seat: &Seat| (self.gap_to(*seat, ghost.point), self.points(*seat), *seat);
            let Some(eater) = (0..SEATS as u8).map(Seat).filter(meets).min_by_key(claim) else { continue };
            let points = self.next_of_chain(eater);
            self.award(eater, points.into());
            self.happened(EventKind::GhostEaten, eater, index as u8, points);
            self.ghosts[index].become_eyes();
        }
    }

    fn collide_with_rivals(&mut self, before: &Before) {
        for first in (0..SEATS as u8).map(Seat) {
            for second in (first.0 + 1..SEATS as u8).map(Seat) {
                let Some(track) = self.track(first, before) else { break };
                if self.meets(second, before, track) {
                    self.rivals_meet(first, second);
                }
            }
        }
    }

    fn rivals_meet(&mut self, first: Seat, second: Seat) {
        use Condition::{Alive, Powered, PoweredBumped};
        let [Some(one), Some(other)] = [first, second].map(|seat| self.seats[seat.0 as usize].as_ref()) else { return };
        match (one.pac.condition, other.pac.condition) {
            (Powered(_), Powered(_)) => self.bump(first, second, tuning::PUSH_TICKS, PoweredBumped),
            (Powered(_), PoweredBumped(_)) | (PoweredBumped(_), _) => {}
            (Powered(_), _) => self.eat_rival(first, second),
            (_, Powered(_)) => self.eat_rival(second, first),
            (Alive(_), Alive(_)) => self.bump(first, second, tuning::PUSH_TICKS + tuning::STUN_TICKS, Condition::Bumped),
            _ => {}
        }
    }

    pub(super) fn eat_rival(&mut self, eater: Seat, victim: Seat) {
        let points = self.points_for_rival(eater, victim);
        self.award(eater, points.into());
        self.happened(EventKind::RivalEaten, eater, victim.0, points);
        self.kill(victim);
    }

    fn kill(&mut self, seat: Seat) {
        if let Some(player) = &mut self.seats[seat.0 as usize] {
            player.die();
        }
    }

    /// Each is pushed along his own corridor, away from the other. Not in the tunnel, not if both go the same way, not again too soon.
    fn bump(&mut self, first: Seat, second: Seat, ticks: u8, pushed: impl Fn(u8) -> Condition) {
        let [Some(one), Some(other)] = [first, second].map(|seat| self.seats[seat.0 as usize].as_ref()) else { return };
        let immune = one.immune_ticks_left > 0 || other.immune_ticks_left > 0;
        let in_tunnel = maze::in_tunnel(one.pac.point.tile()) || maze::in_tunnel(other.pac.point.tile());
        if immune || in_tunnel || one.pac.direction == other.pac.direction {
            return;
        }
        let points = [one.pac.point, other.pac.point];
        for (seat, from) in [(first, points[1]), (second, points[0])] {
            let Some(player) = &mut self.seats[seat.0 as usize] else { continue };
            player.pac.direction = away(player.pac.point, player.pac.direction, from);
            // One more than that, for the timers at the end of this very tick.
            player.pac.condition = pushed(ticks + 1);
            player.immune_ticks_left = ticks + 1 + tuning::BUMP_IMMUNITY_TICKS;
        }
        self.happened(EventKind::Bumped, first, second.0, 0);
    }

    /// `None` for a seat whose pac nobody can touch.
    fn track(&self, seat: Seat, before: &Before) -> Option<Track> {
        let player = self.seats[seat.0 as usize].as_ref().filter(|player| player.is_exposed())?;
        let point = player.pac.point;
        Some(Track { before: before.pacs[seat.0 as usize], after: point.tile(), point })
    }

    fn meets(&self, seat: Seat, before: &Before, other: Track) -> bool {
        self.track(seat, before).is_some_and(|track| track.meets(other))
    }

    fn gap_to(&self, seat: Seat, point: Point) -> u16 {
        self.seats[seat.0 as usize].as_ref().map_or(u16::MAX, |player| gap(player.pac.point, point))
    }
}

/// The arcade's extra check for blue ghosts: up to three pixels right of and below the pac.
fn is_just_past(ghost: Point, pac: Point) -> bool {
    ghost.x.wrapping_sub(pac.x) < tuning::TOUCH_PX && ghost.y.wrapping_sub(pac.y) < tuning::TOUCH_PX
}

/// The way along one's own corridor that leads from the other; back, if neither does.
fn away(own: Point, direction: Direction, from: Point) -> Direction {
    let ahead = if direction.is_horizontal() {
        i16::from(from.x.wrapping_sub(own.x).cast_signed()) * i16::from(direction.dx())
    } else {
        (i16::from(from.y) - i16::from(own.y)) * i16::from(direction.dy())
    };
    if ahead >= 0 { direction.opposite() } else { direction }
}

#[cfg(test)]
mod tests;
