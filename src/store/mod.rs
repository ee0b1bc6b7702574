//! Where bytes lie: folders of our own, files written whole or not at all, and the proof that the store refuses to
//! overwrite what another writer has put there. Never knows what the bytes mean.

mod error;
mod files;
mod local;
mod probe;

pub use error::StoreError;
pub use files::{AtomicFile, create_private_dir, write_atomic};
pub use local::Store;
