//! The one integration binary: a module per promise.

mod architecture;
mod backplane_contract;
mod cluster;
mod hostile;
mod journey;
mod program;
mod redis_server;
mod replay;
mod source;
mod takeover;
mod tidy;
mod visitor;
mod wire_vectors;
