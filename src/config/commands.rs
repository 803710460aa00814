//! What `waka` can be asked to do besides serving: the commands with their operand and the options that are theirs alone.
//!
//! `--help` is printed from the same tables. What a command needs of the other options is checked here, at the end of reading.

use std::fmt::Write;
use std::path::PathBuf;

use crate::backplane::RedisAddress;
use crate::config::Config;
use crate::config::Invocation;
use crate::replay::terminal::SPEED_MAX;
use crate::replay::terminal::Wanted;
use crate::wire::MazeId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Serve,
    Health,
    BlackBox,
    Replay,
}

/// Word, operand and meaning.
const COMMANDS: [(Command, &str, Option<&str>, &str); 4] = [
    (Command::Serve, "serve", None, "play; so does no command at all"),
    (Command::Health, "health", None, "ask the process at --listen whether it lives: exit 0 or 1"),
    (Command::BlackBox, "blackbox", Some("MAZE"), "write the maze's last minute, as --redis has it, to standard output"),
    (Command::Replay, "replay", Some("FILE"), "step through such a file: exit 0 as it was, 1 otherwise, 2 a tick panics"),
];

/// An option of one command.
struct Own {
    name: &'static str,
    command: Command,
    /// What it takes; nothing for a flag.
    value: Option<&'static str>,
    meaning: &'static str,
    set: fn(&mut Asked, &str) -> Result<(), String>,
}

const OWN: [Own; 5] = [
    Own {
        name: "kept",
        command: Command::BlackBox,
        value: None,
        meaning: "in place of the last minute, the newest box of a panic that was kept",
        set: |asked, _| {
            asked.kept = true;
            Ok(())
        },
    },
    Own {
        name: "check",
        command: Command::Replay,
        value: None,
        meaning: "show nothing, only tell how it comes out",
        set: |asked, _| {
            asked.check = true;
            Ok(())
        },
    },
    Own {
        name: "from",
        command: Command::Replay,
        value: Some("TICK"),
        meaning: "the first tick to show",
        set: |asked, text| tick(text).map(|tick| asked.from = Some(tick)),
    },
    Own {
        name: "to",
        command: Command::Replay,
        value: Some("TICK"),
        meaning: "the last tick to show",
        set: |asked, text| tick(text).map(|tick| asked.to = Some(tick)),
    },
    Own {
        name: "speed",
        command: Command::Replay,
        value: Some("NUMBER"),
        meaning: "1 is as it was; 0 waits for Enter after each tick, and q ends",
        set: |asked, text| {
            let speed = text.parse().ok().filter(|speed| (0.0..=SPEED_MAX).contains(speed));
            asked.speed = Some(speed.ok_or_else(|| format!("`{text}` is not a number from 0 to {SPEED_MAX}"))?);
            Ok(())
        },
    },
];

fn tick(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("`{text}` is not a tick"))
}

/// The command with all that is its own, as far as it was read.
#[derive(Default)]
pub(super) struct Asked {
    command: Option<Command>,
    operand: Option<String>,
    given: Vec<(&'static str, Command)>,
    kept: bool,
    check: bool,
    from: Option<u32>,
    to: Option<u32>,
    speed: Option<f64>,
}

/// A black box that is asked for.
#[derive(Clone, Debug)]
pub struct BlackBoxWanted {
    pub redis: RedisAddress,
    pub maze: MazeId,
    pub kept: bool,
}

impl Asked {
    /// A word that is no option. It is not repeated when it makes no sense: it may be the value of a mistyped option, and that a secret.
    pub(super) fn word(&mut self, word: &str) -> Result<(), String> {
        let Some(command) = self.command else {
            let known = COMMANDS.iter().find(|(_, known, ..)| *known == word);
            self.command = known.map(|(command, ..)| *command);
            // Said once; whatever follows would only be told the same.
            return known.map(|_| ()).ok_or_else(|| "a word is neither an option nor one of the commands that --help lists".to_owned());
        };
        let takes = COMMANDS.iter().any(|(known, _, operand, _)| *known == command && operand.is_some());
        if !takes || self.operand.is_some() {
            return Err("there is a word too many".to_owned());
        }
        self.operand = Some(word.to_owned());
        Ok(())
    }

    /// An option of a command, and what it takes.
    pub(super) fn own(name: &str) -> Option<(&'static str, Option<&'static str>)> {
        OWN.iter().find(|own| own.name == name).map(|own| (own.name, own.value))
    }

    pub(super) fn option(&mut self, name: &str, value: &str) -> Result<(), String> {
        let Some(own) = OWN.iter().find(|own| own.name == name) else { return Ok(()) };
        self.given.push((own.name, own.command));
        (own.set)(self, value)
    }

    /// What is to be done, or what is missing for it.
    pub(super) fn finish(self, config: Config, problems: &mut Vec<String>) -> Option<Invocation> {
        let command = self.command.unwrap_or(Command::Serve);
        for (name, _) in self.given.iter().filter(|(_, of)| *of != command) {
            problems.push(format!("--{name}: is of another command"));
        }
        match command {
            Command::Serve => Some(Invocation::Serve(Box::new(config))),
            Command::Health => Some(Invocation::Health(config.listen)),
            Command::Replay => {
                let Some(file) = self.operand else {
                    problems.push("replay: needs a file".to_owned());
                    return None;
                };
                let (from, to, check) = (self.from, self.to, self.check);
                Some(Invocation::Replay(Wanted { file: PathBuf::from(file), from, to, speed: self.speed.unwrap_or(1.0), check }))
            }
            Command::BlackBox => {
                let maze = self.operand.map(|maze| MazeId::parse(&maze));
                if config.redis.is_none() {
                    problems.push("blackbox: needs the --redis that the maze's processes share".to_owned());
                }
                let (Some(Ok(maze)), Some(redis)) = (&maze, config.redis) else {
                    match maze {
                        None => problems.push("blackbox: needs a maze, such as open-1".to_owned()),
                        Some(maze) => problems.extend(maze.err().map(|bad| format!("blackbox: {bad}"))),
                    }
                    return None;
                };
                Some(Invocation::BlackBox(BlackBoxWanted { redis, maze: maze.clone(), kept: self.kept }))
            }
        }
    }
}

pub(super) fn usage() -> String {
    let mut text = String::from("Usage: waka [COMMAND] [OPTIONS]\n");
    for (command, word, operand, meaning) in COMMANDS {
        let call = operand.map_or(word.to_owned(), |operand| format!("{word} {operand}"));
        let _ = write!(text, "\n  waka {call}\n      {meaning}\n");
        for Own { name, value, meaning, .. } in OWN.iter().filter(|own| own.command == command) {
            let value = value.map(|value| format!(" {value}")).unwrap_or_default();
            let _ = writeln!(text, "      --{name}{value}: {meaning}");
        }
    }
    text
}
