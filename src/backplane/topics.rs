//! Who follows which topic. Publishing is a push into each follower's own bounded queue, so it never waits (B2).

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;

use super::Topic;
use super::subscription::Queue;

#[derive(Default)]
pub(super) struct Topics {
    followers: HashMap<Topic, Vec<Arc<Queue>>>,
}

impl Topics {
    /// Every topic that anybody follows.
    pub(super) fn topics(&self) -> impl Iterator<Item = &Topic> {
        self.followers.keys()
    }

    /// The line was made anew: whoever follows anything may have missed something.
    pub(super) fn rebuilt(&self) {
        self.followers.values().flatten().for_each(|queue| queue.rebuilt());
    }

    pub(super) fn publish(&self, topic: &Topic, message: &Bytes) {
        for queue in self.followers.get(topic).into_iter().flatten() {
            queue.push(topic.clone(), message.clone());
        }
    }

    pub(super) fn add(&mut self, queue: &Arc<Queue>, topic: Topic) {
        let followers = self.followers.entry(topic).or_default();
        if !followers.iter().any(|other| Arc::ptr_eq(other, queue)) {
            followers.push(Arc::clone(queue));
        }
    }

    pub(super) fn remove(&mut self, queue: &Arc<Queue>, topic: &Topic) {
        let Some(followers) = self.followers.get_mut(topic) else { return };
        followers.retain(|other| !Arc::ptr_eq(other, queue));
        if followers.is_empty() {
            self.followers.remove(topic);
        }
    }

    pub(super) fn remove_all(&mut self, queue: &Arc<Queue>) {
        self.followers.retain(|_, followers| {
            followers.retain(|other| !Arc::ptr_eq(other, queue));
            !followers.is_empty()
        });
    }
}
