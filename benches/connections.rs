//! What an idle connection costs the gateway: resident memory of the real program, read from /proc before and after so many have been opened.
//!
//! Run by hand on Linux: `cargo bench --bench connections [-- <connections>]`; more than some 900 need a raised `ulimit -n`. What a process takes once is shared
//! out among few connections or many, so the figure falls with their number. The clients live in this process, so only the server's part is
//! measured; what the kernel holds for a socket is not. The budget is 10 KiB a connection.

use std::io::BufRead;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use futures_util::SinkExt;
use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

const CONNECTIONS: u32 = 450;
const BUDGET_KIB: f64 = 10.0;
const PAGE_KIB: f64 = 4.0;
/// What the allocator and lazy tables take at first is not a connection's.
const WARM_UP: usize = 50;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() {
    let connections = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(CONNECTIONS);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for (what, join) in [("said hello", false), ("looking on", true)] {
        let kib = runtime.block_on(measure(connections, join));
        let verdict = if kib <= BUDGET_KIB { "within" } else { "OVER" };
        report(&format!("{connections} connections, {what}: {kib:.1} KiB each, {verdict} the budget of {BUDGET_KIB} KiB"));
    }
}

#[expect(clippy::print_stdout, reason = "a report for whoever runs it by hand")]
fn report(line: &str) {
    println!("{line}");
}

async fn measure(connections: u32, join: bool) -> f64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_waka"))
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("its address");
    let address = line.trim().trim_start_matches("Waka is open at http://").trim_end_matches('/').to_owned();
    let server = Server(child);

    let mut open = Vec::new();
    for _ in 0..WARM_UP {
        open.push(visit(&address, join).await);
    }
    let before = settled_kib(&server, &mut open).await;
    for _ in 0..connections {
        open.push(visit(&address, join).await);
    }
    let after = settled_kib(&server, &mut open).await;
    (after - before) / f64::from(connections)
}

async fn visit(address: &str, join: bool) -> WebSocketStream<TcpStream> {
    let stream = TcpStream::connect(address).await.expect("it listens");
    let (mut socket, _) = client_async(format!("ws://{address}/ws"), stream).await.expect("let in");
    socket.send(Message::text(r#"{"type":"hello","version":1}"#)).await.expect("open");
    if join {
        socket.send(Message::text(r#"{"type":"watch","maze":"m"}"#)).await.expect("open");
    }
    socket.next().await.expect("welcome").expect("welcome");
    socket
}

/// Reads what comes for a second, as clients do, and then looks.
async fn settled_kib(server: &Server, open: &mut [WebSocketStream<TcpStream>]) -> f64 {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(1) {
        for socket in open.iter_mut() {
            let _ = tokio::time::timeout(Duration::from_micros(100), socket.next()).await;
        }
    }
    let statm = std::fs::read_to_string(format!("/proc/{}/statm", server.0.id())).expect("Linux");
    let resident: f64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number");
    resident * PAGE_KIB
}
