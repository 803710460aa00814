//! Score boards on sorted sets. What each script does, and why it may be done twice, is told in its `.lua` file.
//!
//! The keys of one board share its hash tag. Those that expire do so to leave no litter; nothing that is shown depends on it.

use std::sync::LazyLock;

use bytes::Bytes;
use redis::Script;

use super::Redis;
use super::keys;
use crate::backplane::Answer;
use crate::backplane::Board;
use crate::backplane::BoardRow;
use crate::backplane::boards::BOARD_ROWS_MAX;
use crate::backplane::boards::DAY_BOARDS_KEPT;
use crate::backplane::boards::LIVE_SILENCE_MAX;
use crate::wire::MazeId;
use crate::wire::PlayerId;
use crate::wire::Position;

/// A sorted set's score holds 53 bits exactly: points above the bits that order ties, see `raise.lua`.
const BOARD_TURN_BITS: u32 = 30;
/// Two and a half perfect games.
const BOARD_POINTS_MAX: u64 = (1 << (53 - BOARD_TURN_BITS)) - 1;
/// A day's board is of no use to anybody so many seconds after it was last raised.
const DAY_BOARD_KEPT_S: u32 = DAY_BOARDS_KEPT * 24 * 3600;
/// A board of those who play now that nobody has put anything on for so long.
const LIVE_BOARD_KEPT_S: u64 = 60;

const _: () = assert!(LIVE_BOARD_KEPT_S > LIVE_SILENCE_MAX.as_secs());

static RAISE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("raise.lua")));
static SHOW: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("show.lua")));
static BEST: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("best.lua")));
static PLAYING: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("playing.lua")));

impl Redis {
    pub(in crate::backplane) async fn board_raise(&self, board: &Board, rows: &[BoardRow]) -> Answer<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let kept_s = if matches!(board, Board::Day(_)) { DAY_BOARD_KEPT_S } else { 0 };
        let mut call = RAISE.key(keys::board(board));
        call.key(keys::raises(board)).key(keys::shown(board)).arg(BOARD_ROWS_MAX).arg(kept_s);
        put(&mut call, rows);
        self.messages.invoke(&call).await
    }

    pub(in crate::backplane) async fn board_show(&self, board: &Board, maze: &MazeId, at: Position, rows: &[BoardRow]) -> Answer<()> {
        let mut call = SHOW.key(keys::board(board));
        call.key(keys::raises(board)).key(keys::shown(board)).key(keys::puts(board));
        call.arg(maze.as_str()).arg(at.epoch.0).arg(at.tick).arg(silence_ms()).arg(LIVE_BOARD_KEPT_S);
        put(&mut call, rows);
        self.messages.invoke(&call).await
    }

    pub(in crate::backplane) async fn board_top(&self, board: &Board, n: usize) -> Answer<Vec<BoardRow>> {
        if n == 0 {
            return Ok(Vec::new());
        }
        let flat: Vec<(String, u64, Vec<u8>)> = match board {
            Board::Live(_) | Board::WorldLive => {
                let mut call = PLAYING.key(keys::board(board));
                self.invoke(call.key(keys::shown(board)).key(keys::puts(board)).arg(n).arg(silence_ms())).await?
            }
            Board::Day(_) | Board::AllTime => {
                let mut call = BEST.key(keys::board(board));
                self.invoke(call.key(keys::shown(board)).arg(n)).await?
            }
        };
        let row = |(player, points, shown): (String, u64, Vec<u8>)| {
            Some(BoardRow { player: player.parse().ok()?, points, shown: Bytes::from(shown) })
        };
        Ok(flat.into_iter().filter_map(row).collect())
    }

    pub(in crate::backplane) async fn board_remove(&self, board: &Board, player: Option<PlayerId>) -> Answer<()> {
        let Some(player) = player else {
            let keys = [keys::board(board), keys::raises(board), keys::shown(board), keys::puts(board)];
            return self.ask(redis::cmd("DEL").arg(&keys)).await;
        };
        let () = self.ask(redis::cmd("ZREM").arg(keys::board(board)).arg(player.to_string())).await?;
        self.ask(redis::cmd("HDEL").arg(keys::shown(board)).arg(player.to_string())).await
    }
}

fn put(call: &mut redis::ScriptInvocation<'_>, rows: &[BoardRow]) {
    for row in rows {
        call.arg(row.player.to_string()).arg(row.points.min(BOARD_POINTS_MAX)).arg(&row.shown[..]);
    }
}

fn silence_ms() -> u64 {
    u64::try_from(LIVE_SILENCE_MAX.as_millis()).unwrap_or(u64::MAX)
}
