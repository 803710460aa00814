//! The report as people read it: a table of times, then a line a matter.

use std::fmt;

use crate::swarm::report::Hostility;
use crate::swarm::report::Keys;
use crate::swarm::report::Own;
use crate::swarm::report::Report;
use crate::swarm::report::Server;
use crate::swarm::tally::Spread;

const MIB: f64 = 1_048_576.0;

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { players_asked, players_at_first, players_at_last, mazes, style, ramp_s, held_s, .. } = self;
        writeln!(
            out,
            "Waka swarm: {players_at_first} of {players_asked} players in {mazes} mazes, as {style}{}, at {}",
            if self.metronomes > 0 { format!(", {} of them as metronome", self.metronomes) } else { String::new() },
            self.urls.join(", ")
        )?;
        writeln!(out, "held for {held_s:.1} s after {ramp_s:.1} s; {players_at_last} had a seat at the end\n")?;
        writeln!(out, "| ms | p50 | p90 | p99 | p99.9 | max | mean | count |\n|---|---|---|---|---|---|---|---|")?;
        row(out, "key to another's frame", &self.latency_ms)?;
        if self.latency_by_style_ms.len() > 1 {
            for (style, spread) in &self.latency_by_style_ms {
                row(out, &format!("the same, keys of {style}"), spread)?;
            }
        }
        for (name, spread) in
            [("between frames", &self.gap_ms), ("connection to seat", &self.join_ms), ("the swarm's own delay", &self.swarm.late_ms)]
        {
            row(out, name, spread)?;
        }
        let rate = |rate: Option<f64>, digits: usize| rate.map_or_else(|| "unknown".to_owned(), |rate| format!("{rate:.digits$}"));
        writeln!(
            out,
            "\na player a second: {} bytes down, {} up (WebSocket headers included, TCP and IP not), {} frames",
            rate(self.bytes_down_per_player_s, 0),
            rate(self.bytes_up_per_player_s, 0),
            rate(self.frames_per_player_s, 1),
        )?;
        if self.spectators_asked > 0 {
            writeln!(
                out,
                "a spectator a second, of {}: {} bytes down, {} up, {} frames",
                self.spectators_asked,
                rate(self.bytes_down_per_spectator_s, 0),
                rate(self.bytes_up_per_spectator_s, 0),
                rate(self.frames_per_spectator_s, 1),
            )?;
        }
        if self.chat_lines_said > 0 {
            writeln!(out, "lines of chat: {} said, {} heard", self.chat_lines_said, self.chat_lines_heard)?;
        }
        writeln!(out, "keys: {} sent, {} that nobody else was seen to see", self.keys, self.keys_unseen)?;
        writeln!(
            out,
            "joins: {}, reconnects: {}, runs over: {}, departures: {}",
            self.joins, self.reconnects, self.runs_over, self.departures
        )?;
        let closes = list(self.closes.iter().map(|(name, count)| (name.as_str(), *count)));
        let unopened = list(self.unopened.iter().map(|(why, count)| (why.as_str(), *count)));
        let refusals = list(self.refusals.iter().map(|(name, count)| (*name, *count)));
        writeln!(out, "connections closed: {closes}; not opened: {unopened}; refused: {refusals}")?;
        writeln!(out, "server: {}\nredis: {}", self.server, self.redis_keys)?;
        if let Some(hostility) = &self.hostility {
            writeln!(out, "{hostility}")?;
        }
        writeln!(out, "swarm: {}", self.swarm)?;
        for judged in &self.budgets {
            let measured = judged.measured.map_or_else(|| "no figure".to_owned(), |measured| format!("{measured:.1}"));
            writeln!(out, "budget {}: {measured}, {}", judged.budget, if judged.met { "met" } else { "MISSED" })?;
        }
        Ok(())
    }
}

fn row(out: &mut fmt::Formatter<'_>, name: &str, spread: &Spread) -> fmt::Result {
    let Spread { count, mean, p50, p90, p99, p999, max } = spread;
    if *count == 0 {
        return writeln!(out, "| {name} | - | - | - | - | - | - | 0 |");
    }
    writeln!(out, "| {name} | {p50:.1} | {p90:.1} | {p99:.1} | {p999:.1} | {max:.1} | {mean:.1} | {count} |")
}

fn list<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> String {
    let told: Vec<String> = counts.map(|(name, count)| format!("{count} {name}")).collect();
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}

impl fmt::Display for Server {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { cpu_s, cpu_percent, memory_bytes_at_first, memory_bytes_at_last, memory_growth_bytes_per_minute } => {
                let (first, last) = (*memory_bytes_at_first as f64 / MIB, *memory_bytes_at_last as f64 / MIB);
                write!(out, "{cpu_s:.2} s of CPU, {cpu_percent:.0} % of a core; {first:.1} MiB at first, {last:.1} MiB at last")?;
                memory_growth_bytes_per_minute
                    .map_or(Ok(()), |growth| write!(out, ", growing by {:.1} KiB a minute in the later half", growth / 1024.0))
            }
            Self::Unknown { why } => write!(out, "CPU and memory unknown: {why}"),
        }
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { at_first, most, at_last } => write!(out, "{at_first} keys at first, {most} at most, {at_last} at last"),
            Self::Unknown { why } => write!(out, "keys unknown: {why}"),
        }
    }
}

impl fmt::Display for Hostility {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { clients, ended, latency_before_ms: before, latency_since_ms: since, shift_percent } = self;
        let shift = shift_percent.map_or_else(|| "unknown".to_owned(), |shift| format!("{shift:+.1} %"));
        let ended = list(ended.iter().map(|(how, count)| (how.as_str(), *count)));
        writeln!(
            out,
            "{clients} hostile clients in the second half; the others' p99 went from {:.1} to {:.1} ms: {shift}",
            before.p99, since.p99
        )?;
        write!(out, "they were ended: {ended}")
    }
}

impl fmt::Display for Own {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "its thread was busy for {:.0} % of the time", self.busy_percent)?;
        if let (Some(cpu_s), Some(memory_bytes)) = (self.cpu_s, self.memory_bytes) {
            write!(out, ", {cpu_s:.2} s of CPU, {:.1} MiB", memory_bytes as f64 / MIB)?;
        }
        match &self.bottleneck {
            Some(why) => write!(out, "\nTHE SWARM ITSELF WAS THE BOTTLENECK, the times above are its own: {why}"),
            None => write!(out, "; it was not the bottleneck"),
        }
    }
}
