//! A sheet that is a table: finds its header; what follows are the parts.

use std::sync::Arc;

use super::block::{CellBlock, RawBlock};
use super::dialect::Dialect;
use super::header::{HEADER_WITHIN, Header, KnownNames};
use super::part::Part;
use super::table::Table;
use super::workbook::{WorkbookBlocks, sheet_name};
use super::{DecodeError, OpenOptions};

/// The parts of a sheet.
pub(super) struct SheetParts {
    blocks: WorkbookBlocks,
    first: Option<(RawBlock, bool)>,
    table: Arc<Table>,
    sheet: Option<Arc<str>>,
    header_row: u64,
}

impl SheetParts {
    /// Reads the header.
    pub(super) fn open(
        file: &str,
        mut blocks: WorkbookBlocks,
        options: &OpenOptions<'_>,
        dialect: &mut Dialect,
    ) -> Result<(Vec<String>, Self), DecodeError> {
        let empty = || DecodeError::Empty { file: file.to_owned() };
        let (sheet, block, is_last) = blocks.next()?.ok_or_else(empty)?;
        let rows = block.to_rows(HEADER_WITHIN);
        if rows.is_empty() {
            return Err(empty());
        }
        let index = KnownNames::of_schema(options.schema).find_header(&rows);
        let header = Header::at(&rows, index, options.schema, file)?;
        dialect.header_row = Some(header.row);
        dialect.title = header.title;
        dialect.phantom_columns = header.width - header.columns.len();
        let footnotes = dialect.footnotes.clone();
        let table = Table::new(file, &header.columns, header.width, options.schema, options.limits, footnotes);
        let sheet = sheet_name(&blocks.sheets, sheet);
        Ok((header.columns, Self { blocks, first: Some((block, is_last)), table, sheet, header_row: header.row }))
    }
}

impl Iterator for SheetParts {
    type Item = Result<Part, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (block, is_last) = match self.first.take() {
            Some(first) => first,
            None => match self.blocks.next() {
                Ok(Some((_, block, is_last))) => (block, is_last),
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            },
        };
        let (table, sheet) = (self.table.clone(), self.sheet.clone());
        Some(Ok(Part::cells(CellBlock { block, table, sheet, header_row: self.header_row, is_last })))
    }
}
