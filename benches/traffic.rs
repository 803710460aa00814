//! What a maze of ten players costs on the wire, in frames and bytes a second, and what its clients see: `cargo bench --bench traffic`.
//!
//! First in one process without sockets: world, forecast, frames and mirrors, with bots that look at what a client sees and whose keys travel for a
//! tick. It tells why each frame was sent and how far off clients are that hear it late. Then through the whole server, counted at a socket; time is
//! paused, so a minute takes as long as its work. A report to read, not a benchmark of speed; the same seed reports the same.

#![expect(clippy::print_stdout, reason = "a report")]

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::timeout;
use waka::client::bot::Bot;
use waka::client::bot::Style;
use waka::client::connection::Connection;
use waka::client::connection::Heard;
use waka::client::mirror::Mirror;
use waka::config::Config;
use waka::game::grid::Point;
use waka::game::scene::Condition;
use waka::game::scene::SEATS;
use waka::game::scene::Scene;
use waka::game::seating::Command;
use waka::game::seating::Outcome;
use waka::game::world::World;
use waka::gateway::admission::Limits;
use waka::server;
use waka::wire::BEAT_TICKS;
use waka::wire::Epoch;
use waka::wire::PROTOCOL_VERSION;
use waka::wire::frame;
use waka::wire::frame::EVENTS_MAX;
use waka::wire::frame::Event;
use waka::wire::frame::Frame;
use waka::wire::from_client::FromClient;
use waka::wire::to_client::ToClient;
use waka::worker::forecast::Forecast;

const SECONDS: u32 = 60;
const TICKS: u32 = SECONDS * 60;
/// Frames that a client hears at once, 50 and 100 ms late.
const DELAYS_TICKS: [u32; 3] = [0, 3, 6];
/// An error counts at most so much: the two are in different corridors then.
const ERROR_PX_MAX: u32 = 32;
/// Between the end of a run and the next.
const REST_TICKS: u32 = 180;

fn main() {
    for (style, budget) in [(Style::People, "1100"), (Style::Metronome, "1600")] {
        for seed in 1..=3 {
            let mut maze = Maze::new(10, style, seed);
            (0..TICKS).for_each(|_| maze.tick());
            println!("{style:?}, ten players, seed {seed}, budget {budget} B/s: {}", maze.report);
        }
    }
    through_the_server();
}

struct Maze {
    world: World,
    forecast: Forecast,
    bots: Vec<Bot>,
    /// What clients have that hear everything at once: the leader's shadow.
    shadow: Option<Scene>,
    clients: Vec<Client>,
    /// Commands under way, with the tick at which they arrive.
    under_way: Vec<(u32, Command)>,
    sent_tick: u32,
    report: Report,
}

/// Somebody who hears each frame late.
struct Client {
    delay_ticks: u32,
    mirror: Mirror,
    under_way: Vec<(u32, Vec<u8>)>,
}

impl Maze {
    fn new(players: u64, style: Style, seed: u64) -> Self {
        let client = |delay_ticks| Client { delay_ticks, mirror: Mirror::new(), under_way: Vec::new() };
        Self {
            world: World::new(seed),
            forecast: Forecast::new(),
            bots: (0..players).map(|player| Bot::new(seed * 100 + player, style)).collect(),
            shadow: None,
            clients: DELAYS_TICKS.map(client).into(),
            under_way: (0..players).map(|player| (0, Command::Join { player })).collect(),
            sent_tick: 0,
            report: Report::default(),
        }
    }

    fn tick(&mut self) {
        let now = self.world.tick();
        let commands: Vec<Command> = self.under_way.extract_if(.., |(at, _)| *at <= now).map(|(_, command)| command).collect();
        for outcome in self.world.step(&commands) {
            if let Outcome::RunOver { player, .. } = outcome {
                self.under_way.push((now + REST_TICKS, Command::Join { player }));
            }
        }
        let truth = self.world.scene();
        let before = self.shadow.clone();
        if let Some(shadow) = &mut self.shadow {
            shadow.advance();
        }
        if let Some(sections) = self.forecast.decide(&truth, 1) {
            let events = self.world.events().iter().filter_map(|event| Event::told_at(event, truth.tick)).take(EVENTS_MAX).collect();
            let scene = truth.clone();
            let frame = Frame { epoch: Epoch::new(1, 1), carried: false, roster_version: 1, numbers: [0; SEATS], events, scene, sections };
            let reason = self.shadow.as_ref().map_or("first", |shadow| reason(shadow, &truth, truth.tick - self.sent_tick));
            self.send(&frame, before, reason);
        }
        self.look(&truth);
        self.press(&truth);
    }

