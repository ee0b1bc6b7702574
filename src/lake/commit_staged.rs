//! Commits what was staged: one atomic commit that names the files, carries the extract's hash as an application
//! transaction, and states once what is the same for every row of the extract.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema as ArrowSchema, SchemaRef};
use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{Action, Add, MetadataExt, StructField, StructType, Transaction};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};

use super::commit::{ATTEMPTS, asked, is_race, lacks};
use super::staged::{STAGED_PREFIX, STAGED_SUFFIX, Staged};
use super::tables::{read_error, to_signed};
use super::{Commit, Lake, LakeError};
use crate::clock::Clock;
use crate::model::ContentHash;

/// A column that is the same in every row of an extract. It is a partition column: the log states it once a file, the
/// files do not hold it, and a reader of other extracts never opens them.
#[derive(Clone, Debug)]
pub struct Constant {
    /// Its name and type.
    pub field: Field,
    /// Its value as the Delta log writes it: a day is `YYYY-MM-DD`.
    pub value: String,
}

impl Lake {
    /// Adds the staged rows of one extract to their table in one atomic commit, and makes the table on first use. Does
    /// nothing when the extract was committed before; the staged files are gone then. No rows are an extract without
    /// accepted rows, which is recorded too. Columns that the table does not know yet are added to it.
    ///
    /// # Errors
    /// [`LakeError::Write`] when nothing was stored, [`LakeError::Unknown`] when that could not be found out,
    /// [`LakeError::Layout`] when the table was made with other constant columns.
    pub async fn commit_staged(
        &self,
        staged: Staged,
        constants: &[Constant],
        hash: &ContentHash,
    ) -> Result<Commit, LakeError> {
        if !self.writable {
            return Err(LakeError::ReadOnly { path: self.root.clone() });
        }
        let table = staged.table.clone();
        let id = transaction_id(hash);
        let write_error = |source| LakeError::Write { table: table.clone(), source: Box::new(source) };
        let mut attempt = 1;
        loop {
            let delta = self.load(&table).await?;
            if asked(&delta, &id).await.map_err(|source| read_error(&table, source))?.is_some() {
                return of(&table, &delta, true);
            }
            let is_new = delta.version().is_none();
            let source = match add(&table, delta, &staged, constants, &id).await? {
                Ok(delta) => {
                    verify(&table, &delta, &staged)?;
                    staged.keep();
                    return of(&table, &delta, false);
                }
                Err(source) => source,
            };
            // The rule of decision 13: whatever the error says, the table knows.
            let mut is_race = is_race(&source);
            let landed = match self.load(&table).await {
                Ok(delta) => {
                    // Somebody else made the table meanwhile.
                    is_race |= is_new && delta.version().is_some();
                    asked(&delta, &id).await.map(|version| version.map(|_| delta))
                }
                Err(error) => Err(DeltaTableError::Generic(error.to_string())),
            };
            match landed {
                Ok(Some(delta)) => {
                    verify(&table, &delta, &staged)?;
                    staged.keep();
                    return of(&table, &delta, false);
                }
                Ok(None) if attempt < ATTEMPTS && is_race => attempt += 1,
                Ok(None) => return Err(write_error(source)),
                Err(_) => {
                    // Perhaps a commit names the files: they stay, and the next ingest removes them if none does.
                    staged.keep();
                    return Err(LakeError::Unknown { table, source: Box::new(source) });
                }
            }
        }
    }

    /// Whether an extract is committed to a table.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn has_extract(&self, table: &str, hash: &ContentHash) -> Result<bool, LakeError> {
        let delta = self.load(table).await?;
        let found = asked(&delta, &transaction_id(hash)).await.map_err(|source| read_error(table, source))?;
        Ok(found.is_some())
    }

    /// Removes staged files that a killed process left in a table's folder: those that no commit names. Only whoever holds
    /// the lock of the project may ask for it, since nobody else can then be staging.
    ///
    /// # Errors
    /// When the folder or the log cannot be read.
    pub async fn remove_leftovers(&self, table: &str) -> Result<usize, LakeError> {
        let folder = self.folder(table)?;
        if !self.writable || !folder.is_dir() {
            return Ok(0);
        }
        let fail = |source| LakeError::List { path: folder.clone(), source };
        let mut staged = BTreeSet::new();
        for entry in std::fs::read_dir(&folder).map_err(fail)? {
            let name = entry.map_err(fail)?.file_name().to_string_lossy().into_owned();
            if name.starts_with(STAGED_PREFIX) && name.ends_with(STAGED_SUFFIX) {
                staged.insert(name);
            }
        }
        if staged.is_empty() {
            return Ok(0);
        }
        let delta = self.load(table).await?;
        if delta.version().is_some() {
            let state = delta.snapshot().map_err(|source| read_error(table, source))?;
            for file in state.log_data() {
                staged.remove(file.path().as_ref());
            }
        }
        self.spare_named_in_log(table, &mut staged)?;
        for name in &staged {
            std::fs::remove_file(folder.join(name)).map_err(fail)?;
        }
        Ok(staged.len())
    }

    /// Files that an older version has belong to history even if the newest version does not name them.
    fn spare_named_in_log(&self, table: &str, staged: &mut BTreeSet<String>) -> Result<(), LakeError> {
        let log = self.folder(table)?.join("_delta_log");
        if staged.is_empty() || !log.is_dir() {
            return Ok(());
        }
        let fail = |source| LakeError::List { path: log.clone(), source };
        for entry in std::fs::read_dir(&log).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = std::fs::read_to_string(&path).map_err(fail)?;
                staged.retain(|name| !text.contains(name.as_str()));
            }
        }
        Ok(())
    }
}

