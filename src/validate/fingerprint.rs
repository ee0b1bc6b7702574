//! Keys as 128 bits, straight from typed columns. The same function serves the rows of an extract and the keys of other
//! datasets, so that equal keys agree however their columns are laid out.
//!
//! Two of a thousand million keys agree by chance less often than once in 10^20. The seeds are drawn anew for each
//! ingest, so nobody can aim at it.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use arrow::error::ArrowError;

/// Seeds of fingerprints. Keys can be compared only if they were made with the same ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeySeeds {
    start: [u64; 2],
    /// Multipliers of each half: for whole words and for the last word of a part.
    words: [u64; 2],
    ends: [u64; 2],
}

impl KeySeeds {
    /// New ones.
    #[must_use]
    pub fn draw() -> Self {
        let (a, b) = (RandomState::new(), RandomState::new());
        let pair = |number: u64| [a.hash_one(number), b.hash_one(number)];
        Self { start: pair(0), words: pair(1).map(|seed| seed | 1), ends: pair(2).map(|seed| seed | 1) }
    }
}

impl Default for KeySeeds {
    fn default() -> Self {
        Self::draw()
    }
}

impl std::fmt::Debug for KeySeeds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySeeds").finish_non_exhaustive()
    }
}

/// The fingerprint of each row's key; 0, which no key has, where a part of it is null. `columns` are the parts, in order.
/// Their types are those of the schema, perhaps laid out differently: `1` and `'1'` are different keys.
///
/// # Errors
/// When a column is of a type that schemas do not have.
pub fn fingerprint_rows(columns: &[ArrayRef], seeds: &KeySeeds) -> Result<Vec<u128>, ArrowError> {
    let rows = columns.first().map_or(0, Array::len);
    let mut states = vec![seeds.start; rows];
    let mut nulls: Option<NullBuffer> = None;
    for column in columns {
        absorb_column(&mut states, column, seeds)?;
        nulls = NullBuffer::union(nulls.as_ref(), column.logical_nulls().as_ref());
    }
    let mut fingerprints: Vec<u128> = states.into_iter().map(|state| finish(state, seeds)).collect();
    if let Some(nulls) = nulls.filter(|nulls| nulls.null_count() > 0) {
        for (row, fingerprint) in fingerprints.iter_mut().enumerate() {
            if nulls.is_null(row) {
                *fingerprint = 0;
            }
        }
    }
    Ok(fingerprints)
}

/// The fingerprint of bytes, the same as that of a text column's value. Never 0.
pub(super) fn fingerprint_bytes(bytes: &[u8], seeds: &KeySeeds) -> u128 {
    let mut state = seeds.start;
    absorb_bytes(&mut state, bytes, seeds);
    finish(state, seeds)
}

fn absorb_column(states: &mut [[u64; 2]], column: &ArrayRef, seeds: &KeySeeds) -> Result<(), ArrowError> {
    match column.data_type() {
        DataType::Utf8 => absorb_texts(states, column.as_string::<i32>().iter(), seeds),
        DataType::LargeUtf8 => absorb_texts(states, column.as_string::<i64>().iter(), seeds),
        DataType::Utf8View => absorb_texts(states, column.as_string_view().iter(), seeds),
        DataType::Int64 => {
            absorb_numbers(states, column.as_primitive::<Int64Type>().values().iter().map(|v| i128::from(*v)), seeds);
        }
        DataType::Int32 => {
            absorb_numbers(states, column.as_primitive::<Int32Type>().values().iter().map(|v| i128::from(*v)), seeds);
        }
        DataType::Date32 => {
            absorb_numbers(states, column.as_primitive::<Date32Type>().values().iter().map(|v| i128::from(*v)), seeds);
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            let values = column.as_primitive::<TimestampMicrosecondType>().values();
            absorb_numbers(states, values.iter().map(|v| i128::from(*v)), seeds);
        }
        DataType::Decimal128(..) => {
            absorb_numbers(states, column.as_primitive::<Decimal128Type>().values().iter().copied(), seeds);
        }
        DataType::Boolean => absorb_numbers(states, column.as_boolean().values().iter().map(i128::from), seeds),
        DataType::Dictionary(_, values) => absorb_column(states, &cast(column, values)?, seeds)?,
        other => return Err(ArrowError::NotYetImplemented(format!("a key of type {other}"))),
    }
    Ok(())
}

