//! What a frame costs: made once for each maze that has something to tell, read once by each client.

use std::hint::black_box;

use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use waka::game::grid::Direction;
use waka::game::grid::Point;
use waka::game::scene::Clocks;
use waka::game::scene::Condition;
use waka::game::scene::Ghost;
use waka::game::scene::Mood;
use waka::game::scene::Pac;
use waka::game::scene::Pellets;
use waka::game::scene::Phase;
use waka::game::scene::Place;
use waka::game::scene::SEATS;
use waka::game::scene::Scene;
use waka::game::scene::Score;
use waka::wire::Epoch;
use waka::wire::frame::Frame;
use waka::wire::frame::Kept;
use waka::wire::frame::SectionKind;
use waka::wire::frame::Sections;
use waka::wire::frame::split;
use waka::wire::frame::with_sections;

/// Sixteen pacs and eight ghosts.
fn full(sections: Sections) -> Frame {
    let pac = Pac { point: Point { x: 100, y: 43 }, direction: Direction::Left, wish: Direction::Up, condition: Condition::Alive(0) };
    let ghost = Ghost {
        point: Point { x: 72, y: 43 },
        direction: Direction::Left,
        mood: Mood::Normal,
        place: Place::Outside,
        exit: Direction::Left,
        next_exit: Direction::Left,
        reversal_pending: false,
    };
    let clocks = Clocks {
        level: 3,
        sheets_done: 1,
        sheets_needed: 4,
        phase_ticks_left: 0,
        lock_ticks_left: 90,
        fruit_ticks_left: 300,
        power_owner: None,
        chain: 2,
    };
    Frame {
        epoch: Epoch::new(7, 99),
        carried: false,
        roster_version: 3,
        numbers: [5; SEATS],
        events: Vec::new(),
        scene: Scene {
            tick: 36_000,
            phase: Phase::Play,
            speed_row: 1,
            elroy: 1,
            power_ticks_left: 120,
            dormant: true,
            fruit: true,
            pacs: [Some(pac); SEATS],
            ghosts: vec![ghost; 8],
            pellets: Pellets::ALL,
            scores: [Score { points: 12_340, lives: 2 }; SEATS],
            clocks,
        },
        sections,
    }
}

fn frame(criterion: &mut Criterion) {
    let beat = full(Sections::of(SectionKind::Pellets(1)));
    let whole = full(Sections::ALL);
    let (beat_bytes, whole_bytes) = (beat.encode(), whole.encode());
    let mut group = criterion.benchmark_group("frame of 16 players and 8 ghosts");
    group.bench_function("encode, one section", |bencher| bencher.iter(|| black_box(&beat).encode()));
    group.bench_function("encode, all sections", |bencher| bencher.iter(|| black_box(&whole).encode()));
    group.bench_function("decode, one section", |bencher| bencher.iter(|| Frame::decode(black_box(&beat_bytes))));
    group.bench_function("decode, all sections", |bencher| bencher.iter(|| Frame::decode(black_box(&whole_bytes))));
    group.bench_function("apply", |bencher| {
        let mut base = whole.scene.clone();
        bencher.iter(|| black_box(&beat).apply_to(black_box(&mut base)));
    });
    group.bench_function("move on by a tick", |bencher| {
        let mut base = whole.scene.clone();
        bencher.iter(|| black_box(&mut base).advance());
    });
    group.bench_function("gateway: cut, keep, join", |bencher| {
        let mut kept = Kept::default();
        kept.keep(&split(&whole_bytes).expect("a whole frame"));
        bencher.iter(|| {
            let cut = split(black_box(&beat_bytes)).expect("a frame");
            kept.keep(&cut);
            with_sections(cut.core, &kept)
        });
    });
    group.finish();
}

criterion_group!(benches, frame);
criterion_main!(benches);
