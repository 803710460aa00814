//! What a swarm counts: histograms of times, bytes, joins and ends. Pure; what is a rate is counted only while the swarm holds.
//!
//! Times are kept in microseconds to three digits (HDR histograms), from 1 µs to a minute; longer ones count as a minute.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::client::bot::Style;
use crate::client::counted::Traffic;
use crate::swarm::order::name_of;
use crate::wire::close::Close;

const LONGEST_US: u64 = 60_000_000;
const DIGITS: u8 = 3;
/// Reasons for which connections were not to be had, that are told apart.
const REASONS_MAX: usize = 16;

/// What is counted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Players arrive: joins and failures.
    Ramp,
    /// Everything.
    Hold,
    /// Players leave: nothing.
    Leave,
}

#[derive(Debug)]
pub(super) struct Tally {
    pub(super) phase: Phase,
    pub(super) latency: Times,
    /// By the style of who pressed the key.
    pub(super) latency_by_style: BTreeMap<&'static str, Times>,
    pub(super) gap: Times,
    /// From the beginning of a connection to its seat.
    pub(super) join: Times,
    /// How late the swarm's own timer rings.
    pub(super) late: Times,
    pub(super) players: Flow,
    pub(super) spectators: Flow,
    /// Of the players, those with a seat.
    pub(super) seated: u32,
    /// Latency since hostile clients came.
    pub(super) disturbed: Times,
    pub(super) is_disturbed: bool,
    /// How each kind of hostile client was ended.
    pub(super) hostile: BTreeMap<String, u64>,
    /// Lines of chat that somebody is to say.
    pub(super) chat_due: u64,
    pub(super) chat_said: u64,
    /// By every client that was told of one.
    pub(super) chat_heard: u64,
    /// Keys sent while it held, and those of them that nobody else was seen to see.
    pub(super) keys: u64,
    pub(super) unseen: u64,
    pub(super) joins: u64,
    /// Connections after a player's first.
    pub(super) reconnects: u64,
    pub(super) runs_over: u64,
    pub(super) closes: BTreeMap<String, u64>,
    /// By why.
    pub(super) unopened: BTreeMap<String, u64>,
    pub(super) refusals: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self {
            phase: Phase::Ramp,
            latency: Times::new(),
            latency_by_style: BTreeMap::new(),
            gap: Times::new(),
            join: Times::new(),
            late: Times::new(),
            players: Flow::default(),
            spectators: Flow::default(),
            seated: 0,
            disturbed: Times::new(),
            is_disturbed: false,
            hostile: BTreeMap::new(),
            chat_due: 0,
            chat_said: 0,
            chat_heard: 0,
            keys: 0,
            unseen: 0,
            joins: 0,
            reconnects: 0,
            runs_over: 0,
            closes: BTreeMap::new(),
            unopened: BTreeMap::new(),
            refusals: BTreeMap::new(),
        }
    }

    pub(super) fn holds(&self) -> bool {
        self.phase == Phase::Hold
    }

    pub(super) fn flow(&mut self, watches: bool) -> &mut Flow {
        if watches { &mut self.spectators } else { &mut self.players }
    }

    pub(super) fn traffic(&mut self, watches: bool, traffic: Traffic) {
        if self.holds() {
            let flow = self.flow(watches);
            flow.traffic.down_bytes += traffic.down_bytes;
            flow.traffic.up_bytes += traffic.up_bytes;
        }
    }

    /// A key of somebody who plays like this was seen by somebody else after so long.
    pub(super) fn seen(&mut self, style: Style, took: Duration) {
        self.latency.add(took);
        self.latency_by_style.entry(name_of(style)).or_insert_with(Times::new).add(took);
        if self.is_disturbed {
            self.disturbed.add(took);
        }
    }

    pub(super) fn hostile_ended(&mut self, kind: &'static str, ended: Result<Option<u16>, &'static str>) {
        if self.phase != Phase::Leave {
            let how = ended.map_or_else(str::to_owned, close_name);
            *self.hostile.entry(format!("{kind}: {how}")).or_default() += 1;
        }
    }

    pub(super) fn closed(&mut self, code: Option<u16>) {
        if self.phase != Phase::Leave {
            *self.closes.entry(close_name(code)).or_default() += 1;
        }
    }

    pub(super) fn refused(&mut self, name: &'static str) {
        *self.refusals.entry(name).or_default() += 1;
    }

    /// `why` may be anything that a system or a server says, so only so many are told apart.
    pub(super) fn unopened(&mut self, why: String) {
        let is_one_more = self.unopened.len() >= REASONS_MAX && !self.unopened.contains_key(&why);
        let why = if is_one_more { "other reasons".to_owned() } else { why };
        *self.unopened.entry(why).or_default() += 1;
    }

    /// So much time has passed with as many connected as are now.
    pub(super) fn passed(&mut self, time: Duration) {
        if self.holds() {
            for flow in [&mut self.players, &mut self.spectators] {
                flow.connected_for += time * flow.connected;
            }
        }
    }

    pub(super) fn closes_all(&self) -> u64 {
        self.closes.values().sum()
    }

    pub(super) fn unopened_all(&self) -> u64 {
        self.unopened.values().sum()
    }
}

