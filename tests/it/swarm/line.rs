//! A line between a client and its server: hands everything on after a known time, writes down what passed when, and can be cut.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::select;
use tokio::sync::mpsc;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio::time::sleep_until;

/// Chunks of one direction under way.
const UNDER_WAY_MAX: usize = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Down,
    Up,
}

/// Bytes that arrived at their end of the line at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    pub(super) at: Instant,
    pub(super) way: Way,
    pub(super) bytes: u32,
}

pub(super) struct Line {
    pub(super) address: SocketAddr,
    capture: Arc<Mutex<Vec<Chunk>>>,
    cuts: watch::Sender<u32>,
    _accepting: JoinSet<()>,
}

impl Line {
    /// To `server`, `delay` long each way.
    pub(super) async fn open(server: SocketAddr, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let capture = Arc::new(Mutex::new(Vec::new()));
        let (cuts, cut) = watch::channel(0);
        let mut accepting = JoinSet::new();
        let written = Arc::clone(&capture);
        accepting.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let (near, _) = listener.accept().await.expect("a client");
                let far = TcpStream::connect(server).await.expect("it listens");
                near.set_nodelay(true).expect("a socket");
                far.set_nodelay(true).expect("a socket");
                let (written, mut cut) = (Arc::clone(&written), cut.clone());
                cut.mark_unchanged();
                open.spawn(async move {
                    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                    select! {
                        () = carry(Way::Up, delay, near_in, far_out, &written) => {}
                        () = carry(Way::Down, delay, far_in, near_out, &written) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Self { address, capture, cuts, _accepting: accepting }
    }

    /// Ends every connection without a word.
    pub(super) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    pub(super) fn capture(&self) -> Vec<Chunk> {
        self.capture.lock().expect("no panic").clone()
    }
}

/// Until one of the ends is closed.
async fn carry(way: Way, delay: Duration, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, capture: &Mutex<Vec<Chunk>>) {
    let (hand_in, mut hand_out) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY_MAX);
    let reading = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(bytes @ 1..) = from.read(&mut buffer).await {
            hand_in.send((Instant::now() + delay, buffer[..bytes].to_vec())).await.expect("the writer lives");
        }
    };
    let writing = async {
        while let Some((due, bytes)) = hand_out.recv().await {
            sleep_until(due).await; // time is the promise
            capture.lock().expect("no panic").push(Chunk { at: Instant::now(), way, bytes: bytes.len() as u32 });
            if to.write_all(&bytes).await.is_err() {
                break;
            }
        }
    };
    select! {
        () = reading => {}
        () = writing => {}
    }
}
