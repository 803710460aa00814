//! What a swarm found out: as JSON, as a table for people, and whether its budgets are met. Pure but for
//! writing the file.
//!
//! It names what it could not measure and why, and says so when the swarm itself was too busy for its times to be believed.

mod table;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::client::bot::Style;
use crate::swarm::budget::Measure;
use crate::swarm::budget::Quantile;
use crate::swarm::machine::Taken;
use crate::swarm::order::Order;
use crate::swarm::order::name_of;
use crate::swarm::slope;
use crate::swarm::tally::Spread;
use crate::swarm::tally::Tally;

/// Above this share of its one thread the swarm itself delays what it measures.
pub const BUSY_SHARE_MAX: f64 = 0.8;
/// As when its own timer rings later than this in one of a hundred cases.
pub const LATE_P99_MS_MAX: f64 = 10.0;

#[derive(Debug, Serialize)]
pub struct Report {
    pub urls: Vec<String>,
    pub style: &'static str,
    /// Players who are metronomes, whatever the style.
    pub metronomes: u32,
    pub players_asked: u32,
    /// With a seat when it began to hold, and at the end.
    pub players_at_first: u32,
    pub players_at_last: u32,
    pub mazes: u32,
    pub ramp_s: f64,
    pub held_s: f64,
    /// From a key's send to the first frame at another client of the maze that shows it.
    pub latency_ms: Spread,
    /// The same by the style of who pressed the key.
    pub latency_by_style_ms: BTreeMap<&'static str, Spread>,
    /// Between two frames at a client.
    pub gap_ms: Spread,
    /// From the beginning of a connection to its seat.
    pub join_ms: Spread,
    pub keys: u64,
    /// Keys that no other client was seen to see.
    pub keys_unseen: u64,
    pub spectators_asked: u32,
    pub frames_per_player_s: Option<f64>,
    pub frames_per_spectator_s: Option<f64>,
    /// WebSocket headers included, those of TCP and IP not.
    pub bytes_down_per_player_s: Option<f64>,
    pub bytes_up_per_player_s: Option<f64>,
    pub bytes_down_per_spectator_s: Option<f64>,
    pub bytes_up_per_spectator_s: Option<f64>,
    pub chat_lines_said: u64,
    /// By all who were told of one, those of before they came included.
    pub chat_lines_heard: u64,
    pub joins: u64,
    pub reconnects: u64,
    pub runs_over: u64,
    /// Players who left for good and were replaced.
    pub departures: u64,
    pub closes: BTreeMap<String, u64>,
    pub unopened: BTreeMap<String, u64>,
    pub refusals: BTreeMap<&'static str, u64>,
    pub server: Server,
    pub redis_keys: Keys,
    /// If there were hostile clients.
    pub hostility: Option<Hostility>,
    pub swarm: Own,
    pub budgets: Vec<Judged>,
}

/// The server's process, if it runs on this machine and was named.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Server {
    Known {
        cpu_s: f64,
        /// Percent of one core.
        cpu_percent: f64,
        memory_bytes_at_first: u64,
        memory_bytes_at_last: u64,
        /// Over the later half of the time, if it was long enough to tell.
        memory_growth_bytes_per_minute: Option<f64>,
    },
    Unknown {
        why: String,
    },
}

/// What the server's Redis holds, if it was named.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Keys {
    Known { at_first: u64, most: u64, at_last: u64 },
    Unknown { why: String },
}

/// What hostile clients did to the others.
#[derive(Debug, Serialize)]
pub struct Hostility {
    pub clients: u32,
    /// How each kind was ended, and how often.
    pub ended: BTreeMap<String, u64>,
    pub latency_before_ms: Spread,
    pub latency_since_ms: Spread,
    /// Of the p99, in percent; below zero it got better.
    pub shift_percent: Option<f64>,
}

