//! The process: arguments, telemetry, run, exit code. 64: the options are wrong. 1: it could not run, or is not healthy. 2: what is replayed panics.
//! 3: a swarm missed a budget.

use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::net::SocketAddr;
use std::pin::pin;
use std::process::ExitCode;

use waka::backplane::RedisAddress;
use waka::config;
use waka::config::BlackBoxWanted;
use waka::config::Config;
use waka::config::Errand;
use waka::config::Invocation;
use waka::game::seating::Command;
use waka::game::world::World;
use waka::gateway::admission::Limits;
use waka::replay::terminal;
use waka::replay::terminal::Terminal;
use waka::replay::terminal::Wanted;
use waka::server;
use waka::site;
use waka::swarm;
use waka::swarm::Screen;
use waka::swarm::order::Order;
use waka::telemetry;
use waka::telemetry::LogSettings;

/// A fifteenth less of the processor than with the C library's, so that 6,000 players on one core are served in time; docs/capacity.md has it measured.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BUDGET_MISSED: u8 = 3;
const BAD_CONFIGURATION: u8 = 64;

fn main() -> ExitCode {
    match config::from_process() {
        Ok(Invocation::Serve(config)) => match serve(*config) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error),
        },
        Ok(Invocation::Health(address)) => health(address),
        Ok(Invocation::Errand(redis, errand)) => match run_errand(&redis, errand) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error),
        },
        Ok(Invocation::BlackBox(wanted)) => black_box(&wanted),
        Ok(Invocation::Replay(wanted)) => replay(&wanted),
        Ok(Invocation::Site(order)) => write_site(&order),
        Ok(Invocation::Swarm(order, redis)) => send_swarm(&order, redis.as_ref()),
        Ok(Invocation::Help) => {
            say(&config::help());
            ExitCode::SUCCESS
        }
        Ok(Invocation::Version) => {
            say(concat!("waka ", env!("CARGO_PKG_VERSION"), "\n"));
            ExitCode::SUCCESS
        }
        Err(problems) => {
            complain(&problems.to_string());
            ExitCode::from(BAD_CONFIGURATION)
        }
    }
}

fn serve(mut config: Config) -> anyhow::Result<()> {
    let instance = server::draw_name()?;
    let (format, cloudwatch_group) = (config.log, config.cloudwatch_group.clone());
    let _log = telemetry::start_log(&LogSettings { format, instance: instance.0.clone(), cloudwatch_group });
    config.instance = Some(instance);
    let runtime = runtime().enable_all().build()?;
    runtime.block_on(async {
        let mut asked_to_stop = pin!(server::asked_to_stop()?);
        // The start waits for a Redis that is not there yet; that must not keep the process from ending.
        let running = tokio::select! {
            started = server::start(config, Limits::default()) => started?,
            () = &mut asked_to_stop => return Ok(()),
        };
        say(&format!("Waka is open at {}\n", running.url()));
        asked_to_stop.await;
        running.stop().await;
        Ok(())
    })
}

/// On one core a scheduler for one thread does the same with less: nothing is shared, and waking a task is no message to another thread.
fn runtime() -> tokio::runtime::Builder {
    match std::thread::available_parallelism() {
        Ok(cores) if cores.get() == 1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    }
}

fn run_errand(redis: &RedisAddress, errand: Errand) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut out = io::stdout().lock();
    runtime.block_on(server::errand::run(redis, errand, &mut out))?;
    out.flush()?;
    Ok(())
}

fn health(address: SocketAddr) -> ExitCode {
    match server::health::ask(address) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            complain(&format!("waka: {address} does not feel well"));
            ExitCode::FAILURE
        }
        Err(error) => {
            complain(&format!("waka: {address} does not answer: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Bytes for a file, so nothing else may be said on standard output.
fn black_box(wanted: &BlackBoxWanted) -> ExitCode {
    let written = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(anyhow::Error::from).and_then(|runtime| {
        let bytes = runtime.block_on(server::black_box::fetch(wanted))?;
        io::stdout().lock().write_all(&bytes).map_err(anyhow::Error::from)
    });
    written.map_or_else(|error| failed(&error), |()| ExitCode::SUCCESS)
}

fn replay(wanted: &Wanted) -> ExitCode {
    let (mut out, mut keys) = (io::stdout().lock(), io::stdin().lock());
    let moves_cursor = out.is_terminal();
    let mut terminal = Terminal { out: &mut out, keys: &mut keys, moves_cursor };
    let step = |world: &mut World, commands: &[Command]| drop(world.step(commands));
    match terminal::run(wanted, &step, &mut terminal) {
        Ok(verdict) => ExitCode::from(verdict as u8),
        Err(error) => failed(&anyhow::anyhow!("{}: {error}", wanted.file.display())),
    }
}

fn write_site(order: &site::Order) -> ExitCode {
    match site::write(order) {
        Ok(files) => {
            say(&format!("{files} files are in {}\n", order.out.display()));
            ExitCode::SUCCESS
        }
        Err(error) => failed(&anyhow::Error::from(error)),
    }
}

fn send_swarm(order: &Order, redis: Option<&RedisAddress>) -> ExitCode {
    let sent = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(anyhow::Error::from).and_then(|runtime| {
        let mut err = io::stderr().lock();
        let is_terminal = err.is_terminal();
        let mut screen = Screen { out: &mut err, is_terminal };
        let count_keys = async || match redis {
            Some(redis) => redis.count_keys().await.map_err(|error| error.to_string()),
            None => Err("--redis was not given".to_owned()),
        };
        runtime.block_on(async { Ok(swarm::run(order, &mut screen, count_keys, server::asked_to_stop()?).await?) })
    });
    match sent {
        Ok(report) => {
            say(&report.to_string());
            let verdict = if report.meets_its_budgets() { ExitCode::SUCCESS } else { ExitCode::from(BUDGET_MISSED) };
            match order.json.as_ref().map_or(Ok(()), |file| report.write_json(file)) {
                Ok(()) => verdict,
                Err(error) => failed(&anyhow::Error::from(error)),
            }
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    complain(&format!("waka: {error}"));
    ExitCode::FAILURE
}

/// Whoever has closed standard output does not want to hear it.
fn say(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
