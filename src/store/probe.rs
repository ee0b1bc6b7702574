//! The conditional-put probe.

use std::hash::{BuildHasher, RandomState};
use std::path::Path as FilePath;

use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};

use super::StoreError;

/// See [`super::Store::probe_conditional_put`].
pub(super) async fn probe_conditional_put(root: &FilePath, store: &dyn ObjectStore) -> Result<(), StoreError> {
    let fail = |source| StoreError::Probe { path: root.to_path_buf(), source };
    // The hasher's keys are random, so two processes on two machines do not meet.
    let name = Path::from(format!(".probe-{:016x}", RandomState::new().hash_one(std::process::id())));
    let create = || PutOptions { mode: PutMode::Create, ..PutOptions::default() };
    store.put_opts(&name, PutPayload::from_static(b"first"), create()).await.map_err(fail)?;
    let second = store.put_opts(&name, PutPayload::from_static(b"second"), create()).await;
    let removed = store.delete(&name).await;
    match second {
        Ok(_) => Err(StoreError::NotConditional { path: root.to_path_buf() }),
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => removed.map_err(fail),
        Err(source) => Err(fail(source)),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::fs;
    use std::sync::Arc;

    use async_trait::async_trait;
    use futures::stream::BoxStream;
    use object_store::memory::InMemory;
    use object_store::path::Path;
    use object_store::{
        CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMultipartOptions,
        PutOptions, PutPayload, PutResult, Result,
    };

    use crate::model::ErrorClass;
    use crate::store::{Store, StoreError};

    /// A store that ignores the condition, as some S3 look-alikes do.
    #[derive(Debug)]
    struct Careless(InMemory);

    impl fmt::Display for Careless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("careless")
        }
    }

    #[async_trait]
    impl ObjectStore for Careless {
        async fn put_opts(&self, location: &Path, payload: PutPayload, _: PutOptions) -> Result<PutResult> {
            self.0.put_opts(location, payload, PutOptions::default()).await
        }
        async fn put_multipart_opts(
            &self,
            at: &Path,
            options: PutMultipartOptions,
        ) -> Result<Box<dyn MultipartUpload>> {
            self.0.put_multipart_opts(at, options).await
        }
        async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
            self.0.get_opts(location, options).await
        }
        fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
            self.0.delete_stream(locations)
        }
        fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
            self.0.list(prefix)
        }
        async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
            self.0.list_with_delimiter(prefix).await
        }
        async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
            self.0.copy_opts(from, to, options).await
        }
    }

    #[tokio::test]
    async fn a_local_folder_passes_and_stays_empty() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let store = Store::local(&dir.path().join("lake")).expect("opens");
        store.probe_conditional_put().await.expect("local files are conditional");
        assert_eq!(fs::read_dir(store.root()).expect("lists").count(), 0);
    }

    #[tokio::test]
    async fn a_store_that_overwrites_is_refused() {
        let store = Store::over("/careless".into(), Arc::new(Careless(InMemory::new())));
        let error = store.probe_conditional_put().await.expect_err("it overwrote");
        assert!(matches!(error, StoreError::NotConditional { .. }));
        assert_eq!(error.class(), ErrorClass::Usage);
    }
}
