//! Rolling restarts: of the same program, and of one that writes the next record format, and back.

use std::time::Duration;

use waka::wire::record::FORMAT;

use super::felt;
use crate::Fault;
use crate::arena::Arena;
use crate::process::Process;
use crate::program::Built;
use crate::program::NEXT;
use crate::program::PREPARED;
use crate::until;

/// For a player whose gateway was told to end, until he sees the maze through another.
const SOCKET_WAIT_MAX: Duration = Duration::from_secs(3);

/// One after another; a client that roams among them, as behind a balancer, must never wait long.
pub(crate) async fn rolling(arena: &mut Arena, calm_between: bool) -> Fault {
    let roamer = arena.visitor(arena.mortals.iter().map(Process::websocket).collect()).await?;
    for place in 0..arena.mortals.len() {
        arena.mortals[place].end().await?;
        arena.mortals[place].restart().await?;
        if calm_between {
            arena.calm().await?;
        }
    }
    let waited = felt(&roamer).await?;
    if waited > SOCKET_WAIT_MAX { Err(format!("a client waited {waited:?} for another gateway")) } else { Ok(()) }
}

pub(crate) async fn next_record(arena: &mut Arena) -> Fault {
    deploy(arena, &NEXT, FORMAT + 1).await?;
    deploy(arena, &PREPARED, FORMAT).await
}

async fn deploy(arena: &mut Arena, built: &Built, format: u16) -> Fault {
    for process in &mut arena.mortals {
        process.program = built.path();
        process.end().await?;
        process.restart().await?;
    }
    until("the record has the format of the deployed release", async || {
        let world: Result<Vec<u8>, String> = arena.redis.ask(redis::cmd("HGET").arg(arena.record_key()).arg("world"));
        world.is_ok_and(|world| world.starts_with(&format.to_le_bytes()))
    })
    .await
}
