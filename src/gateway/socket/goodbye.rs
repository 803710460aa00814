//! The end of a connection: what an unreadable message means, and the goodbye, which lets the far end read the close code before the connection goes.

use std::future::pending;
use std::time::Duration;

use axum::extract::ws::CloseFrame;
use axum::extract::ws::Message;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite;

use super::Client;
use super::End;
use crate::gateway::chat;
use crate::telemetry::metrics;
use crate::telemetry::sampling::sampled;
use crate::wire::close::Close;
use crate::wire::to_client::ToClient;

/// For the close code to be sent, and again for the far end to read it.
pub(super) const GOODBYE_MAX: Duration = Duration::from_secs(1);
/// A drained client comes back at a random moment of this span.
const RETRY_SPREAD_MS: u32 = 2000;

impl Client {
    /// Says why, and gives the far end the time to read it: closing with unread bytes would reset the connection and lose the code.
    pub(super) async fn goodbye(mut self, close: Close) {
        let (code, reason, _) = close.row();
        metrics::closed(reason);
        if let Some(more) = sampled(reason) {
            tracing::info!(event = "closed_by_server", player = self.session.player().map(display), reason, more, "a connection is ended");
        }
        let bye = (close == Close::Draining).then(|| {
            let retry_ms = getrandom::u32().unwrap_or_default() % RETRY_SPREAD_MS;
            Message::Text(chat::text(&ToClient::Bye { retry_ms }))
        });
        let last = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        let socket = &mut self.socket;
        let said = timeout(GOODBYE_MAX, async {
            for message in bye.into_iter().chain([last]) {
                socket.send(message).await?;
            }
            Ok::<(), axum::Error>(())
        });
        if !matches!(said.await, Ok(Ok(()))) {
            return;
        }
        let _ = timeout(GOODBYE_MAX, async {
            // Its own close, or its end. After a message that was too large nothing more can be read, so time alone must do.
            while let Some(message) = self.socket.recv().await {
                if message.is_err() {
                    pending::<()>().await;
                }
            }
        })
        .await;
    }
}

/// What an unreadable message means.
pub(super) fn judged(error: axum::Error) -> End {
    let error = error.into_inner();
    match error.downcast_ref::<tungstenite::Error>() {
        Some(tungstenite::Error::Capacity(_)) => End::Close(Close::TooLarge),
        Some(tungstenite::Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => End::Gone,
        Some(tungstenite::Error::Utf8(_) | tungstenite::Error::Protocol(_)) => End::Close(Close::BadMessage),
        _ => End::Gone,
    }
}
