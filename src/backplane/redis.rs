//! The backplane on Redis: what several processes share. Every operation that must be atomic is one short script, described in its `.lua` file.
//!
//! Three kinds of connection: commits and claims over a line of their own and messages over another, one listening connection whose life is ours
//! (`subscriber`), and a pool for everything else. Nothing here decides; an error of any kind is `Unanswered`, and no request is sent twice.

mod address;
mod backoff;
mod black_boxes;
mod boards;
mod census;
mod forgetting;
mod journals;
mod keys;
mod line;
mod near;
mod subscriber;

use std::sync::Arc;
use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use deadpool_redis::Pool;
use redis::Script;
use redis::ScriptInvocation;
use redis::Value;
use tokio::time::Instant;

pub use self::address::RedisAddress;
pub(super) use self::keys::black_boxes as black_boxes_key;
use self::line::Line;
use self::line::unanswered;
use self::near::Near;
use self::subscriber::Subscriber;
use super::Ancestry;
use super::Answer;
use super::ChatEntry;
use super::ChatId;
use super::ChatStream;
use super::Claim;
use super::Commit;
use super::NODE_SILENCE_MAX;
use super::Record;
use super::SET_ASIDE_MAX;
use super::SETTLED_TICKS;
use super::Topic;
use super::Unanswered;
use super::Verdict;
use super::subscription::Queue;
use super::subscription::Subscription;
use crate::wire::CHAT_HISTORY_LINES;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::Position;

/// Connections for reads, chat, boards and heartbeats.
const POOL_CONNECTIONS: usize = 4;
/// From here on `ZADD` knows `GT` and `XRANGE` reads on after an id.
const REDIS_VERSION_MIN: (u32, u32) = (6, 2);

static CLAIM: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/claim.lua")));
static COMMIT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/commit.lua")));
static SAY: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/say.lua")));
static RESTORE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/restore.lua")));
static SECRET: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/secret.lua")));
static HEARTBEAT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/heartbeat.lua")));
static NODES: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("redis/nodes.lua")));

/// Why this Redis cannot be used; trying again would not help.
#[derive(Debug, thiserror::Error)]
pub enum RedisRefused {
    /// The address is not repeated: it may hold a password.
    #[error("not an address such as redis://host:6379/ or rediss://user:password@host:6380/")]
    BadAddress,
    #[error("redis refuses the password: {0}")]
    BadPassword(String),
    #[error("redis {0} is too old, 6.2 is needed")]
    TooOld(String),
}

#[derive(Clone)]
pub(super) struct Redis {
    pool: Pool,
    commits: Arc<Line>,
    messages: Arc<Line>,
    subscriber: Arc<Subscriber>,
    near: Arc<Near>,
    /// Ends the supervisor of the subscriber with the last handle.
    _supervisor: Arc<SupervisorGuard>,
}

struct SupervisorGuard(tokio::task::AbortHandle);

impl Drop for SupervisorGuard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Redis {
    /// Must be called inside of a tokio runtime. Does not wait for Redis to answer.
    ///
    /// # Errors
    /// When the address is none.
    pub(super) fn open(address: &RedisAddress) -> Result<Self, RedisRefused> {
        let client = redis::Client::open(address.url()).map_err(|_| RedisRefused::BadAddress)?;
        let manager = deadpool_redis::Manager::new(address.url()).map_err(|_| RedisRefused::BadAddress)?;
        let pool = Pool::builder(manager)
            .max_size(POOL_CONNECTIONS)
            .create_timeout(Some(line::CONNECT_TIMEOUT))
            .wait_timeout(Some(line::RESPONSE_TIMEOUT))
            .recycle_timeout(Some(line::RESPONSE_TIMEOUT))
            .runtime(deadpool_redis::Runtime::Tokio1)
            .build()
            .map_err(|_| RedisRefused::BadAddress)?;
        let subscriber = Arc::new(Subscriber::new());
        let supervisor = tokio::spawn(Arc::clone(&subscriber).supervise(client.clone())).abort_handle();
        Ok(Self {
            pool,
            commits: Arc::new(Line::new("commits", client.clone())),
            messages: Arc::new(Line::new("messages", client)),
            subscriber,
            near: Arc::default(),
            _supervisor: Arc::new(SupervisorGuard(supervisor)),
        })
    }

