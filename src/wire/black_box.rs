//! The black box of a maze: its last minute as commands by tick, to be stepped through again. Strips of a second each are what is kept while it
//! runs; a file holds those of one maze in order. docs/black-box.md tells the bytes.
//!
//! A strip goes on from the one before it or begins with a whole world. Whatever decodes can be stepped, is bounded, and never panics (W1); what is
//! kept comes back exactly (W2). Nobody's name is in it: a world knows seats and ids only.

use bytes::Bytes;
use serde::Deserialize;
use serde::Serialize;

use crate::game::scene::SEATS;
use crate::game::seating::Command;
use crate::game::validity::Impossible;
use crate::game::world::World;
use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::Position;
use crate::wire::sealed;
use crate::wire::sealed::Broken;

/// Written at the head of every strip and file. Whoever changes what is kept counts it up.
pub const FORMAT: u16 = 1;
/// Ticks of a strip at most: one second.
pub const STRIP_TICKS_MAX: u8 = 60;
/// Commands of a strip; a fuller one is ended early. One tick never has so many.
pub const STRIP_COMMANDS_MAX: usize = 2_048;
/// A strip of so many bytes is not appended; it would need several commands a tick from every seat.
pub const STRIP_BYTES_MAX: usize = 32 << 10;
/// Strips of a file, and its bytes: a minute, ten seconds before it, and room for hand-overs.
pub const STRIPS_MAX: usize = 256;
pub const FILE_BYTES_MAX: usize = STRIPS_MAX * STRIP_BYTES_MAX;
/// What a file begins with, so that nobody mistakes it.
const MAGIC: &[u8; 8] = b"WAKA-BOX";
const PROGRAM_BYTES_MAX: usize = 64;

/// Up to a second of a maze in one epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strip {
    pub epoch: Epoch,
    /// The world's tick before the first tick of the strip.
    pub after_tick: u32,
    /// Without it the strip goes on from the one that ends where it begins.
    pub start: Option<Start>,
    pub ticks: u8,
    /// By tick of the strip, the first being 1, in the order in which the world obeyed them.
    pub commands: Vec<(u8, Command)>,
    /// What the world was after a tick of the strip; not every tick has one.
    pub fingerprints: Vec<(u8, u32)>,
}

/// The whole world at a strip's `after_tick`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// The release that led the maze; another one's rules may differ.
    pub program: String,
    pub world: World,
}

/// A maze's strips in order, as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlackBox {
    pub maze: MazeId,
    /// The tick that panicked, if a panic is why it was written. Its commands are the last ones.
    pub panicked: Option<Position>,
    pub strips: Vec<Strip>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlackBoxError {
    #[error("this is no black box")]
    NoBlackBox,
    #[error("it ends too early")]
    Truncated,
    #[error("its checksum is wrong")]
    Checksum,
    #[error("it has format {0}, which this release cannot read")]
    UnknownVersion(u16),
    #[error("its bytes make no sense")]
    Malformed,
    #[error("it is too long, or has an impossible tick, seat or count")]
    OutOfBounds,
    #[error("a world in it cannot be stepped: {0} is impossible")]
    Impossible(Impossible),
}

impl From<Broken> for BlackBoxError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Truncated => Self::Truncated,
            Broken::Checksum => Self::Checksum,
            Broken::UnknownVersion(version) => Self::UnknownVersion(version),
            Broken::Malformed => Self::Malformed,
        }
    }
}

impl Strip {
    #[must_use]
    pub fn end_tick(&self) -> u32 {
        self.after_tick.wrapping_add(u32::from(self.ticks))
    }

    /// What the world was asked at a tick of the strip.
    pub fn commands_at(&self, tick: u8) -> impl Iterator<Item = Command> {
        self.commands.iter().filter(move |(at, _)| *at == tick).map(|(_, command)| *command)
    }

