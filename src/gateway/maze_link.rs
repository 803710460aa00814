//! The gateway's side of one maze: what comes down is shown, what its people want goes up. One task a maze, as long as somebody is in it.
//!
//! The task alone publishes and subscribes; sockets only change the attendance and look at the view. What is decided is decided in `attendance` and
//! `fanout`. A frame waits for nobody: the view holds the newest (Y3).

use std::pin::pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::select;
use tokio::sync::Notify;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio::time::sleep;
use tokio::time::sleep_until;

use crate::backplane::Backplane;
use crate::backplane::ChatEntry;
use crate::backplane::ChatStream;
use crate::backplane::Subscription;
use crate::backplane::Topic;
use crate::gateway::attendance::Attendance;
use crate::gateway::attendance::Outgoing;
use crate::gateway::audience::Audience;
use crate::gateway::chat::ChatLog;
use crate::gateway::fanout::Fanout;
use crate::gateway::fanout::Taken;
use crate::gateway::fanout::View;
use crate::gateway::missed_chat::MissedChat;
use crate::telemetry::metrics;
use crate::telemetry::metrics::Meters;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::between_nodes::Knock;
use crate::wire::between_nodes::Show;
use crate::wire::between_nodes::Up;

/// Between two tries to subscribe.
const SUBSCRIBE_RETRY: Duration = Duration::from_millis(250);

/// A leader commits at least this often, and a little.
const LEADER_PERIOD: Duration = Duration::from_millis(120);

/// What sockets and the task share.
pub struct MazeLink {
    pub maze: MazeId,
    attendance: Mutex<Attendance>,
    wake: Notify,
    audience: Mutex<Audience>,
    view: watch::Sender<View>,
}

/// What the task needs of the gateway.
#[derive(Clone)]
pub struct Means {
    pub backplane: Backplane,
    pub meters: Meters,
    /// Numbers the rosters of this process over all its mazes.
    pub serials: Arc<AtomicU64>,
}

impl MazeLink {
    #[must_use]
    pub fn new(maze: MazeId, gateway: NodeId) -> Self {
        let attendance = Mutex::new(Attendance::new(gateway, Instant::now()));
        Self { maze, attendance, wake: Notify::new(), audience: Mutex::default(), view: watch::Sender::new(View::default()) }
    }

    /// Changes who is here; the task is woken to tell the leader.
    pub fn attend(&self, change: impl FnOnce(&mut Attendance, Instant)) {
        change(&mut self.attendance(), Instant::now());
        self.wake.notify_one();
    }

    pub fn attendance(&self) -> MutexGuard<'_, Attendance> {
        self.attendance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held while a frame is offered to everybody.
    pub fn audience(&self) -> MutexGuard<'_, Audience> {
        self.audience.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[must_use]
    pub fn view(&self) -> watch::Receiver<View> {
        self.view.subscribe()
    }

    /// Runs until `is_over`, which is asked whenever nobody is left, says that nobody can come any more.
    pub async fn run(&self, means: Means, mut is_over: impl FnMut() -> bool) {
        let topics = [Topic::Down(self.maze.clone()), Topic::Chat(self.stream()), Topic::Forget];
        let mut fanout = Fanout::new(self.maze.clone());
        let mut chat = ChatLog::default();
        let mut missed = MissedChat::new(self.stream());
        loop {
            let subscription = subscribe(&means.backplane, &topics).await;
            // After the subscription, so that nothing falls between: what was shown and said before.
            self.last_show(&means, &mut fanout).await;
            missed.expect();
            self.view.send_replace(fanout.view().clone());
            if self.follow(&means, subscription, &mut fanout, (&mut chat, &mut missed), &mut is_over).await {
                return;
            }
            tracing::warn!(event = "subscribed_again", maze = %self.maze, "subscribes again: the maze goes on and nothing of it is heard");
        }
    }

    /// As long as the subscription is alive. Says whether all is over.
    async fn follow(
        &self,
        means: &Means,
        mut subscription: Subscription,
        fanout: &mut Fanout,
        (chat, missed): (&mut ChatLog, &mut MissedChat),
        is_over: &mut impl FnMut() -> bool,
    ) -> bool {
        let mut gaps = subscription.gaps();
        // One alarm for all that is ever due. What is due later than it was is seen when it rings: silence is, at every frame.
        let mut alarm = pin!(sleep_until(Instant::now()));
        loop {
            let due = self.attendance().due();
            if alarm.is_elapsed() || due < alarm.deadline() {
                alarm.as_mut().reset(due);
            }
            select! {
                biased;
                message = subscription.next() => match message {
                    Some((Topic::Down(_), show)) => self.down(means, fanout, &show),
                    Some((Topic::Forget, player)) => chat.forget(&player, u64::MAX),
                    Some((_, line)) => chat_line(&line, chat),
                    None => return false,
                },
                () = self.wake.notified() => {}
                () = missed.catch_up(&means.backplane, chat) => {}
                () = alarm.as_mut() => {}
            }
            if subscription.gaps() != gaps {
                gaps = subscription.gaps();
                self.last_show(means, fanout).await;
                missed.expect();
            }
            if fanout.view().chat.revision() != chat.revision() {
                fanout.chat(chat.clone());
                self.view.send_replace(fanout.view().clone());
            }
            let knocked = self.up(means).await;
            if knocked && self.goes_on_unheard(means, fanout).await {
                means.backplane.rebuild_subscriptions();
                return false;
            }
            // The lock is free again before `is_over` takes it under the lobby's.
            let is_empty = self.attendance().is_over();
            if is_empty && is_over() {
                return true;
            }
        }
    }

