//! The faults, each with the repair of what it broke. What a fault costs is `verdict`'s to say.

use std::time::Duration;
use std::time::Instant;

use tokio::time::sleep;

use crate::Fault;
use crate::arena::Arena;
use crate::arena::DEADLINE;
use crate::observer::Observer;
use crate::until;
use crate::verdict;

/// What a round measured, where it was not the observer who did.
pub(crate) type Measured = Result<Option<Duration>, String>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    LeaderKilled,
    LeaderAsked,
    LeaderFrozen,
    GatewayKilled,
    PubsubCut,
    ScriptsGone,
    RedisEmptied,
    RedisAway,
    RedisRolledBack,
    RedisEmptiedLeaderKilled,
    RecordPoisoned,
    Rolling,
    RollingAtOnce,
}

impl Kind {
    pub(crate) const ALL: [Self; 13] = [
        Self::LeaderKilled,
        Self::LeaderAsked,
        Self::LeaderFrozen,
        Self::GatewayKilled,
        Self::PubsubCut,
        Self::ScriptsGone,
        Self::RedisEmptied,
        Self::RedisAway,
        Self::RedisRolledBack,
        Self::RedisEmptiedLeaderKilled,
        Self::RecordPoisoned,
        Self::Rolling,
        Self::RollingAtOnce,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::LeaderKilled => "leader SIGKILL",
            Self::LeaderAsked => "leader SIGTERM",
            Self::LeaderFrozen => "leader SIGSTOP 5 s, SIGCONT",
            Self::GatewayKilled => "gateway SIGKILL, until its client sees the maze again",
            Self::PubsubCut => "CLIENT KILL TYPE pubsub",
            Self::ScriptsGone => "SCRIPT FLUSH",
            Self::RedisEmptied => "Redis SIGKILL, restarted empty",
            Self::RedisAway => "Redis away 10 s, restarted empty",
            Self::RedisRolledBack => "Redis rolled back 2 s",
            Self::RedisEmptiedLeaderKilled => "Redis restarted empty and leader SIGKILL at once",
            Self::RecordPoisoned => "record poisoned, leader SIGKILL",
            Self::Rolling => "rolling restart of all three",
            Self::RollingAtOnce => "the same, each as soon as the one before says that it is ready",
        }
    }

    /// Too slow for every test run.
    pub(crate) const fn is_slow(self) -> bool {
        matches!(self, Self::RedisAway)
    }

    /// Whether the maze is promised to be the same one afterwards.
    pub(crate) const fn goes_on(self) -> bool {
        !matches!(self, Self::RedisEmptiedLeaderKilled | Self::RecordPoisoned)
    }

    pub(crate) async fn strike(self, arena: &mut Arena) -> Measured {
        match self {
            Self::GatewayKilled => return gateway_killed(arena).await.map(Some),
            Self::LeaderKilled => leader_killed(arena).await,
            Self::LeaderAsked => leader_asked(arena).await,
            Self::LeaderFrozen => leader_frozen(arena).await,
            Self::PubsubCut => told(arena, redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("pubsub")).await,
            Self::ScriptsGone => told(arena, redis::cmd("SCRIPT").arg("FLUSH")).await,
            Self::RedisEmptied => redis_restarted(arena, Duration::ZERO, true).await,
            Self::RedisAway => redis_restarted(arena, Duration::from_secs(10), true).await,
            Self::RedisRolledBack => redis_rolled_back(arena).await,
            Self::RedisEmptiedLeaderKilled => redis_emptied_leader_killed(arena).await,
            Self::RecordPoisoned => record_poisoned(arena).await,
            Self::Rolling => rolling(arena).await,
            Self::RollingAtOnce => rolling_at_once(arena).await,
        }
        .map(|()| None)
    }
}

async fn leader_killed(arena: &mut Arena) -> Fault {
    let leader = arena.leader().await?;
    let epoch = arena.epoch();
    arena.mortals[leader].kill()?;
    arena.new_epoch(epoch).await?;
    arena.mortals[leader].restart().await
}

async fn leader_asked(arena: &mut Arena) -> Fault {
    let leader = arena.leader().await?;
    let epoch = arena.epoch();
    arena.mortals[leader].signal("TERM")?;
    arena.new_epoch(epoch).await?;
    arena.mortals[leader].ended().await?;
    arena.mortals[leader].restart().await
}

async fn leader_frozen(arena: &mut Arena) -> Fault {
    let leader = arena.leader().await?;
    let epoch = arena.epoch();
    let began = tokio::time::Instant::now();
    arena.mortals[leader].signal("STOP")?;
    let seen = arena.new_epoch(epoch).await;
    tokio::time::sleep_until(began + Duration::from_secs(5)).await;
    arena.mortals[leader].signal("CONT")?;
    seen
}

