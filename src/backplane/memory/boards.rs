//! Score boards: a member's score only rises, ties go to who was there first.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::super::Board;

/// Rows that a board keeps; the worst make room.
const ROWS_MAX: usize = 1_000;
/// Boards that are kept; one more than that begins only when another is empty.
const BOARDS_MAX: usize = 16_384;

#[derive(Default)]
pub(super) struct Boards {
    boards: HashMap<Board, HashMap<String, Row>>,
    raises: u64,
}

#[derive(Clone, Copy)]
struct Row {
    score: u64,
    /// Which raise of all brought it here: the earlier wins a tie.
    turn: u64,
}

impl Boards {
    pub(super) fn raise(&mut self, board: Board, member: &str, score: u64) {
        if !self.boards.contains_key(&board) && self.boards.len() >= BOARDS_MAX {
            return;
        }
        self.raises += 1;
        let rows = self.boards.entry(board).or_default();
        if rows.get(member).is_none_or(|row| row.score < score) {
            rows.insert(member.to_owned(), Row { score, turn: self.raises });
        }
        if rows.len() > ROWS_MAX {
            let worst = rows.iter().max_by_key(|(_, row)| (Reverse(row.score), row.turn)).map(|(member, _)| member.clone());
            worst.map(|member| rows.remove(&member));
        }
    }

    pub(super) fn top(&self, board: &Board, n: usize) -> Vec<(String, u64)> {
        let mut rows: Vec<_> = self.boards.get(board).into_iter().flatten().collect();
        rows.sort_by_key(|(_, row)| (Reverse(row.score), row.turn));
        rows.into_iter().take(n).map(|(member, row)| (member.clone(), row.score)).collect()
    }

    pub(super) fn remove(&mut self, board: &Board, member: &str) {
        let Some(rows) = self.boards.get_mut(board) else { return };
        rows.remove(member);
        if rows.is_empty() {
            self.boards.remove(board);
        }
    }
}
