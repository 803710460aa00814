//! What a client does when its connection ends: come back when, as whom, or not at all. Pure; the waiting is `player`'s.
//!
//! It carries what must outlive a socket: the token, the newest signed position, and how often coming back has failed in a row. Waiting times
//! are jittered, so that a thousand clients of a dead gateway do not return as one; they lie between 0.5 and 8 s, for ever.

use std::time::Duration;

use crate::client::dice::Dice;
use crate::wire::PROTOCOL_VERSION;
use crate::wire::close::Close;
use crate::wire::close::Then;
use crate::wire::from_client::FromClient;
use crate::wire::to_client::ToClient;

/// Nobody comes back sooner, unless the server's `bye` said so.
pub const WAIT_MS_MIN: u32 = 500;
/// Nobody waits longer; kept below the leaders' grace times four, so that a long outage ends for everybody within one breath.
pub const WAIT_MS_MAX: u32 = 8_000;
/// Doublings of the first second until the longest wait is reached.
const DOUBLINGS_MAX: u32 = 3;

const _: () = assert!(1_000 << DOUBLINGS_MAX == WAIT_MS_MAX);

#[derive(Clone, Debug)]
pub struct Course {
    bot: bool,
    dice: Dice,
    token: Option<String>,
    seen: Option<String>,
    failures: u32,
    /// Set by `bye`, used by the close that follows it.
    bye_ms: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Connect again after this long.
    ReturnAfter(Duration),
    /// Stay away: the server has said that coming back by oneself would be wrong. A program cannot reload itself, so a wrong version stops it too.
    StayAway(Close),
}

impl Course {
    #[must_use]
    pub fn new(bot: bool, seed: u64) -> Self {
        Self { bot, dice: Dice::new(seed), token: None, seen: None, failures: 0, bye_ms: None }
    }

    /// The first message of the next connection.
    #[must_use]
    pub fn hello(&self) -> FromClient {
        FromClient::Hello { version: PROTOCOL_VERSION, token: self.token.clone(), seen: self.seen.clone(), bot: self.bot }
    }

    /// Takes from a message what the next connection will need.
    pub fn heard(&mut self, message: &ToClient) {
        match message {
            ToClient::Welcome { token, .. } => self.token = Some(token.clone()),
            ToClient::Joined { .. } => self.failures = 0,
            ToClient::Pong { seen: Some(seen), .. } => self.seen = Some(seen.clone()),
            ToClient::Bye { retry_ms } => self.bye_ms = Some(*retry_ms),
            _ => {}
        }
    }

    /// The connection ended with this close code, or without any, or could not be made.
    pub fn ended(&mut self, code: Option<u16>) -> Next {
        let close = Close::ALL.into_iter().find(|close| Some(close.row().0) == code);
        match close.map(|close| (close, close.row().2)) {
            Some((close, Then::Stop | Then::Reload)) => Next::StayAway(close),
            Some((_, Then::Forget)) => {
                self.token = None;
                Next::ReturnAfter(self.wait())
            }
            Some((_, Then::Reconnect)) | None => Next::ReturnAfter(self.wait()),
        }
    }

    fn wait(&mut self) -> Duration {
        if let Some(bye_ms) = self.bye_ms.take() {
            return Duration::from_millis(u64::from(bye_ms.min(WAIT_MS_MAX)));
        }
        let longest_ms = 1_000 << self.failures.min(DOUBLINGS_MAX);
        self.failures = self.failures.saturating_add(1);
        let wait_ms = WAIT_MS_MIN + self.dice.below(longest_ms - WAIT_MS_MIN + 1);
        Duration::from_millis(u64::from(wait_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::MazeId;
    use crate::wire::NodeId;
    use crate::wire::PlayerId;

    fn welcome(token: &str) -> ToClient {
        ToClient::Welcome { version: 1, you: PlayerId(7), token: token.to_owned(), instance: NodeId("a".to_owned()) }
    }

    fn waited_ms(next: Next) -> u128 {
        match next {
            Next::ReturnAfter(wait) => wait.as_millis(),
            Next::StayAway(close) => panic!("stays away: {close:?}"),
        }
    }

    #[test]
    fn waits_grow_are_jittered_and_stay_between_half_a_second_and_eight() {
        let mut course = Course::new(true, 1);
        let waits: Vec<u128> = (0..200).map(|_| waited_ms(course.ended(None))).collect();
        assert!(waits.iter().all(|wait| (500..=8_000).contains(wait)), "{waits:?}");
        assert!(waits[0] <= 1_000, "the first return is quick: {waits:?}");
        assert!(waits[10..].iter().any(|wait| *wait > 7_000) && waits[10..].iter().any(|wait| *wait < 2_000), "jitter: {waits:?}");
        let other: Vec<u128> = {
            let mut course = Course::new(true, 2);
            (0..200).map(|_| waited_ms(course.ended(None))).collect()
        };
        assert_ne!(waits, other, "two clients must not return together");
    }

    #[test]
    fn a_seat_makes_the_next_wait_short_again() {
        let mut course = Course::new(true, 3);
        for _ in 0..10 {
            course.ended(None);
        }
        course.heard(&ToClient::Joined { maze: MazeId::open(1), spectating: false, seat: None, input: 0 });
        assert!(waited_ms(course.ended(None)) <= 1_000);
    }

    #[test]
    fn every_close_code_is_followed_as_the_table_says() {
        for close in Close::ALL {
            let (code, name, then) = close.row();
            let mut course = Course::new(false, 4);
            course.heard(&welcome("t"));
            let next = course.ended(Some(code));
            let stays = next == Next::StayAway(close);
            assert_eq!(stays, matches!(then, Then::Stop | Then::Reload), "{name}: {next:?}");
            let FromClient::Hello { token, .. } = course.hello() else { panic!("hello first") };
            assert_eq!(token.is_none(), then == Then::Forget, "{name}: token {token:?}");
        }
    }

    #[test]
    fn bye_says_when_to_return_and_only_once() {
        let mut course = Course::new(true, 5);
        course.heard(&ToClient::Bye { retry_ms: 120 });
        assert_eq!(course.ended(Some(4000)), Next::ReturnAfter(Duration::from_millis(120)));
        assert!(waited_ms(course.ended(None)) >= 500);
        course.heard(&ToClient::Bye { retry_ms: u32::MAX });
        assert_eq!(waited_ms(course.ended(Some(4000))), 8_000, "a server cannot send a client away for good");
    }

    #[test]
    fn token_and_seen_position_are_brought_along() {
        let mut course = Course::new(true, 6);
        course.heard(&welcome("proof"));
        course.heard(&ToClient::Pong { n: 1, seen: Some("signed".to_owned()) });
        course.heard(&ToClient::Pong { n: 2, seen: None });
        let expected = FromClient::Hello { version: 1, token: Some("proof".to_owned()), seen: Some("signed".to_owned()), bot: true };
        assert_eq!(course.hello(), expected);
    }
}
