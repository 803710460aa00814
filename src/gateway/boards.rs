//! The score boards as this process tells them: read from the backplane at most once a second each, whoever asks and how many.
//!
//! Whoever asks while a board is read waits for that reading. A backplane that does not answer is not asked again for the same second. What is
//! kept is bounded: boards that nobody asks for make room, and beyond the bound a board is not told.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::SystemTime;

use tokio::time::Instant;
use tokio::time::timeout;

use crate::backplane::Backplane;
use crate::backplane::Board;
use crate::backplane::BoardRow;
use crate::telemetry::metrics;
use crate::wire::MazeId;
use crate::wire::boards::BOARD_ROWS_TOLD;
use crate::wire::boards::BoardLine;
use crate::wire::boards::BoardName;
use crate::wire::boards::Day;
use crate::wire::to_client::ToClient;

/// How old a board is at most when it is told.
pub const AGE_MAX: Duration = Duration::from_secs(1);
/// A reading that takes longer is none.
const READ_MAX: Duration = Duration::from_millis(500);
/// Boards that are kept: three of everybody's, the others of mazes.
const BOARDS_MAX: usize = 4_096;

/// Filled under its own lock, so that one reading serves all who wait for it.
type Slot = Arc<tokio::sync::Mutex<Option<(Instant, Option<Arc<Vec<BoardLine>>>)>>>;

pub struct BoardCache {
    backplane: Backplane,
    slots: Mutex<HashMap<Board, Slot>>,
}

impl BoardCache {
    #[must_use]
    pub fn new(backplane: Backplane) -> Self {
        Self { backplane, slots: Mutex::default() }
    }

    /// The board as it is told; `None` when it cannot be read now, or when it is a maze's and no maze is named.
    pub async fn board(&self, of: BoardName, maze: Option<&MazeId>) -> Option<ToClient> {
        let maze = maze.filter(|_| of == BoardName::Maze);
        let day = Day::of(SystemTime::now());
        let board = match of {
            BoardName::Maze => Board::Live(maze?.clone()),
            BoardName::World => Board::WorldLive,
            BoardName::Today => Board::Day(day),
            BoardName::All => Board::AllTime,
        };
        let slot = self.slot(&board)?;
        let mut kept = slot.lock().await;
        let now = Instant::now();
        let fresh = kept.as_ref().filter(|(read, _)| now.duration_since(*read) < AGE_MAX);
        let lines = if let Some((_, lines)) = fresh {
            lines.clone()
        } else {
            let lines = self.read(&board).await.map(Arc::new);
            *kept = Some((Instant::now(), lines.clone()));
            lines
        };
        let rows = lines?.to_vec();
        Some(ToClient::Board { of, maze: maze.cloned(), day: (of == BoardName::Today).then(|| day.to_string()), rows })
    }

    fn slot(&self, board: &Board) -> Option<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= BOARDS_MAX && !slots.contains_key(board) {
            // One that is locked is being asked for.
            let is_asked_for = |slot: &Slot| match slot.try_lock() {
                Ok(kept) => kept.as_ref().is_some_and(|(read, _)| read.elapsed() < AGE_MAX),
                Err(_) => true,
            };
            slots.retain(|_, slot| is_asked_for(slot));
            if slots.len() >= BOARDS_MAX {
                return None;
            }
        }
        Some(Arc::clone(slots.entry(board.clone()).or_default()))
    }

    async fn read(&self, board: &Board) -> Option<Vec<BoardLine>> {
        if let Ok(Ok(rows)) = timeout(READ_MAX, self.backplane.board_top(board, BOARD_ROWS_TOLD)).await {
            return Some(rows.iter().filter_map(line).collect());
        }
        metrics::unanswered("board_top");
        None
    }
}

/// A row that cannot be read is of another release; it is left out.
fn line(row: &BoardRow) -> Option<BoardLine> {
    let shown = serde_json::from_slice(&row.shown).ok()?;
    Some(BoardLine { id: row.player, points: row.points, shown })
}

#[cfg(test)]
mod tests;
