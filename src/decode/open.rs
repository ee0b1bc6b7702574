//! Opens an extract: finds out what it is, checks its limits, and gives its parts.

use std::io::Read;
use std::path::Path;

use crate::definitions::{Layout, Schema, choose_sheets};
use crate::model::ExtractName;

use super::archive::{CheckedWorkbook, check_archive};
use super::columnar::open_columnar;
use super::compressed::{find_compression, unwrap_stream, unwrap_zip};
use super::delimited::{Delimited, DelimitedRows};
use super::dialect::{Compression, Dialect, FileFormat};
use super::encoding::{TextForm, detect_encoding};
use super::error::from_io;
use super::foreign::{FOREIGN_HEAD_BYTES, Foreign, find_foreign};
use super::json::{find_json, open_json};
use super::part::Part;
use super::row::RowSource;
use super::sheet::SheetParts;
use super::source::Source;
use super::unpivot::LayoutChunks;
use super::workbook::{PickSheets, WorkbookBlocks, WorkbookRows};
use super::{DecodeError, DecodeLimits};

/// How much of a text is looked at to recognise JSON.
const HEAD_BYTES: u64 = 4 << 10;
/// An old binary workbook is read into memory as a whole; larger ones do not exist in practice.
const XLS_BYTES: u64 = 64 << 20;

/// How to read an extract.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions<'a> {
    /// Its dataset's contract: the names by which the header is found, and which columns must be filled.
    pub schema: &'a Schema,
    /// How to find the table, where the file was not made for machines.
    pub layout: Option<&'a Layout>,
    /// What is too much.
    pub limits: &'a DecodeLimits,
    /// Where compressed files are unpacked; made when needed. Nothing stays there but after a killed process.
    pub scratch_dir: &'a Path,
}

/// The pieces of an extract, in file order.
pub type Parts = Box<dyn Iterator<Item = Result<Part, DecodeError>> + Send>;

/// An extract, to be read once.
pub struct Decoded {
    /// What was found out about the file's form.
    pub dialect: Dialect,
    /// The header: names without blanks around them, phantom columns at the end left out. With a layout, the fields of
    /// the schema.
    pub columns: Vec<String>,
    /// The rows. An error, here or when a part is decoded, means that the file must be refused.
    pub parts: Parts,
}

impl std::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded")
            .field("dialect", &self.dialect)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// Opens a file. Its content decides what it is, not its name; only where the header cannot be recognised is delimited text
/// expected to follow the extension: comma, or tab for `.tsv`.
///
/// # Errors
/// When the file is empty, exceeds a limit, is damaged, or does not look as its layout says.
pub fn open_extract(path: &Path, options: &OpenOptions<'_>) -> Result<Decoded, DecodeError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let source = Source::plain(&name, path);
    let bytes = source.bytes()?;
    if bytes == 0 {
        return Err(DecodeError::Empty { file: name });
    }
    if bytes > options.limits.file_bytes {
        return Err(DecodeError::Limit { file: name, what: "bytes", limit: options.limits.file_bytes, row: None });
    }
    open_source(&source, options)
}

fn open_source(source: &Source, options: &OpenOptions<'_>) -> Result<Decoded, DecodeError> {
    let mut magic = Vec::new();
    let head_bytes = u64::try_from(FOREIGN_HEAD_BYTES).unwrap_or(u64::MAX);
    let read = source.open()?.take(head_bytes).read_to_end(&mut magic);
    read.map_err(|error| DecodeError::io(&source.path, error))?;
    let compression = find_compression(&magic);
    if magic.starts_with(b"PK")
        && let Some(workbook) = check_archive(source, options.limits)?
    {
        return open_workbook(source, workbook, options);
    }
    if let Some(compression) = compression {
        return open_compressed(source, compression, options);
    }
    if magic.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        if source.bytes()? > XLS_BYTES {
            let (file, what) = (source.name.clone(), "bytes of an old .xls workbook");
            return Err(DecodeError::Limit { file, what, limit: XLS_BYTES, row: None });
        }
        return open_workbook(source, CheckedWorkbook::old(), options);
    }
    let columnar = match magic.as_slice() {
        [b'P', b'A', b'R', b'1', ..] => Some(FileFormat::Parquet),
        [b'A', b'R', b'R', b'O', b'W', b'1', ..] | [0xFF, 0xFF, 0xFF, 0xFF, ..] => Some(FileFormat::Arrow),
        _ => None,
    };
    if let Some(format) = columnar {
        refuse_layout(source, options, "a columnar file")?;
        let dialect = Dialect::new(format, source.compression);
        let (columns, parts) = open_columnar(source, format, options.limits)?;
        return Ok(Decoded { dialect, columns, parts: Box::new(parts) });
    }
    let declares_encoding = options.layout.is_some_and(|layout| layout.text.encoding.is_some());
    if let Some(Foreign { what, hint }) = find_foreign(&magic).filter(|_| !declares_encoding) {
        return Err(DecodeError::Foreign { file: source.name.clone(), what, hint });
    }
    let extension = extension(source);
    let usual = if extension == "tsv" { b'\t' } else { b',' };
    let expected = options.layout.and_then(|layout| layout.text.delimiter).unwrap_or(usual);
    // Text under the name of a workbook is read where its header is recognised, and there only.
    let is_misnamed = matches!(extension.as_str(), "xlsx" | "xlsm" | "ods" | "xls" | "xlsb");
    open_text(source, expected, is_misnamed, options)
}

/// What the name says the content is, without the ending of what wraps it.
fn extension(source: &Source) -> String {
    let name = source.name.to_ascii_lowercase();
    let inner = match source.compression {
        None => name.as_str(),
        Some(_) => name.rsplit_once('.').map_or(name.as_str(), |(inner, _)| inner),
    };
    inner.rsplit_once('.').map(|(_, extension)| extension.to_owned()).unwrap_or_default()
}

