//! The other workers and all mazes, as the newest heartbeats tell: what every maze's task looks at before it claims or hands over. Pure.

use std::collections::BTreeMap;

use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::between_nodes::MazeRow;
use crate::worker::ranking::Rank;
use crate::worker::ranking::Rival;

#[derive(Default)]
pub(crate) struct Around {
    pub(crate) rivals: Vec<Rival>,
    /// A worker lives that is not able yet, and so not among the rivals.
    pub(crate) is_awaited: bool,
    pub(crate) directory: Vec<MazeRow>,
    pub(crate) leaders: BTreeMap<MazeId, NodeId>,
}

impl Around {
    pub(crate) fn rank(&self, me: &NodeId, maze: &MazeId) -> Rank {
        Rank::of(me, maze, &self.rivals, self.leaders.get(maze))
    }
}
