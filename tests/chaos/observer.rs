//! Eyes on the maze: a client that logs every frame with its moment, and comes back when its connection ends.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use tokio::sync::mpsc;
use waka::client::connection::Connection;
use waka::client::connection::Heard;
use waka::client::course::Course;
use waka::client::course::Next;
use waka::client::mirror::Mirror;
use waka::game::event::EventKind;
use waka::game::scene::Scene;
use waka::game::scene::Seat;
use waka::wire::MazeId;
use waka::wire::PlayerId;
use waka::wire::Position;
use waka::wire::frame::Event;
use waka::wire::frame::Frame;
use waka::wire::from_client::FromClient;
use waka::wire::to_client::PlayerRow;
use waka::wire::to_client::ToClient;

use crate::pass;
use crate::until;

/// Words that may wait for a connection.
const WORDS_MAX: usize = 16;
/// Within so long a newcomer has been sent every section anew: thirteen, one each tenth of a second, and some that were missed.
const CARRIED_TICKS: u32 = 90;
/// More than there are within what an observer remembers.
const REFILLS_MAX: usize = 64;

pub(crate) struct Shot {
    pub(crate) at: Instant,
    pub(crate) position: Position,
    /// Once everything has been heard in its epoch, and nothing of it is old.
    pub(crate) scene: Option<Scene>,
}

#[derive(Default)]
pub(crate) struct Log {
    pub(crate) shots: Vec<Shot>,
    pub(crate) rosters: Vec<(Instant, Vec<PlayerRow>)>,
    pub(crate) you: Option<PlayerId>,
    pub(crate) seat: Option<Seat>,
    pub(crate) lines: Vec<String>,
    pub(crate) refused: Vec<String>,
    /// Frames that could not be read.
    pub(crate) unread: Vec<String>,
    /// The ticks at which a sheet was cleared or a level begun, oldest first.
    pub(crate) refills: Vec<u32>,
    /// On one connection something older than before was shown.
    pub(crate) went_back: Option<(Position, Position)>,
}

impl Log {
    pub(crate) fn newest(&self) -> Option<&Shot> {
        self.shots.last()
    }

    /// Forgets what is older, but for the newest shot and roster.
    pub(crate) fn trim(&mut self, memory: Duration) {
        let kept = self.shots.iter().rev().take_while(|shot| shot.at.elapsed() <= memory).count().max(1);
        self.shots.drain(..self.shots.len().saturating_sub(kept));
        self.rosters.drain(..self.rosters.len().saturating_sub(1));
        self.refused.clear();
        self.refills.drain(..self.refills.len().saturating_sub(REFILLS_MAX));
    }

    /// Clients hear of it for a quarter of a second, so that frames may be missed.
    fn note_refills(&mut self, mirror: &Mirror, tick: u32) {
        let is_refill = |event: &&Event| matches!(event.kind, EventKind::SheetCleared | EventKind::LevelUp);
        for event in mirror.events().iter().filter(is_refill) {
            let at = tick.saturating_sub(u32::from(event.age));
            if !self.refills.contains(&at) {
                self.refills.push(at);
            }
        }
    }
}

pub(crate) struct Observer {
    log: Arc<Mutex<Log>>,
    words: mpsc::Sender<FromClient>,
    task: tokio::task::JoinHandle<()>,
}

