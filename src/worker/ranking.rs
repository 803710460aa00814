//! Who stands by for which maze: rendezvous hashing of maze and worker ids, so that no coordinator is needed and few mazes move when a worker
//! comes or goes. Pure; the hash is written out here, because every process has to agree on it for ever.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

use tokio::time::Instant;

use crate::wire::MazeId;
use crate::wire::NodeId;

/// A worker that announced itself lately, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rival {
    pub(crate) node: NodeId,
    pub(crate) heard: Instant,
}

/// Where a worker stands for one maze.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rank {
    /// How many living workers rank above: 0 leads, 1 watches, the others have nothing to do with the maze.
    pub(crate) above: usize,
    /// The same without the maze's last known leader: who makes a maze vacant does not want it.
    pub(crate) heirs_above: usize,
    /// When the best-ranked was last heard, unless that is this worker itself.
    pub(crate) best_heard: Option<Instant>,
    /// Anybody else is there at all.
    pub(crate) has_rivals: bool,
}

impl Rank {
    /// `rivals` may or may not list `me`; a worker always counts itself as living.
    pub(crate) fn of(me: &NodeId, maze: &MazeId, rivals: &[Rival], leader: Option<&NodeId>) -> Self {
        let mine = (score(maze, me), me);
        let others = || rivals.iter().filter(|rival| rival.node != *me).map(|rival| ((score(maze, &rival.node), &rival.node), rival.heard));
        let better = || others().filter(|(theirs, _)| *theirs > mine);
        Self {
            above: better().count(),
            heirs_above: better().filter(|((_, node), _)| Some(*node) != leader).count(),
            best_heard: better().max_by_key(|(theirs, _)| *theirs).map(|(_, heard)| heard),
            has_rivals: others().next().is_some(),
        }
    }

    /// Whether this worker should lead or watch.
    pub(crate) const fn stands_by(self) -> bool {
        self.above < 2
    }
}

/// The worker that ranks best for a maze, and so leads it once all know of each other.
#[must_use]
pub fn best<'a>(maze: &MazeId, workers: &'a [NodeId]) -> Option<&'a NodeId> {
    workers.iter().max_by_key(|node| (score(maze, node), *node))
}

/// FNV-1a over both ids, with a byte between them that neither can hold, stirred by the finalizer of `SplitMix64`.
fn score(maze: &MazeId, node: &NodeId) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in maze.as_str().bytes().chain([0]).chain(node.0.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str) -> NodeId {
        NodeId(name.to_owned())
    }

    fn rivals(names: &[&str]) -> Vec<Rival> {
        let heard = Instant::now();
        names.iter().map(|name| Rival { node: node(name), heard }).collect()
    }

    #[test]
    fn the_hash_never_changes() {
        assert_eq!(score(&MazeId::open(1), &node("worker-a")), 11_590_748_503_592_707_003);
    }

    #[test]
    fn each_maze_has_one_best_and_one_second_whoever_asks() {
        let names = ["a", "b", "c", "d"];
        for number in 1..100 {
            let maze = MazeId::open(number);
            let mut ranks: Vec<_> = names.iter().map(|name| Rank::of(&node(name), &maze, &rivals(&names), None).above).collect();
            let first = ranks.iter().position(|above| *above == 0).unwrap();
            assert_eq!(best(&maze, &names.map(node)), Some(&node(names[first])));
            ranks.sort_unstable();
            assert_eq!(ranks, [0, 1, 2, 3]);
        }
    }

    #[test]
    fn mazes_are_spread_and_few_move_when_a_worker_leaves() {
        let leader = |names: &[&'static str], maze: &MazeId| {
            *names.iter().find(|name| Rank::of(&node(name), maze, &rivals(names), None).above == 0).unwrap()
        };
        let (mut led_by_a, mut moved) = (0, 0);
        for number in 1..=1000 {
            let maze = MazeId::open(number);
            let before = leader(&["a", "b", "c"], &maze);
            led_by_a += u32::from(before == "a");
            moved += u32::from(before != "c" && leader(&["a", "b"], &maze) != before);
        }
        assert!((280..390).contains(&led_by_a), "a leads {led_by_a} of 1000");
        assert_eq!(moved, 0, "only the mazes of the one that left move");
    }

    #[test]
    fn a_worker_alone_leads_and_hears_nobody() {
        let alone = Rank { above: 0, heirs_above: 0, best_heard: None, has_rivals: false };
        assert_eq!(Rank::of(&node("a"), &MazeId::open(1), &[], None), alone);
        assert_eq!(Rank::of(&node("a"), &MazeId::open(1), &rivals(&["a"]), None), alone);
    }

    #[test]
    fn the_heir_of_a_leader_that_leaves_is_the_second() {
        let names = ["a", "b", "c"];
        let maze = MazeId::open(3);
        let rank = |name: &str, leader: Option<&NodeId>| Rank::of(&node(name), &maze, &rivals(&names), leader);
        let by_rank = |above: usize| names.into_iter().find(|name| rank(name, None).above == above).unwrap();
        let best = node(by_rank(0));
        assert_eq!(rank(by_rank(1), Some(&best)).heirs_above, 0);
        assert_eq!(rank(by_rank(2), Some(&best)).heirs_above, 1);
        assert_eq!(rank(by_rank(1), Some(&node(by_rank(2)))).heirs_above, 1);
        assert_eq!(rank(by_rank(1), None).heirs_above, 1);
    }
}
