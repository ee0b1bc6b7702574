//! Opens workbooks. The reader runs on a thread of its own and hands over some thousand rows at a time, so that memory does
//! not grow with an .xlsx sheet, and a file that makes it panic is an error like any other.

use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{Dimensions, Ods, Reader, Xls, Xlsx};

use super::archive::CheckedWorkbook;
use super::block::RawBlock;
use super::cell::Value;
use super::collector::Collector;
use super::dialect::FileFormat;
use super::row::{Row, RowSource};
use super::source::Source;
use super::{DecodeError, DecodeLimits};

/// Chooses the sheets to read: given all names and those that hold data.
pub(super) type PickSheets = Box<dyn FnOnce(&[String], &[String]) -> Result<Vec<String>, DecodeError> + Send>;

pub(super) enum Message {
    Sheets(Vec<String>),
    Rows { sheet: usize, block: RawBlock, is_last: bool },
    Failed(DecodeError),
    Done,
}

/// Blocks of rows as the thread hands them over.
pub(super) struct WorkbookBlocks {
    file: String,
    pub(super) sheets: Vec<String>,
    messages: Receiver<Message>,
    done: bool,
}

impl WorkbookBlocks {
    pub(super) fn open(
        source: &Source,
        workbook: CheckedWorkbook,
        pick: PickSheets,
        limits: &DecodeLimits,
    ) -> Result<Self, DecodeError> {
        let (sender, messages) = sync_channel(4);
        let task = Task { source: source.clone(), limits: limits.clone(), sender };
        let spawned = std::thread::Builder::new().name("workbook".to_owned()).spawn(move || task.run(workbook, pick));
        spawned.map_err(|error| DecodeError::io(&source.path, error))?;
        let mut blocks = Self { file: source.name.clone(), sheets: Vec::new(), messages, done: false };
        if let Message::Sheets(sheets) = blocks.receive()? {
            blocks.sheets = sheets;
        }
        Ok(blocks)
    }

    /// The next rows: the sheet they belong to, and whether they are the last of it.
    pub(super) fn next(&mut self) -> Result<Option<(usize, RawBlock, bool)>, DecodeError> {
        if self.done {
            return Ok(None);
        }
        if let Message::Rows { sheet, block, is_last } = self.receive()? {
            return Ok(Some((sheet, block, is_last)));
        }
        self.done = true;
        Ok(None)
    }

    fn receive(&mut self) -> Result<Message, DecodeError> {
        match self.messages.recv() {
            Ok(Message::Failed(error)) => {
                self.done = true;
                Err(error)
            }
            Ok(message) => Ok(message),
            // The thread went without a last word: it panicked.
            Err(_) => {
                self.done = true;
                Err(DecodeError::Damaged { file: self.file.clone(), what: "the reader gave up".to_owned() })
            }
        }
    }
}

/// Rows of a workbook one after the other, for a layout.
pub(super) struct WorkbookRows {
    blocks: WorkbookBlocks,
    sheet: usize,
    ready: std::vec::IntoIter<(u64, Vec<String>)>,
    rows: u64,
    row_limit: u64,
}

impl WorkbookRows {
    pub(super) fn new(blocks: WorkbookBlocks, row_limit: u64) -> Self {
        Self { blocks, sheet: 0, ready: Vec::new().into_iter(), rows: 0, row_limit }
    }
}

impl RowSource for WorkbookRows {
    fn read(&mut self, row: &mut Row) -> Result<bool, DecodeError> {
        loop {
            if let Some((number, cells)) = self.ready.next() {
                self.rows += 1;
                if self.rows > self.row_limit.saturating_add(1) {
                    let file = self.blocks.file.clone();
                    return Err(DecodeError::Limit { file, what: "rows", limit: self.row_limit, row: None });
                }
                *row = Row { number, sheet: self.sheet, cells: csv::StringRecord::from(cells) };
                return Ok(true);
            }
            let Some((sheet, block, _)) = self.blocks.next()? else { return Ok(false) };
            self.sheet = sheet;
            self.ready = block.to_rows(usize::MAX).into_iter();
        }
    }

    fn is_fixed_width(&self) -> bool {
        false
    }

    fn sheets(&self) -> &[String] {
        &self.blocks.sheets
    }
}

/// Why the thread stops early.
pub(super) enum Stop {
    Error(DecodeError),
    NobodyListens,
}

impl From<DecodeError> for Stop {
    fn from(error: DecodeError) -> Self {
        Self::Error(error)
    }
}

/// What the thread has to do.
pub(super) struct Task {
    pub(super) source: Source,
    pub(super) limits: DecodeLimits,
    sender: SyncSender<Message>,
}

