//! What in the log is a fault, for whoever runs the service: events of level warn or error that have a name, picked out as they are written.
//!
//! They wait in a bounded queue for somebody who carries them away; when it is full the newest is dropped and counted, because the oldest tell how
//! trouble began (T1). What they are written to, and how often, is not decided here, and whoever carries them writes nothing into the log.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use serde::Serialize;
use tracing::Level;
use tracing::Subscriber;
use tracing::field::Field;
use tracing::field::Visit;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::telemetry::metrics;

/// Faults that wait to be carried away; the sampling of noisy kinds makes that some minutes of trouble.
pub const FAULTS_WAITING_MAX: usize = 256;
/// Of one fault; the tables of docs/logging.md have at most seven.
const FIELDS_MAX: usize = 10;
/// Of one field: the beginning tells what it is, the log has the rest.
const VALUE_BYTES_MAX: usize = 240;

/// One line of the log, as far as it is worth keeping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Milliseconds since 1970.
    pub at: u64,
    pub level: &'static str,
    pub event: String,
    pub what: String,
    pub fields: BTreeMap<&'static str, String>,
}

/// The way from the log to whoever carries faults away; clones share it.
#[derive(Clone, Default)]
pub struct Waiting {
    queue: Arc<Mutex<VecDeque<Fault>>>,
}

impl Waiting {
    /// What the log of this process puts them into.
    #[must_use]
    pub fn of_this_process() -> Self {
        static WAITING: OnceLock<Waiting> = OnceLock::new();
        WAITING.get_or_init(Self::default).clone()
    }

    fn put(&self, fault: Fault) {
        let mut queue = self.queue();
        if queue.len() < FAULTS_WAITING_MAX {
            queue.push_back(fault);
        } else {
            metrics::fault_lost();
        }
    }

    /// Stays first in line until it is `carried`.
    #[must_use]
    pub fn oldest(&self) -> Option<Fault> {
        self.queue().front().cloned()
    }

    pub fn carried(&self) {
        self.queue().pop_front();
    }

    /// A panic under the lock, as in a hook of panics, leaves whole values behind.
    fn queue(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The part of the log that picks them out.
pub struct Picking {
    pub to: Waiting,
}

impl<S: Subscriber> Layer<S> for Picking {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let level = match *event.metadata().level() {
            Level::ERROR => "error",
            Level::WARN => "warn",
            _ => return,
        };
        let mut reading = Reading::default();
        event.record(&mut reading);
        let Reading { event: Some(event), what, fields } = reading else { return };
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        self.to.put(Fault { at, level, event, what, fields });
    }
}

/// An event's name, its message and its fields, each cut to a bound.
#[derive(Default)]
struct Reading {
    event: Option<String>,
    what: String,
    fields: BTreeMap<&'static str, String>,
}

impl Reading {
    fn take(&mut self, field: &Field, text: &str) {
        let text = cut(text);
        match field.name() {
            "event" => self.event = Some(text),
            "message" => self.what = text,
            // As long as a page, and of no use without the source at hand.
            "backtrace" => {}
            name if self.fields.len() < FIELDS_MAX => drop(self.fields.insert(name, text)),
            _ => {}
        }
    }
}

impl Visit for Reading {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field, &format!("{value:?}"));
    }
}

fn cut(text: &str) -> String {
    if text.len() <= VALUE_BYTES_MAX {
        return text.to_owned();
    }
    let end = (0..=VALUE_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    /// What is picked of what `log` logs.
    fn picked(log: impl FnOnce()) -> Vec<Fault> {
        let waiting = Waiting::default();
        let subscriber = tracing_subscriber::registry().with(Picking { to: waiting.clone() });
        tracing::subscriber::with_default(subscriber, log);
        std::iter::from_fn(|| {
            let oldest = waiting.oldest();
            waiting.carried();
            oldest
        })
        .collect()
    }

    #[test]
    fn warnings_and_errors_with_a_name_are_faults_and_nothing_else_is() {
        let faults = picked(|| {
            tracing::info!(event = "open", "life");
            tracing::warn!("a library without a name for it");
            tracing::warn!(event = "redis_lost", "the connection broke");
            tracing::error!(event = "maze_panicked", maze = %"open-1", tick = 7_u32, backtrace = "long", "a maze panicked");
        });
        let told: Vec<_> = faults.iter().map(|fault| (fault.level, fault.event.as_str(), fault.what.as_str())).collect();
        assert_eq!(told, [("warn", "redis_lost", "the connection broke"), ("error", "maze_panicked", "a maze panicked")]);
        let fields: Vec<_> = faults[1].fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(fields, [("maze", "open-1"), ("tick", "7")]);
        assert!(faults[0].at > 1_700_000_000_000, "milliseconds since 1970");
    }

    #[test]
    fn a_long_value_is_cut_at_a_character() {
        for shift in 0..3 {
            let long = "a".repeat(shift) + &"둘".repeat(1_000);
            let fault = picked(|| tracing::warn!(event = "x", error = long.as_str(), "{}", long)).remove(0);
            for text in [&fault.fields["error"], &fault.what] {
                let kept = text.strip_suffix('…').expect("the mark");
                assert!(long.starts_with(kept) && (VALUE_BYTES_MAX - 3..=VALUE_BYTES_MAX).contains(&kept.len()), "{}", kept.len());
            }
        }
    }

    #[test]
    fn t1_a_flood_keeps_its_oldest() {
        let faults = picked(|| {
            for n in 0..FAULTS_WAITING_MAX + 10 {
                tracing::warn!(event = "flood", n, "one of many");
            }
        });
        assert_eq!(faults.len(), FAULTS_WAITING_MAX);
        assert_eq!((faults[0].fields["n"].as_str(), faults[FAULTS_WAITING_MAX - 1].fields["n"].as_str()), ("0", "255"));
    }
}
