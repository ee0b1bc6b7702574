//! What analysts asked: the query, who asked in which role, what of the lake they saw, and what became of it.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, Transaction};

use crate::ledger::open::BEGIN;
use crate::ledger::row::{doing, encode_count, encode_time, number, parsed, text, text_or_null};
use crate::ledger::{Ledger, LedgerError};
use crate::model::Role;

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdHocQuery {
    /// In which role it was asked.
    pub role: Role,
    /// By whom, as they said.
    pub asked_by: Option<String>,
    /// Its text.
    pub query: String,
    /// The snapshot of the lake that it saw.
    pub snapshot: String,
    /// How many confidential cells it shows.
    pub cells: u64,
    /// When.
    pub at: Timestamp,
}

/// What became of a question that released no cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdHocOutcome {
    /// The answer was shown to somebody who may see it all.
    Shown,
    /// The answer left; it holds nothing confidential.
    Released,
    /// It did not leave.
    Refused,
}

impl AdHocOutcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Released => "released",
            Self::Refused => "refused",
        }
    }
}

/// A question as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedQuery {
    /// What was asked.
    pub query: AdHocQuery,
    /// What became of it: `shown`, `released` or `refused`.
    pub outcome: String,
}

impl Ledger {
    /// Records a question that releases no cells.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn record_ad_hoc_query(&self, query: &AdHocQuery, outcome: AdHocOutcome) -> Result<(), LedgerError> {
        let failed = doing("record a query");
        let mut transaction = self.pool.begin_with(BEGIN).await.map_err(&failed)?;
        query.insert(&mut transaction, outcome.as_str()).await?;
        transaction.commit().await.map_err(&failed)
    }

    /// All questions, in order.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_ad_hoc_queries(&self) -> Result<Vec<RecordedQuery>, LedgerError> {
        let rows =
            sqlx::query("select role, asked_by, query, snapshot, outcome, cells, at from ad_hoc_queries order by id")
                .fetch_all(&self.pool)
                .await
                .map_err(doing("list queries"))?;
        rows.iter().map(record).collect()
    }
}

impl AdHocQuery {
    /// Writes the question and gives its number.
    pub(super) async fn insert(
        &self,
        transaction: &mut Transaction<'_, Sqlite>,
        outcome: &str,
    ) -> Result<i64, LedgerError> {
        let done = sqlx::query(
            "insert into ad_hoc_queries (role, asked_by, query, snapshot, outcome, cells, at) values (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(self.role.as_str())
        .bind(&self.asked_by)
        .bind(&self.query)
        .bind(&self.snapshot)
        .bind(outcome)
        .bind(encode_count(self.cells))
        .bind(encode_time(self.at))
        .execute(&mut **transaction)
        .await
        .map_err(doing("record a query"))?;
        Ok(done.last_insert_rowid())
    }
}

fn record(row: &SqliteRow) -> Result<RecordedQuery, LedgerError> {
    let query = AdHocQuery {
        role: parsed(row, "role")?,
        asked_by: text_or_null(row, "asked_by")?,
        query: text(row, "query")?,
        snapshot: text(row, "snapshot")?,
        cells: number(row, "cells")?,
        at: parsed(row, "at")?,
    };
    Ok(RecordedQuery { query, outcome: text(row, "outcome")? })
}