impl Task {
    fn run(self, workbook: CheckedWorkbook, pick: PickSheets) {
        let result = match workbook.format {
            FileFormat::Ods => self.read_ods(pick),
            FileFormat::Xls => self.read_xls(pick),
            _ => self.read_xlsx(workbook.has_merged_cells, pick),
        };
        let last = match result {
            Err(Stop::NobodyListens) => return,
            Err(Stop::Error(error)) => Message::Failed(error),
            Ok(()) => Message::Done,
        };
        // Nobody may listen any more, and then nobody needs the last word.
        let _ = self.sender.send(last);
    }

    pub(super) fn damaged(&self, what: &dyn ToString) -> DecodeError {
        DecodeError::Damaged { file: self.source.name.clone(), what: what.to_string() }
    }

    pub(super) fn send(&self, message: Message) -> Result<(), Stop> {
        self.sender.send(message).map_err(|_| Stop::NobodyListens)
    }

    fn open(&self) -> Result<BufReader<File>, DecodeError> {
        Ok(BufReader::with_capacity(64 << 10, self.source.open()?))
    }

    fn choose(&self, all: &[String], filled: &[String], pick: PickSheets) -> Result<Vec<String>, Stop> {
        let chosen = pick(all, filled)?;
        self.send(Message::Sheets(chosen.clone()))?;
        Ok(chosen)
    }

    fn read_xlsx(&self, has_merged_cells: bool, pick: PickSheets) -> Result<(), Stop> {
        let mut workbook: Xlsx<_> = Xlsx::new(self.open()?).map_err(|error| self.damaged(&error))?;
        let names = workbook.sheet_names();
        let mut filled = Vec::new();
        for name in &names {
            let Ok(mut reader) = workbook.worksheet_cells_reader(name) else { continue };
            while let Some(cell) = reader.next_cell().map_err(|error| self.damaged(&error))? {
                if Value::of_ref(cell.get_value()).is_some_and(|value| !value.is_blank()) {
                    filled.push(name.clone());
                    break;
                }
            }
        }
        for (index, name) in self.choose(&names, &filled, pick)?.iter().enumerate() {
            let mut merged = Vec::new();
            if has_merged_cells {
                merged = workbook.merge_cells_by_sheet_name(name).map_err(|error| self.damaged(&error))?;
            }
            let mut collector = Collector::new(self, index, merged);
            let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| self.damaged(&error))?;
            while let Some(cell) = reader.next_cell().map_err(|error| self.damaged(&error))? {
                let (row, column) = cell.get_position();
                if let Some(value) = Value::of_ref(cell.get_value()) {
                    collector.put(row, column, &value)?;
                }
            }
            collector.finish()?;
        }
        Ok(())
    }

    fn read_ods(&self, pick: PickSheets) -> Result<(), Stop> {
        let mut workbook: Ods<_> = Ods::new(self.open()?).map_err(|error| self.damaged(&error))?;
        self.read_ranges(&mut workbook, |_, _| Vec::new(), pick)
    }

    fn read_xls(&self, pick: PickSheets) -> Result<(), Stop> {
        // An .xlsx workbook with a password has the same wrapping as an old .xls one.
        let refused = |error: calamine::XlsError| match error {
            calamine::XlsError::Io(error) => DecodeError::io(&self.source.path, error),
            _ => DecodeError::NotWorkbook {
                file: self.source.name.clone(),
                what: "it is a damaged old .xls workbook or one with a password",
            },
        };
        let mut workbook: Xls<_> = Xls::new(self.open()?).map_err(refused)?;
        self.read_ranges(
            &mut workbook,
            |workbook, name| workbook.merge_cells_by_sheet_name(name).unwrap_or_default(),
            pick,
        )
    }

    /// Reads sheets that the reader has in memory as a whole.
    fn read_ranges<R: Reader<BufReader<File>>>(
        &self,
        workbook: &mut R,
        merged: impl Fn(&R, &str) -> Vec<Dimensions>,
        pick: PickSheets,
    ) -> Result<(), Stop>
    where
        R::Error: ToString,
    {
        let names = workbook.sheet_names();
        let mut filled = Vec::new();
        for name in &names {
            if workbook.worksheet_range(name).is_ok_and(|range| !range.is_empty()) {
                filled.push(name.clone());
            }
        }
        for (index, name) in self.choose(&names, &filled, pick)?.iter().enumerate() {
            let range = workbook.worksheet_range(name).map_err(|error| self.damaged(&error))?;
            let mut collector = Collector::new(self, index, merged(workbook, name));
            let (top, left) = range.start().unwrap_or((0, 0));
            for (row, column, value) in range.used_cells() {
                let row = u32::try_from(row).map_or(u32::MAX, |row| row.saturating_add(top));
                let column = u32::try_from(column).map_or(u32::MAX, |column| column.saturating_add(left));
                if let Some(value) = Value::of(value) {
                    collector.put(row, column, &value)?;
                }
            }
            collector.finish()?;
        }
        Ok(())
    }
}

/// The name of a sheet as chunks carry it.
pub(super) fn sheet_name(sheets: &[String], sheet: usize) -> Option<Arc<str>> {
    sheets.get(sheet).map(|name| Arc::from(name.as_str()))
}
