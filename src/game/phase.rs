//! What the maze as a whole is doing: the lone player's freezes and new starts, pauses, and the passage between one player and several.
//!
//! From two players on the phase is always Play: a newcomer ends whatever stands still (3.10, 1 to 3, 16 to 18). A phase with an end counts down
//! here; everything that happens while the phase is Play is `world`'s.

use crate::game::grid::Direction;
use crate::game::maze;
use crate::game::player::Player;
use crate::game::random::Random;
use crate::game::scene::Condition;
use crate::game::scene::Mood;
use crate::game::scene::Phase;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::game::schedule::Schedule;
use crate::game::seating::Outcome;
use crate::game::sheet::Sheet;
use crate::game::tuning;
use crate::game::world::World;

impl World {
    pub(super) fn enter_phase(&mut self, phase: Phase, ticks: u16) {
        self.phase = phase;
        self.phase_ticks_left = ticks;
    }

    /// After the commands of a tick: fits the maze to the players that are there now, and places those who have just come.
    pub(super) fn settle(&mut self, players: u8, outcomes: &mut Vec<Outcome>) {
        if players == 0 {
            return self.fall_asleep();
        }
        let fresh = self.phase == Phase::Empty;
        if fresh {
            self.new_game(players);
        }
        if let Some(sleeper) = self.sleeper.take() {
            self.take_out(sleeper, outcomes);
        }
        let newcomer = self.seats.iter().flatten().any(|player| player.arriving);
        match players {
            1 if newcomer => {
                self.end_freeze(players);
                self.start_life(if fresh { tuning::READY_FIRST_TICKS } else { tuning::READY_TICKS });
            }
            1 if self.phase == Phase::Paused => self.enter_phase(Phase::Ready, tuning::READY_TICKS),
            1 if self.power.blue_ticks_left == 0 => {
                self.power.lock_ticks_left = 0;
                self.power.lifted = false;
            }
            1 => {}
            _ => {
                self.end_freeze(players);
                self.house.global = None;
                self.place_newcomers(players);
            }
        }
        self.grow_pack(players);
    }

    fn place_newcomers(&mut self, players: u8) {
        for seat in (0..SEATS as u8).map(Seat) {
            if self.seats[seat.0 as usize].as_ref().is_some_and(|player| player.arriving) {
                self.spawn(seat, players);
            }
        }
    }

    /// Nobody plays: pauses around those who are parked, or is empty.
    pub(super) fn fall_asleep(&mut self) {
        if self.seated() == 0 {
            if self.phase != Phase::Empty {
                self.enter_phase(Phase::Empty, 0);
                self.resume = None;
                self.empty_ticks = 0;
            }
        } else if self.phase != Phase::Paused {
            // A READY! that is interrupted is simply said again.
            if self.phase != Phase::Ready {
                self.resume = Some((self.phase, self.phase_ticks_left));
            }
            self.enter_phase(Phase::Paused, 0);
        }
    }

    /// Level 1, a full sheet, nobody in the maze yet.
    fn new_game(&mut self, players: u8) {
        self.level = 1;
        self.sheets_done = 0;
        self.sheet = Sheet::FULL;
        self.house = super::house::House::default();
        self.elroy_suspended = false;
        self.resume = None;
        self.eaten = None;
        self.reset_maze(players);
        self.enter_phase(Phase::Play, 0);
    }

    /// Ghosts at their starts, clocks and chance at theirs; no power, no fruit.
    fn reset_maze(&mut self, players: u8) {
        self.random = Random::new(self.seed);
        self.ghosts_to_starts(players);
        self.start_schedule();
        self.house.ticks_without_dot = 0;
        self.fruit_ticks_left = 0;
        self.close_windows();
    }

    pub(super) fn start_schedule(&mut self) {
        self.schedule = Schedule::start(self.level);
    }