impl Observer {
    /// With a name it takes a seat, without one it looks on. `addresses` are tried in turn until one answers, as a balancer does it.
    pub(crate) fn open(addresses: Vec<String>, maze: MazeId, name: Option<&str>) -> Self {
        let log = Arc::<Mutex<Log>>::default();
        let (words, heard) = mpsc::channel(WORDS_MAX);
        let first = name.map_or(FromClient::Watch { maze: Some(maze.clone()), next: false }, |name| FromClient::Join {
            maze: Some(maze),
            name: name.to_owned(),
            colour: None,
            symbol: None,
        });
        let task = tokio::spawn(look(addresses, first, Arc::clone(&log), heard));
        Self { log, words, task }
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn say(&self, message: FromClient) {
        let _sent = self.words.send(message).await;
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn look(addresses: Vec<String>, first: FromClient, log: Arc<Mutex<Log>>, mut words: mpsc::Receiver<FromClient>) {
    let mut course = Course::new(false, 1);
    let mut mirror = Mirror::new();
    for turn in 0.. {
        let code = match open_any(&addresses, turn).await {
            Some(connection) => sit(connection, &mut course, &first, &mut mirror, &log, &mut words).await,
            None => None,
        };
        match course.ended(code) {
            Next::ReturnAfter(wait) => pass(wait).await,
            Next::StayAway(_) => return,
        }
    }
}

/// To whoever takes it, another one first each time.
async fn open_any(addresses: &[String], turn: usize) -> Option<Connection> {
    for place in 0..addresses.len() {
        if let Ok(connection) = Connection::open(&addresses[(turn + place) % addresses.len()]).await {
            return Some(connection);
        }
    }
    None
}

/// One connection, to its end.
async fn sit(
    mut connection: Connection,
    course: &mut Course,
    first: &FromClient,
    mirror: &mut Mirror,
    log: &Mutex<Log>,
    words: &mut mpsc::Receiver<FromClient>,
) -> Option<u16> {
    for message in [&course.hello(), first] {
        if connection.say(message).await.is_err() {
            return None;
        }
    }
    let mut shown = Shown::default();
    let mut pings = tokio::time::interval(Duration::from_secs(5));
    let mut n = 0;
    loop {
        let word = tokio::select! {
            heard = connection.hear() => {
                if let Heard::Message(message) = &heard {
                    course.heard(message);
                }
                if let Heard::Closed(code) = heard {
                    return code;
                }
                take(&mut log.lock().unwrap_or_else(PoisonError::into_inner), heard, mirror, &mut shown);
                continue;
            }
            Some(word) = words.recv() => word,
            _ = pings.tick() => { n += 1; FromClient::Ping { n } }
        };
        if connection.say(&word).await.is_err() {
            return None;
        }
    }
}

/// By one connection.
#[derive(Default)]
struct Shown {
    first: Option<Position>,
    newest: Position,
}

impl Shown {
    /// What a gateway carries along for a newcomer is up to a second old; by then the leader has sent everything anew.
    fn is_all_new(&self) -> bool {
        self.first.is_some_and(|first| first.epoch < self.newest.epoch || first.tick + CARRIED_TICKS <= self.newest.tick)
    }
}

fn take(log: &mut Log, heard: Heard, mirror: &mut Mirror, shown: &mut Shown) {
    match heard {
        Heard::Frame(bytes) => {
            let at = Instant::now();
            let position = match Frame::decode(&bytes) {
                Ok(frame) => frame.position(),
                Err(error) => return log.unread.push(format!("a frame cannot be read: {error}")),
            };
            if position < shown.newest {
                log.went_back = Some((shown.newest, position));
            }
            shown.first.get_or_insert(position);
            shown.newest = position;
            if mirror.receive(&bytes) == Ok(true) {
                log.note_refills(mirror, position.tick);
                log.shots.push(Shot { at, position, scene: mirror.at(position.tick).filter(|_| shown.is_all_new()).cloned() });
            }
        }
        Heard::Message(ToClient::Welcome { you, .. }) => log.you = Some(you),
        Heard::Message(ToClient::Joined { seat, .. }) => log.seat = seat,
        Heard::Message(ToClient::Players { players, .. }) => log.rosters.push((Instant::now(), players)),
        Heard::Message(ToClient::Chat { lines, .. }) => {
            log.lines.extend(lines.into_iter().filter_map(|line| line.words.text().map(str::to_owned)));
        }
        Heard::Message(ToClient::Error { code, message }) => log.refused.push(format!("{}: {message}", code.name())),
        _ => {}
    }
}

/// What somebody who comes now reads of `wanted`; the answer is what he has not read in time.
pub(crate) async fn unread(address: String, maze: MazeId, wanted: &[String]) -> Vec<String> {
    let reader = Observer::open(vec![address], maze, None);
    let missing = || {
        let log = reader.log();
        wanted.iter().filter(|line| !log.lines.contains(line)).cloned().collect::<Vec<_>>()
    };
    let _read = until("all lines of chat", async || missing().is_empty()).await;
    missing()
}
