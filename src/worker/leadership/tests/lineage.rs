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

    pub(super) fn encode(&self) -> Bytes {
        self.0.iter().flat_map(|(who, tick)| [who.to_le_bytes(), tick.to_le_bytes()]).flatten().collect()
    }

    pub(super) fn decode(bytes: &Bytes) -> Self {
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        Self((0..bytes.len() / 8).map(|n| (number(8 * n), number(8 * n + 4))).collect())
    }
}
