//! Applies a layout to the rows of a file, sheet after sheet: finds the header, the table and its end. Which text goes
//! to which field is `unpivot_row`'s to say.

use std::collections::BTreeMap;

use crate::definitions::{ChosenSheet, Layout, describe_sheets};

use super::DecodeError;
use super::chunk::{ChunkBuilder, TextChunk};
use super::row::{Row, RowSource};
use super::unpivot_header::HeaderSearch;
use super::unpivot_row::RowWriter;

enum Stage {
    Header(HeaderSearch),
    Table(Box<RowWriter>),
    /// Below the table: notes, which hold no data.
    Notes(Box<RowWriter>),
    /// Below the blank row that ends the table: whatever there is.
    Beyond,
}

pub(super) struct LayoutChunks {
    file: String,
    layout: Layout,
    source: Box<dyn RowSource>,
    /// What is the same in all rows of the file.
    base: BTreeMap<String, String>,
    /// What is the same in all rows of each sheet.
    sheets: Vec<ChosenSheet>,
    fields: Vec<String>,
    builder: ChunkBuilder,
    row: Row,
    /// The number of the last row of the table, 0 before the first.
    previous: u64,
    sheet: usize,
    stage: Stage,
    /// A row that was read and belongs to the next sheet.
    held: bool,
    finished: bool,
}

impl LayoutChunks {
    /// `base` is what holds for every row: see [`Layout::resolve_constants`].
    pub(super) fn new(
        file: &str,
        layout: &Layout,
        source: Box<dyn RowSource>,
        fields: Vec<String>,
        base: BTreeMap<String, String>,
    ) -> Self {
        let builder = ChunkBuilder::new(&fields);
        Self {
            file: file.to_owned(),
            layout: layout.clone(),
            sheets: describe_sheets(&layout.sheets, source.sheets()),
            source,
            base,
            fields,
            builder,
            row: Row::default(),
            previous: 0,
            sheet: 0,
            stage: Stage::Header(HeaderSearch::default()),
            held: false,
            finished: false,
        }
    }

    fn begin_sheet(&mut self, sheet: usize) {
        self.sheet = sheet;
        self.previous = 0;
        self.stage = Stage::Header(HeaderSearch::default());
    }

    fn differs(&self, what: String) -> DecodeError {
        DecodeError::Layout {
            file: self.file.clone(),
            sheet: self.source.sheets().get(self.sheet).cloned(),
            layout: self.layout.name.clone(),
            what,
        }
    }

    /// Reads until the chunk is full, the sheet ends, or the file ends.
    fn fill(&mut self) -> Result<(), DecodeError> {
        while !self.builder.is_full() {
            if !std::mem::take(&mut self.held) && !self.source.read(&mut self.row)? {
                self.finished = true;
                self.end_sheet()?;
                if self.sheet + 1 < self.source.sheets().len() {
                    self.sheet += 1;
                    return Err(self.differs("the sheet is empty".to_owned()));
                }
                return Ok(());
            }
            if self.row.sheet != self.sheet {
                self.end_sheet()?;
                if self.row.sheet != self.sheet + 1 {
                    self.sheet += 1;
                    return Err(self.differs("the sheet is empty".to_owned()));
                }
                self.held = true;
                return Ok(());
            }
            self.take_row().map_err(|what| self.differs(what))?;
        }
        Ok(())
    }

    fn end_sheet(&self) -> Result<(), DecodeError> {
        if !matches!(self.stage, Stage::Header(_)) {
            return Ok(());
        }
        let sought = match self.layout.header.row {
            Some(row) => format!("row {row}"),
            None => format!("a cell `{}`", self.layout.header.texts.join("` or `")),
        };
        Err(self.differs(format!("there is no header, looked for {sought}")))
    }

    /// Takes the row that was read. An error says what is different from the layout.
    fn take_row(&mut self) -> Result<(), String> {
        if let Stage::Header(search) = &mut self.stage {
            let unnamed = ChosenSheet::default();
            let sheet = self.sheets.get(self.sheet).unwrap_or(&unnamed);
            let Some(mapping) = search.take(&self.row, &self.layout, sheet)? else { return Ok(()) };
            let writer = RowWriter::new(mapping, &self.fields, &self.base, sheet, &self.layout);
            self.stage = Stage::Table(Box::new(writer));
            if !self.layout.header.absent {
                return Ok(());
            }
        }
        if let Stage::Table(_) = &self.stage {
            self.end_table();
        }
        match &mut self.stage {
            Stage::Table(writer) => {
                self.previous = self.row.number;
                writer.write(&self.row, &self.layout, self.source.is_fixed_width(), &mut self.builder)
            }
            Stage::Notes(writer) if writer.is_data(&self.row, &self.layout) => {
                let what = if self.layout.unpivot.is_some() { "numbers" } else { "data" };
                Err(format!("row {} holds {what} after the end of the table", self.row.number))
            }
            _ => Ok(()),
        }
    }

    /// Passes on to what follows the table if the row is no longer of it.
    fn end_table(&mut self) {
        let end = &self.layout.end;
        let first = self.row.cells.iter().map(str::trim).find(|cell| !cell.is_empty()).unwrap_or_default();
        let told = end.texts.iter().any(|text| first.starts_with(text.as_str()));
        let gap = end.blank_row && self.previous > 0 && self.row.number > self.previous + 1;
        let empty = |writer: &RowWriter| end.empty_key && !writer.is_identified(&self.row);
        let stage = std::mem::replace(&mut self.stage, Stage::Beyond);
        self.stage = match stage {
            Stage::Table(_) if gap => Stage::Beyond,
            Stage::Table(writer) if told || empty(&writer) => Stage::Notes(writer),
            other => other,
        };
    }
}

impl Iterator for LayoutChunks {
    type Item = Result<TextChunk, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.finished {
            if self.held && self.row.sheet != self.sheet {
                self.begin_sheet(self.row.sheet);
            }
            let sheet = self.source.sheets().get(self.sheet).map(|name| std::sync::Arc::from(name.as_str()));
            if let Err(error) = self.fill() {
                self.finished = true;
                return Some(Err(error));
            }
            if let Some(chunk) = self.builder.take(&self.file, sheet) {
                return Some(chunk);
            }
        }
        None
    }
}
