//! Who of this gateway is in one maze, and what its leader must hear of it: rosters, inputs, knocks. Pure; time is an argument.
//!
//! A roster is whole and repeats every 500 ms, and at once when it changes or a new epoch appears. An input travels at once and repeats, ever more rarely,
//! until a frame carries its number. A leader that is not heard is knocked for. Who gives up his seat is named so until he has none.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::wire::Direction;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::Position;
use crate::wire::Seat;
use crate::wire::between_nodes::Roster;
use crate::wire::between_nodes::RosterRow;
use crate::wire::between_nodes::Seating;
use crate::wire::between_nodes::Up;

pub const ROSTER_PERIOD: Duration = Duration::from_millis(500);
/// A key that changes nothing before the next beat is acknowledged with it: longer than a beat and the way there and back, so that it is told once.
pub const INPUT_REPEAT: Duration = Duration::from_millis(150);
/// Each wait is twice the one before up to this: where answers are late because there is much to do, there is not more to do.
pub const INPUT_REPEAT_MAX: Duration = Duration::from_millis(600);
pub const KNOCK_PERIOD: Duration = Duration::from_millis(500);
/// A leader that has sent nothing for so long is knocked for; it sends every 100 ms.
pub const HEARD_MAX: Duration = Duration::from_millis(500);
/// A maze whose leader has been silent for so long counts as one without.
pub const UNHEARD_MAX: Duration = Duration::from_secs(3);
/// How long somebody is named as leaving when the leader does not answer.
const LEAVING_MAX: Duration = Duration::from_secs(3);

/// One connection of this process.
pub type ConnectionId = u64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub player: PlayerId,
    pub bot: bool,
    pub away: bool,
    pub part: Part,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Spectator,
    Player { name: String, colour: Option<u8>, symbol: Option<u8>, run: u64 },
}

/// What is to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    Up(Up),
    Knock,
}

struct Present {
    member: Member,
    wish: Option<Direction>,
    n: u32,
}

/// When an input is sent next.
struct Due {
    at: Instant,
    /// Until the time after that.
    wait: Duration,
}

pub struct Attendance {
    gateway: NodeId,
    present: BTreeMap<ConnectionId, Present>,
    /// When the last input of a connection is sent (again), until a frame carries it. Most often there is none.
    inputs_due: BTreeMap<ConnectionId, Due>,
    leaving: BTreeMap<PlayerId, (RosterRow, Instant)>,
    seats: BTreeMap<PlayerId, Seat>,
    /// The newest position shown here or brought along by a client.
    shown: Option<Position>,
    roster_due: Instant,
    heard_at: Option<Instant>,
    /// Since when somebody has been here, as far as silence is concerned.
    watched_since: Instant,
    knock_due: Instant,
}

impl Attendance {
    #[must_use]
    pub fn new(gateway: NodeId, now: Instant) -> Self {
        Self {
            gateway,
            present: BTreeMap::new(),
            inputs_due: BTreeMap::new(),
            leaving: BTreeMap::new(),
            seats: BTreeMap::new(),
            shown: None,
            roster_due: now,
            heard_at: None,
            watched_since: now,
            knock_due: now,
        }
    }

    /// Somebody comes in, or plays another part than before. `brought` is a signed position that he has seen.
    pub fn enter(&mut self, connection: ConnectionId, member: Member, brought: Option<Position>, now: Instant) {
        self.shown = self.shown.max(brought);
        let was_watched = self.is_watched();
        if !was_watched {
            self.watched_since = now;
        }
        let before = self.present.remove(&connection);
        if matches!(member.part, Part::Player { .. }) {
            self.leaving.remove(&member.player);
        }
        let (same_row, wish, n) = match before {
            Some(before) => (before.member == member, before.wish, before.n),
            None => (false, None, 0),
        };
        let seated = matches!(member.part, Part::Player { .. });
        self.present.insert(connection, Present { member, wish, n });
        // Spectators come by the thousand; only that there are any is urgent.
        if !same_row && (seated || !was_watched) {
            self.roster_due = now;
        }
    }

    /// Gives up seat and run; the connection may stay as a spectator or go.
    pub fn give_up(&mut self, connection: ConnectionId, now: Instant) {
        let Some(present) = self.present.get(&connection) else { return };
        let player = present.member.player;
        if let Some(row) = row(connection, present, true) {
            self.leaving.insert(player, (row, now + LEAVING_MAX));
            self.roster_due = now;
        }
    }

    pub fn exit(&mut self, connection: ConnectionId, now: Instant) {
        let gone = self.present.remove(&connection);
        self.inputs_due.remove(&connection);
        if gone.is_some_and(|gone| matches!(gone.member.part, Part::Player { .. })) || !self.is_watched() {
            self.roster_due = now;
        }
    }

    /// A key press; an older number than the last is an echo.
    pub fn input(&mut self, connection: ConnectionId, n: u32, dir: Direction, now: Instant) {
        let Some(present) = self.present.get_mut(&connection) else { return };
        if n > present.n {
            (present.n, present.wish) = (n, Some(dir));
            self.inputs_due.insert(connection, Due { at: now, wait: INPUT_REPEAT });
        }
    }

