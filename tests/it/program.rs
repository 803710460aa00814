//! The real program: its one line, its exit codes, its orderly end. Each test starts the binary that cargo has built.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::net::TcpListener;
use std::process::Child;
use std::process::Command;
use std::process::Output;
use std::process::Stdio;
use std::time::Instant;

use crate::port::Port;
use crate::visitor::SOON;
use crate::visitor::a_moment;
use crate::visitor::stand_for_a_moment;

pub(crate) fn waka(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waka"));
    for option in &waka::config::OPTIONS {
        command.env_remove(option.variable);
    }
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    (status.code(), String::from_utf8(stdout).expect("UTF-8"), String::from_utf8(stderr).expect("UTF-8"))
}

/// A running program; killed when the test ends in whatever way.
pub(crate) struct Program {
    child: Child,
    url: String,
}

impl Program {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_in(arguments, &[])
    }

    /// In this environment, but for what AWS's tools take from the tests' own.
    pub(crate) fn start_in(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = waka(&[&["--listen", "127.0.0.1:0"], arguments].concat());
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "HOME"] {
            command.env_remove(name);
        }
        Self::open(command.envs(environment.iter().copied()))
    }

    fn open(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("it starts");
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let url = line.strip_prefix("Waka is open at ").and_then(|rest| rest.strip_suffix('\n')).unwrap_or_else(|| panic!("{line:?}"));
        Self { url: url.to_owned(), child }
    }

    pub(crate) fn address(&self) -> String {
        self.url.trim_start_matches("http://").trim_end_matches('/').to_owned()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its log up to the line that has this in it.
    #[cfg(all(feature = "cloudwatch", unix))]
    pub(crate) fn log_until(&mut self, what: &str) -> String {
        let log = self.child.stderr.as_mut().expect("a pipe");
        let (mut read, mut byte) = (Vec::new(), [0]);
        // Byte by byte, so that nothing of what follows is taken away from `ended`.
        while log.read(&mut byte).expect("a byte") == 1 {
            read.push(byte[0]);
            if read.ends_with(b"\n") && String::from_utf8_lossy(&read).contains(what) {
                break;
            }
        }
        let log = String::from_utf8(read).expect("UTF-8");
        assert!(log.contains(what), "{log}");
        log
    }

    /// Waits for its end, and tells its exit code, what else it said, and its log.
    pub(crate) fn ended(mut self) -> (Option<i32>, String, String) {
        let asked = Instant::now();
        while self.child.try_wait().expect("a child").is_none() {
            assert!(asked.elapsed() < SOON, "it does not end");
            stand_for_a_moment();
        }
        let (mut out, mut log) = (String::new(), String::new());
        self.child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("UTF-8");
        self.child.stderr.take().expect("a pipe").read_to_string(&mut log).expect("UTF-8");
        (self.child.wait().expect("a child").code(), out, log)
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(status.expect("kill is there").success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// On a machine of one core as far as it can see, and on one of all that there are.
#[cfg(target_os = "linux")]
#[test]
fn on_one_core_everything_runs_in_one_thread() {
    let threads = |program: &Program| -> usize {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", program.id())).expect("Linux");
        let names = tasks.map(|task| std::fs::read_to_string(task.expect("a thread").path().join("comm")).expect("a name"));
        names.filter(|name| name.starts_with("tokio-rt-worker")).count()
    };
    let allowed = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let cores = allowed.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).expect("a list").trim();
    let first: String = cores.chars().take_while(char::is_ascii_digit).collect();
    let mut command = Command::new("taskset");
    command.args(["-c", &first, env!("CARGO_BIN_EXE_waka"), "--listen", "127.0.0.1:0"]).stdin(Stdio::null()).stdout(Stdio::piped());
    assert_eq!(threads(&Program::open(command.stderr(Stdio::piped()))), 0, "on one core");
    let all = std::thread::available_parallelism().expect("a number").get();
    let (program, expected, began) = (Program::start(&[]), if all == 1 { 0 } else { all }, Instant::now());
    // A thread that has just begun still has the name of the one that began it.
    while threads(&program) < expected && began.elapsed() < SOON {
        stand_for_a_moment();
    }
    assert_eq!(threads(&program), expected, "on {all} cores");
}

#[test]
fn help_and_version() {
    let (code, out, _) = run(&mut waka(&["--help"]));
    assert_eq!(code, Some(0));
    for option in &waka::config::OPTIONS {
        assert!(out.contains(&format!("--{}", option.name)) && out.contains(option.variable), "{}", option.name);
    }
    assert_eq!(run(&mut waka(&["--version"])), (Some(0), format!("waka {}\n", env!("CARGO_PKG_VERSION")), String::new()));
}

#[test]
fn all_wrong_options_are_told_at_once() {
    let mut command =
        waka(&["serve", "--listen", "nowhere", "--bots=99", "--colour", "--role", "worker", "--redis", "http://:hunter2@host"]);
    command.env("WAKA_LOG", "xml").env("WAKA_SECRET", "hunter2");
    let (code, out, log) = run(&mut command);
    assert_eq!((code, out.as_str()), (Some(64), ""));
    for name in ["--listen", "--bots", "--colour", "--role", "--redis", "WAKA_LOG", "WAKA_SECRET"] {
        assert!(log.contains(&format!("waka: {name}: ")), "{name} is missing in\n{log}");
    }
    assert!(!log.contains("hunter2"), "{log}");
}

#[test]
fn a_taken_port_is_one_clear_line() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let (code, out, log) = run(&mut waka(&["--listen", &address]));
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.starts_with(&format!("waka: cannot listen on {address}: ")) && log.contains("in use"), "{log}");
}

