//! A world: the whole state of one maze, and the step that moves it on by a tick.
//!
//! Plain data, stored as it is (`wire::record` adds version and checksum); every table it needs lives in `maze` and `tuning`. The step is total: any
//! commands on any valid world, and nothing panics (G2). Same seed and commands, same world at every tick (G1).

use serde::Deserialize;
use serde::Serialize;

use crate::game::eating::Power;
use crate::game::event::Event;
use crate::game::event::Events;
use crate::game::ghost::Hunter;
use crate::game::house::House;
use crate::game::motion;
use crate::game::player::Player;
use crate::game::random::Random;
use crate::game::scene::Condition;
use crate::game::scene::Phase;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::game::schedule::Schedule;
use crate::game::seating::Command;
use crate::game::seating::Outcome;
use crate::game::sheet::Sheet;
use crate::game::tuning;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    pub(super) seed: u64,
    pub(super) random: Random,
    pub(super) tick: u32,
    pub(super) phase: Phase,
    pub(super) phase_ticks_left: u16,
    /// What goes on when a pause, and the READY! after it, are over; `None` is play.
    pub(super) resume: Option<(Phase, u16)>,
    pub(super) level: u16,
    /// Sheets cleared in this level.
    pub(super) sheets_done: u8,
    pub(super) sheet: Sheet,
    pub(super) seats: [Option<Player>; SEATS],
    pub(super) ghosts: Vec<Hunter>,
    /// Ghosts that belong here; those beyond are on their way out.
    pub(super) pack: u8,
    /// The ghost whose points are being shown to the lone player.
    pub(super) eaten: Option<u8>,
    pub(super) schedule: Schedule,
    pub(super) house: House,
    pub(super) elroy_suspended: bool,
    pub(super) power: Power,
    pub(super) fruit_ticks_left: u16,
    /// Parked while he was alone: the maze is paused around him.
    pub(super) sleeper: Option<Seat>,
    /// How long nobody has been seated.
    pub(super) empty_ticks: u16,
    pub(super) events: Events,
}

impl World {
    /// An empty maze at tick 0.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut world = Self {
            seed,
            random: Random::new(seed),
            tick: 0,
            phase: Phase::Empty,
            phase_ticks_left: 0,
            resume: None,
            level: 1,
            sheets_done: 0,
            sheet: Sheet::FULL,
            seats: [const { None }; SEATS],
            ghosts: Vec::new(),
            pack: 0,
            eaten: None,
            schedule: Schedule::start(1),
            house: House::default(),
            elroy_suspended: false,
            power: Power::default(),
            fruit_ticks_left: 0,
            sleeper: None,
            empty_ticks: 0,
            events: Events::default(),
        };
        world.ghosts_to_starts(0);
        world
    }

    /// One tick: commands at its boundary, then pacs, what they eat, ghosts, collisions, timers.
    #[must_use = "outcomes tell who sits where and whose run is over"]
    pub fn step(&mut self, commands: &[Command]) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        self.tick = self.tick.wrapping_add(1);
        self.events.forget_before(self.tick);
        for &command in commands {
            self.obey(command, &mut outcomes);
        }
        let players = self.players();
        self.settle(players, &mut outcomes);
        match self.phase {
            Phase::Play => self.play(players, &mut outcomes),
            Phase::Ready | Phase::Eaten | Phase::Dying | Phase::Cleared => self.count_down(players, &mut outcomes),
            Phase::Empty => self.wait_empty(),
            Phase::Paused => {}
        }
        if !outcomes.is_empty() && self.players() == 0 {
            self.fall_asleep();
        }
        outcomes
    }

    #[must_use]
    pub const fn tick(&self) -> u32 {
        self.tick
    }

    #[must_use]
    pub const fn level(&self) -> u16 {
        self.level
    }

    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Moves the clock of a world that starts over on a record that is further on: a position only moves forward (R1).
    pub fn set_tick(&mut self, tick: u32) {
        self.tick = tick;
    }

    /// What happened within the last quarter of a second, newest first.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        self.events.recent()
    }

    pub(super) const fn speed_row(&self) -> u8 {
        tuning::speed_row(self.level)
    }

    fn play(&mut self, players: u8, outcomes: &mut Vec<Outcome>) {
        let before = self.before();
        self.move_pacs(players);
        self.eat(players);
        if self.phase != Phase::Play {
            return;
        }
        self.open_house();
        self.move_ghosts(players, |_| true);
        self.collide(players, &before);
        if self.phase == Phase::Play {
            self.advance_timers(players, outcomes);
        }
    }

    fn move_pacs(&mut self, players: u8) {
        let row = self.speed_row();
        for player in self.seats.iter_mut().flatten() {
            motion::advance_pac(&mut player.pac, row, players, self.tick);
        }
    }

    fn advance_timers(&mut self, players: u8, outcomes: &mut Vec<Outcome>) {
        let clock_runs = self.power.blue_ticks_left == 0;
        self.advance_power(players);
        if players <= 1 {
            self.end_idle_fright();
        }
        if clock_runs && self.schedule.advance(self.level) {
            self.change_minds();
        }
        for seat in (0..SEATS as u8).map(Seat) {
            self.advance_player(seat, players, outcomes);
        }
        self.fruit_ticks_left = self.fruit_ticks_left.saturating_sub(1);
        self.dismiss_surplus();
        self.advance_sheet(players);
    }

    /// Bump, immunity, shield, and the way back from death.
    fn advance_player(&mut self, seat: Seat, players: u8, outcomes: &mut Vec<Outcome>) {
        let Some(player) = &mut self.seats[seat.0 as usize] else { return };
        player.immune_ticks_left = player.immune_ticks_left.saturating_sub(1);
        player.pac.condition = match player.pac.condition {
            Condition::Bumped(ticks) if ticks > 1 => Condition::Bumped(ticks - 1),
            Condition::PoweredBumped(ticks) if ticks > 1 => Condition::PoweredBumped(ticks - 1),
            Condition::PoweredBumped(_) if player.power_ticks_left > 0 => Condition::Powered(0),
            Condition::Ready | Condition::Shielded(_) if player.shield_ticks_left > 1 => {
                player.shield_ticks_left -= 1;
                return;
            }
            Condition::Shielded(pause) => Condition::Alive(pause),
            Condition::Bumped(_) | Condition::PoweredBumped(_) | Condition::Ready => Condition::Alive(0),
            Condition::Dead => return self.advance_dead(seat, players, outcomes),
            other => other,
        };
        player.shield_ticks_left = 0;
    }

    fn advance_dead(&mut self, seat: Seat, players: u8, outcomes: &mut Vec<Outcome>) {
        let Some(player) = &mut self.seats[seat.0 as usize] else { return };
        player.dead_ticks_left = player.dead_ticks_left.saturating_sub(1);
        if player.dead_ticks_left > 0 {
            return;
        }
        let Some(lives) = player.lives.checked_sub(1) else { return self.end_run(seat, outcomes) };
        player.lives = lives;
        self.spawn(seat, players);
    }
}

#[cfg(test)]
mod tests;
