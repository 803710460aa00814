//! Who looks over a player's shoulder: told of all that passes, in order. He may make the player say
//! something now and then; how he plays is not his to change. The swarm measures with it; bots have nobody.

use std::time::Duration;

use tokio::time::Instant;

use crate::client::connection::OpenError;
use crate::client::counted::Traffic;
use crate::client::mirror::Mirror;
use crate::wire::from_client::FromClient;
use crate::wire::to_client::ToClient;

/// Each is called within the player's own task, so it must be quick.
pub trait Witness {
    fn opened(&mut self, _took: Duration) {}

    fn unopened(&mut self, _error: &OpenError) {}

    /// Something to be said at this moment; asked when the player has nothing to say himself.
    fn prompts(&mut self, _now: Instant) -> Option<FromClient> {
        None
    }

    /// Before it is handed to the network.
    fn says(&mut self, _message: &FromClient, _now: Instant) {}

    fn heard(&mut self, _message: &ToClient, _now: Instant) {}

    /// A frame that was newer than all before; the mirror has taken it.
    fn saw(&mut self, _mirror: &Mirror, _now: Instant) {}

    /// What has passed on the socket since the last call.
    fn traffic(&mut self, _traffic: Traffic) {}

    /// The connection is over, with the server's code if it gave one. Not called when the player leaves by himself.
    fn closed(&mut self, _code: Option<u16>) {}
}

/// Nobody.
#[derive(Clone, Copy, Debug)]
pub struct Unseen;

impl Witness for Unseen {}
