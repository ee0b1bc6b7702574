//! Cuts delimited text into parts at true ends of records. Looks only at quotes and line ends, and follows every quote from
//! the beginning of the file, so that a cut is never a guess. Counts rows on the way, so that each part knows its first.

use std::io::Read;

use memchr::{memchr, memchr_iter, memrchr2};

use super::error::Fault;
use super::records::{Grammar, Place, count, read_records};
use super::sink::NoSink;

/// What a part should measure.
const PART_BYTES: usize = 1 << 20;
/// The last part is at least so long, unless the file is shorter: notes below a table end up in one part.
const TAIL_BYTES: usize = 64 << 10;

/// Fewer rows are taken only from the beginning of a file.
const ROWS_WORTH_ADAPTING: u64 = 64;

/// Whole records.
#[derive(Debug)]
pub(super) struct Slice {
    pub(super) bytes: Vec<u8>,
    pub(super) from: Place,
    /// The byte of the text at which it begins.
    pub(super) offset: u64,
    /// How many rows it has, blank ones included.
    pub(super) rows: u64,
    pub(super) is_last: bool,
}

pub(super) struct Splitter<R> {
    inner: R,
    grammar: Grammar,
    /// Bytes of a part, and of the last one at least.
    part: usize,
    tail: usize,
    buffer: Vec<u8>,
    /// Where the unread part of `buffer` begins.
    start: usize,
    at_end: bool,
    next: Place,
    offset: u64,
    target: usize,
    /// Ranges outside quotes of what was looked at last.
    plain: Vec<(usize, usize)>,
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(inner: R, grammar: Grammar) -> Self {
        Self::with_sizes(inner, grammar, PART_BYTES, TAIL_BYTES)
    }

    /// Parts of about `part` bytes, the last of at least `tail`, which is not zero: the end of the text is seen only behind it.
    pub(super) fn with_sizes(inner: R, grammar: Grammar, part: usize, tail: usize) -> Self {
        Self {
            part,
            tail: tail.max(1),
            inner,
            grammar,
            buffer: Vec::new(),
            start: 0,
            at_end: false,
            next: Place { row: 1, line: 1 },
            offset: 0,
            target: part,
            plain: Vec::new(),
        }
    }

    /// The text that comes next, at least `bytes` if there is so much, and whether it is all.
    pub(super) fn peek(&mut self, bytes: usize) -> std::io::Result<(&[u8], bool)> {
        self.fill(bytes)?;
        Ok((&self.buffer[self.start..], self.at_end))
    }

    /// Another delimiter or quote, found by looking at what comes next.
    pub(super) fn set_grammar(&mut self, grammar: Grammar) {
        self.grammar = grammar;
    }

    pub(super) fn place(&self) -> Place {
        self.next
    }

    /// The next records, at most `row_limit` of them; nothing at the end.
    pub(super) fn next(&mut self, row_limit: u64) -> std::io::Result<Option<Slice>> {
        let mut target = self.target;
        loop {
            self.fill(target + self.tail)?;
            let all = &self.buffer[self.start..];
            if all.is_empty() {
                return Ok(None);
            }
            let is_all = self.at_end && all.len() <= target + self.tail;
            let window = if is_all { all } else { &all[..target.min(all.len())] };
            let open = find_plain(window, &self.grammar, is_all, &mut self.plain);
            let end = match open {
                None if is_all => window.len(),
                _ => last_end(window, &self.plain, is_all).unwrap_or(0),
            };
            if end > 0 {
                return Ok(Some(self.cut(end, row_limit)));
            }
            if is_all || window.len() > self.grammar.record_bytes {
                return Err(self.refuse(window.len()).into_io());
            }
            target = window.len().saturating_mul(2).max(self.part);
        }
    }

    /// Takes the records up to `end`, or the first `row_limit` of them.
    fn cut(&mut self, mut end: usize, row_limit: u64) -> Slice {
        let window = &self.buffer[self.start..];
        let (mut rows, mut lines) = count_rows(&window[..end], &self.plain, self.at_end && end == window.len());
        if rows > row_limit {
            end = end_of_row(window, &self.plain, row_limit).unwrap_or(end);
            (rows, lines) = count_rows(&window[..end], &self.plain, false);
            // Short rows: looking at much more than can be taken would be done again for the next part.
            if row_limit >= ROWS_WORTH_ADAPTING {
                self.target = (end * 2).clamp(self.tail.min(self.part), self.part);
            }
        } else {
            self.target = (self.target * 2).min(self.part);
        }
        let is_last = self.at_end && end == window.len();
        let bytes = if self.start == 0 && end > window.len() / 2 {
            let rest = self.buffer.split_off(end);
            std::mem::replace(&mut self.buffer, rest)
        } else {
            let bytes = window[..end].to_vec();
            self.start += end;
            bytes
        };
        let slice = Slice { bytes, from: self.next, offset: self.offset, rows, is_last };
        self.next = Place { row: self.next.row + rows, line: self.next.line + lines };
        self.offset += u64::try_from(end).unwrap_or(0);
        slice
    }

