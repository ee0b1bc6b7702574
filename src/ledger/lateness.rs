//! What the owner was told about late sources, so that each is told once, and since when this ledger has watched.

use jiff::Timestamp;

use crate::ledger::row::{doing, encode_time, parsed_or_null};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{DatasetName, SupplierCode};

/// A source that is late or missing for a period.
#[derive(Clone, Copy, Debug)]
pub struct Lateness<'a> {
    /// Which dataset.
    pub dataset: &'a DatasetName,
    /// Whose.
    pub supplier: &'a SupplierCode,
    /// The period of its calendar.
    pub period: &'a str,
    /// `late` or `missing`.
    pub state: &'a str,
}

impl Ledger {
    /// When the first run began; none in a ledger without runs.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn began_at(&self) -> Result<Option<Timestamp>, LedgerError> {
        let row = sqlx::query("select min(started_at) as began from runs").fetch_one(&self.pool).await;
        parsed_or_null(&row.map_err(doing("find its first run"))?, "began")
    }

    /// Whether the owner was told that a source is late or missing.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn was_told(&self, lateness: Lateness<'_>) -> Result<bool, LedgerError> {
        sqlx::query_scalar::<_, i64>(
            "select count(*) from told_lateness where dataset = ? and supplier = ? and period = ? and state = ?",
        )
        .bind(lateness.dataset.as_str())
        .bind(lateness.supplier.as_str())
        .bind(lateness.period)
        .bind(lateness.state)
        .fetch_one(&self.pool)
        .await
        .map(|count| count > 0)
        .map_err(doing("find what was told about a late source"))
    }

    /// Records that the owner was told. Once is enough.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn record_told(&self, lateness: Lateness<'_>, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query(
            "insert into told_lateness (dataset, supplier, period, state, told_at) values (?, ?, ?, ?, ?)
             on conflict (dataset, supplier, period, state) do nothing",
        )
        .bind(lateness.dataset.as_str())
        .bind(lateness.supplier.as_str())
        .bind(lateness.period)
        .bind(lateness.state)
        .bind(encode_time(now))
        .execute(&self.pool)
        .await
        .map(|_| ())
        .map_err(doing("record what was told about a late source"))
    }
}
