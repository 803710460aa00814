//! A cluster in one test: workers over the backplane within the process, and one gateway that is only what leaders see of it.
//!
//! Time is tokio's, paused: twenty seconds of play take a fraction of one. Nothing here sleeps for its own sake; tests wait for conditions, each
//! with a deadline.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use waka::backplane::Backplane;
use waka::backplane::Topic;
use waka::game::grid::Direction;
use waka::wire::MazeId;
use waka::wire::NodeId;
use waka::wire::PlayerId;
use waka::wire::Position;
use waka::wire::between_nodes::Heartbeat;
use waka::wire::between_nodes::Knock;
use waka::wire::between_nodes::Role;
use waka::wire::between_nodes::Roster;
use waka::wire::between_nodes::RosterRow;
use waka::wire::between_nodes::Seating;
use waka::wire::between_nodes::Show;
use waka::wire::between_nodes::Up;
use waka::wire::frame::Frame;
use waka::worker::Worker;
use waka::worker::WorkerConfig;

const PERIOD: Duration = Duration::from_millis(500);
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) struct Cluster {
    pub(crate) backplane: Backplane,
    workers: BTreeMap<String, Running>,
}

struct Running {
    worker: Arc<Worker>,
    heart: JoinHandle<()>,
}

impl Cluster {
    pub(crate) fn new() -> Self {
        Self { backplane: Backplane::memory(), workers: BTreeMap::new() }
    }

    pub(crate) async fn start(&mut self, name: &str) {
        self.start_with(name, self.backplane.clone(), WorkerConfig::default()).await;
    }

    /// A worker behind its own line to the backplane. Its heartbeat, which the composition root sends in earnest, has been heard when this returns.
    pub(crate) async fn start_with(&mut self, name: &str, line: Backplane, config: WorkerConfig) {
        let me = NodeId(name.to_owned());
        let worker = Arc::new(Worker::start(line.clone(), me.clone(), config, CancellationToken::new()));
        let beating = Arc::clone(&worker);
        let (first, heard_first) = tokio::sync::oneshot::channel();
        let mut first = Some(first);
        let heart = tokio::spawn(async move {
            loop {
                let said = Heartbeat {
                    id: me.clone(),
                    role: Role::Worker,
                    version: "test".to_owned(),
                    draining: false,
                    connections: 0,
                    leads: beating.rows(),
                    people: vec![],
                    stands: Some(beating.stands()),
                };
                let _heard = line.heartbeat(me.clone(), serde_json::to_vec(&said).unwrap().into()).await;
                first.take().map(|first| first.send(()));
                pass(PERIOD).await;
            }
        });
        heard_first.await.unwrap();
        self.workers.insert(name.to_owned(), Running { worker, heart });
    }

    /// As SIGKILL does.
    pub(crate) async fn kill(&mut self, name: &str) {
        let Running { worker, heart } = self.workers.remove(name).unwrap();
        heart.abort();
        let _aborted = heart.await;
        drop(Arc::into_inner(worker).expect("the heart was the only other holder"));
    }

    /// As SIGTERM does.
    pub(crate) async fn drain(&mut self, name: &str) {
        let Running { worker, heart } = self.workers.remove(name).unwrap();
        heart.abort();
        let _aborted = heart.await;
        self.backplane.farewell(NodeId(name.to_owned())).await.unwrap();
        let worker = Arc::into_inner(worker).expect("the heart was the only other holder");
        assert!(worker.drain(Duration::from_secs(2)).await, "S1: all is handed over in time");
    }

    /// The workers that say they lead this maze.
    pub(crate) fn leaders(&self, maze: &MazeId) -> Vec<String> {
        let leads = |running: &Running| running.worker.rows().iter().any(|row| row.id == *maze);
        self.workers.iter().filter(|(_, running)| leads(running)).map(|(name, _)| name.clone()).collect()
    }

    pub(crate) fn sleeps(&self, maze: &MazeId) -> bool {
        self.workers.values().any(|running| running.worker.rows().iter().any(|row| row.id == *maze && row.asleep))
    }

    pub(crate) async fn position(&self, maze: &MazeId) -> Position {
        self.backplane.position(maze).await.unwrap().expect("the maze has a record").0
    }
}

/// Lets simulated time go by.
pub(crate) async fn pass(time: Duration) {
    tokio::time::sleep(time).await; // time is the promise
}

/// Waits until it holds, looking every millisecond of simulated time.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < DEADLINE, "never came: {what}");
        pass(Duration::from_millis(1)).await;
    }
    began.elapsed()
}

/// What a leader sees of a gateway: rosters, inputs and knocks; and what a gateway shows of a leader's frames.
pub(crate) struct Gateway {
    backplane: Backplane,
    pub(crate) maze: MazeId,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    rows: Vec<RosterRow>,
    spectators: u32,
    serial: u64,
    shown: Vec<(Instant, Frame)>,
    seating: Option<Seating>,
}

