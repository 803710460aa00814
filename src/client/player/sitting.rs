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
const LOOK_AGAIN_MAX: Duration = Duration::from_millis(200);
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
        self.look_at = self.look_after(now, now + LOOK_AGAIN_MAX);
        let seat = self.seat?;
        let newest_tick = self.mirror.position()?.tick;
        let since_ticks = (now.saturating_duration_since(self.newest_at).as_millis() * 60 / 1000).min(u128::from(BLIND_TICKS_MAX)) as u32;
        let scene = self.mirror.at(newest_tick.saturating_add(since_ticks))?;
        let wanted = self.bot.decide(scene, seat);
        let rest_ticks = self.bot.rest_ticks(scene, seat);
        self.look_at = self.look_at.min(self.look_after(now, self.newest_at + ticks(since_ticks + rest_ticks)));
        *self.input = self.input.wrapping_add(u32::from(wanted.is_some()));
        wanted.map(|dir| FromClient::Input { n: *self.input, dir })
    }

    /// A frame has come, so he may want something sooner than he thought.
    fn look_later(&mut self, now: Instant) {
        if let (Some(seat), Some((scene, _))) = (self.seat, self.mirror.newest()) {
            self.look_at = self.look_at.min(self.look_after(now, now + ticks(self.bot.rest_ticks(scene, seat))));
        }
    }

    /// The first of his moments that is not before `due`, and after `now`.
    fn look_after(&self, now: Instant, due: Instant) -> Instant {
        let looks = |at: Instant| at.saturating_duration_since(self.began).as_nanos();
        let next = (looks(now) / LOOK_EVERY.as_nanos() + 1).max(looks(due).div_ceil(LOOK_EVERY.as_nanos()));
        self.began + Duration::from_nanos((next * LOOK_EVERY.as_nanos()) as u64)
    }
}

fn ticks(count: u32) -> Duration {
    Duration::from_secs(1) * count / 60
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::bot::Style;
    use crate::client::mirror::Gallery;
    use crate::client::tests::calm;
    use crate::client::tests::pac_at;
    use crate::game::grid::Direction;
    use crate::game::scene::SEATS;
    use crate::game::scene::Scene;
    use crate::wire::Epoch;
    use crate::wire::MazeId;
    use crate::wire::frame::Frame;
    use crate::wire::frame::Sections;

    fn frame(scene: Scene) -> Vec<u8> {
        let (epoch, sections) = (Epoch::new(1, 1), Sections::ALL);
        Frame { epoch, carried: false, roster_version: 0, numbers: [0; SEATS], events: vec![], scene, sections }.encode().to_vec()
    }

    #[test]
    fn he_looks_at_moments_of_his_own_and_seldom_but_five_times_a_second() {
        let began = Instant::now();
        let plan = Plan {
            address: String::new(),
            maze: None,
            name: String::new(),
            colour: None,
            symbol: None,
            style: Style::People,
            watches: false,
            bot: true,
            seed: 3,
            gallery: Gallery::default(),
        };
        let mut scene = calm();
        scene.pacs[0] = Some(pac_at(13, 23, Direction::Left));
        let mut input = 0;
        let mut sitting = Sitting::new(&plan, &mut input, began);
        sitting.on_message(&ToClient::Joined { maze: MazeId::open(1), spectating: false, seat: Some(Seat(0)), input: 0 }, began);
        let (mut looks, mut keys, mut rang, mut wants_tick) = (0, 0, began, 0);
        let mut has_news = false;
        // A frame each sixth tick and after a key; a moment is two ticks.
        for tick in 0..1200_u32 {
            let now = began + ticks(tick);
            let moment = began + LOOK_EVERY * (tick / 2);
            if tick % 6 == 0 || std::mem::take(&mut has_news) {
                sitting.on_frame(&frame(scene.clone()), now);
            }
            if tick % 2 == 0 {
                let now = now.max(moment);
                while sitting.alarm() <= now {
                    if sitting.look_at <= now {
                        looks += 1;
                        assert!(tick <= wants_tick + 3, "a moment and a tick after what he wants: {tick}, {wants_tick}");
                    }
                    assert!(sitting.look_at > now || sitting.look_at == moment, "at moments of his own");
                    rang = now;
                    let says = sitting.due(now);
                    // As he sees it: the key is told by the next frame.
                    wants_tick = tick + sitting.bot.rest_ticks(&scene, Seat(0));
                    if let Some(FromClient::Input { dir, .. }) = says {
                        keys += 1;
                        has_news = true;
                        scene.pacs[0].as_mut().unwrap().wish = dir;
                    }
                }
                assert!(now.saturating_duration_since(rang) <= LOOK_AGAIN_MAX, "at {tick}");
            }
            scene.advance();
        }
        assert!((100..400).contains(&looks) && keys > 10, "{looks} looks in 600 moments, {keys} keys");
    }
}
