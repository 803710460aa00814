//! The process: arguments, telemetry, run, exit code.

fn main() {}
