//! The promise of the backplane: what processes may rely on, whichever backend keeps it.
//!
//! Records of mazes with claim, commit, yield and read; topics; chat streams; boards; heartbeats; journals. It carries bytes, positions and ids and cannot
//! peek into them. One contract test judges every backend (B1); a slow subscriber loses its oldest and never slows a publisher (B2); a record's
//! epoch and tick only move forward (R1), and a frame is published by the very operation that stores it (R2).

pub mod black_boxes;
pub mod boards;
pub mod faults;
pub mod forgetting;
pub mod journals;
mod memory;
mod record;
mod redis;
mod subscription;
mod topics;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::Position;
use crate::wire::from_client::Channel;

pub use boards::Board;
pub use boards::BoardRow;
pub use journals::Journal;
pub use record::Ancestry;
pub use record::Claim;
pub use record::Commit;
pub use record::Memory;
pub use record::Record;
pub use record::Verdict;
pub use redis::RedisAddress;
pub use redis::RedisRefused;
pub use subscription::Subscription;

/// Messages that a subscriber may lag behind before its oldest are dropped.
pub const SUBSCRIPTION_MESSAGES_MAX: usize = 256;
/// Play of so many ticks is settled: a memory that does not hold it no longer displaces it.
pub const SETTLED_TICKS: u32 = 300;
/// Poisoned worlds that are kept of one maze.
pub const SET_ASIDE_MAX: usize = 3;
/// A node whose heartbeat is older is not listed.
pub const NODE_SILENCE_MAX: Duration = Duration::from_secs(2);

/// One handle for every backend; clones share it.
#[derive(Clone)]
pub struct Backplane {
    backend: Backend,
}

#[derive(Clone)]
enum Backend {
    Memory(memory::Memory),
    Redis(redis::Redis),
}

// What waits for Redis is boxed: else its state would be part of every task that might ask, five KiB of each idle socket.
impl Backplane {
    /// A backplane within this process; it must be made inside of a tokio runtime, whose clock it uses.
    #[must_use]
    pub fn memory() -> Self {
        Self { backend: Backend::Memory(memory::Memory::new()) }
    }

    /// The backplane on the Redis at `address`; inside of a tokio runtime. Does not wait for an answer: see [`Self::check`].
    ///
    /// # Errors
    /// When the address cannot be used.
    pub fn redis(address: &RedisAddress) -> Result<Self, RedisRefused> {
        Ok(Self { backend: Backend::Redis(redis::Redis::open(address)?) })
    }

    /// Asks the backend whether it will do: the outer error is no answer yet, the inner one is for good.
    pub async fn check(&self) -> Answer<Result<(), RedisRefused>> {
        match &self.backend {
            Backend::Memory(_) => Ok(Ok(())),
            Backend::Redis(redis) => Box::pin(redis.check()).await,
        }
    }

