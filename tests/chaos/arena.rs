//! The stage: a Redis, three processes that may die, a gateway that never does, six bots, an observer, and a seat that must survive.
//!
//! Every process has a line of its own to Redis. All ends when the stage is dropped.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use waka::client::bot::Style;
use waka::client::mirror::Gallery;
use waka::client::player;
use waka::client::player::Plan;
use waka::client::witness::Unseen;
use waka::game::grid::Direction;
use waka::game::scene::Condition;
use waka::game::scene::Seat;
use waka::wire::Epoch;
use waka::wire::MazeId;
use waka::wire::Position;
use waka::wire::from_client::Channel;
use waka::wire::from_client::FromClient;

use crate::Fault;
use crate::link::Link;
use crate::observer::Observer;
use crate::observer::Shot;
use crate::observer::unread;
use crate::process::Process;
use crate::redis_server::Redis;
use crate::until;

const BOTS: usize = 6;
const MORTALS: usize = 3;
/// So many of the bots are at play before a fault; the others may be dead, or rest between two runs.
const AT_PLAY_MIN: usize = 3;
/// A new leader has led so many ticks before he counts as settled; and so many after a fault say that the maze goes on.
const SETTLED_TICKS: u32 = 60;
const GOES_ON_TICKS: u32 = 20;
/// A process that has just been started may be handed the maze, a second after the last claim and with its first heartbeat; after so long it has been.
const HANDED_OVER: Duration = Duration::from_secs(2);
/// The observer remembers at least what a refill takes.
const MEMORY: Duration = Duration::from_secs(12);
/// A channel remembers fifty lines.
const LINES_MAX: usize = 40;

/// A folder of this run, gone when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, String> {
        let name = format!("waka-faults-{}-{:08x}", std::process::id(), getrandom::u32().map_err(|error| error.to_string())?);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).map_err(|error| format!("no folder: {error}"))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Arena {
    pub(crate) seed: u64,
    pub(crate) redis: Redis,
    /// One that lags behind, with its line, while it waits to be promoted.
    pub(crate) replica: Option<(Redis, Link)>,
    /// The observer's: no fault touches it.
    pub(crate) gateway: Process,
    pub(crate) mortals: Vec<Process>,
    pub(crate) observer: Observer,
    quiet: Observer,
    pub(crate) maze: MazeId,
    lines: Vec<String>,
    said: u32,
    stores: u32,
    started: Instant,
    leave: CancellationToken,
    bots: Vec<JoinHandle<()>>,
    // After the processes that write into it.
    folder: Folder,
}

impl Arena {
    pub(crate) async fn open(seed: u64) -> Result<Self, String> {
        let folder = Folder::new()?;
        let redis = Redis::start(&folder.0, "redis-0").await?;
        let gateway = Process::start("gateway", "gateway", redis.port, &folder.0).await?;
        let mut mortals = Vec::new();
        for number in 0..MORTALS {
            mortals.push(Process::start("all", &format!("all-{number}"), redis.port, &folder.0).await?);
        }
        let maze = MazeId::parse("chaos").map_err(|error| error.to_string())?;
        let mut arena = Self {
            observer: Observer::open(vec![gateway.websocket()], maze.clone(), None),
            quiet: Observer::open(vec![gateway.websocket()], maze.clone(), Some("Quiet")),
            seed,
            redis,
            replica: None,
            gateway,
            mortals,
            maze,
            lines: Vec::new(),
            said: 0,
            stores: 1,
            started: Instant::now(),
            leave: CancellationToken::new(),
            bots: Vec::new(),
            folder,
        };
        arena.earn().await?;
        let sockets = arena.mortals.iter().map(Process::websocket).cycle().take(BOTS);
        arena.bots = sockets.zip(seed..).map(|(socket, seed)| bot(socket, seed, &arena.maze, &arena.leave)).collect();
        arena.calm().await?;
        Ok(arena)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder.0
    }

    pub(crate) fn record_key(&self) -> String {
        format!("waka:{{{}}}:record", self.maze)
    }

    pub(crate) fn links(&self) -> impl Iterator<Item = &Link> {
        self.mortals.iter().chain([&self.gateway]).map(|process| &process.redis)
    }

