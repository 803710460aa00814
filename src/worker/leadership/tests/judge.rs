//! What must hold in every simulated run, looked at after whatever the store has done: R1, R2, and the lineage of what players see.

use futures_util::FutureExt;

use super::cluster::Cluster;
use super::lineage::World;
use super::trouble::Trouble;
use crate::backplane::SETTLED_TICKS;
use crate::wire::Epoch;
use crate::wire::Position;
use crate::worker::leadership::GRACE;

/// A leader lived, when the store failed, that held what players had seen. As long as it lives, they go on from there. Nothing is promised while a
/// deposed leader does not know yet that it is one: a record that goes back to its epoch is its own again, and it may be further.
pub(super) struct Promise {
    pub(super) holder: usize,
    pub(super) shown: World,
    pub(super) until_ms: u64,
}

/// Ticks that a leader may be ahead of what was acknowledged: a beat, those of a quarter of a second, and the one that finds out.
const AHEAD_TICKS_MAX: u32 = 6 + 16 + 2;

impl Cluster {
    pub(super) fn violated(&mut self, what: impl FnOnce() -> String) {
        if self.violation.is_none() {
            self.violation = Some(what());
        }
    }

    pub(super) fn promise(&mut self) {
        let Some((_, shown)) = self.shown.clone() else { return };
        let holds = |n: &usize| {
            let worker = &self.workers[*n];
            let acknowledged = worker.leadership.acknowledged().map(|known| World::decode(&known.world));
            worker.frozen_until <= self.now_ms && acknowledged.is_some_and(|world| shown.begins(&world))
        };
        let leaders = self.workers.iter().filter(|worker| worker.leadership.leads().is_some()).count();
        let holder = (0..self.workers.len()).find(holds).filter(|_| leaders == 1);
        let until_ms = self.now_ms + u64::try_from(GRACE.as_millis()).unwrap() + 1_000;
        self.promise = holder.map(|holder| Promise { holder, shown, until_ms });
    }

    /// It has crashed or been frozen: players have to take what others know.
    pub(super) fn release_from_promise(&mut self, n: usize) {
        if self.promise.as_ref().is_some_and(|promise| promise.holder == n) {
            self.promise = None;
        }
    }

    pub(super) fn check_ahead(&mut self, n: usize) {
        let worker = &self.workers[n];
        let (ahead, stored) = (worker.world.tick(), worker.leadership.acknowledged().map(|known| known.tick));
        if stored.is_some_and(|stored| ahead > stored + AHEAD_TICKS_MAX) {
            self.violated(|| format!("R2: worker {n} is at {ahead}, and only {stored:?} is stored"));
        }
    }

    pub(super) fn check_store(&mut self) {
        let record = self.backplane.read(&self.maze).now_or_never().unwrap().unwrap();
        if let (Some(was), Some(is)) = (&self.record, &record) {
            let (was, is) = (was.position, is.position);
            if is.epoch < was.epoch || is.tick < was.tick {
                self.violated(|| format!("R1: the record went from {was:?} to {is:?}"));
            }
        }
        self.record = record;
    }

    pub(super) fn check_shows(&mut self, trouble: &Trouble) {
        while let Some((_, message)) = self.shows.try_next() {
            if message.is_empty() {
                continue;
            }
            let epoch = Epoch(u32::from_le_bytes(message[..4].try_into().unwrap()));
            let world = World::decode(&message.slice(4..));
            if self.record.as_ref().is_none_or(|record| record.world[..] != message[4..]) {
                self.violated(|| "R2: shown, not stored".to_owned());
            }
            self.check_epoch(epoch, &world);
            let position = Position { epoch, tick: world.tick() };
            if self.chance(trouble.lost) || self.shown.as_ref().is_some_and(|(shown, _)| position <= *shown) {
                continue;
            }
            self.check_lineage(&world);
            self.shown = Some((position, world));
        }
    }

    fn check_epoch(&mut self, epoch: Epoch, world: &World) {
        let Some(place) = self.published.iter().rposition(|(other, _)| *other == epoch) else {
            self.published.push((epoch, world.clone()));
            return;
        };
        let before = std::mem::replace(&mut self.published[place].1, world.clone());
        if !before.begins(world) {
            self.violated(|| format!("R1: two worlds in epoch {epoch:?}: {before:?} and {world:?}"));
        }
    }

    fn check_lineage(&mut self, world: &World) {
        let Some((_, before)) = self.shown.clone() else { return };
        let now_ms = self.now_ms;
        if self.promise.as_ref().is_some_and(|promise| now_ms < promise.until_ms && !promise.shown.begins(world)) {
            self.violated(|| format!("a leader held {before:?}, and players were shown {world:?}"));
        }
        if before.begins(world) {
            return;
        }
        if !self.store_failed {
            self.violated(|| format!("R2: players saw {before:?} and then {world:?}"));
        }
        let (epoch, began, ended) = before.last_epoch();
        let since_fault = self.published[self.published_before_fault..].iter().any(|(other, _)| *other == epoch);
        if since_fault && ended >= began.max(before.common(world)) + SETTLED_TICKS {
            self.violated(|| format!("settled play was undone: {before:?} by {world:?}"));
        }
    }
}
