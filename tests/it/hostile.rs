//! Hostile clients over real sockets: each kind of bad input gets its own close code or refusal, is counted, and disturbs nobody else (Y1, Y2).
//!
//! In every test somebody plays along in another maze or the same one, and his frames go on afterwards.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use tokio::net::TcpSocket;
use tokio::time::Instant;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use waka::config::Config;
use waka::gateway::address::Network;
use waka::gateway::admission::Limits;
use waka::gateway::origin::Origin;
use waka::server::Running;
use waka::wire::close::Close;
use waka::wire::frame;

use crate::visitor::SOON;
use crate::visitor::Visitor;
use crate::visitor::a_moment;
use crate::visitor::connections;
use crate::visitor::counted;
use crate::visitor::fetch;
use crate::visitor::server;

/// A server, and somebody who plays there and must not be disturbed.
struct Scene {
    running: Running,
    witness: Visitor,
}

impl Scene {
    async fn new() -> Self {
        Self::with(Config::default(), Limits::default()).await
    }

    async fn with(config: Config, limits: Limits) -> Self {
        let running = server(config, limits).await;
        let witness = Visitor::playing(&running, "calm").await;
        Self { running, witness }
    }

    /// What `act` does to the counter of this close reason or refusal.
    async fn closes(&mut self, close: Close, text: &str) {
        self.closes_with(close, Message::text(text)).await;
    }

    async fn closes_with(&mut self, close: Close, message: Message) {
        let (code, reason, _) = close.row();
        let counter = format!("waka_closed_total{{reason=\"{reason}\"}}");
        let before = counted(&self.running, &counter).await;
        let mut visitor = Visitor::greeted(&self.running).await;
        visitor.send(message).await;
        assert_eq!(visitor.closed().await, Some((code, reason.to_owned())));
        assert!(counted(&self.running, &counter).await > before, "{reason} is not counted");
    }

    async fn refuses(&mut self, refusal: &str, visitor: &mut Visitor, text: &str) {
        let counter = format!("waka_refused_total{{reason=\"{refusal}\"}}");
        let before = counted(&self.running, &counter).await;
        visitor.say(text).await;
        assert_eq!(visitor.hear("error").await["code"], refusal, "{text}");
        assert!(counted(&self.running, &counter).await > before, "{refusal} is not counted");
    }

    /// What may be said now and then is refused when it is said many times at once: so often that what the bucket gets back meanwhile does not count.
    async fn refuses_in_haste(&mut self, refusal: &str, visitor: &mut Visitor, text: &str) {
        let counter = format!("waka_refused_total{{reason=\"{refusal}\"}}");
        let before = counted(&self.running, &counter).await;
        for _ in 0..20 {
            visitor.say(text).await;
        }
        while visitor.hear("error").await["code"] != refusal {}
        assert!(counted(&self.running, &counter).await > before, "{refusal} is not counted");
    }

    /// The witness gets newer and newer frames; then all ends in order.
    async fn goes_on(mut self) {
        let mut shown = None;
        let since = Instant::now();
        // What has come while nobody looked is read first; what counts is that more comes.
        while shown.is_none() || since.elapsed() < Duration::from_millis(300) {
            let position = frame::position(&self.witness.frame().await);
            assert!(position > shown, "Y3: {position:?} after {shown:?}");
            shown = position;
        }
        let ((), closed) = tokio::join!(self.running.stop(), self.witness.closed());
        assert_eq!(closed, Some((4000, "draining".to_owned())));
    }
}

#[tokio::test]
async fn what_is_senseless_closes_with_its_own_code() {
    let mut scene = Scene::new().await;
    for text in ["{", "", "[1,2]", r#"{"type":"teleport"}"#, r#"{"type":"input","n":1}"#, r#"{"type":"hello","version":1}"#] {
        scene.closes(Close::BadMessage, text).await;
    }
    scene.closes_with(Close::BinaryMessage, Message::binary(vec![1, 2, 3])).await;
    scene.goes_on().await;
}

