//! Whether this worker leads a maze: the rules of section "Leadership" of ARCHITECTURE.md, one maze, no IO, time as an argument.
//!
//! The shell asks `decide` what to ask of the backplane, tells the answers, and ticks while `may_tick`. What a player has seen is stored, a
//! deposed leader cannot publish, and a leader whose commits are not answered lets the maze's clock stand rather than run ahead of what is
//! stored (R1, R2). An epoch is drawn for one claim and never used for another.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

mod leading;
mod standing;
#[cfg(test)]
mod tests;

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::backplane::Ancestry;
use crate::backplane::Answer;
use crate::backplane::Commit;
use crate::backplane::Record;
use crate::backplane::Verdict;
use crate::wire::Epoch;
use crate::wire::Position;
use crate::worker::ranking::Rank;
use leading::Heard;
use leading::Leading;
use standing::Standing;

/// A leader commits at least every 100 ms, so one that has not for so long is not there.
pub(crate) const PATIENCE: Duration = Duration::from_millis(300);
/// How long a standby leaves the maze to a leader that may hold more than the record does.
pub(crate) const GRACE: Duration = Duration::from_secs(2);
/// Unanswered commits are at most this old; then the maze's clock stands.
pub(crate) const UNANSWERED_MAX: Duration = Duration::from_millis(250);
/// While a commit has been unanswered for so long, there is more to do than is done, and frames go out at the beat only.
pub(crate) const ANSWER_SLOW: Duration = Duration::from_millis(50);
/// The newest unanswered commit is sent again when nothing was sent for so long.
pub(crate) const RESEND_AFTER: Duration = Duration::from_millis(120);
/// How often a standby reads the position.
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(50);
/// The same while nobody wants the maze.
pub(crate) const LOOK_SELDOM: Duration = Duration::from_millis(500);
/// A maze is wanted while its gateways say so, every 500 ms.
pub(crate) const WANTED_FOR: Duration = Duration::from_millis(1500);
/// A leader keeps a maze for so long before it hands it over; twice as long after each hand-over that was not taken.
pub(crate) const HAND_OVER_WAIT_MIN: Duration = Duration::from_secs(1);
pub(crate) const HAND_OVER_WAIT_MAX: Duration = Duration::from_secs(64);

const _: () = assert!(UNANSWERED_MAX.as_millis() < PATIENCE.as_millis(), "a leader stops before a standby takes over");
const _: () = assert!(GRACE.as_millis() > 3 * 500, "grace outlasts the period of heartbeats and rosters");

/// A world that the store acknowledged, whatever became of it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) tick: u32,
    /// Of this world; its own position is the last of it.
    pub(crate) ancestry: Ancestry,
    pub(crate) world: Bytes,
}

/// What to ask of the backplane. At most one look or claim is under way at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Look,
    Claim {
        seen: Option<Position>,
        epoch: Epoch,
        memory: Option<Known>,
    },
    /// The newest commit again, byte for byte.
    Resend {
        commit: Commit,
        yields: bool,
    },
}

/// What an answer changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Same,
    /// No longer the leader: the ticks go on elsewhere.
    StoodDown,
    /// The maze was handed over as wanted.
    Yielded,
}

/// How a claim went, as far as the shell can tell.
#[derive(Clone, Debug)]
pub(crate) enum Claimed {
    Answered(Verdict<Record>),
    Unanswered,
    /// The record is of a version that this worker cannot read; nothing was asked.
    Unreadable,
}

pub(crate) struct Leadership {
    state: State,
    /// The highest epoch number heard of: from records, rosters and own claims.
    heard_number: u32,
    /// The newest position heard of: from records and rosters.
    known: Option<Position>,
    /// The newest world that was acknowledged to this worker, kept when it stood down.
    memory: Option<Known>,
    /// Any roster at all has come, so that an absent record of which none speaks is really new.
    roster_heard: bool,
    wanted: Option<Wanted>,
    hand_over_wait: Duration,
    /// The epoch in which this worker yielded; a claim right over it was a hand-over that nobody took.
    yielded: Option<Epoch>,
}

enum State {
    Standing(Standing),
    Claiming { epoch: Epoch, standing: Standing },
    Leading(Leading),
}

#[derive(Clone, Copy)]
struct Wanted {
    since: Instant,
    last: Instant,
}

