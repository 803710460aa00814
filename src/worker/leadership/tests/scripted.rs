//! One rule each, by name.
