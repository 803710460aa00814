//! The project's own files, as the architecture and tidy tests read them. Knows where files are, judges nothing.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `src/<module>.rs` and everything under `src/<module>/`.
pub(crate) fn of_module(module: &str) -> Vec<PathBuf> {
    let src = root().join("src");
    let promise = src.join(format!("{module}.rs"));
    let mut found: Vec<PathBuf> = promise.exists().then_some(promise).into_iter().collect();
    found.extend(under(&src.join(module), "rs"));
    found
}

/// Every file below `folder` with this extension, in a steady order; folders of installed packages are passed over.
pub(crate) fn under(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                if !path.ends_with("node_modules") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The lines of a file, numbered from 1.
pub(crate) fn lines(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned())).collect()
}
