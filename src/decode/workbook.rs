//! Opens workbooks. The reader runs on a thread of its own and hands over some thousand rows at a time, so that memory does
//! not grow with an .xlsx sheet, and a file that makes it panic is an error like any other.

use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{Sheet, SheetVisible};

use super::archive::CheckedWorkbook;
use super::block::RawBlock;
use super::dialect::FileFormat;
use super::row::{Row, RowSource};
use super::source::Source;
use super::{DecodeError, DecodeLimits};

/// Chooses the sheets to read: given all names and those that hold data.
pub(super) type PickSheets = Box<dyn FnOnce(&SheetNames, &[String]) -> Result<Vec<String>, DecodeError> + Send>;

/// The sheets of a workbook, in order.
pub(super) struct SheetNames {
    pub(super) all: Vec<String>,
    /// Those that whoever opens the workbook does not see.
    pub(super) hidden: Vec<String>,
}

impl SheetNames {
    pub(super) fn of(sheets: &[Sheet]) -> Self {
        let hidden = sheets.iter().filter(|sheet| sheet.visible != SheetVisible::Visible);
        Self {
            hidden: hidden.map(|sheet| sheet.name.clone()).collect(),
            all: sheets.iter().map(|sheet| sheet.name.clone()).collect(),
        }
    }
}

pub(super) enum Message {
    /// The sheets that are read, and those that hold something and are not.
    Sheets(Vec<String>, Vec<String>),
    Rows {
        sheet: usize,
        block: RawBlock,
        is_last: bool,
    },
    Failed(DecodeError),
    Done,
}

/// Blocks of rows as the thread hands them over.
pub(super) struct WorkbookBlocks {
    file: String,
    pub(super) sheets: Vec<String>,
    pub(super) other_sheets: Vec<String>,
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
        let mut blocks =
            Self { file: source.name.clone(), sheets: Vec::new(), other_sheets: Vec::new(), messages, done: false };
        if let Message::Sheets(sheets, others) = blocks.receive()? {
            (blocks.sheets, blocks.other_sheets) = (sheets, others);
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
            if let Some((row, column)) = block.find_not_calculated() {
                let (file, sheet) =
                    (self.blocks.file.clone(), self.blocks.sheets.get(sheet).cloned().unwrap_or_default());
                return Err(DecodeError::NotCalculated { file, sheet, row, column: column + 1 });
            }
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
            FileFormat::Ods => self.read_ods(workbook.facts, pick),
            FileFormat::Xls => self.read_xls(pick),
            _ => self.read_xlsx(&workbook, pick),
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

    pub(super) fn open(&self) -> Result<BufReader<File>, DecodeError> {
        Ok(BufReader::with_capacity(64 << 10, self.source.open()?))
    }

    pub(super) fn choose(&self, names: &SheetNames, filled: &[String], pick: PickSheets) -> Result<Vec<String>, Stop> {
        let chosen = pick(names, filled)?;
        let others = filled.iter().filter(|name| !chosen.contains(name)).cloned().collect();
        self.send(Message::Sheets(chosen.clone(), others))?;
        Ok(chosen)
    }
}

/// The name of a sheet as chunks carry it.
pub(super) fn sheet_name(sheets: &[String], sheet: usize) -> Option<Arc<str>> {
    sheets.get(sheet).map(|name| Arc::from(name.as_str()))
}
