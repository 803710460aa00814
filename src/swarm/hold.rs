//! The swarm's shell: sends the clients in, lets them play, calls them back. It owns their tasks: when it ends they have ended.
//!
//! Everything runs on the thread that calls `run`. A beat of ten milliseconds sends arrivals and departures, reads what is to be read and tells how
//! late the thread is.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::pin;
use tokio::runtime::Handle;
use tokio::select;
use tokio::task::AbortHandle;
use tokio::task::JoinSet;
use tokio::task::LocalSet;
use tokio::time::Instant;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio::time::sleep;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::client::mirror::Gallery;
use crate::client::player::play;
use crate::swarm::crowd::Crowd;
use crate::swarm::eye::Eye;
use crate::swarm::hostile::misbehave;
use crate::swarm::machine;
use crate::swarm::machine::Taken;
use crate::swarm::order::Order;
use crate::swarm::report::Measured;
use crate::swarm::report::Report;
use crate::swarm::screen::Screen;
use crate::swarm::screen::Teller;
use crate::swarm::sightings::Sightings;
use crate::swarm::tally::Phase;
use crate::swarm::tally::Spread;
use crate::swarm::tally::Tally;

/// How often arrivals are sent and the thread's own delay is taken.
const BEAT: Duration = Duration::from_millis(10);
/// For the last who were sent to get their seats; who has none then is missing.
const SETTLE_MAX: Duration = Duration::from_secs(5);
/// For all to say goodbye.
const FAREWELL_MAX: Duration = Duration::from_secs(5);
/// Files that the swarm needs beside its sockets.
const FILES_BESIDE: u64 = 24;
/// How often the server's memory is read, and how often the keys of Redis are counted.
const READ_MEMORY_EVERY: Duration = Duration::from_secs(1);
const COUNT_KEYS_EVERY: Duration = Duration::from_secs(5);
/// One of so many who leave for good does so without a word.
const WITHOUT_A_WORD_ONE_IN: u64 = 4;

#[derive(Debug, thiserror::Error)]
pub enum SwarmError {
    #[error("{needed} files are needed, a socket each, but the limit is {allowed}: raise it with `ulimit -n {needed}`")]
    Files { needed: u64, allowed: u64 },
    #[error("nobody got a seat; not opened: {unopened}, closed: {closed}")]
    Nobody { unopened: u64, closed: u64 },
    #[error("this system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    #[error("cannot write: {0}")]
    Out(#[from] io::Error),
}

/// Does what is ordered, or less if `stop` comes sooner. `count_keys` tells how many keys the server's Redis has, or why that is not known. Needs a runtime of one
/// thread with its clock and network enabled.
pub async fn run(
    order: &Order,
    screen: &mut Screen<'_>,
    count_keys: impl AsyncFn() -> Result<u64, String>,
    stop: impl Future<Output = ()>,
) -> Result<Report, SwarmError> {
    let needed = u64::from(order.clients() + order.hostile) + FILES_BESIDE;
    if let Some(allowed) = machine::files_max().filter(|allowed| *allowed < needed) {
        return Err(SwarmError::Files { needed, allowed });
    }
    let swarm = Swarm::new(order, getrandom::u32()?);
    LocalSet::new().run_until(swarm.live(screen, count_keys, stop)).await
}

struct Swarm<'order> {
    order: &'order Order,
    crowd: Crowd<'order>,
    tally: Rc<RefCell<Tally>>,
    /// By maze.
    sightings: Vec<Rc<RefCell<Sightings>>>,
    galleries: Vec<Gallery>,
    tasks: JoinSet<()>,
    hostile: JoinSet<()>,
    /// By the client's index.
    clients: Vec<Client>,
    /// Departures so far.
    departed: u64,
    leave: CancellationToken,
    /// What the server's process held, by the time since the hold began.
    memory: Vec<(Duration, u64)>,
    /// The latency before hostile clients came.
    calm: Option<Spread>,
}

struct Client {
    leave: CancellationToken,
    task: AbortHandle,
    replaced: u32,
}

