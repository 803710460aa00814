//! The world's chat as this process knows it: one task, whatever the number of mazes.

use std::sync::Arc;

use tokio::select;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::backplane::Backplane;
use crate::backplane::ChatStream;
use crate::backplane::Topic;
use crate::gateway::chat::ChatLog;
use crate::gateway::maze_link::chat_line;
use crate::gateway::maze_link::subscribe;
use crate::telemetry::metrics;

/// Follows the channel until `stop`.
pub fn start(backplane: Backplane, stop: CancellationToken) -> watch::Receiver<Arc<ChatLog>> {
    let (shown, receiver) = watch::channel(Arc::new(ChatLog::default()));
    tokio::spawn(async move {
        select! {
            () = stop.cancelled() => {}
            () = follow(backplane, shown) => {}
        }
    });
    receiver
}

async fn follow(backplane: Backplane, shown: watch::Sender<Arc<ChatLog>>) {
    let mut chat = ChatLog::default();
    loop {
        let mut subscription = subscribe(&backplane, &[Topic::Chat(ChatStream::World)]).await;
        let mut dropped = None;
        loop {
            // At the start, and whenever this task was too slow for its queue.
            if dropped != Some(subscription.dropped()) {
                dropped = Some(subscription.dropped());
                match backplane.chat_after(ChatStream::World, chat.last()).await {
                    Ok(entries) => drop(chat.take(&entries)),
                    Err(_) => metrics::unanswered("chat_after"),
                }
            }
            if shown.borrow().last() != chat.last() {
                shown.send_replace(Arc::new(chat.clone()));
            }
            match subscription.next().await {
                Some((_, line)) => chat_line(&line, &mut chat),
                None => break,
            }
        }
    }
}