#[cfg(unix)]
#[test]
fn s1_it_says_one_line_and_ends_in_order_when_asked() {
    for signal in ["TERM", "INT"] {
        let program = Program::start(&["--log", "json"]);
        assert!(program.url.starts_with("http://127.0.0.1:"));
        program.signal(signal);
        let (code, out, log) = program.ended();
        assert_eq!((code, out.as_str()), (Some(0), ""), "SIG{signal}: {log}");
        for line in log.lines() {
            let json: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
            assert_eq!(json["level"], "INFO", "{line}");
        }
        let last = log.lines().last().expect("a log");
        assert!(last.contains("\"closed\""), "the log is flushed: {log}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn s1_sigterm_tells_every_client_when_to_come_back() {
    use crate::visitor::Visitor;

    let program = Program::start(&["--log", "json"]);
    let address = program.address();
    let mut visitors = Vec::new();
    for _ in 0..5 {
        let stream = tokio::net::TcpStream::connect(&address).await.expect("it listens");
        let mut visitor = Visitor::shake_hands(stream, &format!("ws://{address}/ws"), &[]).await.expect("let in");
        visitor.say(r#"{"type":"hello","version":1}"#).await;
        visitor.hear("welcome").await;
        visitor.say(r#"{"type":"join","name":"Guest"}"#).await;
        visitor.hear("joined").await;
        visitors.push(visitor);
    }
    program.signal("TERM");
    for visitor in &mut visitors {
        let retry_ms = visitor.hear("bye").await["retry_ms"].as_u64().expect("milliseconds");
        assert!(retry_ms < 2000, "{retry_ms}");
        assert_eq!(visitor.closed().await, Some((4000, "draining".to_owned())));
    }
    let (code, _, log) = tokio::task::spawn_blocking(|| program.ended()).await.expect("no panic");
    assert_eq!(code, Some(0), "{log}");
    // Each step has a deadline of a few seconds, and says when it had to be given up.
    assert!(log.matches("\"drain_step\"").count() >= 5 && !log.contains("\"drain_step_late\""), "{log}");
    assert!(tokio::net::TcpStream::connect(&address).await.is_err(), "it still listens");
}

#[test]
fn health_asks_the_program() {
    let program = Program::start(&[]);
    assert_eq!(run(&mut waka(&["health", "--listen", &program.address()])).0, Some(0));
    let port = Port::deserted();
    let nobody = port.address.to_string();
    let (code, _, log) = run(&mut waka(&["health", "--listen", &nobody]));
    assert_eq!(code, Some(1));
    assert!(log.starts_with(&format!("waka: {nobody} does not answer")), "{log}");
}

#[tokio::test]
async fn the_page_comes_from_the_program_or_from_a_folder() {
    let program = Program::start(&[]);
    let page = reqwest::get(&program.url).await.expect("an answer").text().await.expect("a body");
    assert!(page.starts_with("<!doctype html>"), "{}", &page[..page.len().min(100)]);

    let folder = std::env::temp_dir().join(format!("waka-page-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("index.html"), "my page").expect("a file");
    let program = Program::start(&["--static-dir", folder.to_str().expect("UTF-8")]);
    let answer = reqwest::get(&program.url).await.expect("an answer");
    assert_eq!(answer.headers()["cache-control"], "no-cache");
    assert!(answer.headers().contains_key("content-security-policy"));
    assert_eq!(answer.text().await.expect("a body"), "my page");
    let gone = reqwest::get(format!("{}main.js", program.url)).await.expect("an answer");
    assert_eq!(gone.status().as_u16(), 404);
    std::fs::remove_dir_all(&folder).expect("it was there");
}

#[tokio::test]
async fn bots_keep_people_company_and_status_tells_of_all() {
    use crate::visitor::Visitor;

    let program = Program::start(&["--bots", "2"]);
    let address = program.address();
    let stream = tokio::net::TcpStream::connect(&address).await.expect("it listens");
    let mut visitor = Visitor::shake_hands(stream, &format!("ws://{address}/ws"), &[]).await.expect("let in");
    visitor.say(r#"{"type":"hello","version":1}"#).await;
    visitor.say(r#"{"type":"join","name":"Guest"}"#).await;
    let bots =
        |message: &serde_json::Value| message["players"].as_array().map_or(0, |rows| rows.iter().filter(|row| row["bot"] == true).count());
    while bots(&visitor.hear("players").await) < 2 {}

    let began = Instant::now();
    loop {
        let text = reqwest::get(format!("{}api/status", program.url)).await.expect("an answer").text().await.expect("a body");
        let status: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let maze = &status["mazes"][0];
        if status["players"] == 3 && status["instances"][0]["connections"] == 3 && status["instances"][0]["leads"] == 1 {
            assert_eq!((&maze["id"], &maze["players"], &maze["asleep"]), (&"open-1".into(), &3.into(), &false.into()));
            assert_eq!((&maze["leader"], &status["backplane"], &status["ready"]), (&status["instance"], &"memory".into(), &true.into()));
            break;
        }
        assert!(began.elapsed() < SOON, "{status}");
        a_moment().await;
    }
    loop {
        let numbers = reqwest::get(format!("{}metrics", program.url)).await.expect("an answer").text().await.expect("a body");
        let told = ["waka_players 3", "waka_mazes_led 1", "waka_mazes_without_leader 0", "waka_log_lines_total{level=\"info\"} "];
        if told.iter().all(|line| numbers.lines().any(|told| told.starts_with(line))) {
            break;
        }
        assert!(began.elapsed() < 2 * SOON, "{numbers}");
        a_moment().await;
    }
}
