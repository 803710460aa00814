//! Where a player goes who does not say where. Pure.
//!
//! Only mazes that the matchmaker opened are filled (their ids begin with `open-`), those of two to five players first, since they are the liveliest
//! that still have room; at six a new one is opened, and the hard cap is the worker's to hold.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::wire::MazeId;
use crate::wire::between_nodes::Heartbeat;
use crate::wire::between_nodes::MazeRow;

/// Players that a maze is filled to before another is opened.
pub const FILL_PLAYERS: u32 = 6;
/// Mazes of this many players and more are lively.
const LIVELY_PLAYERS: u32 = 2;

/// All mazes that somebody leads, with who leads each: when two say so, the one further on is right.
#[must_use]
pub fn mazes(nodes: &[Heartbeat]) -> BTreeMap<&MazeId, (&Heartbeat, &MazeRow)> {
    let mut mazes: BTreeMap<&MazeId, (&Heartbeat, &MazeRow)> = BTreeMap::new();
    for node in nodes {
        for row in &node.leads {
            let known = mazes.get(&row.id).is_some_and(|(_, known)| (known.epoch, known.tick) >= (row.epoch, row.tick));
            if !known {
                mazes.insert(&row.id, (node, row));
            }
        }
    }
    mazes
}

/// The maze for a player. `here` says how many players this gateway itself has in a maze, which is newer than any heartbeat.
#[must_use]
pub fn to_play(nodes: &[Heartbeat], here: impl Fn(&MazeId) -> u32) -> MazeId {
    let players = players(nodes, &here);
    let with_room = players.iter().filter(|(maze, players)| maze.is_open() && (1..FILL_PLAYERS).contains(*players));
    // Lively ones first, then the fullest, so that people meet; the name breaks the tie so that all gateways choose alike.
    let best =
        with_room.max_by_key(|(maze, players)| (**players >= LIVELY_PLAYERS, **players, Reverse((maze.as_str().len(), maze.as_str()))));
    match best {
        Some((maze, _)) => maze.clone(),
        None => first_empty(&players, &here),
    }
}

/// The maze for somebody who looks on: the busiest, else where the next player will go.
#[must_use]
pub fn to_watch(nodes: &[Heartbeat], here: impl Fn(&MazeId) -> u32) -> MazeId {
    let players = players(nodes, &here);
    let busiest = players.iter().filter(|(maze, players)| maze.is_open() && **players > 0).max_by_key(|(_, players)| **players);
    busiest.map_or_else(|| to_play(nodes, &here), |(maze, _)| maze.clone())
}

/// The next maze of a tour: of those that are played, the busiest after this one, and after the last the first again. A maze that a link named is
/// shown to nobody who does not have the link.
#[must_use]
pub fn to_tour(nodes: &[Heartbeat], here: impl Fn(&MazeId) -> u32, after: &MazeId) -> Option<MazeId> {
    let mut players = players(nodes, &here);
    players.entry(after.clone()).or_insert(0);
    players.retain(|maze, players| maze == after || maze.is_open() && *players > 0);
    let rank = |maze: &MazeId| (Reverse(players.get(maze)), maze.as_str().len(), maze.clone());
    let others = || players.keys().filter(|maze| *maze != after);
    let next = others().filter(|maze| rank(maze) > rank(after)).min_by_key(|maze| rank(maze));
    next.or_else(|| others().min_by_key(|maze| rank(maze))).cloned()
}

fn players(nodes: &[Heartbeat], here: &impl Fn(&MazeId) -> u32) -> BTreeMap<MazeId, u32> {
    mazes(nodes).into_iter().map(|(maze, (_, row))| (maze.clone(), row.players.max(here(maze)))).collect()
}

