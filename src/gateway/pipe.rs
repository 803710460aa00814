//! The way of bytes to and from one client. The WebSocket library reads and writes a `Pipe`; a maze's link writes frames past it, by the `Outflow`
//! that both share, without waking the socket's task.
//!
//! A server's frames are not masked, so their bytes are the same for every socket. The two writers never meet inside a message: the library hands over
//! whole messages, so it is inside one only while the kernel has not taken all of its last write; and the tail of a frame goes before anything else.
//! Nor do they tell a frame out of order (Y3): the link writes only what follows at once on what was told, and nothing while it is the task's turn.

use std::io;
use std::io::IoSlice;
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use bytes::Buf;
use bytes::Bytes;
use socket2::SockRef;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::Interest;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::wire::Position;

/// A frame, as whoever tells it knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Counts the frames of the maze.
    pub serial: u64,
    pub position: Position,
}

/// A client's connection, of which two write.
pub struct Outflow {
    stream: TcpStream,
    line: Mutex<Line>,
    /// There is a frame that only the socket's task can tell.
    behind: Notify,
}

#[derive(Default)]
struct Line {
    /// Of the last frame what the kernel has not taken.
    tail: Bytes,
    /// The library is inside a message.
    is_inside: bool,
    /// The last frame that the client was told; `None` while telling is the task's turn.
    told: Option<Told>,
}

/// What the library has for a connection.
pub struct Pipe {
    outflow: Arc<Outflow>,
}

#[must_use]
pub fn pipe(stream: TcpStream) -> (Pipe, Arc<Outflow>) {
    let outflow = Arc::new(Outflow { stream, line: Mutex::default(), behind: Notify::new() });
    (Pipe { outflow: Arc::clone(&outflow) }, outflow)
}

impl Outflow {
    /// Writes a frame, if it follows on what was told and the kernel takes it at once. If not, the socket's task is woken to tell the newest.
    pub fn offer(&self, frame: Told, bytes: &Bytes) -> bool {
        let told = self.line().offer(&self.stream, frame, bytes);
        if told != Offered::Whole {
            self.behind.notify_one();
        }
        told != Offered::Not
    }

    /// Telling is the task's turn from here on; what was told last, if it was not its turn before.
    pub fn take_turn(&self) -> Option<Told> {
        self.line().told.take()
    }

    /// The task has told everything up to this frame.
    pub fn give_turn(&self, told: Option<Told>) {
        self.line().told = told;
    }

    #[must_use]
    pub fn told(&self) -> Option<Told> {
        self.line().told
    }

    /// Part of a frame waits to be written, which a flush does.
    #[must_use]
    pub fn has_tail(&self) -> bool {
        !self.line().tail.is_empty()
    }

    /// Until there is something that only the task can tell.
    pub async fn behind(&self) {
        self.behind.notified().await;
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        // Nothing is done under the lock that could leave the line half changed.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Offered {
    Whole,
    /// A tail is left, which the task must see off.
    Begun,
    Not,
}

impl Line {
    fn offer(&mut self, stream: &TcpStream, frame: Told, bytes: &Bytes) -> Offered {
        let follows = self.told.is_some_and(|told| told.serial + 1 == frame.serial && told.position < frame.position);
        if !follows || self.is_inside || !self.tail.is_empty() {
            return Offered::Not;
        }
        // The system is asked itself: whether tokio believes the socket to be ready need not be looked up for each, since nobody waits for it here.
        // An error is the task's to find: it reads.
        let Ok(taken) = SockRef::from(stream).send(bytes) else { return Offered::Not };
        self.told = Some(frame);
        if taken == bytes.len() {
            return Offered::Whole;
        }
        self.tail = bytes.slice(taken..);
        Offered::Begun
    }

    fn poll_tail(&mut self, stream: &TcpStream, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.tail.is_empty() {
            let taken = ready!(poll_write(stream, context, || stream.try_write(&self.tail)))?;
            if taken == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.tail.advance(taken);
        }
        Poll::Ready(Ok(()))
    }
}

/// Writes when the socket takes something.
fn poll_write(stream: &TcpStream, context: &mut Context<'_>, mut write: impl FnMut() -> io::Result<usize>) -> Poll<io::Result<usize>> {
    loop {
        ready!(stream.poll_write_ready(context))?;
        match write() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            written => return Poll::Ready(written),
        }
    }
}

impl AsyncRead for Pipe {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let stream = &self.outflow.stream;
        loop {
            ready!(stream.poll_read_ready(context))?;
            match read(stream, bytes.initialize_unfilled()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                taken => return Poll::Ready(taken.map(|taken| bytes.advance(taken))),
            }
        }
    }
}

/// A read that leaves room has taken everything, so the stream counts as empty until the system says otherwise, and is not asked in vain. (tokio's own
/// halves do the same. On Windows only being asked in vain makes the system say so.)
fn read(stream: &TcpStream, bytes: &mut [u8]) -> io::Result<usize> {
    let mut taken = 0;
    let emptied = stream.try_io(Interest::READABLE, || {
        taken = stream.try_read(bytes)?;
        let is_emptied = cfg!(not(windows)) && (1..bytes.len()).contains(&taken);
        if is_emptied { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
    });
    if taken > 0 { Ok(taken) } else { emptied.map(|()| 0) }
}

impl AsyncWrite for Pipe {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Outflow { stream, .. } = &*self.outflow;
        let mut line = self.outflow.line();
        ready!(line.poll_tail(stream, context))?;
        let taken = ready!(poll_write(stream, context, || stream.try_write(bytes)))?;
        line.is_inside = taken < bytes.len();
        Poll::Ready(Ok(taken))
    }

    fn poll_write_vectored(self: Pin<&mut Self>, context: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let Outflow { stream, .. } = &*self.outflow;
        let mut line = self.outflow.line();
        ready!(line.poll_tail(stream, context))?;
        let taken = ready!(poll_write(stream, context, || stream.try_write_vectored(slices)))?;
        line.is_inside = taken < slices.iter().map(|slice| slice.len()).sum();
        Poll::Ready(Ok(taken))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.outflow.line().poll_tail(&self.outflow.stream, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.outflow.line().poll_tail(&self.outflow.stream, context))?;
        Poll::Ready(SockRef::from(&self.outflow.stream).shutdown(Shutdown::Write))
    }
}

#[cfg(test)]
mod tests;