    fn send(&mut self, frame: &Frame, before: Option<Scene>, reason: &'static str) {
        self.forecast.on_sent(frame);
        let bytes = frame.encode().to_vec();
        self.report.frame(bytes.len(), reason);
        self.sent_tick = frame.scene.tick;
        match before {
            Some(mut shadow) => {
                shadow.advance_to_meet_a_frame();
                frame.apply_to(&mut shadow);
                self.shadow = Some(shadow);
            }
            None => self.shadow = Some(frame.scene.clone()),
        }
        for client in &mut self.clients {
            client.under_way.push((frame.scene.tick + client.delay_ticks, bytes.clone()));
        }
    }

    /// How far off everybody is drawn who is alive.
    fn look(&mut self, truth: &Scene) {
        for (client, errors) in self.clients.iter_mut().zip(&mut self.report.errors) {
            for (_, bytes) in client.under_way.extract_if(.., |(at, _)| *at <= truth.tick) {
                client.mirror.receive(&bytes).expect("a frame");
            }
            let Some(drawn) = client.mirror.at(truth.tick) else { continue };
            for (one, other) in truth.pacs.iter().zip(&drawn.pacs) {
                if let (Some(one), Some(other)) = (one, other)
                    && one.condition != Condition::Dead
                {
                    errors.note(apart_px(one.point, other.point));
                }
            }
        }
    }

    fn press(&mut self, truth: &Scene) {
        for (player, bot) in (0..).zip(&mut self.bots) {
            let Some(seat) = self.world.seat_of(player) else { continue };
            let Some(direction) = self.clients[0].mirror.at(truth.tick).and_then(|scene| bot.decide(scene, seat)) else { continue };
            self.report.keys += 1;
            self.under_way.push((truth.tick + 1, Command::Wish { seat, direction }));
        }
    }
}

fn apart_px(one: Point, other: Point) -> u32 {
    let across = one.x.wrapping_sub(other.x).min(other.x.wrapping_sub(one.x));
    (u32::from(across) + u32::from(one.y.abs_diff(other.y))).min(ERROR_PX_MAX)
}

/// Why a frame goes out: what the shadow has wrong, or a wish that it does not know, or only the time.
fn reason(shadow: &Scene, truth: &Scene, since_ticks: u32) -> &'static str {
    let mut wish = false;
    for (mine, other) in shadow.pacs.iter().zip(&truth.pacs) {
        let (Some(mine), Some(other)) = (mine, other) else {
            if mine != other {
                return "a seat";
            }
            continue;
        };
        wish |= mine.wish != other.wish;
        let moves = |condition: Condition| if let Condition::Shielded(pause) = condition { Condition::Alive(pause) } else { condition };
        match (moves(mine.condition), moves(other.condition)) {
            (mine, other) if mine == other => {}
            (Condition::Alive(_) | Condition::Powered(_), Condition::Bumped(_) | Condition::PoweredBumped(_)) => return "a bump",
            (_, Condition::Dead) => return "a death",
            (Condition::Dead, _) => return "a respawn",
            (Condition::Ready, _) => return "setting off",
            (Condition::Alive(_), Condition::Alive(_)) => return "eating otherwise",
            _ => return "power",
        }
        if (mine.point, mine.direction) != (other.point, other.direction) {
            return "a key that acts at once";
        }
    }
    let moods = shadow.ghosts.iter().zip(&truth.ghosts).any(|(mine, other)| mine.mood != other.mood);
    let places = shadow.ghosts.iter().zip(&truth.ghosts).any(|(mine, other)| mine.place != other.place);
    match (moods, places) {
        (true, _) => "a ghost eaten or blue",
        (_, true) => "a ghost in or out",
        _ if since_ticks >= BEAT_TICKS => "the beat",
        _ if wish => "a key that acts soon",
        _ => "another departure",
    }
}

