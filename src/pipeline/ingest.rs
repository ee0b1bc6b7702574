//! The inbox to the lake, dataset by dataset: those that others point at come first.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::definitions::{Schema, Turn};
use crate::intake::{self, Candidate};
use crate::ledger::RunId;
use crate::model::{DatasetName, ErrorClass, ExtractName, RuleId, Severity, SupplierCode};
use crate::telemetry::field;
use crate::validate::{KeyColumn, References};

use super::extract::{Task, file_name, remove_dead_scratch, take_in};
use super::progress::ProgressSink;
use super::side_by_side::in_turns;
use super::{PipelineError, Workspace, manifest, quarantine};

/// What to ingest.
#[derive(Clone, Debug, Default)]
pub struct IngestRequest {
    /// Only these; empty means all.
    pub datasets: Vec<DatasetName>,
    /// One file from anywhere.
    pub file: Option<(PathBuf, DatasetName)>,
    /// Who is told how far it has come.
    pub progress: ProgressSink,
    /// Let the file through although a rule holds it.
    pub accept: Option<Accept>,
}

/// A person's decision to let a held file through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// The rules that hold it.
    pub rules: Vec<RuleId>,
    /// Who decides.
    pub by: String,
    /// Why.
    pub note: String,
}

/// What became of an extract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its good rows are in the lake (or would be).
    Taken {
        /// Rows read.
        rows_in: u64,
        /// Rows accepted, repaired ones among them.
        accepted: u64,
        /// Rows mended by a fixed rule.
        repaired: u64,
        /// Rows set aside.
        quarantined: u64,
        /// Whether more rows were set aside than is tolerated.
        over_tolerance: bool,
    },
    /// The same bytes are in the lake.
    Already {
        /// The name under which they came first.
        first_name: String,
    },
    /// The same bytes are in the lake and did not count any more; now their rows are live again.
    Again {
        /// The name under which they came first.
        first_name: String,
    },
    /// Refused whole.
    Refused {
        /// Every reason.
        reasons: Vec<String>,
    },
    /// Refused until a person lets it through.
    Held {
        /// Every reason.
        reasons: Vec<String>,
    },
    /// No extract at all, such as a temporary file.
    Skipped {
        /// Why.
        note: String,
    },
}

/// How often one rule failed in one column of an extract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCount {
    /// Which rule.
    pub rule: RuleId,
    /// What its failure does.
    pub severity: Severity,
    /// In which column.
    pub column: Option<String>,
    /// Why, without a value.
    pub reason: String,
    /// How to mend it.
    pub hint: String,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub first_row: Option<u64>,
}

/// What became of one file of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtractReport {
    /// The file's name.
    pub file: String,
    /// Its dataset, if its name says so.
    pub dataset: Option<DatasetName>,
    /// What became of it.
    pub outcome: Outcome,
    /// Which rules failed.
    pub rules: Vec<RuleCount>,
}

impl ExtractReport {
    pub(super) fn of(file: String, task: Option<&Task>, outcome: Outcome) -> Self {
        Self { file, dataset: task.map(|task| task.name.dataset.clone()), outcome, rules: Vec::new() }
    }
}

/// What became of the whole inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IngestReport {
    /// One entry a file, in the order in which they were taken.
    pub extracts: Vec<ExtractReport>,
    /// Whether nothing was written.
    pub dry_run: bool,
}

impl IngestReport {
    /// Classes of what went wrong.
    #[must_use]
    pub fn failures(&self) -> Vec<ErrorClass> {
        let bad = |report: &ExtractReport| {
            matches!(
                report.outcome,
                Outcome::Refused { .. } | Outcome::Held { .. } | Outcome::Taken { over_tolerance: true, .. }
            )
        };
        if self.extracts.iter().any(bad) { vec![ErrorClass::Data] } else { Vec::new() }
    }
}

/// A file that waits for its turn.
struct Waiting {
    name: ExtractName,
    path: PathBuf,
    bytes: u64,
    manifest: Option<PathBuf>,
}

/// A file up to this size, bytes, is read beside others; a larger one has all threads for itself.
const SMALL_FILE: u64 = 1 << 20;

/// The extracts of a dataset whose turn it is.
struct DatasetTurn {
    workspace: Workspace,
    schema: Arc<Schema>,
    extracts: Vec<Waiting>,
    /// A place a thread.
    room: Arc<Semaphore>,
    threads: usize,
    progress: ProgressSink,
    run: RunId,
}

