//! `/api/status`: what all processes say of themselves, in the shape that monitors rely on. Made from the heartbeats, so any process can answer.

use serde::Serialize;

use crate::gateway::matchmaker;
use crate::wire::between_nodes::Heartbeat;
use crate::wire::between_nodes::MazeRow;
use crate::wire::between_nodes::Role;

#[derive(Serialize)]
pub struct Status<'a> {
    version: &'static str,
    instance: &'a str,
    role: Role,
    backplane: &'static str,
    ready: bool,
    players: u32,
    instances: Vec<Instance<'a>>,
    mazes: Vec<Maze<'a>>,
}

#[derive(Serialize)]
struct Instance<'a> {
    id: &'a str,
    role: Role,
    version: &'a str,
    draining: bool,
    connections: u32,
    leads: usize,
}

#[derive(Serialize)]
struct Maze<'a> {
    id: &'a str,
    leader: &'a str,
    epoch: u32,
    tick: u32,
    players: u32,
    spectators: u32,
    level: u16,
    asleep: bool,
}

/// Of the answering process.
pub struct Answering<'a> {
    pub id: &'a str,
    pub role: Role,
    pub backplane: &'static str,
    pub ready: bool,
}

#[must_use]
pub fn status<'a>(answering: &Answering<'a>, nodes: &'a [Heartbeat]) -> Status<'a> {
    let mazes: Vec<Maze<'a>> = matchmaker::mazes(nodes).into_values().map(|(leader, row)| maze(leader, row)).collect();
    let mut instances: Vec<Instance<'a>> = nodes.iter().map(instance).collect();
    instances.sort_by_key(|instance| instance.id);
    Status {
        version: env!("CARGO_PKG_VERSION"),
        instance: answering.id,
        role: answering.role,
        backplane: answering.backplane,
        ready: answering.ready,
        players: mazes.iter().map(|maze| maze.players).sum(),
        instances,
        mazes,
    }
}

fn instance(node: &Heartbeat) -> Instance<'_> {
    let Heartbeat { id, role, version, draining, connections, leads, .. } = node;
    Instance { id: &id.0, role: *role, version, draining: *draining, connections: *connections, leads: leads.len() }
}

fn maze<'a>(leader: &'a Heartbeat, row: &'a MazeRow) -> Maze<'a> {
    let MazeRow { id, epoch, tick, players, spectators, level, asleep } = row;
    Maze {
        id: id.as_str(),
        leader: &leader.id.0,
        epoch: epoch.0,
        tick: *tick,
        players: *players,
        spectators: *spectators,
        level: *level,
        asleep: *asleep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Epoch;
    use crate::wire::MazeId;
    use crate::wire::NodeId;

    #[test]
    fn it_has_the_shape_that_monitors_rely_on() {
        let row = MazeRow { id: MazeId::open(1), epoch: Epoch::new(1, 2), tick: 60, players: 3, spectators: 1, level: 2, asleep: false };
        let node = |id: &str, leads: Vec<MazeRow>| Heartbeat {
            id: NodeId(id.to_owned()),
            role: Role::All,
            version: "0".to_owned(),
            draining: false,
            connections: 4,
            leads,
            people: Vec::new(),
            stands: None,
        };
        let nodes = [node("b", vec![row]), node("a", Vec::new())];
        let answering = Answering { id: "b", role: Role::All, backplane: "memory", ready: true };
        let json = serde_json::to_value(status(&answering, &nodes)).expect("plain data");
        let expected = serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"), "instance": "b", "role": "all", "backplane": "memory", "ready": true, "players": 3,
            "instances": [
                {"id": "a", "role": "all", "version": "0", "draining": false, "connections": 4, "leads": 0},
                {"id": "b", "role": "all", "version": "0", "draining": false, "connections": 4, "leads": 1},
            ],
            "mazes": [{
                "id": "open-1", "leader": "b", "epoch": 4098, "tick": 60, "players": 3, "spectators": 1, "level": 2, "asleep": false,
            }],
        });
        assert_eq!(json, expected);
    }
}
