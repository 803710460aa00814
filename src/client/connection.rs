//! One WebSocket of a client: opened, spoken on, heard from, closed; each with a deadline. When to open the next one is `course`'s to say.
//!
//! Plain `ws://` only: TLS ends at the load balancer, and programs of this module stand beside the server. Buffers are small, since a process may
//! hold a thousand of these; a message larger than any that the server sends ends the connection (Y2).

use std::time::Duration;

use bytes::Bytes;
use futures_util::SinkExt;
use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio::time::timeout;
use tokio::time::timeout_at;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::client::counted::Counted;
use crate::client::counted::Traffic;
use crate::wire::from_client::FromClient;
use crate::wire::to_client::ToClient;

/// To connect and to shake hands.
pub const OPEN_MAX: Duration = Duration::from_secs(5);
/// To hand one message to the network, and to say goodbye.
pub const SAY_MAX: Duration = Duration::from_secs(5);
/// Without a word from the server a connection is dead: it pings every 15 s at the latest.
pub const SILENCE_MAX: Duration = Duration::from_secs(35);
/// The largest message is the chat history: 50 lines of 200 characters, in four bytes each or escaped, with names.
pub const HEARD_BYTES_MAX: usize = 256 * 1024;
/// Frames are below 200 bytes; the buffers grow for the rare larger message.
const BUFFER_BYTES: usize = 4 * 1024;

pub struct Connection {
    socket: WebSocketStream<Counted<TcpStream>>,
    /// When the last byte of sense came, so that silence is noticed however often `hear` is dropped.
    heard_at: Instant,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("not a ws:// address: {0}")]
    Address(String),
    #[error("cannot connect: {0}")]
    Connect(#[from] std::io::Error),
    #[error("handshake refused: {0}")]
    Handshake(String),
    #[error("no connection within {OPEN_MAX:?}")]
    TooSlow,
}

/// The connection can no longer be written to; `hear` tells how it ended.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection is gone")]
pub struct Gone;

#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Message(ToClient),
    /// A frame's bytes, as `wire::frame` reads them.
    Frame(Bytes),
    /// Text of a type that this client does not know, such as frames as JSON. A newer server may say more than we understand.
    Other(String),
    /// The end, with the server's close code if there was one. Nothing comes after it.
    Closed(Option<u16>),
}

impl Connection {
    /// Opens `ws://host:port/path?query`.
    pub async fn open(address: &str) -> Result<Self, OpenError> {
        let uri: Uri = address.parse().map_err(|_| OpenError::Address(address.to_owned()))?;
        let (Some("ws"), Some(host)) = (uri.scheme_str(), uri.host()) else { return Err(OpenError::Address(address.to_owned())) };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(2 * BUFFER_BYTES)
            .max_message_size(Some(HEARD_BYTES_MAX))
            .max_frame_size(Some(HEARD_BYTES_MAX));
        let opening = async {
            let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await?;
            stream.set_nodelay(true)?;
            let (socket, _) = client_async_with_config(address, Counted::new(stream), Some(config))
                .await
                .map_err(|refused| OpenError::Handshake(refused.to_string()))?;
            Ok(Self { socket, heard_at: Instant::now() })
        };
        timeout(OPEN_MAX, opening).await.unwrap_or(Err(OpenError::TooSlow))
    }

    pub async fn say(&mut self, message: &FromClient) -> Result<(), Gone> {
        let text = serde_json::to_string(message).map_err(|_| Gone)?;
        match timeout(SAY_MAX, self.socket.send(Message::text(text))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }

    /// What the server says next. May be dropped while it waits without losing anything.
    pub async fn hear(&mut self) -> Heard {
        loop {
            let Ok(next) = timeout_at(self.heard_at + SILENCE_MAX, self.socket.next()).await else { return Heard::Closed(None) };
            self.heard_at = Instant::now();
            match next {
                Some(Ok(Message::Text(text))) => {
                    return serde_json::from_str(&text).map_or_else(|_| Heard::Other(text.to_string()), Heard::Message);
                }
                Some(Ok(Message::Binary(frame))) => return Heard::Frame(frame),
                Some(Ok(Message::Close(close))) => return Heard::Closed(close.map(|close| close.code.into())),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return Heard::Closed(None),
            }
        }
    }

    /// What has passed on the socket since this was asked last, its opening included.
    pub fn take_traffic(&mut self) -> Traffic {
        self.socket.get_mut().take_traffic()
    }

    /// Says goodbye and waits until it is heard, or for [`SAY_MAX`].
    pub async fn close(mut self) {
        let farewell = async {
            if self.socket.close(None).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        // Whether the other side has heard it changes nothing for us.
        let _heard = timeout(SAY_MAX, farewell).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;
    use tokio::time::interval;
    use tokio_tungstenite::accept_async;

    use super::*;

    async fn pair() -> (Connection, WebSocketStream<TcpStream>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("ws://{}/ws", listener.local_addr().unwrap());
        let accepting = async { accept_async(listener.accept().await.unwrap().0).await.unwrap() };
        let (client, server) = tokio::join!(Connection::open(&address), accepting);
        (client.unwrap(), server)
    }

    #[tokio::test]
    async fn only_plain_websocket_addresses_are_opened() {
        for address in ["http://127.0.0.1:1/ws", "wss://127.0.0.1:1/ws", "ws:///ws", "ws", ""] {
            assert!(matches!(Connection::open(address).await, Err(OpenError::Address(_))), "{address}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_never_shakes_hands_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let opened = Connection::open(&format!("ws://{}/ws", listener.local_addr().unwrap())).await;
        assert!(matches!(opened, Err(OpenError::TooSlow)));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_noticed_even_by_those_who_never_wait_long() {
        let (mut client, _server) = pair().await;
        let begin = Instant::now();
        let mut busy = interval(Duration::from_millis(33));
        let heard = loop {
            tokio::select! {
                heard = client.hear() => break heard,
                _ = busy.tick() => assert!(begin.elapsed() < 2 * SILENCE_MAX, "a dead server goes unnoticed"),
            }
        };
        assert_eq!(heard, Heard::Closed(None));
    }

    #[tokio::test]
    async fn what_is_heard_is_told_apart() {
        let (mut client, mut server) = pair().await;
        server.send(Message::text(r#"{"type":"over","points":10,"level":1}"#)).await.unwrap();
        server.send(Message::text(r#"{"type":"frame"}"#)).await.unwrap();
        server.send(Message::Ping(Bytes::new())).await.unwrap();
        server.send(Message::Binary(Bytes::from_static(&[1, 2]))).await.unwrap();
        server.send(Message::Binary(vec![0; HEARD_BYTES_MAX + 1].into())).await.unwrap();
        assert_eq!(client.hear().await, Heard::Message(ToClient::Over { points: 10, level: 1 }));
        assert_eq!(client.hear().await, Heard::Other(r#"{"type":"frame"}"#.to_owned()));
        assert_eq!(client.hear().await, Heard::Frame(Bytes::from_static(&[1, 2])));
        assert_eq!(client.hear().await, Heard::Closed(None), "y2: nothing larger than any honest message");
    }
}
