//! What the operator says: arguments and environment become one `Config`, or every problem at once.
//!
//! One table of options drives parsing, `--help` and README's table. Only `from_process` reads the real arguments and the environment; `parse` takes
//! both as arguments. No message of here repeats a secret: neither the value of `--secret` nor an address of Redis with its password.

mod options;
mod site;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::backplane::RedisAddress;
use crate::gateway::address::Network;
use crate::gateway::origin::Origin;
use crate::gateway::token::Secret;
use crate::site::Order;
use crate::telemetry::LogFormat;
use crate::wire::PlayerId;
use crate::wire::between_nodes::Role;

pub use options::OPTIONS;
pub use options::Opt;
pub use options::options_in_markdown;

/// Bytes of `--secret` at least; what is shorter can be guessed.
pub const SECRET_BYTES_MIN: usize = 16;
/// Bots a maze at most: one of its sixteen seats stays for a person.
pub const BOTS_MAX: u8 = 15;

#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// What several processes share; without one the backplane is within this process.
    pub redis: Option<RedisAddress>,
    pub role: Role,
    /// Agreed on over the backplane when absent: in one process it is random, and no token outlives it.
    pub secret: Option<Secret>,
    /// Origins that may open a WebSocket; none: only the page's own.
    pub allowed_origins: Vec<Origin>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Where the page is read from in place of the one in the binary.
    pub static_dir: Option<PathBuf>,
    pub log: LogFormat,
    /// Bots kept in every maze that has people in it.
    pub bots: u8,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            redis: None,
            role: Role::All,
            secret: None,
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            static_dir: None,
            log: LogFormat::Text,
            bots: 0,
        }
    }
}

/// What the process is asked to do.
#[derive(Debug)]
pub enum Invocation {
    Serve(Box<Config>),
    /// Ask the process that listens there whether it lives, for containers.
    Health(SocketAddr),
    /// Write the page's files for somebody else to serve.
    Site(Order),
    /// Something to be done to what that Redis keeps.
    Errand(RedisAddress, Errand),
    Help,
    Version,
}

/// What an operator does to what is kept; told in `server::errand`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    ExportBoards,
    /// One player, or everybody.
    PurgeBoards(Option<PlayerId>),
    Forget(PlayerId),
}

/// Everything that was wrong, each a line of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(out, "waka: {problem}")?;
        }
        write!(out, "waka: `waka --help` lists the options")
    }
}

/// Reads this process's arguments and environment.
pub fn from_process() -> Result<Invocation, Problems> {
    parse(std::env::args_os().skip(1), |name| std::env::var_os(name))
}

/// `arguments` without the program's name. An option given as an argument wins over its environment value; an empty value is as good as none.
pub fn parse<A>(arguments: A, environment: impl Fn(&str) -> Option<OsString>) -> Result<Invocation, Problems>
where
    A: IntoIterator<Item = OsString>,
{
    let mut arguments = arguments.into_iter().peekable();
    if arguments.next_if(|word| word == "site").is_some() {
        return site::parse(arguments);
    }
    let mut reading = Reading::default();
    reading.environment(environment);
    let mut parser = lexopt::Parser::from_args(arguments);
    loop {
        match parser.next() {
            Ok(None) => break,
            Ok(Some(argument)) => {
                let told = Told::of(&argument);
                reading.argument(told, &mut parser);
            }
            // Only a value that a flag did not want ends here; lexopt drops it and goes on.
            Err(_) => reading.problems.push("a value was given to an option that takes none".to_owned()),
        }
    }
    reading.finish()
}

/// A copy of `lexopt::Arg` that does not borrow the parser.
enum Told {
    Short(char),
    Long(String),
    Value(String),
}

impl Told {
    fn of(argument: &lexopt::Arg<'_>) -> Self {
        match argument {
            lexopt::Arg::Short(letter) => Self::Short(*letter),
            lexopt::Arg::Long(name) => Self::Long((*name).to_owned()),
            lexopt::Arg::Value(value) => Self::Value(value.to_string_lossy().into_owned()),
        }
    }
}

#[derive(Default)]
struct Reading {
    config: Config,
    problems: Vec<String>,
    given: Vec<&'static str>,
    words: Vec<String>,
    player: Option<PlayerId>,
    all: bool,
    help: bool,
    version: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Command {
    Serve,
    Health,
    ExportBoards,
    PurgeBoards,
    Forget,
}

impl Command {
    fn of(words: &[String]) -> Option<Self> {
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] | ["serve"] => Some(Self::Serve),
            ["health"] => Some(Self::Health),
            ["boards", "export"] => Some(Self::ExportBoards),
            ["boards", "purge"] => Some(Self::PurgeBoards),
            ["forget"] => Some(Self::Forget),
            _ => None,
        }
    }
}

