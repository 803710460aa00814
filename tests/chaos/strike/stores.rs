//! Faults of Redis: away, emptied, rolled back, taken over by a replica that has not heard everything; alone, or with the leader.

use std::time::Duration;

use crate::Fault;
use crate::arena::Arena;
use crate::link::Line;
use crate::link::Link;
use crate::pass;
use crate::redis_server::Data;
use crate::until;

/// How long Redis is away, and by how much it is rolled back or a replica lags.
const AWAY: Duration = Duration::from_secs(10);
const BACK: Duration = Duration::from_secs(2);
/// For a replica to be promoted: until then it is asked in vain (READONLY).
const ELECTION: Duration = Duration::from_millis(300);
/// An epoch older than so many ticks is settled: no memory displaces it.
const SETTLED_TICKS: u32 = 300;

pub(crate) async fn save_and_go_on(arena: &mut Arena) -> Fault {
    arena.redis.save()?;
    arena.say("a line that Redis forgets").await?;
    pass(BACK).await;
    Ok(())
}

/// What is saved is of an epoch that is settled, and over by then.
pub(crate) async fn save_before_a_takeover(arena: &mut Arena) -> Fault {
    let base: u32 = arena.redis.ask(redis::cmd("HGET").arg(arena.record_key()).arg("base"))?;
    until("an epoch is settled", async || arena.newest().is_some_and(|newest| newest.tick > base + SETTLED_TICKS)).await?;
    arena.redis.save()?;
    arena.say("a line that Redis forgets").await?;
    let (leader, epoch) = (arena.leader().await?, arena.epoch());
    arena.mortals[leader].kill();
    arena.new_epoch(epoch).await?;
    arena.restart_the_dead().await?;
    arena.calm().await
}

pub(crate) async fn leave_a_replica_behind(arena: &mut Arena) -> Fault {
    let replica = arena.another_redis().await?;
    let line = Link::open(arena.redis.port).await?;
    replica.follow(line.port).await?;
    line.set(Line::Frozen);
    arena.say("a line that the replica does not hear").await?;
    pass(BACK).await;
    arena.replica = Some((replica, line));
    Ok(())
}

pub(crate) async fn replica_promoted(arena: &mut Arena) -> Fault {
    let (replica, line) = arena.replica.take().ok_or("no replica")?;
    arena.redis.kill();
    line.set(Line::Cut);
    arena.links().for_each(|link| link.aim(replica.port));
    pass(ELECTION).await;
    replica.promote()?;
    arena.redis = replica;
    Ok(())
}

pub(crate) async fn emptied(arena: &mut Arena) -> Fault {
    arena.redis.restart(Data::Nothing).await
}

pub(crate) async fn away(arena: &mut Arena) -> Fault {
    arena.redis.shut_down().await?;
    pass(AWAY).await;
    arena.redis.restart(Data::Saved).await
}

pub(crate) async fn rolled_back(arena: &mut Arena) -> Fault {
    arena.redis.restart(Data::Saved).await
}

pub(crate) async fn rolled_back_leader_killed(arena: &mut Arena) -> Fault {
    with_the_leader(arena, Data::Saved).await
}

pub(crate) async fn emptied_leader_killed(arena: &mut Arena) -> Fault {
    with_the_leader(arena, Data::Nothing).await
}

async fn with_the_leader(arena: &mut Arena, data: Data) -> Fault {
    let (leader, epoch) = (arena.leader().await?, arena.epoch());
    arena.redis.kill();
    arena.mortals[leader].kill();
    arena.redis.restart(data).await?;
    let left: Option<u32> = arena.redis.ask(redis::cmd("HGET").arg(arena.record_key()).arg("tick"))?;
    arena.new_epoch(epoch).await?;
    let first = arena.newest().unwrap_or_default();
    if left.is_some_and(|left| first.tick < left) { Err(format!("{left:?} was left, and {first:?} came of it")) } else { Ok(()) }
}