pub(super) fn transaction_id(hash: &ContentHash) -> String {
    format!("extract-{hash}")
}

/// One attempt. The outer error is ours, the inner one Delta's, which says nothing about whether it landed.
async fn add(
    table: &str,
    delta: DeltaTable,
    staged: &Staged,
    constants: &[Constant],
    id: &str,
) -> Result<Result<DeltaTable, DeltaTableError>, LakeError> {
    let schema = whole_schema(&staged.schema, constants);
    let properties = CommitProperties::default().with_application_transaction(Transaction::new(id, 1));
    let names: Vec<String> = constants.iter().map(|constant| constant.field.name().clone()).collect();
    let mut actions: Vec<Action> = adds(staged, constants).into_iter().map(Action::Add).collect();
    if delta.version().is_none() {
        let fields = match kernel_schema(&schema) {
            Ok(kernel) => kernel.fields().cloned().collect::<Vec<StructField>>(),
            Err(source) => return Ok(Err(source)),
        };
        let created = CreateBuilder::new()
            .with_log_store(delta.log_store())
            .with_save_mode(SaveMode::ErrorIfExists)
            .with_columns(fields)
            .with_partition_columns(names)
            .with_configuration([("delta.enableDeletionVectors", Some("false"))])
            .with_commit_properties(properties)
            .with_actions(actions)
            .await;
        return Ok(created);
    }
    let state = delta.snapshot().map_err(|source| read_error(table, source))?;
    if *state.metadata().partition_columns() != names {
        return Err(LakeError::Layout { table: table.to_owned() });
    }
    let known = state.snapshot().arrow_schema();
    if lacks(&known, &schema) {
        match widened(state.metadata(), &known, &schema) {
            Ok(metadata) => actions.push(metadata),
            Err(source) => return Ok(Err(source)),
        }
    }
    let operation = DeltaOperation::Write { mode: SaveMode::Append, partition_by: Some(names), predicate: None };
    let committed = CommitBuilder::from(properties)
        .with_actions(actions)
        .build(Some(state), delta.log_store(), operation)
        .await
        .map(|finished| finished.snapshot());
    Ok(match committed {
        Ok(_) => {
            let mut delta = delta;
            delta.load().await.map(|()| delta)
        }
        Err(source) => Err(source),
    })
}

/// The columns of the table: those of the files, then the constant ones.
fn whole_schema(files: &SchemaRef, constants: &[Constant]) -> SchemaRef {
    let mut fields: Vec<_> = files.fields().iter().cloned().collect();
    fields.extend(constants.iter().map(|constant| Arc::new(constant.field.clone())));
    Arc::new(ArrowSchema::new(fields))
}

fn kernel_schema(schema: &ArrowSchema) -> Result<StructType, DeltaTableError> {
    schema.try_into_kernel().map_err(|source| DeltaTableError::Arrow { source })
}

/// The table's metadata with the columns that it does not know yet.
fn widened(
    metadata: &deltalake_core::kernel::Metadata,
    known: &SchemaRef,
    new: &SchemaRef,
) -> Result<Action, DeltaTableError> {
    let added = new.fields().iter().filter(|field| known.column_with_name(field.name()).is_none());
    let added = ArrowSchema::new(added.cloned().collect::<Vec<_>>());
    let mut fields: Vec<StructField> = metadata.parse_schema()?.fields().cloned().collect();
    fields.extend(kernel_schema(&added)?.fields().cloned());
    let schema = StructType::try_new(fields)?;
    Ok(Action::Metadata(metadata.clone().with_schema(&schema)?))
}

pub(super) fn adds(staged: &Staged, constants: &[Constant]) -> Vec<Add> {
    let values: HashMap<String, Option<String>> =
        constants.iter().map(|constant| (constant.field.name().clone(), Some(constant.value.clone()))).collect();
    let made_at = Clock::default().now().as_millisecond();
    let add = |file: &super::staged::StagedFile| Add {
        path: file.name.clone(),
        partition_values: values.clone(),
        size: i64::try_from(file.bytes).unwrap_or(i64::MAX),
        modification_time: made_at,
        data_change: true,
        stats: Some(file.statistics.json.clone()),
        ..Add::default()
    };
    staged.files.iter().map(add).collect()
}

/// The log must hold as many rows of the extract as were staged.
pub(super) fn verify(table: &str, delta: &DeltaTable, staged: &Staged) -> Result<(), LakeError> {
    let names: BTreeSet<&str> = staged.files.iter().map(|file| file.name.as_str()).collect();
    let state = delta.snapshot().map_err(|source| read_error(table, source))?;
    let mut logged = 0_u64;
    for file in state.log_data() {
        if names.contains(file.path().as_ref()) {
            logged += file.num_records().and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0);
        }
    }
    let staged = staged.rows();
    if logged == staged { Ok(()) } else { Err(LakeError::RowsLost { table: table.to_owned(), staged, logged }) }
}

pub(super) fn of(table: &str, delta: &DeltaTable, already: bool) -> Result<Commit, LakeError> {
    Ok(Commit { version: to_signed(table, delta.version().unwrap_or(0))?, already })
}
