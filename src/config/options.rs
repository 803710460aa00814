//! The one table of options: name, environment variable, what it takes, its default, what it means and how it is read.
//!
//! `--help` and README's table are printed from it, so that neither can lie. It decides nothing that needs two options at once.

use std::fmt::Write;
use std::path::Path;

use crate::backplane::RedisAddress;
use crate::config::BOTS_MAX;
use crate::config::Config;
use crate::config::SECRET_BYTES_MIN;
use crate::config::commands;
use crate::gateway::address::Network;
use crate::gateway::origin::Origin;
use crate::gateway::token::Secret;
use crate::telemetry::LogFormat;
use crate::wire::between_nodes::Role;

/// What CloudWatch Logs takes as a group's name.
const CLOUDWATCH_GROUP_BYTES_MAX: usize = 512;
/// Of a metric's dimension; CloudWatch takes more, a dashboard shows less.
const SERVICE_BYTES_MAX: usize = 64;

/// One option of `waka serve`.
pub struct Opt {
    /// Without its dashes.
    pub name: &'static str,
    pub variable: &'static str,
    /// What it takes, as `--help` names it.
    pub value: &'static str,
    pub default: &'static str,
    pub meaning: &'static str,
    /// Reads a value into the configuration; the message does not repeat what may be secret.
    pub set: fn(&mut Config, &str) -> Result<(), String>,
}

