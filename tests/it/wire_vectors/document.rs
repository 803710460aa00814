//! PROTOCOL.md held to the code.
