//! Editions: one row a version of a pack. Once frozen, its content never changes; it never goes back a state.

use std::path::PathBuf;

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

use crate::ledger::open::BEGIN;
use crate::ledger::row::{content, doing, encode_time, parsed, text};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{EditionId, EditionState, JobName, Period};

/// A version of a pack.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct EditionRecord {
    /// Which.
    pub id: EditionId,
    /// Where it stands.
    pub state: EditionState,
    /// Hash of the lake's snapshot it was built from.
    pub snapshot: String,
    /// Hash of everything that went in: the same inputs need no new version.
    pub input_hash: String,
    /// Hash of its manifest, which names the hash of each artefact.
    pub manifest_hash: String,
    /// Where its artefacts lie, relative to the folder of editions.
    pub path: PathBuf,
    /// When it was built.
    pub built_at: Timestamp,
}

const STATES: [EditionState; 6] = [
    EditionState::Built,
    EditionState::Checked,
    EditionState::Approved,
    EditionState::Frozen,
    EditionState::Sent,
    EditionState::Superseded,
];

const SELECT_ONE: &str =
    "select id, state, snapshot, input_hash, manifest_hash, path, built_at from editions where id = ?";
const SELECT_SOME: &str = "select id, state, snapshot, input_hash, manifest_hash, path, built_at from editions
    where (?1 is null or job = ?1) and (?2 is null or period = ?2) order by job, period, version";
const UPSERT: &str = "insert into editions
        (id, job, period, version, state, snapshot, input_hash, manifest_hash, path, built_at, changed_at)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (id) do update set state = excluded.state, snapshot = excluded.snapshot,
        input_hash = excluded.input_hash, manifest_hash = excluded.manifest_hash, path = excluded.path,
        built_at = excluded.built_at, changed_at = excluded.changed_at";

impl Ledger {
    /// Records an edition that was built. Recording the same content again changes nothing; other content replaces
    /// what was recorded as long as it is not frozen.
    ///
    /// # Errors
    /// [`LedgerError::EditionFrozen`] when its content may not change any more, or when the ledger cannot be written.
    pub async fn record_edition(&self, edition: &EditionRecord) -> Result<(), LedgerError> {
        let failed = doing("record an edition");
        let mut transaction = self.pool.begin_with(BEGIN).await.map_err(&failed)?;
        let row = sqlx::query(SELECT_ONE)
            .bind(edition.id.to_string())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(&failed)?;
        if let Some(known) = row.as_ref().map(record).transpose()? {
            if known.manifest_hash == edition.manifest_hash && known.input_hash == edition.input_hash {
                return Ok(());
            }
            if known.state >= EditionState::Frozen {
                return Err(LedgerError::EditionFrozen(edition.id.clone()));
            }
        }
        let built_at = encode_time(edition.built_at);
        sqlx::query(UPSERT)
            .bind(edition.id.to_string())
            .bind(edition.id.job.as_str())
            .bind(edition.id.period.to_string())
            .bind(edition.id.version)
            .bind(edition.state.as_str())
            .bind(&edition.snapshot)
            .bind(&edition.input_hash)
            .bind(&edition.manifest_hash)
            .bind(edition.path.to_string_lossy().into_owned())
            .bind(&built_at)
            .bind(&built_at)
            .execute(&mut *transaction)
            .await
            .map_err(&failed)?;
        transaction.commit().await.map_err(&failed)
    }

    /// One edition.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn find_edition(&self, id: &EditionId) -> Result<Option<EditionRecord>, LedgerError> {
        let row = sqlx::query(SELECT_ONE)
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await
            .map_err(doing("find an edition"))?;
        row.as_ref().map(record).transpose()
    }

    /// The editions of a job and a period (of all, where none), by job, period and version.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_editions(
        &self,
        job: Option<&JobName>,
        period: Option<Period>,
    ) -> Result<Vec<EditionRecord>, LedgerError> {
        let rows = sqlx::query(SELECT_SOME)
            .bind(job.map(JobName::as_str))
            .bind(period.map(|period| period.to_string()))
            .fetch_all(&self.pool)
            .await
            .map_err(doing("list editions"))?;
        rows.iter().map(record).collect()
    }

    /// Moves an edition on. Setting the state it has changes nothing.
    ///
    /// # Errors
    /// [`LedgerError::NoEdition`], [`LedgerError::EditionOrder`] when it would go back, or when the ledger cannot be
    /// written.
    pub async fn set_edition_state(
        &self,
        id: &EditionId,
        state: EditionState,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let failed = doing("move an edition on");
        let mut transaction = self.pool.begin_with(BEGIN).await.map_err(&failed)?;
        let row =
            sqlx::query(SELECT_ONE).bind(id.to_string()).fetch_optional(&mut *transaction).await.map_err(&failed)?;
        let known = row.as_ref().map(record).transpose()?.ok_or_else(|| LedgerError::NoEdition(id.clone()))?;
        if known.state == state {
            return Ok(());
        }
        if known.state > state {
            return Err(LedgerError::EditionOrder { id: id.clone(), from: known.state, to: state });
        }
        sqlx::query("update editions set state = ?, changed_at = ? where id = ?")
            .bind(state.as_str())
            .bind(encode_time(now))
            .bind(id.to_string())
            .execute(&mut *transaction)
            .await
            .map_err(&failed)?;
        transaction.commit().await.map_err(&failed)
    }
}

fn record(row: &SqliteRow) -> Result<EditionRecord, LedgerError> {
    let state = text(row, "state")?;
    let state = STATES
        .into_iter()
        .find(|known| known.as_str() == state)
        .ok_or_else(|| content("state", format!("`{state}` is not a state of an edition")))?;
    Ok(EditionRecord {
        id: parsed(row, "id")?,
        state,
        snapshot: text(row, "snapshot")?,
        input_hash: text(row, "input_hash")?,
        manifest_hash: text(row, "manifest_hash")?,
        path: PathBuf::from(text(row, "path")?),
        built_at: parsed(row, "built_at")?,
    })
}
