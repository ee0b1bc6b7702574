//! What was found out about a file's form, for the ledger and for people.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// Delimited text.
    Csv,
    /// One JSON array of objects.
    Json,
    /// JSON objects one after the other.
    NdJson,
    /// Apache Parquet.
    Parquet,
    /// Apache Arrow, as a file or a stream.
    Arrow,
    /// An Office Open XML workbook.
    Xlsx,
    /// A binary workbook of Excel 97 to 2003.
    Xls,
    /// An `OpenDocument` spreadsheet.
    Ods,
}

/// What the file was wrapped in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
    /// A ZIP archive with one data file.
    Zip,
}

/// A file's form.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Dialect {
    /// What kind of file.
    pub format: FileFormat,
    /// What it was wrapped in.
    pub compression: Option<Compression>,
    /// The encoding of text.
    pub encoding: Option<&'static str>,
    /// Whether the text begins with a byte order mark.
    pub byte_order_mark: bool,
    /// What separates its columns.
    pub delimiter: Option<char>,
    /// What encloses cells that hold delimiters or line breaks.
    pub quote: Option<char>,
    /// The sheets that are read.
    pub sheets: Vec<String>,
    /// Sheets that hold something and are not read: hidden ones, those that no layout names.
    pub other_sheets: Vec<String>,
    /// What stands above the header, a text a row.
    pub title: Vec<String>,
    /// The header's row, where the file has only one table and no layout.
    pub header_row: Option<u64>,
    /// Columns without a name behind the last named one, left out.
    pub phantom_columns: usize,
    /// Notes below the table, which are no rows; complete when the last part is decoded.
    pub footnotes: Footnotes,
    /// The layout by which it is read.
    pub layout: Option<String>,
}

impl Dialect {
    pub(super) fn new(format: FileFormat, compression: Option<Compression>) -> Self {
        Self {
            format,
            compression,
            encoding: None,
            byte_order_mark: false,
            delimiter: None,
            quote: None,
            sheets: Vec::new(),
            other_sheets: Vec::new(),
            title: Vec::new(),
            header_row: None,
            phantom_columns: 0,
            footnotes: Footnotes::default(),
            layout: None,
        }
    }
}

/// How many notes were found below the table. Notes stand at the end, so the number is known when all parts are decoded.
#[derive(Clone, Debug, Default)]
pub struct Footnotes(Arc<AtomicU64>);

impl Footnotes {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    pub(super) fn add(&self, rows: u64) {
        self.0.fetch_add(rows, Ordering::AcqRel);
    }
}

impl PartialEq for Footnotes {
    fn eq(&self, other: &Self) -> bool {
        self.count() == other.count()
    }
}

impl Eq for Footnotes {}

impl serde::Serialize for Footnotes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.count())
    }
}
