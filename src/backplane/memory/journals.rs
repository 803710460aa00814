//! Journals within one process; they go with it.

use std::collections::VecDeque;

use bytes::Bytes;

use super::super::journals::Journal;
use super::Answer;
use super::ChatEntry;
use super::ChatId;
use super::Memory;
use super::Operation;

#[derive(Default)]
pub(super) struct Journals {
    faults: VecDeque<ChatEntry>,
    reports: VecDeque<ChatEntry>,
    forgotten: VecDeque<ChatEntry>,
    newest: ChatId,
}

impl Journals {
    fn of(&mut self, journal: Journal) -> &mut VecDeque<ChatEntry> {
        match journal {
            Journal::Faults => &mut self.faults,
            Journal::Reports => &mut self.reports,
            Journal::Forgotten => &mut self.forgotten,
        }
    }

    fn note(&mut self, journal: Journal, line: Bytes, now_ms: u64) -> ChatId {
        let id = self.newest.next(now_ms);
        self.newest = id;
        let entries = self.of(journal);
        if entries.len() == journal.kept() {
            entries.pop_front();
        }
        entries.push_back(ChatEntry { id, line });
        id
    }
}

impl Memory {
    pub(in super::super) async fn note(&self, journal: Journal, entry: Bytes) -> Answer<ChatId> {
        self.ask(Operation::Other, |state| {
            let now_ms = state.now_ms();
            state.journals.note(journal, entry, now_ms)
        })
        .await
    }

    pub(in super::super) async fn noted(&self, journal: Journal, since_ms: u64, at_most: usize) -> Answer<Vec<ChatEntry>> {
        self.ask(Operation::Other, |state| {
            let entries = state.journals.of(journal);
            let first = entries.partition_point(|entry| entry.id.ms < since_ms).max(entries.len().saturating_sub(at_most));
            entries.range(first..).cloned().collect()
        })
        .await
    }

    pub(in super::super) async fn strike_out(&self, journal: Journal, struck: &[ChatId]) -> Answer<()> {
        self.ask(Operation::Other, |state| state.journals.of(journal).retain(|entry| !struck.contains(&entry.id))).await
    }
}
