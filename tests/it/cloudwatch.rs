//! T1 against a server that speaks AWS's API: the log arrives complete and in order, within the limits of PutLogEvents, over throttling and an
//! outage, at SIGTERM and out of a panic; wrong credentials are one line, and the server goes on.
//!
//! What can be tried in paused time is tried beside `telemetry::cloudwatch`; here everything is real but AWS.

pub(crate) mod moto;

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use aws_sdk_cloudwatchlogs::config::BehaviorVersion;
use aws_sdk_cloudwatchlogs::config::Credentials;
use aws_sdk_cloudwatchlogs::config::Region;
use aws_sdk_cloudwatchlogs::config::retry::RetryConfig;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::Value;
use waka::telemetry;
use waka::telemetry::LogFormat;
use waka::telemetry::LogSettings;
use waka::telemetry::batch::BATCH_BYTES_MAX;
use waka::telemetry::batch::BATCH_LINES_MAX;
use waka::telemetry::batch::CUT;
use waka::telemetry::batch::LINE_BYTES_MAX;
use waka::telemetry::batch::LINE_EXTRA_BYTES;
use waka::telemetry::cloudwatch::QUEUE_LINES_MAX;
use waka::telemetry::cloudwatch::Uploads;
use waka::telemetry::cloudwatch::service::CloudWatchLogs;
use waka::telemetry::cloudwatch::service::http_client;
use waka::telemetry::metrics;
use waka::wire::MazeId;
use waka::wire::black_box::BlackBox;
use waka::worker::WorkerConfig;

use crate::cluster::Cluster;
use crate::cluster::Gateway;
use crate::cluster::until;
use crate::program::Program;
use crate::program::run;
use crate::program::waka;
use crate::takeover::black_box::Folder;
use crate::takeover::black_box::files;
use crate::takeover::faults::panicking;
use moto::Moto;
use moto::REGION;
use moto::Way;

/// Python on a busy machine stores some thousand lines a second.
const SOON: Duration = Duration::from_secs(60);
/// How long the service is away.
const OUTAGE: Duration = Duration::from_secs(30);
/// Tells a process of this binary that it is the one to panic, and into which group.
const TO_PANIC: &str = "WAKA_TEST_PANIC_GROUP";
/// Tells one that a maze of its is to panic, and where its black box goes.
const MAZE_TO_PANIC: &str = "WAKA_TEST_PANIC_FOLDER";

/// The last tick of that maze that goes well.
const TICK_OF_PANIC: u32 = 60;

fn uploads(url: &str, group: &str) -> Uploads {
    let (url, group) = (url.to_owned(), group.to_owned());
    Uploads::start(move || {
        let config = aws_sdk_cloudwatchlogs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(url)
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .http_client(http_client())
            .build();
        CloudWatchLogs::with_client(aws_sdk_cloudwatchlogs::Client::from_conf(config), group, "stream".to_owned())
    })
}

fn environment<'a>(url: &'a str, group: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("AWS_ENDPOINT_URL", url),
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("WAKA_CLOUDWATCH_GROUP", group),
    ]
}

/// Reads until there are so many lines.
async fn lines(group: &str, number: usize) -> Vec<String> {
    let deadline = Instant::now() + SOON;
    loop {
        let lines = Moto::server().lines(group).await;
        if lines.len() >= number {
            return lines;
        }
        assert!(Instant::now() < deadline, "{} lines of {number}", lines.len());
        tokio::time::sleep(Duration::from_millis(200)).await; // time is the promise
    }
}

fn flush(uploads: &Uploads) {
    assert!(uploads.flush(SOON), "it is not sent in time");
}

