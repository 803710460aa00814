//! `waka site`: the page as a folder that any server of files can serve, for a bucket behind a content network.
//!
//! What is in the files is `naming`'s; here they meet the disk. Every file is named by its contents and may be kept for a year, but for `index.html`,
//! which names the others, and `config.js`, which names the server. `headers.json` tells whoever serves the folder what to say about each file; it is
//! written last, so a folder with one is whole. The server itself goes on serving the page and needs none of this.

mod naming;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use crate::gateway::headers;
use crate::gateway::origin::Origin;
use crate::gateway::pages;
use crate::gateway::pages::PageFile;

/// What whoever serves the folder reads. Not one of the page's files.
pub const POLICY_FILE: &str = "headers.json";

/// What is to be written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub out: PathBuf,
    /// None: the server that the page is loaded from.
    pub server: Option<ServerAddress>,
}

/// `wss://play.example` or `ws://localhost:8080`, lower case, with nothing behind the port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress(String);

impl ServerAddress {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        // The same as an origin, but for the scheme.
        let rest = text.strip_prefix("ws")?;
        Origin::parse(&format!("http{rest}"))?;
        Some(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    #[error("cannot write {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("{0} is not empty, and nothing that `waka site` wrote: it was left alone")]
    NotOurs(PathBuf),
    #[error("{file} asks for `{asked}`, which is no file of the page")]
    Dangling { file: String, asked: String },
    #[error("index.html has no title behind which its files can be named")]
    NoTitle,
}

/// The content of `headers.json`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Policy {
    /// By path below the folder.
    pub files: BTreeMap<String, Serving>,
    /// For every answer.
    pub headers: BTreeMap<String, String>,
}

/// How one file is served.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serving {
    pub content_type: String,
    pub cache_control: String,
}

/// Writes the folder and tells how many files the page has.
pub fn write(order: &Order) -> Result<usize, SiteError> {
    let server = order.server.as_ref().map(ServerAddress::as_str);
    let page = naming::named(pages::files(), server)?;
    clear(&order.out)?;
    let policy = Policy {
        files: page.files.iter().map(|file| (file.path.clone(), serving(file))).collect(),
        headers: headers::of_a_page_elsewhere(&page.script_hash, server).into_iter().collect(),
    };
    for file in &page.files {
        put(&order.out.join(&file.path), &file.bytes)?;
    }
    let mut text = serde_json::to_vec_pretty(&policy).unwrap_or_default();
    text.push(b'\n');
    put(&order.out.join(POLICY_FILE), &text)?;
    Ok(page.files.len())
}

fn serving(file: &PageFile) -> Serving {
    let keeps_its_name = naming::keeps_its_name(&file.path);
    let cache_control = if keeps_its_name { pages::ASK_AGAIN } else { "public, max-age=31536000, immutable" };
    Serving { content_type: file.content_type.clone(), cache_control: cache_control.to_owned() }
}

/// Takes away what an earlier `waka site` wrote; touches nothing else.
fn clear(out: &Path) -> Result<(), SiteError> {
    let read = |source| SiteError::Read { path: out.to_owned(), source };
    let policy = out.join(POLICY_FILE);
    let text = match fs::read(&policy) {
        Ok(text) => text,
        Err(_) if !out.exists() => return Ok(()),
        Err(_) => {
            let is_empty = fs::read_dir(out).map_err(read)?.next().is_none();
            return if is_empty { Ok(()) } else { Err(SiteError::NotOurs(out.to_owned())) };
        }
    };
    let Ok(earlier) = serde_json::from_slice::<Policy>(&text) else { return Err(SiteError::NotOurs(out.to_owned())) };
    // First of all, so that a folder that is half written never has one.
    fs::remove_file(&policy).map_err(|source| SiteError::Write { path: policy, source })?;
    for path in earlier.files.keys().map(Path::new).filter(|path| path.components().all(|part| matches!(part, Component::Normal(_)))) {
        // One that is gone already is as it should be.
        let _ = fs::remove_file(out.join(path));
    }
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), SiteError> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, bytes));
    written.map_err(|source| SiteError::Write { path: path.to_owned(), source })
}
