//! Stands between the decoded text and the CSV reader and watches quotes and sizes. The reader itself would take an
//! unclosed quote for a cell that goes on to the end of the file, and would hold a line of any length.
//!
//! Line ends outside quotes become `\n`, and the last line gets one, so that rows can be counted.

use std::io::Read;

use super::error::Fault;

const BLOCK: usize = 64 << 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Unquoted,
    Quoted,
    QuoteSeen,
    AfterQuote,
}

/// What the guard allows.
#[derive(Clone, Copy)]
pub(super) struct GuardLimits {
    pub(super) cell_bytes: usize,
    pub(super) record_bytes: usize,
    pub(super) columns: usize,
}

pub(super) struct QuoteGuard<R> {
    inner: R,
    delimiter: u8,
    limits: GuardLimits,
    state: State,
    line: u64,
    opened: u64,
    cell: usize,
    record: usize,
    fields: usize,
    after_return: bool,
    ends_with_newline: bool,
    input: Vec<u8>,
    output: Vec<u8>,
    output_start: usize,
    finished: bool,
}

impl<R: Read> QuoteGuard<R> {
    pub(super) fn new(inner: R, delimiter: u8, limits: GuardLimits) -> Self {
        Self {
            inner,
            delimiter,
            limits,
            state: State::FieldStart,
            line: 1,
            opened: 0,
            cell: 0,
            record: 0,
            fields: 1,
            after_return: false,
            ends_with_newline: true,
            input: vec![0; BLOCK],
            output: Vec::with_capacity(BLOCK),
            output_start: 0,
            finished: false,
        }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        self.output.clear();
        self.output_start = 0;
        let mut input = std::mem::take(&mut self.input);
        let count = self.inner.read(&mut input)?;
        let result = if count == 0 { self.finish() } else { self.pass(&input[..count]) };
        self.input = input;
        result.map_err(Fault::into_io)
    }

    fn finish(&mut self) -> Result<(), Fault> {
        self.finished = true;
        if self.state == State::Quoted {
            return Err(Fault::UnclosedQuote { line: self.opened });
        }
        if !self.ends_with_newline {
            self.output.push(b'\n');
        }
        Ok(())
    }

    fn pass(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        for &byte in bytes {
            let follows_return = std::mem::take(&mut self.after_return);
            if byte == b'\n' && follows_return {
                continue;
            }
            if byte == 0 {
                return Err(Fault::Binary { line: self.line });
            }
            match self.state {
                State::Quoted => self.pass_quoted(byte)?,
                _ if byte == b'\n' || byte == b'\r' => self.end_record(byte),
                _ if byte == self.delimiter => self.end_field()?,
                _ => self.pass_content(byte)?,
            }
        }
        if let Some(last) = self.output.last() {
            self.ends_with_newline = *last == b'\n' && self.state == State::FieldStart;
        }
        Ok(())
    }

    fn pass_quoted(&mut self, byte: u8) -> Result<(), Fault> {
        if byte == b'\n' {
            self.line += 1;
        }
        if byte == b'"' {
            self.state = State::QuoteSeen;
        }
        self.emit(byte)
    }

    fn end_record(&mut self, byte: u8) {
        self.after_return = byte == b'\r';
        self.state = State::FieldStart;
        self.line += 1;
        (self.cell, self.record, self.fields) = (0, 0, 1);
        self.output.push(b'\n');
    }

    fn end_field(&mut self) -> Result<(), Fault> {
        self.state = State::FieldStart;
        self.cell = 0;
        self.fields += 1;
        if self.fields > self.limits.columns {
            return Err(self.too_much("columns", self.limits.columns));
        }
        self.emit(self.delimiter)?;
        self.cell = 0;
        Ok(())
    }

    fn pass_content(&mut self, byte: u8) -> Result<(), Fault> {
        match (self.state, byte) {
            (State::FieldStart, b'"') => {
                self.state = State::Quoted;
                self.opened = self.line;
            }
            (State::FieldStart | State::Unquoted, _) => self.state = State::Unquoted,
            (State::QuoteSeen, b'"') => self.state = State::Quoted,
            (_, b' ' | b'\t') => {
                // Blanks between the closing quote and the delimiter mean nothing.
                self.state = State::AfterQuote;
                return Ok(());
            }
            _ => return Err(Fault::StrayQuote { line: self.line, opened: self.opened }),
        }
        self.emit(byte)
    }

    fn emit(&mut self, byte: u8) -> Result<(), Fault> {
        self.cell += 1;
        self.record += 1;
        if self.cell > self.limits.cell_bytes {
            return Err(self.too_much("bytes in one cell", self.limits.cell_bytes));
        }
        if self.record > self.limits.record_bytes {
            return Err(self.too_much("bytes in one row", self.limits.record_bytes));
        }
        self.output.push(byte);
        Ok(())
    }

    fn too_much(&self, what: &'static str, limit: usize) -> Fault {
        Fault::Limit { what, limit: u64::try_from(limit).unwrap_or(u64::MAX), line: self.line }
    }
}

impl<R: Read> Read for QuoteGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.output_start == self.output.len() {
            if self.finished {
                return Ok(0);
            }
            self.refill()?;
        }
        let ready = &self.output[self.output_start..];
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.output_start += count;
        Ok(count)
    }
}
