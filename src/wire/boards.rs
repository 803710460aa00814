//! The score boards: which there are, what a row tells of a player, and the day in UTC that a board is named by.
//!
//! What is stored of a player is his public id, his points and [`Shown`]; never a token. The backplane keeps the bytes and cannot peek into them.

use std::time::SystemTime;

use serde::Deserialize;
use serde::Serialize;

use crate::wire::MazeId;
use crate::wire::PlayerId;

/// Rows of a board that a client is told.
pub const BOARD_ROWS_TOLD: usize = 20;

/// The boards as clients ask for them: those who play now, in their maze or anywhere, and the best runs of people today (UTC) and ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BoardName {
    Maze,
    World,
    Today,
    All,
}

/// How a player looks on a board; the newest name counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub name: String,
    pub colour: u8,
    pub symbol: u8,
    /// A program: it stands on boards of those who play now, marked, and not among the best runs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bot: bool,
    /// Where he plays now, or made these points.
    pub maze: MazeId,
}

/// One row as it is told, best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardLine {
    pub id: PlayerId,
    pub points: u64,
    #[serde(flatten)]
    pub shown: Shown,
}

/// A day in UTC, counted from 1 January 1970. Shown as `2026-11-24`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub u32);

impl Day {
    /// The day of a moment, in UTC; what a clock says of times before 1970 counts as its first day.
    #[must_use]
    pub fn of(time: SystemTime) -> Self {
        let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(u32::try_from(since_1970.as_secs() / (24 * 3600)).unwrap_or(u32::MAX))
    }

    /// Saturates at the first of all days.
    #[must_use]
    pub fn before(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days))
    }
}

impl std::fmt::Display for Day {
    /// The calendar from the count: eras of 400 years that begin in March, so that the leap day comes last.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const DAYS_TO_1970: u64 = 719_468;
        const ERA_DAYS: u64 = 146_097;
        let days = u64::from(self.0) + DAYS_TO_1970;
        let (era, day_of_era) = (days / ERA_DAYS, days % ERA_DAYS);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        write!(out, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_day_is_named_by_its_date_in_utc() {
        let cases = [(0, "1970-01-01"), (58, "1970-02-28"), (59, "1970-03-01"), (789, "1972-02-29"), (11_016, "2000-02-29")];
        let later =
            [(11_017, "2000-03-01"), (20_454, "2026-01-01"), (20_781, "2026-11-24"), (47_540, "2100-02-28"), (47_541, "2100-03-01")];
        for (day, date) in cases.into_iter().chain(later) {
            assert_eq!(Day(day).to_string(), date);
        }
        let midnight = SystemTime::UNIX_EPOCH + Duration::from_secs(20_782 * 86_400);
        assert_eq!((Day::of(midnight - Duration::from_millis(1)), Day::of(midnight)), (Day(20_781), Day(20_782)));
        assert_eq!(Day::of(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), Day(0));
    }
}
