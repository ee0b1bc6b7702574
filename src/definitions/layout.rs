//! How to find the table in a file that was not made for us: which sheets, where the header is, which columns are taken
//! over, which become rows of their own. `layout_read` reads it, `decode` applies it. Touches no file.

use std::collections::BTreeMap;

use jiff::civil::Date;
use regex::Regex;

use super::layout_cells::{CellNumberForm, Markers, Rewrite};
use super::layout_sheets::SheetPick;
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
    /// What the file's text is like, where that should not be found out.
    pub text: TextForm,
    /// Where the header is.
    pub header: HeaderAt,
    /// The sheets to read, in order. Empty for a CSV file.
    pub sheets: Vec<SheetPick>,
    /// Columns that are taken over.
    pub columns: Vec<IdColumn>,
    /// Header texts that are known and not needed.
    pub ignore: Vec<String>,
    /// Only rows that pass all of these belong to the table.
    pub filters: Vec<RowTest>,
    /// What is true of different kinds of rows; every row that passes the filters is of one kind, the first that fits.
    pub kinds: Vec<RowKind>,
    /// The columns that become one row each. None: one row in, one row out.
    pub unpivot: Option<Unpivot>,
    /// Texts that stand in place of a number, and marks beside one.
    pub markers: Markers,
    /// Texts that stand for others, by field.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Values that stand above the header.
    pub above: Vec<AboveHeader>,
    /// Values of every row.
    pub constants: BTreeMap<String, String>,
    /// Fields that take the extract's day, with the form it is written in.
    pub as_of: BTreeMap<String, String>,
    /// Values that depend on the publication, oldest first.
    pub releases: Vec<Release>,
    /// What ends the table.
    pub end: TableEnd,
}

/// What a text file is like, where that should not be found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextForm {
    /// What separates columns.
    pub delimiter: Option<u8>,
    /// Its encoding, by a name that the WHATWG standard knows, such as `iso-8859-1`.
    pub encoding: Option<String>,
}

/// Where the header is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderAt {
    /// There is none: columns are known by position, and the first row is data.
    pub absent: bool,
    /// The last header row is the first that has a cell with one of these texts...
    pub texts: Vec<String>,
    /// ...or the row of this number, from 1.
    pub row: Option<u64>,
    /// How many rows make the header, the last included.
    pub rows: usize,
    /// In header rows above the last, a cell without text belongs to the text on its left, as merged cells do.
    pub merged: bool,
    /// A column's name is all its header texts, from above, with this between. Without it the name is the text that is
    /// headed like an unpivoted column, else the lowest text.
    pub join: Option<String>,
    /// Texts that must stand in or above the header.
    pub expect: Vec<String>,
}

/// A column that is taken over.
#[derive(Clone, Debug, Default)]
pub struct IdColumn {
    /// The field that takes it; none if `split` says which fields do.
    pub field: String,
    /// Its header texts in different publications; `#2` is the second column.
    pub from: Vec<String>,
    /// The column may be missing; the field is empty then.
    pub optional: bool,
    /// White space at both ends is cut off.
    pub trim: bool,
    /// A blank cell has the text of the last that was not blank, as merged cells do.
    pub fill: bool,
    /// The first that matches rewrites the cell.
    pub rewrite: Vec<Rewrite>,
    /// Its named groups are fields; a cell that does not match goes whole to the first of them.
    pub split: Option<Regex>,
    /// Goes before and after a text that is not empty.
    pub around: (String, String),
    /// The cell is a number, and markers apply to it.
    pub number: Option<CellNumberForm>,
    /// The field that takes the status of the number.
    pub status: Option<String>,
}

impl IdColumn {
    /// The fields that it fills.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        match &self.split {
            Some(split) => split.capture_names().flatten().collect(),
            None => vec![&self.field],
        }
    }
}

/// A test of one cell of a row.
#[derive(Clone, Debug, Default)]
pub struct RowTest {
    /// Header texts of the column.
    pub column: Vec<String>,
    /// The cell is one of these, if there are any.
    pub equals: Vec<String>,
    /// The cell is none of these.
    pub differs: Vec<String>,
    /// The whole cell matches.
    pub matches: Option<Regex>,
    /// The whole cell does not match.
    pub matches_not: Option<Regex>,
    /// The cell is filled, or is empty.
    pub filled: Option<bool>,
}

