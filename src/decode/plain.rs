//! A file that is a table: its first row with anything in it is the header, every other row is data.

use super::DecodeError;
use super::chunk::{ChunkBuilder, TextChunk};
use super::row::{Row, RowSource};

pub(super) struct PlainChunks {
    file: String,
    source: Box<dyn RowSource>,
    /// Columns kept: those behind the last named one are phantoms.
    kept: usize,
    /// Cells of the header as it stands in the file.
    width: usize,
    builder: ChunkBuilder,
    row: Row,
    finished: bool,
}

/// What the header says.
pub(super) struct PlainHeader {
    /// Names without blanks around them.
    pub(super) columns: Vec<String>,
    /// Its row.
    pub(super) row: u64,
}

impl PlainChunks {
    /// Reads the header.
    pub(super) fn open(file: &str, mut source: Box<dyn RowSource>) -> Result<(PlainHeader, Self), DecodeError> {
        let mut row = Row::default();
        if !source.read(&mut row)? {
            return Err(DecodeError::Empty { file: file.to_owned() });
        }
        let mut columns: Vec<String> = row.cells.iter().map(|cell| cell.trim().to_owned()).collect();
        let width = columns.len();
        while columns.last().is_some_and(String::is_empty) {
            columns.pop();
        }
        let header = PlainHeader { row: row.number, columns: columns.clone() };
        let builder = ChunkBuilder::new(&columns);
        let chunks = Self { file: file.to_owned(), source, kept: columns.len(), width, builder, row, finished: false };
        Ok((header, chunks))
    }

    fn fill(&mut self) -> Result<(), DecodeError> {
        while !self.builder.is_full() {
            if !self.source.read(&mut self.row)? {
                self.finished = true;
                return Ok(());
            }
            let cells = &self.row.cells;
            let short = self.source.is_fixed_width() && cells.len() < self.kept;
            let long = self.source.is_fixed_width() && cells.len() > self.width;
            let beyond = cells.iter().skip(self.kept).any(|cell| !cell.trim().is_empty());
            self.builder.push(self.row.number, cells.iter(), short || long || beyond);
        }
        Ok(())
    }
}

impl Iterator for PlainChunks {
    type Item = Result<TextChunk, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        if let Err(error) = self.fill() {
            self.finished = true;
            return Some(Err(error));
        }
        let sheet = self.source.sheets().get(self.row.sheet).map(|name| name.as_str().into());
        self.builder.take(&self.file, sheet)
    }
}