    /// The leader was heard, whatever it said. Tells how long it had been silent.
    pub fn heard(&mut self, now: Instant) -> Option<Duration> {
        self.heard_at.replace(now).map(|before| now - before)
    }

    /// Whether those who are here have been without a leader for longer than any takeover takes.
    #[must_use]
    pub fn is_unheard(&self, now: Instant) -> bool {
        self.heard_at.map_or(self.watched_since, |heard| heard.max(self.watched_since)) + UNHEARD_MAX <= now
    }

    /// A newer frame: `numbers` are by seat those of the last inputs that it holds, modulo 8; asked for only if one is waited for.
    pub fn shown(&mut self, position: Position, new_epoch: bool, numbers: impl FnOnce() -> [u8; 16], now: Instant) {
        self.shown = self.shown.max(Some(position));
        if new_epoch {
            self.roster_due = now;
        }
        if self.inputs_due.is_empty() {
            return;
        }
        let (numbers, present, seats) = (numbers(), &self.present, &self.seats);
        self.inputs_due.retain(|connection, _| {
            let Some(present) = present.get(connection) else { return false };
            let seat = seats.get(&present.member.player);
            let held = seat.and_then(|seat| numbers.get(usize::from(seat.0)));
            held.is_none_or(|held| u32::from(*held) != present.n % 8)
        });
    }

    pub fn seated(&mut self, seating: &Seating) {
        self.seats = seating.seats.iter().map(|row| (row.player, row.seat)).collect();
        self.leaving.retain(|player, _| self.seats.contains_key(player));
    }

    /// When `outgoing` has something next.
    #[must_use]
    pub fn due(&self) -> Instant {
        let silence = self.heard_at.map_or(self.knock_due, |heard| self.knock_due.max(heard + HEARD_MAX));
        let knock = self.is_watched().then_some(silence);
        self.inputs_due.values().map(|due| due.at).chain(knock).fold(self.roster_due, Instant::min)
    }

    /// All that is due. `serial` numbers a roster, growing over all mazes of the process.
    pub fn outgoing(&mut self, now: Instant, serial: impl FnOnce() -> u64) -> Vec<Outgoing> {
        let mut outgoing = Vec::new();
        for (connection, due) in self.inputs_due.iter_mut().filter(|(_, due)| due.at <= now) {
            let Some(Present { member, wish: Some(dir), n }) = self.present.get(connection) else { continue };
            outgoing.push(Outgoing::Up(Up::Input { player: member.player, n: *n, dir: *dir }));
            *due = Due { at: now + due.wait, wait: (2 * due.wait).min(INPUT_REPEAT_MAX) };
        }
        if self.roster_due <= now {
            self.leaving.retain(|_, (_, until)| *until > now);
            self.roster_due = now + ROSTER_PERIOD;
            outgoing.push(Outgoing::Up(Up::Roster(self.roster(serial()))));
        }
        if self.is_watched() && self.knock_due <= now && self.heard_at.is_none_or(|heard| heard + HEARD_MAX <= now) {
            self.knock_due = now + KNOCK_PERIOD;
            outgoing.push(Outgoing::Knock);
        }
        outgoing
    }

    /// Nobody is here and nobody is still to be named: the leader may forget this gateway.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.present.is_empty() && self.leaving.is_empty()
    }

    /// Connections that play, bots among them: what the matchmaker counts.
    #[must_use]
    pub fn players(&self) -> u32 {
        self.present.values().filter(|present| matches!(present.member.part, Part::Player { .. })).count() as u32
    }

    /// Connections of people, playing or looking on: what keeps bots in a maze.
    #[must_use]
    pub fn people(&self) -> u32 {
        self.present.values().filter(|present| !present.member.bot).count() as u32
    }

    fn is_watched(&self) -> bool {
        !self.present.is_empty()
    }

    fn roster(&self, serial: u64) -> Roster {
        // Of two connections of one player the newer one counts; the older is on its way out.
        let rows = self.present.iter().filter_map(|(connection, present)| row(*connection, present, false)).map(|row| (row.player, row));
        let leaving = self.leaving.iter().map(|(player, (row, _))| (*player, row.clone()));
        let players: BTreeMap<PlayerId, RosterRow> = leaving.chain(rows).collect();
        let is_looking_on = |present: &&Present| matches!(present.member.part, Part::Spectator) && !present.member.bot;
        Roster {
            gateway: self.gateway.clone(),
            serial,
            shown: self.shown,
            players: players.into_values().collect(),
            spectators: self.present.values().filter(is_looking_on).count() as u32,
        }
    }
}

fn row(connection: ConnectionId, present: &Present, leaving: bool) -> Option<RosterRow> {
    let Part::Player { name, colour, symbol, run } = &present.member.part else { return None };
    let Member { player, bot, away, .. } = present.member;
    let (name, colour, symbol) = (name.clone(), *colour, *symbol);
    Some(RosterRow { player, name, colour, symbol, bot, away, leaving, run: *run, wish: present.wish, n: present.n, connection })
}

#[cfg(test)]
mod tests;
