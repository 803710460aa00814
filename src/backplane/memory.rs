//! The memory.
#[derive(Clone)]
pub(super) struct Memory;
