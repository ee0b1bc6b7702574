//! Keys as 128-bit fingerprints: of rows that are checked, and of rows that are known. `fingerprint` makes them.

use arrow::array::ArrayRef;
use arrow::error::ArrowError;

use super::fingerprint::{KeySeeds, fingerprint_bytes, fingerprint_rows};

/// Makes fingerprints. All fingerprints that are compared come from one hasher.
#[derive(Clone, Debug, Default)]
pub struct KeyHasher {
    seeds: KeySeeds,
}

/// The fingerprints of one key over some rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyColumn {
    /// One a row; 0 where a part of the key is null.
    pub fingerprints: Vec<u128>,
}

impl KeyColumn {
    /// The fingerprint of a row; none where a part of the key is null.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<u128> {
        Some(self.fingerprints[row]).filter(|fingerprint| *fingerprint != 0)
    }
}

impl KeyHasher {
    /// A hasher with seeds of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The fingerprint of bytes. Never 0.
    #[must_use]
    pub fn fingerprint(&self, key: &[u8]) -> u128 {
        fingerprint_bytes(key, &self.seeds)
    }

    /// The fingerprints of a key of one or several columns, all of one length. A key means the same on both sides of a
    /// foreign key when the types there are the same, as schemas demand.
    ///
    /// # Errors
    /// When a column is of a type that schemas do not have.
    pub fn fingerprints(&self, columns: &[ArrayRef]) -> Result<KeyColumn, ArrowError> {
        Ok(KeyColumn { fingerprints: fingerprint_rows(columns, &self.seeds)? })
    }
}

/// A set of fingerprints in about 20 bytes a key: open addressing over the fingerprints themselves, which are random
/// already.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    slots: Vec<u128>,
    len: usize,
}

impl KeySet {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The memory it takes, bytes.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.slots.len() * size_of::<u128>()
    }

    /// Whether it holds a fingerprint.
    #[must_use]
    pub fn contains(&self, fingerprint: u128) -> bool {
        !self.slots.is_empty() && self.slots[self.slot(fingerprint)] == fingerprint
    }

    /// Adds a fingerprint; false if it was there.
    pub fn insert(&mut self, fingerprint: u128) -> bool {
        // At most four fifths full: chains stay short.
        if (self.len + 1) * 5 > self.slots.len() * 4 {
            self.grow();
        }
        let slot = self.slot(fingerprint);
        if self.slots[slot] == fingerprint {
            return false;
        }
        self.slots[slot] = fingerprint;
        self.len += 1;
        true
    }

    /// The slot that holds the fingerprint, or the free one where it belongs.
    fn slot(&self, fingerprint: u128) -> usize {
        let mut slot = position(fingerprint, self.slots.len());
        while self.slots[slot] != 0 && self.slots[slot] != fingerprint {
            slot = if slot + 1 == self.slots.len() { 0 } else { slot + 1 };
        }
        slot
    }

    fn grow(&mut self) {
        let larger = (self.slots.len() + self.slots.len() / 2).max(64);
        let old = std::mem::replace(&mut self.slots, vec![0; larger]);
        for fingerprint in old.into_iter().filter(|fingerprint| *fingerprint != 0) {
            let slot = self.slot(fingerprint);
            self.slots[slot] = fingerprint;
        }
    }
}

/// Where among `count` places a fingerprint belongs: its upper half scaled down.
pub(super) fn position(fingerprint: u128, count: usize) -> usize {
    let high = fingerprint >> 64;
    let wide = (high * u128::try_from(count).unwrap_or(0)) >> 64;
    usize::try_from(wide).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};

    use super::{KeyHasher, KeySet};

    fn texts(values: &[Option<&str>]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    #[test]
    fn equal_keys_and_only_they_have_equal_fingerprints() {
        let hasher = KeyHasher::new();
        let left = texts(&[Some("ab"), Some("a"), Some("ab"), None, Some("1")]);
        let right = texts(&[Some("c"), Some("bc"), Some("c"), Some("c"), Some("")]);
        let both = hasher.fingerprints(&[Arc::clone(&left), right]).expect("texts");
        assert_eq!(both.get(0), both.get(2));
        assert_ne!(both.get(0), both.get(1));
        assert_eq!(both.get(3), None);
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 1, 2]));
        let days: ArrayRef = Arc::new(Date32Array::from(vec![0, 1, 0]));
        let pairs = hasher.fingerprints(&[numbers, days]).expect("parts").fingerprints;
        assert!(pairs[0] != pairs[1] && pairs[0] != pairs[2] && pairs[1] != pairs[2]);
        assert_ne!(KeyHasher::new().fingerprint(b"x"), hasher.fingerprint(b"x"));
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let hasher = KeyHasher::new();
        let mut set = KeySet::default();
        assert!(!set.contains(1) && set.is_empty());
        for number in 0..10_000_u64 {
            assert!(set.insert(hasher.fingerprint(&number.to_le_bytes())));
        }
        assert!(!set.insert(hasher.fingerprint(&7_u64.to_le_bytes())));
        assert_eq!(set.len(), 10_000);
        let found = (0..20_000_u64).filter(|n| set.contains(hasher.fingerprint(&n.to_le_bytes()))).count();
        assert_eq!(found, 10_000);
        assert!(set.bytes() < 10_000 * 32);
    }
}
