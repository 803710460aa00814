//! A client for tests: everything it hears is kept, and a test waits until what it has heard satisfies a condition, with a deadline.

use std::future::pending;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::timeout_at;
use waka::client::connection::Connection;
use waka::client::connection::Heard;
use waka::client::mirror::Mirror;
use waka::game::grid::Direction;
use waka::game::scene::Pac;
use waka::game::scene::Seat;
use waka::wire::MazeId;
use waka::wire::PROTOCOL_VERSION;
use waka::wire::PlayerId;
use waka::wire::boards::BoardLine;
use waka::wire::boards::BoardName;
use waka::wire::from_client::Channel;
use waka::wire::from_client::FromClient;
use waka::wire::to_client::ChatLine;
use waka::wire::to_client::PlayerRow;
use waka::wire::to_client::Refusal;
use waka::wire::to_client::ToClient;

use crate::visitor::SOON;

/// For any single thing that a test waits for in paused time, which no other work of the machine takes away.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The same, or in real time what a busy machine needs.
fn patience() -> Duration {
    let (clock, real) = (Instant::now(), std::time::Instant::now());
    while real.elapsed().is_zero() {}
    let is_paused = clock.elapsed().is_zero();
    if is_paused { PATIENCE } else { SOON }
}

/// The connection is over, with the server's code if it said one.
#[derive(Debug)]
struct Ended {
    code: Option<u16>,
}

pub(crate) struct Guest {
    connection: Connection,
    pub(crate) name: String,
    pub(crate) you: PlayerId,
    pub(crate) token: String,
    pub(crate) maze: Option<MazeId>,
    pub(crate) spectating: bool,
    pub(crate) seat: Option<Seat>,
    pub(crate) input: u32,
    pub(crate) players: Vec<PlayerRow>,
    pub(crate) spectators: u32,
    pub(crate) chat: Vec<(Channel, ChatLine)>,
    pub(crate) over: Option<(u32, u16)>,
    pub(crate) refused: Vec<Refusal>,
    pub(crate) pongs: Vec<u32>,
    pub(crate) seen: Option<String>,
    pub(crate) bye: bool,
    /// The last board that was told.
    pub(crate) board: Option<(BoardName, Vec<BoardLine>)>,
    pub(crate) reported: Vec<PlayerId>,
    pub(crate) mirror: Mirror,
    pub(crate) frames: u32,
    /// Texts of unknown type: frames as JSON.
    pub(crate) texts: Vec<String>,
    closed: Option<Ended>,
}

impl Guest {
    /// Connects and says hello, with a token if there is one from before.
    pub(crate) async fn hello(address: &str, name: &str, token: Option<String>) -> Self {
        Self::welcomed(address, name, token, false).await
    }

    /// Somebody who says of himself that he is a program.
    pub(crate) async fn program(address: &str, name: &str) -> Self {
        Self::welcomed(address, name, None, true).await
    }

    async fn welcomed(address: &str, name: &str, token: Option<String>, bot: bool) -> Self {
        let connection = Connection::open(address).await.unwrap();
        let mut guest = Self {
            connection,
            name: name.to_owned(),
            you: PlayerId(0),
            token: String::new(),
            maze: None,
            spectating: false,
            seat: None,
            input: 0,
            players: Vec::new(),
            spectators: 0,
            chat: Vec::new(),
            over: None,
            refused: Vec::new(),
            pongs: Vec::new(),
            seen: None,
            bye: false,
            board: None,
            reported: Vec::new(),
            mirror: Mirror::new(),
            frames: 0,
            texts: Vec::new(),
            closed: None,
        };
        guest.say(FromClient::Hello { version: PROTOCOL_VERSION, token, seen: None, bot }).await;
        guest.until("welcome", |guest| (!guest.token.is_empty()).then_some(())).await;
        guest
    }

    /// Connects and takes a seat in `maze`, or in one that the matchmaker chooses.
    pub(crate) async fn seated(address: &str, name: &str, maze: Option<&str>) -> Self {
        let mut guest = Self::hello(address, name, None).await;
        guest.join(maze).await;
        guest.until_seated().await;
        guest
    }

    pub(crate) async fn join(&mut self, maze: Option<&str>) {
        let maze = maze.map(|maze| MazeId::parse(maze).unwrap());
        self.say(FromClient::Join { maze, name: self.name.clone(), colour: None, symbol: None }).await;
    }

