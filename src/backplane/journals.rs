//! The promise of the backplane for journals, three capped streams: faults of all processes and reports of players for whoever runs the service, and
//! who was forgotten, for processes that were not told.
//!
//! Nothing that is played depends on them. A journal keeps its newest entries and says when each came in; the backplane cannot peek.

use bytes::Bytes;

use super::Answer;
use super::Backend;
use super::Backplane;
use super::ChatEntry;
use super::ChatId;

/// Faults that are kept, some 300 bytes each; the oldest makes room.
pub const FAULTS_KEPT: usize = 1_000;
/// Reports that are kept, six kilobytes each at most.
pub const REPORTS_KEPT: usize = 500;
/// Players who were forgotten: after so many more the first of them is no longer known to have been.
pub const FORGOTTEN_KEPT: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// What went wrong in any process.
    Faults,
    /// What players told of each other.
    Reports,
    /// Ids of players who were forgotten, as text, each at the moment up to which he is.
    Forgotten,
}

impl Journal {
    /// Entries that it keeps.
    #[must_use]
    pub const fn kept(self) -> usize {
        match self {
            Self::Faults => FAULTS_KEPT,
            Self::Reports => REPORTS_KEPT,
            Self::Forgotten => FORGOTTEN_KEPT,
        }
    }
}

impl Backplane {
    /// Appends an entry; the newest of [`Journal::kept`] stay. Its id begins with the store's time in milliseconds since 1970.
    pub async fn note(&self, journal: Journal, entry: Bytes) -> Answer<ChatId> {
        match &self.backend {
            Backend::Memory(memory) => memory.note(journal, entry).await,
            Backend::Redis(redis) => Box::pin(redis.note(journal, &entry)).await,
        }
    }

    /// The newest entries since a moment, so many at most, oldest first.
    pub async fn noted(&self, journal: Journal, since_ms: u64, at_most: usize) -> Answer<Vec<ChatEntry>> {
        match &self.backend {
            Backend::Memory(memory) => memory.noted(journal, since_ms, at_most).await,
            Backend::Redis(redis) => Box::pin(redis.noted(journal, since_ms, at_most)).await,
        }
    }

    /// Takes entries out; those that it does not have are no matter.
    pub async fn strike_out(&self, journal: Journal, entries: &[ChatId]) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.strike_out(journal, entries).await,
            Backend::Redis(redis) => Box::pin(redis.strike_out(journal, entries)).await,
        }
    }
}
