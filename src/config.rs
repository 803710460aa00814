//! The config.
