//! What a panic leaves in the log: one line, wherever it is caught, and the log sent on before the process can be gone.
//!
//! A panic in a task ends that task only, and the threads of the log live on: nothing waits. Where the process may end, on its first thread, on a
//! thread without a runtime, or when the panic cannot unwind, the panicking thread waits for the log, with a deadline.

use std::backtrace::Backtrace;
use std::backtrace::BacktraceStatus;
use std::panic::PanicHookInfo;

/// How the standard library begins the panics that abort.
const CANNOT_UNWIND: [&str; 2] = ["panic in a function that cannot unwind", "panic in a destructor during cleanup"];

/// From now on panics are lines of the log; `flush` waits for it, with a deadline.
pub(super) fn to_log(flush: impl Fn() + Send + Sync + 'static) {
    std::panic::set_hook(Box::new(move |panic| {
        tell(panic);
        if may_end_the_process(panic) {
            flush();
        }
    }));
}

fn tell(panic: &PanicHookInfo<'_>) {
    let what = said(panic).unwrap_or("something that is no text");
    let at = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("unnamed");
    // Empty unless RUST_BACKTRACE asks for it: finding the names takes longer than a maze may stand.
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        tracing::error!(event = "panic", thread, at, what, %backtrace, "a panic");
    } else {
        tracing::error!(event = "panic", thread, at, what, "a panic");
    }
}

fn said<'a>(panic: &'a PanicHookInfo<'_>) -> Option<&'a str> {
    let payload = panic.payload();
    payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}

fn may_end_the_process(panic: &PanicHookInfo<'_>) -> bool {
    std::thread::current().name() == Some("main")
        || tokio::runtime::Handle::try_current().is_err()
        || said(panic).is_some_and(|what| CANNOT_UNWIND.contains(&what))
}
