//! A private Redis on a free port, killed at the end of the test that started it.

use std::net::TcpListener;
use std::net::TcpStream;
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
}

impl RedisServer {
    pub(crate) fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("redis-server could not be started: {error}"));
        let server = Self { child, port };
        let deadline = Instant::now() + START_DEADLINE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "redis-server does not answer");
            std::thread::yield_now();
        }
        server
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
    }
}