impl DatasetTurn {
    async fn take_in(self) -> Result<Vec<ExtractReport>, PipelineError> {
        let Self { workspace, schema, extracts, room, threads, progress, run } = self;
        for lake in [&workspace.restricted, &workspace.lake] {
            lake.remove_leftovers(schema.dataset.as_str()).await?;
        }
        let references = Arc::new(workspace.references(&schema).await?);
        let mut reports = Vec::with_capacity(extracts.len());
        for Waiting { name, path, bytes, manifest } in extracts {
            let places = if bytes > SMALL_FILE { threads } else { 1 };
            let places = u32::try_from(places).unwrap_or(u32::MAX);
            let _places = room.acquire_many(places).await.expect("the room is never closed");
            tracing::info!({ field::DATASET } = %name.dataset, { field::EXTRACT } = %file_name(&path), "reading an extract");
            let (schema, references, progress) = (Arc::clone(&schema), Arc::clone(&references), progress.clone());
            let task = Task { path, name, bytes, manifest, schema, references, run, progress };
            reports.push(take_in(&workspace, &task).await?);
        }
        Ok(reports)
    }
}

impl Workspace {
    /// Takes extracts into the lake. A bad file is refused and the others go on.
    ///
    /// # Errors
    /// When a named dataset or file matches nothing, or the lake, the ledger or the inbox cannot be used.
    pub async fn ingest(&self, request: &IngestRequest, run: RunId) -> Result<IngestReport, PipelineError> {
        let mut report = IngestReport::default();
        for dataset in request.datasets.iter().chain(request.file.as_ref().map(|(_, dataset)| dataset)) {
            self.known_dataset(dataset)?;
        }
        let mut waiting: BTreeMap<DatasetName, Vec<Waiting>> = BTreeMap::new();
        if let Some((path, dataset)) = &request.file {
            let name = self.name_of_loose_file(path, dataset);
            let bytes = std::fs::metadata(path)
                .map_err(|source| PipelineError::NamedFile { path: path.clone(), source })?
                .len();
            if let Some(reason) = self.contradiction(path)? {
                let outcome = Outcome::Refused { reasons: vec![reason] };
                report.extracts.push(ExtractReport::of(file_name(path), None, outcome));
                return Ok(report);
            }
            let manifest = manifest::find_beside(path);
            waiting.entry(dataset.clone()).or_default().push(Waiting { name, path: path.clone(), bytes, manifest });
        } else {
            self.sort_inbox(request, &mut waiting, &mut report)?;
        }
        self.remove_leftovers();
        report.extracts.extend(self.take_all_in(waiting, &request.progress, run).await?);
        Ok(report)
    }

    /// Takes in what waits: datasets that do not need each other side by side, extracts of one after the other.
    async fn take_all_in(
        &self,
        mut waiting: BTreeMap<DatasetName, Vec<Waiting>>,
        progress: &ProgressSink,
        run: RunId,
    ) -> Result<Vec<ExtractReport>, PipelineError> {
        let threads = self.project.settings.limits.threads.max(1);
        let room = Arc::new(Semaphore::new(threads));
        // A dataset without extracts holds nobody up.
        let turns = self.project.definitions.turns(|dataset| waiting.contains_key(dataset));
        let works = turns.into_iter().filter_map(|Turn { schema, after }| {
            let dataset = DatasetTurn {
                workspace: self.clone(),
                schema: Arc::new(schema.clone()),
                extracts: waiting.remove(&schema.dataset)?,
                room: Arc::clone(&room),
                threads,
                progress: progress.clone(),
                run,
            };
            Some((after, dataset.take_in()))
        });
        let taken = in_turns(works.collect::<Vec<_>>(), threads, "taking in an extract").await?;
        Ok(taken.into_iter().flatten().collect())
    }

    /// Removes what a killed process left behind. Called with the lock of the project held, so that nobody else writes.
    fn remove_leftovers(&self) {
        let settings = &self.project.settings;
        remove_dead_scratch(&settings.spill_dir);
        quarantine::remove_unfinished(&settings.restricted_dir.join("quarantine"));
        quarantine::remove_unfinished(&settings.raw_dir);
    }

    fn sort_inbox(
        &self,
        request: &IngestRequest,
        waiting: &mut BTreeMap<DatasetName, Vec<Waiting>>,
        report: &mut IngestReport,
    ) -> Result<(), PipelineError> {
        let inbox = &self.project.settings.inbox_dir;
        let listed = intake::list_inbox(inbox)?;
        for skipped in listed.skipped {
            let note = skipped.reason.to_owned();
            report.extracts.push(ExtractReport::of(skipped.file_name, None, Outcome::Skipped { note }));
        }
        let paired = manifest::pair_manifests(listed.candidates);
        for file in paired.orphans {
            let reasons = vec![manifest::orphan(&file).to_string()];
            report.extracts.push(ExtractReport::of(file, None, Outcome::Refused { reasons }));
        }
        for Candidate { path, file_name: file, name, bytes } in paired.candidates {
            match name {
                Err(error) => report.extracts.push(ExtractReport::of(
                    file.clone(),
                    None,
                    Outcome::Refused { reasons: vec![format!("{file}: {error}")] },
                )),
                Ok(name) if !self.project.definitions.schemas.contains_key(&name.dataset) => {
                    let reason = format!(
                        "{file}: I002 there is no dataset `{}` (known: {})",
                        name.dataset,
                        self.known_datasets()
                    );
                    report.extracts.push(ExtractReport::of(file, None, Outcome::Refused { reasons: vec![reason] }));
                }
                Ok(name) if request.datasets.is_empty() || request.datasets.contains(&name.dataset) => {
                    let manifest = paired.manifests.get(manifest::stem(&file)).cloned();
                    waiting.entry(name.dataset.clone()).or_default().push(Waiting { name, path, bytes, manifest });
                }
                Ok(_) => {}
            }
        }
        for dataset in &request.datasets {
            if !waiting.contains_key(dataset) {
                return Err(PipelineError::NothingMatches { dataset: dataset.to_string(), inbox: inbox.clone() });
            }
        }
        if !request.datasets.is_empty() {
            report.extracts.clear();
        }
        Ok(())
    }

