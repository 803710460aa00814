//! How long it takes from a key's send to the first frame at another client of the maze that shows it. Pure; one of these a maze.
//!
//! Frames carry, for each seat, the number of the last key that the maze has obeyed, modulo 8. A key is shown by a frame whose number for its seat is
//! its own, or up to three further on when newer keys of the same seat have overtaken it. What its own client sees does not count.

use std::time::Duration;

use tokio::time::Instant;

use crate::client::bot::Style;
use crate::game::scene::SEATS;
use crate::game::scene::Seat;

/// A key that nobody has seen for so long will not be seen: its player has died, left or lost his connection meanwhile.
const UNSEEN_AFTER: Duration = Duration::from_secs(5);
/// Numbers by which a frame may be ahead of a key that it shows; further round it is behind.
const AHEAD_MAX: u32 = 3;
/// Keys of one client under way at most; with more of them numbers modulo 8 would not tell which are shown. What he presses above it in a stall is not
/// measured: those before it tell of the stall.
const UNDER_WAY_MAX: usize = 4;

const _: () = assert!(UNDER_WAY_MAX as u32 + AHEAD_MAX < 8);

#[derive(Debug, Default)]
pub(super) struct Sightings {
    under_way: Vec<Key>,
}

#[derive(Debug)]
struct Key {
    client: u32,
    /// How he plays who pressed it.
    style: Style,
    seat: Seat,
    number: u32,
    sent: Instant,
}

impl Sightings {
    /// `client` hands the key with this number to the network.
    pub(super) fn pressed(&mut self, client: u32, style: Style, seat: Seat, number: u32, now: Instant) {
        if self.under_way.iter().filter(|key| key.client == client).count() < UNDER_WAY_MAX {
            self.under_way.push(Key { client, style, seat, number, sent: now });
        }
    }

    /// `client` has a new frame with these numbers; `seen` is told of each key of others that it is the first to show, of what style and how long that took.
    pub(super) fn shown(&mut self, client: u32, numbers: &[u8; SEATS], now: Instant, mut seen: impl FnMut(Style, Duration)) {
        self.under_way.retain(|key| {
            let ahead = u32::from(numbers[usize::from(key.seat.0)]).wrapping_sub(key.number) % 8;
            let shows = key.client != client && ahead <= AHEAD_MAX;
            if shows {
                seen(key.style, now.saturating_duration_since(key.sent));
            }
            !shows
        });
    }

    /// The client's seat is no longer his, so its number means somebody else.
    pub(super) fn forget(&mut self, client: u32) {
        self.under_way.retain(|key| key.client != client);
    }

    /// Gives up on old keys and tells how many.
    pub(super) fn give_up(&mut self, now: Instant) -> u64 {
        let before = self.under_way.len();
        self.under_way.retain(|key| now.saturating_duration_since(key.sent) < UNSEEN_AFTER);
        (before - self.under_way.len()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const NOTHING: [Duration; 0] = [];

    fn numbers(seat: usize, number: u8) -> [u8; SEATS] {
        let mut numbers = [0; SEATS];
        numbers[seat] = number;
        numbers
    }

    fn seen(sightings: &mut Sightings, client: u32, numbers: &[u8; SEATS], now: Instant) -> Vec<Duration> {
        let mut all = Vec::new();
        sightings.shown(client, numbers, now, |style, took| {
            assert_eq!(style, Style::People);
            all.push(took);
        });
        all
    }

    #[test]
    fn the_first_other_client_counts_and_only_once() {
        let start = Instant::now();
        let mut sightings = Sightings::default();
        sightings.pressed(7, Style::People, Seat(3), 9, start);
        assert_eq!(seen(&mut sightings, 8, &numbers(3, 0), start + 5 * MS), NOTHING, "the frame does not know of it yet");
        assert_eq!(seen(&mut sightings, 7, &numbers(3, 1), start + 20 * MS), NOTHING, "its own client");
        assert_eq!(seen(&mut sightings, 8, &numbers(3, 1), start + 21 * MS), [21 * MS]);
        assert_eq!(seen(&mut sightings, 9, &numbers(3, 1), start + 25 * MS), NOTHING, "the second");
    }

    #[test]
    fn a_newer_key_of_the_seat_shows_the_older_and_another_seat_shows_nothing() {
        let start = Instant::now();
        let mut sightings = Sightings::default();
        sightings.pressed(1, Style::People, Seat(0), 6, start);
        sightings.pressed(1, Style::People, Seat(0), 7, start + 2 * MS);
        sightings.pressed(1, Style::People, Seat(0), 8, start + 4 * MS);
        let another = [5, 7, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(seen(&mut sightings, 2, &another, start + 9 * MS), NOTHING, "of other seats");
        assert_eq!(seen(&mut sightings, 2, &numbers(0, 7), start + 10 * MS), [10 * MS, 8 * MS], "the third is still under way");
        assert_eq!(seen(&mut sightings, 2, &numbers(0, 0), start + 11 * MS), [7 * MS], "8 is 0 modulo 8");
    }

    #[test]
    fn keys_are_forgotten_with_their_seat_given_up_in_time_and_bounded() {
        let start = Instant::now();
        let mut sightings = Sightings::default();
        sightings.pressed(1, Style::People, Seat(0), 1, start);
        sightings.pressed(2, Style::People, Seat(1), 1, start);
        sightings.forget(1);
        assert_eq!(seen(&mut sightings, 3, &numbers(0, 1), start), NOTHING);
        assert_eq!(sightings.give_up(start + UNSEEN_AFTER - MS), 0);
        assert_eq!(sightings.give_up(start + UNSEEN_AFTER), 1);
        for number in 1..1000 {
            sightings.pressed(1, Style::People, Seat(0), number, start);
        }
        assert_eq!(seen(&mut sightings, 3, &numbers(0, 0), start), NOTHING, "none of many keys is taken for one that the frame shows");
        assert_eq!(sightings.give_up(start + UNSEEN_AFTER), UNDER_WAY_MAX as u64);
    }
}
