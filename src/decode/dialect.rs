//! What was found out about a file's form, for the ledger and for people.

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// Delimited text.
    Csv,
    /// An Office Open XML workbook.
    Xlsx,
    /// An `OpenDocument` spreadsheet.
    Ods,
}

/// A file's form.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Dialect {
    /// What kind of file.
    pub format: FileFormat,
    /// The encoding of delimited text.
    pub encoding: Option<&'static str>,
    /// What separates its columns.
    pub delimiter: Option<char>,
    /// The sheets that are read.
    pub sheets: Vec<String>,
    /// The header's row, where the file has only one table and no layout.
    pub header_row: Option<u64>,
    /// The layout by which it is read.
    pub layout: Option<String>,
}
