//! What the world answered, and what gateways are told of it: seats, ends of runs, full mazes.

use std::collections::BTreeSet;

use super::Desk;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;
use crate::game::seating::Outcome;
use crate::wire::COLOURS;
use crate::wire::MazeId;
use crate::wire::PlayerId;
use crate::wire::Position;
use crate::wire::SYMBOLS;
use crate::wire::between_nodes::FullRow;
use crate::wire::between_nodes::SeatRow;
use crate::wire::between_nodes::Seating;
use crate::wire::record::DeskRow;
use crate::wire::record::OVER_ROWS_MAX;
use crate::wire::record::Over;

const _: () = assert!(COLOURS as usize >= SEATS && SYMBOLS as usize >= SEATS, "everybody has a colour and a symbol of his own");

impl Desk {
    /// What the tick that has just been taken did to seats.
    pub(crate) fn hear(&mut self, tick: u32, outcomes: &[Outcome]) {
        for outcome in outcomes {
            self.calm_until = None;
            match *outcome {
                Outcome::Seated { player, seat } => self.seat(tick, PlayerId(player), seat),
                Outcome::Refused { player } => {
                    self.full.insert(PlayerId(player), tick);
                    self.is_news = true;
                }
                Outcome::RunOver { player, seat, points, level } => self.end(tick, PlayerId(player), seat, points, level),
            }
        }
    }

    /// Everybody, whole. `neighbour` is where those who found no seat are sent.
    pub(crate) fn seating(&self, at: Position, neighbour: Option<&MazeId>) -> Seating {
        let seats = self.roll.rows.iter().map(|sitting| SeatRow {
            seat: sitting.seat,
            player: sitting.player,
            name: sitting.name.clone(),
            colour: sitting.colour,
            symbol: sitting.symbol,
            bot: sitting.bot,
            n: sitting.n,
        });
        let over = self.roll.over.iter().map(Over::row);
        let full = neighbour
            .into_iter()
            .flat_map(|neighbour| self.full.keys().map(|player| FullRow { player: *player, neighbour: neighbour.clone() }));
        Seating {
            at,
            version: self.roll.roster_version,
            spectators: self.spectators(),
            seats: seats.collect(),
            over: over.collect(),
            full: full.collect(),
            replaced: self.namings.replaced(),
        }
    }

    /// By seat, the number of the last input, modulo 8.
    pub(crate) fn numbers(&self) -> [u8; SEATS] {
        let mut numbers = [0; SEATS];
        for sitting in &self.roll.rows {
            if let Some(number) = numbers.get_mut(usize::from(sitting.seat.0)) {
                *number = (sitting.n % 8) as u8;
            }
        }
        numbers
    }

    pub(crate) fn has_refused(&self) -> bool {
        !self.full.is_empty()
    }

    fn seat(&mut self, tick: u32, player: PlayerId, seat: Seat) {
        let Some(row) = self.asked.remove(&player) else { return };
        let colour = free(row.colour, COLOURS, self.roll.rows.iter().map(|sitting| sitting.colour));
        let wanted = row.symbol.unwrap_or(colour);
        let symbol = free(Some(wanted), SYMBOLS, self.roll.rows.iter().map(|sitting| sitting.symbol));
        self.roll.over.retain(|over| over.player != player);
        self.roll.rows.push(DeskRow {
            player,
            seat,
            name: row.name,
            colour,
            symbol,
            bot: row.bot,
            n: row.n,
            run: row.run,
            last_named_tick: tick,
            last_input_tick: tick,
            away: row.away,
        });
        self.roll.rows.sort_by_key(|sitting| sitting.seat);
        self.changed();
    }

    fn end(&mut self, tick: u32, player: PlayerId, seat: Seat, points: u32, level: u16) {
        let at = self.roll.rows.iter().position(|sitting| sitting.seat == seat && sitting.player == player);
        let Some(sitting) = at.map(|at| self.roll.rows.remove(at)) else { return };
        if self.roll.over.len() == OVER_ROWS_MAX {
            self.roll.over.remove(0);
        }
        self.roll.over.push(Over { player, run: sitting.run, points, level, tick });
        self.changed();
    }
}

/// The one of `0..count` that he asked for if nobody has it, else the first that is free.
fn free(wanted: Option<u8>, count: u8, taken: impl Iterator<Item = u8>) -> u8 {
    let taken: BTreeSet<u8> = taken.collect();
    let is_free = |number: &u8| *number < count && !taken.contains(number);
    wanted.filter(is_free).or_else(|| (0..count).find(is_free)).unwrap_or(0)
}
