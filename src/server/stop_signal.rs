//! The operator's or the platform's wish to end: SIGTERM and SIGINT on Unix; on Windows Ctrl-C, Ctrl-Break, a closed console, and the end of the
//! session or the machine, which leave the process some five seconds.

use std::io;

/// Listens from now on; the future resolves when the wish comes. Call it before saying that the process is open, since a signal that nobody listens
/// for kills.
#[cfg(unix)]
pub fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::SignalKind;
    use tokio::signal::unix::signal;

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
pub fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::windows;

    let mut interrupt = windows::ctrl_c()?;
    let mut interrupt_hard = windows::ctrl_break()?;
    let mut console_closed = windows::ctrl_close()?;
    let mut logged_off = windows::ctrl_logoff()?;
    let mut shut_down = windows::ctrl_shutdown()?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = interrupt_hard.recv() => {}
            _ = console_closed.recv() => {}
            _ = logged_off.recv() => {}
            _ = shut_down.recv() => {}
        }
    })
}
