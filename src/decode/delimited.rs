//! Rows of delimited text.

use std::fs::File;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use super::encoding::Utf8Reader;
use super::error::from_io;
use super::guard::{GuardLimits, QuoteGuard};
use super::row::{Row, RowSource};
use super::{DecodeError, DecodeLimits};

pub(super) struct DelimitedRows {
    path: PathBuf,
    file: String,
    reader: csv::Reader<QuoteGuard<Utf8Reader<File>>>,
    breaks: u64,
    rows: u64,
    row_limit: u64,
}

impl DelimitedRows {
    pub(super) fn new(
        path: &Path,
        name: &str,
        file: File,
        encoding: &'static Encoding,
        delimiter: u8,
        limits: &DecodeLimits,
    ) -> Self {
        let guard_limits =
            GuardLimits { cell_bytes: limits.cell_bytes, record_bytes: limits.record_bytes(), columns: limits.columns };
        let guard = QuoteGuard::new(Utf8Reader::new(file, encoding), delimiter, guard_limits);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .terminator(csv::Terminator::Any(b'\n'))
            .buffer_capacity(64 << 10)
            .from_reader(guard);
        Self { path: path.to_owned(), file: name.to_owned(), reader, breaks: 0, rows: 0, row_limit: limits.rows }
    }
}

impl RowSource for DelimitedRows {
    fn read(&mut self, row: &mut Row) -> Result<bool, DecodeError> {
        loop {
            match self.reader.read_record(&mut row.cells) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => return Err(self.explain(error)),
            }
            // The reader has just passed the line end of this record; line breaks inside quotes are no rows.
            let breaks: usize = row.cells.iter().map(|cell| cell.bytes().filter(|b| *b == b'\n').count()).sum();
            self.breaks += u64::try_from(breaks).unwrap_or(0);
            row.number = self.reader.position().line().saturating_sub(1).saturating_sub(self.breaks);
            if row.is_blank() {
                continue;
            }
            self.rows += 1;
            if self.rows > self.row_limit.saturating_add(1) {
                let file = self.file.clone();
                return Err(DecodeError::Limit { file, what: "rows", limit: self.row_limit, row: None });
            }
            return Ok(true);
        }
    }

    fn is_fixed_width(&self) -> bool {
        true
    }

    fn sheets(&self) -> &[String] {
        &[]
    }
}

impl DelimitedRows {
    fn explain(&self, error: csv::Error) -> DecodeError {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => from_io(&self.path, &self.file, error),
            // The text is valid UTF-8 and the reader is flexible: no other kind can come.
            other => DecodeError::Damaged { file: self.file.clone(), what: format!("{other:?}") },
        }
    }
}
