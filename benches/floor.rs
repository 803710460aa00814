//! The floor under the fan-out: a bare loop of non-blocking writes of frames' bytes, at frames' rate, to as many sockets as a gateway serves. No
//! WebSocket, no game, no task: what is left is the kernel's, and no server that writes to each socket by itself comes below it. Beside it, writing the
//! same at the same moments, the gateway's own fan-out (`floor/gateway.rs`), and how near to the floor it comes.
//!
//! Run by hand on Linux: `cargo bench --bench floor [-- <sockets> <frames a second> <seconds>]`; more than some 900 sockets need a raised
//! `ulimit -n`. The writer has core 0 for itself and whoever reads core 1. It wakes 60 times a second and writes what is due, ten sockets a maze,
//! the mazes spread over time. Reported is the processor time of the writer alone, the best of rounds that alternate, as other work only adds.

#![expect(clippy::print_stdout, reason = "a report for whoever runs it by hand")]

#[path = "floor/gateway.rs"]
mod gateway;

use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use bytes::Bytes;
use tokio::io::AsyncReadExt;
use waka::wire::between_nodes::Show;

const TICKS_PER_SECOND: u32 = 60;
const TICK: Duration = Duration::from_nanos(16_666_667);
const SOCKETS_PER_MAZE: u32 = 10;
const ROUNDS: u32 = 3;

/// What is written: to as many sockets, frames a second to each, and for how long.
#[derive(Clone, Copy)]
struct Load {
    sockets: u32,
    frames_per_second: f64,
    seconds: u32,
}

/// Which maze has its next frame when.
struct Schedule {
    load: Load,
    began: Instant,
    wakes: u32,
    /// By maze, how many frames were written.
    written: Vec<u32>,
}

/// One wake of the writer: the mazes that have a frame now, with its number, and when it wakes next.
struct Due {
    frames: Vec<(usize, usize)>,
    next: Instant,
}

struct Reader(Child);

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    // Only to see that it runs, as Criterion's benches take the word.
    if words.first().is_some_and(|word| word == "--test") {
        words = ["50", "14", "1"].map(str::to_owned).to_vec();
    }
    match words.first().map(String::as_str) {
        Some("read") => read(&words[1], words[2].parse().expect("a number of sockets")),
        Some("write") => write(&words[1], load(&words[2..])),
        _ => compare(load(&words)),
    }
}

fn load(words: &[String]) -> Load {
    Load { sockets: word(words, 0, 800), frames_per_second: word(words, 1, 14.0), seconds: word(words, 2, 8) }
}

fn word<T: std::str::FromStr>(words: &[String], at: usize, otherwise: T) -> T {
    words.get(at).map_or(otherwise, |word| word.parse().ok().expect("a number"))
}

fn compare(load: Load) {
    let rounds: Vec<[f64; 2]> = (0..ROUNDS).map(|_| ["loop", "gateway"].map(|writer| measured(writer, load))).collect();
    let best = |writer: usize| rounds.iter().map(|shares| shares[writer]).fold(f64::INFINITY, f64::min);
    let (sockets, floor, gateway) = (f64::from(load.sockets), best(0), best(1));
    println!("{sockets} sockets, {:.1} frames a second to each, best of {ROUNDS} rounds:", load.frames_per_second);
    for (writer, share) in [("the floor", floor), ("the gateway's fan-out", gateway)] {
        let each_us = share * 1e6 / sockets / load.frames_per_second;
        println!("  {writer}: {:.1} % of a core, {each_us:.2} us a frame, {:.0} sockets a core", share * 100.0, sockets / share);
    }
    println!("  so the fan-out serves {:.0} % of the sockets that the floor does", floor / gateway * 100.0);
}

/// The share of a core that one writer took, in a process of its own.
fn measured(writer: &str, load: Load) -> f64 {
    let words = [writer.to_owned(), load.sockets.to_string(), load.frames_per_second.to_string(), load.seconds.to_string()];
    let output = placed(0).arg("write").args(words).stderr(Stdio::inherit()).output().expect("taskset is there");
    assert!(output.status.success(), "{:?}", output.status);
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a share")
}

/// This program again, on a core of its own.
fn placed(core: usize) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string()]).arg(std::env::current_exe().expect("a path"));
    command
}

fn write(writer: &str, load: Load) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let reader = placed(1).arg("read").args([&address, &load.sockets.to_string()]).stdin(Stdio::null()).spawn();
    let reader = Reader(reader.expect("taskset is there"));
    let sockets: Vec<TcpStream> = (0..load.sockets).map(|_| accept(&listener)).collect();
    // One a tick at most, and the first before it begins.
    let shows = gateway::shows(1 + TICKS_PER_SECOND * (1 + load.seconds));
    let worked = match writer {
        "loop" => bare(sockets, &shows, Schedule::new(load)),
        _ => gateway::write(sockets, &shows, || Schedule::new(load)),
    };
    drop(reader);
    println!("{}", worked.as_secs_f64() / f64::from(load.seconds));
}

/// The bare loop; its processor time.
fn bare(mut sockets: Vec<TcpStream>, shows: &[Show], mut schedule: Schedule) -> Duration {
    let messages: Vec<Bytes> = shows.iter().map(gateway::message).collect();
    let worked_before = processor_time();
    while let Some(due) = schedule.next() {
        for (maze, number) in due.frames {
            for socket in sockets.chunks_mut(SOCKETS_PER_MAZE as usize).nth(maze).into_iter().flatten() {
                match socket.write(&messages[number]) {
                    Ok(written) => assert_eq!(written, messages[number].len(), "the reader is too slow"),
                    Err(error) => panic!("{error}"),
                }
            }
        }
        // time is the promise: it ticks as a maze does
        std::thread::sleep(due.next.saturating_duration_since(Instant::now()));
    }
    processor_time().saturating_sub(worked_before)
}

impl Schedule {
    fn new(load: Load) -> Self {
        Self { load, began: Instant::now(), wakes: 0, written: vec![0; load.sockets.div_ceil(SOCKETS_PER_MAZE) as usize] }
    }

    /// `None` when the time is over.
    fn next(&mut self) -> Option<Due> {
        let now = self.began.elapsed().as_secs_f64();
        if now >= f64::from(self.load.seconds) {
            return None;
        }
        let mazes = f64::from(self.load.sockets.div_ceil(SOCKETS_PER_MAZE));
        let mut frames = Vec::new();
        for (maze, written) in (0_u32..).zip(&mut self.written) {
            // Each begins a part of a frame's time later than the one before, so that each tick has its share of the mazes.
            if now * self.load.frames_per_second >= f64::from(*written) + f64::from(maze) / mazes {
                frames.push((maze as usize, *written as usize));
                *written += 1;
            }
        }
        self.wakes += 1;
        Some(Due { frames, next: self.began + TICK * self.wakes })
    }
}

fn accept(listener: &TcpListener) -> TcpStream {
    let (socket, _) = listener.accept().expect("the reader connects");
    socket.set_nodelay(true).expect("a socket");
    socket.set_nonblocking(true).expect("a socket");
    socket
}

/// Of this thread, which is the only one of the writer.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    Duration::from_nanos(text.split(' ').next().and_then(|ns| ns.parse().ok()).expect("a number"))
}

/// Takes everything in, and ends with the writer.
fn read(address: &str, sockets: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut readers = tokio::task::JoinSet::new();
        for _ in 0..sockets {
            let mut socket = tokio::net::TcpStream::connect(address).await.expect("it listens");
            readers.spawn(async move {
                let mut bytes = [0; 1024];
                while socket.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
            });
        }
        while readers.join_next().await.is_some() {}
    });
}
