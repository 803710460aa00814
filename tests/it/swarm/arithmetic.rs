//! The swarm's own arithmetic, against a line that is known: latency with a known delay, bytes against what the line wrote down, ends and returns
//! against cuts. Server, line and swarm are in this process and time is paused, so the delay is exact.

use std::future::pending;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::sleep;
use waka::client::bot::Style;
use waka::config::Config;
use waka::gateway::admission::Limits;
use waka::swarm;
use waka::swarm::Screen;
use waka::swarm::order::Order;
use waka::swarm::report::Report;

use crate::swarm::line::Line;
use crate::swarm::line::Way;
use crate::visitor;

const PLAYERS: u32 = 6;
const TICK_MS: f64 = 1000.0 / 60.0;
/// Whole ticks, so that behind a line of this delay a key meets its maze as long before the next tick as without.
const DELAY_TICKS: u32 = 7;
const ROUND_TRIP_MS: f64 = 2.0 * DELAY_TICKS as f64 * TICK_MS;

fn order(line: &Line, seconds: u32) -> Order {
    let url = format!("ws://{}/ws", line.address);
    Order { urls: vec![url], players: PLAYERS, per_maze: 3, seconds, style: Style::Metronome, ..Order::default() }
}

async fn report(order: &Order) -> Report {
    let mut told = Vec::new();
    let mut screen = Screen { out: &mut told, is_terminal: true };
    let unknown = async || Err("there is none".to_owned());
    let report = swarm::run(order, &mut screen, unknown, pending()).await.expect("a report");
    assert!(String::from_utf8(told).expect("UTF-8").contains("6 of 6 seated"), "progress is told");
    report
}

async fn behind_a_line_of(delay: Duration, seconds: u32) -> (Report, Line, Instant) {
    let running = visitor::server(Config::default(), Limits::default()).await;
    let line = Line::open(running.address, delay).await;
    let started = Instant::now();
    let report = report(&order(&line, seconds)).await;
    running.stop().await;
    (report, line, started)
}

#[tokio::test(start_paused = true)]
async fn latency_grows_by_the_delay_there_and_back() {
    let (near, ..) = behind_a_line_of(Duration::ZERO, 60).await;
    let (far, ..) = behind_a_line_of(Duration::from_secs(1) * DELAY_TICKS / 60, 60).await;
    assert!(near.latency_ms.count > 400 && far.latency_ms.count > 400, "{} and {}", near.latency_ms.count, far.latency_ms.count);
    // Which of four moments of a tick a maze ticks at goes by its name, which is drawn, so the wait for the tick may differ by less than one. Behind the
    // long line more keys come too late for their corner, change nothing at once and wait for the beat, so the tail is the players'.
    let (near_ms, far_ms) = (near.latency_ms, far.latency_ms);
    assert!((far_ms.p50 - near_ms.p50 - ROUND_TRIP_MS).abs() < TICK_MS, "{near_ms:?} and {far_ms:?}");
    assert!((ROUND_TRIP_MS - 5.0..ROUND_TRIP_MS + 40.0).contains(&(far_ms.mean - near_ms.mean)), "{near_ms:?} and {far_ms:?}");
    assert!(near.latency_ms.p50 < 20.0, "{:?}", near.latency_ms);
    // A constant delay makes no gap longer than the beat; keys that come too late for their corner make some fewer frames.
    for gap_ms in [near.gap_ms, far.gap_ms] {
        assert!((99.0..102.0).contains(&gap_ms.max), "{gap_ms:?}");
    }
    assert!((far.gap_ms.mean - near.gap_ms.mean).abs() < 10.0, "{:?} and {:?}", near.gap_ms, far.gap_ms);
    // A join takes a handshake, a hello with its join, and the seat: two times there and back.
    assert!(far.join_ms.p50 - near.join_ms.p50 > 400.0, "{:?} and {:?}", near.join_ms, far.join_ms);
    assert_eq!((far.keys_unseen, far.joins, far.reconnects), (0, u64::from(PLAYERS), 0));
}

