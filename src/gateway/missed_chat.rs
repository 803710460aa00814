//! Reads on in a chat stream wherever lines may have been missed, and puts back what the backplane has lost.
//!
//! Both are asked again until both are answered: a Redis that was emptied, or a replica that is not promoted yet, may be heard again and not answer.

use std::time::Duration;

use tokio::time::Instant;

use crate::backplane::Answer;
use crate::backplane::Backplane;
use crate::backplane::ChatStream;
use crate::gateway::chat::ChatLog;
use crate::telemetry::metrics;

/// Between two tries.
const RETRY: Duration = Duration::from_millis(500);

pub struct MissedChat {
    stream: ChatStream,
    /// When it is asked (again); `None` while nothing can have been missed.
    due: Option<Instant>,
}

impl MissedChat {
    /// Asks for nothing until something is expected.
    #[must_use]
    pub fn new(stream: ChatStream) -> Self {
        Self { stream, due: None }
    }

    /// Lines may have been missed, or lost.
    pub fn expect(&mut self) {
        self.due = Some(Instant::now());
    }

    /// Asks, if it is time to.
    pub async fn catch_up(&mut self, backplane: &Backplane, chat: &mut ChatLog) {
        if self.due.is_some_and(|due| due <= Instant::now()) {
            let asked = self.ask(backplane, chat).await;
            self.due = asked.err().map(|_| Instant::now() + RETRY);
        }
    }

    async fn ask(&self, backplane: &Backplane, chat: &mut ChatLog) -> Answer<()> {
        let entries = backplane.chat_after(self.stream.clone(), chat.last()).await;
        let entries = entries.inspect_err(|_| metrics::unanswered("chat_after"))?;
        chat.take(&entries);
        if chat.last().is_none() {
            return Ok(());
        }
        let restored = backplane.chat_restore(self.stream.clone(), &chat.entries()).await;
        restored.inspect_err(|_| metrics::unanswered("chat_restore"))
    }
}
