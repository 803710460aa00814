//! The rules of the table in ARCHITECTURE.md, each of which can be broken from outside: what a worker asks or is told, and what the store does,
//! is bent on its way. The code that keeps the rules has no switches.

use bytes::Bytes;
use futures_util::FutureExt;

use super::cluster::Cluster;
use crate::backplane::Ancestry;
use crate::backplane::Answer;
use crate::backplane::Claim;
use crate::backplane::Commit;
use crate::backplane::Record;
use crate::backplane::Topic;
use crate::backplane::Verdict;
use crate::wire::Epoch;
use crate::wire::NodeId;
use crate::wire::Position;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// A claim draws an epoch that nobody else can draw.
    Unique,
    /// A leader without an answer sends its newest commit again.
    Retry,
    /// A commit at the record's own position is granted, and a refusal says whether the epoch still is the asker's.
    Idempotent,
    /// A claim succeeds only on exactly what was seen.
    Exact,
    /// A commit extends only the epoch that it was claimed in.
    Own,
    /// A claim brings what its worker has seen acknowledged.
    Memory,
    /// An epoch's number is above all that rosters tell of.
    Heard,
    /// What a memory descends from does not stand against it, however old its epoch.
    Descent,
    /// Play that is settled is not displaced by a memory that does not hold it.
    Settled,
    /// Without answers the clock stands.
    NoTime,
}

impl Cluster {
    pub(super) fn breaks(&self, rule: Rule) -> bool {
        self.broken == Some(rule)
    }

    /// The store's claim, as bent by the broken rule.
    pub(super) fn claim_at_store(&mut self, mut claim: Claim) -> Verdict<Record> {
        let here = self.record.as_ref().map(|record| record.position);
        if self.breaks(Rule::Exact) && self.record.as_ref().is_none_or(|record| record.vacant) {
            claim.seen = here;
        }
        if self.breaks(Rule::Memory) {
            claim.memory = None;
        }
        if let Some(memory) = &mut claim.memory {
            if self.breaks(Rule::Descent) {
                memory.ancestry = Ancestry::default();
            }
            if let Some(here) = here.filter(|_| self.breaks(Rule::Settled)) {
                memory.ancestry = memory.ancestry.and(here);
            }
        }
        self.backplane.claim(&self.maze, claim).now_or_never().unwrap().unwrap()
    }

    /// The store's commit likewise; and whether a refusal was one in the asker's own epoch.
    pub(super) fn commit_at_store(&mut self, commit: Commit, yields: bool) -> (Answer<Verdict<()>>, bool) {
        let here = self.record.as_ref().map(|record| record.position);
        let position = commit.position;
        if self.breaks(Rule::Own) && here.is_none_or(|here| position.epoch != here.epoch && position > here) {
            self.store_whatever_is_newer(commit, yields);
            return (Ok(Verdict::Granted(())), false);
        }
        let done = if yields {
            self.backplane.yield_to_vacant(&self.maze, commit).now_or_never()
        } else {
            self.backplane.commit(&self.maze, commit).now_or_never()
        };
        let own = here.filter(|here| here.epoch == position.epoch && position.tick <= here.tick);
        match (done.unwrap(), own) {
            (_, Some(here)) if self.breaks(Rule::Idempotent) => {
                let somebody = Position { epoch: Epoch::new(here.epoch.number() + 1, 0), ..here };
                (Ok(Verdict::Refused { at: Some(somebody) }), true)
            }
            (answer, own) => (answer, own.is_some()),
        }
    }

    fn store_whatever_is_newer(&mut self, commit: Commit, vacant: bool) {
        let Commit { position, world, show } = commit;
        let owner = NodeId("whoever".to_owned());
        let ancestry = Ancestry::default();
        let record = Record { position, base_tick: position.tick, vacant, owner, world, keyframe: show.clone(), ancestry };
        self.backplane.fault_record(&self.maze, Some(record)).now_or_never().unwrap().unwrap();
        for message in [Some(show), vacant.then(Bytes::new)].into_iter().flatten() {
            self.backplane.publish(Topic::Down(self.maze.clone()), message).now_or_never().unwrap().unwrap();
        }
    }
}
