//! What a server says to a client as JSON text. Frames are binary and live in `frame`; with `?frames=json` they come as `{"type":"frame",…}`.

use serde::Deserialize;
use serde::Serialize;

use crate::game::scene::Seat;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::boards::BoardLine;
use crate::wire::boards::BoardName;
use crate::wire::from_client::Channel;
use crate::wire::phrases::Words;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ToClient {
    /// The answer to `hello`. The token is kept by the client and resumes this identity anywhere.
    Welcome { version: u32, you: PlayerId, token: String, instance: NodeId },
    /// The connection now follows this maze. `seat` is told once it is committed; until then, and for spectators, it is absent.
    /// `input` is the last input number known of this player; `spectating` whether he asked to look on.
    Joined {
        maze: MazeId,
        spectating: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seat: Option<Seat>,
        input: u32,
    },
    /// Everybody seated in the maze, whole; `version` is the low four bits that frames carry.
    Players { maze: MazeId, version: u8, spectators: u32, players: Vec<PlayerRow> },
    /// The run of this client's player is over; he is a spectator now. `join` again for a new run.
    Over { points: u32, level: u16 },
    /// New lines of a channel, oldest first; ids only grow. After `joined` the last lines that the channel remembers.
    Chat { channel: Channel, lines: Vec<ChatLine> },
    /// `seen` is a signed position, to be brought along in the next `hello`.
    Pong {
        n: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<String>,
    },
    /// A score board, best first, as it was within the last second. `maze` is told of that maze's board, `day` of today's: its date in UTC.
    Board {
        of: BoardName,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maze: Option<MazeId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<String>,
        rows: Vec<BoardLine>,
    },
    /// The report of this player is written down.
    Reported { player: PlayerId },
    /// Something was refused, and the connection goes on. `code` is one of the names in `Refusal`.
    Error { code: Refusal, message: String },
    /// Come back after so many milliseconds, to any gateway; the socket closes right after.
    Bye { retry_ms: u32 },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlayerRow {
    pub seat: Seat,
    pub id: PlayerId,
    pub name: String,
    pub colour: u8,
    pub symbol: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bot: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatLine {
    /// Grows along the channel; two parts, milliseconds and a counter, as Redis streams number them.
    pub id: String,
    pub from: PlayerId,
    pub name: String,
    #[serde(flatten)]
    pub words: Words,
}

/// What a client is told when one request is refused but the connection goes on; counted in `/metrics` by the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    BadName,
    BadColour,
    BadSymbol,
    BadChat,
    ChatTooFast,
    /// Chat, input, away or refresh without having joined.
    NotJoined,
    /// The maze was full; the message names the neighbour that was joined in its place.
    MazeFull,
    /// A join or watch while too many came from this connection.
    JoinTooFast,
    /// Boards were asked for while too many were by this connection.
    BoardsTooFast,
    /// A report while too many came from this connection, or from everybody here.
    ReportsTooFast,
    /// A report of somebody who neither plays nor has written where the client is, or of himself.
    NoSuchPlayer,
    /// The service cannot do it now.
    Unavailable,
}

impl Refusal {
    /// Its name on the wire and in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadName => "bad_name",
            Self::BadColour => "bad_colour",
            Self::BadSymbol => "bad_symbol",
            Self::BadChat => "bad_chat",
            Self::ChatTooFast => "chat_too_fast",
            Self::NotJoined => "not_joined",
            Self::MazeFull => "maze_full",
            Self::JoinTooFast => "join_too_fast",
            Self::BoardsTooFast => "boards_too_fast",
            Self::ReportsTooFast => "reports_too_fast",
            Self::NoSuchPlayer => "no_such_player",
            Self::Unavailable => "unavailable",
        }
    }
}
