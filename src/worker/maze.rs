//! One task for one maze: asks the backplane what `leadership` decides, ticks `lead` while the maze is this worker's, and takes in its messages.
//!
//! It decides nothing itself. The tick loop never waits for the backplane: every question is a future of its own, commits are pipelined, and an
//! answer that does not come in time is none. Inputs act at tick boundaries only (K1).

mod asking;
mod beginning;
mod telling;

use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::select;
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;
use tokio::time::Instant;
use tokio::time::Sleep;
use tokio::time::sleep_until;

use crate::backplane::Answer;
use crate::backplane::Record;
use crate::backplane::Subscription;
use crate::backplane::Verdict;
use crate::game::seating::Outcome;
use crate::game::world::World;
use crate::wire::BEAT_TICKS;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::Position;
use crate::wire::between_nodes::Up;
use crate::wire::black_box::Strip;
use crate::wire::boards::Day;
use crate::wire::record::Stored;
use crate::worker::inbox::Inbox;
use crate::worker::inbox::Intake;
use crate::worker::lead::Lead;
use crate::worker::leadership::Ask;
use crate::worker::leadership::Leadership;
use crate::worker::leadership::Turn;
use crate::worker::ledger::Flight;
use crate::worker::neighbour;
use crate::worker::pacer::Pacer;
use crate::worker::place::Listens;
use crate::worker::ranking::Rank;
use crate::worker::scores::Scores;
use asking::Answered;
use asking::Asking;
pub(crate) use beginning::Beginning;
pub(crate) use beginning::Common;
use telling::Loss;

/// How often a task looks up while its maze's clock does not run, and when nobody wants the maze either.
const IDLE_WAKE: Duration = Duration::from_millis(25);
const UNWANTED_WAKE: Duration = Duration::from_millis(100);
/// A maze that nobody asks for, and no directory names, is no longer stood by for.
const UNWANTED_MAX: Duration = Duration::from_secs(10);
/// A leader lets go of a maze that has slept for so long; whoever knocks next is served from the record.
const ASLEEP_MAX: Duration = Duration::from_secs(600);
/// How long the end of a task waits for its last strip to be appended.
const LAST_STRIP_MAX: Duration = Duration::from_millis(500);
/// A worker that ends leads on for so long if the only others have just begun.
const HEIR_WAIT_MAX: Duration = Duration::from_millis(1500);

pub(crate) struct Maze {
    common: Common,
    id: MazeId,
    knock: Arc<Notify>,
    /// Waits for the next knock, for as long as it takes.
    knocked: Pin<Box<OwnedNotified>>,
    listens: Listens,
    flight: Flight,
    poisoned: bool,
    leadership: Leadership,
    lead: Option<Lead>,
    inbox: Inbox,
    pacer: Pacer,
    scores: Scores,
    asking: FuturesUnordered<Asking>,
    /// Since when there has been no reason to stand by, or the maze has been asleep.
    idle_since: Instant,
    /// When this worker was first seen to leave.
    leaving_since: Option<Instant>,
    /// As the newest heartbeats have it; worked out anew when they are read.
    rank: Option<Rank>,
}

