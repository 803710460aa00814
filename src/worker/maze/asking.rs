//! What `leadership` asks, put to the backplane as futures that end within bounded time.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::select;
use tokio::time::Instant;
use tokio::time::timeout;

use super::Common;
use crate::backplane::Answer;
use crate::backplane::Backplane;
use crate::backplane::Board;
use crate::backplane::BoardRow;
use crate::backplane::Claim;
use crate::backplane::Commit;
use crate::backplane::Memory;
use crate::backplane::Subscription;
use crate::backplane::Topic;
use crate::backplane::Unanswered;
use crate::backplane::Verdict;
use crate::telemetry::sampling::sampled;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::Position;
use crate::wire::black_box::STRIP_BYTES_MAX;
use crate::wire::black_box::Strip;
use crate::wire::record::RecordError;
use crate::wire::record::Stored;
use crate::worker::lead;
use crate::worker::leadership::Ask;
use crate::worker::leadership::Claimed;
use crate::worker::leadership::Known;
use crate::worker::meters::Meters;
use crate::worker::scores::Report;

/// An answer that takes longer is none.
const ANSWER_MAX: Duration = Duration::from_millis(600);
/// When the backplane lets nobody subscribe.
const SUBSCRIBE_AGAIN: Duration = Duration::from_millis(500);

pub(super) type Asking = Pin<Box<dyn Future<Output = Answered> + Send>>;

pub(super) enum Answered {
    Looked(Answer<Option<(Position, bool)>>),
    Claimed(Epoch, Claimed),
    Committed(Position, Answer<Verdict<()>>),
    /// A poisoned record was put aside, or could not be.
    /// Or a strip of the black box was appended.
    Kept,
    /// Whether the boards have been told everything.
    Scored(bool),
    /// A strip of the black box was not appended, as far as is known.
    StripLost,
}

/// The maze's messages to its leader; `None` when this worker ends before it is let listen.
pub(super) async fn listen(common: &Common, maze: &MazeId) -> Option<Subscription> {
    let topic = [Topic::Up(maze.clone())];
    loop {
        match common.backplane.subscribe(&topic).await {
            Ok(ups) => return Some(ups),
            Err(unanswered) => {
                if let Some(more) = sampled("maze_unheard") {
                    tracing::warn!(event = "maze_unheard", maze = %maze, error = %unanswered, more, "cannot listen to a maze");
                }
            }
        }
        select! {
            () = common.leaving.cancelled() => return None,
            () = tokio::time::sleep(SUBSCRIBE_AGAIN) => {}
        }
    }
}

pub(super) fn ask(common: &Common, maze: &MazeId, ask: Ask) -> Asking {
    let (backplane, me, maze) = (common.backplane.clone(), common.me.clone(), maze.clone());
    // A future each, since a commit is asked at every frame and is the smallest of them.
    match ask {
        Ask::Look => Box::pin(async move { Answered::Looked(in_time(backplane.position(&maze)).await) }),
        Ask::Claim { seen, epoch, memory } => Box::pin(async move {
            let claimed = in_time(claim(&backplane, me, &maze, seen, epoch, memory)).await;
            Answered::Claimed(epoch, claimed.unwrap_or(Claimed::Unanswered))
        }),
        Ask::Resend { commit, yields } => Box::pin(told(common.meters.clone(), backplane, maze, commit, yields)),
    }
}

async fn told(meters: Meters, backplane: Backplane, maze: MazeId, commit: Commit, yields: bool) -> Answered {
    let (began, position) = (Instant::now(), commit.position);
    let answer =
        if yields { in_time(backplane.yield_to_vacant(&maze, commit)).await } else { in_time(backplane.commit(&maze, commit)).await };
    let outcome = match &answer {
        Ok(Verdict::Granted(())) => &meters.commits_granted,
        Ok(Verdict::Refused { .. }) => &meters.commits_refused,
        Err(_) => &meters.commits_unanswered,
    };
    if let Err(error) = &answer
        && let Some(more) = sampled("commit_unanswered")
    {
        let (epoch, tick) = (position.epoch.0, position.tick);
        tracing::warn!(event = "commit_unanswered", %maze, epoch, tick, %error, more, "a maze's clock stands until redis answers");
    }
    outcome.increment(1);
    meters.commit.record(began.elapsed());
    Answered::Committed(position, answer)
}

/// Nothing waits for it: a poisoned record that could not be kept is a loss for the curious only.
pub(super) fn set_aside(common: &Common, maze: &MazeId, world: Bytes) -> Asking {
    let (backplane, maze) = (common.backplane.clone(), maze.clone());
    Box::pin(async move {
        if let Err(unanswered) = in_time(backplane.set_aside(&maze, world)).await {
            tracing::warn!(event = "record_not_kept", %maze, error = %unanswered, "a poisoned record could not be kept");
        }
        Answered::Kept
    })
}

/// A report that does not arrive is followed by the next one, which is whole.
pub(super) fn score(common: &Common, maze: &MazeId, report: Report) -> Asking {
    let (backplane, maze) = (common.backplane.clone(), maze.clone());
    Box::pin(async move {
        let Report { at, day, playing, best } = report;
        let best: Vec<BoardRow> = best.into_iter().map(|(_, row)| row).collect();
        let told = async {
            for board in [Board::Live(maze.clone()), Board::WorldLive] {
                backplane.board_show(&board, &maze, at, &playing).await?;
            }
            if !best.is_empty() {
                backplane.board_raise(&Board::Day(day), &best).await?;
                backplane.board_raise(&Board::AllTime, &best).await?;
            }
            Ok(())
        };
        Answered::Scored(in_time(told).await.is_ok())
    })
}

/// Nothing waits for it either: a strip that is lost is a second that cannot be replayed.
pub(super) fn append(common: &Common, maze: &MazeId, strip: Arc<Strip>) -> Asking {
    let (backplane, maze) = (common.backplane.clone(), maze.clone());
    Box::pin(async move {
        let bytes = strip.encode();
        let fits = bytes.len() <= STRIP_BYTES_MAX;
        if fits && in_time(backplane.append_strip(&maze, bytes)).await.is_ok() {
            return Answered::Kept;
        }
        metrics::counter!("waka_black_box_strips_lost_total").increment(1);
        Answered::StripLost
    })
}

/// A record that this release cannot read is not claimed.
async fn claim(
    backplane: &Backplane,
    owner: NodeId,
    maze: &MazeId,
    seen: Option<Position>,
    epoch: Epoch,
    memory: Option<Known>,
) -> Answer<Claimed> {
    if seen.is_some()
        && let Some(record) = backplane.read(maze).await?
        && let Err(error @ RecordError::UnknownVersion(_)) = Stored::decode(&record.world)
        && !record.world.is_empty()
    {
        if let Some(more) = sampled("record_of_other_release") {
            tracing::warn!(event = "record_of_other_release", %maze, %error, more, "left to workers of another release");
        }
        return Ok(Claimed::Unreadable);
    }
    let memory = memory.and_then(|known| {
        let show = lead::show_of_record(epoch, &known.world)?;
        Some(Memory { tick: known.tick, ancestry: known.ancestry, world: known.world, show })
    });
    backplane.claim(maze, Claim { owner, seen, epoch, memory }).await.map(Claimed::Answered)
}

async fn in_time<T>(asked: impl Future<Output = Answer<T>>) -> Answer<T> {
    timeout(ANSWER_MAX, asked).await.unwrap_or_else(|_| Err(Unanswered(format!("none within {} ms", ANSWER_MAX.as_millis()))))
}
