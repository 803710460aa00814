//! The game: what a maze is, and what one tick of it does.
//!
//! A pure function: `World::step(commands)` is all that ever happens. No clock, no IO, no float, no hash order (G1, G2); whoever has the seed
//! and the commands has the game. What players may see of a world is its [`scene::Scene`]; how a scene moves on by itself is [`rails`].
//! No wire format is decided here: `wire` turns scenes into frames and worlds into records.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

pub mod grid;
pub mod maze;
pub mod tuning;

pub mod event;
pub mod scene;

pub mod motion;
pub mod rails;

pub mod seating;
pub mod world;

mod collision;
mod eating;
mod ghost;
mod house;
mod phase;
pub mod player;
mod random;
mod schedule;
mod scoring;
mod sheet;
mod showing;
mod spawn;
mod targeting;
pub mod validity;