impl Leadership {
    /// `orphan` is the epoch in which this worker's last task for the maze led when it panicked: nobody else leads in it.
    pub(crate) fn new(now: Instant, orphan: Option<Epoch>) -> Self {
        Self {
            state: State::Standing(Standing::new(now, orphan)),
            heard_number: orphan.map_or(0, Epoch::number),
            known: None,
            memory: None,
            roster_heard: false,
            wanted: None,
            hand_over_wait: HAND_OVER_WAIT_MIN,
            yielded: None,
        }
    }

    /// The epoch in which this worker leads.
    pub(crate) fn leads(&self) -> Option<Epoch> {
        match &self.state {
            State::Leading(leading) => Some(leading.epoch),
            State::Standing(_) | State::Claiming { .. } => None,
        }
    }

    /// Whether a claim is under way.
    pub(crate) fn is_claiming(&self) -> bool {
        matches!(self.state, State::Claiming { .. })
    }

    /// Whether the maze's clock runs.
    pub(crate) fn may_tick(&self, now: Instant) -> bool {
        matches!(&self.state, State::Leading(leading) if leading.may_tick(now))
    }

    /// Whether commits are answered so late that fewer of them are better.
    pub(crate) fn is_slow(&self, now: Instant) -> bool {
        matches!(&self.state, State::Leading(leading) if leading.is_unanswered_for(now, ANSWER_SLOW))
    }

    /// Whether gateways have asked for this maze lately.
    pub(crate) fn is_wanted(&self, now: Instant) -> bool {
        self.wanted.is_some_and(|wanted| now < wanted.last + WANTED_FOR)
    }

    /// A roster with people in it, or a knock.
    pub(crate) fn on_wanted(&mut self, now: Instant) {
        let since = self.wanted.filter(|wanted| now < wanted.last + WANTED_FOR).map_or(now, |wanted| wanted.since);
        self.wanted = Some(Wanted { since, last: now });
    }

    /// The leader says that it has made the maze vacant: worth a look at once.
    pub(crate) fn on_vacant(&mut self) {
        if let State::Standing(standing) = &mut self.state {
            standing.look_at_once();
        }
    }

    /// Whether all is known that a claim needs, so that this worker would claim if the maze became vacant now.
    pub(crate) fn could_claim(&self, now: Instant) -> bool {
        matches!(&self.state, State::Standing(standing) if standing.has_looked()) && self.is_wanted(now)
    }

    /// Any roster: it names the newest position that its gateway has shown.
    pub(crate) fn on_roster(&mut self, shown: Option<Position>) {
        self.roster_heard = true;
        if let Some(shown) = shown {
            self.hear(shown);
        }
    }

    /// What to do now. `nonce` is random, and asked for only by a claim; `draining` keeps a worker that ends from taking anything.
    pub(crate) fn decide(&mut self, now: Instant, rank: Rank, draining: bool, nonce: impl FnOnce() -> u32) -> Option<Ask> {
        match &mut self.state {
            State::Claiming { .. } => None,
            State::Leading(leading) => {
                if self.known.is_none_or(|known| known.epoch <= leading.epoch) {
                    return leading.resend(now);
                }
                // Gateways refuse frames of this epoch: they have been shown a later one, by a record that was lost.
                let standing = leading.stand_over_itself(now);
                self.memory = Some(leading.acknowledged());
                self.state = State::Standing(standing);
                self.claim(nonce)
            }
            State::Standing(standing) => {
                let wanted_since = self.wanted.filter(|wanted| now < wanted.last + WANTED_FOR).map(|wanted| wanted.since);
                let may_have_more = standing.is_behind(self.known, self.memory.as_ref());
                let is_new = self.roster_heard && self.known.is_none();
                if !draining && standing.is_due(now, rank, wanted_since, may_have_more, is_new) {
                    return self.claim(nonce);
                }
                standing.look(now, wanted_since.is_some())
            }
        }
    }

    /// The record's position and whether it is vacant, or that it is absent.
    pub(crate) fn on_look(&mut self, now: Instant, looked: &Answer<Option<(Position, bool)>>) {
        let at = looked.as_ref().ok().and_then(|looked| looked.map(|(at, _)| at));
        if let Some(at) = at {
            self.hear(at);
        }
        let State::Standing(standing) = &mut self.state else { return };
        standing.on_look(now, looked, self.memory.as_ref());
        if let Some(at) = at {
            self.forget_what_is_stored(at);
        }
    }

