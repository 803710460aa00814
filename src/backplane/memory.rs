//! The backplane within one process: one mutex, so that every operation is as atomic as a script on Redis.
//!
//! What the operations do is in `records`, `chat` and `boards`, which know no lock and no time; here are the lock, tokio's clock and
//! the faults of a bad line. Nothing waits while it holds the lock.

mod black_boxes;
mod boards;
mod chat;
mod journals;
mod records;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::SystemTime;

use bytes::Bytes;
use tokio::time::Instant;

use super::Answer;
use super::Board;
use super::BoardRow;
use super::ChatEntry;
use super::ChatId;
use super::ChatStream;
use super::Claim;
use super::Commit;
use super::NODE_SILENCE_MAX;
use super::Record;
use super::Subscription;
use super::Topic;
use super::Unanswered;
use super::Verdict;
use super::faults::Faults;
use super::faults::Operation;
use super::subscription::Queue;
use super::topics::Topics;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::Position;

#[derive(Clone)]
pub(super) struct Memory {
    state: Arc<Mutex<State>>,
    faults: Option<Arc<Faults>>,
}

struct State {
    records: records::Records,
    topics: Topics,
    chat: chat::Chat,
    boards: boards::Boards,
    black_boxes: black_boxes::BlackBoxes,
    journals: journals::Journals,
    secret: Option<Vec<u8>>,
    nodes: BTreeMap<NodeId, (Instant, Bytes)>,
    /// What the wall clock said at `started`; ids of chat lines go on from there with tokio's clock, which tests may stop.
    started_ms: u64,
    started: Instant,
}

impl State {
    fn now_ms(&self) -> u64 {
        let since = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.started_ms.saturating_add(since)
    }
}

