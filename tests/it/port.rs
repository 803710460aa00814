//! A port that is the test's own. What is merely free may be somebody else's at the next moment: every connection of every test takes one.

use std::net::SocketAddr;

use tokio::net::TcpSocket;

pub(crate) struct Port {
    pub(crate) address: SocketAddr,
    /// Nobody is given the port while this is bound to it; who asks for it by number still gets it on Linux, if he reuses addresses.
    held: Option<TcpSocket>,
}

impl Port {
    /// One that nobody listens at.
    pub(crate) fn deserted() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("an option that all know");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        Self { address: socket.local_addr().expect("an address"), held: Some(socket) }
    }

    /// One to listen at, again and again.
    pub(crate) fn reserved() -> Self {
        let mut port = Self::deserted();
        if !cfg!(target_os = "linux") {
            port.held = None;
        }
        port
    }

    pub(crate) fn number(&self) -> u16 {
        self.address.port()
    }
}