    /// Why a record cannot be taken: what its cells say, or its length.
    fn refuse(&self, length: usize) -> Fault {
        let bytes = &self.buffer[self.start..self.start + length];
        if let Some(nul) = memchr(0, bytes) {
            return Fault::Binary { line: self.next.line + count(&bytes[..nul]) };
        }
        let limit = self.grammar.record_bytes;
        let long = Fault::Limit {
            what: "bytes in one row",
            limit: u64::try_from(limit).unwrap_or(u64::MAX),
            line: self.next.line,
        };
        match read_records(bytes, self.next, &self.grammar, &mut NoSink) {
            Err(Fault::UnclosedQuote { line }) if self.at_end && length == self.buffer.len() - self.start => {
                Fault::UnclosedQuote { line }
            }
            Err(Fault::UnclosedQuote { .. }) if length > self.grammar.cell_bytes => Fault::Limit {
                what: "bytes in one cell",
                limit: u64::try_from(self.grammar.cell_bytes).unwrap_or(u64::MAX),
                line: self.next.line,
            },
            Err(Fault::UnclosedQuote { .. }) | Ok(()) => long,
            Err(fault) => fault,
        }
    }

    fn fill(&mut self, bytes: usize) -> std::io::Result<()> {
        if self.at_end || self.buffer.len() - self.start >= bytes {
            return Ok(());
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let missing = bytes - self.buffer.len();
        self.buffer.reserve(missing);
        let wanted = u64::try_from(missing).unwrap_or(u64::MAX);
        let read = self.inner.by_ref().take(wanted).read_to_end(&mut self.buffer)?;
        self.at_end = read < missing;
        Ok(())
    }
}

/// Finds the ranges outside quotes. Gives where a quote opens that does not close here.
fn find_plain(bytes: &[u8], grammar: &Grammar, is_all: bool, plain: &mut Vec<(usize, usize)>) -> Option<usize> {
    plain.clear();
    let (mut from, mut at) = (0, 0);
    while let Some(offset) = memchr(grammar.quote, &bytes[at..]) {
        let quote = at + offset;
        let opens = match quote.checked_sub(1).map(|before| bytes[before]) {
            None | Some(b'\n' | b'\r') => true,
            Some(before) => before == grammar.delimiter,
        };
        if !opens {
            at = quote + 1;
            continue;
        }
        plain.push((from, quote));
        let Some(close) = find_close(bytes, quote + 1, grammar.quote, is_all) else { return Some(quote) };
        (from, at) = (close + 1, close + 1);
    }
    plain.push((from, bytes.len()));
    None
}

/// The quote that closes a cell; none if that is not certain yet.
fn find_close(bytes: &[u8], mut from: usize, quote: u8, is_all: bool) -> Option<usize> {
    loop {
        let close = from + memchr(quote, &bytes[from..])?;
        match bytes.get(close + 1) {
            Some(next) if *next == quote => from = close + 2,
            None if !is_all => return None,
            _ => return Some(close),
        }
    }
}

/// Behind the last line end outside quotes. A return at the very end may be half of one.
fn last_end(bytes: &[u8], plain: &[(usize, usize)], is_all: bool) -> Option<usize> {
    for (start, end) in plain.iter().rev() {
        let mut end = *end;
        while let Some(offset) = memrchr2(b'\n', b'\r', &bytes[*start..end]) {
            let found = start + offset;
            if bytes[found] == b'\r' && found + 1 == bytes.len() && !is_all {
                end = found;
                continue;
            }
            return Some(found + 1);
        }
    }
    None
}

/// Rows and lines of whole records.
fn count_rows(bytes: &[u8], plain: &[(usize, usize)], is_all: bool) -> (u64, u64) {
    let has_returns = memchr(b'\r', bytes).is_some();
    let mut rows = 0;
    let mut inside = 0;
    let mut last = 0;
    for (start, end) in plain.iter().filter(|(start, _)| *start <= bytes.len()) {
        let end = (*end).min(bytes.len());
        if last < *start {
            inside += count(&bytes[last..*start]);
        }
        rows += if has_returns { count_ends(bytes, *start, end) } else { count(&bytes[*start..end]) };
        last = end;
    }
    // The last record of a file may lack its line end.
    if is_all && !matches!(bytes.last(), Some(b'\n' | b'\r')) {
        rows += 1;
    }
    (rows, rows + inside)
}

/// Line ends of any kind.
fn count_ends(bytes: &[u8], start: usize, end: usize) -> u64 {
    let returns = memchr_iter(b'\r', &bytes[start..end]).filter(|at| bytes.get(start + at + 1) != Some(&b'\n')).count();
    count(&bytes[start..end]) + u64::try_from(returns).unwrap_or(0)
}

/// Behind the line end of the row of this number, from 1.
fn end_of_row(bytes: &[u8], plain: &[(usize, usize)], row: u64) -> Option<usize> {
    let mut left = row;
    for (start, end) in plain {
        for offset in memchr::memchr2_iter(b'\n', b'\r', bytes.get(*start..*end)?) {
            let at = start + offset;
            if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            left -= 1;
            if left == 0 {
                return Some(at + 1);
            }
        }
    }
    None
}
