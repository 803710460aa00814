//! What came in for a maze since its last tick, to be taken at the next tick boundary (K1).
//!
//! Of rosters the one with the highest serial counts, of inputs the one with the highest number, so the order of arrival inside a tick does not
//! matter, not even when the inbox is full: the smallest ids stay, whoever came first.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

use std::collections::BTreeMap;

use crate::game::grid::Direction;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::between_nodes::Roster;
use crate::wire::between_nodes::RosterRow;
use crate::wire::between_nodes::Up;

/// Gateways that have people in one maze.
pub(crate) const GATEWAYS_MAX: usize = 256;
/// Players with an input within one tick.
pub(crate) const INPUTS_MAX: usize = 64;
/// Players of one roster that are read.
pub(crate) const ROSTER_ROWS_MAX: usize = 256;

#[derive(Default)]
pub(crate) struct Inbox {
    rosters: BTreeMap<NodeId, Roster>,
    inputs: BTreeMap<PlayerId, (u32, Direction)>,
    overflowed: u64,
}

/// The messages of a tick, in an order of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Intake {
    /// By gateway.
    pub(crate) rosters: Vec<Roster>,
    /// By player: the number and the way of his last key.
    pub(crate) inputs: Vec<(PlayerId, u32, Direction)>,
    /// What did not fit.
    pub(crate) overflowed: u64,
}

impl Inbox {
    pub(crate) fn put(&mut self, message: Up) {
        match message {
            Up::Roster(mut roster) => {
                roster.players.truncate(ROSTER_ROWS_MAX);
                let kept = self.rosters.get(&roster.gateway);
                if kept.is_none_or(|kept| age(kept) < age(&roster)) {
                    self.rosters.insert(roster.gateway.clone(), roster);
                }
                if self.rosters.len() > GATEWAYS_MAX {
                    self.rosters.pop_last();
                    self.overflowed += 1;
                }
            }
            Up::Input { player, n, dir } => {
                let kept = self.inputs.get(&player);
                // One number is one key; should two keys claim it, the order of the directions decides, not that of arrival.
                if kept.is_none_or(|(kept_n, kept_dir)| (*kept_n, kept_dir.bits()) < (n, dir.bits())) {
                    self.inputs.insert(player, (n, dir));
                }
                if self.inputs.len() > INPUTS_MAX {
                    self.inputs.pop_last();
                    self.overflowed += 1;
                }
            }
        }
    }

    /// Empties the inbox.
    pub(crate) fn take(&mut self) -> Intake {
        let taken = std::mem::take(self);
        Intake {
            rosters: taken.rosters.into_values().collect(),
            inputs: taken.inputs.into_iter().map(|(player, (n, dir))| (player, n, dir)).collect(),
            overflowed: taken.overflowed,
        }
    }
}

/// A gateway gives each serial once; the rest only makes the order total.
fn age(roster: &Roster) -> (u64, usize, u32) {
    (roster.serial, roster.players.len(), roster.spectators)
}

/// Each player's newest row over all gateways: one who moves from one to the other is named by both for a moment.
pub(crate) fn newest_rows(rosters: &[Roster]) -> BTreeMap<PlayerId, &RosterRow> {
    let mut newest: BTreeMap<PlayerId, &RosterRow> = BTreeMap::new();
    for row in rosters.iter().flat_map(|roster| &roster.players) {
        let order = |row: &RosterRow| (row.run, row.n);
        let kept = newest.entry(row.player).or_insert(row);
        if order(kept) < order(row) {
            *kept = row;
        }
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(player: u64, n: u32, dir: Direction) -> Up {
        Up::Input { player: PlayerId(player), n, dir }
    }

    fn roster(gateway: &str, serial: u64, spectators: u32) -> Up {
        Up::Roster(Roster { gateway: NodeId(gateway.to_owned()), serial, shown: None, players: vec![], spectators })
    }

    fn row(run: u64, n: u32, away: bool) -> RosterRow {
        let name = "Ann".to_owned();
        RosterRow {
            player: PlayerId(1),
            name,
            colour: None,
            symbol: None,
            bot: false,
            away,
            leaving: false,
            run,
            wish: None,
            n,
            connection: 0,
        }
    }

    fn taken(messages: impl IntoIterator<Item = Up>) -> Intake {
        let mut inbox = Inbox::default();
        messages.into_iter().for_each(|message| inbox.put(message));
        let intake = inbox.take();
        assert_eq!(inbox.take(), Intake::default(), "taken once");
        intake
    }

    #[test]
    fn the_order_of_arrival_inside_a_tick_does_not_matter_k1() {
        let mut messages = vec![
            input(2, 7, Direction::Up),
            input(1, 3, Direction::Left),
            input(1, 4, Direction::Down),
            input(1, 4, Direction::Up),
            roster("b", 2, 5),
            roster("a", 9, 1),
            roster("b", 3, 6),
        ];
        let expected = taken(messages.clone());
        assert_eq!(expected.inputs, [(PlayerId(1), 4, Direction::Down), (PlayerId(2), 7, Direction::Up)]);
        assert_eq!(expected.rosters.iter().map(|roster| (roster.serial, roster.spectators)).collect::<Vec<_>>(), [(9, 1), (3, 6)]);
        for turn in 0..messages.len() {
            messages.rotate_left(1);
            assert_eq!(taken(messages.clone()), expected, "K1: turned by {turn}");
            assert_eq!(taken(messages.iter().rev().cloned()), expected, "K1: turned by {turn}, backwards");
        }
    }

    #[test]
    fn a_full_inbox_keeps_the_same_ones_whoever_came_first_k1() {
        let many = 2 * INPUTS_MAX as u64;
        let forward = taken((0..many).map(|player| input(player, 1, Direction::Up)));
        let backward = taken((0..many).rev().map(|player| input(player, 1, Direction::Up)));
        assert_eq!(forward, backward);
        assert_eq!((forward.inputs.len(), forward.overflowed), (INPUTS_MAX, INPUTS_MAX as u64));
        let gateways = taken((0..=GATEWAYS_MAX).map(|n| roster(&n.to_string(), 1, 0)));
        assert_eq!((gateways.rosters.len(), gateways.overflowed), (GATEWAYS_MAX, 1));
    }

    #[test]
    fn of_two_gateways_the_one_with_the_newer_row_is_believed() {
        let of = |gateway: &str, row: RosterRow| Roster {
            gateway: NodeId(gateway.to_owned()),
            serial: 1,
            shown: None,
            players: vec![row],
            spectators: 0,
        };
        for (first, second) in [(row(5, 9, true), row(6, 0, false)), (row(6, 8, true), row(6, 9, false))] {
            for rosters in [[of("a", first.clone()), of("b", second.clone())], [of("a", second.clone()), of("b", first.clone())]] {
                assert_eq!(newest_rows(&rosters)[&PlayerId(1)], &second);
            }
        }
    }
}
