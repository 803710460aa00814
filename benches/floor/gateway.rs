//! The gateway's own fan-out, which the bare loop is the floor of: mazes' links on the in-process backplane, with real sockets in their audience.
//!
//! What is in it is all that a gateway does for frames that bring no news: a show is taken in, read, put up and written to everybody; every 500 ms it has
//! a seating, and a roster goes up. What is not: the game, what clients say, and what is told by way of sockets' tasks.

use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::sleep;
use tokio::time::sleep_until;
use waka::backplane::Backplane;
use waka::backplane::Topic;
use waka::game::scene::SEATS;
use waka::game::scene::Seat;
use waka::game::seating::Command;
use waka::game::world::World;
use waka::gateway::attendance::Member;
use waka::gateway::attendance::Part;
use waka::gateway::fanout::Fanout;
use waka::gateway::maze_link::MazeLink;
use waka::gateway::maze_link::Means;
use waka::gateway::pipe::Outflow;
use waka::gateway::pipe::Pipe;
use waka::gateway::pipe::pipe;
use waka::telemetry::metrics;
use waka::telemetry::metrics::Meters;
use waka::wire::Epoch;
use waka::wire::MazeId;
use waka::wire::NodeId;
use waka::wire::PlayerId;
use waka::wire::Position;
use waka::wire::between_nodes::SeatRow;
use waka::wire::between_nodes::Seating;
use waka::wire::between_nodes::Show;
use waka::wire::frame::Frame;
use waka::wire::frame::SectionKind;
use waka::wire::frame::Sections;

use crate::SOCKETS_PER_MAZE;
use crate::Schedule;
use crate::processor_time;

/// About what people make of sixty ticks.
const TICKS_A_FRAME: u32 = 4;
const FRAMES_A_SEATING: u32 = 7;
const EPOCH: Epoch = Epoch(1);
/// Until every link has subscribed, or has shown what was published.
const SETTLED: Duration = Duration::from_secs(1);

/// What a leader shows of a maze of ten: `count` frames, one after the other.
pub(crate) fn shows(count: u32) -> Vec<Show> {
    let mut world = World::new(1);
    let joins: Vec<Command> = (0..u64::from(SOCKETS_PER_MAZE)).map(|player| Command::Join { player }).collect();
    let _ = world.step(&joins);
    let mut show = |number: u32| {
        (0..TICKS_A_FRAME).for_each(|_| drop(world.step(&[])));
        let section = SectionKind::ALL[number as usize % SectionKind::COUNT];
        let sections = if number == 0 { Sections::ALL } else { Sections::of(section) };
        let (numbers, scene) = ([0; SEATS], world.scene());
        let frame = Frame { epoch: EPOCH, carried: false, roster_version: 1, numbers, events: Vec::new(), scene, sections };
        let at = Position { epoch: EPOCH, tick: world.tick() };
        Show { frame: frame.encode(), seating: number.is_multiple_of(FRAMES_A_SEATING).then(|| seating(at)) }
    };
    (0..count).map(&mut show).collect()
}

/// A frame as it travels to a client.
pub(crate) fn message(show: &Show) -> Bytes {
    let mut fanout = Fanout::new(MazeId::open(1));
    fanout.take(show.clone());
    fanout.view().shown.as_ref().map(|shown| shown.message().clone()).expect("a frame")
}

fn seating(at: Position) -> Seating {
    let row = |seat: u8| SeatRow {
        seat: Seat(seat),
        player: PlayerId(seat.into()),
        name: format!("player {seat}"),
        colour: seat,
        symbol: seat,
        bot: false,
        n: 0,
    };
    let seats = (0..SOCKETS_PER_MAZE as u8).map(row).collect();
    Seating { at, version: 1, spectators: 0, seats, over: Vec::new(), full: Vec::new(), replaced: Vec::new() }
}

/// Publishes the frames that are due; the processor time that they took.
pub(crate) fn write(sockets: Vec<TcpStream>, shows: &[Show], schedule: impl FnOnce() -> Schedule) -> Duration {
    // As the program runs on one core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let shows: Vec<Bytes> = shows.iter().map(Show::encode).collect();
    runtime.block_on(async {
        metrics::install();
        let backplane = Backplane::memory();
        let means = Means { backplane: backplane.clone(), meters: Meters::new(), serials: Arc::new(AtomicU64::new(1)) };
        let mut sockets = sockets.into_iter().peekable();
        let mut mazes = Vec::new();
        while sockets.peek().is_some() {
            let maze = MazeId::open(mazes.len() as u32 + 1);
            mazes.push(Maze::open(maze, sockets.by_ref().take(SOCKETS_PER_MAZE as usize), &means));
        }
        sleep(SETTLED).await; // time is the promise: what a gateway does at first is not measured
        for maze in &mazes {
            maze.publish(&backplane, &shows[0]).await;
        }
        sleep(SETTLED).await; // time is the promise
        mazes.iter().for_each(Maze::give_turns);
        let (mut schedule, worked_before) = (schedule(), processor_time());
        while let Some(due) = schedule.next() {
            for (maze, number) in due.frames {
                mazes[maze].publish(&backplane, &shows[1 + number]).await;
            }
            sleep_until(due.next.into()).await;
        }
        let worked = processor_time().saturating_sub(worked_before);
        // The first of all was not told past the sockets' tasks.
        mazes.iter().zip(schedule.written).for_each(|(maze, written)| maze.assert_told(1 + u64::from(written)));
        worked
    })
}

struct Maze {
    id: MazeId,
    link: Arc<MazeLink>,
    sockets: Vec<(Pipe, Arc<Outflow>)>,
}

impl Maze {
    fn open(id: MazeId, sockets: impl Iterator<Item = TcpStream>, means: &Means) -> Self {
        let link = Arc::new(MazeLink::new(id.clone(), NodeId("gateway".to_owned())));
        let open = |socket| pipe(tokio::net::TcpStream::from_std(socket).expect("a socket"));
        let sockets: Vec<(Pipe, Arc<Outflow>)> = sockets.map(open).collect();
        for (connection, (_, outflow)) in (1..).zip(&sockets) {
            link.audience().enter(connection, Arc::clone(outflow));
            let part = Part::Player { name: format!("player {connection}"), colour: None, symbol: None, run: 1 };
            let member = Member { player: PlayerId(connection), bot: false, away: false, part };
            link.attend(|attendance, now| attendance.enter(connection, member, None, now));
        }
        let (task, means) = (Arc::clone(&link), means.clone());
        tokio::spawn(async move { task.run(means, || false).await });
        Self { id, link, sockets }
    }

    async fn publish(&self, backplane: &Backplane, show: &Bytes) {
        backplane.publish(Topic::Down(self.id.clone()), show.clone()).await.expect("an answer");
    }

    /// What a socket's task does when it has told everything.
    fn give_turns(&self) {
        let told = self.link.view().borrow().shown.as_ref().map(|shown| shown.told());
        self.sockets.iter().for_each(|(_, outflow)| outflow.give_turn(told));
    }

    fn assert_told(&self, serial: u64) {
        assert!(self.sockets.iter().all(|(_, outflow)| outflow.told().is_some_and(|told| told.serial == serial)), "frames are missing");
    }
}
