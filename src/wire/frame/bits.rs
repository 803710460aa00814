//! Bits in and out, most significant first: a hexadecimal dump of a frame reads from left to right like its table in PROTOCOL.md.
//!
//! Fields are at most 32 bits. A reader borrows the message and allocates nothing; padding up to a byte must be zero, so that every frame has
//! exactly one spelling (W1).

use crate::wire::frame::FrameError;

#[derive(Debug)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    held: u64,
    held_bits: u32,
}

impl BitWriter {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), held: 0, held_bits: 0 }
    }

    /// The lower `bits` of `value`; a value that does not fit is written as the largest that does, so that encoding has no way to fail.
    pub(super) fn put(&mut self, value: impl Into<u32>, bits: u32) {
        let largest = u32::MAX >> (32 - bits);
        self.held = self.held << bits | u64::from(value.into().min(largest));
        self.held_bits += bits;
        while self.held_bits >= 8 {
            self.held_bits -= 8;
            self.bytes.push((self.held >> self.held_bits) as u8);
        }
    }

    /// Zeros up to the next whole byte.
    pub(super) fn pad(&mut self) {
        if self.held_bits > 0 {
            self.put(0_u32, 8 - self.held_bits);
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.pad();
        self.bytes
    }
}

#[derive(Debug)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    next_byte: usize,
    held: u64,
    held_bits: u32,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, next_byte: 0, held: 0, held_bits: 0 }
    }

    pub(super) fn take(&mut self, bits: u32) -> Result<u32, FrameError> {
        while self.held_bits < bits {
            let byte = *self.bytes.get(self.next_byte).ok_or(FrameError::Truncated)?;
            self.held = self.held << 8 | u64::from(byte);
            self.held_bits += 8;
            self.next_byte += 1;
        }
        self.held_bits -= bits;
        Ok((self.held >> self.held_bits) as u32 & u32::MAX >> (32 - bits))
    }

    pub(super) fn take_u8(&mut self, bits: u32) -> Result<u8, FrameError> {
        Ok(self.take(bits)? as u8)
    }

    pub(super) fn take_flag(&mut self) -> Result<bool, FrameError> {
        Ok(self.take(1)? == 1)
    }

    /// Skips to the next whole byte and tells where it is.
    pub(super) fn pad(&mut self) -> Result<usize, FrameError> {
        if self.held_bits > 0 && self.take(self.held_bits)? != 0 {
            return Err(FrameError::Invalid("padding"));
        }
        Ok(self.next_byte)
    }
}
