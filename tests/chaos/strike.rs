//! How the faults are made: what must be so before, the blow itself, and the repair of what it broke.

mod deploys;
mod records;
mod stores;

use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

use crate::Fault;
use crate::arena::Arena;
use crate::fault::Kind;
use crate::link::Line;
use crate::observer::Observer;
use crate::pass;
use crate::program::PREPARED;
use crate::program::plain;
use crate::until;
use crate::verdict;

/// How long a leader is frozen, Redis hangs, a partition lasts.
const FROZEN: Duration = Duration::from_secs(5);
const HANGS: Duration = Duration::from_secs(3);
const CUT_OFF: Duration = Duration::from_secs(3);

/// Leaves every process running and the maze calm; nothing of it is measured.
pub(crate) async fn prepare(kind: Kind, arena: &mut Arena) -> Fault {
    match kind {
        Kind::RolledBack | Kind::RolledBackLeaderKilled => stores::save_and_go_on(arena).await,
        Kind::RolledBackOverTakeover => stores::save_before_a_takeover(arena).await,
        Kind::ReplicaPromoted => stores::leave_a_replica_behind(arena).await,
        Kind::MazePanics | Kind::NextRecord => switch(arena, &PREPARED.path()).await,
        _ => Ok(()),
    }
}

/// Makes it happen. The answer is the pause, where another than the observer feels it.
pub(crate) async fn make(kind: Kind, arena: &mut Arena, round: u32) -> Result<Option<Duration>, String> {
    match kind {
        Kind::GatewayKilled => return gateway_killed(arena).await.map(Some),
        Kind::LeaderKilled => leader_killed(arena).await,
        Kind::LeaderAsked => leader_asked(arena).await,
        Kind::LeaderFrozen => leader_frozen(arena).await,
        Kind::PubsubCut => told(arena, redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("pubsub")),
        Kind::ScriptsGone => told(arena, redis::cmd("SCRIPT").arg("FLUSH")),
        Kind::RedisEmptied => stores::emptied(arena).await,
        Kind::RedisAway => stores::away(arena).await,
        Kind::RedisHangs => redis_hangs(arena).await,
        Kind::ReplicaPromoted => stores::replica_promoted(arena).await,
        Kind::RolledBack | Kind::RolledBackOverTakeover => stores::rolled_back(arena).await,
        Kind::RolledBackLeaderKilled => stores::rolled_back_leader_killed(arena).await,
        Kind::EmptiedLeaderKilled => stores::emptied_leader_killed(arena).await,
        Kind::RecordPoisoned => records::poisoned(arena, round).await,
        Kind::RecordUnknown => records::unknown(arena).await,
        Kind::MazePanics => records::panics(arena).await,
        Kind::NextRecord => deploys::next_record(arena).await,
        Kind::TwoCutOff => two_cut_off(arena).await,
        Kind::Rolling => deploys::rolling(arena, true).await,
        Kind::BackToBack => deploys::rolling(arena, false).await,
    }
    .map(|()| None)
}

/// Everything as before the round.
pub(crate) async fn repair(kind: Kind, arena: &mut Arena) -> Fault {
    match kind {
        Kind::MazePanics | Kind::NextRecord => switch(arena, &plain()).await,
        _ => arena.restart_the_dead().await,
    }
}

/// All at once run another program; quicker than a deploy, and felt by players.
async fn switch(arena: &mut Arena, program: &PathBuf) -> Fault {
    for process in &mut arena.mortals {
        process.kill();
        process.program.clone_from(program);
    }
    arena.restart_the_dead().await?;
    arena.calm().await
}

async fn leader_killed(arena: &mut Arena) -> Fault {
    let (leader, epoch) = (arena.leader().await?, arena.epoch());
    arena.mortals[leader].kill();
    arena.new_epoch(epoch).await
}

async fn leader_asked(arena: &mut Arena) -> Fault {
    let (leader, epoch) = (arena.leader().await?, arena.epoch());
    arena.mortals[leader].end().await?;
    arena.new_epoch(epoch).await
}

async fn leader_frozen(arena: &mut Arena) -> Fault {
    let (leader, epoch) = (arena.leader().await?, arena.epoch());
    let began = tokio::time::Instant::now();
    arena.mortals[leader].signal("STOP")?;
    let seen = arena.new_epoch(epoch).await;
    tokio::time::sleep_until(began + FROZEN).await; // time is the promise
    arena.mortals[leader].signal("CONT")?;
    seen
}

async fn gateway_killed(arena: &mut Arena) -> Result<Duration, String> {
    let victim = (arena.leader().await? + 1) % arena.mortals.len();
    let client = arena.visitor(vec![arena.mortals[victim].websocket(), arena.gateway.websocket()]).await?;
    arena.mortals[victim].kill();
    felt(&client).await
}

/// The longest time without a frame of a client that has come to see the maze again, and whether it is the same maze.
async fn felt(client: &Observer) -> Result<Duration, String> {
    let since = Instant::now();
    until("a client sees the maze again", async || client.log().newest().is_some_and(|shot| shot.at > since && shot.scene.is_some()))
        .await?;
    let log = client.log();
    let mut wrong = verdict::continuity(&log, 1).wrong;
    wrong.extend(log.went_back.map(|(shown, back)| format!("{back:?} was shown after {shown:?}")));
    if wrong.is_empty() { Ok(verdict::pause(&log.shots)) } else { Err(wrong.join("; ")) }
}

/// Something that Redis itself is told to do.
fn told(arena: &Arena, command: &redis::Cmd) -> Fault {
    arena.redis.ask::<redis::Value>(command).map(drop)
}

async fn redis_hangs(arena: &Arena) -> Fault {
    arena.redis.signal("STOP")?;
    pass(HANGS).await;
    arena.redis.signal("CONT")
}

async fn two_cut_off(arena: &Arena) -> Fault {
    let (leader, epoch) = (arena.leader().await?, arena.epoch());
    let two = [leader, (leader + 1) % arena.mortals.len()].map(|place| &arena.mortals[place].redis);
    let began = tokio::time::Instant::now();
    for link in two {
        link.set(Line::Frozen);
    }
    let seen = arena.new_epoch(epoch).await;
    tokio::time::sleep_until(began + CUT_OFF).await; // time is the promise
    for link in two {
        link.set(Line::Open);
    }
    seen
}
