//! What `waka` can be asked to do besides serving: the commands with their operand and the options that are theirs alone.
//!
//! `--help` is printed from the same tables. What a command needs of the other options is checked here, at the end of reading.

use std::fmt::Write;
use std::path::PathBuf;

use crate::backplane::RedisAddress;
use crate::config::Config;
use crate::config::Errand;
use crate::config::Invocation;
use crate::config::swarm;
use crate::replay::terminal::SPEED_MAX;
use crate::replay::terminal::Wanted;
use crate::site;
use crate::site::ServerAddress;
use crate::swarm::order::Order;
use crate::wire::MazeId;
use crate::wire::PlayerId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Serve,
    Health,
    Site,
    ExportBoards,
    PurgeBoards,
    Forget,
    BlackBox,
    Replay,
    Swarm,
}

/// Words, operand and meaning.
const COMMANDS: [(Command, &str, Option<&str>, &str); 9] = [
    (Command::Serve, "serve", None, "play; so does no command at all"),
    (Command::Health, "health", None, "ask the process at --listen whether it lives: exit 0 or 1"),
    (Command::Site, "site", None, "write the page as a folder for another server of files, a bucket for instance"),
    (Command::ExportBoards, "boards export", None, "print the score boards that --redis keeps, a line of JSON a row"),
    (Command::PurgeBoards, "boards purge", None, "take rows off all boards that --redis keeps"),
    (Command::Forget, "forget", None, "remove what --redis keeps of a player: boards, chat, poisoned records"),
    (Command::BlackBox, "blackbox", Some("MAZE"), "write the maze's last minute, as --redis has it, to standard output"),
    (Command::Replay, "replay", Some("FILE"), "step through such a file: exit 0 as it was, 1 otherwise, 2 a tick panics"),
    (
        Command::Swarm,
        "swarm",
        None,
        "play with many at once over real sockets, and report what they saw and cost: exit 3 if a --budget is missed",
    ),
];

/// An option that only some commands take.
pub(super) struct Own {
    pub(super) name: &'static str,
    pub(super) commands: &'static [Command],
    /// What it takes; nothing for a flag.
    pub(super) value: Option<&'static str>,
    /// Whether it may be given more than once.
    pub(super) repeats: bool,
    pub(super) meaning: &'static str,
    pub(super) set: fn(&mut Asked, &str) -> Result<(), String>,
}

const OWN: [Own; 9] = [
    Own {
        name: "out",
        commands: &[Command::Site],
        value: Some("FOLDER"),
        repeats: false,
        meaning: "the folder to write",
        set: |asked, text| {
            asked.out = Some(PathBuf::from(text));
            Ok(())
        },
    },
    Own {
        name: "server",
        commands: &[Command::Site],
        value: Some("ADDRESS"),
        repeats: false,
        meaning: "where the server is, such as wss://play.example, if it is not where the page is loaded from",
        set: |asked, text| {
            let server = ServerAddress::parse(text);
            asked.server = Some(server.ok_or_else(|| format!("`{text}` is not an address such as wss://play.example"))?);
            Ok(())
        },
    },
    Own {
        name: "player",
        commands: &[Command::PurgeBoards, Command::Forget],
        value: Some("ID"),
        repeats: false,
        meaning: "whose: sixteen hexadecimal digits, as in the list of players",
        set: |asked, text| {
            let player = text.to_ascii_lowercase().parse::<PlayerId>();
            asked.player = Some(player.map_err(|_| "is no player's id, sixteen hexadecimal digits as in the list of players".to_owned())?);
            Ok(())
        },
    },
    Own {
        name: "all",
        commands: &[Command::PurgeBoards],
        value: None,
        repeats: false,
        meaning: "everybody's",
        set: |asked, _| {
            asked.all = true;
            Ok(())
        },
    },
    Own {
        name: "kept",
        commands: &[Command::BlackBox],
        value: None,
        repeats: false,
        meaning: "in place of the last minute, the newest box of a panic that was kept",
        set: |asked, _| {
            asked.kept = true;
            Ok(())
        },
    },
    Own {
        name: "check",
        commands: &[Command::Replay],
        value: None,
        repeats: false,
        meaning: "show nothing, only tell how it comes out",
        set: |asked, _| {
            asked.check = true;
            Ok(())
        },
    },
    Own {
        name: "from",
        commands: &[Command::Replay],
        value: Some("TICK"),
        repeats: false,
        meaning: "the first tick to show",
        set: |asked, text| tick(text).map(|tick| asked.from = Some(tick)),
    },
    Own {
        name: "to",
        commands: &[Command::Replay],
        value: Some("TICK"),
        repeats: false,
        meaning: "the last tick to show",
        set: |asked, text| tick(text).map(|tick| asked.to = Some(tick)),
    },
    Own {
        name: "speed",
        commands: &[Command::Replay],
        value: Some("NUMBER"),
        repeats: false,
        meaning: "1 is as it was; 0 waits for Enter after each tick, and q ends",
        set: |asked, text| {
            let speed = text.parse().ok().filter(|speed| (0.0..=SPEED_MAX).contains(speed));
            asked.speed = Some(speed.ok_or_else(|| format!("`{text}` is not a number from 0 to {SPEED_MAX}"))?);
            Ok(())
        },
    },
];

/// Those of every command.
fn all() -> impl Iterator<Item = &'static Own> {
    OWN.iter().chain(&swarm::OWN)
}

