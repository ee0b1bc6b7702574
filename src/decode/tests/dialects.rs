//! Dialects are recognised and recorded; types are not guessed.

use rust_xlsxwriter::{Format, Workbook};

use super::{Bench, lines};
use crate::decode::{DecodeError, Dialect, TextChunk};

/// A schema in which the second column must be filled, so that a sentence in the first alone can be no row.
const STRICT: &str = r#"{
  "name": "things", "title": "Things", "description": "",
  "fields": [
    {"name": "code", "type": "string", "mesur": {"sensitivity": "PUB"}},
    {"name": "note", "type": "string", "constraints": {"required": true}, "mesur": {"sensitivity": "PUB"}}
  ],
  "primaryKey": ["code"],
  "mesur": {"version": 1, "mode": "snapshot", "suppliers": []}
}"#;

fn read(bench: &Bench, text: impl AsRef<[u8]>) -> (Dialect, Vec<TextChunk>) {
    let path = bench.write("things__office__20230601__001.csv", text.as_ref());
    let dialect = bench.dialect(&path);
    (dialect, bench.read(&path).expect("reads").1)
}

fn strict() -> Bench {
    bench_of(STRICT)
}

fn bench_of(schema: &str) -> Bench {
    let mut bench = Bench::new();
    std::fs::write(bench.dir.path().join("things.json"), schema).expect("a file");
    let schemas = crate::definitions::load_schemas(bench.dir.path()).expect("a good schema");
    bench.schema = schemas.into_values().next().expect("one schema");
    bench
}

#[test]
fn the_delimiter_is_the_one_under_which_the_names_appear() {
    let bench = Bench::new();
    for (text, delimiter) in [
        ("code,note\n007,1E5\n", ','),
        ("code;note\n007;1E5\n", ';'),
        ("code\tnote\n007\t1E5\n", '\t'),
        ("code|note|a,b\n007|1E5\n", '|'),
        ("\"code\";\"note\"\n\"007\";1E5\n", ';'),
        ("code^note\n007^1E5\n", '^'),
        ("code\u{1f}note\n007\u{1f}1E5\n", '\u{1f}'),
    ] {
        let (dialect, chunks) = read(&bench, text);
        assert_eq!(dialect.delimiter, Some(delimiter), "{text}");
        assert!(lines(&chunks)[0].starts_with("2: 007|1E5"), "{text}");
    }
}

#[test]
fn single_quotes_are_recognised_in_the_header() {
    let bench = Bench::new();
    let (dialect, chunks) = read(&bench, "'code','note'\n'007','it''s, 5\" wide'\n");
    assert_eq!(dialect.quote, Some('\''));
    assert_eq!(lines(&chunks), ["2: 007|it's, 5\" wide"]);
    let (dialect, chunks) = read(&bench, "code,note\n007,'tis\n");
    assert_eq!(dialect.quote, Some('"'));
    assert_eq!(lines(&chunks), ["2: 007|'tis"]);
}

#[test]
fn a_title_above_the_header_is_recorded() {
    let bench = Bench::new();
    let (dialect, chunks) = read(&bench, "Things, by code\nPublished 2023\n\ncode,note,,\n1,a,,\n");
    assert_eq!(dialect.title, ["Things by code", "Published 2023"]);
    assert_eq!((dialect.header_row, dialect.phantom_columns), (Some(4), 2));
    assert_eq!(lines(&chunks), ["5: 1|a"]);
    assert_eq!(chunks[0].ragged, [] as [u64; 0]);
    let (dialect, chunks) = read(&bench, "sep=;\ncode;note\n1;a\n");
    assert_eq!((dialect.title, dialect.delimiter), (vec!["sep=".to_owned()], Some(';')));
    assert_eq!(lines(&chunks), ["3: 1|a"]);
}

#[test]
fn a_row_like_the_header_is_no_header() {
    let bench = Bench::new();
    let (dialect, chunks) = read(&bench, "code,note\nx,y\ncode,note\n");
    assert_eq!(dialect.header_row, Some(1));
    assert_eq!(lines(&chunks), ["2: x|y", "3: code|note"]);
    let (dialect, _) = read(&bench, "code,novel,other,more\n1,code,2,3\n");
    assert_eq!(dialect.header_row, Some(1));
}

/// Its columns tell values from headings.
const TYPED: &str = r#"{
  "name": "things", "title": "Things", "description": "",
  "fields": [
    {"name": "code", "type": "string", "mesur": {"sensitivity": "PUB", "aliases": ["ref"]}},
    {
      "name": "day", "type": "date", "constraints": {"required": true},
      "mesur": {"sensitivity": "PUB", "aliases": ["date"]}
    }
  ],
  "primaryKey": ["code"],
  "mesur": {"version": 1, "mode": "snapshot", "suppliers": []}
}"#;

#[test]
fn rows_above_the_header_are_not_lost() {
    let bench = bench_of(TYPED);
    let open = |text: &str| bench.read(&bench.write("things__office__20230601__001.csv", text.as_bytes()));
    for text in ["b,2020-01-01\ncode,day\na,2020-01-02\n", "code,dya\nb,2020-01-01\ncode,day\na,2020-01-02\n"] {
        let error = open(text).expect_err("data above the header");
        assert!(matches!(error, DecodeError::DataAboveHeader { .. }), "{error}");
    }
    let (_, chunks) = open("Things,of the year\nCode,Day\ncode,day\na,2020-01-02\n").expect("a title");
    assert_eq!(lines(&chunks), ["4: a|2020-01-02"]);
}

