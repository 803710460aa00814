//! Limits that a swarm is held to, such as `latency-p99=50ms`: how they are read, and whether they are met. Pure.
//!
//! A budget for what could not be measured is not met: no figure is no proof.

/// What can be limited. Quantiles are of histograms in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Latency(Quantile),
    /// Of the keys of metronomes alone.
    MetronomeLatency(Quantile),
    Gap(Quantile),
    Join(Quantile),
    BytesDown,
    BytesUp,
    Closes,
    Unopened,
    ServerCpu,
    ServerMemory,
    /// Bytes a minute.
    MemoryGrowth,
    RedisKeys,
    /// By how much the p99 of the latency is worse among hostile clients.
    HostileShift,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantile {
    P50,
    P90,
    P99,
    P999,
    Max,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Milliseconds,
    Bytes,
    Percent,
    Count,
}

/// The measures that are not of a histogram, with what they are.
const PLAIN: [(&str, Measure, Unit); 9] = [
    ("bytes-down", Measure::BytesDown, Unit::Bytes),
    ("bytes-up", Measure::BytesUp, Unit::Bytes),
    ("closes", Measure::Closes, Unit::Count),
    ("unopened", Measure::Unopened, Unit::Count),
    ("server-cpu", Measure::ServerCpu, Unit::Percent),
    ("server-memory", Measure::ServerMemory, Unit::Bytes),
    ("memory-growth", Measure::MemoryGrowth, Unit::Bytes),
    ("redis-keys", Measure::RedisKeys, Unit::Count),
    ("hostile-shift", Measure::HostileShift, Unit::Percent),
];
const QUANTILES: [(&str, Quantile); 5] =
    [("p50", Quantile::P50), ("p90", Quantile::P90), ("p99", Quantile::P99), ("p999", Quantile::P999), ("max", Quantile::Max)];
type OfQuantile = fn(Quantile) -> Measure;
const SPREADS: [(&str, OfQuantile); 4] =
    [("latency", Measure::Latency), ("metronome-latency", Measure::MetronomeLatency), ("gap", Measure::Gap), ("join", Measure::Join)];

/// What a measure may be at most.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    pub measure: Measure,
    /// As it was written: `latency-p99=50ms`.
    pub text: String,
    /// In milliseconds, bytes, percent of a core, or a number.
    pub limit: f64,
}

impl Budget {
    /// Reads `NAME=LIMIT`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, limit) = text.split_once('=').ok_or_else(|| format!("`{text}` is not NAME=LIMIT, such as latency-p99=50ms"))?;
        let (measure, unit) = named(name).ok_or_else(|| format!("`{name}` is not one of {}", names()))?;
        let limit = amount(limit, unit).ok_or_else(|| format!("`{limit}` is no limit of {name}, which takes {}", unit.examples()))?;
        Ok(Self { measure, text: text.to_owned(), limit })
    }

    /// Whether what was measured, if anything was, keeps within it.
    #[must_use]
    pub fn is_met(&self, measured: Option<f64>) -> bool {
        measured.is_some_and(|measured| measured <= self.limit)
    }
}

/// Every name that a budget may have, for people.
#[must_use]
pub fn names() -> String {
    let spreads: Vec<&str> = SPREADS.iter().map(|(name, _)| *name).collect();
    let quantiles: Vec<&str> = QUANTILES.iter().map(|(name, _)| *name).collect();
    let plain: Vec<&str> = PLAIN.iter().map(|(name, ..)| *name).collect();
    format!("{}, each with -{}; {}", spreads.join(", "), quantiles.join(", -"), plain.join(", "))
}

fn named(name: &str) -> Option<(Measure, Unit)> {
    if let Some((_, measure, unit)) = PLAIN.into_iter().find(|(known, ..)| *known == name) {
        return Some((measure, unit));
    }
    let (spread, quantile) = name.rsplit_once('-')?;
    let (_, of) = SPREADS.into_iter().find(|(known, _)| *known == spread)?;
    let (_, quantile) = QUANTILES.into_iter().find(|(known, _)| *known == quantile)?;
    Some((of(quantile), Unit::Milliseconds))
}

impl Unit {
    /// Endings, the longer first where one ends in another, with what they multiply by.
    const fn endings(self) -> &'static [(&'static str, f64)] {
        match self {
            Self::Milliseconds => &[("ms", 1.0), ("us", 0.001), ("s", 1000.0)],
            Self::Bytes => &[("KiB", 1024.0), ("MiB", 1_048_576.0), ("GiB", 1_073_741_824.0), ("B", 1.0), ("", 1.0)],
            Self::Percent => &[("%", 1.0)],
            Self::Count => &[("", 1.0)],
        }
    }

    const fn examples(self) -> &'static str {
        match self {
            Self::Milliseconds => "50ms or 1.5s",
            Self::Bytes => "1600B, 1.5KiB or 200MiB",
            Self::Percent => "80%",
            Self::Count => "a number",
        }
    }
}

fn amount(text: &str, unit: Unit) -> Option<f64> {
    let (ending, factor) = unit.endings().iter().find(|(ending, _)| text.ends_with(ending))?;
    let number: f64 = text.strip_suffix(ending)?.parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_read_with_its_unit() {
        for (text, measure, limit) in [
            ("latency-p99=50ms", Measure::Latency(Quantile::P99), 50.0),
            ("metronome-latency-p99=50ms", Measure::MetronomeLatency(Quantile::P99), 50.0),
            ("gap-max=1.5s", Measure::Gap(Quantile::Max), 1500.0),
            ("join-p50=800us", Measure::Join(Quantile::P50), 0.8),
            ("bytes-down=1.5KiB", Measure::BytesDown, 1536.0),
            ("bytes-up=90", Measure::BytesUp, 90.0),
            ("server-memory=200MiB", Measure::ServerMemory, 209_715_200.0),
            ("server-cpu=80%", Measure::ServerCpu, 80.0),
            ("closes=0", Measure::Closes, 0.0),
        ] {
            let budget = Budget::parse(text).unwrap();
            assert_eq!((budget.measure, budget.text.as_str()), (measure, text));
            assert!((budget.limit - limit).abs() < 1e-9, "{text}: {}", budget.limit);
        }
    }

    #[test]
    fn what_makes_no_sense_is_said_with_what_would() {
        for (text, told) in [
            ("latency", "NAME=LIMIT"),
            ("latency-p98=50ms", "latency, metronome-latency, gap, join"),
            ("speed=3", "bytes-down"),
            ("latency-p99=50", "50ms"),
            ("latency-p99=-1ms", "50ms"),
            ("latency-p99=NaNms", "50ms"),
            ("server-cpu=80", "80%"),
            ("closes=many", "a number"),
        ] {
            let problem = Budget::parse(text).unwrap_err();
            assert!(problem.contains(told), "{text}: {problem}");
        }
    }

    #[test]
    fn a_limit_may_be_reached_but_not_passed_and_no_figure_is_no_proof() {
        let budget = Budget::parse("latency-p99=50ms").unwrap();
        assert!(budget.is_met(Some(50.0)) && !budget.is_met(Some(50.1)) && !budget.is_met(None));
    }
}
