//! The rails: how a scene moves on by itself, one tick at a time, until somebody does something new.
//!
//! A leader's shadow and every client run exactly this, so it is part of the protocol and pure motion: wishes, speeds, cornering, dots that are
//! eaten, the ghosts' two known exits, ways into and out of the house, timers that run down. Nobody collides, dies, appears or thinks here; an
//! energizer is not eaten, a fruit neither comes nor goes: those are events, after which the leader shows a new frame.

use crate::game::grid::Direction;
use crate::game::grid::Tile;
use crate::game::maze;
use crate::game::motion;
use crate::game::scene::Condition;
use crate::game::scene::Ghost;
use crate::game::scene::Mood;
use crate::game::scene::Pac;
use crate::game::scene::Pellets;
use crate::game::scene::Phase;
use crate::game::scene::Scene;
use crate::game::tuning::DOT_PAUSE_TICKS;
use crate::game::tuning::DOT_POINTS;

impl Scene {
    /// Players of this maze: seated and not parked.
    #[must_use]
    pub fn players(&self) -> u8 {
        self.pacs.iter().flatten().filter(|pac| pac.condition != Condition::Parked).count() as u8
    }

    /// One tick along the rails. The order is the world's: pacs, what they eat, ghosts, timers.
    pub fn advance(&mut self) {
        self.tick = self.tick.wrapping_add(1);
        self.clocks.phase_ticks_left = self.clocks.phase_ticks_left.saturating_sub(1);
        match self.phase {
            Phase::Play => {
                self.advance_pacs();
                self.advance_ghosts(|_| true);
                self.advance_timers();
            }
            Phase::Eaten => self.advance_ghosts(|ghost| ghost.mood == Mood::Eyes),
            Phase::Ready | Phase::Dying | Phase::Cleared | Phase::Paused | Phase::Empty => {}
        }
    }

    /// The same tick for a scene that a frame of it is about to be laid over: nobody eats. A key may have turned a pac in this very tick, and what he
    /// did not come to he must not have eaten; the frame's own pacs tell what they ate ([`Scene::eat_in_place`]).
    pub fn advance_to_meet_a_frame(&mut self) {
        let (pellets, scores) = (self.pellets, self.scores);
        self.advance();
        (self.pellets, self.scores) = (pellets, scores);
    }

    /// Takes away the dots that lie under pacs that eat, and counts them: a frame shows its pacs after they have eaten.
    pub fn eat_in_place(&mut self) {
        for (pac, score) in self.pacs.iter().zip(&mut self.scores) {
            let Some(Pac { point, condition: Condition::Alive(_) | Condition::Powered(_) | Condition::Shielded(_), .. }) = pac else {
                continue;
            };
            if let Some(dot) = dot_at(point.tile(), self.pellets) {
                self.pellets.set(dot, false);
                score.points += DOT_POINTS;
            }
        }
    }

    /// In order of their seats; the first in a tile eats its dot.
    fn advance_pacs(&mut self) {
        let players = self.players();
        for (pac, score) in self.pacs.iter_mut().zip(&mut self.scores) {
            let Some(pac) = pac else { continue };
            motion::advance_pac(pac, self.speed_row, players, self.tick);
            let (Condition::Alive(pause) | Condition::Powered(pause) | Condition::Shielded(pause)) = &mut pac.condition else { continue };
            let Some(dot) = dot_at(pac.point.tile(), self.pellets) else { continue };
            self.pellets.set(dot, false);
            score.points += DOT_POINTS;
            *pause = DOT_PAUSE_TICKS;
            if let (Condition::Powered(pause), true) = (&mut pac.condition, players >= 2) {
                *pause = 0;
            }
        }
    }

