//! The maze that a session follows, and the part that it plays there: joining, looking on, seats, ends of runs, full mazes.
//!
//! A run is numbered by the time at which it was asked for, so that it grows over all gateways and a finished one is not begun again.

use tokio::time::Instant;

use crate::gateway::attendance::Part;
use crate::gateway::session::Action;
use crate::gateway::session::Moment;
use crate::gateway::session::Session;
use crate::gateway::session::not_joined;
use crate::gateway::session::refusal;
use crate::wire::MazeId;
use crate::wire::Position;
use crate::wire::Seat;
use crate::wire::between_nodes::Seating;
use crate::wire::to_client::Refusal;
use crate::wire::to_client::ToClient;

/// Full mazes that a join is sent on from before it is refused.
const MOVES_MAX: u8 = 8;

#[derive(Clone, Debug)]
pub(super) struct Following {
    /// `None` until the shell has found one.
    maze: Option<MazeId>,
    role: Role,
    /// Asked for a run in this maze at some time.
    played: bool,
    /// The seating that was known on arrival: what it says of runs and full mazes is old.
    known: Option<Position>,
    moves: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Spectator,
    Player { run: u64, seat: Option<Seat> },
}

impl Following {
    fn new(role: Role) -> Self {
        Self { maze: None, role, played: role != Role::Spectator, known: None, moves: 0 }
    }

    pub(super) fn is_playing(&self) -> bool {
        self.role != Role::Spectator
    }

    pub(super) fn is_settled(&self) -> bool {
        !matches!(self.role, Role::Player { seat: None, .. })
    }

    pub(super) fn has_played(&self) -> bool {
        self.played
    }

    pub(super) fn part(&self, name: Option<&str>, colour: Option<u8>, symbol: Option<u8>) -> Part {
        match (self.role, name) {
            (Role::Player { run, .. }, Some(name)) => Part::Player { name: name.to_owned(), colour, symbol, run },
            _ => Part::Spectator,
        }
    }

    fn joined(&self, input: u32) -> Option<Action> {
        let seat = match self.role {
            Role::Player { seat, .. } => seat,
            Role::Spectator => None,
        };
        let maze = self.maze.clone()?;
        Some(Action::Tell(ToClient::Joined { maze, spectating: self.role == Role::Spectator, seat, input }))
    }
}

impl Session {
    pub(super) fn join(&mut self, now: Moment, maze: Option<MazeId>, name: &str, colour: Option<u8>, symbol: Option<u8>) -> Vec<Action> {
        if !self.joins.take(now.at) {
            return vec![too_many_joins()];
        }
        if let Err(refused) = self.introduce(name, colour, symbol) {
            return vec![refused];
        }
        let stays = self.stays(maze.as_ref());
        match &mut self.following {
            // Idempotent: he plays here already. The leader hears of a new name or colour; the seating at hand tells him his seat again.
            Some(Following { role: Role::Player { seat, .. }, .. }) if stays => {
                *seat = None;
                vec![Action::Change { leaving: false }]
            }
            Some(following) if stays => {
                self.last_run = now.unix_ms.max(self.last_run + 1);
                following.role = Role::Player { run: self.last_run, seat: None };
                following.played = true;
                [Some(Action::Change { leaving: false }), following.joined(0)].into_iter().flatten().collect()
            }
            _ => {
                let leaving = self.is_playing();
                self.last_run = now.unix_ms.max(self.last_run + 1);
                self.following = Some(Following::new(Role::Player { run: self.last_run, seat: None }));
                vec![Action::Follow { maze, leaving }]
            }
        }
    }

    pub(super) fn watch(&mut self, now: Instant, maze: Option<MazeId>, next: bool) -> Vec<Action> {
        if !self.joins.take(now) {
            return vec![too_many_joins()];
        }
        if next && self.following.is_some() {
            return vec![Action::Tour];
        }
        self.look_at(maze)
    }

    /// The next maze of the tour; without one he stays where he is.
    pub fn toured(&mut self, next: Option<MazeId>) -> Vec<Action> {
        self.look_at(next)
    }

