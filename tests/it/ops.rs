//! The operator's page: there is none without a token, its files tell nothing, and what it asks for is for whoever shows the token; faults of a process that
//! was killed and reports of players come to it from any process.

use std::time::Duration;
use std::time::Instant;

use bytes::Bytes;
use reqwest::Client;
use reqwest::Response;
use reqwest::header;
use reqwest::redirect;
use serde_json::Value;
use waka::backplane::Journal;
use waka::backplane::RedisAddress;
use waka::config::Config;
use waka::gateway::admission::Limits;
use waka::gateway::origin::Origin;
use waka::gateway::token::Secret;
use waka::server::Running;
use waka::wire::between_nodes::Role;
use waka::wire::from_client::Channel;
use waka::wire::from_client::FromClient;
use waka::wire::from_client::Reason;

use crate::journey::guest::Guest;
use crate::program::Program;
use crate::redis_server::RedisServer;
use crate::visitor;
use crate::visitor::SOON;

const TOKEN: &str = "a token of the operator's tests";

async fn house(ops_token: Option<&str>) -> Running {
    let ops_token = ops_token.map(|token| Secret::new(token.as_bytes()));
    visitor::server(Config { ops_token, ..Config::default() }, Limits::default()).await
}

fn client() -> Client {
    Client::builder().redirect(redirect::Policy::none()).build().unwrap()
}

fn at(running: &Running, path: &str) -> String {
    format!("http://{}{path}", running.address)
}

async fn bearer(url: &str, token: &str) -> Response {
    client().get(url).bearer_auth(token).send().await.unwrap()
}

async fn log_in(running: &Running, token: &str) -> Response {
    let body = serde_json::json!({ "token": token }).to_string();
    client().post(at(running, "/ops/login")).header(header::CONTENT_TYPE, "application/json").body(body).send().await.unwrap()
}

