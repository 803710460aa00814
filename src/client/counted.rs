//! A stream that counts what passes through it: all that a client and its server exchange above TCP, headers of HTTP and WebSocket included.

use std::io;
use std::io::IoSlice;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;

/// Bytes from the server and to it; those of TCP and IP, and what was sent twice, are not known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    pub down_bytes: u64,
    pub up_bytes: u64,
}

#[derive(Debug)]
pub struct Counted<S> {
    stream: S,
    traffic: Traffic,
}

impl<S> Counted<S> {
    pub fn new(stream: S) -> Self {
        Self { stream, traffic: Traffic::default() }
    }

    /// What has passed since this was asked last.
    pub fn take_traffic(&mut self) -> Traffic {
        std::mem::take(&mut self.traffic)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(context, buffer);
        this.traffic.down_bytes += (buffer.filled().len() - before) as u64;
        polled
    }
}

impl<S: AsyncWrite + Unpin> Counted<S> {
    fn count_up(&mut self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = polled {
            self.traffic.up_bytes += bytes as u64;
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.count_up(polled)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, context: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.count_up(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::io::AsyncWriteExt;
    use tokio::io::duplex;

    use super::*;

    #[tokio::test]
    async fn both_ways_are_counted_once_and_only_what_has_passed() {
        let (near, mut far) = duplex(8);
        let mut near = Counted::new(near);
        far.write_all(b"abcde").await.unwrap();
        let mut three = [0; 3];
        near.read_exact(&mut three).await.unwrap();
        assert_eq!(near.take_traffic(), Traffic { down_bytes: 3, up_bytes: 0 }, "two still wait");
        // Eight fit, the ninth waits and is not counted.
        assert_eq!(near.write(b"123456789").await.unwrap(), 8);
        near.read_exact(&mut [0; 2]).await.unwrap();
        assert_eq!(near.take_traffic(), Traffic { down_bytes: 2, up_bytes: 8 });
        assert_eq!(near.take_traffic(), Traffic::default());
    }
}