    fn look_at(&mut self, maze: Option<MazeId>) -> Vec<Action> {
        if self.stays(maze.as_ref()) {
            return self.look_on();
        }
        let leaving = self.is_playing();
        self.following = Some(Following::new(Role::Spectator));
        vec![Action::Follow { maze, leaving }]
    }

    pub(super) fn leave(&mut self, now: Instant) -> Vec<Action> {
        if !self.joins.take(now) {
            return vec![too_many_joins()];
        }
        if self.following.is_none() { vec![not_joined()] } else { self.look_on() }
    }

    /// The shell has found the maze and the session is in it; `known` is the newest seating that is known there.
    pub fn arrived(&mut self, maze: MazeId, known: Option<&Seating>) -> Vec<Action> {
        let Some(following) = &mut self.following else { return Vec::new() };
        following.maze = Some(maze);
        following.known = known.map(|seating| seating.at);
        let mut actions: Vec<Action> = following.joined(0).into_iter().collect();
        actions.extend(known.into_iter().flat_map(|seating| self.on_seating(seating)));
        actions
    }

    /// A newer seating of the followed maze.
    pub fn on_seating(&mut self, seating: &Seating) -> Vec<Action> {
        let (Some(player), Some(following)) = (self.player(), &mut self.following) else { return Vec::new() };
        let Role::Player { run, seat } = following.role else { return Vec::new() };
        let news = following.known.is_none_or(|known| seating.at > known);
        let row = seating.seats.iter().find(|row| row.player == player);
        if let Some(row) = row {
            following.moves = 0;
            if seat == Some(row.seat) {
                return Vec::new();
            }
            following.role = Role::Player { run, seat: Some(row.seat) };
            return following.joined(row.n).into_iter().collect();
        }
        // A run that was taken over from an older connection may be known to the leader by its older number.
        let over = seating.over.iter().find(|over| over.player == player && (over.run >= run || seat.is_some()));
        if let Some(over) = over.filter(|_| news) {
            following.role = Role::Spectator;
            return vec![Action::Tell(ToClient::Over { points: over.points, level: over.level }), Action::Change { leaving: false }];
        }
        let full = seating.full.iter().find(|full| full.player == player).filter(|_| news && seat.is_none());
        if let Some(full) = full {
            return self.move_on(full.neighbour.clone());
        }
        if seat.is_some() {
            // Dropped without an end, as after a long absence: the roster still names him, so he will be seated again.
            following.role = Role::Player { run, seat: None };
            return following.joined(0).into_iter().collect();
        }
        Vec::new()
    }

    fn move_on(&mut self, neighbour: MazeId) -> Vec<Action> {
        let Some(following) = &mut self.following else { return Vec::new() };
        let from = following.maze.as_ref().map_or("the maze", MazeId::as_str).to_owned();
        following.moves += 1;
        if following.moves > MOVES_MAX {
            following.role = Role::Spectator;
            let told = refusal(Refusal::Unavailable, "every maze is full; try again");
            return [Some(told), Some(Action::Change { leaving: false }), following.joined(0)].into_iter().flatten().collect();
        }
        let told = refusal(Refusal::MazeFull, &format!("{from} is full; joining {neighbour} in its place"));
        vec![told, Action::Follow { maze: Some(neighbour), leaving: false }]
    }

    /// Becomes a spectator of the followed maze.
    fn look_on(&mut self) -> Vec<Action> {
        let Some(following) = &mut self.following else { return Vec::new() };
        let leaving = following.is_playing();
        following.role = Role::Spectator;
        let change = leaving.then_some(Action::Change { leaving: true });
        [change, following.joined(0)].into_iter().flatten().collect()
    }

    /// Whether a wish for `maze` is one for the maze that is followed already. Who does not say stays where he is.
    fn stays(&self, maze: Option<&MazeId>) -> bool {
        let here = self.following.as_ref().and_then(|following| following.maze.as_ref());
        here.is_some() && (maze.is_none() || maze == here)
    }

    fn is_playing(&self) -> bool {
        self.following.as_ref().is_some_and(Following::is_playing)
    }
}

fn too_many_joins() -> Action {
    refusal(Refusal::JoinTooFast, "at most 10 joins in 10 seconds")
}