    /// Asks the server who it is.
    ///
    /// # Errors
    /// The outer one when there is no answer now, the inner one when this server will never do.
    pub(super) async fn check(&self) -> Answer<Result<(), RedisRefused>> {
        let mut connection = match self.pool.get().await {
            Ok(connection) => connection,
            Err(deadpool_redis::PoolError::Backend(error)) if is_password(&error) => {
                return Ok(Err(RedisRefused::BadPassword(error.to_string())));
            }
            Err(error) => return Err(Unanswered(error.to_string())),
        };
        let info: redis::RedisResult<String> = redis::cmd("INFO").arg("server").query_async(&mut connection).await;
        let info = match info {
            Ok(info) => info,
            Err(error) if is_password(&error) => return Ok(Err(RedisRefused::BadPassword(error.to_string()))),
            Err(error) => return Err(unanswered(&error)),
        };
        let version = info.lines().find_map(|line| line.strip_prefix("redis_version:")).unwrap_or("unknown").trim();
        let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
        let found: (u32, u32) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        Ok(if found < REDIS_VERSION_MIN { Err(RedisRefused::TooOld(version.to_owned())) } else { Ok(()) })
    }

    pub(super) async fn claim(&self, maze: &MazeId, claim: Claim) -> Answer<Verdict<Record>> {
        let seen = claim.seen.map_or((String::new(), 0), |seen| (seen.epoch.0.to_string(), seen.tick));
        let (memory_tick, world, show, ancestry) = claim
            .memory
            .map_or_else(Default::default, |memory| (memory.tick.to_string(), memory.world, memory.show, memory.ancestry.to_string()));
        let mut call = CLAIM.key(keys::record(maze));
        call.arg(&claim.owner.0).arg(seen.0).arg(seen.1).arg(claim.epoch.0).arg(memory_tick).arg(&world[..]).arg(&show[..]);
        call.arg(SETTLED_TICKS).arg(keys::channel(&Topic::Down(maze.clone()))).arg(ancestry).arg(Ancestry::LEN_MAX);
        let answer: Vec<Value> = self.commits.invoke(&call).await?;
        if let [Value::Int(1), rest @ ..] = &answer[..] {
            return record(rest).map(Verdict::Granted).ok_or_else(|| Unanswered("a claim was answered with something else".to_owned()));
        }
        refused(&answer)
    }

    pub(super) async fn commit(&self, maze: &MazeId, commit: Commit, vacate: bool) -> Answer<Verdict<()>> {
        let mut call = COMMIT.key(keys::record(maze));
        call.arg(commit.position.epoch.0).arg(commit.position.tick).arg(&commit.world[..]).arg(&commit.show[..]);
        call.arg(u8::from(vacate)).arg(keys::channel(&Topic::Down(maze.clone()))).arg(keys::channel(&Topic::Up(maze.clone())));
        let answer: Vec<Value> = self.commits.invoke(&call).await?;
        let is_granted = matches!(&answer[..], [Value::Int(1), ..]);
        if is_granted && !vacate {
            self.near.granted(maze, Instant::now());
        } else {
            self.near.lost(maze);
        }
        if is_granted { Ok(Verdict::Granted(())) } else { refused(&answer) }
    }

    pub(super) async fn read(&self, maze: &MazeId) -> Answer<Option<Record>> {
        const FIELDS: [&str; 8] = ["epoch", "tick", "base", "vacant", "owner", "world", "keyframe", "ancestry"];
        let answer: Vec<Value> = self.ask(redis::cmd("HMGET").arg(keys::record(maze)).arg(&FIELDS)).await?;
        if let [Value::Nil, ..] = &answer[..] {
            return Ok(None);
        }
        record(&answer).map(Some).ok_or_else(|| Unanswered("the record is not one of ours".to_owned()))
    }

    pub(super) async fn position(&self, maze: &MazeId) -> Answer<Option<(Position, bool)>> {
        let answer: (Option<u32>, Option<u32>, Option<u8>) =
            self.ask(redis::cmd("HMGET").arg(keys::record(maze)).arg(&["epoch", "tick", "vacant"])).await?;
        let (Some(epoch), Some(tick)) = (answer.0, answer.1) else { return Ok(None) };
        Ok(Some((Position { epoch: Epoch(epoch), tick }, answer.2 == Some(1))))
    }

