//! What a leader tells the boards of its maze, every two seconds: those who play now, whole, and the best runs as they grow. Pure.
//!
//! Nothing is told that is not stored (R2): a report waits for the commit of its tick. A run counts for the day (UTC) on which its points grew. Bots
//! play among those who play now, marked, and have no best runs. What a backplane that was emptied has lost of those who play comes back by itself.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::backplane::BoardRow;
use crate::backplane::boards::LIVE_SILENCE_MAX;
use crate::game::world::World;
use crate::wire::MazeId;
use crate::wire::PlayerId;
use crate::wire::Position;
use crate::wire::boards::Day;
use crate::wire::boards::Shown;
use crate::wire::record::Desk;
use crate::wire::record::DeskRow;
use crate::wire::record::Over;

/// How often the boards hear of a maze.
pub(crate) const SCORES_PERIOD: Duration = Duration::from_secs(2);

const _: () = assert!(2 * SCORES_PERIOD.as_millis() < LIVE_SILENCE_MAX.as_millis(), "one report may be lost");

/// Everything that the boards are told at one tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) at: Position,
    pub(crate) day: Day,
    pub(crate) playing: Vec<BoardRow>,
    /// With the number of the run that each is of.
    pub(crate) best: Vec<(u64, BoardRow)>,
}

#[derive(Default)]
pub(crate) struct Scores {
    due: Option<Instant>,
    /// Waits for its tick to be stored.
    waiting: Option<Report>,
    /// Is under way; one at a time.
    sent: Option<Report>,
    /// Of whom the boards have how many points of which run, and which look.
    told: BTreeMap<PlayerId, (u64, u64, Bytes)>,
    /// The boards may have rows of ours of those who play.
    has_shown: bool,
}

impl Scores {
    /// After a commit was made of this tick.
    pub(crate) fn on_commit(&mut self, now: Instant, at: Position, day: Day, maze: &MazeId, world: &World, desk: &Desk) {
        if self.due.is_some_and(|due| now < due) || self.waiting.is_some() || self.sent.is_some() {
            return;
        }
        self.due = Some(now + SCORES_PERIOD);
        let seated: Vec<(&DeskRow, BoardRow)> = desk
            .rows
            .iter()
            .filter_map(|row| {
                let shown = Shown { name: row.name.clone(), colour: row.colour, symbol: row.symbol, bot: row.bot, maze: maze.clone() };
                let shown = Bytes::from(serde_json::to_vec(&shown).unwrap_or_default());
                let points = u64::from(world.player(row.seat)?.points);
                Some((row, BoardRow { player: row.player, points, shown }))
            })
            .collect();
        // The last points of a run that is over may never have been told; how its player looks is on the board if he was.
        let ended = |over: &Over| (over.run, BoardRow { player: over.player, points: u64::from(over.points), shown: Bytes::new() });
        let people = seated.iter().filter(|(sitting, _)| !sitting.bot).map(|(sitting, row)| (sitting.run, row.clone()));
        let best: Vec<(u64, BoardRow)> = desk.over.iter().map(ended).chain(people).filter(|(_, row)| row.points > 0).collect();
        self.told.retain(|player, _| best.iter().any(|(_, row)| row.player == *player));
        let best = best.into_iter().filter(|(run, row)| self.is_news(*run, row)).collect();
        let playing = seated.into_iter().map(|(_, row)| row).collect();
        let report = Report { at, day, playing, best };
        if self.has_shown || !report.playing.is_empty() || !report.best.is_empty() {
            self.waiting = Some(report);
        }
    }

    /// The report that may go out now that this position is stored.
    pub(crate) fn on_stored(&mut self, position: Position) -> Option<Report> {
        let report = self.waiting.take_if(|report| report.at <= position)?;
        self.has_shown |= !report.playing.is_empty();
        self.sent = Some(report.clone());
        Some(report)
    }

    /// The boards have it, or may not; then it is told again with the next one.
    pub(crate) fn on_told(&mut self, done: bool) {
        let Some(report) = self.sent.take().filter(|_| done) else { return };
        self.has_shown = !report.playing.is_empty();
        for (run, row) in report.best {
            let known = self.told.remove(&row.player).map(|(_, _, shown)| shown).unwrap_or_default();
            let shown = if row.shown.is_empty() { known } else { row.shown };
            self.told.insert(row.player, (run, row.points, shown));
        }
    }

    fn is_news(&self, run: u64, row: &BoardRow) -> bool {
        let Some((told_run, points, shown)) = self.told.get(&row.player) else { return true };
        run != *told_run || row.points > *points || !(row.shown.is_empty() || row.shown == *shown)
    }
}

#[cfg(test)]
mod tests;
