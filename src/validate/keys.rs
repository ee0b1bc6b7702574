//! Keys: none twice in an extract, and none that leads nowhere.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::references::KEY_SEPARATOR;

/// Writes the keys of rows as text, as [`super::References`] has them.
pub(super) struct KeyText<'a> {
    parts: Vec<(&'a ArrayRef, ArrayFormatter<'a>)>,
}

impl<'a> KeyText<'a> {
    pub(super) fn new(
        batch: &'a RecordBatch,
        fields: &[String],
        options: &'a FormatOptions<'a>,
    ) -> Result<Self, ArrowError> {
        let mut parts = Vec::with_capacity(fields.len());
        for name in fields {
            let column = batch
                .column_by_name(name)
                .ok_or_else(|| ArrowError::SchemaError(format!("there is no column `{name}`")))?;
            parts.push((column, ArrayFormatter::try_new(column.as_ref(), options)?));
        }
        Ok(Self { parts })
    }

    /// The key of a row; nothing if a part of it is null.
    pub(super) fn write(&self, index: usize, into: &mut String) -> bool {
        use std::fmt::Write;
        into.clear();
        for (number, (column, formatter)) in self.parts.iter().enumerate() {
            if column.is_null(index) {
                return false;
            }
            if number > 0 {
                into.push(KEY_SEPARATOR);
            }
            // Writing to a string cannot fail; a value that cannot be shown gives no key.
            if write!(into, "{}", formatter.value(index)).is_err() {
                return false;
            }
        }
        true
    }
}

/// The keys accepted so far, each with its row. Keeps 128 bits of a key instead of its text: two of a thousand million
/// keys agree by chance less often than once in 10^20, and the hash is seeded anew each time, so nobody can aim at it.
#[derive(Default)]
pub(super) struct SeenKeys {
    seeds: (RandomState, RandomState),
    rows: HashMap<u128, u64>,
}

impl SeenKeys {
    pub(super) fn fingerprint(&self, key: &str) -> u128 {
        let half = |seed: &RandomState| {
            let mut hasher = seed.build_hasher();
            hasher.write(key.as_bytes());
            u128::from(hasher.finish())
        };
        half(&self.seeds.0) << 64 | half(&self.seeds.1)
    }

    /// The row that has the key, if one does.
    pub(super) fn find(&self, fingerprint: u128) -> Option<u64> {
        self.rows.get(&fingerprint).copied()
    }

    pub(super) fn insert(&mut self, fingerprint: u128, row: u64) {
        self.rows.insert(fingerprint, row);
    }
}
