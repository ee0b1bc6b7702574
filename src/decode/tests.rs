//! Tests of decoding: what is read, what is refused, and that nothing panics.

mod binary;
mod bombs;
mod dialects;
mod formats;
mod parallel;
mod sheets;

use std::path::{Path, PathBuf};

use arrow::array::{Array, StringArray};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tempfile::TempDir;

use super::{DecodeError, DecodeLimits, Decoded, Dialect, OpenOptions, Parts, TextChunk, open_extract};
use crate::definitions::{Layout, Schema, load_layouts, load_schemas};

const SCHEMA: &str = r#"{
  "name": "things", "title": "Things", "description": "",
  "fields": [
    {"name": "code", "type": "string", "mesur": {"sensitivity": "PUB"}},
    {"name": "note", "type": "string", "mesur": {"sensitivity": "PUB"}},
    {"name": "year", "type": "integer", "mesur": {"sensitivity": "PUB"}},
    {"name": "unit", "type": "string", "mesur": {"sensitivity": "PUB"}},
    {"name": "status", "type": "string", "mesur": {"sensitivity": "PUB"}},
    {"name": "value", "type": "number", "mesur": {"sensitivity": "PUB", "precision": 18, "scale": 4}}
  ],
  "primaryKey": ["code"],
  "mesur": {"version": 1, "mode": "snapshot", "suppliers": []}
}"#;

const LAYOUT: &str = r#"
title = "Things by year"
dataset = "things"
suppliers = ["office"]
ignore = ["Level", "Name"]
[header]
texts = ["Code", "Area code"]
rows = 2
[[columns]]
field = "code"
from = ["Code", "Area code"]
[unpivot]
pattern = '(19|20)\d\d'
field = "year"
value = "value"
group = ","
multiply = "0.001"
[markers]
skip = ["[x]"]
status = { "[u]" = "U" }
status_field = "status"
[[sheets]]
name = "Hours"
expect = ["per week"]
constants = { unit = "HOURS" }
[[sheets]]
position = 3
constants = { unit = "JOBS" }
[[releases]]
from = "2023-01-01"
[releases.constants]
note = "first"
[[releases]]
from = "2024-01-01"
[releases.constants]
note = "second"
"#;

struct Bench {
    dir: TempDir,
    schema: Schema,
    layouts: Vec<Layout>,
    limits: DecodeLimits,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("things.json"), SCHEMA).expect("a file");
        std::fs::write(dir.path().join("things_layout.toml"), LAYOUT).expect("a file");
        let schemas = load_schemas(dir.path()).expect("a good schema");
        let layouts = load_layouts(dir.path()).expect("a good layout");
        assert_eq!(crate::definitions::check_layouts(&layouts, &schemas), Vec::new());
        let schema = schemas.into_values().next().expect("one schema");
        let limits = DecodeLimits { cell_bytes: 1000, columns: 20, rows: 20_000, ..DecodeLimits::default() };
        Self { dir, schema, layouts, limits }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    fn open(&self, path: &Path) -> Result<Decoded, DecodeError> {
        self.open_by(path, None)
    }

    fn open_by(&self, path: &Path, layout: Option<&Layout>) -> Result<Decoded, DecodeError> {
        let scratch = self.dir.path().join("scratch");
        let options = OpenOptions { schema: &self.schema, layout, limits: &self.limits, scratch_dir: &scratch };
        open_extract(path, &options)
    }

    /// What is found out about a file when all of it is read.
    fn dialect(&self, path: &Path) -> Dialect {
        let decoded = self.open(path).expect("opens");
        chunks(decoded.parts).expect("reads");
        decoded.dialect
    }

    fn read(&self, path: &Path) -> Result<(Vec<String>, Vec<TextChunk>), DecodeError> {
        let decoded = self.open(path)?;
        Ok((decoded.columns, chunks(decoded.parts)?))
    }

    fn csv(&self, text: impl AsRef<[u8]>) -> Result<(Vec<String>, Vec<TextChunk>), DecodeError> {
        self.read(&self.write("things__office__20230601__001.csv", text.as_ref()))
    }

    fn fails(&self, text: impl AsRef<[u8]>) -> String {
        self.csv(text).expect_err("refused").to_string()
    }

    fn with_layout(&self, path: &Path) -> Result<Vec<TextChunk>, DecodeError> {
        chunks(self.open_by(path, Some(&self.layouts[0]))?.parts)
    }
}

