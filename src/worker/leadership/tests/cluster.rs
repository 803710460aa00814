//! The simulated cluster: a step is one tick of every worker, and messages are under way for as long as the seed says.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use tokio::time::Instant;

use super::judge::Promise;
use super::lineage::World;
use super::rules::Rule;
use super::trouble::Trouble;
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
/// From a yield to a frame of the heir, with time to spare.
const HAND_OVER_MS: u64 = 200;

fn given_up() -> Unanswered {
    Unanswered("given up".to_owned())
}

/// A show is its epoch and world.
fn show(epoch: Epoch, world: &World) -> Bytes {
    world.encode_after(&epoch.0.to_le_bytes())
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
    /// With whether it was refused in its own epoch.
    Committed(usize, u32, Position, Answer<Verdict<()>>, bool),
}

pub(super) struct Cluster {
    pub(super) backplane: Backplane,
    pub(super) maze: MazeId,
    pub(super) workers: Vec<Worker>,
    pub(super) shown: Option<(Position, World)>,
    pub(super) claims_granted: u32,
    pub(super) now_ms: u64,
    start: Instant,
    random: u64,
    /// What is under way, by when it arrives.
    under_way: BTreeMap<u64, Vec<Message>>,
    pub(super) broken: Option<Rule>,
    pub(super) violation: Option<String>,
    pub(super) promise: Option<Promise>,
    pub(super) shows: Subscription,
    /// The newest world published in each epoch.
    pub(super) published: Vec<(Epoch, World)>,
    pub(super) record: Option<Record>,
    snapshot: Option<Record>,
    away_until: u64,
    /// What [`Rank::of`] says, by who is frozen and who asks.
    ranks: BTreeMap<(usize, usize), Rank>,
    pub(super) store_failed: bool,
    /// So many epochs had been seen when the store failed last.
    pub(super) published_before_fault: usize,
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
            random: seed,
            under_way: BTreeMap::new(),
            broken: None,
            violation: None,
            promise: None,
            shows,
            published: vec![],
            record: None,
            snapshot: None,
            store_failed: false,
            published_before_fault: 0,
            away_until: 0,
            ranks: BTreeMap::new(),
        }
    }

    pub(super) fn now(&self) -> Instant {
        self.start + Duration::from_millis(self.now_ms)
    }

    pub(super) fn run(&mut self, for_ms: u64, trouble: &Trouble) {
        let until = self.now_ms + for_ms;
        while self.now_ms < until && self.violation.is_none() {
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

    /// Exactly one leader; it goes forward and is seen.
    pub(super) fn check_healed(&mut self) {
        let before = self.shown.clone();
        self.run(1_000, &Trouble::NONE);
        let (Some(before), Some(after)) = (before, self.shown.clone()) else { return self.violated(|| "nothing is shown".to_owned()) };
        if after.0.tick < before.0.tick + 40 {
            self.violated(|| format!("it stands: from {:?} to {:?}", before.0, after.0));
        }
        if !before.1.begins(&after.1) {
            self.violated(|| "healed, and yet a fork".to_owned());
        }
        if !self.is_led() {
            // In the midst of a hand-over, perhaps.
            self.run(HAND_OVER_MS, &Trouble::NONE);
        }
        if !self.is_led() {
            let leaders: Vec<_> = self.workers.iter().map(|worker| worker.leadership.leads()).collect();
            self.violated(|| format!("led by {leaders:?}, and shown is {:?}", after.0));
        }
    }

    fn is_led(&self) -> bool {
        let mut leaders = self.workers.iter().filter_map(|worker| worker.leadership.leads());
        let shown = self.shown.as_ref().map(|(position, _)| position.epoch);
        leaders.next() == shown && leaders.next().is_none()
    }

    fn fail(&mut self, trouble: &Trouble) {
        for n in 0..self.workers.len() {
            if self.chance(trouble.freezes) {
                self.workers[n].frozen_until = self.now_ms + u64::from(self.below(trouble.freeze_ms_max));
                self.release_from_promise(n);
            }
            if self.chance(trouble.crashes) {
                self.crash(n);
            }
        }
        if self.chance(trouble.outages) {
            self.away_until = self.now_ms + u64::from(self.below(2_000));
        }
        if self.chance(8) {
            self.snapshot.clone_from(&self.record);
        }
        if self.chance(trouble.store_faults) {
            let back_to = self.snapshot.clone().filter(|_| self.below(3) > 0);
            self.fail_store(back_to, trouble.survives);
            if !trouble.timely {
                self.promise = None;
            }
        }
    }

    /// Whoever is frozen still is thawed.
    pub(super) fn thaw(&mut self) {
        self.workers.iter_mut().for_each(|worker| worker.frozen_until = self.now_ms);
    }

    pub(super) fn crash(&mut self, n: usize) {
        let now = self.now();
        self.release_from_promise(n);
        let worker = &mut self.workers[n];
        worker.leadership = Leadership::new(now, None);
        worker.incarnation += 1;
    }

    /// Requests under way die with their connection, but for those that a proxy holds while the store is emptied.
    pub(super) fn fail_store(&mut self, back_to: Option<Record>, survives: bool) {
        self.promise();
        self.backplane.fault_record(&self.maze, back_to.clone()).now_or_never().unwrap().unwrap();
        if back_to.is_some() || !survives {
            self.under_way.values_mut().for_each(|messages| messages.retain(|message| !matches!(message, Message::Request(..))));
        }
        self.published_before_fault = self.published.len();
        self.snapshot.clone_from(&back_to);
        self.record = back_to;
        self.store_failed = true;
    }

    /// Everything that has arrived, in an order of the seed's.
    fn deliver(&mut self, trouble: &Trouble) {
        let later = self.under_way.split_off(&(self.now_ms + 1));
        let mut due: Vec<_> = std::mem::replace(&mut self.under_way, later).into_values().flatten().collect();
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
                let verdict = self.claim_at_store(claim);
                self.claims_granted += u32::from(matches!(verdict, Verdict::Granted(_)));
                Message::Claimed(n, incarnation, epoch, Claimed::Answered(verdict))
            }
            Ask::Resend { commit, yields } => {
                let position = commit.position;
                let (answer, own) = self.commit_at_store(commit, yields);
                Message::Committed(n, incarnation, position, answer, own)
            }
        };
        self.check_store();
        self.check_shows(trouble);
        if !self.is_lost(trouble) {
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
            self.under_way.entry(later).or_default().push(answer);
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
            Message::Committed(_, _, position, answer, own) => {
                if own && worker.leadership.on_committed(now, position, &answer) == Turn::StoodDown {
                    self.violated(|| format!("deposed itself at {position:?}"));
                } else if !own {
                    worker.leadership.on_committed(now, position, &answer);
                }
            }
            Message::Request(..) => {}
        }
    }

    fn step(&mut self, n: usize, trouble: &Trouble) {
        let now = self.now();
        if self.now_ms % 500 < STEP_MS && !self.chance(trouble.lost) {
            let shown = self.shown.as_ref().map(|(position, _)| *position).filter(|_| !self.breaks(Rule::Heard));
            self.workers[n].leadership.on_roster(shown);
            self.workers[n].leadership.on_wanted(now);
        }
        let rank = self.rank(n);
        let nonce = if self.breaks(Rule::Unique) { 0 } else { self.below(4096) };
        let (hurries, never_retries) = (self.breaks(Rule::NoTime), self.breaks(Rule::Retry));
        let often = self.chance(200);
        let worker = &mut self.workers[n];
        if (hurries || worker.leadership.may_tick(now))
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
        self.check_ahead(n);
        while let Some(ask) = self.workers[n].leadership.decide(now, rank, false, || nonce) {
            if !(never_retries && matches!(ask, Ask::Resend { .. })) {
                self.send(n, ask, trouble);
            }
        }
    }

    /// As heartbeats every 500 ms would tell it of those that are not frozen.
    fn rank(&mut self, n: usize) -> Rank {
        let now = self.now();
        let heard = now.checked_sub(Duration::from_millis(self.now_ms % 500)).unwrap_or(now);
        let (workers, maze) = (&self.workers, &self.maze);
        let living = || workers.iter().enumerate().filter(|(_, worker)| worker.frozen_until <= self.now_ms);
        let who = living().map(|(n, _)| 1 << n).sum();
        let rank = *self.ranks.entry((who, n)).or_insert_with(|| {
            let rivals: Vec<_> = living().map(|(_, worker)| Rival { node: worker.node.clone(), heard }).collect();
            Rank::of(&workers[n].node, maze, &rivals, None)
        });
        Rank { best_heard: rank.best_heard.map(|_| heard), ..rank }
    }

    fn send(&mut self, n: usize, ask: Ask, trouble: &Trouble) {
        let incarnation = self.workers[n].incarnation;
        let give_up = match &ask {
            Ask::Look => Message::Looked(n, incarnation, Err(given_up())),
            Ask::Claim { epoch, .. } => Message::Claimed(n, incarnation, *epoch, Claimed::Unanswered),
            Ask::Resend { commit, .. } => Message::Committed(n, incarnation, commit.position, Err(given_up()), false),
        };
        // Answered or not, the shell gives up after a while; an answer that comes first makes this one stale.
        self.under_way.entry(self.now_ms + ANSWER_MS).or_default().push(give_up);
        if !self.is_lost(trouble) {
            self.post(Message::Request(n, incarnation, ask), trouble);
        }
    }

    fn is_lost(&mut self, trouble: &Trouble) -> bool {
        self.now_ms < self.away_until || self.chance(trouble.lost)
    }

    fn post(&mut self, message: Message, trouble: &Trouble) {
        let slow = if self.chance(trouble.late) { self.below(trouble.late_ms_max) } else { self.below(3) };
        self.under_way.entry(self.now_ms + u64::from(slow)).or_default().push(message);
    }

    pub(super) fn chance(&mut self, of_a_thousand: u32) -> bool {
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
