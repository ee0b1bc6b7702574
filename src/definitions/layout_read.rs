//! Reads one layout file. Every wrong, missing or unknown key becomes a problem, and reading goes on.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Problem;
use super::layout::{
    AboveHeader, CELL_GROUP, HeaderAt, IdColumn, Layout, Release, RowKind, RowTest, TableEnd, TextForm, Unpivot,
    find_position,
};
use super::layout_cells::{CellNumberForm, Markers, Rewrite};
use super::layout_sheets::{SheetAt, SheetPick};
use super::layout_toml::{TomlNode, TomlNotes};
use crate::model::{DatasetName, SupplierCode};

/// Parses a layout; `file` is used in messages and gives its name. The layout is absent when there are problems.
pub(super) fn parse_layout(file: &str, text: &str) -> (Option<Layout>, Vec<Problem>) {
    let notes = TomlNotes::new(file, text);
    let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".toml");
    let layout = notes.parse().and_then(|root| {
        let top = TomlNode::new(root.get_ref(), String::new(), 0, &notes);
        let layout = read_layout(name, &top);
        top.finish();
        layout
    });
    let problems = notes.into_problems();
    (layout.filter(|_| problems.is_empty()), problems)
}

fn read_layout(name: &str, top: &TomlNode<'_>) -> Option<Layout> {
    for key in ["title", "dataset", "suppliers", "columns"] {
        top.require(key);
    }
    let title = top.text("title").unwrap_or_default();
    let dataset = top
        .text("dataset")
        .and_then(|text| DatasetName::new(text).map_err(|error| top.problem("dataset", error.to_string(), "")).ok());
    let mut suppliers = Vec::new();
    for text in top.texts("suppliers") {
        match SupplierCode::new(text) {
            Ok(code) => suppliers.push(code),
            Err(error) => top.problem("suppliers", error.to_string(), ""),
        }
    }
    if suppliers.is_empty() && top.has("suppliers") {
        top.problem("suppliers", "is empty", "name the supplier codes whose files look like this");
    }
    let unpivot = top.child("unpivot").and_then(read_unpivot);
    let columns: Vec<IdColumn> = top.children("columns").into_iter().map(read_column).collect();
    if columns.is_empty() && top.has("columns") {
        top.problem("columns", "is empty", "name at least the column that identifies a row");
    }
    let mut releases: Vec<Release> = top.children("releases").into_iter().filter_map(read_release).collect();
    releases.sort_by_key(|release| release.from);
    // Every key is asked for before the dataset may end the reading, so that all of them report their problems.
    let text = top.child("text").map(read_text_form).unwrap_or_default();
    let header = read_header(top);
    let sheets = top.children("sheets").into_iter().filter_map(read_sheet).collect();
    let end = read_end(top, unpivot.is_some());
    let ignore = top.texts("ignore");
    let filters = top.children("filters").into_iter().map(read_filter).collect();
    let kinds = top.children("kinds").into_iter().map(read_kind).collect();
    let markers = top.child("markers").map(read_markers).unwrap_or_default();
    let values = top.pairs_by_name("values");
    let above = top.children("above").into_iter().map(read_above).collect();
    let (constants, as_of) = (top.pairs("constants"), top.pairs("as_of"));
    Some(Layout {
        name: name.to_owned(),
        title,
        dataset: dataset?,
        suppliers,
        text,
        header,
        sheets,
        columns,
        ignore,
        filters,
        kinds,
        unpivot,
        markers,
        values,
        above,
        constants,
        as_of,
        releases,
        end,
    })
}

fn read_text_form(node: TomlNode<'_>) -> TextForm {
    let delimiter = node.character("delimiter").and_then(|character| {
        let byte = u8::try_from(character).ok().filter(u8::is_ascii);
        if byte.is_none() {
            node.problem("delimiter", "is not an ASCII character", "write \",\", \";\", \"\\t\" or \"|\"");
        }
        byte
    });
    let form = TextForm { delimiter, encoding: node.text("encoding") };
    if let Some(label) = &form.encoding
        && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
    {
        node.problem("encoding", format!("`{label}` is not known"), "write utf-8, windows-1252 or iso-8859-1");
    }
    node.finish();
    form
}

