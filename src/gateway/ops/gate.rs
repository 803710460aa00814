//! Who may see the operator's page: who shows the token, or a session that it has signed. Pure; time is an argument.
//!
//! A token is compared in constant time, and never stands in an address or in a cookie: a cookie holds when its session ends, signed with the token,
//! so it is good at every process of the same token and dies with it. Wrong tokens are few for each address (Y2).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header;
use tokio::time::Instant;

use crate::gateway::admission::Bucket;
use crate::gateway::token::Secret;

/// Wrong tokens of an address within `WRONG_WINDOW`; beyond them no token of it is looked at, not even the right one.
pub const WRONG_TOKENS: u32 = 5;
pub const WRONG_WINDOW: Duration = Duration::from_secs(60);
/// Addresses with wrong tokens that are remembered; whoever comes beyond them waits. Sessions do not.
const ADDRESSES_MAX: usize = 1_024;
/// A day's work.
pub const SESSION_MAX: Duration = Duration::from_secs(12 * 3600);
const COOKIE: &str = "waka-ops";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    In,
    /// Nothing is shown that could be wrong: no token, and no session or one that is over.
    Out,
    Wrong,
    TooFast,
}

pub struct Gate {
    token: Secret,
    wrong: BTreeMap<IpAddr, Bucket>,
}

impl Gate {
    #[must_use]
    pub fn new(token: Secret) -> Self {
        Self { token, wrong: BTreeMap::new() }
    }

    /// Somebody of this address shows a token.
    pub fn show(&mut self, now: Instant, from: IpAddr, offered: &str) -> Verdict {
        if !self.wrong.contains_key(&from) && self.wrong.len() >= ADDRESSES_MAX {
            self.wrong.retain(|_, bucket| !bucket.is_full(now));
            if self.wrong.len() >= ADDRESSES_MAX {
                return Verdict::TooFast;
            }
        }
        if self.wrong.get(&from).is_some_and(|bucket| bucket.is_empty(now)) {
            return Verdict::TooFast;
        }
        if self.token.is(offered) {
            return Verdict::In;
        }
        let bucket = self.wrong.entry(from).or_insert_with(|| Bucket::new(WRONG_TOKENS, WRONG_TOKENS, WRONG_WINDOW, now));
        let _ = bucket.take(now);
        Verdict::Wrong
    }

    /// What a request carries: `Authorization: Bearer TOKEN`, or else a session.
    pub fn look(&mut self, now: Instant, unix_s: u64, from: IpAddr, headers: &HeaderMap) -> Verdict {
        if let Some(authorization) = headers.get(header::AUTHORIZATION) {
            let offered = authorization.to_str().ok().and_then(|text| text.split_once(' '));
            return match offered {
                Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => self.show(now, from, token.trim()),
                _ => Verdict::Out,
            };
        }
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
        let mut sessions = cookies.filter_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='));
        let holds = sessions.any(|session| self.token.session_of(session).is_some_and(|until_s| unix_s < until_s));
        if holds { Verdict::In } else { Verdict::Out }
    }

    /// The `Set-Cookie` of a session that begins now.
    #[must_use]
    pub fn session(&self, unix_s: u64, over_tls: bool) -> String {
        cookie(&self.token.session(unix_s + SESSION_MAX.as_secs()), SESSION_MAX.as_secs(), over_tls)
    }
}

/// The `Set-Cookie` that ends one.
#[must_use]
pub fn no_session(over_tls: bool) -> String {
    cookie("", 0, over_tls)
}

