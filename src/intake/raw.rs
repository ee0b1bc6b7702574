//! Raw copies of extracts under their hash: `raw/ab/<hash>`, mode 0600, never changed once they are there.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::IntakeError;
use super::fingerprint::{CopyError, copy_hashed};
use crate::model::ContentHash;
use crate::store::{AtomicFile, create_private_dir};

/// A raw copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it was there before.
    pub already: bool,
}

/// Where the raw copy of an extract lies, whether or not it is there.
#[must_use]
pub fn raw_path(raw_dir: &Path, hash: &ContentHash) -> PathBuf {
    raw_dir.join(&hash.as_str()[..2]).join(hash.as_str())
}

/// Copies a file's bytes to their place under the raw folder, whole or not at all. Does nothing when they are there
/// with the same size. What is decoded later is the copy, so that nobody can change it under our hands.
///
/// # Errors
/// [`IntakeError::Changed`] when the bytes are not those that were hashed, otherwise why they could not be read or kept.
pub fn keep_raw(path: &Path, hash: &ContentHash, raw_dir: &Path) -> Result<Kept, IntakeError> {
    let read = |source| IntakeError::Read { path: path.to_path_buf(), source };
    let keep = |source| IntakeError::Keep { path: path.to_path_buf(), source };
    let target = raw_path(raw_dir, hash);
    let mut file = File::open(path).map_err(read)?;
    let bytes = file.metadata().map_err(read)?.len();
    if fs::metadata(&target).is_ok_and(|there| there.is_file() && there.len() == bytes) {
        return Ok(Kept { path: target, bytes, already: true });
    }
    create_private_dir(raw_dir).map_err(keep)?;
    create_private_dir(&raw_dir.join(&hash.as_str()[..2])).map_err(keep)?;
    let mut copy = AtomicFile::create(&target).map_err(keep)?;
    let (copied, bytes) = copy_hashed(&mut file, &mut copy).map_err(|error| match error {
        CopyError::Read(source) => read(source),
        CopyError::Write(source) => IntakeError::Copy { path: target.clone(), source },
    })?;
    if copied != *hash {
        return Err(IntakeError::Changed { path: path.to_path_buf() });
    }
    copy.commit().map_err(keep)?;
    Ok(Kept { path: target, bytes, already: false })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{keep_raw, raw_path};
    use crate::intake::{IntakeError, fingerprint};

    #[test]
    fn the_bytes_are_kept_once_and_privately() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("a.csv");
        fs::write(&path, b"a,b\n1,2\n").expect("writes");
        let hash = fingerprint(&path).expect("reads");
        let raw = dir.path().join("raw");
        let first = keep_raw(&path, &hash, &raw).expect("keeps");
        let second = keep_raw(&path, &hash, &raw).expect("knows it");
        assert!(!first.already && second.already);
        assert_eq!(first.path, raw_path(&raw, &hash));
        assert_eq!(fs::read(&first.path).expect("reads"), fs::read(&path).expect("reads"));
        assert_eq!(fs::metadata(&first.path).expect("there").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_changed_is_not_kept() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("a.csv");
        fs::write(&path, b"before").expect("writes");
        let hash = fingerprint(&path).expect("reads");
        fs::write(&path, b"after!").expect("writes");
        let raw = dir.path().join("raw");
        assert!(matches!(keep_raw(&path, &hash, &raw), Err(IntakeError::Changed { .. })));
        let left = fs::read_dir(raw.join(&hash.as_str()[..2])).expect("lists").count();
        assert_eq!(left, 0);
    }
}
