//! What a line of chat says: words that somebody typed, or one of six quick phrases by its number.
//!
//! A phrase travels and is kept as its number, and every page shows it in the language of its reader. No words are here: they are the page's, and
//! PROTOCOL.md lists them for clients that have none of their own. Typed words are `names`' to judge.

use serde::Deserialize;
use serde::Serialize;

use crate::wire::names;
use crate::wire::names::BadText;

/// Phrases are numbered from 1 to this.
pub const PHRASES: u8 = 6;

/// The number of a quick phrase that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Phrase(u8);

/// What a line says; as a field of a message either `text` or `phrase`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Words {
    Text(String),
    Phrase(Phrase),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadWords {
    #[error("it needs either text or a phrase")]
    NotOne,
    #[error("phrases are 1 to 6")]
    NoSuchPhrase,
    #[error(transparent)]
    Text(#[from] BadText),
}

impl TryFrom<u8> for Phrase {
    type Error = BadWords;

    fn try_from(number: u8) -> Result<Self, BadWords> {
        if (1..=PHRASES).contains(&number) { Ok(Self(number)) } else { Err(BadWords::NoSuchPhrase) }
    }
}

impl From<Phrase> for u8 {
    fn from(phrase: Phrase) -> Self {
        phrase.0
    }
}

impl Words {
    /// What a client's line says: exactly one of the two.
    pub fn of(text: Option<&str>, phrase: Option<u8>) -> Result<Self, BadWords> {
        match (text, phrase) {
            (Some(text), None) => Ok(Self::Text(names::chat_line(text)?.to_owned())),
            (None, Some(number)) => Phrase::try_from(number).map(Self::Phrase),
            _ => Err(BadWords::NotOne),
        }
    }

    /// What was typed, if it was.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Phrase(_) => None,
        }
    }
}

/// What was typed, or `#4`, for logs and the like.
impl std::fmt::Display for Words {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Phrase(Phrase(number)) => write!(out, "#{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_either_text_or_one_of_six_phrases() {
        assert_eq!(Words::of(Some(" hi "), None), Ok(Words::Text("hi".to_owned())));
        assert_eq!(Words::of(Some("\u{202E}"), None), Err(BadWords::Text(BadText::Forbidden)));
        assert_eq!(Words::of(Some("hi"), Some(1)), Err(BadWords::NotOne));
        assert_eq!(Words::of(None, None), Err(BadWords::NotOne));
        for number in 0..=u8::MAX {
            let said = Words::of(None, Some(number));
            assert_eq!(said.is_ok(), (1..=6).contains(&number), "{number}");
        }
    }

    #[test]
    fn w1_no_other_number_is_read() {
        assert_eq!(serde_json::from_str::<Words>(r#"{"phrase":6}"#).ok(), Words::of(None, Some(6)).ok());
        assert_eq!(Words::of(None, Some(6)).unwrap().to_string(), "#6");
        for text in [r#"{"phrase":0}"#, r#"{"phrase":7}"#, r#"{"phrase":"1"}"#] {
            assert!(serde_json::from_str::<Words>(text).is_err(), "{text}");
        }
    }
}
