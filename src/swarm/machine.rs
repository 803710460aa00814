//! What a process of this machine takes: CPU seconds and resident memory, from /proc. Elsewhere than on Linux there is no figure, and that is said.

use std::time::Duration;

/// What a process has taken so far, and holds now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) cpu: Duration,
    pub(super) memory_bytes: u64,
}

#[cfg(target_os = "linux")]
pub(super) fn of_process(pid: u32) -> Result<Taken, String> {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/{pid}/{name}")).map_err(|error| format!("process {pid}: {error}"));
    let (cpu, memory_bytes) = (cpu(&read("stat")?), memory_bytes(&read("status")?));
    cpu.zip(memory_bytes).map(|(cpu, memory_bytes)| Taken { cpu, memory_bytes }).ok_or_else(|| format!("process {pid} has ended"))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn of_process(_pid: u32) -> Result<Taken, String> {
    Err("not on this system".to_owned())
}

/// Files and sockets that this process may open, where that can be known.
#[cfg(target_os = "linux")]
pub(super) fn files_max() -> Option<u64> {
    files_allowed(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn files_max() -> Option<u64> {
    None
}

/// User and system time from `/proc/PID/stat`. The name in brackets may have anything in it, so fields are counted from its end.
#[cfg(any(target_os = "linux", test))]
fn cpu(stat: &str) -> Option<Duration> {
    /// `USER_HZ`: what Linux tells these times in, on every machine that Rust runs on.
    const PER_SECOND: u64 = 100;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let user: u64 = fields.nth(11)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 1000 / PER_SECOND))
}

/// `VmRSS` from `/proc/PID/status`; a process that has ended and is not waited for has none.
#[cfg(any(target_os = "linux", test))]
fn memory_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// The soft limit of open files from `/proc/self/limits`.
#[cfg(any(target_os = "linux", test))]
fn files_allowed(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_past_a_name_with_spaces_and_brackets() {
        let stat = "42 (a ) b (c) S 1 42 42 0 -1 4194560 1000 0 3 0 150 50 0 0 20 0 4 0 100 9999 500 18446744073709551615";
        assert_eq!(cpu(stat), Some(Duration::from_secs(2)));
        assert_eq!(cpu("42 (waka) S 1 2"), None);
    }

    #[test]
    fn memory_and_files_are_read_from_their_lines() {
        assert_eq!(memory_bytes("Name:\twaka\nVmHWM:\t  900 kB\nVmRSS:\t   512 kB\n"), Some(524_288));
        assert_eq!(memory_bytes("Name:\twaka\nState:\tZ (zombie)\n"), None);
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(files_allowed(limits), Some(1024));
        assert_eq!(files_allowed("Max open files            unlimited            unlimited            files"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_takes_something_and_nobody_has_no_figure() {
        let me = of_process(std::process::id()).unwrap();
        assert!(me.memory_bytes > 1_000_000, "{me:?}");
        assert!(files_max().is_some());
        assert!(of_process(u32::MAX).unwrap_err().contains("process 4294967295"));
    }
}
