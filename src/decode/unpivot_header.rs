//! Finds a layout's header in a sheet, says which column is what, and takes what stands above it.

use std::collections::{BTreeMap, VecDeque};

use crate::definitions::{
    CELL_GROUP, ChosenSheet, HeaderAt, Layout, find_position, named_groups, rewrite_text, shown_pattern,
};

use super::row::Row;

/// Which column of the sheet is what.
#[derive(Debug)]
pub(super) struct Mapping {
    /// Columns taken over, in the layout's order; none where an optional one is missing.
    pub(super) ids: Vec<Option<usize>>,
    /// Columns of filters, in the layout's order.
    pub(super) filters: Vec<usize>,
    /// Columns that tell the kind of a row, in the layout's order.
    pub(super) kinds: Vec<usize>,
    /// Columns that become rows.
    pub(super) values: Vec<ValueColumns>,
    /// Columns that are not there: no header, and nothing should stand in them.
    pub(super) phantoms: Vec<usize>,
    /// Cells of the last header row.
    pub(super) width: usize,
    /// Fields that stand above the header.
    pub(super) above: BTreeMap<String, String>,
}

/// The columns that become one row together; in most tables it is one.
#[derive(Debug)]
pub(super) struct ValueColumns {
    /// The fields that the header fills.
    pub(super) fields: Vec<(String, String)>,
    /// The columns, each with the field that takes its cell.
    pub(super) cells: Vec<(usize, String)>,
}

/// Takes a sheet's rows until its header is complete.
#[derive(Default)]
pub(super) struct HeaderSearch {
    recent: VecDeque<(u64, Vec<String>)>,
    texts: Vec<String>,
    above: BTreeMap<String, String>,
}

impl HeaderSearch {
    /// Takes a row; gives the mapping when it was the last header row, or the first row where there is no header. An
    /// error says what is different from the layout.
    pub(super) fn take(&mut self, row: &Row, layout: &Layout, sheet: &ChosenSheet) -> Result<Option<Mapping>, String> {
        let cells: Vec<String> = row.cells.iter().map(|cell| squeeze(&layout.markers.cut_notes(cell))).collect();
        let header = &layout.header;
        let found = match header.row {
            Some(number) => row.number == number,
            None => header.absent || cells.iter().any(|cell| header.texts.contains(cell)),
        };
        if self.texts.len() < 10_000 {
            self.texts.extend(row.cells.iter().map(squeeze).filter(|cell| !cell.is_empty()));
        }
        self.take_above(&cells, layout);
        self.recent.push_back((row.number, cells));
        if self.recent.len() > header.rows {
            self.recent.pop_front();
        }
        if !found {
            return Ok(None);
        }
        for text in header.expect.iter().chain(&sheet.expect) {
            if !self.texts.iter().any(|cell| cell.contains(text.as_str())) {
                return Err(format!("`{text}` does not stand in or above the header; is it the right table?"));
            }
        }
        if let Some(missing) = layout.above.iter().find(|above| !self.above.contains_key(&above.field)) {
            return Err(format!("nothing stands beside `{}` above the header", missing.label));
        }
        self.map(row.number, layout).map(Some)
    }

    fn take_above(&mut self, cells: &[String], layout: &Layout) {
        for above in &layout.above {
            let Some(at) = cells.iter().position(|cell| cell.starts_with(above.label.as_str())) else { continue };
            let beside = cells[at][above.label.len()..].trim_start_matches(':').trim();
            let right = cells[at + 1..].iter().find(|cell| !cell.is_empty());
            let value = if beside.is_empty() { right.map_or("", String::as_str) } else { beside };
            if !value.is_empty() && !self.above.contains_key(&above.field) {
                self.above.insert(above.field.clone(), rewrite_text(&above.rewrite, value));
            }
        }
    }

