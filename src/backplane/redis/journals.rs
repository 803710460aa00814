//! Journals on Redis: a stream each, cut to its cap by the command that appends. No time to live: what is old is pushed out, or the operator deletes it.

use bytes::Bytes;

use super::Redis;
use super::keys;
use super::subscriber;
use crate::backplane::Answer;
use crate::backplane::ChatEntry;
use crate::backplane::ChatId;
use crate::backplane::Unanswered;
use crate::backplane::journals::Journal;

impl Redis {
    pub(in crate::backplane) async fn note(&self, journal: Journal, entry: &Bytes) -> Answer<ChatId> {
        let mut append = redis::cmd("XADD");
        append.arg(keys::journal(journal)).arg("MAXLEN").arg(journal.kept()).arg("*").arg("line").arg(&entry[..]);
        let id: String = self.ask(&append).await?;
        subscriber::chat_id(&id).ok_or_else(|| Unanswered("an entry was answered with no id".to_owned()))
    }

    pub(in crate::backplane) async fn noted(&self, journal: Journal, since_ms: u64, at_most: usize) -> Answer<Vec<ChatEntry>> {
        let mut read = redis::cmd("XREVRANGE");
        read.arg(keys::journal(journal)).arg("+").arg(since_ms).arg("COUNT").arg(at_most);
        let mut entries = self.stream(&read).await?;
        entries.reverse();
        Ok(entries)
    }

    pub(in crate::backplane) async fn strike_out(&self, journal: Journal, entries: &[ChatId]) -> Answer<()> {
        self.delete(keys::journal(journal).to_owned(), entries).await
    }

    /// Entries of a stream as a command reads them.
    pub(super) async fn stream(&self, read: &redis::Cmd) -> Answer<Vec<ChatEntry>> {
        let entries: Vec<(String, (String, Vec<u8>))> = self.ask(read).await?;
        let entry = |(id, (_, line)): (String, (String, Vec<u8>))| Some(ChatEntry { id: subscriber::chat_id(&id)?, line: line.into() });
        Ok(entries.into_iter().filter_map(entry).collect())
    }

    pub(super) async fn delete(&self, stream: String, entries: &[ChatId]) -> Answer<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = entries.iter().map(|id| format!("{}-{}", id.ms, id.n)).collect();
        self.ask(redis::cmd("XDEL").arg(stream).arg(&ids)).await
    }
}
