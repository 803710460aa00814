//! Sockets.

pub mod address;
pub mod admission;
pub mod origin;
pub mod token;
