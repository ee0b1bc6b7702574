//! The grammar of delimited text over bytes that lie in memory: cells, quotes, line ends. One tight pass; what becomes of
//! the cells is the sink's.
//!
//! A quote opens only at the beginning of a cell. `\n`, `\r` and `\r\n` end a row outside quotes. Blanks between a closing
//! quote and the delimiter mean nothing; anything else there is a fault.

use memchr::{memchr, memchr_iter, memchr3};

use super::error::Fault;

/// What separates and encloses cells, and how much of them there may be.
#[derive(Clone, Debug)]
pub(super) struct Grammar {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    pub(super) cell_bytes: usize,
    pub(super) record_bytes: usize,
    pub(super) columns: usize,
}

/// Where some bytes begin in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The row, from 1: line breaks inside quotes do not count.
    pub(super) row: u64,
    /// The line, from 1: they do.
    pub(super) line: u64,
}

/// Takes cells.
pub(super) trait RecordSink {
    /// A piece of the open cell; it may have several, or none.
    fn push(&mut self, piece: &[u8]);

    /// The open cell is complete.
    fn end_cell(&mut self);

    /// The row of this number is complete and has so many cells, at least one. False: no more is wanted.
    fn end_row(&mut self, row: u64, cells: usize) -> bool;
}

/// Reads whole records. The last may lack its line end.
pub(super) fn read_records(
    bytes: &[u8],
    from: Place,
    grammar: &Grammar,
    sink: &mut impl RecordSink,
) -> Result<(), Fault> {
    let Place { mut row, mut line } = from;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let first_line = line;
        let mut cells = 0;
        loop {
            let length = if bytes.get(at) == Some(&grammar.quote) {
                quoted_cell(bytes, &mut at, &mut line, grammar, sink)?
            } else {
                let end = plain_end(bytes, at, grammar.delimiter);
                sink.push(&bytes[at..end]);
                let length = end - at;
                at = end;
                length
            };
            if length > grammar.cell_bytes {
                return Err(too_much("bytes in one cell", grammar.cell_bytes, first_line));
            }
            sink.end_cell();
            cells += 1;
            match bytes.get(at) {
                Some(b'\n') => at += 1,
                Some(b'\r') => at += if bytes.get(at + 1) == Some(&b'\n') { 2 } else { 1 },
                Some(_) => {
                    at += 1;
                    if cells >= grammar.columns {
                        return Err(too_much("columns", grammar.columns, first_line));
                    }
                    continue;
                }
                None => {}
            }
            break;
        }
        if at - start > grammar.record_bytes {
            return Err(too_much("bytes in one row", grammar.record_bytes, first_line));
        }
        if !sink.end_row(row, cells) {
            return Ok(());
        }
        row += 1;
        line += 1;
    }
    Ok(())
}

/// The end of a cell without quotes: the next delimiter, line end, or the end of all.
#[inline]
fn plain_end(bytes: &[u8], from: usize, delimiter: u8) -> usize {
    // Most cells are short: comparing eight bytes at a time is faster than setting up a search.
    const WORDS: usize = 3;
    let mut at = from;
    for _ in 0..WORDS {
        let Some((word, _)) = bytes.get(at..).and_then(|rest| rest.split_first_chunk::<8>()) else { break };
        let word = u64::from_le_bytes(*word);
        let found = equal_bytes(word, delimiter) | equal_bytes(word, b'\n') | equal_bytes(word, b'\r');
        if found != 0 {
            return at + (found.trailing_zeros() >> 3) as usize;
        }
        at += 8;
    }
    memchr3(delimiter, b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |offset| at + offset)
}

/// The highest bit of each byte of `word` that equals `byte`. Bytes above the lowest that does may be marked wrongly.
#[inline]
const fn equal_bytes(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let difference = word ^ (LOW * byte as u64);
    difference.wrapping_sub(LOW) & !difference & HIGH
}

/// Reads a cell in quotes and the blanks behind it; gives its length.
fn quoted_cell(
    bytes: &[u8],
    at: &mut usize,
    line: &mut u64,
    grammar: &Grammar,
    sink: &mut impl RecordSink,
) -> Result<usize, Fault> {
    let opened = *line;
    let mut from = *at + 1;
    let mut length = 0;
    loop {
        let Some(offset) = memchr(grammar.quote, &bytes[from..]) else {
            return Err(Fault::UnclosedQuote { line: opened });
        };
        let close = from + offset;
        *line += count(&bytes[from..close]);
        if bytes.get(close + 1) == Some(&grammar.quote) {
            sink.push(&bytes[from..=close]);
            length += close + 1 - from;
            from = close + 2;
            continue;
        }
        sink.push(&bytes[from..close]);
        length += close - from;
        *at = close + 1;
        break;
    }
    while let Some(b' ' | b'\t') = bytes.get(*at)
        && bytes[*at] != grammar.delimiter
    {
        *at += 1;
    }
    match bytes.get(*at) {
        None | Some(b'\n' | b'\r') => Ok(length),
        Some(byte) if *byte == grammar.delimiter => Ok(length),
        Some(_) => Err(Fault::StrayQuote { line: *line, opened }),
    }
}

/// Line breaks in the text of a quoted cell.
#[inline]
pub(super) fn count(bytes: &[u8]) -> u64 {
    let found = memchr_iter(b'\n', bytes).count();
    u64::try_from(found).unwrap_or(u64::MAX)
}

fn too_much(what: &'static str, limit: usize, line: u64) -> Fault {
    Fault::Limit { what, limit: u64::try_from(limit).unwrap_or(u64::MAX), line }
}
