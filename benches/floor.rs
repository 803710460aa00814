//! The floor under the fan-out: a bare loop of non-blocking writes of a frame's bytes, at a frame's rate, to as many sockets as a gateway serves.
//! No WebSocket, no game, no task: what is left is the kernel's, and no server that writes to each socket by itself comes below it.
//!
//! Run by hand on Linux: `cargo bench --bench floor [-- <sockets> <frames a second> <bytes> <seconds>]`; more than some 900 sockets need a raised
//! `ulimit -n`. The writer has core 0 for itself and whoever reads core 1. It wakes 60 times a second and writes what is due, ten sockets a maze,
//! the mazes spread over time. Reported is the processor time of the writer alone; give it the rate and the bytes that a server was seen to send.

#![expect(clippy::print_stdout, reason = "a report for whoever runs it by hand")]

use std::io::ErrorKind;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use tokio::io::AsyncReadExt;

const TICK: Duration = Duration::from_nanos(16_666_667);
const SOCKETS_PER_MAZE: u32 = 10;

/// What is written: as many sockets, frames a second to each, bytes a frame, and for how long.
#[derive(Clone, Copy)]
struct Load {
    sockets: u32,
    frames_per_second: f64,
    bytes: usize,
    seconds: f64,
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
        words = ["50", "14", "78", "0.2"].map(str::to_owned).to_vec();
    }
    match words.first().map(String::as_str) {
        Some("read") => read(&words[1], words[2].parse().expect("a number of sockets")),
        Some("write") => write(load(&words[1..])),
        _ => {
            let mut child = placed(0).arg("write").args(&words).spawn().expect("taskset is there");
            assert!(child.wait().expect("a child").success());
        }
    }
}

fn load(words: &[String]) -> Load {
    Load { sockets: word(words, 0, 800), frames_per_second: word(words, 1, 14.0), bytes: word(words, 2, 78), seconds: word(words, 3, 10.0) }
}

fn word<T: std::str::FromStr>(words: &[String], at: usize, otherwise: T) -> T {
    words.get(at).map_or(otherwise, |word| word.parse().ok().expect("a number"))
}

/// This program again, on a core of its own.
fn placed(core: usize) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string()]).arg(std::env::current_exe().expect("a path"));
    command
}

fn write(load: Load) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let reader = placed(1).arg("read").args([&address, &load.sockets.to_string()]).stdin(Stdio::null()).spawn();
    let reader = Reader(reader.expect("taskset is there"));
    let mut sockets: Vec<TcpStream> = (0..load.sockets).map(|_| accept(&listener)).collect();
    let frame = vec![0x82; load.bytes];
    // By maze, how many frames were written; they begin with a part of one, so that each tick has its share of the mazes.
    let mazes = load.sockets.div_ceil(SOCKETS_PER_MAZE);
    let mut written: Vec<f64> = (0..mazes).map(|maze| f64::from(maze) / f64::from(mazes)).collect();
    let (began, worked_before) = (Instant::now(), processor_time());
    let (mut frames, mut blocked, mut wakes) = (0_u32, 0_u32, 0_u32);
    while began.elapsed().as_secs_f64() < load.seconds {
        wakes += 1;
        let now = began.elapsed().as_secs_f64();
        for (members, written) in sockets.chunks_mut(SOCKETS_PER_MAZE as usize).zip(&mut written) {
            if now * load.frames_per_second < *written {
                continue;
            }
            *written += 1.0;
            for socket in members {
                match socket.write(&frame) {
                    Ok(_) => frames += 1,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => blocked += 1,
                    Err(error) => panic!("{error}"),
                }
            }
        }
        // time is the promise: it ticks as a maze does
        std::thread::sleep((TICK * wakes).saturating_sub(began.elapsed()));
    }
    let (took, worked) = (began.elapsed().as_secs_f64(), processor_time().saturating_sub(worked_before).as_secs_f64());
    drop(reader);
    let (share, sockets, frames) = (worked / took, f64::from(load.sockets), f64::from(frames));
    println!(
        "{sockets} sockets, {:.1} frames/s to each of {} bytes: {:.1} % of a core, {:.2} us a frame, {:.0} sockets a core; {blocked} would have blocked",
        frames / took / sockets,
        load.bytes,
        share * 100.0,
        worked * 1e6 / frames,
        sockets / share,
    );
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
