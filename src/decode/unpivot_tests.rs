//! Tests of layouts on small inline tables: one feature of the layout language each, good and bad.

use arrow::array::{Array, StringArray};
use jiff::civil::date;

use super::DecodeError;
use super::row::{Row, RowSource};
use super::unpivot::LayoutChunks;
use crate::definitions::{Layout, choose_sheets, load_layouts};

/// Sheets of comma-separated lines; one sheet without a name is a text file.
struct Lines {
    names: Vec<String>,
    rows: std::vec::IntoIter<Row>,
}

impl RowSource for Lines {
    fn read(&mut self, row: &mut Row) -> Result<bool, DecodeError> {
        let next = self.rows.next();
        Ok(next.map(|next| *row = next).is_some())
    }

    fn is_fixed_width(&self) -> bool {
        self.names.is_empty()
    }

    fn sheets(&self) -> &[String] {
        &self.names
    }
}

fn rows_of(sheet: usize, text: &str) -> Vec<Row> {
    let lines = text.trim_start_matches('\n').lines().map(str::trim).enumerate();
    let filled = lines.filter(|(_, line)| !line.trim_matches(',').is_empty());
    let row = |(index, line): (usize, &str)| {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
        let cells = reader.records().next().expect("a record").expect("reads");
        Row { number: u64::try_from(index).expect("small") + 1, sheet, cells }
    };
    filled.map(row).collect()
}

fn layout(text: &str) -> Layout {
    let dir = tempfile::tempdir().expect("a folder");
    let text = format!("title = 'x'\ndataset = 'things'\nsuppliers = ['office']\n{text}");
    std::fs::write(dir.path().join("x.toml"), text).expect("a file");
    load_layouts(dir.path()).expect("a good layout").remove(0)
}

/// The rows of a source, as `number: cell|cell`.
fn read_all(layout: &Layout, fields: &str, source: Lines) -> Result<Vec<String>, String> {
    let fields: Vec<String> = fields.split(' ').map(str::to_owned).collect();
    let base = layout.resolve_constants(Some(date(2024, 3, 1)))?;
    let mut lines = Vec::new();
    for chunk in LayoutChunks::new("x.csv", layout, Box::new(source), fields, base) {
        let chunk = chunk.map_err(|error| error.to_string())?;
        for (index, number) in chunk.rows.iter().enumerate() {
            let texts = chunk.batch.columns().iter();
            let texts = texts.map(|column| column.as_any().downcast_ref::<StringArray>().expect("text"));
            let cells: Vec<&str> = texts.map(|texts| texts.value(index)).collect();
            let mark = if chunk.ragged.contains(number) { " ragged" } else { "" };
            lines.push(format!("{number}: {}{mark}", cells.join("|")));
        }
    }
    Ok(lines)
}

/// Reads a text file.
fn read(text: &str, fields: &str, file: &str) -> Vec<String> {
    let source = Lines { names: Vec::new(), rows: rows_of(0, file).into_iter() };
    read_all(&layout(text), fields, source).expect("reads")
}

fn fails(text: &str, fields: &str, file: &str) -> String {
    let source = Lines { names: Vec::new(), rows: rows_of(0, file).into_iter() };
    read_all(&layout(text), fields, source).expect_err("differs")
}

/// Reads a workbook.
fn read_sheets(text: &str, fields: &str, sheets: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let layout = layout(text);
    let all: Vec<String> = sheets.iter().map(|(name, _)| (*name).to_owned()).collect();
    let names = choose_sheets(&layout.sheets, &all).map_err(|sheet| format!("no sheet {sheet}"))?;
    let text_of = |name: &String| sheets.iter().find(|(other, _)| other == name).expect("chosen").1;
    let rows: Vec<Row> = names.iter().enumerate().flat_map(|(at, name)| rows_of(at, text_of(name))).collect();
    read_all(&layout, fields, Lines { names, rows: rows.into_iter() })
}

const PLAIN: &str = "
    header = { texts = ['Code'] }
    columns = [{ field = 'code', from = ['Code'] }, { field = 'name', from = ['Name', 'Full name'] }]
";

#[test]
fn a_plain_table_gives_one_row_a_row() {
    assert_eq!(read(PLAIN, "name code", "A title,\nCode,Name\n007, x \n,y\n"), ["3: x|007", "4: y|"]);
    assert_eq!(read(PLAIN, "name code", "Full   name,Code\nx,1\n"), ["2: x|1"]);
    assert_eq!(read(PLAIN, "code name", "Code,Name,\nx,1,stray\n"), ["2: x|1 ragged"]);
}