fn read_header(top: &TomlNode<'_>) -> HeaderAt {
    let Some(node) = top.child("header") else {
        top.require("header");
        return HeaderAt::default();
    };
    let header = HeaderAt {
        absent: node.flag("absent").unwrap_or_default(),
        texts: node.texts("texts"),
        row: node.number("row"),
        rows: node.number("rows").map_or(1, |rows| usize::try_from(rows).unwrap_or(usize::MAX)),
        merged: node.flag("merged").unwrap_or_default(),
        join: node.text("join"),
        expect: node.texts("expect"),
    };
    let said = usize::from(header.absent) + usize::from(!header.texts.is_empty()) + usize::from(header.row.is_some());
    if said != 1 {
        node.problem(
            "texts",
            "must have one of texts, row and absent",
            "texts = [\"ITL code\"], row = 1 or absent = true",
        );
    }
    if header.rows == 0 || header.row == Some(0) {
        node.problem(if header.rows == 0 { "rows" } else { "row" }, "counts from 1", "");
    }
    if header.rows > 20 {
        node.problem("rows", "is more than 20", "no header has so many");
    }
    node.finish();
    header
}

fn read_sheet(node: TomlNode<'_>) -> Option<SheetPick> {
    let (name, position, pattern) = (node.text("name"), node.number("position"), node.pattern("pattern"));
    let (expect, constants) = (node.texts("expect"), node.pairs("constants"));
    let sheet = match (name, position, pattern) {
        (Some(name), None, None) => Some(SheetAt::Name(name)),
        (None, Some(position), None) if position > 0 => {
            Some(SheetAt::Position(usize::try_from(position).unwrap_or(usize::MAX)))
        }
        (None, None, Some(pattern)) => Some(SheetAt::Pattern(pattern)),
        _ => {
            node.problem("name", "must be one of name, position and pattern", "positions count from 1");
            None
        }
    };
    node.finish();
    sheet.map(|sheet| SheetPick { sheet, expect, constants })
}

fn read_column(node: TomlNode<'_>) -> IdColumn {
    let column = IdColumn {
        field: node.text("field").unwrap_or_default(),
        from: node.texts("from"),
        optional: node.flag("optional").unwrap_or_default(),
        trim: node.flag("trim").unwrap_or(true),
        fill: node.flag("fill").unwrap_or_default(),
        rewrite: node.children("rewrite").into_iter().filter_map(read_rewrite).collect(),
        split: node.pattern("split"),
        around: (node.text("prefix").unwrap_or_default(), node.text("suffix").unwrap_or_default()),
        number: node.child("number").map(read_number),
        status: node.text("status"),
    };
    node.require("from");
    if column.from.is_empty() && node.has("from") {
        node.problem("from", "is empty", "name the header, or \"#1\" for the first column");
    }
    for text in column.from.iter().filter(|text| text.starts_with('#') && find_position(text).is_none()) {
        node.problem("from", format!("`{text}` is not a position"), "\"#1\" is the first column");
    }
    if node.has("field") == node.has("split") {
        node.problem("field", "must have either field or split", "the named groups of split are fields");
    }
    if let Some(split) = &column.split
        && split.capture_names().flatten().next().is_none()
    {
        node.problem("split", "has no named group", "write (?<field>...)");
    }
    if column.status.is_some() && column.number.is_none() {
        node.problem("status", "belongs to numbers only", "add number = {}");
    }
    node.finish();
    column
}

fn read_rewrite(node: TomlNode<'_>) -> Option<Rewrite> {
    for key in ["match", "to"] {
        node.require(key);
    }
    let rewrite = node.pattern("match").zip(node.text("to")).map(|(pattern, to)| Rewrite { pattern, to });
    node.finish();
    rewrite
}

fn read_number(node: TomlNode<'_>) -> CellNumberForm {
    let form = number_form(&node);
    node.finish();
    form
}

fn number_form(node: &TomlNode<'_>) -> CellNumberForm {
    let default = CellNumberForm::default();
    let multiply = node.text("multiply").map(|text| text.parse::<Decimal>());
    if let Some(Err(_)) = multiply {
        node.problem("multiply", "is not a decimal number", "write \"0.001\"");
    }
    let digits = node.number("digits").map(|digits| u32::try_from(digits).unwrap_or(u32::MAX));
    if digits.is_some_and(|digits| digits == 0 || digits > 28) {
        node.problem("digits", "is not from 1 to 28", "a spreadsheet keeps 15");
    }
    let form = CellNumberForm {
        group: node.character("group"),
        decimal: node.character("decimal").unwrap_or(default.decimal),
        multiply: multiply.and_then(Result::ok).unwrap_or(default.multiply),
        digits,
    };
    if form.group == Some(form.decimal) {
        node.problem("group", "also separates decimals", "give `decimal` too");
    }
    form
}