#[test]
fn a_header_of_other_names_is_recognised() {
    let bench = bench_of(TYPED);
    let (dialect, chunks) = read(&bench, "Things of 2020\n\nref;date\na;2020-01-02\n\nSource: a survey\n");
    assert_eq!((dialect.header_row, dialect.delimiter), (Some(3), Some(';')));
    assert_eq!(lines(&chunks), ["4: a|2020-01-02"]);
}

#[test]
fn notes_below_the_table_are_counted_and_are_no_rows() {
    let bench = strict();
    let (dialect, chunks) = read(&bench, "code,note\n1,a\n\nSource: the office\nNote 1: rounded,\n");
    assert_eq!((dialect.footnotes.count(), lines(&chunks)), (2, vec!["2: 1|a".to_owned()]));
    assert_eq!(serde_json::to_value(&dialect).expect("a value")["footnotes"], 2);
    for (text, rows) in [
        ("code,note\n1,a\n\n2 b,\n3,c\n", 3),
        ("code,note\n1,a\nSource: the office,\n", 2),
        ("code,note\n1,a\n\n2,\n", 2),
        ("code,note\n1,a\n\nSource: the office,b\n", 2),
    ] {
        let (dialect, chunks) = read(&bench, text);
        assert_eq!((dialect.footnotes.count(), lines(&chunks).len()), (0, rows), "{text}");
    }
    // Without a second column that must be filled, such a row may be meant.
    let (dialect, chunks) = read(&Bench::new(), "code,note\n1,a\n\nSource: the office,\n");
    assert_eq!((dialect.footnotes.count(), lines(&chunks).len()), (0, 2));
}

#[test]
fn encodings_are_recorded() {
    let bench = Bench::new();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (bytes, name, mark) in [
        ("code,note\n1,é\n".as_bytes().to_vec(), "UTF-8", false),
        ("\u{feff}code,note\n1,é\n".as_bytes().to_vec(), "UTF-8", true),
        (wide("\u{feff}code,note\n1,é\n"), "UTF-16LE", true),
        (wide("code,note\n1,é\n"), "UTF-16LE", false),
        (b"code,note\n1,\xE9\n".to_vec(), "ISO-8859-1", false),
        (b"code,note\n1,\xE9\n2,\x80 5 \x96 \x93six\x94\n".to_vec(), "windows-1252", false),
    ] {
        let (dialect, chunks) = read(&bench, &bytes);
        assert_eq!((dialect.encoding, dialect.byte_order_mark), (Some(name), mark));
        assert_eq!(lines(&chunks)[0], "2: 1|é");
    }
    let mut late = "code,note\n".to_owned().into_bytes();
    late.extend(b"1,plain\n".repeat(80_000));
    late.extend(b"2,\xE9\n");
    let mut bench = Bench::new();
    bench.limits.rows = 100_000;
    let (dialect, chunks) = read(&bench, late);
    assert_eq!(dialect.encoding, Some("ISO-8859-1"));
    assert_eq!(lines(&chunks).last().map(String::as_str), Some("80002: 2|é"));
}

#[test]
fn letters_that_would_become_nonsense_refuse_the_file() {
    let bench = Bench::new();
    let mixed = [b"code,note\n1,".as_slice(), "café".as_bytes(), b"\n2,\xFF\n"].concat();
    assert!(bench.fails(mixed).contains("not valid UTF-8 near byte"));
    for dos_or_mac in [b"code,note\n1,Si\x93n\n".as_slice(), b"code,note\n1,Si\x99n\n"] {
        assert!(bench.fails(dos_or_mac).contains("its letters are not those of Windows"));
    }
    let (_, chunks) = bench.csv(b"code,note\n1,cereals\x85except\n").expect("Windows-1252");
    assert_eq!(lines(&chunks), ["2: 1|cereals\u{2026}except"]);
    let (_, chunks) = bench.csv(b"code,note\n1,\x93it\x92s\x94 \x96 caf\xE9\n").expect("Windows-1252");
    assert_eq!(lines(&chunks), ["2: 1|\u{201c}it\u{2019}s\u{201d} \u{2013} caf\u{e9}"]);
}

#[test]
fn a_sheet_has_its_title_notes_and_merged_cells() {
    let bench = strict();
    let path = bench.dir.path().join("things.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 4, "Things of the year", &plain).expect("merges");
    sheet.write(2, 0, "code").expect("writes").write(2, 1, "note").expect("writes");
    sheet.merge_range(3, 0, 5, 0, "007", &plain).expect("merges");
    for row in [3, 4, 5, 6] {
        sheet.write(row, 1, f64::from(row) + 0.5).expect("writes");
    }
    sheet.write(6, 0, "008").expect("writes");
    sheet.write(8, 0, "Note 1: rounded").expect("writes");
    book.add_worksheet();
    book.save(&path).expect("saves");
    let dialect = bench.dialect(&path);
    assert_eq!((dialect.title, dialect.header_row), (vec!["Things of the year".to_owned()], Some(3)));
    assert_eq!(dialect.footnotes.count(), 1);
    assert_eq!(lines(&bench.read(&path).expect("reads").1), ["4: 007|3.5", "5: 007|4.5", "6: 007|5.5", "7: 008|6.5"]);
}
