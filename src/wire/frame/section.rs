//! Sections: what changes slowly, each a few whole bytes that anybody can cut out and append again without understanding them.
//!
//! A section says by itself what it is (3 bits of tag, for scores 3 more of which pair of seats), and its length follows from that. In a frame
//! they follow the core in the order of [`SectionKind::ALL`], each at most once.

use crate::game::scene::Clocks;
use crate::game::scene::PELLETS_IN_QUARTER;
use crate::game::scene::QUARTERS;
use crate::game::scene::SEATS;
use crate::game::scene::Scene;
use crate::game::scene::Score;
use crate::game::scene::Seat;
use crate::wire::frame::FrameError;
use crate::wire::frame::bits::BitReader;
use crate::wire::frame::bits::BitWriter;

const PAIRS: usize = SEATS / 2;
const SCORES_TAG: u32 = 4;
const CLOCKS_TAG: u32 = 5;
/// All sections of a complete frame together.
pub const SECTION_BYTES_ALL: usize = QUARTERS * 8 + PAIRS * 7 + 8;

const _: () = assert!(PELLETS_IN_QUARTER == 61, "a quarter is 29 + 32 bits");

/// What a section holds; the order is that in a frame, and the round in which they are refreshed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionKind {
    /// A quarter of the pellets, 0 to 3.
    Pellets(u8),
    /// Points and lives of seats 2 p and 2 p + 1, for p of 0 to 7.
    Scores(u8),
    Clocks,
}

impl SectionKind {
    pub const COUNT: usize = QUARTERS + PAIRS + 1;
    pub const ALL: [Self; Self::COUNT] = [
        Self::Pellets(0),
        Self::Pellets(1),
        Self::Pellets(2),
        Self::Pellets(3),
        Self::Scores(0),
        Self::Scores(1),
        Self::Scores(2),
        Self::Scores(3),
        Self::Scores(4),
        Self::Scores(5),
        Self::Scores(6),
        Self::Scores(7),
        Self::Clocks,
    ];