/// What was read when the hold began.
struct Before {
    at: Instant,
    seated: u32,
    server: Result<Taken, String>,
    own: Result<Taken, String>,
    busy: Duration,
}

impl<'order> Swarm<'order> {
    fn new(order: &'order Order, run: u32) -> Self {
        Self {
            order,
            crowd: Crowd::new(order, run),
            tally: Rc::new(RefCell::new(Tally::new())),
            sightings: (0..order.mazes()).map(|_| Rc::default()).collect(),
            galleries: (0..order.mazes()).map(|_| Gallery::default()).collect(),
            tasks: JoinSet::new(),
            hostile: JoinSet::new(),
            clients: Vec::new(),
            departed: 0,
            leave: CancellationToken::new(),
            memory: Vec::new(),
            calm: None,
        }
    }

    async fn live(
        mut self,
        screen: &mut Screen<'_>,
        count_keys: impl AsyncFn() -> Result<u64, String>,
        stop: impl Future<Output = ()>,
    ) -> Result<Report, SwarmError> {
        let keys = RefCell::new(Vec::new());
        let census = take_census(&count_keys, &keys);
        pin!(stop, census);
        let started = Instant::now();
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut before: Option<Before> = None;
        let mut teller = Teller::new(started);
        let mut last = started;
        loop {
            let due = select! {
                () = &mut stop => break,
                () = &mut census, if before.is_some() => continue,
                due = beat.tick() => due,
            };
            let now = Instant::now();
            self.beat(now, due, now - last);
            last = now;
            let left = if let Some(before) = &before {
                let left = self.seconds().saturating_sub(now - before.at);
                if left.is_zero() {
                    break;
                }
                self.hold(now - before.at);
                left
            } else {
                if self.arrive(now - started) {
                    before = Some(self.begin(now)?);
                }
                Duration::ZERO
            };
            teller.tell(screen, &self.tally.borrow(), self.order.players, now, left)?;
        }
        let before = match before {
            Some(before) => before,
            None => self.begin(Instant::now())?,
        };
        let measured = self.end(before, started);
        let counted = count_keys().await;
        keys.borrow_mut().push(counted);
        let report = Report::new(self.order, &self.tally.borrow(), &Measured { keys: keys.take(), ..measured });
        teller.finish(screen)?;
        self.farewell().await;
        Ok(report)
    }

    fn seconds(&self) -> Duration {
        Duration::from_secs(u64::from(self.order.seconds))
    }

    /// Ten milliseconds later, more or less.
    fn beat(&mut self, now: Instant, due: Instant, passed: Duration) {
        let mut tally = self.tally.borrow_mut();
        tally.passed(passed);
        if tally.holds() {
            tally.late.add(now.saturating_duration_since(due));
            for sightings in &self.sightings {
                tally.unseen += sightings.borrow_mut().give_up(now);
            }
        }
        drop(tally);
        while self.tasks.try_join_next().is_some() {}
    }

    /// Sends who is due; true when all are there, or should be.
    fn arrive(&mut self, since: Duration) -> bool {
        while self.clients.len() < self.crowd.due(since) as usize {
            let client = self.send(self.clients.len() as u32, 0);
            self.clients.push(client);
        }
        let tally = self.tally.borrow();
        let all_there = tally.seated >= self.order.players && tally.spectators.connected >= self.order.spectators;
        self.clients.len() == self.order.clients() as usize && (all_there || since >= self.crowd.ramp() + SETTLE_MAX)
    }

    fn send(&mut self, index: u32, replaced: u32) -> Client {
        let maze = self.crowd.maze_of(index) as usize;
        let (sightings, gallery) = (Rc::clone(&self.sightings[maze]), self.galleries[maze].clone());
        let mut eye = Eye::new(index, self.crowd.style_of(index), self.crowd.watches(index), Rc::clone(&self.tally), sightings);
        let leave = self.leave.child_token();
        let (plan, leaving) = (self.crowd.plan(index, replaced, gallery), leave.clone());
        let task = self.tasks.spawn_local(async move {
            // Why he stays away is counted where his connection ends.
            let _stays_away = play(plan, leaving, &mut eye).await;
        });
        Client { leave, task, replaced }
    }

