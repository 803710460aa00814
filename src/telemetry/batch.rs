//! What one PutLogEvents may carry: lines gathered by number, bytes, age and span of time, in the order of time. Pure; the caller says what time it is.
//!
//! The limits are the service's, counted as it counts: UTF-8 bytes and 26 more for each line. A line that is too long for it is cut at a character
//! and says so. What is sent, when again, and what is dropped is `uploader`'s and `cloudwatch`'s.

#![warn(clippy::disallowed_types, clippy::disallowed_methods, clippy::float_arithmetic, clippy::iter_over_hash_type)]

use std::time::Duration;

use tokio::time::Instant;

/// Lines of a batch.
pub const BATCH_LINES_MAX: usize = 10_000;
/// Bytes of a batch, the extra ones of each line included.
pub const BATCH_BYTES_MAX: usize = 1_048_576;
/// What the service adds to each line's bytes.
pub const LINE_EXTRA_BYTES: usize = 26;
/// Bytes of a line, the extra ones included: what the service has always taken. It takes more today; nobody reads such a line.
pub const LINE_BYTES_MAX: usize = 262_144;
/// Between the first and the last line of a batch. The service says 24 hours; a second below it, nothing hangs on whose clock rounds how.
pub const BATCH_SPAN_MS_MAX: i64 = 24 * 60 * 60 * 1000 - 1000;
/// How long a line waits for others. A crash loses no more than this and the way there.
pub const BATCH_AGE_MAX: Duration = Duration::from_secs(1);
/// What a line that was cut ends with.
pub const CUT: &str = " [cut]";

const _: () = assert!(LINE_BYTES_MAX <= BATCH_BYTES_MAX, "every line fits a batch");
const _: () = assert!(LINE_BYTES_MAX > LINE_EXTRA_BYTES + CUT.len() + 4, "a cut line has room for its mark");

/// One event of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    pub text: String,
}

impl Line {
    /// Never longer than the service takes.
    #[must_use]
    pub fn new(at_ms: i64, mut text: String) -> Self {
        let room = LINE_BYTES_MAX - LINE_EXTRA_BYTES;
        if text.len() > room {
            shorten(&mut text, room - CUT.len());
            text.push_str(CUT);
        }
        Self { at_ms, text }
    }

    /// As the service counts it.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len() + LINE_EXTRA_BYTES
    }
}

