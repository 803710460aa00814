//! A leader's account of its commits: which were acknowledged, which are unanswered and since when, and whether the maze's clock may run.

use std::collections::VecDeque;

use bytes::Bytes;
use std::time::Duration;

use tokio::time::Instant;

use super::Ask;
use super::Known;
use super::RESEND_AFTER;
use super::Standing;
use super::UNANSWERED_MAX;
use crate::backplane::Ancestry;
use crate::backplane::Answer;
use crate::backplane::Commit;
use crate::backplane::Record;
use crate::backplane::Verdict;
use crate::wire::Epoch;
use crate::wire::Position;

pub(super) struct Leading {
    pub(super) epoch: Epoch,
    pub(super) claimed: Instant,
    /// Where the epochs before this one ended.
    ancestry: Ancestry,
    acknowledged: (u32, Bytes),
    /// Unanswered, oldest first; as many as ticks fit into `UNANSWERED_MAX`, and one that yields.
    sent: VecDeque<Sent>,
    last_sent: Instant,
}

struct Sent {
    commit: Commit,
    yields: bool,
    first: Instant,
}

/// What an answer means to a leader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Nothing,
    Yielded,
    /// The record is of another epoch, or absent.
    Deposed,
}

impl Leading {
    /// From the record as it was claimed.
    pub(super) fn new(now: Instant, claimed: &Record) -> Self {
        let (epoch, ancestry) = (claimed.position.epoch, claimed.ancestry.clone());
        let acknowledged = (claimed.position.tick, claimed.world.clone());
        Self { epoch, claimed: now, ancestry, acknowledged, sent: VecDeque::new(), last_sent: now }
    }

    pub(super) fn acknowledged(&self) -> Known {
        let (tick, world) = self.acknowledged.clone();
        Known { tick, ancestry: self.ancestry.and(self.position()), world }
    }

    pub(super) fn is_answered(&self) -> bool {
        self.sent.is_empty()
    }

    /// No answer, no time.
    pub(super) fn may_tick(&self, now: Instant) -> bool {
        let yielding = self.sent.back().is_some_and(|sent| sent.yields);
        !yielding && !self.is_unanswered_for(now, UNANSWERED_MAX)
    }

    pub(super) fn is_unanswered_for(&self, now: Instant, so_long: Duration) -> bool {
        self.sent.front().is_some_and(|oldest| now >= oldest.first + so_long)
    }

    pub(super) fn on_sent(&mut self, now: Instant, commit: Commit, yields: bool) {
        assert_eq!(commit.position.epoch, self.epoch, "R1: a leader commits in its own epoch");
        let last = self.sent.back().map_or(self.acknowledged.0, |sent| sent.commit.position.tick);
        assert!(commit.position.tick > last, "R1: ticks only move forward");
        self.sent.push_back(Sent { commit, yields, first: now });
        self.last_sent = now;
    }

    /// The newest unanswered commit, when it is time to send it again.
    pub(super) fn resend(&mut self, now: Instant) -> Option<Ask> {
        let newest = self.sent.back().filter(|_| now >= self.last_sent + RESEND_AFTER)?;
        self.last_sent = now;
        Some(Ask::Resend { commit: newest.commit.clone(), yields: newest.yields })
    }

    pub(super) fn on_answer(&mut self, position: Position, answer: &Answer<Verdict<()>>) -> Heard {
        if position.epoch != self.epoch {
            return Heard::Nothing;
        }
        match answer {
            Err(_) => Heard::Nothing,
            Ok(Verdict::Granted(())) => self.acknowledge(position.tick),
            // An old duplicate, or one that was overtaken: the record still is this leader's.
            Ok(Verdict::Refused { at: Some(at) }) if at.epoch == self.epoch => self.acknowledge(at.tick),
            Ok(Verdict::Refused { .. }) => Heard::Deposed,
        }
    }

    /// To claim over this leader's own record: as acknowledged, with what is under way left to be refused.
    pub(super) fn stand_over_itself(&self, now: Instant) -> Standing {
        Standing::over_itself(now, self.position())
    }

    fn position(&self) -> Position {
        Position { epoch: self.epoch, tick: self.acknowledged.0 }
    }

    fn acknowledge(&mut self, tick: u32) -> Heard {
        let mut heard = Heard::Nothing;
        while self.sent.front().is_some_and(|sent| sent.commit.position.tick <= tick) {
            let Some(sent) = self.sent.pop_front() else { break };
            if sent.commit.position.tick == tick {
                self.acknowledged = (tick, sent.commit.world);
            }
            if sent.yields {
                heard = Heard::Yielded;
            }
        }
        heard
    }
}
