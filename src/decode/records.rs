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

    /// The same for a piece of at most eight bytes, the first of a word: copying eight always is faster than copying
    /// as many as there are.
    #[inline]
    fn push_short(&mut self, word: [u8; WORD], length: usize) {
        self.push(&word[..length]);
    }

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
    let ends = Ends::new(grammar.delimiter);
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let first_line = line;
        let mut cells = 0;
        loop {
            let length = if bytes.get(at) == Some(&grammar.quote) {
                quoted_cell(bytes, &mut at, &mut line, grammar, sink)?
            } else {
                plain_cell(bytes, &mut at, ends, sink)
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

/// Bytes that are looked at together.
pub(super) const WORD: usize = 8;

/// A cell from this length on is searched as a whole.
const LONG: usize = 32;

/// What ends a cell without quotes: the delimiter and the line ends, each in all bytes of a word.
#[derive(Clone, Copy)]
struct Ends([u64; 3]);

impl Ends {
    fn new(delimiter: u8) -> Self {
        Self([delimiter, b'\n', b'\r'].map(|byte| u64::from_ne_bytes([byte; WORD])))
    }

    /// Where in a word the first of them is.
    #[inline]
    fn find(self, word: [u8; WORD]) -> Option<usize> {
        const ONES: u64 = u64::from_ne_bytes([0x01; WORD]);
        const HIGH: u64 = u64::from_ne_bytes([0x80; WORD]);
        let word = u64::from_le_bytes(word);
        // The lowest byte marked is exact, and only bytes above an exact one may be marked falsely.
        let marks = self.0.iter().fold(0, |marks, end| {
            let equal = word ^ end;
            marks | (equal.wrapping_sub(ONES) & !equal & HIGH)
        });
        (marks != 0).then(|| usize::try_from(marks.trailing_zeros() / 8).unwrap_or(0))
    }
}

/// Reads a cell without quotes up to the next delimiter, line end, or the end of all; gives its length.
#[inline]
fn plain_cell(bytes: &[u8], at: &mut usize, ends: Ends, sink: &mut impl RecordSink) -> usize {
    let start = *at;
    // Most cells are short: they are found and copied as whole words, whatever their length. A word of other letters than
    // ASCII is left to the search, which cuts no letter in two.
    while let Some(word) = bytes[*at..].first_chunk::<WORD>()
        && word.is_ascii()
        && *at - start < LONG
    {
        let found = ends.find(*word);
        let length = found.unwrap_or(WORD);
        sink.push_short(*word, length);
        *at += length;
        if found.is_some() {
            return *at - start;
        }
    }
    let [delimiter, ..] = ends.0[0].to_ne_bytes();
    let end = memchr3(delimiter, b'\n', b'\r', &bytes[*at..]).map_or(bytes.len(), |offset| *at + offset);
    sink.push(&bytes[*at..end]);
    *at = end;
    end - start
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
    const SHORT: usize = 32;
    let found = if bytes.len() <= SHORT {
        bytes.iter().map(|byte| usize::from(*byte == b'\n')).sum()
    } else {
        memchr_iter(b'\n', bytes).count()
    };
    u64::try_from(found).unwrap_or(u64::MAX)
}

fn too_much(what: &'static str, limit: usize, line: u64) -> Fault {
    Fault::Limit { what, limit: u64::try_from(limit).unwrap_or(u64::MAX), line }
}

#[cfg(test)]
mod tests {
    use super::{Grammar, Place, RecordSink, read_records};

    #[derive(Default)]
    struct Cells(Vec<Vec<u8>>, Vec<u8>);

    impl RecordSink for Cells {
        fn push(&mut self, piece: &[u8]) {
            self.1.extend_from_slice(piece);
        }

        fn end_cell(&mut self) {
            self.0.push(std::mem::take(&mut self.1));
        }

        fn end_row(&mut self, _: u64, _: usize) -> bool {
            true
        }
    }

    #[test]
    fn a_cell_of_any_length_ends_at_the_first_end() {
        // Bytes that differ from an end by one bit, or follow one, must not be taken for it.
        for filler in [b'-', b'+', 0x0b, 0x0c, 0x8a, 0xac, 0xff, b'x'] {
            for delimiter in [b',', b';', b'\t'] {
                for length in 0..80 {
                    let cell = vec![filler; length];
                    let mut text = cell.clone();
                    for end in [&[delimiter][..], b"\n", b"\r\n", b"\r", &[delimiter, b'y', delimiter]] {
                        text.extend_from_slice(end);
                        text.extend_from_slice(&cell);
                    }
                    let grammar =
                        Grammar { delimiter, quote: b'"', cell_bytes: 1000, record_bytes: 10_000, columns: 10 };
                    let mut found = Cells::default();
                    read_records(&text, Place { row: 1, line: 1 }, &grammar, &mut found).expect("reads");
                    let mut wanted = vec![cell.clone(); 7];
                    wanted[5] = b"y".to_vec();
                    assert_eq!(found.0, wanted, "{filler} {length}");
                }
            }
        }
    }
}
