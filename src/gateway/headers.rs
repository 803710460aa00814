//! What every answer says to the browser about itself: trust nothing that does not come from here.
//!
//! The policy allows the page its own scripts, styles, images and its own WebSocket, which `connect-src 'self'` covers in current browsers (CSP 3).
//! No inline script or style, no frame, no form, no other host.

use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; manifest-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// What a page says that is served by somebody else: the same, but for one inline script (an import map, named by its hash) and, if `server` is not the
/// page's own, a WebSocket and questions to that.
#[must_use]
pub fn of_a_page_elsewhere(script_hash: &str, server: Option<&str>) -> Vec<(String, String)> {
    let connect = server.map_or_else(String::new, |server| format!(" {server} {}", server.replacen("ws", "http", 1)));
    let policy = POLICY
        .replace("script-src 'self'", &format!("script-src 'self' '{script_hash}'"))
        .replace("connect-src 'self'", &format!("connect-src 'self'{connect}"));
    let say = |(name, value): (HeaderName, &str)| {
        let is_policy = name == header::CONTENT_SECURITY_POLICY;
        (name.to_string(), if is_policy { policy.clone() } else { value.to_owned() })
    };
    HEADERS.into_iter().map(say).collect()
}

/// What says nothing to a browser about a file that is no document. The page has some seventy of these, and headers are not compressed.
const FOR_DOCUMENTS: [&str; 4] = ["content-security-policy", "permissions-policy", "cross-origin-opener-policy", "x-frame-options"];

/// Puts them on an answer.
pub async fn secure(mut response: Response) -> Response {
    put(response.headers_mut());
    response
}

fn put(headers: &mut HeaderMap) {
    let is_part = is_part_of_a_page(headers.get(header::CONTENT_TYPE));
    for (name, value) in HEADERS {
        if !(is_part && FOR_DOCUMENTS.contains(&name.as_str())) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// Scripts, styles and pixels. An SVG can be opened as a document and have scripts of its own, so it is none of them.
fn is_part_of_a_page(content_type: Option<&HeaderValue>) -> bool {
    let kind = content_type.and_then(|kind| kind.to_str().ok()).and_then(|kind| kind.split(';').next());
    matches!(kind, Some("text/javascript" | "text/css" | "image/png"))
}