/// Numbers are used again, so that there are never more mazes than were needed at once.
fn first_empty(players: &BTreeMap<MazeId, u32>, here: &impl Fn(&MazeId) -> u32) -> MazeId {
    let room = |maze: &MazeId| players.get(maze).copied().unwrap_or(0).max(here(maze)) < FILL_PLAYERS;
    let mut number = 1;
    while !room(&MazeId::open(number)) {
        number += 1;
    }
    MazeId::open(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Epoch;
    use crate::wire::NodeId;
    use crate::wire::between_nodes::Role;

    fn node(mazes: &[(&str, u32, u32)]) -> Heartbeat {
        let row = |(id, players, tick): &(&str, u32, u32)| MazeRow {
            id: MazeId::parse(id).expect("an id"),
            epoch: Epoch::new(1, 0),
            tick: *tick,
            players: *players,
            spectators: 0,
            level: 1,
            asleep: false,
        };
        Heartbeat {
            id: NodeId("w".to_owned()),
            role: Role::All,
            version: String::new(),
            draining: false,
            connections: 0,
            leads: mazes.iter().map(row).collect(),
            people: Vec::new(),
            stands: None,
        }
    }

    fn play(mazes: &[(&str, u32, u32)]) -> String {
        to_play(&[node(mazes)], |_| 0).to_string()
    }

    #[test]
    fn people_meet_in_mazes_of_two_to_five() {
        assert_eq!(play(&[]), "open-1");
        assert_eq!(play(&[("open-1", 1, 0), ("open-2", 2, 0)]), "open-2");
        assert_eq!(play(&[("open-1", 5, 0), ("open-2", 3, 0)]), "open-1");
        assert_eq!(play(&[("open-1", 6, 0), ("open-2", 1, 0)]), "open-2");
        assert_eq!(play(&[("open-1", 3, 0), ("open-2", 3, 0), ("open-10", 3, 0)]), "open-1");
    }

    #[test]
    fn a_full_world_opens_the_first_free_number() {
        assert_eq!(play(&[("open-1", 6, 0), ("open-2", 9, 0)]), "open-3");
        assert_eq!(play(&[("open-1", 6, 0), ("open-3", 6, 0)]), "open-2");
        assert_eq!(play(&[("open-1", 0, 0), ("open-2", 0, 0)]), "open-1");
    }

    #[test]
    fn a_maze_that_was_named_by_a_link_is_left_alone() {
        assert_eq!(play(&[("friends", 3, 0)]), "open-1");
        assert_eq!(to_watch(&[node(&[("friends", 3, 0)])], |_| 0).to_string(), "open-1");
    }

    #[test]
    fn players_on_their_way_count() {
        let crowd = |maze: &MazeId| if maze.as_str() == "open-1" { 6 } else { 0 };
        assert_eq!(to_play(&[], crowd).to_string(), "open-2");
        assert_eq!(to_play(&[node(&[("open-1", 2, 0)])], crowd).to_string(), "open-2");
    }

    #[test]
    fn of_two_leaders_the_one_further_on_is_right() {
        let (old, new) = (node(&[("open-1", 6, 10)]), node(&[("open-1", 2, 20)]));
        assert_eq!(to_play(&[old.clone(), new.clone()], |_| 0).to_string(), "open-1");
        assert_eq!(to_play(&[new, old], |_| 0).to_string(), "open-1");
    }

    #[test]
    fn a_tour_goes_round_the_mazes_that_are_played_the_busiest_first() {
        let world = [node(&[("open-1", 2, 0), ("open-2", 5, 0), ("open-3", 0, 0), ("open-10", 2, 0), ("friends", 9, 0)])];
        let next = |after: &str| to_tour(&world, |_| 0, &MazeId::parse(after).expect("an id")).map(String::from);
        let round = ["open-2", "open-1", "open-10", "open-3", "friends"].map(|after| next(after).expect("somewhere else"));
        assert_eq!(round, ["open-1", "open-10", "open-2", "open-2", "open-2"]);
        assert_eq!(next("elsewhere").as_deref(), Some("open-2"), "a maze that nobody leads yet");
        assert_eq!(to_tour(&[node(&[("open-1", 3, 0)])], |_| 0, &MazeId::open(1)), None);
    }

    #[test]
    fn spectators_see_the_busiest() {
        assert_eq!(to_watch(&[node(&[("open-1", 2, 0), ("open-2", 12, 0)])], |_| 0).to_string(), "open-2");
        assert_eq!(to_watch(&[], |_| 0).to_string(), "open-1");
    }
}
