//! The record: the whole world of a maze and its leader's desk, as bytes that a later process reads back, or refuses by name.
//!
//! Format version and checksum, then what is of this format (`sealed`). Every format begins so, and a release reads the format of the one before, so
//! that a rolling deploy needs no pause (ARCHITECTURE.md, "How record formats move"); there is one format yet. Whatever decodes can be stepped: the
//! world is asked whether it is possible (W1). What is stored comes back exactly (W2), and steps on identically (G1).

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
use crate::wire::SYMBOLS;
use crate::wire::between_nodes::OverRow;
use crate::wire::sealed;
use crate::wire::sealed::Broken;

/// Written at the head of every record. Whoever changes what is stored counts it up and keeps reading the one before.
pub const FORMAT: u16 = if cfg!(feature = "next-record") { 2 } else { 1 };
/// The formats that are read. The features stand for a release that changes nothing but the number, so that moving on and back can be tried.
const FORMATS_READ: RangeInclusive<u16> = if cfg!(feature = "reads-next-record") { 1..=2 } else { 1..=1 };
/// Runs that ended and are still being told; each is told for some seconds, so a full maze cannot end more.
pub const OVER_ROWS_MAX: usize = 64;

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
    pub symbol: u8,
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
    #[error("the record's desk has an impossible seat, look or count")]
    ImpossibleDesk,
}

/// `Stored`, borrowed: what a leader commits is not cloned for it.
#[derive(Serialize)]
struct Kept<'a> {
    world: &'a World,
    desk: &'a Desk,
}

/// As `Stored::encode`, of a world and a desk where they are.
#[must_use]
pub fn encode(world: &World, desk: &Desk) -> Bytes {
    sealed::seal(FORMAT, &Kept { world, desk }).into()
}

impl Stored {
    #[must_use]
    pub fn encode(&self) -> Bytes {
        encode(&self.world, &self.desk)
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let stored: Self = sealed::open(FORMATS_READ, bytes)?;
        stored.world.validate().map_err(RecordError::Impossible)?;
        if stored.desk.fits() { Ok(stored) } else { Err(RecordError::ImpossibleDesk) }
    }
}

/// A stored record as a release would have written it whose format is `format`; for what tries how releases meet.
///
/// # Panics
/// When `bytes` are shorter than version and checksum.
#[must_use]
pub fn as_format(format: u16, bytes: &[u8]) -> Bytes {
    let mut bytes = bytes.to_vec();
    sealed::put_head(format, &mut bytes);
    bytes.into()
}

impl From<Broken> for RecordError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Truncated => Self::Truncated,
            Broken::UnknownVersion(version) => Self::UnknownVersion(version),
            Broken::Checksum => Self::Checksum,
            Broken::Malformed => Self::Malformed,
        }
    }
}

impl Desk {
    /// No seat beyond the maze's or twice, no list longer than what can happen. That the rows go with the world is for the worker to see to: he
    /// can seat anew whoever is missing, and a maze is not to be lost over a name.
    fn fits(&self) -> bool {
        let is_seat = |row: &DeskRow| (row.seat.0 as usize) < SEATS && row.colour < COLOURS && row.symbol < SYMBOLS;
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
