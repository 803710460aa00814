//! A subscriber's end of the topics: a bounded queue that forgets its oldest message rather than make a publisher wait (B2).
//!
//! What fills the queue is the backend's matter. What was forgotten is counted, here and in `waka_subscription_dropped_total`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use bytes::Bytes;
use tokio::sync::Notify;

use super::Answer;
use super::Backend;
use super::SUBSCRIPTION_MESSAGES_MAX;
use super::Topic;
use super::faults::Faults;
use super::faults::Operation;

/// Ends when it is dropped.
pub struct Subscription {
    queue: Arc<Queue>,
    source: Backend,
}

impl Subscription {
    pub(super) fn new(queue: Arc<Queue>, source: Backend) -> Self {
        Self { queue, source }
    }

    /// The next message; `None` when the backplane is gone. Nothing is lost when the call is dropped while it waits.
    pub async fn next(&mut self) -> Option<(Topic, Bytes)> {
        loop {
            let arrival = self.queue.arrival.notified();
            if let Some(message) = self.queue.state().messages.pop_front() {
                return Some(message);
            }
            arrival.await;
        }
    }

    /// Without waiting: what has already come.
    pub fn try_next(&mut self) -> Option<(Topic, Bytes)> {
        self.queue.state().messages.pop_front()
    }

    /// Follows one more topic; a topic twice is as good as once. What is published after the answer is heard.
    ///
    /// # Errors
    /// When the backplane has not confirmed it in time; it is followed all the same, as soon as that can be.
    pub async fn add(&mut self, topic: Topic) -> Answer<()> {
        match &self.source {
            Backend::Memory(memory) => memory.add(&self.queue, topic),
            Backend::Redis(redis) => return Box::pin(redis.follow(&self.queue, &[topic])).await,
        }
        Ok(())
    }

    pub fn remove(&mut self, topic: &Topic) {
        match &self.source {
            Backend::Memory(memory) => memory.remove(&self.queue, topic),
            Backend::Redis(redis) => redis.subscriber().remove(&self.queue, topic),
        }
    }

    /// How often messages may have been missed: one was forgotten because this subscriber was slow, or the line was made anew. Whoever cannot
    /// wait for the next whole message looks at the store when this has grown.
    #[must_use]
    pub fn gaps(&self) -> u64 {
        let state = self.queue.state();
        state.dropped + state.rebuilt
    }

    /// Messages that were forgotten because this subscriber was slow.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.queue.state().dropped
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        match &self.source {
            Backend::Memory(memory) => memory.remove_all(&self.queue),
            Backend::Redis(redis) => redis.subscriber().remove_all(&self.queue),
        }
    }
}

/// Overflow: the oldest message goes, for everything that travels is whole and newest-wins.
pub(super) struct Queue {
    state: Mutex<State>,
    arrival: Notify,
    faults: Option<Arc<Faults>>,
}

#[derive(Default)]
struct State {
    messages: VecDeque<(Topic, Bytes)>,
    dropped: u64,
    rebuilt: u64,
}

impl Queue {
    pub(super) fn new(faults: Option<Arc<Faults>>) -> Self {
        Self { state: Mutex::default(), arrival: Notify::new(), faults }
    }

    pub(super) fn push(&self, topic: Topic, message: Bytes) {
        if self.faults.as_ref().is_some_and(|faults| faults.fate(Operation::Deliver).request_lost) {
            return;
        }
        let mut state = self.state();
        if state.messages.len() == SUBSCRIPTION_MESSAGES_MAX {
            state.messages.pop_front();
            state.dropped += 1;
            metrics::counter!("waka_subscription_dropped_total").increment(1);
        }
        state.messages.push_back((topic, message));
        drop(state);
        self.arrival.notify_one();
    }

    /// The line was made anew.
    pub(super) fn rebuilt(&self) {
        self.state().rebuilt += 1;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