#[tokio::test(start_paused = true)]
async fn bytes_are_those_that_the_line_wrote_down() {
    let (report, line, started) = behind_a_line_of(Duration::from_millis(5), 30).await;
    let from = started + Duration::from_secs_f64(report.ramp_s);
    let to = from + Duration::from_secs_f64(report.held_s);
    let client_seconds = f64::from(PLAYERS) * report.held_s;
    for (way, rate) in [(Way::Down, report.bytes_down_per_player_s), (Way::Up, report.bytes_up_per_player_s)] {
        // What a client has sent is at the other end of the line five milliseconds later.
        let late = if way == Way::Up { Duration::from_millis(5) } else { Duration::ZERO };
        let passed = line
            .capture()
            .iter()
            .filter(|chunk| chunk.way == way && (from + late..to + late).contains(&chunk.at))
            .map(|chunk| chunk.bytes)
            .sum::<u32>();
        let counted = rate.expect("a figure") * client_seconds;
        let off = (counted - f64::from(passed)).abs() / f64::from(passed);
        assert!(passed > 5000 && off < 0.005, "{way:?}: counted {counted:.0}, on the line {passed}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cut_is_an_end_and_a_return_for_each_player() {
    let running = visitor::server(Config::default(), Limits::default()).await;
    let line = Line::open(running.address, Duration::from_millis(1)).await;
    let order = order(&line, 20);
    let cutting = async {
        sleep(Duration::from_secs(10)).await; // time is the promise
        line.cut();
        pending::<()>().await;
    };
    let report = tokio::select! {
        report = report(&order) => report,
        () = cutting => unreachable!("it waits for ever"),
    };
    let closes: Vec<(&str, u64)> = report.closes.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!((closes, report.reconnects), (vec![("lost", u64::from(PLAYERS))], u64::from(PLAYERS)));
    assert_eq!((report.joins, report.players_at_last), (2 * u64::from(PLAYERS), PLAYERS));
    assert!(report.gap_ms.max < 500.0, "the time away is no gap between frames of a connection: {:?}", report.gap_ms);
    running.stop().await;
}

/// A server that waited for one who reads nothing would do so for `WRITE_MAX`, 10 s.
const WAITED_MS: f64 = 2000.0;

/// Paused time leaps as soon as all tasks wait, even while the kernel of a busy machine still has bytes under way, which would stretch a latency that
/// nobody caused. Held, it goes a millisecond at a time (it stands while anything blocks), and the kernel has its moment after each.
async fn hold_the_clock() {
    loop {
        sleep(Duration::from_millis(1)).await; // time is the promise
        let moment = || std::thread::sleep(Duration::from_micros(100)); // time is the promise
        let _ = tokio::task::spawn_blocking(moment).await;
    }
}

/// Time is paused, so what is seen here is who waits for whom, not what the machine has to do.
#[tokio::test(start_paused = true)]
async fn hostile_clients_make_nobody_else_wait() {
    let running = visitor::server(Config::default(), Limits::default()).await;
    let line = Line::open(running.address, Duration::ZERO).await;
    let order = Order { hostile: 4, ..order(&line, 60) };
    let report = tokio::select! {
        report = report(&order) => report,
        () = hold_the_clock() => unreachable!("it goes on for ever"),
    };
    let hostility = report.hostility.as_ref().expect("there were some");
    let (before, since) = (hostility.latency_before_ms, hostility.latency_since_ms);
    // Within a tick, which is what a key waits for anyway, nobody can tell.
    assert!(before.count > 150 && since.count > 150 && since.p99 < 1.1 * before.p99.max(20.0), "{before:?} and {since:?}");
    assert!(since.max < WAITED_MS, "{since:?}");
    assert!(report.closes.is_empty() && report.gap_ms.p99 < 105.0, "{:?}, {:?}", report.closes, report.gap_ms);
    for how in ["flooder: 4005 too_fast", "garbage: 4002 bad_message", "garbage: 4003 binary_message", "silent: lost", "slow reader: lost"]
    {
        assert!(hostility.ended.get(how).is_some_and(|times| *times > 0), "{how} is missing in {:?}", hostility.ended);
    }
    running.stop().await;
}
