//! What a planted defect is: which rows it fits, what it changes, what must be found. Plants nothing itself.

use crate::model::Severity;

use super::super::sheet::Sheet;
use super::around::Around;

/// The datasets in which defects are planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plot {
    Businesses,
    Contacts,
    Diagnostics,
    Scores,
    Vouchers,
    Components,
    Costs,
    Claims,
    Outcomes,
    Accounts,
    Subsidies,
}

/// How many plots there are.
pub(super) const PLOTS: usize = 11;

/// A finding that a defect must give: column, rule, severity.
pub(crate) type Expected = (&'static str, &'static str, Severity);

/// What a row must be for a defect to fit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    /// The column holds this text.
    Is(&'static str, &'static str),
    /// The column holds another text.
    Not(&'static str, &'static str),
    /// The column holds something.
    Filled(&'static str),
    /// The column holds a whole number of at least so much.
    AtLeast(&'static str, i64),
    /// The column holds a negative amount.
    Negative(&'static str),
    /// The day in the column is not the sample's first.
    AfterFrom(&'static str),
    /// The register knows the firm's size.
    SizeKnown,
    /// The firm shares its group with another one.
    Grouped,
    /// Two more years are known after this one.
    MoreYears,
    /// The row's voucher was started after the sample's first day.
    Linked,
    /// Another voucher of the firm, that was started, is known.
    OtherVoucher,
    /// A diagnostic of a firm that has nothing to do with this one is known.
    StrangeDiagnostic,
    /// A voucher of a firm that has nothing to do with this one is known.
    StrangeVoucher,
}

/// What is changed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edit {
    /// This text.
    Set(&'static str, &'static str),
    /// The column's text with something behind it.
    Append(&'static str, &'static str),
    /// The column's text made into another.
    With(&'static str, fn(&str) -> String),
    /// The text of another column.
    Copy(&'static str, &'static str),
    /// The sample's first day.
    From(&'static str),
    /// A day after the sample's last one.
    Late(&'static str),
    /// The id of another voucher of the firm.
    OtherVoucher(&'static str),
    /// The id of a strange diagnostic.
    StrangeDiagnostic(&'static str),
    /// The id of a strange voucher.
    StrangeVoucher(&'static str),
}

/// Where the defect goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    /// Into the row itself, which stays accepted.
    Here,
    /// Into an additional row under a fresh id.
    Extra,
    /// Into an additional row that keeps its id, or gets one by an edit.
    Again,
    /// Into the second of two additional rows under fresh ids, or sources, that both have the first edits.
    Twice(&'static [Edit]),
    /// Into one row of a block; the others then fail too, by the rule given here.
    Block(&'static [Expected]),
    /// One row of a block is left out; the others then fail, by the rule given here.
    Gap(&'static [Expected]),
}

/// A kind of defect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    /// Its name in the list.
    pub(super) name: &'static str,
    pub(super) way: Way,
    pub(super) needs: &'static [Need],
    pub(super) edits: &'static [Edit],
    /// What must be found in the row. Nothing: the row is accepted as it is.
    pub(super) findings: &'static [Expected],
}

/// The kinds of a plot.
pub(super) fn cases_of(plot: Plot) -> &'static [Case] {
    match plot {
        Plot::Businesses => super::register::BUSINESSES,
        Plot::Contacts => super::register::CONTACTS,
        Plot::Diagnostics => super::diagnostics::CASES,
        Plot::Scores => super::scores::CASES,
        Plot::Vouchers => super::vouchers::CASES,
        Plot::Components => super::vouchers::COMPONENTS,
        Plot::Costs => super::vouchers::COSTS,
        Plot::Claims => super::vouchers::CLAIMS,
        Plot::Outcomes => super::outcomes::CASES,
        Plot::Accounts => super::accounts::CASES,
        Plot::Subsidies => super::register::SUBSIDIES,
    }
}

impl Need {
    /// Whether the row at hand is so.
    pub(super) fn holds(self, sheet: &Sheet, around: &Around) -> bool {
        match self {
            Self::Is(column, text) => sheet.field(column) == text,
            Self::Not(column, text) => sheet.field(column) != text,
            Self::Filled(column) => !sheet.field(column).is_empty(),
            Self::AtLeast(column, least) => sheet.field(column).parse::<i64>().is_ok_and(|number| number >= least),
            Self::Negative(column) => sheet.field(column).starts_with('-'),
            Self::AfterFrom(column) => sheet.field(column) > around.from.as_str(),
            Self::SizeKnown => around.size_known,
            Self::Grouped => around.grouped,
            Self::MoreYears => around.more_years,
            Self::Linked => around.linked,
            Self::OtherVoucher => around.other_voucher.is_some(),
            Self::StrangeDiagnostic => around.strange_diagnostic.is_some(),
            Self::StrangeVoucher => around.strange_voucher.is_some(),
        }
    }
}

impl Edit {
    /// Changes the row at hand.
    pub(super) fn apply(self, sheet: &mut Sheet, around: &Around) {
        let known = |id: &Option<String>| id.clone().unwrap_or_default();
        let (column, text) = match self {
            Self::Set(column, text) => (column, text.to_owned()),
            Self::Append(column, text) => (column, format!("{}{text}", sheet.field(column))),
            Self::With(column, make) => (column, make(sheet.field(column))),
            Self::Copy(column, other) => (column, sheet.field(other).to_owned()),
            Self::From(column) => (column, around.from.clone()),
            Self::Late(column) => (column, around.late.clone()),
            Self::OtherVoucher(column) => (column, known(&around.other_voucher)),
            Self::StrangeDiagnostic(column) => (column, known(&around.strange_diagnostic)),
            Self::StrangeVoucher(column) => (column, known(&around.strange_voucher)),
        };
        sheet.replace(column, &text);
    }
}
