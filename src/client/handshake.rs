//! How a client asks for a WebSocket over HTTP, and whether the answer is one. Pure.

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::http::Uri;

/// An answer that has no end within this is none.
const ANSWER_BYTES_MAX: usize = 8 * 1024;

pub(super) fn request(uri: &Uri, key: &str) -> String {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let (host, port) = (uri.host().unwrap_or_default(), uri.port_u16().map_or_else(String::new, |port| format!(":{port}")));
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: {key}\r\n\r\n"
    )
}

/// How long the answer is, once all of it has come and if it is the right one.
pub(super) fn answered(bytes: &[u8], key: &str) -> Result<Option<usize>, String> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if bytes.len() < ANSWER_BYTES_MAX { Ok(None) } else { Err("the answer has no end".to_owned()) };
    };
    let answer = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = answer.split("\r\n");
    let status = lines.next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("101") || !status.starts_with("HTTP/1.1 ") {
        return Err(format!("the answer is `{}`", status.chars().take(80).collect::<String>()));
    }
    let mut accepts = lines.filter_map(|line| line.split_once(':')).filter(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-accept"));
    if accepts.next().is_none_or(|(_, accept)| accept.trim() != derive_accept_key(key.as_bytes())) {
        return Err("the answer does not accept the key".to_owned());
    }
    Ok(Some(end + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6455.
    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
    const ANSWER: &str =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSEC-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    #[test]
    fn it_asks_for_the_path_at_the_host() {
        let request = |uri: &str| request(&uri.parse().unwrap(), KEY);
        assert!(request("ws://[::1]:8080/ws?format=json").starts_with("GET /ws?format=json HTTP/1.1\r\nHost: [::1]:8080\r\n"));
        let plain = request("ws://play.example");
        assert!(
            plain.starts_with("GET / HTTP/1.1\r\nHost: play.example\r\n") && plain.ends_with(&format!("-Key: {KEY}\r\n\r\n")),
            "{plain}"
        );
    }

    #[test]
    fn an_answer_is_waited_for_and_what_follows_it_is_not_of_it() {
        assert_eq!(answered(&ANSWER.as_bytes()[..ANSWER.len() - 1], KEY), Ok(None));
        assert_eq!(answered(format!("{ANSWER}\u{1}frame").as_bytes(), KEY), Ok(Some(ANSWER.len())));
    }

    #[test]
    fn another_answer_is_told() {
        for (answer, told) in [
            ("HTTP/1.1 404 Not Found\r\n\r\n".to_owned(), "404 Not Found"),
            (ANSWER.replace("HTTP/1.1", "HTTP/1.0"), "HTTP/1.0"),
            (ANSWER.replace("s3pP", "S3pP"), "does not accept"),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n".to_owned(), "does not accept"),
            ("x".repeat(ANSWER_BYTES_MAX), "has no end"),
        ] {
            let problem = answered(answer.as_bytes(), KEY).unwrap_err();
            assert!(problem.contains(told), "{told}: {problem}");
        }
    }
}
