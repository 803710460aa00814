//! The page's files under names that tell their contents. Pure.
//!
//! Scripts import each other by the names of the source; an import map in `index.html` translates those, so no script changes with another and one
//! that did not change stays in browsers' caches. Style sheets and `index.html` name files outright and are rewritten, after what they name. A name
//! that leads nowhere is an error here rather than a hole in the page. No file is bundled or made smaller.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use crate::gateway::pages;
use crate::gateway::pages::PageFile;
use crate::site::SiteError;

const INDEX: &str = "index.html";
const CONFIG: &str = "config.js";
/// Of a file's SHA-256, in its name: nobody chooses our files to make two of them collide.
const HASH_BYTES: usize = 8;

pub(super) struct NamedPage {
    pub(super) files: Vec<PageFile>,
    /// The inline script's, as a content security policy names it.
    pub(super) script_hash: String,
}

/// Whether a file is found by the same name in every version of the page, and so must be asked for again each time.
pub(super) fn keeps_its_name(path: &str) -> bool {
    path == INDEX || path == CONFIG
}

/// The files as they are to be served. `server` is what the page connects to, unless it is where the page comes from.
pub(super) fn named(files: Vec<PageFile>, server: Option<&str>) -> Result<NamedPage, SiteError> {
    let mut names = BTreeMap::new();
    let mut page = NamedPage { files: Vec::new(), script_hash: String::new() };
    let (mut rest, mut naming): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| !names_others(&file.path));
    // Whatever names a file comes after it, and `index.html`, which names all, at the end.
    naming.sort_by_key(|file| (file.path == INDEX, !file.content_type.starts_with("text/css")));
    rest.append(&mut naming);
    for mut file in rest {
        if file.path == INDEX {
            let (text, hash) = index(&with_names(&file, &names)?, &names)?;
            (file.bytes, page.script_hash) = (text.into_bytes(), hash);
        } else if names_others(&file.path) {
            file.bytes = with_names(&file, &names)?.into_bytes();
        } else if file.path == CONFIG
            && let Some(server) = server
        {
            file.bytes = config(server).into_bytes();
        }
        let name = if keeps_its_name(&file.path) { file.path.clone() } else { hashed(&file.path, &file.bytes) };
        names.insert(std::mem::replace(&mut file.path, name.clone()), name);
        page.files.push(file);
    }
    Ok(page)
}

fn names_others(path: &str) -> bool {
    [".html", ".css", ".webmanifest"].iter().any(|end| path.ends_with(end))
}

fn config(server: &str) -> String {
    format!(
        "// @ts-check\n/** Where this page finds its server: written by `waka site`. @type {{string}} */\nexport const SERVER = \"{server}\";\n"
    )
}

/// `draw/pac.js` becomes `draw/pac.0123456789abcdef.js`.
fn hashed(path: &str, bytes: &[u8]) -> String {
    use std::fmt::Write;

    let mut hash = String::new();
    for byte in &Sha256::digest(bytes)[..HASH_BYTES] {
        let _ = write!(hash, "{byte:02x}");
    }
    match path.rsplit_once('.') {
        Some((stem, end)) => format!("{stem}.{hash}.{end}"),
        None => format!("{path}.{hash}"),
    }
}

/// The file's text with every reference to another file by that one's new name.
fn with_names(file: &PageFile, names: &BTreeMap<String, String>) -> Result<String, SiteError> {
    let starts: &[&str] = match file.path.rsplit_once('.') {
        Some((_, "css")) => &["url(\""],
        Some((_, "html")) => &["href=\"", "src=\"", "property=\"og:image\" content=\""],
        _ => &["\"src\": \""],
    };
    let mut text = String::from_utf8_lossy(&file.bytes).into_owned();
    for start in starts {
        let mut parts = text.split(start);
        let mut written = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let asked = part.split('"').next().unwrap_or_default();
            let stays = asked.starts_with('#') || asked.starts_with("data:");
            let dangling = || SiteError::Dangling { file: file.path.clone(), asked: asked.to_owned() };
            let name = if stays { asked } else { names.get(asked).ok_or_else(dangling)? };
            written.extend([*start, name, &part[asked.len()..]]);
        }
        text = written;
    }
    Ok(text)
}

/// `index.html` with an import map, and all scripts named at once so that they are not found out one after another; and the map's hash.
fn index(text: &str, names: &BTreeMap<String, String>) -> Result<(String, String), SiteError> {
    let renamed = || names.iter().filter(|(path, name)| path != name && pages::is_script(path));
    let imports: BTreeMap<String, String> = renamed().map(|(path, name)| (format!("./{path}"), format!("./{name}"))).collect();
    let map = json!({ "imports": imports }).to_string();
    let hash = format!("sha256-{}", STANDARD.encode(Sha256::digest(map.as_bytes())));
    let preloads: Vec<String> = renamed().map(|(_, name)| format!("    <link rel=\"modulepreload\" href=\"{name}\" />\n")).collect();
    let (head, rest) = text.split_once("</title>\n").ok_or(SiteError::NoTitle)?;
    Ok((format!("{head}</title>\n    <script type=\"importmap\">{map}</script>\n{}{rest}", preloads.concat()), hash))
}