async fn json(response: Response) -> Value {
    assert_eq!((response.status().as_u16(), &response.headers()[header::CACHE_CONTROL]), (200, &"no-store".parse().unwrap()));
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn without_a_token_there_is_no_such_page() {
    let running = house(None).await;
    for path in ["/ops", "/ops/", "/ops/index.html", "/ops/ops.js", "/ops/numbers", "/ops/journals", "//ops/ops.js", "/%6fps/ops.js"] {
        assert_eq!(bearer(&at(&running, path), "").await.status(), 404, "{path}");
    }
    assert_eq!(log_in(&running, "").await.status(), 404);
}

#[tokio::test]
async fn its_files_are_for_everybody_and_what_they_ask_for_is_not() {
    let running = house(Some(TOKEN)).await;
    let moved = client().get(at(&running, "/ops")).send().await.unwrap();
    assert_eq!((moved.status().as_u16(), &moved.headers()[header::LOCATION]), (308, &"/ops/".parse().unwrap()));
    let page = client().get(at(&running, "/ops/")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(!page.text().await.unwrap().contains(TOKEN));
    assert_eq!(client().get(at(&running, "/ops/ops.js")).send().await.unwrap().status(), 200);
    assert_eq!(client().get(at(&running, "//ops/ops.js")).send().await.unwrap().status(), 404, "it is no file of the game's page");
    for path in ["/ops/numbers", "/ops/journals"] {
        assert_eq!(client().get(at(&running, path)).send().await.unwrap().status(), 401, "{path}");
        let named = format!("{path}?token={TOKEN}").replace(' ', "%20");
        assert_eq!(client().get(at(&running, &named)).send().await.unwrap().status(), 401, "no token is taken from an address");
        json(bearer(&at(&running, path), TOKEN).await).await;
    }
    let numbers = json(bearer(&at(&running, "/ops/numbers"), TOKEN).await).await;
    assert_eq!(numbers["status"]["instance"], running.me.0);
    assert!(numbers["metrics"].as_str().unwrap().contains("waka_connections"), "{numbers}");
}

#[tokio::test]
async fn a_session_is_a_cookie_that_scripts_do_not_see() {
    let running = house(Some(TOKEN)).await;
    let entered = log_in(&running, TOKEN).await;
    assert_eq!(entered.status(), 204);
    let cookie = entered.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(TOKEN), "{cookie}");
    let with = |cookie: &str| client().get(at(&running, "/ops/numbers")).header(header::COOKIE, cookie.split(';').next().unwrap()).send();
    json(with(&cookie).await.unwrap()).await;
    assert_eq!(with(&format!("{}A", cookie.split(';').next().unwrap())).await.unwrap().status(), 401);
    let left = client().post(at(&running, "/ops/logout")).send().await.unwrap();
    let over = left.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(over.starts_with("waka-ops=; ") && over.contains("Max-Age=0"), "{over}");
    let stranger = client()
        .post(at(&running, "/ops/login"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, "https://evil.example")
        .body(format!("{{\"token\":\"{TOKEN}\"}}"));
    assert_eq!(stranger.send().await.unwrap().status(), 403, "a page of another origin");
    let form =
        client().post(at(&running, "/ops/login")).header(header::CONTENT_TYPE, "text/plain").body(format!("{{\"token\":\"{TOKEN}\"}}"));
    assert_eq!(form.send().await.unwrap().status(), 415, "a form can be sent from anywhere");
    let long = log_in(&running, &"a".repeat(2_000)).await;
    assert_eq!(long.status(), 413, "Y2");
}

/// Behind a content network that does not pass the host on, and says that it was asked over TLS.
#[tokio::test]
async fn the_page_of_a_named_origin_logs_in_and_its_session_needs_tls() {
    let allowed_origins = vec![Origin::parse("https://play.example").unwrap()];
    let config = Config { ops_token: Some(Secret::new(TOKEN.as_bytes())), allowed_origins, ..Config::default() };
    let running = visitor::server(config, Limits::default()).await;
    let log_in = |origin: &'static str| {
        let request = client().post(at(&running, "/ops/login")).header(header::CONTENT_TYPE, "application/json");
        request.header(header::ORIGIN, origin).header("x-forwarded-proto", "https").body(format!("{{\"token\":\"{TOKEN}\"}}")).send()
    };
    let entered = log_in("https://play.example").await.unwrap();
    assert_eq!(entered.status(), 204);
    assert!(entered.headers()[header::SET_COOKIE].to_str().unwrap().ends_with("; Secure"));
    assert_eq!(log_in("https://evil.example").await.unwrap().status(), 403);
}

#[tokio::test]
async fn wrong_tokens_are_slow_and_few() {
    let running = house(Some(TOKEN)).await;
    let asked = Instant::now();
    assert_eq!(log_in(&running, "a token of the operator's test").await.status(), 401);
    assert!(asked.elapsed() >= Duration::from_millis(500), "it takes its time");
    let wrong = futures_util::future::join_all((0..10).map(|_| bearer_of(&running, "wrong"))).await;
    assert_eq!(wrong.iter().filter(|status| **status == 401).count(), 4, "{wrong:?}");
    assert_eq!(wrong.iter().filter(|status| **status == 429).count(), 6, "{wrong:?}");
    assert_eq!(bearer_of(&running, TOKEN).await, 429, "nothing is to be learnt any more");
    let numbers = reqwest::get(at(&running, "/metrics")).await.unwrap().text().await.unwrap();
    for reason in ["wrong_ops_token", "too_many_ops_tokens"] {
        assert!(numbers.contains(&format!("waka_refused_total{{reason=\"{reason}\"}}")), "{reason} is counted");
    }
}

async fn bearer_of(running: &Running, token: &str) -> u16 {
    bearer(&at(running, "/ops/numbers"), token).await.status().as_u16()
}

#[tokio::test]
async fn the_journals_are_told_newest_first_and_bounded() {
    let running = house(Some(TOKEN)).await;
    for n in 0..250 {
        running.backplane.note(Journal::Faults, format!("{{\"event\":\"n{n}\"}}").into()).await.unwrap();
    }
    running.backplane.note(Journal::Reports, Bytes::from_static(b"of another release")).await.unwrap();
    running.backplane.note(Journal::Reports, Bytes::from_static(b"{\"maze\":\"open-1\"}")).await.unwrap();
    let told = json(bearer(&at(&running, "/ops/journals"), TOKEN).await).await;
    let faults = told["faults"].as_array().unwrap();
    assert_eq!((faults.len(), &faults[0]["event"], &faults[199]["event"]), (200, &"n249".into(), &"n50".into()));
    let reports = told["reports"].as_array().unwrap();
    assert_eq!((reports.len(), &reports[0]["maze"]), (1, &"open-1".into()));
    assert!(reports[0]["noted"].as_u64().unwrap() <= told["at"].as_u64().unwrap());
}

#[tokio::test]
async fn a_worker_has_the_page_too() {
    let redis = RedisServer::start();
    let config = Config {
        redis: Some(RedisAddress::parse(&redis.url()).unwrap()),
        role: Role::Worker,
        ops_token: Some(Secret::new(TOKEN.as_bytes())),
        ..Config::default()
    };
    let running = visitor::server(config, Limits::default()).await;
    assert_eq!(client().get(at(&running, "/ops/")).send().await.unwrap().status(), 200);
    assert_eq!(client().get(at(&running, "/")).send().await.unwrap().status(), 404);
    json(bearer(&at(&running, "/ops/numbers"), TOKEN).await).await;
}

/// With real processes, of which one is killed: what the other saw of it, and what a player told, is shown by the one that is left.
#[cfg(unix)]
#[tokio::test]
async fn a_kill_and_a_report_come_to_the_page() {
    let redis = RedisServer::start();
    let start = || Program::start_in(&["--redis", &redis.url()], &[("WAKA_OPS_TOKEN", TOKEN)]);
    let (stays, goes) = (start(), start());
    let socket = format!("ws://{}/ws", stays.address());
    let mut rude = Guest::seated(&socket, "Rude", Some("friends")).await;
    let mut ann = Guest::seated(&socket, "Ann", Some("friends")).await;
    rude.chat(Channel::Maze, "words").await;
    ann.until("the line", |ann| ann.has_read(Channel::Maze, "words").then_some(())).await;
    ann.say(FromClient::Report { player: rude.you, reason: Some(Reason::Chat) }).await;
    ann.until("the thanks", |ann| ann.reported.first().copied()).await;
    let other = until_told(&stays, "numbers", |told| {
        let instances = told["status"]["instances"].as_array()?;
        (instances.len() == 2).then_some(())?;
        instances.iter().map(|one| one["id"].as_str().unwrap_or_default().to_owned()).find(|id| told["status"]["instance"] != id.as_str())
    })
    .await;
    drop(goes);
    let fault =
        until_told(&stays, "journals", |told| told["faults"].as_array()?.iter().find(|fault| fault["event"] == "process_lost").cloned())
            .await;
    assert_eq!((&fault["fields"]["name"], &fault["level"]), (&other.into(), &"warn".into()));
    let told = json(bearer(&format!("http://{}/ops/journals", stays.address()), TOKEN).await).await;
    let report = &told["reports"][0];
    assert_eq!((&report["whom"]["name"], &report["by"]["name"], &report["reason"]), (&"Rude".into(), &"Ann".into(), &"chat".into()));
    assert_eq!((&report["lines"][0]["text"], &report["maze"]), (&"words".into(), &"friends".into()));
    stays.signal("TERM");
    let (_, out, log) = stays.ended();
    assert!(log.contains("player_reported") && !log.contains("words"), "the log names ids only: {log}");
    assert!(!log.contains(TOKEN) && !out.contains(TOKEN));
}

/// Asks until `found` finds it.
async fn until_told<T>(program: &Program, what: &str, found: impl Fn(&Value) -> Option<T>) -> T {
    let url = format!("http://{}/ops/{what}", program.address());
    let deadline = Instant::now() + SOON;
    loop {
        let told = json(bearer(&url, TOKEN).await).await;
        if let Some(found) = found(&told) {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: {told}");
        tokio::time::sleep(Duration::from_millis(100)).await; // time is the promise
    }
}
