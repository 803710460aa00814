//! The page and its files: from the binary, or from a folder for those who work on it.
//!
//! Every answer carries an `ETag` or a date and is asked for again each time (`no-cache`): names do not change with contents, so an old file must never
//! meet a new one. A file of the binary is found by its exact name only, and scripts leave without their comments (`lean`); a folder is served by
//! tower-http as it is, which leaves no way out of it.

use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::Uri;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::any;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::EmbeddedFile;
use rust_embed::RustEmbed;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::gateway::lean;
use crate::gateway::origin::Origin;

/// A file whose `Cache-Control` this is may be kept, and is asked for again each time.
pub const ASK_AGAIN: &str = "no-cache";

/// What of the folder is no part of the page that players load: it is `ops`' to say who gets it.
const OF_OPERATORS: &str = "ops/";

/// What stands before the picture's name.
const PICTURE: &str = "property=\"og:image\" content=\"";

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// A file of the page in the binary.
pub struct PageFile {
    /// Below the page's address, without a slash before it.
    pub path: String,
    pub bytes: Vec<u8>,
    pub content_type: String,
}

/// All of them as they are sent, by path.
pub fn files() -> Vec<PageFile> {
    let mut files: Vec<PageFile> = sources().map(|file| PageFile { bytes: sent(&file.path, &file.bytes), ..file }).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// All of them as they were written.
pub(super) fn sources() -> impl Iterator<Item = PageFile> {
    Files::iter().filter(|path| !path.starts_with(OF_OPERATORS)).filter_map(|path| {
        let file = Files::get(&path)?;
        Some(PageFile { content_type: content_type(&file), bytes: file.data.into_owned(), path: path.into_owned() })
    })
}

/// Whether a path of the page's is one of its modules.
pub fn is_script(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "js")
}

/// What leaves of a file.
fn sent(path: &str, bytes: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(script) if is_script(path) => lean::without_comments(script).into_bytes(),
        _ => bytes.to_vec(),
    }
}

fn content_type(file: &EmbeddedFile) -> String {
    let kind = file.metadata.mimetype();
    if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}

/// Everything that is no other route.
pub fn router<S: Clone + Send + Sync + 'static>(folder: Option<&Path>) -> Router<S> {
    match folder {
        Some(folder) => Router::new()
            .fallback_service(ServeDir::new(folder))
            .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static(ASK_AGAIN))),
        None => Router::new().fallback(embedded),
    }
}

/// The operator's page, below `/ops/`.
pub fn of_operators<S: Clone + Send + Sync + 'static>(folder: Option<&Path>) -> Router<S> {
    let paths = ["/ops/", "/ops/{*file}"];
    let router = match folder {
        Some(folder) => paths.iter().fold(Router::new(), |router, path| router.route_service(path, ServeDir::new(folder))),
        None => paths.iter().fold(Router::new(), |router, path| router.route(path, any(embedded_for_operators))),
    };
    router.layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static(ASK_AGAIN)))
}

async fn embedded(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    if path.starts_with(OF_OPERATORS) {
        return StatusCode::NOT_FOUND.into_response();
    }
    found(path, &method, &headers)
}

async fn embedded_for_operators(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = if path == OF_OPERATORS { "ops/index.html" } else { path };
    found(path, &method, &headers)
}

fn found(path: &str, method: &Method, headers: &HeaderMap) -> Response {
    let Some(file) = Files::get(path) else { return StatusCode::NOT_FOUND.into_response() };
    if *method != Method::GET && *method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET,HEAD")]).into_response();
    }
    answer(path, &file, headers)
}

fn answer(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    // Weak, because the same file leaves compressed in several ways.
    let hash = URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..12]);
    let tag = format!("W/\"{hash}\"");
    let is_known = text(headers, header::IF_NONE_MATCH).is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let cached = [(header::ETAG, tag), (header::CACHE_CONTROL, ASK_AGAIN.to_owned())];
    if is_known {
        return (StatusCode::NOT_MODIFIED, cached).into_response();
    }
    let bytes = if path == "index.html" { with_picture(&file.data, asked_at(headers).as_ref()) } else { sent(path, &file.data) };
    (cached, [(header::CONTENT_TYPE, content_type(file))], Body::from(bytes)).into_response()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Where the client has the page from, as far as he or a proxy says so.
fn asked_at(headers: &HeaderMap) -> Option<Origin> {
    let scheme = headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok()).unwrap_or("http");
    Origin::parse(&format!("{scheme}://{}", text(headers, header::HOST)?))
}

/// The page with the whole address of its picture: who draws the preview of a link often takes no other.
fn with_picture(page: &[u8], origin: Option<&Origin>) -> Vec<u8> {
    match (std::str::from_utf8(page), origin) {
        (Ok(page), Some(origin)) => page.replacen(PICTURE, &format!("{PICTURE}{origin}/"), 1).into_bytes(),
        _ => page.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preview_of_a_link_names_its_picture_wholly() {
        let page = Files::get("index.html").expect("the page").data;
        let picture = |host: &str, scheme: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).expect("a value"));
            scheme.map(|scheme| headers.insert("x-forwarded-proto", HeaderValue::from_str(scheme).expect("a value")));
            let page = String::from_utf8(with_picture(&page, asked_at(&headers).as_ref())).expect("text");
            page.split(PICTURE).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
        };
        assert_eq!(picture("play.example", Some("https")).as_deref(), Some("https://play.example/icon-512.png"));
        assert_eq!(picture("localhost:8080", None).as_deref(), Some("http://localhost:8080/icon-512.png"));
        for (host, scheme) in [("a\"><script>", None), ("play.example/x", None), ("play.example", Some("javascript"))] {
            assert_eq!(picture(host, scheme).as_deref(), Some("icon-512.png"), "{host}");
        }
        assert!(Files::get("icon-512.png").is_some());
    }
}
