//! The simulated cluster: a step is one tick of every worker, and messages are under way for as long as the seed says.

use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use tokio::time::Instant;

use super::lineage::World;
use crate::backplane::Answer;
use crate::backplane::Backplane;
use crate::backplane::Claim;
use crate::backplane::Commit;
use crate::backplane::Memory;
use crate::backplane::Record;
use crate::backplane::Subscription;
use crate::backplane::Topic;
use crate::backplane::Unanswered;
use crate::backplane::Verdict;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::Position;
use crate::worker::leadership::Ask;
use crate::worker::leadership::Claimed;
use crate::worker::leadership::Leadership;
use crate::worker::leadership::Turn;
use crate::worker::ranking::Rank;
use crate::worker::ranking::Rival;

pub(super) const STEP_MS: u64 = 16;
/// A request is given up after so long, as the shell does.
const ANSWER_MS: u64 = 600;

/// Chances of a thousand, each step and worker or each message.
pub(super) struct Trouble {
    pub(super) lost: u32,
    pub(super) late: u32,
    pub(super) freezes: u32,
    pub(super) crashes: u32,
    pub(super) store_faults: u32,
}

impl Trouble {
    pub(super) const NONE: Self = Self { lost: 0, late: 0, freezes: 0, crashes: 0, store_faults: 0 };
    pub(super) const ALL: Self = Self { lost: 60, late: 120, freezes: 4, crashes: 2, store_faults: 1 };
}

fn given_up() -> Unanswered {
    Unanswered("given up".to_owned())
}

/// A show is its epoch and world.
fn show(epoch: Epoch, world: &World) -> Bytes {
    [&epoch.0.to_le_bytes()[..], &world.encode()[..]].concat().into()
}

pub(super) struct Worker {
    pub(super) node: NodeId,
    pub(super) leadership: Leadership,
    pub(super) world: World,
    incarnation: u32,
    pub(super) frozen_until: u64,
    last_sent_tick: u32,
}

enum Message {
    Request(usize, u32, Ask),
    Looked(usize, u32, Answer<Option<(Position, bool)>>),
    Claimed(usize, u32, Epoch, Claimed),
    Committed(usize, u32, Position, Answer<Verdict<()>>),
}

pub(super) struct Cluster {
    pub(super) backplane: Backplane,
    pub(super) maze: MazeId,
    pub(super) workers: Vec<Worker>,
    pub(super) shown: Option<(Position, World)>,
    pub(super) claims_granted: u32,
    pub(super) now_ms: u64,
    start: Instant,
    seed: u64,
    random: u64,
    under_way: Vec<(u64, Message)>,
    shows: Subscription,
    /// The newest world published in each epoch.
    published: Vec<(Epoch, World)>,
    record: Option<Record>,
    snapshot: Option<Record>,
    store_failed: bool,
}

impl Cluster {
    pub(super) fn new(workers: usize, seed: u64) -> Self {
        let backplane = Backplane::memory();
        let maze = MazeId::open(1);
        let start = Instant::now();
        let shows = backplane.subscribe(&[Topic::Down(maze.clone())]).now_or_never().unwrap().unwrap();
        let worker = |n: usize| Worker {
            node: NodeId(format!("worker-{n}")),
            leadership: Leadership::new(start, None),
            world: World::default(),
            incarnation: 0,
            frozen_until: 0,
            last_sent_tick: 0,
        };
        let workers = (0..workers).map(worker).collect();
        Self {
            backplane,
            maze,
            workers,
            shown: None,
            claims_granted: 0,
            now_ms: 0,
            start,
            seed,
            random: seed,
            under_way: vec![],
            shows,
            published: vec![],
            record: None,
            snapshot: None,
            store_failed: false,
        }
    }

    pub(super) fn now(&self) -> Instant {
        self.start + Duration::from_millis(self.now_ms)
    }

    pub(super) fn run(&mut self, for_ms: u64, trouble: &Trouble) {
        let until = self.now_ms + for_ms;
        while self.now_ms < until {
            self.now_ms += STEP_MS;
            self.fail(trouble);
            self.deliver(trouble);
            for n in 0..self.workers.len() {
                if self.workers[n].frozen_until <= self.now_ms {
                    self.step(n, trouble);
                }
            }
        }
    }

    /// Exactly one leader, the best-ranked; it goes forward and is seen.
    pub(super) fn assert_healed(&mut self) {
        let seed = self.seed;
        let leaders: Vec<_> = (0..self.workers.len()).filter(|n| self.workers[*n].leadership.leads().is_some()).collect();
        assert_eq!(leaders.len(), 1, "seed {seed}: leaders {leaders:?}");
        let before = self.shown.clone().unwrap();
        self.run(1_000, &Trouble::NONE);
        let after = self.shown.clone().unwrap();
        assert!(after.0.tick >= before.0.tick + 40, "seed {seed}: from {:?} to {:?}", before.0, after.0);
        assert!(before.1.begins(&after.1), "seed {seed}: healed, and yet a fork");
        assert_eq!(self.workers[leaders[0]].leadership.leads(), Some(after.0.epoch), "seed {seed}: what is shown is the leader's");
    }

