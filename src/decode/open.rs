//! Opens an extract: finds out what it is, checks its limits, and gives its chunks.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::definitions::{Layout, Release, Schema, SheetAt};
use crate::model::ExtractName;

use super::archive::check_archive;
use super::chunk::Part;
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
    pub parts: Box<dyn Iterator<Item = Result<Part, DecodeError>> + Send>,
}

impl std::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded")
            .field("dialect", &self.dialect)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// How to open an extract.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions<'a> {
    /// The contract of its dataset.
    pub schema: &'a Schema,
    /// How to find the table in a file that was not made for machines.
    pub layout: Option<&'a Layout>,
    /// How much is read before the file is refused.
    pub limits: &'a DecodeLimits,
    /// A private folder for files that live while the extract is read.
    pub scratch_dir: &'a Path,
}

/// Opens a file as text columns. Its content decides what it is, not its name; only the delimiter of text follows the
/// extension: comma, or tab for `.tsv`.
///
/// # Errors
/// When the file is empty, exceeds a limit, is damaged, or does not look as its layout says.
pub fn open_extract(path: &Path, options: &OpenOptions<'_>) -> Result<Decoded, DecodeError> {
    let OpenOptions { schema, layout, limits, .. } = *options;
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
    let expected = if extension == "tsv" { b'\t' } else { b',' };
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
    let encoding = detect_encoding(path, &mut open()?)?;
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
    let wanted: Vec<SheetAt> = layout.sheets.iter().map(|pick| pick.sheet.clone()).collect();
    Box::new(move |all, _| {
        let find = |at: &SheetAt| {
            let (found, wanted) = match at {
                SheetAt::Name(name) => (all.iter().find(|sheet| sheet.trim() == name), format!("`{name}`")),
                SheetAt::Position(position) => (all.get(position - 1), format!("at position {position}")),
            };
            let missing = || DecodeError::NoSheet { file: file.clone(), wanted, sheets: all.to_vec() };
            found.cloned().ok_or_else(missing)
        };
        wanted.iter().map(find).collect()
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
        return Ok(Decoded {
            dialect,
            columns: header.columns,
            parts: Box::new(chunks.map(|chunk| chunk.map(Part::text))),
        });
    };
    let release = find_release(name, layout)?;
    dialect.layout = Some(layout.name.clone());
    let columns: Vec<String> = schema.fields.iter().map(|field| field.name.clone()).collect();
    let chunks = LayoutChunks::new(name, layout, rows, columns.clone(), release.map(|release| &release.constants));
    Ok(Decoded { dialect, columns, parts: Box::new(chunks.map(|chunk| chunk.map(Part::text))) })
}

fn find_release<'a>(name: &str, layout: &'a Layout) -> Result<Option<&'a Release>, DecodeError> {
    let differs =
        |what: String| DecodeError::Layout { file: name.to_owned(), sheet: None, layout: layout.name.clone(), what };
    match (layout.releases.as_slice(), ExtractName::parse(name)) {
        ([], _) => Ok(None),
        (_, Ok(envelope)) => {
            let found = layout.find_release(envelope.as_of);
            found.map(Some).ok_or_else(|| differs(format!("no release is known by {}", envelope.as_of)))
        }
        ([only], Err(_)) => Ok(Some(only)),
        (_, Err(_)) => Err(differs("the file's name does not tell its day, which chooses the release".to_owned())),
    }
}