/// What passes to and from clients of one part.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flow {
    pub(super) connected: u32,
    /// Connected clients times the time for which they were, while it held.
    pub(super) connected_for: Duration,
    pub(super) frames: u64,
    pub(super) traffic: Traffic,
}

impl Flow {
    /// `count` for each client and second of the hold.
    pub(super) fn per_second(&self, count: u64) -> Option<f64> {
        let seconds = self.connected_for.as_secs_f64();
        (seconds > 0.0).then(|| count as f64 / seconds)
    }
}

fn close_name(code: Option<u16>) -> String {
    let Some(code) = code else { return "lost".to_owned() };
    let known = Close::ALL.into_iter().map(Close::row).find(|row| row.0 == code);
    known.map_or_else(|| code.to_string(), |(code, name, _)| format!("{code} {name}"))
}

/// Durations, as a histogram.
#[derive(Clone, Debug)]
pub(super) struct Times(Histogram<u64>);

impl Times {
    pub(super) fn new() -> Self {
        // The bounds are constants that fit each other; a histogram that grows by itself is the same, only slower at first.
        let bounded = Histogram::new_with_bounds(1, LONGEST_US, DIGITS);
        Self(bounded.unwrap_or_else(|_| unreachable!("1 µs to a minute in three digits is a histogram")))
    }

    pub(super) fn add(&mut self, time: Duration) {
        self.0.saturating_record(u64::try_from(time.as_micros()).unwrap_or(LONGEST_US).clamp(1, LONGEST_US));
    }

    pub(super) fn spread(&self) -> Spread {
        let at = |quantile: f64| self.0.value_at_quantile(quantile) as f64 / 1000.0;
        let largest = self.0.max() as f64 / 1000.0;
        Spread {
            count: self.0.len(),
            mean: self.0.mean() / 1000.0,
            p50: at(0.5).min(largest),
            p90: at(0.9).min(largest),
            p99: at(0.99).min(largest),
            p999: at(0.999).min(largest),
            max: largest,
        }
    }
}