#[tokio::test]
async fn a_message_that_is_too_large_closes_with_its_own_code() {
    let mut scene = Scene::new().await;
    let fits = format!(r#"{{"type":"chat","channel":"maze","text":"{}"}}"#, "\\ud55c".repeat(200));
    assert!(fits.len() <= 2048);
    let mut visitor = Visitor::playing(&scene.running, "calm").await;
    visitor.say(&fits).await;
    assert_eq!(visitor.hear("chat").await["lines"][0]["text"].as_str().map(|text| text.chars().count()), Some(200));
    scene.closes(Close::TooLarge, &" ".repeat(2049)).await;
    scene.closes(Close::TooLarge, &" ".repeat(1_000_000)).await;
    scene.goes_on().await;
}

#[tokio::test]
async fn y1_before_hello_only_hello() {
    let scene = Scene::new().await;
    for (text, close) in [
        (r#"{"type":"join","name":"Rude"}"#, Close::NoHello),
        (r#"{"type":"input","n":1,"dir":"up"}"#, Close::NoHello),
        (r#"{"type":"hello","version":999}"#, Close::WrongVersion),
        (r#"{"type":"hello","version":1,"token":"forged"}"#, Close::BadToken),
        ("nonsense", Close::BadMessage),
    ] {
        let (code, reason, _) = close.row();
        let counter = format!("waka_closed_total{{reason=\"{reason}\"}}");
        let before = counted(&scene.running, &counter).await;
        let mut visitor = Visitor::open(&scene.running).await;
        visitor.say(text).await;
        assert_eq!(visitor.closed().await, Some((code, reason.to_owned())), "{text}");
        assert!(counted(&scene.running, &counter).await > before, "{reason} is not counted");
    }
    scene.goes_on().await;
}

#[tokio::test]
async fn who_says_nothing_is_closed() {
    let limits = Limits { hello: Duration::from_secs(3), ..Limits::default() };
    let scene = Scene::with(Config::default(), limits).await;
    let mut visitor = Visitor::open(&scene.running).await;
    assert_eq!(visitor.closed().await, Some((4006, "no_hello".to_owned())));
    scene.goes_on().await;
}

#[tokio::test]
async fn who_speaks_too_fast_is_closed() {
    let scene = Scene::new().await;
    let before = counted(&scene.running, "waka_closed_total{reason=\"too_fast\"}").await;
    // Far more than the burst, so that it does not matter how much the bucket gets back meanwhile.
    for message in [Message::text(r#"{"type":"ping","n":1}"#), Message::Ping(Vec::new().into())] {
        let mut visitor = Visitor::greeted(&scene.running).await;
        for _ in 0..500 {
            if !visitor.try_send(message.clone()).await {
                break;
            }
        }
        assert_eq!(visitor.closed().await, Some((4005, "too_fast".to_owned())), "{message:?}");
    }
    assert!(counted(&scene.running, "waka_closed_total{reason=\"too_fast\"}").await >= before + 2);
    scene.goes_on().await;
}

#[tokio::test]
async fn unseemly_text_and_hasty_wishes_are_refused_and_the_connection_goes_on() {
    let mut scene = Scene::new().await;
    let mut visitor = Visitor::greeted(&scene.running).await;
    let rude = &mut visitor;
    scene.refuses("not_joined", rude, r#"{"type":"input","n":1,"dir":"left"}"#).await;
    scene.refuses("not_joined", rude, r#"{"type":"chat","channel":"world","text":"hi"}"#).await;
    for name in ["\\u202etxet", "a\\u0007b", "", "this name is far too long"] {
        scene.refuses("bad_name", rude, &format!(r#"{{"type":"join","maze":"calm","name":"{name}"}}"#)).await;
    }
    scene.refuses("bad_colour", rude, r#"{"type":"join","maze":"calm","name":"Rude","colour":99}"#).await;
    scene.refuses("bad_symbol", rude, r#"{"type":"join","maze":"calm","name":"Rude","symbol":16}"#).await;
    rude.say(r#"{"type":"join","maze":"calm","name":"<script>"}"#).await;
    while rude.hear("joined").await.get("seat").is_none() {}
    for text in ["\\u202e", "two\\nlines", "", "   "] {
        scene.refuses("bad_chat", rude, &format!(r#"{{"type":"chat","channel":"maze","text":"{text}"}}"#)).await;
    }
    for said in ["", r#","phrase":7"#, r#","phrase":1,"text":"hi""#] {
        scene.refuses("bad_chat", rude, &format!(r#"{{"type":"chat","channel":"maze"{said}}}"#)).await;
    }
    let too_long = "x".repeat(201);
    scene.refuses("bad_chat", rude, &format!(r#"{{"type":"chat","channel":"maze","text":"{too_long}"}}"#)).await;
    scene.refuses_in_haste("chat_too_fast", rude, r#"{"type":"chat","channel":"maze","text":"<b>spam</b>"}"#).await;
    let heard = scene.witness.hear("chat").await;
    assert_eq!(
        (heard["lines"][0]["name"].as_str(), heard["lines"][0]["text"].as_str()),
        (Some("<script>"), Some("<b>spam</b>")),
        "text is text"
    );
    scene.refuses_in_haste("join_too_fast", rude, r#"{"type":"watch"}"#).await;
    scene.goes_on().await;
}

#[tokio::test]
async fn a_page_of_a_stranger_may_not_connect() {
    let scene = Scene::new().await;
    let before = counted(&scene.running, "waka_refused_total{reason=\"wrong_origin\"}").await;
    let own = format!("http://{}", scene.running.address);
    for (origin, answer) in [("http://evil.example", Some(403)), ("null", Some(403)), (own.as_str(), None)] {
        assert_eq!(Visitor::open_with(&scene.running, "/ws", &[("origin", origin)]).await.err(), answer, "{origin}");
    }
    assert!(counted(&scene.running, "waka_refused_total{reason=\"wrong_origin\"}").await >= before + 2);
    scene.goes_on().await;

    let allowed_origins = vec![Origin::parse("https://play.example").expect("an origin")];
    let scene = Scene::with(Config { allowed_origins, ..Config::default() }, Limits::default()).await;
    let own = format!("http://{}", scene.running.address);
    for (origin, answer) in [("https://play.example", None), (own.as_str(), Some(403))] {
        assert_eq!(Visitor::open_with(&scene.running, "/ws", &[("origin", origin)]).await.err(), answer, "{origin}");
    }
    scene.goes_on().await;
}

#[tokio::test]
async fn y2_there_are_only_so_many_connections() {
    let limits = Limits { connections: 4, connections_per_address: 2, count_this_machine: true, ..Limits::default() };
    let trusted_proxies = vec![Network::parse("127.0.0.1").expect("an address")];
    let scene = Scene::with(Config { trusted_proxies, ..Config::default() }, limits).await;
    let from = |address: &'static str| [("x-forwarded-for", address)];
    let (first, second) = (from("9.9.9.9, 1.2.3.4"), from("8.8.8.8, 1.2.3.4"));
    let mut guests = Vec::new();
    for headers in [&first, &second] {
        guests.push(Visitor::open_with(&scene.running, "/ws", headers).await.expect("let in"));
    }
    assert_eq!(Visitor::open_with(&scene.running, "/ws", &first).await.err(), Some(429), "only the rightmost address counts");
    guests.push(Visitor::open_with(&scene.running, "/ws", &from("1.2.3.5")).await.expect("let in"));
    assert_eq!(Visitor::open_with(&scene.running, "/ws", &from("1.2.3.6")).await.err(), Some(503));
    for name in ["too_many_from_address", "too_many_connections"] {
        assert!(counted(&scene.running, &format!("waka_refused_total{{reason=\"{name}\"}}")).await > 0, "{name} is not counted");
    }
    drop(guests);
    until(|| async { connections(&scene.running).await == 1 }).await;
    assert!(Visitor::open_with(&scene.running, "/ws", &first).await.is_ok(), "places are free again");
    scene.goes_on().await;
}

#[tokio::test]
async fn y2_whom_nobody_trusts_cannot_choose_his_address() {
    let limits = Limits { connections_per_address: 2, count_this_machine: true, ..Limits::default() };
    let scene = Scene::with(Config::default(), limits).await;
    let _guest = Visitor::open_with(&scene.running, "/ws", &[("x-forwarded-for", "1.2.3.4")]).await.expect("let in");
    assert_eq!(Visitor::open_with(&scene.running, "/ws", &[("x-forwarded-for", "1.2.3.5")]).await.err(), Some(429));
    scene.goes_on().await;
}

#[tokio::test]
async fn who_answers_no_ping_is_closed() {
    let limits = Limits { ping_period: Duration::from_secs(3), pong: Duration::from_secs(2), ..Limits::default() };
    let running = server(Config::default(), limits).await;
    let mut reader = Visitor::greeted(&running).await;
    let silent = Visitor::greeted(&running).await;
    until(async || connections(&running).await == 2).await;
    until(async || {
        // Reading answers pings.
        let _ = timeout(Duration::from_millis(50), reader.socket.next()).await;
        connections(&running).await == 1
    })
    .await;
    reader.say(r#"{"type":"ping","n":1}"#).await;
    assert_eq!(reader.hear("pong").await["n"], 1, "it is the reader who stays");
    assert!(counted(&running, "waka_closed_total{reason=\"too_slow\"}").await > 0);
    drop(silent);
    running.stop().await;
}

#[tokio::test]
async fn who_reads_nothing_is_closed_and_nobody_waits_for_him() {
    let limits = Limits { write: Duration::from_secs(3), ..Limits::default() };
    let scene = Scene::with(Config::default(), limits).await;
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let stream = socket.connect(scene.running.address).await.expect("it listens");
    // Frames as JSON, so that the pipe is soon full.
    let url = format!("ws://{}/ws?frames=json", scene.running.address);
    let mut slow = Visitor::shake_hands(stream, &url, &[]).await.expect("let in");
    slow.say(r#"{"type":"hello","version":1}"#).await;
    slow.say(r#"{"type":"watch","maze":"calm"}"#).await;
    until(|| async { connections(&scene.running).await == 2 }).await;
    let started = Instant::now();
    let before = counted(&scene.running, "waka_closed_total{reason=\"too_slow\"}").await;
    let mut scene = scene;
    while connections(&scene.running).await > 1 {
        assert!(started.elapsed() < 2 * SOON, "he is still there");
        let frame = timeout(limits.write, scene.witness.frame()).await;
        assert!(frame.is_ok(), "the witness waits for him");
        slow.try_send(Message::text(r#"{"type":"refresh"}"#)).await;
    }
    assert!(counted(&scene.running, "waka_closed_total{reason=\"too_slow\"}").await > before);
    scene.goes_on().await;
}

#[tokio::test]
async fn the_same_player_twice_is_the_newer_one() {
    let scene = Scene::new().await;
    let mut first = Visitor::open(&scene.running).await;
    first.say(r#"{"type":"hello","version":1}"#).await;
    let welcome = first.hear("welcome").await;
    first.say(r#"{"type":"join","maze":"calm","name":"Twin"}"#).await;
    let seat = loop {
        if let Some(seat) = first.hear("joined").await.get("seat").and_then(Value::as_u64) {
            break seat;
        }
    };
    let mut second = Visitor::open(&scene.running).await;
    let token = welcome["token"].as_str().expect("a token");
    second.say(&format!(r#"{{"type":"hello","version":1,"token":"{token}"}}"#)).await;
    assert_eq!(second.hear("welcome").await["you"], welcome["you"]);
    assert_eq!(first.closed().await, Some((4009, "replaced".to_owned())));
    second.say(r#"{"type":"join","maze":"calm","name":"Twin"}"#).await;
    let again = loop {
        if let Some(seat) = second.hear("joined").await.get("seat").and_then(Value::as_u64) {
            break seat;
        }
    };
    assert_eq!(again, seat, "the same seat");
    scene.goes_on().await;
}

#[tokio::test]
async fn http_has_its_bounds_too() {
    let scene = Scene::new().await;
    let base = format!("http://{}", scene.running.address);
    let client = reqwest::Client::new();
    let status = async |method: reqwest::Method, path: &str| {
        let answer = client.request(method, format!("{base}{path}")).send().await.expect("an answer");
        (answer.status().as_u16(), answer.headers().clone())
    };
    for (method, path, code) in [
        (reqwest::Method::GET, "/", 200),
        (reqwest::Method::HEAD, "/main.js", 200),
        (reqwest::Method::POST, "/", 405),
        (reqwest::Method::POST, "/healthz", 405),
        (reqwest::Method::GET, "/no-such-page", 404),
        (reqwest::Method::GET, "/%2e%2e/Cargo.toml", 404),
        (reqwest::Method::GET, "/ws", 400),
        (reqwest::Method::GET, "/readyz", 200),
    ] {
        let (answer, headers) = status(method.clone(), path).await;
        assert_eq!(answer, code, "{method} {path}");
        // A script is no document: what it may do is up to the page that asks for it.
        let policy = headers.get("content-security-policy").map(|policy| policy.to_str().expect("text"));
        assert_eq!(policy.is_some_and(|policy| policy.starts_with("default-src 'none'; script-src 'self';")), path != "/main.js", "{path}");
        assert_eq!(
            (&headers["x-content-type-options"], &headers["referrer-policy"]),
            (&HeaderValue::from_static("nosniff"), &HeaderValue::from_static("no-referrer"))
        );
    }
    let (_, headers) = status(reqwest::Method::GET, "/main.js").await;
    let again = client.get(format!("{base}/main.js")).header("if-none-match", headers["etag"].clone()).send().await.expect("an answer");
    assert_eq!(again.status().as_u16(), 304);
    let long = client.get(format!("{base}/")).header("x-long", "x".repeat(40_000)).send().await;
    assert!(long.map_or(true, |answer| answer.status().as_u16() == 431), "a head of 40 kB");
    assert_eq!(fetch(&scene.running, "/healthz").await, "alive\n");
    scene.goes_on().await;
}

/// Waits for a condition, asking again and again.
async fn until(mut condition: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !condition().await {
            a_moment().await;
        }
    };
    timeout(SOON, waiting).await.expect("it comes true in time");
}
