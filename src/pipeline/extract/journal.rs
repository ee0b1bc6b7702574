//! Every key that was accepted, with its row, in the order of arrival: in memory first, then in a scratch file. Written once
//! and read rarely.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use super::scratch::Scratch;
use crate::pipeline::PipelineError;

/// Keys that are kept in memory.
const IN_MEMORY: usize = 256 << 10;
/// Bytes of a key and its row in the file.
const ENTRY_BYTES: usize = 24;

/// Keys with rows.
#[derive(Debug)]
pub(super) struct Journal {
    scratch: Arc<Scratch>,
    name: &'static str,
    recent: Vec<(u128, u64)>,
    file: Option<BufWriter<File>>,
    spilled: u64,
}

impl Journal {
    /// An empty one, with the name of its scratch file.
    pub(super) fn new(scratch: Arc<Scratch>, name: &'static str) -> Self {
        Self { scratch, name, recent: Vec::new(), file: None, spilled: 0 }
    }

    /// Adds a key.
    pub(super) fn push(&mut self, key: u128, row: u64) -> Result<(), PipelineError> {
        if self.recent.len() >= IN_MEMORY {
            self.spill()?;
        }
        self.recent.push((key, row));
        Ok(())
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.spilled + u64::try_from(self.recent.len()).unwrap_or(u64::MAX)
    }

    fn spill(&mut self) -> Result<(), PipelineError> {
        let path = self.scratch.file(self.name)?;
        let failed = |source| PipelineError::Io { doing: "write keys to", path: path.clone(), source };
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(BufWriter::with_capacity(1 << 20, create(&path).map_err(failed)?)),
        };
        for (key, row) in &self.recent {
            let mut entry = [0; ENTRY_BYTES];
            entry[..16].copy_from_slice(&key.to_le_bytes());
            entry[16..].copy_from_slice(&row.to_le_bytes());
            file.write_all(&entry).map_err(failed)?;
        }
        self.spilled += u64::try_from(self.recent.len()).unwrap_or(u64::MAX);
        self.recent.clear();
        Ok(())
    }

    /// Calls `each` with every key and its row, in order.
    pub(super) fn for_each(&mut self, each: impl FnMut(u128, u64)) -> Result<(), PipelineError> {
        let path = self.scratch.file(self.name)?;
        self.read(each).map_err(|source| PipelineError::Io { doing: "read keys from", path, source })
    }

    fn read(&mut self, mut each: impl FnMut(u128, u64)) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            file.flush()?;
            let file = file.get_mut();
            file.seek(SeekFrom::Start(0))?;
            let mut reader = BufReader::with_capacity(1 << 20, &mut *file);
            let mut entry = [0; ENTRY_BYTES];
            for _ in 0..self.spilled {
                reader.read_exact(&mut entry)?;
                let (mut key, mut row) = ([0; 16], [0; 8]);
                key.copy_from_slice(&entry[..16]);
                row.copy_from_slice(&entry[16..]);
                each(u128::from_le_bytes(key), u64::from_le_bytes(row));
            }
            file.seek(SeekFrom::End(0))?;
        }
        for (key, row) in &self.recent {
            each(*key, *row);
        }
        Ok(())
    }
}

/// A scratch file of mode 0600, to be written and read.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{IN_MEMORY, Journal};
    use crate::pipeline::extract::scratch::Scratch;

    #[test]
    fn keys_come_back_in_order_from_file_and_memory() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let mut journal = Journal::new(Arc::new(Scratch::below(dir.path())), "keys");
        let count = u64::try_from(IN_MEMORY).expect("small") * 2 + 10;
        for row in 0..count {
            journal.push(u128::from(row) << 70 | 1, row).expect("writes");
        }
        for _ in 0..2 {
            let mut next = 0;
            let each = |key: u128, row: u64| {
                assert_eq!((key, row), (u128::from(next) << 70 | 1, next));
                next += 1;
            };
            journal.for_each(each).expect("reads");
        }
        assert_eq!(journal.len(), count);
        journal.push(5, 5).expect("writes on");
        assert_eq!(journal.len(), count + 1);
        let mut last = 0;
        journal.for_each(|key, _| last = key).expect("reads");
        assert_eq!(last, 5);
    }
}
