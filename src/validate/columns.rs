//! Types one column of a chunk. Good cells go straight into the column; every other one gets a careful look, and leaves
//! null where it could not be read.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, BooleanBuilder, PrimitiveBuilder, StringArray, StringBuilder, new_null_array,
};
use arrow::compute::nullif;
use arrow::datatypes::{ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;

use crate::model::Severity;

use super::cell::{Cell, Scratch};
use super::notes::RowNotes;
use super::plan::{CellPlan, ColumnPlan, TextPlan};
use super::rules;

/// A typed column.
pub(super) struct TypedColumn<'t> {
    pub(super) values: ArrayRef,
    /// The statuses of its cells by their row in the chunk, in order.
    pub(super) statuses: Vec<(usize, &'t str)>,
    /// Cells that hold something.
    pub(super) filled: u64,
    /// Those that are no value of the column's type.
    pub(super) misfits: u64,
}

/// The texts of a column while it is typed.
struct Reading<'t, 'n, 'r> {
    plan: &'t ColumnPlan<'t>,
    texts: &'t StringArray,
    /// Statuses that another column gives the cells of this one, by row.
    fill: &'n [(usize, &'t str)],
    notes: &'n mut RowNotes<'r>,
    scratch: Scratch,
    statuses: Vec<(usize, &'t str)>,
    empty: u64,
    misfits: u64,
}

impl<'t> ColumnPlan<'t> {
    /// Types the cells of a column.
    pub(super) fn type_column(
        &'t self,
        texts: &'t StringArray,
        fill: &[(usize, &'t str)],
        notes: &mut RowNotes<'_>,
    ) -> Result<TypedColumn<'t>, ArrowError> {
        let count = texts.len();
        let (statuses, scratch) = (Vec::new(), Scratch::default());
        let mut reading = Reading { plan: self, texts, fill, notes, scratch, statuses, empty: 0, misfits: 0 };
        let kind = self.field.kind.arrow_type();
        let values: ArrayRef = match &self.cells {
            CellPlan::Text(plan) => reading.texts(plan)?,
            CellPlan::Integer(plan) => {
                let find = |text: &str| plan.find(text).and_then(|value| i64::try_from(value).ok());
                reading.numbers::<Int64Type>(&kind, find, |value| i64::try_from(value).ok())
            }
            CellPlan::Number(plan) => reading.numbers::<Decimal128Type>(&kind, |text| plan.find(text), Some),
            CellPlan::Date(plan) => {
                // Days stand in long runs: the last one is kept.
                let mut last: Option<(&str, i32)> = None;
                let find = |text: &'t str| match last {
                    Some((before, day)) if before == text => Some(day),
                    _ => {
                        let day = plan.find(text)?;
                        last = Some((text, day));
                        Some(day)
                    }
                };
                reading.numbers::<Date32Type>(&kind, find, |value| i32::try_from(value).ok())
            }
            CellPlan::Timestamp(plan) => {
                let mut last: Option<(&str, i64)> = None;
                let find = |text: &'t str| match last {
                    Some((before, instant)) if before == text => Some(instant),
                    _ => {
                        let instant = plan.find(text)?;
                        last = Some((text, instant));
                        Some(instant)
                    }
                };
                reading.numbers::<TimestampMicrosecondType>(&kind, find, |value| i64::try_from(value).ok())
            }
            CellPlan::Boolean(words) => {
                let mut builder = BooleanBuilder::with_capacity(count);
                for index in 0..count {
                    let truth = match reading.text(index).and_then(|text| words.find(text.as_bytes())) {
                        Some(truth) => Some(truth),
                        None => reading.stored(index).map(|stored| stored != 0),
                    };
                    builder.append_option(truth);
                }
                Arc::new(builder.finish())
            }
        };
        let filled = u64::try_from(count).unwrap_or(u64::MAX).saturating_sub(reading.empty);
        Ok(TypedColumn { values, statuses: reading.statuses, filled, misfits: reading.misfits })
    }

    /// The column of a file that does not have it.
    pub(super) fn absent(&self, fill: &[(usize, &str)], notes: &mut RowNotes<'_>) -> ArrayRef {
        let count = notes.rows.len();
        let is_filled = |index: usize| find_fill(fill, index).is_some();
        if self.is_required && !self.field.is_derived {
            for index in (0..count).filter(|index| !is_filled(*index)) {
                let why = ("a value is required".to_owned(), "deliver it".to_owned());
                let column = Some(self.field.name.as_str());
                notes.add(index, column, rules::MISSING_REQUIRED, Severity::Quarantine, None, why);
            }
        }
        if fill.is_empty() { new_null_array(&self.field.kind.arrow_type(), count) } else { sparse_texts(fill, count) }
    }
}

