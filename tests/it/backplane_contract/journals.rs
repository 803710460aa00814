//! What the journals promise (B1): order, caps, that they are read since a moment, and that they do not mix.

use std::time::Duration;

use bytes::Bytes;
use waka::backplane::Backplane;
use waka::backplane::ChatEntry;
use waka::backplane::ChatStream;
use waka::backplane::Journal;

async fn all(backplane: &Backplane, journal: Journal) -> Vec<ChatEntry> {
    backplane.noted(journal, 0, 10_000).await.unwrap()
}

fn lines(entries: &[ChatEntry]) -> Vec<&[u8]> {
    entries.iter().map(|entry| &entry.line[..]).collect()
}

pub(super) async fn a_journal_keeps_its_newest_entries(backplane: Backplane) {
    for journal in [Journal::Faults, Journal::Reports, Journal::Forgotten] {
        assert_eq!(all(&backplane, journal).await, [], "it begins empty");
        for n in 0..journal.kept() + 2 {
            backplane.note(journal, n.to_string().into()).await.unwrap();
        }
        let kept = all(&backplane, journal).await;
        assert_eq!(kept.len(), journal.kept());
        assert_eq!(kept[0].line, "2", "the oldest made room");
        assert!(kept.is_sorted_by(|before, after| before.id < after.id), "oldest first");
    }
    assert_eq!(backplane.chat_after(ChatStream::World, None).await, Ok(vec![]), "nobody is told");
    assert_eq!(backplane.mazes_kept().await, Ok(vec![]), "they are no maze's");
}

pub(super) async fn a_journal_is_read_since_a_moment(backplane: Backplane) {
    let first = backplane.note(Journal::Reports, Bytes::from_static(b"first")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5)).await; // time is the promise
    let last = backplane.note(Journal::Reports, Bytes::from_static(b"last")).await.unwrap();
    assert!(first.ms < last.ms, "ids tell when an entry came in");
    assert_eq!(lines(&backplane.noted(Journal::Reports, last.ms, 10).await.unwrap()), [b"last"], "what is before is left out");
    assert_eq!(backplane.noted(Journal::Reports, last.ms + 1, 10).await, Ok(vec![]));
    let newest = backplane.noted(Journal::Reports, 0, 1).await.unwrap();
    assert_eq!(newest.iter().map(|entry| entry.id).collect::<Vec<_>>(), [last], "of more than asked for, the newest");
    for other in [Journal::Faults, Journal::Forgotten] {
        assert_eq!(all(&backplane, other).await, [], "they do not mix");
    }
}

pub(super) async fn entries_are_struck_out_of_a_journal(backplane: Backplane) {
    let mut ids = Vec::new();
    for line in ["a", "b", "c"] {
        ids.push(backplane.note(Journal::Faults, line.into()).await.unwrap());
        backplane.note(Journal::Reports, line.into()).await.unwrap();
    }
    backplane.strike_out(Journal::Faults, &[]).await.unwrap();
    backplane.strike_out(Journal::Faults, &[ids[0], ids[2], ids[0]]).await.unwrap();
    assert_eq!(lines(&all(&backplane, Journal::Faults).await), [b"b"]);
    assert_eq!(lines(&all(&backplane, Journal::Reports).await), [b"a", b"b", b"c"], "the other is as it was");
}
