//! Which pages may open a WebSocket. Pure.
//!
//! A browser always names its page's origin; without a list only the page's own is let in, which is the host that the request was sent to. A program
//! sends none and is let in: it has no cookies of a victim to abuse, and could invent one anyway.

/// Scheme, host and port, lower case, the scheme's own port left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    authority: String,
}

impl Origin {
    /// `https://play.example` or `http://localhost:8080`, as browsers send it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
        let known = scheme == "http" || scheme == "https";
        if !known || authority.is_empty() || !authority.bytes().all(allowed) {
            return None;
        }
        let authority = without_own_port(&scheme, authority);
        Some(Self { scheme, authority })
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}://{}", self.scheme, self.authority)
    }
}

/// Whether a WebSocket may be opened by a page of `origin` (as the header says it) on a request to `host`.
#[must_use]
pub fn is_allowed(origin: Option<&str>, host: Option<&str>, list: &[Origin]) -> bool {
    let Some(text) = origin else { return true };
    let Some(origin) = Origin::parse(text) else { return false };
    if list.is_empty() {
        host.is_some_and(|host| without_own_port(&origin.scheme, host) == origin.authority)
    } else {
        list.contains(&origin)
    }
}

fn without_own_port(scheme: &str, authority: &str) -> String {
    let own = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.to_ascii_lowercase();
    authority.strip_suffix(own).map(str::to_owned).unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_connects_to_its_own_host() {
        for (origin, host) in [
            ("http://localhost:8080", "localhost:8080"),
            ("https://Play.example", "play.EXAMPLE"),
            ("https://play.example", "play.example:443"),
            ("http://play.example:80", "play.example"),
            ("http://[::1]:8080", "[::1]:8080"),
        ] {
            assert!(is_allowed(Some(origin), Some(host), &[]), "{origin} at {host}");
        }
        for (origin, host) in [
            ("http://evil.example", "play.example"),
            ("http://localhost:8081", "localhost:8080"),
            ("null", "localhost"),
            ("", "localhost"),
            ("file://", "localhost"),
            ("http://play.example.evil.example", "play.example"),
            ("https://play.example", "play.example:80"),
        ] {
            assert!(!is_allowed(Some(origin), Some(host), &[]), "{origin} at {host}");
        }
        assert!(!is_allowed(Some("http://localhost"), None, &[]));
    }

    #[test]
    fn a_program_without_origin_connects() {
        assert!(is_allowed(None, Some("localhost"), &[]));
    }

    #[test]
    fn a_list_takes_the_place_of_the_own_host() {
        let list = [Origin::parse("https://play.example").expect("an origin")];
        assert!(is_allowed(Some("https://play.example"), Some("backend:8080"), &list));
        assert!(!is_allowed(Some("http://play.example"), Some("backend:8080"), &list));
        assert!(!is_allowed(Some("http://backend:8080"), Some("backend:8080"), &list));
        assert!(Origin::parse("play.example").is_none() && Origin::parse("https://play.example/path").is_none());
    }
}