pub const OPTIONS: [Opt; 14] = [
    Opt {
        name: "listen",
        variable: "WAKA_LISTEN",
        value: "ADDRESS:PORT",
        default: "127.0.0.1:8080",
        meaning: "where to listen; 0.0.0.0:8080 for everybody on the network, port 0 for a free one",
        set: |config, text| {
            config.listen = text.parse().map_err(|_| format!("`{text}` is not an address with a port, such as 127.0.0.1:8080"))?;
            Ok(())
        },
    },
    Opt {
        name: "redis",
        variable: "WAKA_REDIS_URL",
        value: "URL",
        default: "none: one process",
        meaning: "the Redis (6.2 or newer) that several processes share: redis://host:6379/, or rediss:// for TLS, with user:password@ if need be",
        // The address may carry a password, so it is never repeated.
        set: |config, text| {
            config.redis = Some(RedisAddress::parse(text).map_err(|refused| refused.to_string())?);
            Ok(())
        },
    },
    Opt {
        name: "role",
        variable: "WAKA_ROLE",
        value: "all|gateway|worker",
        default: "all",
        meaning: "what this process does; without Redis only `all` makes sense",
        set: |config, text| {
            config.role = match text {
                "all" => Role::All,
                "gateway" => Role::Gateway,
                "worker" => Role::Worker,
                _ => return Err(format!("`{text}` is not one of all, gateway, worker")),
            };
            Ok(())
        },
    },
    Opt {
        name: "secret",
        variable: "WAKA_SECRET",
        value: "TEXT",
        default: "random; with Redis one that all share",
        meaning: "signs players' tokens, at least 16 bytes; better given by the environment, where `ps` does not show it",
        set: |config, text| {
            if text.len() < SECRET_BYTES_MIN {
                return Err(format!("is shorter than {SECRET_BYTES_MIN} bytes"));
            }
            config.secret = Some(Secret::new(text.as_bytes()));
            Ok(())
        },
    },
    Opt {
        name: "ops-token",
        variable: "WAKA_OPS_TOKEN",
        value: "TEXT",
        default: "none: no such page",
        meaning: "opens the operator's page at `/ops`, at least 16 bytes; better given by the environment, where `ps` does not show it",
        set: |config, text| {
            if text.len() < SECRET_BYTES_MIN {
                return Err(format!("is shorter than {SECRET_BYTES_MIN} bytes"));
            }
            config.ops_token = Some(Secret::new(text.as_bytes()));
            Ok(())
        },
    },
    Opt {
        name: "allowed-origins",
        variable: "WAKA_ALLOWED_ORIGINS",
        value: "ORIGIN,...",
        default: "the page's own",
        meaning: "pages that may connect, such as https://play.example; programs, which send no Origin, always may",
        set: |config, text| {
            config.allowed_origins = list(text, |item| Origin::parse(item).ok_or("an origin such as https://play.example"))?;
            Ok(())
        },
    },
    Opt {
        name: "trusted-proxies",
        variable: "WAKA_TRUSTED_PROXIES",
        value: "ADDRESS[/BITS],...",
        default: "none",
        meaning: "balancers whose X-Forwarded-For is believed",
        set: |config, text| {
            config.trusted_proxies = list(text, |item| Network::parse(item).ok_or("an address or a network such as 10.0.0.0/8"))?;
            Ok(())
        },
    },
    Opt {
        name: "static-dir",
        variable: "WAKA_STATIC_DIR",
        value: "FOLDER",
        default: "the page in the program",
        meaning: "serve the page from this folder, to work on it",
        set: |config, text| {
            if !Path::new(text).join("index.html").is_file() {
                return Err(format!("`{text}` is not a folder with an index.html"));
            }
            config.static_dir = Some(text.into());
            Ok(())
        },
    },
    Opt {
        name: "log",
        variable: "WAKA_LOG",
        value: "text|json",
        default: "text",
        meaning: "how a line of the log looks; they go to standard error",
        set: |config, text| {
            config.log = match text {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err(format!("`{text}` is not one of text, json")),
            };
            Ok(())
        },
    },
    Opt {
        name: "cloudwatch-group",
        variable: "WAKA_CLOUDWATCH_GROUP",
        value: "NAME",
        default: "none",
        meaning: "the log goes to this group of CloudWatch Logs as well; credentials, region and endpoint as AWS's own tools take them",
        set: |config, text| {
            let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-/.#".contains(&byte));
            if !is_name(text) || text.len() > CLOUDWATCH_GROUP_BYTES_MAX {
                return Err(format!("is not a name of at most {CLOUDWATCH_GROUP_BYTES_MAX} letters, digits and _ - / . #"));
            }
            if !cfg!(feature = "cloudwatch") {
                return Err("this program was built without it: build it with the feature `cloudwatch`".to_owned());
            }
            config.cloudwatch_group = Some(text.to_owned());
            Ok(())
        },
    },
    Opt {
        name: "emf",
        variable: "WAKA_EMF",
        value: "on|off",
        default: "off; on with --cloudwatch-group",
        meaning: "a line a minute in CloudWatch's embedded metric format, in its log or else in this one",
        set: |config, text| {
            config.emf = Some(match text {
                "on" => true,
                "off" => false,
                _ => return Err(format!("`{text}` is not one of on, off")),
            });
            Ok(())
        },
    },
    Opt {
        name: "service",
        variable: "WAKA_SERVICE",
        value: "NAME",
        default: "waka",
        meaning: "what these metrics are counted under, if there is more than one Waka in an account",
        set: |config, text| {
            let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
            if text.len() > SERVICE_BYTES_MAX || !is_name {
                return Err(format!("is not a name of at most {SERVICE_BYTES_MAX} letters, digits and _ - ."));
            }
            text.clone_into(&mut config.service);
            Ok(())
        },
    },
    Opt {
        name: "bots",
        variable: "WAKA_BOTS",
        value: "0..15",
        default: "0",
        meaning: "bots kept in every maze that has people in it",
        set: |config, text| {
            let bots = text.parse().ok().filter(|bots| *bots <= BOTS_MAX);
            config.bots = bots.ok_or_else(|| format!("`{text}` is not a number from 0 to {BOTS_MAX}"))?;
            Ok(())
        },
    },
    Opt {
        name: "black-box",
        variable: "WAKA_BLACK_BOX",
        value: "FOLDER",
        default: "none: only in Redis",
        meaning: "where the last minute of a maze that panicked is written, for `waka replay`",
        set: |config, text| {
            if !Path::new(text).is_dir() {
                return Err(format!("`{text}` is not a folder"));
            }
            config.black_box = Some(text.into());
            Ok(())
        },
    },
];

fn list<T>(text: &str, read: impl Fn(&str) -> Result<T, &'static str>) -> Result<Vec<T>, String> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(|item| read(item).map_err(|wanted| format!("`{item}` is not {wanted}"))).collect()
}

pub(super) fn help() -> String {
    let mut text = format!(
        "Waka: multiplayer Pac-Man in the browser.\n\n{}\n\
         Options, each also as an environment variable (an argument wins, an empty value is none):\n",
        commands::usage()
    );
    for option in &OPTIONS {
        let Opt { name, variable, value, default, meaning, .. } = option;
        let _ = write!(text, "\n  --{name} {value}\n      {meaning}\n      {variable}; default: {default}\n");
    }
    text.push_str("\n  -h, --help\n  -V, --version\n\nExit code 64: the options are wrong. Exit code 1: it could not run. Exit code 3: a swarm missed a budget.\n");
    text
}

/// README's table, which a test compares with README.
#[must_use]
pub fn options_in_markdown() -> String {
    let mut text = String::from("| option | environment | takes | default | meaning |\n|---|---|---|---|---|\n");
    for Opt { name, variable, value, default, meaning, .. } in &OPTIONS {
        let value = value.replace('|', "\\|");
        let _ = writeln!(text, "| `--{name}` | `{variable}` | `{value}` | {default} | {meaning} |");
    }
    text
}
