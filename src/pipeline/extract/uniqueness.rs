//! Keys that no two rows may share, exactly and in bounded memory (docs/decisions/0017). A filter of fixed size says of most
//! rows that their keys are new: these are accepted at once and their keys journalled. Of the others it says that a key
//! may have been seen: these are held, and settled at the end against the journal. The first row stands.

use std::collections::HashMap;
use std::sync::Arc;

use super::held::{Held, HeldBatch};
use super::journal::Journal;
use super::scratch::Scratch;
use crate::pipeline::PipelineError;
use crate::validate::{KeyColumn, KeyFilter};

/// The row of a key that is in the table already: that of another supplier, which is never cited.
pub(super) const IN_TABLE: u64 = u64::MAX;
/// The filter grows when it has fewer bytes than this a key, as far as it may.
const BYTES_PER_KEY: u64 = 2;
/// How much larger it is then.
const GROWTH: usize = 4;
/// Different keys that are settled in one pass over the journal.
const KEYS_PER_PASS: usize = 1 << 20;
/// Memory that the rows of one pass may take, about: many rows may share few keys.
const BYTES_PER_PASS: usize = 64 << 20;

/// What the keys of a row say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// No row before it has one of its keys.
    Fresh,
    /// One of its keys may have been seen: the row waits.
    Perhaps,
}

/// One key of a held row that an earlier row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// Which key: 0 is the primary one.
    pub(super) key: usize,
    /// The row that has it, or [`IN_TABLE`].
    pub(super) first: u64,
}

/// The keys of one extract.
pub(super) struct Uniqueness {
    filter: KeyFilter,
    most_bytes: usize,
    /// Keys of accepted rows, and of rows in the table.
    journal: Journal,
    /// Keys of held rows: needed only if the filter grows.
    waiting: Journal,
    held: Held,
}

impl Uniqueness {
    /// For a file of so many bytes; the filter takes at most `most_bytes`.
    pub(super) fn new(scratch: &Arc<Scratch>, file_bytes: u64, most_bytes: usize) -> Self {
        // About 16 bytes of file a row is a narrow table; a wrong guess only costs time.
        let guess = usize::try_from(file_bytes / 16 * BYTES_PER_KEY).unwrap_or(usize::MAX);
        Self {
            filter: KeyFilter::with_bytes(guess.min(most_bytes)),
            most_bytes,
            journal: Journal::new(Arc::clone(scratch), "keys"),
            waiting: Journal::new(Arc::clone(scratch), "keys-held"),
            held: Held::new(Arc::clone(scratch)),
        }
    }

    /// Adds keys of rows that are in the table already.
    pub(super) fn add_known(&mut self, key: usize, column: &KeyColumn) -> Result<(), PipelineError> {
        for fingerprint in column.fingerprints.iter().filter(|fingerprint| **fingerprint != 0) {
            let salted = salted(key, *fingerprint);
            self.filter.insert(salted);
            self.journal.push(salted, IN_TABLE)?;
        }
        self.grow_if_full()
    }