#[test]
fn a_header_that_changed_is_named() {
    for (file, what) in [
        ("Code,Name,New\n1,2,3\n", "column 3 is headed `New`, which the layout neither reads nor ignores"),
        ("Code,Title\n1,2\n", "no column is headed `Name`, `Full name`"),
        ("Code,Name,Full name\n1,2,3\n", "columns 2 and 3 are both headed `Name`, `Full name`"),
        ("Key,Name\n1,2\n", "there is no header, looked for a cell `Code`"),
    ] {
        let error = fails(PLAIN, "code name", file);
        assert!(error.contains(what), "{error}");
    }
    let ignoring = format!("ignore = ['New', '#4']\n{PLAIN}");
    assert_eq!(read(&ignoring, "code", "Code,Name,New,Other\n1,2,3,4\n"), ["2: 1"]);
}

#[test]
fn an_optional_column_may_be_missing() {
    let text = PLAIN.replace("'Full name'] }", "'Full name'], optional = true }");
    assert_eq!(read(&text, "code name", "Code\n1\n"), ["2: 1|"]);
}

#[test]
fn a_file_without_header_has_columns_by_position() {
    let text = "
        header = { absent = true }
        ignore = ['#3']
        columns = [{ field = 'code', from = ['#1'] }, { field = 'name', from = ['#2'] }]
    ";
    assert_eq!(read(text, "code name", "a,b,c\nd,e,f\n"), ["1: a|b", "2: d|e"]);
    assert!(fails(text, "code name", "a,b,c,d\n").contains("column 4 has no name, which the layout neither reads"));
}

#[test]
fn cells_are_rewritten_mapped_and_split() {
    let text = r"
        header = { texts = ['Code'] }
        columns = [
          { field = 'code', from = ['Code'], rewrite = [
            { match = '(\d)', to = '0$1' }, { match = '(\d)-(\d)', to = '0$1-0$2' } ] },
          { from = ['unit,geo'], split = '(?<unit>[^,]+),(?<area>.+)' },
          { field = 'year', from = ['Year'], prefix = 'Y', suffix = '/4', trim = false },
        ]
        [values.code]
        02-Mar = '02-03'
        [values.unit]
        EUR = 'euro'
    ";
    let file = "Code,\"unit,geo\",Year\n1,\"EUR,UKL1\", 7\n2-3,PPS,\n02-Mar,\"X,Y,Z\",8\n";
    assert_eq!(
        read(text, "code unit area year", file),
        ["2: 01|euro|UKL1|Y 7/4", "3: 02-03|PPS||", "4: 02-03|X|Y,Z|Y8/4"]
    );
}

#[test]
fn blank_cells_of_merged_columns_are_filled_from_above() {
    let text = "
        header = { texts = ['Area'] }
        columns = [{ field = 'area', from = ['Area'], fill = true }, { field = 'name', from = ['Name'] }]
        filters = [{ column = ['Area'], differs = ['B'] }]
    ";
    assert_eq!(read(text, "area name", "Area,Name\nA,1\n,2\nB,3\n,4\nC,5\n"), ["2: A|1", "3: A|2", "6: C|5"]);
}

#[test]
fn filters_keep_rows() {
    let table = "Code,Kind\n1,a\n2,b\n3,\n4,ab\n";
    let rows = |test: &str| {
        let columns = "columns = [{ field = 'code', from = ['Code'] }]";
        let text = format!("header = {{ row = 1 }}\n{columns}\nfilters = [{{ column = ['Kind'], {test} }}]");
        read(&text, "code", table).into_iter().map(|line| line.chars().last().expect("a code")).collect::<String>()
    };
    assert_eq!(rows("equals = ['a', 'b']"), "12");
    assert_eq!(rows("differs = ['a', 'b']"), "34");
    assert_eq!(rows("matches = 'a.?'"), "14");
    assert_eq!(rows("matches_not = 'a.?'"), "23");
    assert_eq!(rows("filled = true"), "124");
    assert_eq!(rows("filled = false"), "3");
    assert_eq!(rows("filled = true, differs = ['ab']"), "12");
}

const SERIES: &str = r"
    header = { texts = ['Important notes'], expect = ['YBGB'] }
    columns = [
      { field = 'period', from = ['#1'], rewrite = [{ match = '(\d{4}) (Q\d)', to = '${1}-$2' }] },
      { field = 'index', from = ['#2'], number = {} },
    ]
    above = [{ field = 'vintage', label = 'Release date', rewrite = [{ match = '\d\d-(\d\d)-(\d{4})', to = '${2}-$1' }] }]
    kinds = [
      { column = ['#1'], matches = '\d{4}', constants = { basis = 'YEAR' } },
      { column = ['#1'], matches = '\d{4} Q\d', constants = { basis = 'QUARTER' } },
    ]