/// Everything, in order.
fn chunks(parts: Parts) -> Result<Vec<TextChunk>, DecodeError> {
    let mut all = Vec::new();
    for part in parts {
        all.extend(part?.decode()?);
    }
    Ok(all)
}

/// Rows as `number: cell|cell`.
fn lines(chunks: &[TextChunk]) -> Vec<String> {
    let mut lines = Vec::new();
    for chunk in chunks {
        for (index, number) in chunk.rows.iter().enumerate() {
            let cells: Vec<String> = chunk
                .batch
                .columns()
                .iter()
                .map(|column| {
                    let texts = column.as_any().downcast_ref::<StringArray>().expect("text");
                    assert!(texts.is_valid(index));
                    texts.value(index).to_owned()
                })
                .collect();
            lines.push(format!("{number}: {}", cells.join("|")));
        }
    }
    lines
}

#[test]
fn text_stays_as_it_is_and_rows_are_found_again() {
    let bench = Bench::new();
    let text = "\u{feff}code, note ,\r\n007,\"two\r\nlines, \"\"quoted\"\"\",\r\n\r\n  ,\r\n1E5,é,\r\n9";
    let (columns, chunks) = bench.csv(text).expect("reads");
    assert_eq!(columns, ["code", "note"]);
    // The quoted cell spans two lines of the file but one row; the blank rows 3 and 4 are counted and left out.
    assert_eq!(lines(&chunks), ["2: 007|two\r\nlines, \"quoted\"", "5: 1E5|é", "6: 9|"]);
    assert_eq!(chunks[0].ragged, [6]);
}

#[test]
fn every_line_end_ends_a_line() {
    let bench = Bench::new();
    for end in ["\n", "\r", "\r\n"] {
        let text = ["code,note", "a,b", "", "c,d"].join(end);
        let (_, chunks) = bench.csv(text).expect("reads");
        assert_eq!(lines(&chunks), ["2: a|b", "4: c|d"], "{end:?}");
    }
}

#[test]
fn encodings_are_recognised() {
    let bench = Bench::new();
    let text = "code,note\n1,Ynys Môn\n2,£5 café naïve\n";
    let expected = ["2: 1|Ynys Môn", "3: 2|£5 café naïve"];
    let utf16 = |big: bool, mark: bool| {
        let units = text.encode_utf16();
        let order = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        let marked = mark.then_some(0xFEFF).into_iter().chain(units);
        marked.flat_map(order).collect::<Vec<u8>>()
    };
    let windows = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    for bytes in [text.as_bytes().to_vec(), windows, utf16(true, true), utf16(false, true), utf16(false, false)] {
        assert_eq!(lines(&bench.csv(&bytes).expect("reads").1), expected);
    }
    let mut cut = utf16(false, true);
    cut.pop();
    assert!(bench.fails(cut).contains("not valid UTF-16LE"));
}

#[test]
fn a_header_alone_has_no_rows_and_an_empty_file_no_header() {
    let bench = Bench::new();
    let (columns, chunks) = bench.csv("code,note\n").expect("reads");
    assert_eq!((columns.len(), chunks.len()), (2, 0));
    for text in ["", "\n\n", "\u{feff}", " , \n"] {
        assert!(bench.fails(text).ends_with("the file is empty; ask the supplier to send it again"), "{text:?}");
    }
}

#[test]
fn another_delimiter_is_named_when_no_name_is_known() {
    let bench = Bench::new();
    for (text, seen) in [("a;b\n1;2,5\n", "semicolon"), ("a\tb\n1\t2\n", "tab"), ("a|b|c\n1|2|3\n", "vertical bar")] {
        assert!(bench.fails(text).contains(&format!("separated by {seen}, not by comma")), "{text}");
    }
    assert!(bench.csv("code,a;b\n1,2\n").is_ok());
    assert!(bench.csv("code\n1\n").is_ok());
    let tabs = bench.write("things__office__20230601__001.tsv", b"code\tnote\n1\t2\n");
    assert_eq!(lines(&bench.read(&tabs).expect("reads").1), ["2: 1|2"]);
}

