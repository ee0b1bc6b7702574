//! A dry run: the whole ingest, over a copy of the project's state that is thrown away. Every check is made as it would be,
//! also against files of the same inbox, and nothing of the project is written.
//!
//! The copy is the ledger and links to the files of the lakes; what is written goes beside the links. It lies in the
//! project's spill folder if there is one, else where the system keeps temporary files, open to this user only.

use std::collections::hash_map::RandomState;
use std::fs::{self, DirBuilder};
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::path::{Path, PathBuf};

use crate::config;
use crate::ledger::Ledger;

use super::extract::SCRATCH_PREFIX;
use super::workspace::Access;
use super::{FreshnessReport, IngestReport, IngestRequest, PipelineError, Project, Workspace};

/// The folder of the copy; gone when dropped.
#[derive(Debug)]
struct Stage {
    path: PathBuf,
}

impl Drop for Stage {
    fn drop(&mut self) {
        // One that cannot be removed now goes with the next ingest, or with the system's temporary files.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Says what an ingest would do, and how the expected sources would stand afterwards.
///
/// # Errors
/// As [`Workspace::ingest_by_hand`]; also when the copy cannot be made.
pub async fn rehearse_ingest(
    project: Project,
    request: &IngestRequest,
) -> Result<(IngestReport, FreshnessReport), PipelineError> {
    let stage = Stage { path: make_folder(&project.settings.spill_dir)? };
    let workspace = Workspace::open(staged(project, &stage.path).await?, Access::Write).await?;
    let mut report = workspace.ingest_by_hand(request).await?;
    report.dry_run = true;
    let freshness = workspace.freshness(None).await?;
    workspace.ledger.close().await;
    Ok((report, freshness))
}

/// A new folder of mode 0700. Its name is that of a scratch folder, so that the next ingest removes what a killed process
/// left in the spill folder.
fn make_folder(spill_dir: &Path) -> Result<PathBuf, PipelineError> {
    let base = if spill_dir.is_dir() { spill_dir.to_path_buf() } else { config::temporary_dir() };
    let unlike_any = RandomState::new().build_hasher().finish();
    let path = base.join(format!("{SCRATCH_PREFIX}{}-{unlike_any:016x}", std::process::id()));
    DirBuilder::new().mode(0o700).create(&path).map_err(|source| failed(&path, source))?;
    Ok(path)
}

/// The project with its state in another folder: a copy of what there is.
async fn staged(mut project: Project, stage: &Path) -> Result<Project, PipelineError> {
    let settings = &mut project.settings;
    let ledger = stage.join("ledger.sqlite");
    Ledger::copy(&settings.ledger_path, &ledger).await?;
    let lake = stage.join("lake");
    mirror(&settings.lake_dir, &lake).map_err(|source| failed(&lake, source))?;
    let restricted = stage.join("restricted");
    for folder in ["lake", "quarantine"] {
        let to = restricted.join(folder);
        mirror(&settings.restricted_dir.join(folder), &to).map_err(|source| failed(&to, source))?;
    }
    settings.var_dir = stage.to_path_buf();
    settings.ledger_path = ledger;
    settings.lake_dir = lake;
    settings.restricted_dir = restricted;
    settings.raw_dir = stage.join("raw");
    settings.published_dir = stage.join("published");
    settings.spill_dir = stage.join("spill");
    Ok(project)
}

/// The same folders, with links to the files. Nothing that writes here changes a file: it makes new ones and renames.
fn mirror(from: &Path, to: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(to)?;
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            mirror(&path, &copy)?;
        } else {
            symlink(std::path::absolute(&path)?, &copy)?;
        }
    }
    Ok(())
}

fn failed(path: &Path, source: io::Error) -> PipelineError {
    PipelineError::Io { doing: "make a copy for a dry run in", path: path.to_path_buf(), source }
}
