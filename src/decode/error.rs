//! Why a file cannot be read as a table. A bad row is not an error; it is found by `validate`.

use std::path::{Path, PathBuf};

use crate::model::ErrorClass;

/// Why a file cannot be read as a table. `file` is its name without the folder.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The file cannot be opened or read.
    #[error("read `{}`", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is nothing in it, not even a header.
    #[error("read `{file}`: the file is empty; ask the supplier to send it again")]
    Empty {
        /// The file.
        file: String,
    },
    /// A limit is exceeded.
    #[error("read `{file}`: more than {limit} {what}{}; raise `limits` if this is meant", at_row(*.row))]
    Limit {
        /// The file.
        file: String,
        /// Of what there is too much.
        what: &'static str,
        /// The limit.
        limit: u64,
        /// Near which row.
        row: Option<u64>,
    },
    /// The bytes do not follow the encoding they began in.
    #[error("read `{file}`: not valid {encoding} near byte {byte}; save it as UTF-8")]
    Encoding {
        /// The file.
        file: String,
        /// The encoding that was recognised.
        encoding: &'static str,
        /// Where.
        byte: u64,
    },
    /// It holds bytes that no text has.
    #[error("read `{file}`: not a text file, it has a NUL byte in line {line}; is it a workbook under another name?")]
    Binary {
        /// The file.
        file: String,
        /// The line of the file.
        line: u64,
    },
    /// Another separator between columns than agreed.
    #[error("read `{file}`: columns are separated by {seen}, not by {expected}; export it again with {expected}")]
    WrongDelimiter {
        /// The file.
        file: String,
        /// What separates its columns.
        seen: &'static str,
        /// What should.
        expected: &'static str,
    },
    /// A row that could be data stands above the header.
    #[error(
        "read `{file}`: row {row} looks like data, but stands above the header in row {header}; put one header above all rows"
    )]
    DataAboveHeader {
        /// The file.
        file: String,
        /// The first such row.
        row: u64,
        /// The header's row.
        header: u64,
    },
    /// A quote is opened and never closed.
    #[error("read `{file}`: the quote opened in line {line} is never closed; close it or double it")]
    UnclosedQuote {
        /// The file.
        file: String,
        /// The line of the file.
        line: u64,
    },
    /// Text follows a closing quote: one quote too many or too few.
    #[error(
        "read `{file}`: text follows the closing quote in line {line} (opened in line {opened}); double quotes inside quotes"
    )]
    StrayQuote {
        /// The file.
        file: String,
        /// The line of the file.
        line: u64,
        /// Where the quoted cell began.
        opened: u64,
    },
    /// Something else than a table.
    #[error("read `{file}`: it is {what}; {hint}")]
    Foreign {
        /// The file.
        file: String,
        /// What it is.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// Letters that only another encoding explains.
    #[error(
        "read `{file}`: its letters are not those of Windows (an old DOS or Macintosh encoding?); save it as UTF-8, or name its encoding in a layout"
    )]
    Letters {
        /// The file.
        file: String,
    },
    /// Not a workbook of a supported kind.
    #[error("open workbook `{file}`: {what}; save it again as .xlsx or .csv")]
    NotWorkbook {
        /// The file.
        file: String,
        /// What it is instead.
        what: &'static str,
    },
    /// The workbook or what wraps the file is damaged.
    #[error("read `{file}`: it is damaged or cut short ({what}); ask for the file again")]
    Damaged {
        /// The file.
        file: String,
        /// What the reader says, without cell contents.
        what: String,
    },
    /// The archive unpacks to far more than it should.
    #[error("unpack `{file}`: `{entry}` unpacks to more than {limit} {what}, refused as a bomb")]
    Bomb {
        /// The file.
        file: String,
        /// The part of the archive.
        entry: String,
        /// Bytes, parts, or times its packed size.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// What it is wrapped in cannot be taken off.
    #[error("unpack `{file}`: {what}; {hint}")]
    Unwrap {
        /// The file.
        file: String,
        /// What is wrong.
        what: String,
        /// How to mend it.
        hint: &'static str,
    },
    /// JSON that is no table.
    #[error("read `{file}`: {what} in object {row}; deliver an array of flat objects, or one object a line")]
    Json {
        /// The file.
        file: String,
        /// The object, from 1.
        row: u64,
        /// What is wrong.
        what: String,
    },
    /// A Parquet or Arrow file that is damaged or has columns that are no text.
    #[error("read `{file}`: {what}")]
    Columnar {
        /// The file.
        file: String,
        /// What is wrong, without cell contents.
        what: String,
    },
    /// Several sheets hold data and nothing says which is meant.
    #[error("read workbook `{file}`: {} sheets hold data ({}); name one `{dataset}` or write a layout", .sheets.len(), .sheets.join(", "))]
    SeveralSheets {
        /// The file.
        file: String,
        /// Their names.
        sheets: Vec<String>,
        /// The dataset.
        dataset: String,
    },
    /// A layout names a sheet that is not there.
    #[error("read workbook `{file}`: there is no sheet {wanted}; it has {}", .sheets.join(", "))]
    NoSheet {
        /// The file.
        file: String,
        /// What the layout asks for.
        wanted: String,
        /// Their names.
        sheets: Vec<String>,
    },
    /// A sheet that a layout reads has a formula that was never calculated.
    #[error(
        "read workbook `{file}` > sheet {sheet}: row {row}, column {column} has a formula without a stored value; open the workbook in Excel, save it and deliver it again"
    )]
    NotCalculated {
        /// The file.
        file: String,
        /// The sheet.
        sheet: String,
        /// The row.
        row: u64,
        /// The column, from 1.
        column: usize,
    },
    /// The file does not look as its layout says.
    #[error("read `{file}`{}: {what}; mend layout `{layout}`", at_sheet(.sheet.as_deref()))]
    Layout {
        /// The file.
        file: String,
        /// The sheet.
        sheet: Option<String>,
        /// The layout.
        layout: String,
        /// What is different.
        what: String,
    },
    /// The columns cannot be put together; a defect.
    #[error("read `{file}`: build a record batch")]
    Batch {
        /// The file.
        file: String,
        /// Why.
        source: arrow::error::ArrowError,
    },
}