    /// Its place in [`Self::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Pellets(quarter) => quarter as usize,
            Self::Scores(pair) => QUARTERS + pair as usize,
            Self::Clocks => QUARTERS + PAIRS,
        }
    }

    /// Bytes that a section of this kind takes, always.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Scores(_) => 7,
            Self::Pellets(_) | Self::Clocks => 8,
        }
    }

    /// Where it begins when all sections are there.
    #[must_use]
    pub const fn offset(self) -> usize {
        match self {
            Self::Pellets(quarter) => 8 * quarter as usize,
            Self::Scores(pair) => 8 * QUARTERS + 7 * pair as usize,
            Self::Clocks => 8 * QUARTERS + 7 * PAIRS,
        }
    }

    /// Whether two scenes would encode this section alike; the leader sends first what his shadow has wrong.
    #[must_use]
    pub fn agrees(self, one: &Scene, other: &Scene) -> bool {
        match self {
            Self::Pellets(quarter) => one.pellets.0[quarter as usize] == other.pellets.0[quarter as usize],
            Self::Scores(pair) => seats_of(pair).all(|seat| one.scores[seat] == other.scores[seat]),
            Self::Clocks => one.clocks == other.clocks,
        }
    }

    /// Takes over what this section holds.
    pub fn copy(self, from: &Scene, to: &mut Scene) {
        match self {
            Self::Pellets(quarter) => to.pellets.0[quarter as usize] = from.pellets.0[quarter as usize],
            Self::Scores(pair) => seats_of(pair).for_each(|seat| to.scores[seat] = from.scores[seat]),
            Self::Clocks => to.clocks = from.clocks,
        }
    }

    /// What kind of section begins here, by its first byte alone.
    pub(super) fn of_first_byte(byte: u8) -> Result<Self, FrameError> {
        match u32::from(byte >> 5) {
            SCORES_TAG => Ok(Self::Scores(byte >> 2 & 7)),
            CLOCKS_TAG => Ok(Self::Clocks),
            quarter if (quarter as usize) < QUARTERS => Ok(Self::Pellets(quarter as u8)),
            _ => Err(FrameError::Invalid("section tag")),
        }
    }

    pub(super) fn put(self, bits: &mut BitWriter, scene: &Scene) {
        match self {
            Self::Pellets(quarter) => {
                let left = scene.pellets.0[quarter as usize];
                bits.put(quarter, 3);
                bits.put((left >> 32) as u32, 29);
                bits.put(left as u32, 32);
            }
            Self::Scores(pair) => {
                bits.put(SCORES_TAG, 3);
                bits.put(pair, 3);
                for seat in seats_of(pair) {
                    bits.put(scene.scores[seat].points / 10, 21);
                    bits.put(scene.scores[seat].lives, 3);
                }
            }
            Self::Clocks => {
                bits.put(CLOCKS_TAG, 3);
                put_clocks(bits, &scene.clocks);
            }
        }
        bits.pad();
    }

    /// Reads a section of this kind into `scene`.
    pub(super) fn take(self, bits: &mut BitReader<'_>, scene: &mut Scene) -> Result<(), FrameError> {
        bits.take(3)?;
        match self {
            Self::Pellets(quarter) => {
                scene.pellets.0[quarter as usize] = u64::from(bits.take(29)?) << 32 | u64::from(bits.take(32)?);
            }
            Self::Scores(pair) => {
                bits.take(3)?;
                for seat in seats_of(pair) {
                    scene.scores[seat] = Score { points: bits.take(21)? * 10, lives: bits.take_u8(3)? };
                }
            }
            Self::Clocks => scene.clocks = take_clocks(bits)?,
        }
        bits.pad()?;
        Ok(())
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sections(u16);

impl Sections {
    pub const NONE: Self = Self(0);
    pub const ALL: Self = Self((1 << SectionKind::COUNT) - 1);

    #[must_use]
    pub const fn of(kind: SectionKind) -> Self {
        Self(1 << kind.index())
    }

    #[must_use]
    pub const fn with(self, kind: SectionKind) -> Self {
        Self(self.0 | 1 << kind.index())
    }

    #[must_use]
    pub const fn has(self, kind: SectionKind) -> bool {
        self.0 >> kind.index() & 1 == 1
    }

    #[must_use]
    pub const fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The kinds in it, in order.
    pub fn iter(self) -> impl Iterator<Item = SectionKind> {
        SectionKind::ALL.into_iter().filter(move |&kind| self.has(kind))
    }

    /// Bytes that these sections take.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.iter().map(SectionKind::bytes).sum()
    }
}

fn seats_of(pair: u8) -> std::ops::Range<usize> {
    let first = pair as usize * 2;
    first..first + 2
}

fn put_clocks(bits: &mut BitWriter, clocks: &Clocks) {
    bits.put(clocks.level, 16);
    bits.put(clocks.sheets_done, 3);
    bits.put(clocks.sheets_needed, 3);
    bits.put(clocks.phase_ticks_left, 10);
    bits.put(clocks.lock_ticks_left, 10);
    bits.put(clocks.fruit_ticks_left, 10);
    bits.put(clocks.power_owner.is_some(), 1);
    bits.put(clocks.power_owner.map_or(0, |seat| seat.0), 4);
    bits.put(clocks.chain.min(4), 3);
}

fn take_clocks(bits: &mut BitReader<'_>) -> Result<Clocks, FrameError> {
    let clocks = Clocks {
        level: bits.take(16)? as u16,
        sheets_done: bits.take_u8(3)?,
        sheets_needed: bits.take_u8(3)?,
        phase_ticks_left: bits.take(10)? as u16,
        lock_ticks_left: bits.take(10)? as u16,
        fruit_ticks_left: bits.take(10)? as u16,
        power_owner: match (bits.take_flag()?, bits.take_u8(4)?) {
            (true, seat) => Some(Seat(seat)),
            (false, 0) => None,
            (false, _) => return Err(FrameError::Invalid("power owner")),
        },
        chain: bits.take_u8(3)?,
    };
    if clocks.chain <= 4 { Ok(clocks) } else { Err(FrameError::Invalid("chain")) }
}
