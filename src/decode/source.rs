//! The bytes of an extract, unwrapped if they were compressed. Compressed bytes go to a file in the scratch folder, which is
//! removed when nobody reads it any more.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::DecodeError;
use super::dialect::Compression;

/// A file to read, and what keeps it there.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The name of the extract, for messages.
    pub(super) name: String,
    /// Where its bytes lie, unwrapped.
    pub(super) path: PathBuf,
    /// What they were wrapped in.
    pub(super) compression: Option<Compression>,
    scratch: Option<Arc<Scratch>>,
}

impl Source {
    pub(super) fn plain(name: &str, path: &Path) -> Self {
        Self { name: name.to_owned(), path: path.to_owned(), compression: None, scratch: None }
    }

    pub(super) fn unwrapped(name: &str, scratch: Scratch, compression: Compression) -> Self {
        let path = scratch.path.clone();
        Self { name: name.to_owned(), path, compression: Some(compression), scratch: Some(Arc::new(scratch)) }
    }

    pub(super) fn open(&self) -> Result<File, DecodeError> {
        File::open(&self.path).map_err(|source| DecodeError::io(&self.path, source))
    }

    /// A reader that keeps the file there as long as it lives.
    pub(super) fn reader(&self) -> Result<SourceReader, DecodeError> {
        Ok(SourceReader { file: self.open()?, _scratch: self.scratch.clone() })
    }

    pub(super) fn bytes(&self) -> Result<u64, DecodeError> {
        let metadata = self.open()?.metadata();
        Ok(metadata.map_err(|source| DecodeError::io(&self.path, source))?.len())
    }
}

/// Reads a source.
pub(super) struct SourceReader {
    file: File,
    _scratch: Option<Arc<Scratch>>,
}

impl Read for SourceReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.file.read(buffer)
    }

    fn read_to_end(&mut self, buffer: &mut Vec<u8>) -> std::io::Result<usize> {
        self.file.read_to_end(buffer)
    }
}

/// A file that goes with its owner.
#[derive(Debug)]
pub(super) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// A new file in `folder`, which only its owner may read. A file that a killed process left behind is named
    /// `decode-*.scratch` and may be removed.
    pub(super) fn create(folder: &Path) -> Result<(Self, File), DecodeError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        std::fs::create_dir_all(folder).map_err(|source| DecodeError::io(folder, source))?;
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("decode-{}-{number}.scratch", std::process::id()));
            let mut options = File::options();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            match options.open(&path) {
                Ok(file) => return Ok((Self { path }, file)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(DecodeError::Io { path, source }),
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A file that cannot be removed now is removed with the folder's other leftovers.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Writes all of `reader` to `file`; gives its size. `limit` stops it with what is then said.
pub(super) fn copy_limited(
    reader: &mut dyn Read,
    file: &mut dyn Write,
    mut check: impl FnMut(u64) -> Result<(), DecodeError>,
    failed: impl Fn(std::io::Error) -> DecodeError,
    scratch: &Path,
) -> Result<u64, DecodeError> {
    let mut block = vec![0_u8; 256 << 10];
    let mut total = 0_u64;
    loop {
        let count = match reader.read(&mut block) {
            Ok(0) => return Ok(total),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error)),
        };
        total += u64::try_from(count).unwrap_or(u64::MAX);
        check(total)?;
        file.write_all(&block[..count]).map_err(|source| DecodeError::io(scratch, source))?;
    }
}
