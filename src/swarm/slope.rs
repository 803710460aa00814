//! Whether something grows: a line through points, by least squares. Pure.

use std::time::Duration;

/// Fewer points than this are no trend.
const POINTS_MIN: usize = 10;

/// What grows by how much a minute, over the later half of the points: in the first a process still takes what it will keep.
pub(super) fn per_minute(points: &[(Duration, u64)]) -> Option<f64> {
    let points = &points[points.len() / 2..];
    if points.len() < POINTS_MIN {
        return None;
    }
    let count = points.len() as f64;
    let minutes = |time: &Duration| time.as_secs_f64() / 60.0;
    let mean_time = points.iter().map(|(time, _)| minutes(time)).sum::<f64>() / count;
    let mean_value = points.iter().map(|(_, value)| *value as f64).sum::<f64>() / count;
    let across = points.iter().map(|(time, value)| (minutes(time) - mean_time) * (*value as f64 - mean_value)).sum::<f64>();
    let along = points.iter().map(|(time, _)| (minutes(time) - mean_time).powi(2)).sum::<f64>();
    (along > 0.0).then(|| across / along)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(value: impl Fn(u64) -> u64) -> Vec<(Duration, u64)> {
        (0..120).map(|second| (Duration::from_secs(second), value(second))).collect()
    }

    #[test]
    fn what_grows_steadily_has_its_rate_and_what_wavers_has_none() {
        let slope = per_minute(&points(|second| 5_000_000 + 1000 * second)).unwrap();
        assert!((slope - 60_000.0).abs() < 1.0, "{slope}");
        let slope = per_minute(&points(|second| 5_000_000 + 4096 * (second % 2))).unwrap();
        assert!(slope.abs() < 500.0, "{slope}");
    }

    #[test]
    fn what_is_taken_at_first_is_no_growth() {
        let slope = per_minute(&points(|second| 1_000_000 * second.min(30))).unwrap();
        assert!(slope.abs() < 1e-6, "{slope}");
    }

    #[test]
    fn few_points_are_no_trend() {
        assert_eq!(per_minute(&points(|_| 1)[..18]), None);
        assert!(per_minute(&points(|_| 1)[..20]).is_some());
        assert_eq!(per_minute(&[(Duration::ZERO, 1); 40]), None, "nor is a moment");
    }
}
