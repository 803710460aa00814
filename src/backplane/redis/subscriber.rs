//! The life of the one connection that listens. A connection that only listens can stay dead silently, and a library that re-subscribes may give
//! up; so its life is ours: a supervisor that builds it, brings its subscriptions in line with what is followed, and builds it again for ever.
//!
//! What is followed is read from the followers themselves each time, never from a queue of wishes: a lost wish cannot exist. It is rebuilt when it
//! breaks, when it is not answered, and when [`Subscriber::rebuild`] says that frames should have come and did not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::StreamExt;
use tokio::sync::Notify;
use tokio::sync::watch;
use tokio::time::timeout;

use super::backoff::Backoff;
use super::keys;
use super::line::CONNECT_TIMEOUT;
use super::line::RESPONSE_TIMEOUT;
use crate::backplane::ChatEntry;
use crate::backplane::ChatId;
use crate::backplane::Topic;
use crate::backplane::subscription::Queue;
use crate::backplane::topics::Topics;

/// A listening connection that heard nothing for so long is asked whether it lives.
const SILENCE: Duration = Duration::from_secs(2);

pub(in crate::backplane) struct Subscriber {
    followers: Mutex<Topics>,
    /// What is followed has changed.
    changed: Notify,
    /// Somebody misses frames.
    rebuild: Notify,
    /// The channels that the server has confirmed; empty while there is no connection.
    confirmed: watch::Sender<Arc<BTreeMap<String, Topic>>>,
}

/// What one connection leaves behind for the next.
struct Life {
    backoff: Backoff,
    /// The last attempt failed and was told about.
    is_down: bool,
}

impl Subscriber {
    pub(super) fn new() -> Self {
        let (confirmed, _) = watch::channel(Arc::default());
        Self { followers: Mutex::default(), changed: Notify::new(), rebuild: Notify::new(), confirmed }
    }

    pub(in crate::backplane) fn add(&self, queue: &Arc<Queue>, topic: Topic) {
        self.followers().add(queue, topic);
        self.changed.notify_one();
    }

    pub(in crate::backplane) fn remove(&self, queue: &Arc<Queue>, topic: &Topic) {
        self.followers().remove(queue, topic);
        self.changed.notify_one();
    }

    pub(in crate::backplane) fn remove_all(&self, queue: &Arc<Queue>) {
        self.followers().remove_all(queue);
        self.changed.notify_one();
    }

    /// To who follows a topic in this process, and nobody else.
    pub(super) fn tell(&self, topic: &Topic, message: &Bytes) {
        self.followers().publish(topic, message);
    }

    pub(in crate::backplane) fn rebuild(&self) {
        self.rebuild.notify_one();
    }

    /// Whether the server has confirmed what is followed. What was asked for just now is confirmed in time, or else the connection is built again
    /// and nothing is: a gateway must not turn newcomers away whenever it begins to follow a maze.
    pub(in crate::backplane) fn is_ready(&self) -> bool {
        !self.confirmed.borrow().is_empty() || self.followers().topics().next().is_none()
    }

    /// Until the server has confirmed these topics; false when it has not in time.
    pub(super) async fn confirmed(&self, topics: &[Topic]) -> bool {
        let mut confirmed = self.confirmed.subscribe();
        let all = |channels: &Arc<BTreeMap<String, Topic>>| topics.iter().all(|topic| channels.contains_key(&keys::channel(topic)));
        timeout(CONNECT_TIMEOUT, confirmed.wait_for(all)).await.is_ok_and(|found| found.is_ok())
    }

    /// Builds the connection again and again, until the last handle on this subscriber is gone.
    pub(super) async fn supervise(self: Arc<Self>, client: redis::Client) {
        let mut life = Life { backoff: Backoff::new(), is_down: false };
        loop {
            let ended = self.live(&client, &mut life).await;
            self.confirmed.send_replace(Arc::default());
            metrics::counter!("waka_subscriber_rebuilds_total").increment(1);
            // Once an outage, not once an attempt.
            if !life.is_down {
                tracing::warn!(event = "subscriber_lost", reason = ended, "the listening connection to redis is built again");
            }
            life.is_down = true;
            tokio::time::sleep(life.backoff.next_delay()).await;
        }
    }

