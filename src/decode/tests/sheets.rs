//! What workbooks hold beside plain cells: formats, formulas without a value, merged cells, hidden sheets.

use super::formats::zip;
use super::{Bench, lines};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const FORMATS: [&str; 5] = ["General", "dd/mm/yyyy", "0.0%", "hh:mm", "[h]:mm"];

/// A workbook of sheets with their name, attributes and cells, with `settings` of the workbook. The styles of cells are
/// the numbers of [`FORMATS`].
fn workbook(sheets: &[(&str, &str, String)], settings: &str) -> Vec<u8> {
    let (mut list, mut links) = (String::new(), String::new());
    let mut parts = Vec::new();
    for (index, (name, attributes, cells)) in sheets.iter().enumerate() {
        list.extend([format!(r#"<sheet name="{name}" sheetId="{index}" r:id="r{index}" {attributes}/>"#)]);
        links.extend([format!(
            r#"<Relationship Id="r{index}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{index}.xml"/>"#
        )]);
        parts.push((
            format!("xl/worksheets/sheet{index}.xml"),
            format!(r#"<worksheet xmlns="{MAIN}">{cells}</worksheet>"#),
        ));
    }
    let (mut codes, mut styles) = (String::new(), String::new());
    for (index, code) in FORMATS.iter().enumerate() {
        let id = 164 + index;
        codes.extend([format!(r#"<numFmt numFmtId="{id}" formatCode="{code}"/>"#)]);
        styles.extend([format!(r#"<xf numFmtId="{id}"/>"#)]);
    }
    let book = format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{settings}<sheets>{list}</sheets></workbook>"#);
    links.extend([format!(r#"<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>"#)]);
    let root = format!(r#"<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>"#);
    let linked = |links: &str| format!(r#"<Relationships xmlns="{PACKAGE}">{links}</Relationships>"#);
    parts.push(("_rels/.rels".to_owned(), linked(&root)));
    parts.push(("xl/workbook.xml".to_owned(), book));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), linked(&links)));
    let styles = format!("<numFmts>{codes}</numFmts><cellXfs>{styles}</cellXfs>");
    parts.push(("xl/styles.xml".to_owned(), format!(r#"<styleSheet xmlns="{MAIN}">{styles}</styleSheet>"#)));
    let files: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zip(&files)
}

/// Rows of cells, each the inside of `<c .. >`: its attributes, `>`, and what it holds.
fn cells(rows: &[&[&str]]) -> String {
    let mut sheet = String::new();
    for (number, row) in (1..).zip(rows) {
        let cells = row.iter().zip('A'..).map(|(cell, column)| format!(r#"<c r="{column}{number}" {cell}</c>"#));
        sheet.extend([format!(r#"<row r="{number}">{}</row>"#, cells.collect::<String>())]);
    }
    format!("<sheetData>{sheet}</sheetData>")
}

fn text(text: &str) -> String {
    format!(r#"t="inlineStr"><is><t>{text}</t></is>"#)
}

fn read(bytes: &[u8]) -> Vec<String> {
    let bench = Bench::new();
    lines(&bench.read(&bench.write("things.xlsx", bytes)).expect("reads").1)
}

/// A workbook with a bit of everything.
pub(super) fn sample() -> Vec<u8> {
    let (code, note) = (text("code"), text("note"));
    let table = cells(&[&[&code, &note], &[r#"s="1"><v>43922</v>"#, "><f>1+1</f>"], &[r#"s="2"><v>0.5</v>"#]]);
    let merged = table + r#"<mergeCells count="1"><mergeCell ref="A2:B3"/></mergeCells>"#;
    workbook(&[("Lists", r#"state="hidden""#, cells(&[&[&note]])), ("Sheet1", "", merged)], "")
}

#[test]
fn a_cell_is_written_as_its_format_shows_it() {
    let (code, note) = (text("code"), text("note"));
    let sheet = cells(&[
        &[&code, &note],
        &[r#"s="1"><v>43922</v>"#, r#"s="2"><v>0.5038</v>"#],
        &[r#"s="3"><v>0.40625</v>"#, r#"s="4"><v>1.5</v>"#],
        &[r#"s="1"><v>0</v>"#, r#"s="0"><v>0.5</v>"#],
    ]);
    assert_eq!(
        read(&workbook(&[("s", "", sheet.clone())], "")),
        ["2: 2020-04-01|50.38%", "3: 09:45:00|36:00:00", "4: 1900-01-00|0.5"]
    );
    let later = read(&workbook(&[("s", "", sheet)], r#"<workbookPr date1904="1"/>"#));
    assert_eq!(later[0], "2: 2024-04-02|50.38%");
}

#[test]
fn a_formula_without_a_value_is_no_empty_cell() {
    let (code, note) = (text("code"), text("note"));
    let sheet = cells(&[
        &[&code, &note],
        &["><f>1+1</f>", "><f>1+1</f><v></v>"],
        &["><f>1+1</f><v>2</v>", r#"t="str"><f>""</f><v></v>"#],
        &["><f>1-1</f><v>0</v>", "><v>0</v>"],
    ]);
    let gap = crate::model::NOT_CALCULATED;
    assert_eq!(
        read(&workbook(&[("s", "", sheet.clone())], "")),
        [format!("2: {gap}|{gap}"), "3: 2|".to_owned(), "4: 0|0".to_owned()]
    );
    let open_anew = r#"<calcPr fullCalcOnLoad="1"/>"#;
    assert_eq!(read(&workbook(&[("s", "", sheet)], open_anew))[2], "4: 0|0", "other formulas were calculated");
    let zeros = cells(&[&[&code, &note], &["><f>1+1</f><v>0</v>", "><v>0</v>"]]);
    assert_eq!(read(&workbook(&[("s", "", zeros)], open_anew)), [format!("2: {gap}|0")]);
}

#[test]
fn a_link_without_a_value_is_an_empty_cell() {
    let (code, note) = (text("code"), text("note"));
    let link = r##"><f>HYPERLINK("#'Contents'!A1","Back to contents")</f>"##;
    let sheet = cells(&[&[&code, &note], &["><v>1</v>", link]]);
    assert_eq!(read(&workbook(&[("s", "", sheet)], "")), ["2: 1|"]);
}

#[test]
fn a_layout_refuses_a_sheet_that_was_never_calculated() {
    let bench = Bench::new();
    let title = text("per week");
    let sheet = cells(&[&[&title], &["><f>1+1</f>"]]);
    let sheets = ["Contents", "Hours", "Jobs"].map(|name| (name, "", sheet.clone()));
    let path = bench.write("things__office__20240301__001.xlsx", &workbook(&sheets, ""));
    let error = bench.with_layout(&path).expect_err("refused").to_string();
    assert!(error.contains("> sheet Hours: row 2, column 1 has a formula without a stored value"), "{error}");
}

#[test]
fn a_cell_merged_over_columns_is_marked_where_it_covers_others() {
    let (code, note, year) = (text("code"), text("note"), text("year"));
    let merges = |areas: &[&str]| {
        let areas = areas.iter().map(|area| format!(r#"<mergeCell ref="{area}"/>"#)).collect::<Vec<_>>().concat();
        format!("<mergeCells>{areas}</mergeCells>")
    };
    let sheet = cells(&[
        &[&text("Things of the year")],
        &[&code, &note, &year],
        &[">", ">", ">"],
        &["><v>1</v>", "><v>7</v>"],
        &["><v>2</v>"],
        &["><v>3</v>", "><v>4</v>", "><v>5</v>"],
    ]) + &merges(&["A1:C1", "A2:A3", "B2:B3", "C2:C3", "B4:C5"]);
    assert_eq!(read(&workbook(&[("s", "", sheet)], "")), ["4: 1|7|#MERGED!", "5: 2|7|#MERGED!", "6: 3|4|5"]);
}

#[test]
fn a_hidden_sheet_is_left_out_and_told() {
    let bench = Bench::new();
    let table = cells(&[&[&text("code")], &["><v>1</v>"]]);
    let list = cells(&[&[&text("yes")], &[&text("no")]]);
    let both = workbook(&[("Lists", r#"state="hidden""#, list), ("Sheet1", "", table.clone())], "");
    let path = bench.write("things.xlsx", &both);
    assert_eq!(lines(&bench.read(&path).expect("reads").1), ["2: 1"]);
    let dialect = bench.dialect(&path);
    assert_eq!((dialect.sheets, dialect.other_sheets), (vec!["Sheet1".to_owned()], vec!["Lists".to_owned()]));
    assert_eq!(read(&workbook(&[("Sheet1", r#"state="veryHidden""#, table)], "")), ["2: 1"]);
}
