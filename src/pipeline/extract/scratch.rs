//! A private folder for what does not fit into memory while one extract is read. It goes when the extract is done; the
//! folders of killed processes go when the next ingest starts.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::pipeline::PipelineError;
use crate::store::create_private_dir;

/// How such folders begin; the process and a number follow.
pub(in crate::pipeline) const SCRATCH_PREFIX: &str = "ingest-";

/// Tells the folders of one process apart.
static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A folder that is made when it is first needed and removed when it is dropped.
#[derive(Debug)]
pub(super) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    pub(super) fn below(spill_dir: &Path) -> Self {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        Self { path: spill_dir.join(format!("{SCRATCH_PREFIX}{}-{number}", std::process::id())) }
    }

    /// Its path, with the folder made.
    pub(super) fn dir(&self) -> Result<&Path, PipelineError> {
        create_private_dir(&self.path)?;
        Ok(&self.path)
    }

    /// The path of a file in it, with the folder made.
    pub(super) fn file(&self, name: &str) -> Result<PathBuf, PipelineError> {
        Ok(self.dir()?.join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Not made, or removed by the next ingest.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes the folders of processes that are gone.
pub(in crate::pipeline) fn remove_dead_scratch(spill_dir: &Path) {
    let Ok(entries) = fs::read_dir(spill_dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(SCRATCH_PREFIX).and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        let is_dead = process.is_some_and(|id| id != std::process::id() && !Path::new(&format!("/proc/{id}")).exists());
        if is_dead {
            // Tried again next time.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Scratch, remove_dead_scratch};

    #[test]
    fn folders_go_with_their_extract_or_with_the_next_ingest() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let unused = Scratch::below(dir.path());
        let used = Scratch::below(dir.path());
        std::fs::write(used.file("held").expect("makes"), b"x").expect("writes");
        // No process has the greatest id.
        std::fs::create_dir(dir.path().join("ingest-4294967295-0")).expect("makes");
        std::fs::create_dir(dir.path().join("other")).expect("makes");
        remove_dead_scratch(dir.path());
        assert_eq!(std::fs::read_dir(dir.path()).expect("lists").count(), 2);
        drop((unused, used));
        assert_eq!(std::fs::read_dir(dir.path()).expect("lists").count(), 1);
    }
}
