//! The few numbers that AWS's alarms and scaling need, as one line a minute in CloudWatch's embedded metric format. Pure: it is made from the text of
//! `/metrics`, so it cannot tell anything else.
//!
//! Names, units and the dimension are relied on by alarms: docs/logging.md lists them. A minute, because that is the resolution of a metric that
//! costs nothing extra, of its alarms and of target tracking; more often would be more lines for the same.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::iter_over_hash_type)]

use std::time::Duration;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use tokio::time::Instant;

use crate::telemetry::metrics;

pub const PERIOD: Duration = Duration::from_secs(60);
pub const NAMESPACE: &str = "Waka";
pub const DIMENSION: &str = "Service";
/// Metrics by name and unit, in the order in which they are written.
pub const METRICS: [(&str, &str); 10] = [
    ("Connections", "Count"),
    ("Players", "Count"),
    ("MazesLed", "Count"),
    ("MazesWithoutLeader", "Count"),
    ("LateTicks", "Count"),
    ("Errors", "Count"),
    ("LogDrops", "Count"),
    ("RedisReconnects", "Count"),
    ("TickP99", "Milliseconds"),
    ("CommitP99", "Milliseconds"),
];

pub struct Digest {
    service: String,
    instance: String,
    due: Instant,
    /// The most at once since the last line: a maze that found its leader within the minute still was without.
    leaderless: u32,
    before: Numbers,
}

impl Digest {
    #[must_use]
    pub fn new(service: String, instance: String, now: Instant) -> Self {
        Self { service, instance, due: now + PERIOD, leaderless: 0, before: Numbers::default() }
    }

    /// Mazes without a leader at some moment.
    pub fn saw_leaderless(&mut self, mazes: u32) {
        self.leaderless = self.leaderless.max(mazes);
    }

    /// Whether a line should be written now.
    pub fn is_due(&mut self, now: Instant) -> bool {
        let due = now >= self.due;
        if due {
            self.due = now + PERIOD;
        }
        due
    }

    /// What has been since the last line, as `text` of `/metrics` has it.
    pub fn line(&mut self, unix_ms: u64, text: &str) -> String {
        let now = Numbers::read(text);
        let values = METRICS.map(|(name, unit)| (name, unit, self.value(name, &now)));
        let told: Vec<Value> =
            values.iter().filter(|(_, _, value)| value.is_some()).map(|(name, unit, _)| json!({"Name": name, "Unit": unit})).collect();
        let directive = json!([{"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": told}]);
        let mut line = Map::new();
        line.insert("_aws".to_owned(), json!({"Timestamp": unix_ms, "CloudWatchMetrics": directive}));
        line.insert(DIMENSION.to_owned(), json!(self.service));
        line.insert("instance".to_owned(), json!(self.instance));
        line.insert("event".to_owned(), json!("digest"));
        line.extend(values.into_iter().filter_map(|(name, _, value)| Some((name.to_owned(), json!(value?)))));
        self.before = now;
        self.leaderless = 0;
        Value::Object(line).to_string()
    }

    /// `None` where nothing was measured: no number is not zero.
    fn value(&self, name: &str, now: &Numbers) -> Option<f64> {
        let since = |series: &str| Some(now.sum(series) - self.before.sum(series));
        match name {
            "Connections" => Some(now.sum(metrics::CONNECTIONS)),
            "Players" => Some(now.sum(metrics::PLAYERS)),
            "MazesLed" => Some(now.sum(metrics::MAZES_LED)),
            "MazesWithoutLeader" => Some(now.sum(metrics::MAZES_WITHOUT_LEADER).max(f64::from(self.leaderless))),
            "LateTicks" => since(metrics::LATE_TICKS),
            "Errors" => since("waka_log_lines_total{level=\"error\"}"),
            "LogDrops" => since(metrics::LOG_LINES_DROPPED),
            "RedisReconnects" => since(metrics::REDIS_RECONNECTS),
            "TickP99" => now.p99_ms(metrics::STEP, &self.before),
            "CommitP99" => now.p99_ms(metrics::COMMIT, &self.before),
            _ => None,
        }
    }
}

/// Series and values in the order of the text.
#[derive(Default)]
struct Numbers(Vec<(String, f64)>);

impl Numbers {
    fn read(text: &str) -> Self {
        let series = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '));
        Self(series.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect())
    }

    /// Over all labels if `series` names none.
    fn sum(&self, series: &str) -> f64 {
        let is_it = |name: &str| name.strip_prefix(series).is_some_and(|rest| rest.is_empty() || rest.starts_with('{'));
        self.0.iter().filter(|(name, _)| is_it(name)).fold(0.0, |sum, (_, value)| sum + value)
    }

    /// Upper bounds in seconds and how many were below, all told.
    fn buckets(&self, histogram: &str) -> Vec<(f64, f64)> {
        let prefix = format!("{histogram}_bucket{{le=\"");
        let of_it = self.0.iter().filter_map(|(name, count)| Some((name.strip_prefix(&prefix)?.strip_suffix("\"}")?, count)));
        of_it.filter_map(|(bound, count)| Some((bound.parse().ok()?, *count))).collect()
    }

