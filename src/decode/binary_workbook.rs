//! Looks through an old binary workbook (MS-XLS) before its reader does, which puts a dense range of cells into memory for
//! every sheet: how large those are, how much text they repeat, and the formats of numbers, which the reader does not tell.

use std::collections::BTreeMap;

use super::compound::{Compound, u16_at, u32_at};
use super::number_format::NumberFormat;
use super::shared_texts::SharedTexts;

/// Sheets of a workbook; real ones have some dozens.
const MAX_SHEETS: usize = 1024;
/// Records that are looked at, for all sheets together: some times as many as fit into the largest file.
const MAX_RECORDS: usize = 50_000_000;
/// A range may have so many cells whatever is in it.
const FREE_CELLS: u64 = 4 << 20;
/// Cells of the largest sheet: 65,536 rows and 256 columns.
const LARGEST_SHEET: u64 = 1 << 24;
/// Cells that a larger range may have for every filled one.
const CELLS_OF_FILLED: u64 = 20;

/// Where numbers of a sheet are shown otherwise than as they are, by row and column from 0, in order.
pub(super) type CellFormats = BTreeMap<(u32, u32), NumberFormat>;

/// Why a workbook is not read, for people.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is none, or damaged.
    Damaged,
    /// What it is instead.
    Other(&'static str),
    /// More cells than this.
    Cells(u64),
    /// More bytes of text than this.
    Text(u64),
}

/// Checks a workbook; gives the formats of each sheet, in order. `text_limit` is the text of all cells in bytes.
pub(super) fn check_binary_workbook(bytes: &[u8], text_limit: u64) -> Result<Vec<CellFormats>, Unreadable> {
    let file = Compound::read(bytes).ok_or(Unreadable::Damaged)?;
    for (stream, what) in [
        ("EncryptedPackage", "it is a workbook with a password"),
        ("WordDocument", "it is a Word document"),
        ("PowerPoint Document", "it is a PowerPoint presentation"),
    ] {
        if file.has(stream) {
            return Err(Unreadable::Other(what));
        }
    }
    let stream = file.stream("Workbook").or_else(|| file.stream("Book")).ok_or(Unreadable::Damaged)?;
    let globals = Globals::read(&stream)?;
    let mut scan = Scan { globals: &globals, stream: &stream, records: 0, cells: 0, filled: 0, text: 0, text_limit };
    globals.sheets.iter().map(|start| scan.sheet(*start)).collect()
}

/// What holds for the whole workbook.
#[derive(Default)]
struct Globals {
    /// Where the sheets begin.
    sheets: Vec<usize>,
    /// Codes of formats by their number.
    codes: BTreeMap<u16, NumberFormat>,
    /// The number of the format of each cell style.
    styles: Vec<u16>,
    /// Bytes of the shared texts.
    texts: Vec<u64>,
}

/// A record's kind, its bytes and where the next one begins.
fn record(stream: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
    Some((kind, stream.get(at + 4..at + 4 + length)?, at + 4 + length))
}

impl Globals {
    fn read(stream: &[u8]) -> Result<Self, Unreadable> {
        let (mut found, mut at) = (Self::default(), 0);
        while let Some((kind, data, next)) = record(stream, at) {
            at = next;
            match kind {
                0x002F if u16_at(data, 0) != Some(0) => return Err(Unreadable::Other("it has a password")),
                0x0085 => {
                    let start =
                        u32_at(data, 0).and_then(|start| usize::try_from(start).ok()).ok_or(Unreadable::Damaged)?;
                    found.sheets.push(start);
                }
                0x041E => found.add_format(data),
                0x00E0 => found.styles.push(u16_at(data, 2).unwrap_or(0)),
                0x00FC => at = found.add_texts(stream, data, next),
                0x000A => break,
                _ => {}
            }
        }
        if found.sheets.is_empty() { Err(Unreadable::Damaged) } else { Ok(found) }
    }

    /// A format: its number, and its code as a text of one or two bytes a letter.
    fn add_format(&mut self, data: &[u8]) {
        let (Some(id), Some(flags), Some(text)) = (u16_at(data, 0), data.get(4), data.get(5..)) else { return };
        let code: String = if flags & 1 == 0 {
            text.iter().map(|byte| char::from(*byte)).collect()
        } else {
            let units: Vec<u16> = text.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
            String::from_utf16_lossy(&units)
        };
        self.codes.insert(id, NumberFormat::of_code(&code));
    }

    /// Measures the shared texts, which go on in further records; gives where those end.
    fn add_texts(&mut self, stream: &[u8], data: &[u8], mut next: usize) -> usize {
        let mut pieces = vec![data];
        while let Some((0x003C, more, after)) = record(stream, next) {
            pieces.push(more);
            next = after;
        }
        let mut texts = SharedTexts::new(pieces);
        while let Some(length) = texts.next_length() {
            // Three bytes a letter at most, where it is written as UTF-8.
            self.texts.push(u64::from(length) * 3);
        }
        next
    }

    fn format(&self, style: u16) -> NumberFormat {
        let id = self.styles.get(usize::from(style)).copied().unwrap_or(0);
        let built_in = || match id {
            9 | 10 => NumberFormat::Percent,
            18..=21 | 45 | 47 => NumberFormat::Clock,
            _ => NumberFormat::Plain,
        };
        self.codes.get(&id).copied().unwrap_or_else(built_in)
    }
}

