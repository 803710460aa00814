//! A world that is nothing but its history, so that any two can be compared: does one begin the other?

use bytes::Bytes;

use crate::wire::Epoch;

/// Who computed the ticks up to which, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct World(pub(super) Vec<(u32, u32)>);

impl World {
    pub(super) fn tick(&self) -> u32 {
        self.0.last().map_or(0, |(_, tick)| *tick)
    }

    pub(super) fn step(&mut self, epoch: Epoch) {
        let tick = self.tick() + 1;
        match self.0.last_mut() {
            Some(last) if last.0 == epoch.0 => last.1 = tick,
            _ => self.0.push((epoch.0, tick)),
        }
    }

    pub(super) fn begins(&self, longer: &Self) -> bool {
        let Some(((who, tick), before)) = self.0.split_last() else { return true };
        longer.0.get(..before.len()) == Some(before) && longer.0.get(before.len()).is_some_and(|next| next.0 == *who && next.1 >= *tick)
    }

    /// Who computed it last, from which tick to which.
    pub(super) fn last_epoch(&self) -> (Epoch, u32, u32) {
        let began = self.0.len().checked_sub(2).map_or(0, |before| self.0[before].1);
        (Epoch(self.0.last().map_or(0, |(who, _)| *who)), began, self.tick())
    }

    /// Up to which tick both are the same.
    pub(super) fn common(&self, other: &Self) -> u32 {
        let mut common = 0;
        for (mine, theirs) in self.0.iter().zip(&other.0) {
            if mine.0 != theirs.0 {
                break;
            }
            common = mine.1.min(theirs.1);
            if mine.1 != theirs.1 {
                break;
            }
        }
        common
    }

    /// In front of the world goes `head`.
    pub(super) fn encode_after(&self, head: &[u8]) -> Bytes {
        let mut bytes = Vec::with_capacity(head.len() + 8 * self.0.len());
        bytes.extend_from_slice(head);
        for (who, tick) in &self.0 {
            bytes.extend_from_slice(&who.to_le_bytes());
            bytes.extend_from_slice(&tick.to_le_bytes());
        }
        bytes.into()
    }

    pub(super) fn encode(&self) -> Bytes {
        self.encode_after(&[])
    }

    pub(super) fn decode(bytes: &Bytes) -> Self {
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        Self((0..bytes.len() / 8).map(|n| (number(8 * n), number(8 * n + 4))).collect())
    }
}
