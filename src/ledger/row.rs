//! Reading and writing single values: times, names, numbers, JSON. Owns the written form of a time in the ledger.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::ledger::LedgerError;

/// `2020-12-31T08:00:00.000000Z`: always six decimals, so that text order is time order.
pub(super) fn encode_time(time: Timestamp) -> String {
    format!("{time:.6}")
}

/// A text column.
pub(super) fn text(row: &SqliteRow, column: &'static str) -> Result<String, LedgerError> {
    row.try_get(column).map_err(|source| content(column, source))
}

/// A text column that may be null.
pub(super) fn text_or_null(row: &SqliteRow, column: &'static str) -> Result<Option<String>, LedgerError> {
    row.try_get(column).map_err(|source| content(column, source))
}

/// A text column that holds a value of one of our types.
pub(super) fn parsed<T>(row: &SqliteRow, column: &'static str) -> Result<T, LedgerError>
where
    T: std::str::FromStr,
    T::Err: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    text(row, column)?.parse().map_err(|source| content(column, source))
}

/// The same where null is allowed.
pub(super) fn parsed_or_null<T>(row: &SqliteRow, column: &'static str) -> Result<Option<T>, LedgerError>
where
    T: std::str::FromStr,
    T::Err: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    text_or_null(row, column)?.map(|value| value.parse().map_err(|source| content(column, source))).transpose()
}

/// A text column that holds JSON, or null.
pub(super) fn json_or_null(row: &SqliteRow, column: &'static str) -> Result<Option<serde_json::Value>, LedgerError> {
    text_or_null(row, column)?
        .map(|value| serde_json::from_str(&value).map_err(|source| content(column, source)))
        .transpose()
}

/// An integer column.
pub(super) fn number<T: TryFrom<i64>>(row: &SqliteRow, column: &'static str) -> Result<T, LedgerError>
where
    T::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let value: i64 = row.try_get(column).map_err(|source| content(column, source))?;
    T::try_from(value).map_err(|source| content(column, source))
}

/// An integer column that may be null.
pub(super) fn number_or_null(row: &SqliteRow, column: &'static str) -> Result<Option<i64>, LedgerError> {
    row.try_get(column).map_err(|source| content(column, source))
}

/// `SQLite`'s integers are signed; a count beyond them is not real.
pub(super) fn encode_count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Names the column in the error.
pub(super) fn content(
    column: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> LedgerError {
    LedgerError::Content { column, source: source.into() }
}

/// Names what was to be done in the error.
pub(super) fn doing(doing: &'static str) -> impl Fn(sqlx::Error) -> LedgerError {
    move |source| LedgerError::Statement { doing, source }
}
