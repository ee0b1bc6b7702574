//! Local files that appear whole or not at all, and private folders. Never reads a file's content.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::StoreError;

/// Tells the temporary names of one process apart.
static COUNTER: AtomicU64 = AtomicU64::new(0);

/// Makes a folder and its missing parents, readable by this user only (mode 0700). Folders that exist stay as they are.
///
/// # Errors
/// [`StoreError::Folder`] when it cannot be made, or when something else has its name.
pub fn create_private_dir(path: &Path) -> Result<(), StoreError> {
    let fail = |source| StoreError::Folder { path: path.to_path_buf(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(fail)?;
    if path.is_dir() { Ok(()) } else { Err(fail(io::Error::from(io::ErrorKind::NotADirectory))) }
}

/// Writes a file of mode 0600 atomically: whoever opens `path` sees the old content or the new, never a part, even
/// after a crash. The folder must exist.
///
/// # Errors
/// [`StoreError::Write`]; the file is then as it was.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes).map_err(|source| StoreError::Write { path: path.to_path_buf(), source })?;
    file.commit()
}

/// A file in the making. It gets its name at [`AtomicFile::commit`]; dropped before that it leaves nothing behind.
#[derive(Debug)]
pub struct AtomicFile {
    file: File,
    target: PathBuf,
    temporary: Option<PathBuf>,
}

impl AtomicFile {
    /// Starts a file of mode 0600 that shall become `target`. The folder must exist.
    ///
    /// # Errors
    /// [`StoreError::Write`] when the folder cannot be written.
    pub fn create(target: &Path) -> Result<Self, StoreError> {
        let fail = |source| StoreError::Write { path: target.to_path_buf(), source };
        let name = target.file_name().ok_or_else(|| fail(io::Error::from(io::ErrorKind::InvalidInput)))?;
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let temporary =
            target.with_file_name(format!(".{}.{}.{number}.part", name.to_string_lossy(), std::process::id()));
        // A name left behind by a killed process of the same id would block for ever, so it is taken over.
        let file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary).map_err(fail)?;
        Ok(Self { file, target: target.to_path_buf(), temporary: Some(temporary) })
    }

    /// Makes the content durable, then gives the file its name.
    ///
    /// # Errors
    /// [`StoreError::Write`]; the target is then as it was.
    pub fn commit(mut self) -> Result<(), StoreError> {
        self.finish().map_err(|source| StoreError::Write { path: self.target.clone(), source })
    }

    /// As [`AtomicFile::commit`], under another name on the same file system, for what gets its name from its content.
    ///
    /// # Errors
    /// [`StoreError::Write`]; the target is then as it was.
    pub fn commit_as(mut self, target: &Path) -> Result<(), StoreError> {
        self.target = target.to_path_buf();
        self.commit()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.file.sync_all()?;
        if let Some(temporary) = &self.temporary {
            fs::rename(temporary, &self.target)?;
        }
        self.temporary = None;
        // The new name is durable only when its folder is.
        match self.target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            _ => File::open(".")?.sync_all(),
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for AtomicFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            // Nobody else knows the name; a failure leaves a hidden file that readers skip.
            let _ = fs::remove_file(temporary);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::{AtomicFile, create_private_dir, write_atomic};

    #[test]
    fn a_file_appears_whole_and_private() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("manifest.json");
        write_atomic(&path, b"one").expect("writes");
        write_atomic(&path, b"two").expect("replaces");
        assert_eq!(fs::read(&path).expect("reads"), b"two");
        assert_eq!(fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(dir.path()).expect("lists").count(), 1);
    }

    #[test]
    fn an_abandoned_file_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let mut file = AtomicFile::create(&dir.path().join("half")).expect("starts");
        file.write_all(b"half").expect("writes");
        drop(file);
        assert_eq!(fs::read_dir(dir.path()).expect("lists").count(), 0);
    }

    #[test]
    fn private_folders_belong_to_one_user() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let path = dir.path().join("a/b");
        create_private_dir(&path).expect("makes both");
        create_private_dir(&path).expect("is content with what is there");
        assert_eq!(fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o700);
        let file = dir.path().join("file");
        write_atomic(&file, b"x").expect("writes");
        let error = create_private_dir(&file.join("below")).expect_err("a file is in the way");
        assert!(error.to_string().contains("file/below"), "{error}");
    }
}
