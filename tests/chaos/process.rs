//! One real `waka` process: always on one port, with a line of its own to Redis, a log of its own, and whichever program it is told to be.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use crate::Fault;
use crate::link::Link;
use crate::port::Port;
use crate::program::plain;
use crate::until;

/// To be told anything by a process of this machine; one that is stopped says nothing.
const ANSWER_MAX: Duration = Duration::from_secs(2);
/// Lines of a log that go with a message.
const LAST_WORDS: usize = 12;

pub(crate) fn signal(name: &str, child: &Child) -> Fault {
    let status = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    if status.is_ok_and(|status| status.success()) { Ok(()) } else { Err(format!("SIG{name} could not be sent")) }
}

pub(crate) struct Process {
    /// What is started next.
    pub(crate) program: PathBuf,
    pub(crate) redis: Link,
    /// `host:port`, the same for ever.
    pub(crate) address: String,
    /// The name by which it leads; another after each start.
    pub(crate) instance: String,
    role: &'static str,
    folder: PathBuf,
    log: PathBuf,
    child: Option<Child>,
    /// Nobody is given the port while this is down.
    _held: Port,
}

impl Process {
    pub(crate) async fn start(role: &'static str, name: &str, redis: u16, folder: &Path) -> Result<Self, String> {
        let held = Port::reserved();
        let mut process = Self {
            program: plain(),
            redis: Link::open(redis).await?,
            address: held.address.to_string(),
            instance: String::new(),
            role,
            folder: folder.to_owned(),
            log: folder.join(format!("{name}.log")),
            child: None,
            _held: held,
        };
        process.restart().await?;
        Ok(process)
    }

    pub(crate) fn websocket(&self) -> String {
        format!("ws://{}/ws", self.address)
    }

    pub(crate) async fn status(&self) -> Result<serde_json::Value, String> {
        let asking = async { reqwest::get(format!("http://{}/api/status", self.address)).await?.text().await };
        let text = tokio::time::timeout(ANSWER_MAX, asking).await.map_err(|_| "no status in time")?;
        serde_json::from_str(&text.map_err(|error| error.to_string())?).map_err(|error| error.to_string())
    }

    async fn is_ready(&self) -> bool {
        let asking = reqwest::get(format!("http://{}/readyz", self.address));
        tokio::time::timeout(ANSWER_MAX, asking).await.is_ok_and(|answer| answer.is_ok_and(|answer| answer.status().is_success()))
    }

    pub(crate) fn signal(&self, name: &str) -> Fault {
        self.child.as_ref().map_or(Ok(()), |child| signal(name, child))
    }

    /// SIGKILL; it is gone when this returns.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _dead = child.kill();
            let _code = child.wait();
        }
    }

    /// SIGTERM, and the orderly end that it asks for.
    pub(crate) async fn end(&mut self) -> Fault {
        self.signal("TERM")?;
        let Some(child) = &mut self.child else { return Ok(()) };
        let mut code = None;
        until("an orderly end", async || {
            code = child.try_wait().ok().flatten();
            code.is_some()
        })
        .await?;
        self.child = None;
        code.filter(std::process::ExitStatus::success).map(|_| ()).ok_or_else(|| format!("SIGTERM ended with {code:?}"))
    }

    pub(crate) fn runs(&self) -> bool {
        self.child.is_some()
    }

    /// Whether it has ended though nobody here wanted it to.
    pub(crate) fn has_crashed(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(Some(_))))
    }

    /// Until it is ready.
    pub(crate) async fn restart(&mut self) -> Fault {
        let log = fs::File::options().create(true).append(true).open(&self.log).map_err(|error| error.to_string())?;
        let mut command = Command::new(&self.program);
        for option in &waka::config::OPTIONS {
            command.env_remove(option.variable);
        }
        // As where it is operated: writing a panic's backtrace down takes longer than the patience of the others.
        command.env_remove("RUST_BACKTRACE");
        command
            .args(["--listen", &self.address, "--redis", &format!("redis://127.0.0.1:{}/", self.redis.port)])
            .args(["--role", self.role, "--secret", "only for the chaos test"])
            .current_dir(&self.folder);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().map_err(|error| error.to_string())?;
        let out = self.child.insert(child).stdout.as_mut().ok_or("no pipe")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).map_err(|error| error.to_string())?;
        let url = line.trim_end().strip_prefix("Waka is open at http://");
        let address = url.ok_or_else(|| format!("{} does not open: {line:?}", self.role))?;
        address.trim_end_matches('/').clone_into(&mut self.address);
        until("a new process is ready", async || self.is_ready().await).await?;
        self.instance = self.status().await?["instance"].as_str().map(str::to_owned).ok_or("a status without a name")?;
        Ok(())
    }

    /// The length of its log, to read on from.
    pub(crate) fn logged_bytes(&self) -> usize {
        fs::metadata(&self.log).map_or(0, |log| log.len() as usize)
    }

    pub(crate) fn has_logged(&self, since_byte: usize, what: &str) -> bool {
        let log = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(log.get(since_byte..).unwrap_or_default()).contains(what)
    }

    /// The end of its log, for a message.
    pub(crate) fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(LAST_WORDS);
        format!("{} {}:\n  {}", self.role, self.instance, lines[from..].join("\n  "))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