    /// What the keys of the rows of a chunk say. The keys of rows that are not bad count as seen from now on.
    pub(super) fn check(
        &mut self,
        keys: &[KeyColumn],
        rows: &[u64],
        bad: &[bool],
    ) -> Result<Vec<Verdict>, PipelineError> {
        for column in keys {
            std::hint::black_box(self.filter.touch(column));
        }
        let mut verdicts = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let own = keys.iter().enumerate().filter_map(|(key, column)| Some(salted(key, column.get(index)?)));
            let perhaps = if bad[index] {
                // A refused row takes no key, but it is told if its key was taken.
                own.fold(false, |perhaps, key| perhaps | self.filter.contains(key))
            } else {
                own.fold(false, |perhaps, key| perhaps | self.filter.insert(key))
            };
            verdicts.push(if perhaps { Verdict::Perhaps } else { Verdict::Fresh });
            if bad[index] {
                continue;
            }
            let journal = if perhaps { &mut self.waiting } else { &mut self.journal };
            for (key, column) in keys.iter().enumerate() {
                if let Some(fingerprint) = column.get(index) {
                    journal.push(salted(key, fingerprint), *row)?;
                }
            }
        }
        self.grow_if_full()?;
        Ok(verdicts)
    }

    /// Holds rows until the end. Their keys are salted here.
    pub(super) fn hold(&mut self, mut batch: HeldBatch) -> Result<(), PipelineError> {
        for (key, column) in batch.keys.iter_mut().enumerate() {
            for fingerprint in column.iter_mut().filter(|fingerprint| **fingerprint != 0) {
                *fingerprint = salted(key, *fingerprint);
            }
        }
        self.held.push(&batch)
    }

    fn grow_if_full(&mut self) -> Result<(), PipelineError> {
        let bytes = self.filter.bytes();
        let keys = self.journal.len() + self.waiting.len();
        let is_roomy = u64::try_from(bytes).unwrap_or(u64::MAX) >= keys.saturating_mul(BYTES_PER_KEY);
        // Almost as large as it may be is large enough.
        if is_roomy || bytes >= self.most_bytes / 2 {
            return Ok(());
        }
        let mut larger = KeyFilter::with_bytes(bytes.saturating_mul(GROWTH).min(self.most_bytes));
        for journal in [&mut self.journal, &mut self.waiting] {
            journal.for_each(|key, _| {
                larger.insert(key);
            })?;
        }
        self.filter = larger;
        Ok(())
    }

    /// Settles the held rows in file order: `each` gets some of them with the keys that earlier rows have, none for a row
    /// whose keys are its own. A row that is bad for other reasons takes no key.
    pub(super) fn settle(
        self,
        mut each: impl FnMut(HeldBatch, Vec<Vec<Taken>>) -> Result<(), PipelineError>,
    ) -> Result<(), PipelineError> {
        let Self { mut journal, held, filter, .. } = self;
        // The journal is asked instead; its memory is better used by what follows.
        drop(filter);
        if held.rows() == 0 {
            return Ok(());
        }
        let mut batches = held.into_batches()?.peekable();
        while batches.peek().is_some() {
            let (mut pass, mut bytes) = (Vec::new(), 0);
            let mut first: HashMap<u128, Option<u64>> = HashMap::new();
            while first.len() < KEYS_PER_PASS
                && bytes < BYTES_PER_PASS
                && let Some(batch) = batches.next()
            {
                let batch = batch?;
                bytes += batch.bytes();
                first.extend(batch.keys.iter().flatten().filter(|key| **key != 0).map(|key| (*key, None)));
                pass.push(batch);
            }
            look_up(&mut journal, &mut first)?;
            for batch in pass {
                let taken = settle_batch(&batch, &mut first, &mut journal)?;
                each(batch, taken)?;
            }
        }
        Ok(())
    }
}

/// Finds the first row of each key among those that were accepted.
fn look_up(journal: &mut Journal, first: &mut HashMap<u128, Option<u64>>) -> Result<(), PipelineError> {
    let mut wanted = KeyFilter::with_bytes(first.len() * 4);
    for key in first.keys() {
        wanted.insert(*key);
    }
    journal.for_each(|key, row| {
        if wanted.contains(key)
            && let Some(found @ None) = first.get_mut(&key)
        {
            *found = Some(row);
        }
    })
}

fn settle_batch(
    batch: &HeldBatch,
    first: &mut HashMap<u128, Option<u64>>,
    journal: &mut Journal,
) -> Result<Vec<Vec<Taken>>, PipelineError> {
    let mut all = Vec::with_capacity(batch.rows.len());
    for (index, held) in batch.rows.iter().enumerate() {
        let own = || batch.keys.iter().map(|column| column[index]).enumerate().filter(|(_, key)| *key != 0);
        // A refused row took no key, so a row behind it may have been accepted with one of its keys.
        let is_before = |row: &u64| !held.is_bad || *row == IN_TABLE || *row < held.row;
        let is_taken = |(number, key): (usize, u128)| {
            first.get(&key).copied().flatten().filter(is_before).map(|row| Taken { key: number, first: row })
        };
        let taken: Vec<Taken> = own().filter_map(is_taken).collect();
        if taken.is_empty() && !held.is_bad {
            for (_, key) in own() {
                first.insert(key, Some(held.row));
                journal.push(key, held.row)?;
            }
        }
        all.push(taken);
    }
    Ok(all)
}

