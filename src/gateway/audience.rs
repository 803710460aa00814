//! The sockets that look at one maze through this gateway. A frame that changes nothing but the picture goes to all of them in one step.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use crate::gateway::attendance::ConnectionId;
use crate::gateway::pipe::Outflow;
use crate::gateway::pipe::Told;

#[derive(Default)]
pub struct Audience {
    sockets: BTreeMap<ConnectionId, Arc<Outflow>>,
}

impl Audience {
    pub fn enter(&mut self, connection: ConnectionId, outflow: Arc<Outflow>) {
        self.sockets.insert(connection, outflow);
    }

    /// Once it returns, nothing of this maze is written any more.
    pub fn exit(&mut self, connection: ConnectionId) {
        self.sockets.remove(&connection);
    }

    /// Offers a frame, in the bytes that travel, to everybody. How many were told; the others will look at the view.
    #[must_use]
    pub fn offer(&self, frame: Told, bytes: &Bytes) -> u64 {
        self.sockets.values().map(|outflow| u64::from(outflow.offer(frame, bytes))).sum()
    }
}