    /// Until the seat is told and the maze can be drawn with him in it.
    pub(crate) async fn until_seated(&mut self) -> Seat {
        self.until("a seat and a whole maze", |guest| guest.pac_of(guest.seat?).and(guest.seat)).await
    }

    pub(crate) async fn say(&mut self, message: FromClient) {
        self.connection.say(&message).await.unwrap();
    }

    /// Presses a key; the answer is its number.
    pub(crate) async fn press(&mut self, dir: Direction) -> u32 {
        self.input += 1;
        self.say(FromClient::Input { n: self.input, dir }).await;
        self.input
    }

    pub(crate) async fn chat(&mut self, channel: Channel, text: &str) {
        self.say(FromClient::Chat { channel, text: Some(text.to_owned()), phrase: None }).await;
    }

    /// The pac of a seat as this guest sees it at the newest frame.
    pub(crate) fn pac_of(&mut self, seat: Seat) -> Option<Pac> {
        self.mirror.at(0)?.pacs[usize::from(seat.0)]
    }

    pub(crate) fn has_read(&self, channel: Channel, text: &str) -> bool {
        self.chat.iter().any(|(where_said, line)| *where_said == channel && line.words.text() == Some(text))
    }

    /// Listens until `found` finds something in what this guest knows.
    pub(crate) async fn until<T>(&mut self, what: &str, mut found: impl FnMut(&mut Self) -> Option<T>) -> T {
        self.until_within(patience(), what, &mut found).await
    }

    pub(crate) async fn until_within<T>(&mut self, patience: Duration, what: &str, mut found: impl FnMut(&mut Self) -> Option<T>) -> T {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(answer) = found(self) {
                return answer;
            }
            assert!(self.closed.is_none(), "{} waited for {what}, but the connection was closed: {:?}", self.name, self.closed);
            let Ok(heard) = timeout_at(deadline, self.connection.hear()).await else {
                panic!("{} waited {patience:?} for {what}: {}", self.name, self.knowledge());
            };
            self.take(heard);
        }
    }

    /// Listens for as long as nobody wants anything of him, as a page does: who answers no ping is closed.
    pub(crate) async fn listen(&mut self) {
        while self.closed.is_none() {
            let heard = self.connection.hear().await;
            self.take(heard);
        }
        pending::<()>().await;
    }

    /// Listens until the server has closed the connection; the answer is its code.
    pub(crate) async fn until_closed(&mut self) -> Option<u16> {
        let deadline = Instant::now() + patience();
        loop {
            if let Some(ended) = &self.closed {
                return ended.code;
            }
            let Ok(heard) = timeout_at(deadline, self.connection.hear()).await else {
                panic!("{} waited for the end: {}", self.name, self.knowledge());
            };
            self.take(heard);
        }
    }

    fn knowledge(&self) -> String {
        let Self { maze, seat, spectating, frames, players, refused, over, chat, mirror, .. } = self;
        format!(
            "{maze:?} {seat:?} spectating {spectating}, {frames} frames, {players:?}, refused {refused:?}, over {over:?}, {chat:?}, newest {:?}",
            mirror.newest()
        )
    }

    fn take(&mut self, heard: Heard) {
        match heard {
            Heard::Frame(bytes) => {
                self.mirror.receive(&bytes).unwrap();
                self.frames += 1;
            }
            Heard::Other(text) => self.texts.push(text),
            Heard::Closed(code) => self.closed = Some(Ended { code }),
            Heard::Message(message) => self.take_message(message),
        }
    }

    fn take_message(&mut self, message: ToClient) {
        match message {
            ToClient::Welcome { you, token, .. } => (self.you, self.token) = (you, token),
            ToClient::Joined { maze, spectating, seat, input } => {
                self.maze = Some(maze);
                (self.spectating, self.seat) = (spectating, seat);
                self.input = self.input.max(input);
            }
            ToClient::Players { players, spectators, .. } => (self.players, self.spectators) = (players, spectators),
            ToClient::Over { points, level } => {
                self.over = Some((points, level));
                self.seat = None;
            }
            ToClient::Chat { channel, lines } => self.chat.extend(lines.into_iter().map(|line| (channel, line))),
            ToClient::Pong { n, seen } => {
                self.pongs.push(n);
                self.seen = seen.or(self.seen.take());
            }
            ToClient::Error { code, .. } => self.refused.push(code),
            ToClient::Bye { .. } => self.bye = true,
            ToClient::Reported { player } => self.reported.push(player),
            ToClient::Board { of, rows, .. } => self.board = Some((of, rows)),
        }
    }
}
