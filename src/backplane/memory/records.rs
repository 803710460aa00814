//! The records of mazes and the operations on them: a compare-and-swap on (epoch, tick). No lock, no time.
//!
//! A record's epoch and its tick each only move forward, and an epoch names one claim (R1). Each operation says what to publish, so that the
//! caller does it under the same lock (R2).

use std::collections::BTreeMap;

use bytes::Bytes;

use super::super::Ancestry;
use super::super::Answer;
use super::super::Claim;
use super::super::Commit;
use super::super::Memory;
use super::super::Record;
use super::super::SET_ASIDE_MAX;
use super::super::SETTLED_TICKS;
use super::super::Unanswered;
use super::super::Verdict;
use crate::wire::MazeId;
use crate::wire::Position;

/// Mazes that one process keeps at most: some 2 kB each. Nothing is ever deleted, since a record is what a maze is.
const RECORDS_MAX: usize = 16_384;

#[derive(Default)]
pub(super) struct Records {
    records: BTreeMap<MazeId, Record>,
    aside: BTreeMap<MazeId, Vec<Bytes>>,
}

impl Records {
    pub(super) fn of(&self, maze: &MazeId) -> Option<&Record> {
        self.records.get(maze)
    }

    /// The verdict, and the show to publish.
    ///
    /// # Errors
    /// When one more maze would be too many.
    pub(super) fn claim(&mut self, maze: &MazeId, claim: Claim) -> Answer<(Verdict<Record>, Option<Bytes>)> {
        let here = self.records.get(maze);
        if let Some(record) = here.filter(|record| record.position.epoch == claim.epoch) {
            return Ok((Verdict::Granted(record.clone()), None));
        }
        let at = here.map(|record| record.position);
        if at != claim.seen || at.is_some_and(|at| claim.epoch <= at.epoch) {
            return Ok((Verdict::Refused { at }, None));
        }
        if here.is_none() && self.records.len() >= RECORDS_MAX {
            return Err(Unanswered(format!("{RECORDS_MAX} mazes are kept, and no more fit")));
        }
        let newer = claim.memory.filter(|memory| here.is_none_or(|record| displaces(memory, record)));
        let (tick, world, keyframe, ancestry) = match (&newer, here) {
            (Some(memory), _) => (memory.tick, memory.world.clone(), memory.show.clone(), memory.ancestry.clone()),
            (None, Some(record)) => {
                (record.position.tick, record.world.clone(), record.keyframe.clone(), record.ancestry.and(record.position))
            }
            (None, None) => (0, Bytes::new(), Bytes::new(), Ancestry::default()),
        };
        let position = Position { epoch: claim.epoch, tick };
        let record = Record { position, base_tick: tick, vacant: false, owner: claim.owner, world, keyframe, ancestry };
        self.records.insert(maze.clone(), record.clone());
        Ok((Verdict::Granted(record), newer.map(|memory| memory.show)))
    }

    /// The verdict, and the show to publish.
    pub(super) fn commit(&mut self, maze: &MazeId, commit: Commit, vacate: bool) -> (Verdict<()>, Option<Bytes>) {
        let Some(record) = self.records.get_mut(maze) else { return (Verdict::Refused { at: None }, None) };
        let at = record.position;
        if commit.position.epoch != at.epoch || commit.position.tick < at.tick {
            return (Verdict::Refused { at: Some(at) }, None);
        }
        if commit.position.tick == at.tick {
            return (Verdict::Granted(()), None);
        }
        record.position = commit.position;
        record.vacant = vacate;
        record.world = commit.world;
        record.keyframe = commit.show.clone();
        (Verdict::Granted(()), Some(commit.show))
    }

    /// The oldest makes room.
    pub(super) fn set_aside(&mut self, maze: &MazeId, world: Bytes) {
        let kept = self.aside.entry(maze.clone()).or_default();
        if kept.len() == SET_ASIDE_MAX {
            kept.remove(0);
        }
        kept.push(world);
    }

    pub(super) fn aside(&self, maze: &MazeId) -> Vec<Bytes> {
        self.aside.get(maze).cloned().unwrap_or_default()
    }

    pub(super) fn aside_remove(&mut self, maze: &MazeId, world: &Bytes) {
        if let Some(kept) = self.aside.get_mut(maze) {
            kept.retain(|other| other != world);
        }
    }

    /// Every maze of which anything is kept.
    pub(super) fn mazes(&self) -> impl Iterator<Item = &MazeId> {
        self.records.keys().chain(self.aside.keys())
    }

    pub(super) fn fault(&mut self, maze: &MazeId, back_to: Option<Record>) {
        match back_to {
            Some(record) => self.records.insert(maze.clone(), record),
            None => self.records.remove(maze),
        };
    }
}

/// Whether a memory is to be believed rather than the record: it goes further, and what the record has played that the memory does not hold, in
/// however many epochs, is not settled.
fn displaces(memory: &Memory, record: &Record) -> bool {
    let at = record.position;
    memory.tick > at.tick && at.tick < record.parted_from(&memory.ancestry).saturating_add(SETTLED_TICKS)
}