    #[must_use]
    pub fn encode(&self) -> Bytes {
        sealed::seal(FORMAT, self).into()
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, BlackBoxError> {
        if bytes.len() > STRIP_BYTES_MAX {
            return Err(BlackBoxError::OutOfBounds);
        }
        let strip: Self = sealed::open(FORMAT..=FORMAT, bytes)?;
        strip.check().map(|()| strip)
    }

    fn check(&self) -> Result<(), BlackBoxError> {
        let ticks = 1..=self.ticks;
        let in_order = |at: &[u8]| at.is_sorted() && at.iter().all(|at| ticks.contains(at));
        let commands: Vec<u8> = self.commands.iter().map(|(at, _)| *at).collect();
        let fingerprints: Vec<u8> = self.fingerprints.iter().map(|(at, _)| *at).collect();
        let fits = self.ticks <= STRIP_TICKS_MAX
            && self.after_tick.checked_add(u32::from(self.ticks)).is_some()
            && self.commands.len() <= 2 * STRIP_COMMANDS_MAX
            && self.commands.iter().all(|(_, command)| seat_fits(*command))
            && fingerprints.len() <= usize::from(STRIP_TICKS_MAX)
            && in_order(&commands)
            && in_order(&fingerprints);
        match &self.start {
            _ if !fits => Err(BlackBoxError::OutOfBounds),
            Some(start) => start.check(self.after_tick),
            None => Ok(()),
        }
    }
}

impl Start {
    /// Where this release takes a maze up.
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self { program: concat!("waka ", env!("CARGO_PKG_VERSION")).to_owned(), world: world.clone() }
    }

    fn check(&self, tick: u32) -> Result<(), BlackBoxError> {
        // It is shown in terminals.
        if self.world.tick() != tick || self.program.len() > PROGRAM_BYTES_MAX || self.program.contains(char::is_control) {
            return Err(BlackBoxError::OutOfBounds);
        }
        self.world.validate().map_err(BlackBoxError::Impossible)
    }
}

fn seat_fits(command: Command) -> bool {
    match command {
        Command::Join { .. } => true,
        Command::Wish { seat, .. } | Command::Park { seat } | Command::Unpark { seat } | Command::Leave { seat } => {
            usize::from(seat.0) < SEATS
        }
    }
}

impl BlackBox {
    /// Puts strips in order, however they were kept. Of two that begin alike the longer one stays, of too many the newest.
    #[must_use]
    pub fn of(maze: MazeId, panicked: Option<Position>, mut strips: Vec<Strip>) -> Self {
        strips.sort_by_key(|strip| (strip.epoch, strip.after_tick, u8::MAX - strip.ticks));
        strips.dedup_by_key(|strip| (strip.epoch, strip.after_tick));
        strips.drain(..strips.len().saturating_sub(STRIPS_MAX));
        Self { maze, panicked, strips }
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        [&MAGIC[..], &sealed::seal(FORMAT, self)].concat()
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, BlackBoxError> {
        let sealed = bytes.strip_prefix(MAGIC).ok_or(BlackBoxError::NoBlackBox)?;
        if bytes.len() > FILE_BYTES_MAX {
            return Err(BlackBoxError::OutOfBounds);
        }
        let black_box: Self = sealed::open(FORMAT..=FORMAT, sealed)?;
        if black_box.strips.len() > STRIPS_MAX {
            return Err(BlackBoxError::OutOfBounds);
        }
        black_box.strips.iter().try_for_each(Strip::check).map(|()| black_box)
    }
}

/// A world in 32 bits: the crc32 of its stored bytes, which is quick enough for a leader to take several times a second. `scratch` is kept by the
/// caller, so that no memory is asked for.
///
/// # Panics
/// Never: plain data in memory always serialises.
#[must_use]
pub fn fingerprint(world: &World, scratch: &mut Vec<u8>) -> u32 {
    scratch.clear();
    *scratch = sealed::append(world, std::mem::take(scratch));
    crc32fast::hash(scratch)
}

#[cfg(test)]
mod tests;
