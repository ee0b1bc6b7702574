//! Releases: rows that a person let out of quarantine. Owns that `accepted` and `quarantined` of the extract move with
//! them, in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::ledger::open::BEGIN;
use crate::ledger::row::{content, doing, encode_count, encode_time, number, parsed, text};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{ContentHash, RuleId};

/// One release of some rows of one extract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its identity, which its commit in the lake carries.
    pub id: ContentHash,
    /// Whose rows.
    pub extract: ContentHash,
    /// The rows, as numbered in the file.
    pub rows: BTreeSet<u64>,
    /// Rules that were set aside for them.
    pub overridden: BTreeSet<RuleId>,
    /// Who decided.
    pub by: String,
    /// Why.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

impl Ledger {
    /// Records a release and moves its rows from quarantined to accepted. A row that was released before stays with its
    /// first release and counts once. Gives back how many rows moved.
    ///
    /// # Errors
    /// When the ledger cannot be written, or the extract would have fewer quarantined rows than none.
    pub async fn record_release(&self, release: &Release) -> Result<u64, LedgerError> {
        let failed = doing("record a release");
        let mut transaction = self.pool.begin_with(BEGIN).await.map_err(&failed)?;
        let rules: Vec<&str> = release.overridden.iter().map(|rule| rule.0.as_ref()).collect();
        sqlx::query(
            "insert into releases (id, extract, released_by, note, overridden, at) values (?, ?, ?, ?, ?, ?)
             on conflict (id) do nothing",
        )
        .bind(release.id.as_str())
        .bind(release.extract.as_str())
        .bind(&release.by)
        .bind(&release.note)
        .bind(rules.join(" "))
        .bind(encode_time(release.at))
        .execute(&mut *transaction)
        .await
        .map_err(&failed)?;
        let mut moved = 0;
        for row in &release.rows {
            moved += sqlx::query(
                "insert into released_rows (extract, row, release) values (?, ?, ?) on conflict (extract, row) do nothing",
            )
            .bind(release.extract.as_str())
            .bind(encode_count(*row))
            .bind(release.id.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(&failed)?
            .rows_affected();
        }
        sqlx::query("update extracts set accepted = accepted + ?1, quarantined = quarantined - ?1 where hash = ?2")
            .bind(encode_count(moved))
            .bind(release.extract.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(moved)
    }

    /// All releases, by extract and time.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_releases(&self) -> Result<Vec<Release>, LedgerError> {
        let failed = doing("list releases");
        let mut rows_of: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        let rows =
            sqlx::query("select release, row from released_rows").fetch_all(&self.pool).await.map_err(&failed)?;
        for row in &rows {
            rows_of.entry(text(row, "release")?).or_default().insert(number(row, "row")?);
        }
        let releases =
            sqlx::query("select id, extract, released_by, note, overridden, at from releases order by extract, at, id")
                .fetch_all(&self.pool)
                .await
                .map_err(&failed)?;
        let hash = |text: String| ContentHash::try_from(text).map_err(|source| content("hash", source));
        let mut found = Vec::with_capacity(releases.len());
        for row in &releases {
            let id = text(row, "id")?;
            found.push(Release {
                rows: rows_of.remove(&id).unwrap_or_default(),
                id: hash(id)?,
                extract: hash(text(row, "extract")?)?,
                overridden: text(row, "overridden")?
                    .split_whitespace()
                    .map(|rule| RuleId(rule.to_owned().into()))
                    .collect(),
                by: text(row, "released_by")?,
                note: text(row, "note")?,
                at: parsed(row, "at")?,
            });
        }
        Ok(found)
    }
}
