//! What the faults are done to: a private Redis that comes back on its port, and real `waka` processes that come back on theirs.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use crate::Fault;
use crate::until;

/// How long anything may take to start or to end.
const DEADLINE: Duration = Duration::from_secs(15);
const DUMP: &str = "dump.rdb";

fn kill(signal: &str, child: &Child) -> Result<(), String> {
    let status = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
    if status.is_ok_and(|status| status.success()) { Ok(()) } else { Err(format!("SIG{signal} could not be sent")) }
}

/// A folder of this run, gone when it ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("waka-chaos-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|error| format!("no folder: {error}"))?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Redis {
    folder: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl Redis {
    pub(crate) fn start(folder: &Path) -> Result<Self, String> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).map_err(|error| error.to_string())?.port();
        let mut redis = Self { folder: folder.to_owned(), port, child: None };
        redis.restart(true)?;
        Ok(redis)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _dead = child.kill();
            let _code = child.wait();
        }
    }

    /// With what SAVE has kept, or with nothing.
    pub(crate) fn restart(&mut self, empty: bool) -> Result<(), String> {
        self.kill();
        if empty {
            let _gone = fs::remove_file(self.folder.join(DUMP));
        }
        let port = self.port.to_string();
        let child = Command::new("redis-server")
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"])
            .args(["--dbfilename", DUMP, "--dir"])
            .arg(&self.folder)
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("redis-server could not be started: {error}"))?;
        self.child = Some(child);
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if began.elapsed() > DEADLINE {
                return Err("redis-server does not answer".to_owned());
            }
            std::thread::yield_now();
        }
        Ok(())
    }

    pub(crate) fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> Result<T, String> {
        let client = redis::Client::open(self.url()).map_err(|error| error.to_string())?;
        let mut connection = client.get_connection().map_err(|error| error.to_string())?;
        command.query(&mut connection).map_err(|error| format!("Redis: {error}"))
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) struct Process {
    role: &'static str,
    redis: String,
    log: PathBuf,
    /// `host:port`, the same for ever.
    pub(crate) address: String,
    /// The name by which it leads; another after each start.
    pub(crate) instance: String,
    child: Child,
}

impl Process {
    pub(crate) async fn start(role: &'static str, redis: &str, log: PathBuf) -> Result<Self, String> {
        let (child, address) = spawn(role, redis, "127.0.0.1:0", &log)?;
        let mut process = Self { role, redis: redis.to_owned(), log, address, instance: String::new(), child };
        process.introduce().await?;
        Ok(process)
    }

    pub(crate) fn websocket(&self) -> String {
        format!("ws://{}/ws", self.address)
    }

    pub(crate) async fn status(&self) -> Result<serde_json::Value, String> {
        let asking = async { reqwest::get(format!("http://{}/api/status", self.address)).await?.text().await };
        let text = tokio::time::timeout(Duration::from_secs(2), asking).await.map_err(|_| "no status in time")?;
        serde_json::from_str(&text.map_err(|error| error.to_string())?).map_err(|error| error.to_string())
    }

    pub(crate) async fn is_ready(&self) -> bool {
        reqwest::get(format!("http://{}/readyz", self.address)).await.is_ok_and(|answer| answer.status().is_success())
    }

    async fn introduce(&mut self) -> Result<(), String> {
        let status = self.status().await?;
        self.instance = status["instance"].as_str().map(str::to_owned).ok_or("a status without a name")?;
        Ok(())
    }

    pub(crate) fn signal(&self, name: &str) -> Fault {
        kill(name, &self.child)
    }

    /// SIGKILL; it is gone when this returns.
    pub(crate) fn kill(&mut self) -> Fault {
        kill("KILL", &self.child)?;
        self.child.wait().map(|_| ()).map_err(|error| error.to_string())
    }

    /// Waits for the orderly end that SIGTERM asks for.
    pub(crate) async fn ended(&mut self) -> Fault {
        let mut code = None;
        until("an orderly end", DEADLINE, async || {
            code = self.child.try_wait().ok().flatten();
            code.is_some()
        })
        .await?;
        code.filter(std::process::ExitStatus::success).map(|_| ()).ok_or_else(|| format!("SIGTERM ended with {code:?}"))
    }

    pub(crate) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    pub(crate) async fn restart(&mut self) -> Fault {
        (self.child, self.address) = spawn(self.role, &self.redis, &self.address, &self.log)?;
        self.introduce().await
    }

    /// The end of its log, for a message.
    pub(crate) fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(12);
        format!("{} {}:\n  {}", self.role, self.instance, lines[from..].join("\n  "))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _dead = self.child.kill();
        let _code = self.child.wait();
    }
}

fn spawn(role: &str, redis: &str, listen: &str, log: &Path) -> Result<(Child, String), String> {
    let log = fs::File::options().create(true).append(true).open(log).map_err(|error| error.to_string())?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_waka"));
    for option in &waka::config::OPTIONS {
        command.env_remove(option.variable);
    }
    command.args(["--listen", listen, "--redis", redis, "--role", role, "--secret", "only for the chaos test"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().map_err(|error| error.to_string())?;
    let mut line = String::new();
    let out = child.stdout.as_mut().ok_or("no pipe")?;
    BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
    let url = line.trim_end().strip_prefix("Waka is open at http://").ok_or_else(|| format!("{role} does not open: {line:?}"))?;
    Ok((child, url.trim_end_matches('/').to_owned()))
}
