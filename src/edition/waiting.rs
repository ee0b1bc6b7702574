//! What comes into the register of released cells when an edition goes out. It waits in the restricted folder and not with
//! the edition: its digests are this ledger's own, while an edition is the same anywhere.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::EditionError;
use crate::ledger::DigestedCell;
use crate::model::EditionId;
use crate::store;

/// The version of the file's format.
const VERSION: u32 = 1;

/// Cells as the register of released cells takes them.
#[derive(Debug, Serialize, Deserialize)]
struct Waiting {
    format_version: u32,
    edition: EditionId,
    cells: Vec<DigestedCell>,
}

fn path_of(restricted_dir: &Path, id: &EditionId) -> PathBuf {
    restricted_dir.join("editions").join(format!("{id}.cells.json"))
}

/// Keeps the cells of an edition until it goes out. Those of an earlier build of it are replaced.
///
/// # Errors
/// When the file cannot be written.
pub fn write_waiting_cells(
    restricted_dir: &Path,
    id: &EditionId,
    cells: Vec<DigestedCell>,
) -> Result<(), EditionError> {
    let path = path_of(restricted_dir, id);
    store::create_private_dir(&restricted_dir.join("editions"))?;
    let waiting = Waiting { format_version: VERSION, edition: id.clone(), cells };
    let bytes = serde_json::to_vec(&waiting).map_err(|source| EditionError::Manifest { path: path.clone(), source })?;
    Ok(store::write_atomic(&path, &bytes)?)
}

/// The cells of an edition that is to go out.
///
/// # Errors
/// When the file is missing or damaged: the edition must not go out then, since nothing could be checked against it.
pub fn load_waiting_cells(restricted_dir: &Path, id: &EditionId) -> Result<Vec<DigestedCell>, EditionError> {
    let path = path_of(restricted_dir, id);
    if !path.exists() {
        return Err(EditionError::NoCells { edition: id.clone(), path });
    }
    let doing = "read the cells for the register";
    let bytes = std::fs::read(&path).map_err(|source| EditionError::Io { doing, path: path.clone(), source })?;
    let waiting: Waiting =
        serde_json::from_slice(&bytes).map_err(|source| EditionError::Manifest { path: path.clone(), source })?;
    if waiting.format_version != VERSION || waiting.edition != *id {
        return Err(EditionError::NoCells { edition: id.clone(), path });
    }
    Ok(waiting.cells)
}
