//! Indicator results. What may be done with a table is written in its type: `Table<Raw>` holds what firms gave in
//! confidence, `Table<Protected>` what may be published. Only `disclosure` can make the second.

use rust_decimal::Decimal;

use super::{AreaCode, GroupId, IndicatorId, Interval, Kind, Mark, ObsStatus, Observation, Period, SupplierCode, Unit};

/// The member of a dimension that stands for all others together.
pub const TOTAL_MEMBER: &str = "_T";

/// A state of a table, and what its cells are made of. A table is built only with a value of its state.
pub trait TableState {
    /// One cell's content.
    type Cell;
}

/// Before disclosure control.
#[derive(Clone, Copy, Debug, Default)]
pub struct Raw;

impl TableState for Raw {
    type Cell = RawCell;
}

/// What a table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableHeader {
    /// Which indicator.
    pub indicator: IndicatorId,
    /// Which of its measures (`value`, `grant_committed`, ...).
    pub measure: String,
    /// Its kind.
    pub kind: Kind,
    /// Its unit.
    pub unit: Unit,
    /// Decimals when printed.
    pub decimals: u32,
    /// Names of its dimensions beside time and area, in order.
    pub dimensions: Vec<String>,
    /// Which publication of a statistic the values come from; none for programme data.
    pub vintage: Option<String>,
}

/// To which time a cell refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeKey {
    /// A calendar year, for published statistics.
    Year(i16),
    /// Within the quarter.
    Quarter(Period),
    /// From the programme's first day to the end of the quarter.
    ToDate(Period),
}

/// Which cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// When.
    pub time: TimeKey,
    /// Where.
    pub area: AreaCode,
    /// One member a dimension, in the header's order; [`TOTAL_MEMBER`] for all.
    pub members: Vec<String>,
}

/// What one enterprise group adds to a cell, as far as one contractor or nobody in particular holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// Whose it is.
    pub group: GroupId,
    /// Part of the numerator (of the value itself for counts and magnitudes).
    pub numerator: Decimal,
    /// Part of the denominator, for ratios and means.
    pub denominator: Option<Decimal>,
    /// The contractor that collected it and so knows it; none if only the programme does.
    pub holder: Option<SupplierCode>,
    /// How much of the numerator anybody can look up, such as grants above the threshold of subsidy transparency.
    pub public: Decimal,
}

impl Contribution {
    /// A contribution that no contractor holds and nobody can look up.
    #[must_use]
    pub const fn new(group: GroupId, numerator: Decimal, denominator: Option<Decimal>) -> Self {
        Self { group, numerator, denominator, holder: None, public: Decimal::ZERO }
    }
}

/// A cell before disclosure control: its sums and who made them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RawCell {
    /// Sum of numerators; the finished value where [`Kind::is_additive`] is false, and of reference figures.
    pub numerator: Decimal,
    /// Sum of denominators, for ratios and means; none for all others.
    pub denominator: Option<Decimal>,
    /// One entry a group and holder, sorted by group, then holder. Empty for reference figures.
    pub contributions: Vec<Contribution>,
    /// Where the true value lies, in the unit of the printed figure.
    pub interval: Option<Interval>,
    /// Why there is no number, if the indicator itself says so.
    pub missing: Option<ObsStatus>,
    /// Marks beside the number, sorted, each once.
    pub marks: Vec<Mark>,
}

/// A cell that may be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedCell {
    /// The value or the reason why there is none.
    pub observation: Observation,
    /// Where the true value lies. Never there without a value, or it would tell what is hidden.
    pub interval: Option<Interval>,
}

/// An indicator's result, in a state.
#[derive(Debug)]
pub struct Table<S: TableState> {
    header: TableHeader,
    cells: std::collections::BTreeMap<CellKey, S::Cell>,
    _state: S,
}

impl<S: TableState> Table<S> {
    /// Builds a table. Whoever has no value of the state cannot call this.
    #[must_use]
    pub fn new(state: S, header: TableHeader, cells: std::collections::BTreeMap<CellKey, S::Cell>) -> Self {
        Self { header, cells, _state: state }
    }

    /// What it is about.
    #[must_use]
    pub const fn header(&self) -> &TableHeader {
        &self.header
    }

    /// All cells in the order of their keys.
    #[must_use]
    pub const fn cells(&self) -> &std::collections::BTreeMap<CellKey, S::Cell> {
        &self.cells
    }

    /// One cell.
    #[must_use]
    pub fn find(&self, key: &CellKey) -> Option<&S::Cell> {
        self.cells.get(key)
    }
}
