//! What is kept of a maze and what is asked of it: the record, claims and commits on it, and the ancestry of a world.
//!
//! An epoch names one claim and one world (R1), so a world is told by the positions at which it changed hands. Who keeps records, and how, is
//! `memory/records.rs` and the scripts of `redis`.

use std::fmt;

use bytes::Bytes;

use crate::wire::Epoch;
use crate::wire::NodeId;
use crate::wire::Position;

/// Changes of hands that a record remembers. The last seconds are what a store can lose, and a maze changes hands once or twice in them.
const ANCESTORS_MAX: usize = 8;

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
    /// Where the epochs before this one ended.
    pub ancestry: Ancestry,
}

impl Record {
    /// Up to which tick its world is the same as one of that ancestry. With nothing in common it counts from the first change of hands that it knows
    /// of.
    #[must_use]
    pub fn parted_from(&self, other: &Ancestry) -> u32 {
        let mine = self.ancestry.0.iter().chain([&self.position]);
        let shared = mine.filter_map(|at| Some(other.shares(at.epoch)?.min(at.tick))).max();
        shared.unwrap_or_else(|| self.ancestry.0.first().map_or(self.base_tick, |first| first.tick))
    }
}

/// What a claimer asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub owner: NodeId,
    /// The record's position exactly as it was read, `None` for absent.
    pub seen: Option<Position>,
    /// Above the record's; it names this claim, for ever.
    pub epoch: Epoch,
    /// The newest acknowledged world that the claimer knows, with its tick and the show to publish if it wins.
    pub memory: Option<Memory>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    pub tick: u32,
    /// Of this world; its own position is the last of it.
    pub ancestry: Ancestry,
    pub world: Bytes,
    /// A whole show of that world in the claimed epoch.
    pub show: Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
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

/// The positions at which a world changed hands, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ancestry(Vec<Position>);

impl Ancestry {
    pub const LEN_MAX: usize = ANCESTORS_MAX;

    /// The same, with one more change of hands; the oldest makes room.
    #[must_use]
    pub fn and(&self, at: Position) -> Self {
        let forgotten = (self.0.len() + 1).saturating_sub(ANCESTORS_MAX);
        Self(self.0.iter().copied().skip(forgotten).chain([at]).collect())
    }

    /// Up to which tick a world of this ancestry is the same as that of `epoch`, if it is known to descend from it.
    #[must_use]
    pub fn shares(&self, epoch: Epoch) -> Option<u32> {
        self.0.iter().filter(|at| at.epoch == epoch).map(|at| at.tick).max()
    }

    /// What [`fmt::Display`] writes; what is not a position is left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let position = |word: &str| {
            let (epoch, tick) = word.split_once(':')?;
            Some(Position { epoch: Epoch(epoch.parse().ok()?), tick: tick.parse().ok()? })
        };
        text.split(' ').filter_map(position).fold(Self::default(), |ancestry, at| ancestry.and(at))
    }
}

/// As `claim.lua` reads and writes it: `epoch:tick`, with spaces between.
impl fmt::Display for Ancestry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, at) in self.0.iter().enumerate() {
            write!(f, "{}{}:{}", if n == 0 { "" } else { " " }, at.epoch.0, at.tick)?;
        }
        Ok(())
    }
}
