//! The chaos test: real processes over a real Redis, broken on purpose while bots play and an observer counts what it costs.
//!
//! `cargo test --release --test chaos -- --rounds 20 [--only NAME] [--seed NUMBER]`; without arguments one round of each quick fault. It prints
//! a table, and fails with the fault, the round and the seed where a promise did not hold. It needs `redis-server`, and signals, and so Unix.

#![allow(clippy::print_stdout, reason = "the table is what it is run for")]

#[cfg(unix)]
mod arena;
#[cfg(unix)]
mod fault;
#[cfg(unix)]
mod link;
#[cfg(unix)]
mod observer;
#[cfg(unix)]
#[path = "../it/port.rs"]
mod port;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod program;
#[cfg(unix)]
mod redis_server;
#[cfg(unix)]
mod show;
#[cfg(unix)]
mod strike;
#[cfg(unix)]
mod table;
#[cfg(unix)]
mod trial;
#[cfg(unix)]
mod verdict;

use std::process::ExitCode;
#[cfg(unix)]
use std::time::Duration;

/// Done, or what went wrong.
#[cfg(unix)]
pub(crate) type Fault = Result<(), String>;

/// For whatever has to come: much longer than it takes, even on a busy machine.
#[cfg(unix)]
const DEADLINE: Duration = Duration::from_secs(20);

/// Waits until it holds, and tells what has not come in time.
#[cfg(unix)]
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) -> Fault {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let waiting = async {
        while !holds().await {
            looks.tick().await;
        }
    };
    tokio::time::timeout(DEADLINE, waiting).await.map_err(|_| format!("{what}: has not come within {DEADLINE:?}"))
}

/// Lets time pass where time is what is promised.
#[cfg(unix)]
pub(crate) async fn pass(time: Duration) {
    tokio::time::sleep(time).await; // time is the promise
}

#[cfg(unix)]
fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            println!("chaos: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(show::main(std::env::args().skip(1)))
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    println!("chaos: needs signals, and so Unix");
    ExitCode::FAILURE
}
