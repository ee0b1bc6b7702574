//! Rows of workbooks. The reader runs on a thread of its own and hands over a few hundred rows at a time, so that memory
//! does not grow with the sheet, and a file that makes it panic is an error like any other.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{Ods, Reader, Xlsx};

use super::cell::{cell_text, data_text};
use super::dialect::FileFormat;
use super::row::{Row, RowSource};
use super::{DecodeError, DecodeLimits};

const BATCH_ROWS: usize = 512;
const BATCH_BYTES: usize = 4 << 20;

/// Chooses the sheets to read: given all names and those that hold data.
pub(super) type PickSheets = Box<dyn FnOnce(&[String], &[String]) -> Result<Vec<String>, DecodeError> + Send>;

enum Message {
    Sheets(Vec<String>),
    Rows(Vec<Row>),
    Failed(DecodeError),
    Done,
}

pub(super) struct WorkbookRows {
    file: String,
    sheets: Vec<String>,
    messages: Receiver<Message>,
    ready: std::vec::IntoIter<Row>,
    done: bool,
}

impl WorkbookRows {
    pub(super) fn open(
        path: &Path,
        file: &str,
        format: FileFormat,
        pick: PickSheets,
        limits: &DecodeLimits,
    ) -> Result<Self, DecodeError> {
        let (sender, messages) = sync_channel(4);
        let task = Task { path: path.to_owned(), file: file.to_owned(), limits: limits.clone(), sender };
        let spawned = std::thread::Builder::new().name("workbook".to_owned()).spawn(move || task.run(format, pick));
        spawned.map_err(|source| DecodeError::io(path, source))?;
        let mut rows =
            Self { file: file.to_owned(), sheets: Vec::new(), messages, ready: Vec::new().into_iter(), done: false };
        if let Message::Sheets(sheets) = rows.receive()? {
            rows.sheets = sheets;
        }
        Ok(rows)
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

impl RowSource for WorkbookRows {
    fn read(&mut self, row: &mut Row) -> Result<bool, DecodeError> {
        loop {
            if let Some(next) = self.ready.next() {
                *row = next;
                return Ok(true);
            }
            if self.done {
                return Ok(false);
            }
            match self.receive()? {
                Message::Rows(rows) => self.ready = rows.into_iter(),
                _ => self.done = true,
            }
        }
    }

    fn is_fixed_width(&self) -> bool {
        false
    }

    fn sheets(&self) -> &[String] {
        &self.sheets
    }
}

/// Why the thread stops early.
enum Stop {
    Error(DecodeError),
    NobodyListens,
}

impl From<DecodeError> for Stop {
    fn from(error: DecodeError) -> Self {
        Self::Error(error)
    }
}

struct Task {
    path: std::path::PathBuf,
    file: String,
    limits: DecodeLimits,
    sender: SyncSender<Message>,
}

impl Task {
    fn run(self, format: FileFormat, pick: PickSheets) {
        let result = match format {
            FileFormat::Ods => self.read_ods(pick),
            _ => self.read_xlsx(pick),
        };
        let last = match result {
            Err(Stop::NobodyListens) => return,
            Err(Stop::Error(error)) => Message::Failed(error),
            Ok(()) => Message::Done,
        };
        // Nobody may listen any more, and then nobody needs the last word.
        let _ = self.sender.send(last);
    }

    fn damaged(&self, what: &dyn ToString) -> DecodeError {
        DecodeError::Damaged { file: self.file.clone(), what: what.to_string() }
    }

    fn open(&self) -> Result<BufReader<File>, DecodeError> {
        File::open(&self.path).map(BufReader::new).map_err(|source| DecodeError::io(&self.path, source))
    }

    fn choose(&self, all: &[String], filled: &[String], pick: PickSheets) -> Result<Vec<String>, Stop> {
        let chosen = pick(all, filled)?;
        self.send(Message::Sheets(chosen.clone()))?;
        Ok(chosen)
    }

    fn send(&self, message: Message) -> Result<(), Stop> {
        self.sender.send(message).map_err(|_| Stop::NobodyListens)
    }

    fn read_xlsx(&self, pick: PickSheets) -> Result<(), Stop> {
        let mut workbook: Xlsx<_> = Xlsx::new(self.open()?).map_err(|error| self.damaged(&error))?;
        let names = workbook.sheet_names();
        let mut filled = Vec::new();
        for name in &names {
            let Ok(mut reader) = workbook.worksheet_cells_reader(name) else { continue };
            while let Some(cell) = reader.next_cell().map_err(|error| self.damaged(&error))? {
                if !cell_text(cell.get_value()).trim().is_empty() {
                    filled.push(name.clone());
                    break;
                }
            }
        }
        let mut collector = Collector::new(self);
        for (index, name) in self.choose(&names, &filled, pick)?.iter().enumerate() {
            collector.begin(index);
            let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| self.damaged(&error))?;
            while let Some(cell) = reader.next_cell().map_err(|error| self.damaged(&error))? {
                let (row, column) = cell.get_position();
                collector.put(row, column, cell_text(cell.get_value()))?;
            }
            collector.end_row()?;
        }
        collector.flush()
    }

    fn read_ods(&self, pick: PickSheets) -> Result<(), Stop> {
        let mut workbook: Ods<_> = Ods::new(self.open()?).map_err(|error| self.damaged(&error))?;
        let names = workbook.sheet_names();
        let is_filled = |name: &&String| workbook.worksheet_range(name).is_ok_and(|range| !range.is_empty());
        let filled: Vec<String> = {
            let mut is_filled = is_filled;
            names.iter().filter(|name| is_filled(name)).cloned().collect()
        };
        let mut collector = Collector::new(self);
        for (index, name) in self.choose(&names, &filled, pick)?.iter().enumerate() {
            collector.begin(index);
            let range = workbook.worksheet_range(name).map_err(|error| self.damaged(&error))?;
            let (top, left) = range.start().unwrap_or((0, 0));
            for (row, column, value) in range.used_cells() {
                let row = u32::try_from(row).map_or(u32::MAX, |row| row.saturating_add(top));
                let column = u32::try_from(column).map_or(u32::MAX, |column| column.saturating_add(left));
                collector.put(row, column, data_text(value))?;
            }
            collector.end_row()?;
        }
        collector.flush()
    }
}

/// Puts cells together to rows, watches the limits and sends rows on.
struct Collector<'a> {
    task: &'a Task,
    sheet: usize,
    row: u32,
    cells: Vec<String>,
    batch: Vec<Row>,
    batch_bytes: usize,
    rows: u64,
    bytes: u64,
}

