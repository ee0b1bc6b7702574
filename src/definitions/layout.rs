//! How to find the table in a published workbook or CSV file that was not made for machines: which sheets, where the
//! header is, which columns are names, which are years. `layout_load` reads it, `decode` applies it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::{DatasetName, SupplierCode};

/// The table of one kind of published file.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The stem of its file.
    pub name: String,
    /// What it reads.
    pub title: String,
    /// The dataset it feeds.
    pub dataset: DatasetName,
    /// The supplier codes whose files look like this.
    pub suppliers: Vec<SupplierCode>,
    /// Where the header is.
    pub header: HeaderAt,
    /// The sheets to read, in order. Empty for a CSV file.
    pub sheets: Vec<SheetPick>,
    /// Columns that are taken over; the first ends the table where it is empty.
    pub columns: Vec<IdColumn>,
    /// Header texts that are known and not needed.
    pub ignore: Vec<String>,
    /// Only rows that pass all of these belong to the table.
    pub filters: Vec<RowFilter>,
    /// The columns that become one row each.
    pub years: YearColumns,
    /// Texts that stand in place of a number.
    pub markers: Markers,
    /// Values of every row.
    pub constants: BTreeMap<String, String>,
    /// Values that depend on the publication, oldest first.
    pub releases: Vec<Release>,
}

/// Where the header is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderAt {
    /// The last header row is the first that has a cell with one of these texts...
    pub texts: Vec<String>,
    /// ...or the row of this number, from 1.
    pub row: Option<u64>,
    /// How many rows make the header, the last included. A column's name is its year where a row has one, else its
    /// lowest text.
    pub rows: usize,
}

/// One sheet of a workbook, with what is true of the whole sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetPick {
    /// Which.
    pub sheet: SheetAt,
    /// Texts that must stand in or above the header, so that a renamed or swapped sheet is noticed.
    pub expect: Vec<String>,
    /// Values of every row of the sheet.
    pub constants: BTreeMap<String, String>,
}

/// Which sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetAt {
    /// The one of this name.
    Name(String),
    /// The one at this position, from 1.
    Position(usize),
}

/// A column that is taken over under the name of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdColumn {
    /// The field.
    pub field: String,
    /// Its header texts in different publications.
    pub from: Vec<String>,
}

/// Rows to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFilter {
    /// Header texts of the column.
    pub column: Vec<String>,
    /// Values to keep.
    pub equals: Vec<String>,
}

/// The columns that become one row each.
#[derive(Clone, Debug)]
pub struct YearColumns {
    /// Header texts of these columns match this, whole.
    pub pattern: regex::Regex,
    /// The field that takes the header text.
    pub field: String,
    /// The field that takes the cell.
    pub value: String,
    /// The separator of thousands.
    pub group: Option<char>,
    /// Numbers are multiplied by this, exactly.
    pub multiply: rust_decimal::Decimal,
}

/// Texts that stand in place of a number.
#[derive(Clone, Debug, Default)]
pub struct Markers {
    /// Cells with these texts give no row.
    pub skip: Vec<String>,
    /// Cells with these texts give a row without value and with this status.
    pub status: BTreeMap<String, String>,
    /// The field that takes the status.
    pub status_field: Option<String>,
}

/// What is true of the files known from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// For extracts with this `as_of` and later ones, up to the next release.
    pub from: Date,
    /// Values of every row.
    pub constants: BTreeMap<String, String>,
}

impl Layout {
    /// The release to which an extract known up to a day belongs: the last that began by then.
    #[must_use]
    pub fn find_release(&self, as_of: Date) -> Option<&Release> {
        self.releases.iter().rev().find(|release| release.from <= as_of)
    }
}

/// The layout for a supplier's files of a dataset, if they need one.
#[must_use]
pub fn find_layout<'a>(layouts: &'a [Layout], dataset: &DatasetName, supplier: &SupplierCode) -> Option<&'a Layout> {
    layouts.iter().find(|layout| layout.dataset == *dataset && layout.suppliers.contains(supplier))
}
