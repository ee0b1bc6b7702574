//! The careful look at one cell: codes, missing values, repairs, and everything that is wrong with it.

use std::borrow::Cow;

use crate::model::Severity;

use super::checks::{Checked, Failure, check_value};
use super::notes::RowNotes;
use super::plan::ColumnPlan;
use super::repair::{Repaired, repair_text};
use super::rules;

/// What became of a cell.
pub(super) enum Cell<'t> {
    /// No value, and the reason if a code gives one.
    Empty(Option<&'t str>),
    /// A value in stored units, its text, and its status.
    Value(i128, Cow<'t, str>, Option<&'t str>),
    /// A value that fails a constraint.
    Wrong,
    /// No value of the column's type.
    Misfit,
}

/// How a text says that there is no value.
#[derive(Clone, Copy)]
enum Nothing<'a> {
    Plain,
    /// By a code, which gives the reason.
    Code(&'a str),
}

/// Room for what is found about a cell.
#[derive(Default)]
pub(super) struct Scratch {
    repairs: Vec<Repaired>,
    failures: Vec<Failure>,
}

impl ColumnPlan<'_> {
    /// Looks at the cell of a row and notes what is wrong or mended. `fill` is the status that another column gives it.
    #[cold]
    pub(super) fn look<'t>(
        &'t self,
        delivered: &'t str,
        index: usize,
        fill: Option<&'t str>,
        scratch: &mut Scratch,
        notes: &mut RowNotes<'_>,
    ) -> Cell<'t> {
        if let Some(nothing) = self.find_nothing(delivered) {
            return self.empty(nothing, delivered, index, fill, notes);
        }
        let column = Some(self.field.name.as_str());
        let text = repair_text(delivered, &self.field.repairs, &mut scratch.repairs);
        for repaired in scratch.repairs.drain(..) {
            let why = (repaired.reason.to_owned(), "deliver it so".to_owned());
            notes.add(index, column, repaired.rule, Severity::Repair, None, why);
        }
        if let Some(nothing) = self.find_nothing(&text) {
            return self.empty(nothing, delivered, index, fill, notes);
        }
        let (value, status) = self.without_mark(text);
        let checked = check_value(&value, self.field, &mut scratch.failures);
        for (rule, reason, hint) in scratch.failures.drain(..) {
            notes.add(index, column, rule, Severity::Quarantine, Some(delivered), (reason, hint));
        }
        match checked {
            Checked::Good(stored) => Cell::Value(stored, value, status),
            Checked::Wrong => Cell::Wrong,
            Checked::Misfit => Cell::Misfit,
        }
    }

    /// Whether a text stands for no value.
    fn find_nothing(&self, text: &str) -> Option<Nothing<'_>> {
        if let Some(codes) = &self.field.status {
            let whole = codes.codes.get(text).map(String::as_str);
            if let Some(status) = whole.or_else(|| codes.marked_code(text)) {
                return Some(Nothing::Code(status));
            }
        }
        self.is_missing(text).then_some(Nothing::Plain)
    }

    fn empty<'t>(
        &self,
        nothing: Nothing<'t>,
        delivered: &str,
        index: usize,
        fill: Option<&'t str>,
        notes: &mut RowNotes<'_>,
    ) -> Cell<'t> {
        let status = if let Nothing::Code(status) = nothing { Some(status) } else { None };
        if status.is_none() && fill.is_none() && self.is_required {
            let why = ("a value is required".to_owned(), "deliver it".to_owned());
            let column = Some(self.field.name.as_str());
            notes.add(index, column, rules::MISSING_REQUIRED, Severity::Quarantine, Some(delivered), why);
        }
        Cell::Empty(status)
    }

    /// The text before a mark, and the status of the mark.
    fn without_mark<'t>(&'t self, text: Cow<'t, str>) -> (Cow<'t, str>, Option<&'t str>) {
        let Some(codes) = &self.field.status else { return (text, None) };
        match text {
            Cow::Borrowed(text) => match codes.find_mark(text) {
                Some((value, status)) => (Cow::Borrowed(value), Some(status)),
                None => (Cow::Borrowed(text), None),
            },
            Cow::Owned(text) => match codes.find_mark(&text) {
                Some((value, status)) => (Cow::Owned(value.to_owned()), Some(status)),
                None => (Cow::Owned(text), None),
            },
        }
    }
}
