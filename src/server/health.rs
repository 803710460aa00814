//! `waka health`: asks the process at an address whether it lives, so that a container needs no other program for it. Plain blocking IO.

use std::io;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;

use crate::server::reachable;

const HEALTH_MAX: Duration = Duration::from_secs(2);

/// Whether `/healthz` answers 200.
pub fn ask(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect_timeout(&reachable(address), HEALTH_MAX)?;
    stream.set_read_timeout(Some(HEALTH_MAX))?;
    stream.set_write_timeout(Some(HEALTH_MAX))?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    Ok(&head == b"HTTP/1.1 200")
}