/// Scripts cannot read it, no other page's request carries it, and the game's requests do not.
fn cookie(value: &str, seconds: u64, over_tls: bool) -> String {
    let secure = if over_tls { "; Secure" } else { "" };
    format!("{COOKIE}={value}; Path=/ops; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "a token of the operator";

    fn gate() -> Gate {
        Gate::new(Secret::new(TOKEN.as_bytes()))
    }

    fn address(last: u16) -> IpAddr {
        IpAddr::from([10, 0, (last >> 8) as u8, last as u8])
    }

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().expect("a header"))])
    }

    /// What a browser sends back of a `Set-Cookie`.
    fn sent_back(cookie: &str) -> HeaderMap {
        let pair = cookie.split(';').next().expect("a pair");
        with(header::COOKIE, &format!("other=1; {pair}; last=2"))
    }

    #[test]
    fn only_the_token_is_let_in() {
        let (now, mut gate) = (Instant::now(), gate());
        assert_eq!(gate.show(now, address(1), TOKEN), Verdict::In);
        for (last, wrong) in (2..).zip(["", "a", "a token of the operato", "a token of the operator ", "A token of the operator"]) {
            assert_eq!(gate.show(now, address(last), wrong), Verdict::Wrong, "{wrong:?}");
        }
    }

    #[test]
    fn a_bearer_is_looked_at_and_other_schemes_are_nothing() {
        let (now, mut gate) = (Instant::now(), gate());
        let mut look = |value: &str| gate.look(now, 0, address(1), &with(header::AUTHORIZATION, value));
        assert_eq!(look(&format!("Bearer {TOKEN}")), Verdict::In);
        assert_eq!(look(&format!("bearer {TOKEN}")), Verdict::In);
        assert_eq!(look("Bearer nonsense"), Verdict::Wrong);
        assert_eq!(look(&format!("Basic {TOKEN}")), Verdict::Out);
        assert_eq!(look(TOKEN.split(' ').next().expect("a word")), Verdict::Out);
        assert_eq!(gate.look(now, 0, address(1), &HeaderMap::new()), Verdict::Out);
    }

    #[test]
    fn a_session_lasts_its_time_at_every_gate_of_the_same_token() {
        let (now, begun) = (Instant::now(), 1_800_000_000);
        let cookie = gate().session(begun, false);
        assert!(
            !cookie.contains(TOKEN) && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/ops")
        );
        assert!(!cookie.contains("Secure") && gate().session(begun, true).ends_with("; Secure"));
        let headers = sent_back(&cookie);
        let last = begun + SESSION_MAX.as_secs();
        assert_eq!(gate().look(now, last - 1, address(1), &headers), Verdict::In);
        assert_eq!(gate().look(now, last, address(1), &headers), Verdict::Out, "it is over");
        let mut other = Gate::new(Secret::new(b"the next token, after a rotation"));
        assert_eq!(other.look(now, begun, address(1), &headers), Verdict::Out);
        let forged = sent_back(&cookie.replacen("waka-ops=", "waka-ops=A", 1));
        assert_eq!(gate().look(now, begun, address(1), &forged), Verdict::Out);
        assert_eq!(gate().look(now, begun, address(1), &sent_back(&no_session(false))), Verdict::Out);
        // A player's token is signed for something else.
        let player = Secret::new(TOKEN.as_bytes()).player_token(crate::wire::PlayerId(u64::MAX));
        assert_eq!(gate().look(now, begun, address(1), &with(header::COOKIE, &format!("waka-ops={player}"))), Verdict::Out);
    }

    #[test]
    fn y2_wrong_tokens_are_few_for_an_address_and_do_not_stop_others_or_sessions() {
        let (now, mut gate) = (Instant::now(), gate());
        for _ in 0..WRONG_TOKENS {
            assert_eq!(gate.show(now, address(1), "wrong"), Verdict::Wrong);
        }
        assert_eq!(gate.show(now, address(1), "wrong"), Verdict::TooFast);
        assert_eq!(gate.show(now, address(1), TOKEN), Verdict::TooFast, "or the bound would tell which one was right");
        assert_eq!(gate.show(now, address(2), TOKEN), Verdict::In);
        let session = sent_back(&gate.session(0, false));
        assert_eq!(gate.look(now, 1, address(1), &session), Verdict::In);
        assert_eq!(gate.show(now + WRONG_WINDOW / WRONG_TOKENS, address(1), TOKEN), Verdict::In, "one more after a while");
    }

    #[test]
    fn y2_addresses_are_remembered_up_to_a_bound() {
        let (now, mut gate) = (Instant::now(), gate());
        for last in 0..ADDRESSES_MAX as u16 {
            assert_eq!(gate.show(now, address(last), "wrong"), Verdict::Wrong);
        }
        assert_eq!(gate.show(now, address(u16::MAX), "wrong"), Verdict::TooFast);
        let later = now + WRONG_WINDOW;
        assert_eq!(gate.show(later, address(u16::MAX), "wrong"), Verdict::Wrong);
        assert_eq!(gate.wrong.len(), 1, "who has been quiet is forgotten");
    }
}
