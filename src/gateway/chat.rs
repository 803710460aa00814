//! The last lines of a channel as this gateway knows them, and how they are told to clients. Pure.
//!
//! Chat is the one thing that is not newest-wins: ids only grow, a reader that missed something reads on from its last id. The log is shared by all
//! sockets of a maze, so a slow one catches up from it without a queue of its own (Y2). A message stays below `CHAT_MESSAGE_BYTES`.

use std::collections::VecDeque;

use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use serde::Deserialize;
use serde::Serialize;

use crate::backplane::ChatEntry;
use crate::backplane::ChatId;
use crate::wire::CHAT_HISTORY_LINES;
use crate::wire::PlayerId;
use crate::wire::from_client::Channel;
use crate::wire::phrases::Words;
use crate::wire::to_client::ChatLine;
use crate::wire::to_client::ToClient;

/// History is told in messages of about this size, so that no socket's write buffer grows for good.
const CHAT_MESSAGE_BYTES: usize = 2048;

/// What travels over the backplane and is stored by it; the id is the backplane's.
#[derive(Serialize, Deserialize)]
struct Said {
    from: PlayerId,
    name: String,
    #[serde(flatten)]
    words: Words,
}

/// Whose line it is; `None` for what is no line of this release.
#[must_use]
pub fn said_by(line: &[u8]) -> Option<PlayerId> {
    serde_json::from_slice(line).ok().map(|Said { from, .. }| from)
}

/// The bytes of a line for `Backplane::say`.
#[must_use]
pub fn said(from: PlayerId, name: &str, words: &Words) -> Bytes {
    let said = Said { from, name: name.to_owned(), words: words.clone() };
    serde_json::to_vec(&said).unwrap_or_default().into()
}

/// The newest lines, oldest first.
#[derive(Clone, Debug, Default)]
pub struct ChatLog {
    lines: VecDeque<(ChatId, ChatLine)>,
    /// Grows with every change.
    revision: u64,
}

impl ChatLog {
    /// Takes lines in, each at its place: a line that somebody put back may come after younger ones. Those that are known already, made room or cannot
    /// be read are left out. Says whether any was new.
    pub fn take(&mut self, entries: &[ChatEntry]) -> bool {
        let before = self.revision;
        for entry in entries {
            let at = self.lines.partition_point(|(known, _)| *known < entry.id);
            let is_known = self.lines.get(at).is_some_and(|(known, _)| *known == entry.id);
            let made_room = at == 0 && self.lines.len() >= CHAT_HISTORY_LINES;
            if is_known || made_room {
                continue;
            }
            let Ok(Said { from, name, words }) = serde_json::from_slice(&entry.line) else { continue };
            let ChatId { ms, n } = entry.id;
            self.lines.insert(at, (entry.id, ChatLine { id: format!("{ms}-{n}"), from, name, words }));
            self.revision += 1;
            if self.lines.len() > CHAT_HISTORY_LINES {
                self.lines.pop_front();
            }
        }
        self.revision != before
    }

    /// Drops what a player (an id as text, else nothing) has said up to a moment of the backplane, in ms since 1970. A client that has shown it already
    /// keeps what it shows.
    pub fn forget(&mut self, player: &[u8], until_ms: u64) {
        let before = self.lines.len();
        self.lines.retain(|(id, line)| id.ms > until_ms || line.from.to_string().as_bytes() != player);
        self.revision += u64::from(self.lines.len() != before);
    }

    /// Differs from what it was whenever the lines do.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// A player's lines, oldest first.
    pub fn lines_of(&self, player: PlayerId) -> impl Iterator<Item = &(ChatId, ChatLine)> {
        self.lines.iter().filter(move |(_, line)| line.from == player)
    }

    #[must_use]
    pub fn last(&self) -> Option<ChatId> {
        self.lines.back().map(|(id, _)| *id)
    }

    /// All lines as the backplane keeps them, to put back what it may have lost.
    #[must_use]
    pub fn entries(&self) -> Vec<ChatEntry> {
        let entry = |(id, line): &(ChatId, ChatLine)| ChatEntry { id: *id, line: said(line.from, &line.name, &line.words) };
        self.lines.iter().map(entry).collect()
    }

    /// The messages that tell a client everything after `told`.
    #[must_use]
    pub fn after(&self, told: Option<ChatId>, channel: Channel) -> Vec<Utf8Bytes> {
        let missing = self.lines.iter().filter(|(id, _)| told.is_none_or(|told| *id > told));
        let mut messages = Vec::new();
        let mut lines = Vec::new();
        let mut bytes = 0;
        for (_, line) in missing {
            if bytes > CHAT_MESSAGE_BYTES {
                messages.push(message(channel, std::mem::take(&mut lines)));
                bytes = 0;
            }
            bytes += line.words.text().map_or(0, str::len) + line.name.len();
            lines.push(line.clone());
        }
        if !lines.is_empty() {
            messages.push(message(channel, lines));
        }
        messages
    }
}

