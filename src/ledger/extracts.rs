//! Extracts: one row a file that was received.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::sqlite::SqliteRow;

use crate::ledger::open::BEGIN;
use crate::ledger::row::{
    content, doing, encode_count, encode_time, json_or_null, number, number_or_null, parsed, text, text_or_null,
};
use crate::ledger::{Ledger, LedgerError, RunId};
use crate::model::{ContentHash, DatasetName, SupplierCode};

/// What became of an extract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ExtractState {
    /// Its accepted rows are in the lake.
    Committed,
    /// It was refused whole.
    Refused,
    /// It was refused until a person lets it through.
    Held,
}

impl ExtractState {
    /// The state as written in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Refused => "refused",
            Self::Held => "held",
        }
    }
}

impl FromStr for ExtractState {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Committed, Self::Refused, Self::Held]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not a state of an extract"))
    }
}

/// One received file. Of a committed one, `rows_in` is `accepted` plus `quarantined`; repaired rows are accepted.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ExtractRecord {
    /// Its identity.
    pub hash: ContentHash,
    /// Where its rows belong.
    pub dataset: DatasetName,
    /// Who delivered it.
    pub supplier: SupplierCode,
    /// The day up to which it is known.
    pub as_of: Date,
    /// Its number among the deliveries of that day.
    pub sequence: u32,
    /// Its name, without folder.
    pub file_name: String,
    /// Its size.
    pub bytes: u64,
    /// What became of it.
    pub state: ExtractState,
    /// Rows it held.
    pub rows_in: u64,
    /// Rows in the lake.
    pub accepted: u64,
    /// Rows in quarantine.
    pub quarantined: u64,
    /// Accepted rows that were repaired first.
    pub repaired: u64,
    /// Why it was refused.
    pub reason: Option<String>,
    /// How it was read (encoding, delimiter, sheet, ...).
    pub dialect: Option<serde_json::Value>,
    /// When it was committed or refused.
    pub ingested_at: Timestamp,
    /// In which run.
    pub run: Option<RunId>,
}

const SELECT_ONE: &str = "select hash, dataset, supplier, as_of, sequence, file_name, size_bytes, state, rows_in,
    accepted, quarantined, repaired, reason, dialect, ingested_at, run from extracts where hash = ?";
const SELECT_ALL: &str = "select hash, dataset, supplier, as_of, sequence, file_name, size_bytes, state, rows_in,
    accepted, quarantined, repaired, reason, dialect, ingested_at, run from extracts
    order by dataset, supplier, as_of, sequence, ingested_at, hash";

/// What is committed stays as it was recorded first; a refused or held file may be tried again and is then recorded anew.
const UPSERT: &str = "insert into extracts (hash, dataset, supplier, as_of, sequence, file_name, size_bytes, state,
        rows_in, accepted, quarantined, repaired, reason, dialect, ingested_at, run)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (hash) do update set dataset = excluded.dataset, supplier = excluded.supplier,
        as_of = excluded.as_of, sequence = excluded.sequence, file_name = excluded.file_name,
        size_bytes = excluded.size_bytes, state = excluded.state, rows_in = excluded.rows_in,
        accepted = excluded.accepted, quarantined = excluded.quarantined, repaired = excluded.repaired,
        reason = excluded.reason, dialect = excluded.dialect, ingested_at = excluded.ingested_at, run = excluded.run
    where extracts.state <> 'committed'";

/// A committed extract has been delivered once, at the least.
const FIRST_DELIVERY: &str = "insert into deliveries (extract, file_name, dataset, supplier, as_of, sequence, came_at)
    select hash, file_name, dataset, supplier, as_of, sequence, ingested_at from extracts where hash = ?";

impl Ledger {
    /// Records an extract; a committed one with its first delivery, in the same transaction. Recording a committed one again
    /// changes nothing; a refused or held one is overwritten.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn record_extract(&self, extract: &ExtractRecord) -> Result<(), LedgerError> {
        let failed = doing("record an extract");
        let mut transaction = self.pool.begin_with(BEGIN).await.map_err(&failed)?;
        let recorded = sqlx::query(UPSERT)
            .bind(extract.hash.as_str())
            .bind(extract.dataset.as_str())
            .bind(extract.supplier.as_str())
            .bind(extract.as_of.to_string())
            .bind(extract.sequence)
            .bind(&extract.file_name)
            .bind(encode_count(extract.bytes))
            .bind(extract.state.as_str())
            .bind(encode_count(extract.rows_in))
            .bind(encode_count(extract.accepted))
            .bind(encode_count(extract.quarantined))
            .bind(encode_count(extract.repaired))
            .bind(&extract.reason)
            .bind(extract.dialect.as_ref().map(ToString::to_string))
            .bind(encode_time(extract.ingested_at))
            .bind(extract.run.map(|run| run.0))
            .execute(&mut *transaction)
            .await
            .map_err(&failed)?;
        if extract.state == ExtractState::Committed && recorded.rows_affected() > 0 {
            sqlx::query(FIRST_DELIVERY)
                .bind(extract.hash.as_str())
                .execute(&mut *transaction)
                .await
                .map_err(&failed)?;
        }
        transaction.commit().await.map_err(&failed)
    }

    /// The record of an extract that was seen before.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn find_extract(&self, hash: &ContentHash) -> Result<Option<ExtractRecord>, LedgerError> {
        let row = sqlx::query(SELECT_ONE)
            .bind(hash.as_str())
            .fetch_optional(&self.pool)
            .await
            .map_err(doing("find an extract"))?;
        row.as_ref().map(record).transpose()
    }

    /// Whether an extract of so many bytes is committed.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn has_committed_of_size(&self, bytes: u64) -> Result<bool, LedgerError> {
        sqlx::query_scalar("select exists (select 1 from extracts where state = 'committed' and size_bytes = ?)")
            .bind(encode_count(bytes))
            .fetch_one(&self.pool)
            .await
            .map_err(doing("look for an extract of a size"))
    }

    /// All extracts, by dataset, supplier, day and number.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_extracts(&self) -> Result<Vec<ExtractRecord>, LedgerError> {
        let rows = sqlx::query(SELECT_ALL).fetch_all(&self.pool).await.map_err(doing("list extracts"))?;
        rows.iter().map(record).collect()
    }
}

fn hash(row: &SqliteRow) -> Result<ContentHash, LedgerError> {
    ContentHash::try_from(text(row, "hash")?).map_err(|source| content("hash", source))
}

fn record(row: &SqliteRow) -> Result<ExtractRecord, LedgerError> {
    Ok(ExtractRecord {
        hash: hash(row)?,
        dataset: parsed(row, "dataset")?,
        supplier: parsed(row, "supplier")?,
        as_of: parsed(row, "as_of")?,
        sequence: number(row, "sequence")?,
        file_name: text(row, "file_name")?,
        bytes: number(row, "size_bytes")?,
        state: parsed(row, "state")?,
        rows_in: number(row, "rows_in")?,
        accepted: number(row, "accepted")?,
        quarantined: number(row, "quarantined")?,
        repaired: number(row, "repaired")?,
        reason: text_or_null(row, "reason")?,
        dialect: json_or_null(row, "dialect")?,
        ingested_at: parsed(row, "ingested_at")?,
        run: number_or_null(row, "run")?.map(RunId),
    })
}
