//! What a removal of a player's data asks of Redis: which mazes have keys, and taking lines and poisoned worlds out.

use std::collections::BTreeSet;

use bytes::Bytes;

use super::Redis;
use super::keys;
use crate::backplane::Answer;
use crate::backplane::ChatId;
use crate::backplane::ChatStream;
use crate::wire::MazeId;

/// Keys that a step of the scan looks at, about.
const SCAN_STEP: u32 = 1_000;

impl Redis {
    pub(in crate::backplane) async fn mazes_kept(&self) -> Answer<Vec<MazeId>> {
        let mut mazes = BTreeSet::new();
        let mut cursor = 0_u64;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(keys::OF_MAZES).arg("COUNT").arg(SCAN_STEP);
            let (next, found): (u64, Vec<String>) = self.ask(&scan).await?;
            mazes.extend(found.iter().filter_map(|key| keys::maze_of(key)));
            cursor = next;
            if cursor == 0 {
                return Ok(mazes.into_iter().collect());
            }
        }
    }

    pub(in crate::backplane) async fn chat_remove(&self, stream: &ChatStream, lines: &[ChatId]) -> Answer<()> {
        self.delete(keys::chat(stream), lines).await
    }

    pub(in crate::backplane) async fn aside_remove(&self, maze: &MazeId, world: &Bytes) -> Answer<()> {
        self.ask(redis::cmd("LREM").arg(keys::aside(maze)).arg(0).arg(&world[..])).await
    }
}
