//! Commands: what a worker may ask of a world at the boundary of a tick, and what it hears back.
//!
//! Seats, parking, leaving. Who is idle or silent is the worker's to find out; here it only ever says park, unpark, leave. A command that makes
//! no sense (an empty seat, a full maze) changes nothing (G2).

use serde::Deserialize;
use serde::Serialize;

use crate::game::grid::Direction;
use crate::game::player::Player;
use crate::game::scene::Condition;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::game::tuning;
use crate::game::world::World;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    /// Seats a player with a new run. One who sits here already keeps his seat and his run, and is unparked.
    Join { player: u64 },
    /// The way that the player wants from now on; also what a pac that stands ready waits for. Only for a new input: the world keeps it.
    Wish { seat: Seat, direction: Direction },
    /// Away, idle or silent: he keeps seat and run. If nobody else plays the maze pauses with him in it, else his pac is taken out.
    Park { seat: Seat },
    /// Back again.
    Unpark { seat: Seat },
    /// Gives up seat and run.
    Leave { seat: Seat },
}

/// What a step has done to seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Seated {
        player: u64,
        seat: Seat,
    },
    /// All seats are taken.
    Refused {
        player: u64,
    },
    /// The run is over, by death or by leaving, and the seat is free: these are its points.
    RunOver {
        player: u64,
        seat: Seat,
        points: u32,
        level: u16,
    },
}

impl World {
    #[must_use]
    pub fn seat_of(&self, player: u64) -> Option<Seat> {
        let at = self.seats.iter().position(|seated| seated.as_ref().is_some_and(|seated| seated.id == player));
        at.map(|index| Seat(index as u8))
    }

    #[must_use]
    pub fn is_seated(&self, player: u64) -> bool {
        self.seat_of(player).is_some()
    }

    #[must_use]
    pub fn player(&self, seat: Seat) -> Option<&Player> {
        self.seats.get(seat.0 as usize)?.as_ref()
    }

    #[must_use]
    pub fn free_seats(&self) -> u8 {
        self.seats.iter().filter(|seat| seat.is_none()).count() as u8
    }

    /// Seated players, parked or not.
    #[must_use]
    pub fn seated(&self) -> u8 {
        SEATS as u8 - self.free_seats()
    }

    /// n of the rules: seated and not parked, dead and shielded ones included.
    #[must_use]
    pub fn players(&self) -> u8 {
        (0..SEATS as u8).map(Seat).filter(|&seat| self.is_playing(seat)).count() as u8
    }

    /// Seated and not parked.
    #[must_use]
    pub fn is_playing(&self, seat: Seat) -> bool {
        self.player(seat).is_some_and(|player| player.arriving || player.pac.condition != Condition::Parked) && self.sleeper != Some(seat)
    }

    #[must_use]
    pub fn is_parked(&self, seat: Seat) -> bool {
        self.player(seat).is_some() && !self.is_playing(seat)
    }

    pub(super) fn obey(&mut self, command: Command, outcomes: &mut Vec<Outcome>) {
        match command {
            Command::Join { player } => self.join(player, outcomes),
            Command::Wish { seat, direction } => self.wish(seat, direction),
            Command::Park { seat } => self.park(seat, outcomes),
            Command::Unpark { seat } => self.unpark(seat),
            Command::Leave { seat } => self.vacate(seat, outcomes),
        }
    }

    fn join(&mut self, player: u64, outcomes: &mut Vec<Outcome>) {
        if let Some(seat) = self.seat_of(player) {
            self.unpark(seat);
            return outcomes.push(Outcome::Seated { player, seat });
        }
        let Some(free) = self.seats.iter().position(Option::is_none) else { return outcomes.push(Outcome::Refused { player }) };
        let seat = Seat(free as u8);
        self.forget_victim(seat);
        self.seats[free] = Some(Player::new(player));
        outcomes.push(Outcome::Seated { player, seat });
    }

    fn wish(&mut self, seat: Seat, direction: Direction) {
        let Some(player) = self.seats.get_mut(seat.0 as usize).and_then(Option::as_mut) else { return };
        player.pac.wish = direction;
        if player.pac.condition == Condition::Ready {
            player.pac.condition = Condition::Shielded(0);
            player.shield_ticks_left = player.shield_ticks_left.min(tuning::SHIELD_TICKS);
        }
    }

    fn park(&mut self, seat: Seat, outcomes: &mut Vec<Outcome>) {
        if !self.is_playing(seat) {
            return;
        }
        // Whoever has not been placed yet has nothing to sleep in.
        if self.players() == 1 && !self.seats[seat.0 as usize].as_ref().is_some_and(|player| player.arriving) {
            self.sleeper = Some(seat);
        } else {
            self.take_out(seat, outcomes);
        }
    }

    fn unpark(&mut self, seat: Seat) {
        if self.sleeper == Some(seat) {
            self.sleeper = None;
        } else if let Some(player) = self.seats.get_mut(seat.0 as usize).and_then(Option::as_mut) {
            player.arriving |= player.pac.condition == Condition::Parked;
        }
    }

    /// Takes a pac out of the maze; his player keeps the seat. A death on the way is paid for at once, so that nobody escapes it.
    pub(super) fn take_out(&mut self, seat: Seat, outcomes: &mut Vec<Outcome>) {
        let Some(player) = &mut self.seats[seat.0 as usize] else { return };
        if player.pac.condition == Condition::Dead {
            let Some(lives) = player.lives.checked_sub(1) else { return self.end_run(seat, outcomes) };
            player.lives = lives;
        }
        player.drop_everything();
        player.arriving = false;
        player.pac.condition = Condition::Parked;
    }

    /// The last life is played.
    pub(super) fn end_run(&mut self, seat: Seat, outcomes: &mut Vec<Outcome>) {
        self.happened(super::event::EventKind::RunOver, seat, 0, 0);
        self.vacate(seat, outcomes);
    }

    fn vacate(&mut self, seat: Seat, outcomes: &mut Vec<Outcome>) {
        let Some(player) = self.seats.get_mut(seat.0 as usize).and_then(Option::take) else { return };
        if self.sleeper == Some(seat) {
            self.sleeper = None;
        }
        if self.power.owner == Some(seat) {
            self.power.owner = None;
        }
        for hunter in &mut self.ghosts {
            hunter.victim = hunter.victim.filter(|&victim| victim != seat);
        }
        outcomes.push(Outcome::RunOver { player: player.id, seat, points: player.points, level: self.level });
    }
}
