//! Faults of the record: bytes that nobody wrote, a format of another release, a world that panics.

use std::fs;
use std::time::Duration;

use waka::wire::record::FORMAT;
use waka::wire::record::as_format;

use crate::Fault;
use crate::arena::Arena;
use crate::pass;
use crate::program::PANIC_FILE;
use crate::until;
use crate::verdict;

/// How long a record of an unknown version must be left alone.
const LEFT_ALONE: Duration = Duration::from_secs(1);
/// After so many panics of one worker within ten seconds a record is poison; another may take the maze in between.
const PANICS: usize = 3;
/// From a fresh maze's first frame until what it replaced is kept.
const KEPT_WITHIN: Duration = Duration::from_millis(200);
/// For a commit that was under way when its leader was stopped.
const UNDER_WAY: Duration = Duration::from_millis(50);

/// By turns noise, a record cut short, one with a flipped bit, nothing at all.
pub(crate) async fn poisoned(arena: &mut Arena, round: u32) -> Fault {
    let dice = arena.seed.wrapping_add(u64::from(round)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let logged = arena.logged_bytes();
    let leader = arena.leader().await?;
    arena.mortals[leader].signal("STOP")?;
    let (_, bad) = overwrite(arena, |world| spoil(world, round, dice)).await?;
    arena.mortals[leader].kill();
    let before = arena.newest().unwrap_or_default();
    arena.new_epoch(before.epoch).await?;
    let after = arena.newest().unwrap_or_default();
    if after.tick <= before.tick {
        return Err(format!("the fresh maze begins at {after:?}, not above {before:?}"));
    }
    if bad.is_empty() {
        // Nothing is no poison, and nothing is kept of it.
        return Ok(());
    }
    is_set_aside(arena, &logged, async |kept| kept.contains(&bad)).await
}

fn spoil(world: &[u8], round: u32, dice: u64) -> Vec<u8> {
    let mut bad = world.to_vec();
    match round % 4 {
        1 => bad = (0..64).map(|place| (dice >> (place % 57)) as u8 ^ place).collect(),
        2 => bad.truncate(dice as usize % bad.len()),
        3 => {
            let place = dice as usize % bad.len();
            bad[place] ^= 1 << ((dice >> 32) % 8);
        }
        _ => bad.clear(),
    }
    bad
}

/// Nobody claims it; when it is one again that can be read, the maze goes on.
pub(crate) async fn unknown(arena: &mut Arena) -> Fault {
    let logged = arena.logged_bytes();
    let (leader, epoch) = (arena.leader().await?, arena.epoch());
    arena.mortals[leader].signal("STOP")?;
    let (readable, unknown) = overwrite(arena, |world| as_format(FORMAT + 1, world).into()).await?;
    arena.mortals[leader].kill();
    pass(LEFT_ALONE).await;
    let claimed: u32 = arena.redis.ask(redis::cmd("HGET").arg(arena.record_key()).arg("epoch"))?;
    if claimed != epoch.0 || world(arena)? != unknown || !aside(arena)?.is_empty() {
        return Err("a record of an unknown version was not left alone".to_owned());
    }
    until("the log tells of it", async || arena.has_logged(&logged, "left to workers of another release")).await?;
    set_world(arena, &readable)?;
    arena.new_epoch(epoch).await
}

/// The first panics cost nobody anything, the last the maze: its record is set aside.
pub(crate) async fn panics(arena: &mut Arena) -> Fault {
    let logged = arena.logged_bytes();
    let mark = arena.observer.log().shots.len();
    for panic in 1..=PANICS * arena.mortals.len() {
        let epoch = arena.epoch();
        let file = arena.folder().join(PANIC_FILE);
        fs::write(&file, []).map_err(|error| error.to_string())?;
        until("a panic that was demanded", async || !file.exists()).await?;
        arena.new_epoch(epoch).await?;
        pass(KEPT_WITHIN).await;
        if !aside(arena)?.is_empty() {
            if panic < PANICS {
                return Err(format!("the record was given up after {panic} panics"));
            }
            break;
        }
        let wrong = verdict::continuity(&arena.observer.log(), mark).wrong;
        if !wrong.is_empty() {
            return Err(format!("after {panic} panics: {}", wrong.join("; ")));
        }
    }
    until("the log tells of panics", async || arena.has_logged(&logged, "somebody has demanded a panic")).await?;
    is_set_aside(arena, &logged, async |kept| !kept.is_empty()).await
}

/// Of a stopped leader, in place of what it stored last. A commit that was under way writes over it, and then it is done again.
async fn overwrite(arena: &Arena, with: impl Fn(&[u8]) -> Vec<u8>) -> Result<(Vec<u8>, Vec<u8>), String> {
    for _ in 0..3 {
        let stored = world(arena)?;
        let bytes = with(&stored);
        set_world(arena, &bytes)?;
        pass(UNDER_WAY).await;
        if world(arena)? == bytes {
            return Ok((stored, bytes));
        }
    }
    Err("the record goes on though its leader was stopped".to_owned())
}

fn world(arena: &Arena) -> Result<Vec<u8>, String> {
    arena.redis.ask(redis::cmd("HGET").arg(arena.record_key()).arg("world"))
}

fn set_world(arena: &Arena, bytes: &[u8]) -> Fault {
    arena.redis.ask::<redis::Value>(redis::cmd("HSET").arg(arena.record_key()).arg("world").arg(bytes)).map(drop)
}

fn aside_key(arena: &Arena) -> String {
    format!("waka:{{{}}}:aside", arena.maze)
}

fn aside(arena: &Arena) -> Result<Vec<Vec<u8>>, String> {
    arena.redis.ask(redis::cmd("LRANGE").arg(aside_key(arena)).arg(0).arg(-1))
}

/// What was poison is kept and told of; then it is thrown away, for the next round.
async fn is_set_aside(arena: &Arena, logged: &[usize], is: impl AsyncFn(&[Vec<u8>]) -> bool) -> Fault {
    until("poisoned bytes are kept aside", async || match aside(arena) {
        Ok(kept) => is(&kept).await,
        Err(_) => false,
    })
    .await?;
    until("the log tells of poison", async || arena.has_logged(logged, "record_poisoned")).await?;
    arena.redis.ask::<redis::Value>(redis::cmd("DEL").arg(aside_key(arena))).map(drop)
}
