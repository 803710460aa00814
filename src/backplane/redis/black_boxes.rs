//! Black boxes on Redis: two capped lists a maze, one of strips and one of boxes of panics, each with a time to live, since nothing depends on them.
//!
//! Appending, cutting and renewing travel as one transaction, so that a list is never longer than its cap for others to see.

use std::time::Duration;

use bytes::Bytes;

use super::super::black_boxes::BOXES_KEPT;
use super::super::black_boxes::BOXES_KEPT_FOR;
use super::super::black_boxes::STRIPS_KEPT;
use super::super::black_boxes::STRIPS_KEPT_FOR;
use super::Answer;
use super::Redis;
use super::keys;
use super::signed;
use crate::wire::MazeId;

impl Redis {
    pub(in super::super) async fn append_strip(&self, maze: &MazeId, strip: &Bytes) -> Answer<()> {
        self.push(&keys::black_box(maze), strip, STRIPS_KEPT, STRIPS_KEPT_FOR).await
    }

    pub(in super::super) async fn strips(&self, maze: &MazeId) -> Answer<Vec<Bytes>> {
        self.list(keys::black_box(maze)).await
    }

    pub(in super::super) async fn keep_black_box(&self, maze: &MazeId, black_box: &Bytes) -> Answer<()> {
        self.push(&keys::black_boxes(maze), black_box, BOXES_KEPT, BOXES_KEPT_FOR).await
    }

    pub(in super::super) async fn black_boxes(&self, maze: &MazeId) -> Answer<Vec<Bytes>> {
        self.list(keys::black_boxes(maze)).await
    }

    async fn push(&self, key: &str, bytes: &Bytes, at_most: usize, kept_for: Duration) -> Answer<()> {
        let mut pushing = redis::pipe();
        pushing.atomic().cmd("RPUSH").arg(key).arg(&bytes[..]).ignore();
        pushing.cmd("LTRIM").arg(key).arg(-signed(at_most)).arg(-1).ignore();
        pushing.cmd("EXPIRE").arg(key).arg(kept_for.as_secs()).ignore();
        self.messages.ask_all(&pushing).await
    }
}
