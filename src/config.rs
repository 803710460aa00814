//! What the operator says: arguments and environment become one `Config`, or every problem at once.
//!
//! One table of options drives parsing, `--help` and README's table. Only `from_process` reads the real arguments and the environment; `parse` takes
//! both as arguments. No message of here repeats a secret: neither the value of `--secret` or `--ops-token` nor an address of Redis with its password.

mod commands;
mod options;
mod swarm;
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
use crate::replay::terminal::Wanted;
use crate::site;
use crate::swarm::order::Order;
use crate::telemetry::LogFormat;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::between_nodes::Role;
use commands::Asked;

pub use commands::BlackBoxWanted;
pub use options::OPTIONS;
pub use options::Opt;
pub use options::options_in_markdown;

/// Bytes of `--secret` and `--ops-token` at least; what is shorter can be guessed.
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
    /// Opens the operator's page; without one there is none.
    pub ops_token: Option<Secret>,
    /// Origins that may open a WebSocket; none: only the page's own.
    pub allowed_origins: Vec<Origin>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Where the page is read from in place of the one in the binary.
    pub static_dir: Option<PathBuf>,
    pub log: LogFormat,
    /// Where the log goes as well.
    pub cloudwatch_group: Option<String>,
    /// Whether the numbers of alarms are lines of the log; `None`: if it goes to CloudWatch.
    pub emf: Option<bool>,
    /// What they are counted under.
    pub service: String,
    /// The process's name, when its log has one already; else it draws one at its start. No option: two processes of one name would be one.
    pub instance: Option<NodeId>,
    /// Bots kept in every maze that has people in it.
    pub bots: u8,
    /// Where the black boxes of panics are written.
    pub black_box: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            redis: None,
            role: Role::All,
            secret: None,
            ops_token: None,
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            static_dir: None,
            log: LogFormat::Text,
            cloudwatch_group: None,
            emf: None,
            service: "waka".to_owned(),
            instance: None,
            bots: 0,
            black_box: None,
        }
    }
}

/// What the process is asked to do.
#[derive(Debug)]
pub enum Invocation {
    Serve(Box<Config>),
    /// Ask the process that listens there whether it lives, for containers.
    Health(SocketAddr),
    /// Something to be done to what that Redis keeps.
    Errand(RedisAddress, Errand),
    BlackBox(BlackBoxWanted),
    Replay(Wanted),
    /// Write the page's files for somebody else to serve.
    Site(site::Order),
    /// With the Redis whose keys are counted.
    Swarm(Box<Order>, Option<RedisAddress>),
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
    asked: Asked,
    help: bool,
    version: bool,
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
            Told::Long(name) => self.long(&name, parser),
            Told::Value(word) => self.asked.word(word),
        }
    }

    fn long(&mut self, name: &str, parser: &mut lexopt::Parser) {
        let option = OPTIONS.iter().find(|option| option.name == name);
        let own = Asked::own(name).map(|own| (own.name, own.value, own.repeats));
        let known = option.map(|option| (option.name, Some(option.value), false)).or(own);
        let Some((name, takes, repeats)) = known else {
            let _ = parser.optional_value();
            self.problems.push(format!("--{name}: there is no such option"));
            return;
        };
        let value = match takes.map(|takes| (takes, parser.value())) {
            None => OsString::new(),
            Some((_, Ok(value))) => value,
            Some((takes, Err(_))) => {
                self.problems.push(format!("--{name}: needs a value, {takes}"));
                return;
            }
        };
        if self.given.contains(&name) && !repeats {
            self.problems.push(format!("--{name}: is given twice"));
        }
        self.given.push(name);
        let result = value.to_str().ok_or_else(|| "is not UTF-8".to_owned()).and_then(|text| match option {
            Some(option) => (option.set)(&mut self.config, text),
            None => self.asked.option(name, text),
        });
        if let Err(problem) = result {
            self.problems.push(format!("--{name}: {problem}"));
        }
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
        match self.asked.finish(self.config, &mut self.problems) {
            Some(invocation) if self.problems.is_empty() => Ok(invocation),
            _ => Err(Problems(self.problems)),
        }
    }
}

/// What `--help` prints.
#[must_use]
pub fn help() -> String {
    options::help()
}