    /// What is due so long after the hold began: lines, departures, hostile clients, a look at the server's memory.
    fn hold(&mut self, since: Duration) {
        let lines = Crowd::due_by_the_minute(self.order.chat, since);
        {
            let mut tally = self.tally.borrow_mut();
            tally.chat_due = lines.saturating_sub(tally.chat_said);
        }
        while self.departed < Crowd::due_by_the_minute(self.order.churn, since) {
            self.depart();
        }
        if self.order.hostile > 0 && self.calm.is_none() && since >= self.seconds() / 2 {
            self.disturb();
        }
        if self.order.server_pid.is_some() && since >= READ_MEMORY_EVERY * self.memory.len() as u32 {
            // A process that is gone is told at the end.
            let bytes = self.server().map_or(0, |taken| taken.memory_bytes);
            self.memory.push((since, bytes));
        }
    }

    /// The next player leaves, with a word or without, and somebody new comes to his maze.
    fn depart(&mut self) {
        let index = (self.departed % u64::from(self.order.players)) as u32;
        self.departed += 1;
        let Some(client) = self.clients.get(index as usize) else { return };
        if self.departed.is_multiple_of(WITHOUT_A_WORD_ONE_IN) {
            client.task.abort();
        } else {
            client.leave.cancel();
        }
        let replaced = client.replaced + 1;
        self.clients[index as usize] = self.send(index, replaced);
    }

    fn disturb(&mut self) {
        let mut tally = self.tally.borrow_mut();
        self.calm = Some(tally.latency.spread());
        tally.is_disturbed = true;
        for number in 0..self.order.hostile {
            let url = self.order.urls[number as usize % self.order.urls.len()].clone();
            let Some(maze) = self.crowd.maze_id(number % self.order.mazes()) else { continue };
            self.hostile.spawn_local(misbehave(number, url, maze, Rc::clone(&self.tally)));
        }
    }

    /// From here on everything counts.
    fn begin(&mut self, now: Instant) -> Result<Before, SwarmError> {
        let mut tally = self.tally.borrow_mut();
        if tally.joins == 0 {
            return Err(SwarmError::Nobody { unopened: tally.unopened_all(), closed: tally.closes_all() });
        }
        tally.phase = Phase::Hold;
        Ok(Before { at: now, seated: tally.seated, server: self.server(), own: machine::of_process(std::process::id()), busy: busy() })
    }

    fn end(&mut self, before: Before, started: Instant) -> Measured {
        let both = |before: Result<Taken, String>, after: Result<Taken, String>| before.and_then(|before| Ok([before, after?]));
        self.tally.borrow_mut().phase = Phase::Leave;
        Measured {
            ramp: before.at - started,
            held: before.at.elapsed(),
            players_at_first: before.seated,
            departed: self.departed,
            server: both(before.server, self.server()),
            memory: std::mem::take(&mut self.memory),
            own: both(before.own, machine::of_process(std::process::id())),
            busy: busy().saturating_sub(before.busy),
            calm: self.calm,
            keys: Vec::new(),
        }
    }

    fn server(&self) -> Result<Taken, String> {
        let pid = self.order.server_pid.ok_or_else(|| "--server-pid was not given".to_owned())?;
        machine::of_process(pid)
    }

    async fn farewell(mut self) {
        self.leave.cancel();
        self.hostile.abort_all();
        let farewells = async { while self.tasks.join_next().await.is_some() {} };
        // Who has no time to say goodbye is dropped with his socket.
        let _all_gone = timeout(FAREWELL_MAX, farewells).await;
    }
}

/// For how long this thread has had something to do.
fn busy() -> Duration {
    Handle::current().metrics().worker_total_busy_duration(0)
}

/// Counts the keys of Redis, for ever.
async fn take_census(count_keys: &impl AsyncFn() -> Result<u64, String>, keys: &RefCell<Vec<Result<u64, String>>>) {
    loop {
        let count = count_keys().await;
        keys.borrow_mut().push(count);
        sleep(COUNT_KEYS_EVERY).await;
    }
}
