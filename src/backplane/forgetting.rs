//! What the backplane offers to whoever must remove a player's data: which mazes have kept anything, and taking single things out.
//!
//! It cannot tell whose a line is; that is for the caller, who knows the format. Records are not touched: nobody changes a record under a leader.

use bytes::Bytes;

use super::Answer;
use super::Backend;
use super::Backplane;
use super::ChatId;
use super::ChatStream;
use crate::wire::MazeId;

impl Backplane {
    /// Every maze of which anything is kept, in order of their ids.
    pub async fn mazes_kept(&self) -> Answer<Vec<MazeId>> {
        match &self.backend {
            Backend::Memory(memory) => memory.mazes_kept().await,
            Backend::Redis(redis) => Box::pin(redis.mazes_kept()).await,
        }
    }

    /// Takes lines out of a stream; those that it does not have are no matter.
    pub async fn chat_remove(&self, stream: &ChatStream, lines: &[ChatId]) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.chat_remove(stream, lines).await,
            Backend::Redis(redis) => Box::pin(redis.chat_remove(stream, lines)).await,
        }
    }

    /// No longer keeps this poisoned world.
    pub async fn aside_remove(&self, maze: &MazeId, world: &Bytes) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.aside_remove(maze, world).await,
            Backend::Redis(redis) => Box::pin(redis.aside_remove(maze, world)).await,
        }
    }
}
