//! What people write: names and chat lines, trimmed, counted and judged by their characters. HTML and the like is text here; the page shows it as such.
//!
//! Refused is what could hide, reorder or break text on other people's screens: control and format characters (bidi overrides among them), line
//! and paragraph separators, private and unassigned code points, and letters that look like nothing. A client's own check is a courtesy;
//! this one counts. `static/wire.js` does the same, held together by `tests/golden/text.json` (W2).

use unicode_properties::GeneralCategory;
use unicode_properties::UnicodeGeneralCategory;

use crate::wire::CHAT_CHARS_MAX;
use crate::wire::NAME_CHARS_MAX;

/// Assigned, neither space nor format, and yet blank: Hangul fillers and the empty Braille pattern.
const BLANKS: [char; 5] = ['\u{115F}', '\u{1160}', '\u{2800}', '\u{3164}', '\u{FFA0}'];

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    #[error("nothing in it can be seen")]
    Invisible,
    #[error("it is too long")]
    TooLong,
    #[error("it has a character that is not allowed")]
    Forbidden,
}

/// A player's name as it is shown: trimmed, 1 to [`NAME_CHARS_MAX`] characters.
pub fn name(text: &str) -> Result<&str, BadText> {
    judged(text, NAME_CHARS_MAX)
}

/// A chat line as it is shown: trimmed, 1 to [`CHAT_CHARS_MAX`] characters.
pub fn chat_line(text: &str) -> Result<&str, BadText> {
    judged(text, CHAT_CHARS_MAX)
}

fn judged(text: &str, chars_max: usize) -> Result<&str, BadText> {
    let text = text.trim();
    if text.chars().any(is_forbidden) {
        return Err(BadText::Forbidden);
    }
    if text.chars().count() > chars_max {
        return Err(BadText::TooLong);
    }
    if text.chars().any(is_seen) { Ok(text) } else { Err(BadText::Invisible) }
}

fn is_forbidden(character: char) -> bool {
    use GeneralCategory as Is;
    let hides = matches!(
        character.general_category(),
        Is::Control | Is::Format | Is::LineSeparator | Is::ParagraphSeparator | Is::PrivateUse | Is::Surrogate | Is::Unassigned
    );
    hides || BLANKS.contains(&character)
}

/// A space is not seen, and a mark only on something else.
fn is_seen(character: char) -> bool {
    use GeneralCategory as Is;
    !matches!(character.general_category(), Is::SpaceSeparator | Is::NonspacingMark | Is::EnclosingMark | Is::SpacingMark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_counted_in_characters() {
        assert_eq!(name("  모리 🍒 "), Ok("모리 🍒"));
        assert_eq!(name(&"가".repeat(NAME_CHARS_MAX)).map(str::len), Ok(3 * NAME_CHARS_MAX));
        assert_eq!(name(&"가".repeat(NAME_CHARS_MAX + 1)), Err(BadText::TooLong));
        assert_eq!(chat_line(&"가".repeat(CHAT_CHARS_MAX)).map(|line| line.chars().count()), Ok(CHAT_CHARS_MAX));
        assert_eq!(chat_line(&"a".repeat(CHAT_CHARS_MAX + 1)), Err(BadText::TooLong));
    }

    #[test]
    fn what_hides_or_reorders_text_is_refused() {
        for text in ["a\u{0}b", "a\nb", "a\u{7F}b", "a\u{202E}b", "a\u{2066}b", "a\u{200B}b", "a\u{2028}b", "a\u{2029}b", "a\u{E000}b"] {
            assert_eq!(name(text), Err(BadText::Forbidden), "{text:?}");
            assert_eq!(chat_line(text), Err(BadText::Forbidden), "{text:?}");
        }
        assert_eq!(name("\u{3164}"), Err(BadText::Forbidden));
        assert_eq!(name("a\u{0378}"), Err(BadText::Forbidden), "an unassigned code point");
    }

    #[test]
    fn something_must_be_seen() {
        for text in ["", "   ", "\u{3000}\u{A0}", "\u{301}\u{301}"] {
            assert_eq!(name(text), Err(BadText::Invisible), "{text:?}");
        }
    }
}
