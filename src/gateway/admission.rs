//! Who gets in, and how often he may speak: counters of connections and token buckets. Pure; time is an argument.
//!
//! Everything is bounded (Y2): connections in total and per address here, so the table of addresses is no longer than the connections.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

/// Connections of one process at most; at 10 KiB each they take 200 MB.
pub const CONNECTIONS_MAX: u32 = 20_000;
/// Connections from one address (IPv6: from one /64) at most: a school class behind one router.
pub const CONNECTIONS_PER_ADDRESS_MAX: u32 = 64;
/// Messages of a client: this many at once ...
pub const MESSAGES_BURST: u32 = 60;
/// ... and this many a second for ever. A quick player presses ten keys a second.
pub const MESSAGES_PER_SECOND: u32 = 30;
/// Chat lines of a client within `CHAT_WINDOW`.
pub const CHAT_LINES: u32 = 5;
pub const CHAT_WINDOW: Duration = Duration::from_secs(10);
/// Joins, watches and leaves of a client within `JOIN_WINDOW`: each moves subscriptions.
pub const JOINS: u32 = 10;
pub const JOIN_WINDOW: Duration = Duration::from_secs(10);
/// Boards that a client asks for within `BOARDS_WINDOW`: an open one every two seconds, and some turning of pages.
pub const BOARDS: u32 = 10;
pub const BOARDS_WINDOW: Duration = Duration::from_secs(10);
/// Reports of a client within `REPORTS_WINDOW` ...
pub const REPORTS: u32 = 3;
/// ... and of all clients of a process: more than that is no longer about players.
pub const REPORTS_OF_ALL: u32 = 30;
pub const REPORTS_WINDOW: Duration = Duration::from_secs(60);

/// How long a connection may take to say hello.
pub const HELLO_MAX: Duration = Duration::from_secs(10);
/// A client that takes nothing for so long is closed.
pub const WRITE_MAX: Duration = Duration::from_secs(10);
/// Below the 60 s after which balancers cut a silent connection.
pub const PING_PERIOD: Duration = Duration::from_secs(15);
/// What a ping may take to be answered: as long as a write.
pub const PONG_MAX: Duration = Duration::from_secs(10);

const _: () = assert!(PONG_MAX.as_millis() < PING_PERIOD.as_millis());
const _: () = assert!(CONNECTIONS_PER_ADDRESS_MAX < CONNECTIONS_MAX);
const _: () = assert!(MESSAGES_PER_SECOND <= MESSAGES_BURST);

/// The bounds, so that a test can be crowded with three connections and need not wait for ten seconds.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connections: u32,
    pub connections_per_address: u32,
    /// Whether connections from this machine itself are bounded per address too. Not usually: its bots come from there.
    pub count_this_machine: bool,
    pub hello: Duration,
    pub write: Duration,
    pub ping_period: Duration,
    pub pong: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS_MAX,
            connections_per_address: CONNECTIONS_PER_ADDRESS_MAX,
            count_this_machine: false,
            hello: HELLO_MAX,
            write: WRITE_MAX,
            ping_period: PING_PERIOD,
            pong: PONG_MAX,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowded {
    Total,
    Address,
}

/// Counts connections; whoever is admitted must be released.
#[derive(Debug)]
pub struct Doorman {
    limits: Limits,
    total: u32,
    by_address: BTreeMap<IpAddr, u32>,
}

impl Doorman {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, total: 0, by_address: BTreeMap::new() }
    }

    pub fn admit(&mut self, address: IpAddr) -> Result<(), Crowded> {
        if self.total >= self.limits.connections {
            return Err(Crowded::Total);
        }
        let here = self.by_address.get(&address).copied().unwrap_or(0);
        let counts = self.limits.count_this_machine || !address.is_loopback();
        if counts && here >= self.limits.connections_per_address {
            return Err(Crowded::Address);
        }
        self.by_address.insert(address, here + 1);
        self.total += 1;
        Ok(())
    }

    pub fn release(&mut self, address: IpAddr) {
        let Some(here) = self.by_address.get_mut(&address) else { return };
        *here -= 1;
        self.total -= 1;
        if *here == 0 {
            self.by_address.remove(&address);
        }
    }

    #[must_use]
    pub fn total(&self) -> u32 {
        self.total
    }
}

