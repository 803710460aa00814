//! The worker: leads mazes and ticks them. Here it is decided which mazes to try for; each has one supervised task.
//!
//! Deciders are plain structs without IO (`leadership`, `ranking`, `inbox`, `pacer`, `desk`, `forecast`, `lead`, `neighbour`, `scores`,
//! `supervision`, `black_box`); `maze` is the task around them. A panic in one maze ends its task only: it starts again from the record, others are
//! not touched, and `rescue` saves its black box.

pub mod black_box;
pub mod forecast;
pub mod meters;

mod around;
mod desk;
mod inbox;
mod lead;
mod leadership;
mod ledger;
mod maze;
mod neighbour;
mod pacer;
mod place;
pub mod ranking;
mod rescue;
mod scores;
mod supervision;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::select;
use tokio::sync::Notify;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio::time::MissedTickBehavior;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::backplane::Backplane;
use crate::backplane::Subscription;
use crate::backplane::Topic;
use crate::game::seating::Command;
use crate::game::seating::Outcome;
use crate::game::world::World;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::Position;
use crate::wire::between_nodes::Heartbeat;
use crate::wire::between_nodes::Knock;
use crate::wire::between_nodes::MazeRow;
use crate::wire::between_nodes::Role;
use crate::wire::between_nodes::Stands;
use crate::wire::black_box::Strip;
use around::Around;
use ledger::Flight;
use ledger::Ledger;
use maze::Beginning;
use maze::Common;
use meters::Meters;
use place::Listens;
use place::Place;
use ranking::Rival;
use rescue::RESCUES_MAX;
use rescue::Rescue;
use supervision::Supervision;

/// How often the heartbeats of all nodes are read.
const LOOK_AROUND: Duration = Duration::from_millis(500);
/// Mazes that a worker leads or stands by for; a knock for one more is left to others.
pub const MAZES_MAX: usize = 4_096;

/// How a world takes a tick: `World::step`, unless a test puts a fault in its place.
pub type Step = Arc<dyn Fn(&MazeId, &mut World, &[Command]) -> Vec<Outcome> + Send + Sync>;

#[derive(Clone)]
pub struct WorkerConfig {
    pub step: Step,
    /// Where the black boxes of panics are written, beside the backplane.
    pub black_box: Option<PathBuf>,
}

impl Default for WorkerConfig {
    fn default() -> Self {
        let step: Step = Arc::new(|_, world, commands| {
            #[cfg(feature = "panic-on-demand")]
            assert!(std::fs::remove_file("panic").is_err(), "somebody has demanded a panic");
            world.step(commands)
        });
        Self { step, black_box: None }
    }
}

/// A running worker. Dropping it kills it as a crash would: nothing is handed over.
pub struct Worker {
    ledger: Ledger,
    place: Place,
    leaving: CancellationToken,
    task: JoinHandle<()>,
}

impl Worker {
    /// Leads and stands by until `leaving` is cancelled; then it hands its mazes over and ends.
    #[must_use]
    pub fn start(backplane: Backplane, me: NodeId, config: WorkerConfig, leaving: CancellationToken) -> Self {
        let (ledger, place) = (Ledger::default(), Place::new(Instant::now()));
        let (tell, around) = watch::channel(Arc::default());
        let (meters, grid) = (Meters::new(), Instant::now());
        let common = Common { me, backplane, around, ledger: ledger.clone(), leaving: leaving.clone(), step: config.step, meters, grid };
        let crew = Crew {
            common,
            tell,
            place: place.clone(),
            mazes: BTreeMap::new(),
            tasks: JoinSet::new(),
            black_box: config.black_box,
            rescues: JoinSet::new(),
        };
        Self { ledger, place, leaving, task: tokio::spawn(crew.run()) }
    }

    /// The mazes that it leads now, for its heartbeat.
    #[must_use]
    pub fn rows(&self) -> Vec<MazeRow> {
        self.ledger.rows()
    }

    /// Its place among the other workers, for its heartbeat.
    #[must_use]
    pub fn stands(&self) -> Stands {
        self.place.stands(Instant::now())
    }

