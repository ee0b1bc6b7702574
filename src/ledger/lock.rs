//! The lock of a project: one run at a time. The system frees it when the process dies, however it dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::ledger::LedgerError;
use crate::ledger::open::make_private_directory;

/// Held as long as the value lives.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock, or fails at once when another process (or another holder in this one) has it.
    ///
    /// # Errors
    /// [`LedgerError::Held`] when it is taken, with the holder's process id; [`LedgerError::LockFile`] when its file
    /// cannot be made.
    pub fn acquire(path: &Path) -> Result<Self, LedgerError> {
        let failed = |source| LedgerError::LockFile { path: path.to_owned(), source };
        if let Some(directory) = path.parent() {
            make_private_directory(directory).map_err(failed)?;
        }
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::Held { pid: read_pid(&mut file) }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).map_err(failed)?;
        write!(file, "{}", std::process::id()).map_err(failed)?;
        file.flush().map_err(failed)?;
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The id is for people only. The file itself stays: to delete a lock that others may be opening is a race.
        let _ = self.file.set_len(0);
    }
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