    /// Whether what is published reaches this process's subscriptions now, as far as can be known.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        match &self.backend {
            Backend::Memory(_) => true,
            Backend::Redis(redis) => redis.subscriber().is_ready(),
        }
    }

    /// For whoever should have heard something and did not: the listening connection is made anew.
    pub fn rebuild_subscriptions(&self) {
        match &self.backend {
            Backend::Memory(_) => {}
            Backend::Redis(redis) => redis.subscriber().rebuild(),
        }
    }

    /// The secret that all processes of this backplane share: the one that is kept, or `mine` from now on.
    pub async fn agree_on_secret(&self, mine: &[u8]) -> Answer<Vec<u8>> {
        match &self.backend {
            Backend::Memory(memory) => memory.agree_on_secret(mine).await,
            Backend::Redis(redis) => Box::pin(redis.agree_on_secret(mine)).await,
        }
    }

    /// The same backplane seen through a bad line, for tests of what stands on it.
    #[must_use]
    pub fn through(&self, faults: Arc<faults::Faults>) -> Self {
        match &self.backend {
            Backend::Memory(memory) => Self { backend: Backend::Memory(memory.through(faults)) },
            Backend::Redis(_) => self.clone(),
        }
    }

    /// What `/api/status` calls this backend.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.backend {
            Backend::Memory(_) => "memory",
            Backend::Redis(_) => "redis",
        }
    }

    /// Takes a maze whose record is exactly as it was seen; again, if the record already has the claim's epoch (its answer was lost). The
    /// memory displaces the stored world if it is newer and the record's epoch is not settled; then it is published.
    pub async fn claim(&self, maze: &MazeId, claim: Claim) -> Answer<Verdict<Record>> {
        match &self.backend {
            Backend::Memory(memory) => memory.claim(maze, claim).await,
            Backend::Redis(redis) => Box::pin(redis.claim(maze, claim)).await,
        }
    }

    /// Stores a newer world of the record's own epoch and publishes its show. At the record's own position it is granted and does nothing.
    pub async fn commit(&self, maze: &MazeId, commit: Commit) -> Answer<Verdict<()>> {
        match &self.backend {
            Backend::Memory(memory) => memory.commit(maze, commit, false).await,
            Backend::Redis(redis) => Box::pin(redis.commit(maze, commit, false)).await,
        }
    }

    /// A commit that leaves the maze to whoever ranks best, and says so with an empty message on `Topic::Down`.
    pub async fn yield_to_vacant(&self, maze: &MazeId, commit: Commit) -> Answer<Verdict<()>> {
        match &self.backend {
            Backend::Memory(memory) => memory.commit(maze, commit, true).await,
            Backend::Redis(redis) => Box::pin(redis.commit(maze, commit, true)).await,
        }
    }

    pub async fn read(&self, maze: &MazeId) -> Answer<Option<Record>> {
        match &self.backend {
            Backend::Memory(memory) => memory.read(maze).await,
            Backend::Redis(redis) => Box::pin(redis.read(maze)).await,
        }
    }

    /// What a watcher reads: the position, and whether the maze is vacant.
    pub async fn position(&self, maze: &MazeId) -> Answer<Option<(Position, bool)>> {
        match &self.backend {
            Backend::Memory(memory) => memory.position(maze).await,
            Backend::Redis(redis) => Box::pin(redis.position(maze)).await,
        }
    }

    /// Keeps a poisoned world under another name, for people to look at; the newest [`SET_ASIDE_MAX`] stay.
    pub async fn set_aside(&self, maze: &MazeId, world: Bytes) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.set_aside(maze, world).await,
            Backend::Redis(redis) => Box::pin(redis.set_aside(maze, world)).await,
        }
    }

    /// The poisoned worlds that were kept of a maze, oldest first.
    pub async fn aside(&self, maze: &MazeId) -> Answer<Vec<Bytes>> {
        match &self.backend {
            Backend::Memory(memory) => memory.aside(maze).await,
            Backend::Redis(redis) => Box::pin(redis.aside(maze)).await,
        }
    }

    /// To everybody who is subscribed now; nobody waits for a slow one (B2).
    pub async fn publish(&self, topic: Topic, message: Bytes) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.publish(topic, message).await,
            Backend::Redis(redis) => Box::pin(redis.publish(&topic, &message)).await,
        }
    }

    /// Something that only the maze's leader needs and that is told again until it is heard: an input. It comes on [`Topic::Up`], may be lost as any
    /// message may, and others who follow the topic hear it or not: a leader in this very process is told without a way over the store.
    pub async fn tell_leader(&self, maze: &MazeId, message: Bytes) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.publish(Topic::Up(maze.clone()), message).await,
            Backend::Redis(redis) if redis.tell_near(maze, &message) => Ok(()),
            Backend::Redis(redis) => Box::pin(redis.publish(&Topic::Up(maze.clone()), &message)).await,
        }
    }

    /// Everything that is published on these topics from now on.
    pub async fn subscribe(&self, topics: &[Topic]) -> Answer<Subscription> {
        match &self.backend {
            Backend::Memory(memory) => memory.subscribe(topics).await,
            Backend::Redis(redis) => Box::pin(redis.subscribe(topics)).await,
        }
    }

    /// Appends a line and publishes it with its id as an encoded [`ChatEntry`]; a stream keeps the newest `CHAT_HISTORY_LINES`.
    pub async fn say(&self, stream: ChatStream, line: Bytes) -> Answer<ChatId> {
        match &self.backend {
            Backend::Memory(memory) => memory.say(stream, line).await,
            Backend::Redis(redis) => Box::pin(redis.say(&stream, &line)).await,
        }
    }

    /// The lines after `after`, or all that are kept, oldest first.
    pub async fn chat_after(&self, stream: ChatStream, after: Option<ChatId>) -> Answer<Vec<ChatEntry>> {
        match &self.backend {
            Backend::Memory(memory) => memory.chat_after(&stream, after).await,
            Backend::Redis(redis) => Box::pin(redis.chat_after(&stream, after)).await,
        }
    }

    /// Puts lines back that the stream has lost, under their old ids, and publishes those; what it has stays as it is. Whoever has read the stream while they
    /// were missing hears them so.
    pub async fn chat_restore(&self, stream: ChatStream, entries: &[ChatEntry]) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.chat_restore(stream, entries).await,
            Backend::Redis(redis) => Box::pin(redis.chat_restore(&stream, entries)).await,
        }
    }

    /// Replaces what this node last said of itself.
    pub async fn heartbeat(&self, node: NodeId, said: Bytes) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.heartbeat(node, said).await,
            Backend::Redis(redis) => Box::pin(redis.heartbeat(&node, &said)).await,
        }
    }

    /// The nodes heard within [`NODE_SILENCE_MAX`], by id, each with the age and the words of its last heartbeat.
    pub async fn nodes(&self) -> Answer<Vec<(NodeId, Duration, Bytes)>> {
        match &self.backend {
            Backend::Memory(memory) => memory.nodes().await,
            Backend::Redis(redis) => Box::pin(redis.nodes()).await,
        }
    }

    /// Forgets a node at once.
    pub async fn farewell(&self, node: NodeId) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.farewell(&node).await,
            Backend::Redis(redis) => Box::pin(redis.farewell(&node)).await,
        }
    }

    /// A fault of the store itself, for tests: the record goes back to what it once was, or is gone.
    pub async fn fault_record(&self, maze: &MazeId, back_to: Option<Record>) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.fault_record(maze, back_to),
            Backend::Redis(redis) => return redis.fault_record(maze, back_to).await,
        }
        Ok(())
    }
}