/// Keeps the values of one key apart from those of another.
fn salted(key: usize, fingerprint: u128) -> u128 {
    // An odd constant: the digits of the golden ratio.
    let salt = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835_u128.wrapping_mul(u128::try_from(key).unwrap_or(0));
    (fingerprint ^ salt).max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use arrow::array::{Int64Array, RecordBatch};
    use proptest::prelude::{Strategy, prop_assert_eq, proptest};

    use super::{IN_TABLE, Taken, Uniqueness, Verdict};
    use crate::pipeline::extract::held::{HeldBatch, HeldRow};
    use crate::pipeline::extract::scratch::Scratch;
    use crate::validate::KeyColumn;

    /// A row: two keys, and whether it is bad for other reasons.
    type Row = (u128, u128, bool);

    /// Which rows are refused for their keys, by way of filter, journal and settlement.
    fn by_filter(known: &[u128], rows: &[Row], most_bytes: usize) -> HashMap<u64, Vec<Taken>> {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let mut unique = Uniqueness::new(&Arc::new(Scratch::below(dir.path())), 0, most_bytes);
        unique.add_known(0, &KeyColumn { fingerprints: known.to_vec() }).expect("adds");
        let mut refused = HashMap::new();
        for (part, rows) in rows.chunks(7).enumerate() {
            let numbers: Vec<u64> =
                (0..).map(|n: u64| u64::try_from(part * 7).expect("small") + n).take(rows.len()).collect();
            let keys = [
                KeyColumn { fingerprints: rows.iter().map(|row| row.0).collect() },
                KeyColumn { fingerprints: rows.iter().map(|row| row.1).collect() },
            ];
            let bad: Vec<bool> = rows.iter().map(|row| row.2).collect();
            let verdicts = unique.check(&keys, &numbers, &bad).expect("checks");
            for index in (0..rows.len()).filter(|index| verdicts[*index] == Verdict::Perhaps) {
                let typed = RecordBatch::try_from_iter([("n", Arc::new(Int64Array::from(vec![1])) as _)]);
                let row = HeldRow {
                    row: numbers[index],
                    number: numbers[index],
                    sheet: None,
                    is_bad: bad[index],
                    values: vec![("n".to_owned(), "x".repeat(50))],
                    findings: Vec::new(),
                };
                let keys = keys.iter().map(|column| vec![column.fingerprints[index]]).collect();
                unique.hold(HeldBatch { typed: typed.expect("a batch"), rows: vec![row], keys }).expect("holds");
            }
        }
        unique
            .settle(|batch, taken| {
                for (row, taken) in batch.rows.into_iter().zip(taken).filter(|(_, taken)| !taken.is_empty()) {
                    refused.insert(row.row, taken);
                }
                Ok(())
            })
            .expect("settles");
        refused
    }

    /// The same by the book: one map a key.
    fn by_map(known: &[u128], rows: &[Row]) -> HashMap<u64, Vec<Taken>> {
        let mut seen = [HashMap::new(), HashMap::new()];
        seen[0].extend(known.iter().map(|key| (*key, IN_TABLE)));
        let mut refused = HashMap::new();
        for (number, (first, second, is_bad)) in (0..).zip(rows) {
            let keys = [*first, *second];
            let taken: Vec<Taken> = (0..2)
                .filter(|key| keys[*key] != 0)
                .filter_map(|key| Some(Taken { key, first: *seen[key].get(&keys[key])? }))
                .collect();
            if taken.is_empty() && !is_bad {
                for key in (0..2).filter(|key| keys[*key] != 0) {
                    seen[key].insert(keys[key], number);
                }
            }
            if !taken.is_empty() {
                refused.insert(number, taken);
            }
        }
        refused
    }

    /// Spreads small numbers over all bits, as fingerprints are.
    fn spread(n: u128) -> u128 {
        n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    }

    proptest! {
        #[test]
        fn duplicates_are_exactly_those_of_a_map(
            known in proptest::collection::vec((1..40_u128).prop_map(spread), 0..5),
            rows in proptest::collection::vec(
                ((0..40_u128).prop_map(spread), (0..60_u128).prop_map(spread), proptest::bool::weighted(0.2)),
                0..80,
            ),
        ) {
            prop_assert_eq!(by_filter(&known, &rows, 1 << 20), by_map(&known, &rows));
        }
    }

    #[test]
    fn a_filter_that_is_too_small_refuses_no_row_falsely() {
        let rows: Vec<Row> = (1..200_000_u128).map(|n| (spread(n), 0, false)).chain([(spread(7), 0, false)]).collect();
        let refused = by_filter(&[spread(500)], &rows, 64 << 10);
        let wanted = HashMap::from([
            (499, vec![Taken { key: 0, first: IN_TABLE }]),
            (199_999, vec![Taken { key: 0, first: 6 }]),
        ]);
        assert_eq!(refused, wanted);
    }
}