fn event(line: &str) -> String {
    let json: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    json["event"].as_str().unwrap_or_else(|| panic!("no event: {line}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn t1_lines_arrive_complete_and_in_order_within_the_limits() {
    let moto = Moto::server();
    let uploads = uploads(&moto.url, "many");
    let mut said: Vec<String> = (0..15_000).map(|n| format!("line {n} {}", "z".repeat(n % 200))).collect();
    assert!(said.len() > BATCH_LINES_MAX && said.iter().map(|line| line.len() + LINE_EXTRA_BYTES).sum::<usize>() > BATCH_BYTES_MAX);
    for line in &said {
        uploads.say(line.clone());
    }
    uploads.say("€".repeat(LINE_BYTES_MAX));
    flush(&uploads);
    let mut stored = moto.lines("many").await;
    let cut = stored.pop().expect("the last line");
    assert!(cut.ends_with(CUT) && cut.len() <= LINE_BYTES_MAX - LINE_EXTRA_BYTES && cut.starts_with("€€"));
    said.retain(|line| !line.is_empty());
    assert!(stored == said, "{} of {} lines, or in another order", stored.len(), said.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn t1_throttling_loses_nothing() {
    let moto = Moto::server();
    moto.fail("throttled", "ThrottlingException", 400, 3);
    let uploads = uploads(&moto.url, "throttled");
    let said: Vec<String> = (0..100).map(|n| format!("line {n}")).collect();
    said[..50].iter().for_each(|line| uploads.say(line.clone()));
    assert_eq!(lines("throttled", 50).await, said[..50]);
    moto.fail("throttled", "ServiceUnavailableException", 503, 2);
    said[50..].iter().for_each(|line| uploads.say(line.clone()));
    assert_eq!(lines("throttled", 100).await, said);
}

#[tokio::test(flavor = "multi_thread")]
async fn t1_an_outage_loses_nothing_within_the_bound_and_counts_what_is_beyond() {
    let moto = Moto::server();
    let numbers = metrics::install();
    let dropped = || {
        let text = numbers.as_ref().map(PrometheusHandle::render).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("waka_log_lines_dropped_total{to=\"cloudwatch\"} "));
        line.map_or(0, |number| number.parse::<usize>().unwrap())
    };
    let way = Way::to(moto).await;
    let (patient, full) = (uploads(&way.url, "patient"), uploads(&way.url, "full"));
    for uploads in [&patient, &full] {
        uploads.say("before".to_owned());
        flush(uploads);
    }
    way.cut();
    let (began, before) = (Instant::now(), dropped());
    let beyond = 5_000;
    (0..1_000).for_each(|n| patient.say(format!("line {n}")));
    let mut said = 0;
    while dropped() < before + beyond {
        full.say(format!("line {said}"));
        said += 1;
    }
    tokio::time::sleep(OUTAGE.saturating_sub(began.elapsed())).await; // time is the promise
    assert_eq!((moto.lines("patient").await.len(), moto.lines("full").await.len()), (1, 1), "nothing gets through");
    way.mend();
    let kept = said - beyond;
    assert!(kept >= QUEUE_LINES_MAX, "{kept} lines kept");
    let expected =
        |lines: usize| -> Vec<String> { ["before".to_owned()].into_iter().chain((0..lines).map(|n| format!("line {n}"))).collect() };
    assert_eq!(lines("patient", 1_001).await, expected(1_000));
    assert!(lines("full", kept + 1).await == expected(kept), "the oldest are kept, in their order");
    assert_eq!(dropped(), before + beyond, "and every other one is counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_sigterm_flushes() {
    let moto = Moto::server();
    let program = Program::start_in(&["--log", "json", "--service", "arcade"], &environment(&moto.url, "orderly"));
    program.signal("TERM");
    let (code, _, log) = tokio::task::spawn_blocking(|| program.ended()).await.expect("no panic");
    assert_eq!(code, Some(0), "{log}");
    let sent = moto.lines("orderly").await;
    let (digests, events): (Vec<&String>, Vec<&String>) = sent.iter().partition(|line| event(line) == "digest");
    let names = |lines: Vec<&str>| lines.into_iter().map(event).collect::<Vec<String>>();
    assert_eq!(names(events.iter().map(|line| line.as_str()).collect()), names(log.lines().collect()), "the same in both places");
    assert_eq!(event(events.last().expect("lines")), "closed");
    let digest: Value = serde_json::from_str(digests.last().expect("the numbers of alarms")).unwrap();
    assert_eq!((&digest["Service"], &digest["_aws"]["CloudWatchMetrics"][0]["Namespace"]), (&"arcade".into(), &"Waka".into()));
    let first: Value = serde_json::from_str(events[0]).unwrap();
    let stream = moto.streams("orderly").await.remove(0);
    assert_eq!(stream.split_once('/').expect("date and name").1, first["instance"].as_str().unwrap());
}

/// A process of this binary that runs one of its tests, with its log going into a group.
fn child(test: &str, group: &str) -> Command {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture"]).stdin(Stdio::null()).stdout(Stdio::null()).env_remove("RUST_BACKTRACE");
    child.envs(environment(&Moto::server().url, group)).env(TO_PANIC, group);
    child
}

/// In such a process: from here on its log goes there.
fn log_of_the_child() -> Option<telemetry::LogGuard> {
    let cloudwatch_group = Some(std::env::var_os(TO_PANIC)?.into_string().expect("UTF-8"));
    Some(telemetry::start_log(&LogSettings { format: LogFormat::Json, instance: "waka-1".to_owned(), cloudwatch_group }))
}

#[tokio::test(flavor = "multi_thread")]
async fn t1_the_line_of_a_panic_that_aborts_arrives() {
    let moto = Moto::server();
    let mut child = child("cloudwatch::the_one_that_panics", "panic");
    let ended = tokio::task::spawn_blocking(move || child.output().expect("it starts")).await.expect("no panic");
    assert_eq!(ended.status.signal(), Some(6), "it aborts: {}", String::from_utf8_lossy(&ended.stderr));
    let lines = moto.lines("panic").await;
    let panics: Vec<Value> = lines.iter().filter(|line| event(line) == "panic").map(|line| serde_json::from_str(line).unwrap()).collect();
    let first = panics.first().unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!((&first["what"], &first["level"]), (&"a deliberate panic".into(), &"ERROR".into()));
    assert!(first["at"].as_str().unwrap().contains("cloudwatch.rs:"), "{first}");
    assert!(panics.iter().any(|panic| panic["what"] == "panic in a destructor during cleanup"), "{panics:?}");
}

/// Not a test of its own: the process that the test above starts.
#[test]
fn the_one_that_panics() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("another one on the way out");
        }
    }
    let Some(_log) = log_of_the_child() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let task = tokio::spawn(async {
            let _bomb = Bomb;
            panic!("a deliberate panic");
        });
        let _never = task.await;
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_of_a_maze_that_panics_arrives_with_its_black_box() {
    let folder = Folder::new("panic-told");
    let mut child = child("cloudwatch::the_one_with_a_maze_that_panics", "maze");
    child.env(MAZE_TO_PANIC, &folder.0);
    let ended = tokio::task::spawn_blocking(move || child.output().expect("it starts")).await.expect("no panic");
    assert!(ended.status.success(), "others are not touched: {}", String::from_utf8_lossy(&ended.stderr));
    let lines = Moto::server().lines("maze").await;
    let told = lines.iter().find(|line| event(line) == "maze_panicked").unwrap_or_else(|| panic!("{lines:?}"));
    let told: Value = serde_json::from_str(told).unwrap();
    let black_box =
        BlackBox::decode(&std::fs::read(told["black_box"].as_str().expect("a file")).expect("it is there")).expect("a black box");
    let panicked = black_box.panicked.expect("a panic");
    assert_eq!((told["maze"].as_str(), &told["tick"]), (Some("open-1"), &panicked.tick.into()), "{told}");
    assert_eq!((panicked.tick, black_box.maze), (TICK_OF_PANIC + 1, MazeId::open(1)));
}

/// Not a test of its own either.
#[tokio::test(flavor = "multi_thread")]
async fn the_one_with_a_maze_that_panics() {
    let (Some(folder), Some(_log)) = (std::env::var_os(MAZE_TO_PANIC), log_of_the_child()) else { return };
    let folder = PathBuf::from(folder);
    let mut cluster = Cluster::new();
    let config = WorkerConfig { black_box: Some(folder.clone()), ..panicking(MazeId::open(1), TICK_OF_PANIC, 1) };
    cluster.start_with("worker-a", cluster.backplane.clone(), config).await;
    let gateway = Gateway::open(&cluster.backplane, MazeId::open(1), "gateway").await;
    gateway.enter(1, 1).await;
    until("a black box", async || !files(&folder).is_empty()).await;
    until("the maze goes on", async || gateway.position().is_some_and(|at| at.tick > 2 * TICK_OF_PANIC)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_one_line_and_the_server_goes_on() {
    let moto = Moto::server();
    moto.fail("refused", "UnrecognizedClientException", 400, 1_000_000);
    let wrong = environment(&moto.url, "refused");
    let none: Vec<_> = wrong.iter().copied().filter(|(name, _)| !name.contains("KEY")).collect();
    let nowhere: Vec<_> = wrong.iter().copied().filter(|(name, _)| *name != "AWS_REGION").collect();
    for environment in [wrong, none, nowhere] {
        let mut program = Program::start_in(&["--log", "json"], &environment);
        let log = program.log_until("log_upload_refused");
        assert_eq!(run(&mut waka(&["health", "--listen", &program.address()])).0, Some(0), "it lives");
        program.signal("TERM");
        let (code, _, rest) = tokio::task::spawn_blocking(|| program.ended()).await.expect("no panic");
        let log = log + &rest;
        assert_eq!(code, Some(0), "{log}");
        let events: Vec<String> = log.lines().map(event).collect();
        assert_eq!(events.iter().filter(|event| *event == "log_upload_refused").count(), 1, "{log}");
        assert!(["open", "closed", "log_not_flushed"].iter().all(|name| events.iter().any(|event| event == name)), "{log}");
        assert!(!log.contains("hunter2"), "{log}");
    }
}
