//! Raw copies of extracts under their hash: `raw/ab/<hash>`, mode 0600, never changed once they are there.

use std::path::{Path, PathBuf};

use crate::model::ContentHash;

/// A raw copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it was there before.
    pub already: bool,
}

/// Where the raw copy of an extract lies, whether or not it is there.
#[must_use]
pub fn raw_path(raw_dir: &Path, hash: &ContentHash) -> PathBuf {
    raw_dir.join(&hash.as_str()[..2]).join(hash.as_str())
}
