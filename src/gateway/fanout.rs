//! What this gateway shows of one maze: the newest frame, kept sections, who sits where, the chat. Pure.
//!
//! It only moves forward (Y3): a frame or seating that is not newer is dropped, and a new epoch forgets the sections of the old. Each form of a frame
//! is made once, when the first socket asks for it, whatever the audience (K3). Nothing waits in line: sockets look at the newest. Told apart are
//! shows that change the picture only, which a socket's task need not see, and those with news.

use std::sync::Arc;
use std::sync::OnceLock;

use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;

use crate::gateway::chat::ChatLog;
use crate::gateway::chat::text;
use crate::gateway::pipe::Told;
use crate::wire::MazeId;
use crate::wire::Position;
use crate::wire::between_nodes::SeatRow;
use crate::wire::between_nodes::Seating;
use crate::wire::between_nodes::Show;
use crate::wire::frame;
use crate::wire::frame::FRAME_BYTES_MAX;
use crate::wire::frame::Kept;
use crate::wire::to_client::PlayerRow;
use crate::wire::to_client::ToClient;

/// The first byte of a binary message that is whole, and what stands for its length when that needs two bytes (RFC 6455, 5.2).
const WS_BINARY: u8 = 0x82;
const WS_LENGTH_16: u8 = 126;

const _: () = assert!(FRAME_BYTES_MAX <= u16::MAX as usize);

/// All that sockets need of a maze; cloning shares it.
#[derive(Clone, Default)]
pub struct View {
    pub shown: Option<Arc<Shown>>,
    pub seats: Option<Arc<Seats>>,
    pub chat: Arc<ChatLog>,
}

/// One frame with its forms.
pub struct Shown {
    pub position: Position,
    /// Counts the frames shown: who was shown the one before this needs no sections.
    pub serial: u64,
    frame: Bytes,
    core_bytes: usize,
    kept: Kept,
    whole: OnceLock<Bytes>,
    message: OnceLock<Bytes>,
    json: OnceLock<Utf8Bytes>,
    whole_json: OnceLock<Utf8Bytes>,
}

/// Who sits where, with the message that tells it.
pub struct Seats {
    pub seating: Seating,
    /// Counts the seatings whose message differs from the one before.
    pub serial: u64,
    pub message: Utf8Bytes,
}

/// What became of a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Newer {
        new_epoch: bool,
        new_seating: bool,
        /// Beside the picture there is something that sessions or clients have not heard.
        has_news: bool,
    },
    Stale,
    Malformed,
}

/// Takes shows in, for one maze.
pub struct Fanout {
    maze: MazeId,
    view: View,
    kept: Kept,
    serial: u64,
}

impl Fanout {
    #[must_use]
    pub fn new(maze: MazeId) -> Self {
        Self { maze, view: View::default(), kept: Kept::default(), serial: 0 }
    }

    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.view.shown.as_ref().map(|shown| shown.position)
    }

    pub fn take(&mut self, show: Show) -> Taken {
        let Some(split) = frame::split(&show.frame) else { return Taken::Malformed };
        let (position, before) = (split.position, self.position());
        if before.is_some_and(|before| position <= before) {
            return Taken::Stale;
        }
        self.kept.keep(&split);
        self.serial += 1;
        let core_bytes = split.core.len();
        self.view.shown = Some(Arc::new(Shown {
            position,
            serial: self.serial,
            frame: show.frame,
            core_bytes,
            kept: self.kept.clone(),
            whole: OnceLock::new(),
            message: OnceLock::new(),
            json: OnceLock::new(),
            whole_json: OnceLock::new(),
        }));
        let (new_seating, has_news) = show.seating.map_or((false, false), |seating| self.seat(seating));
        Taken::Newer { new_epoch: before.is_none_or(|before| before.epoch != position.epoch), new_seating, has_news }
    }

    /// Whether it is a newer one, and whether it says anything new.
    fn seat(&mut self, seating: Seating) -> (bool, bool) {
        let before = self.view.seats.as_ref();
        if before.is_some_and(|before| seating.at <= before.seating.at) {
            return (false, false);
        }
        let has_news = before.is_none_or(|before| says_more(&before.seating, &seating));
        // What says no more than the one before is told in the same words.
        let message = before.filter(|_| !has_news).map_or_else(|| players_message(&self.maze, &seating), |before| before.message.clone());
        let serial = before.map_or(1, |before| before.serial + u64::from(before.message != message));
        self.view.seats = Some(Arc::new(Seats { seating, serial, message }));
        (true, has_news)
    }

    pub fn chat(&mut self, log: ChatLog) {
        self.view.chat = Arc::new(log);
    }
}

