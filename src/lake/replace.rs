//! Commits what was staged for an extract whose earlier commit nobody has recorded: a process was killed between the commit
//! and the ledger. Since then the rows that are good may be others, so the lake must hold those that are staged now.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use deltalake_core::DeltaTable;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{Action, Remove, Transaction};
use deltalake_core::protocol::{DeltaOperation, SaveMode};

use super::commit::asked;
use super::commit_staged::{adds, of, transaction_id, verify};
use super::staged::Staged;
use super::tables::read_error;
use super::{Commit, Constant, Lake, LakeError};
use crate::definitions::LINEAGE_EXTRACT;
use crate::model::ContentHash;

/// Bytes that are compared at a time.
const BLOCK: usize = 64 << 10;

impl Lake {
    /// As [`Lake::commit_staged`], for an extract that no record knows: when an earlier commit of it is found, its files are
    /// replaced in one atomic commit by those that are staged. When both are the same, byte for byte, nothing is done.
    ///
    /// # Errors
    /// As [`Lake::commit_staged`].
    pub async fn commit_unrecorded(
        &self,
        staged: Staged,
        constants: &[Constant],
        hash: &ContentHash,
    ) -> Result<Commit, LakeError> {
        if !self.has_extract(&staged.table, hash).await? {
            return self.commit_staged(staged, constants, hash).await;
        }
        let table = staged.table.clone();
        let delta = self.load(&table).await?;
        let earlier = files_of(&table, &delta, hash)?;
        let folder = self.folder(&table)?;
        if same_files(&folder, &earlier, &staged, constants)
            .map_err(|source| LakeError::List { path: folder.clone(), source })?
        {
            return of(&table, &delta, true);
        }
        self.replace(delta, earlier, staged, constants, hash).await
    }

    async fn replace(
        &self,
        delta: DeltaTable,
        earlier: Vec<Remove>,
        staged: Staged,
        constants: &[Constant],
        hash: &ContentHash,
    ) -> Result<Commit, LakeError> {
        let table = staged.table.clone();
        let id = transaction_id(hash);
        let number = asked(&delta, &id).await.map_err(|source| read_error(&table, source))?.unwrap_or(0) + 1;
        let mut actions: Vec<Action> = earlier.into_iter().map(Action::Remove).collect();
        actions.extend(adds(&staged, constants).into_iter().map(Action::Add));
        let names = constants.iter().map(|constant| constant.field.name().clone()).collect();
        let operation = DeltaOperation::Write { mode: SaveMode::Overwrite, partition_by: Some(names), predicate: None };
        let properties = CommitProperties::default().with_application_transaction(Transaction::new(&id, number));
        let state = delta.snapshot().map_err(|source| read_error(&table, source))?;
        let committed = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(state), delta.log_store(), operation)
            .await;
        // The rule of decision 13: whatever the error says, the table knows.
        let landed = match self.load(&table).await {
            Ok(delta) => asked(&delta, &id).await.map(|found| (found == Some(number)).then_some(delta)),
            Err(error) => Err(deltalake_core::DeltaTableError::Generic(error.to_string())),
        };
        match (landed, committed) {
            (Ok(Some(delta)), _) => {
                verify(&table, &delta, &staged)?;
                staged.keep();
                of(&table, &delta, false)
            }
            (Ok(None), Err(source)) => Err(LakeError::Write { table, source: Box::new(source) }),
            (Ok(None), Ok(_)) => Err(LakeError::RowsLost { table, staged: staged.rows(), logged: 0 }),
            (Err(source), _) => {
                // Perhaps a commit names the files: they stay, and the next ingest removes them if none does.
                staged.keep();
                Err(LakeError::Unknown { table, source: Box::new(source) })
            }
        }
    }
}

/// The files of an extract, as they are to be removed.
fn files_of(table: &str, delta: &DeltaTable, hash: &ContentHash) -> Result<Vec<Remove>, LakeError> {
    let state = delta.snapshot().map_err(|source| read_error(table, source))?;
    let log = state.log_data();
    let is_own = |remove: &Remove| {
        let extract = remove.partition_values.as_ref().and_then(|values| values.get(LINEAGE_EXTRACT));
        extract.is_some_and(|value| value.as_deref() == Some(hash.as_str()))
    };
    Ok(log.into_iter().map(|file| file.remove_action(true)).filter(is_own).collect())
}

/// Whether the files hold the same bytes in the same order, under the same constant columns.
fn same_files(folder: &Path, earlier: &[Remove], staged: &Staged, constants: &[Constant]) -> io::Result<bool> {
    let is_placed_alike = |remove: &Remove| {
        let values = remove.partition_values.as_ref();
        let value =
            |constant: &Constant| values.and_then(|values| values.get(constant.field.name()).cloned().flatten());
        constants.iter().all(|constant| value(constant).as_ref() == Some(&constant.value))
    };
    if earlier.len() != staged.files.len() || !earlier.iter().all(is_placed_alike) {
        return Ok(false);
    }
    // The names of one commit end in the number of the file.
    let in_order: BTreeMap<&str, &Remove> = earlier.iter().map(|remove| (remove.path.as_str(), remove)).collect();
    for ((path, remove), file) in in_order.into_iter().zip(&staged.files) {
        if u64::try_from(remove.size.unwrap_or(-1)) != Ok(file.bytes) {
            return Ok(false);
        }
        let (one, other) = (File::open(folder.join(path))?, File::open(folder.join(&file.name))?);
        if !same_bytes(BufReader::with_capacity(BLOCK, one), BufReader::with_capacity(BLOCK, other))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether two files of the same size hold the same bytes.
fn same_bytes(mut one: impl Read, mut other: impl Read) -> io::Result<bool> {
    let (mut a, mut b) = (vec![0; BLOCK], vec![0; BLOCK]);
    loop {
        let count = one.read(&mut a)?;
        if count == 0 {
            return Ok(true);
        }
        other.read_exact(&mut b[..count])?;
        if a[..count] != b[..count] {
            return Ok(false);
        }
    }
}
