//! What a run reads: the live rows of every dataset, pinned when the run starts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::definitions::{Columns, Schema};
use crate::engine::{DatasetSchema, LiveExtract, Session};
use crate::ledger::ExtractRecord;
use crate::model::ContentHash;

use super::extract::with_lineage;
use super::{PipelineError, Workspace};

/// A pinned snapshot with a session over it.
#[derive(Debug)]
pub struct Pinned {
    /// Its identity: a hash over the live extracts, the same wherever the same extracts are live.
    pub id: ContentHash,
    /// SQL over it.
    pub session: Session,
    /// The live extracts.
    pub extracts: Vec<ExtractRecord>,
}

/// A dataset as indicators and analysts see it; none if all its columns are personal.
pub(super) fn open_dataset(schema: &Schema) -> Option<DatasetSchema> {
    let open = schema.arrow_schema(Columns::Open);
    (!open.fields().is_empty()).then(|| DatasetSchema {
        name: schema.dataset.to_string(),
        description: schema.description.clone(),
        open: with_lineage(&open),
    })
}

impl Workspace {
    /// Pins what is live now.
    ///
    /// # Errors
    /// When the ledger or the lake cannot be read.
    pub async fn pin(&self) -> Result<Pinned, PipelineError> {
        let extracts = self.ledger.live_extracts(None).await?;
        let live = live_of(&extracts);
        let snapshot = self.lake.pin().await?;
        let datasets = self.project.open_datasets();
        let session =
            self.engine.session(&self.lake, &snapshot, &datasets, &live, &self.project.definitions.staging).await?;
        Ok(Pinned { id: identity(&extracts), session, extracts })
    }

    /// A session over the personal columns of one dataset, for the few steps that need them.
    pub(super) async fn pin_restricted(&self, schema: &Schema) -> Result<Session, PipelineError> {
        let extracts = self.ledger.live_extracts(None).await?;
        let snapshot = self.restricted.pin().await?;
        let dataset = DatasetSchema {
            name: schema.dataset.to_string(),
            description: schema.description.clone(),
            open: with_lineage(&schema.arrow_schema(Columns::Personal)),
        };
        Ok(self.engine.session(&self.restricted, &snapshot, &[dataset], &live_of(&extracts), &[]).await?)
    }
}

fn live_of(extracts: &[ExtractRecord]) -> BTreeMap<String, Vec<LiveExtract>> {
    let mut live: BTreeMap<String, Vec<LiveExtract>> = BTreeMap::new();
    for extract in extracts {
        live.entry(extract.dataset.to_string()).or_default().push(LiveExtract {
            hash: extract.hash.clone(),
            supplier: extract.supplier.clone(),
            as_of: extract.as_of,
            sequence: extract.sequence,
        });
    }
    live
}

fn identity(extracts: &[ExtractRecord]) -> ContentHash {
    let mut lines: Vec<String> =
        extracts.iter().map(|extract| format!("{} {}\n", extract.dataset, extract.hash)).collect();
    lines.sort();
    let mut hasher = Sha256::new();
    for line in lines {
        hasher.update(line.as_bytes());
    }
    ContentHash::from_digest(&hasher.finalize().into())
}

impl Pinned {
    /// The day up to which programme data is known: the latest as-of day of extracts that are not published
    /// statistics or lookups.
    #[must_use]
    pub fn known_to(&self) -> Option<Date> {
        let programme = ["diagnostics", "vouchers", "rd_outcomes", "businesses"];
        self.extracts.iter().filter(|e| programme.contains(&e.dataset.as_str())).map(|e| e.as_of).max()
    }
}