impl Shown {
    /// As the leader made it: its core and perhaps a section.
    #[must_use]
    pub fn frame(&self) -> Bytes {
        self.frame.clone()
    }

    /// With every section that is known.
    #[must_use]
    pub fn whole(&self) -> Bytes {
        self.whole.get_or_init(|| frame::with_sections(&self.frame[..self.core_bytes], &self.kept)).clone()
    }

    /// The frame as it travels: a WebSocket message of its own, the same for every socket.
    #[must_use]
    pub fn message(&self) -> &Bytes {
        self.message.get_or_init(|| as_message(&self.frame))
    }

    #[must_use]
    pub fn told(&self) -> Told {
        Told { serial: self.serial, position: self.position }
    }

    /// `None` when it does not decode, which its leader's tests exclude.
    #[must_use]
    pub fn json(&self) -> Utf8Bytes {
        self.json.get_or_init(|| as_json(&self.frame)).clone()
    }

    #[must_use]
    pub fn whole_json(&self) -> Utf8Bytes {
        self.whole_json.get_or_init(|| as_json(&self.whole())).clone()
    }

    /// By seat the number of the last input that the frame holds, modulo 8.
    #[must_use]
    pub fn numbers(&self) -> Option<[u8; 16]> {
        frame::Frame::decode(&self.frame).ok().map(|frame| frame.numbers)
    }
}

/// Whether a seating tells more than the one before: where it is from and the numbers of inputs apart, which only newcomers need.
fn says_more(before: &Seating, seating: &Seating) -> bool {
    let Seating { at: _, version, spectators, seats, over, full, replaced } = seating;
    let without_number = |row: &SeatRow| SeatRow { n: 0, ..row.clone() };
    (*version, *spectators) != (before.version, before.spectators)
        || (over, full, replaced) != (&before.over, &before.full, &before.replaced)
        || !seats.iter().map(without_number).eq(before.seats.iter().map(without_number))
}

/// A binary message of a server: whole, not masked, its length in one byte or three.
fn as_message(payload: &Bytes) -> Bytes {
    let mut message = Vec::with_capacity(4 + payload.len());
    message.push(WS_BINARY);
    match u8::try_from(payload.len()) {
        Ok(length) if length < WS_LENGTH_16 => message.push(length),
        _ => {
            message.push(WS_LENGTH_16);
            message.extend_from_slice(&(payload.len() as u16).to_be_bytes());
        }
    }
    message.extend_from_slice(payload);
    message.into()
}

fn as_json(bytes: &[u8]) -> Utf8Bytes {
    // A frame that cannot be decoded is told as such; only somebody with a terminal reads this.
    frame::to_json(bytes).unwrap_or_else(|_| r#"{"type":"frame"}"#.to_owned()).into()
}

fn players_message(maze: &MazeId, seating: &Seating) -> Utf8Bytes {
    let row = |row: &SeatRow| PlayerRow {
        seat: row.seat,
        id: row.player,
        name: row.name.clone(),
        colour: row.colour,
        symbol: row.symbol,
        bot: row.bot,
    };
    let players = seating.seats.iter().map(row).collect();
    let version = (seating.version & 15) as u8;
    text(&ToClient::Players { maze: maze.clone(), version, spectators: seating.spectators, players })
}

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
