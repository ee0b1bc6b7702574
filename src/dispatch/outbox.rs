//! The outbox: messages as `.eml` files, each whole or not there at all, readable by their owner only.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::dispatch::error::DispatchError;
use crate::dispatch::message::MessageId;

/// A folder of the outbox, such as that of an edition.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where a message lies. Its name tells nothing about its recipient.
    pub(super) fn path(&self, id: &MessageId) -> PathBuf {
        self.folder.join(format!("{}.eml", id.digits))
    }

    /// Whether a message was written. What is there is whole, since it got its name last.
    pub(super) fn holds(&self, id: &MessageId) -> bool {
        self.path(id).is_file()
    }

    /// Writes a message so that it survives a crash at any instant, off the threads that serve timers and sockets.
    pub(super) async fn write(&self, id: &MessageId, bytes: Vec<u8>) -> Result<PathBuf, DispatchError> {
        let path = self.path(id);
        let failed = |source| DispatchError::Outbox { path: path.clone(), source };
        let (folder, target) = (self.folder.clone(), path.clone());
        let written = tokio::task::spawn_blocking(move || write_whole(&folder, &target, &bytes)).await;
        written.map_err(|error| failed(io::Error::other(error))).and_then(|result| result.map_err(failed))?;
        Ok(path)
    }
}

fn write_whole(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // The same temporary name each time: a killed writer's leftover is overwritten, not collected.
    let temporary = path.with_extension("eml.tmp");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, path)?;
    File::open(folder)?.sync_all()
}
