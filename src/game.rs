//! The game: what a maze is, and what one tick of it does.
//!
//! A pure function: `World::step(commands)` is all that ever happens. No clock, no IO, no float, no hash order (G1, G2); whoever has the seed
//! and the commands has the game. What players may see of a world is its [`scene::Scene`]; how a scene moves on by itself is [`rails`].
//! No wire format is decided here: `wire` turns scenes into frames and worlds into records.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

// What others use: the plane and the maze, what is seen and heard of it, the rails, and the world with its commands.
pub mod grid;
pub mod maze;
pub mod tuning;

pub mod event;
pub mod scene;

pub mod motion;
pub mod rails;

pub mod player;
pub mod seating;
pub mod validity;
pub mod world;

// The parts of a tick, in its order; each adds its share to `World`.
mod phase;

mod eating;
mod sheet;

mod ghost;
mod house;
mod random;
mod schedule;
mod targeting;

mod collision;
mod scoring;
mod spawn;

mod showing;
