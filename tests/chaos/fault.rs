//! The faults: what each is called, and what it promises. How they are made is `strike`'s to say, and what they cost `verdict`'s.

use std::time::Duration;

use crate::program::Built;
use crate::program::NEXT;
use crate::program::PREPARED;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    LeaderKilled,
    LeaderAsked,
    LeaderFrozen,
    GatewayKilled,
    PubsubCut,
    ScriptsGone,
    RedisEmptied,
    RedisAway,
    RedisHangs,
    ReplicaPromoted,
    RolledBack,
    RolledBackOverTakeover,
    RolledBackLeaderKilled,
    EmptiedLeaderKilled,
    RecordPoisoned,
    RecordUnknown,
    MazePanics,
    NextRecord,
    TwoCutOff,
    Rolling,
    BackToBack,
}

/// What players may expect of the maze afterwards. That (epoch, tick) never goes back, that everybody is who he was, and that no line of chat
/// is lost holds in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Exactly the maze that they saw last.
    SameMaze,
    /// A maze as old as what is left, or a fresh one.
    WhatIsLeft,
}

impl Kind {
    pub(crate) const ALL: [Self; 21] = [
        Self::LeaderKilled,
        Self::LeaderAsked,
        Self::LeaderFrozen,
        Self::GatewayKilled,
        Self::PubsubCut,
        Self::ScriptsGone,
        Self::RedisEmptied,
        Self::RedisAway,
        Self::RedisHangs,
        Self::ReplicaPromoted,
        Self::RolledBack,
        Self::RolledBackOverTakeover,
        Self::RolledBackLeaderKilled,
        Self::EmptiedLeaderKilled,
        Self::RecordPoisoned,
        Self::RecordUnknown,
        Self::MazePanics,
        Self::NextRecord,
        Self::TwoCutOff,
        Self::Rolling,
        Self::BackToBack,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::LeaderKilled => "leader SIGKILL",
            Self::LeaderAsked => "leader SIGTERM",
            Self::LeaderFrozen => "leader SIGSTOP 5 s, SIGCONT",
            Self::GatewayKilled => "gateway SIGKILL, until its client sees the maze again",
            Self::PubsubCut => "CLIENT KILL TYPE pubsub",
            Self::ScriptsGone => "SCRIPT FLUSH",
            Self::RedisEmptied => "Redis SIGKILL, restarted empty",
            Self::RedisAway => "Redis away 10 s, its data intact",
            Self::RedisHangs => "Redis hangs 3 s (SIGSTOP, SIGCONT)",
            Self::ReplicaPromoted => "Redis SIGKILL, a replica promoted that lags 2 s",
            Self::RolledBack => "Redis rolled back 2 s",
            Self::RolledBackOverTakeover => "Redis rolled back over a takeover",
            Self::RolledBackLeaderKilled => "Redis rolled back 2 s and leader SIGKILL",
            Self::EmptiedLeaderKilled => "Redis emptied and leader SIGKILL",
            Self::RecordPoisoned => "record poisoned, leader SIGKILL",
            Self::RecordUnknown => "record of an unknown version for 1 s, leader SIGKILL",
            Self::MazePanics => "three panics of the maze",
            Self::NextRecord => "deploy of the next record version, and back",
            Self::TwoCutOff => "two processes cut off from Redis 3 s",
            Self::Rolling => "rolling restart of all, calm between",
            Self::BackToBack => "rolling restart of all, back to back",
        }
    }

    /// Too slow for every test run: it takes many seconds, or builds another program.
    pub(crate) const fn is_slow(self) -> bool {
        matches!(
            self,
            Self::LeaderFrozen
                | Self::RedisAway
                | Self::RecordUnknown
                | Self::MazePanics
                | Self::NextRecord
                | Self::TwoCutOff
                | Self::Rolling
                | Self::BackToBack
        )
    }

    pub(crate) const fn promise(self) -> Promise {
        match self {
            Self::RolledBackLeaderKilled | Self::EmptiedLeaderKilled | Self::RecordPoisoned | Self::MazePanics => Promise::WhatIsLeft,
            _ => Promise::SameMaze,
        }
    }

    /// What the 99th percentile of the pause must keep to, where that is promised: a frame is due every 100 ms anyway.
    pub(crate) const fn pause_p99_max(self) -> Option<Duration> {
        match self {
            Self::LeaderKilled => Some(Duration::from_millis(500)),
            Self::LeaderAsked => Some(Duration::from_millis(200)),
            _ => None,
        }
    }

    /// What must have been built for it.
    pub(crate) const fn programs(self) -> &'static [Built] {
        match self {
            Self::MazePanics => &[PREPARED],
            Self::NextRecord => &[PREPARED, NEXT],
            _ => &[],
        }
    }
}