/// So many at once, so many per window for ever. Counted in whole units of `window / refill`, so nothing drifts.
#[derive(Debug)]
pub struct Bucket {
    burst: u32,
    interval: Duration,
    /// When the bucket would be full again if nothing more were taken.
    full_at: Instant,
}

impl Bucket {
    #[must_use]
    pub fn new(burst: u32, refill: u32, window: Duration, now: Instant) -> Self {
        Self { burst, interval: window / refill, full_at: now }
    }

    #[must_use]
    pub fn messages(now: Instant) -> Self {
        Self::new(MESSAGES_BURST, MESSAGES_PER_SECOND, Duration::from_secs(1), now)
    }

    #[must_use]
    pub fn chat(now: Instant) -> Self {
        Self::new(CHAT_LINES, CHAT_LINES, CHAT_WINDOW, now)
    }

    #[must_use]
    pub fn joins(now: Instant) -> Self {
        Self::new(JOINS, JOINS, JOIN_WINDOW, now)
    }

    #[must_use]
    pub fn boards(now: Instant) -> Self {
        Self::new(BOARDS, BOARDS, BOARDS_WINDOW, now)
    }

    #[must_use]
    pub fn reports(now: Instant) -> Self {
        Self::new(REPORTS, REPORTS, REPORTS_WINDOW, now)
    }

    #[must_use]
    pub fn reports_of_all(now: Instant) -> Self {
        Self::new(REPORTS_OF_ALL, REPORTS_OF_ALL, REPORTS_WINDOW, now)
    }

    /// Whether there is none to take.
    #[must_use]
    pub fn is_empty(&self, now: Instant) -> bool {
        (self.full_at.max(now) + self.interval).duration_since(now) > self.interval * self.burst
    }

    /// Whether nothing was taken for so long that it is as new.
    #[must_use]
    pub fn is_full(&self, now: Instant) -> bool {
        self.full_at <= now
    }

    /// Takes one if there is one.
    #[must_use]
    pub fn take(&mut self, now: Instant) -> bool {
        let fits = !self.is_empty(now);
        if fits {
            self.full_at = self.full_at.max(now) + self.interval;
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[test]
    fn y2_connections_are_bounded_per_address_and_in_total() {
        let mut doorman = Doorman::new(Limits { connections: 3, connections_per_address: 2, ..Limits::default() });
        assert_eq!(doorman.admit(address(1)), Ok(()));
        assert_eq!(doorman.admit(address(1)), Ok(()));
        assert_eq!(doorman.admit(address(1)), Err(Crowded::Address));
        assert_eq!(doorman.admit(address(2)), Ok(()));
        assert_eq!(doorman.admit(address(3)), Err(Crowded::Total));
        doorman.release(address(1));
        assert_eq!(doorman.admit(address(3)), Ok(()));
        for last in [1, 2, 3] {
            doorman.release(address(last));
        }
        assert_eq!((doorman.total(), doorman.by_address.len()), (0, 0));
        doorman.release(address(9));
        assert_eq!(doorman.total(), 0);
    }

    #[test]
    fn this_machine_is_bounded_in_total_only() {
        let limits = Limits { connections: 3, connections_per_address: 1, ..Limits::default() };
        let here = IpAddr::from([127, 0, 0, 1]);
        let mut doorman = Doorman::new(limits);
        assert_eq!([doorman.admit(here), doorman.admit(here), doorman.admit(here)], [Ok(()); 3]);
        assert_eq!(doorman.admit(here), Err(Crowded::Total));
        let mut doorman = Doorman::new(Limits { count_this_machine: true, ..limits });
        assert_eq!([doorman.admit(here), doorman.admit(here)], [Ok(()), Err(Crowded::Address)]);
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::chat(start);
        let taken = (0..20).filter(|_| bucket.take(start)).count();
        assert_eq!(taken, 5);
        assert!(!bucket.take(start + Duration::from_millis(1999)));
        assert!(bucket.take(start + Duration::from_secs(2)));
        assert!(!bucket.take(start + Duration::from_secs(2)));
        let later = start + Duration::from_secs(3600);
        assert_eq!((0..20).filter(|_| bucket.take(later)).count(), 5);
    }
}
