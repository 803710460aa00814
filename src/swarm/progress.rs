//! The line that tells how a swarm is getting on, twice a second on a terminal. Pure.

use std::fmt::Write;
use std::time::Duration;

use crate::swarm::tally::Phase;
use crate::swarm::tally::Tally;

/// What has passed since the last line, to tell rates.
#[derive(Debug, Default)]
pub(super) struct Progress {
    frames: u64,
    down_bytes: u64,
}

impl Progress {
    /// `since` is the time since the last line, `left` what is left of the phase.
    pub(super) fn line(&mut self, tally: &Tally, players: u32, since: Duration, left: Duration) -> String {
        let phase = match tally.phase {
            Phase::Ramp => "arriving".to_owned(),
            Phase::Hold => format!("{:.0} s left", left.as_secs_f64()),
            Phase::Leave => "leaving".to_owned(),
        };
        let mut line =
            format!("{phase}: {} connected, {} of {players} seated", tally.players.connected + tally.spectators.connected, tally.seated);
        let frames_all = tally.players.frames + tally.spectators.frames;
        let down_bytes_all = tally.players.traffic.down_bytes + tally.spectators.traffic.down_bytes;
        let seconds = since.as_secs_f64();
        if tally.phase == Phase::Hold && seconds > 0.0 {
            let frames = (frames_all - self.frames) as f64 / seconds;
            let bytes = (down_bytes_all - self.down_bytes) as f64 / seconds;
            let latency = tally.latency.spread();
            let _ = write!(line, ", {frames:.0} frames/s, {:.0} KiB/s down", bytes / 1024.0);
            let _ = write!(line, ", a key is seen after {:.0} ms (p50), {:.0} (p99)", latency.p50, latency.p99);
        }
        (self.frames, self.down_bytes) = (frames_all, down_bytes_all);
        let failures = tally.closes.values().sum::<u64>() + tally.unopened.values().sum::<u64>();
        if failures > 0 {
            let _ = write!(line, ", {failures} closed or not opened");
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_rates_of_what_has_passed_since_the_last_line() {
        let mut tally = Tally::new();
        (tally.players.connected, tally.seated) = (8, 7);
        let mut progress = Progress::default();
        let half = Duration::from_millis(500);
        assert_eq!(progress.line(&tally, 9, half, Duration::ZERO), "arriving: 8 connected, 7 of 9 seated");
        tally.phase = Phase::Hold;
        tally.players.frames = 100;
        progress.line(&tally, 9, half, Duration::from_secs(3));
        tally.players.frames = 160;
        tally.players.traffic.down_bytes = 10_240;
        tally.latency.add(Duration::from_millis(12));
        tally.closed(None);
        let line = progress.line(&tally, 9, half, Duration::from_secs(2));
        for told in ["2 s left: 8 connected", "120 frames/s, 20 KiB/s down", "after 12 ms (p50)", ", 1 closed or not opened"] {
            assert!(line.contains(told), "{told} is missing in {line}");
        }
    }
}
