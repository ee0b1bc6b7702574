//! Keys of other datasets that rows here may refer to.

use std::collections::{HashMap, HashSet};

use crate::model::DatasetName;

/// What stands between the parts of a key of several columns.
pub const KEY_SEPARATOR: char = '\u{1f}';

/// Known keys by dataset and fields. Each key is the text of its parts, as `CAST(... AS VARCHAR)` writes them, joined by
/// [`KEY_SEPARATOR`].
#[derive(Debug, Default)]
pub struct References {
    keys: HashMap<(DatasetName, Vec<String>), HashSet<String>>,
}

impl References {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the keys that exist in `fields` of a dataset. An empty set says that the dataset has no rows.
    pub fn add(&mut self, dataset: DatasetName, fields: Vec<String>, keys: HashSet<String>) {
        self.keys.entry((dataset, fields)).or_default().extend(keys);
    }

    /// The keys of fields of a dataset, if they were supplied.
    #[must_use]
    pub fn find(&self, dataset: &DatasetName, fields: &[String]) -> Option<&HashSet<String>> {
        self.keys.get(&(dataset.clone(), fields.to_vec()))
    }
}
