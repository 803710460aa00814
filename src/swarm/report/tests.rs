//! The report's arithmetic, its words, and when it is not to be believed.

use super::*;
use crate::swarm::budget::Budget;
use crate::swarm::tally::Phase;
use crate::swarm::tally::Times;

fn taken(cpu_ms: u64, memory_bytes: u64) -> Taken {
    Taken { cpu: Duration::from_millis(cpu_ms), memory_bytes }
}

fn measured() -> Measured {
    Measured {
        ramp: Duration::from_secs(1),
        held: Duration::from_secs(10),
        players_at_first: 10,
        server: Ok([taken(1000, 10 << 20), taken(3000, 11 << 20)]),
        own: Ok([taken(0, 1 << 20), taken(500, 2 << 20)]),
        busy: Duration::from_secs(1),
        departed: 0,
        memory: Vec::new(),
        keys: vec![Err("--redis was not given".to_owned())],
        calm: None,
    }
}

fn tally() -> Tally {
    let mut tally = Tally::new();
    tally.phase = Phase::Hold;
    (tally.players.connected, tally.seated) = (10, 10);
    tally.passed(Duration::from_secs(10));
    tally.players.traffic.down_bytes = 120_000;
    tally.players.frames = 1500;
    for millis in [10, 20, 30, 40] {
        tally.latency.add(Duration::from_millis(millis));
    }
    tally.closed(Some(4008));
    tally
}

fn order(budgets: &[&str]) -> Order {
    let budgets = budgets.iter().map(|text| Budget::parse(text).unwrap()).collect();
    Order { urls: vec!["ws://a/ws".to_owned()], players: 10, budgets, ..Order::default() }
}

#[test]
fn rates_are_by_player_and_second_and_cpu_by_core() {
    let report = Report::new(&order(&[]), &tally(), &measured());
    assert_eq!((report.bytes_down_per_player_s, report.frames_per_player_s), (Some(1200.0), Some(15.0)));
    let Server::Known { cpu_s, cpu_percent, .. } = report.server else { panic!("it was measured") };
    assert!((cpu_s - 2.0).abs() < 1e-9 && (cpu_percent - 20.0).abs() < 1e-9);
    assert!((report.swarm.busy_percent - 10.0).abs() < 1e-9 && report.swarm.bottleneck.is_none());
    let text = report.to_string();
    for told in ["10 of 10 players in 1 mazes, as metronome", "1200 bytes down", "1 4008 too_slow", "20 % of a core", "not the bottleneck"]
    {
        assert!(text.contains(told), "{told} is missing in\n{text}");
    }
}

#[test]
fn each_budget_is_judged_by_its_own_figure() {
    let met =
        ["latency-p50=21ms", "latency-max=41ms", "bytes-down=1200", "closes=1", "server-cpu=21%", "server-memory=11MiB", "unopened=0"];
    let missed = ["latency-p99=39ms", "bytes-down=1199", "closes=0", "server-cpu=19%", "server-memory=10MiB", "gap-p99=1s"];
    let report = Report::new(&order(&[&met[..], &missed[..]].concat()), &tally(), &measured());
    for judged in &report.budgets {
        assert_eq!(judged.met, met.contains(&judged.budget.as_str()), "{judged:?}");
    }
    assert!(!report.meets_its_budgets() && report.to_string().contains("budget gap-p99=1s: no figure, MISSED"));
    assert!(Report::new(&order(&met), &tally(), &measured()).meets_its_budgets());
}

