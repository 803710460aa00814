//! What a gateway does with frames: cut them apart, keep the newest of each section, put them together again. Bytes only; no rule is known here.
//!
//! A frame put together is marked as *carried*: its sections may be up to a second older than its core, and readers treat its pellets
//! accordingly (see `Frame::apply_to`).

use bytes::Bytes;

use crate::wire::Epoch;
use crate::wire::Position;
use crate::wire::frame;
use crate::wire::frame::section::SECTION_BYTES_ALL;
use crate::wire::frame::section::SectionKind;
use crate::wire::frame::section::Sections;

/// A frame cut apart: its core, and its sections in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split<'a> {
    pub position: Position,
    pub core: &'a [u8],
    sections: &'a [u8],
}

/// Cuts a frame apart, or says that it is none. The contents of core and sections are not looked at.
#[must_use]
pub fn split(bytes: &[u8]) -> Option<Split<'_>> {
    let position = frame::position(bytes)?;
    let (core, sections) = bytes.split_at_checked(frame::core_bytes(bytes).ok()?)?;
    let whole = Split { position, core, sections };
    (whole.sections().map(|(_, section)| section.len()).sum::<usize>() == sections.len()).then_some(whole)
}

impl<'a> Split<'a> {
    /// Each section with its kind, as long as they are whole.
    pub fn sections(&self) -> impl Iterator<Item = (SectionKind, &'a [u8])> + use<'a> {
        let mut rest = self.sections;
        std::iter::from_fn(move || {
            let kind = SectionKind::of_first_byte(*rest.first()?).ok()?;
            let (section, after) = rest.split_at_checked(kind.bytes())?;
            rest = after;
            Some((kind, section))
        })
    }
}

/// The newest of each section of one maze in one epoch, in a fixed 96 bytes.
#[derive(Clone, Debug)]
pub struct Kept {
    epoch: Epoch,
    there: Sections,
    bytes: [u8; SECTION_BYTES_ALL],
}

impl Default for Kept {
    fn default() -> Self {
        Self { epoch: Epoch(0), there: Sections::NONE, bytes: [0; SECTION_BYTES_ALL] }
    }
}

impl Kept {
    /// Remembers the sections of the newest frame; a new epoch forgets those of the old.
    pub fn keep(&mut self, frame: &Split<'_>) {
        if frame.position.epoch != self.epoch {
            *self = Self { epoch: frame.position.epoch, ..Self::default() };
        }
        for (kind, section) in frame.sections() {
            self.bytes[kind.offset()..kind.offset() + kind.bytes()].copy_from_slice(section);
            self.there = self.there.with(kind);
        }
    }

    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.there == Sections::ALL
    }
}

/// A frame's core followed by all that is kept, marked as carried.
#[must_use]
pub fn with_sections(core: &[u8], kept: &Kept) -> Bytes {
    let mut bytes = Vec::with_capacity(core.len() + kept.there.bytes());
    bytes.extend_from_slice(core);
    if let Some(head) = bytes.first_mut() {
        *head = frame::HEAD_CARRIED;
    }
    for kind in kept.there.iter() {
        bytes.extend_from_slice(&kept.bytes[kind.offset()..kind.offset() + kind.bytes()]);
    }
    bytes.into()
}
