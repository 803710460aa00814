//! Where progress is told: over the last line on a terminal, line after line elsewhere.

use std::io;
use std::io::Write;
use std::time::Duration;

use tokio::time::Instant;

use crate::swarm::progress::Progress;
use crate::swarm::tally::Tally;

/// How often on a terminal, and how often where lines stay.
const TELL_EVERY: Duration = Duration::from_millis(500);
const TELL_EVERY_IN_A_FILE: Duration = Duration::from_secs(5);

pub struct Screen<'a> {
    pub out: &'a mut dyn Write,
    /// Whether a line may be written over the last one.
    pub is_terminal: bool,
}

pub(super) struct Teller {
    progress: Progress,
    told: Instant,
    is_open: bool,
}

impl Teller {
    pub(super) fn new(now: Instant) -> Self {
        Self { progress: Progress::default(), told: now, is_open: false }
    }

    pub(super) fn tell(&mut self, screen: &mut Screen<'_>, tally: &Tally, players: u32, now: Instant, left: Duration) -> io::Result<()> {
        let every = if screen.is_terminal { TELL_EVERY } else { TELL_EVERY_IN_A_FILE };
        if now - self.told < every {
            return Ok(());
        }
        let line = self.progress.line(tally, players, now - self.told, left);
        self.told = now;
        self.is_open = screen.is_terminal;
        // To the line's beginning, and over what is left of a longer one.
        if screen.is_terminal {
            write!(screen.out, "\r{line}\x1b[K")?;
        } else {
            writeln!(screen.out, "{line}")?;
        }
        screen.out.flush()
    }

    pub(super) fn finish(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        if self.is_open { writeln!(screen.out) } else { Ok(()) }
    }
}
