//! Points: who gets how many for what, and who leads.
//!
//! Owns the other half of G3: a run's points are the sum of its events. Every point goes through [`World::award`].

use crate::game::event::EventKind;
use crate::game::player::Victim;
use crate::game::scene::Seat;
use crate::game::tuning;
use crate::game::world::World;

impl World {
    pub(super) fn happened(&mut self, kind: EventKind, who: Seat, whom: u8, points: u16) {
        self.events.push(self.tick, kind, who, whom, points);
    }

    pub(super) fn award(&mut self, seat: Seat, points: u32) {
        let Some(player) = &mut self.seats[seat.0 as usize] else { return };
        if player.gain(points) {
            self.happened(EventKind::ExtraLife, seat, 0, 0);
        }
    }

    #[must_use]
    pub fn points(&self, seat: Seat) -> u32 {
        self.seats[seat.0 as usize].as_ref().map_or(0, |player| player.points)
    }

    /// The player who wears the crown: the most points, of the same the lower seat; nobody while nobody has any.
    #[must_use]
    pub fn leader(&self) -> Option<Seat> {
        let seats = (0..self.seats.len() as u8).map(Seat).filter(|&seat| self.is_playing(seat) && self.points(seat) > 0);
        seats.max_by_key(|&seat| (self.points(seat), std::cmp::Reverse(seat)))
    }

    /// What the next ghost or rival of a window brings its eater: each more than the one before.
    pub(super) fn next_of_chain(&mut self, seat: Seat) -> u16 {
        let Some(player) = &mut self.seats[seat.0 as usize] else { return 0 };
        let points = tuning::CHAIN_POINTS[(player.chain as usize).min(tuning::CHAIN_POINTS.len() - 1)];
        player.chain = player.chain.saturating_add(1);
        points
    }

    /// What a rival brings: twice as much if he leads, next to nothing if it is the same one again too soon.
    pub(super) fn points_for_rival(&mut self, eater: Seat, victim: Seat) -> u16 {
        let crowned = self.leader() == Some(victim);
        let points = self.next_of_chain(eater);
        let farmed = self.remember_victim(eater, victim);
        match (farmed, crowned) {
            (true, _) => tuning::FARMED_POINTS,
            (false, true) => points * 2,
            (false, false) => points,
        }
    }

    /// Notes the meal; true if the last one of this victim was too short a time ago.
    fn remember_victim(&mut self, eater: Seat, victim: Seat) -> bool {
        let tick = self.tick;
        let Some(player) = &mut self.seats[eater.0 as usize] else { return false };
        player.victims.retain(|past| past.until_tick > tick);
        let until_tick = tick.saturating_add(tuning::FARMING_TICKS);
        if let Some(past) = player.victims.iter_mut().find(|past| past.seat == victim) {
            past.until_tick = until_tick;
            return true;
        }
        player.victims.push(Victim { seat: victim, until_tick });
        false
    }

    /// Somebody new sits there: nobody has eaten him yet.
    pub(super) fn forget_victim(&mut self, seat: Seat) {
        for player in self.seats.iter_mut().flatten() {
            player.victims.retain(|past| past.seat != seat);
        }
    }
}
