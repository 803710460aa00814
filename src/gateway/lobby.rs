//! Everybody who is connected to this process, and the links to the mazes that they are in.
//!
//! A link begins with the first who enters its maze and ends after the last; both happen under one lock, so nobody enters a link that is ending. Of
//! two connections of one player the newer stays. It decides nothing about the game and holds nothing that a crash would lose (Y4).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use tokio::sync::oneshot;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::gateway::admission::Crowded;
use crate::gateway::admission::Doorman;
use crate::gateway::admission::Limits;
use crate::gateway::attendance::ConnectionId;
use crate::gateway::attendance::Member;
use crate::gateway::fanout::View;
use crate::gateway::matchmaker;
use crate::gateway::maze_link::MazeLink;
use crate::gateway::maze_link::Means;
use crate::gateway::pipe::Outflow;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::Position;
use crate::wire::between_nodes::Heartbeat;

pub struct Lobby {
    me: NodeId,
    means: Means,
    nodes: watch::Receiver<Vec<Heartbeat>>,
    doorman: Mutex<Doorman>,
    players: Mutex<BTreeMap<PlayerId, (ConnectionId, oneshot::Sender<()>)>>,
    links: Mutex<BTreeMap<MazeId, Arc<MazeLink>>>,
    connections: AtomicU64,
    /// Owns the tasks of the links, and knows those of the sockets.
    tasks: TaskTracker,
}

/// Of all mazes that somebody here is in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbers {
    /// Bots among them.
    pub players: u32,
    /// Mazes with people whose leader has been silent for long.
    pub mazes_unheard: u32,
}

/// A place among the connections; dropped, it is free again.
pub struct Ticket {
    lobby: Arc<Lobby>,
    address: IpAddr,
    pub connection: ConnectionId,
    /// The end of the process waits for it.
    _task: TaskTrackerToken,
}

/// Who enters a maze.
pub struct Entrant {
    pub member: Member,
    /// A signed position that he has seen.
    pub brought: Option<Position>,
    pub outflow: Arc<Outflow>,
}

/// Somebody's presence in a maze; dropped, he has gone.
pub struct Stay {
    link: Arc<MazeLink>,
    connection: ConnectionId,
    pub view: watch::Receiver<View>,
}

impl Lobby {
    #[must_use]
    pub fn new(me: NodeId, means: Means, nodes: watch::Receiver<Vec<Heartbeat>>, limits: Limits) -> Self {
        Self {
            me,
            means,
            nodes,
            doorman: Mutex::new(Doorman::new(limits)),
            players: Mutex::default(),
            links: Mutex::default(),
            connections: AtomicU64::new(0),
            tasks: TaskTracker::new(),
        }
    }

    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Ticket, Crowded> {
        locked(&self.doorman).admit(address)?;
        self.means.meters.connections.increment(1);
        let connection = self.connections.fetch_add(1, Ordering::Relaxed);
        Ok(Ticket { lobby: Arc::clone(self), address, connection, _task: self.tasks.token() })
    }

    /// The player is at this connection now; the receiver resolves when he turns up at a newer one.
    pub fn greet(&self, player: PlayerId, connection: ConnectionId) -> oneshot::Receiver<()> {
        let (replaced, notice) = oneshot::channel();
        let older = locked(&self.players).insert(player, (connection, replaced));
        if let Some((_, older)) = older {
            // The older connection may be ending by itself.
            let _ = older.send(());
        }
        notice
    }

    pub fn part(&self, player: PlayerId, connection: ConnectionId) {
        let mut players = locked(&self.players);
        if players.get(&player).is_some_and(|(at, _)| *at == connection) {
            players.remove(&player);
        }
    }

    /// Where somebody goes who does not say where.
    #[must_use]
    pub fn choose(&self, spectating: bool) -> MazeId {
        let (nodes, here) = (self.nodes.borrow(), self.here());
        let here = |maze: &MazeId| here.get(maze).copied().unwrap_or(0);
        if spectating { matchmaker::to_watch(&nodes, here) } else { matchmaker::to_play(&nodes, here) }
    }

