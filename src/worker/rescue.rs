//! What is saved of a maze that panicked: its last minute as a black box, into a folder if the operator gave one, and into the backplane.
//!
//! The maze does not wait for it. A folder that cannot be written to, or is full, is a line in the log and nothing more.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use crate::backplane::Backplane;
use crate::wire::MazeId;
use crate::wire::Position;
use crate::wire::black_box::BlackBox;
use crate::wire::black_box::Strip;

/// Files of black boxes in a folder; then somebody should look at them before there are more.
const FILES_MAX: usize = 100;
/// What a file of a black box ends with.
const EXTENSION: &str = "wakabox";
/// Black boxes that are being saved at once; what panics beside them is not saved.
pub(super) const RESCUES_MAX: usize = 16;
/// How long the backplane may take for the strips, and again for the box.
const ANSWER_MAX: Duration = Duration::from_secs(1);

pub(super) struct Rescue {
    pub(super) maze: MazeId,
    pub(super) panicked: Position,
    /// What the task's own recorder has, from the last whole world on.
    pub(super) strips: Vec<Strip>,
    pub(super) backplane: Backplane,
    pub(super) folder: Option<PathBuf>,
}

impl Rescue {
    /// What to look for, as the panic's line in the log names it before it is there.
    pub(super) fn name(&self) -> String {
        match (&self.folder, self.backplane.black_boxes_key(&self.maze)) {
            (Some(folder), _) => folder.join(self.file_name()).display().to_string(),
            (None, Some(key)) => key,
            (None, None) => "none: without --black-box it goes with this process".to_owned(),
        }
    }

    pub(super) async fn run(mut self) {
        let position = self.panicked;
        // The recorder has what came since the last world; the minute before that is the backplane's, if it answers.
        if let Ok(Ok(strips)) = timeout(ANSWER_MAX, self.backplane.strips(&self.maze)).await {
            self.strips.extend(strips.iter().filter_map(|strip| Strip::decode(strip).ok()));
        }
        let file = self.folder.as_ref().map(|folder| (folder.clone(), folder.join(self.file_name())));
        let black_box: Bytes = BlackBox::of(self.maze.clone(), Some(position), self.strips).encode().into();
        let keeping = self.backplane.keep_black_box(&self.maze, black_box.clone());
        if !matches!(timeout(ANSWER_MAX, keeping).await, Ok(Ok(()))) {
            tracing::warn!(event = "black_box_not_kept", maze = %self.maze, "the black box of a panic could not be kept in the backplane");
        }
        let Some((folder, path)) = file else { return };
        let written = tokio::task::spawn_blocking({
            let path = path.clone();
            move || write(&folder, &path, &black_box)
        });
        match written.await {
            Ok(Ok(())) => {
                tracing::info!(event = "black_box_written", maze = %self.maze, file = %path.display(), "the black box of a panic is written");
            }
            Ok(Err(error)) => {
                tracing::warn!(event = "black_box_unwritten", maze = %self.maze, file = %path.display(), %error, "the black box of a panic could not be written");
            }
            Err(_) => {}
        }
    }

    fn file_name(&self) -> String {
        format!("{}-{}-{}.{EXTENSION}", self.maze, self.panicked.epoch.0, self.panicked.tick)
    }
}

fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let is_ours = |entry: &fs::DirEntry| entry.path().extension().is_some_and(|extension| extension == EXTENSION);
    if fs::read_dir(folder)?.filter_map(Result::ok).filter(is_ours).count() >= FILES_MAX {
        return Err(io::Error::other(format!("{FILES_MAX} black boxes are there already")));
    }
    // Whoever finds the file finds all of it.
    let begun = path.with_extension("begun");
    fs::write(&begun, bytes)?;
    fs::rename(begun, path)
}
