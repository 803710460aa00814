//! Which mazes this process owes bots, and how many: decided from everybody's heartbeats. Pure; the bots themselves are `keeper`'s.
//!
//! A maze with people in it has N bots, kept by one process: the first by id among those that hold its people. No word is exchanged about it:
//! all read the same heartbeats. Two processes that read them at different moments may both keep bots for as long as a heartbeat takes.

use std::collections::BTreeMap;

use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::between_nodes::Heartbeat;

/// Bots of one maze at most: a seat is left for the one whom they are kept for.
pub const BOTS_IN_MAZE_MAX: u32 = 15;
/// Mazes that one process keeps bots in at most; people in further mazes play without.
pub const MAZES_MAX: usize = 64;
/// Rounds of half a second for which a maze that lost its people keeps its bots: a reload must not clear the maze.
pub const LINGER_ROUNDS: u8 = 6;

#[derive(Clone, Debug)]
pub struct Rota {
    me: NodeId,
    bots: u32,
    /// The mazes kept now, with the rounds that each may still go without people.
    kept: BTreeMap<MazeId, u8>,
}

impl Rota {
    #[must_use]
    pub fn new(me: NodeId, bots: u32) -> Self {
        Self { me, bots: bots.min(BOTS_IN_MAZE_MAX), kept: BTreeMap::new() }
    }

    /// One round: the mazes to keep bots in from now on, each with their number. Call it about twice a second.
    pub fn round(&mut self, heartbeats: &[Heartbeat]) -> BTreeMap<MazeId, u32> {
        let mut keepers: BTreeMap<&MazeId, &NodeId> = BTreeMap::new();
        for heartbeat in heartbeats.iter().filter(|heartbeat| !heartbeat.draining) {
            for (maze, people) in &heartbeat.people {
                if *people > 0 {
                    let keeper = keepers.entry(maze).or_insert(&heartbeat.id);
                    *keeper = (*keeper).min(&heartbeat.id);
                }
            }
        }
        self.kept.retain(|maze, rounds| {
            if let Some(keeper) = keepers.get(maze) {
                return **keeper == self.me;
            }
            *rounds = rounds.saturating_sub(1);
            *rounds > 0
        });
        for maze in keepers.iter().filter(|(_, keeper)| ***keeper == self.me).map(|(maze, _)| *maze) {
            if self.kept.len() < MAZES_MAX || self.kept.contains_key(maze) {
                self.kept.insert(maze.clone(), LINGER_ROUNDS);
            }
        }
        self.kept.keys().map(|maze| (maze.clone(), self.bots)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::between_nodes::Role;

    fn node(id: &str, people: &[(&str, u32)]) -> Heartbeat {
        let people = people.iter().map(|(maze, people)| (MazeId::parse(maze).unwrap(), *people)).collect();
        let id = NodeId(id.to_owned());
        Heartbeat { id, role: Role::All, version: String::new(), draining: false, connections: 0, leads: vec![], people, stands: None }
    }

    fn rota(me: &str, bots: u32) -> Rota {
        Rota::new(NodeId(me.to_owned()), bots)
    }

    fn names(kept: &BTreeMap<MazeId, u32>) -> Vec<(&str, u32)> {
        kept.iter().map(|(maze, bots)| (maze.as_str(), *bots)).collect()
    }

    #[test]
    fn only_mazes_with_people_get_bots_and_only_from_the_first_of_their_gateways() {
        let nodes = [node("b", &[("open-1", 2), ("open-2", 1), ("open-3", 0)]), node("a", &[("open-1", 1)])];
        assert_eq!(names(&rota("a", 4).round(&nodes)), [("open-1", 4)]);
        assert_eq!(names(&rota("b", 4).round(&nodes)), [("open-2", 4)]);
        assert_eq!(names(&rota("c", 4).round(&nodes)), []);
    }

    #[test]
    fn a_seat_stays_free_and_mazes_are_bounded() {
        assert_eq!(names(&rota("a", 99).round(&[node("a", &[("open-1", 1)])])), [("open-1", 15)]);
        let many: Vec<String> = (0..100).map(|number| format!("m-{number:03}")).collect();
        let people: Vec<(&str, u32)> = many.iter().map(|maze| (maze.as_str(), 1)).collect();
        assert_eq!(rota("a", 1).round(&[node("a", &people)]).len(), MAZES_MAX);
    }

    #[test]
    fn a_reload_keeps_the_bots_and_a_departure_ends_them() {
        let mut rota = rota("a", 2);
        rota.round(&[node("a", &[("open-1", 1)])]);
        for _ in 1..LINGER_ROUNDS {
            assert_eq!(rota.round(&[node("a", &[])]).len(), 1);
        }
        assert_eq!(rota.round(&[node("a", &[])]).len(), 0);
    }

    #[test]
    fn another_keeper_relieves_at_once_and_a_draining_one_does_not_count() {
        let mut rota = rota("b", 2);
        assert_eq!(rota.round(&[node("b", &[("open-1", 1)])]).len(), 1);
        let mut first = node("a", &[("open-1", 1)]);
        assert_eq!(rota.round(&[first.clone(), node("b", &[("open-1", 1)])]).len(), 0);
        first.draining = true;
        assert_eq!(rota.round(&[first, node("b", &[("open-1", 1)])]).len(), 1);
    }
}
