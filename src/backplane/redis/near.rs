//! Which mazes are led by this very process, as the store last said: what only a leader needs then spares the way over Redis.
//!
//! A leader lives while its commits are granted; so whoever had one granted a moment ago has the maze, and nobody else can have it without a commit
//! of his being refused. For as long as that takes a message may reach a leader that is none any more, and is lost, as any message may be.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::wire::MazeId;

/// A leader commits every 100 ms. Shorter than the patience with which another waits before he claims.
const GRANTED_MAX: Duration = Duration::from_millis(150);

#[derive(Default)]
pub(super) struct Near {
    granted: Mutex<HashMap<MazeId, Instant>>,
}

impl Near {
    /// A commit of this process was stored.
    pub(super) fn granted(&self, maze: &MazeId, now: Instant) {
        let mut granted = self.lock();
        if let Some(at) = granted.get_mut(maze) {
            *at = now;
        } else {
            // What this process led once goes whenever something new comes: it holds no more than was ever led at a time.
            granted.retain(|_, at| is_fresh(*at, now));
            granted.insert(maze.clone(), now);
        }
    }

    /// The maze was given away, or the store has refused a commit.
    pub(super) fn lost(&self, maze: &MazeId) {
        self.lock().remove(maze);
    }

    pub(super) fn leads(&self, maze: &MazeId, now: Instant) -> bool {
        self.lock().get(maze).is_some_and(|at| is_fresh(*at, now))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<MazeId, Instant>> {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_fresh(at: Instant, now: Instant) -> bool {
    now.saturating_duration_since(at) <= GRANTED_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maze(name: &str) -> MazeId {
        MazeId::parse(name).unwrap()
    }

    #[test]
    fn a_maze_is_near_while_its_commits_are_granted() {
        let (near, now) = (Near::default(), Instant::now());
        assert!(!near.leads(&maze("a"), now), "never stored from here");
        near.granted(&maze("a"), now);
        assert!(near.leads(&maze("a"), now + GRANTED_MAX) && !near.leads(&maze("b"), now));
        assert!(!near.leads(&maze("a"), now + GRANTED_MAX + Duration::from_millis(1)), "others may have it by now");
        near.granted(&maze("a"), now + GRANTED_MAX);
        assert!(near.leads(&maze("a"), now + 2 * GRANTED_MAX));
        near.lost(&maze("a"));
        assert!(!near.leads(&maze("a"), now + GRANTED_MAX));
    }

    #[test]
    fn what_was_led_long_ago_is_not_kept() {
        let (near, mut now) = (Near::default(), Instant::now());
        for n in 0..100 {
            near.granted(&maze(&format!("maze-{n}")), now);
            now += GRANTED_MAX / 2;
        }
        assert!(near.lock().len() <= 3, "{}", near.lock().len());
    }
}
