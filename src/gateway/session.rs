//! What one client may do when, and what follows from it: messages and seatings in, actions out. Pure; time is an argument.
//!
//! Before hello only hello (Y1). Every rate is bounded (Y2). What is senseless ends the connection with its own close code; what is merely not allowed
//! now is refused by name and the connection goes on. A seat is told only once a committed seating shows it. The async shell is `socket`.

mod follow;
#[cfg(test)]
mod tests;

use tokio::time::Instant;

use crate::gateway::admission::Bucket;
use crate::gateway::attendance::Member;
use crate::gateway::token::Secret;
use crate::wire::COLOURS;
use crate::wire::Direction;
use crate::wire::MazeId;
use crate::wire::PROTOCOL_VERSION;
use crate::wire::PlayerId;
use crate::wire::Position;
use crate::wire::SYMBOLS;
use crate::wire::boards::BoardName;
use crate::wire::close::Close;
use crate::wire::from_client::Channel;
use crate::wire::from_client::FromClient;
use crate::wire::from_client::Reason;
use crate::wire::names;
use crate::wire::phrases::Words;
use crate::wire::to_client::Refusal;
use crate::wire::to_client::ToClient;

use follow::Following;

/// What the shell is to do, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Tell(ToClient),
    /// Say why and end it.
    Close(Close),
    /// The client is known now: welcome him, and close his older connection.
    Greet(PlayerId),
    /// Go to this maze, or to the one that the matchmaker chooses, and tell the session by `arrived`. `leaving` gives up the seat in the old one.
    Follow {
        maze: Option<MazeId>,
        leaving: bool,
    },
    /// Look for the next maze of a tour, and tell the session by `toured`.
    Tour,
    /// Another part in the same maze, by `member`; then the session is to hear the seating at hand. `leaving` gives up the seat.
    Change {
        leaving: bool,
    },
    Steer {
        n: u32,
        dir: Direction,
    },
    Say {
        channel: Channel,
        name: String,
        words: Words,
    },
    /// The next frame with all its sections.
    Refresh,
    /// Answer with this board.
    Board(BoardName),
    /// Write down what he tells of another, and answer.
    Report {
        whom: PlayerId,
        reason: Option<Reason>,
    },
    /// Answer a ping, with the signed position if there is one.
    Pong(u32),
}

/// The moment of a message: the clock that deadlines use, and the one that numbers runs over all gateways.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub at: Instant,
    pub unix_ms: u64,
}

pub struct Session {
    hello_by: Instant,
    messages: Bucket,
    chat: Bucket,
    joins: Bucket,
    boards: Bucket,
    reports: Bucket,
    /// The id that this client gets if he has no token.
    fresh: PlayerId,
    me: Option<Me>,
    /// Said at the latest join; chat needs it.
    name: Option<String>,
    colour: Option<u8>,
    symbol: Option<u8>,
    away: bool,
    last_run: u64,
    following: Option<Following>,
}

#[derive(Clone, Debug)]
struct Me {
    player: PlayerId,
    bot: bool,
    seen: Option<(MazeId, Position)>,
}

impl Session {
    /// `fresh` is drawn at random for a client without a token.
    #[must_use]
    pub fn new(fresh: PlayerId, hello_by: Instant, now: Instant) -> Self {
        Self {
            hello_by,
            messages: Bucket::messages(now),
            chat: Bucket::chat(now),
            joins: Bucket::joins(now),
            boards: Bucket::boards(now),
            reports: Bucket::reports(now),
            fresh,
            me: None,
            name: None,
            colour: None,
            symbol: None,
            away: false,
            last_run: 0,
            following: None,
        }
    }

    pub fn on_text(&mut self, now: Moment, text: &str, secret: &Secret) -> Vec<Action> {
        if !self.messages.take(now.at) {
            return vec![Action::Close(Close::TooFast)];
        }
        match FromClient::parse(text) {
            Ok(message) => self.on_message(now, message, secret),
            Err(_) if self.me.is_none() && says_another_version(text) => vec![Action::Close(Close::WrongVersion)],
            Err(_) => vec![Action::Close(Close::BadMessage)],
        }
    }

    /// Pings and pongs of the WebSocket itself count as messages.
    pub fn on_control(&mut self, now: Instant) -> Vec<Action> {
        if self.messages.take(now) { Vec::new() } else { vec![Action::Close(Close::TooFast)] }
    }

