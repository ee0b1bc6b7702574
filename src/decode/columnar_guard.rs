//! Walks through the skeleton of Parquet and Arrow files before their readers do: every length that is declared must fit
//! into the file, and what unpacks must stay under the limits. The readers would first ask for the memory.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use arrow::ipc::{BodyCompressionMethod, root_as_message};

use super::DecodeLimits;
use super::archive::RATIO_FROM_BYTES;

/// Metadata of a file; real ones have some kilobytes.
const METADATA_BYTES: u64 = 16 << 20;
/// Elements of one list in a Parquet footer: columns, row groups, encodings.
const LIST_ITEMS: u64 = 1 << 20;
const DEPTH: usize = 32;

/// Checks a Parquet file's footer. Errors are for people.
pub(super) fn check_parquet(file: &mut File) -> Result<(), String> {
    let size = file.seek(SeekFrom::End(0)).map_err(|error| error.to_string())?;
    if size < 12 {
        return Err("it is cut short".to_owned());
    }
    let mut tail = [0_u8; 8];
    file.seek(SeekFrom::End(-8)).and_then(|_| file.read_exact(&mut tail)).map_err(|error| error.to_string())?;
    let length = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    match &tail[4..] {
        b"PAR1" => {}
        b"PARE" => return Err("it is encrypted".to_owned()),
        _ => return Err("it is cut short".to_owned()),
    }
    if length > METADATA_BYTES || length + 12 > size {
        return Err(format!("its footer declares {length} bytes"));
    }
    let mut footer = Vec::new();
    file.seek(SeekFrom::Start(size - 8 - length)).map_err(|error| error.to_string())?;
    file.take(length).read_to_end(&mut footer).map_err(|error| error.to_string())?;
    let mut thrift = Thrift { bytes: &footer };
    thrift.skip_struct(0).ok_or_else(|| "its footer is damaged".to_owned())
}

/// Thrift's compact protocol, read past without understanding it. Nothing: it does not fit.
struct Thrift<'a> {
    bytes: &'a [u8],
}

impl Thrift<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn skip(&mut self, count: u64) -> Option<()> {
        self.bytes = self.bytes.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn skip_struct(&mut self, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        loop {
            let header = self.byte()?;
            if header == 0 {
                return Some(());
            }
            if header >> 4 == 0 {
                self.number()?;
            }
            // A boolean's value lies in its type.
            if !matches!(header & 0x0F, 1 | 2) {
                self.skip_value(header & 0x0F, depth)?;
            }
        }
    }

    fn skip_value(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            1..=3 => self.skip(1),
            4..=6 => self.number().map(|_| ()),
            7 => self.skip(8),
            8 => {
                let length = self.number()?;
                self.skip(length)
            }
            9 | 10 => {
                let header = self.byte()?;
                let count = if header >> 4 == 15 { self.number()? } else { u64::from(header >> 4) };
                self.skip_items(count, &[header & 0x0F], depth)
            }
            11 => {
                let count = self.number()?;
                if count == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                self.skip_items(count, &[kinds >> 4, kinds & 0x0F], depth)
            }
            12 => self.skip_struct(depth + 1),
            _ => None,
        }
    }

    fn skip_items(&mut self, count: u64, kinds: &[u8], depth: usize) -> Option<()> {
        if depth > DEPTH || count > LIST_ITEMS || count > u64::try_from(self.bytes.len()).ok()? {
            return None;
        }
        for _ in 0..count {
            for kind in kinds {
                self.skip_value(*kind, depth + 1)?;
            }
        }
        Some(())
    }
}

/// Checks the messages of an Arrow stream that begins at `start`; gives how many rows it has. Errors are for people.
pub(super) fn check_arrow(file: File, start: u64, limits: &DecodeLimits) -> Result<u64, String> {
    let size = file.metadata().map_err(|error| error.to_string())?.len();
    let mut stream = Messages { reader: BufReader::new(file), at: start, size, expanded: 0, rows: 0 };
    while stream.check_message(limits)? {}
    Ok(stream.rows)
}

struct Messages {
    reader: BufReader<File>,
    at: u64,
    size: u64,
    expanded: u64,
    rows: u64,
}

impl Messages {
    fn read(&mut self, at: u64, buffer: &mut [u8]) -> Result<(), String> {
        let end = at.saturating_add(u64::try_from(buffer.len()).unwrap_or(u64::MAX));
        if end > self.size {
            return Err("it is cut short".to_owned());
        }
        let read = self.reader.seek(SeekFrom::Start(at)).and_then(|_| self.reader.read_exact(buffer));
        read.map_err(|error| error.to_string())
    }

    /// Checks a message; false at the end.
    fn check_message(&mut self, limits: &DecodeLimits) -> Result<bool, String> {
        if self.at == self.size {
            return Ok(false);
        }
        let mut head = [0_u8; 8];
        self.read(self.at, &mut head)?;
        let length = u64::from(u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        if head[..4] != [0xFF; 4] {
            return Err("a message does not begin as it should".to_owned());
        }
        if length == 0 {
            return Ok(false);
        }
        if length > METADATA_BYTES {
            return Err(format!("a message declares {length} bytes of metadata"));
        }
        let mut metadata = vec![0; usize::try_from(length).unwrap_or(0)];
        self.read(self.at + 8, &mut metadata)?;
        let message = root_as_message(&metadata).map_err(|_| "a message is damaged".to_owned())?;
        let body = self.at + 8 + length;
        let body_length = u64::try_from(message.bodyLength()).map_err(|_| "a message is damaged".to_owned())?;
        if body_length > self.size.saturating_sub(body) {
            return Err("it is cut short".to_owned());
        }
        let dictionary = message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data());
        if let Some(batch) = message.header_as_record_batch().or(dictionary) {
            let rows = u64::try_from(batch.length()).map_err(|_| "a batch is damaged".to_owned())?;
            if rows > limits.rows {
                return Err(format!("a batch declares more than {} rows", limits.rows));
            }
            if dictionary.is_none() {
                self.rows = self.rows.saturating_add(rows);
            }
            let is_compressed = batch.compression().is_some_and(|c| c.method() == BodyCompressionMethod::BUFFER);
            for buffer in batch.buffers().into_iter().flatten() {
                let range = (u64::try_from(buffer.offset()), u64::try_from(buffer.length()));
                let (Ok(offset), Ok(length)) = range else { return Err("a buffer is damaged".to_owned()) };
                if offset.saturating_add(length) > body_length {
                    return Err("a buffer lies outside its message".to_owned());
                }
                if is_compressed && length >= 8 {
                    self.check_buffer(body + offset, length, limits)?;
                }
            }
        }
        self.at = body + body_length;
        Ok(true)
    }

    fn check_buffer(&mut self, at: u64, length: u64, limits: &DecodeLimits) -> Result<(), String> {
        let mut prefix = [0_u8; 8];
        self.read(at, &mut prefix)?;
        // -1: the buffer is not compressed after all.
        let declared = i64::from_le_bytes(prefix);
        if declared == -1 {
            return Ok(());
        }
        let expanded = u64::try_from(declared).map_err(|_| "a buffer is damaged".to_owned())?;
        self.expanded = self.expanded.saturating_add(expanded);
        if expanded > length.saturating_mul(limits.expansion_ratio).max(RATIO_FROM_BYTES) {
            return Err(format!("a buffer unpacks to more than {} times its size", limits.expansion_ratio));
        }
        if self.expanded > limits.expanded_bytes {
            return Err(format!("it unpacks to more than {} bytes", limits.expanded_bytes));
        }
        Ok(())
    }
}
