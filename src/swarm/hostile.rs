//! Clients that behave badly on purpose, so that it is seen whether the others feel it: they read nothing, flood, never speak, or send garbage.
//!
//! Each comes back a moment after it was thrown out. They are bounded, too: what they do per second is written here, so that they load the server and
//! not the swarm.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures_util::SinkExt;
use futures_util::StreamExt;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;
use tokio::net::TcpStream;
use tokio::net::lookup_host;
use tokio::time::sleep;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::http::Uri;

use crate::swarm::tally::Tally;
use crate::wire::MazeId;
use crate::wire::PROTOCOL_VERSION;
use crate::wire::from_client::FromClient;

/// After it was thrown out, until it comes again.
const AGAIN_AFTER: Duration = Duration::from_millis(200);
/// One connection at most; the server has thrown it out long before.
const STAY_MAX: Duration = Duration::from_secs(60);
/// For a connection to be made, and for a close to be heard.
const PATIENCE: Duration = Duration::from_secs(5);
/// Messages of a flood: twice what a client may say at once.
const FLOOD_MESSAGES: u32 = 120;
/// Below the rate at which messages are too many, so that it is the reading that is too slow.
const ASK_EVERY: Duration = Duration::from_millis(40);
/// What the kernel may hold for one who does not read: little, so that the server feels it soon.
const SLOW_BUFFER_BYTES: u32 = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Watches a maze, asks much, and reads nothing.
    SlowReader,
    /// Says more than anybody may.
    Flooder,
    /// Opens and never speaks.
    Silent,
    /// Sends what is no message.
    Garbage,
}

const KINDS: [(Kind, &str); 4] =
    [(Kind::SlowReader, "slow reader"), (Kind::Flooder, "flooder"), (Kind::Silent, "silent"), (Kind::Garbage, "garbage")];

/// Misbehaves for ever, the kinds taking turns by `number`. `maze` is one that the others play in.
pub(super) async fn misbehave(number: u32, url: String, maze: MazeId, tally: Rc<RefCell<Tally>>) {
    let (kind, name) = KINDS[number as usize % KINDS.len()];
    let mut turn = number / KINDS.len() as u32;
    loop {
        let stay = async {
            match kind {
                Kind::SlowReader => read_nothing(&url, &maze).await,
                Kind::Flooder => flood(&url).await,
                Kind::Silent => stay_silent(&url, turn).await,
                Kind::Garbage => send_garbage(&url, turn).await,
            }
        };
        let ended = timeout(STAY_MAX, stay).await.unwrap_or(Err("still there after a minute"));
        tally.borrow_mut().hostile_ended(name, ended);
        turn = turn.wrapping_add(1);
        sleep(AGAIN_AFTER).await;
    }
}

/// How the server ended it: its code if it gave one, or why there was nothing to end.
type Ended = Result<Option<u16>, &'static str>;

async fn read_nothing(url: &str, maze: &MazeId) -> Ended {
    let mut socket = shake_hands(url, Some(SLOW_BUFFER_BYTES)).await?;
    let mut messages = vec![hello(), FromClient::Watch { maze: Some(maze.clone()), next: false }];
    let mut n = 0;
    loop {
        for message in messages.drain(..) {
            if !say(&mut socket, &message).await {
                return Ok(close_code(&mut socket).await);
            }
        }
        n += 1;
        messages.push(FromClient::Ping { n });
        sleep(ASK_EVERY).await;
    }
}

async fn flood(url: &str) -> Ended {
    let mut socket = shake_hands(url, None).await?;
    let mut still_open = say(&mut socket, &hello()).await;
    for n in 0..FLOOD_MESSAGES {
        still_open = still_open && say(&mut socket, &FromClient::Ping { n }).await;
    }
    Ok(close_code(&mut socket).await)
}

/// By turns without a word of HTTP, and without one after the handshake.
async fn stay_silent(url: &str, turn: u32) -> Ended {
    if turn.is_multiple_of(2) {
        let mut stream = connect(url, None).await?;
        let _answer = stream.read_to_end(&mut Vec::new()).await;
        return Ok(None);
    }
    let mut socket = shake_hands(url, None).await?;
    Ok(read_to_the_end(&mut socket).await)
}

/// By turns no HTTP, no JSON, no text, and no frame of a WebSocket.
async fn send_garbage(url: &str, turn: u32) -> Ended {
    const NOISE: &[u8] = b"\xff\x00\xfe{{{ \x16\x03\x01 GET\r\r\n\n\n\xde\xad\xbe\xef";
    if turn.is_multiple_of(4) {
        let mut stream = connect(url, None).await?;
        let _sent = stream.write_all(NOISE).await;
        let _answer = stream.read_to_end(&mut Vec::new()).await;
        return Ok(None);
    }
    let mut socket = shake_hands(url, None).await?;
    let _sent = match turn % 4 {
        1 => socket.send(Message::text("{\"type\":\"hello\",\"version\":[[[[")).await.is_ok(),
        2 => socket.send(Message::binary(NOISE)).await.is_ok(),
        _ => socket.get_mut().write_all(NOISE).await.is_ok(),
    };
    Ok(close_code(&mut socket).await)
}

fn hello() -> FromClient {
    FromClient::Hello { version: PROTOCOL_VERSION, token: None, seen: None, bot: true }
}

async fn say(socket: &mut WebSocketStream<TcpStream>, message: &FromClient) -> bool {
    let Ok(text) = serde_json::to_string(message) else { return false };
    socket.send(Message::text(text)).await.is_ok()
}

async fn close_code(socket: &mut WebSocketStream<TcpStream>) -> Option<u16> {
    timeout(PATIENCE, read_to_the_end(socket)).await.unwrap_or(None)
}

async fn read_to_the_end(socket: &mut WebSocketStream<TcpStream>) -> Option<u16> {
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Close(close) = message {
            return close.map(|close| close.code.into());
        }
    }
    None
}

async fn shake_hands(url: &str, buffer_bytes: Option<u32>) -> Result<WebSocketStream<TcpStream>, &'static str> {
    let stream = connect(url, buffer_bytes).await?;
    let shaken = timeout(PATIENCE, client_async(url, stream)).await.map_err(|_| "no handshake in time")?;
    shaken.map(|(socket, _)| socket).map_err(|_| "handshake refused")
}

async fn connect(url: &str, buffer_bytes: Option<u32>) -> Result<TcpStream, &'static str> {
    let uri: Uri = url.parse().map_err(|_| "no address")?;
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let found = lookup_host((host, uri.port_u16().unwrap_or(80))).await;
    let address = found.ok().and_then(|mut found| found.next()).ok_or("no such host")?;
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.map_err(|_| "no socket")?;
    if let Some(bytes) = buffer_bytes {
        // A kernel that takes another size only makes the server wait longer.
        let _taken = socket.set_recv_buffer_size(bytes);
    }
    timeout(PATIENCE, socket.connect(address)).await.map_err(|_| "not connected in time")?.map_err(|_| "not connected")
}
