//! What is wanted of a swarm, as the options of `waka swarm` name it. Pure; each value is bounded here and trusted elsewhere.

use std::path::PathBuf;

use tokio_tungstenite::tungstenite::http::Uri;

use crate::client::bot::Style;
use crate::game::scene::SEATS;
use crate::swarm::budget::Budget;

/// Players of one swarm at most: what one thread may hope to move.
pub const PLAYERS_MAX: u32 = 20_000;
/// Hostile clients at most: they are to disturb the server, not the swarm.
pub const HOSTILE_MAX: u32 = 200;
/// Lines of chat and departures a minute at most.
pub const PER_MINUTE_MAX: u32 = 60_000;
/// A day.
pub const SECONDS_MAX: u32 = 86_400;
/// Players that arrive in a second at most.
pub const RAMP_MAX: u32 = 5_000;
/// Seats of a maze, all of them.
pub const PER_MAZE_MAX: u32 = SEATS as u32;

#[derive(Clone, Debug)]
pub struct Order {
    /// `ws://host:port/ws`, one or several gateways of one game. Neighbours in a maze come through different ones.
    pub urls: Vec<String>,
    pub players: u32,
    /// Who look on, spread over the mazes.
    pub spectators: u32,
    pub per_maze: u32,
    /// For how long it is measured, once all are there.
    pub seconds: u32,
    /// Arrivals a second.
    pub ramp: u32,
    pub style: Style,
    /// Of the players so many, spread over the mazes, are metronomes whatever the style: latency is measured at their keys.
    pub metronomes: u32,
    /// Lines of chat a minute, of all together.
    pub chat: u32,
    /// Players a minute who leave and are replaced by somebody new.
    pub churn: u32,
    /// Hostile clients, for the second half of the time.
    pub hostile: u32,
    pub budgets: Vec<Budget>,
    /// Where the report is written as JSON too.
    pub json: Option<PathBuf>,
    /// The process on this machine whose CPU and memory are read.
    pub server_pid: Option<u32>,
}

impl Default for Order {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            players: 100,
            spectators: 0,
            per_maze: 10,
            seconds: 30,
            ramp: 200,
            style: Style::Metronome,
            metronomes: 0,
            chat: 0,
            churn: 0,
            hostile: 0,
            budgets: Vec::new(),
            json: None,
            server_pid: None,
        }
    }
}

impl Order {
    /// Mazes that the players fill.
    #[must_use]
    pub fn mazes(&self) -> u32 {
        self.players.div_ceil(self.per_maze)
    }

    /// Players and spectators.
    #[must_use]
    pub fn clients(&self) -> u32 {
        self.players + self.spectators
    }
}

/// How the players play, by name.
pub const STYLES: [(&str, Style); 3] = [("well", Style::Well), ("people", Style::People), ("metronome", Style::Metronome)];

#[must_use]
pub fn style_named(name: &str) -> Option<Style> {
    STYLES.into_iter().find(|(known, _)| *known == name).map(|(_, style)| style)
}

#[must_use]
pub fn name_of(style: Style) -> &'static str {
    STYLES.into_iter().find(|(_, known)| *known == style).map_or("", |(name, _)| name)
}

/// Whether a client of here can open it.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| uri.scheme_str() == Some("ws") && uri.host().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_plain_web_sockets() {
        assert!(is_address("ws://127.0.0.1:8080/ws") && is_address("ws://[::1]:8080/ws"));
        for wrong in ["", "127.0.0.1:8080", "http://127.0.0.1:8080/ws", "wss://play.example/ws", "ws:///ws"] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    #[test]
    fn every_style_has_a_name_and_mazes_are_enough() {
        for (name, style) in STYLES {
            assert_eq!((style_named(name), name_of(style)), (Some(style), name));
        }
        assert_eq!(style_named("badly"), None);
        assert_eq!(Order { players: 21, per_maze: 10, ..Order::default() }.mazes(), 3);
    }
}
