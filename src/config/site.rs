//! The words of `waka site`: where to, and for which server. It reads no environment: a folder is written on purpose, not by habit.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::config::Invocation;
use crate::config::Problems;
use crate::site::Order;
use crate::site::ServerAddress;

/// `arguments` without the word `site`.
pub(super) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Invocation, Problems> {
    let (mut out, mut server, mut problems) = (None, None, Vec::new());
    let mut parser = lexopt::Parser::from_args(arguments);
    loop {
        match parser.next() {
            Ok(None) => break,
            Ok(Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h'))) => return Ok(Invocation::Help),
            Ok(Some(lexopt::Arg::Long("out"))) => match parser.value() {
                Ok(folder) if !folder.is_empty() => out = Some(PathBuf::from(folder)),
                _ => problems.push("--out: needs a value, the folder to write".to_owned()),
            },
            Ok(Some(lexopt::Arg::Long("server"))) => {
                let text = parser.value().ok().and_then(|text| text.into_string().ok()).unwrap_or_default();
                server = ServerAddress::parse(&text);
                if server.is_none() {
                    problems.push(format!("--server: `{text}` is not an address such as wss://play.example"));
                }
            }
            Ok(Some(other)) => {
                problems.push(format!("{}: is not understood by `waka site`", told(&other)));
                let _ = parser.optional_value();
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    match out {
        Some(out) if problems.is_empty() => Ok(Invocation::Site(Order { out, server })),
        None if problems.is_empty() => Err(Problems(vec!["--out: `waka site` needs the folder to write".to_owned()])),
        _ => Err(Problems(problems)),
    }
}

fn told(argument: &lexopt::Arg<'_>) -> String {
    match argument {
        lexopt::Arg::Short(letter) => format!("-{letter}"),
        lexopt::Arg::Long(name) => format!("--{name}"),
        lexopt::Arg::Value(word) => word.to_string_lossy().into_owned(),
    }
}
