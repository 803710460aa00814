//! A bot on a connection: it joins, plays, joins again when its run is over, comes back when the connection ends, and leaves when told to.
//!
//! A thin shell: what to press is `bot`'s, where everybody is `mirror`'s, when to come back `course`'s. It looks at the maze thirty times a second,
//! which is as often as anybody turns.

use std::time::Duration;

use tokio::select;
use tokio::time::Instant;
use tokio::time::MissedTickBehavior;
use tokio::time::interval;
use tokio::time::sleep;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::client::bot::Bot;
use crate::client::bot::Style;
use crate::client::connection::Connection;
use crate::client::connection::Heard;
use crate::client::connection::SAY_MAX;
use crate::client::course::Course;
use crate::client::course::Next;
use crate::client::course::WAIT_MS_MAX;
use crate::client::mirror::Mirror;
use crate::client::witness::Witness;
use crate::game::scene::Seat;
use crate::wire::MazeId;
use crate::wire::close::Close;
use crate::wire::from_client::FromClient;
use crate::wire::to_client::ToClient;

/// Two ticks of the maze.
const LOOK_EVERY: Duration = Duration::from_micros(33_333);
/// How often the signed position is asked for that the next `hello` brings along.
const PING_EVERY: Duration = Duration::from_secs(5);
/// Between the end of a run and the next, as a person reads GAME OVER.
const REST: Duration = Duration::from_secs(3);
/// A mirror is not moved on further than this beyond its newest frame: without frames nobody knows the future.
const BLIND_TICKS_MAX: u32 = 30;

/// Who plays, and where.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `ws://host:port/ws`.
    pub address: String,
    /// The only maze to play in; without one the matchmaker chooses.
    pub maze: Option<MazeId>,
    pub name: String,
    pub colour: Option<u8>,
    pub symbol: Option<u8>,
    pub style: Style,
    /// Only looks on.
    pub watches: bool,
    /// Whether he says of himself that he is a program; who does keeps no maze awake and has no best runs.
    pub bot: bool,
    pub seed: u64,
}

/// Plays until `leave` is cancelled, then gives up the seat. Returns sooner only if the server says to stay away, and why.
pub async fn play(plan: Plan, leave: CancellationToken, witness: &mut impl Witness) -> Option<Close> {
    let mut course = Course::new(plan.bot, plan.seed);
    // Goes on from connection to connection: a server that was asked in between may not have heard of the last keys yet.
    let mut input = 0;
    loop {
        let began = Instant::now();
        let opened = select! {
            () = leave.cancelled() => return None,
            opened = Connection::open(&plan.address) => opened,
        };
        let next = match opened {
            Ok(connection) => {
                witness.opened(began.elapsed());
                match sit(&plan, &mut course, &mut input, connection, &leave, witness).await {
                    Ended::Left => return None,
                    Ended::Closed(code) => {
                        witness.closed(code);
                        course.ended(code)
                    }
                    Ended::Elsewhere => Next::ReturnAfter(Duration::from_millis(u64::from(WAIT_MS_MAX))),
                }
            }
            Err(error) => {
                witness.unopened(&error);
                tracing::debug!(event = "bot_unconnected", name = plan.name, %error, "a bot cannot connect");
                course.ended(None)
            }
        };
        match next {
            Next::StayAway(close) => return Some(close),
            Next::ReturnAfter(wait) => select! {
                () = leave.cancelled() => return None,
                () = sleep(wait) => {}
            },
        }
    }
}

enum Ended {
    Left,
    Closed(Option<u16>),
    /// The maze was full and the server gave another, where this player has no business.
    Elsewhere,
}