#[test]
fn wrong_quotes_refuse_the_file() {
    let bench = Bench::new();
    assert!(bench.fails("code,note\n1,a\n2,\"b\n3,c\n").contains("the quote opened in line 3 is never closed"));
    let stray = bench.fails("code,note\n1,\"a\n2,b\"c,d\n");
    assert!(stray.contains("text follows the closing quote in line 3 (opened in line 2)"), "{stray}");
    let (_, chunks) = bench.csv("code,note\n1,\"a\" \n2,5\" pipe\n").expect("harmless");
    assert_eq!(lines(&chunks), ["2: 1|a", "3: 2|5\" pipe"]);
}

#[test]
fn limits_refuse_the_file() {
    let mut bench = Bench::new();
    let long = "x".repeat(1001);
    assert!(bench.fails(format!("code,note\n1,{long}\n")).contains("more than 1000 bytes in one cell near row 2"));
    assert!(bench.fails(",".repeat(30)).contains("more than 20 columns"));
    assert!(bench.fails("code\0note\n").contains("NUL byte in line 1"));
    bench.limits.rows = 2;
    assert!(bench.fails("code\n1\n2\n3\n").contains("more than 2 rows"));
    assert!(bench.csv("code\n1\n2\n").is_ok());
    bench.limits.file_bytes = 5;
    assert!(bench.fails("code\n1\n2\n").contains("more than 5 bytes"));
}

#[test]
fn a_line_without_end_is_refused_early() {
    let mut bench = Bench::new();
    bench.limits.cell_bytes = 1 << 20;
    let line = "x,".repeat(9).into_bytes().into_iter().chain(std::iter::repeat_n(b'x', 40 << 20));
    assert!(bench.fails(line.collect::<Vec<u8>>()).contains("bytes in one cell"));
}

#[test]
fn many_rows_come_in_chunks() {
    let bench = Bench::new();
    let text: String = std::iter::once("code\n".to_owned()).chain((0..20_000).map(|i| format!("{i}\n"))).collect();
    let (_, chunks) = bench.csv(text).expect("reads");
    assert_eq!(chunks.iter().map(|chunk| chunk.rows.len()).collect::<Vec<_>>(), [20_000]);
    assert_eq!(chunks[0].rows.last(), Some(&20_001));
}

#[test]
fn workbook_cells_are_exact_texts() {
    let bench = Bench::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for (column, name) in ["code", "note", "year", "unit"].into_iter().enumerate() {
        sheet.write(1, u16::try_from(column).expect("small"), name).expect("writes");
    }
    sheet.write(2, 0, "007").expect("writes");
    sheet.write(2, 1, 0.1 + 0.2).expect("writes");
    sheet.write(2, 2, 12.0).expect("writes");
    let day = ExcelDateTime::from_ymd(2020, 9, 30).expect("a day");
    sheet.write_with_format(2, 3, &day, &date).expect("writes");
    sheet.write(5, 0, true).expect("writes");
    sheet.write(6, 5, "stray").expect("writes");
    let path = bench.dir.path().join("things.xlsx");
    book.save(&path).expect("saves");
    let (columns, chunks) = bench.read(&path).expect("reads");
    assert_eq!(columns, ["code", "note", "year", "unit"]);
    assert_eq!(lines(&chunks), ["3: 007|0.3|12|2020-09-30", "6: true|||", "7: |||"]);
    assert_eq!(chunks[0].ragged, [7]);
    assert_eq!(chunks[0].sheet.as_deref(), Some("Sheet1"));
}

#[test]
fn a_workbook_must_say_which_sheet() {
    let bench = Bench::new();
    let path = bench.dir.path().join("things.xlsx");
    let save = |names: &[&str]| {
        let mut book = Workbook::new();
        for name in names {
            let sheet = book.add_worksheet();
            sheet.set_name(*name).expect("a name");
            sheet.write(0, 0, "code").expect("writes");
            sheet.write(1, 0, *name).expect("writes");
        }
        book.add_worksheet();
        book.save(&path).expect("saves");
    };
    save(&["one", "two"]);
    let error = bench.read(&path).expect_err("two sheets").to_string();
    assert!(error.contains("2 sheets hold data (one, two); name one `things` or write a layout"), "{error}");
    save(&["one", "things"]);
    assert_eq!(lines(&bench.read(&path).expect("reads").1), ["2: things"]);
    save(&["one"]);
    assert_eq!(lines(&bench.read(&path).expect("reads").1), ["2: one"]);
}