    pub(super) async fn set_aside(&self, maze: &MazeId, world: Bytes) -> Answer<()> {
        let key = keys::aside(maze);
        let () = self.ask(redis::cmd("RPUSH").arg(&key).arg(&world[..])).await?;
        self.ask(redis::cmd("LTRIM").arg(&key).arg(-signed(SET_ASIDE_MAX)).arg(-1)).await
    }

    pub(super) async fn aside(&self, maze: &MazeId) -> Answer<Vec<Bytes>> {
        self.list(keys::aside(maze)).await
    }

    async fn list(&self, key: String) -> Answer<Vec<Bytes>> {
        let kept: Vec<Vec<u8>> = self.ask(redis::cmd("LRANGE").arg(key).arg(0).arg(-1)).await?;
        Ok(kept.into_iter().map(Bytes::from).collect())
    }

    pub(super) async fn publish(&self, topic: &Topic, message: &Bytes) -> Answer<()> {
        self.messages.ask(redis::cmd("PUBLISH").arg(keys::channel(topic)).arg(&message[..])).await
    }

    /// Tells the leader without a way over Redis, if he is of this process; says whether he is.
    pub(super) fn tell_near(&self, maze: &MazeId, message: &Bytes) -> bool {
        let is_near = self.near.leads(maze, Instant::now());
        if is_near {
            self.subscriber.tell(&Topic::Up(maze.clone()), message);
        }
        is_near
    }

    pub(super) async fn subscribe(&self, topics: &[Topic]) -> Answer<Subscription> {
        let queue = Arc::new(Queue::new(None));
        let subscription = Subscription::new(Arc::clone(&queue), super::Backend::Redis(self.clone()));
        self.follow(&queue, topics).await.map(|()| subscription)
    }

    /// Waits until the server has confirmed the topics, so that what is published from then on is heard.
    pub(super) async fn follow(&self, queue: &Arc<Queue>, topics: &[Topic]) -> Answer<()> {
        for topic in topics {
            self.subscriber.add(queue, topic.clone());
        }
        if self.subscriber.confirmed(topics).await { Ok(()) } else { Err(Unanswered("not subscribed in time".to_owned())) }
    }

    pub(super) fn subscriber(&self) -> &Subscriber {
        &self.subscriber
    }

    pub(super) async fn say(&self, stream: &ChatStream, line: &Bytes) -> Answer<ChatId> {
        let channel = keys::channel(&Topic::Chat(stream.clone()));
        let mut call = SAY.key(keys::chat(stream));
        call.arg(&line[..]).arg(CHAT_HISTORY_LINES).arg(channel);
        let id: String = self.invoke(&call).await?;
        subscriber::chat_id(&id).ok_or_else(|| Unanswered("a line was answered with no id".to_owned()))
    }

    pub(super) async fn chat_after(&self, stream: &ChatStream, after: Option<ChatId>) -> Answer<Vec<ChatEntry>> {
        let from = after.map_or_else(|| "-".to_owned(), |after| format!("({}-{}", after.ms, after.n));
        self.stream(redis::cmd("XRANGE").arg(keys::chat(stream)).arg(from).arg("+")).await
    }

    pub(super) async fn chat_restore(&self, stream: &ChatStream, entries: &[ChatEntry]) -> Answer<()> {
        let mut call = RESTORE.key(keys::chat(stream));
        call.arg(CHAT_HISTORY_LINES).arg(keys::channel(&Topic::Chat(stream.clone())));
        for entry in entries {
            call.arg(entry.id.ms).arg(entry.id.n).arg(&entry.line[..]);
        }
        let _restored: u8 = self.invoke(&call).await?;
        Ok(())
    }

    pub(super) async fn agree_on_secret(&self, mine: &[u8]) -> Answer<Vec<u8>> {
        let mut call = SECRET.key(keys::SECRET);
        self.invoke(call.arg(mine)).await
    }

