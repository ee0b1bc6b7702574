//! Runs: one row an execution of a job. A run that is `Started` while nobody holds the lock was killed.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

use crate::ledger::row::{doing, encode_time, json_or_null, number, parsed, parsed_or_null};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{JobName, Period};

/// A run's number, from 1, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct RunId(pub(super) i64);

/// Why a text is not a run's number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the number of a run")]
pub struct RunIdError(String);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl FromStr for RunId {
    type Err = RunIdError;
    fn from_str(text: &str) -> Result<Self, RunIdError> {
        text.parse().ok().filter(|id| *id > 0).map(Self).ok_or_else(|| RunIdError(text.to_owned()))
    }
}

/// How a run stands or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RunState {
    /// Going on, or killed.
    Started,
    /// Every step was done.
    Complete,
    /// A step failed.
    Failed,
    /// The process ended before the run did.
    Aborted,
    /// There was nothing to do.
    Skipped,
}

impl RunState {
    /// The state as written in the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::Aborted => "aborted",
            Self::Skipped => "skipped",
        }
    }
}

impl FromStr for RunState {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Started, Self::Complete, Self::Failed, Self::Aborted, Self::Skipped]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not a state of a run"))
    }
}

/// One execution of a job.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct RunRecord {
    /// Its number.
    pub id: RunId,
    /// The job.
    pub job: JobName,
    /// The quarter, for jobs that have one.
    pub period: Option<Period>,
    /// How it stands.
    pub state: RunState,
    /// What it did, once it has ended.
    pub summary: Option<serde_json::Value>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

const SELECT_ONE: &str = "select id, job, period, state, summary, started_at, finished_at from runs where id = ?";
const SELECT_LAST: &str =
    "select id, job, period, state, summary, started_at, finished_at from runs order by id desc limit ?";

impl Ledger {
    /// Records that a run begins.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn begin_run(&self, job: &JobName, period: Option<Period>, now: Timestamp) -> Result<RunId, LedgerError> {
        sqlx::query("insert into runs (job, period, state, started_at) values (?, ?, 'started', ?)")
            .bind(job.as_str())
            .bind(period.map(|period| period.to_string()))
            .bind(encode_time(now))
            .execute(&self.pool)
            .await
            .map(|done| RunId(done.last_insert_rowid()))
            .map_err(doing("begin a run"))
    }

    /// Records how a run ended.
    ///
    /// # Errors
    /// [`LedgerError::RunNotStarted`] when it is not going on, or when the ledger cannot be written.
    pub async fn finish_run(
        &self,
        id: &RunId,
        state: RunState,
        summary: &serde_json::Value,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let done =
            sqlx::query("update runs set state = ?, summary = ?, finished_at = ? where id = ? and state = 'started'")
                .bind(state.as_str())
                .bind(summary.to_string())
                .bind(encode_time(now))
                .bind(id.0)
                .execute(&self.pool)
                .await
                .map_err(doing("finish a run"))?;
        if done.rows_affected() == 1 { Ok(()) } else { Err(LedgerError::RunNotStarted(*id)) }
    }

    /// The last `limit` runs, newest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_runs(&self, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        let rows = sqlx::query(SELECT_LAST).bind(limit).fetch_all(&self.pool).await.map_err(doing("list runs"))?;
        rows.iter().map(record).collect()
    }

    /// One run.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn find_run(&self, id: &RunId) -> Result<Option<RunRecord>, LedgerError> {
        let row = sqlx::query(SELECT_ONE).bind(id.0).fetch_optional(&self.pool).await.map_err(doing("find a run"))?;
        row.as_ref().map(record).transpose()
    }

    /// The last complete run of a job for a period, if there is one.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn find_complete_run(
        &self,
        job: &JobName,
        period: Option<Period>,
    ) -> Result<Option<RunRecord>, LedgerError> {
        let row = sqlx::query(
            "select id, job, period, state, summary, started_at, finished_at from runs
             where job = ? and period is ? and state = 'complete' order by id desc limit 1",
        )
        .bind(job.as_str())
        .bind(period.map(|period| period.to_string()))
        .fetch_optional(&self.pool)
        .await
        .map_err(doing("find a run"))?;
        row.as_ref().map(record).transpose()
    }

    /// Records that runs which are still `Started` were killed. Only whoever holds the [`crate::ledger::Lock`] may ask
    /// for this. Gives back which they were.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn abort_stale_runs(&self, now: Timestamp) -> Result<Vec<RunId>, LedgerError> {
        let rows =
            sqlx::query("update runs set state = 'aborted', finished_at = ? where state = 'started' returning id")
                .bind(encode_time(now))
                .fetch_all(&self.pool)
                .await
                .map_err(doing("abort stale runs"))?;
        let mut ids = rows.iter().map(|row| number(row, "id").map(RunId)).collect::<Result<Vec<_>, _>>()?;
        ids.sort_unstable();
        Ok(ids)
    }
}

fn record(row: &SqliteRow) -> Result<RunRecord, LedgerError> {
    Ok(RunRecord {
        id: RunId(number(row, "id")?),
        job: parsed(row, "job")?,
        period: parsed_or_null(row, "period")?,
        state: parsed(row, "state")?,
        summary: json_or_null(row, "summary")?,
        started_at: parsed(row, "started_at")?,
        finished_at: parsed_or_null(row, "finished_at")?,
    })
}
