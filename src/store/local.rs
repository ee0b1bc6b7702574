//! One store: a root folder behind the `object_store` interface.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

use super::{StoreError, create_private_dir, probe};

/// A place for objects, known by its root.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
    objects: Arc<dyn ObjectStore>,
}

impl Store {
    /// A local folder, made with mode 0700 when it is not there.
    ///
    /// # Errors
    /// [`StoreError::Folder`] when it cannot be made or entered.
    pub fn local(dir: &Path) -> Result<Self, StoreError> {
        create_private_dir(dir)?;
        let fail = |source| StoreError::Folder { path: dir.to_path_buf(), source };
        let root = dir.canonicalize().map_err(fail)?;
        let objects = LocalFileSystem::new_with_prefix(&root)
            .map_err(|source| StoreError::Probe { path: root.clone(), source })?;
        Ok(Self { root, objects: Arc::new(objects) })
    }

    /// Any store, for tests of the probe.
    #[cfg(test)]
    pub(super) fn over(root: PathBuf, objects: Arc<dyn ObjectStore>) -> Self {
        Self { root, objects }
    }

    /// Its root, absolute and without links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Puts one object twice under "only if absent" and wants the second refused; leaves nothing behind.
    ///
    /// A store that ignores the condition acknowledges two writers of one Delta version and keeps only one of them.
    ///
    /// # Errors
    /// [`StoreError::NotConditional`] when the store overwrites, [`StoreError::Probe`] when it does not work at all.
    pub async fn probe_conditional_put(&self) -> Result<(), StoreError> {
        probe::probe_conditional_put(&self.root, self.objects.as_ref()).await
    }
}