fn absorb_texts<'a>(states: &mut [[u64; 2]], texts: impl Iterator<Item = Option<&'a str>>, seeds: &KeySeeds) {
    // The same text often stands in many rows in a row, and gives the same.
    let mut last: Option<(&str, [u64; 2], [u64; 2])> = None;
    for (state, text) in states.iter_mut().zip(texts) {
        let (text, from) = (text.unwrap_or_default(), *state);
        if let Some((_, _, to)) = last.filter(|(before, start, _)| *start == from && *before == text) {
            *state = to;
            continue;
        }
        absorb_bytes(state, text.as_bytes(), seeds);
        last = Some((text, from, *state));
    }
}

fn absorb_bytes(state: &mut [u64; 2], bytes: &[u8], seeds: &KeySeeds) {
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        absorb(state, u64::from_le_bytes(*word), seeds.words);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    // Fewer than eight bytes are left, so the last one is free for their number.
    last[7] = u8::try_from(rest.len()).unwrap_or(0);
    absorb(state, u64::from_le_bytes(last), seeds.ends);
}

fn absorb_numbers(states: &mut [[u64; 2]], numbers: impl Iterator<Item = i128>, seeds: &KeySeeds) {
    for (state, number) in states.iter_mut().zip(numbers) {
        let [low, high] = halves(number.cast_unsigned());
        absorb(state, low, seeds.words);
        absorb(state, high, seeds.ends);
    }
}

fn absorb(state: &mut [u64; 2], word: u64, multipliers: [u64; 2]) {
    for (half, multiplier) in state.iter_mut().zip(multipliers) {
        *half = folded(*half ^ word, multiplier);
    }
}

fn finish([a, b]: [u64; 2], seeds: &KeySeeds) -> u128 {
    let high = folded(a ^ seeds.start[1], seeds.ends[1]);
    let low = folded(b ^ seeds.start[0], seeds.ends[0]);
    (u128::from(high) << 64 | u128::from(low)).max(1)
}

/// Both halves of the product in one word: every bit of the factors reaches every bit of it.
fn folded(a: u64, b: u64) -> u64 {
    let [low, high] = halves(u128::from(a) * u128::from(b));
    low ^ high
}

#[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
const fn halves(value: u128) -> [u64; 2] {
    [value as u64, (value >> 64) as u64]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray, StringViewArray};

    use super::{KeySeeds, fingerprint_bytes, fingerprint_rows};

    #[test]
    fn equal_keys_agree_however_they_are_laid_out() {
        let seeds = KeySeeds::draw();
        let texts = ["", "D-000001", "D-00000123456789", "ŵ"];
        let plain: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
        let view: ArrayRef = Arc::new(StringViewArray::from(texts.to_vec()));
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, -1, 0, i64::MAX]));
        let alone = fingerprint_rows(std::slice::from_ref(&plain), &seeds).expect("hashes");
        assert_eq!(alone[2], fingerprint_bytes(texts[2].as_bytes(), &seeds));
        let one = fingerprint_rows(&[plain, numbers.clone()], &seeds).expect("hashes");
        assert_eq!(one, fingerprint_rows(&[view, numbers], &seeds).expect("hashes"));
        assert_eq!(one.iter().collect::<HashSet<_>>().len(), 4);
        assert_ne!(KeySeeds::draw(), seeds);
    }

    #[test]
    fn parts_do_not_run_together_and_a_null_part_is_no_key() {
        let seeds = KeySeeds::draw();
        let column = |texts: Vec<Option<&str>>| Arc::new(StringArray::from(texts)) as ArrayRef;
        let first = column(vec![Some("ab"), Some("a"), Some("12345678"), Some(""), None]);
        let second = column(vec![Some("c"), Some("bc"), Some(""), Some("12345678"), Some("x")]);
        let keys = fingerprint_rows(&[first, second], &seeds).expect("hashes");
        assert_eq!(keys[4], 0);
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 5);
    }

    #[test]
    fn near_keys_are_far_apart() {
        let seeds = KeySeeds::draw();
        let days: ArrayRef = Arc::new((0..200_000).map(Some).collect::<Date32Array>());
        let keys = fingerprint_rows(&[days], &seeds).expect("hashes");
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), 200_000);
        let low: HashSet<u128> = keys.iter().map(|key| key & 0xffff).collect();
        assert!(low.len() > 60_000, "the low bits are used: {}", low.len());
    }
}