/// A column of texts for some rows, null for the others.
pub(super) fn sparse_texts(texts: &[(usize, &str)], count: usize) -> ArrayRef {
    let mut builder = StringBuilder::new();
    let mut waiting = texts.iter().peekable();
    for index in 0..count {
        builder.append_option(waiting.next_if(|(at, _)| *at == index).map(|(_, text)| *text));
    }
    Arc::new(builder.finish())
}

fn find_fill<'t>(fill: &[(usize, &'t str)], index: usize) -> Option<&'t str> {
    fill.binary_search_by_key(&index, |(at, _)| *at).ok().map(|found| fill[found].1)
}

impl<'t> Reading<'t, '_, '_> {
    /// The text of a cell; none if nothing, or the empty text that stands for nothing, was delivered.
    #[inline]
    fn text(&self, index: usize) -> Option<&'t str> {
        let text = if self.texts.is_null(index) { "" } else { self.texts.value(index) };
        (!text.is_empty() || !self.plan.empty_is_missing).then_some(text)
    }

    /// A closer look at a cell.
    fn look(&mut self, index: usize) -> Cell<'t> {
        let fill = find_fill(self.fill, index);
        let empty_is_fine = !self.plan.is_required && self.fill.is_empty();
        let cell = match self.text(index) {
            // Most cells that hold nothing may do so.
            None if empty_is_fine => Cell::Empty(None),
            text => self.plan.look(text.unwrap_or_default(), index, fill, &mut self.scratch, self.notes),
        };
        match &cell {
            Cell::Empty(status) => {
                self.empty += 1;
                self.statuses.extend(status.map(|status| (index, status)));
            }
            Cell::Value(_, _, status) => self.statuses.extend(status.map(|status| (index, status))),
            Cell::Wrong => {}
            Cell::Misfit => self.misfits += 1,
        }
        cell
    }

    fn stored(&mut self, index: usize) -> Option<i128> {
        if let Cell::Value(stored, ..) = self.look(index) { Some(stored) } else { None }
    }

    /// A column of numbers, days or instants: `find` reads good cells, `narrow` what the closer look gave.
    fn numbers<T: ArrowPrimitiveType>(
        &mut self,
        kind: &DataType,
        mut find: impl FnMut(&'t str) -> Option<T::Native>,
        narrow: impl Fn(i128) -> Option<T::Native>,
    ) -> ArrayRef {
        let count = self.texts.len();
        let mut builder = PrimitiveBuilder::<T>::with_capacity(count).with_data_type(kind.clone());
        for index in 0..count {
            match self.text(index).and_then(&mut find) {
                Some(value) => builder.append_value(value),
                None => builder.append_option(self.stored(index).and_then(&narrow)),
            }
        }
        Arc::new(builder.finish())
    }

    /// A column of texts: the delivered one itself, with nulls, unless a cell was mended or filled.
    fn texts(&mut self, plan: &TextPlan) -> Result<ArrayRef, ArrowError> {
        let count = self.texts.len();
        let mut nulls: Vec<usize> = Vec::new();
        let mut changed: Vec<(usize, Cow<'t, str>)> = Vec::new();
        for index in 0..count {
            if self.text(index).is_some_and(|text| plan.is_good(text)) {
                continue;
            }
            match self.look(index) {
                Cell::Value(_, text @ Cow::Owned(_), _) => changed.push((index, text)),
                Cell::Value(..) => {}
                Cell::Empty(_) => match find_fill(self.fill, index) {
                    Some(status) => changed.push((index, Cow::Borrowed(status))),
                    None => nulls.push(index),
                },
                Cell::Wrong | Cell::Misfit => nulls.push(index),
            }
        }
        if changed.is_empty() && nulls.is_empty() {
            return Ok(Arc::new(self.texts.clone()));
        }
        let mut is_null = vec![false; count];
        for index in nulls {
            is_null[index] = true;
        }
        if changed.is_empty() {
            return nullif(self.texts, &BooleanArray::from(is_null));
        }
        let mut builder = StringBuilder::with_capacity(count, self.texts.value_data().len());
        let mut changed = changed.into_iter().peekable();
        for (index, is_null) in is_null.into_iter().enumerate() {
            match changed.next_if(|(at, _)| *at == index) {
                Some((_, text)) => builder.append_value(text),
                None if is_null => builder.append_null(),
                None => builder.append_value(self.texts.value(index)),
            }
        }
        Ok(Arc::new(builder.finish()))
    }
}
