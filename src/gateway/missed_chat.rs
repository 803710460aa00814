//! Reads on in a chat stream wherever lines may have been missed, and puts back what the backplane has lost, but for what was to be forgotten meanwhile.
//!
//! All of it is asked again until all is answered: a Redis that was emptied, or a replica that is not promoted yet, may be heard again and not answer.

use std::time::Duration;

use tokio::time::Instant;

use crate::backplane::Answer;
use crate::backplane::Backplane;
use crate::backplane::ChatStream;
use crate::backplane::Journal;
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
        let forgotten = backplane.noted(Journal::Forgotten, 0, Journal::Forgotten.kept()).await;
        for player in forgotten.inspect_err(|_| metrics::unanswered("noted"))? {
            chat.forget(&player.line, player.id.ms);
        }
        if chat.last().is_none() {
            return Ok(());
        }
        let restored = backplane.chat_restore(self.stream.clone(), &chat.entries()).await;
        restored.inspect_err(|_| metrics::unanswered("chat_restore"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backplane::ChatEntry;
    use crate::gateway::chat::said;
    use crate::wire::PlayerId;
    use crate::wire::phrases::Words;

    #[tokio::test(start_paused = true)]
    async fn who_was_forgotten_unheard_is_not_put_back_and_may_speak_again() {
        let (backplane, stream) = (Backplane::memory(), ChatStream::World);
        let line = |player, text: &str| said(PlayerId(player), "Pip", &Words::Text(text.to_owned()));
        let (mut chat, mut missed) = (ChatLog::default(), MissedChat::new(stream.clone()));
        for player in [1, 2] {
            backplane.say(stream.clone(), line(player, "before")).await.unwrap();
        }
        missed.expect();
        missed.catch_up(&backplane, &mut chat).await;
        let known: Vec<_> = chat.entries().iter().map(|entry| entry.id).collect();
        assert_eq!(known.len(), 2);

        backplane.chat_remove(&stream, &known).await.unwrap();
        backplane.note(Journal::Forgotten, PlayerId(1).to_string().into()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await; // time is the promise: what he says after that moment is kept
        backplane.say(stream.clone(), line(1, "after")).await.unwrap();
        missed.expect();
        missed.catch_up(&backplane, &mut chat).await;
        let kept = backplane.chat_after(stream, None).await.unwrap();
        let lines = |entries: Vec<ChatEntry>| entries.into_iter().map(|entry| entry.line).collect::<Vec<_>>();
        assert_eq!(lines(chat.entries()), [line(2, "before"), line(1, "after")]);
        assert_eq!(lines(kept), lines(chat.entries()));
    }
}
