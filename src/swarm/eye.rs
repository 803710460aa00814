//! Looks over one player's shoulder and tells the tally. Shared without locks, as the whole swarm is one thread.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use tokio::time::Instant;

use crate::client::bot::Style;
use crate::client::connection::OpenError;
use crate::client::counted::Traffic;
use crate::client::mirror::Mirror;
use crate::client::witness::Witness;
use crate::game::scene::Seat;
use crate::swarm::sightings::Sightings;
use crate::swarm::tally::Tally;
use crate::wire::from_client::Channel;
use crate::wire::from_client::FromClient;
use crate::wire::to_client::ToClient;

/// Between two lines of one player: a client may say five in ten seconds.
const CHAT_REST: Duration = Duration::from_secs(3);
/// One line in so many is for the whole world, which every client is told of.
const WORLD_LINES_ONE_IN: u64 = 10;

pub(super) struct Eye {
    client: u32,
    style: Style,
    watches: bool,
    tally: Rc<RefCell<Tally>>,
    /// Of the maze that he plays in.
    sightings: Rc<RefCell<Sightings>>,
    seat: Option<Seat>,
    connections: u32,
    /// He has just said something.
    quiet_until: Option<Instant>,
    /// When this connection began, until it has had a seat.
    joining_since: Option<Instant>,
    connected: bool,
    frame_at: Option<Instant>,
}

impl Eye {
    pub(super) fn new(client: u32, style: Style, watches: bool, tally: Rc<RefCell<Tally>>, sightings: Rc<RefCell<Sightings>>) -> Self {
        Self {
            client,
            style,
            watches,
            tally,
            sightings,
            seat: None,
            connections: 0,
            joining_since: None,
            quiet_until: None,
            connected: false,
            frame_at: None,
        }
    }

    fn stands_up(&mut self) {
        if self.seat.take().is_some() {
            self.tally.borrow_mut().seated -= 1;
            self.sightings.borrow_mut().forget(self.client);
        }
    }

    fn is_gone(&mut self) {
        self.stands_up();
        if std::mem::take(&mut self.connected) {
            self.tally.borrow_mut().flow(self.watches).connected -= 1;
        }
        self.frame_at = None;
    }

    /// A new run on the same connection is no join.
    fn is_there(&mut self, now: Instant) {
        if let Some(began) = self.joining_since.take() {
            let mut tally = self.tally.borrow_mut();
            tally.joins += 1;
            tally.join.add(now.saturating_duration_since(began));
        }
    }
}

impl Witness for Eye {
    fn opened(&mut self, took: Duration) {
        let mut tally = self.tally.borrow_mut();
        tally.flow(self.watches).connected += 1;
        tally.reconnects += u64::from(self.connections > 0);
        self.connected = true;
        self.connections += 1;
        self.joining_since = Instant::now().checked_sub(took);
    }

    fn unopened(&mut self, error: &OpenError) {
        self.tally.borrow_mut().unopened(error.to_string());
    }

    fn prompts(&mut self, now: Instant) -> Option<FromClient> {
        let mut tally = self.tally.borrow_mut();
        let may = self.seat.is_some() && tally.chat_due > 0 && self.quiet_until.is_none_or(|until| now >= until);
        may.then(|| {
            self.quiet_until = Some(now + CHAT_REST);
            tally.chat_due -= 1;
            tally.chat_said += 1;
            let channel = if tally.chat_said.is_multiple_of(WORLD_LINES_ONE_IN) { Channel::World } else { Channel::Maze };
            FromClient::Chat { channel, text: Some(format!("line {} of a swarm", tally.chat_said)), phrase: None }
        })
    }

    fn says(&mut self, message: &FromClient, now: Instant) {
        let (FromClient::Input { n, .. }, Some(seat)) = (message, self.seat) else { return };
        let mut tally = self.tally.borrow_mut();
        if tally.holds() {
            tally.keys += 1;
            self.sightings.borrow_mut().pressed(self.client, self.style, seat, *n, now);
        }
    }

    fn heard(&mut self, message: &ToClient, now: Instant) {
        match message {
            ToClient::Joined { seat: Some(seat), .. } => {
                self.tally.borrow_mut().seated += u32::from(self.seat.replace(*seat).is_none());
                self.is_there(now);
            }
            ToClient::Joined { spectating, .. } => {
                self.stands_up();
                if *spectating && self.watches {
                    self.is_there(now);
                }
            }
            ToClient::Chat { lines, .. } => {
                let mut tally = self.tally.borrow_mut();
                if tally.holds() {
                    tally.chat_heard += lines.len() as u64;
                }
            }
            ToClient::Over { .. } => {
                self.stands_up();
                self.tally.borrow_mut().runs_over += 1;
            }
            ToClient::Error { code, .. } => self.tally.borrow_mut().refused(code.name()),
            _ => {}
        }
    }

    fn saw(&mut self, mirror: &Mirror, now: Instant) {
        let mut tally = self.tally.borrow_mut();
        let before = self.frame_at.replace(now);
        if !tally.holds() {
            return;
        }
        tally.flow(self.watches).frames += 1;
        if let Some(before) = before {
            tally.gap.add(now.saturating_duration_since(before));
        }
        if let Some(numbers) = mirror.numbers() {
            self.sightings.borrow_mut().shown(self.client, numbers, now, |style, took| tally.seen(style, took));
        }
    }

    fn traffic(&mut self, traffic: Traffic) {
        self.tally.borrow_mut().traffic(self.watches, traffic);
    }

    fn closed(&mut self, code: Option<u16>) {
        self.is_gone();
        self.tally.borrow_mut().closed(code);
    }
}

impl Drop for Eye {
    fn drop(&mut self) {
        self.is_gone();
    }
}
