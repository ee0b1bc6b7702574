//! Puts the cells of a sheet together to rows, watches the limits and hands rows on in blocks.

use calamine::Dimensions;

use super::DecodeError;
use super::block::RawBlock;
use super::cell::{Value, write_value};
use super::workbook::{Message, Stop, Task};

const BLOCK_ROWS: usize = 4096;
const BLOCK_BYTES: usize = 4 << 20;
/// Rows so long that even few of them fill a block.
const LONG_BLOCK_BYTES: usize = 8 * BLOCK_BYTES;
/// The last block has at least so many rows, unless the sheet has fewer: notes below a table end up in one block.
const TAIL_ROWS: usize = 256;
/// Merged cells of one sheet that are followed.
const MAX_MERGED: usize = 100_000;
/// Columns beyond a row's own cells in which a merged cell is followed.
const COVERED_BEYOND: usize = 64;

/// A cell that stands for those below it, and covers those on its right.
struct Merged {
    column: usize,
    last_column: usize,
    first: u32,
    last: u32,
    text: String,
}

pub(super) struct Collector<'a> {
    task: &'a Task,
    sheet: usize,
    row: u32,
    is_filled: bool,
    block: RawBlock,
    /// A full block, held until enough rows follow.
    held: Option<RawBlock>,
    rows: u64,
    bytes: u64,
    /// Cells over several rows or columns, the last row first.
    merged: Vec<Merged>,
    /// Those that the current row lies in.
    active: Vec<Merged>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(task: &'a Task, sheet: usize, merged: Vec<Dimensions>) -> Self {
        let mut merged: Vec<Merged> = merged
            .into_iter()
            .take(MAX_MERGED)
            .filter(|area| area.start.0 < area.end.0 || area.start.1 < area.end.1)
            .map(|area| Merged {
                column: usize::try_from(area.start.1).unwrap_or(usize::MAX),
                last_column: usize::try_from(area.end.1).unwrap_or(usize::MAX),
                first: area.start.0,
                last: area.end.0,
                text: String::new(),
            })
            .collect();
        merged.sort_by_key(|area| std::cmp::Reverse(area.first));
        Self {
            task,
            sheet,
            row: 0,
            is_filled: false,
            block: RawBlock::default(),
            held: None,
            rows: 0,
            bytes: 0,
            merged,
            active: Vec::new(),
        }
    }

    pub(super) fn put(&mut self, row: u32, column: u32, value: &Value<'_>) -> Result<(), Stop> {
        if let Value::Text("") = value {
            return Ok(());
        }
        if row != self.row {
            self.end_row()?;
            if row < self.row {
                return Err(self.task.damaged(&"its rows are not in order").into());
            }
            self.row = row;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let limits = &self.task.limits;
        if column >= limits.columns {
            return Err(self.too_much("columns", limits.columns));
        }
        if let Value::Text(text) = value
            && text.len() > limits.cell_bytes
        {
            return Err(self.too_much("bytes in one cell", limits.cell_bytes));
        }
        self.is_filled = self.is_filled || !value.is_blank();
        self.block.push(column, value);
        while self.merged.last().is_some_and(|area| area.first <= row) {
            self.active.extend(self.merged.pop());
        }
        for area in self.active.iter_mut().filter(|area| area.first == row && area.column == column) {
            area.text.clear();
            write_value(&mut area.text, value);
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Stop> {
        if !std::mem::take(&mut self.is_filled) {
            self.block.drop_row();
            return Ok(());
        }
        self.fill_merged();
        self.rows += 1;
        let limits = &self.task.limits;
        if self.rows > limits.rows.saturating_add(1) {
            let file = self.task.source.name.clone();
            return Err(DecodeError::Limit { file, what: "rows", limit: limits.rows, row: None }.into());
        }
        self.block.end_row(u64::from(self.row) + 1);
        let rows = self.block.row_count();
        if rows >= TAIL_ROWS
            && let Some(held) = self.held.take()
        {
            self.send(held, false)?;
        }
        if rows >= BLOCK_ROWS || rows >= TAIL_ROWS && self.block.bytes() >= BLOCK_BYTES {
            self.held = Some(std::mem::take(&mut self.block));
        } else if self.block.bytes() >= LONG_BLOCK_BYTES {
            let block = std::mem::take(&mut self.block);
            if let Some(held) = self.held.replace(block) {
                self.send(held, false)?;
            }
        }
        Ok(())
    }

    /// A cell over several rows has its value in each of them that is not blank. Of a cell over several columns nobody
    /// knows which of them its value is for: the others are marked.
    fn fill_merged(&mut self) {
        let row = self.row;
        self.active.retain(|area| area.last >= row);
        let mut filled: Vec<usize> = self.block.open_columns().collect();
        filled.sort_unstable();
        // What is covered far beyond the row's own cells is no column of a table.
        let widest = filled.last().map_or(0, |column| column.saturating_add(COVERED_BEYOND));
        for area in self.active.iter().filter(|area| !area.text.is_empty()) {
            let last = area.last_column.min(self.task.limits.columns.saturating_sub(1));
            for column in area.column..=last {
                if filled.binary_search(&column).is_ok() {
                    continue;
                }
                if column > area.column && column > widest {
                    break;
                }
                let value = if column == area.column { Value::Text(&area.text) } else { Value::Covered };
                self.block.push(column, &value);
            }
        }
    }

    /// Sends what is left of the sheet.
    pub(super) fn finish(mut self) -> Result<(), Stop> {
        self.end_row()?;
        let mut last = std::mem::take(&mut self.block);
        if let Some(mut held) = self.held.take() {
            held.append(&last);
            last = held;
        }
        self.send(last, true)
    }

    fn send(&mut self, block: RawBlock, is_last: bool) -> Result<(), Stop> {
        self.bytes = self.bytes.saturating_add(u64::try_from(block.text_bytes()).unwrap_or(u64::MAX));
        let limit = self.task.limits.expanded_bytes;
        if self.bytes > limit {
            let file = self.task.source.name.clone();
            return Err(DecodeError::Limit { file, what: "bytes of text", limit, row: None }.into());
        }
        self.task.send(Message::Rows { sheet: self.sheet, block, is_last })
    }

    fn too_much(&self, what: &'static str, limit: usize) -> Stop {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let row = Some(u64::from(self.row) + 1);
        DecodeError::Limit { file: self.task.source.name.clone(), what, limit, row }.into()
    }
}
