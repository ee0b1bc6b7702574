//! The cells of editions in the register of released cells: digested when an edition is built, recorded when it goes out,
//! asked for when the next one is built.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;

use crate::ledger::open::BEGIN;
use crate::ledger::released::{CellToRelease, GroupDigests, HALF, KnownHashes, insert_cell};
use crate::ledger::row::{content, doing, encode_time, parsed};
use crate::ledger::{Ledger, LedgerError};
use crate::model::EditionId;

/// A cell as the register holds it: who stands behind it and what it says, as digests that only this ledger can make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestedCell {
    /// What is measured.
    pub subject: String,
    /// Which cell.
    pub cell: String,
    /// Who stands behind it.
    pub groups: GroupDigests,
    /// Its value; none where there is none to keep.
    pub(super) value: Option<[u8; HALF]>,
}

impl Ledger {
    /// Cells as the register would hold them.
    #[must_use]
    pub fn digest_cells(&self, cells: &[CellToRelease]) -> Vec<DigestedCell> {
        let mut known = KnownHashes::new();
        let digested = |cell: &CellToRelease| DigestedCell {
            subject: cell.subject.clone(),
            cell: cell.cell.clone(),
            groups: self.digests(cell, &mut known),
            value: cell.value.as_ref().map(|value| self.keyed(&["value", value])),
        };
        cells.iter().map(digested).collect()
    }

    /// The cell with a value of which a keyed digest is kept.
    #[must_use]
    pub fn with_value(&self, cell: DigestedCell, value: &str) -> DigestedCell {
        DigestedCell { value: Some(self.keyed(&["value", value])), ..cell }
    }

    /// Records the cells of an edition that goes out. They are not compared with what is out: the edition has gates of
    /// its own. Recording an edition again changes nothing.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn record_released_edition(
        &self,
        edition: &EditionId,
        cells: &[DigestedCell],
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let failed = doing("record the cells of an edition");
        let source = released_by(edition);
        let mut transaction = self.pool.begin_with(BEGIN).await.map_err(&failed)?;
        sqlx::query("insert into released_editions (edition, at) values (?, ?) on conflict (edition) do nothing")
            .bind(edition.to_string())
            .bind(encode_time(at))
            .execute(&mut *transaction)
            .await
            .map_err(&failed)?;
        for cell in cells {
            insert_cell(&mut transaction, &source, cell, at).await?;
        }
        transaction.commit().await.map_err(&failed)
    }

    /// The editions whose cells are out, with the instants at which they went, in that order.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_released_editions(&self) -> Result<Vec<(EditionId, Timestamp)>, LedgerError> {
        let rows = sqlx::query("select edition, at from released_editions order by rowid")
            .fetch_all(&self.pool)
            .await
            .map_err(doing("list released editions"))?;
        let entry = |row: &sqlx::sqlite::SqliteRow| {
            let id: String = row.try_get("edition").map_err(|source| content("edition", source))?;
            let id = id.parse().map_err(|source| content("edition", source))?;
            Ok((id, parsed(row, "at")?))
        };
        rows.iter().map(entry).collect()
    }
}

/// How the register names an edition as the source of a cell.
#[must_use]
pub fn released_by(edition: &EditionId) -> String {
    format!("edition {edition}")
}
