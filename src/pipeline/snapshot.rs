//! What a run reads: the live rows of every dataset, pinned when the run starts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Decimal128Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema, SchemaRef};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::config::IndicatorSettings;
use crate::definitions::{Columns, ExtractMode, Schema, StagingView};
use crate::engine::{
    DatasetSchema, HiddenRows, MemoryTable, NamedSql, PlacedExtract, Session, SessionSource, WholeTable,
};
use crate::ledger::{ExtractRecord, LiveExtract, Release};
use crate::model::{ContentHash, DatasetName};

use super::{PipelineError, Workspace};

/// A pinned snapshot with a session over it.
#[derive(Debug)]
pub struct Pinned {
    /// Its identity: a hash over the live extracts and the rows released into them, the same wherever they are.
    pub id: ContentHash,
    /// SQL over it.
    pub session: Session,
    /// The live extracts.
    pub extracts: Vec<ExtractRecord>,
}

/// Which results of indicators a session shows beside the datasets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Results {
    /// None.
    Hidden,
    /// `indicators`: the protected ones.
    Protected,
    /// `indicators_raw` too: the ones before protection.
    Raw,
}

/// The table of results before protection.
pub(super) const RAW_RESULTS: &str = "indicators_raw";

/// A dataset as indicators and analysts see it; none if all its columns are personal.
pub(super) fn open_dataset(schema: &Schema) -> Option<DatasetSchema> {
    let open = schema.arrow_schema(Columns::Open);
    (!open.fields().is_empty()).then(|| DatasetSchema {
        name: schema.dataset.to_string(),
        description: schema.description.clone(),
        open,
        replaced_by: replaced_by(schema),
    })
}

/// The key by which later increments of a supplier replace earlier rows; none for snapshots.
fn replaced_by(schema: &Schema) -> Option<Vec<String>> {
    (schema.mode == ExtractMode::Increment).then(|| schema.primary_key.clone())
}

/// Staging views as the engine takes them.
pub(super) fn named(views: &[StagingView]) -> Vec<NamedSql> {
    views.iter().map(|view| NamedSql { name: view.name.clone(), sql: view.sql.clone() }).collect()
}

/// The table of thresholds that the settings hold.
pub(super) const SETTINGS_PARAMETERS: &str = "settings_parameters";
/// Digits after the point of a threshold.
const PARAMETER_SCALE: u32 = 10;

/// The columns of [`SETTINGS_PARAMETERS`].
pub(super) fn parameters_schema() -> SchemaRef {
    Arc::new(ArrowSchema::new(vec![
        Field::new("name", DataType::Utf8, false),
        Field::new("value", DataType::Decimal128(28, 10), false),
    ]))
}

/// The thresholds of indicators as a table, which any SQL may read.
pub(super) fn settings_parameters(settings: &IndicatorSettings) -> Result<MemoryTable, PipelineError> {
    let failed =
        |source| PipelineError::Arrow { doing: "put the settings of indicators into a table".to_owned(), source };
    let exact = |value: &Decimal| {
        let mut scaled = *value;
        scaled.rescale(PARAMETER_SCALE);
        scaled.mantissa()
    };
    let names = StringArray::from_iter_values(settings.iter().map(|(name, _)| name));
    let values = Decimal128Array::from_iter_values(settings.iter().map(|(_, value)| exact(value)));
    let values = values.with_precision_and_scale(28, 10).map_err(failed)?;
    let batch = RecordBatch::try_new(parameters_schema(), vec![Arc::new(names), Arc::new(values)]).map_err(failed)?;
    Ok(MemoryTable {
        name: SETTINGS_PARAMETERS.to_owned(),
        description: "one threshold of the indicators, from `[indicators]` of mesur.toml".to_owned(),
        schema: parameters_schema(),
        batches: vec![batch],
    })
}

impl Workspace {
    /// Pins what is live now.
    ///
    /// # Errors
    /// When the ledger or the lake cannot be read.
    pub async fn pin(&self) -> Result<Pinned, PipelineError> {
        self.pin_with(&[], Results::Hidden).await
    }

    /// Pins what is live now, with what analysts see beside the datasets: tables of the ledger, released indicators and
    /// revisions.
    ///
    /// # Errors
    /// When the ledger or a lake cannot be read.
    pub async fn pin_with(&self, memory: &[MemoryTable], results: Results) -> Result<Pinned, PipelineError> {
        self.pin_known(memory, results, None).await
    }

    /// Pins what was known at an instant: the extracts committed until then, and of these the ones that were live. Nothing
    /// that came later shows, neither corrections nor late rows. Released indicators are those of today.
    ///
    /// # Errors
    /// As [`Workspace::pin_with`].
    pub async fn pin_as_known(
        &self,
        known_at: Timestamp,
        memory: &[MemoryTable],
        results: Results,
    ) -> Result<Pinned, PipelineError> {
        self.pin_known(memory, results, Some(known_at)).await
    }

