//! The lake: Delta tables in one folder. One batch is one atomic commit that carries the extract's hash, so that the
//! same file is never committed twice; readers see pinned versions. Never knows what the columns mean.

mod commit;
mod error;
mod snapshot;
mod tables;

pub use commit::Commit;
pub use error::LakeError;
pub use snapshot::Snapshot;
pub use tables::Lake;

#[cfg(test)]
mod tests;