fn tick(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("`{text}` is not a tick"))
}

/// The command with all that is its own, as far as it was read.
#[derive(Default)]
pub(super) struct Asked {
    words: Vec<String>,
    given: Vec<&'static Own>,
    out: Option<PathBuf>,
    server: Option<ServerAddress>,
    player: Option<PlayerId>,
    all: bool,
    kept: bool,
    check: bool,
    from: Option<u32>,
    to: Option<u32>,
    speed: Option<f64>,
    pub(super) swarm: Order,
}

/// A black box that is asked for.
#[derive(Clone, Debug)]
pub struct BlackBoxWanted {
    pub redis: RedisAddress,
    pub maze: MazeId,
    pub kept: bool,
}

impl Asked {
    /// A word that is no option.
    pub(super) fn word(&mut self, word: String) {
        self.words.push(word);
    }

    /// An option of a command.
    pub(super) fn own(name: &str) -> Option<&'static Own> {
        all().find(|own| own.name == name)
    }

    pub(super) fn option(&mut self, name: &str, value: &str) -> Result<(), String> {
        let Some(own) = Self::own(name) else { return Ok(()) };
        self.given.push(own);
        (own.set)(self, value)
    }

    /// What is to be done, or what is missing for it.
    pub(super) fn finish(self, config: Config, problems: &mut Vec<String>) -> Option<Invocation> {
        let (command, operand) = match self.command() {
            Ok(told) => told,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        };
        problems.extend(
            self.given.iter().filter(|own| !own.commands.contains(&command)).map(|own| format!("--{}: is of another command", own.name)),
        );
        let names_player = self.given.iter().any(|own| own.name == "player");
        let wanted = match command {
            Command::Serve => Ok(Invocation::Serve(Box::new(config))),
            Command::Health => Ok(Invocation::Health(config.listen)),
            Command::Site => match self.out.filter(|out| !out.as_os_str().is_empty()) {
                Some(out) => Ok(Invocation::Site(site::Order { out, server: self.server })),
                None => Err("site: needs --out, the folder to write".to_owned()),
            },
            Command::ExportBoards => errand(&config, Errand::ExportBoards),
            Command::PurgeBoards if names_player == self.all => Err("boards purge: needs either --player or --all".to_owned()),
            Command::PurgeBoards => errand(&config, Errand::PurgeBoards(self.player)),
            Command::Forget if !names_player => Err("forget: needs --player".to_owned()),
            // An id that makes no sense is a problem that has been told.
            Command::Forget => errand(&config, Errand::Forget(self.player?)),
            Command::Swarm => swarm::order(self.swarm).map(|order| Invocation::Swarm(Box::new(order), config.redis)),
            Command::BlackBox => black_box(&config, operand, self.kept),
            Command::Replay => {
                let (from, to, check) = (self.from, self.to, self.check);
                let file = operand.map(PathBuf::from).ok_or_else(|| "replay: needs a file".to_owned());
                file.map(|file| Invocation::Replay(Wanted { file, from, to, speed: self.speed.unwrap_or(1.0), check }))
            }
        };
        wanted.map_err(|problem| problems.push(problem)).ok()
    }

    /// The command that the words name, and its operand. Words that make no sense are not repeated: one may be the value of a mistyped option, and that
    /// a secret.
    fn command(&self) -> Result<(Command, Option<String>), String> {
        let said = self.words.join(" ");
        let named =
            COMMANDS.iter().filter(|(_, words, ..)| said.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
        let (command, words, takes) = match named.max_by_key(|(_, words, ..)| words.len()) {
            Some((command, words, takes, _)) => (*command, words.split(' ').count(), takes.is_some()),
            None if self.words.is_empty() => (Command::Serve, 0, false),
            None => return Err("a word is neither an option nor one of the commands that --help lists".to_owned()),
        };
        match &self.words[words..] {
            [] => Ok((command, None)),
            [operand] if takes => Ok((command, Some(operand.clone()))),
            _ => Err("there is a word too many".to_owned()),
        }
    }
}

fn errand(config: &Config, errand: Errand) -> Result<Invocation, String> {
    let redis = config.redis.clone().ok_or_else(|| "--redis: is needed; without one nothing outlives its process".to_owned())?;
    Ok(Invocation::Errand(redis, errand))
}

fn black_box(config: &Config, maze: Option<String>, kept: bool) -> Result<Invocation, String> {
    let maze = maze.ok_or_else(|| "blackbox: needs a maze, such as open-1".to_owned())?;
    let maze = MazeId::parse(&maze).map_err(|bad| format!("blackbox: {bad}"))?;
    let redis = config.redis.clone().ok_or_else(|| "blackbox: needs the --redis that the maze's processes share".to_owned())?;
    Ok(Invocation::BlackBox(BlackBoxWanted { redis, maze, kept }))
}

pub(super) fn usage() -> String {
    let mut text = String::from("Usage: waka [COMMAND] [OPTIONS]\n");
    for (command, word, operand, meaning) in COMMANDS {
        let call = operand.map_or(word.to_owned(), |operand| format!("{word} {operand}"));
        let _ = write!(text, "\n  waka {call}\n      {meaning}\n");
        for Own { name, value, meaning, .. } in all().filter(|own| own.commands.contains(&command)) {
            let value = value.map(|value| format!(" {value}")).unwrap_or_default();
            let _ = writeln!(text, "      --{name}{value}: {meaning}");
        }
    }
    text
}
