//! The world as it is seen: a scene holds everything that players may see, and nothing that would tell them the future.

use crate::game::scene::Clocks;
use crate::game::scene::Condition;
use crate::game::scene::Pac;
use crate::game::scene::Phase;
use crate::game::scene::SEATS;
use crate::game::scene::Scene;
use crate::game::scene::Score;
use crate::game::scene::Seat;
use crate::game::tuning;
use crate::game::world::World;

impl World {
    #[must_use]
    pub fn scene(&self) -> Scene {
        let mut scene = Scene {
            tick: 0,
            phase: Phase::Empty,
            speed_row: 0,
            elroy: 0,
            power_ticks_left: 0,
            dormant: false,
            fruit: false,
            pacs: [None; SEATS],
            ghosts: Vec::with_capacity(crate::game::scene::GHOSTS_MAX),
            pellets: self.sheet.pellets,
            scores: [Score::default(); SEATS],
            clocks: self.clocks(1),
        };
        self.show_in(&mut scene);
        scene
    }

    /// The same into a scene that is there already, without asking for memory.
    pub fn show_in(&self, scene: &mut Scene) {
        let players = self.players();
        scene.tick = self.tick;
        scene.phase = self.phase;
        scene.speed_row = self.speed_row();
        scene.elroy = self.elroy();
        scene.power_ticks_left = self.power.blue_ticks_left;
        scene.dormant = self.is_dormant(players);
        scene.fruit = self.fruit_ticks_left > 0;
        for seat in (0..SEATS as u8).map(Seat) {
            scene.pacs[seat.0 as usize] = self.pac(seat);
            let score = |player: &super::player::Player| Score { points: player.points, lives: player.lives };
            scene.scores[seat.0 as usize] = self.player(seat).map(score).unwrap_or_default();
        }
        scene.ghosts.clear();
        scene.ghosts.extend(self.ghosts.iter().map(|hunter| hunter.ghost));
        scene.pellets = self.sheet.pellets;
        scene.clocks = self.clocks(players);
    }

    /// A sleeper is shown as parked, though his pac keeps its place; while READY! is shown the lone pac is ready, too.
    fn pac(&self, seat: Seat) -> Option<Pac> {
        let mut pac = self.player(seat)?.pac;
        if self.is_parked(seat) {
            pac.condition = Condition::Parked;
        } else if self.phase == Phase::Ready && matches!(pac.condition, Condition::Alive(_)) {
            pac.condition = Condition::Ready;
        }
        Some(pac)
    }

    fn clocks(&self, players: u8) -> Clocks {
        let locked = self.is_dormant(players);
        let lock =
            if self.power.blue_ticks_left > 0 { self.power.blue_ticks_left + tuning::LOCK_TICKS } else { self.power.lock_ticks_left };
        let owner = self.power.owner.filter(|_| self.power.blue_ticks_left > 0);
        Clocks {
            level: self.level,
            sheets_done: self.sheets_done.min(7),
            sheets_needed: tuning::sheets_needed(players),
            phase_ticks_left: self.phase_ticks_left,
            lock_ticks_left: if locked { lock } else { 0 },
            fruit_ticks_left: self.fruit_ticks_left,
            power_owner: owner,
            chain: owner.and_then(|seat| self.player(seat)).map_or(0, |player| player.chain.min(4)),
        }
    }
}
