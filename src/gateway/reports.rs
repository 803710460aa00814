//! What a player tells of another: who, whom, where, why, and what the other one wrote last; a line of the log and an entry of the journal of reports.
//!
//! Nothing follows from it by itself: people read it at `/ops`. The lines are those that this gateway has, so nobody can put words into another's
//! mouth. The log names ids only. Reports are bounded a client (`session`) and, here, a process, so that a crowd cannot flush the journal (Y2).

use std::sync::Mutex;
use std::sync::PoisonError;

use serde::Deserialize;
use serde::Serialize;
use tokio::time::Instant;

use crate::backplane::Backplane;
use crate::backplane::Journal;
use crate::gateway::admission::Bucket;
use crate::gateway::chat::ChatLog;
use crate::gateway::fanout::View;
use crate::telemetry::metrics;
use crate::wire::MazeId;
use crate::wire::NodeId;
use crate::wire::PlayerId;
use crate::wire::from_client::Channel;
use crate::wire::from_client::Reason;
use crate::wire::to_client::Refusal;
use crate::wire::to_client::ToClient;

/// The last lines of the reported one that go with a report, of both channels together; a kilobyte each at most.
pub const LINES_MAX: usize = 5;

/// An entry of the journal.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub maze: MazeId,
    pub by: Party,
    pub whom: Party,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Oldest first.
    pub lines: Vec<Line>,
    pub instance: NodeId,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub id: PlayerId,
    /// Missing for one who looks on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// As in the chat: it begins with milliseconds since 1970.
    pub id: String,
    pub channel: Channel,
    /// A quick phrase as `#4`.
    pub text: String,
}

/// What a client wants to report, and what is seen from where he is.
pub struct Complaint<'a> {
    pub by: PlayerId,
    pub whom: PlayerId,
    pub reason: Option<Reason>,
    pub maze: &'a MazeId,
    pub view: &'a View,
    pub world: &'a ChatLog,
}

impl Complaint<'_> {
    /// The report, unless nobody here has seen or read the other one.
    fn report(&self, instance: &NodeId) -> Option<Report> {
        let channels = [(Channel::Maze, &*self.view.chat), (Channel::World, self.world)];
        let mut said: Vec<_> =
            channels.into_iter().flat_map(|(channel, log)| log.lines_of(self.whom).map(move |line| (channel, line))).collect();
        said.sort_by_key(|(_, (id, _))| *id);
        let name = self.seated(self.whom).or_else(|| said.last().map(|(_, (_, line))| line.name.clone()))?;
        let lines = said.split_off(said.len().saturating_sub(LINES_MAX));
        Some(Report {
            maze: self.maze.clone(),
            by: Party { id: self.by, name: self.seated(self.by) },
            whom: Party { id: self.whom, name: Some(name) },
            reason: self.reason,
            lines: lines
                .into_iter()
                .map(|(channel, (_, line))| Line { id: line.id.clone(), channel, text: line.words.to_string() })
                .collect(),
            instance: instance.clone(),
        })
    }

    fn seated(&self, player: PlayerId) -> Option<String> {
        let seats = &self.view.seats.as_ref()?.seating.seats;
        seats.iter().find(|seat| seat.player == player).map(|seat| seat.name.clone())
    }
}

/// Takes reports of all clients of this process.
pub struct Desk {
    me: NodeId,
    bucket: Mutex<Bucket>,
}

impl Desk {
    #[must_use]
    pub fn new(me: NodeId, now: Instant) -> Self {
        Self { me, bucket: Mutex::new(Bucket::reports_of_all(now)) }
    }

    /// Writes it down; the answer is for the client.
    pub async fn take(&self, complaint: &Complaint<'_>, backplane: &Backplane) -> ToClient {
        let Some(report) = complaint.report(&self.me) else {
            return refused(Refusal::NoSuchPlayer, "nobody of this id is here or has written here");
        };
        if !self.bucket.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now()) {
            return refused(Refusal::ReportsTooFast, "too many reports come in; try again");
        }
        let reason = report.reason.map(Reason::name);
        tracing::info!(
            event = "player_reported",
            maze = %report.maze,
            player = %report.whom.id,
            by = %report.by.id,
            reason,
            "a player is reported"
        );
        let entry = serde_json::to_vec(&report).unwrap_or_default();
        if backplane.note(Journal::Reports, entry.into()).await.is_err() {
            metrics::unanswered("report");
            return refused(Refusal::Unavailable, "the report could not be kept; try again");
        }
        ToClient::Reported { player: complaint.whom }
    }
}

fn refused(code: Refusal, message: &str) -> ToClient {
    ToClient::Error { code, message: message.to_owned() }
}

#[cfg(test)]
mod tests;
