//! Score boards: best runs only rise, those who play now are put whole by maze; ties go to who was there first.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;

use bytes::Bytes;
use tokio::time::Instant;

use super::super::boards::BOARD_ROWS_MAX;
use super::super::boards::Board;
use super::super::boards::BoardRow;
use super::super::boards::DAY_BOARDS_KEPT;
use super::super::boards::LIVE_SILENCE_MAX;
use crate::wire::MazeId;
use crate::wire::PlayerId;
use crate::wire::Position;

/// Boards of those who play now: one a maze and the world's. One more than that begins only when another is empty.
const LIVE_BOARDS_MAX: usize = 16_385;

#[derive(Default)]
pub(super) struct Boards {
    best: HashMap<Board, Best>,
    live: HashMap<Board, Live>,
    raises: u64,
}

#[derive(Clone)]
struct Row {
    points: u64,
    /// Which raise of all brought it here: the earlier wins a tie.
    turn: u64,
    shown: Bytes,
}

/// The best runs, in order beside: whoever falls off a full board is found without looking through it.
#[derive(Default)]
struct Best {
    rows: HashMap<PlayerId, Row>,
    order: BTreeSet<(Reverse<u64>, u64, PlayerId)>,
}

/// Those who play now. Each is in one maze at most.
#[derive(Default)]
struct Live {
    puts: BTreeMap<MazeId, Put>,
    /// Where each was put last.
    mazes: HashMap<PlayerId, MazeId>,
}

/// What a leader said last of its maze.
struct Put {
    at: Position,
    heard: Instant,
    rows: BTreeMap<PlayerId, Row>,
}

impl Boards {
    pub(super) fn raise(&mut self, board: &Board, rows: &[BoardRow]) {
        if let Board::Day(day) = board {
            self.best.retain(|other, _| !matches!(other, Board::Day(other) if *other < day.before(DAY_BOARDS_KEPT)));
        }
        let kept = self.best.entry(board.clone()).or_default();
        for BoardRow { player, points, shown } in rows {
            let before = kept.rows.get(player);
            if before.is_none() && shown.is_empty() {
                continue;
            }
            self.raises += 1;
            let raised = Row { points: *points, turn: self.raises, shown: shown.clone() };
            let mut row = before.filter(|before| before.points >= *points).cloned().unwrap_or(raised);
            row.shown = before.filter(|_| shown.is_empty()).map_or_else(|| shown.clone(), |before| before.shown.clone());
            kept.insert(*player, row);
        }
        while kept.order.len() > BOARD_ROWS_MAX {
            let worst = kept.order.pop_last();
            worst.and_then(|(_, _, player)| kept.rows.remove(&player));
        }
    }

    pub(super) fn show(&mut self, board: &Board, maze: &MazeId, at: Position, rows: &[BoardRow], now: Instant) {
        if !self.live.contains_key(board) && self.live.len() >= LIVE_BOARDS_MAX {
            return;
        }
        let Live { puts, mazes } = self.live.entry(board.clone()).or_default();
        if puts.get(maze).is_some_and(|put| put.at > at && now.duration_since(put.heard) <= LIVE_SILENCE_MAX) {
            return;
        }
        let mut before = puts.remove(maze).map(|put| put.rows).unwrap_or_default();
        let row = |row: &BoardRow| {
            self.raises += 1;
            let turn = before.remove(&row.player).filter(|before| before.points == row.points).map_or(self.raises, |before| before.turn);
            (row.player, Row { points: row.points, turn, shown: row.shown.clone() })
        };
        let rows: BTreeMap<PlayerId, Row> = rows.iter().map(row).collect();
        for gone in before.keys() {
            mazes.remove(gone);
        }
        // Whoever has moved here is no longer there.
        for player in rows.keys() {
            let there = mazes.insert(*player, maze.clone()).filter(|there| there != maze);
            if let Some(other) = there.and_then(|there| puts.get_mut(&there)) {
                other.rows.remove(player);
            }
        }
        if !rows.is_empty() {
            puts.insert(maze.clone(), Put { at, heard: now, rows });
        }
        if puts.is_empty() {
            self.live.remove(board);
        }
    }

    pub(super) fn top(&mut self, board: &Board, n: usize, now: Instant) -> Vec<BoardRow> {
        if let Some(Live { puts, mazes }) = self.live.get_mut(board) {
            puts.retain(|_, put| now.duration_since(put.heard) <= LIVE_SILENCE_MAX);
            mazes.retain(|_, maze| puts.contains_key(maze));
        }
        let live = self.live.get(board).into_iter().flat_map(|live| live.puts.values()).flat_map(|put| &put.rows);
        let best = self.best.get(board).into_iter().flat_map(|best| &best.rows);
        let mut rows: Vec<(&PlayerId, &Row)> = best.chain(live).collect();
        rows.sort_by_key(|(_, row)| (Reverse(row.points), row.turn));
        let row = |(player, row): (&PlayerId, &Row)| BoardRow { player: *player, points: row.points, shown: row.shown.clone() };
        rows.into_iter().take(n).map(row).collect()
    }

    pub(super) fn remove(&mut self, board: &Board, player: Option<PlayerId>) {
        let Some(player) = player else {
            self.best.remove(board);
            self.live.remove(board);
            return;
        };
        if let Some(best) = self.best.get_mut(board) {
            best.remove(player);
        }
        let Some(Live { puts, mazes }) = self.live.get_mut(board) else { return };
        if let Some(put) = mazes.remove(&player).and_then(|maze| puts.get_mut(&maze)) {
            put.rows.remove(&player);
        }
    }
}

impl Best {
    fn insert(&mut self, player: PlayerId, row: Row) {
        self.remove(player);
        self.order.insert((Reverse(row.points), row.turn, player));
        self.rows.insert(player, row);
    }

    fn remove(&mut self, player: PlayerId) {
        if let Some(row) = self.rows.remove(&player) {
            self.order.remove(&(Reverse(row.points), row.turn, player));
        }
    }
}
