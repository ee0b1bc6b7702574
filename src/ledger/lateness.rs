//! What came again under another name, what the owner was told about late sources, so that each is told once, and since
//! when this ledger has watched.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ledger::row::{doing, encode_time, parsed, parsed_or_null, text};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{ContentHash, DatasetName, ExtractName, SupplierCode};

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

/// The bytes of a committed extract, delivered again by the same supplier under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redelivery {
    /// The other name.
    pub file_name: String,
    /// Where the extract belongs.
    pub dataset: DatasetName,
    /// Who delivered it.
    pub supplier: SupplierCode,
    /// The day up to which it is known to hold now.
    pub as_of: Date,
    /// When it came.
    pub came_at: Timestamp,
}

impl Ledger {
    /// Records that the bytes of a committed extract came under another name. The first time stands.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn record_redelivery(
        &self,
        extract: &ContentHash,
        file_name: &str,
        name: &ExtractName,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        sqlx::query(
            "insert into redeliveries (extract, file_name, dataset, supplier, as_of, came_at) values (?, ?, ?, ?, ?, ?)
             on conflict (extract, file_name) do nothing",
        )
        .bind(extract.as_str())
        .bind(file_name)
        .bind(name.dataset.as_str())
        .bind(name.supplier.as_str())
        .bind(name.as_of.to_string())
        .bind(encode_time(now))
        .execute(&self.pool)
        .await
        .map(|_| ())
        .map_err(doing("record a file that came again"))
    }

    /// Extracts that came again from the same supplier, for the same dataset.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_redeliveries(&self) -> Result<Vec<Redelivery>, LedgerError> {
        let rows = sqlx::query(
            "select r.file_name, r.dataset, r.supplier, r.as_of, r.came_at from redeliveries r
             join extracts e on e.hash = r.extract and e.dataset = r.dataset and e.supplier = r.supplier
             order by r.came_at, r.file_name",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(doing("list files that came again"))?;
        let redelivery = |row| {
            Ok(Redelivery {
                file_name: text(row, "file_name")?,
                dataset: parsed(row, "dataset")?,
                supplier: parsed(row, "supplier")?,
                as_of: parsed(row, "as_of")?,
                came_at: parsed(row, "came_at")?,
            })
        };
        rows.iter().map(redelivery).collect()
    }

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
