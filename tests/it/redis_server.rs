//! A private Redis on a port of its own, killed at the end of the test that started it.

use std::io::Read;
use std::io::Write;
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

use crate::port::Port;
use crate::visitor::SOON;

pub(crate) struct RedisServer {
    child: Child,
    port: Port,
    /// Where it persists, if it does.
    folder: Option<PathBuf>,
}

impl RedisServer {
    pub(crate) fn start() -> Self {
        Self::started(Port::reserved(), None)
    }

    /// One that keeps what it holds over `restart`, as the one in docker-compose.yml does.
    pub(crate) fn persistent() -> Self {
        let port = Port::reserved();
        let folder = std::env::temp_dir().join(format!("waka-redis-{}-{}", std::process::id(), port.number()));
        std::fs::create_dir_all(&folder).unwrap();
        Self::started(port, Some(folder))
    }

    fn started(port: Port, folder: Option<PathBuf>) -> Self {
        let mut child = spawn(port.number(), folder.as_deref());
        wait(&mut child, port.number());
        Self { child, port, folder }
    }

    /// Killed and started again at the same port; empty, unless it persists.
    pub(crate) fn restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = spawn(self.port(), self.folder.as_deref());
        wait(&mut self.child, self.port.number());
    }

    pub(crate) fn port(&self) -> u16 {
        self.port.number()
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port())
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

/// Until it answers, as one does that has read what it persists.
fn wait(child: &mut Child, port: u16) {
    let deadline = Instant::now() + SOON;
    while !answers(port) {
        assert_eq!(child.try_wait().unwrap(), None, "redis-server has ended");
        assert!(Instant::now() < deadline, "redis-server does not answer");
        std::thread::sleep(Duration::from_millis(5)); // time is the promise
    }
}

fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut answer = [0; 7];
    stream.write_all(b"PING\r\n").is_ok() && stream.read_exact(&mut answer).is_ok() && answer == *b"+PONG\r\n"
}