fn message(channel: Channel, lines: Vec<ChatLine>) -> Utf8Bytes {
    text(&ToClient::Chat { channel, lines })
}

/// A message as the text of a WebSocket.
#[must_use]
pub fn text(message: &ToClient) -> Utf8Bytes {
    serde_json::to_string(message).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: u64, text: &str) -> ChatEntry {
        ChatEntry { id: ChatId { ms: 5, n }, line: said(PlayerId(1), "Pip", &Words::Text(text.to_owned())) }
    }

    fn contents(messages: &[Utf8Bytes]) -> Vec<String> {
        let lines = messages.iter().flat_map(|message| match serde_json::from_str(message) {
            Ok(ToClient::Chat { lines, .. }) => lines,
            other => panic!("{other:?}"),
        });
        lines.filter_map(|line| line.words.text().map(str::to_owned)).collect()
    }

    #[test]
    fn a_reader_reads_on_from_its_last_id() {
        let mut log = ChatLog::default();
        assert!(log.take(&[entry(1, "one"), entry(2, "two")]));
        assert!(!log.take(&[entry(1, "one"), entry(2, "two")]), "known lines are no news");
        assert_eq!(contents(&log.after(None, Channel::Maze)), ["one", "two"]);
        assert!(log.take(&[entry(2, "two"), entry(3, "three")]));
        assert_eq!(contents(&log.after(Some(ChatId { ms: 5, n: 2 }), Channel::Maze)), ["three"]);
        assert!(log.after(log.last(), Channel::Maze).is_empty());
    }

    #[test]
    fn a_line_that_is_put_back_comes_to_its_place() {
        let mut log = ChatLog::default();
        log.take(&[entry(2, "two"), entry(5, "five")]);
        let revision = log.revision();
        assert!(log.take(&[entry(1, "one"), entry(4, "four"), entry(5, "again")]));
        assert_ne!(log.revision(), revision, "whoever shows the log has to look again, although its last line is the same");
        assert_eq!(contents(&log.after(None, Channel::Maze)), ["one", "two", "four", "five"]);
        assert!(log.after(Some(ChatId { ms: 5, n: 5 }), Channel::Maze).is_empty(), "nobody is told old lines anew");
        let full: Vec<ChatEntry> = (10..10 + CHAT_HISTORY_LINES as u64).map(|n| entry(n, "x")).collect();
        log.take(&full);
        assert!(!log.take(&[entry(3, "three")]), "what made room does not come back");
    }

    #[test]
    fn a_forgotten_player_is_in_no_line() {
        let (mut log, entries) = (ChatLog::default(), [entry(1, "one"), entry(2, "two")]);
        log.take(&entries);
        assert_eq!(said_by(&entries[0].line), Some(PlayerId(1)));
        assert_eq!(said_by(b"{"), None);
        log.forget(PlayerId(2).to_string().as_bytes(), u64::MAX);
        log.forget(b"\xff", u64::MAX);
        log.forget(PlayerId(1).to_string().as_bytes(), entries[0].id.ms - 1);
        assert_eq!(log.entries().len(), 2, "another's, nobody's, and said later");
        log.forget(PlayerId(1).to_string().as_bytes(), entries[0].id.ms);
        assert_eq!((log.entries().len(), log.last()), (0, None));
    }

    #[test]
    fn its_entries_are_those_that_it_took() {
        let (mut log, entries) = (ChatLog::default(), [entry(1, "one"), entry(2, "둘")]);
        log.take(&entries);
        assert_eq!(log.entries(), entries);
    }

    #[test]
    fn y2_it_remembers_no_more_than_its_lines_and_tells_them_in_small_messages() {
        let mut log = ChatLog::default();
        let hangul = "\u{d55c}".repeat(200);
        for n in 0..200 {
            log.take(&[entry(n, &hangul)]);
        }
        let told = log.after(None, Channel::World);
        assert_eq!(contents(&told).len(), CHAT_HISTORY_LINES);
        assert!(told.iter().all(|message| message.len() < 2 * CHAT_MESSAGE_BYTES), "no large message");
    }

    #[test]
    fn a_phrase_travels_as_its_number() {
        let (mut log, phrase) = (ChatLog::default(), Words::of(None, Some(4)).unwrap());
        let entry = ChatEntry { id: ChatId { ms: 5, n: 0 }, line: said(PlayerId(1), "Pip", &phrase) };
        log.take(std::slice::from_ref(&entry));
        assert_eq!(log.entries(), [entry]);
        let told: serde_json::Value = serde_json::from_str(&log.after(None, Channel::Maze)[0]).unwrap();
        assert_eq!((&told["lines"][0]["phrase"], told["lines"][0].get("text")), (&4.into(), None));
    }

    #[test]
    fn an_unreadable_line_is_left_out() {
        let mut log = ChatLog::default();
        let nonsense = ChatEntry { id: ChatId { ms: 1, n: 0 }, line: Bytes::from_static(b"\xff{") };
        assert!(!log.take(&[nonsense]));
    }
}
