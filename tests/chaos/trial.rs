//! One fault, once: prepared, made, repaired, and judged.

use std::time::Duration;
use std::time::Instant;

use crate::arena::Arena;
use crate::fault::Kind;
use crate::fault::Promise;
use crate::strike;
use crate::table::Row;
use crate::verdict;
use crate::verdict::Findings;

/// The answer is what was promised and did not hold; an error is a stage on which nothing can be played any more.
pub(crate) async fn run(kind: Kind, arena: &mut Arena, round: u32, row: &mut Row) -> Result<Vec<String>, String> {
    strike::prepare(kind, arena).await?;
    arena.begin().await?;
    arena.say(kind.name()).await?;
    let mark = arena.observer.log().shots.len().saturating_sub(1);
    let seat = arena.quiet_seat();
    let felt = strike::make(kind, arena, round).await?;
    arena.goes_on(Instant::now()).await?;
    let pause = felt.unwrap_or_else(|| verdict::pause(&arena.observer.log().shots[mark..]));
    strike::repair(kind, arena).await?;
    arena.calm().await?;

    let mut findings = judge(kind, arena, mark);
    let now = arena.quiet_seat();
    if now.is_none() || (kind.promise() != Promise::WhatIsLeft && now != seat) {
        findings.seats_lost += 1;
        findings.wrong.push(format!("the quiet one sat at {seat:?} and sits at {now:?}"));
    }
    let lost = arena.lines_lost().await;
    findings.lines_lost = lost.len() as u32;
    findings.wrong.extend(lost.into_iter().map(|line| format!("lost from the chat: {line}")));
    for process in arena.mortals.iter_mut().chain([&mut arena.gateway]).filter(|process| process.runs()) {
        if process.has_crashed() {
            findings.wrong.push(format!("a process has died:\n{}", process.last_words()));
        }
    }
    row.add(pause, &findings);
    Ok(findings.wrong)
}

fn judge(kind: Kind, arena: &Arena, mark: usize) -> Findings {
    let mut log = arena.observer.log();
    let mut findings = verdict::continuity(&log, mark + 1);
    if kind.promise() == Promise::WhatIsLeft {
        findings = Findings { frames_lost: findings.frames_lost, ..Findings::default() };
    }
    if let Some((shown, back)) = log.went_back.take() {
        findings.wrong.push(format!("{back:?} was shown after {shown:?}"));
    }
    findings.wrong.append(&mut log.unread);
    if kind.promise() != Promise::SameMaze {
        // Nothing from before says anything about the new maze.
        log.trim(Duration::ZERO);
    }
    findings
}