fn read_test(node: &TomlNode<'_>) -> RowTest {
    node.require("column");
    let test = RowTest {
        column: node.texts("column"),
        equals: node.texts("equals"),
        differs: node.texts("differs"),
        matches: node.pattern("matches"),
        matches_not: node.pattern("matches_not"),
        filled: node.flag("filled"),
    };
    if !["equals", "differs", "matches", "matches_not", "filled"].into_iter().any(|key| node.has(key)) {
        node.problem("column", "is not tested", "add equals, differs, matches, matches_not or filled");
    }
    test
}

fn read_filter(node: TomlNode<'_>) -> RowTest {
    let test = read_test(&node);
    node.finish();
    test
}

fn read_kind(node: TomlNode<'_>) -> RowKind {
    let kind = RowKind { test: read_test(&node), constants: node.pairs("constants") };
    node.finish();
    kind
}

fn read_unpivot(node: TomlNode<'_>) -> Option<Unpivot> {
    node.require("pattern");
    let (field, number, pattern) = (node.text("field"), number_form(&node), node.pattern("pattern"));
    let mut values = node.pairs("values");
    values.extend(node.text("value").map(|value| (String::new(), value)));
    let by_group = pattern.as_ref().is_some_and(|pattern| pattern.capture_names().flatten().any(|g| g == CELL_GROUP));
    if node.has("value") == node.has("values") {
        node.problem("value", "must be one of value and values", "name the field that takes the cell");
    } else if pattern.is_some() && by_group != node.has("values") {
        node.problem("pattern", "does not fit", "the group (?<cell>...) chooses among `values`, and only there");
    }
    let unpivot = pattern.map(|pattern| Unpivot { pattern, field, values, number });
    if unpivot.as_ref().is_some_and(|unpivot| unpivot.fields().next().is_none()) {
        node.problem("field", "is missing", "name the field that takes the header text, or use named groups");
    }
    node.finish();
    unpivot
}

fn read_markers(node: TomlNode<'_>) -> Markers {
    let mut marks: Vec<(String, String)> = node.pairs("marks").into_iter().collect();
    marks.sort_by_key(|(mark, _)| std::cmp::Reverse(mark.len()));
    if marks.iter().any(|(mark, _)| mark.trim().is_empty()) {
        node.problem("marks", "has a mark without text", "");
    }
    let markers = Markers {
        skip: node.texts("skip"),
        status: node.pairs("status"),
        marks,
        notes: node.part_pattern("notes"),
        status_field: node.text("status_field"),
    };
    if markers.notes.as_ref().is_some_and(|notes| notes.is_match("")) {
        node.problem("notes", "matches nothing at all", "write what a footnote mark looks like");
    }
    node.finish();
    markers
}

fn read_above(node: TomlNode<'_>) -> AboveHeader {
    for key in ["field", "label"] {
        node.require(key);
    }
    let above = AboveHeader {
        field: node.text("field").unwrap_or_default(),
        label: node.text("label").unwrap_or_default(),
        rewrite: node.children("rewrite").into_iter().filter_map(read_rewrite).collect(),
    };
    node.finish();
    above
}

fn read_end(top: &TomlNode<'_>, is_unpivoted: bool) -> TableEnd {
    let Some(node) = top.child("end") else { return TableEnd { empty_key: is_unpivoted, ..TableEnd::default() } };
    let end = TableEnd {
        texts: node.texts("texts"),
        empty_key: node.flag("empty_key").unwrap_or(is_unpivoted),
        blank_row: node.flag("blank_row").unwrap_or_default(),
    };
    node.finish();
    end
}

fn read_release(node: TomlNode<'_>) -> Option<Release> {
    node.require("from");
    let from = node.text("from").and_then(|text| {
        let day = text.parse::<Date>().ok();
        if day.is_none() {
            node.problem("from", "is not a day", "write \"YYYY-MM-DD\"");
        }
        day
    });
    let constants = node.pairs("constants");
    node.finish();
    from.map(|from| Release { from, constants })
}
