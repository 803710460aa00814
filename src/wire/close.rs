//! The one table of what ends a connection, and of refusals that do not: code, name, and whether to come back.
//!
//! PROTOCOL.md prints this table; a test holds the two together. `/metrics` counts refusals under the same names.

/// Why the server closes a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Close {
    /// The process drains: come back to any gateway after the `bye` message's delay.
    Draining,
    /// The page speaks another protocol version: reload it.
    WrongVersion,
    /// A message that is not JSON text of a known type in the right shape.
    BadMessage,
    /// Binary from a client.
    BinaryMessage,
    /// More than `CLIENT_MESSAGE_BYTES_MAX` bytes.
    TooLarge,
    /// Messages faster than the limit allows.
    TooFast,
    /// The first message was not `hello`, or none came in time.
    NoHello,
    /// A token that no gateway of this game signed: forget it and say hello without one.
    BadToken,
    /// Nothing was read for ten seconds, or no ping was answered.
    TooSlow,
    /// The same player has connected somewhere else: do not come back by yourself.
    Replaced,
    /// The server could not do its part: come back.
    Internal,
}

/// What a client should do after a close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Reconnect with backoff.
    Reconnect,
    /// Reload the page once, then reconnect.
    Reload,
    /// Reconnect without the token.
    Forget,
    /// Stay away until the user acts.
    Stop,
}

impl Close {
    pub const ALL: [Self; 11] = [
        Self::Draining,
        Self::WrongVersion,
        Self::BadMessage,
        Self::BinaryMessage,
        Self::TooLarge,
        Self::TooFast,
        Self::NoHello,
        Self::BadToken,
        Self::TooSlow,
        Self::Replaced,
        Self::Internal,
    ];

    /// The code on the wire, the name in logs, metrics and the close reason, and what the client should do.
    #[must_use]
    pub const fn row(self) -> (u16, &'static str, Then) {
        match self {
            Self::Draining => (4000, "draining", Then::Reconnect),
            Self::WrongVersion => (4001, "wrong_version", Then::Reload),
            Self::BadMessage => (4002, "bad_message", Then::Stop),
            Self::BinaryMessage => (4003, "binary_message", Then::Stop),
            Self::TooLarge => (4004, "too_large", Then::Stop),
            Self::TooFast => (4005, "too_fast", Then::Reconnect),
            Self::NoHello => (4006, "no_hello", Then::Stop),
            Self::BadToken => (4007, "bad_token", Then::Forget),
            Self::TooSlow => (4008, "too_slow", Then::Reconnect),
            Self::Replaced => (4009, "replaced", Then::Stop),
            Self::Internal => (4010, "internal", Then::Reconnect),
        }
    }
}
