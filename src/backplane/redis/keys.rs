//! What things are called on Redis. Every key and channel of a maze carries its hash tag, so that a maze lives in one slot of a cluster.

use crate::backplane::Board;
use crate::backplane::ChatStream;
use crate::backplane::Journal;
use crate::backplane::Topic;
use crate::wire::MazeId;

/// All nodes and what they said last.
pub(super) const NODES: &str = "waka:nodes";

/// What tokens are signed with, unless the operator gives one.
pub(super) const SECRET: &str = "waka:secret";

/// What matches every key of every maze.
pub(super) const OF_MAZES: &str = "waka:{*}:*";

/// Whose key it is, if it is a maze's.
pub(super) fn maze_of(key: &str) -> Option<MazeId> {
    let (maze, _) = key.strip_prefix("waka:{")?.split_once('}')?;
    MazeId::parse(maze).ok()
}

pub(super) fn record(maze: &MazeId) -> String {
    format!("waka:{{{maze}}}:record")
}

pub(super) fn aside(maze: &MazeId) -> String {
    format!("waka:{{{maze}}}:aside")
}

/// The last strips of a maze.
pub(super) fn black_box(maze: &MazeId) -> String {
    format!("waka:{{{maze}}}:blackbox")
}

/// The black boxes of its panics.
pub(in super::super) fn black_boxes(maze: &MazeId) -> String {
    format!("waka:{{{maze}}}:blackboxes")
}

pub(super) fn chat(stream: &ChatStream) -> String {
    match stream {
        ChatStream::Maze(maze) => format!("waka:{{{maze}}}:chat"),
        ChatStream::World => "waka:chat".to_owned(),
    }
}

/// Of all processes together.
pub(super) const fn journal(journal: Journal) -> &'static str {
    match journal {
        Journal::Faults => "waka:faults",
        Journal::Reports => "waka:reports",
        Journal::Forgotten => "waka:forgotten",
    }
}

pub(super) fn board(board: &Board) -> String {
    match board {
        Board::Live(maze) => format!("waka:{{{maze}}}:live"),
        Board::WorldLive => "{waka:board:live}".to_owned(),
        Board::Day(day) => format!("{{waka:board:day:{day}}}"),
        Board::AllTime => "{waka:board:all}".to_owned(),
    }
}

/// How often a board was raised.
pub(super) fn raises(board: &Board) -> String {
    format!("{}:raises", self::board(board))
}

/// How those on a board look.
pub(super) fn shown(board: &Board) -> String {
    format!("{}:shown", self::board(board))
}

/// Which maze's leader put whom on a board of those who play now, and when.
pub(super) fn puts(board: &Board) -> String {
    format!("{}:puts", self::board(board))
}

pub(super) fn channel(topic: &Topic) -> String {
    match topic {
        Topic::Up(maze) => format!("waka:{{{maze}}}:up"),
        Topic::Down(maze) => format!("waka:{{{maze}}}:down"),
        Topic::Chat(stream) => format!("{}:news", chat(stream)),
        Topic::Knock => "waka:knock".to_owned(),
        Topic::Forget => "waka:forget".to_owned(),
    }
}