/// Runs until the maze is of no concern to this worker, or until it is `leaving` and nothing is left to hand over.
pub(crate) async fn run(common: Common, beginning: Beginning) {
    let Beginning { maze: id, knock, listens, flight, orphan, poisoned } = beginning;
    let now = Instant::now();
    let Some(mut ups) = asking::listen(&common, &id).await else { return };
    let leadership = Leadership::new(now, orphan);
    let (inbox, pacer, scores, asking) = (Inbox::default(), Pacer::new(common.grid, &id, now), Scores::default(), FuturesUnordered::new());
    // One alarm and one ear for the end of the worker, for as long as the task lives: a tick must not arm them anew.
    let mut alarm = pin!(sleep_until(now));
    let mut leaving = pin!(common.leaving.clone().cancelled_owned());
    let mut maze = Maze {
        common,
        id,
        knocked: Box::pin(Arc::clone(&knock).notified_owned()),
        knock,
        listens,
        flight,
        poisoned,
        leadership,
        lead: None,
        inbox,
        pacer,
        scores,
        asking,
        idle_since: now,
        leaving_since: None,
        rank: None,
    };
    // Of a task that panicked before this one.
    maze.keep_strips();
    while let Some(now) = maze.goes_on() {
        maze.turn(now);
        maze.listens.set(maze.lead.is_some() || maze.leadership.could_claim(now));
        maze.wait(&mut ups, alarm.as_mut(), leaving.as_mut()).await;
        while let Some((_, message)) = ups.try_next() {
            maze.hear(&message);
        }
    }
    maze.common.ledger.strike(&maze.id);
    maze.listens.set(false);
    maze.keep_strips();
    // The last strip of a maze that was handed over; an answer that is not there in time is none.
    let kept = async { while maze.asking.next().await.is_some() {} };
    let _ = tokio::time::timeout(LAST_STRIP_MAX, kept).await;
}

impl Maze {
    /// Until something happened or the next tick is due.
    async fn wait(&mut self, ups: &mut Subscription, mut alarm: Pin<&mut Sleep>, leaving: Pin<&mut impl Future<Output = ()>>) {
        let now = Instant::now();
        // While it ticks, whatever comes in waits for the tick at which it would act anyway (K1), and wakes nobody. The alarm is asked before what is
        // seldom there, so that most ticks ask for nothing else.
        let ticks = self.is_awake() && self.leadership.may_tick(now);
        let wake = if ticks {
            self.pacer.next()
        } else {
            now + if self.is_awake() || self.leadership.is_wanted(now) { IDLE_WAKE } else { UNWANTED_WAKE }
        };
        if alarm.deadline() != wake {
            alarm.as_mut().reset(wake);
        }
        select! {
            biased;
            Some(answered) = self.asking.next(), if !self.asking.is_empty() => self.answered(answered),
            () = alarm => {}
            () = self.knocked.as_mut() => {
                self.knocked.set(Arc::clone(&self.knock).notified_owned());
                self.leadership.on_wanted(Instant::now());
            }
            () = leaving, if !ticks && !self.common.leaving.is_cancelled() => {}
            Some((_, message)) = ups.next(), if !ticks => self.hear(&message),
        }
    }

    fn hear(&mut self, message: &Bytes) {
        if message.is_empty() {
            return self.leadership.on_vacant();
        }
        let Ok(up) = Up::decode(message) else {
            metrics::counter!("waka_ups_malformed_total").increment(1);
            return;
        };
        if let Up::Roster(roster) = &up {
            self.leadership.on_roster(roster.shown);
            if roster.spectators > 0 || !roster.players.is_empty() {
                self.leadership.on_wanted(Instant::now());
            }
        }
        if self.lead.is_some() {
            self.inbox.put(up);
        }
    }

    /// Everything that is due now.
    fn turn(&mut self, now: Instant) {
        let leaving = self.common.leaving.is_cancelled();
        if leaving {
            self.leaving_since.get_or_insert(now);
        }
        if self.is_awake() {
            self.tick(now);
        } else if self.lead.is_some() && (self.leadership.is_wanted(now) || leaving || now >= self.idle_since + ASLEEP_MAX) {
            self.wake(now);
        }
        let rank = self.rank();
        while let Some(ask) = self.leadership.decide(now, rank, leaving, || random() as u32) {
            if self.leadership.leads().is_none() && self.lead.is_some() {
                self.lose(Loss::ClaimsAgain);
            }
            self.ask(ask);
        }
    }

