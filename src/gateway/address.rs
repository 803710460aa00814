//! Whose connection it is: the client's real address behind trusted proxies, and the part of it that connections are counted by. Pure.
//!
//! `X-Forwarded-For` is a claim of whoever sent it. It is read from the right, and only as long as the one that appended an entry is trusted.

use std::net::IpAddr;
use std::net::Ipv6Addr;

/// Entries of `X-Forwarded-For` that are looked at; a longer chain is somebody's joke.
const FORWARDED_ENTRIES_MAX: usize = 32;

/// An address or a network of addresses, such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: u128,
    bits: u32,
}

impl Network {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        // IPv4 lives in the last 32 bits of its mapped form, so that one comparison does for both.
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        (bits <= width).then_some(Self { address: wide(address), bits: bits + 128 - width })
    }

    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let differing = self.address ^ wide(address);
        self.bits == 0 || differing >> (128 - self.bits) == 0
    }
}

/// The rightmost address that no trusted proxy vouches for. `forwarded` are the values of all `X-Forwarded-For` headers in order.
#[must_use]
pub fn client_address<'a>(peer: IpAddr, forwarded: impl Iterator<Item = &'a str>, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    if !is_trusted(client) {
        return client;
    }
    let entries: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    for entry in entries.iter().rev().take(FORWARDED_ENTRIES_MAX) {
        // What the trusted proxy wrote and cannot be read ends the chain: the proxy itself answers for it.
        let Some(address) = entry_address(entry) else { break };
        client = address.to_canonical();
        if !is_trusted(client) {
            break;
        }
    }
    client
}

/// Some balancers append the port.
fn entry_address(entry: &str) -> Option<IpAddr> {
    let with_port = || entry.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    entry.parse().ok().or_else(with_port)
}

/// What connections are counted by: the address, of IPv6 its first 64 bits, because a household has all of those.
#[must_use]
pub fn counted_by(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        IpAddr::V4(address) => IpAddr::V4(address),
    }
}

fn wide(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|text| Network::parse(text).expect("a network")).collect()
    }

    #[test]
    fn networks_contain_what_they_should() {
        let ten = Network::parse("10.0.0.0/8").expect("a network");
        assert!(
            ten.contains(ip("10.255.0.1"))
                && ten.contains(ip("::ffff:10.1.1.1"))
                && !ten.contains(ip("11.0.0.1"))
                && !ten.contains(ip("::1"))
        );
        let one = Network::parse("::1").expect("an address");
        assert!(one.contains(ip("::1")) && !one.contains(ip("::2")));
        assert!(Network::parse("0.0.0.0/0").is_some_and(|all| all.contains(ip("8.8.8.8")) && !all.contains(ip("2001:db8::1"))));
        assert!(Network::parse("::/0").is_some_and(|all| all.contains(ip("8.8.8.8"))));
        assert!(["10.0.0.0/33", "::/129", "ten", "10.0.0.0/-1", ""].iter().all(|text| Network::parse(text).is_none()));
    }

    #[test]
    fn an_untrusted_peer_is_itself_whatever_it_claims() {
        assert_eq!(client_address(ip("8.8.8.8"), ["1.2.3.4"].into_iter(), &networks(&["10.0.0.0/8"])), ip("8.8.8.8"));
        assert_eq!(client_address(ip("10.0.0.1"), ["1.2.3.4"].into_iter(), &[]), ip("10.0.0.1"));
    }

    #[test]
    fn the_rightmost_untrusted_address_counts() {
        let trusted = networks(&["10.0.0.0/8"]);
        let of = |values: &[&'static str]| client_address(ip("10.0.0.1"), values.iter().copied(), &trusted);
        assert_eq!(of(&["6.6.6.6, 1.2.3.4, 10.0.0.2"]), ip("1.2.3.4"));
        assert_eq!(of(&["6.6.6.6", "1.2.3.4:5678"]), ip("1.2.3.4"));
        assert_eq!(of(&["10.0.0.3"]), ip("10.0.0.3"));
        assert_eq!(of(&["6.6.6.6, nonsense, 10.0.0.2"]), ip("10.0.0.2"));
        assert_eq!(of(&[]), ip("10.0.0.1"));
    }

    /// A content network writes the viewer last; a balancer that preserves the header adds nothing, so one trusted network is enough. One that appended
    /// would write the content network's own address last, and all its viewers would be counted as one.
    #[test]
    fn behind_a_content_network_the_balancer_must_preserve_what_it_was_told() {
        let trusted = networks(&["10.0.0.0/16"]);
        let of = |value: &'static str| client_address(ip("10.0.1.7"), [value].into_iter(), &trusted);
        assert_eq!(of("6.6.6.6, 203.0.113.9"), ip("203.0.113.9"), "preserved");
        assert_eq!(of("6.6.6.6, 203.0.113.9, 130.176.0.1"), ip("130.176.0.1"), "appended");
    }

    #[test]
    fn an_ipv6_household_counts_as_one() {
        assert_eq!(counted_by(ip("2001:db8:1:2:3::4")), counted_by(ip("2001:db8:1:2:ffff::1")));
        assert_ne!(counted_by(ip("2001:db8:1:2::1")), counted_by(ip("2001:db8:1:3::1")));
        assert_eq!(counted_by(ip("::ffff:1.2.3.4")), ip("1.2.3.4"));
    }
}