    pub(super) async fn heartbeat(&self, node: &NodeId, said: &Bytes) -> Answer<()> {
        let mut call = HEARTBEAT.key(keys::NODES);
        call.arg(&node.0).arg(&said[..]);
        self.invoke(&call).await
    }

    pub(super) async fn nodes(&self) -> Answer<Vec<(NodeId, Duration, Bytes)>> {
        let mut call = NODES.key(keys::NODES);
        call.arg(u64::try_from(NODE_SILENCE_MAX.as_millis()).unwrap_or(u64::MAX));
        let flat: Vec<(String, u64, Vec<u8>)> = self.invoke(&call).await?;
        let mut nodes: Vec<_> =
            flat.into_iter().map(|(id, age_ms, said)| (NodeId(id), Duration::from_millis(age_ms), Bytes::from(said))).collect();
        nodes.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(nodes)
    }

    pub(super) async fn farewell(&self, node: &NodeId) -> Answer<()> {
        self.ask(redis::cmd("HDEL").arg(keys::NODES).arg(&node.0)).await
    }

    pub(super) async fn fault_record(&self, maze: &MazeId, back_to: Option<Record>) -> Answer<()> {
        let key = keys::record(maze);
        let () = self.ask(redis::cmd("DEL").arg(&key)).await?;
        let Some(record) = back_to else { return Ok(()) };
        let mut fields = redis::cmd("HSET");
        fields.arg(&key).arg("epoch").arg(record.position.epoch.0).arg("tick").arg(record.position.tick).arg("base").arg(record.base_tick);
        fields.arg("vacant").arg(u8::from(record.vacant)).arg("owner").arg(&record.owner.0);
        fields.arg("world").arg(&record.world[..]).arg("keyframe").arg(&record.keyframe[..]);
        fields.arg("ancestry").arg(record.ancestry.to_string());
        self.ask(&fields).await
    }

    async fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> Answer<T> {
        let mut connection = self.pool.get().await.map_err(|error| Unanswered(error.to_string()))?;
        command.query_async(&mut connection).await.map_err(|error| unanswered(&error))
    }

    async fn invoke<T: redis::FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Answer<T> {
        let mut connection = self.pool.get().await.map_err(|error| Unanswered(error.to_string()))?;
        call.invoke_async(&mut connection).await.map_err(|error| unanswered(&error))
    }
}

/// A record from its fields in the order of the scripts; `None` when they are not what we store.
fn record(fields: &[Value]) -> Option<Record> {
    let [epoch, tick, base, vacant, owner, world, keyframe, ancestry] = fields else { return None };
    let number = |value: &Value| redis::from_redis_value_ref::<u32>(value).ok();
    let bytes = |value: &Value| redis::from_redis_value_ref::<Vec<u8>>(value).ok().map(Bytes::from);
    Some(Record {
        position: Position { epoch: Epoch(number(epoch)?), tick: number(tick)? },
        base_tick: number(base)?,
        vacant: number(vacant)? == 1,
        owner: NodeId(redis::from_redis_value_ref(owner).ok()?),
        world: bytes(world)?,
        keyframe: bytes(keyframe)?,
        // A record that an older release wrote has none.
        ancestry: redis::from_redis_value_ref::<String>(ancestry).map(|text| Ancestry::parse(&text)).unwrap_or_default(),
    })
}

fn refused<T>(answer: &[Value]) -> Answer<Verdict<T>> {
    let at = match answer {
        [Value::Int(0)] => None,
        [Value::Int(0), Value::Int(epoch), Value::Int(tick)] => {
            let number = |value: i64| u32::try_from(value).map_err(|_| Unanswered("a position is out of bounds".to_owned()));
            Some(Position { epoch: Epoch(number(*epoch)?), tick: number(*tick)? })
        }
        _ => return Err(Unanswered("a script was answered with something else".to_owned())),
    };
    Ok(Verdict::Refused { at })
}

fn is_password(error: &redis::RedisError) -> bool {
    matches!(error.code(), Some("WRONGPASS" | "NOAUTH")) || error.kind() == redis::ErrorKind::AuthenticationFailed
}

fn signed(count: usize) -> isize {
    isize::try_from(count).unwrap_or(isize::MAX)
}
