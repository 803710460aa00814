//! The chaos test: real processes over a real Redis, broken on purpose while bots play and an observer counts what it costs.
//!
//! `cargo test --release --test chaos -- --rounds 20 [--only NAME]`; without arguments one round of each quick fault. It prints a table.

#![allow(clippy::print_stdout, reason = "the table is what it is run for")]

#[cfg(unix)]
mod arena;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod observer;
#[cfg(unix)]
mod processes;
#[cfg(unix)]
mod show;
#[cfg(unix)]
mod verdict;

use std::process::ExitCode;
#[cfg(unix)]
use std::time::Duration;

/// Done, or what went wrong.
#[cfg(unix)]
pub(crate) type Fault = Result<(), String>;

/// Waits until it holds, and tells what has not come in time.
#[cfg(unix)]
pub(crate) async fn until(what: &str, patience: Duration, mut holds: impl AsyncFnMut() -> bool) -> Fault {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    let waiting = async {
        while !holds().await {
            looks.tick().await;
        }
    };
    tokio::time::timeout(patience, waiting).await.map_err(|_| format!("{what} has not come within {patience:?}"))
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
    runtime.block_on(show::run(&show::Wanted::read(std::env::args().skip(1))))
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    println!("chaos: needs signals, and so Unix");
    ExitCode::FAILURE
}
