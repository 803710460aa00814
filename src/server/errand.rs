//! What an operator does to what a Redis keeps, while processes play on it or not: exports the boards, purges them, forgets a player.
//!
//! The backplane cannot tell whose a line or a world is; here it is known. What a living process holds of a player it lets go when it is told: chat
//! lines at once. Who plays on is soon on the boards again, and stays in his maze's record until his seat is given up.

use std::io;
use std::io::Write;
use std::time::Duration;
use std::time::SystemTime;

use bytes::Bytes;
use serde::Serialize;
use tokio::time::timeout;

use crate::backplane::Backplane;
use crate::backplane::Board;
use crate::backplane::ChatId;
use crate::backplane::ChatStream;
use crate::backplane::Journal;
use crate::backplane::RedisAddress;
use crate::backplane::RedisRefused;
use crate::backplane::Topic;
use crate::backplane::Unanswered;
use crate::backplane::boards::BOARD_ROWS_MAX;
use crate::backplane::boards::DAY_BOARDS_KEPT;
use crate::config::Errand;
use crate::gateway::chat;
use crate::wire::PlayerId;
use crate::wire::boards::Day;
use crate::wire::boards::Shown;

/// For a Redis to answer at all.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// A gateway that was told to forget has done so after this; one that put lines back meanwhile has put them back before.
const FORGET_AGAIN: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub enum ErrandError {
    #[error(transparent)]
    Refused(#[from] RedisRefused),
    #[error("redis does not answer: {0}; what was asked may be half done, ask again")]
    Unanswered(#[from] Unanswered),
    #[error("redis does not answer within {} s", CONNECT_MAX.as_secs())]
    Silent,
    #[error("cannot write: {0}")]
    Out(#[from] io::Error),
}

/// Does it, and says on `out` what was done.
pub async fn run(redis: &RedisAddress, errand: Errand, out: &mut impl Write) -> Result<(), ErrandError> {
    let backplane = Backplane::redis(redis)?;
    timeout(CONNECT_MAX, backplane.check()).await.map_err(|_| ErrandError::Silent)???;
    match errand {
        Errand::ExportBoards => export(&backplane, out).await,
        Errand::PurgeBoards(player) => {
            let mut boards = kept_boards();
            boards.push(("world".to_owned(), Board::WorldLive));
            boards.extend(backplane.mazes_kept().await?.into_iter().map(|maze| (maze.to_string(), Board::Live(maze))));
            for (_, board) in &boards {
                backplane.board_remove(board, player).await?;
            }
            let whom = player.map_or_else(|| "everybody".to_owned(), |player| player.to_string());
            Ok(writeln!(out, "{whom} is off {} boards", boards.len())?)
        }
        Errand::Forget(player) => forget(&backplane, player, out).await,
    }
}

/// A row of an export.
#[derive(Serialize)]
struct Row<'a> {
    /// `all`, or the day in UTC.
    board: &'a str,
    rank: usize,
    id: PlayerId,
    points: u64,
    /// Missing when another release has written it.
    #[serde(flatten)]
    shown: Option<Shown>,
}

async fn export(backplane: &Backplane, out: &mut impl Write) -> Result<(), ErrandError> {
    for (name, board) in &kept_boards() {
        for (index, row) in backplane.board_top(board, BOARD_ROWS_MAX).await?.iter().enumerate() {
            let shown = serde_json::from_slice(&row.shown).ok();
            let row = Row { board: name, rank: index + 1, id: row.player, points: row.points, shown };
            serde_json::to_writer(&mut *out, &row).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

async fn forget(backplane: &Backplane, player: PlayerId, out: &mut impl Write) -> Result<(), ErrandError> {
    let mazes = backplane.mazes_kept().await?;
    let mut boards: Vec<Board> = kept_boards().into_iter().map(|(_, board)| board).collect();
    boards.push(Board::WorldLive);
    boards.extend(mazes.iter().cloned().map(Board::Live));
    for board in &boards {
        backplane.board_remove(board, Some(player)).await?;
    }

    let streams: Vec<ChatStream> = mazes.iter().cloned().map(ChatStream::Maze).chain([ChatStream::World]).collect();
    let mut lines = forget_lines(backplane, &streams, player).await?;
    // A gateway that found lines missing may have put them back before it heard.
    tokio::time::sleep(FORGET_AGAIN).await;
    lines += forget_lines(backplane, &streams, player).await?;

    let reports = forget_entries(backplane, Journal::Reports, player).await? + forget_entries(backplane, Journal::Faults, player).await?;
    let mut worlds = 0;
    for maze in &mazes {
        for world in backplane.aside(maze).await? {
            if names(&world, player) {
                backplane.aside_remove(maze, &world).await?;
                worlds += 1;
            }
        }
    }
    let boards = boards.len();
    Ok(writeln!(out, "{player} is off {boards} boards; {lines} lines of chat, {reports} reports and {worlds} poisoned records are gone")?)
}

/// Takes out what names a player, as who is reported or as who reports.
async fn forget_entries(backplane: &Backplane, journal: Journal, player: PlayerId) -> Result<usize, ErrandError> {
    let entries = backplane.noted(journal, 0, journal.kept()).await?;
    let his: Vec<ChatId> = entries.iter().filter(|entry| names(&entry.line, player)).map(|entry| entry.id).collect();
    backplane.strike_out(journal, &his).await?;
    Ok(his.len())
}

/// What is kept need not decode, for another release may have written it; the id stands in it as text.
fn names(kept: &[u8], player: PlayerId) -> bool {
    let id = player.to_string();
    kept.windows(id.len()).any(|bytes| bytes == id.as_bytes())
}

/// Takes a player's lines out of the streams, and tells every gateway to.
async fn forget_lines(backplane: &Backplane, streams: &[ChatStream], player: PlayerId) -> Result<usize, ErrandError> {
    let mut gone = 0;
    for stream in streams {
        let lines = backplane.chat_after(stream.clone(), None).await?;
        let his: Vec<ChatId> = lines.iter().filter(|entry| chat::said_by(&entry.line) == Some(player)).map(|entry| entry.id).collect();
        backplane.chat_remove(stream, &his).await?;
        gone += his.len();
    }
    // For those who do not hear it: they look here before they put anything back.
    let id = Bytes::from(player.to_string());
    backplane.note(Journal::Forgotten, id.clone()).await?;
    backplane.publish(Topic::Forget, id).await?;
    Ok(gone)
}

/// The boards that outlive a process, by what an export calls them.
fn kept_boards() -> Vec<(String, Board)> {
    let today = Day::of(SystemTime::now());
    let days = (0..=DAY_BOARDS_KEPT).map(|ago| today.before(ago)).map(|day| (day.to_string(), Board::Day(day)));
    [("all".to_owned(), Board::AllTime)].into_iter().chain(days).collect()
}