    async fn pin_known(
        &self,
        memory: &[MemoryTable],
        results: Results,
        known_at: Option<Timestamp>,
    ) -> Result<Pinned, PipelineError> {
        let live = self.live(known_at).await?;
        let (releases, later): (Vec<Release>, Vec<Release>) = self
            .ledger
            .list_releases()
            .await?
            .into_iter()
            .partition(|release| known_at.is_none_or(|instant| release.at <= instant));
        let mut memory = memory.to_vec();
        memory.push(settings_parameters(&self.project.settings.indicators)?);
        let snapshot = self.lake.pin()?;
        let published = self.published.pin()?;
        let raw = snapshot.tables.get(RAW_RESULTS).filter(|_| results == Results::Raw).map(|version| WholeTable {
            name: RAW_RESULTS.to_owned(),
            description: "figures before protection".to_owned(),
            lake: self.lake.clone(),
            version: *version,
        });
        let history = if results == Results::Raw { Some(self.history(known_at).await?) } else { None };
        let session = self.engine.open(SessionSource {
            lake: Some((&self.lake, &snapshot)),
            datasets: &self.project.open_datasets(),
            live: &live.hashes(),
            hidden: &hidden_by(&later, &live.extracts),
            placed: &live.placed,
            staging: &named(&self.project.definitions.staging),
            published: (results != Results::Hidden).then_some((&self.published, &published)),
            whole: raw.as_slice(),
            memory: &memory,
            files: &[],
            history: history.as_ref(),
        })?;
        Ok(Pinned { id: identity(&live, &releases), session, extracts: live.extracts })
    }

    /// A session over the personal columns of one dataset, for the few steps that need them.
    pub(super) async fn pin_restricted(&self, schema: &Schema) -> Result<Session, PipelineError> {
        let live = self.live(None).await?;
        let snapshot = self.restricted.pin()?;
        let dataset = DatasetSchema {
            name: schema.dataset.to_string(),
            description: schema.description.clone(),
            open: schema.arrow_schema(Columns::Personal),
            replaced_by: replaced_by(schema),
        };
        Ok(self.engine.open(SessionSource {
            lake: Some((&self.restricted, &snapshot)),
            datasets: &[dataset],
            live: &live.hashes(),
            placed: &live.placed,
            ..SessionSource::empty()
        })?)
    }

    /// The extracts whose rows count (or counted at an instant), by dataset, supplier and day. The day and number of one
    /// that came again are the latest for which it counts.
    pub(super) async fn live(&self, known_at: Option<Timestamp>) -> Result<Live, PipelineError> {
        let schemas = self.project.definitions.schemas.values();
        let increments: BTreeSet<DatasetName> = schemas
            .filter(|schema| schema.mode == ExtractMode::Increment)
            .map(|schema| schema.dataset.clone())
            .collect();
        let counting = self.ledger.live_extracts(known_at, &increments).await?;
        let counting: BTreeMap<&ContentHash, &LiveExtract> =
            counting.values().flatten().map(|extract| (&extract.hash, extract)).collect();
        let mut live = Live::default();
        for mut extract in self.ledger.list_extracts().await? {
            let Some(now) = counting.get(&extract.hash) else { continue };
            if (now.as_of, now.sequence) != (extract.as_of, extract.sequence) {
                let hash = extract.hash.clone();
                let placed = PlacedExtract { extract: hash, as_of: now.as_of, sequence: now.sequence };
                live.placed.entry(extract.dataset.to_string()).or_default().push(placed);
                (extract.as_of, extract.sequence) = (now.as_of, now.sequence);
            }
            live.extracts.push(extract);
        }
        Ok(live)
    }
}

/// The extracts whose rows count.
#[derive(Clone, Debug, Default)]
pub(super) struct Live {
    /// Each with the day and number for which it counts.
    pub(super) extracts: Vec<ExtractRecord>,
    /// Those whose rows hold another day or number, by dataset.
    pub(super) placed: BTreeMap<String, Vec<PlacedExtract>>,
}

impl Live {
    /// Their hashes by dataset, as the engine takes them.
    pub(super) fn hashes(&self) -> BTreeMap<String, Vec<ContentHash>> {
        let mut hashes: BTreeMap<String, Vec<ContentHash>> = BTreeMap::new();
        for extract in &self.extracts {
            hashes.entry(extract.dataset.to_string()).or_default().push(extract.hash.clone());
        }
        hashes
    }
}

/// The rows that were let out of quarantine later, by dataset.
fn hidden_by(later: &[Release], extracts: &[ExtractRecord]) -> BTreeMap<String, Vec<HiddenRows>> {
    let mut hidden: BTreeMap<String, Vec<HiddenRows>> = BTreeMap::new();
    for release in later {
        let Some(extract) = extracts.iter().find(|extract| extract.hash == release.extract) else { continue };
        let rows = HiddenRows { extract: release.extract.clone(), rows: release.rows.clone() };
        hidden.entry(extract.dataset.to_string()).or_default().push(rows);
    }
    hidden
}

fn identity(live: &Live, releases: &[Release]) -> ContentHash {
    let extracts = &live.extracts;
    let mut lines: Vec<String> =
        extracts.iter().map(|extract| format!("{} {}\n", extract.dataset, extract.hash)).collect();
    let placed = live.placed.values().flatten();
    lines.extend(placed.map(|again| format!("{} again {} {}\n", again.extract, again.as_of, again.sequence)));
    let live = |release: &&Release| extracts.iter().any(|extract| extract.hash == release.extract);
    lines.extend(releases.iter().filter(live).map(|release| format!("{} release {}\n", release.extract, release.id)));
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
