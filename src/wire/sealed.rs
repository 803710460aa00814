//! Plain data as bytes that outlive their process: a format version (u16), a checksum (crc32) of the rest, then postcard; numbers little endian.
//!
//! What is sealed, which versions there are and what is possible is for those to say who seal: `record` and `black_box`. Opening never panics and
//! rejects whatever follows (W1).

use std::ops::RangeInclusive;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) const HEAD_BYTES: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    Truncated,
    Checksum,
    UnknownVersion(u16),
    Malformed,
}

/// # Panics
/// Never: plain data in memory always serialises.
pub(super) fn seal<T: Serialize>(format: u16, data: &T) -> Vec<u8> {
    let mut bytes = postcard::to_extend(data, vec![0; HEAD_BYTES]).expect("plain data in memory always serialises");
    let checksum = crc32fast::hash(&bytes[HEAD_BYTES..]);
    bytes[..2].copy_from_slice(&format.to_le_bytes());
    bytes[2..HEAD_BYTES].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

pub(super) fn open<T: DeserializeOwned>(formats: RangeInclusive<u16>, bytes: &[u8]) -> Result<T, Broken> {
    let (&version, rest) = bytes.split_first_chunk().ok_or(Broken::Truncated)?;
    let (&checksum, body) = rest.split_first_chunk().ok_or(Broken::Truncated)?;
    // Before the version: bytes that nobody wrote must not pass for those of another release, which would be left alone for ever.
    if crc32fast::hash(body) != u32::from_le_bytes(checksum) {
        return Err(Broken::Checksum);
    }
    let version = u16::from_le_bytes(version);
    if !formats.contains(&version) {
        return Err(Broken::UnknownVersion(version));
    }
    let (data, trailing) = postcard::take_from_bytes::<T>(body).map_err(|_| Broken::Malformed)?;
    if trailing.is_empty() { Ok(data) } else { Err(Broken::Malformed) }
}