#[test]
fn damaged_and_foreign_workbooks_are_refused() {
    let bench = Bench::new();
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "code").expect("writes");
    let bytes = book.save_to_buffer().expect("saves");
    for length in [bytes.len() / 2, bytes.len() - 10, 30, 4] {
        let path = bench.write("things.xlsx", &bytes[..length]);
        let error = bench.read(&path).expect_err("cut").to_string();
        assert!(error.contains("damaged or cut short"), "{length}: {error}");
    }
    let path = bench.write("things.xlsx", b"code,note\n1,2\n");
    assert_eq!(lines(&bench.read(&path).expect("text whose header is known").1), ["2: 1|2"]);
    let path = bench.write("things.xlsx", b"a,b\n1,2\n");
    assert!(bench.read(&path).expect_err("text").to_string().contains("its content is not a workbook's"));
    let path = bench.write("things.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old");
    assert!(bench.read(&path).expect_err("old").to_string().contains("damaged old .xls workbook"));
}

#[test]
fn a_bomb_is_not_unpacked() {
    use std::io::Write;
    let mut bench = Bench::new();
    let bomb = |size: usize| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(&vec![b' '; size]).expect("writes");
        archive.finish().expect("ends").into_inner()
    };
    let path = bench.write("things.xlsx", &bomb(20 << 20));
    let error = bench.read(&path).expect_err("a bomb").to_string();
    assert!(error.contains("`xl/workbook.xml` unpacks to more than 200 times its packed size"), "{error}");
    bench.limits.expanded_bytes = 1000;
    let path = bench.write("things.xlsx", &bomb(5000));
    let error = bench.read(&path).expect_err("too large").to_string();
    assert!(error.contains("unpacks to more than 1000 bytes"), "{error}");
}

/// A spreadsheet whose second row is repeated.
fn open_document(repeats: u64) -> Vec<u8> {
    use std::io::Write;
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="s">
<table:table-row><table:table-cell office:value-type="string"><text:p>code</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>note</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="{repeats}"><table:table-cell office:value-type="string"><text:p>007</text:p>
</table:table-cell><table:table-cell office:value-type="float" office:value="12"><text:p>12.00</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="1000"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"#
    )
    .replace(">\n<", "><");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_str()),
        (
            "META-INF/manifest.xml",
            r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#,
        ),
    ] {
        archive.start_file(name, options).expect("a part");
        archive.write_all(text.as_bytes()).expect("writes");
    }
    archive.finish().expect("ends").into_inner()
}

#[test]
fn open_document_sheets_are_read_and_repetitions_counted_first() {
    let mut bench = Bench::new();
    let path = bench.write("things.ods", &open_document(2));
    assert_eq!(lines(&bench.read(&path).expect("reads").1), ["2: 007|12", "3: 007|12"]);
    bench.limits.expanded_bytes = 64 << 10;
    let path = bench.write("things.ods", &open_document(1_000_000));
    let error = bench.read(&path).expect_err("too many").to_string();
    assert!(error.contains("more than 1024 cells with the repeated ones"), "{error}");
}

/// A workbook as a statistics office publishes it: contents, two tables with titles, two header rows, phantom columns and
/// notes.
fn published(path: &Path, change: impl Fn(&mut Workbook)) {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Contents").expect("a name").write(0, 0, "Summary").expect("writes");
    for (name, title) in [("Hours", "Hours worked per week"), ("Jobs", "Jobs")] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        sheet.write(0, 0, title).expect("writes");
        sheet.write(3, 3, "2019").expect("writes");
        sheet.write(3, 4, 2020).expect("writes");
        for (column, text) in ["Level", "Code", "Name", "hours", "hours"].into_iter().enumerate() {
            sheet.write(4, u16::try_from(column).expect("small"), text).expect("writes");
        }
        sheet.write(5, 0, "ITL2").expect("writes").write(5, 1, "TLL1").expect("writes");
        sheet.write(5, 3, 23_741_247).expect("writes").write(5, 4, "1,234").expect("writes");
        sheet
            .write(6, 1, "TLL2")
            .expect("writes")
            .write(6, 3, "[u]")
            .expect("writes")
            .write(6, 4, "[x]")
            .expect("writes");
        sheet.write_blank(6, 9, &Format::new().set_bold()).expect("writes");
        sheet.write(8, 0, "Note 1: hours are rounded").expect("writes");
    }
    change(&mut book);
    book.save(path).expect("saves");
}

