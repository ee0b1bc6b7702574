//! The lake: Delta tables in one folder. One batch is staged and becomes one atomic commit that carries the extract's
//! hash, so that the same file is never committed twice; results of a period replace each other as slices; readers see
//! pinned versions. Never knows what the columns mean.

mod commit;
mod commit_staged;
mod error;
mod replace;
mod small;
mod snapshot;
mod staged;
mod statistics;
mod tables;

pub use commit::Commit;
pub use commit_staged::Constant;
pub use error::LakeError;
pub use snapshot::Snapshot;
pub use staged::{Staged, StagedWriter};
pub use tables::Lake;

#[cfg(test)]
mod tests;