    pub(crate) async fn another_redis(&mut self) -> Result<Redis, String> {
        self.stores += 1;
        Redis::start(&self.folder.0, &format!("redis-{}", self.stores)).await
    }

    pub(crate) async fn restart_the_dead(&mut self) -> Fault {
        for process in self.mortals.iter_mut().filter(|process| !process.runs()) {
            process.restart().await?;
            self.started = Instant::now();
        }
        Ok(())
    }

    /// A client that looks on through these gateways, and already sees the maze.
    pub(crate) async fn visitor(&self, addresses: Vec<String>) -> Result<Observer, String> {
        let visitor = Observer::open(addresses, self.maze.clone(), None);
        until("a visitor sees the maze", async || visitor.log().newest().is_some_and(|shot| shot.scene.is_some())).await?;
        visitor.log().trim(Duration::ZERO);
        Ok(visitor)
    }

    /// The quiet one gets himself some points before anybody can eat them, and then steps aside, where nothing can befall him.
    async fn earn(&self) -> Fault {
        let points = || {
            let seat = usize::from(self.quiet.log().seat?.0);
            self.quiet.log().newest()?.scene.as_ref().map(|scene| scene.scores[seat].points)
        };
        until("the quiet one sits", async || points().is_some()).await?;
        self.quiet.say(FromClient::Input { n: 1, dir: Direction::Left }).await;
        until("the quiet one has points", async || points() > Some(0)).await?;
        self.quiet.say(FromClient::Away { away: true }).await;
        Ok(())
    }

    /// Exactly one leader, everybody announced, and frames of one epoch for a second.
    pub(crate) async fn calm(&self) -> Fault {
        let mut last = String::new();
        let from = self.observer.log().shots.len();
        let settled = async || {
            let Ok(status) = self.gateway.status().await else { return false };
            last = status.to_string();
            let rows = status["instances"].as_array().cloned().unwrap_or_default();
            let leads: u64 = rows.iter().filter_map(|row| row["leads"].as_u64()).sum();
            let leader = &status["mazes"][0]["leader"];
            let alive = self.mortals.iter().any(|process| leader == process.instance.as_str());
            let all = self.mortals.iter().all(|process| rows.iter().any(|row| row["id"] == process.instance.as_str()));
            rows.len() == MORTALS + 1 && leads == 1 && alive && all && self.is_steady(status["mazes"][0]["epoch"].as_u64(), from)
        };
        until("one leader and a steady maze", settled).await.map_err(|error| format!("{error}: {last}"))
    }

    /// Counted from a place in the observer's log on.
    fn is_steady(&self, epoch: Option<u64>, from: usize) -> bool {
        if self.quiet_seat().is_none() {
            return false;
        }
        let log = self.observer.log();
        let Some(newest) = log.newest() else { return false };
        let first = log.shots.iter().skip(from).find(|shot| shot.position.epoch == newest.position.epoch);
        let led = first.map_or(0, |first| newest.position.tick - first.position.tick);
        let fresh = newest.at.elapsed() < Duration::from_millis(300) && self.started.elapsed() >= HANDED_OVER;
        fresh && led >= SETTLED_TICKS && epoch == Some(newest.position.epoch.0.into()) && newest.scene.is_some()
    }

    /// Who leads, as a place among the mortals.
    pub(crate) async fn leader(&self) -> Result<usize, String> {
        let status = self.gateway.status().await?;
        let leader = &status["mazes"][0]["leader"];
        self.mortals.iter().position(|process| leader == process.instance.as_str()).ok_or_else(|| format!("no leader in {status}"))
    }

    /// The newest position that the observer was shown.
    pub(crate) fn newest(&self) -> Option<Position> {
        self.observer.log().newest().map(|shot| shot.position)
    }

    pub(crate) fn epoch(&self) -> Epoch {
        self.newest().map_or(Epoch(0), |newest| newest.epoch)
    }

    pub(crate) async fn new_epoch(&self, old: Epoch) -> Fault {
        until("a frame of a new leader", async || self.epoch() > old).await
    }

    /// For a while, in one epoch.
    pub(crate) async fn goes_on(&self, since: Instant) -> Fault {
        until("the maze goes on", async || {
            let log = self.observer.log();
            let Some(newest) = log.newest() else { return false };
            let is_of_now = |shot: &&Shot| shot.at > since && shot.position.epoch == newest.position.epoch;
            let first = log.shots.iter().rev().take_while(is_of_now).last();
            first.is_some_and(|first| newest.position.tick >= first.position.tick + GOES_ON_TICKS)
        })
        .await
    }

