//! The record: the whole world of a maze and its leader's desk, as bytes that a later process reads back, or refuses by name.
//!
//! Format version (u16), checksum (crc32) of the rest, then what is of this format: postcard; numbers little endian. Every format begins so, and a
//! release reads the format of the one before, so that a rolling deploy needs no pause (ARCHITECTURE.md, "How record formats move"); there is one yet. Whatever decodes can be stepped:
//! the world is asked whether it is possible (W1). What is stored comes back exactly (W2), and steps on identically (G1).

use std::ops::RangeInclusive;

use bytes::Bytes;
use serde::Deserialize;
use serde::Serialize;

use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::game::validity::Impossible;
use crate::game::world::World;
use crate::wire::COLOURS;
use crate::wire::PlayerId;
use crate::wire::between_nodes::OverRow;

/// Written at the head of every record. Whoever changes what is stored counts it up and keeps reading the one before.
pub const FORMAT: u16 = if cfg!(feature = "next-record") { 2 } else { 1 };
/// The formats that are read. The features stand for a release that changes nothing but the number, so that moving on and back can be tried.
const FORMATS_READ: RangeInclusive<u16> = if cfg!(feature = "reads-next-record") { 1..=2 } else { 1..=1 };
/// Runs that ended and are still being told; each is told for some seconds, so a full maze cannot end more.
pub const OVER_ROWS_MAX: usize = 64;
const HEAD_BYTES: usize = 6;

/// What a record holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    pub world: World,
    pub desk: Desk,
}

/// What a leader knows of his players beyond the law: who they are, what they pressed last, when they were heard of. The worker owns its logic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// Grows whenever somebody's row changes; its low four bits travel in frames.
    pub roster_version: u32,
    /// One for each taken seat.
    pub rows: Vec<DeskRow>,
    pub over: Vec<Over>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskRow {
    pub player: PlayerId,
    pub seat: Seat,
    pub name: String,
    pub colour: u8,
    pub bot: bool,
    /// The page is hidden.
    pub away: bool,
    /// The ask that began this run.
    pub run: u64,
    /// The number of his last input that the world has obeyed; 0: none.
    pub n: u32,
    /// The maze's ticks at which a roster named him and at which he steered last.
    pub last_named_tick: u32,
    pub last_input_tick: u32,
}

/// A run that ended, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Over {
    pub player: PlayerId,
    pub run: u64,
    pub points: u32,
    pub level: u16,
    pub tick: u32,
}

impl Over {
    /// As it is told to gateways.
    #[must_use]
    pub fn row(&self) -> OverRow {
        OverRow { player: self.player, run: self.run, points: self.points, level: self.level }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    #[error("the record ends too early")]
    Truncated,
    /// Not to be claimed: a newer release wrote it.
    #[error("the record has format {0}, which this release cannot read")]
    UnknownVersion(u16),
    #[error("the record's checksum is wrong")]
    Checksum,
    #[error("the record's bytes are no world")]
    Malformed,
    #[error("the record's world cannot be stepped: {0} is impossible")]
    Impossible(Impossible),
    #[error("the record's desk has an impossible seat, colour or count")]
    ImpossibleDesk,
}

impl Stored {
    /// # Panics
    /// Never: plain data in memory always serialises.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        let mut bytes = postcard::to_extend(self, vec![0; HEAD_BYTES]).expect("plain data in memory always serialises");
        let checksum = crc32fast::hash(&bytes[HEAD_BYTES..]);
        bytes[..2].copy_from_slice(&FORMAT.to_le_bytes());
        bytes[2..HEAD_BYTES].copy_from_slice(&checksum.to_le_bytes());
        bytes.into()
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let (&version, rest) = bytes.split_first_chunk().ok_or(RecordError::Truncated)?;
        let (&checksum, body) = rest.split_first_chunk().ok_or(RecordError::Truncated)?;
        // Before the version: bytes that nobody wrote must not pass for those of another release, which would be left alone for ever.
        if crc32fast::hash(body) != u32::from_le_bytes(checksum) {
            return Err(RecordError::Checksum);
        }
        let version = u16::from_le_bytes(version);
        if !FORMATS_READ.contains(&version) {
            return Err(RecordError::UnknownVersion(version));
        }
        let (stored, trailing) = postcard::take_from_bytes::<Self>(body).map_err(|_| RecordError::Malformed)?;
        if !trailing.is_empty() {
            return Err(RecordError::Malformed);
        }
        stored.world.validate().map_err(RecordError::Impossible)?;
        if stored.desk.fits() { Ok(stored) } else { Err(RecordError::ImpossibleDesk) }
    }
}

impl Desk {
    /// No seat beyond the maze's or twice, no list longer than what can happen. That the rows go with the world is for the worker to see to: he
    /// can seat anew whoever is missing, and a maze is not to be lost over a name.
    fn fits(&self) -> bool {
        let is_seat = |row: &DeskRow| (row.seat.0 as usize) < SEATS && row.colour < COLOURS;
        let mask = self.rows.iter().filter(|row| is_seat(row)).fold(0_u32, |mask, row| mask | 1 << row.seat.0);
        mask.count_ones() as usize == self.rows.len() && self.over.len() <= OVER_ROWS_MAX
    }
}

/// A world in 64 bits, for replays and comparisons: FNV-1a over its stored bytes.
///
/// # Panics
/// Never: plain data in memory always serialises.
#[must_use]
pub fn fingerprint(world: &World) -> u64 {
    let bytes = postcard::to_allocvec(world).expect("plain data in memory always serialises");
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests;