#[test]
fn latency_is_told_apart_by_style_where_styles_are_mixed() {
    let mut mixed = tally();
    for (style, millis) in [(Style::Metronome, 10), (Style::Metronome, 12), (Style::People, 90)] {
        mixed.seen(style, Duration::from_millis(millis));
    }
    let order = Order { style: Style::People, metronomes: 2, ..order(&["metronome-latency-max=12.1ms", "metronome-latency-max=11.9ms"]) };
    let report = Report::new(&order, &mixed, &measured());
    assert_eq!(report.budgets.iter().map(|judged| judged.met).collect::<Vec<_>>(), [true, false], "{:?}", report.budgets);
    let text = report.to_string();
    for told in ["as people, 2 of them as metronome, at", "| the same, keys of metronome | 10.0 |", "| the same, keys of people | 90.0 |"] {
        assert!(text.contains(told), "{told} is missing in\n{text}");
    }
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["metronomes"], &json["latency_by_style_ms"]["metronome"]["count"]), (&2.into(), &2.into()));
    let pure = Report::new(&self::order(&["metronome-latency-max=1s"]), &tally(), &measured());
    assert!(!pure.to_string().contains("keys of") && !pure.meets_its_budgets(), "no figure is no proof");
}

#[test]
fn a_soak_tells_growth_and_keys_and_hostility_its_shift() {
    let mut disturbed = tally();
    disturbed.is_disturbed = true;
    disturbed.seen(Style::People, Duration::from_millis(33));
    disturbed.hostile_ended("flooder", Ok(Some(4005)));
    let mut calm = Times::new();
    calm.add(Duration::from_millis(30));
    let measured = Measured {
        memory: (0..60).map(|second| (Duration::from_secs(second), 1000 * second)).collect(),
        keys: vec![Ok(10), Err("away".to_owned()), Ok(30), Ok(20)],
        calm: Some(calm.spread()),
        ..measured()
    };
    let budgets =
        ["memory-growth=59KiB", "memory-growth=58KiB", "redis-keys=30", "redis-keys=29", "hostile-shift=10.2%", "hostile-shift=9.8%"];
    let report = Report::new(&order(&budgets), &disturbed, &measured);
    let met: Vec<bool> = report.budgets.iter().map(|judged| judged.met).collect();
    assert_eq!(met, [true, false, true, false, true, false], "{:?}", report.budgets);
    let text = report.to_string();
    for told in
        ["growing by 58.6 KiB", "10 keys at first, 30 at most, 20 at last", "from 30.0 to 33.0 ms: +10.0 %", "1 flooder: 4005 too_fast"]
    {
        assert!(text.contains(told), "{told} is missing in\n{text}");
    }
}

#[test]
fn it_says_when_the_swarm_itself_was_too_slow() {
    let busy = Measured { busy: Duration::from_millis(8100), ..measured() };
    let report = Report::new(&order(&[]), &tally(), &busy);
    assert!(report.to_string().contains("THE SWARM ITSELF WAS THE BOTTLENECK") && report.swarm.bottleneck.is_some());
    let mut late = tally();
    late.late.add(Duration::from_millis(11));
    let why = Report::new(&order(&[]), &late, &measured()).swarm.bottleneck.expect("late");
    assert!(why.contains("11.0 ms late") && why.contains("used 5 % of a processor, so something else"), "{why}");
    let hard_at_work = Measured { own: Ok([taken(0, 1), taken(9000, 1)]), busy: Duration::from_millis(9500), ..measured() };
    let why = Report::new(&order(&[]), &tally(), &hard_at_work).swarm.bottleneck.expect("busy");
    assert!(why.contains("busy for 95 %") && !why.contains("something else"), "{why}");
}

#[test]
fn what_is_not_known_is_said_and_never_a_number() {
    let unknown = Measured { server: Err("not on this system".to_owned()), own: Err("not on this system".to_owned()), ..measured() };
    let report = Report::new(&order(&["server-cpu=100%"]), &Tally::new(), &unknown);
    let text = report.to_string();
    assert!(text.contains("CPU and memory unknown: not on this system") && text.contains("unknown bytes down"), "{text}");
    assert!(text.contains("| between frames | - |") && text.contains("closed: none"), "{text}");
    assert!(!report.meets_its_budgets());
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["server"]["why"], &json["bytes_down_per_player_s"]), (&"not on this system".into(), &serde_json::Value::Null));
}