impl Reading {
    fn environment(&mut self, lookup: impl Fn(&str) -> Option<OsString>) {
        for option in &OPTIONS {
            let Some(value) = lookup(option.variable).filter(|value| !value.is_empty()) else { continue };
            let result = value.to_str().ok_or_else(|| "is not UTF-8".to_owned()).and_then(|text| (option.set)(&mut self.config, text));
            if let Err(problem) = result {
                self.problems.push(format!("{}: {problem}", option.variable));
            }
        }
    }

    fn argument(&mut self, told: Told, parser: &mut lexopt::Parser) {
        match told {
            Told::Short('h') => self.help = true,
            Told::Short('V') => self.version = true,
            Told::Short(letter) => {
                // The rest of the word is dropped with it, because it may be a secret in the wrong place.
                let _ = parser.optional_value();
                self.problems.push(format!("-{letter}: there is no such option"));
            }
            Told::Long(name) if name == "help" => self.help = true,
            Told::Long(name) if name == "version" => self.version = true,
            Told::Long(name) if name == "all" => self.all = true,
            Told::Long(name) if name == "player" => self.player(parser),
            Told::Long(name) => self.long(&name, parser),
            Told::Value(word) => self.words.push(word),
        }
    }

    fn long(&mut self, name: &str, parser: &mut lexopt::Parser) {
        let Some(option) = OPTIONS.iter().find(|option| option.name == name) else {
            let _ = parser.optional_value();
            self.problems.push(format!("--{name}: there is no such option"));
            return;
        };
        let Ok(value) = parser.value() else {
            self.problems.push(format!("--{name}: needs a value, {}", option.value));
            return;
        };
        if self.given.contains(&option.name) {
            self.problems.push(format!("--{name}: is given twice"));
        }
        self.given.push(option.name);
        let result = value.to_str().ok_or_else(|| "is not UTF-8".to_owned()).and_then(|text| (option.set)(&mut self.config, text));
        if let Err(problem) = result {
            self.problems.push(format!("--{name}: {problem}"));
        }
    }

    fn player(&mut self, parser: &mut lexopt::Parser) {
        let told = parser.value().ok().and_then(|value| value.into_string().ok());
        match told.and_then(|text| PlayerId::try_from(text.to_ascii_lowercase()).ok()) {
            Some(player) => self.player = Some(player),
            None => self.problems.push("--player: needs a player's id, sixteen hexadecimal digits as in the list of players".to_owned()),
        }
    }

    /// What is to be done, with the options that only some commands take.
    fn command(&mut self) -> Command {
        let Some(command) = Command::of(&self.words) else {
            // A stray word is not repeated: it may be the value of a mistyped option, and that a secret.
            self.problems.push(
                "a word is neither an option nor one of the commands `serve`, `health`, `site`, `boards export`, `boards purge`, `forget`"
                    .to_owned(),
            );
            return Command::Serve;
        };
        let wants = match command {
            Command::PurgeBoards if self.player.is_some() == self.all => "boards purge: needs either --player or --all",
            Command::Forget if self.player.is_none() || self.all => "forget: needs --player, and not --all",
            Command::Serve | Command::Health | Command::ExportBoards if self.player.is_some() || self.all => {
                "--player, --all: are for `boards purge` and `forget` only"
            }
            _ => "",
        };
        if !wants.is_empty() {
            self.problems.push(wants.to_owned());
        }
        if !matches!(command, Command::Serve | Command::Health) && self.config.redis.is_none() {
            self.problems.push("--redis: is needed; without one nothing outlives its process".to_owned());
        }
        command
    }

    fn finish(mut self) -> Result<Invocation, Problems> {
        if self.help {
            return Ok(Invocation::Help);
        }
        if self.version {
            return Ok(Invocation::Version);
        }
        if self.config.role != Role::All && self.config.redis.is_none() {
            self.problems.push(
                "--role: a gateway or worker alone needs a --redis to meet the others; without one only `all` makes sense".to_owned(),
            );
        }
        let command = self.command();
        let redis = self.config.redis.clone();
        if !self.problems.is_empty() {
            return Err(Problems(self.problems));
        }
        let errand = match (command, self.player) {
            (Command::Serve, _) => return Ok(Invocation::Serve(Box::new(self.config))),
            (Command::Health, _) => return Ok(Invocation::Health(self.config.listen)),
            (Command::PurgeBoards, player) => Errand::PurgeBoards(player),
            (Command::Forget, Some(player)) => Errand::Forget(player),
            (Command::ExportBoards | Command::Forget, _) => Errand::ExportBoards,
        };
        match redis {
            Some(redis) => Ok(Invocation::Errand(redis, errand)),
            None => Err(Problems(vec!["--redis: is needed".to_owned()])),
        }
    }
}

/// What `--help` prints.
#[must_use]
pub fn help() -> String {
    options::help()
}
