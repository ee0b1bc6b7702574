//! Keys of other datasets that rows here may refer to.

use std::collections::HashMap;

use super::keys::{KeyColumn, KeyHasher, KeySet};
use crate::model::DatasetName;

/// Known keys by dataset and fields, as fingerprints, and the hasher that made them.
#[derive(Debug, Default)]
pub struct References {
    hasher: KeyHasher,
    keys: HashMap<(DatasetName, Vec<String>), KeySet>,
}

impl References {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the fingerprints that can be compared with the keys here.
    #[must_use]
    pub const fn hasher(&self) -> &KeyHasher {
        &self.hasher
    }

    /// Adds keys that exist in `fields` of a dataset. None at all says that the dataset has no rows.
    pub fn add(&mut self, dataset: DatasetName, fields: Vec<String>, keys: &KeyColumn) {
        let known = self.keys.entry((dataset, fields)).or_default();
        for fingerprint in keys.fingerprints.iter().filter(|fingerprint| **fingerprint != 0) {
            known.insert(*fingerprint);
        }
    }

    /// The keys of fields of a dataset, if they were supplied.
    #[must_use]
    pub fn find(&self, dataset: &DatasetName, fields: &[String]) -> Option<&KeySet> {
        self.keys.get(&(dataset.clone(), fields.to_vec()))
    }

    /// The memory that the keys take, bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.keys.values().map(KeySet::bytes).sum()
    }
}