#[test]
fn a_layout_finds_the_table_and_turns_years_into_rows() {
    let bench = Bench::new();
    let path = bench.dir.path().join("things__office__20240301__001.xlsx");
    published(&path, |_| {});
    let chunks = bench.with_layout(&path).expect("reads");
    assert_eq!(
        lines(&chunks),
        [
            "6: TLL1|second|2019|HOURS||23741.247",
            "6: TLL1|second|2020|HOURS||1.234",
            "7: TLL2|second|2019|HOURS|U|",
            "6: TLL1|second|2019|JOBS||23741.247",
            "6: TLL1|second|2020|JOBS||1.234",
            "7: TLL2|second|2019|JOBS|U|",
        ]
    );
    assert_eq!(chunks.iter().map(|c| c.sheet.clone()).collect::<Vec<_>>(), [Some("Hours".into()), Some("Jobs".into())]);
    let earlier = bench.dir.path().join("things__office__20230301__001.xlsx");
    std::fs::copy(&path, &earlier).expect("copies");
    assert!(lines(&bench.with_layout(&earlier).expect("reads"))[0].starts_with("6: TLL1|first|"));
    let oldest = bench.dir.path().join("things__office__20200301__001.xlsx");
    std::fs::copy(&path, &oldest).expect("copies");
    assert!(bench.with_layout(&oldest).expect_err("too old").to_string().contains("no release is known by 2020-03-01"));
}

#[test]
fn a_file_unlike_its_layout_is_refused() {
    let bench = Bench::new();
    let path = bench.dir.path().join("things__office__20240301__001.xlsx");
    let fails = |change: fn(&mut Workbook)| {
        published(&path, change);
        bench.with_layout(&path).expect_err("another shape").to_string()
    };
    let change = |error: String, what: &str| assert!(error.contains(what), "{error}");
    change(
        fails(|book| {
            book.worksheet_from_name("Hours").expect("a sheet").write(4, 5, "Novel").expect("writes");
        }),
        "sheet Hours: column 6 is headed `Novel`, which the layout neither reads nor ignores",
    );
    change(
        fails(|book| {
            book.worksheet_from_name("Hours").expect("a sheet").write(0, 0, "Jobs").expect("writes");
        }),
        "`per week` does not stand in or above the header",
    );
    change(
        fails(|book| {
            book.worksheet_from_name("Hours").expect("a sheet").write(20, 3, 7).expect("writes");
        }),
        "row 21 holds numbers after the end of the table",
    );
    change(
        fails(|book| {
            book.worksheet_from_name("Hours").expect("a sheet").write(4, 1, "Key").expect("writes");
        }),
        "there is no header, looked for a cell `Code` or `Area code`",
    );
    change(
        fails(|book| {
            book.worksheet_from_name("Hours").expect("a sheet").set_name("Stunden").expect("a name");
        }),
        "there is no sheet `Hours`; it has Contents, Stunden, Jobs",
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decode_never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2000), tail in "(csv|xlsx|ods)") {
        let bench = Bench::new();
        let path = bench.write(&format!("x.{tail}"), &bytes);
        let _ = bench.read(&path);
        let mut zipped = b"PK\x03\x04".to_vec();
        zipped.extend(&bytes);
        let _ = bench.read(&bench.write("x.xlsx", &zipped));
    }

    #[test]
    fn decode_never_panics_on_odd_text(text in "([a-c\"\\r\\n,;\\t é]|\"\"|,\"|\"\\n){0,80}") {
        let bench = Bench::new();
        let _ = bench.csv(&text);
        let path = bench.write("things__office__20240301__001.csv", text.as_bytes());
        let _ = bench.with_layout(&path);
    }

    #[test]
    fn what_csv_writes_comes_back(
        cells in prop::collection::vec(prop::collection::vec("[a-z0-9\",;\\r\\n éŵ]{1,12}[a-z]", 3), 1..20),
    ) {
        let bench = Bench::new();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["code", "note", "year"]).expect("writes");
        for row in &cells {
            writer.write_record(row).expect("writes");
        }
        let (_, chunks) = bench.csv(writer.into_inner().expect("ends")).expect("reads");
        let expected: Vec<String> =
            cells.iter().enumerate().map(|(i, row)| format!("{}: {}", i + 2, row.join("|"))).collect();
        prop_assert_eq!(lines(&chunks), expected);
    }
}
