//! Slots: the times at which a job should fire. One row a (job, slot), so that each is served once.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

use crate::ledger::row::{doing, encode_time, number_or_null, parsed, parsed_or_null};
use crate::ledger::{Ledger, LedgerError, RunId};
use crate::model::JobName;

/// A slot that somebody claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotRecord {
    /// The job.
    pub job: JobName,
    /// The time it should fire.
    pub slot: Timestamp,
    /// When it was claimed.
    pub claimed_at: Timestamp,
    /// The run that served it; none when it was skipped or is still being served.
    pub run: Option<RunId>,
    /// When it was done; none when its server was killed or is still at it.
    pub finished_at: Option<Timestamp>,
}

impl Ledger {
    /// Claims a slot; true for the first who asks, false for everybody after.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn claim_slot(&self, job: &JobName, slot: Timestamp, now: Timestamp) -> Result<bool, LedgerError> {
        sqlx::query("insert into slots (job, slot, claimed_at) values (?, ?, ?) on conflict do nothing")
            .bind(job.as_str())
            .bind(encode_time(slot))
            .bind(encode_time(now))
            .execute(&self.pool)
            .await
            .map(|done| done.rows_affected() == 1)
            .map_err(doing("claim a slot"))
    }

    /// Records that a slot was served by a run, or that it was skipped.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn finish_slot(
        &self,
        job: &JobName,
        slot: Timestamp,
        run: Option<&RunId>,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        sqlx::query("update slots set run = ?, finished_at = ? where job = ? and slot = ?")
            .bind(run.map(|run| run.0))
            .bind(encode_time(now))
            .bind(job.as_str())
            .bind(encode_time(slot))
            .execute(&self.pool)
            .await
            .map(|_| ())
            .map_err(doing("finish a slot"))
    }

    /// The last slot of a job that was claimed.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn find_last_slot(&self, job: &JobName) -> Result<Option<SlotRecord>, LedgerError> {
        let row = sqlx::query(
            "select job, slot, claimed_at, run, finished_at from slots where job = ? order by slot desc limit 1",
        )
        .bind(job.as_str())
        .fetch_optional(&self.pool)
        .await
        .map_err(doing("find a slot"))?;
        row.as_ref().map(record).transpose()
    }
}

fn record(row: &SqliteRow) -> Result<SlotRecord, LedgerError> {
    Ok(SlotRecord {
        job: parsed(row, "job")?,
        slot: parsed(row, "slot")?,
        claimed_at: parsed(row, "claimed_at")?,
        run: number_or_null(row, "run")?.map(RunId),
        finished_at: parsed_or_null(row, "finished_at")?,
    })
}
