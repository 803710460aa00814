//! Plain data as bytes that outlive their process: a format version (u16), a checksum (crc32) of it and the body, then the body as postcard; numbers
//! little endian.
//!
//! What is sealed, which versions there are and what is possible is for those to say who seal: `record` and `black_box`. Opening never panics and
//! rejects whatever follows (W1).

use std::ops::RangeInclusive;

use postcard::ser_flavors::Flavor;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) const HEAD_BYTES: usize = 6;
/// A full maze's record fits, so that it is not moved while it grows.
const USUAL_BYTES: usize = 2048;

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
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    bytes.resize(HEAD_BYTES, 0);
    let mut bytes = append(data, bytes);
    put_head(format, &mut bytes);
    bytes
}

/// `data` as postcard behind what is there.
///
/// # Panics
/// Never: plain data in memory always serialises.
pub(super) fn append<T: Serialize>(data: &T, bytes: Vec<u8>) -> Vec<u8> {
    postcard::serialize_with_flavor(data, Appended(bytes)).expect("plain data in memory always serialises")
}

/// Postcard's own way behind bytes that are there (`to_extend`) asks the vector for room at each byte, which took half the time of a record.
struct Appended(Vec<u8>);

impl Flavor for Appended {
    type Output = Vec<u8>;

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// Writes version and checksum before a body that is there already.
///
/// # Panics
/// When `bytes` are shorter than a head.
pub(super) fn put_head(format: u16, bytes: &mut [u8]) {
    let version = format.to_le_bytes();
    let checksum = checksum(version, &bytes[HEAD_BYTES..]);
    bytes[..2].copy_from_slice(&version);
    bytes[2..HEAD_BYTES].copy_from_slice(&checksum.to_le_bytes());
}

/// Over the version too: a bit that flips there must not pass for another release, whose records are left alone for ever.
fn checksum(version: [u8; 2], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&version);
    hasher.update(body);
    hasher.finalize()
}

pub(super) fn open<T: DeserializeOwned>(formats: RangeInclusive<u16>, bytes: &[u8]) -> Result<T, Broken> {
    let (&version, rest) = bytes.split_first_chunk().ok_or(Broken::Truncated)?;
    let (&sum, body) = rest.split_first_chunk().ok_or(Broken::Truncated)?;
    // Before the version: bytes that nobody wrote must not pass for those of another release, which would be left alone for ever.
    if checksum(version, body) != u32::from_le_bytes(sum) {
        return Err(Broken::Checksum);
    }
    let version = u16::from_le_bytes(version);
    if !formats.contains(&version) {
        return Err(Broken::UnknownVersion(version));
    }
    let (data, trailing) = postcard::take_from_bytes::<T>(body).map_err(|_| Broken::Malformed)?;
    if trailing.is_empty() { Ok(data) } else { Err(Broken::Malformed) }
}
