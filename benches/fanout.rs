//! Fan-out of one frame to a thousand sockets' queues, as the gateway does it: take the show, put the view up, let every socket look at what is
//! new for it. Writing to sockets is not in it: that is the kernel's.

use std::hint::black_box;

use criterion::BatchSize;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use tokio::sync::watch;
use waka::game::grid::Direction;
use waka::game::grid::Point;
use waka::game::maze;
use waka::game::scene::Clocks;
use waka::game::scene::Condition;
use waka::game::scene::Ghost;
use waka::game::scene::Mood;
use waka::game::scene::Pac;
use waka::game::scene::Pellets;
use waka::game::scene::Phase;
use waka::game::scene::Place;
use waka::game::scene::Scene;
use waka::game::scene::Score;
use waka::gateway::chat::ChatLog;
use waka::gateway::fanout::Fanout;
use waka::gateway::fanout::View;
use waka::gateway::outlet::Outlet;
use waka::wire::Epoch;
use waka::wire::MazeId;
use waka::wire::between_nodes::Show;
use waka::wire::frame::Frame;
use waka::wire::frame::SectionKind;
use waka::wire::frame::Sections;

const SOCKETS: usize = 1_000;

/// One maze's side of the gateway with a thousand sockets in it, which is more than a maze has players: most of them look on.
struct House {
    fanout: Fanout,
    view: watch::Sender<View>,
    sockets: Vec<(watch::Receiver<View>, Outlet)>,
    world: ChatLog,
    tick: u32,
}

impl House {
    fn new() -> Self {
        let view = watch::Sender::new(View::default());
        let sockets = (0..SOCKETS).map(|_| (view.subscribe(), Outlet::new(false))).collect();
        let mut house = Self { fanout: Fanout::new(MazeId::open(1)), view, sockets, world: ChatLog::default(), tick: 0 };
        let whole = house.show(Sections::ALL);
        house.take(whole);
        house
    }

    /// The next frame of ten players and six ghosts.
    fn show(&mut self, sections: Sections) -> Show {
        self.tick += 1;
        let frame = Frame {
            epoch: Epoch::new(1, 1),
            carried: false,
            roster_version: 1,
            numbers: [0; 16],
            events: vec![],
            scene: scene(self.tick),
            sections,
        };
        Show { frame: frame.encode(), seating: None }
    }

    /// Shows it and lets every socket look; the answer counts what they send.
    fn take(&mut self, show: Show) -> usize {
        self.fanout.take(show);
        self.view.send_replace(self.fanout.view().clone());
        let look =
            |(view, outlet): &mut (watch::Receiver<View>, Outlet)| outlet.news(&view.borrow_and_update(), &self.world).messages.len();
        self.sockets.iter_mut().map(look).sum()
    }

    /// Shows it while nobody looks.
    fn skip(&mut self, show: Show) {
        self.fanout.take(show);
    }
}

fn scene(tick: u32) -> Scene {
    let mut pacs = [None; 16];
    for (pac, tile) in pacs.iter_mut().zip(maze::SPAWNS).take(10) {
        let direction = Direction::Left;
        *pac = Some(Pac { point: tile.centre(), direction, wish: direction, condition: Condition::Alive(0) });
    }
    let ghost = Ghost {
        point: Point { x: 127, y: 91 },
        direction: Direction::Left,
        mood: Mood::Normal,
        place: Place::Outside,
        exit: Direction::Left,
        next_exit: Direction::Left,
        reversal_pending: false,
    };
    let clocks = Clocks {
        level: 1,
        sheets_done: 0,
        sheets_needed: 3,
        phase_ticks_left: 0,
        lock_ticks_left: 0,
        fruit_ticks_left: 0,
        power_owner: None,
        chain: 0,
    };
    Scene {
        tick,
        phase: Phase::Play,
        speed_row: 0,
        elroy: 0,
        power_ticks_left: 0,
        dormant: false,
        fruit: false,
        pacs,
        ghosts: vec![ghost; 6],
        pellets: Pellets::ALL,
        scores: [Score::default(); 16],
        clocks,
    }
}

fn fanout(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fanout to 1000 sockets");
    group.throughput(Throughput::Elements(SOCKETS as u64));
    let one = Sections::of(SectionKind::Clocks);

    let mut house = House::new();
    group.bench_function("all in step", |bencher| {
        bencher.iter_custom(|rounds| {
            let shows: Vec<Show> = (0..rounds).map(|_| house.show(one)).collect();
            let begin = std::time::Instant::now();
            for show in shows {
                assert_eq!(black_box(house.take(show)), SOCKETS);
            }
            begin.elapsed()
        });
    });

    group.bench_function("all have skipped one and get every section", |bencher| {
        bencher.iter_batched_ref(
            || {
                let mut house = House::new();
                let missed = house.show(one);
                house.skip(missed);
                let next = house.show(one);
                (house, Some(next))
            },
            |(house, next)| next.take().map(|next| assert_eq!(black_box(house.take(next)), SOCKETS)),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, fanout);
criterion_main!(benches);
