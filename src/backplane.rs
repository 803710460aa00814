//! The promise of the backplane: what processes may rely on, whichever backend keeps it.
//!
//! Records of mazes with claim, commit, yield and read; topics; chat streams; boards; heartbeats. It carries bytes, positions and ids and cannot
//! peek into them. One contract test judges every backend (B1); a slow subscriber loses its oldest and never slows a publisher (B2); a record's
//! epoch and tick only move forward (R1), and a frame is published by the very operation that stores it (R2).

mod memory;

use std::time::Duration;

use bytes::Bytes;

use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::Position;
use crate::wire::from_client::Channel;

/// Messages that a subscriber may lag behind before its oldest are dropped.
pub const SUBSCRIPTION_MESSAGES_MAX: usize = 256;
/// Ticks after a claim from which on an epoch is settled and memory no longer displaces its world.
pub const SETTLED_TICKS: u32 = 300;
/// A node whose heartbeat is older is not listed.
pub const NODE_SILENCE_MAX: Duration = Duration::from_secs(2);

/// One handle for every backend; clones share it.
#[derive(Clone)]
pub struct Backplane {
    backend: Backend,
}

#[derive(Clone)]
enum Backend {
    Memory(memory::Memory),
}

/// No answer, or an error that is as good as none: what was asked may have happened or not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no answer from the backplane: {0}")]
pub struct Unanswered(pub String);

pub type Answer<T> = Result<T, Unanswered>;

/// The stored maze.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub position: Position,
    /// The tick at the last claim.
    pub base_tick: u32,
    pub vacant: bool,
    /// Information only; nothing is decided by it.
    pub owner: NodeId,
    pub world: Bytes,
    /// The last published show.
    pub keyframe: Bytes,
}

/// What a claimer asks for.
#[derive(Clone, Debug)]
pub struct Claim {
    pub owner: NodeId,
    /// The record's position exactly as it was read, `None` for absent.
    pub seen: Option<Position>,
    /// Above the record's; it names this claim, for ever.
    pub epoch: Epoch,
    /// The newest acknowledged world that the claimer knows, with its tick and the show to publish if it wins.
    pub memory: Option<Memory>,
}

#[derive(Clone, Debug)]
pub struct Memory {
    pub tick: u32,
    pub world: Bytes,
    /// A whole show of that world in the claimed epoch.
    pub show: Bytes,
}

#[derive(Clone, Debug)]
pub struct Commit {
    pub position: Position,
    pub world: Bytes,
    /// Published on the maze's `Topic::Down` by the same operation, and kept as the keyframe.
    pub show: Bytes,
}

/// A refusal tells where the record is, or that it is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<T> {
    Granted(T),
    Refused { at: Option<Position> },
}

/// Where a message goes. A maze's topics carry its hash tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Rosters and inputs to a maze's leader.
    Up(MazeId),
    /// Shows to the maze's gateways. Also says when the record became vacant, as an empty message.
    Down(MazeId),
    /// New chat lines of a channel: an encoded [`ChatEntry`].
    Chat(ChatStream),
    /// Mazes that wait for a leader.
    Knock,
}

/// A channel's stream: a maze's own, or the world's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ChatStream {
    Maze(MazeId),
    World,
}

impl ChatStream {
    #[must_use]
    pub fn of(channel: Channel, maze: &MazeId) -> Self {
        match channel {
            Channel::Maze => Self::Maze(maze.clone()),
            Channel::World => Self::World,
        }
    }
}

/// A stream's ids only grow: milliseconds and a counter within them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChatId {
    pub ms: u64,
    pub n: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatEntry {
    pub id: ChatId,
    pub line: Bytes,
}

/// Score boards: higher is better, ties go to who was there first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Board {
    Live(MazeId),
    WorldLive,
    /// Days since 1970 in UTC.
    Day(u32),
    AllTime,
}