    /// Of what came since `before`, straight between the bounds of the bucket that holds it; at most the last bound.
    fn p99_ms(&self, histogram: &str, before: &Self) -> Option<f64> {
        let old = before.buckets(histogram);
        let new = self.buckets(histogram);
        let since: Vec<(f64, f64)> =
            new.iter().enumerate().map(|(n, (bound, count))| (*bound, count - old.get(n).map_or(0.0, |(_, count)| *count))).collect();
        let all = since.last().map(|(_, count)| *count).filter(|all| *all > 0.0)?;
        let wanted = all * 0.99;
        let (mut low, mut below) = (0.0, 0.0);
        for (bound, count) in since {
            if count >= wanted {
                let share = if count > below { (wanted - below) / (count - below) } else { 1.0 };
                let seconds = if bound.is_finite() { low + (bound - low) * share } else { low };
                // To a microsecond: more digits would be bytes, not knowledge.
                return Some((seconds * 1e6).round() / 1e3);
            }
            (low, below) = (bound, count);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: &str = "\
# HELP waka_connections WebSockets that are open
# TYPE waka_connections gauge
waka_connections 12
waka_players 9
waka_mazes_led 3
waka_mazes_without_leader 0
waka_late_ticks_total 5
waka_log_lines_total{level=\"error\"} 2
waka_log_lines_total{level=\"info\"} 700
waka_log_lines_dropped_total{to=\"stderr\"} 3
waka_log_lines_dropped_total{to=\"cloudwatch\"} 4
waka_redis_reconnects_total{connection=\"commits\"} 1
waka_commit_seconds_bucket{le=\"0.001\"} 0
waka_commit_seconds_bucket{le=\"0.002\"} 98
waka_commit_seconds_bucket{le=\"0.004\"} 100
waka_commit_seconds_bucket{le=\"+Inf\"} 100
waka_commit_seconds_sum 0.2
waka_commit_seconds_count 100
";

    fn digest() -> Digest {
        Digest::new("waka".to_owned(), "waka-1".to_owned(), Instant::now())
    }

    fn told(digest: &mut Digest, text: &str) -> Value {
        serde_json::from_str(&digest.line(1_000, text)).expect("JSON")
    }

    #[test]
    fn it_has_the_names_that_alarms_rely_on() {
        let line = told(&mut digest(), MINUTE);
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(
            (&line["_aws"]["Timestamp"], &directive["Namespace"], &directive["Dimensions"]),
            (&json!(1000), &json!("Waka"), &json!([["Service"]]))
        );
        assert_eq!((&line["Service"], &line["instance"]), (&json!("waka"), &json!("waka-1")));
        let expected = [("Connections", 12.0), ("Players", 9.0), ("MazesLed", 3.0), ("MazesWithoutLeader", 0.0), ("LateTicks", 5.0)];
        for (name, value) in expected.into_iter().chain([("Errors", 2.0), ("LogDrops", 7.0), ("RedisReconnects", 1.0), ("CommitP99", 3.0)])
        {
            assert_eq!(line[name].as_f64(), Some(value), "{name}");
        }
    }

    #[test]
    fn what_was_not_measured_is_not_told_and_every_metric_told_has_a_value() {
        let line = told(&mut digest(), MINUTE);
        assert!(line.get("TickP99").is_none(), "no tick was taken");
        let names = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array().expect("a list").clone();
        assert_eq!(names.len(), METRICS.len() - 1);
        for metric in names {
            assert!(line[metric["Name"].as_str().expect("a name")].is_number(), "{metric}");
        }
    }

    #[test]
    fn counters_and_percentiles_are_those_of_the_minute() {
        let mut digest = digest();
        told(&mut digest, MINUTE);
        let next = MINUTE.replace("waka_late_ticks_total 5", "waka_late_ticks_total 6").replace("} 100", "} 300");
        let line = told(&mut digest, &next);
        assert_eq!((line["LateTicks"].as_f64(), line["Errors"].as_f64(), line["Connections"].as_f64()), (Some(1.0), Some(0.0), Some(12.0)));
        assert_eq!(line["CommitP99"].as_f64(), Some(3.98), "all two hundred new ones lie between 2 and 4 ms");
        assert!(told(&mut digest, &next).get("CommitP99").is_none(), "a minute without a commit");
    }

    #[test]
    fn a_maze_without_a_leader_is_told_even_if_it_has_one_again() {
        let (start, mut digest) = (Instant::now(), digest());
        digest.saw_leaderless(2);
        digest.saw_leaderless(0);
        assert!(!digest.is_due(start + PERIOD / 2) && digest.is_due(start + PERIOD * 2) && !digest.is_due(start + PERIOD * 2));
        assert_eq!(told(&mut digest, MINUTE)["MazesWithoutLeader"].as_f64(), Some(2.0));
        assert_eq!(told(&mut digest, MINUTE)["MazesWithoutLeader"].as_f64(), Some(0.0));
    }
}