impl RowTest {
    /// Whether a cell without white space at its ends passes.
    #[must_use]
    pub fn passes(&self, cell: &str) -> bool {
        let is = |list: &[String]| list.iter().any(|text| text == cell);
        (self.equals.is_empty() || is(&self.equals))
            && !is(&self.differs)
            && self.matches.as_ref().is_none_or(|pattern| pattern.is_match(cell))
            && self.matches_not.as_ref().is_none_or(|pattern| !pattern.is_match(cell))
            && self.filled.is_none_or(|filled| filled != cell.is_empty())
    }
}

/// Rows of one kind, such as years and quarters that stand below each other.
#[derive(Clone, Debug)]
pub struct RowKind {
    /// Which rows.
    pub test: RowTest,
    /// Values of each of them.
    pub constants: BTreeMap<String, String>,
}

/// The named group that tells which of several fields takes a cell.
pub const CELL_GROUP: &str = "cell";

/// The columns that become rows.
#[derive(Clone, Debug)]
pub struct Unpivot {
    /// Names of these columns match this, whole. Named groups are fields, but for one called `cell`.
    pub pattern: Regex,
    /// The field that takes the column's name.
    pub field: Option<String>,
    /// The fields that take cells, by what the group `cell` holds; the only one of an empty text takes them all. Columns
    /// that differ in that group only become one row together.
    pub values: BTreeMap<String, String>,
    /// How numbers are written in the cells.
    pub number: CellNumberForm,
}

impl Unpivot {
    /// The fields that the column's name fills.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let groups = self.pattern.capture_names().flatten().filter(|name| *name != CELL_GROUP);
        self.field.as_deref().into_iter().chain(groups)
    }
}

/// A value that stands above the header: right of its label, or in the same cell after it.
#[derive(Clone, Debug)]
pub struct AboveHeader {
    /// The field that takes it.
    pub field: String,
    /// How the label's cell begins.
    pub label: String,
    /// The first that matches rewrites the value.
    pub rewrite: Vec<Rewrite>,
}

/// What ends the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableEnd {
    /// A row whose first filled cell begins with one of these.
    pub texts: Vec<String>,
    /// A row whose first taken-over column is empty, and with it all cells that become rows.
    pub empty_key: bool,
    /// A blank row.
    pub blank_row: bool,
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

    /// What is true of every row of an extract: constants, those of its release, and its day.
    ///
    /// # Errors
    /// What is missing, as a fragment for people, when the day is needed and not known or too early.
    pub fn resolve_constants(&self, as_of: Option<Date>) -> Result<BTreeMap<String, String>, String> {
        let mut constants = self.constants.clone();
        let release = match (self.releases.as_slice(), as_of) {
            ([], _) => None,
            (_, Some(day)) => Some(
                self.find_release(day).ok_or_else(|| format!("no release is known by {day}; add one to `releases`"))?,
            ),
            ([only], None) => Some(only),
            (_, None) => return Err("the file's name does not tell its day, which chooses the release".to_owned()),
        };
        constants.extend(release.into_iter().flat_map(|release| release.constants.clone()));
        for (field, form) in &self.as_of {
            let day = as_of.ok_or_else(|| format!("the file's name does not tell its day, which `{field}` needs"))?;
            constants.insert(field.clone(), day.strftime(form).to_string());
        }
        Ok(constants)
    }
}

/// The layout for a supplier's files of a dataset, if they need one.
#[must_use]
pub fn find_layout<'a>(layouts: &'a [Layout], dataset: &DatasetName, supplier: &SupplierCode) -> Option<&'a Layout> {
    layouts.iter().find(|layout| layout.dataset == *dataset && layout.suppliers.contains(supplier))
}

/// The column that a text such as `#2` names in place of a header text, from 0.
#[must_use]
pub fn find_position(text: &str) -> Option<usize> {
    text.strip_prefix('#')?.parse::<usize>().ok()?.checked_sub(1)
}