/// How times lie, in milliseconds; all zero when there are none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub count: u64,
    pub mean: f64,
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub p999: f64,
    pub max: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close_to(value: f64, wanted: f64) -> bool {
        (value - wanted).abs() <= wanted * 0.001 + 0.001
    }

    #[test]
    fn quantiles_are_those_of_the_times_to_three_digits() {
        let mut times = Times::new();
        // 1 to 1000 ms in an order that is not sorted.
        for step in 0..1000_u64 {
            times.add(Duration::from_millis(step * 7919 % 1000 + 1));
        }
        let spread = times.spread();
        assert_eq!(spread.count, 1000);
        for (value, wanted) in [(spread.mean, 500.5), (spread.p50, 500.0), (spread.p90, 900.0), (spread.p99, 990.0), (spread.p999, 999.0)] {
            assert!(close_to(value, wanted), "{value} is not {wanted}");
        }
        assert!(close_to(spread.max, 1000.0) && spread.p999 <= spread.max, "{spread:?}");
    }

    #[test]
    fn no_time_is_no_figure_and_what_is_too_long_is_the_longest() {
        assert_eq!(Times::new().spread(), Spread { count: 0, mean: 0.0, p50: 0.0, p90: 0.0, p99: 0.0, p999: 0.0, max: 0.0 });
        let mut times = Times::new();
        times.add(Duration::ZERO);
        times.add(Duration::from_secs(3600));
        let spread = times.spread();
        assert!(spread.count == 2 && close_to(spread.p50, 0.001) && close_to(spread.max, 60_000.0), "{spread:?}");
    }

    #[test]
    fn rates_are_of_those_who_are_connected_while_it_holds() {
        let mut tally = Tally::new();
        let packet = Traffic { down_bytes: 900, up_bytes: 30 };
        tally.traffic(false, packet);
        tally.players.connected = 3;
        tally.passed(Duration::from_secs(100));
        assert_eq!((tally.players.traffic, tally.players.per_second(1)), (Traffic::default(), None), "the ramp does not count");
        tally.phase = Phase::Hold;
        for _ in 0..10 {
            tally.traffic(false, packet);
        }
        tally.traffic(true, packet);
        tally.passed(Duration::from_secs(2));
        tally.players.connected = 1;
        tally.spectators.connected = 1;
        tally.passed(Duration::from_secs(3));
        // Three for two seconds and one for three are nine.
        assert_eq!(tally.players.per_second(tally.players.traffic.down_bytes), Some(1000.0));
        assert_eq!(tally.spectators.per_second(tally.spectators.traffic.up_bytes), Some(10.0));
        tally.phase = Phase::Leave;
        tally.traffic(false, packet);
        assert_eq!(tally.players.traffic.down_bytes, 9000);
    }

    #[test]
    fn only_what_is_seen_among_hostile_clients_is_disturbed() {
        let mut tally = Tally::new();
        tally.seen(Style::People, Duration::from_millis(10));
        tally.is_disturbed = true;
        tally.seen(Style::Metronome, Duration::from_millis(30));
        assert_eq!((tally.latency.spread().count, tally.disturbed.spread().count), (2, 1));
        let of = |style| tally.latency_by_style[style].spread();
        assert!(of("people").count == 1 && close_to(of("people").max, 10.0) && close_to(of("metronome").max, 30.0));
        tally.hostile_ended("flooder", Ok(Some(4005)));
        tally.hostile_ended("flooder", Err("not connected"));
        let ended: Vec<&str> = tally.hostile.keys().map(String::as_str).collect();
        assert_eq!(ended, ["flooder: 4005 too_fast", "flooder: not connected"]);
    }

    #[test]
    fn reasons_are_told_apart_up_to_a_bound() {
        let mut tally = Tally::new();
        for number in 0..1000 {
            tally.unopened(format!("reason {}", number % 500));
        }
        assert_eq!((tally.unopened.len(), tally.unopened_all()), (REASONS_MAX + 1, 1000));
        assert_eq!(tally.unopened.get("reason 3"), Some(&2));
    }

    #[test]
    fn ends_are_counted_by_code_and_name_but_not_of_those_who_were_told_to_leave() {
        let mut tally = Tally::new();
        for code in [Some(4000), Some(4008), Some(4008), None, Some(1006)] {
            tally.closed(code);
        }
        tally.phase = Phase::Leave;
        tally.closed(Some(4008));
        let closes: Vec<(&str, u64)> = tally.closes.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        assert_eq!(closes, [("1006", 1), ("4000 draining", 1), ("4008 too_slow", 2), ("lost", 1)]);
        assert_eq!(tally.closes_all(), 5);
    }
}
