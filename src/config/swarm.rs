//! The options of `waka swarm`. Each value is read and bounded here; what needs two of them is checked at the end.

use std::path::PathBuf;

use crate::config::commands::Asked;
use crate::config::commands::Command;
use crate::config::commands::Own;
use crate::swarm::budget::Budget;
use crate::swarm::order;
use crate::swarm::order::HOSTILE_MAX;
use crate::swarm::order::Order;
use crate::swarm::order::PER_MAZE_MAX;
use crate::swarm::order::PER_MINUTE_MAX;
use crate::swarm::order::PLAYERS_MAX;
use crate::swarm::order::RAMP_MAX;
use crate::swarm::order::SECONDS_MAX;

const fn own(name: &'static str, value: &'static str, meaning: &'static str, set: fn(&mut Asked, &str) -> Result<(), String>) -> Own {
    Own { name, commands: &[Command::Swarm], value: Some(value), repeats: false, meaning, set }
}

pub(super) const OWN: [Own; 14] = [
    Own {
        repeats: true,
        ..own(
            "url",
            "URL",
            "where the game is, such as ws://127.0.0.1:8080/ws; several gateways of one game, if given as often",
            |asked, text| {
                if !order::is_address(text) {
                    return Err(format!("`{text}` is not an address such as ws://127.0.0.1:8080/ws"));
                }
                asked.swarm.urls.push(text.to_owned());
                Ok(())
            },
        )
    },
    own("players", "NUMBER", "how many; 100 by default", |asked, text| {
        number(text, 1, PLAYERS_MAX).map(|players| asked.swarm.players = players)
    }),
    own("per-maze", "NUMBER", "how many of them share a maze; 10 by default", |asked, text| {
        number(text, 1, PER_MAZE_MAX).map(|per_maze| asked.swarm.per_maze = per_maze)
    }),
    own("spectators", "NUMBER", "how many look on, spread over the mazes", |asked, text| {
        number(text, 0, PLAYERS_MAX).map(|spectators| asked.swarm.spectators = spectators)
    }),
    own("chat", "NUMBER", "lines of chat a minute, of all players together", |asked, text| {
        number(text, 0, PER_MINUTE_MAX).map(|chat| asked.swarm.chat = chat)
    }),
    own("churn", "NUMBER", "players a minute who leave, some without a word, and are replaced by somebody new", |asked, text| {
        number(text, 0, PER_MINUTE_MAX).map(|churn| asked.swarm.churn = churn)
    }),
    own(
        "hostile",
        "NUMBER",
        "clients that read nothing, flood, never speak or send garbage, in the second half of the time",
        |asked, text| number(text, 0, HOSTILE_MAX).map(|hostile| asked.swarm.hostile = hostile),
    ),
    own("seconds", "NUMBER", "for how long it is measured once all are there; 30 by default", |asked, text| {
        number(text, 1, SECONDS_MAX).map(|seconds| asked.swarm.seconds = seconds)
    }),
    own("ramp", "NUMBER", "how many arrive in a second; 200 by default", |asked, text| {
        number(text, 1, RAMP_MAX).map(|ramp| asked.swarm.ramp = ramp)
    }),
    own(
        "style",
        "well|people|metronome",
        "how they play; metronome, two turns a second, is the case to measure and the default",
        |asked, text| {
            asked.swarm.style = order::style_named(text).ok_or_else(|| format!("`{text}` is not one of well, people, metronome"))?;
            Ok(())
        },
    ),
    own(
        "metronomes",
        "NUMBER",
        "how many of the players are metronomes whatever the --style, so that their keys measure latency; 0 by default",
        |asked, text| number(text, 0, PLAYERS_MAX).map(|metronomes| asked.swarm.metronomes = metronomes),
    ),
    own("json", "FILE", "write the report there as JSON, too", |asked, text| {
        asked.swarm.json = Some(PathBuf::from(text));
        Ok(())
    }),
    Own {
        repeats: true,
        ..own("budget", "NAME=LIMIT", "a limit such as latency-p99=50ms, as often as wanted; exit 3 if one is missed", |asked, text| {
            asked.swarm.budgets.push(Budget::parse(text)?);
            Ok(())
        })
    },
    own("server-pid", "PID", "the server's process on this machine, to read its CPU and memory (Linux)", |asked, text| {
        number(text, 1, u32::MAX).map(|pid| asked.swarm.server_pid = Some(pid))
    }),
];

/// What is wanted, or what is missing for it.
pub(super) fn order(order: Order) -> Result<Order, String> {
    if order.urls.is_empty() {
        return Err("swarm: needs --url, such as ws://127.0.0.1:8080/ws".to_owned());
    }
    if order.metronomes > order.players {
        return Err(format!("swarm: --metronomes {} are of the --players, who are only {}", order.metronomes, order.players));
    }
    Ok(order)
}

fn number(text: &str, least: u32, most: u32) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("`{text}` is not a number from {least} to {most}"))
}
