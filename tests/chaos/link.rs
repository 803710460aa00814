//! A line between a process and Redis that the test can cut: bytes go through, or wait, or there is no line at all.
//!
//! It is what a partition is made of, and it leads to another Redis when that one has taken over. It ends when it is dropped.

use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Open,
    /// Nothing is lost and nothing arrives, as when packets are dropped on the way: what was sent arrives late.
    Frozen,
    /// Connections end and none is made.
    Cut,
}

pub(crate) struct Link {
    pub(crate) port: u16,
    target: watch::Sender<u16>,
    line: watch::Sender<Line>,
}

impl Link {
    pub(crate) async fn open(target: u16) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let (line, target) = (watch::Sender::new(Line::Open), watch::Sender::new(target));
        tokio::spawn(serve(listener, target.subscribe(), line.subscribe()));
        Ok(Self { port, target, line })
    }

    pub(crate) fn set(&self, line: Line) {
        self.line.send_replace(line);
    }

    /// Where new connections lead to.
    pub(crate) fn aim(&self, target: u16) {
        self.target.send_replace(target);
    }
}

async fn serve(listener: TcpListener, target: watch::Receiver<u16>, line: watch::Receiver<Line>) {
    let mut dropped = line.clone();
    loop {
        tokio::select! {
            Ok((near, _)) = listener.accept() => {
                let target = *target.borrow();
                tokio::spawn(lead(near, target, line.clone()));
            }
            _ = dropped.wait_for(|_| false) => return,
        }
    }
}

async fn lead(near: TcpStream, target: u16, line: watch::Receiver<Line>) {
    if *line.borrow() == Line::Cut {
        return;
    }
    let Ok(far) = TcpStream::connect(("127.0.0.1", target)).await else { return };
    // Without it the line would be slower than the one that it stands for.
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::select! {
        () = pump(near_in, far_out, line.clone()) => {}
        () = pump(far_in, near_out, line.clone()) => {}
        () = cut(line) => {}
    }
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut line: watch::Receiver<Line>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let Ok(length @ 1..) = from.read(&mut buffer).await else { return };
        let flows = line.wait_for(|line| *line != Line::Frozen).await.is_ok();
        if !flows || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

async fn cut(mut line: watch::Receiver<Line>) {
    // An error means that the link was dropped, which cuts it too.
    let _cut = line.wait_for(|line| *line == Line::Cut).await;
}