    /// The ticks that are due, with the frames that they make.
    fn tick(&mut self, now: Instant) {
        if !self.leadership.may_tick(now) {
            return self.pacer.rest(now);
        }
        let due = self.pacer.due(now);
        if due.ticks > 1 {
            self.common.meters.late_ticks.increment(due.ticks - 1);
            self.common.meters.skipped_ticks.increment(due.skipped);
            if let Some(lead) = &self.lead {
                telling::late(&lead.row(&self.id), due);
            }
        }
        let rank = self.rank();
        let leaves = self.leaves(now, rank);
        let gap_ticks = if self.leadership.is_slow(now) { BEAT_TICKS } else { self.pacer.gap_ticks() };
        for _ in 0..due.ticks {
            let Some(lead) = &mut self.lead else { return };
            let Some(epoch) = self.leadership.leads() else { return };
            let intake = self.inbox.take();
            if intake.overflowed > 0 {
                metrics::counter!("waka_inbox_overflow_total").increment(intake.overflowed);
                telling::overflowed(&lead.row(&self.id), intake.overflowed);
            }
            let (outcomes, strip) = take_tick(&self.common, &self.flight, &self.id, epoch, lead, &intake);
            self.asking.extend(strip.map(|strip| asking::append(&self.common, &self.id, strip)));
            lead.hear(&outcomes);
            let neighbour = || neighbour::of(&self.id, &self.common.around.borrow().directory);
            let sleeps = lead.may_sleep() && !self.leadership.is_wanted(now);
            let lets_go = sleeps && now >= self.idle_since + ASLEEP_MAX;
            let yields = leaves || lets_go || self.leadership.should_yield(now, rank);
            lead.is_asleep = sleeps;
            let last = yields || sleeps;
            let commit = if last { Some(lead.last_commit(neighbour)) } else { lead.due_commit(gap_ticks, neighbour) };
            if !sleeps {
                self.idle_since = now;
            }
            let Some(commit) = commit else { continue };
            self.common.ledger.write(lead.row(&self.id));
            self.scores.on_commit(now, commit.position, Day::of(SystemTime::now()), &self.id, &lead.world, &lead.desk.roll);
            self.leadership.on_sent(now, commit.clone(), yields);
            self.ask(Ask::Resend { commit, yields });
            if last {
                return;
            }
        }
    }

    /// Whether it is time to hand over because this worker ends. It leads on while an heir is coming, but is not in place yet.
    fn leaves(&self, now: Instant, rank: Rank) -> bool {
        let Some(since) = self.leaving_since else { return false };
        let heir_is_coming = !rank.has_rivals && self.common.around.borrow().is_awaited;
        !heir_is_coming || now >= since + HEIR_WAIT_MAX
    }

    fn wake(&mut self, now: Instant) {
        if let Some(lead) = &mut self.lead {
            lead.is_asleep = false;
            self.pacer.rest(now);
        }
    }

    fn ask(&mut self, ask: Ask) {
        self.asking.push(asking::ask(&self.common, &self.id, ask));
    }

    /// All that waits to be kept goes to the backplane; while it ticks each tick sees to its own.
    fn keep_strips(&mut self) {
        while let Some(strip) = self.flight.open().outgoing() {
            self.asking.push(asking::append(&self.common, &self.id, strip));
        }
    }

    fn answered(&mut self, answered: Answered) {
        let now = Instant::now();
        match answered {
            Answered::Looked(looked) => self.leadership.on_look(now, &looked),
            Answered::Claimed(epoch, claimed) => {
                if let Some(record) = self.leadership.on_claimed(now, epoch, claimed) {
                    self.begin(now, epoch, &record);
                }
            }
            Answered::Kept => {}
            Answered::Scored(done) => self.scores.on_told(done),
            Answered::StripLost => self.flight.open().lost(),
            Answered::Committed(position, answer) => self.committed(now, position, &answer),
        }
    }

