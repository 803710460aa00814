//! What a report holds, whom one can be of, and how many there may be.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::advance;

use super::*;
use crate::backplane::ChatEntry;
use crate::backplane::ChatId;
use crate::backplane::faults::Fate;
use crate::backplane::faults::Faults;
use crate::gateway::chat;
use crate::wire::phrases::Words;

fn log(lines: &[(u64, PlayerId, &str)]) -> ChatLog {
    let mut log = ChatLog::default();
    for (ms, from, text) in lines {
        let words = Words::Text((*text).to_owned());
        log.take(&[ChatEntry { id: ChatId { ms: *ms, n: 0 }, line: chat::said(*from, "Rude", &words) }]);
    }
    log
}

const ME: PlayerId = PlayerId(1);
const RUDE: PlayerId = PlayerId(2);

fn desk() -> Desk {
    Desk::new(NodeId("waka-1".to_owned()), Instant::now())
}

async fn tell(desk: &Desk, backplane: &Backplane, whom: PlayerId, maze_lines: &[(u64, PlayerId, &str)], world: &ChatLog) -> ToClient {
    let (maze, view) = (MazeId::open(1), View { chat: Arc::new(log(maze_lines)), ..View::default() });
    let complaint = Complaint { by: ME, whom, reason: Some(Reason::Chat), maze: &maze, view: &view, world };
    desk.take(&complaint, backplane).await
}

async fn journal(backplane: &Backplane) -> Vec<Bytes> {
    backplane.noted(Journal::Reports, 0, 1_000).await.expect("in memory").into_iter().map(|entry| entry.line).collect()
}

#[tokio::test(start_paused = true)]
async fn a_report_has_the_last_lines_of_both_channels_and_nobody_elses() {
    let backplane = Backplane::memory();
    let maze: Vec<(u64, PlayerId, &str)> = vec![(10, RUDE, "one"), (20, ME, "mine"), (40, RUDE, "four"), (50, RUDE, "five")];
    let world = log(&[(5, RUDE, "zero"), (30, RUDE, "three"), (60, RUDE, "six"), (61, ME, "mine too")]);
    assert_eq!(tell(&desk(), &backplane, RUDE, &maze, &world).await, ToClient::Reported { player: RUDE });
    let entries = journal(&backplane).await;
    let report: Report = serde_json::from_slice(&entries[0]).expect("a report");
    let lines: Vec<(Channel, &str)> = report.lines.iter().map(|line| (line.channel, line.text.as_str())).collect();
    let (in_maze, in_world) = (Channel::Maze, Channel::World);
    assert_eq!(lines, [(in_maze, "one"), (in_world, "three"), (in_maze, "four"), (in_maze, "five"), (in_world, "six")]);
    assert_eq!((report.whom.id, report.whom.name.as_deref(), report.by.id, report.by.name), (RUDE, Some("Rude"), ME, None));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_reported_who_was_never_here() {
    let backplane = Backplane::memory();
    let answer = tell(&desk(), &backplane, PlayerId(9), &[(10, RUDE, "one")], &ChatLog::default()).await;
    assert!(matches!(answer, ToClient::Error { code: Refusal::NoSuchPlayer, .. }), "{answer:?}");
    assert!(journal(&backplane).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_kept_is_not_thanked_for() {
    let backplane = Backplane::memory();
    let broken = Faults::new(|_| Fate { request_lost: true, ..Fate::default() });
    let answer = tell(&desk(), &backplane.through(Arc::new(broken)), RUDE, &[(10, RUDE, "one")], &ChatLog::default()).await;
    assert!(matches!(answer, ToClient::Error { code: Refusal::Unavailable, .. }), "{answer:?}");
    assert!(journal(&backplane).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn y2_a_crowd_cannot_flush_the_journal() {
    let (desk, backplane) = (desk(), Backplane::memory());
    let mut taken = 0;
    for _ in 0..2 * crate::gateway::admission::REPORTS_OF_ALL {
        let answer = tell(&desk, &backplane, RUDE, &[(10, RUDE, "one")], &ChatLog::default()).await;
        taken += usize::from(answer == ToClient::Reported { player: RUDE });
    }
    assert_eq!(taken, crate::gateway::admission::REPORTS_OF_ALL as usize);
    assert_eq!(journal(&backplane).await.len(), taken);
    advance(Duration::from_secs(60)).await;
    let later = tell(&desk, &backplane, RUDE, &[(10, RUDE, "one")], &ChatLog::default()).await;
    assert_eq!(later, ToClient::Reported { player: RUDE });
}
