//! What a worker tells the others of its place among them: whether it could take the mazes that it ranks for, and whom it counts.
//!
//! A worker that has just begun knows neither mazes nor their players. Ranked at once, it would be the heir of mazes that it cannot take; so it is
//! ranked from when it has once listened to all of them, and a process is ready when all others count it so. Decides nothing about one maze.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use crate::wire::NodeId;
use crate::wire::between_nodes::Stands;

/// A worker that does not get to hear its mazes in this time ranks all the same: they may have nobody who would be heard.
const ABLE_AFTER_MAX: Duration = Duration::from_secs(3);

/// Whether the task of a maze could take it at the next moment.
#[derive(Clone, Default)]
pub(crate) struct Listens(Arc<AtomicBool>);

impl Listens {
    pub(crate) fn set(&self, listens: bool) {
        self.0.store(listens, Ordering::Relaxed);
    }

    fn holds(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Clone)]
pub(crate) struct Place {
    view: Arc<Mutex<View>>,
}

struct View {
    began: Instant,
    /// It has been able once; that a maze comes later does not take a worker out of the ranking of the others.
    able: bool,
    /// `None` until the first heartbeats were read.
    counts: Option<Vec<NodeId>>,
    /// Of the mazes with people that this worker ranks for.
    mazes: Vec<Listens>,
}

impl Place {
    pub(crate) fn new(now: Instant) -> Self {
        Self { view: Arc::new(Mutex::new(View { began: now, able: false, counts: None, mazes: Vec::new() })) }
    }

    /// What the newest heartbeats say: the workers that are ranked, and the mazes that are this one's concern.
    pub(crate) fn see(&self, counts: Vec<NodeId>, mazes: Vec<Listens>) {
        let mut view = self.open();
        view.counts = Some(counts);
        view.mazes = mazes;
    }

    pub(crate) fn stands(&self, now: Instant) -> Stands {
        let mut view = self.open();
        let settled = view.counts.is_some() && view.mazes.iter().all(Listens::holds);
        view.able |= settled || now >= view.began + ABLE_AFTER_MAX;
        Stands { able: view.able, settled, counts: view.counts.clone().unwrap_or_default() }
    }

    fn open(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_is_able_once_it_has_heard_all_its_mazes_and_stays_so() {
        let now = Instant::now();
        let place = Place::new(now);
        assert_eq!(place.stands(now), Stands { able: false, settled: false, counts: vec![] }, "it knows nothing yet");
        let (one, other) = (Listens::default(), Listens::default());
        one.set(true);
        place.see(vec![], vec![one, other.clone()]);
        assert!(!place.stands(now).able);
        other.set(true);
        assert!(place.stands(now).able && place.stands(now).settled);
        place.see(vec![], vec![Listens::default()]);
        assert!(place.stands(now).able && !place.stands(now).settled, "a maze that comes later is heard of later");
    }

    #[test]
    fn a_maze_that_nobody_speaks_of_does_not_keep_it_out_for_ever() {
        let now = Instant::now();
        let place = Place::new(now);
        place.see(vec![], vec![Listens::default()]);
        assert!(!place.stands(now + ABLE_AFTER_MAX - Duration::from_millis(1)).able);
        assert!(place.stands(now + ABLE_AFTER_MAX).able);
    }
}
