//! Snapshots: the versions of all tables that a run reads.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The pinned version of every table, by table name.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Snapshot {
    /// Delta versions, from 0.
    pub tables: BTreeMap<String, i64>,
}

impl Snapshot {
    /// Sixteen hexadecimal digits that tell snapshots of one lake apart. Stable over releases.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (table, version) in &self.tables {
            hasher.update(format!("{table}={version}\n"));
        }
        let digest = hasher.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        format!("{:016x}", u64::from_be_bytes(first))
    }
}

#[cfg(test)]
mod tests {
    use super::Snapshot;

    #[test]
    fn the_hash_depends_on_tables_and_versions_only() {
        let of = |pairs: &[(&str, i64)]| Snapshot {
            tables: pairs.iter().map(|(table, version)| ((*table).to_owned(), *version)).collect(),
        };
        assert_eq!(of(&[("a", 1), ("b", 2)]).hash(), of(&[("b", 2), ("a", 1)]).hash());
        assert_ne!(of(&[("a", 1)]).hash(), of(&[("a", 2)]).hash());
        assert_eq!(of(&[]).hash().len(), 16);
    }
}
