//! The client's half of RFC 6455: frames of a server out of a buffer, masked ones into another. Pure; the socket is `connection`'s.
//!
//! A swarm reads twenty thousand frames a second, so a frame that came whole is read where it lies, and a buffer is as small as what usually comes. It grows for
//! the message that needs it, up to a limit, and is small again afterwards (Y2).

use std::ops::Range;

/// Room for a read: a list of players fits, of frames several.
const BUFFER_BYTES: usize = 1024;
/// Two bytes, and eight of a length.
const HEAD_BYTES_MAX: usize = 10;
/// What a control frame carries at most.
const CONTROL_BYTES_MAX: usize = 125;

const FIN: u8 = 0x80;
const RESERVED: u8 = 0x70;
const MASKED: u8 = 0x80;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

/// The server does not speak WebSocket, or more than a client bears.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

#[derive(Debug)]
pub(super) struct Reader {
    message_bytes_max: usize,
    buffer: Vec<u8>,
    /// What has come and is not yet read.
    unread: Range<usize>,
    /// The whole frame that is next, as far as its length is known.
    next_bytes: usize,
    /// The payload of the last message, in the buffer or in `parts`.
    payload: Range<usize>,
    is_joined: bool,
    /// A message in several frames, as far as it has come.
    parts: Vec<u8>,
    parts_of: Option<Kind>,
}

impl Reader {
    pub(super) fn new(message_bytes_max: usize) -> Self {
        Self {
            message_bytes_max,
            buffer: vec![0; BUFFER_BYTES],
            unread: 0..0,
            next_bytes: 0,
            payload: 0..0,
            is_joined: false,
            parts: Vec::new(),
            parts_of: None,
        }
    }

    /// Where to read to; never empty.
    pub(super) fn room(&mut self) -> &mut [u8] {
        let needed_bytes = self.next_bytes.max(self.unread.len() + 1);
        if self.unread.start > 0 {
            self.buffer.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
        }
        if self.unread.is_empty() && self.buffer.len() > BUFFER_BYTES && needed_bytes <= BUFFER_BYTES {
            self.buffer = vec![0; BUFFER_BYTES];
        }
        if self.buffer.len() < needed_bytes {
            self.buffer.resize(needed_bytes.next_power_of_two(), 0);
        }
        &mut self.buffer[self.unread.end..]
    }

    /// So many bytes have been read there.
    pub(super) fn filled(&mut self, bytes: usize) {
        self.unread.end += bytes;
    }

    pub(super) fn unread(&self) -> &[u8] {
        &self.buffer[self.unread.clone()]
    }

    /// The first so many unread bytes were no frames.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.unread.start += bytes;
    }

    /// The next message, if it has come whole; its payload is there until the next call.
    pub(super) fn next(&mut self) -> Result<Option<Kind>, Broken> {
        while let Some((first, payload)) = self.next_frame()? {
            let is_last = first & FIN != 0;
            let kind = match first & 0x0f {
                0 => None,
                1 => Some(Kind::Text),
                2 => Some(Kind::Binary),
                8 => Some(Kind::Close),
                9 => Some(Kind::Ping),
                10 => Some(Kind::Pong),
                _ => return Err(Broken),
            };
            let is_control = first & 0x08 != 0;
            if is_control && (!is_last || payload.len() > CONTROL_BYTES_MAX) {
                return Err(Broken);
            }
            if is_control || self.parts_of.is_none() && is_last && kind.is_some() {
                (self.payload, self.is_joined) = (payload, false);
                return Ok(kind);
            }
            // The first frame names the kind, the others go on with it.
            match (kind, self.parts_of) {
                (Some(kind), None) => {
                    self.parts.clear();
                    self.parts_of = Some(kind);
                }
                (None, Some(_)) => {}
                _ => return Err(Broken),
            }
            if self.parts.len() + payload.len() > self.message_bytes_max {
                return Err(Broken);
            }
            self.parts.extend_from_slice(&self.buffer[payload]);
            if is_last {
                self.is_joined = true;
                return Ok(self.parts_of.take());
            }
        }
        Ok(None)
    }

    pub(super) fn payload(&self) -> &[u8] {
        if self.is_joined { &self.parts } else { &self.buffer[self.payload.clone()] }
    }

    /// The first byte of the next frame and where its payload lies, if it is all there.
    fn next_frame(&mut self) -> Result<Option<(u8, Range<usize>)>, Broken> {
        let unread = &self.buffer[self.unread.clone()];
        self.next_bytes = HEAD_BYTES_MAX;
        let &[first, second, ref rest @ ..] = unread else { return Ok(None) };
        if first & RESERVED != 0 || second & MASKED != 0 {
            return Err(Broken);
        }
        let (length_bytes, payload_bytes) = match second {
            126 => (2, rest.first_chunk().map(|bytes| u64::from(u16::from_be_bytes(*bytes)))),
            127 => (8, rest.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))),
            short => (0, Some(u64::from(short))),
        };
        let Some(payload_bytes) = payload_bytes else { return Ok(None) };
        let payload_bytes = usize::try_from(payload_bytes).ok().filter(|bytes| *bytes <= self.message_bytes_max).ok_or(Broken)?;
        let head_bytes = 2 + length_bytes;
        self.next_bytes = head_bytes + payload_bytes;
        if unread.len() < self.next_bytes {
            return Ok(None);
        }
        let payload = self.unread.start + head_bytes..self.unread.start + self.next_bytes;
        self.unread.start = payload.end;
        self.next_bytes = 0;
        Ok(Some((first, payload)))
    }
}