    fn fail(&mut self, trouble: &Trouble) {
        for n in 0..self.workers.len() {
            if self.chance(trouble.freezes) {
                self.workers[n].frozen_until = self.now_ms + u64::from(self.below(3_000));
            }
            if self.chance(trouble.crashes) {
                self.crash(n);
            }
        }
        if self.chance(20) {
            self.snapshot.clone_from(&self.record);
        }
        if self.chance(trouble.store_faults) {
            let back_to = self.snapshot.clone().filter(|_| self.below(3) > 0);
            self.fail_store(back_to);
        }
    }

    pub(super) fn crash(&mut self, n: usize) {
        let now = self.now();
        let worker = &mut self.workers[n];
        worker.leadership = Leadership::new(now, None);
        worker.incarnation += 1;
    }

    /// Requests under way die with their connection.
    pub(super) fn fail_store(&mut self, back_to: Option<Record>) {
        self.backplane.fault_record(&self.maze, back_to.clone()).now_or_never().unwrap().unwrap();
        self.record = back_to;
        self.store_failed = true;
        self.under_way.retain(|(_, message)| !matches!(message, Message::Request(..)));
    }

    /// Everything that has arrived, in an order of the seed's.
    fn deliver(&mut self, trouble: &Trouble) {
        let now_ms = self.now_ms;
        let mut due: Vec<_> = self.under_way.extract_if(.., |(at, _)| *at <= now_ms).map(|(_, message)| message).collect();
        while !due.is_empty() {
            let pick = self.below(u32::try_from(due.len()).unwrap()) as usize;
            match due.swap_remove(pick) {
                Message::Request(n, incarnation, ask) => self.execute(n, incarnation, ask, trouble),
                answer => self.answer(answer),
            }
        }
    }

    /// The store does what was asked, whoever still waits for it.
    fn execute(&mut self, n: usize, incarnation: u32, ask: Ask, trouble: &Trouble) {
        let maze = self.maze.clone();
        let message = match ask {
            Ask::Look => {
                let looked = self.backplane.position(&maze).now_or_never().unwrap();
                Message::Looked(n, incarnation, looked)
            }
            Ask::Claim { seen, epoch, memory } => {
                let memory = memory.map(|memory| Memory {
                    tick: memory.tick,
                    ancestry: memory.ancestry,
                    show: show(epoch, &World::decode(&memory.world)),
                    world: memory.world,
                });
                let claim = Claim { owner: self.workers[n].node.clone(), seen, epoch, memory };
                let verdict = self.backplane.claim(&maze, claim).now_or_never().unwrap().unwrap();
                self.claims_granted += u32::from(matches!(verdict, Verdict::Granted(_)));
                Message::Claimed(n, incarnation, epoch, Claimed::Answered(verdict))
            }
            Ask::Resend { commit, yields } => {
                let position = commit.position;
                let done = if yields {
                    self.backplane.yield_to_vacant(&maze, commit).now_or_never()
                } else {
                    self.backplane.commit(&maze, commit).now_or_never()
                };
                Message::Committed(n, incarnation, position, done.unwrap())
            }
        };
        self.check_store();
        self.check_shows(trouble);
        if !self.chance(trouble.lost) {
            self.post(message, trouble);
        }
    }

    fn answer(&mut self, answer: Message) {
        let now = self.now();
        let (Message::Request(n, incarnation, _)
        | Message::Looked(n, incarnation, _)
        | Message::Claimed(n, incarnation, ..)
        | Message::Committed(n, incarnation, ..)) = &answer;
        let worker = &mut self.workers[*n];
        if worker.incarnation != *incarnation {
            return;
        }
        if worker.frozen_until > self.now_ms {
            let later = worker.frozen_until;
            self.under_way.push((later, answer));
            return;
        }
        match answer {
            Message::Looked(_, _, looked) => worker.leadership.on_look(now, &looked),
            Message::Claimed(_, _, epoch, claimed) => {
                if let Some(record) = worker.leadership.on_claimed(now, epoch, claimed) {
                    worker.world = World::decode(&record.world);
                    worker.last_sent_tick = worker.world.tick();
                }
            }
            Message::Committed(_, _, position, answer) => {
                let own = matches!(&answer, Ok(Verdict::Refused { at: Some(at) }) if at.epoch == position.epoch);
                let turn = worker.leadership.on_committed(now, position, &answer);
                assert!(!(own && turn == Turn::StoodDown), "seed {}: deposed itself", self.seed);
            }
            Message::Request(..) => {}
        }
    }

