//! Reads `schemas/layouts/*.toml` and checks them, alone and against the schemas they feed. Opens no workbook.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::layout::{HeaderAt, IdColumn, Layout, Markers, Release, RowFilter, SheetAt, SheetPick, YearColumns};
use super::schema_load::read_files;
use super::schema_node::Notes;
use super::{DefinitionsError, Problem, Schema};
use crate::model::{DatasetName, SupplierCode};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutText {
    title: String,
    dataset: DatasetName,
    suppliers: Vec<SupplierCode>,
    header: HeaderText,
    #[serde(default)]
    sheets: Vec<SheetText>,
    columns: Vec<ColumnText>,
    #[serde(default)]
    ignore: Vec<String>,
    #[serde(default)]
    filters: Vec<FilterText>,
    years: YearsText,
    #[serde(default)]
    markers: MarkersText,
    #[serde(default)]
    constants: BTreeMap<String, String>,
    #[serde(default)]
    releases: Vec<ReleaseText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderText {
    #[serde(default)]
    texts: Vec<String>,
    row: Option<u64>,
    #[serde(default = "one")]
    rows: usize,
}

fn one() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetText {
    name: Option<String>,
    position: Option<usize>,
    #[serde(default)]
    expect: Vec<String>,
    #[serde(default)]
    constants: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnText {
    field: String,
    from: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilterText {
    column: Vec<String>,
    equals: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearsText {
    pattern: String,
    field: String,
    value: String,
    group: Option<char>,
    multiply: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkersText {
    #[serde(default)]
    skip: Vec<String>,
    #[serde(default)]
    status: BTreeMap<String, String>,
    status_field: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseText {
    from: String,
    #[serde(default)]
    constants: BTreeMap<String, String>,
}

/// Loads every `*.toml` of a folder. A folder that does not exist holds no layouts.
///
/// # Errors
/// [`DefinitionsError::Broken`] with every problem of every file.
pub fn load_layouts(dir: &Path) -> Result<Vec<Layout>, DefinitionsError> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    let mut layouts: Vec<Layout> = Vec::new();
    for (file, text) in read_files(dir, "toml", &mut problems) {
        let notes = Notes::new(file.clone());
        match toml::from_str::<LayoutText>(&text) {
            Ok(written) => layouts.extend(read_layout(&file, written, &notes)),
            Err(error) => {
                let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
                notes.add(format!("line {line}"), error.message().to_owned(), "see docs/rules.md, layouts");
            }
        }
        problems.extend(notes.into_problems());
    }
    for (index, layout) in layouts.iter().enumerate() {
        for other in &layouts[..index] {
            let shared = layout.suppliers.iter().find(|code| other.suppliers.contains(code));
            if let (Some(code), true) = (shared, layout.dataset == other.dataset) {
                problems.push(Problem {
                    file: format!("layouts/{}.toml", layout.name),
                    at: "suppliers".to_owned(),
                    what: format!("`{code}` already belongs to layout `{}`", other.name),
                    hint: "one layout a supplier and dataset".to_owned(),
                });
            }
        }
    }
    problems.sort();
    if problems.is_empty() { Ok(layouts) } else { Err(DefinitionsError::Broken(problems)) }
}

fn read_layout(file: &str, written: LayoutText, notes: &Notes) -> Option<Layout> {
    let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".toml").to_owned();
    if written.header.texts.is_empty() == written.header.row.is_none() {
        notes.add("header", "must have either texts or row", "texts = [\"ITL code\"] or row = 1");
    }
    if written.header.rows == 0 || written.header.row == Some(0) {
        notes.add("header", "counts from 1", "");
    }
    if written.columns.is_empty() {
        notes.add("columns", "is empty", "name at least the column that identifies a row");
    }
    if written.suppliers.is_empty() {
        notes.add("suppliers", "is empty", "name the supplier codes whose files look like this");
    }
    let sheets = written.sheets.into_iter().enumerate().filter_map(|(i, sheet)| read_sheet(i, sheet, notes)).collect();
    let pattern = regex::Regex::new(&format!("^(?:{})$", written.years.pattern))
        .map_err(|error| notes.add("years.pattern", format!("does not compile: {error}"), "see the `regex` syntax"))
        .ok();
    let multiply = written.years.multiply.as_deref().unwrap_or("1").parse().unwrap_or_else(|_| {
        notes.add("years.multiply", "is not a decimal number", "write \"0.001\"");
        rust_decimal::Decimal::ONE
    });
    if !written.markers.status.is_empty() && written.markers.status_field.is_none() {
        notes.add("markers.status_field", "is missing", "name the field that takes the status");
    }
    let mut releases = Vec::new();
    for (index, release) in written.releases.into_iter().enumerate() {
        match release.from.parse() {
            Ok(from) => releases.push(Release { from, constants: release.constants }),
            Err(_) => notes.add(format!("releases[{index}].from"), "is not a day", "write \"YYYY-MM-DD\""),
        }
    }
    releases.sort_by_key(|release| release.from);
    Some(Layout {
        name,
        title: written.title,
        dataset: written.dataset,
        suppliers: written.suppliers,
        header: HeaderAt { texts: written.header.texts, row: written.header.row, rows: written.header.rows.max(1) },
        sheets,
        columns: written.columns.into_iter().map(|c| IdColumn { field: c.field, from: c.from }).collect(),
        ignore: written.ignore,
        filters: written.filters.into_iter().map(|f| RowFilter { column: f.column, equals: f.equals }).collect(),
        years: YearColumns {
            pattern: pattern?,
            field: written.years.field,
            value: written.years.value,
            group: written.years.group,
            multiply,
        },
        markers: Markers {
            skip: written.markers.skip,
            status: written.markers.status,
            status_field: written.markers.status_field,
        },
        constants: written.constants,
        releases,
    })
}

fn read_sheet(index: usize, sheet: SheetText, notes: &Notes) -> Option<SheetPick> {
    let at = match (sheet.name, sheet.position) {
        (Some(name), None) => SheetAt::Name(name),
        (None, Some(position)) if position > 0 => SheetAt::Position(position),
        _ => {
            notes.add(format!("sheets[{index}]"), "must have either name or position", "positions count from 1");
            return None;
        }
    };
    Some(SheetPick { sheet: at, expect: sheet.expect, constants: sheet.constants })
}

/// Checks that layouts give what their schema asks for: every field they name exists, every required field is given,
/// and none is given twice.
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
    let mut given: Vec<(String, &str)> =
        vec![("years.field".to_owned(), &layout.years.field), ("years.value".to_owned(), &layout.years.value)];
    given.extend(layout.columns.iter().map(|column| ("columns".to_owned(), column.field.as_str())));
    given.extend(layout.constants.keys().map(|key| ("constants".to_owned(), key.as_str())));
    given.extend(layout.markers.status_field.iter().map(|key| ("markers.status_field".to_owned(), key.as_str())));
    for (index, sheet) in layout.sheets.iter().enumerate() {
        given.extend(sheet.constants.keys().map(|key| (format!("sheets[{index}].constants"), key.as_str())));
    }
    for (index, release) in layout.releases.iter().enumerate() {
        given.extend(release.constants.keys().map(|key| (format!("releases[{index}].constants"), key.as_str())));
    }
    for (at, name) in given.iter().filter(|(_, name)| schema.find_field(name).is_none()) {
        notes.add(at.clone(), format!("`{name}` is not a field of `{}`", schema.dataset), "");
    }
    for field in schema.fields.iter().filter(|field| schema.is_required(field)) {
        let here = |list: &BTreeMap<String, String>| list.contains_key(&field.name);
        let taken = [&layout.years.field, &layout.years.value].contains(&&field.name)
            || layout.columns.iter().any(|column| column.field == field.name)
            || here(&layout.constants);
        let everywhere =
            |mut lists: Box<dyn Iterator<Item = &BTreeMap<String, String>> + '_>, any: bool| any && lists.all(here);
        let by_sheet =
            everywhere(Box::new(layout.sheets.iter().map(|sheet| &sheet.constants)), !layout.sheets.is_empty());
        let by_release =
            everywhere(Box::new(layout.releases.iter().map(|r| &r.constants)), !layout.releases.is_empty());
        if !(taken || by_sheet || by_release) {
            notes.add("constants", format!("nothing gives the required field `{}`", field.name), "add a constant");
        }
    }
}
