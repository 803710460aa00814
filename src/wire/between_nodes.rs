//! What processes say to each other over the backplane: rosters and inputs go up to a maze's leader, shows come down, heartbeats go around.
//!
//! Every message but a single input is whole and newest-wins, so that losing one costs one beat.

use bytes::Bytes;
use serde::Deserialize;
use serde::Serialize;

use crate::game::grid::Direction;
use crate::game::scene::Seat;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::Position;
use crate::wire::frame::FRAME_BYTES_MAX;

/// To a maze's leader, on the topic `Topic::Up(maze)`, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Up {
    Roster(Roster),
    /// One key press: travels at once and is repeated, at first after 150 ms, until a frame carries its number. The newest roster wins over it by number.
    Input {
        player: PlayerId,
        n: u32,
        dir: Direction,
    },
}

/// How what is sent most begins, as it is written here.
const ROSTER: &[u8] = br#"{"type":"roster","#;

impl Up {
    /// # Errors
    /// When these bytes are no such message.
    pub fn decode(bytes: &[u8]) -> serde_json::Result<Self> {
        // Read by its tag a roster would be taken apart twice, which is most of what hearing one costs.
        if bytes.starts_with(ROSTER) {
            return serde_json::from_slice(bytes).map(Self::Roster);
        }
        serde_json::from_slice(bytes)
    }
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
    /// As the colour; without it he gets the symbol of his colour.
    pub symbol: Option<u8>,
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
    /// Which of the gateway's connections he plays over; a release that did not say so counts as 0.
    #[serde(default)]
    pub connection: u64,
}

/// To the gateways of a maze, on `Topic::Down(maze)`: one committed frame, and the seating whenever it changed or 500 ms have passed.
/// On the wire: length of the frame as u16 little endian, the frame, then the seating as JSON or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Show {
    pub frame: Bytes,
    pub seating: Option<Seating>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadShow {
    #[error("the show ends too early")]
    Truncated,
    #[error("the show's seating cannot be read")]
    Seating,
}

impl Show {
    /// # Panics
    /// Never for a frame that `wire::frame` has made: its length fits 16 bits many times over.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        assert!(self.frame.len() <= FRAME_BYTES_MAX, "a frame of {} bytes was made by nobody here", self.frame.len());
        let mut bytes = Vec::with_capacity(2 + self.frame.len());
        bytes.extend_from_slice(&(self.frame.len() as u16).to_le_bytes());
        bytes.extend_from_slice(&self.frame);
        if let Some(seating) = &self.seating {
            serde_json::to_writer(&mut bytes, seating).expect("plain data in memory always serialises");
        }
        bytes.into()
    }

    /// The frame inside is a slice of `bytes`, not a copy, and is not looked at.
    pub fn decode(bytes: &Bytes) -> Result<Self, BadShow> {
        let (&length, rest) = bytes.split_first_chunk().ok_or(BadShow::Truncated)?;
        let length = u16::from_le_bytes(length) as usize;
        let seating = rest.get(length..).ok_or(BadShow::Truncated)?;
        let seating = match seating {
            [] => None,
            json => Some(serde_json::from_slice(json).map_err(|_| BadShow::Seating)?),
        };
        Ok(Self { frame: bytes.slice(2..2 + length), seating })
    }
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
    /// Connections of players who have turned up at another gateway since; told for as long as their gateway names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<ReplacedRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRow {
    pub seat: Seat,
    pub player: PlayerId,
    pub name: String,
    pub colour: u8,
    pub symbol: u8,
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

/// To be closed with `Close::Replaced`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReplacedRow {
    pub gateway: NodeId,
    pub connection: u64,
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
    /// Of a worker. A release that does not tell it is ranked as soon as it is heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands: Option<Stands>,
}

/// A worker's place among the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stands {
    /// Since it began it has once listened to every maze that it ranks for; before that nobody makes it an heir.
    pub able: bool,
    /// It listens to all of them now.
    pub settled: bool,
    /// The workers that it ranks, itself left out.
    pub counts: Vec<NodeId>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seating() -> Seating {
        Seating {
            at: Position { epoch: Epoch::new(3, 77), tick: 900 },
            version: 18,
            spectators: 2,
            seats: vec![SeatRow {
                seat: Seat(4), player: PlayerId(0xFEED), name: "모리".into(), colour: 7, symbol: 9, bot: false, n: 12
            }],
            over: vec![OverRow { player: PlayerId(1), run: 2, points: 4560, level: 3 }],
            full: vec![FullRow { player: PlayerId(9), neighbour: MazeId::open(2) }],
            replaced: vec![ReplacedRow { gateway: NodeId("gateway".into()), connection: 5 }],
        }
    }

    #[test]
    fn w2_a_show_comes_back_as_it_went() {
        for seating in [None, Some(seating())] {
            let show = Show { frame: Bytes::from_static(&[0x11, 2, 3]), seating };
            assert_eq!(Show::decode(&show.encode()), Ok(show));
        }
    }

    #[test]
    fn w2_what_goes_up_comes_back_as_it_went() {
        let row = r#"{"player":"0000000000000007","name":"모리","colour":null,"bot":false,"away":false,"leaving":false,"run":5,"wish":"left","n":3}"#;
        let players = vec![serde_json::from_str(row).expect("a row")];
        let shown = Some(Position { epoch: Epoch::new(3, 77), tick: 900 });
        let roster = Up::Roster(Roster { gateway: NodeId("gateway".into()), serial: 8, shown, players, spectators: 1 });
        let input = Up::Input { player: PlayerId(7), n: 3, dir: Direction::Up };
        for up in [roster, input] {
            let json = serde_json::to_string(&up).expect("plain data");
            assert_eq!(json.as_bytes().starts_with(ROSTER), matches!(up, Up::Roster(_)), "{json}");
            assert_eq!(Up::decode(json.as_bytes()).expect("as it went"), up);
            let mut fields: serde_json::Map<_, _> = serde_json::from_str(&json).expect("an object");
            let (tag, kind) = fields.remove_entry("type").expect("a tag");
            let rest = serde_json::to_string(&fields).expect("plain data");
            let turned = format!("{},\"{tag}\":{kind}}}", rest.strip_suffix('}').expect("an object"));
            assert_eq!(Up::decode(turned.as_bytes()).expect("whatever comes first"), up);
            assert!(Up::decode(&json.as_bytes()[..json.len() - 1]).is_err(), "cut");
        }
    }

    #[test]
    fn w1_a_cut_show_is_an_error() {
        let whole = Show { frame: Bytes::from_static(&[0x11, 2, 3]), seating: Some(seating()) }.encode();
        for cut in (0..whole.len()).filter(|&cut| cut != 5) {
            assert!(Show::decode(&whole.slice(..cut)).is_err(), "cut at {cut}");
        }
    }
}