    fn step(&mut self, n: usize, trouble: &Trouble) {
        let now = self.now();
        let maze = self.maze.clone();
        if self.now_ms % 500 < STEP_MS && !self.chance(trouble.lost) {
            let shown = self.shown.as_ref().map(|(position, _)| *position);
            self.workers[n].leadership.on_roster(shown);
            self.workers[n].leadership.on_wanted(now);
        }
        let heard = now.checked_sub(Duration::from_millis(self.now_ms % 500)).unwrap_or(now);
        let rivals: Vec<_> = self.workers.iter().filter(|w| w.frozen_until <= self.now_ms).map(|w| w.node.clone()).collect();
        let rivals: Vec<_> = rivals.into_iter().map(|node| Rival { node, heard }).collect();
        let rank = Rank::of(&self.workers[n].node, &maze, &rivals, None);
        let nonce = self.below(4096);
        let often = self.chance(200);
        let worker = &mut self.workers[n];
        if worker.leadership.may_tick(now)
            && let Some(epoch) = worker.leadership.leads()
        {
            worker.world.step(epoch);
            let tick = worker.world.tick();
            let yields = worker.leadership.should_yield(now, rank);
            if yields || often || tick >= worker.last_sent_tick + 6 {
                worker.last_sent_tick = tick;
                let position = Position { epoch, tick };
                let commit = Commit { position, world: worker.world.encode(), show: show(epoch, &worker.world) };
                worker.leadership.on_sent(now, commit.clone(), yields);
                self.send(n, Ask::Resend { commit, yields }, trouble);
            }
        }
        while let Some(ask) = self.workers[n].leadership.decide(now, rank, false, || nonce) {
            self.send(n, ask, trouble);
        }
    }

    fn send(&mut self, n: usize, ask: Ask, trouble: &Trouble) {
        let incarnation = self.workers[n].incarnation;
        let give_up = match &ask {
            Ask::Look => Message::Looked(n, incarnation, Err(given_up())),
            Ask::Claim { epoch, .. } => Message::Claimed(n, incarnation, *epoch, Claimed::Unanswered),
            Ask::Resend { commit, .. } => Message::Committed(n, incarnation, commit.position, Err(given_up())),
        };
        // Answered or not, the shell gives up after a while; an answer that comes first makes this one stale.
        self.under_way.push((self.now_ms + ANSWER_MS, give_up));
        if !self.chance(trouble.lost) {
            self.post(Message::Request(n, incarnation, ask), trouble);
        }
    }

    fn post(&mut self, message: Message, trouble: &Trouble) {
        let slow = if self.chance(trouble.late) { self.below(900) } else { self.below(3) };
        self.under_way.push((self.now_ms + u64::from(slow), message));
    }

    fn check_store(&mut self) {
        let record = self.backplane.read(&self.maze).now_or_never().unwrap().unwrap();
        if let (Some(was), Some(is)) = (&self.record, &record) {
            let (was, is) = (was.position, is.position);
            assert!(is.epoch >= was.epoch && is.tick >= was.tick, "R1: seed {}: the record went from {was:?} to {is:?}", self.seed);
        }
        self.record = record;
    }

    fn check_shows(&mut self, trouble: &Trouble) {
        while let Some((_, message)) = self.shows.try_next() {
            if message.is_empty() {
                continue;
            }
            let seed = self.seed;
            let epoch = Epoch(u32::from_le_bytes(message[..4].try_into().unwrap()));
            let world = World::decode(&message.slice(4..));
            let stored = self.record.as_ref().map(|record| World::decode(&record.world));
            assert_eq!(stored.as_ref(), Some(&world), "R2: seed {seed}: shown, not stored");
            if let Some((_, before)) = self.published.iter_mut().find(|(other, _)| *other == epoch) {
                assert!(before.begins(&world), "R1: seed {seed}: two worlds in epoch {epoch:?}: {before:?} and {world:?}");
                *before = world.clone();
            } else {
                self.published.push((epoch, world.clone()));
            }
            let position = Position { epoch, tick: world.tick() };
            if self.chance(trouble.lost) || self.shown.as_ref().is_some_and(|(shown, _)| position <= *shown) {
                continue;
            }
            if let Some((_, before)) = &self.shown {
                assert!(self.store_failed || before.begins(&world), "R2: seed {seed}: players saw {before:?} and then {world:?}");
            }
            self.shown = Some((position, world));
        }
    }

    fn chance(&mut self, of_a_thousand: u32) -> bool {
        of_a_thousand > 0 && self.below(1000) < of_a_thousand
    }

    /// `SplitMix64`.
    fn below(&mut self, bound: u32) -> u32 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((z ^ (z >> 31)) % u64::from(bound)).unwrap()
    }
}
