//! The clock of one maze: 60 ticks a second, late ones made up for up to a bound (K2), and how far apart frames are kept under load.
//!
//! Pure; the caller says what time it is. Ticks that are skipped are counted by whoever asks.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

use std::time::Duration;

use tokio::time::Instant;

use crate::wire::MazeId;

const TICKS_PER_SECOND: u64 = 60;
const NS_PER_SECOND: u64 = 1_000_000_000;
/// Ticks made up for at once: a tenth of a second. A maze that was away for longer goes on from there.
pub(crate) const CATCH_UP_TICKS_MAX: u64 = 6;
/// The shortest gap between two frames, in ticks, without load and at worst.
pub(crate) const GAP_TICKS_MIN: u32 = 1;
pub(crate) const GAP_TICKS_MAX: u32 = 3;
/// Wake-ups that are looked at together, and how many late ones among them stretch the gap by a tick.
const WINDOW: u32 = 60;
const LATE_MANY: u32 = 6;
/// Windows without a single late one after which the gap shrinks again.
const CALM_WINDOWS: u32 = 5;
/// The moments of a tick's time at which the mazes of a worker tick, each in its own: at one moment they would wait for each other's commits.
const PHASES: u32 = 4;

pub(crate) struct Pacer {
    /// Where ticks are counted from, the same for a quarter of a worker's mazes: one wake-up of the process then serves all that are due.
    grid: Instant,
    /// Ticks of the grid that were done or skipped, or at which the clock stood.
    done: u64,
    gap_ticks: u32,
    wakes: u32,
    late: u32,
    calm_windows: u32,
}

/// What is due now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) ticks: u64,
    /// Ticks too late to be made up for.
    pub(crate) skipped: u64,
}

impl Pacer {
    pub(crate) fn new(grid: Instant, maze: &MazeId, now: Instant) -> Self {
        let phase = maze.as_str().bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % PHASES;
        let grid = grid + Duration::from_nanos(NS_PER_SECOND / TICKS_PER_SECOND * u64::from(phase) / u64::from(PHASES));
        let mut pacer = Self { grid, done: 0, gap_ticks: GAP_TICKS_MIN, wakes: 0, late: 0, calm_windows: 0 };
        pacer.rest(now);
        pacer
    }

    /// The moment of the next tick.
    pub(crate) fn next(&self) -> Instant {
        // Rounded up, so that a tick is due when its moment has come.
        self.grid + Duration::from_nanos(((self.done + 1) * NS_PER_SECOND).div_ceil(TICKS_PER_SECOND))
    }

    pub(crate) fn due(&mut self, now: Instant) -> Due {
        let reached = self.reached(now);
        let behind = reached.saturating_sub(self.done);
        self.done = self.done.max(reached);
        let ticks = behind.min(CATCH_UP_TICKS_MAX);
        if behind > 0 {
            self.judge(behind > 1);
        }
        Due { ticks, skipped: behind - ticks }
    }

    /// The maze's clock stood: nothing is made up for.
    pub(crate) fn rest(&mut self, now: Instant) {
        self.done = self.reached(now);
    }

    fn reached(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.grid).as_nanos();
        u64::try_from(since * u128::from(TICKS_PER_SECOND) / u128::from(NS_PER_SECOND)).unwrap_or(u64::MAX)
    }

    /// Ticks between two frames at least.
    pub(crate) const fn gap_ticks(&self) -> u32 {
        self.gap_ticks
    }

    fn judge(&mut self, late: bool) {
        self.wakes += 1;
        self.late += u32::from(late);
        if self.wakes < WINDOW {
            return;
        }
        self.calm_windows = if self.late == 0 { self.calm_windows + 1 } else { 0 };
        if self.late >= LATE_MANY {
            self.gap_ticks = (self.gap_ticks + 1).min(GAP_TICKS_MAX);
        } else if self.calm_windows >= CALM_WINDOWS {
            self.calm_windows = 0;
            self.gap_ticks = (self.gap_ticks - 1).max(GAP_TICKS_MIN);
        }
        (self.wakes, self.late) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A maze of the first phase.
    fn pacer(start: Instant) -> Pacer {
        Pacer::new(start, &MazeId::parse("d").unwrap(), start)
    }

    #[test]
    fn mazes_of_a_worker_tick_at_four_moments_and_each_always_at_its_own() {
        let start = Instant::now();
        let next = |maze: u32| Pacer::new(start, &MazeId::open(maze), start + Duration::from_secs(1)).next() - start;
        let mut moments: std::collections::BTreeMap<Duration, u32> = std::collections::BTreeMap::new();
        (1..=400).for_each(|maze| *moments.entry(next(maze)).or_default() += 1);
        assert_eq!(moments.len(), PHASES as usize);
        assert!(moments.values().all(|mazes| (50..=150).contains(mazes)), "{moments:?}");
        let apart: Vec<_> = moments.keys().zip(moments.keys().skip(1)).map(|(one, next)| next.abs_diff(*one)).collect();
        assert!(apart.iter().all(|apart| (4..=5).contains(&apart.as_millis())), "{apart:?}");
        assert_eq!(next(7), next(7));
    }

    #[test]
    fn sixty_ticks_a_second_without_drift() {
        let start = Instant::now();
        let mut pacer = pacer(start);
        let mut now = start;
        for _ in 0..6_000 {
            now = pacer.next();
            assert_eq!(pacer.due(now), Due { ticks: 1, skipped: 0 });
            assert_eq!(pacer.due(now), Due { ticks: 0, skipped: 0 }, "once");
        }
        assert_eq!(now - start, Duration::from_secs(100));
    }

    #[test]
    fn catching_up_is_bounded_and_what_is_skipped_is_counted_k2() {
        let start = Instant::now();
        let mut pacer = pacer(start);
        assert_eq!(pacer.due(start + Duration::from_millis(52)), Due { ticks: 3, skipped: 0 });
        assert_eq!(pacer.due(start + Duration::from_millis(2052)), Due { ticks: CATCH_UP_TICKS_MAX, skipped: 120 - CATCH_UP_TICKS_MAX });
        assert_eq!(pacer.due(start + Duration::from_millis(2066)), Due { ticks: 0, skipped: 0 });
        pacer.rest(start + Duration::from_secs(60));
        assert_eq!(pacer.due(start + Duration::from_secs(60)), Due { ticks: 0, skipped: 0 }, "a clock that stood owes nothing");
        assert_eq!(pacer.next(), start + Duration::from_secs(60) + Duration::from_nanos(16_666_667));
    }

    #[test]
    fn load_stretches_the_gap_and_calm_takes_it_back() {
        let start = Instant::now();
        let mut pacer = pacer(start);
        let mut now = start;
        for _ in 0..WINDOW * 3 {
            now += Duration::from_millis(35);
            pacer.due(now);
        }
        assert_eq!(pacer.gap_ticks(), GAP_TICKS_MAX);
        for _ in 0..WINDOW * CALM_WINDOWS * 2 + WINDOW {
            now = pacer.next();
            pacer.due(now);
        }
        assert_eq!(pacer.gap_ticks(), GAP_TICKS_MIN);
    }
}
