//! A client for tests that may be as rude as it likes, and the server that it visits. Everything waits with a deadline.

use std::time::Duration;

use futures_util::SinkExt;
use futures_util::StreamExt;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderName;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use waka::config::Config;
use waka::gateway::admission::Limits;
use waka::server;
use waka::server::Running;

/// For anything that should happen at all, on a machine that has much else to do.
pub(crate) const SOON: Duration = Duration::from_secs(60);

/// The real program's parts on a free port, with the memory backplane.
pub(crate) async fn server(config: Config, limits: Limits) -> Running {
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..config };
    server::start(config, limits).await.expect("a free port")
}

pub(crate) struct Visitor {
    pub(crate) socket: WebSocketStream<TcpStream>,
}

/// Why a visitor was not let in.
pub(crate) type TurnedAway = u16;

impl Visitor {
    pub(crate) async fn open(running: &Running) -> Self {
        Self::open_with(running, "/ws", &[]).await.expect("let in")
    }

    pub(crate) async fn open_with(running: &Running, path: &str, headers: &[(&'static str, &str)]) -> Result<Self, TurnedAway> {
        let stream = TcpStream::connect(running.address).await.expect("it listens");
        Self::shake_hands(stream, &format!("ws://{}{path}", running.address), headers).await
    }

    pub(crate) async fn shake_hands(stream: TcpStream, url: &str, headers: &[(&'static str, &str)]) -> Result<Self, TurnedAway> {
        let mut request = url.into_client_request().expect("an address");
        for (name, value) in headers {
            request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"));
        }
        match timeout(SOON, client_async(request, stream)).await.expect("an answer") {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Says hello and is welcomed.
    pub(crate) async fn greeted(running: &Running) -> Self {
        let mut visitor = Self::open(running).await;
        visitor.say(r#"{"type":"hello","version":1}"#).await;
        visitor.hear("welcome").await;
        visitor
    }

    /// Plays in this maze, once it is seated.
    pub(crate) async fn playing(running: &Running, maze: &str) -> Self {
        let mut visitor = Self::greeted(running).await;
        visitor.say(&format!(r#"{{"type":"join","maze":"{maze}","name":"Guest"}}"#)).await;
        while visitor.hear("joined").await.get("seat").is_none() {}
        visitor
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.send(Message::text(text)).await;
    }

    pub(crate) async fn send(&mut self, message: Message) {
        timeout(SOON, self.socket.send(message)).await.expect("room to write").expect("still open");
    }

    /// Without caring whether the far end still listens.
    pub(crate) async fn try_send(&mut self, message: Message) -> bool {
        matches!(timeout(SOON, self.socket.send(message)).await, Ok(Ok(())))
    }

    /// The next text message of this type; others are passed over.
    pub(crate) async fn hear(&mut self, kind: &str) -> Value {
        let by = Instant::now() + SOON;
        loop {
            assert!(Instant::now() < by, "no {kind} among all that came");
            match self.next().await {
                Some(Message::Text(text)) => {
                    let value: Value = serde_json::from_str(&text).expect("JSON");
                    if value["type"] == kind {
                        return value;
                    }
                }
                Some(Message::Close(frame)) => panic!("closed with {frame:?} while waiting for {kind}"),
                None => panic!("gone while waiting for {kind}"),
                Some(_) => {}
            }
        }
    }

    /// The next frame's bytes.
    pub(crate) async fn frame(&mut self) -> Vec<u8> {
        loop {
            match self.next().await {
                Some(Message::Binary(bytes)) => return bytes.to_vec(),
                Some(Message::Close(frame)) => panic!("closed with {frame:?} while waiting for a frame"),
                None => panic!("gone while waiting for a frame"),
                Some(_) => {}
            }
        }
    }

    /// Reads to the end and tells the close code and reason.
    pub(crate) async fn closed(&mut self) -> Option<(u16, String)> {
        let by = Instant::now() + SOON;
        loop {
            assert!(Instant::now() < by, "it goes on and on");
            match self.next().await {
                Some(Message::Close(frame)) => return frame.map(|frame| (frame.code.into(), frame.reason.to_string())),
                Some(_) => {}
                None => return None,
            }
        }
    }

    async fn next(&mut self) -> Option<Message> {
        timeout(SOON, self.socket.next()).await.expect("a message in time")?.ok()
    }
}

/// Between two looks at something that comes in its own time; without it the looks would be what the machine has to do.
pub(crate) async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(20)).await; // time is the promise
}

/// The same where nothing else is to be done.
pub(crate) fn stand_for_a_moment() {
    std::thread::sleep(Duration::from_millis(20)); // time is the promise
}

/// The body of a page of this server.
pub(crate) async fn fetch(running: &Running, path: &str) -> String {
    let url = format!("http://{}{path}", running.address);
    let answer = reqwest::get(url).await.expect("an answer");
    answer.text().await.expect("a body")
}

/// What `/metrics` says of a counter with its labels, 0 when it was never counted. Other tests of this binary count in the same process.
pub(crate) async fn counted(running: &Running, name: &str) -> u64 {
    let text = fetch(running, "/metrics").await;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0, |number| number.parse().expect("a number"))
}

/// How many sockets this very server has.
pub(crate) async fn connections(running: &Running) -> u64 {
    let text = fetch(running, "/api/status").await;
    let status: Value = serde_json::from_str(&text).expect("JSON");
    status["instances"][0]["connections"].as_u64().expect("a number")
}
