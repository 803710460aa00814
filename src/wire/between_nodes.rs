//! What processes say to each other over the backplane: rosters and inputs go up to a maze's leader, shows come down, heartbeats go around.
//!
//! Every message but a single input is whole and newest-wins, so that losing one costs one beat.

use serde::Deserialize;
use serde::Serialize;

use crate::game::grid::Direction;
use crate::game::scene::Seat;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::Position;

/// To a maze's leader, on the topic `Topic::Up(maze)`, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Up {
    Roster(Roster),
    /// One key press: travels at once and is repeated every 100 ms until a frame carries its number. The newest roster wins over it by number.
    Input {
        player: PlayerId,
        n: u32,
        dir: Direction,
    },
}

/// All that one gateway has in a maze. Repeated every 500 ms, at once when it changes and when a new epoch appears. A player that no roster has
/// named for 3 s of the maze's clock is parked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    pub gateway: NodeId,
    /// Grows with every roster of this gateway for this maze; an older one is dropped.
    pub serial: u64,
    /// The newest position that this gateway has shown in this maze, or that a client brought along, signed.
    pub shown: Option<Position>,
    pub players: Vec<RosterRow>,
    pub spectators: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterRow {
    pub player: PlayerId,
    pub name: String,
    /// What he asked for; the leader gives another when it is taken.
    pub colour: Option<u8>,
    pub bot: bool,
    /// The page is hidden.
    pub away: bool,
    /// He gives up his seat and run; named so until the leader's seating no longer holds him.
    pub leaving: bool,
    /// Counts his asks for a run on this connection's player, so that a finished run is not begun again by a repeated roster: the leader
    /// seats a player who has none only when `run` is above the one that he knows to be over.
    pub run: u64,
    pub wish: Option<Direction>,
    /// The number of his last input; 0: none yet.
    pub n: u32,
}

/// To the gateways of a maze, on `Topic::Down(maze)`: one committed frame, and the seating whenever it changed or 500 ms have passed.
/// On the wire: length of the frame as u16 little endian, the frame, then the seating as JSON or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show {
    pub frame: bytes::Bytes,
    pub seating: Option<Seating>,
}

/// Who sits where, whole, as committed at `at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seating {
    pub at: Position,
    /// The frame's roster version; its low four bits travel in frames.
    pub version: u32,
    pub spectators: u32,
    pub seats: Vec<SeatRow>,
    /// Runs that ended in the last seconds, so that no gateway misses one.
    pub over: Vec<OverRow>,
    /// Players who could not be seated, each with the maze to try in its place.
    pub full: Vec<FullRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRow {
    pub seat: Seat,
    pub player: PlayerId,
    pub name: String,
    pub colour: u8,
    pub bot: bool,
    /// The last input number known of him.
    pub n: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverRow {
    pub player: PlayerId,
    pub run: u64,
    pub points: u32,
    pub level: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FullRow {
    pub player: PlayerId,
    pub neighbour: MazeId,
}

/// On `Topic::Knock`, as JSON: a gateway has people in a maze whose leader it does not hear. Repeated every 500 ms until it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knock {
    pub maze: MazeId,
}

/// What a process tells all others every 500 ms; the newest is kept under its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    pub id: NodeId,
    pub role: Role,
    pub version: String,
    pub draining: bool,
    pub connections: u32,
    /// The mazes that it leads.
    pub leads: Vec<MazeRow>,
    /// The mazes that it has people (not bots) in as a gateway, with their number.
    pub people: Vec<(MazeId, u32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    All,
    Gateway,
    Worker,
}

/// A maze as `/api/status` and the matchmaker see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MazeRow {
    pub id: MazeId,
    pub epoch: Epoch,
    pub tick: u32,
    /// Seated, parked ones included.
    pub players: u32,
    pub spectators: u32,
    pub level: u16,
    pub asleep: bool,
}
