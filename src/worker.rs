//! The worker: leads mazes and ticks them. Which mazes to try for is decided here; each maze has one supervised task.

mod desk;
mod forecast;
mod inbox;
mod leadership;
mod neighbour;
mod pacer;
mod ranking;