    fn map(&mut self, last: u64, layout: &Layout) -> Result<Mapping, String> {
        let names = self.name_columns(last, layout);
        let ids = layout.columns.iter().map(|wanted| match find_one(&names, &wanted.from) {
            Err(Unfound::Missing(_)) if wanted.optional => Ok(None),
            other => other.map(Some),
        });
        let find = |column: &Vec<String>| find_one(&names, column);
        let mut mapping = Mapping {
            ids: ids.collect::<Result<_, _>>().map_err(String::from)?,
            filters: layout.filters.iter().map(|f| find(&f.column)).collect::<Result<_, _>>().map_err(String::from)?,
            kinds: layout.kinds.iter().map(|k| find(&k.test.column)).collect::<Result<_, _>>().map_err(String::from)?,
            values: Vec::new(),
            phantoms: Vec::new(),
            width: names.len(),
            above: std::mem::take(&mut self.above),
        };
        let mut seen = BTreeMap::new();
        for (column, name) in names.iter().enumerate() {
            let is_known = mapping.ids.contains(&Some(column))
                || mapping.filters.contains(&column)
                || mapping.kinds.contains(&column)
                || is_ignored(layout, column, name);
            if let Some((fields, value)) = unpivoted(layout, name).filter(|_| !is_known) {
                if let Some(other) = seen.insert(name, column) {
                    return Err(format!("columns {} and {} are both headed `{name}`", other + 1, column + 1));
                }
                match mapping.values.iter_mut().find(|known| known.fields == fields) {
                    Some(known) => known.cells.push((column, value)),
                    None => mapping.values.push(ValueColumns { fields, cells: vec![(column, value)] }),
                }
            } else if name.is_empty() && !layout.header.absent {
                if !is_known {
                    mapping.phantoms.push(column);
                }
            } else if !is_known {
                let headed = if name.is_empty() { "has no name".to_owned() } else { format!("is headed `{name}`") };
                return Err(format!("column {} {headed}, which the layout neither reads nor ignores", column + 1));
            }
        }
        match &layout.unpivot {
            Some(unpivot) if mapping.values.is_empty() => {
                Err(format!("no column is headed like `{}`", shown_pattern(&unpivot.pattern)))
            }
            _ => Ok(mapping),
        }
    }

    /// A name a column, from the header rows that were seen last.
    fn name_columns(&self, last: u64, layout: &Layout) -> Vec<String> {
        let header = &layout.header;
        let first = last.saturating_sub(u64::try_from(header.rows).unwrap_or(u64::MAX).saturating_sub(1));
        let mut rows: Vec<Vec<String>> =
            self.recent.iter().filter(|(number, _)| *number >= first).map(|(_, cells)| cells.clone()).collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        if header.absent {
            return vec![String::new(); columns];
        }
        let above = rows.len().saturating_sub(1);
        for cells in rows.iter_mut().take(if header.merged { above } else { 0 }) {
            cells.resize(columns, String::new());
            spread(cells);
        }
        (0..columns).map(|column| column_name(&rows, column, layout, header)).collect()
    }
}

/// Gives a cell without text the text on its left.
fn spread(cells: &mut [String]) {
    for column in 1..cells.len() {
        if cells[column].is_empty() {
            let (before, from_here) = cells.split_at_mut(column);
            from_here[0].clone_from(&before[column - 1]);
        }
    }
}

/// All texts joined, or the one that is headed like an unpivoted column, else the lowest. `rows` come from above.
fn column_name(rows: &[Vec<String>], column: usize, layout: &Layout, header: &HeaderAt) -> String {
    let texts = || rows.iter().filter_map(|cells| cells.get(column)).filter(|text| !text.is_empty());
    if let Some(between) = &header.join {
        return texts().map(String::as_str).collect::<Vec<_>>().join(between);
    }
    let unpivoted = texts().rev().find(|text| unpivoted(layout, text).is_some());
    unpivoted.or_else(|| texts().next_back()).cloned().unwrap_or_default()
}

/// The fields that a column's name fills and the field that takes its cell, if the column becomes rows.
fn unpivoted(layout: &Layout, name: &str) -> Option<(Vec<(String, String)>, String)> {
    let unpivot = layout.unpivot.as_ref().filter(|unpivot| !name.is_empty() && unpivot.pattern.is_match(name))?;
    let mut fields = named_groups(&unpivot.pattern, name);
    fields.extend(unpivot.field.iter().map(|field| (field.clone(), name.to_owned())));
    let group = fields.iter().position(|(group, _)| group == CELL_GROUP).map(|at| fields.remove(at).1);
    let value = unpivot.values.get(group.as_deref().unwrap_or_default())?;
    Some((fields, value.clone()))
}

fn is_ignored(layout: &Layout, column: usize, name: &str) -> bool {
    layout.ignore.iter().any(|text| squeeze(text) == name && !name.is_empty() || find_position(text) == Some(column))
}

enum Unfound {
    Missing(String),
    Twice(String),
}

impl From<Unfound> for String {
    fn from(unfound: Unfound) -> Self {
        match unfound {
            Unfound::Missing(what) | Unfound::Twice(what) => what,
        }
    }
}

fn find_one(names: &[String], wanted: &[String]) -> Result<usize, Unfound> {
    let is_wanted = |column: usize, name: &str| {
        wanted.iter().any(|text| match find_position(text) {
            Some(position) => position == column,
            None => squeeze(text) == name,
        })
    };
    let mut found = (0..names.len()).filter(|column| is_wanted(*column, &names[*column]));
    let list = wanted.join("`, `");
    let Some(column) = found.next() else { return Err(Unfound::Missing(format!("no column is headed `{list}`"))) };
    match found.next() {
        None => Ok(column),
        Some(other) => {
            Err(Unfound::Twice(format!("columns {} and {} are both headed `{list}`", column + 1, other + 1)))
        }
    }
}

/// A text with single spaces for all its white space: line breaks in a header cell are for the eye only.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