/// What the swarm took itself.
#[derive(Debug, Serialize)]
pub struct Own {
    /// Percent of its one thread.
    pub busy_percent: f64,
    /// How late its own timer rang.
    pub late_ms: Spread,
    pub cpu_s: Option<f64>,
    pub memory_bytes: Option<u64>,
    /// Why its figures are not to be believed.
    pub bottleneck: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Judged {
    pub budget: String,
    pub measured: Option<f64>,
    pub met: bool,
}

/// What is measured beside the tally.
pub(super) struct Measured {
    pub(super) ramp: Duration,
    pub(super) held: Duration,
    pub(super) players_at_first: u32,
    /// Before and after.
    pub(super) server: Result<[Taken; 2], String>,
    pub(super) own: Result<[Taken; 2], String>,
    pub(super) busy: Duration,
    pub(super) departed: u64,
    /// Of the server's process, by the time since the hold began.
    pub(super) memory: Vec<(Duration, u64)>,
    /// Of Redis, from first to last.
    pub(super) keys: Vec<Result<u64, String>>,
    /// The latency before hostile clients came, if they did.
    pub(super) calm: Option<Spread>,
}

impl Report {
    pub(super) fn new(order: &Order, tally: &Tally, measured: &Measured) -> Self {
        let (players, spectators) = (tally.players, tally.spectators);
        let mut report = Self {
            urls: order.urls.clone(),
            style: name_of(order.style),
            metronomes: order.metronomes,
            players_asked: order.players,
            players_at_first: measured.players_at_first,
            players_at_last: tally.seated,
            mazes: order.mazes(),
            ramp_s: measured.ramp.as_secs_f64(),
            held_s: measured.held.as_secs_f64(),
            latency_ms: tally.latency.spread(),
            latency_by_style_ms: tally.latency_by_style.iter().map(|(style, times)| (*style, times.spread())).collect(),
            gap_ms: tally.gap.spread(),
            join_ms: tally.join.spread(),
            keys: tally.keys,
            keys_unseen: tally.unseen,
            spectators_asked: order.spectators,
            frames_per_player_s: players.per_second(players.frames),
            frames_per_spectator_s: spectators.per_second(spectators.frames),
            bytes_down_per_player_s: players.per_second(players.traffic.down_bytes),
            bytes_up_per_player_s: players.per_second(players.traffic.up_bytes),
            bytes_down_per_spectator_s: spectators.per_second(spectators.traffic.down_bytes),
            bytes_up_per_spectator_s: spectators.per_second(spectators.traffic.up_bytes),
            chat_lines_said: tally.chat_said,
            chat_lines_heard: tally.chat_heard,
            joins: tally.joins,
            reconnects: tally.reconnects,
            runs_over: tally.runs_over,
            departures: measured.departed,
            closes: tally.closes.clone(),
            unopened: tally.unopened.clone(),
            refusals: tally.refusals.clone(),
            server: Server::new(measured),
            redis_keys: Keys::new(&measured.keys),
            hostility: measured.calm.map(|calm| Hostility::new(order, tally, calm)),
            swarm: Own::new(tally, measured),
            budgets: Vec::new(),
        };
        report.budgets = order
            .budgets
            .iter()
            .map(|budget| {
                let measured = report.measured(budget.measure);
                Judged { budget: budget.text.clone(), measured, met: budget.is_met(measured) }
            })
            .collect();
        report
    }

    pub fn write_json(&self, file: &Path) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(self).map_err(io::Error::from)?;
        text.push('\n');
        fs::write(file, text).map_err(|error| io::Error::new(error.kind(), format!("cannot write {}: {error}", file.display())))
    }

    #[must_use]
    pub fn meets_its_budgets(&self) -> bool {
        self.budgets.iter().all(|judged| judged.met)
    }

    /// In the unit of its budget.
    fn measured(&self, measure: Measure) -> Option<f64> {
        match measure {
            Measure::Latency(quantile) => self.latency_ms.at(quantile),
            Measure::MetronomeLatency(quantile) => {
                self.latency_by_style_ms.get(name_of(Style::Metronome)).and_then(|spread| spread.at(quantile))
            }
            Measure::Gap(quantile) => self.gap_ms.at(quantile),
            Measure::Join(quantile) => self.join_ms.at(quantile),
            Measure::BytesDown => self.bytes_down_per_player_s,
            Measure::BytesUp => self.bytes_up_per_player_s,
            Measure::Closes => Some(self.closes.values().sum::<u64>() as f64),
            Measure::Unopened => Some(self.unopened.values().sum::<u64>() as f64),
            Measure::ServerCpu => match self.server {
                Server::Known { cpu_percent, .. } => Some(cpu_percent),
                Server::Unknown { .. } => None,
            },
            Measure::ServerMemory => match self.server {
                Server::Known { memory_bytes_at_last, .. } => Some(memory_bytes_at_last as f64),
                Server::Unknown { .. } => None,
            },
            Measure::MemoryGrowth => match self.server {
                Server::Known { memory_growth_bytes_per_minute, .. } => memory_growth_bytes_per_minute,
                Server::Unknown { .. } => None,
            },
            Measure::RedisKeys => match self.redis_keys {
                Keys::Known { most, .. } => Some(most as f64),
                Keys::Unknown { .. } => None,
            },
            Measure::HostileShift => self.hostility.as_ref().and_then(|hostility| hostility.shift_percent),
        }
    }
}