/// No answer, or an error that is as good as none: what was asked may have happened or not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no answer from the backplane: {0}")]
pub struct Unanswered(pub String);

pub type Answer<T> = Result<T, Unanswered>;

/// Where a message goes. A maze's topics carry its hash tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Rosters and inputs to a maze's leader. Also says when the record became vacant, as an empty message, to who stands by.
    Up(MazeId),
    /// Shows to the maze's gateways. Also says when the record became vacant, as an empty message.
    Down(MazeId),
    /// New chat lines of a channel: an encoded [`ChatEntry`].
    Chat(ChatStream),
    /// Mazes that wait for a leader.
    Knock,
    /// Players whose lines nobody shall keep any more, each by the text of his id.
    Forget,
}

/// A channel's stream: a maze's own, or the world's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ChatStream {
    Maze(MazeId),
    World,
}

impl ChatStream {
    #[must_use]
    pub fn of(channel: Channel, maze: &MazeId) -> Self {
        match channel {
            Channel::Maze => Self::Maze(maze.clone()),
            Channel::World => Self::World,
        }
    }
}

/// A stream's ids only grow: milliseconds and a counter within them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChatId {
    pub ms: u64,
    pub n: u64,
}

impl ChatId {
    /// The id after this one, whatever the clock says.
    pub(in crate::backplane) const fn next(self, now_ms: u64) -> Self {
        if now_ms > self.ms { Self { ms: now_ms, n: 0 } } else { Self { n: self.n + 1, ..self } }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatEntry {
    pub id: ChatId,
    pub line: Bytes,
}

impl ChatEntry {
    const HEAD_BYTES: usize = 16;

    /// The id's two numbers, little endian, then the line.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        let mut out = Vec::with_capacity(Self::HEAD_BYTES + self.line.len());
        out.extend_from_slice(&self.id.ms.to_le_bytes());
        out.extend_from_slice(&self.id.n.to_le_bytes());
        out.extend_from_slice(&self.line);
        out.into()
    }

    /// `None` when the message is too short to hold an id.
    #[must_use]
    pub fn decode(message: &Bytes) -> Option<Self> {
        let (ms, rest) = message.split_first_chunk::<8>()?;
        let (n, _) = rest.split_first_chunk::<8>()?;
        let id = ChatId { ms: u64::from_le_bytes(*ms), n: u64::from_le_bytes(*n) };
        Some(Self { id, line: message.slice(Self::HEAD_BYTES..) })
    }
}
