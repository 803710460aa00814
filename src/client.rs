//! The far end of a socket, in Rust: what a page is for people, this module is for programs.
//!
//! Pure parts first: the [`mirror`] keeps the newest of a maze and moves it on, the [`bot`] plays from what it sees, the [`course`] says when to
//! come back, the [`rota`] says how many bots a maze is owed, `handshake` and `websocket` are the protocol below. Thin shells around them: one
//! [`connection`], a [`player`] on it, the [`keeper`] of the bots. It knows of the server only what PROTOCOL.md tells; everything random is drawn from a seed, so a bot can be played again.

pub mod bot;
pub mod mirror;

pub mod course;
pub mod rota;

pub mod connection;
pub mod counted;
pub mod keeper;
pub mod player;
pub mod witness;

mod dice;
mod handshake;
mod websocket;

#[cfg(test)]
mod tests;