impl Memory {
    pub(super) fn new() -> Self {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let state = State {
            records: records::Records::default(),
            topics: Topics::default(),
            chat: chat::Chat::default(),
            boards: boards::Boards::default(),
            black_boxes: black_boxes::BlackBoxes::default(),
            journals: journals::Journals::default(),
            secret: None,
            nodes: BTreeMap::new(),
            started_ms: u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX),
            started: Instant::now(),
        };
        Self { state: Arc::new(Mutex::new(state)), faults: None }
    }

    pub(super) fn through(&self, faults: Arc<Faults>) -> Self {
        Self { state: Arc::clone(&self.state), faults: Some(faults) }
    }

    pub(super) async fn claim(&self, maze: &MazeId, claim: Claim) -> Answer<Verdict<Record>> {
        self.ask(Operation::Claim, |state| {
            let (verdict, published) = state.records.claim(maze, claim)?;
            if let Some(show) = published {
                state.topics.publish(&Topic::Down(maze.clone()), &show);
            }
            Ok(verdict)
        })
        .await?
    }

    pub(super) async fn commit(&self, maze: &MazeId, commit: Commit, vacate: bool) -> Answer<Verdict<()>> {
        let operation = if vacate { Operation::Yield } else { Operation::Commit };
        self.ask(operation, |state| {
            let (verdict, published) = state.records.commit(maze, commit, vacate);
            if let Some(show) = published {
                let topic = Topic::Down(maze.clone());
                state.topics.publish(&topic, &show);
                if vacate {
                    state.topics.publish(&topic, &Bytes::new());
                    state.topics.publish(&Topic::Up(maze.clone()), &Bytes::new());
                }
            }
            verdict
        })
        .await
    }

    pub(super) async fn read(&self, maze: &MazeId) -> Answer<Option<Record>> {
        self.ask(Operation::Read, |state| state.records.of(maze).cloned()).await
    }

    pub(super) async fn position(&self, maze: &MazeId) -> Answer<Option<(Position, bool)>> {
        self.ask(Operation::Read, |state| state.records.of(maze).map(|record| (record.position, record.vacant))).await
    }

    pub(super) async fn set_aside(&self, maze: &MazeId, world: Bytes) -> Answer<()> {
        self.ask(Operation::Other, |state| state.records.set_aside(maze, world)).await
    }

    pub(super) async fn aside(&self, maze: &MazeId) -> Answer<Vec<Bytes>> {
        self.ask(Operation::Other, |state| state.records.aside(maze)).await
    }

    pub(super) async fn publish(&self, topic: Topic, message: Bytes) -> Answer<()> {
        self.ask(Operation::Publish, |state| state.topics.publish(&topic, &message)).await
    }

    pub(super) async fn subscribe(&self, topics: &[Topic]) -> Answer<Subscription> {
        self.ask(Operation::Other, |state| {
            let queue = Arc::new(Queue::new(self.faults.clone()));
            for topic in topics {
                state.topics.add(&queue, topic.clone());
            }
            Subscription::new(queue, super::Backend::Memory(self.clone()))
        })
        .await
    }

    pub(super) fn add(&self, queue: &Arc<Queue>, topic: Topic) {
        self.state().topics.add(queue, topic);
    }

    pub(super) fn remove(&self, queue: &Arc<Queue>, topic: &Topic) {
        self.state().topics.remove(queue, topic);
    }

    pub(super) fn remove_all(&self, queue: &Arc<Queue>) {
        self.state().topics.remove_all(queue);
    }

    pub(super) async fn say(&self, stream: ChatStream, line: Bytes) -> Answer<ChatId> {
        self.ask(Operation::Other, |state| {
            let now_ms = state.now_ms();
            let entry = state.chat.say(stream.clone(), line, now_ms);
            state.topics.publish(&Topic::Chat(stream), &entry.encode());
            entry.id
        })
        .await
    }

    pub(super) async fn chat_after(&self, stream: &ChatStream, after: Option<ChatId>) -> Answer<Vec<ChatEntry>> {
        self.ask(Operation::Other, |state| state.chat.after(stream, after)).await
    }

    pub(super) async fn chat_restore(&self, stream: ChatStream, entries: &[ChatEntry]) -> Answer<()> {
        self.ask(Operation::Other, |state| {
            let missing = state.chat.restore(stream.clone(), entries);
            let topic = Topic::Chat(stream);
            for entry in missing {
                state.topics.publish(&topic, &entry.encode());
            }
        })
        .await
    }

    pub(super) async fn agree_on_secret(&self, mine: &[u8]) -> Answer<Vec<u8>> {
        self.ask(Operation::Other, |state| state.secret.get_or_insert_with(|| mine.to_vec()).clone()).await
    }

    pub(super) async fn board_raise(&self, board: &Board, rows: &[BoardRow]) -> Answer<()> {
        self.ask(Operation::Other, |state| state.boards.raise(board, rows)).await
    }

    pub(super) async fn board_show(&self, board: &Board, maze: &MazeId, at: Position, rows: &[BoardRow]) -> Answer<()> {
        self.ask(Operation::Other, |state| state.boards.show(board, maze, at, rows, Instant::now())).await
    }

    pub(super) async fn board_top(&self, board: &Board, n: usize) -> Answer<Vec<BoardRow>> {
        self.ask(Operation::Other, |state| state.boards.top(board, n, Instant::now())).await
    }

    pub(super) async fn board_remove(&self, board: &Board, player: Option<PlayerId>) -> Answer<()> {
        self.ask(Operation::Other, |state| state.boards.remove(board, player)).await
    }

    pub(super) async fn mazes_kept(&self) -> Answer<Vec<MazeId>> {
        self.ask(Operation::Other, |state| {
            let kept: BTreeSet<&MazeId> = state.records.mazes().chain(state.chat.mazes()).collect();
            kept.into_iter().cloned().collect()
        })
        .await
    }

    pub(super) async fn chat_remove(&self, stream: &ChatStream, lines: &[ChatId]) -> Answer<()> {
        self.ask(Operation::Other, |state| state.chat.remove(stream, lines)).await
    }

    pub(super) async fn aside_remove(&self, maze: &MazeId, world: &Bytes) -> Answer<()> {
        self.ask(Operation::Other, |state| state.records.aside_remove(maze, world)).await
    }

    pub(super) async fn heartbeat(&self, node: NodeId, said: Bytes) -> Answer<()> {
        self.ask(Operation::Other, |state| {
            state.nodes.insert(node, (Instant::now(), said));
        })
        .await
    }

    pub(super) async fn nodes(&self) -> Answer<Vec<(NodeId, Duration, Bytes)>> {
        self.ask(Operation::Other, |state| {
            let now = Instant::now();
            state.nodes.retain(|_, (heard, _)| now.duration_since(*heard) <= NODE_SILENCE_MAX);
            state.nodes.iter().map(|(node, (heard, said))| (node.clone(), now.duration_since(*heard), said.clone())).collect()
        })
        .await
    }

    pub(super) async fn farewell(&self, node: &NodeId) -> Answer<()> {
        self.ask(Operation::Other, |state| {
            state.nodes.remove(node);
        })
        .await
    }

    pub(super) fn fault_record(&self, maze: &MazeId, back_to: Option<Record>) {
        self.state().records.fault(maze, back_to);
    }

    /// Does `act` under the lock, as far as the line lets the request and its answer through.
    async fn ask<T>(&self, operation: Operation, act: impl FnOnce(&mut State) -> T) -> Answer<T> {
        let Some(faults) = &self.faults else { return Ok(act(&mut self.state())) };
        let fate = faults.fate(operation);
        delay(fate.request_late).await;
        if fate.request_lost {
            delay(fate.answer_late).await;
            return Err(Unanswered("the request was lost".to_owned()));
        }
        let done = act(&mut self.state());
        delay(fate.answer_late).await;
        if fate.answer_lost { Err(Unanswered("the answer was lost".to_owned())) } else { Ok(done) }
    }

    /// A panic under the lock leaves whole values behind, so the lock goes on.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No delay does not even yield, so that a good line answers at once.
async fn delay(how_long: Duration) {
    if !how_long.is_zero() {
        tokio::time::sleep(how_long).await;
    }
}
