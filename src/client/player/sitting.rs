//! What a player knows and has to do on one connection, and when he must be woken for it. Pure.
//!
//! He looks at the maze thirty times a second at most, which is as often as anybody turns, at moments of his own: looking when frames come would make all
//! players of a maze press at once, and just after a tick. Between two moments at which he may want something he does not look at all; a frame that
//! shows the maze otherwise than he thought sets him right.

use std::time::Duration;

use tokio::time::Instant;

use crate::client::bot::Bot;
use crate::client::mirror::Mirror;
use crate::client::player::Plan;
use crate::game::scene::Seat;
use crate::wire::from_client::FromClient;
use crate::wire::to_client::ToClient;

/// Two ticks of the maze.
const LOOK_EVERY: Duration = Duration::from_micros(33_333);
/// As long as he may go without a look, whatever he expects.
const LOOK_AGAIN_TICKS_MAX: u32 = 12;
/// How often the signed position is asked for that the next `hello` brings along.
const PING_EVERY: Duration = Duration::from_secs(5);
/// Between the end of a run and the next, as a person reads GAME OVER.
const REST: Duration = Duration::from_secs(3);
/// A mirror is not moved on further than this beyond its newest frame: without frames nobody knows the future.
const BLIND_TICKS_MAX: u32 = 30;

/// What a player knows on one connection.
pub(super) struct Sitting<'plan> {
    plan: &'plan Plan,
    bot: Bot,
    pub(super) mirror: Mirror,
    newest_at: Instant,
    seat: Option<Seat>,
    input: &'plan mut u32,
    pings: u32,
    join_again_at: Option<Instant>,
    pub(super) elsewhere: bool,
    /// The first of the moments at which he looks.
    began: Instant,
    look_at: Instant,
    ping_at: Instant,
}

impl<'plan> Sitting<'plan> {
    pub(super) fn new(plan: &'plan Plan, input: &'plan mut u32, now: Instant) -> Self {
        Self {
            plan,
            bot: Bot::new(plan.seed, plan.style),
            mirror: Mirror::among(plan.gallery.clone()),
            newest_at: now,
            seat: None,
            input,
            pings: 0,
            join_again_at: None,
            elsewhere: false,
            began: now,
            look_at: now,
            ping_at: now,
        }
    }

    pub(super) fn join(&self) -> FromClient {
        let plan = self.plan;
        if plan.watches {
            return FromClient::Watch { maze: plan.maze.clone(), next: false };
        }
        FromClient::Join { maze: plan.maze.clone(), name: plan.name.clone(), colour: plan.colour, symbol: plan.symbol }
    }

    fn ping(&mut self) -> FromClient {
        self.pings = self.pings.wrapping_add(1);
        FromClient::Ping { n: self.pings }
    }

    pub(super) fn on_message(&mut self, message: &ToClient, now: Instant) {
        match message {
            ToClient::Joined { maze, seat, input, .. } => {
                self.elsewhere = self.plan.maze.as_ref().is_some_and(|wanted| wanted != maze);
                self.seat = *seat;
                *self.input = (*self.input).max(*input);
            }
            ToClient::Over { .. } => {
                self.seat = None;
                self.join_again_at = Some(now + REST);
            }
            ToClient::Error { code, message } => {
                tracing::debug!(event = "bot_refused", name = self.plan.name, ?code, message, "a bot was refused something");
                if self.seat.is_none() {
                    self.join_again_at = Some(now + REST);
                }
            }
            _ => {}
        }
    }

    /// Whether it was newer than what was there.
    pub(super) fn on_frame(&mut self, bytes: &[u8], now: Instant) -> bool {
        let newer = self.mirror.receive(bytes).unwrap_or_else(|error| {
            tracing::warn!(event = "bot_misled", name = self.plan.name, %error, "a bot cannot read a frame");
            false
        });
        if newer {
            self.newest_at = now;
            self.count_on();
            self.look_later(now);
        }
        newer
    }

    /// The maze may know of later keys than `joined` told, of a connection that has just ended; a key with an old number would not be obeyed.
    fn count_on(&mut self) {
        let (Some(Seat(seat)), Some(numbers)) = (self.seat, self.mirror.numbers()) else { return };
        let ahead = u32::from(numbers[usize::from(seat)]).wrapping_sub(*self.input) % 8;
        // Further round it is behind: a key is still under way.
        if (1..=3).contains(&ahead) {
            *self.input = self.input.wrapping_add(ahead);
        }
    }

    /// When he must be woken next if the server says nothing.
    pub(super) fn alarm(&self) -> Instant {
        let next = self.look_at.min(self.ping_at);
        self.join_again_at.map_or(next, |at| at.min(next))
    }

    /// What he says now that the alarm has rung.
    pub(super) fn due(&mut self, now: Instant) -> Option<FromClient> {
        if self.join_again_at.is_some_and(|at| at <= now) {
            self.join_again_at = None;
            return Some(self.join());
        }
        if self.ping_at <= now {
            self.ping_at = now + PING_EVERY;
            return Some(self.ping());
        }
        if self.look_at <= now { self.look(now) } else { None }
    }

    fn look(&mut self, now: Instant) -> Option<FromClient> {
        self.look_at = self.look_after(now, LOOK_AGAIN_TICKS_MAX);
        let seat = self.seat?;
        let newest_tick = self.mirror.position()?.tick;
        let since_ticks = (now.saturating_duration_since(self.newest_at).as_millis() * 60 / 1000).min(u128::from(BLIND_TICKS_MAX)) as u32;
        let scene = self.mirror.at(newest_tick.saturating_add(since_ticks))?;
        let wanted = self.bot.decide(scene, seat);
        let rest_ticks = self.bot.rest_ticks(scene, seat);
        self.look_at = self.look_after(now, rest_ticks);
        *self.input = self.input.wrapping_add(u32::from(wanted.is_some()));
        wanted.map(|dir| FromClient::Input { n: *self.input, dir })
    }

    /// A frame has come, so he may want something sooner than he thought.
    fn look_later(&mut self, now: Instant) {
        if let (Some(seat), Some((scene, _))) = (self.seat, self.mirror.newest()) {
            self.look_at = self.look_at.min(self.look_after(now, self.bot.rest_ticks(scene, seat)));
        }
    }

    /// The first of his moments after `now` that is so many ticks later.
    fn look_after(&self, now: Instant, rest_ticks: u32) -> Instant {
        let rest = Duration::from_micros(u64::from(rest_ticks.min(LOOK_AGAIN_TICKS_MAX)) * 1_000_000 / 60);
        let since = now.saturating_duration_since(self.began) + rest;
        let looks = since.as_nanos() / LOOK_EVERY.as_nanos() + 1;
        self.began + Duration::from_nanos((looks * LOOK_EVERY.as_nanos()) as u64)
    }
}