fn open_compressed(
    source: &Source,
    compression: Compression,
    options: &OpenOptions<'_>,
) -> Result<Decoded, DecodeError> {
    if source.compression.is_some() {
        let what = "it is compressed twice".to_owned();
        return Err(DecodeError::Unwrap { file: source.name.clone(), what, hint: "compress the data file once" });
    }
    let inner = match compression {
        Compression::Zip => unwrap_zip(source, options)?,
        _ => unwrap_stream(source, compression, options)?,
    };
    open_source(&inner, options)
}

fn refuse_layout(source: &Source, options: &OpenOptions<'_>, what: &str) -> Result<(), DecodeError> {
    let Some(layout) = options.layout else { return Ok(()) };
    Err(DecodeError::Layout {
        file: source.name.clone(),
        sheet: None,
        layout: layout.name.clone(),
        what: format!("it is {what}, a layout reads sheets and delimited text"),
    })
}

fn open_text(
    source: &Source,
    expected: u8,
    is_misnamed: bool,
    options: &OpenOptions<'_>,
) -> Result<Decoded, DecodeError> {
    let declared = options.layout.and_then(|layout| layout.text.encoding.as_deref()).and_then(TextForm::declared);
    let form = declared.map_or_else(|| detect_encoding(source), Ok)?;
    let mut head = Vec::new();
    let read = form.reader(source)?.take(HEAD_BYTES).read_to_end(&mut head);
    read.map_err(|error| from_io(&source.path, &source.name, error))?;
    let mut dialect = Dialect::new(FileFormat::Csv, source.compression);
    dialect.encoding = Some(form.name);
    dialect.byte_order_mark = form.byte_order_mark;
    if let Some(format) = find_json(&head) {
        refuse_layout(source, options, "JSON")?;
        dialect.format = format;
        let (columns, parts) = open_json(source, form, format, options.limits)?;
        return Ok(Decoded { dialect, columns, parts: Box::new(parts) });
    }
    let text = Delimited::open(source, form, (expected, is_misnamed), options, &mut dialect)?;
    if let Some(layout) = options.layout {
        return apply_layout(source, dialect, Box::new(DelimitedRows::new(text, options.limits.rows)), layout, options);
    }
    let (columns, parts) = text.into_parts(options, &mut dialect)?;
    Ok(Decoded { dialect, columns, parts: Box::new(parts) })
}

fn open_workbook(
    source: &Source,
    workbook: CheckedWorkbook,
    options: &OpenOptions<'_>,
) -> Result<Decoded, DecodeError> {
    let pick = match options.layout {
        Some(layout) if !layout.sheets.is_empty() => pick_by_layout(source.name.clone(), layout),
        _ => pick_plain(source.name.clone(), options.schema.dataset.as_str().to_owned()),
    };
    let mut dialect = Dialect::new(workbook.format, source.compression);
    let blocks = WorkbookBlocks::open(source, workbook, pick, options.limits)?;
    dialect.sheets.clone_from(&blocks.sheets);
    dialect.other_sheets.clone_from(&blocks.other_sheets);
    if let Some(layout) = options.layout {
        let rows = WorkbookRows::new(blocks, options.limits.rows);
        return apply_layout(source, dialect, Box::new(rows), layout, options);
    }
    let (columns, parts) = SheetParts::open(&source.name, blocks, options, &mut dialect)?;
    Ok(Decoded { dialect, columns, parts: Box::new(parts) })
}

fn pick_by_layout(file: String, layout: &Layout) -> PickSheets {
    let picks = layout.sheets.clone();
    Box::new(move |names, _| {
        let missing = |wanted| DecodeError::NoSheet { file, wanted, sheets: names.all.clone() };
        choose_sheets(&picks, &names.all).map_err(|sheet| missing(sheet.to_string()))
    })
}

/// The sheet that has the dataset's name, or the only one that holds anything and can be seen; a hidden one if no other
/// holds anything.
fn pick_plain(file: String, dataset: String) -> PickSheets {
    Box::new(move |names, filled| {
        if let Some(named) = names.all.iter().find(|sheet| sheet.trim().eq_ignore_ascii_case(&dataset)) {
            return Ok(vec![named.clone()]);
        }
        let seen: Vec<String> = filled.iter().filter(|sheet| !names.hidden.contains(sheet)).cloned().collect();
        match (seen.as_slice(), filled) {
            ([], []) => Err(DecodeError::Empty { file }),
            ([only], _) | ([], [only]) => Ok(vec![only.clone()]),
            _ => Err(DecodeError::SeveralSheets { file, sheets: filled.to_vec(), dataset }),
        }
    })
}

fn apply_layout(
    source: &Source,
    mut dialect: Dialect,
    rows: Box<dyn RowSource>,
    layout: &Layout,
    options: &OpenOptions<'_>,
) -> Result<Decoded, DecodeError> {
    let name = &source.name;
    let differs =
        |what: String| DecodeError::Layout { file: name.to_owned(), sheet: None, layout: layout.name.clone(), what };
    let as_of = ExtractName::parse(name).ok().map(|envelope| envelope.as_of);
    let base = layout.resolve_constants(as_of).map_err(differs)?;
    dialect.layout = Some(layout.name.clone());
    let columns: Vec<String> = options.schema.fields.iter().map(|field| field.name.clone()).collect();
    let chunks = LayoutChunks::new(name, layout, rows, columns.clone(), base);
    Ok(Decoded { dialect, columns, parts: Box::new(chunks.map(|chunk| chunk.map(Part::text))) })
}
