//! One run: which faults, how often, in which order, and the table at the end.

use std::process::ExitCode;
use std::time::Instant;

use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;

use crate::Fault;
use crate::arena::Arena;
use crate::fault::Kind;
use crate::table;
use crate::table::Row;
use crate::trial;

/// So many rounds make a percentile worth holding against a budget.
const ROUNDS_TO_JUDGE: u32 = 20;

struct Wanted {
    /// `None`: the quick ones, once.
    rounds: Option<u32>,
    /// Parts of faults' names; none of them: all faults.
    only: Vec<String>,
    seed: u64,
}

impl Wanted {
    /// A word without dashes is a filter, and unknown flags are meant for other tests, as test programs read them.
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut wanted = Self { rounds: None, only: Vec::new(), seed: u64::from(std::process::id()) };
        while let Some(word) = words.next() {
            let mut number = || words.next().and_then(|number| number.parse::<u32>().ok());
            match word.as_str() {
                "--rounds" => wanted.rounds = Some(number().filter(|rounds| *rounds > 0).ok_or("--rounds takes a number above 0")?),
                "--seed" => wanted.seed = number().ok_or("--seed takes a number")?.into(),
                "--only" => wanted.only.push(words.next().ok_or("--only takes part of a fault's name")?),
                "--test-threads" | "--skip" | "--format" | "--color" => drop(words.next()),
                word if word.starts_with('-') => {}
                word => wanted.only.push(word.to_owned()),
            }
        }
        Ok(wanted)
    }

    fn faults(&self) -> Vec<Kind> {
        let named = |kind: &Kind| self.only.iter().any(|part| kind.name().to_lowercase().contains(&part.to_lowercase()));
        let wanted = |kind: &Kind| {
            if self.only.is_empty() { self.rounds.is_some() || !kind.is_slow() } else { named(kind) }
        };
        Kind::ALL.into_iter().filter(wanted).collect()
    }
}

/// All processes end with the stage, also when this one is asked to end.
pub(crate) async fn main(words: impl Iterator<Item = String>) -> ExitCode {
    let outcome = match Wanted::read(words) {
        Ok(wanted) => {
            tokio::select! {
                outcome = run(&wanted) => outcome,
                _ = tokio::signal::ctrl_c() => Err("interrupted".to_owned()),
                () = terminated() => Err("terminated".to_owned()),
            }
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("chaos: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn terminated() {
    if let Ok(mut signals) = signal(SignalKind::terminate()) {
        signals.recv().await;
    }
}

async fn run(wanted: &Wanted) -> Fault {
    let faults = wanted.faults();
    for built in faults.iter().flat_map(|kind| kind.programs()) {
        built.build()?;
    }
    let mut rows: Vec<Row> = faults.iter().map(|kind| Row::new(*kind)).collect();
    let mut failures = Vec::new();
    let mut stage = None;
    for round in 1..=wanted.rounds.unwrap_or(1) {
        for (kind, row) in faults.iter().zip(&mut rows) {
            let mut arena = match stage.take() {
                Some(arena) => arena,
                None => Arena::open(wanted.seed).await?,
            };
            let name = format!("round {round}, seed {}, {}", wanted.seed, kind.name());
            let began = Instant::now();
            match trial::run(*kind, &mut arena, round, row).await {
                Ok(wrong) if wrong.is_empty() => println!("{name}: {} ms paused, {:.1?} in all", row.newest().as_millis(), began.elapsed()),
                Ok(wrong) => {
                    println!("{name}: BROKEN\n  {}\n{}", wrong.join("\n  "), arena.last_words());
                    failures.push(name);
                }
                Err(error) => {
                    println!("{name}: BROKEN\n  {error}\n{}", arena.last_words());
                    failures.push(name);
                    // Nothing that followed on this stage would be worth anything.
                    continue;
                }
            }
            stage = Some(arena);
        }
    }
    println!("\n{}", table::HEAD);
    for (row, kind) in rows.iter().zip(&faults) {
        println!("{}", row.line());
        let late = kind.pause_p99_max().is_some_and(|max| row.percentile(99) > max);
        if late && wanted.rounds.is_some_and(|rounds| rounds >= ROUNDS_TO_JUDGE) {
            failures.push(format!("seed {}, {}: the pause is beyond its budget", wanted.seed, kind.name()));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(format!("{} broken:\n  {}", failures.len(), failures.join("\n  "))) }
}
