//! Which encoding a text file has, and reading it as UTF-8. Streams; never holds the file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::DecodeError;
use super::error::Fault;

const BLOCK: usize = 64 << 10;

/// Recognises the encoding: a byte order mark, else UTF-16 by its zero bytes, else UTF-8 if all of it is valid, else what
/// the detector of a well-known browser makes of it.
pub(super) fn detect_encoding(path: &Path, file: &mut File) -> Result<&'static Encoding, DecodeError> {
    let fail = |source| DecodeError::io(path, source);
    let mut block = vec![0_u8; BLOCK];
    let first = fill(file, &mut block).map_err(fail)?;
    if let Some((encoding, _)) = Encoding::for_bom(&block[..first]) {
        return Ok(encoding);
    }
    if let Some(encoding) = recognise_utf16(&block[..first]) {
        return Ok(encoding);
    }
    file.seek(SeekFrom::Start(0)).map_err(fail)?;
    let mut check = Utf8Check::default();
    loop {
        let count = fill(file, &mut block).map_err(fail)?;
        if !check.accepts(&block[..count]) {
            break;
        }
        if count == 0 {
            return Ok(UTF_8);
        }
    }
    file.seek(SeekFrom::Start(0)).map_err(fail)?;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    loop {
        let count = fill(file, &mut block).map_err(fail)?;
        detector.feed(&block[..count], count == 0);
        if count == 0 {
            // The suppliers are in the United Kingdom: that decides between encodings that look alike.
            return Ok(detector.guess(Some(b"uk"), Utf8Detection::Deny));
        }
    }
}

fn fill(file: &mut File, block: &mut [u8]) -> std::io::Result<usize> {
    let mut count = 0;
    while count < block.len() {
        match file.read(&mut block[count..]) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

/// Latin text in UTF-16 has a zero in every other byte; no other text has any.
fn recognise_utf16(block: &[u8]) -> Option<&'static Encoding> {
    let head = &block[..block.len().min(4096)];
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if half < 2 {
        return None;
    }
    if odd * 10 > half * 6 && even * 10 < half {
        return Some(UTF_16LE);
    }
    if even * 10 > half * 6 && odd * 10 < half { Some(UTF_16BE) } else { None }
}

/// Checks UTF-8 block by block; a character may lie across two.
#[derive(Default)]
struct Utf8Check {
    carry: Vec<u8>,
}

impl Utf8Check {
    /// An empty block is the end, at which no character may be open.
    fn accepts(&mut self, block: &[u8]) -> bool {
        if block.is_empty() {
            return self.carry.is_empty();
        }
        let mut rest = block;
        while !self.carry.is_empty() {
            let Some((byte, tail)) = rest.split_first() else { return true };
            self.carry.push(*byte);
            rest = tail;
            match std::str::from_utf8(&self.carry) {
                Ok(_) => self.carry.clear(),
                Err(error) if error.error_len().is_some() => return false,
                Err(_) => {}
            }
        }
        match std::str::from_utf8(rest) {
            Ok(_) => true,
            Err(error) if error.error_len().is_some() => false,
            Err(error) => {
                self.carry = rest[error.valid_up_to()..].to_vec();
                true
            }
        }
    }
}

/// Reads bytes of an encoding as UTF-8, byte order mark removed. Fails where a byte is not of the encoding.
pub(super) struct Utf8Reader<R> {
    inner: R,
    decoder: Decoder,
    name: &'static str,
    input: Vec<u8>,
    start: usize,
    end: usize,
    consumed: u64,
    at_end: bool,
    finished: bool,
    pending: Vec<u8>,
    pending_start: usize,
}

impl<R: Read> Utf8Reader<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            name: encoding.name(),
            input: vec![0; BLOCK],
            start: 0,
            end: 0,
            consumed: 0,
            at_end: false,
            finished: false,
            pending: Vec::new(),
            pending_start: 0,
        }
    }

    fn decode_block(&mut self) -> std::io::Result<()> {
        if self.start == self.end && !self.at_end {
            (self.start, self.end) = (0, self.inner.read(&mut self.input)?);
            self.at_end = self.end == 0;
        }
        let source = &self.input[self.start..self.end];
        // Room for the worst case, so that the decoder never stops for lack of it.
        let room = self.decoder.max_utf8_buffer_length_without_replacement(source.len()).unwrap_or(BLOCK * 4);
        self.pending.resize(room.max(16), 0);
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(source, &mut self.pending, self.at_end);
        self.pending.truncate(written);
        self.pending_start = 0;
        self.start += read;
        self.consumed += u64::try_from(read).unwrap_or(0);
        match result {
            DecoderResult::Malformed(..) => Err(Fault::Encoding { encoding: self.name, byte: self.consumed }.into_io()),
            DecoderResult::InputEmpty => {
                self.finished = self.at_end;
                Ok(())
            }
            DecoderResult::OutputFull => Ok(()),
        }
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.pending_start == self.pending.len() {
            if self.finished {
                return Ok(0);
            }
            self.decode_block()?;
        }
        let ready = &self.pending[self.pending_start..];
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.pending_start += count;
        Ok(count)
    }
}

/// The text at the beginning of a file, at most `bytes` of it, for looking at. Stops silently where it is broken: the
/// real reading reports that.
pub(super) fn peek_text(file: File, encoding: &'static Encoding, bytes: usize) -> String {
    let mut reader = Utf8Reader::new(file, encoding);
    let mut text = vec![0_u8; bytes];
    let mut count = 0;
    while count < bytes {
        match reader.read(&mut text[count..]) {
            Ok(0) | Err(_) => break,
            Ok(more) => count += more,
        }
    }
    text.truncate(count);
    let valid = match std::str::from_utf8(&text) {
        Ok(_) => count,
        Err(error) => error.valid_up_to(),
    };
    text.truncate(valid);
    String::from_utf8(text).unwrap_or_default()
}