    /// The seat of the quiet one, as the observer reads it.
    pub(crate) fn quiet_seat(&self) -> Option<Seat> {
        let you = self.quiet.log().you?;
        let log = self.observer.log();
        let (_, rows) = log.rosters.last()?;
        rows.iter().find(|row| row.id == you).map(|row| row.seat)
    }

    /// Says a line that must not be lost; it is public when this returns.
    pub(crate) async fn say(&mut self, fault: &str) -> Fault {
        self.said += 1;
        let text = format!("line {} before: {fault}", self.said);
        self.quiet.say(FromClient::Chat { channel: Channel::Maze, text: Some(text.clone()), phrase: None }).await;
        until("a line of chat", async || self.observer.log().lines.contains(&text)).await.map_err(|error| {
            let log = self.quiet.log();
            format!("{error}; refused {:?}", log.refused)
        })?;
        self.lines.push(text);
        self.lines.drain(..self.lines.len().saturating_sub(LINES_MAX));
        Ok(())
    }

    /// The lines that somebody who comes now through a mortal gateway does not read, or that Redis no longer has.
    pub(crate) async fn lines_lost(&mut self) -> Vec<String> {
        let through = self.mortals[self.said as usize % MORTALS].websocket();
        let mut lost = unread(through, self.maze.clone(), &self.lines).await;
        let stored = || {
            let stream: Result<Vec<(String, Vec<String>)>, String> =
                self.redis.ask(redis::cmd("XRANGE").arg(format!("waka:{{{}}}:chat", self.maze)).arg("-").arg("+"));
            stream.unwrap_or_default().into_iter().flat_map(|(_, fields)| fields).collect::<Vec<String>>().join("\n")
        };
        let missing = |stored: &str| self.lines.iter().filter(|line| !stored.contains(*line)).cloned().collect::<Vec<String>>();
        let _there = until("all lines of chat in Redis", async || missing(&stored()).is_empty()).await;
        lost.extend(missing(&stored()));
        lost.sort();
        lost.dedup();
        self.lines.retain(|line| !lost.contains(line));
        lost
    }

    /// How far each log has got, to read on from.
    pub(crate) fn logged_bytes(&self) -> Vec<usize> {
        self.mortals.iter().map(Process::logged_bytes).collect()
    }

    pub(crate) fn has_logged(&self, since_bytes: &[usize], what: &str) -> bool {
        self.mortals.iter().zip(since_bytes).any(|(process, since)| process.has_logged(*since, what))
    }

    pub(crate) fn last_words(&self) -> String {
        let words: Vec<String> = self.mortals.iter().chain([&self.gateway]).map(Process::last_words).collect();
        words.join("\n")
    }

    /// Before a fault: bots play, the logs begin anew, and the quiet one shows that he is there.
    pub(crate) async fn begin(&self) -> Fault {
        until("bots play", async || self.at_play() >= AT_PLAY_MIN).await?;
        self.observer.log().trim(MEMORY);
        self.quiet.log().trim(MEMORY);
        for away in [false, true] {
            self.quiet.say(FromClient::Away { away }).await;
        }
        Ok(())
    }

    fn at_play(&self) -> usize {
        let log = self.observer.log();
        let pacs = log.newest().and_then(|shot| shot.scene.as_ref()).map(|scene| scene.pacs);
        pacs.into_iter().flatten().flatten().filter(|pac| pac.condition != Condition::Parked).count()
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.leave.cancel();
        self.bots.iter().for_each(JoinHandle::abort);
    }
}

fn bot(address: String, seed: u64, maze: &MazeId, leave: &CancellationToken) -> JoinHandle<()> {
    let name = format!("Bot {seed}");
    let plan = Plan {
        address,
        maze: Some(maze.clone()),
        name,
        colour: None,
        symbol: None,
        style: Style::People,
        watches: false,
        bot: true,
        seed,
        gallery: Gallery::default(),
    };
    let leave = leave.clone();
    tokio::spawn(async move {
        let _stayed_away = player::play(plan, leave, &mut Unseen).await;
    })
}
