//! The promise of the backplane for black boxes: the last strips of a maze, appended once a second, and a few whole boxes of panics.
//!
//! Nothing that is played depends on them: a strip may be lost, and all of them go when a maze has been still for long. The backplane cannot peek.

use std::time::Duration;

use bytes::Bytes;

use super::Answer;
use super::Backend;
use super::Backplane;
use crate::wire::MazeId;

/// Strips that are kept of a maze: the last minute, and the ten seconds before it in which the whole world lies that it goes on from.
pub const STRIPS_KEPT: usize = 70;
/// Boxes of panics that are kept of a maze; the oldest makes room.
pub const BOXES_KEPT: usize = 3;
/// Of a maze that is still, strips are kept for so long, and boxes of panics after the last of them.
pub(super) const STRIPS_KEPT_FOR: Duration = Duration::from_secs(24 * 3600);
pub(super) const BOXES_KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

impl Backplane {
    /// Appends a strip to a maze's black box; the newest [`STRIPS_KEPT`] stay.
    pub async fn append_strip(&self, maze: &MazeId, strip: Bytes) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.append_strip(maze, strip).await,
            Backend::Redis(redis) => Box::pin(redis.append_strip(maze, &strip)).await,
        }
    }

    /// The strips that are kept of a maze, in the order in which they were appended.
    pub async fn strips(&self, maze: &MazeId) -> Answer<Vec<Bytes>> {
        match &self.backend {
            Backend::Memory(memory) => memory.strips(maze).await,
            Backend::Redis(redis) => Box::pin(redis.strips(maze)).await,
        }
    }

    /// Keeps the black box of a panic; the newest [`BOXES_KEPT`] stay.
    pub async fn keep_black_box(&self, maze: &MazeId, black_box: Bytes) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.keep_black_box(maze, black_box).await,
            Backend::Redis(redis) => Box::pin(redis.keep_black_box(maze, &black_box)).await,
        }
    }

    /// The black boxes of panics that were kept of a maze, oldest first.
    pub async fn black_boxes(&self, maze: &MazeId) -> Answer<Vec<Bytes>> {
        match &self.backend {
            Backend::Memory(memory) => memory.black_boxes(maze).await,
            Backend::Redis(redis) => Box::pin(redis.black_boxes(maze)).await,
        }
    }

    /// Where a person finds the black boxes of a maze's panics after this process is gone; `None` when they go with it.
    #[must_use]
    pub fn black_boxes_key(&self, maze: &MazeId) -> Option<String> {
        match &self.backend {
            Backend::Memory(_) => None,
            Backend::Redis(_) => Some(super::redis::black_boxes_key(maze)),
        }
    }
}
