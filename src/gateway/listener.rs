//! Accepts connections and serves HTTP on them, each with deadlines and bounds (Y2).
//!
//! axum's own loop has none of them: a request's head must come in time, heads are small, a connection that never becomes a WebSocket ends after a
//! minute, and there are only so many. Send buffers are small, so that a client that does not read is noticed after seconds and not after megabytes.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::net::TcpSocket;
use tokio::net::TcpStream;
use tokio::select;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::gateway::admission::CONNECTIONS_MAX;
use crate::gateway::pipe::Outflow;
use crate::gateway::pipe::pipe;
use crate::telemetry::sampling::sampled;

/// For the whole head of a request, also of the next one on the same connection.
const HEAD_MAX: Duration = Duration::from_secs(10);
/// For everything on a connection that does not become a WebSocket; a browser opens another.
const PLAIN_MAX: Duration = Duration::from_secs(60);
/// A head of a request, cookies of neighbours on the same host included.
const HEAD_BYTES_MAX: usize = 16 * 1024;
const HEADERS_MAX: usize = 64;
/// TCP connections that have not become a `WebSocket` (yet).
const PLAIN_CONNECTIONS_MAX: usize = CONNECTIONS_MAX as usize / 10;
/// Bytes of a socket's send buffer in the kernel, which doubles it: some seconds of frames, and 300 kB/s of page at a round trip of 100 ms.
const SEND_BUFFER_BYTES: u32 = 16 * 1024;
const BACKLOG: u32 = 1024;
/// After accepting has failed, as without file descriptors.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// Whose connection a request came on.
#[derive(Clone)]
pub struct Peer {
    pub address: SocketAddr,
    /// Where a WebSocket's frames are written past its library.
    pub outflow: Arc<Outflow>,
}

pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // On Windows this would let a second process take the same port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Accepted connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts until `stop`; then lets the requests at hand finish. Ends when the last plain connection has ended; sockets are not waited for.
pub async fn run(listener: TcpListener, router: Router, stop: CancellationToken) {
    let tasks = TaskTracker::new();
    let places = Arc::new(Semaphore::new(PLAIN_CONNECTIONS_MAX));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (router, stop) = (router.clone(), stop.clone());
                tasks.spawn(async move {
                    serve(stream, peer, router, stop).await;
                    drop(place);
                });
            }
            Err(error) => {
                if let Some(more) = sampled("accept_failed") {
                    tracing::warn!(event = "accept_failed", %error, more, "could not accept a connection");
                }
                sleep(ACCEPT_RETRY).await;
            }
        }
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
}

async fn serve(stream: TcpStream, address: SocketAddr, router: Router, stop: CancellationToken) {
    // Frames are small and must not wait for each other. Fails only if the connection is gone already.
    let _ = stream.set_nodelay(true);
    let (pipe, outflow) = pipe(stream);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer { address, outflow: Arc::clone(&outflow) });
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(pipe), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    // Errors are the client's: a malformed request, a reset. hyper has answered what can be answered.
    let _ = timeout(PLAIN_MAX, async {
        select! {
            result = connection.as_mut() => result,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    })
    .await;
}