fn at_row(row: Option<u64>) -> String {
    row.map_or_else(String::new, |row| format!(" near row {row}"))
}

fn at_sheet(sheet: Option<&str>) -> String {
    sheet.map_or_else(String::new, |sheet| format!(" > sheet {sheet}"))
}

impl DecodeError {
    /// What the error means for the run: the file is refused, unless the fault is not the file's.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::Io { .. } => ErrorClass::Permanent,
            Self::Batch { .. } => ErrorClass::Bug,
            _ => ErrorClass::Data,
        }
    }

    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

/// A fault found inside a reader, on its way out through `std::io` to where the file's name is known.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{self:?}")]
pub(super) enum Fault {
    Encoding { encoding: &'static str, byte: u64 },
    Binary { line: u64 },
    UnclosedQuote { line: u64 },
    StrayQuote { line: u64, opened: u64 },
    Limit { what: &'static str, limit: u64, line: u64 },
}

impl Fault {
    pub(super) fn into_io(self) -> std::io::Error {
        std::io::Error::new(std::io::ErrorKind::InvalidData, self)
    }

    pub(super) fn into_error(self, file: &str) -> DecodeError {
        let file = file.to_owned();
        match self {
            Self::Encoding { encoding, byte } => DecodeError::Encoding { file, encoding, byte },
            Self::Binary { line } => DecodeError::Binary { file, line },
            Self::UnclosedQuote { line } => DecodeError::UnclosedQuote { file, line },
            Self::StrayQuote { line, opened } => DecodeError::StrayQuote { file, line, opened },
            Self::Limit { what, limit, line } => DecodeError::Limit { file, what, limit, row: Some(line) },
        }
    }
}

/// Brings a fault out of an I/O error, which otherwise stays what it is.
pub(super) fn from_io(path: &Path, file: &str, error: std::io::Error) -> DecodeError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>()) {
        Some(fault) => fault.clone().into_error(file),
        None => DecodeError::io(path, error),
    }
}
