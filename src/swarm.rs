//! `waka swarm`: players by the thousand over real sockets, and what they cost. Ramps up, holds, leaves, and reports.
//!
//! Deciders first, time is an argument of theirs: the [`order`] says what is wanted, the [`crowd`] who comes when and plays where, [`sightings`] how
//! long a key takes to be seen by somebody else, the [`tally`] counts, the [`slope`] tells growth, a [`budget`] judges the [`report`]. The shell is thin: an `eye` looks over each
//! player's shoulder, `machine` reads what processes take, `hostile` clients disturb, `hold` owns the players' tasks. The whole swarm is one thread, so that it is known
//! when it is the swarm that is slow, and then the report says so. It knows of the server only what PROTOCOL.md tells.

#![expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]

pub mod budget;
pub mod order;
pub mod report;

mod crowd;
mod progress;
mod sightings;
mod slope;
mod tally;

mod eye;
mod hold;
mod hostile;
mod machine;
mod screen;

pub use hold::SwarmError;
pub use hold::run;
pub use screen::Screen;