    /// Hands every maze over and ends; what is not done within `at_most` is left to the patience of the others. Says whether all was done.
    pub async fn drain(mut self, at_most: Duration) -> bool {
        self.leaving.cancel();
        timeout(at_most, &mut self.task).await.is_ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The worker's own task: owns the tasks of all mazes.
struct Crew {
    common: Common,
    tell: watch::Sender<Arc<Around>>,
    place: Place,
    mazes: BTreeMap<MazeId, Entry>,
    /// How each task ended: `true` by a panic.
    tasks: JoinSet<(MazeId, bool)>,
    black_box: Option<PathBuf>,
    rescues: JoinSet<()>,
}

struct Entry {
    listens: Listens,
    knock: Arc<Notify>,
    flight: Flight,
    supervision: Supervision,
}

impl Crew {
    async fn run(mut self) {
        let mut knocks: Option<Subscription> = None;
        let mut look_around = tokio::time::interval(LOOK_AROUND);
        look_around.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let leaving = self.common.leaving.clone();
        loop {
            if leaving.is_cancelled() && self.tasks.is_empty() && self.rescues.is_empty() {
                return;
            }
            select! {
                _ = look_around.tick() => {
                    if knocks.is_none() {
                        let listening = self.common.backplane.subscribe(&[Topic::Knock]);
                        knocks = timeout(LOOK_AROUND, listening).await.ok().and_then(Result::ok);
                    }
                    self.look_around().await;
                }
                Some(knock) = next(&mut knocks), if !leaving.is_cancelled() => self.on_knock(&knock),
                Some(ended) = self.tasks.join_next() => {
                    if let Ok((maze, panicked)) = ended {
                        self.on_ended(&maze, panicked);
                    }
                }
                Some(_) = self.rescues.join_next() => {}
                () = leaving.cancelled(), if !leaving.is_cancelled() => {}
            }
        }
    }

    /// Reads everybody's heartbeat and stands by for the mazes that others lead.
    async fn look_around(&mut self) {
        let Ok(Ok(nodes)) = timeout(LOOK_AROUND, self.common.backplane.nodes()).await else { return };
        let now = Instant::now();
        let mut around = Around::default();
        let mut stood_by = Vec::new();
        for (node, age, said) in nodes {
            // What cannot be read is of a version that knows no mazes of ours.
            let Ok(said) = serde_json::from_slice::<Heartbeat>(&said) else { continue };
            if said.role != Role::Gateway && !said.draining {
                if said.stands.is_none_or(|stands| stands.able) {
                    around.rivals.push(Rival { node: node.clone(), heard: now.checked_sub(age).unwrap_or(now) });
                } else {
                    around.is_awaited |= node != self.common.me;
                }
            }
            if node != self.common.me {
                stood_by.extend(said.leads.iter().map(|row| (row.id.clone(), row.players + row.spectators > 0)));
            }
            around.leaders.extend(said.leads.iter().map(|row| (row.id.clone(), node.clone())));
            around.directory.extend(said.leads);
        }
        let counts = around.rivals.iter().map(|rival| rival.node.clone()).filter(|node| *node != self.common.me).collect();
        self.tell.send_replace(Arc::new(around));
        let mut listened = Vec::new();
        for (maze, has_people) in stood_by {
            self.try_for(&maze);
            let ranks = self.common.around.borrow().rank(&self.common.me, &maze).stands_by();
            listened.extend(self.mazes.get(&maze).filter(|_| has_people && ranks).map(|entry| entry.listens.clone()));
        }
        self.place.see(counts, listened);
    }

    fn on_knock(&mut self, message: &[u8]) {
        let Ok(Knock { maze }) = serde_json::from_slice(message) else {
            metrics::counter!("waka_ups_malformed_total").increment(1);
            return;
        };
        self.try_for(&maze);
        if let Some(entry) = self.mazes.get(&maze) {
            entry.knock.notify_one();
        }
    }

    /// Sees to it that a task stands by for the maze, if this worker ranks for it.
    fn try_for(&mut self, maze: &MazeId) {
        let rank = self.common.around.borrow().rank(&self.common.me, maze);
        if self.common.leaving.is_cancelled() || !rank.stands_by() || self.mazes.contains_key(maze) || self.mazes.len() >= MAZES_MAX {
            return;
        }
        let entry =
            Entry { listens: Listens::default(), knock: Arc::default(), flight: Flight::default(), supervision: Supervision::default() };
        self.mazes.insert(maze.clone(), entry);
        self.begin(maze, Duration::ZERO, false);
    }

    fn begin(&mut self, maze: &MazeId, after: Duration, poisoned: bool) {
        let Some(entry) = self.mazes.get(maze) else { return };
        let (knock, flight, listens) = (Arc::clone(&entry.knock), entry.flight.clone(), entry.listens.clone());
        let orphan = flight.last().epoch;
        flight.landed();
        let beginning = Beginning { maze: maze.clone(), knock, listens, flight, orphan, poisoned };
        let (common, maze) = (self.common.clone(), maze.clone());
        self.tasks.spawn(async move {
            tokio::time::sleep(after).await;
            // Whatever the panic left half done is dropped with the task: the next one reads the record.
            let ended = AssertUnwindSafe(maze::run(common, beginning)).catch_unwind().await;
            (maze, ended.is_err())
        });
    }

    fn on_ended(&mut self, maze: &MazeId, panicked: bool) {
        if !panicked {
            self.mazes.remove(maze);
            return;
        }
        let Some(entry) = self.mazes.get_mut(maze) else { return };
        let restart = entry.supervision.on_panic(Instant::now());
        let last = entry.flight.last();
        let strips = entry.flight.open().strips();
        metrics::counter!("waka_maze_panics_total").increment(1);
        self.common.ledger.strike(maze);
        let black_box = self.rescue(maze, last.epoch, last.tick, strips);
        tracing::error!(
            event = "maze_panicked", %maze, epoch = last.epoch.map(|epoch| epoch.0), tick = last.tick, commands = ?last.commands,
            poisoned = restart.poisoned, black_box, "a maze panicked and starts again from its record"
        );
        if self.common.leaving.is_cancelled() {
            self.mazes.remove(maze);
            return;
        }
        self.begin(maze, restart.after, restart.poisoned);
    }

    /// Saves the black box of a panic, beside everything else; tells what it will be called.
    fn rescue(&mut self, maze: &MazeId, epoch: Option<Epoch>, tick: u32, strips: Vec<Strip>) -> Option<String> {
        let panicked = Position { epoch: epoch?, tick };
        if self.rescues.len() >= RESCUES_MAX {
            return None;
        }
        let (backplane, folder) = (self.common.backplane.clone(), self.black_box.clone());
        let rescue = Rescue { maze: maze.clone(), panicked, strips, backplane, folder };
        let name = rescue.name();
        self.rescues.spawn(rescue.run());
        Some(name)
    }
}

async fn next(knocks: &mut Option<Subscription>) -> Option<bytes::Bytes> {
    match knocks {
        Some(knocks) => knocks.next().await.map(|(_, message)| message),
        None => std::future::pending().await,
    }
}
