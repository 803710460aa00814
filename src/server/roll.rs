//! Who of the others is gone without a word: killed, frozen, or cut off from the backplane. Pure.
//!
//! Whoever drains has said so. Beats are counted, not time, and only those that the backplane answered: after it was away everybody seems gone for
//! a moment, and is heard again with his own next beat.

use std::collections::BTreeMap;

use crate::wire::NodeId;
use crate::wire::between_nodes::Heartbeat;

/// Answered beats of ours without one of his, after the backplane has listed him no more.
const BEATS_MISSED: u32 = 4;

#[derive(Default)]
pub(super) struct Roll {
    others: BTreeMap<NodeId, Other>,
}

struct Other {
    draining: bool,
    missed: u32,
}

impl Roll {
    /// Takes what a beat has heard, and says who is gone since the last.
    pub(super) fn call(&mut self, nodes: &[Heartbeat]) -> Vec<NodeId> {
        for other in self.others.values_mut() {
            other.missed += 1;
        }
        for node in nodes {
            self.others.insert(node.id.clone(), Other { draining: node.draining, missed: 0 });
        }
        self.others.retain(|_, other| other.missed == 0 || !other.draining);
        let gone: Vec<NodeId> = self.others.iter().filter(|(_, other)| other.missed >= BEATS_MISSED).map(|(id, _)| id.clone()).collect();
        for id in &gone {
            self.others.remove(id);
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::between_nodes::Role;

    fn node(id: &str, draining: bool) -> Heartbeat {
        Heartbeat {
            id: NodeId(id.to_owned()),
            role: Role::All,
            version: String::new(),
            draining,
            connections: 0,
            leads: Vec::new(),
            people: Vec::new(),
            stands: None,
        }
    }

    #[test]
    fn who_is_killed_is_missed_once() {
        let mut roll = Roll::default();
        assert_eq!(roll.call(&[node("a", false), node("b", false)]), []);
        for _ in 1..BEATS_MISSED {
            assert_eq!(roll.call(&[node("a", false)]), []);
        }
        assert_eq!(roll.call(&[node("a", false)]), [NodeId("b".to_owned())]);
        assert_eq!(roll.call(&[node("a", false)]), [], "told once");
        assert_eq!(roll.call(&[node("a", false), node("b", false)]), [], "it may come back");
        assert_eq!(roll.others.len(), 2);
    }

    #[test]
    fn who_drains_is_not_missed() {
        let mut roll = Roll::default();
        roll.call(&[node("a", false), node("b", false)]);
        roll.call(&[node("a", false), node("b", true)]);
        for _ in 0..BEATS_MISSED * 2 {
            assert_eq!(roll.call(&[node("a", false)]), []);
        }
        assert_eq!(roll.others.len(), 1, "and forgotten");
    }

    #[test]
    fn after_the_backplane_was_away_nobody_is_missed_who_beats_on() {
        let mut roll = Roll::default();
        roll.call(&[node("a", false), node("b", false)]);
        roll.call(&[node("a", false)]);
        assert_eq!(roll.call(&[node("a", false), node("b", false)]), []);
        for _ in 1..BEATS_MISSED {
            assert_eq!(roll.call(&[node("a", false)]), [], "the count begins anew");
        }
    }
}
