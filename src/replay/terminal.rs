//! `waka replay FILE`: shows a black box in the terminal, or only checks it. Says what was kept, what is missing, and how it ended; owns the exit
//! codes. Reads no arguments.

use std::fs;
use std::io;
use std::io::BufRead;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use super::End;
use super::Step;
use super::Stretch;
use super::Tick;
use super::drawing;
use crate::game::seating::Command;
use crate::game::world::World;
use crate::wire::Position;
use crate::wire::black_box::BlackBox;
use crate::wire::black_box::FILE_BYTES_MAX;

/// How fast it is shown at most.
pub const SPEED_MAX: f64 = 100.0;
const TICKS_PER_SECOND: f64 = 60.0;

/// What the person at the terminal asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    pub file: PathBuf,
    /// Ticks outside are stepped without being shown.
    pub from: Option<u32>,
    pub to: Option<u32>,
    /// 1 is as it was; 0 waits for Enter after each tick.
    pub speed: f64,
    /// Shows nothing.
    pub check: bool,
}

/// What came of it; the exit code tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    AsItWas = 0,
    /// It cannot be read, or came out otherwise.
    Otherwise = 1,
    /// A tick panics.
    Panics = 2,
}

/// Where it is shown, and where Enter comes from.
pub struct Terminal<'a> {
    pub out: &'a mut dyn Write,
    pub keys: &'a mut dyn BufRead,
    /// It understands the codes that put the cursor back; else each tick is written below the one before.
    pub moves_cursor: bool,
}

/// # Errors
/// When the file cannot be read or nothing can be written.
pub fn run(wanted: &Wanted, step: Step<'_>, terminal: &mut Terminal<'_>) -> io::Result<Verdict> {
    let bytes = read(wanted)?;
    let black_box = match BlackBox::decode(&bytes) {
        Ok(black_box) => black_box,
        Err(error) => {
            writeln!(terminal.out, "{}: {error}", wanted.file.display())?;
            return Ok(Verdict::Otherwise);
        }
    };
    writeln!(terminal.out, "maze {}", black_box.maze)?;
    let panicked = black_box.panicked;
    let stretches = super::stretches(black_box);
    if stretches.is_empty() {
        writeln!(terminal.out, "there is no whole world in it to begin with")?;
        return Ok(Verdict::Otherwise);
    }
    let mut verdict = Verdict::AsItWas;
    let mut repeated = panicked.is_none();
    for (index, stretch) in stretches.iter().enumerate() {
        introduce(stretch, index.checked_sub(1).and_then(|before| stretches.get(before)), terminal)?;
        match show(stretch, wanted, step, terminal)? {
            End::AsItWas => {}
            End::Left => return Ok(verdict),
            End::Differs { tick, was, is } => {
                writeln!(terminal.out, "tick {tick} comes out otherwise: its fingerprint was {was:08x} and is {is:08x}")?;
                return Ok(Verdict::Otherwise);
            }
            End::Panics { tick, commands } => {
                let so_it_did = panicked == Some(Position { epoch: stretch.epoch, tick });
                repeated |= so_it_did;
                let remark = if so_it_did { ", as it did when this was written" } else { "" };
                writeln!(terminal.out, "panics at tick {tick} with commands {}{remark}", in_words(&commands))?;
                verdict = Verdict::Panics;
            }
        }
    }
    if !repeated {
        let tick = panicked.map_or(0, |panicked| panicked.tick);
        writeln!(terminal.out, "tick {tick} panicked when this was written, and does not here")?;
        return Ok(Verdict::Otherwise);
    }
    if verdict == Verdict::AsItWas {
        writeln!(terminal.out, "all of it came out as it was")?;
    }
    Ok(verdict)
}

/// Never more than a black box may have, whatever the file is.
fn read(wanted: &Wanted) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(&wanted.file)?;
    io::Read::read_to_end(&mut io::Read::take(file, FILE_BYTES_MAX as u64 + 1), &mut bytes)?;
    Ok(bytes)
}

fn introduce(stretch: &Stretch, before: Option<&Stretch>, terminal: &mut Terminal<'_>) -> io::Result<()> {
    let after_tick = stretch.world.tick();
    if let Some(end) = before.map(Stretch::end_tick).filter(|end| *end < after_tick) {
        writeln!(terminal.out, "nothing is kept of ticks {} to {after_tick}", end.saturating_add(1))?;
    }
    let (epoch, first, end, fingerprints) = (stretch.epoch.0, after_tick.saturating_add(1), stretch.end_tick(), stretch.fingerprints());
    let program = &stretch.program;
    writeln!(terminal.out, "epoch {epoch}, led by {program}: ticks {first} to {end}, {fingerprints} fingerprints")
}

fn show(stretch: &Stretch, wanted: &Wanted, step: Step<'_>, terminal: &mut Terminal<'_>) -> io::Result<End> {
    let mut failed = None;
    let mut is_first = true;
    let end = super::run(stretch, step, |world, tick| {
        let is_shown = !wanted.check && wanted.from.is_none_or(|from| tick.tick >= from) && wanted.to.is_none_or(|to| tick.tick <= to);
        if !is_shown {
            return ControlFlow::Continue(());
        }
        let shown = draw(world, tick, is_first, terminal).and_then(|()| wait(wanted.speed, terminal));
        is_first = false;
        shown.unwrap_or_else(|error| {
            failed = Some(error);
            ControlFlow::Break(())
        })
    });
    failed.map_or(Ok(end), Err)
}

fn draw(world: &World, tick: &Tick, is_first: bool, terminal: &mut Terminal<'_>) -> io::Result<()> {
    let (home, line_end, below) = match (terminal.moves_cursor, is_first) {
        (true, true) => ("\x1b[2J\x1b[H", "\x1b[K\n", "\x1b[J"),
        (true, false) => ("\x1b[H", "\x1b[K\n", "\x1b[J"),
        (false, _) => ("", "\n", ""),
    };
    let mut text = String::from(home);
    for line in drawing::lines(world, &tick.commands) {
        text.push_str(&line);
        text.push_str(line_end);
    }
    text.push_str(below);
    terminal.out.write_all(text.as_bytes())?;
    terminal.out.flush()
}

/// Until the next tick is to be seen; whoever has no more keys has seen enough.
fn wait(speed: f64, terminal: &mut Terminal<'_>) -> io::Result<ControlFlow<()>> {
    if speed > 0.0 {
        std::thread::sleep(Duration::from_secs_f64(1.0 / (TICKS_PER_SECOND * speed.clamp(0.001, SPEED_MAX))));
        return Ok(ControlFlow::Continue(()));
    }
    let mut line = String::new();
    let read = terminal.keys.read_line(&mut line)?;
    Ok(if read == 0 || line.trim() == "q" { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
}

fn in_words(commands: &[Command]) -> String {
    let words: Vec<String> = commands.iter().map(|command| drawing::asked(*command)).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(" ") }
}
