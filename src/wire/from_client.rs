//! What a client says: JSON text, one object a message, named by its `type`. Unknown fields are errors, so that a typing slip is not silence.

use serde::Deserialize;
use serde::Serialize;

use crate::game::grid::Direction;
use crate::wire::MazeId;
use crate::wire::PlayerId;
use crate::wire::boards::BoardName;

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
        /// 0 to 15; without it the colour's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        symbol: Option<u8>,
    },
    /// Look on without a seat; gives up the seat of this connection.
    Watch {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maze: Option<MazeId>,
        /// On a tour: the next of the busiest mazes after the one that is followed; `maze` counts only when none is.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        next: bool,
    },
    /// Steer. `n` counts this client's inputs upward from the number that `joined` told.
    Input { n: u32, dir: Direction },
    /// Says `text`, or a quick phrase by its number: exactly one of the two.
    Chat {
        channel: Channel,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phrase: Option<u8>,
    },
    /// Hidden (true) or visible again (false).
    Away { away: bool },
    /// Answered by a frame with all its sections.
    Refresh,
    /// Answered by `pong` with the same `n`.
    Ping { n: u32 },
    /// Give up seat and run.
    Leave,
    /// Answered by `board` of the same name.
    Board { of: BoardName },
    /// Tell whoever runs the service of a player; answered by `reported`.
    Report {
        player: PlayerId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Maze,
    World,
}

/// What somebody is reported for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// What he writes.
    Chat,
    /// What he calls himself.
    Name,
    /// How he plays.
    Play,
}

impl Reason {
    pub const ALL: [Self; 3] = [Self::Chat, Self::Name, Self::Play];

    /// Its name on the wire and in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Name => "name",
            Self::Play => "play",
        }
    }
}

/// Why a client's text is no message; each ends the connection with `Close::BadMessage` and is counted by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMessage {
    #[error("malformed json")]
    MalformedJson,
    #[error("unknown type")]
    UnknownType,
    #[error("wrong shape")]
    WrongShape,
}

impl BadMessage {
    pub const ALL: [Self; 3] = [Self::MalformedJson, Self::UnknownType, Self::WrongShape];

    /// Its name in metrics and in the reason of the close.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MalformedJson => "malformed_json",
            Self::UnknownType => "unknown_type",
            Self::WrongShape => "wrong_shape",
        }
    }
}

impl FromClient {
    /// The `type` of every message that there is.
    pub const TYPES: [&str; 11] = ["hello", "join", "watch", "input", "chat", "away", "refresh", "ping", "leave", "board", "report"];

    /// The only way from text to a message. It looks at the shape; names and chat lines are `names`' to judge.
    pub fn parse(text: &str) -> Result<Self, BadMessage> {
        match serde_json::from_str(text) {
            Ok(Self::Refresh | Self::Leave) if has_more_than_a_type(text) => Err(BadMessage::WrongShape),
            Ok(message) => Ok(message),
            Err(error) if error.is_data() => Err(shape_error(text)),
            Err(_) => Err(BadMessage::MalformedJson),
        }
    }
}

/// Serde passes over the unknown fields of a message that has none of its own, so they are looked for here.
fn has_more_than_a_type(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok_and(|fields| fields.len() > 1)
}

/// Tells apart what a newer client may say from what is wrong in itself. An error of shape may come before the end of the text, so the rest
/// may still be no JSON at all.
fn shape_error(text: &str) -> BadMessage {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return BadMessage::MalformedJson };
    match value.get("type").and_then(serde_json::Value::as_str) {
        Some(name) if !FromClient::TYPES.contains(&name) => BadMessage::UnknownType,
        _ => BadMessage::WrongShape,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_kind_of_bad_message_is_told_apart() {
        for (text, error) in [
            ("", BadMessage::MalformedJson),
            ("{", BadMessage::MalformedJson),
            ("{\"type\":\"ping\",\"n\":1} x", BadMessage::MalformedJson),
            ("[1,", BadMessage::MalformedJson),
            ("[]", BadMessage::WrongShape),
            ("7", BadMessage::WrongShape),
            ("{}", BadMessage::WrongShape),
            ("{\"type\":7}", BadMessage::WrongShape),
            ("{\"type\":\"teleport\"}", BadMessage::UnknownType),
            ("{\"type\":\"ping\"}", BadMessage::WrongShape),
            ("{\"type\":\"ping\",\"n\":-1}", BadMessage::WrongShape),
            ("{\"type\":\"ping\",\"n\":1,\"m\":1}", BadMessage::WrongShape),
            ("{\"type\":\"refresh\",\"m\":1}", BadMessage::WrongShape),
            ("{\"type\":\"leave\",\"m\":1}", BadMessage::WrongShape),
            ("{\"type\":\"input\",\"n\":1,\"dir\":\"north\"}", BadMessage::WrongShape),
            ("{\"type\":\"join\",\"name\":\"a\",\"maze\":\"A maze\"}", BadMessage::WrongShape),
        ] {
            assert_eq!(FromClient::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn w1_deep_nesting_is_an_error_and_no_overflow() {
        assert_eq!(FromClient::parse(&"[".repeat(2048)), Err(BadMessage::MalformedJson));
        let nested = format!("{{\"type\":\"ping\",\"n\":{}", "[".repeat(2000));
        assert_eq!(FromClient::parse(&nested), Err(BadMessage::MalformedJson));
    }

    proptest! {
        #[test]
        fn w1_no_text_panics(text in ".{0,200}") {
            let _ = FromClient::parse(&text);
        }
    }
}