async fn gateway_killed(arena: &mut Arena) -> Result<Duration, String> {
    let victim = (arena.leader().await? + 1) % arena.mortals.len();
    let addresses = vec![arena.mortals[victim].websocket(), arena.gateway.websocket()];
    let client = Observer::open(addresses, arena.maze.clone(), None);
    let sees_after = |since: Instant| client.log().newest().is_some_and(|shot| shot.at > since && shot.scene.is_some());
    let opened = Instant::now();
    until("a client of the gateway", DEADLINE, async || sees_after(opened)).await?;
    client.log().trim(Duration::ZERO);
    arena.mortals[victim].kill()?;
    let killed = Instant::now();
    until("its client is back", DEADLINE, async || sees_after(killed)).await?;
    arena.mortals[victim].restart().await?;
    let log = client.log();
    let wrong = verdict::continuity(&log.shots, 1).wrong;
    if wrong.is_empty() { Ok(verdict::pause(&log.shots)) } else { Err(wrong.join("; ")) }
}

/// Something that Redis itself is told to do.
async fn told(arena: &mut Arena, command: &redis::Cmd) -> Fault {
    let _answer: redis::Value = arena.redis.ask(command)?;
    arena.frame_after(Instant::now()).await
}

async fn redis_restarted(arena: &mut Arena, away: Duration, empty: bool) -> Fault {
    arena.redis.kill();
    sleep(away).await; // time is the promise
    arena.redis.restart(empty)?;
    arena.frame_after(Instant::now()).await
}

async fn redis_rolled_back(arena: &mut Arena) -> Fault {
    let _answer: redis::Value = arena.redis.ask(&redis::cmd("SAVE"))?;
    arena.say("a line that Redis forgets").await?;
    sleep(Duration::from_secs(2)).await; // time is the promise
    redis_restarted(arena, Duration::ZERO, false).await
}

async fn redis_emptied_leader_killed(arena: &mut Arena) -> Fault {
    let leader = arena.leader().await?;
    let epoch = arena.epoch();
    arena.redis.kill();
    arena.mortals[leader].kill()?;
    arena.redis.restart(true)?;
    arena.new_epoch(epoch).await?;
    arena.mortals[leader].restart().await
}

async fn record_poisoned(arena: &mut Arena) -> Fault {
    // This release's format, and a checksum that is not.
    const GARBAGE: &[u8] = b"\x01\x00garbage, as no leader wrote it";
    let leader = arena.leader().await?;
    let (record, aside) = (format!("waka:{{{}}}:record", arena.maze), format!("waka:{{{}}}:aside", arena.maze));
    // A leader in motion would write over it within a tenth of a second.
    arena.mortals[leader].signal("STOP")?;
    let _answer: redis::Value = arena.redis.ask(redis::cmd("HSET").arg(&record).arg("world").arg(GARBAGE))?;
    arena.mortals[leader].kill()?;
    let before = arena.observer.log().newest().map(|shot| shot.position).unwrap_or_default();
    arena.new_epoch(before.epoch).await?;
    let after = arena.observer.log().newest().map(|shot| shot.position).unwrap_or_default();
    if after.tick <= before.tick {
        return Err(format!("the fresh maze begins at {after:?}, not above {before:?}"));
    }
    let is_kept = async || {
        let kept: Result<Vec<Vec<u8>>, String> = arena.redis.ask(redis::cmd("LRANGE").arg(&aside).arg(0).arg(-1));
        kept.is_ok_and(|kept| kept.iter().any(|bytes| bytes == GARBAGE))
    };
    until("the poisoned bytes are kept aside", DEADLINE, is_kept).await?;
    let _answer: redis::Value = arena.redis.ask(redis::cmd("DEL").arg(&aside))?;
    arena.mortals[leader].restart().await
}

async fn rolling(arena: &mut Arena) -> Fault {
    for place in 0..arena.mortals.len() {
        arena.mortals[place].signal("TERM")?;
        arena.mortals[place].ended().await?;
        arena.mortals[place].restart().await?;
        arena.calm().await?;
    }
    Ok(())
}

/// As a deployment does it that asks nothing but `/readyz`.
async fn rolling_at_once(arena: &mut Arena) -> Fault {
    for place in 0..arena.mortals.len() {
        arena.mortals[place].signal("TERM")?;
        arena.mortals[place].ended().await?;
        arena.mortals[place].restart().await?;
        until("a ready process", DEADLINE, async || arena.mortals[place].is_ready().await).await?;
    }
    Ok(())
}
