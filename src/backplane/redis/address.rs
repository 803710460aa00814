//! The address of a Redis, which may hold a password: parsed once, and never shown with it.

use std::fmt;

use super::RedisRefused;

/// `redis://` or `rediss://` (TLS), with user and password if need be. Printing it shows scheme, host and port only.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisAddress {
    url: String,
    shown: String,
}

impl RedisAddress {
    /// # Errors
    /// When it is no address of a Redis; the message does not repeat it.
    pub fn parse(url: &str) -> Result<Self, RedisRefused> {
        let client = redis::Client::open(url).map_err(|_| RedisRefused::BadAddress)?;
        let shown = client.get_connection_info().addr().to_string();
        Ok(Self { url: url.to_owned(), shown })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl fmt::Display for RedisAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.shown)
    }
}

impl fmt::Debug for RedisAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RedisAddress({})", self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let address = RedisAddress::parse("rediss://someone:hunter2@redis.example:6380/").unwrap();
        assert_eq!(
            (address.to_string(), format!("{address:?}")),
            ("redis.example:6380".to_owned(), "RedisAddress(redis.example:6380)".to_owned())
        );
        let wrong = RedisAddress::parse("http://someone:hunter2@redis.example/").unwrap_err().to_string();
        assert!(!wrong.contains("hunter2"), "{wrong}");
    }
}