impl Spread {
    fn at(&self, quantile: Quantile) -> Option<f64> {
        (self.count > 0).then_some(match quantile {
            Quantile::P50 => self.p50,
            Quantile::P90 => self.p90,
            Quantile::P99 => self.p99,
            Quantile::P999 => self.p999,
            Quantile::Max => self.max,
        })
    }
}

impl Server {
    fn new(measured: &Measured) -> Self {
        match &measured.server {
            Ok([first, last]) => {
                let cpu = last.cpu.saturating_sub(first.cpu);
                Self::Known {
                    cpu_s: cpu.as_secs_f64(),
                    cpu_percent: percent(cpu, measured.held),
                    memory_bytes_at_first: first.memory_bytes,
                    memory_bytes_at_last: last.memory_bytes,
                    memory_growth_bytes_per_minute: slope::per_minute(&measured.memory),
                }
            }
            Err(why) => Self::Unknown { why: why.clone() },
        }
    }
}

impl Keys {
    fn new(counts: &[Result<u64, String>]) -> Self {
        let known: Vec<u64> = counts.iter().filter_map(|count| count.as_ref().ok().copied()).collect();
        match (known.first(), known.iter().max(), known.last()) {
            (Some(at_first), Some(most), Some(at_last)) => Self::Known { at_first: *at_first, most: *most, at_last: *at_last },
            _ => Self::Unknown { why: counts.iter().find_map(|count| count.as_ref().err().cloned()).unwrap_or_default() },
        }
    }
}

impl Hostility {
    fn new(order: &Order, tally: &Tally, before: Spread) -> Self {
        let since = tally.disturbed.spread();
        let both = before.count > 0 && since.count > 0;
        Self {
            clients: order.hostile,
            ended: tally.hostile.clone(),
            latency_before_ms: before,
            latency_since_ms: since,
            shift_percent: both.then(|| (since.p99 / before.p99 - 1.0) * 100.0),
        }
    }
}

impl Own {
    fn new(tally: &Tally, measured: &Measured) -> Self {
        let taken = measured.own.as_ref().ok();
        let (busy_percent, late_ms) = (percent(measured.busy, measured.held), tally.late.spread());
        // A thread that had much to do and little of a processor was kept from it by somebody else.
        let cpu = taken.map(|[first, last]| last.cpu.saturating_sub(first.cpu));
        let starved = cpu.map(|cpu| percent(cpu, measured.held)).filter(|cpu_percent| *cpu_percent < BUSY_SHARE_MAX * 50.0);
        let because = starved.map_or_else(String::new, |cpu_percent| {
            format!("; it used {cpu_percent:.0} % of a processor, so something else on this machine kept it waiting")
        });
        let bottleneck = if busy_percent > BUSY_SHARE_MAX * 100.0 {
            Some(format!("its thread was busy for {busy_percent:.0} % of the time, above {:.0} %{because}", BUSY_SHARE_MAX * 100.0))
        } else if late_ms.p99 > LATE_P99_MS_MAX {
            Some(format!("its own timer rang {:.1} ms late (p99), above {LATE_P99_MS_MAX:.0} ms{because}", late_ms.p99))
        } else {
            None
        };
        Self {
            busy_percent,
            late_ms,
            cpu_s: cpu.map(|cpu| cpu.as_secs_f64()),
            memory_bytes: taken.map(|[_, last]| last.memory_bytes),
            bottleneck,
        }
    }
}

fn percent(part: Duration, whole: Duration) -> f64 {
    if whole.is_zero() { 0.0 } else { part.as_secs_f64() / whole.as_secs_f64() * 100.0 }
}

#[cfg(test)]
mod tests;
