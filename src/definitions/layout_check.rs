//! Checks layouts against the schemas they feed: every field they name exists, every required field is given, and no
//! field is given twice.

use std::collections::BTreeMap;

use super::layout::Layout;
use super::layout_sheets::SheetAt;
use super::schema_node::Notes;
use super::{Problem, Schema};
use crate::model::DatasetName;

/// Every problem of every layout with its schema.
#[must_use]
pub fn check_layouts(layouts: &[Layout], schemas: &BTreeMap<DatasetName, Schema>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for layout in layouts {
        let notes = Notes::new(format!("layouts/{}.toml", layout.name));
        match schemas.get(&layout.dataset) {
            Some(schema) => check_layout(layout, schema, &notes),
            None => notes.add("dataset", format!("there is no dataset `{}`", layout.dataset), "add its schema"),
        }
        problems.extend(notes.into_problems());
    }
    problems
}

fn check_layout(layout: &Layout, schema: &Schema, notes: &Notes) {
    if !schema.suppliers.is_empty() {
        for code in layout.suppliers.iter().filter(|code| !schema.suppliers.contains(code)) {
            notes.add("suppliers", format!("`{code}` does not deliver `{}`", schema.dataset), "add it to the schema");
        }
    }
    let (cells, fixed, statuses) = (given_by_cells(layout), given_by_constants(layout), given_as_status(layout));
    let mapped = layout.values.keys().map(|key| ("values".to_owned(), key.as_str()));
    let named = cells.iter().chain(&fixed).chain(&statuses).cloned().chain(mapped);
    for (at, name) in named.filter(|(_, name)| schema.find_field(name).is_none()) {
        notes.add(at, format!("`{name}` is not a field of `{}`", schema.dataset), "");
    }
    for (index, (at, name)) in cells.iter().enumerate() {
        if cells[..index].iter().chain(&fixed).any(|(_, other)| other == name) {
            notes.add(at.clone(), format!("`{name}` is given twice"), "leave one of them out");
        }
    }
    let of_sheets: Vec<&str> = layout.sheets.iter().flat_map(|pick| sheet_fields(&pick.sheet)).collect();
    let is_read = |key: &str| cells.iter().any(|(_, name)| *name == key) || of_sheets.contains(&key);
    for key in layout.values.keys().filter(|key| !is_read(key)) {
        notes.add("values", format!("`{key}` is not taken from a cell or header"), "constants need no other value");
    }
    let by_position = layout.sheets.iter().any(|pick| matches!(pick.sheet, SheetAt::Position(_)));
    if by_position && layout.sheets.iter().any(|pick| matches!(pick.sheet, SheetAt::Pattern(_))) {
        notes.add("sheets", "mixes position and pattern", "one sheet could be read twice: name it");
    }
    for field in schema.fields.iter().filter(|field| schema.is_required(field)) {
        if !is_always_given(layout, &field.name) {
            notes.add("constants", format!("nothing gives the required field `{}`", field.name), "add a constant");
        }
    }
}

type Given<'a> = Vec<(String, &'a str)>;

fn given_by_cells(layout: &Layout) -> Given<'_> {
    let mut given: Given<'_> = Vec::new();
    if let Some(unpivot) = &layout.unpivot {
        given.extend(unpivot.fields().map(|name| ("unpivot.field".to_owned(), name)));
        given.extend(unpivot.values.values().map(|name| ("unpivot.value".to_owned(), name.as_str())));
    }
    for (index, column) in layout.columns.iter().enumerate() {
        given.extend(column.fields().into_iter().map(|name| (format!("columns[{index}]"), name)));
    }
    given.extend(layout.above.iter().map(|above| ("above".to_owned(), above.field.as_str())));
    given
}

fn given_as_status(layout: &Layout) -> Given<'_> {
    let of_columns = layout.columns.iter().filter_map(|column| column.status.as_deref());
    let own = layout.markers.status_field.as_deref().map(|name| ("markers.status_field".to_owned(), name));
    own.into_iter().chain(of_columns.map(|name| ("columns.status".to_owned(), name))).collect()
}

fn given_by_constants(layout: &Layout) -> Given<'_> {
    let mut given: Given<'_> = layout.constants.keys().map(|key| ("constants".to_owned(), key.as_str())).collect();
    given.extend(layout.as_of.keys().map(|key| ("as_of".to_owned(), key.as_str())));
    for (index, sheet) in layout.sheets.iter().enumerate() {
        given.extend(sheet_fields(&sheet.sheet).map(|name| (format!("sheets[{index}].pattern"), name)));
        given.extend(sheet.constants.keys().map(|key| (format!("sheets[{index}].constants"), key.as_str())));
    }
    for (index, kind) in layout.kinds.iter().enumerate() {
        given.extend(kind.constants.keys().map(|key| (format!("kinds[{index}].constants"), key.as_str())));
    }
    for (index, release) in layout.releases.iter().enumerate() {
        given.extend(release.constants.keys().map(|key| (format!("releases[{index}].constants"), key.as_str())));
    }
    given
}

fn sheet_fields(sheet: &SheetAt) -> impl Iterator<Item = &str> {
    let pattern = if let SheetAt::Pattern(pattern) = sheet { Some(pattern) } else { None };
    pattern.into_iter().flat_map(|pattern| pattern.capture_names().flatten())
}

/// Whether every row has the field, whatever sheet, kind or release it comes from.
fn is_always_given(layout: &Layout, name: &str) -> bool {
    let by_unpivot = layout.unpivot.as_ref();
    by_unpivot.is_some_and(|unpivot| {
        unpivot.values.values().any(|value| value == name) || unpivot.fields().any(|field| field == name)
    }) || layout.columns.iter().any(|column| !column.optional && column.fields().contains(&name))
        || layout.above.iter().any(|above| above.field == name)
        || layout.constants.contains_key(name)
        || layout.as_of.contains_key(name)
        || every(&layout.kinds, |kind| kind.constants.contains_key(name))
        || every(&layout.releases, |release| release.constants.contains_key(name))
        || every(&layout.sheets, |pick| {
            pick.constants.contains_key(name) || sheet_fields(&pick.sheet).any(|field| field == name)
        })
}

fn every<T>(items: &[T], test: impl Fn(&T) -> bool) -> bool {
    !items.is_empty() && items.iter().all(test)
}
