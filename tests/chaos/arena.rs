//! The stage: a Redis, three processes that may die, a gateway that never does, six bots, an observer, and a seat that must survive.

use std::time::Duration;
use std::time::Instant;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use waka::client::bot::Style;
use waka::client::player;
use waka::client::player::Plan;
use waka::game::grid::Direction;
use waka::game::scene::Seat;
use waka::wire::Epoch;
use waka::wire::MazeId;
use waka::wire::from_client::Channel;
use waka::wire::from_client::FromClient;

use crate::Fault;
use crate::observer::Observer;
use crate::observer::unread;
use crate::processes::Folder;
use crate::processes::Process;
use crate::processes::Redis;
use crate::until;

/// Within this the maze must go on after any fault.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);
/// Within this everybody must be back who was told to go.
const CALM_DEADLINE: Duration = Duration::from_secs(20);
const BOTS: usize = 6;
const MORTALS: usize = 3;
/// A new leader has led so many ticks before he counts as settled.
const SETTLED_TICKS: u32 = 60;
/// The observer remembers at least what a refill takes.
const MEMORY: Duration = Duration::from_secs(12);
/// A channel remembers fifty lines.
const LINES_MAX: usize = 40;

pub(crate) struct Arena {
    pub(crate) redis: Redis,
    /// The observer's: no fault touches it.
    pub(crate) gateway: Process,
    pub(crate) mortals: Vec<Process>,
    pub(crate) observer: Observer,
    quiet: Observer,
    pub(crate) maze: MazeId,
    lines: Vec<String>,
    said: u32,
    leave: CancellationToken,
    bots: Vec<JoinHandle<()>>,
    _folder: Folder,
}

impl Arena {
    pub(crate) async fn open() -> Result<Self, String> {
        let folder = Folder::new()?;
        let redis = Redis::start(folder.path())?;
        let log = |name: &str| folder.path().join(format!("{name}.log"));
        let gateway = Process::start("gateway", &redis.url(), log("gateway")).await?;
        let mut mortals = Vec::new();
        for number in 0..MORTALS {
            mortals.push(Process::start("all", &redis.url(), log(&format!("all-{number}"))).await?);
        }
        let maze = MazeId::parse("chaos").map_err(|error| error.to_string())?;
        let observer = Observer::open(vec![gateway.websocket()], maze.clone(), None);
        let quiet = Observer::open(vec![gateway.websocket()], maze.clone(), Some("Quiet"));
        let leave = CancellationToken::new();
        let mut arena =
            Self { redis, gateway, mortals, observer, quiet, maze, lines: Vec::new(), said: 0, leave, bots: Vec::new(), _folder: folder };
        arena.earn().await?;
        let sockets = arena.mortals.iter().map(Process::websocket).cycle().take(BOTS);
        arena.bots = sockets.enumerate().map(|(number, socket)| bot(number, socket, &arena.maze, &arena.leave)).collect();
        arena.calm().await?;
        Ok(arena)
    }

    pub(crate) fn close(self) {
        self.leave.cancel();
        for bot in self.bots {
            bot.abort();
        }
    }

    /// The quiet one gets himself some points before anybody can eat them, and then steps aside, where nothing can befall him.
    async fn earn(&self) -> Fault {
        let points = || {
            let seat = usize::from(self.quiet.log().seat?.0);
            self.quiet.log().newest()?.scene.as_ref().map(|scene| scene.scores[seat].points)
        };
        until("the quiet one sits", DEADLINE, async || points().is_some()).await?;
        self.quiet.say(FromClient::Input { n: 1, dir: Direction::Left }).await;
        until("the quiet one has points", DEADLINE, async || points() > Some(0)).await?;
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
        until("one leader and a steady maze", CALM_DEADLINE, settled).await.map_err(|error| format!("{error}: {last}"))
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
        let fresh = newest.at.elapsed() < Duration::from_millis(300);
        fresh && led >= SETTLED_TICKS && epoch == Some(newest.position.epoch.0.into()) && newest.scene.is_some()
    }

    /// Who leads, as a place among the mortals.
    pub(crate) async fn leader(&self) -> Result<usize, String> {
        let status = self.gateway.status().await?;
        let leader = &status["mazes"][0]["leader"];
        self.mortals.iter().position(|process| leader == process.instance.as_str()).ok_or_else(|| format!("no leader in {status}"))
    }

    pub(crate) fn epoch(&self) -> Epoch {
        self.observer.log().newest().map_or(Epoch(0), |shot| shot.position.epoch)
    }

    pub(crate) async fn new_epoch(&self, old: Epoch) -> Fault {
        until("a frame of a new leader", DEADLINE, async || self.epoch() > old).await
    }

    pub(crate) async fn frame_after(&self, since: Instant) -> Fault {
        until("another frame", DEADLINE, async || self.observer.log().newest().is_some_and(|shot| shot.at > since)).await
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
        self.quiet.say(FromClient::Chat { channel: Channel::Maze, text: text.clone() }).await;
        until("a line of chat", DEADLINE, async || self.observer.log().lines.contains(&text)).await.map_err(|error| {
            let log = self.quiet.log();
            format!("{error}; refused {:?}", log.refused)
        })?;
        self.lines.push(text);
        self.lines.drain(..self.lines.len().saturating_sub(LINES_MAX));
        Ok(())
    }

    /// The lines that somebody who comes now through a mortal gateway does not read.
    pub(crate) async fn lines_lost(&mut self) -> Vec<String> {
        let through = self.mortals[self.said as usize % MORTALS].websocket();
        let lost = unread(through, self.maze.clone(), &self.lines, DEADLINE).await;
        self.lines.retain(|line| !lost.contains(line));
        lost
    }

    pub(crate) fn last_words(&self) -> String {
        let words: Vec<String> = self.mortals.iter().chain([&self.gateway]).map(Process::last_words).collect();
        words.join("\n")
    }

    /// Before a round: the logs begin anew, and the quiet one shows that he is there.
    pub(crate) async fn begin(&self) {
        self.observer.log().trim(MEMORY);
        self.quiet.log().trim(MEMORY);
        for away in [false, true] {
            self.quiet.say(FromClient::Away { away }).await;
        }
    }
}

fn bot(number: usize, address: String, maze: &MazeId, leave: &CancellationToken) -> JoinHandle<()> {
    let maze = Some(maze.clone());
    let plan = Plan { address, maze, name: format!("Bot {number}"), colour: None, style: Style::People, seed: number as u64 };
    let playing = player::play(plan, leave.clone());
    tokio::spawn(async move {
        let _stayed_away = playing.await;
    })
}
