//! A bot on a connection: it joins, plays, joins again when its run is over, comes back when the connection ends, and leaves when told to.
//!
//! A thin shell: what to press is `bot`'s, where everybody is `mirror`'s, when to come back `course`'s, what is due when on one connection `sitting`'s.
//! It waits for the server and for one alarm, and for nothing else.

mod sitting;

use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::time::Instant;
use tokio::time::sleep;
use tokio::time::sleep_until;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::client::bot::Style;
use crate::client::connection::Connection;
use crate::client::connection::Heard;
use crate::client::connection::SAY_MAX;
use crate::client::course::Course;
use crate::client::course::Next;
use crate::client::course::WAIT_MS_MAX;
use crate::client::mirror::Gallery;
use crate::client::player::sitting::Sitting;
use crate::client::witness::Witness;
use crate::wire::MazeId;
use crate::wire::close::Close;
use crate::wire::from_client::FromClient;

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
    /// Common to those of his process who play in the same maze.
    pub gallery: Gallery,
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
    let mut sitting = Sitting::new(plan, input, Instant::now());
    for message in [course.hello(), sitting.join()] {
        witness.says(&message, Instant::now());
        if connection.say(&message).await.is_err() {
            return Ended::Closed(code_of(connection).await);
        }
    }
    let mut alarm = pin!(sleep_until(sitting.alarm()));
    loop {
        let answer = select! {
            biased;
            () = &mut alarm => {
                // The alarm rings five times a second; to listen for this at each frame would cost as much as to read the frame.
                if leave.is_cancelled() {
                    // If it is not heard, the roster of the gateway will tell.
                    let _told = connection.say(&FromClient::Leave).await;
                    connection.close().await;
                    return Ended::Left;
                }
                let now = Instant::now();
                sitting.due(now).or_else(|| witness.prompts(now))
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
        };
        if let Some(answer) = answer {
            witness.says(&answer, Instant::now());
            if connection.say(&answer).await.is_err() {
                return Ended::Closed(code_of(connection).await);
            }
        }
        witness.traffic(connection.take_traffic());
        if alarm.deadline() != sitting.alarm() {
            alarm.as_mut().reset(sitting.alarm());
        }
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

#[cfg(test)]
mod tests;
