//! The one integration binary: a module per promise.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod architecture;
mod backplane_contract;
mod black_box;
mod boards;
#[cfg(all(feature = "cloudwatch", unix))]
mod cloudwatch;
mod cluster;
mod documents;
mod hostile;
mod journey;
mod ops;
mod port;
mod program;
mod redis_server;
mod replay;
mod several;
mod source;
mod swarm;
mod takeover;
mod thrift;
mod tidy;
mod told;
mod visitor;
mod wire_vectors;
