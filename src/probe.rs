use std::collections::BTreeMap;
use crate::client::bot::{Bot, Style};
use crate::client::mirror::Mirror;
use crate::game::scene::*;
use crate::game::seating::{Command, Outcome};
use crate::game::world::World;
use crate::wire::Epoch;
use crate::wire::frame::*;
use crate::worker::forecast::Forecast;

fn run(style: Style, players: u64, seconds: u32, delay: u32, seed: u64) {
    let mut world = World::new(seed);
    let joins: Vec<Command> = (0..players).map(|player| Command::Join { player }).collect();
    let _ = world.step(&joins);
    let mut bots: Vec<Bot> = (0..players).map(|i| Bot::new(seed * 100 + i, style)).collect();
    let mut forecast = Forecast::new();
    let mut shadow: Option<Scene> = None;
    let mut reasons: BTreeMap<String, u32> = BTreeMap::new();
    let (mut frames, mut bytes, mut keys, mut events, mut sections) = (0u32, 0usize, 0u32, 0usize, 0usize);
    let delays = [0u32, 3, 6];
    let mut mirrors = [const { Vec::<(u32, Vec<u8>)>::new() }; 3];
    let mut ms: Vec<Mirror> = delays.iter().map(|_| Mirror::new()).collect();
    let mut err = [(0u64, 0u64, 0u64); 3];
    let mut ev: BTreeMap<String, u32> = BTreeMap::new();
    let mut commands: Vec<Command> = vec![];
    let mut over = 0; let mut sheet_at = 0; let mut before: Option<Scene> = None; let mut sent = 0u32; let mut wait: Vec<Option<(u32, crate::game::grid::Direction, bool)>> = vec![None; 16]; let mut leads: Vec<u32> = vec![]; let mut never = 0;
    let mut inputs: Vec<(u32, Command)> = vec![];
    for _ in 0..seconds * 60 {
        commands.clear();
        let t = world.tick();
        inputs.retain(|(at, c)| { if *at <= t { commands.push(*c); false } else { true } });
        let outs = world.step(&commands);
        for o in &outs { if let Outcome::RunOver { player, .. } = o { over += 1; inputs.push((t + 120, Command::Join { player: *player })); } }
        for e in world.events() { if e.tick == world.tick() { *ev.entry(format!("{:?}", e.kind)).or_default() += 1; } }
        let truth = world.scene();
        before = shadow.clone(); if let Some(s) = &mut shadow { s.advance(); }
        for e in world.events() { if e.tick == world.tick() && e.kind == crate::game::event::EventKind::SheetCleared { sheet_at = e.tick; } }
        for (i, w) in wait.iter_mut().enumerate() { if let (Some((at, d, back)), Some(p)) = (*w, truth.pacs[i]) && p.direction == d { if !back { leads.push(truth.tick - at); } *w = None; } }
        if let Some(sec) = forecast.decide(&truth, 1) {
            let reason = match &shadow {
                None => "first".to_owned(),
                Some(s) => {
                    let mut why = vec![];
                    for (i, (a, b)) in s.pacs.iter().zip(&truth.pacs).enumerate() {
                        let _ = i;
                        match (a, b) {
                            (Some(a), Some(b)) if (a.point, a.direction, a.condition) != (b.point, b.direction, b.condition) => {
                                if a.condition == b.condition { why.push(if a.wish != b.wish { "wish-moved".to_owned() } else { "motion".to_owned() }) }
                                else {
                                    let n = |c: &Condition| format!("{c:?}").split('(').next().unwrap().to_owned();
                                    let refill = sheet_at > 0 && truth.tick - sheet_at < 130; let dot = crate::game::maze::pellet_at(b.point.tile()).map(|p| (s.pellets.has(p), truth.pellets.has(p), before.as_ref().unwrap().pellets.has(p)));
                                    if n(&a.condition)==n(&b.condition) { why.push(format!("pause refill {refill} dot {dot:?} same wish {} same point {}", a.wish==b.wish, a.point==b.point)); } else if n(&a.condition)==n(&b.condition) { why.push(format!("pause {} {:?}->{:?} {}", if a.wish!=b.wish {"wish"} else {""}, a.condition, b.condition, if a.point==b.point {""} else {"pt"})) } else { why.push(format!("{}->{}", n(&a.condition), n(&b.condition))) }
                                }
                            }
                            (None, Some(_)) | (Some(_), None) => why.push("seat".to_owned()),
                            _ => {}
                        }
                    }
                    for (a, b) in s.ghosts.iter().zip(&truth.ghosts) {
                        if a.mood != b.mood { why.push(format!("ghost {:?}->{:?}", a.mood, b.mood)) }
                        else if a.place != b.place { why.push(format!("ghost {:?}->{:?}", a.place, b.place)) }
                        else if (a.point, a.direction) != (b.point, b.direction) { why.push(format!("ghost motion {:?} {:?}", a.mood, a.place)) }
                        else if a.exit != b.exit { why.push("ghost exit".to_owned()) }
                        else if a.reversal_pending != b.reversal_pending { why.push("ghost reversal".to_owned()) }
                    }
                    if s.power_ticks_left != truth.power_ticks_left { why.push(format!("power")) }
                    if s.dormant != truth.dormant { why.push("dormant".to_owned()) }
                    if s.fruit != truth.fruit { why.push("fruit".to_owned()) }
                    if s.elroy != truth.elroy { why.push("elroy".to_owned()) }
                    if s.phase != truth.phase { why.push("phase".to_owned()) }
                    why.dedup();
                    if let Some(first) = why.first() { first.clone() } else if s.pacs.iter().zip(&truth.pacs).any(|(a, b)| a.map(|p| p.wish) != b.map(|p| p.wish)) && truth.tick - sent < 6 { "wish-ahead".to_owned() } else { "beat".to_owned() }
                }
            };
            *reasons.entry(reason).or_default() += 1;
            let frame = Frame { epoch: Epoch::new(1, 1), carried: false, roster_version: 0, numbers: [0; 16],
                events: world.events().iter().filter_map(|e| Event::told_at(e, truth.tick)).take(EVENTS_MAX).collect(), scene: truth.clone(), sections: sec };
            forecast.on_sent(&frame);
            match &mut shadow { Some(s) => frame.apply_to(s), None => shadow = Some(truth.clone()) }
            let b = frame.encode().to_vec();
            events += frame.events.len(); sections += sec.count();
            if frames > 0 { bytes += b.len() + if b.len() > 125 { 4 } else { 2 }; }
            frames += 1; sent = truth.tick;
            for (d, q) in delays.iter().zip(&mut mirrors) { q.push((truth.tick + d, b.clone())); }
        }
        for (i, q) in mirrors.iter_mut().enumerate() {
            while q.first().is_some_and(|(at, _)| *at <= truth.tick) { let (_, b) = q.remove(0); ms[i].receive(&b).unwrap(); }
            if let Some(seen) = ms[i].at(truth.tick) {
                for (a, b) in truth.pacs.iter().zip(&seen.pacs) {
                    if let (Some(a), Some(b)) = (a, b) && !matches!(a.condition, Condition::Dead) {
                        let dx = a.point.x.wrapping_sub(b.point.x).min(b.point.x.wrapping_sub(a.point.x));
                        let e = (u64::from(dx) + u64::from(a.point.y.abs_diff(b.point.y))).min(32);
                        err[i].0 += e; err[i].1 += 1; err[i].2 += u64::from(e > 0);
                    }
                }
            }
        }
        for i in 0..players {
            if let Some(seat) = world.seat_of(i) && let Some(key) = ms[0].at(truth.tick).and_then(|s| bots[i as usize].decide(s, seat)) {
                keys += 1; let pd = truth.pacs[usize::from(seat.0)].unwrap(); *ev.entry(if key == pd.direction.opposite() { "key back".into() } else if key == pd.direction { "key same".into() } else { "key turn".into() }).or_default() += 1;
                let pd = truth.pacs[usize::from(seat.0)].unwrap(); if wait[usize::from(seat.0)].is_some() { never += 1; } wait[usize::from(seat.0)] = Some((truth.tick + delay, key, key == pd.direction.opposite()));
                inputs.push((truth.tick + delay, Command::Wish { seat, direction: key }));
            }
        }
    }
    let s = f64::from(seconds);
    println!("== {style:?} n={players} input delay {delay}: {:.1} f/s, {:.0} B/s, {:.1} B/frame, {:.2} events, {:.2} sections/frame, keys {:.1}/s, runs over {over}, ghosts {}", f64::from(frames) / s, bytes as f64 / s, bytes as f64 / f64::from(frames), events as f64 / f64::from(frames), sections as f64/f64::from(frames), f64::from(keys) / s, world.scene().ghosts.len());
    for (d, e) in delays.iter().zip(err) { println!("   delay {} ticks: mean {:.2} px, wrong {:.1} %", d, e.0 as f64 / e.1 as f64, 100.0 * e.2 as f64 / e.1 as f64); }
    let mut r: Vec<_> = reasons.into_iter().collect(); r.sort_by_key(|x| std::cmp::Reverse(x.1));
    for (k, v) in r { print!("   {k} {:.2},", f64::from(v) / s); }
    println!(); print!("   events:"); for (k, v) in ev { print!(" {k} {:.2}", f64::from(v) / s); } println!();
    leads.sort_unstable(); if !leads.is_empty() { let q = |p: usize| leads[(leads.len() - 1) * p / 100]; println!("   leads p10 {} p25 {} p50 {} p75 {} p90 {}; {} per s, replaced before effect {:.1}", q(10), q(25), q(50), q(75), q(90), leads.len() as f64 / s, f64::from(never) / s); }
    println!("   level {} scores {:?}", world.level(), world.scene().scores.iter().map(|s| s.points).collect::<Vec<_>>());
}

#[test]
fn probe() {
    run(Style::People, 10, 60, 1, 1);
    run(Style::People, 10, 60, 1, 2);
    run(Style::Metronome, 10, 60, 1, 1);
    run(Style::People, 1, 60, 1, 1);
}