    /// The record to go on from, when the claim was granted.
    pub(crate) fn on_claimed(&mut self, now: Instant, epoch: Epoch, claimed: Claimed) -> Option<Record> {
        let standing = match &mut self.state {
            State::Claiming { epoch: asked, standing } if *asked == epoch => standing,
            _ => return None,
        };
        match claimed {
            Claimed::Answered(Verdict::Granted(record)) => {
                let taken_back = self.yielded.take().is_some_and(|yielded| standing.saw(yielded));
                self.hand_over_wait = if taken_back { (self.hand_over_wait * 2).min(HAND_OVER_WAIT_MAX) } else { HAND_OVER_WAIT_MIN };
                self.hear(record.position);
                self.memory = None;
                self.state = State::Leading(Leading::new(now, &record));
                return Some(record);
            }
            Claimed::Answered(Verdict::Refused { at }) => standing.on_refused(now, at, self.memory.as_ref()),
            Claimed::Unanswered => standing.on_unanswered(epoch),
            Claimed::Unreadable => standing.on_unreadable(now),
        }
        let standing = std::mem::replace(standing, Standing::new(now, None));
        self.state = State::Standing(standing);
        None
    }

    /// A commit of the epoch that `leads` names goes out; `yields` hands the maze over with it.
    pub(crate) fn on_sent(&mut self, now: Instant, commit: Commit, yields: bool) {
        if let State::Leading(leading) = &mut self.state {
            leading.on_sent(now, commit, yields);
        }
    }

    pub(crate) fn on_committed(&mut self, now: Instant, position: Position, answer: &Answer<Verdict<()>>) -> Turn {
        let State::Leading(leading) = &mut self.state else { return Turn::Same };
        let turn = match leading.on_answer(position, answer) {
            Heard::Nothing => return Turn::Same,
            Heard::Yielded => Turn::Yielded,
            Heard::Deposed => Turn::StoodDown,
        };
        let acknowledged = leading.acknowledged();
        let at = match answer {
            Ok(Verdict::Refused { at }) => *at,
            Ok(Verdict::Granted(())) | Err(_) => Some(position),
        };
        // Whoever holds what the store has lost claims at once; the others give the living leader the time that it needs.
        let lost = at.is_none_or(|at| acknowledged.tick > at.tick);
        self.yielded = (turn == Turn::Yielded).then_some(position.epoch);
        self.memory = Some(acknowledged);
        self.state = State::Standing(Standing::deposed(now, at, turn == Turn::Yielded, lost));
        if let Some(at) = at {
            self.hear(at);
        }
        turn
    }

    /// Whether to hand the maze to the best-ranked at this tick's boundary.
    pub(crate) fn should_yield(&self, now: Instant, rank: Rank) -> bool {
        let State::Leading(leading) = &self.state else { return false };
        let newer = |heard: Instant| heard > leading.claimed && now >= leading.claimed + self.hand_over_wait;
        leading.is_answered() && rank.best_heard.is_some_and(newer)
    }

    /// Whether every commit was answered.
    #[cfg(test)]
    pub(crate) fn is_answered(&self) -> bool {
        matches!(&self.state, State::Leading(leading) if leading.is_answered())
    }

    /// What a leader has seen acknowledged.
    #[cfg(test)]
    pub(crate) fn acknowledged(&self) -> Option<Known> {
        match &self.state {
            State::Leading(leading) => Some(leading.acknowledged()),
            State::Standing(_) | State::Claiming { .. } => None,
        }
    }

    fn hear(&mut self, position: Position) {
        self.heard_number = self.heard_number.max(position.epoch.number());
        self.known = self.known.max(Some(position));
    }

    /// A world that the record has gone past is worth nothing any more.
    fn forget_what_is_stored(&mut self, at: Position) {
        if self.memory.as_ref().is_some_and(|memory| memory.tick < at.tick) {
            self.memory = None;
        }
    }

    /// Draws an epoch that nobody else can draw, or takes the one whose claim was not answered.
    fn claim(&mut self, nonce: impl FnOnce() -> u32) -> Option<Ask> {
        let State::Standing(standing) = &mut self.state else { return None };
        let seen = standing.at();
        let number = self.heard_number.max(seen.map_or(0, |seen| seen.epoch.number())) + 1;
        if number > Epoch::NUMBER_MAX {
            return None;
        }
        let epoch = standing.taken_unheard().unwrap_or_else(|| Epoch::new(number, nonce()));
        self.heard_number = self.heard_number.max(epoch.number());
        let standing = std::mem::replace(standing, Standing::new(standing.since(), None));
        self.state = State::Claiming { epoch, standing };
        Some(Ask::Claim { seen, epoch, memory: self.memory.clone() })
    }
}
