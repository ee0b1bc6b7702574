//! Opens an extract: finds out what it is, checks its limits, and gives its chunks.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::definitions::{Layout, Schema, choose_sheets};
use crate::model::ExtractName;

use super::archive::check_archive;
use super::chunk::TextChunk;
use super::delimited::DelimitedRows;
use super::delimiter::{delimiter_name, find_other_delimiter};
use super::dialect::{Dialect, FileFormat};
use super::encoding::{detect_encoding, peek_text};
use super::plain::PlainChunks;
use super::row::RowSource;
use super::unpivot::LayoutChunks;
use super::workbook::{PickSheets, WorkbookRows};
use super::{DecodeError, DecodeLimits};

/// How much of a text file is looked at to recognise its delimiter.
const PEEK_BYTES: usize = 256 << 10;

/// An extract as text columns, to be read once.
pub struct Decoded {
    /// What was found out about the file's form.
    pub dialect: Dialect,
    /// The header: names without blanks around them, phantom columns at the end left out. With a layout, the fields of
    /// the schema.
    pub columns: Vec<String>,
    /// The rows. An error ends them, and the file must be refused.
    pub chunks: Box<dyn Iterator<Item = Result<TextChunk, DecodeError>> + Send>,
}

impl std::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded")
            .field("dialect", &self.dialect)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// Opens a file as text columns. Its content decides what it is, not its name; only the delimiter of text follows the
/// extension: comma, or tab for `.tsv`.
///
/// # Errors
/// When the file is empty, exceeds a limit, is damaged, or does not look as its layout says.
pub fn open_extract(
    path: &Path,
    schema: &Schema,
    layout: Option<&Layout>,
    limits: &DecodeLimits,
) -> Result<Decoded, DecodeError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut file = File::open(path).map_err(|source| DecodeError::io(path, source))?;
    let bytes = file.metadata().map_err(|source| DecodeError::io(path, source))?.len();
    if bytes == 0 {
        return Err(DecodeError::Empty { file: name });
    }
    if bytes > limits.file_bytes {
        return Err(DecodeError::Limit { file: name, what: "bytes", limit: limits.file_bytes, row: None });
    }
    let mut magic = Vec::new();
    file.by_ref().take(8).read_to_end(&mut magic).map_err(|source| DecodeError::io(path, source))?;
    drop(file);
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if magic.starts_with(b"PK") {
        return open_workbook(path, &name, schema, layout, limits);
    }
    if magic.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let what = "it is an old .xls workbook or one with a password";
        return Err(DecodeError::NotWorkbook { file: name, what });
    }
    if matches!(extension.as_str(), "xlsx" | "xlsm" | "ods" | "xls" | "xlsb") {
        return Err(DecodeError::NotWorkbook { file: name, what: "its content is not a workbook's" });
    }
    let usual = if extension == "tsv" { b'\t' } else { b',' };
    let expected = layout.and_then(|layout| layout.text.delimiter).unwrap_or(usual);
    open_text(path, &name, expected, schema, layout, limits)
}

fn open_text(
    path: &Path,
    name: &str,
    expected: u8,
    schema: &Schema,
    layout: Option<&Layout>,
    limits: &DecodeLimits,
) -> Result<Decoded, DecodeError> {
    let open = || File::open(path).map_err(|source| DecodeError::io(path, source));
    let declared = layout.and_then(|layout| layout.text.encoding.as_deref());
    let encoding = match declared.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes())) {
        Some(encoding) => encoding,
        None => detect_encoding(path, &mut open()?)?,
    };
    let head = peek_text(open()?, encoding, PEEK_BYTES);
    let (known, lines): (Vec<&str>, usize) = match layout {
        Some(layout) => (layout.columns.iter().flat_map(|c| c.from.iter().map(String::as_str)).collect(), 50),
        None => (schema.fields.iter().map(|field| field.name.as_str()).collect(), 1),
    };
    if let Some(seen) = find_other_delimiter(&head, expected, &known, lines) {
        let (seen, expected) = (delimiter_name(seen), delimiter_name(expected));
        return Err(DecodeError::WrongDelimiter { file: name.to_owned(), seen, expected });
    }
    let dialect = Dialect {
        format: FileFormat::Csv,
        encoding: Some(encoding.name()),
        delimiter: Some(char::from(expected)),
        sheets: Vec::new(),
        header_row: None,
        layout: None,
    };
    let rows = DelimitedRows::new(path, name, open()?, encoding, expected, limits);
    assemble(name, dialect, Box::new(rows), schema, layout)
}

fn open_workbook(
    path: &Path,
    name: &str,
    schema: &Schema,
    layout: Option<&Layout>,
    limits: &DecodeLimits,
) -> Result<Decoded, DecodeError> {
    let format = check_archive(path, name, limits)?;
    let pick = match layout {
        Some(layout) if !layout.sheets.is_empty() => pick_by_layout(name.to_owned(), layout),
        _ => pick_plain(name.to_owned(), schema.dataset.as_str().to_owned()),
    };
    let rows = WorkbookRows::open(path, name, format, pick, limits)?;
    let sheets = rows.sheets().to_vec();
    let dialect = Dialect { format, encoding: None, delimiter: None, sheets, header_row: None, layout: None };
    assemble(name, dialect, Box::new(rows), schema, layout)
}

fn pick_by_layout(file: String, layout: &Layout) -> PickSheets {
    let picks = layout.sheets.clone();
    Box::new(move |all, _| {
        let missing = |wanted| DecodeError::NoSheet { file, wanted, sheets: all.to_vec() };
        choose_sheets(&picks, all).map_err(|sheet| missing(sheet.to_string()))
    })
}

/// The sheet that has the dataset's name, or the only one that holds anything.
fn pick_plain(file: String, dataset: String) -> PickSheets {
    Box::new(move |all, filled| {
        if let Some(named) = all.iter().find(|sheet| sheet.trim() == dataset) {
            return Ok(vec![named.clone()]);
        }
        match filled {
            [] => Err(DecodeError::Empty { file }),
            [only] => Ok(vec![only.clone()]),
            _ => Err(DecodeError::SeveralSheets { file, sheets: filled.to_vec(), dataset }),
        }
    })
}

fn assemble(
    name: &str,
    mut dialect: Dialect,
    rows: Box<dyn RowSource>,
    schema: &Schema,
    layout: Option<&Layout>,
) -> Result<Decoded, DecodeError> {
    let Some(layout) = layout else {
        let (header, chunks) = PlainChunks::open(name, rows)?;
        dialect.header_row = Some(header.row);
        return Ok(Decoded { dialect, columns: header.columns, chunks: Box::new(chunks) });
    };
    let differs =
        |what: String| DecodeError::Layout { file: name.to_owned(), sheet: None, layout: layout.name.clone(), what };
    let as_of = ExtractName::parse(name).ok().map(|envelope| envelope.as_of);
    let base = layout.resolve_constants(as_of).map_err(differs)?;
    dialect.layout = Some(layout.name.clone());
    let columns: Vec<String> = schema.fields.iter().map(|field| field.name.clone()).collect();
    let chunks = LayoutChunks::new(name, layout, rows, columns.clone(), base);
    Ok(Decoded { dialect, columns, chunks: Box::new(chunks) })
}
