//! Which encoding a text file has, and reading it as UTF-8. Streams; never holds the file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::DecodeError;
use super::error::Fault;
use super::source::Source;

const BLOCK: usize = 256 << 10;

/// How a text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextForm {
    encoding: &'static Encoding,
    /// What it is called.
    pub(super) name: &'static str,
    pub(super) byte_order_mark: bool,
}

impl TextForm {
    const fn of(encoding: &'static Encoding, name: &'static str, byte_order_mark: bool) -> Self {
        Self { encoding, name, byte_order_mark }
    }

    /// What a layout declares, where it does.
    pub(super) fn declared(label: &str) -> Option<Self> {
        Encoding::for_label(label.as_bytes()).map(|encoding| Self::of(encoding, encoding.name(), false))
    }

    /// Reads the text as UTF-8 without its byte order mark. What is UTF-8 already is passed on as it is.
    pub(super) fn reader(self, source: &Source) -> Result<Box<dyn Read + Send>, DecodeError> {
        let mut reader = source.reader()?;
        if self.encoding != UTF_8 {
            return Ok(Box::new(Utf8Reader::new(reader, self.encoding)));
        }
        if self.byte_order_mark {
            let mut mark = [0_u8; 3];
            reader.read_exact(&mut mark).map_err(|error| DecodeError::io(&source.path, error))?;
        }
        Ok(Box::new(reader))
    }
}

/// Recognises the encoding: a byte order mark, else UTF-16 by its zero bytes, else UTF-8 if all of it is valid, else what
/// the detector of a well-known browser makes of it. Reads the whole text, so that one late letter is not misread.
pub(super) fn detect_encoding(source: &Source) -> Result<TextForm, DecodeError> {
    let mut file = source.open()?;
    let fail = |error| DecodeError::io(&source.path, error);
    let mut block = vec![0_u8; BLOCK];
    let first = fill(&mut file, &mut block).map_err(fail)?;
    if let Some((encoding, _)) = Encoding::for_bom(&block[..first])
        && encoding != UTF_8
    {
        return Ok(TextForm::of(encoding, encoding.name(), true));
    }
    let marked = block[..first].starts_with(b"\xEF\xBB\xBF");
    if let Some(encoding) = recognise_utf16(&block[..first]) {
        return Ok(TextForm::of(encoding, encoding.name(), false));
    }
    let mut check = Utf8Check::default();
    let (mut count, mut checked) = (first, 0_u64);
    loop {
        if let Err(valid) = check.accepts(&block[..count]) {
            // Letters that are valid UTF-8 do not come about by chance: some bytes are broken, and the text is not of
            // another encoding, in which the good letters would become nonsense.
            if marked || is_mostly_utf8(&mut file, &mut block).map_err(fail)? {
                let byte = checked + u64::try_from(valid).unwrap_or(0);
                return Err(DecodeError::Encoding { file: source.name.clone(), encoding: "UTF-8", byte });
            }
            break;
        }
        if count == 0 {
            return Ok(TextForm::of(UTF_8, UTF_8.name(), marked));
        }
        checked += u64::try_from(count).unwrap_or(0);
        count = fill(&mut file, &mut block).map_err(fail)?;
    }
    let found = detect_legacy(&mut file, &mut block).map_err(fail)?;
    found.ok_or_else(|| DecodeError::Letters { file: source.name.clone() })
}

/// Whether a text that is not UTF-8 throughout has at least as many letters outside ASCII that are as bytes that are not.
fn is_mostly_utf8(file: &mut File, block: &mut [u8]) -> std::io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let (mut letters, mut broken) = (0_u64, 0_u64);
    loop {
        // A letter that lies across two blocks may count as broken.
        let count = fill(file, block)?;
        if count == 0 {
            return Ok(letters > 0 && letters >= broken);
        }
        for chunk in block[..count].utf8_chunks() {
            let wide = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            letters += u64::try_from(wide).unwrap_or(0);
            broken += u64::from(!chunk.invalid().is_empty());
        }
    }
}

/// Signs that Windows-1252 has where DOS and Macintosh encodings have letters: inside a word they are out of place.
fn is_misplaced(window: &[u8]) -> bool {
    let [before, sign, after] = window else { return false };
    // Apostrophes, dashes, an ellipsis and the letters among these signs may stand in a word.
    let is_sign = matches!(sign, 0x80..=0x9F)
        && !matches!(sign, 0x85 | 0x8A | 0x8C | 0x8E | 0x91 | 0x92 | 0x96 | 0x97 | 0x9A | 0x9C | 0x9E | 0x9F);
    is_sign && before.is_ascii_alphabetic() && after.is_ascii_lowercase()
}

/// A single-byte encoding, of which only statistics tell. ISO-8859-1 is the part of Windows-1252 without its own signs.
/// Nothing where the text would make no sense in what is recognised.
fn detect_legacy(file: &mut File, block: &mut [u8]) -> std::io::Result<Option<TextForm>> {
    file.seek(SeekFrom::Start(0))?;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut has_windows_signs = false;
    let (mut high, mut misplaced) = (0, 0);
    loop {
        let count = fill(file, block)?;
        has_windows_signs = has_windows_signs || block[..count].iter().any(|byte| (0x80..0xA0).contains(byte));
        high += block[..count].iter().filter(|byte| !byte.is_ascii()).count();
        misplaced += block[..count].windows(3).filter(|window| is_misplaced(window)).count();
        detector.feed(&block[..count], count == 0);
        if count == 0 {
            break;
        }
    }
    // The suppliers are in the United Kingdom: that decides between encodings that look alike.
    let encoding = detector.guess(Some(b"uk"), Utf8Detection::Deny);
    if encoding == WINDOWS_1252 && misplaced > 0 && misplaced * 10 >= high {
        return Ok(None);
    }
    let name = if encoding == WINDOWS_1252 && !has_windows_signs { "ISO-8859-1" } else { encoding.name() };
    Ok(Some(TextForm::of(encoding, name, false)))
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
    /// An empty block is the end, at which no character may be open. The error is where in the block it goes wrong.
    fn accepts(&mut self, block: &[u8]) -> Result<(), usize> {
        if block.is_empty() {
            return if self.carry.is_empty() { Ok(()) } else { Err(0) };
        }
        let mut rest = block;
        while !self.carry.is_empty() {
            let Some((byte, tail)) = rest.split_first() else { return Ok(()) };
            self.carry.push(*byte);
            rest = tail;
            match std::str::from_utf8(&self.carry) {
                Ok(_) => self.carry.clear(),
                Err(error) if error.error_len().is_some() => return Err(0),
                Err(_) => {}
            }
        }
        match std::str::from_utf8(rest) {
            Ok(_) => Ok(()),
            Err(error) if error.error_len().is_some() => Err(block.len() - rest.len() + error.valid_up_to()),
            Err(error) => {
                self.carry = rest[error.valid_up_to()..].to_vec();
                Ok(())
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