impl<'a> Collector<'a> {
    fn new(task: &'a Task) -> Self {
        Self { task, sheet: 0, row: 0, cells: Vec::new(), batch: Vec::new(), batch_bytes: 0, rows: 0, bytes: 0 }
    }

    fn begin(&mut self, sheet: usize) {
        self.sheet = sheet;
        self.row = 0;
    }

    fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), Stop> {
        if text.is_empty() {
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
        if text.len() > limits.cell_bytes {
            return Err(self.too_much("bytes in one cell", limits.cell_bytes));
        }
        if column >= self.cells.len() {
            self.cells.resize(column + 1, String::new());
        }
        self.batch_bytes += text.len();
        self.cells[column] = text;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Stop> {
        if self.cells.iter().all(|cell| cell.trim().is_empty()) {
            self.cells.clear();
            return Ok(());
        }
        self.rows += 1;
        let limits = &self.task.limits;
        if self.rows > limits.rows.saturating_add(1) {
            let file = self.task.file.clone();
            return Err(DecodeError::Limit { file, what: "rows", limit: limits.rows, row: None }.into());
        }
        let cells = csv::StringRecord::from(std::mem::take(&mut self.cells));
        self.batch.push(Row { number: u64::from(self.row) + 1, sheet: self.sheet, cells });
        if self.batch.len() >= BATCH_ROWS || self.batch_bytes >= BATCH_BYTES {
            return self.flush();
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Stop> {
        self.bytes = self.bytes.saturating_add(u64::try_from(self.batch_bytes).unwrap_or(u64::MAX));
        self.batch_bytes = 0;
        let limit = self.task.limits.expanded_bytes;
        if self.bytes > limit {
            let file = self.task.file.clone();
            return Err(DecodeError::Limit { file, what: "bytes of text", limit, row: None }.into());
        }
        self.task.send(Message::Rows(std::mem::take(&mut self.batch)))
    }

    fn too_much(&self, what: &'static str, limit: usize) -> Stop {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let row = Some(u64::from(self.row) + 1);
        DecodeError::Limit { file: self.task.file.clone(), what, limit, row }.into()
    }
}