    /// Where a tour goes on, if there is anywhere else to go.
    #[must_use]
    pub fn next(&self, after: &MazeId) -> Option<MazeId> {
        let (nodes, here) = (self.nodes.borrow(), self.here());
        matchmaker::to_tour(&nodes, |maze| here.get(maze).copied().unwrap_or(0), after)
    }

    /// Players of this process by maze.
    fn here(&self) -> BTreeMap<MazeId, u32> {
        locked(&self.links).iter().map(|(maze, link)| (maze.clone(), link.attendance().players())).collect()
    }

    /// Enters a maze, whoever leads it and whether it exists or not.
    pub fn enter(self: &Arc<Self>, maze: &MazeId, connection: ConnectionId, entrant: Entrant) -> Stay {
        let Entrant { member, brought, outflow } = entrant;
        let mut links = locked(&self.links);
        let link = links.entry(maze.clone()).or_insert_with(|| self.open(maze)).clone();
        // Under the lock of the links: the link cannot end any more.
        link.attend(|attendance, now| attendance.enter(connection, member, brought, now));
        link.audience().enter(connection, outflow);
        let view = link.view();
        Stay { link, connection, view }
    }

    fn open(self: &Arc<Self>, maze: &MazeId) -> Arc<MazeLink> {
        let link = Arc::new(MazeLink::new(maze.clone(), self.me.clone()));
        let (task, lobby, means) = (Arc::clone(&link), Arc::clone(self), self.means.clone());
        self.tasks.spawn(async move {
            let is_over = || lobby.close(&task);
            task.run(means, is_over).await;
        });
        link
    }

    fn close(&self, link: &MazeLink) -> bool {
        let mut links = locked(&self.links);
        let is_over = link.attendance().is_over();
        if is_over {
            links.remove(&link.maze);
        }
        is_over
    }

    #[must_use]
    pub fn connections(&self) -> u32 {
        locked(&self.doorman).total()
    }

    /// The mazes that people, not bots, are in here, with their number.
    #[must_use]
    pub fn people(&self) -> Vec<(MazeId, u32)> {
        let links = locked(&self.links);
        let people = links.iter().map(|(maze, link)| (maze.clone(), link.attendance().people()));
        people.filter(|(_, people)| *people > 0).collect()
    }

    /// What is counted once a beat.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        let now = Instant::now();
        let mut numbers = Numbers::default();
        for link in locked(&self.links).values() {
            let attendance = link.attendance();
            numbers.players += attendance.players();
            numbers.mazes_unheard += u32::from(attendance.people() > 0 && attendance.is_unheard(now));
        }
        numbers
    }

    /// Waits until every socket has said goodbye and the links have told their leaders.
    pub async fn finished(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        locked(&self.lobby.doorman).release(self.address);
        self.lobby.means.meters.connections.decrement(1);
    }
}

impl Stay {
    #[must_use]
    pub fn link(&self) -> &MazeLink {
        &self.link
    }

    /// Plays another part here. `leaving` gives up the seat first.
    pub fn change(&self, member: Member, leaving: bool) {
        let connection = self.connection;
        self.link.attend(|attendance, now| {
            if leaving {
                attendance.give_up(connection, now);
            }
            attendance.enter(connection, member, None, now);
        });
    }

    pub fn give_up(&self) {
        self.link.attend(|attendance, now| attendance.give_up(self.connection, now));
    }

    pub fn steer(&self, n: u32, dir: crate::wire::Direction) {
        self.link.attend(|attendance, now| attendance.input(self.connection, n, dir, now));
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        self.link.audience().exit(self.connection);
        self.link.attend(|attendance, now| attendance.exit(self.connection, now));
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is done under these locks that could leave them half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
