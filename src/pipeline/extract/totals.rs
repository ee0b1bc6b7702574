//! What an extract adds up to: sums of its number columns and how often each category occurs. Computed chunk by chunk on
//! any thread.

use std::collections::BTreeMap;

use arrow::array::{Array, Decimal128Array, Int64Array, RecordBatch};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use rust_decimal::Decimal;

use crate::definitions::{FieldKind, Schema};

/// Categories of one column that are counted; a column with more is no classification.
const CATEGORIES: usize = 10_000;

/// The totals of some rows, or of a whole extract.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// By column: the sum in stored units; none when it does not fit.
    sums: BTreeMap<String, Option<i128>>,
    /// By column and category: rows.
    shares: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Totals {
    /// The totals of typed rows.
    pub(super) fn of(typed: &RecordBatch, schema: &Schema) -> Result<Self, ArrowError> {
        let mut totals = Self::default();
        for field in &schema.fields {
            let Some(column) = typed.column_by_name(&field.name) else { continue };
            if let Some(numbers) = column.as_any().downcast_ref::<Int64Array>() {
                totals.sums.insert(field.name.clone(), Some(numbers.iter().flatten().map(i128::from).sum()));
            } else if let Some(numbers) = column.as_any().downcast_ref::<Decimal128Array>() {
                let sum = numbers.iter().flatten().try_fold(0_i128, i128::checked_add);
                totals.sums.insert(field.name.clone(), sum);
            }
        }
        for name in schema.stability.iter().flat_map(|stability| &stability.shares) {
            let Some(column) = typed.column_by_name(name) else { continue };
            let options = FormatOptions::default();
            let texts = ArrayFormatter::try_new(column.as_ref(), &options)?;
            let own = totals.shares.entry(name.clone()).or_default();
            for row in (0..column.len()).filter(|row| column.is_valid(*row)) {
                let text = texts.value(row).to_string();
                if own.len() < CATEGORIES || own.contains_key(&text) {
                    *own.entry(text).or_default() += 1;
                }
            }
        }
        Ok(totals)
    }

    /// Adds those of further rows.
    pub(super) fn add(&mut self, more: Self) {
        for (name, sum) in more.sums {
            let own = self.sums.entry(name).or_insert(Some(0));
            *own = own.zip(sum).and_then(|(a, b)| a.checked_add(b));
        }
        for (name, counts) in more.shares {
            let own = self.shares.entry(name).or_default();
            for (text, count) in counts {
                if own.len() < CATEGORIES || own.contains_key(&text) {
                    *own.entry(text).or_default() += count;
                }
            }
        }
    }

    /// The sums as numbers, of columns whose sum fits into 28 digits.
    pub(super) fn sums(&self, schema: &Schema) -> BTreeMap<String, Decimal> {
        let scale = |name: &str| match schema.find_field(name).map(|field| &field.kind) {
            Some(FieldKind::Number { scale, .. }) => u32::try_from(*scale).unwrap_or(0),
            _ => 0,
        };
        let number = |(name, sum): (&String, &Option<i128>)| {
            Some((name.clone(), Decimal::try_from_i128_with_scale((*sum)?, scale(name)).ok()?))
        };
        self.sums.iter().filter_map(number).collect()
    }

    /// How often each category occurs in the columns that the schema watches. A column with too many is left out.
    pub(super) fn shares(&self) -> BTreeMap<String, BTreeMap<String, u64>> {
        let few = self.shares.iter().filter(|(_, counts)| counts.len() < CATEGORIES);
        few.map(|(name, counts)| (name.clone(), counts.clone())).collect()
    }
}
