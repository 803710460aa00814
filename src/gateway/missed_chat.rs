//! Reads on in a chat stream wherever lines may have been missed, and puts back what the backplane has lost, but for what was to be forgotten meanwhile.
//!
//! All of it is asked again until all is answered: a Redis that was emptied, or a replica that is not promoted yet, may be heard again and not answer.
//! It is asked beside whatever else its owner waits for: frames do not wait for an answer about chat.

use std::future::pending;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;
use tokio::time::sleep_until;

use crate::backplane::Answer;
use crate::backplane::Backplane;
use crate::backplane::ChatEntry;
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
    asked: Option<Asked>,
}

enum Asked {
    Read(Asking<Read>),
    Restore(Asking<()>),
}

type Asking<T> = Pin<Box<dyn Future<Output = Answer<T>> + Send>>;

struct Read {
    lines: Vec<ChatEntry>,
    forgotten: Vec<ChatEntry>,
}

impl MissedChat {
    /// Asks for nothing until something is expected.
    #[must_use]
    pub fn new(stream: ChatStream) -> Self {
        Self { stream, due: None, asked: None }
    }

    /// Lines may have been missed, or lost.
    pub fn expect(&mut self) {
        self.due = Some(Instant::now());
    }

    /// Gets a step further and returns; never while nothing is expected. May be dropped at any time: the next call goes on where this one was.
    pub async fn catch_up(&mut self, backplane: &Backplane, chat: &mut ChatLog) {
        let step = match &mut self.asked {
            None => {
                match self.due {
                    Some(due) => sleep_until(due).await,
                    None => pending().await,
                }
                self.due = None;
                Ok(Some(Asked::Read(Box::pin(read(backplane.clone(), self.stream.clone(), chat)))))
            }
            Some(Asked::Read(reading)) => reading.await.map(|read| {
                chat.take(&read.lines);
                for player in read.forgotten {
                    chat.forget(&player.line, player.id.ms);
                }
                chat.last().map(|_| Asked::Restore(Box::pin(restore(backplane.clone(), self.stream.clone(), chat))))
            }),
            Some(Asked::Restore(restoring)) => restoring.await.map(|()| None),
        };
        let Ok(asked) = step else {
            (self.asked, self.due) = (None, Some(Instant::now() + RETRY));
            return;
        };
        self.asked = asked;
    }
}

fn read(backplane: Backplane, stream: ChatStream, chat: &ChatLog) -> impl Future<Output = Answer<Read>> + use<> {
    let last = chat.last();
    async move {
        let lines = backplane.chat_after(stream, last).await.inspect_err(|_| metrics::unanswered("chat_after"))?;
        let forgotten = backplane.noted(Journal::Forgotten, 0, Journal::Forgotten.kept()).await;
        Ok(Read { lines, forgotten: forgotten.inspect_err(|_| metrics::unanswered("noted"))? })
    }
}

fn restore(backplane: Backplane, stream: ChatStream, chat: &ChatLog) -> impl Future<Output = Answer<()>> + use<> {
    let lines = chat.entries();
    async move { backplane.chat_restore(stream, &lines).await.inspect_err(|_| metrics::unanswered("chat_restore")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backplane::ChatEntry;
    use crate::gateway::chat::said;
    use crate::wire::PlayerId;
    use crate::wire::phrases::Words;

    /// Until nothing is asked any more.
    async fn caught_up(missed: &mut MissedChat, backplane: &Backplane, chat: &mut ChatLog) {
        missed.expect();
        while missed.due.is_some() || missed.asked.is_some() {
            missed.catch_up(backplane, chat).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_forgotten_unheard_is_not_put_back_and_may_speak_again() {
        let (backplane, stream) = (Backplane::memory(), ChatStream::World);
        let line = |player, text: &str| said(PlayerId(player), "Pip", &Words::Text(text.to_owned()));
        let (mut chat, mut missed) = (ChatLog::default(), MissedChat::new(stream.clone()));
        for player in [1, 2] {
            backplane.say(stream.clone(), line(player, "before")).await.unwrap();
        }
        caught_up(&mut missed, &backplane, &mut chat).await;
        let known: Vec<_> = chat.entries().iter().map(|entry| entry.id).collect();
        assert_eq!(known.len(), 2);

        backplane.chat_remove(&stream, &known).await.unwrap();
        backplane.note(Journal::Forgotten, PlayerId(1).to_string().into()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await; // time is the promise: what he says after that moment is kept
        backplane.say(stream.clone(), line(1, "after")).await.unwrap();
        caught_up(&mut missed, &backplane, &mut chat).await;
        let kept = backplane.chat_after(stream, None).await.unwrap();
        let lines = |entries: Vec<ChatEntry>| entries.into_iter().map(|entry| entry.line).collect::<Vec<_>>();
        assert_eq!(lines(chat.entries()), [line(2, "before"), line(1, "after")]);
        assert_eq!(lines(kept), lines(chat.entries()));
    }
}
