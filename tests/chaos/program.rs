//! The programs that are run: the release as it is, one that prepares for the next record format (and panics when told to), and the next one.
//!
//! The two others are built of the same source with features (see Cargo.toml), into a folder of their own beside the first.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// Reads the next record format and writes today's; panics in a maze for each file of this name in its folder.
pub(crate) const PREPARED: Built = Built { name: "prepared", features: "reads-next-record,panic-on-demand" };
pub(crate) const PANIC_FILE: &str = "panic";
/// Reads both, writes the next.
pub(crate) const NEXT: Built = Built { name: "next", features: "next-record" };

/// As this test is built itself.
const PROFILE: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

pub(crate) struct Built {
    name: &'static str,
    features: &'static str,
}

pub(crate) fn plain() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_waka"))
}

impl Built {
    fn folder() -> PathBuf {
        plain().parent().and_then(Path::parent).unwrap_or(Path::new(".")).join("chaos")
    }

    pub(crate) fn path(&self) -> PathBuf {
        Self::folder().join(format!("{PROFILE}-{}", self.name))
    }

    /// By cargo, which does nothing when nothing has changed.
    pub(crate) fn build(&self) -> Result<(), String> {
        let folder = Self::folder();
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--quiet", "--locked", "--bin", "waka", "--features", self.features]);
        command.args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), "--target-dir"]).arg(&folder);
        if PROFILE == "release" {
            command.arg("--release");
        }
        let status = command.status().map_err(|error| format!("cargo could not be started: {error}"))?;
        if !status.success() {
            return Err(format!("the program {} could not be built", self.name));
        }
        let copied = std::fs::copy(folder.join(PROFILE).join("waka"), self.path());
        copied.map(drop).map_err(|error| format!("the program {} could not be kept: {error}", self.name))
    }
}