";

#[test]
fn stacked_series_are_told_apart_by_their_periods() {
    let file = "CDID,YBGB\nRelease date,30-06-2025\nImportant notes,\n1998,57.1\n1998 Q1,56.9\n";
    assert_eq!(
        read(SERIES, "basis period vintage index", file),
        ["4: YEAR|1998|2025-06|57.1", "5: QUARTER|1998-Q1|2025-06|56.9"]
    );
    let inside = "Release date: 30-06-2025,YBGB\nImportant notes,\n1998,57.1\n";
    assert_eq!(read(SERIES, "vintage", inside), ["3: 2025-06"]);
    for (from, to, what) in [
        ("1998 Q1", "1998 JAN", "row 5 is of none of the `kinds` (column 1)"),
        ("YBGB", "ABCD", "`YBGB` does not stand in or above the header"),
        ("30-06-2025", "", "nothing stands beside `Release date` above the header"),
    ] {
        let error = fails(SERIES, "period", &file.replace(from, to));
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn the_table_ends_where_the_layout_says() {
    let end = |end: &str| format!("{PLAIN}\nend = {{ {end} }}");
    let file = "Code,Name\n1,a\nSource: ONS,\n";
    assert_eq!(read(&end("texts = ['Source']"), "code name", file), ["2: 1|a"]);
    assert_eq!(read(&end("empty_key = true"), "code", "Code,Name\n1,a\n,note\n"), ["2: 1"]);
    assert_eq!(read(&end("blank_row = true"), "code", "Code,Name\n\n1,a\n2,b\n\n3,c\n"), ["3: 1", "4: 2"]);
    let error = fails(&end("texts = ['Source']"), "code", &format!("{file}2,b\n"));
    assert!(error.contains("row 4 holds data after the end of the table"), "{error}");
}

const YEARS: &str = r"
    header = { texts = ['Code'] }
    columns = [{ field = 'code', from = ['Code'] }]
    [unpivot]
    pattern = '(19|20)\d\d'
    field = 'year'
    value = 'value'
    group = ','
    [markers]
    skip = ['-']
    status = { '[x]' = 'x', ':' = 'x', '..' = 'x', 'c' = 'c' }
    marks = { e = 'e', p = 'p', '(r)' = 'r', ep = 'e' }
    notes = '\s*\[note [\d, ]+\]'
    status_field = 'status'
    [constants]
    status = 'final'
";

#[test]
fn markers_and_marks_become_status() {
    let cell = |text: &str| {
        let file = format!("Code,2019 [note 1]\nA,\"{text}\"\n");
        read(YEARS, "year value status", &file).pop().unwrap_or_default()
    };
    for (text, row) in [
        ("1,234", "2: 2019|1234|final"),
        ("[x]", "2: 2019||x"),
        (": ", "2: 2019||x"),
        (": e", "2: 2019||x"),
        ("c", "2: 2019||c"),
        ("123 e", "2: 2019|123|e"),
        ("45.6p", "2: 2019|45.6|p"),
        ("7 ep", "2: 2019|7|e"),
        ("-7 (r) [note 1, 2]", "2: 2019|-7|r"),
        ("8(r)p", "2: 2019|8|p r"),
        ("apple", "2: 2019|apple|final"),
        ("1E5", "2: 2019|1E5|final"),
        ("-", ""),
    ] {
        assert_eq!(cell(text), row, "{text}");
    }
}

#[test]
fn numbers_are_taken_as_they_are_written() {
    let cell = |form: &str, text: &str| {
        let unpivot = format!("pattern = '\\d+'\nfield = 'year'\nvalue = 'value'\n{form}");
        let text_of = YEARS.split("[unpivot]").next().expect("a head");
        let file = format!("Code,2019\nA,\"{text}\"\n");
        read(&format!("{text_of}[unpivot]\n{unpivot}"), "value", &file).remove(0).replace("2: ", "")
    };
    assert_eq!(cell("multiply = '0.001'", "23741247"), "23741.247");
    assert_eq!(cell("group = '.'\ndecimal = ','", "4.578.474,50"), "4578474.50");
    assert_eq!(cell("group = ' '", "1\u{a0}234\u{202f}567 "), "1234567");
    assert_eq!(cell("digits = 15", "1028675999.9999999"), "1028676000");
    assert_eq!(cell("group = ','", "12,34"), "12,34");
    assert_eq!(cell("", "1,234"), "1,234");
    assert_eq!(cell("", ".50"), "0.50");
    assert_eq!(cell("multiply = '1000'", "text"), "text");
}

#[test]
fn merged_header_cells_name_their_columns() {
    let text = r"
        header = { texts = ['Area'], rows = 2, merged = true, join = ' / ' }
        columns = [{ field = 'area', from = ['Area'] }]
        unpivot = { pattern = '(?<year>\d{4})(-\d\d)? / (?<measure>.+)', value = 'value' }
        [values.measure]
        Jobs = 'JOBS'
    ";
    let file = "Some title,,,,\n,2019,,2020-21,\nArea,Jobs,GVA,Jobs,GVA\nA,1,2,3,4\n";
    assert_eq!(
        read(text, "area year measure value", file),
        ["4: A|2019|JOBS|1", "4: A|2019|GVA|2", "4: A|2020|JOBS|3", "4: A|2020|GVA|4"]
    );
    let error = fails(text, "area", "t,,\n,2019,\nArea,Jobs,Jobs\nA,1,2\n");
    assert!(error.contains("columns 2 and 3 are both headed `2019 / Jobs`"), "{error}");
    assert!(fails(YEARS, "code", "Code,Name\nA,1\n").contains("column 2 is headed `Name`"));
    assert!(fails(YEARS, "code", "Code\nA\n").contains("no column is headed like `(19|20)\\d\\d`"));
}

#[test]
fn columns_that_belong_together_become_one_row() {
    let text = r"
        header = { row = 1 }
        columns = [{ field = 'id', from = ['id'] }]
        [unpivot]
        pattern = '(?<component>[A-Z]{2}\d)_(?<cell>cur|tar)'
        values = { cur = 'current', tar = 'target' }
        [markers]
        skip = ['', '-']
    ";
    let file = "id,PE1_cur,PE1_tar,MS2_tar,MS2_cur\nD-1,1.5,3,-,2\nD-2,-,,4,4\n";
    assert_eq!(
        read(text, "id component current target", file),
        ["2: D-1|PE1|1.5|3", "2: D-1|MS2|2|", "3: D-2|MS2|4|4"]
    );
}

#[test]
fn sheets_are_found_by_name_position_or_form() {
    let text = r"
        header = { texts = ['Code'] }
        columns = [{ field = 'code', from = ['Code'] }]
        [[sheets]]
        pattern = '(?<year>20\d\d).*'
        constants = { kind = 'many' }
        [[sheets]]
        name = '2021'
        constants = { kind = 'one', year = 'last' }
    ";
    let table = "Code\nA\n";
    let sheets = [("Notes", "Nothing\n"), ("2019", table), ("2021", table), ("2020 (p)", table)];
    assert_eq!(
        read_sheets(text, "code year kind", &sheets).expect("reads"),
        ["2: A|2019|many", "2: A|2020|many", "2: A|last|one"]
    );
    let error = read_sheets(text, "code", &[("2021", table)]).expect_err("none is like it");
    assert_eq!(error, r"no sheet like `(?<year>20\d\d).*`");
    let position = text.replace(r"pattern = '(?<year>20\d\d).*'", "position = 1");
    assert!(read_sheets(&position, "code", &sheets).expect_err("a sheet of notes").contains("there is no header"));
}

#[test]
fn a_number_of_a_plain_table_has_its_own_status() {
    let text = "
        header = { texts = ['Code'] }
        columns = [
          { field = 'jobs', from = ['Code'], number = { group = ',' }, status = 'jobs_status' },
          { field = 'firms', from = ['Firms'], number = {}, status = 'firms_status' },
        ]
        [markers]
        status = { '*' = 'c' }
        skip = ['n/k']
        marks = { e = 'e' }
    ";
    let file = "Code,Firms\n\"1,200\",*\n7 e,n/k\n";
    assert_eq!(read(text, "jobs jobs_status firms firms_status", file), ["2: 1200|||c", "3: 7|e||"]);
}

#[test]
fn releases_and_the_day_give_values() {
    let text = format!(
        "{PLAIN}\nas_of = {{ vintage = '%Y-%m' }}\n[[releases]]\nfrom = '2024-02-01'\nconstants = {{ note = 'new' }}\n\
         [[releases]]\nfrom = '2023-02-01'\nconstants = {{ note = 'old' }}\n"
    );
    assert_eq!(read(&text, "code vintage note", "Code,Name\n1,a\n"), ["2: 1|2024-03|new"]);
    let layout = layout(&text);
    assert_eq!(layout.resolve_constants(Some(date(2023, 12, 1))).expect("known")["note"], "old");
    let early = layout.resolve_constants(Some(date(2022, 1, 1))).expect_err("too early");
    assert_eq!(early, "no release is known by 2022-01-01; add one to `releases`");
    assert!(layout.resolve_constants(None).expect_err("no day").contains("does not tell its day"));
}
