//! How a board's rows are ordered on a sorted set: the points, then who was there first, in the 53 bits that a score holds exactly.
//!
//! `ZADD GT` keeps the greatest, so that raising twice is as good as once, and an equal result at a later time does not displace the earlier.

/// Bits for the time, in seconds since [`EPOCH_S`]: 34 years.
const TIME_BITS: u32 = 30;
/// Points are capped at what is left of 53 bits: 8,388,607, two and a half perfect games.
const POINTS_MAX: u64 = (1 << (53 - TIME_BITS)) - 1;
/// 2026-01-01 in UTC.
const EPOCH_S: u64 = 1_767_225_600;

pub(super) fn rank(points: u64, now_s: u64) -> u64 {
    let time_max = (1 << TIME_BITS) - 1;
    points.min(POINTS_MAX) << TIME_BITS | time_max - now_s.saturating_sub(EPOCH_S).min(time_max)
}

pub(super) fn points(rank: u64) -> u64 {
    rank >> TIME_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_points_win_and_ties_go_to_the_earlier() {
        assert!(rank(20, EPOCH_S + 5) > rank(10, EPOCH_S));
        assert!(rank(10, EPOCH_S) > rank(10, EPOCH_S + 1));
        assert_eq!(points(rank(3_333_360, EPOCH_S + 77)), 3_333_360);
        assert!(rank(u64::MAX, 0) < 1 << 53, "a sorted set's score holds it exactly");
    }
}
