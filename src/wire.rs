//! The language: every message that travels and every byte that is stored, with its bounds. No IO.
//!
//! Decoding never panics, never allocates beyond the message and rejects trailing bytes (W1); decode(encode(x)) = x, and JavaScript agrees on
//! the golden vectors (W2). PROTOCOL.md tells the same to people; whoever changes one changes both and adds to `tests/golden`.

pub mod between_nodes;
pub mod black_box;
pub mod boards;
pub mod close;
pub mod frame;
pub mod from_client;
pub mod names;
pub mod phrases;
pub mod record;
pub mod to_client;

mod sealed;

use std::str::FromStr;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Visitor;

/// Parts of the law that messages are made of, for those who may not name the law.
pub use crate::game::grid::Direction;
pub use crate::game::scene::Seat;

/// The protocol spoken with clients; a page that says another is told to reload itself.
pub const PROTOCOL_VERSION: u32 = 1;
/// Bytes of one message from a client at most: 200 Hangul, each escaped as six bytes, fit with their envelope.
pub const CLIENT_MESSAGE_BYTES_MAX: usize = 2048;
/// Visible characters of a player's name, after trimming.
pub const NAME_CHARS_MAX: usize = 16;
/// Characters of a chat line, after trimming.
pub const CHAT_CHARS_MAX: usize = 200;
/// Chat lines that a channel remembers.
pub const CHAT_HISTORY_LINES: usize = 50;
/// Colours of the palette that a player may choose from, by number.
pub const COLOURS: u8 = 16;
/// Symbols, each a hat on the player's head, that he may choose from, by number.
pub const SYMBOLS: u8 = 16;
/// Characters of a maze id.
pub const MAZE_ID_BYTES_MAX: usize = 24;
/// Ticks of 1/60 s between two frames at most.
pub const BEAT_TICKS: u32 = 6;

/// The name of a maze: 1 to 24 of `a-z`, `0-9` and `-`. Those that begin with `open-` belong to the matchmaker.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MazeId(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a maze id is 1 to 24 of a-z, 0-9 and -")]
pub struct BadMazeId;

impl MazeId {
    /// What the ids of mazes begin with that the matchmaker opens and fills.
    pub const OPEN_PREFIX: &str = "open-";

    /// # Errors
    /// When `text` is not 1 to 24 of `a-z`, `0-9` and `-`.
    pub fn parse(text: &str) -> Result<Self, BadMazeId> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=MAZE_ID_BYTES_MAX).contains(&text.len());
        if fits && text.bytes().all(allowed) { Ok(Self(text.to_owned())) } else { Err(BadMazeId) }
    }

    /// The n-th maze that the matchmaker opens.
    #[must_use]
    pub fn open(number: u32) -> Self {
        Self(format!("{}{number}", Self::OPEN_PREFIX))
    }

    /// Whether the matchmaker may send strangers here.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.starts_with(Self::OPEN_PREFIX)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MazeId {
    type Error = BadMazeId;

    fn try_from(text: String) -> Result<Self, BadMazeId> {
        Self::parse(&text)
    }
}

impl From<MazeId> for String {
    fn from(id: MazeId) -> Self {
        id.0
    }
}

impl std::fmt::Display for MazeId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// A player's public id: random, anonymous, 64 bits; sixteen hexadecimal digits where people read it. Only the token proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlayerId(pub u64);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a player id is sixteen hexadecimal digits")]
pub struct BadPlayerId;

impl FromStr for PlayerId {
    type Err = BadPlayerId;

    fn from_str(text: &str) -> Result<Self, BadPlayerId> {
        if text.len() != 16 || text.bytes().any(|byte| !byte.is_ascii_hexdigit()) {
            return Err(BadPlayerId);
        }
        u64::from_str_radix(text, 16).map(Self).map_err(|_| BadPlayerId)
    }
}

impl PlayerId {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";

    /// Without memory of its own: a maze's record has one for each player at every commit.
    fn digits(self) -> [u8; 16] {
        let mut rest = self.0;
        std::array::from_fn(|_| {
            rest = rest.rotate_left(4);
            Self::DIGITS[(rest & 15) as usize]
        })
    }
}

impl std::fmt::Display for PlayerId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

impl Serialize for PlayerId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for PlayerId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Digits)
    }
}

/// Reads a player's id where it lies.
struct Digits;

impl Visitor<'_> for Digits {
    type Value = PlayerId;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("sixteen hexadecimal digits")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<PlayerId, E> {
        text.parse().map_err(E::custom)
    }
}

/// The name of a process: 1 to 32 of `a-z`, `0-9` and `-`, drawn at its start.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub String);

impl std::fmt::Display for NodeId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// One claim of a maze, for ever: a number that only grows in the upper 20 bits and a random nonce in the lower 12.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub u32);

impl Epoch {
    pub const NONCE_BITS: u32 = 12;
    pub const NUMBER_MAX: u32 = (1 << 20) - 1;

    /// # Panics
    /// When `number` does not fit its 20 bits; a maze would have to be claimed a million times.
    #[must_use]
    pub fn new(number: u32, nonce: u32) -> Self {
        assert!(number <= Self::NUMBER_MAX, "epoch number {number} is beyond 20 bits");
        Self(number << Self::NONCE_BITS | nonce & ((1 << Self::NONCE_BITS) - 1))
    }

    #[must_use]
    pub const fn number(self) -> u32 {
        self.0 >> Self::NONCE_BITS
    }
}

/// Where a maze has got to; compared epoch first. It only ever moves forward: at the store, at every gateway, at every client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub epoch: Epoch,
    pub tick: u32,
}
