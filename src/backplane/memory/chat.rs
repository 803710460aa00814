//! Chat streams: short, with ids that only grow, so that a reader that missed something reads on from its last id.

use std::collections::HashMap;
use std::collections::VecDeque;

use bytes::Bytes;

use super::super::ChatEntry;
use super::super::ChatId;
use super::super::ChatStream;
use crate::wire::CHAT_HISTORY_LINES;
use crate::wire::MazeId;

/// Streams that are kept; the one that has been silent for longest makes room.
const STREAMS_MAX: usize = 4_096;

#[derive(Default)]
pub(super) struct Chat {
    streams: HashMap<ChatStream, VecDeque<ChatEntry>>,
    /// The newest id of any stream, so that a stream that made room goes on above its old ids.
    newest: ChatId,
}

impl Chat {
    pub(super) fn say(&mut self, stream: ChatStream, line: Bytes, now_ms: u64) -> ChatEntry {
        let id = self.newest.next(now_ms);
        self.newest = id;
        if !self.streams.contains_key(&stream) && self.streams.len() >= STREAMS_MAX {
            self.forget_the_most_silent();
        }
        let entry = ChatEntry { id, line };
        let lines = self.streams.entry(stream).or_default();
        if lines.len() == CHAT_HISTORY_LINES {
            lines.pop_front();
        }
        lines.push_back(entry.clone());
        entry
    }

    pub(super) fn after(&self, stream: &ChatStream, after: Option<ChatId>) -> Vec<ChatEntry> {
        let lines = self.streams.get(stream).into_iter().flatten();
        lines.filter(|entry| after.is_none_or(|after| entry.id > after)).cloned().collect()
    }

    /// What a full stream has dropped as its oldest is not lost. The answer is what it did not have.
    pub(super) fn restore(&mut self, stream: ChatStream, entries: &[ChatEntry]) -> Vec<ChatEntry> {
        let mut missing = Vec::new();
        let lines = self.streams.entry(stream).or_default();
        for entry in entries {
            let at = lines.partition_point(|known| known.id < entry.id);
            let dropped = at == 0 && lines.len() >= CHAT_HISTORY_LINES;
            if !dropped && lines.get(at).is_none_or(|known| known.id != entry.id) {
                lines.insert(at, entry.clone());
                missing.push(entry.clone());
            }
            if lines.len() > CHAT_HISTORY_LINES {
                lines.pop_front();
            }
        }
        self.newest = self.newest.max(lines.back().map_or(ChatId::default(), |entry| entry.id));
        missing
    }

    pub(super) fn remove(&mut self, stream: &ChatStream, lines: &[ChatId]) {
        if let Some(kept) = self.streams.get_mut(stream) {
            kept.retain(|entry| !lines.contains(&entry.id));
        }
    }

    pub(super) fn mazes(&self) -> impl Iterator<Item = &MazeId> {
        self.streams.keys().filter_map(|stream| match stream {
            ChatStream::Maze(maze) => Some(maze),
            ChatStream::World => None,
        })
    }

    fn forget_the_most_silent(&mut self) {
        let last_id = |lines: &VecDeque<ChatEntry>| lines.back().map(|entry| entry.id);
        let silent = self.streams.iter().min_by_key(|(_, lines)| last_id(lines)).map(|(stream, _)| stream.clone());
        if let Some(stream) = silent {
            self.streams.remove(&stream);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_that_made_room_goes_on_above_its_old_ids() {
        let mut chat = Chat::default();
        let first = chat.say(ChatStream::World, Bytes::from_static(b"first"), 7).id;
        for n in 0..STREAMS_MAX {
            let maze = MazeId::open(u32::try_from(n).unwrap());
            chat.say(ChatStream::Maze(maze), Bytes::from_static(b"x"), 7);
        }
        assert!(chat.after(&ChatStream::World, None).is_empty(), "the most silent stream made room");
        assert!(chat.say(ChatStream::World, Bytes::from_static(b"again"), 3).id > first, "even when the clock went back");
    }
}
