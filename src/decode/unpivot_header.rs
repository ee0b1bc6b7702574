//! Finds a layout's header in a sheet and says which column is what.

use std::collections::{BTreeMap, VecDeque};

use crate::definitions::{Layout, SheetPick};

use super::row::Row;

/// Which column of the sheet is what.
#[derive(Debug)]
pub(super) struct Mapping {
    /// Columns taken over, in the layout's order.
    pub(super) ids: Vec<usize>,
    /// Columns of filters, in the layout's order.
    pub(super) filters: Vec<usize>,
    /// Columns that become rows, with their header texts.
    pub(super) years: Vec<(usize, String)>,
    /// Columns that are not there: no header, and nothing should stand in them.
    pub(super) phantoms: Vec<usize>,
    /// Cells of the last header row.
    pub(super) width: usize,
}

/// Takes a sheet's rows until its header is complete.
#[derive(Default)]
pub(super) struct HeaderSearch {
    recent: VecDeque<(u64, Vec<String>)>,
    texts: Vec<String>,
}

impl HeaderSearch {
    /// Takes a row; gives the mapping when it was the last header row. An error says what is different from the layout.
    pub(super) fn take(
        &mut self,
        row: &Row,
        layout: &Layout,
        pick: Option<&SheetPick>,
    ) -> Result<Option<Mapping>, String> {
        let cells: Vec<String> = row.cells.iter().map(|cell| cell.trim().to_owned()).collect();
        let header = &layout.header;
        let found = match header.row {
            Some(number) => row.number == number,
            None => cells.iter().any(|cell| header.texts.contains(cell)),
        };
        if self.texts.len() < 10_000 {
            self.texts.extend(cells.iter().filter(|cell| !cell.is_empty()).cloned());
        }
        self.recent.push_back((row.number, cells));
        if self.recent.len() > header.rows {
            self.recent.pop_front();
        }
        if !found {
            return Ok(None);
        }
        for text in pick.into_iter().flat_map(|pick| &pick.expect) {
            if !self.texts.iter().any(|cell| cell.contains(text.as_str())) {
                return Err(format!("`{text}` does not stand in or above the header; is it the right sheet?"));
            }
        }
        self.map(row.number, layout).map(Some)
    }

    fn map(&self, last: u64, layout: &Layout) -> Result<Mapping, String> {
        let first = last.saturating_sub(u64::try_from(layout.header.rows).unwrap_or(1) - 1);
        let rows: Vec<&Vec<String>> =
            self.recent.iter().rev().filter(|(number, _)| *number >= first).map(|(_, cells)| cells).collect();
        let columns = rows.iter().map(|cells| cells.len()).max().unwrap_or(0);
        let names: Vec<String> = (0..columns).map(|column| column_name(&rows, column, layout)).collect();
        let ids = layout.columns.iter().map(|wanted| find_one(&names, &wanted.from));
        let filters = layout.filters.iter().map(|filter| find_one(&names, &filter.column));
        let mut mapping = Mapping {
            ids: ids.collect::<Result<_, _>>()?,
            filters: filters.collect::<Result<_, _>>()?,
            years: Vec::new(),
            phantoms: Vec::new(),
            width: columns,
        };
        let mut seen = BTreeMap::new();
        for (column, name) in names.iter().enumerate() {
            if layout.years.pattern.is_match(name) {
                if let Some(other) = seen.insert(name, column) {
                    return Err(format!("columns {} and {} are both headed `{name}`", other + 1, column + 1));
                }
                mapping.years.push((column, name.clone()));
            } else if name.is_empty() {
                mapping.phantoms.push(column);
            } else if !mapping.ids.contains(&column)
                && !mapping.filters.contains(&column)
                && !layout.ignore.contains(name)
            {
                return Err(format!(
                    "column {} is headed `{name}`, which the layout neither reads nor ignores",
                    column + 1
                ));
            }
        }
        if mapping.years.is_empty() {
            return Err(format!("no column is headed like `{}`", layout.years.pattern.as_str()));
        }
        Ok(mapping)
    }
}

/// A year if one of the header rows has one, else the lowest text. `rows` are the header rows, lowest first.
fn column_name(rows: &[&Vec<String>], column: usize, layout: &Layout) -> String {
    let texts = || rows.iter().filter_map(|cells| cells.get(column)).filter(|text| !text.is_empty());
    let year = texts().find(|text| layout.years.pattern.is_match(text));
    year.or_else(|| texts().next()).cloned().unwrap_or_default()
}

fn find_one(names: &[String], wanted: &[String]) -> Result<usize, String> {
    let mut found = names.iter().enumerate().filter(|(_, name)| wanted.contains(name));
    let list = wanted.join("`, `");
    let Some((column, _)) = found.next() else { return Err(format!("no column is headed `{list}`")) };
    match found.next() {
        None => Ok(column),
        Some((other, _)) => Err(format!("columns {} and {} are both headed `{list}`", column + 1, other + 1)),
    }
}
