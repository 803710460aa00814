//! Which maze to name to a player who found this one full. Pure.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

use crate::game::scene::SEATS;
use crate::wire::MazeId;
use crate::wire::between_nodes::MazeRow;

/// The matchmaker's mazes are filled up to here; beyond it others are opened.
const PLAYERS_WISHED: u32 = 6;

/// Of the matchmaker's other mazes the fullest that has not as many as are wished, else any with a seat; without one, a maze that is not there
/// yet and begins with him.
pub(crate) fn of(full: &MazeId, directory: &[MazeRow]) -> MazeId {
    let others = || directory.iter().filter(|row| row.id.is_open() && row.id != *full);
    let lively = others().filter(|row| row.players < PLAYERS_WISHED).max_by_key(|row| (row.players, std::cmp::Reverse(&row.id)));
    let spacious = || others().filter(|row| (row.players as usize) < SEATS).min_by_key(|row| (row.players, &row.id));
    if let Some(row) = lively.or_else(spacious) {
        return row.id.clone();
    }
    let is_taken = |id: &MazeId| id == full || directory.iter().any(|row| row.id == *id);
    let mut number = 1;
    while is_taken(&MazeId::open(number)) {
        number += 1;
    }
    MazeId::open(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Epoch;

    fn row(id: &MazeId, players: u32) -> MazeRow {
        MazeRow { id: id.clone(), epoch: Epoch(1), tick: 1, players, spectators: 0, level: 1, asleep: false }
    }

    #[test]
    fn the_fullest_that_is_not_full_enough_else_the_emptiest_else_a_new_one() {
        let [one, two, three, four] = [1, 2, 3, 4].map(MazeId::open);
        let private = MazeId::parse("friends").unwrap();
        assert_eq!(of(&one, &[row(&one, 16), row(&two, 2), row(&three, 5), row(&private, 4)]), three);
        assert_eq!(of(&one, &[row(&one, 16), row(&two, 9), row(&three, 8)]), three);
        assert_eq!(of(&one, &[row(&one, 16), row(&two, 16), row(&private, 1)]), MazeId::open(3));
        assert_eq!(of(&four, &[row(&one, 16), row(&two, 16), row(&three, 16), row(&four, 16)]), MazeId::open(5));
        assert_eq!(of(&private, &[]), one);
    }
}
