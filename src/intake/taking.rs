//! One pass over a file of the inbox: its hash, and its raw copy on the way. Says whether the file changed meanwhile.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::IntakeError;
use super::fingerprint::{CopyError, copy_hashed};
use super::raw::{Kept, raw_path};
use crate::model::ContentHash;
use crate::store::{AtomicFile, create_private_dir};

/// What the system says of a file. Whoever writes to it changes one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl State {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// A file that is being taken in.
#[derive(Debug)]
pub struct Taking {
    path: PathBuf,
    file: File,
    before: State,
}

/// What one pass over a file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The SHA-256 of its bytes.
    pub hash: ContentHash,
    /// How many these are.
    pub bytes: u64,
    /// Its raw copy, if one was asked for.
    pub kept: Option<Kept>,
}

impl Taking {
    /// Looks at a file before anybody reads it.
    ///
    /// # Errors
    /// [`IntakeError::Read`].
    pub fn begin(path: &Path) -> Result<Self, IntakeError> {
        let read = |source| IntakeError::Read { path: path.to_path_buf(), source };
        let file = File::open(path).map_err(read)?;
        let before = State::of(&file.metadata().map_err(read)?);
        Ok(Self { path: path.to_path_buf(), file, before })
    }

    /// Its size when it was looked at.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.before.bytes
    }

    /// Reads the file once, hashes it, and keeps a raw copy (mode 0600) if a folder is given. The copy is durable then.
    ///
    /// # Errors
    /// When the bytes cannot be read or kept; [`IntakeError::Changed`] when there are more or fewer than there were.
    pub fn read(&mut self, raw_dir: Option<&Path>) -> Result<Taken, IntakeError> {
        let read = |source| IntakeError::Read { path: self.path.clone(), source };
        let keep = |source| IntakeError::Keep { path: self.path.clone(), source };
        let Some(raw_dir) = raw_dir else {
            let (hash, bytes) = copy_hashed(&mut self.file, &mut io::sink()).map_err(|error| match error {
                CopyError::Read(source) | CopyError::Write(source) => read(source),
            })?;
            return Ok(Taken { hash, bytes, kept: None });
        };
        create_private_dir(raw_dir).map_err(keep)?;
        let unnamed = raw_dir.join("incoming");
        let mut copy = AtomicFile::create(&unnamed).map_err(keep)?;
        let (hash, bytes) = copy_hashed(&mut self.file, &mut copy).map_err(|error| match error {
            CopyError::Read(source) => read(source),
            CopyError::Write(source) => IntakeError::Copy { path: unnamed.clone(), source },
        })?;
        if bytes != self.before.bytes {
            return Err(IntakeError::Changed { path: self.path.clone() });
        }
        let target = raw_path(raw_dir, &hash);
        let already = fs::metadata(&target).is_ok_and(|there| there.is_file() && there.len() == bytes);
        if !already {
            create_private_dir(&raw_dir.join(&hash.as_str()[..2])).map_err(keep)?;
            copy.commit_as(&target).map_err(keep)?;
        }
        Ok(Taken { hash, bytes, kept: Some(Kept { path: target, bytes, already }) })
    }

    /// Whether the file is still the one that was looked at, to be asked when everybody has read it. A name that leads to
    /// another file by now is a change too.
    ///
    /// # Errors
    /// [`IntakeError::Changed`].
    pub fn verify_unchanged(&self) -> Result<(), IntakeError> {
        let same = |found: io::Result<Metadata>| found.is_ok_and(|found| State::of(&found) == self.before);
        let unchanged = same(self.file.metadata()) && same(fs::metadata(&self.path));
        if unchanged { Ok(()) } else { Err(IntakeError::Changed { path: self.path.clone() }) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::Taking;
    use crate::intake::{IntakeError, fingerprint, raw_path};

    #[test]
    fn one_pass_gives_hash_and_copy() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("a.csv");
        fs::write(&path, b"a,b\n1,2\n").expect("writes");
        let raw = dir.path().join("raw");
        let mut taking = Taking::begin(&path).expect("opens");
        let taken = taking.read(Some(&raw)).expect("reads");
        taking.verify_unchanged().expect("nobody wrote");
        assert_eq!(taken.hash, fingerprint(&path).expect("reads"));
        let kept = taken.kept.expect("a copy was asked for");
        assert!(!kept.already);
        assert_eq!(kept.path, raw_path(&raw, &taken.hash));
        assert_eq!(fs::read(&kept.path).expect("reads"), b"a,b\n1,2\n");
        assert_eq!(fs::metadata(&kept.path).expect("there").permissions().mode() & 0o777, 0o600);
        let again = Taking::begin(&path).expect("opens").read(Some(&raw)).expect("reads");
        assert!(again.kept.expect("it is there").already);
        // Nothing but the folder of the copy lies there.
        assert_eq!(fs::read_dir(&raw).expect("lists").count(), 1);
    }

    #[test]
    fn without_a_folder_nothing_is_written() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("a.csv");
        fs::write(&path, b"abc").expect("writes");
        let taken = Taking::begin(&path).expect("opens").read(None).expect("reads");
        assert_eq!((taken.bytes, taken.kept), (3, None));
        assert_eq!(fs::read_dir(dir.path()).expect("lists").count(), 1);
    }

    #[test]
    fn a_file_that_grows_or_is_replaced_is_refused() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("a.csv");
        fs::write(&path, b"before").expect("writes");
        let raw = dir.path().join("raw");
        let mut grown = Taking::begin(&path).expect("opens");
        fs::OpenOptions::new().append(true).open(&path).expect("opens").write_all(b"!").expect("writes");
        assert!(matches!(grown.read(Some(&raw)), Err(IntakeError::Changed { .. })));
        assert_eq!(fs::read_dir(&raw).expect("lists").count(), 0);

        let replaced = Taking::begin(&path).expect("opens");
        let other = dir.path().join("b.csv");
        fs::write(&other, b"before!").expect("writes");
        fs::rename(&other, &path).expect("renames");
        assert!(matches!(replaced.verify_unchanged(), Err(IntakeError::Changed { .. })));
    }
}