    /// One connection's life; says why it ended.
    async fn live(&self, client: &redis::Client, life: &mut Life) -> String {
        let connected = timeout(CONNECT_TIMEOUT, client.get_async_pubsub()).await;
        let (mut sink, mut stream) = match connected {
            Ok(Ok(pubsub)) => pubsub.split(),
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "no connection in time".to_owned(),
        };
        let mut channels: BTreeMap<String, Topic> = BTreeMap::new();
        if let Err(error) = self.reconcile(&mut sink, &mut channels).await {
            return error;
        }
        self.followers().rebuilt();
        // Whoever has missed something until now is helped by this connection: many mazes notice one silence.
        _ = self.rebuild.notified().now_or_never();
        if life.is_down {
            metrics::counter!("waka_redis_reconnects_total", "connection" => "subscriber").increment(1);
            tracing::info!(event = "subscriber_rebuilt", "listens to redis again");
        }
        *life = Life { backoff: Backoff::new(), is_down: false };
        loop {
            tokio::select! {
                // Not with each message: it looks at all topics.
                () = self.changed.notified() => if let Err(error) = self.reconcile(&mut sink, &mut channels).await {
                    return error;
                },
                () = self.rebuild.notified() => return "frames were missed".to_owned(),
                message = timeout(SILENCE, stream.next()) => match message {
                    Ok(Some(message)) => self.deliver(&channels, &message),
                    Ok(None) => return "it was closed".to_owned(),
                    Err(_) => {
                        let answer = timeout(RESPONSE_TIMEOUT, sink.ping::<redis::Value>()).await;
                        if !matches!(answer, Ok(Ok(_))) {
                            return "a ping was not answered".to_owned();
                        }
                    }
                },
            }
        }
    }

    /// Subscribes to what is followed and is not confirmed, unsubscribes from what is no longer followed.
    async fn reconcile(&self, sink: &mut redis::aio::PubSubSink, channels: &mut BTreeMap<String, Topic>) -> Result<(), String> {
        metrics::counter!("waka_subscriber_looks_total").increment(1);
        let wanted: BTreeMap<String, Topic> = self.followers().topics().map(|topic| (keys::channel(topic), topic.clone())).collect();
        let missing: Vec<&String> = wanted.keys().filter(|channel| !channels.contains_key(*channel)).collect();
        let surplus: Vec<&String> = channels.keys().filter(|channel| !wanted.contains_key(*channel)).collect();
        if missing.is_empty() && surplus.is_empty() {
            return Ok(());
        }
        let asked = async {
            if !missing.is_empty() {
                sink.subscribe(&missing).await?;
            }
            if !surplus.is_empty() {
                sink.unsubscribe(&surplus).await?;
            }
            redis::RedisResult::Ok(())
        };
        match timeout(RESPONSE_TIMEOUT, asked).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(error.to_string()),
            Err(_) => return Err("a subscription was not answered".to_owned()),
        }
        *channels = wanted;
        self.confirmed.send_replace(Arc::new(channels.clone()));
        Ok(())
    }

    fn deliver(&self, channels: &BTreeMap<String, Topic>, message: &redis::Msg) {
        let Some(topic) = channels.get(message.get_channel_name()) else { return };
        let bytes = Bytes::copy_from_slice(message.get_payload_bytes());
        let Some(bytes) = (match topic {
            Topic::Chat(_) => news(&bytes),
            _ => Some(bytes),
        }) else {
            metrics::counter!("waka_backplane_bad_messages_total").increment(1);
            return;
        };
        self.followers().publish(topic, &bytes);
    }

    fn followers(&self) -> MutexGuard<'_, Topics> {
        self.followers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A chat line as `say.lua` publishes it, in the form that all backends deliver.
fn news(message: &Bytes) -> Option<Bytes> {
    let gap = message.iter().position(|&byte| byte == b' ')?;
    let id = chat_id(std::str::from_utf8(&message[..gap]).ok()?)?;
    Some(ChatEntry { id, line: message.slice(gap + 1..) }.encode())
}

/// An id as streams write it: milliseconds, a dash, a counter.
pub(super) fn chat_id(text: &str) -> Option<ChatId> {
    let (ms, n) = text.split_once('-')?;
    Some(ChatId { ms: ms.parse().ok()?, n: n.parse().ok()? })
}