    /// The lone player's arcade start, after so many ticks of READY!
    fn start_life(&mut self, ready_ticks: u16) {
        self.reset_maze(1);
        self.resume = None;
        for seat in (0..SEATS as u8).map(Seat) {
            if !self.is_playing(seat) {
                continue;
            }
            let Some(player) = &mut self.seats[seat.0 as usize] else { continue };
            player.drop_everything();
            player.arriving = false;
            player.pac.point = maze::PAC_START;
            player.pac.direction = Direction::Left;
            player.pac.condition = Condition::Alive(0);
        }
        self.enter_phase(Phase::Ready, ready_ticks);
    }

    /// Somebody has come: whatever stands still goes on at once.
    fn end_freeze(&mut self, players: u8) {
        while self.phase != Phase::Play {
            let phase = std::mem::replace(&mut self.phase, Phase::Play);
            match phase {
                Phase::Ready | Phase::Paused => self.phase = self.resume.take().map_or(Phase::Play, |(phase, _)| phase),
                Phase::Eaten => self.release_eaten(),
                Phase::Dying => {
                    if self.phase_ticks_left <= tuning::DYING_TICKS - tuning::DYING_SEEN_TICKS {
                        self.ghosts_to_starts(players);
                    }
                    let dead = |player: &&mut Player| player.pac.condition == Condition::Dead;
                    self.seats.iter_mut().flatten().filter(dead).for_each(Player::die);
                }
                Phase::Cleared if players >= 2 => self.next_sheet(players),
                Phase::Cleared => self.next_board(),
                Phase::Play | Phase::Empty => {}
            }
        }
        self.phase_ticks_left = 0;
    }

    /// One tick of a phase that ends by itself.
    pub(super) fn count_down(&mut self, players: u8, outcomes: &mut Vec<Outcome>) {
        if self.phase == Phase::Eaten {
            self.move_ghosts(players, |ghost| ghost.mood == Mood::Eyes);
        }
        self.phase_ticks_left = self.phase_ticks_left.saturating_sub(1);
        if self.phase_ticks_left > 0 {
            return;
        }
        match self.phase {
            Phase::Ready => {
                let (phase, ticks) = self.resume.take().unwrap_or((Phase::Play, 0));
                self.enter_phase(phase, ticks);
            }
            Phase::Eaten => {
                self.release_eaten();
                self.enter_phase(Phase::Play, 0);
            }
            Phase::Dying => self.after_death(outcomes),
            Phase::Cleared => {
                self.next_board();
                self.start_life(tuning::READY_TICKS);
            }
            Phase::Play | Phase::Paused | Phase::Empty => {}
        }
    }

    /// The ghost whose points were shown runs home as eyes.
    fn release_eaten(&mut self) {
        if let Some(hunter) = self.eaten.take().and_then(|index| self.ghosts.get_mut(index as usize)) {
            hunter.become_eyes();
        }
    }

    /// The lone player's next life, with the global counter; or the end of his run.
    fn after_death(&mut self, outcomes: &mut Vec<Outcome>) {
        let Some(seat) = (0..SEATS as u8).map(Seat).find(|&seat| self.is_playing(seat)) else { return };
        let Some(player) = &mut self.seats[seat.0 as usize] else { return };
        let Some(lives) = player.lives.checked_sub(1) else {
            return self.end_run(seat, outcomes);
        };
        player.lives = lives;
        self.house.global = Some(0);
        self.elroy_suspended = true;
        self.start_life(tuning::READY_TICKS);
    }

    /// The lone player's next level.
    fn next_board(&mut self) {
        self.level_up();
        self.sheet = Sheet::FULL;
    }

    /// Nobody is seated: after a while the maze starts over, so that it can be put to sleep.
    pub(super) fn wait_empty(&mut self) {
        if self.empty_ticks < tuning::EMPTY_TICKS {
            self.empty_ticks += 1;
            if self.empty_ticks == tuning::EMPTY_TICKS {
                self.new_game(0);
                self.enter_phase(Phase::Empty, 0);
            }
        }
    }

    /// Empty for long enough, and reset: nothing will happen until somebody joins.
    #[must_use]
    pub const fn may_sleep(&self) -> bool {
        matches!(self.phase, Phase::Empty) && self.empty_ticks >= tuning::EMPTY_TICKS
    }
}