#[derive(Default)]
struct Report {
    frames: u32,
    bytes: usize,
    keys: u32,
    reasons: BTreeMap<&'static str, u32>,
    errors: [Errors; 3],
}

#[derive(Clone, Copy, Default)]
struct Errors {
    px: u32,
    wrong: u32,
    looks: u32,
}

impl Errors {
    fn note(&mut self, px: u32) {
        self.px += px;
        self.wrong += u32::from(px > 0);
        self.looks += 1;
    }
}

impl Report {
    fn frame(&mut self, bytes: usize, reason: &'static str) {
        self.frames += 1;
        self.bytes += with_header(bytes);
        *self.reasons.entry(reason).or_default() += 1;
    }
}

/// A WebSocket frame from a server: two bytes before up to 125, else four.
fn with_header(bytes: usize) -> usize {
    bytes + if bytes < 126 { 2 } else { 4 }
}

impl std::fmt::Display for Report {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let a_second = |count: u32| f64::from(count) / f64::from(SECONDS);
        let bytes = u32::try_from(self.bytes).unwrap_or(u32::MAX);
        writeln!(
            out,
            "{:.1} frames a second of {:.1} bytes, {:.0} B/s down to each, {:.1} keys a second of each",
            a_second(self.frames),
            f64::from(bytes) / f64::from(self.frames),
            a_second(bytes),
            a_second(self.keys) / 10.0
        )?;
        for (delay, errors) in DELAYS_TICKS.iter().zip(self.errors) {
            let looks = f64::from(errors.looks.max(1));
            let (mean, wrong) = (f64::from(errors.px) / looks, 100.0 * f64::from(errors.wrong) / looks);
            writeln!(out, "    heard {:3} ms late: off by {mean:.2} px, wrong {wrong:.1} % of the time", delay * 1000 / 60)?;
        }
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let told: Vec<String> = reasons.iter().map(|(reason, count)| format!("{reason} {:.2}", a_second(**count))).collect();
        writeln!(out, "    sent a second for: {}", told.join(", "))
    }
}

/// Ten bots of the keeper and somebody who looks on and counts.
fn through_the_server() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime");
    let counted = runtime.block_on(async { timeout(Duration::from_secs(600), count_at_a_socket()).await.expect("a maze that plays") });
    println!("Through the server, ten bots over sockets: {counted}");
}

async fn count_at_a_socket() -> String {
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), bots: 10, ..Config::default() };
    let running = server::start(config, Limits::default()).await.expect("a free port");
    let mut socket = Connection::open(&format!("ws://{}/ws", running.address)).await.expect("a connection");
    for message in [
        FromClient::Hello { version: PROTOCOL_VERSION, token: None, seen: None, bot: false },
        FromClient::Watch { maze: None, next: false },
    ] {
        socket.say(&message).await.expect("it listens");
    }
    let (mut first_tick, mut frames, mut bytes, mut seated) = (None, 0_u32, 0, 0);
    loop {
        match socket.hear().await {
            Heard::Message(ToClient::Players { players, .. }) => seated = players.len(),
            Heard::Frame(frame) => {
                let tick = frame::position(&frame).map_or(0, |position| position.tick);
                let Some(first_tick) = first_tick else {
                    // Some time for all to set off.
                    first_tick = (seated == 10).then_some(tick + 300);
                    continue;
                };
                if tick >= first_tick + TICKS {
                    break;
                }
                if tick >= first_tick {
                    frames += 1;
                    bytes += with_header(frame.len());
                }
            }
            Heard::Closed(code) => panic!("closed with {code:?}"),
            Heard::Message(_) | Heard::Other(_) => {}
        }
    }
    let seconds = f64::from(SECONDS);
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    format!("{:.1} frames a second, {:.0} B/s at a socket", f64::from(frames) / seconds, f64::from(bytes) / seconds)
}
