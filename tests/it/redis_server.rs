//! A private Redis on a free port, killed at the end of the test that started it.

use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

use waka::backplane::Backplane;
use waka::backplane::RedisAddress;

/// How long a server may take until it answers.
const START_DEADLINE: Duration = Duration::from_secs(10);

pub(crate) struct RedisServer {
    child: Child,
    port: u16,
    /// Where it persists, if it does.
    folder: Option<PathBuf>,
}

impl RedisServer {
    pub(crate) fn start() -> Self {
        Self::started(free_port(), None)
    }

    /// One that keeps what it holds over `restart`, as the one in docker-compose.yml does.
    pub(crate) fn persistent() -> Self {
        let port = free_port();
        let folder = std::env::temp_dir().join(format!("waka-redis-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self::started(port, Some(folder))
    }

    fn started(port: u16, folder: Option<PathBuf>) -> Self {
        let child = spawn(port, folder.as_deref());
        wait(port);
        Self { child, port, folder }
    }

    /// Killed and started again at the same port; empty, unless it persists.
    pub(crate) fn restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = spawn(self.port, self.folder.as_deref());
        wait(self.port);
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn backplane(&self) -> Backplane {
        Backplane::redis(&RedisAddress::parse(&self.url()).unwrap()).unwrap()
    }

    /// As after a restart with nothing kept.
    pub(crate) fn empty(&self) {
        let client = redis::Client::open(self.url()).unwrap();
        let () = redis::cmd("FLUSHALL").query(&mut client.get_connection().unwrap()).unwrap();
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// `WAKA_TEST_REDIS_SERVER` names another binary, such as one of the oldest version that will do.
fn spawn(port: u16, folder: Option<&Path>) -> Child {
    let program = std::env::var("WAKA_TEST_REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned());
    let mut command = Command::new(program);
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--loglevel", "warning"]);
    match folder {
        Some(folder) => command.args(["--appendonly", "yes", "--appendfsync", "always", "--dir"]).arg(folder),
        None => command.args(["--appendonly", "no"]),
    };
    command.stdout(Stdio::null()).spawn().unwrap_or_else(|error| panic!("redis-server could not be started: {error}"))
}

fn wait(port: u16) {
    let deadline = Instant::now() + START_DEADLINE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "redis-server does not answer");
        std::thread::yield_now();
    }
}