    /// When `on_time` must be called, if at all.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.me.is_none().then_some(self.hello_by)
    }

    pub fn on_time(&mut self, now: Instant) -> Vec<Action> {
        let late = self.deadline().is_some_and(|deadline| deadline <= now);
        if late { vec![Action::Close(Close::NoHello)] } else { Vec::new() }
    }

    /// Who this is in the maze that he follows or is about to.
    #[must_use]
    pub fn member(&self) -> Option<Member> {
        let Me { player, bot, .. } = self.me.clone()?;
        Some(Member { player, bot, away: self.away, part: self.following.as_ref()?.part(self.name.as_deref(), self.colour, self.symbol) })
    }

    /// Nothing is waited for: a seating that says nothing new need not be heard.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.following.as_ref().is_none_or(Following::is_settled)
    }

    #[must_use]
    pub fn player(&self) -> Option<PlayerId> {
        self.me.as_ref().map(|me| me.player)
    }

    /// The newest position of this maze that the client was shown by another gateway.
    #[must_use]
    pub fn brought(&self, maze: &MazeId) -> Option<Position> {
        let (seen_maze, position) = self.me.as_ref()?.seen.as_ref()?;
        (seen_maze == maze).then_some(*position)
    }

    fn on_message(&mut self, now: Moment, message: FromClient, secret: &Secret) -> Vec<Action> {
        if self.me.is_none() {
            return match message {
                FromClient::Hello { version, token, seen, bot } => self.hello(version, token.as_deref(), seen.as_deref(), bot, secret),
                _ => vec![Action::Close(Close::NoHello)],
            };
        }
        match message {
            FromClient::Hello { .. } => vec![Action::Close(Close::BadMessage)],
            FromClient::Join { maze, name, colour, symbol } => self.join(now, maze, &name, colour, symbol),
            FromClient::Watch { maze, next } => self.watch(now.at, maze, next),
            FromClient::Leave => self.leave(now.at),
            FromClient::Input { n, dir } => self.input(n, dir),
            FromClient::Chat { channel, text, phrase } => self.say(now.at, channel, text.as_deref(), phrase),
            FromClient::Away { away } => self.set_away(away),
            FromClient::Refresh if self.following.is_none() => vec![not_joined()],
            FromClient::Refresh => vec![Action::Refresh],
            FromClient::Ping { n } => vec![Action::Pong(n)],
            FromClient::Board { of } => self.board(now.at, of),
            FromClient::Report { player, reason } => self.report(now.at, player, reason),
        }
    }

    fn hello(&mut self, version: u32, token: Option<&str>, seen: Option<&str>, bot: bool, secret: &Secret) -> Vec<Action> {
        if version != PROTOCOL_VERSION {
            return vec![Action::Close(Close::WrongVersion)];
        }
        let player = match token {
            None => self.fresh,
            Some(token) => match secret.player_of(token) {
                Some(player) => player,
                None => return vec![Action::Close(Close::BadToken)],
            },
        };
        // A position that nobody signed is as good as none; it may be from before the secret was changed.
        let seen = seen.and_then(|seen| secret.seen_of(seen));
        self.me = Some(Me { player, bot, seen });
        vec![Action::Greet(player)]
    }

    fn input(&mut self, n: u32, dir: Direction) -> Vec<Action> {
        match &self.following {
            Some(following) if following.is_playing() => vec![Action::Steer { n, dir }],
            // Keys that were pressed before the client heard that his run is over.
            Some(following) if following.has_played() => Vec::new(),
            _ => vec![not_joined()],
        }
    }

    fn say(&mut self, now: Instant, channel: Channel, text: Option<&str>, phrase: Option<u8>) -> Vec<Action> {
        let (Some(name), Some(_)) = (&self.name, &self.following) else {
            return vec![refusal(Refusal::NotJoined, "join a maze with a name before you chat")];
        };
        let words = match Words::of(text, phrase) {
            Ok(words) => words,
            Err(problem) => return vec![refusal(Refusal::BadChat, &format!("this line cannot be said: {problem}"))],
        };
        if !self.chat.take(now) {
            return vec![refusal(Refusal::ChatTooFast, "at most 5 lines in 10 seconds")];
        }
        vec![Action::Say { channel, name: name.clone(), words }]
    }

    fn board(&mut self, now: Instant, of: BoardName) -> Vec<Action> {
        if of == BoardName::Maze && self.following.is_none() {
            return vec![not_joined()];
        }
        if !self.boards.take(now) {
            return vec![refusal(Refusal::BoardsTooFast, "at most 10 boards in 10 seconds")];
        }
        vec![Action::Board(of)]
    }

    fn report(&mut self, now: Instant, whom: PlayerId, reason: Option<Reason>) -> Vec<Action> {
        if self.following.is_none() {
            return vec![not_joined()];
        }
        if self.player() == Some(whom) {
            return vec![refusal(Refusal::NoSuchPlayer, "this is you")];
        }
        if !self.reports.take(now) {
            return vec![refusal(Refusal::ReportsTooFast, "at most 3 reports in a minute")];
        }
        vec![Action::Report { whom, reason }]
    }

    fn set_away(&mut self, away: bool) -> Vec<Action> {
        if self.following.is_none() {
            return vec![not_joined()];
        }
        let changed = self.away != away;
        self.away = away;
        if changed { vec![Action::Change { leaving: false }] } else { Vec::new() }
    }

    /// Takes name, colour and symbol of a join, or says what is wrong with them.
    fn introduce(&mut self, name: &str, colour: Option<u8>, symbol: Option<u8>) -> Result<(), Action> {
        let name = names::name(name).map_err(|problem| refusal(Refusal::BadName, &format!("this name cannot be used: {problem}")))?;
        if colour.is_some_and(|colour| colour >= COLOURS) {
            return Err(refusal(Refusal::BadColour, "colours are 0 to 15"));
        }
        if symbol.is_some_and(|symbol| symbol >= SYMBOLS) {
            return Err(refusal(Refusal::BadSymbol, "symbols are 0 to 15"));
        }
        self.name = Some(name.to_owned());
        (self.colour, self.symbol) = (colour, symbol);
        Ok(())
    }
}

/// A page from another version may say things in its hello that this one does not know; it is still a page to be reloaded.
fn says_another_version(text: &str) -> bool {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return false };
    let version = value.get("version").and_then(serde_json::Value::as_u64);
    value.get("type").and_then(serde_json::Value::as_str) == Some("hello")
        && version.is_some_and(|version| version != u64::from(PROTOCOL_VERSION))
}

fn refusal(code: Refusal, message: &str) -> Action {
    Action::Tell(ToClient::Error { code, message: message.to_owned() })
}

fn not_joined() -> Action {
    refusal(Refusal::NotJoined, "join a maze first")
}
