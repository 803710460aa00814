//! The swarm's shell: sends the players in, lets them play, calls them back. It owns their tasks: when it ends they have ended.
//!
//! Everything runs on the thread that calls `run`. A beat of ten milliseconds sends arrivals and tells how late the thread is; each half second is a
//! line of progress.

use std::cell::RefCell;
use std::io;
use std::io::Write;
use std::rc::Rc;
use std::time::Duration;

use tokio::pin;
use tokio::runtime::Handle;
use tokio::select;
use tokio::task::JoinSet;
use tokio::task::LocalSet;
use tokio::time::Instant;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::client::player::play;
use crate::swarm::crowd::Crowd;
use crate::swarm::eye::Eye;
use crate::swarm::machine;
use crate::swarm::machine::Taken;
use crate::swarm::order::Order;
use crate::swarm::progress::Progress;
use crate::swarm::report::Measured;
use crate::swarm::report::Report;
use crate::swarm::sightings::Sightings;
use crate::swarm::tally::Phase;
use crate::swarm::tally::Tally;

/// How often arrivals are sent and the thread's own delay is taken.
const BEAT: Duration = Duration::from_millis(10);
/// How often progress is told on a terminal, and how often where lines stay.
const TELL_EVERY: Duration = Duration::from_millis(500);
const TELL_EVERY_IN_A_FILE: Duration = Duration::from_secs(5);
/// For the last who were sent to get their seats; who has none then is missing.
const SETTLE_MAX: Duration = Duration::from_secs(5);
/// For all to say goodbye.
const FAREWELL_MAX: Duration = Duration::from_secs(5);
/// Files that the swarm needs beside its sockets.
const FILES_BESIDE: u64 = 24;

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

/// Where progress is told.
pub struct Screen<'a> {
    pub out: &'a mut dyn Write,
    /// Whether a line may be written over the last one.
    pub is_terminal: bool,
}

/// Does what is ordered, or less if `stop` comes sooner. Needs a runtime of one thread with its clock and network enabled.
pub async fn run(order: &Order, screen: &mut Screen<'_>, stop: impl Future<Output = ()>) -> Result<Report, SwarmError> {
    let needed = u64::from(order.players) + FILES_BESIDE;
    if let Some(allowed) = machine::files_max().filter(|allowed| *allowed < needed) {
        return Err(SwarmError::Files { needed, allowed });
    }
    let swarm = Swarm::new(order, getrandom::u32()?);
    LocalSet::new().run_until(swarm.live(screen, stop)).await
}

struct Swarm<'order> {
    order: &'order Order,
    crowd: Crowd<'order>,
    tally: Rc<RefCell<Tally>>,
    /// By maze.
    sightings: Vec<Rc<RefCell<Sightings>>>,
    players: JoinSet<()>,
    sent: u32,
    leave: CancellationToken,
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
            players: JoinSet::new(),
            sent: 0,
            leave: CancellationToken::new(),
        }
    }

    async fn live(mut self, screen: &mut Screen<'_>, stop: impl Future<Output = ()>) -> Result<Report, SwarmError> {
        pin!(stop);
        let started = Instant::now();
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut before: Option<Before> = None;
        let mut all_sent: Option<Instant> = None;
        let mut teller = Teller::new(started);
        let mut last = started;
        loop {
            let due = select! {
                () = &mut stop => break,
                due = beat.tick() => due,
            };
            let now = Instant::now();
            self.beat(now, due, now - last);
            last = now;
            let left = match &before {
                None => {
                    self.send(now - started);
                    if self.sent == self.order.players {
                        let sent = *all_sent.get_or_insert(now);
                        if self.tally.borrow().seated >= self.sent || now - sent >= SETTLE_MAX {
                            before = Some(self.begin(now)?);
                        }
                    }
                    Duration::ZERO
                }
                Some(before) => {
                    let left = Duration::from_secs(u64::from(self.order.seconds)).saturating_sub(now - before.at);
                    if left.is_zero() {
                        break;
                    }
                    left
                }
            };
            teller.tell(screen, &self.tally.borrow(), self.order.players, now, left)?;
        }
        let before = match before {
            Some(before) => before,
            None => self.begin(Instant::now())?,
        };
        let report = self.end(before, started);
        teller.finish(screen)?;
        self.farewell().await;
        Ok(report)
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
        while self.players.try_join_next().is_some() {}
    }

    fn send(&mut self, since: Duration) {
        while self.sent < self.crowd.due(since) {
            let index = self.sent;
            let sightings = Rc::clone(&self.sightings[self.crowd.maze_of(index) as usize]);
            let mut eye = Eye::new(index, Rc::clone(&self.tally), sightings);
            let (plan, leave) = (self.crowd.plan(index), self.leave.clone());
            self.players.spawn_local(async move {
                // Why he stays away is counted where his connection ends.
                let _stays_away = play(plan, leave, &mut eye).await;
            });
            self.sent += 1;
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

    fn end(&mut self, before: Before, started: Instant) -> Report {
        let mut tally = self.tally.borrow_mut();
        let both = |before: Result<Taken, String>, after: Result<Taken, String>| before.and_then(|before| Ok([before, after?]));
        let measured = Measured {
            ramp: before.at - started,
            held: before.at.elapsed(),
            players_at_first: before.seated,
            server: both(before.server, self.server()),
            own: both(before.own, machine::of_process(std::process::id())),
            busy: busy().saturating_sub(before.busy),
        };
        tally.phase = Phase::Leave;
        Report::new(self.order, &tally, &measured)
    }

    fn server(&self) -> Result<Taken, String> {
        let pid = self.order.server_pid.ok_or_else(|| "--server-pid was not given".to_owned())?;
        machine::of_process(pid)
    }

    async fn farewell(mut self) {
        self.leave.cancel();
        let farewells = async { while self.players.join_next().await.is_some() {} };
        // Who has no time to say goodbye is dropped with his socket.
        let _all_gone = timeout(FAREWELL_MAX, farewells).await;
    }
}

/// For how long this thread has had something to do.
fn busy() -> Duration {
    Handle::current().metrics().worker_total_busy_duration(0)
}

struct Teller {
    progress: Progress,
    told: Instant,
    is_open: bool,
}

impl Teller {
    fn new(now: Instant) -> Self {
        Self { progress: Progress::default(), told: now, is_open: false }
    }

    fn tell(&mut self, screen: &mut Screen<'_>, tally: &Tally, players: u32, now: Instant, left: Duration) -> io::Result<()> {
        let every = if screen.is_terminal { TELL_EVERY } else { TELL_EVERY_IN_A_FILE };
        if now - self.told < every {
            return Ok(());
        }
        let line = self.progress.line(tally, players, now - self.told, left);
        self.told = now;
        self.is_open = screen.is_terminal;
        // To the line's beginning, and over what is left of a longer one.
        if screen.is_terminal {
            write!(screen.out, "\r{line}\x1b[K")?;
        } else {
            writeln!(screen.out, "{line}")?;
        }
        screen.out.flush()
    }

    fn finish(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        if self.is_open { writeln!(screen.out) } else { Ok(()) }
    }
}