/// One connection from `hello` to its end.
async fn sit(
    plan: &Plan,
    course: &mut Course,
    input: &mut u32,
    mut connection: Connection,
    leave: &CancellationToken,
    witness: &mut impl Witness,
) -> Ended {
    let mut sitting = Sitting::new(plan, input);
    for message in [course.hello(), sitting.join()] {
        witness.says(&message, Instant::now());
        if connection.say(&message).await.is_err() {
            return Ended::Closed(code_of(connection).await);
        }
    }
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut ping = interval(PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let answer = select! {
            () = leave.cancelled() => {
                // If it is not heard, the roster of the gateway will tell.
                let _told = connection.say(&FromClient::Leave).await;
                connection.close().await;
                return Ended::Left;
            }
            heard = connection.hear() => match heard {
                Heard::Closed(code) => return Ended::Closed(code),
                Heard::Message(message) => {
                    let now = Instant::now();
                    course.heard(&message);
                    witness.heard(&message, now);
                    sitting.on_message(&message, now);
                    if sitting.elsewhere {
                        let _told = connection.say(&FromClient::Leave).await;
                        connection.close().await;
                        return Ended::Elsewhere;
                    }
                    None
                }
                Heard::Frame(bytes) => {
                    let now = Instant::now();
                    if sitting.on_frame(&bytes, now) {
                        witness.saw(&sitting.mirror, now);
                    }
                    None
                }
                Heard::Other(_) => None,
            },
            now = look.tick() => sitting.look(now).or_else(|| witness.prompts(now)),
            _ = ping.tick() => Some(sitting.ping()),
        };
        if let Some(answer) = answer {
            witness.says(&answer, Instant::now());
            if connection.say(&answer).await.is_err() {
                return Ended::Closed(code_of(connection).await);
            }
        }
        witness.traffic(connection.take_traffic());
    }
}

/// Writing has failed; the reason may still be waiting to be read.
async fn code_of(mut connection: Connection) -> Option<u16> {
    let reading = async {
        loop {
            if let Heard::Closed(code) = connection.hear().await {
                return code;
            }
        }
    };
    timeout(SAY_MAX, reading).await.unwrap_or(None)
}

/// What a player knows on one connection.
struct Sitting<'plan> {
    plan: &'plan Plan,
    bot: Bot,
    mirror: Mirror,
    newest_at: Instant,
    seat: Option<Seat>,
    input: &'plan mut u32,
    pings: u32,
    join_again_at: Option<Instant>,
    elsewhere: bool,
}

impl<'plan> Sitting<'plan> {
    fn new(plan: &'plan Plan, input: &'plan mut u32) -> Self {
        Self {
            plan,
            bot: Bot::new(plan.seed, plan.style),
            mirror: Mirror::new(),
            newest_at: Instant::now(),
            seat: None,
            input,
            pings: 0,
            join_again_at: None,
            elsewhere: false,
        }
    }

    fn join(&self) -> FromClient {
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

    fn on_message(&mut self, message: &ToClient, now: Instant) {
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
    fn on_frame(&mut self, bytes: &[u8], now: Instant) -> bool {
        let newer = self.mirror.receive(bytes).unwrap_or_else(|error| {
            tracing::warn!(event = "bot_misled", name = self.plan.name, %error, "a bot cannot read a frame");
            false
        });
        if newer {
            self.newest_at = now;
            self.count_on();
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

    fn look(&mut self, now: Instant) -> Option<FromClient> {
        if self.join_again_at.is_some_and(|at| at <= now) {
            self.join_again_at = None;
            return Some(self.join());
        }
        let seat = self.seat?;
        let newest_tick = self.mirror.position()?.tick;
        let since_ticks = (now.saturating_duration_since(self.newest_at).as_millis() * 60 / 1000).min(u128::from(BLIND_TICKS_MAX)) as u32;
        let scene = self.mirror.at(newest_tick.saturating_add(since_ticks))?;
        let dir = self.bot.decide(scene, seat)?;
        *self.input = self.input.wrapping_add(1);
        Some(FromClient::Input { n: *self.input, dir })
    }
}

#[cfg(test)]
mod tests;
