//! The world's chat as this process knows it: one task, whatever the number of mazes.

use std::sync::Arc;
use std::time::Duration;

use tokio::select;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::backplane::Backplane;
use crate::backplane::ChatStream;
use crate::backplane::Topic;
use crate::gateway::chat::ChatLog;
use crate::gateway::maze_link::chat_line;
use crate::gateway::maze_link::subscribe;
use crate::gateway::missed_chat::MissedChat;

/// How often to look whether something may have been missed while nobody says anything.
const GAPS_PERIOD: Duration = Duration::from_secs(1);

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
    let mut missed = MissedChat::new(ChatStream::World);
    loop {
        let mut subscription = subscribe(&backplane, &[Topic::Chat(ChatStream::World), Topic::Forget]).await;
        let mut gaps = None;
        loop {
            // At the start, and whenever something may have been missed.
            if gaps != Some(subscription.gaps()) {
                gaps = Some(subscription.gaps());
                missed.expect();
            }
            if shown.borrow().revision() != chat.revision() {
                shown.send_replace(Arc::new(chat.clone()));
            }
            select! {
                message = subscription.next() => match message {
                    Some((Topic::Forget, player)) => chat.forget(&player, u64::MAX),
                    Some((_, line)) => chat_line(&line, &mut chat),
                    None => break,
                },
                () = missed.catch_up(&backplane, &mut chat) => {}
                () = sleep(GAPS_PERIOD) => {}
            }
        }
    }
}
