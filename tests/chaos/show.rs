//! One run: which faults, how often, and the table at the end.

use std::process::ExitCode;
use std::time::Duration;

use crate::arena::Arena;
use crate::faults::Kind;
use crate::verdict;
use crate::verdict::Row;

pub(crate) struct Wanted {
    rounds: u32,
    /// Part of a fault's name.
    only: Option<String>,
}

impl Wanted {
    /// A word without dashes is a filter, as test programs read it.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Self {
        let mut wanted = Self { rounds: 1, only: None };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--rounds" => wanted.rounds = words.next().and_then(|count| count.parse().ok()).unwrap_or(1).max(1),
                "--only" => wanted.only = words.next(),
                "--test-threads" | "--skip" | "--format" | "--color" => drop(words.next()),
                word if word.starts_with('-') => {}
                word => wanted.only = Some(word.to_owned()),
            }
        }
        wanted
    }

    fn faults(&self) -> Vec<Kind> {
        let wanted = |kind: &Kind| match &self.only {
            Some(part) => kind.name().to_lowercase().contains(&part.to_lowercase()),
            None => self.rounds > 1 || !kind.is_slow(),
        };
        Kind::ALL.into_iter().filter(wanted).collect()
    }
}

pub(crate) async fn run(wanted: &Wanted) -> ExitCode {
    let faults = wanted.faults();
    if faults.is_empty() {
        println!("0 passed, 0 failed");
        return ExitCode::SUCCESS;
    }
    let mut arena = match Arena::open().await {
        Ok(arena) => arena,
        Err(error) => {
            println!("chaos: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut rows: Vec<Row> = faults.iter().map(|kind| Row::new(kind.name(), kind.goes_on())).collect();
    let mut failed = vec![false; faults.len()];
    'rounds: for number in 1..=wanted.rounds {
        for (place, kind) in faults.iter().enumerate() {
            let outcome = round(*kind, &mut arena, &mut rows[place]).await;
            let wrong = outcome.as_ref().map_or_else(|error| vec![error.clone()], Clone::clone);
            failed[place] |= !wrong.is_empty();
            let pause = rows[place].pauses.last().map_or(0, Duration::as_millis);
            println!("round {number}, {}: {}", kind.name(), if wrong.is_empty() { format!("{pause} ms") } else { wrong.join("\n  ") });
            if !wrong.is_empty() {
                println!("{}", arena.last_words());
            }
            if outcome.is_err() {
                // Nothing that follows would be worth anything.
                break 'rounds;
            }
        }
    }
    arena.close();
    println!("\n| fault | times | pause p50 | p99 | max (ms) | seats lost | scores fallen | chat lines lost |");
    println!("|---|---|---|---|---|---|---|---|");
    for row in &rows {
        println!("{}", row.line());
    }
    let failures = failed.iter().filter(|failed| **failed).count();
    println!("\n{} passed, {failures} failed", failed.len() - failures);
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Strikes once and judges. The answer is what is wrong; an error is a stage on which nothing can be played any more.
async fn round(kind: Kind, arena: &mut Arena, row: &mut Row) -> Result<Vec<String>, String> {
    arena.begin().await;
    arena.calm().await?;
    arena.say(kind.name()).await?;
    let mark = arena.observer.log().shots.len().saturating_sub(1);
    let seat = arena.quiet_seat();
    let measured = kind.strike(arena).await?;
    arena.calm().await?;

    let mut wrong = Vec::new();
    {
        let log = arena.observer.log();
        row.pauses.push(measured.unwrap_or_else(|| verdict::pause(&log.shots[mark..])));
        if let Some((shown, back)) = log.went_back {
            wrong.push(format!("{back:?} was shown after {shown:?}"));
        }
        if kind.goes_on() {
            let findings = verdict::continuity(&log.shots, mark + 1);
            row.seats_lost += findings.seats_lost;
            row.scores_fallen += findings.scores_fallen;
            wrong.extend(findings.wrong);
        }
    }
    if !kind.goes_on() {
        // Nothing from before says anything about the new maze.
        arena.observer.log().trim(Duration::ZERO);
    }
    let now = arena.quiet_seat();
    if now.is_none() || (kind.goes_on() && now != seat) {
        row.seats_lost += 1;
        wrong.push(format!("the quiet one sat at {seat:?} and sits at {now:?}"));
    }
    let lost = arena.lines_lost().await;
    row.lines_lost += lost.len() as u32;
    wrong.extend(lost.into_iter().map(|line| format!("lost from the chat: {line}")));
    for process in arena.mortals.iter_mut().chain([&mut arena.gateway]) {
        if !process.lives() {
            wrong.push(format!("a process has died:\n{}", process.last_words()));
        }
    }
    Ok(wrong)
}