    fn known_datasets(&self) -> String {
        self.project.definitions.schemas.keys().map(DatasetName::as_str).collect::<Vec<_>>().join(", ")
    }

    fn known_dataset(&self, dataset: &DatasetName) -> Result<(), PipelineError> {
        if self.project.definitions.schemas.contains_key(dataset) {
            return Ok(());
        }
        Err(PipelineError::Unknown { kind: "dataset", name: dataset.to_string(), known: self.known_datasets() })
    }

    /// Why a file from elsewhere cannot be taken in under its name: the inbox holds other bytes under it, which would be the
    /// last word again the next time.
    fn contradiction(&self, path: &std::path::Path) -> Result<Option<String>, PipelineError> {
        let file = file_name(path);
        let other = self.project.settings.inbox_dir.join(&file);
        let is_same = || other.canonicalize().ok() == path.canonicalize().ok();
        if ExtractName::parse(&file).is_err() || !other.is_file() || is_same() {
            return Ok(None);
        }
        if intake::fingerprint(path)? == intake::fingerprint(&other)? {
            return Ok(None);
        }
        Ok(Some(format!(
            "{file}: the inbox holds another file of this name, which would count again the next time (give this one the next \
             number, or put it into the inbox in place of the other)"
        )))
    }

    /// A file given by `--file` keeps its own name if that follows the envelope; else it counts as delivered by hand
    /// today.
    fn name_of_loose_file(&self, path: &std::path::Path, dataset: &DatasetName) -> ExtractName {
        let own = file_name(path);
        if let Ok(name) = ExtractName::parse(&own)
            && name.dataset == *dataset
        {
            return name;
        }
        ExtractName {
            dataset: dataset.clone(),
            supplier: SupplierCode::new("manual").expect("a lower-case word is a supplier code"),
            as_of: self.project.settings.clock.today(&self.project.settings.zone),
            sequence: 1,
            extension: own.rsplit_once('.').map(|(_, ext)| ext.to_ascii_lowercase()).unwrap_or_default(),
        }
    }

    /// The keys that rows of a dataset may point at: those of live rows in the lake, and the names by which these were
    /// replaced where the other dataset keeps successors.
    pub(super) async fn references(&self, schema: &Schema) -> Result<References, PipelineError> {
        let mut references = References::new();
        let own = |resource: &DatasetName| *resource == schema.dataset;
        let others: Vec<_> = schema.foreign_keys.iter().filter(|key| !own(&key.resource)).collect();
        if others.is_empty() {
            return Ok(references);
        }
        let pinned = self.pin().await?;
        for key in others {
            let mut columns = vec![key.reference_fields.clone()];
            let successor = self.project.definitions.schemas.get(&key.resource).and_then(|s| s.successor.clone());
            // Whoever replaced a known row is known, before a row of its own arrives.
            columns.extend(successor.filter(|_| key.reference_fields.len() == 1).map(|field| vec![field]));
            references.add(key.resource.clone(), key.reference_fields.clone(), &KeyColumn::default());
            for columns in columns {
                let mut rows = pinned.session.columns_of(key.resource.as_str(), &columns).await?;
                while let Some(batch) = rows.next().await {
                    let keys = references.hasher().fingerprints(batch?.columns()).map_err(|source| {
                        PipelineError::Arrow { doing: "read the keys of a dataset".to_owned(), source }
                    })?;
                    references.add(key.resource.clone(), key.reference_fields.clone(), &keys);
                    self.verify_room(schema, &references)?;
                }
            }
        }
        Ok(references)
    }

    fn verify_room(&self, schema: &Schema, references: &References) -> Result<(), PipelineError> {
        if references.bytes() <= self.project.settings.limits.memory_in_bytes() / 4 {
            return Ok(());
        }
        Err(PipelineError::TooManyKeys { dataset: schema.dataset.to_string(), mib: references.bytes() >> 20 })
    }
}
