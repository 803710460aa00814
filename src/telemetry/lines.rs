//! From the formatter's writes to whole lines: each event is gathered, stamped with this process's name if it is JSON, and handed to a sink that
//! never waits (T1). What becomes of it is the sink's.

use std::io;
use std::io::Write;
use std::sync::Arc;

use tracing_subscriber::fmt::MakeWriter;

/// Where whole lines go; it takes or drops them, at once.
pub(super) trait Sink: Clone {
    fn put(&self, line: Vec<u8>);
}

/// Makes the writer of each event.
pub(super) struct Lines<S> {
    sink: S,
    /// Follows the opening brace of a line of JSON.
    stamp: Option<Arc<str>>,
}

impl<S> Lines<S> {
    pub(super) const fn plain(sink: S) -> Self {
        Self { sink, stamp: None }
    }

    /// Every line of JSON names the process.
    pub(super) fn of_instance(sink: S, instance: &str) -> Self {
        let name = serde_json::Value::from(instance);
        Self { sink, stamp: Some(format!("\"instance\":{name},").into()) }
    }
}

impl<'a, S: Sink + 'a> MakeWriter<'a> for Lines<S> {
    type Writer = LineWriter<S>;

    fn make_writer(&'a self) -> LineWriter<S> {
        LineWriter { sink: self.sink.clone(), stamp: self.stamp.clone(), line: Vec::new() }
    }
}

/// Gathers one event and hands it on when it is complete.
pub(super) struct LineWriter<S: Sink> {
    sink: S,
    stamp: Option<Arc<str>>,
    line: Vec<u8>,
}

impl<S: Sink> Write for LineWriter<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<S: Sink> Drop for LineWriter<S> {
    fn drop(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        if let Some(stamp) = self.stamp.as_ref().filter(|_| line.starts_with(b"{\"")) {
            line.splice(1..1, stamp.bytes());
        }
        if !line.is_empty() {
            self.sink.put(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Heap(Arc<Mutex<Vec<String>>>);

    impl Sink for Heap {
        fn put(&self, line: Vec<u8>) {
            self.0.lock().expect("no panic").push(String::from_utf8(line).expect("UTF-8"));
        }
    }

    #[test]
    fn an_event_is_one_line_however_it_is_written_and_json_names_the_process() {
        let heap = Heap::default();
        let lines = Lines::of_instance(heap.clone(), "waka-\"1\"");
        let mut writer = lines.make_writer();
        for part in ["{\"level\":", "\"INFO\"", "}\n"] {
            writer.write_all(part.as_bytes()).expect("it takes everything");
        }
        drop(writer);
        drop(lines.make_writer());
        write!(Lines::plain(heap.clone()).make_writer(), "{{\"a\":1}}").expect("it takes everything");
        let written = heap.0.lock().expect("no panic").clone();
        assert_eq!(written, ["{\"instance\":\"waka-\\\"1\\\"\",\"level\":\"INFO\"}\n", "{\"a\":1}"]);
    }
}