/// To so many bytes at most, at the end of a character.
pub fn shorten(text: &mut String, bytes_max: usize) {
    let end = (0..=bytes_max.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
}

/// Gathers lines until a batch is full or old.
#[derive(Default)]
pub struct Batcher {
    lines: Vec<Line>,
    bytes: usize,
    first_ms: i64,
    last_ms: i64,
    since: Option<Instant>,
}

impl Batcher {
    /// Takes a line. When it does not fit, what was gathered before it is a batch.
    pub fn put(&mut self, now: Instant, line: Line) -> Option<Vec<Line>> {
        let full = if self.fits(&line) { None } else { Some(self.take()) };
        if self.lines.is_empty() {
            (self.since, self.first_ms, self.last_ms) = (Some(now), line.at_ms, line.at_ms);
        }
        self.bytes += line.bytes();
        self.first_ms = self.first_ms.min(line.at_ms);
        self.last_ms = self.last_ms.max(line.at_ms);
        self.lines.push(line);
        full
    }

    /// When what is gathered should go, full or not.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.since.map(|since| since + BATCH_AGE_MAX)
    }

    /// All that is gathered, in the order of time; lines of one millisecond stay in the order in which they came.
    pub fn take(&mut self) -> Vec<Line> {
        let mut lines = std::mem::take(self).lines;
        // Threads overtake each other between looking at the clock and the queue, and clocks are set back.
        lines.sort_by_key(|line| line.at_ms);
        lines
    }

    fn fits(&self, line: &Line) -> bool {
        let span_ms = self.last_ms.max(line.at_ms).saturating_sub(self.first_ms.min(line.at_ms));
        self.lines.is_empty()
            || (self.lines.len() < BATCH_LINES_MAX && self.bytes + line.bytes() <= BATCH_BYTES_MAX && span_ms <= BATCH_SPAN_MS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(at_ms: i64, bytes: usize) -> Line {
        Line::new(at_ms, "x".repeat(bytes))
    }

    fn batches(lines: Vec<Line>) -> Vec<Vec<Line>> {
        let (mut batcher, now) = (Batcher::default(), Instant::now());
        let mut made: Vec<_> = lines.into_iter().filter_map(|line| batcher.put(now, line)).collect();
        made.push(batcher.take());
        made
    }

    #[test]
    fn a_batch_is_full_by_number() {
        let sizes: Vec<usize> = batches(vec![line(1, 1); BATCH_LINES_MAX * 2 + 1]).iter().map(Vec::len).collect();
        assert_eq!(sizes, [BATCH_LINES_MAX, BATCH_LINES_MAX, 1]);
    }

    #[test]
    fn a_batch_is_full_by_bytes_with_26_a_line() {
        let fitting = 1024 - LINE_EXTRA_BYTES;
        assert_eq!(batches(vec![line(1, fitting); 1024]).len(), 1, "exactly the limit");
        let sizes: Vec<usize> = batches([vec![line(1, fitting); 1023], vec![line(1, fitting + 1)]].concat()).iter().map(Vec::len).collect();
        assert_eq!(sizes, [1023, 1], "a byte more");
    }

    #[test]
    fn a_batch_spans_less_than_a_day_whichever_way_clocks_go() {
        let day = 24 * 60 * 60 * 1000;
        assert_eq!(batches(vec![line(0, 1), line(day, 1)]).len(), 2);
        assert_eq!(batches(vec![line(day, 1), line(0, 1)]).len(), 2);
        assert_eq!(batches(vec![line(0, 1), line(day - 1000, 1)]).len(), 1);
        assert_eq!(batches(vec![line(i64::MIN, 1), line(i64::MAX, 1)]).len(), 2, "no clock makes it panic");
    }

    #[test]
    fn a_batch_is_due_when_its_first_line_is_old() {
        let (mut batcher, now) = (Batcher::default(), Instant::now());
        assert_eq!(batcher.due(), None);
        batcher.put(now, line(1, 1));
        batcher.put(now + BATCH_AGE_MAX / 2, line(1, 1));
        assert_eq!(batcher.due(), Some(now + BATCH_AGE_MAX));
        batcher.take();
        assert_eq!(batcher.due(), None);
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_at_a_character_and_says_so() {
        for shift in 0..4 {
            let text = "a".repeat(shift) + &"ㅂ€𝄞".repeat(LINE_BYTES_MAX / 8);
            let cut = Line::new(1, text.clone());
            assert!(cut.bytes() <= LINE_BYTES_MAX && cut.bytes() > LINE_BYTES_MAX - 4, "{}", cut.bytes());
            assert!(text.starts_with(cut.text.strip_suffix(CUT).expect("the mark")));
        }
        assert_eq!(line(1, LINE_BYTES_MAX - LINE_EXTRA_BYTES).text.len(), LINE_BYTES_MAX - LINE_EXTRA_BYTES, "this one fits");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_lost_and_every_batch_is_within_the_limits(
            lines in prop::collection::vec((0i64..200_000_000, prop_oneof![9 => 0usize..200, 1 => 100_000usize..300_000]), 0..300),
        ) {
            let lines: Vec<Line> = lines.into_iter().enumerate().map(|(n, (at, size))| {
                Line::new(at, format!("{n} {}", "y".repeat(size)))
            }).collect();
            let batches = batches(lines.clone());
            for batch in &batches {
                prop_assert!(batch.len() <= BATCH_LINES_MAX);
                prop_assert!(batch.iter().map(Line::bytes).sum::<usize>() <= BATCH_BYTES_MAX);
                prop_assert!(batch.is_sorted_by_key(|line| line.at_ms));
                if let (Some(first), Some(last)) = (batch.first(), batch.last()) {
                    prop_assert!(last.at_ms - first.at_ms <= BATCH_SPAN_MS_MAX);
                }
            }
            let mut sent = batches.concat();
            let number = |line: &Line| line.text.split(' ').next().and_then(|n| n.parse::<usize>().ok());
            sent.sort_by_key(number);
            prop_assert_eq!(sent, lines);
        }
    }
}