impl Gateway {
    pub(crate) async fn open(backplane: &Backplane, maze: MazeId, name: &str) -> Self {
        let state = Arc::<Mutex<State>>::default();
        let (backplane, shared) = (backplane.clone(), Arc::clone(&state));
        let mut down = backplane.subscribe(&[Topic::Down(maze.clone())]).await.unwrap();
        let (line, id, name) = (backplane.clone(), maze.clone(), NodeId(name.to_owned()));
        let task = tokio::spawn(async move {
            let mut beat = tokio::time::interval(PERIOD);
            loop {
                tokio::select! {
                    Some((_, message)) = down.next() => shared.lock().unwrap().show(&message),
                    _ = beat.tick() => {
                        say(&line, &id, &name, &shared).await;
                        knock(&line, &id, &shared).await;
                    }
                }
            }
        });
        Self { backplane, maze, state, task }
    }

    /// Names another player from now on, at once.
    pub(crate) async fn enter(&self, player: u64, run: u64) {
        let name = format!("player {player}");
        let row = RosterRow {
            player: PlayerId(player),
            name,
            colour: None,
            symbol: None,
            bot: false,
            away: false,
            leaving: false,
            run,
            wish: None,
            n: 0,
            connection: 0,
        };
        self.change(|state| {
            state.rows.retain(|other| other.player != row.player);
            state.rows.push(row);
        })
        .await;
    }

    /// Names him no longer.
    pub(crate) async fn exit(&self, player: u64) {
        self.change(|state| state.rows.retain(|row| row.player != PlayerId(player))).await;
    }

    pub(crate) async fn spectators(&self, spectators: u32) {
        self.change(|state| state.spectators = spectators).await;
    }

    /// One key: travels at once, and with every roster.
    pub(crate) async fn press(&self, player: u64, dir: Direction) {
        let n = {
            let mut state = self.state.lock().unwrap();
            let row = state.rows.iter_mut().find(|row| row.player == PlayerId(player)).unwrap();
            row.n += 1;
            row.wish = Some(dir);
            row.n
        };
        let up = serde_json::to_vec(&Up::Input { player: PlayerId(player), n, dir }).unwrap();
        let _heard = self.backplane.publish(Topic::Up(self.maze.clone()), up.into()).await;
    }

    /// The newest frame shown.
    pub(crate) fn newest(&self) -> Option<Frame> {
        self.state.lock().unwrap().shown.last().map(|(_, frame)| frame.clone())
    }

    pub(crate) fn position(&self) -> Option<Position> {
        self.newest().map(|frame| frame.position())
    }

    /// All frames shown so far, each with its moment.
    pub(crate) fn shown(&self) -> Vec<(Instant, Frame)> {
        self.state.lock().unwrap().shown.clone()
    }

    pub(crate) fn seating(&self) -> Option<Seating> {
        self.state.lock().unwrap().seating.clone()
    }

    pub(crate) fn seats(&self, player: u64) -> bool {
        self.seating().is_some_and(|seating| seating.seats.iter().any(|row| row.player == PlayerId(player)))
    }

    async fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
        say(&self.backplane, &self.maze, &NodeId("gateway".to_owned()), &self.state).await;
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    /// Only what is newer, and a new epoch only from a whole frame.
    fn show(&mut self, message: &bytes::Bytes) {
        if message.is_empty() {
            return;
        }
        let show = Show::decode(message).expect("a leader's show");
        let frame = Frame::decode(&show.frame).expect("a leader's frame");
        if let Some((_, last)) = self.shown.last() {
            if frame.position() <= last.position() {
                return;
            }
            assert!(frame.epoch == last.epoch || frame.is_complete(), "the first frame of an epoch needs nothing that came before");
        }
        self.shown.push((Instant::now(), frame));
        if let Some(seating) = show.seating {
            self.seating = Some(seating);
        }
    }
}

async fn say(line: &Backplane, maze: &MazeId, gateway: &NodeId, state: &Mutex<State>) {
    let roster = {
        let mut state = state.lock().unwrap();
        if state.rows.is_empty() && state.spectators == 0 && state.serial == 0 {
            return;
        }
        state.serial += 1;
        let shown = state.shown.last().map(|(_, frame)| frame.position());
        Roster { gateway: gateway.clone(), serial: state.serial, shown, players: state.rows.clone(), spectators: state.spectators }
    };
    let _heard = line.publish(Topic::Up(maze.clone()), serde_json::to_vec(&Up::Roster(roster)).unwrap().into()).await;
}

/// While people wait and nothing is shown.
async fn knock(line: &Backplane, maze: &MazeId, state: &Mutex<State>) {
    let waits = {
        let state = state.lock().unwrap();
        let silent = state.shown.last().is_none_or(|(at, _)| at.elapsed() >= PERIOD);
        silent && (!state.rows.is_empty() || state.spectators > 0)
    };
    if waits {
        let knock = serde_json::to_vec(&Knock { maze: maze.clone() }).unwrap();
        let _heard = line.publish(Topic::Knock, knock.into()).await;
    }
}
