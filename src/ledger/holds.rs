//! What was counted in each extract, and who let one through that a rule had held.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ledger::row::{content, doing, encode_time, json_or_null, number, parsed, text};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{ContentHash, DatasetName, RuleId, SupplierCode};

/// An earlier extract of the same supplier and dataset, with what was counted in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastExtract {
    /// Its identity.
    pub hash: ContentHash,
    /// Its name, without folder.
    pub file_name: String,
    /// Rows it held.
    pub rows_in: u64,
    /// Sums and shares, if they were counted.
    pub totals: Option<serde_json::Value>,
}

/// A person's decision to let an extract through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Which extract.
    pub extract: ContentHash,
    /// The rule that holds it.
    pub rule: RuleId,
    /// Who decided.
    pub by: String,
    /// Why.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// Up to which delivery extracts count as earlier.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// The delivery itself, which is no earlier one.
    pub hash: &'a ContentHash,
    /// Its dataset.
    pub dataset: &'a DatasetName,
    /// Its supplier.
    pub supplier: &'a SupplierCode,
    /// The day up to which it is known.
    pub as_of: Date,
    /// Its number among the deliveries of that day.
    pub sequence: u32,
}

impl Ledger {
    /// Records what was counted in an extract; again for the same extract, the last count stands.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn record_totals(&self, extract: &ContentHash, totals: &serde_json::Value) -> Result<(), LedgerError> {
        sqlx::query(
            "insert into extract_totals (extract, totals) values (?, ?)
             on conflict (extract) do update set totals = excluded.totals",
        )
        .bind(extract.as_str())
        .bind(totals.to_string())
        .execute(&self.pool)
        .await
        .map(|_| ())
        .map_err(doing("record the totals of an extract"))
    }

    /// Committed extracts that the same supplier delivered for the same dataset up to a delivery, the newest first. One
    /// that came several times is there as often.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_past_extracts(&self, before: Before<'_>) -> Result<Vec<PastExtract>, LedgerError> {
        let rows = sqlx::query(
            "select d.extract as hash, d.file_name, e.rows_in, t.totals
             from deliveries d join extracts e on e.hash = d.extract
             left join extract_totals t on t.extract = d.extract
             where d.extract <> ?1 and d.dataset = ?2 and d.supplier = ?3
               and (d.as_of < ?4 or (d.as_of = ?4 and d.sequence <= ?5))
             order by d.as_of desc, d.sequence desc, d.came_at desc, d.id desc",
        )
        .bind(before.hash.as_str())
        .bind(before.dataset.as_str())
        .bind(before.supplier.as_str())
        .bind(before.as_of.to_string())
        .bind(before.sequence)
        .fetch_all(&self.pool)
        .await
        .map_err(doing("list earlier extracts"))?;
        let past = |row| {
            Ok(PastExtract {
                hash: ContentHash::try_from(text(row, "hash")?).map_err(|source| content("hash", source))?,
                file_name: text(row, "file_name")?,
                rows_in: number(row, "rows_in")?,
                totals: json_or_null(row, "totals")?,
            })
        };
        rows.iter().map(past).collect()
    }

    /// Records that a person lets an extract through. The first decision about a rule stands.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn record_acceptance(&self, acceptance: &Acceptance) -> Result<(), LedgerError> {
        sqlx::query(
            "insert into acceptances (extract, rule, accepted_by, note, at) values (?, ?, ?, ?, ?)
             on conflict (extract, rule) do nothing",
        )
        .bind(acceptance.extract.as_str())
        .bind(acceptance.rule.0.as_ref())
        .bind(&acceptance.by)
        .bind(&acceptance.note)
        .bind(encode_time(acceptance.at))
        .execute(&self.pool)
        .await
        .map(|_| ())
        .map_err(doing("record an acceptance"))
    }

    /// Who let an extract through, and past which rules.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_acceptances(&self, extract: &ContentHash) -> Result<Vec<Acceptance>, LedgerError> {
        let rows =
            sqlx::query("select rule, accepted_by, note, at from acceptances where extract = ? order by at, rule")
                .bind(extract.as_str())
                .fetch_all(&self.pool)
                .await
                .map_err(doing("list acceptances"))?;
        let acceptance = |row| {
            Ok(Acceptance {
                extract: extract.clone(),
                rule: RuleId(text(row, "rule")?.into()),
                by: text(row, "accepted_by")?,
                note: text(row, "note")?,
                at: parsed(row, "at")?,
            })
        };
        rows.iter().map(acceptance).collect()
    }
}