/// Goes through the sheets.
struct Scan<'a> {
    globals: &'a Globals,
    stream: &'a [u8],
    records: usize,
    /// Of the ranges of all sheets.
    cells: u64,
    filled: u64,
    text: u64,
    text_limit: u64,
}

/// The rectangle around the cells of a sheet.
#[derive(Default)]
struct Area {
    rows: Option<(u64, u64)>,
    columns: Option<(u64, u64)>,
}

impl Area {
    fn add(&mut self, row: u16, column: u16) {
        let grown = |range: Option<(u64, u64)>, at: u64| Some(range.map_or((at, at), |(a, z)| (a.min(at), z.max(at))));
        self.rows = grown(self.rows, row.into());
        self.columns = grown(self.columns, column.into());
    }

    fn cells(&self) -> u64 {
        let length = |range: Option<(u64, u64)>| range.map_or(0, |(first, last)| last - first + 1);
        length(self.rows).saturating_mul(length(self.columns))
    }
}

impl Scan<'_> {
    fn sheet(&mut self, start: usize) -> Result<CellFormats, Unreadable> {
        let (mut area, mut formats) = (Area::default(), CellFormats::new());
        let (mut at, mut depth) = (start, 0_u32);
        while let Some((kind, data, next)) = record(self.stream, at) {
            at = next;
            self.records += 1;
            if self.records > MAX_RECORDS || self.globals.sheets.len() > MAX_SHEETS {
                return Err(Unreadable::Cells(self.filled));
            }
            match kind {
                // A chart inside the sheet has records like cells, which are none.
                0x0809 => depth += 1,
                0x000A => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                // Room for what the sheet declares is asked for at once, and used only as it is filled.
                0x0200 if depth == 1 && declared(data) > LARGEST_SHEET => return Err(Unreadable::Cells(LARGEST_SHEET)),
                0x00BD if depth == 1 => self.take_many(data, &mut area, &mut formats),
                0x0006 | 0x0203 | 0x0204 | 0x0205 | 0x00D6 | 0x00FD | 0x027E if depth == 1 => {
                    let (Some(row), Some(column), Some(style)) = (u16_at(data, 0), u16_at(data, 2), u16_at(data, 4))
                    else {
                        continue;
                    };
                    self.take(row, column, style, &mut area, &mut formats);
                    if kind == 0x00FD {
                        self.add_text(u32_at(data, 6))?;
                    }
                }
                _ => {}
            }
        }
        let cells = area.cells();
        self.check(cells)?;
        self.cells = self.cells.saturating_add(cells);
        Ok(formats)
    }

    fn take(&mut self, row: u16, column: u16, style: u16, area: &mut Area, formats: &mut CellFormats) {
        area.add(row, column);
        self.filled += 1;
        let format = self.globals.format(style);
        if format != NumberFormat::Plain {
            formats.insert((row.into(), column.into()), format);
        }
    }

    /// Numbers of one row, side by side.
    fn take_many(&mut self, data: &[u8], area: &mut Area, formats: &mut CellFormats) {
        let (Some(row), Some(first)) = (u16_at(data, 0), u16_at(data, 2)) else { return };
        let styles = data.get(4..data.len().saturating_sub(2)).unwrap_or_default().chunks_exact(6);
        for (column, style) in (first..=u16::MAX).zip(styles) {
            self.take(row, column, u16::from_le_bytes([style[0], style[1]]), area, formats);
        }
    }

    fn add_text(&mut self, index: Option<u32>) -> Result<(), Unreadable> {
        let index = index.and_then(|index| usize::try_from(index).ok());
        self.text = self.text.saturating_add(index.and_then(|at| self.globals.texts.get(at)).copied().unwrap_or(0));
        if self.text > self.text_limit { Err(Unreadable::Text(self.text_limit)) } else { Ok(()) }
    }

    /// Whether a range more may be put into memory.
    fn check(&self, cells: u64) -> Result<(), Unreadable> {
        let limit = self.filled.saturating_mul(CELLS_OF_FILLED).max(FREE_CELLS);
        if self.cells.saturating_add(cells) > limit { Err(Unreadable::Cells(limit)) } else { Ok(()) }
    }
}

/// The cells of the range that a sheet says it has.
pub(super) fn declared(data: &[u8]) -> u64 {
    let long = |at| u32_at(data, at).map_or(0, u64::from);
    let short = |at| u16_at(data, at).map_or(0, u64::from);
    let (rows, (first, end)) = match data.len() {
        10 => ((short(0), short(2)), (short(4), short(6))),
        _ => ((long(0), long(4)), (short(8), short(10))),
    };
    // As the reader takes it: columns that cannot be begin at the first.
    let columns = if first > 0xFF || end < first { (0, end) } else { (first, end) };
    if rows.1 == 0 || columns.1 == 0 {
        return 1;
    }
    // A range that ends before it begins has a length that nobody can allocate.
    let length = |(first, end): (u64, u64)| if first < end { end - first } else { u64::MAX };
    length(rows).saturating_mul(length(columns))
}
