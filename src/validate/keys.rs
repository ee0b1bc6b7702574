//! Keys as 128-bit fingerprints: of rows that are checked, and of rows that are known. Two of a thousand million keys
//! agree by chance less often than once in 10^20, and the hash is seeded anew for each ingest, so nobody can aim at it.

use std::collections::hash_map::RandomState;
use std::fmt::Write;
use std::hash::{BuildHasher, Hasher};

use arrow::array::{Array, ArrayRef, Int64Array, StringArray};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use foldhash::SharedSeed;
use foldhash::quality::FoldHasher;

/// Makes fingerprints. All fingerprints that are compared come from one hasher.
#[derive(Clone, Debug)]
pub struct KeyHasher {
    seeds: [u64; 2],
    shared: [SharedSeed; 2],
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

impl Default for KeyHasher {
    fn default() -> Self {
        Self::new()
    }
}

impl KeyHasher {
    /// A hasher with seeds of its own.
    #[must_use]
    pub fn new() -> Self {
        let random = || RandomState::new().build_hasher().finish();
        Self { seeds: [random(), random()], shared: [SharedSeed::from_u64(random()), SharedSeed::from_u64(random())] }
    }

    /// The fingerprint of bytes. Never 0.
    #[must_use]
    pub fn fingerprint(&self, key: &[u8]) -> u128 {
        let half = |index: usize| {
            let mut hasher = FoldHasher::with_seed(self.seeds[index], &self.shared[index]);
            hasher.write(key);
            u128::from(hasher.finish())
        };
        (half(0) << 64 | half(1)).max(1)
    }

    /// The fingerprints of a key of one or several columns, all of one length. Values are compared as text, so that a key
    /// means the same on both sides of a foreign key.
    ///
    /// # Errors
    /// When a column's type cannot be shown as text.
    pub fn fingerprints(&self, columns: &[ArrayRef]) -> Result<KeyColumn, ArrowError> {
        let rows = columns.first().map_or(0, |column| column.len());
        let options = FormatOptions::default();
        let parts = columns.iter().map(|column| Part::new(column, &options)).collect::<Result<Vec<_>, _>>()?;
        let mut fingerprints = Vec::with_capacity(rows);
        let mut key = String::new();
        for row in 0..rows {
            if let [Part::Text(texts)] = parts.as_slice() {
                let text = texts.is_valid(row).then(|| self.fingerprint(texts.value(row).as_bytes()));
                fingerprints.push(text.unwrap_or(0));
                continue;
            }
            key.clear();
            let whole = match parts.as_slice() {
                [only] => only.write(row, &mut key),
                several => several.iter().all(|part| part.write(row, &mut key) && end_part(&mut key)),
            };
            fingerprints.push(if whole { self.fingerprint(key.as_bytes()) } else { 0 });
        }
        Ok(KeyColumn { fingerprints })
    }
}

/// One column of a key.
enum Part<'a> {
    Text(&'a StringArray),
    Integer(&'a Int64Array),
    Other(&'a ArrayRef, ArrayFormatter<'a>),
}

impl<'a> Part<'a> {
    fn new(column: &'a ArrayRef, options: &'a FormatOptions<'a>) -> Result<Self, ArrowError> {
        if let Some(texts) = column.as_any().downcast_ref() {
            return Ok(Self::Text(texts));
        }
        if let Some(numbers) = column.as_any().downcast_ref() {
            return Ok(Self::Integer(numbers));
        }
        Ok(Self::Other(column, ArrayFormatter::try_new(column.as_ref(), options)?))
    }

    /// Appends the text of a row; false for null.
    fn write(&self, row: usize, into: &mut String) -> bool {
        match self {
            Self::Text(texts) if texts.is_valid(row) => {
                into.push_str(texts.value(row));
                true
            }
            Self::Integer(numbers) if numbers.is_valid(row) => write!(into, "{}", numbers.value(row)).is_ok(),
            // A value that cannot be shown gives no key.
            Self::Other(column, texts) if column.is_valid(row) => write!(into, "{}", texts.value(row)).is_ok(),
            _ => false,
        }
    }
}

/// Appends the length so far, which keeps `ab` + `c` apart from `a` + `bc`.
fn end_part(key: &mut String) -> bool {
    let length = key.len();
    // Seven bits a character, so that the key stays text.
    for shift in [0, 7, 14, 21, 28] {
        key.push(char::from(u8::try_from(length >> shift & 0x7f).unwrap_or(0)));
    }
    true
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
    let wide = high * u128::try_from(count).unwrap_or(0) >> 64;
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
        let one = hasher.fingerprints(&[left]).expect("texts");
        let number = hasher.fingerprints(&[Arc::new(Int64Array::from(vec![1]))]).expect("numbers");
        assert_ne!(one.get(4), both.get(4));
        let parts: [ArrayRef; 2] = [Arc::new(Int64Array::from(vec![1])), Arc::new(Date32Array::from(vec![0]))];
        let day = [texts(&[Some("1")]), texts(&[Some("1970-01-01")])];
        assert_eq!(hasher.fingerprints(&parts).expect("parts"), hasher.fingerprints(&day).expect("texts"));
        assert_eq!(number.fingerprints.len(), 1);
        assert_ne!(KeyHasher::new().fingerprint(b"x"), hasher.fingerprint(b"x"));
    }

    #[test]
    fn a_number_alone_is_the_same_key_as_its_text() {
        let hasher = KeyHasher::new();
        let number = hasher.fingerprints(&[Arc::new(Int64Array::from(vec![17]))]).expect("numbers");
        assert_eq!(number, hasher.fingerprints(&[texts(&[Some("17")])]).expect("texts"));
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
