//! A standby's view of the record: what it saw, since when, and how long it leaves the maze to others.

use std::time::Duration;

use tokio::time::Instant;

use super::GRACE;
use super::Known;
use super::LOOK_EVERY;
use super::LOOK_SELDOM;
use super::PATIENCE;
use crate::backplane::Answer;
use crate::wire::Epoch;
use crate::wire::Position;
use crate::worker::ranking::Rank;

/// How long an unreadable record is left to workers of another release before it is looked at again.
const UNREADABLE_WAIT: Duration = Duration::from_secs(5);

/// What was last seen of the record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// Nothing has been looked at yet.
    Unseen,
    Absent,
    At(Position),
}

impl View {
    fn of(at: Option<Position>) -> Self {
        at.map_or(Self::Absent, Self::At)
    }
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the record or the line to it")]
pub(super) struct Standing {
    view: View,
    vacant: bool,
    /// Since when the record has been just so.
    since: Instant,
    /// When it was last seen so: patience counts up to there, not up to now.
    looked: Instant,
    /// Nothing was asked since that could have changed the record, so a claim may be drawn from it.
    fresh: bool,
    /// No patience: this worker knows that nobody leads, or holds what the store has lost.
    at_once: bool,
    /// The epoch of the claim that was not answered.
    unheard: Option<Epoch>,
    /// The epoch in which this worker itself led last; nobody else does in it.
    own: Option<Epoch>,
    looking: bool,
    /// When it last asked for a look.
    asked: Option<Instant>,
    not_before: Instant,
}

impl Standing {
    pub(super) fn new(now: Instant, own: Option<Epoch>) -> Self {
        Self {
            view: View::Unseen,
            vacant: false,
            since: now,
            looked: now,
            fresh: false,
            at_once: false,
            unheard: None,
            own,
            looking: false,
            asked: None,
            not_before: now,
        }
    }

    /// After leading: the answer told where the record is.
    pub(super) fn deposed(now: Instant, at: Option<Position>, vacant: bool, lost: bool) -> Self {
        Self { view: View::of(at), vacant, fresh: true, at_once: lost, ..Self::new(now, None) }
    }

    /// A leader that claims over itself knows where the record is, unless a commit under way has moved it.
    pub(super) fn over_itself(now: Instant, at: Position) -> Self {
        Self { view: View::At(at), fresh: true, at_once: true, ..Self::new(now, Some(at.epoch)) }
    }

    pub(super) fn at(&self) -> Option<Position> {
        match self.view {
            View::At(at) => Some(at),
            View::Unseen | View::Absent => None,
        }
    }

    pub(super) fn since(&self) -> Instant {
        self.since
    }

    /// Whether the record was seen in this epoch.
    pub(super) fn saw(&self, epoch: Epoch) -> bool {
        self.at().is_some_and(|at| at.epoch == epoch)
    }

    /// The unanswered claim's epoch, when the record shows that it was granted.
    pub(super) fn taken_unheard(&self) -> Option<Epoch> {
        self.unheard.filter(|unheard| self.saw(*unheard))
    }

    /// Whether somebody may hold more than the record does: a tick above it is known, or it is absent though it was there.
    pub(super) fn is_behind(&self, known: Option<Position>, memory: Option<&Known>) -> bool {
        let tick = known.map(|known| known.tick).max(memory.map(|memory| memory.tick));
        match self.at() {
            Some(at) => tick.is_some_and(|tick| tick > at.tick),
            None => tick.is_some(),
        }
    }

    /// Whether a claim is due. `may_have_more`: of somebody else, see [`Self::is_behind`]; `is_new`: no gateway has ever shown this maze.
    pub(super) fn is_due(&self, now: Instant, rank: Rank, wanted_since: Option<Instant>, may_have_more: bool, is_new: bool) -> bool {
        if self.view == View::Unseen || !self.fresh || self.looking || now < self.not_before {
            return false;
        }
        if self.at_once || self.taken_unheard().is_some() {
            return true;
        }
        let Some(wanted_since) = wanted_since.filter(|_| rank.stands_by()) else { return false };
        let waited = self.looked.saturating_duration_since(self.since.max(wanted_since));
        if may_have_more {
            return waited >= GRACE;
        }
        let nobody_leads = self.vacant || (self.view == View::Absent && is_new);
        waited >= PATIENCE || (nobody_leads && rank.heirs_above == 0)
    }

    pub(super) fn has_looked(&self) -> bool {
        self.view != View::Unseen
    }

    pub(super) fn look_at_once(&mut self) {
        self.asked = None;
    }

    /// Whether to look now; a maze that nobody asks for is looked at now and then.
    pub(super) fn look(&mut self, now: Instant, is_wanted: bool) -> Option<super::Ask> {
        let every = if is_wanted || self.at_once { LOOK_EVERY } else { LOOK_SELDOM };
        if self.looking || self.asked.is_some_and(|asked| now < asked + every) {
            return None;
        }
        self.looking = true;
        self.asked = Some(now);
        Some(super::Ask::Look)
    }

    pub(super) fn on_look(&mut self, now: Instant, looked: &Answer<Option<(Position, bool)>>, memory: Option<&Known>) {
        self.looking = false;
        let Ok(looked) = looked else { return };
        let at = looked.map(|(at, _)| at);
        if self.view != View::of(at) {
            self.moved(now, at, memory);
        }
        self.looked = now;
        self.vacant = looked.is_some_and(|(_, vacant)| vacant);
        self.fresh = true;
    }

    pub(super) fn on_refused(&mut self, now: Instant, at: Option<Position>, memory: Option<&Known>) {
        self.moved(now, at, memory);
        self.unheard = None;
        self.vacant = false;
        self.fresh = true;
    }

    /// It may have happened or not, or happen later: the next look tells.
    pub(super) fn on_unanswered(&mut self, epoch: Epoch) {
        self.unheard = Some(epoch);
        self.fresh = false;
    }

    pub(super) fn on_unreadable(&mut self, now: Instant) {
        self.not_before = now + UNREADABLE_WAIT;
    }

    fn moved(&mut self, now: Instant, at: Option<Position>, memory: Option<&Known>) {
        self.view = View::of(at);
        self.since = now;
        let own = at.is_some_and(|at| Some(at.epoch) == self.own);
        if !own {
            // Somebody else has led since. Should the record come back to this epoch, it was rolled back, and he goes first.
            self.own = None;
        }
        let lost = self.at_once && memory.is_some_and(|memory| at.is_none_or(|at| memory.tick > at.tick));
        self.at_once = own || lost;
    }
}
