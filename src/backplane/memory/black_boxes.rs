//! Black boxes within one process, for as many mazes as were played last; they go with the process.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use bytes::Bytes;

use super::super::black_boxes::BOXES_KEPT;
use super::super::black_boxes::STRIPS_KEPT;
use super::Answer;
use super::Memory;
use super::Operation;
use crate::wire::MazeId;

/// Mazes whose strips are kept, some 15 kB each; who was appended to least recently makes room.
const MAZES_MAX: usize = 1_024;

#[derive(Default)]
pub(super) struct BlackBoxes {
    live: BTreeMap<MazeId, Live>,
    kept: BTreeMap<MazeId, VecDeque<Bytes>>,
    appended: u64,
}

#[derive(Default)]
struct Live {
    strips: VecDeque<Bytes>,
    /// Which append was the last one.
    last: u64,
}

impl BlackBoxes {
    fn append(&mut self, maze: &MazeId, strip: Bytes) {
        self.appended += 1;
        let live = self.live.entry(maze.clone()).or_default();
        live.last = self.appended;
        push(&mut live.strips, strip, STRIPS_KEPT);
        if self.live.len() > MAZES_MAX {
            let stillest = self.live.iter().min_by_key(|(_, live)| live.last).map(|(maze, _)| maze.clone());
            stillest.map(|maze| self.live.remove(&maze));
        }
    }

    fn keep(&mut self, maze: &MazeId, black_box: Bytes) {
        if self.kept.len() < MAZES_MAX || self.kept.contains_key(maze) {
            push(self.kept.entry(maze.clone()).or_default(), black_box, BOXES_KEPT);
        }
    }
}

fn push(kept: &mut VecDeque<Bytes>, bytes: Bytes, at_most: usize) {
    kept.push_back(bytes);
    if kept.len() > at_most {
        kept.pop_front();
    }
}

impl Memory {
    pub(in super::super) async fn append_strip(&self, maze: &MazeId, strip: Bytes) -> Answer<()> {
        self.ask(Operation::Other, |state| state.black_boxes.append(maze, strip)).await
    }

    pub(in super::super) async fn strips(&self, maze: &MazeId) -> Answer<Vec<Bytes>> {
        self.ask(Operation::Other, |state| state.black_boxes.live.get(maze).map(|live| live.strips.iter().cloned().collect()))
            .await
            .map(Option::unwrap_or_default)
    }

    pub(in super::super) async fn keep_black_box(&self, maze: &MazeId, black_box: Bytes) -> Answer<()> {
        self.ask(Operation::Other, |state| state.black_boxes.keep(maze, black_box)).await
    }

    pub(in super::super) async fn black_boxes(&self, maze: &MazeId) -> Answer<Vec<Bytes>> {
        self.ask(Operation::Other, |state| state.black_boxes.kept.get(maze).map(|kept| kept.iter().cloned().collect()))
            .await
            .map(Option::unwrap_or_default)
    }
}
