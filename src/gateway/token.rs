//! What a gateway signs and a client keeps: the token that proves a player's id, and the newest position that he was shown. Pure.
//!
//! HMAC-SHA256 with one secret shared by the gateways, a domain word before each kind so that one is never taken for the other, base64url without
//! padding. Verified in constant time. A position is believed only so: an invented epoch must not push the maze's.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha2::Sha256;

use crate::wire::Epoch;
use crate::wire::MazeId;
use crate::wire::PlayerId;
use crate::wire::Position;

/// Characters of a token or a signed position at most; what is longer is not looked at.
pub const SIGNED_CHARS_MAX: usize = 128;
/// 128 bits of the MAC are sent: forging takes 2^127 asks of a gateway that answers some thousands a second.
const MAC_BYTES: usize = 16;

const PLAYER_DOMAIN: &[u8] = b"waka player 1\0";
const SEEN_DOMAIN: &[u8] = b"waka seen 1\0";
const SAME_DOMAIN: &[u8] = b"waka same 1\0";
const SESSION_DOMAIN: &[u8] = b"waka session 1\0";

/// The key; it never shows itself in a log.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    fn mac(&self, domain: &[u8], message: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"));
        mac.update(domain);
        mac.update(message);
        mac
    }

    fn sign(&self, domain: &[u8], message: &[u8]) -> String {
        let tag = self.mac(domain, message).finalize().into_bytes();
        let signed = [message, &tag[..MAC_BYTES]].concat();
        URL_SAFE_NO_PAD.encode(signed)
    }

    fn verify(&self, domain: &[u8], text: &str) -> Option<Vec<u8>> {
        if text.len() > SIGNED_CHARS_MAX {
            return None;
        }
        let mut signed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let tag = signed.split_off(signed.len().checked_sub(MAC_BYTES)?);
        self.mac(domain, &signed).verify_truncated_left(&tag).ok()?;
        Some(signed)
    }

    /// The token that resumes this player's identity at any gateway.
    #[must_use]
    pub fn player_token(&self, player: PlayerId) -> String {
        self.sign(PLAYER_DOMAIN, &player.0.to_be_bytes())
    }

    #[must_use]
    pub fn player_of(&self, token: &str) -> Option<PlayerId> {
        let bytes = self.verify(PLAYER_DOMAIN, token)?;
        Some(PlayerId(u64::from_be_bytes(bytes.try_into().ok()?)))
    }

    /// Whether this is the secret itself; takes as long whatever is offered.
    #[must_use]
    pub fn is(&self, offered: &str) -> bool {
        let tag = Self::new(offered.as_bytes()).mac(SAME_DOMAIN, b"").finalize();
        self.mac(SAME_DOMAIN, b"").verify(&tag.into_bytes()).is_ok()
    }

    /// An operator's session that ends so many seconds after 1970.
    #[must_use]
    pub fn session(&self, until_s: u64) -> String {
        self.sign(SESSION_DOMAIN, &until_s.to_be_bytes())
    }

    #[must_use]
    pub fn session_of(&self, text: &str) -> Option<u64> {
        let bytes = self.verify(SESSION_DOMAIN, text)?;
        Some(u64::from_be_bytes(bytes.try_into().ok()?))
    }

    /// A position that a gateway has shown, to be brought along to the next one.
    #[must_use]
    pub fn seen(&self, maze: &MazeId, position: Position) -> String {
        let message = [&position.epoch.0.to_be_bytes(), &position.tick.to_be_bytes(), maze.as_str().as_bytes()].concat();
        self.sign(SEEN_DOMAIN, &message)
    }

    #[must_use]
    pub fn seen_of(&self, text: &str) -> Option<(MazeId, Position)> {
        let bytes = self.verify(SEEN_DOMAIN, text)?;
        let (epoch, rest) = bytes.split_first_chunk::<4>()?;
        let (tick, maze) = rest.split_first_chunk::<4>()?;
        let maze = MazeId::parse(std::str::from_utf8(maze).ok()?).ok()?;
        Some((maze, Position { epoch: Epoch(u32::from_be_bytes(*epoch)), tick: u32::from_be_bytes(*tick) }))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new(b"sixteen bytes or more")
    }

    #[test]
    fn a_token_proves_its_player_and_no_other() {
        let token = secret().player_token(PlayerId(7));
        assert_eq!(secret().player_of(&token), Some(PlayerId(7)));
        assert_eq!(Secret::new(b"another secret of some length").player_of(&token), None);
    }

    #[test]
    fn no_altered_or_truncated_token_is_believed() {
        let token = secret().player_token(PlayerId(0x0123_4567_89ab_cdef));
        for at in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(secret().player_of(&String::from_utf8(altered).expect("ASCII")), None, "character {at}");
            assert_eq!(secret().player_of(&token[..at]), None, "cut at {at}");
        }
        assert_eq!(secret().player_of(&format!("{token}A")), None);
        assert_eq!(secret().player_of(&"A".repeat(100_000)), None);
    }

    #[test]
    fn a_seen_position_names_its_maze() {
        let maze = MazeId::parse("friends").expect("an id");
        let position = Position { epoch: Epoch::new(3, 9), tick: 12_345 };
        let seen = secret().seen(&maze, position);
        assert!(seen.len() <= SIGNED_CHARS_MAX);
        assert_eq!(secret().seen_of(&seen), Some((maze, position)));
        assert_eq!(secret().seen_of(&seen[1..]), None);
    }

    #[test]
    fn one_kind_is_never_taken_for_the_other() {
        let token = secret().player_token(PlayerId(7));
        assert_eq!(secret().seen_of(&token), None);
        let message = 7_u64.to_be_bytes();
        assert_eq!(secret().player_of(&secret().sign(SEEN_DOMAIN, &message)), None);
    }
}
