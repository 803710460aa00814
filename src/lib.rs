//! Waka: multiplayer Pac-Man in the browser whose rooms survive the death of their process.
//!
//! Read in this order. `game` is the law: pure, integer, deterministic. `wire` is the language: what travels and what is stored. `backplane`
//! carries it between processes. `worker` leads mazes, `gateway` holds sockets, `client` is the far end of a socket in Rust, `telemetry` tells
//! what happens. `swarm` sends players by the thousand, `replay` steps through a maze's last minute again, `site` writes the page for others to serve. `config` reads the outside, `server`
//! builds everything from it. ARCHITECTURE.md draws who may name whom.

pub mod game;

pub mod wire;

pub mod backplane;

pub mod client;
pub mod gateway;
pub mod telemetry;
pub mod worker;

pub mod replay;
pub mod swarm;

pub mod config;
pub mod server;
pub mod site;