    fn committed(&mut self, now: Instant, position: Position, answer: &Answer<Verdict<()>>) {
        if matches!(answer, Ok(Verdict::Granted(())))
            && let Some(report) = self.scores.on_stored(position)
        {
            self.asking.push(asking::score(&self.common, &self.id, report));
        }
        match self.leadership.on_committed(now, position, answer) {
            Turn::Same => {}
            Turn::Yielded => self.lose(Loss::Yielded),
            Turn::StoodDown => self.lose(Loss::StoodDown),
        }
    }

    /// Takes the maze up where the record has it.
    fn begin(&mut self, now: Instant, epoch: Epoch, record: &Record) {
        metrics::counter!("waka_takeovers_total").increment(1);
        let tick = record.position.tick;
        let lead = match Stored::decode(&record.world) {
            Ok(stored) if !self.poisoned => Lead::resume(epoch, stored),
            _ if record.world.is_empty() => Lead::fresh(epoch, random(), tick),
            decoded => {
                metrics::counter!("waka_records_poisoned_total").increment(1);
                let reason = decoded.err().map_or("its world panics".to_owned(), |error| error.to_string());
                tracing::error!(event = "record_poisoned", maze = %self.id, epoch = epoch.0, tick, reason, "a poisoned record is set aside");
                self.asking.push(asking::set_aside(&self.common, &self.id, record.world.clone()));
                Lead::fresh(epoch, random(), tick)
            }
        };
        self.poisoned = false;
        tracing::info!(event = "claim", maze = %self.id, epoch = epoch.0, tick, "leads a maze");
        self.common.ledger.write(lead.row(&self.id));
        self.lead = Some(lead);
        self.idle_since = now;
        self.pacer.rest(now);
    }

    fn lose(&mut self, loss: Loss) {
        let Some(lead) = self.lead.take() else { return };
        let row = lead.row(&self.id);
        telling::lost(&row, loss);
        self.common.ledger.strike(&self.id);
        self.flight.landed();
        self.keep_strips();
        self.inbox = Inbox::default();
        self.scores = Scores::default();
        self.idle_since = Instant::now();
    }

    fn rank(&mut self) -> Rank {
        let is_news = self.common.around.has_changed().unwrap_or(false);
        match self.rank {
            Some(rank) if !is_news => rank,
            _ => *self.rank.insert(self.common.around.borrow_and_update().rank(&self.common.me, &self.id)),
        }
    }

    fn is_awake(&self) -> bool {
        self.lead.as_ref().is_some_and(|lead| !lead.is_asleep)
    }

    /// What the time is, if there is something to do still.
    fn goes_on(&mut self) -> Option<Instant> {
        let now = Instant::now();
        if self.lead.is_some() || self.leadership.is_claiming() {
            return Some(now);
        }
        if self.common.leaving.is_cancelled() {
            return None;
        }
        let is_led = self.common.around.borrow().leaders.contains_key(&self.id);
        if self.rank().stands_by() && (is_led || self.leadership.is_wanted(now)) {
            self.idle_since = now;
        }
        (now < self.idle_since + UNWANTED_MAX).then_some(now)
    }
}

/// One tick of the world, under the eyes of the flight recorder, which may have filled a strip.
fn take_tick(
    common: &Common,
    flight: &Flight,
    id: &MazeId,
    epoch: Epoch,
    lead: &mut Lead,
    intake: &Intake,
) -> (Vec<Outcome>, Option<Arc<Strip>>) {
    let commands = lead.commands(intake);
    let world: &mut World = &mut lead.world;
    flight.open().record(epoch, world, &commands);
    let began = Instant::now();
    let outcomes = (common.step)(id, world, &commands);
    common.meters.step.record(began.elapsed());
    // Only now: a panic must not take a strip with it.
    (outcomes, flight.open().outgoing())
}

/// From the system. Should it have none, zero is as good: epochs then are unique by their numbers alone, as good as always.
fn random() -> u64 {
    getrandom::u64().unwrap_or(0)
}
