//! The backplane's score boards. Boards of best runs only rise, boards of those who play now are put whole, maze by maze, by its leader.
//!
//! Higher is better, ties go to who was there first; whatever is done twice is as good as once. Every board is bounded in rows, a day's board in
//! age, too; that a row of somebody who has gone is not shown rests on the leaders' silence and not on a key that expires.

use std::time::Duration;

use bytes::Bytes;

use super::Answer;
use super::Backend;
use super::Backplane;
use crate::wire::MazeId;
use crate::wire::PlayerId;
use crate::wire::Position;
use crate::wire::boards::Day;

/// Rows that a board of best runs keeps; the worst make room.
pub const BOARD_ROWS_MAX: usize = 1_000;
/// A leader that has not put its maze's rows for so long has gone, and they with it.
pub const LIVE_SILENCE_MAX: Duration = Duration::from_secs(6);
/// Days that a day's board is kept for after it was last raised.
pub const DAY_BOARDS_KEPT: u32 = 3;

/// `Live` and `WorldLive` are put whole by `board_show`, the others raised by `board_raise`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Board {
    Live(MazeId),
    WorldLive,
    Day(Day),
    AllTime,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    pub player: PlayerId,
    pub points: u64,
    /// How he looks; carried, not read. Empty: as he did before, and only if he is on the board.
    pub shown: Bytes,
}

impl Backplane {
    /// Nobody's points fall by this; the looks that come with it are the newest.
    pub async fn board_raise(&self, board: &Board, rows: &[BoardRow]) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.board_raise(board, rows).await,
            Backend::Redis(redis) => Box::pin(redis.board_raise(board, rows)).await,
        }
    }

    /// These are all of the maze's rows as of `at`: others of its rows go. Rows of an older position than those that stand are passed over, unless
    /// their leader is silent. To be repeated well within [`LIVE_SILENCE_MAX`].
    pub async fn board_show(&self, board: &Board, maze: &MazeId, at: Position, rows: &[BoardRow]) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.board_show(board, maze, at, rows).await,
            Backend::Redis(redis) => Box::pin(redis.board_show(board, maze, at, rows)).await,
        }
    }

    /// The best `n`, best first.
    pub async fn board_top(&self, board: &Board, n: usize) -> Answer<Vec<BoardRow>> {
        match &self.backend {
            Backend::Memory(memory) => memory.board_top(board, n).await,
            Backend::Redis(redis) => Box::pin(redis.board_top(board, n)).await,
        }
    }

    /// Takes one player off a board, or everybody.
    pub async fn board_remove(&self, board: &Board, player: Option<PlayerId>) -> Answer<()> {
        match &self.backend {
            Backend::Memory(memory) => memory.board_remove(board, player).await,
            Backend::Redis(redis) => Box::pin(redis.board_remove(board, player)).await,
        }
    }
}