    /// Whether the record goes on beyond what was shown here although nothing is heard: then the line is dead, not the maze. A single look would
    /// take a leader that has just begun for one.
    async fn goes_on_unheard(&self, means: &Means, fanout: &Fanout) -> bool {
        let mut last = fanout.position();
        for wait in [Duration::ZERO, LEADER_PERIOD] {
            sleep(wait).await;
            let Ok(record) = means.backplane.position(&self.maze).await else {
                metrics::unanswered("position");
                return false;
            };
            let at = record.map(|(position, _)| position);
            if at <= last {
                return false;
            }
            last = at;
        }
        true
    }

    fn stream(&self) -> ChatStream {
        ChatStream::Maze(self.maze.clone())
    }

    fn down(&self, means: &Means, fanout: &mut Fanout, message: &Bytes) {
        // Empty: the record became vacant. The workers hear it too; there is nothing to show.
        if message.is_empty() {
            return;
        }
        means.meters.shows.increment(1);
        let silence = self.attendance().heard(Instant::now());
        let is_takeover = self.take(means, fanout, message);
        if let Some(silence) = silence {
            means.meters.show_gap.record(silence);
            if is_takeover {
                means.meters.takeover_pause.record(silence);
                let (pause_ms, at) = (silence.as_millis() as u64, fanout.position().unwrap_or_default());
                tracing::info!(event = "takeover", maze = %self.maze, epoch = at.epoch.0, tick = at.tick, pause_ms, "another leader is shown");
            }
        }
    }

    /// Says whether this is the first of another leader.
    fn take(&self, means: &Means, fanout: &mut Fanout, message: &Bytes) -> bool {
        match Show::decode(message).map(|show| fanout.take(show)) {
            Ok(Taken::Newer { new_epoch, new_seating, has_news }) => {
                let view = fanout.view();
                let mut attendance = self.attendance();
                if let Some(seats) = view.seats.as_ref().filter(|_| new_seating) {
                    attendance.seated(&seats.seating);
                }
                if let Some(shown) = &view.shown {
                    attendance.shown(shown.position, new_epoch, || shown.numbers().unwrap_or_default(), Instant::now());
                }
                drop(attendance);
                if has_news {
                    self.view.send_replace(view.clone());
                } else {
                    self.show(means, view);
                }
                return new_epoch;
            }
            Ok(Taken::Stale) => means.meters.shows_stale.increment(1),
            Ok(Taken::Malformed) | Err(_) => means.meters.shows_malformed.increment(1),
        }
        false
    }

    /// Writes a frame to all sockets that were told the one before; the tasks of the others are woken.
    fn show(&self, means: &Means, view: &View) {
        // Put up first, for those that look.
        self.view.send_if_modified(|shared| {
            shared.clone_from(view);
            false
        });
        if let Some(shown) = &view.shown {
            let told = self.audience().offer(shown.told(), shown.message());
            means.meters.frames_by_link.increment(told);
        }
    }

    /// What the record shows, so that a first visitor sees the maze at once, even while it waits for a leader.
    async fn last_show(&self, means: &Means, fanout: &mut Fanout) {
        match means.backplane.read(&self.maze).await {
            Ok(Some(record)) => _ = self.take(means, fanout, &record.keyframe),
            Ok(None) => {}
            Err(_) => metrics::unanswered("read"),
        }
    }

    /// Says whether it knocked.
    async fn up(&self, means: &Means) -> bool {
        let serial = || means.serials.fetch_add(1, Ordering::Relaxed);
        let outgoing = self.attendance().outgoing(Instant::now(), serial);
        let knocked = outgoing.contains(&Outgoing::Knock);
        for message in outgoing {
            // All of it is repeated until it is heard, so a lost one costs a beat and a half.
            let told = match message {
                Outgoing::Up(up @ Up::Input { .. }) => means.backplane.tell_leader(&self.maze, json(&up)).await,
                Outgoing::Up(up @ Up::Roster(_)) => means.backplane.publish(Topic::Up(self.maze.clone()), json(&up)).await,
                Outgoing::Knock => means.backplane.publish(Topic::Knock, json(&Knock { maze: self.maze.clone() })).await,
            };
            if told.is_err() {
                metrics::unanswered("publish");
            }
        }
        knocked
    }
}

fn json(message: &impl Serialize) -> Bytes {
    serde_json::to_vec(message).unwrap_or_default().into()
}

/// Tries for ever: without it there is nothing to do for this maze.
pub async fn subscribe(backplane: &Backplane, topics: &[Topic]) -> Subscription {
    loop {
        match backplane.subscribe(topics).await {
            Ok(subscription) => return subscription,
            Err(_) => metrics::unanswered("subscribe"),
        }
        sleep(SUBSCRIBE_RETRY).await;
    }
}

pub fn chat_line(message: &Bytes, chat: &mut ChatLog) {
    if let Some(entry) = ChatEntry::decode(message) {
        chat.take(&[entry]);
    }
}

#[cfg(test)]
mod tests;