    fn advance_ghosts(&mut self, moves: impl Fn(&Ghost) -> bool) {
        for (index, ghost) in self.ghosts.iter_mut().enumerate() {
            if moves(ghost) {
                let elroy = if index == 0 { self.elroy } else { 0 };
                let pixels = motion::pixels(motion::ghost_speed(ghost, self.speed_row, elroy), self.tick);
                motion::advance_ghost(ghost, index, pixels, |ghost, tile, heading| guess(tile, heading, ghost.mood));
            }
        }
    }

    /// The end of the last power window and of bumps. The other clocks are for the display: at 0 nothing happens by itself.
    fn advance_timers(&mut self) {
        if self.power_ticks_left > 0 {
            self.power_ticks_left -= 1;
            if self.power_ticks_left == 0 {
                self.end_power();
            }
        }
        for pac in self.pacs.iter_mut().flatten() {
            pac.condition = match pac.condition {
                Condition::Bumped(ticks) if ticks > 1 => Condition::Bumped(ticks - 1),
                Condition::PoweredBumped(ticks) if ticks > 1 => Condition::PoweredBumped(ticks - 1),
                Condition::PoweredBumped(_) if self.power_ticks_left > 0 => Condition::Powered(0),
                Condition::Bumped(_) | Condition::PoweredBumped(_) => Condition::Alive(0),
                other => other,
            };
        }
        self.clocks.lock_ticks_left = self.clocks.lock_ticks_left.saturating_sub(1);
        self.clocks.fruit_ticks_left = self.clocks.fruit_ticks_left.saturating_sub(1);
    }

    fn end_power(&mut self) {
        for ghost in &mut self.ghosts {
            if ghost.mood == Mood::Frightened {
                ghost.mood = Mood::Normal;
            }
        }
        for pac in self.pacs.iter_mut().flatten() {
            if let Condition::Powered(pause) = pac.condition {
                pac.condition = Condition::Alive(pause);
            }
        }
    }

    /// Whether somebody who had moved this scene on along the rails, instead of `truth` of the same tick, would draw anything wrong or be about to
    /// move anybody wrong. What only the display counts (scores, clocks, pellets) is no reason, nor are the ghosts' second exit and a wish that has not
    /// moved its pac yet: a beat comes before they matter. Neither is what moves nobody and can wait for a tenth of a second: a shield that ends, a
    /// fruit that appears, energizers that wake.
    #[must_use]
    pub fn departs_from(&self, truth: &Self) -> bool {
        let maze = |scene: &Self| (scene.tick, scene.phase, scene.speed_row, scene.elroy, scene.power_ticks_left, scene.ghosts.len());
        let condition = |condition: Condition| match condition {
            Condition::Shielded(pause) => Condition::Alive(pause),
            other => other,
        };
        let pac = |pac: &Option<Pac>| pac.map(|pac| (pac.point, pac.direction, condition(pac.condition)));
        let ghost = |ghost: &Ghost| (ghost.point, ghost.direction, ghost.mood, ghost.place, ghost.exit, ghost.reversal_pending);
        maze(self) != maze(truth)
            || self.pacs.iter().zip(&truth.pacs).any(|(mine, other)| pac(mine) != pac(other))
            || self.ghosts.iter().zip(&truth.ghosts).any(|(mine, other)| ghost(mine) != ghost(other))
    }
}

/// The dot of a tile, if it is there; energizers are not eaten on the rails.
fn dot_at(tile: Tile, pellets: Pellets) -> Option<usize> {
    maze::pellet_at(tile).filter(|&pellet| pellets.has(pellet) && !maze::is_energizer(pellet))
}

/// What the rails take for a ghost's way out of `tile`, until a frame knows better: the only one, else straight on, else the first of up, left,
/// down, right.
fn guess(tile: Tile, heading: Direction, mood: Mood) -> Direction {
    let ways = motion::candidates(tile, heading, mood);
    let open = |direction: &Direction| ways >> direction.bits() & 1 == 1;
    if open(&heading) { heading } else { Direction::ALL.into_iter().find(open).unwrap_or(heading) }
}

#[cfg(test)]
mod tests;