/// The code of a close frame, if it has one.
pub(super) fn close_code(payload: &[u8]) -> Option<u16> {
    payload.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

/// Appends a frame as clients send it.
pub(super) fn put(out: &mut Vec<u8>, kind: Kind, payload: &[u8], mask: [u8; 4]) {
    let code = match kind {
        Kind::Text => 1,
        Kind::Binary => 2,
        Kind::Close => 8,
        Kind::Ping => 9,
        Kind::Pong => 10,
    };
    out.push(FIN | code);
    match payload.len() {
        short @ ..126 => out.push(MASKED | short as u8),
        middle @ ..0x1_0000 => {
            out.push(MASKED | 0x7e);
            out.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            out.push(MASKED | 0x7f);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(&mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match payload.len() {
            short @ ..126 => frame.push(short as u8),
            middle @ ..0x1_0000 => frame.extend([&[126], &(middle as u16).to_be_bytes()[..]].concat()),
            long => frame.extend([&[127], &(long as u64).to_be_bytes()[..]].concat()),
        }
        frame.extend(payload);
        frame
    }

    /// Everything read from `bytes` when they come in chunks of this size.
    fn read(bytes: &[u8], chunk: usize) -> Result<Vec<(Kind, Vec<u8>)>, Broken> {
        let mut reader = Reader::new(100_000);
        let (mut all, mut rest) = (Vec::new(), bytes);
        loop {
            while let Some(kind) = reader.next()? {
                all.push((kind, reader.payload().to_vec()));
            }
            let room = reader.room();
            let count = chunk.min(room.len()).min(rest.len());
            if count == 0 {
                return Ok(all);
            }
            room[..count].copy_from_slice(&rest[..count]);
            reader.filled(count);
            rest = &rest[count..];
        }
    }

    #[test]
    fn frames_of_every_length_are_read_however_they_are_cut() {
        let payload = |bytes: usize| (0..bytes).map(|at| at as u8).collect::<Vec<_>>();
        let lengths = [0, 1, 125, 126, 1023, 1024, 65_535, 65_536, 5];
        let bytes: Vec<u8> = lengths.iter().flat_map(|bytes| frame(0x82, &payload(*bytes))).collect();
        for chunk in [1, 7, 1000, usize::MAX] {
            let wanted: Vec<_> = lengths.iter().map(|bytes| (Kind::Binary, payload(*bytes))).collect();
            assert!(read(&bytes, chunk) == Ok(wanted), "in chunks of {chunk}");
        }
    }

    #[test]
    fn a_message_in_parts_is_joined_around_a_ping() {
        let bytes = [frame(0x01, b"he"), frame(0x89, b"?"), frame(0x00, b"ll"), frame(0x80, b"o"), frame(0x88, &[0x0f, 0xa0])].concat();
        let heard = read(&bytes, 3).unwrap();
        let wanted = [(Kind::Ping, b"?".to_vec()), (Kind::Text, b"hello".to_vec()), (Kind::Close, vec![0x0f, 0xa0])];
        assert_eq!((heard.as_slice(), close_code(&heard[2].1), close_code(&[])), (&wanted[..], Some(4000), None));
    }

    #[test]
    fn what_no_server_may_send_is_the_end() {
        let too_long = [&[0x82, 127][..], &u64::MAX.to_be_bytes()].concat();
        let masked = vec![0x82, 0x81, 1, 2, 3, 4, 5];
        let parts = [frame(0x02, &vec![0; 60_000]), frame(0x80, &vec![0; 60_000])].concat();
        let two_at_once = [frame(0x01, b"a"), frame(0x81, b"b")].concat();
        for bytes in [
            too_long,
            masked,
            parts,
            two_at_once,
            frame(0xc2, b""),
            frame(0x83, b""),
            frame(0x80, b""),
            frame(0x09, b""),
            frame(0x89, &[0; 126]),
        ] {
            assert_eq!(read(&bytes, usize::MAX), Err(Broken), "{:02x?}", &bytes[..2]);
        }
    }

    #[test]
    fn the_buffer_is_small_again_after_a_long_message() {
        let mut reader = Reader::new(100_000);
        for bytes in [frame(0x81, &vec![b'a'; 90_000]), frame(0x81, b"b")] {
            let mut rest = &bytes[..];
            while reader.next() == Ok(None) {
                let room = reader.room();
                let count = room.len().min(rest.len());
                room[..count].copy_from_slice(&rest[..count]);
                reader.filled(count);
                rest = &rest[count..];
            }
        }
        assert_eq!((reader.payload(), reader.buffer.len()), (&b"b"[..], BUFFER_BYTES));
    }

    #[test]
    fn what_is_put_is_masked() {
        let mut out = Vec::new();
        put(&mut out, Kind::Text, b"abcde", [1, 2, 4, 8]);
        assert_eq!(out, [0x81, 0x85, 1, 2, 4, 8, b'a' ^ 1, b'b' ^ 2, b'c' ^ 4, b'd' ^ 8, b'e' ^ 1]);
        for (bytes, head) in [(126, [0xfe, 0, 126]), (70_000, [0xff, 0, 0])] {
            out.clear();
            put(&mut out, Kind::Pong, &vec![0; bytes], [0; 4]);
            assert_eq!((&out[1..4], out[0]), (&head[..], 0x8a));
        }
    }
}
