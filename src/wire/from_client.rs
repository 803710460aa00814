//! What a client says: JSON text, one object a message, named by its `type`. Unknown fields are errors, so that a typing slip is not silence.

use serde::Deserialize;
use serde::Serialize;

use crate::game::grid::Direction;
use crate::wire::MazeId;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum FromClient {
    /// Always first. `token` resumes an identity; `seen` is the newest signed position that this client was shown.
    Hello {
        version: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<String>,
        /// Says of itself that it is a program: it does not keep a maze awake and is marked in the list of players.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        bot: bool,
    },
    /// Take a seat, or take it again after the run is over. Without `maze` the matchmaker chooses. Idempotent.
    Join {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maze: Option<MazeId>,
        name: String,
        /// 0 to 15; without it the server gives a free one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        colour: Option<u8>,
    },
    /// Look on without a seat; gives up the seat of this connection.
    Watch {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maze: Option<MazeId>,
    },
    /// Steer. `n` counts this client's inputs upward from the number that `joined` told.
    Input {
        n: u32,
        dir: Direction,
    },
    Chat {
        channel: Channel,
        text: String,
    },
    /// Hidden (true) or visible again (false).
    Away {
        away: bool,
    },
    /// Answered by a frame with all its sections.
    Refresh,
    /// Answered by `pong` with the same `n`.
    Ping {
        n: u32,
    },
    /// Give up seat and run.
    Leave,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Maze,
    World,
}
