//! One WebSocket of a client: opened, spoken on, heard from, closed; each with a deadline. When to open the next one is `course`'s to say.
//!
//! Plain `ws://` only: TLS ends at the load balancer, and programs of this module stand beside the server. Buffers are small, since a process may
//! hold thousands of these; a message larger than any that the server sends ends the connection (Y2). The protocol is `websocket`'s and
//! `handshake`'s; here are the socket and the deadlines, one timer for all of them.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio::time::Sleep;
use tokio::time::sleep;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::http::Uri;

use crate::client::counted::Counted;
use crate::client::counted::Traffic;
use crate::client::handshake;
use crate::client::websocket;
use crate::client::websocket::Kind;
use crate::client::websocket::Reader;
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
/// What waits to be written at most; a server that asks for more answers without reading them is gone.
const UNSENT_BYTES_MAX: usize = 8 * 1024;

pub struct Connection {
    stream: Counted<TcpStream>,
    reader: Reader,
    /// Frames that the network has not taken yet.
    unsent: Vec<u8>,
    /// When the last bytes came, so that silence is noticed however often `hear` is dropped.
    heard_at: Instant,
    /// Rings when there may have been silence for too long; set on only then.
    silence: Pin<Box<Sleep>>,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("not a ws:// address: {0}")]
    Address(String),
    #[error("cannot connect: {0}")]
    Connect(#[from] io::Error),
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
        let opening = async {
            let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(80))).await?;
            stream.set_nodelay(true)?;
            let mut connection = Self {
                stream: Counted::new(stream),
                reader: Reader::new(HEARD_BYTES_MAX),
                unsent: Vec::new(),
                heard_at: Instant::now(),
                silence: Box::pin(sleep(SILENCE_MAX)),
            };
            connection.shake_hands(&uri).await?;
            Ok(connection)
        };
        timeout(OPEN_MAX, opening).await.unwrap_or(Err(OpenError::TooSlow))
    }

    async fn shake_hands(&mut self, uri: &Uri) -> Result<(), OpenError> {
        let key = generate_key();
        let refused = |why: String| OpenError::Handshake(why);
        self.stream.write_all(handshake::request(uri, &key).as_bytes()).await.map_err(|error| refused(error.to_string()))?;
        loop {
            if let Some(bytes) = handshake::answered(self.reader.unread(), &key).map_err(refused)? {
                self.reader.skip(bytes);
                return Ok(());
            }
            match self.stream.read(self.reader.room()).await {
                Ok(bytes @ 1..) => self.reader.filled(bytes),
                Ok(_) => return Err(refused("the connection was closed".to_owned())),
                Err(error) => return Err(refused(error.to_string())),
            }
        }
    }

    pub async fn say(&mut self, message: &FromClient) -> Result<(), Gone> {
        let text = serde_json::to_vec(message).map_err(|_| Gone)?;
        self.put(Kind::Text, &text)?;
        match timeout(SAY_MAX, poll_fn(|context| self.poll_send(context))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }

    /// What the server says next. May be dropped while it waits without losing anything.
    pub async fn hear(&mut self) -> Heard {
        poll_fn(|context| self.poll_hear(context)).await
    }

    /// What has passed on the socket since this was asked last, its opening included.
    pub fn take_traffic(&mut self) -> Traffic {
        self.stream.take_traffic()
    }

    /// Says goodbye and waits until it is heard, or for [`SAY_MAX`].
    pub async fn close(mut self) {
        let farewell = async {
            let mut rest = [0; 1024];
            if self.put(Kind::Close, &[]).is_ok() && poll_fn(|context| self.poll_send(context)).await.is_ok() {
                while let Ok(1..) = self.stream.read(&mut rest).await {}
            }
        };
        // Whether the other side has heard it changes nothing for us.
        let _heard = timeout(SAY_MAX, farewell).await;
    }

    fn poll_hear(&mut self, context: &mut Context<'_>) -> Poll<Heard> {
        loop {
            match self.reader.next() {
                Ok(Some(kind)) => match self.take(kind, context) {
                    Some(heard) => return Poll::Ready(heard),
                    None => continue,
                },
                Ok(None) => {}
                Err(websocket::Broken) => return Poll::Ready(Heard::Closed(None)),
            }
            if let Poll::Ready(Err(_)) = self.poll_send(context) {
                return Poll::Ready(Heard::Closed(None));
            }
            let mut room = ReadBuf::new(self.reader.room());
            match Pin::new(&mut self.stream).poll_read(context, &mut room) {
                Poll::Ready(Ok(())) if !room.filled().is_empty() => {
                    let bytes = room.filled().len();
                    self.reader.filled(bytes);
                    self.heard_at = Instant::now();
                }
                Poll::Ready(_) => return Poll::Ready(Heard::Closed(None)),
                Poll::Pending => {
                    ready!(self.poll_silence(context));
                    return Poll::Ready(Heard::Closed(None));
                }
            }
        }
    }

    /// What a message is to the player, if anything.
    fn take(&mut self, kind: Kind, context: &mut Context<'_>) -> Option<Heard> {
        let payload = self.reader.payload();
        match kind {
            Kind::Binary => Some(Heard::Frame(Bytes::copy_from_slice(payload))),
            Kind::Text => Some(match serde_json::from_slice(payload) {
                Ok(message) => Heard::Message(message),
                Err(_) => Heard::Other(String::from_utf8_lossy(payload).into_owned()),
            }),
            Kind::Ping => {
                let payload = payload.to_vec();
                self.put(Kind::Pong, &payload).is_err().then_some(Heard::Closed(None))
            }
            Kind::Pong => None,
            Kind::Close => {
                let (code, payload) = (websocket::close_code(payload), payload.to_vec());
                // The other side is told that it was heard, if that can be done at once.
                if self.put(Kind::Close, &payload).is_ok() {
                    let _told = self.poll_send(context);
                }
                Some(Heard::Closed(code))
            }
        }
    }

    fn put(&mut self, kind: Kind, payload: &[u8]) -> Result<(), Gone> {
        let mask = getrandom::u32().map_err(|_| Gone)?.to_be_bytes();
        websocket::put(&mut self.unsent, kind, payload, mask);
        if self.unsent.len() > UNSENT_BYTES_MAX { Err(Gone) } else { Ok(()) }
    }

    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.unsent.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &self.unsent))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unsent.drain(..written);
        }
        Poll::Ready(Ok(()))
    }

    /// Ready when nothing has come for too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.silence.as_mut().poll(context));
            let until = self.heard_at + SILENCE_MAX;
            if until <= Instant::now() {
                return Poll::Ready(());
            }
            self.silence.as_mut().reset(until);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::SinkExt;
    use futures_util::StreamExt;
    use tokio::net::TcpListener;
    use tokio::time::interval;
    use tokio_tungstenite::WebSocketStream;
    use tokio_tungstenite::accept_async;
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::protocol::CloseFrame;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

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

    #[tokio::test]
    async fn pings_are_answered_and_a_close_tells_its_code_and_is_answered_too() {
        let (mut client, mut server) = pair().await;
        server.send(Message::Ping(Bytes::from_static(b"there?"))).await.unwrap();
        server.send(Message::Close(Some(CloseFrame { code: CloseCode::Library(4008), reason: "slow".into() }))).await.unwrap();
        assert_eq!(client.hear().await, Heard::Closed(Some(4008)));
        assert_eq!(server.next().await.unwrap().unwrap(), Message::Pong(Bytes::from_static(b"there?")));
        let Some(Ok(Message::Close(Some(close)))) = server.next().await else { panic!("the close is answered") };
        assert_eq!(u16::from(close.code), 4008);
    }

    #[tokio::test]
    async fn what_is_said_is_heard_whole_and_goodbye_is_waited_for() {
        let (mut client, mut server) = pair().await;
        let line = FromClient::Chat { channel: crate::wire::from_client::Channel::Maze, text: Some("0123456789".repeat(20)), phrase: None };
        let heard = async {
            let said = server.next().await.unwrap().unwrap();
            assert!(matches!(server.next().await, Some(Ok(Message::Close(None)))));
            while server.next().await.is_some() {}
            said
        };
        let leaving = async {
            client.say(&line).await.unwrap();
            let up_bytes = client.take_traffic().up_bytes;
            client.close().await;
            up_bytes
        };
        let (said, up_bytes) = tokio::join!(heard, leaving);
        assert_eq!(serde_json::from_str::<FromClient>(said.to_text().unwrap()).unwrap(), line);
        assert!(up_bytes > 200 + 100, "the handshake and the line are counted: {up_bytes}");
    }

    #[tokio::test]
    async fn who_answers_something_else_is_told() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("ws://{}/ws", listener.local_addr().unwrap());
        let answering = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n").await.unwrap();
            stream
        };
        let (opened, _stream) = tokio::join!(Connection::open(&address), answering);
        let Err(OpenError::Handshake(why)) = opened else { panic!("no WebSocket is there") };
        assert!(why.contains("503"), "{why}");
    }
}
