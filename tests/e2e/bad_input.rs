//! Bad input, each kind with a clear error, the right exit code, and nothing half-done.

use std::io::Write;

use crate::bench::TestBench;

const VOUCHERS: &str = "vouchers__grants__20201231__001.csv";

/// A bench with the example's lookups and firms in the lake, so that vouchers have something to point at.
fn bench() -> TestBench {
    let bench = TestBench::with_examples();
    let inbox = bench.inbox();
    for entry in std::fs::read_dir(&inbox).expect("the inbox") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !["businesses", "geography_lookup", "component_lookup", "diagnostics__"].iter().any(|p| name.starts_with(p))
        {
            std::fs::remove_file(&path).expect("it goes");
        }
    }
    bench
}

fn example(name: &str) -> String {
    std::fs::read_to_string(crate::bench::examples().join(name)).expect("an example")
}

/// Puts a file into the inbox, ingests, and expects that it is refused whole, with a reason that names `fragment`,
/// while the others are taken.
fn refused(file: &str, bytes: &[u8], fragment: &str) {
    let bench = bench();
    std::fs::write(bench.inbox().join(file), bytes).expect("a file");
    let said = bench.expect(1, &["ingest"]);
    assert!(said.stdout.contains(&format!("{file}: refused")), "{}", said.stdout);
    let mut reasons = said.stdout.lines().filter(|line| line.starts_with("  ") && line.contains(file));
    assert!(reasons.any(|line| line.contains(fragment)), "{file} wants `{fragment}`:\n{}", said.stdout);
    assert_eq!(bench.ask("select count(*) as n from vouchers"), "0");
    assert_ne!(bench.ask("select count(*) as n from businesses"), "0", "the others go on");
}

#[test]
fn an_empty_file_is_refused() {
    refused(VOUCHERS, b"", "empty");
}

#[test]
fn a_header_alone_is_held_until_somebody_says_that_there_are_no_rows() {
    let bench = bench();
    let header = example(VOUCHERS).lines().next().expect("a header").to_owned() + "\n";
    let path = bench.inbox().join(VOUCHERS);
    std::fs::write(&path, header).expect("a file");
    let said = bench.expect(1, &["ingest"]);
    assert!(said.stdout.contains(&format!("{VOUCHERS}: V060 the file has a header and no rows")), "{}", said.stdout);
    let path = path.display().to_string();
    let through = ["--accept", "V060", "--by", "Example Operator", "--note", "none yet"];
    let said = bench.expect(0, &[&["ingest", "--file", &path, "--dataset", "vouchers"], through.as_slice()].concat());
    assert!(said.stdout.contains(&format!("{VOUCHERS}: 0 rows in, 0 accepted")), "{}", said.stdout);
}

#[test]
fn a_wrong_delimiter_is_named() {
    refused(VOUCHERS, b"number|amount\n1|2\n", "vertical bar");
}

#[test]
fn another_delimiter_is_read_when_the_names_appear_under_it() {
    let bench = bench();
    let header = example(VOUCHERS).lines().next().expect("a header").replace(',', "|") + "\n";
    std::fs::write(bench.inbox().join(VOUCHERS), header).expect("a file");
    let said = bench.expect(1, &["ingest"]);
    assert!(said.stdout.contains(&format!("{VOUCHERS}: V060 the file has a header and no rows")), "{}", said.stdout);
}

#[test]
fn missing_columns_are_named() {
    refused(VOUCHERS, example(VOUCHERS).replacen("grant_offered_gbp", "grant", 1).as_bytes(), "grant_offered_gbp");
}

#[test]
fn unknown_columns_are_named() {
    let text = example(VOUCHERS);
    let widened: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(index, line)| format!("{line},{}", if index == 0 { "mood" } else { "good" }))
        .collect();
    refused(VOUCHERS, widened.join("\n").as_bytes(), "mood");
}

#[test]
fn two_headers_of_one_name_are_refused() {
    refused(VOUCHERS, example(VOUCHERS).replacen("applied_on", "decided_on", 1).as_bytes(), "decided_on");
}

#[test]
fn a_truncated_workbook_is_refused() {
    let name = "vouchers__grants__20201231__001.xlsx";
    let whole = workbook();
    refused(name, &whole[..whole.len() / 2], "");
}

fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in example(VOUCHERS).lines().take(50).enumerate() {
        for (column, text) in line.split(',').enumerate() {
            let (row, column) = (u32::try_from(row).expect("few"), u16::try_from(column).expect("few"));
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn a_workbook_gives_the_same_rows_as_its_csv() {
    let bench = bench();
    std::fs::write(bench.inbox().join("vouchers__grants__20201231__001.xlsx"), workbook()).expect("a file");
    bench.mesur(&["ingest"]);
    let from_xlsx =
        bench.expect(0, &["sql", "-c", "select voucher_id, eligible_cost_gbp from vouchers order by voucher_id"]);
    let other = self::bench();
    let some: String = example(VOUCHERS).lines().take(50).flat_map(|line| [line, "\n"]).collect();
    std::fs::write(other.inbox().join(VOUCHERS), some).expect("a file");
    other.mesur(&["ingest"]);
    let from_csv =
        other.expect(0, &["sql", "-c", "select voucher_id, eligible_cost_gbp from vouchers order by voucher_id"]);
    assert_eq!(from_xlsx.stdout, from_csv.stdout);
    assert!(from_csv.stdout.lines().count() > 10, "{}", from_csv.stdout);
}

#[test]
fn a_zip_bomb_is_refused() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for name in ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"] {
        zip.start_file(name, options).expect("an entry");
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..200 {
            zip.write_all(&zeros).expect("zeros");
        }
    }
    let bytes = zip.finish().expect("a zip").into_inner();
    refused("vouchers__grants__20201231__001.xlsx", &bytes, "");
}

#[test]
fn an_unknown_name_is_refused_and_the_others_go_on() {
    let bench = bench();
    std::fs::write(bench.inbox().join("figures final (2).csv"), "a,b\n1,2\n").expect("a file");
    std::fs::write(bench.inbox().join("moods__grants__20201231__001.csv"), "a,b\n1,2\n").expect("a file");
    let said = bench.expect(1, &["ingest"]);
    assert!(said.stdout.contains("figures final (2).csv: refused"), "{}", said.stdout);
    assert!(said.stdout.contains("there is no dataset `moods`"), "{}", said.stdout);
    assert_ne!(bench.ask("select count(*) as n from businesses"), "0");
}

#[test]
fn a_named_dataset_or_file_that_matches_nothing_is_a_usage_error() {
    let bench = bench();
    bench.expect(2, &["ingest", "vouchers"]);
    bench.expect(2, &["ingest", "moods"]);
    bench.expect(2, &["ingest", "--file", "nowhere.csv", "--dataset", "vouchers"]);
    bench.expect(2, &["run", "weekly"]);
    bench.expect(2, &["run", "iacw-quarterly", "--period", "2020-22-Q3"]);
    bench.expect(2, &["build", "-s", "X99", "--period", "2020-21-Q3"]);
}

#[test]
fn an_empty_inbox_is_fine_and_says_so() {
    let bench = TestBench::empty();
    let said = bench.expect(0, &["ingest"]);
    assert_eq!(said.stdout, "the inbox is empty: nothing to do\n");
}

#[test]
fn no_firms_and_no_quarter_are_clear_errors() {
    let bench = TestBench::empty();
    let said = bench.expect(2, &["run", "iacw-quarterly"]);
    assert!(said.stderr.contains("no finished quarter has data"), "{}", said.stderr);
    let with_data = TestBench::with_examples();
    for period in ["2012-13-Q1", "2023-24-Q1"] {
        let said = with_data.expect(2, &["run", "iacw-quarterly", "--period", period]);
        assert!(said.stderr.contains("has no data"), "{}", said.stderr);
    }
    let said = with_data.expect(2, &["run", "iacw-quarterly", "--period", "2098-99-Q1"]);
    assert!(said.stderr.contains("is not over"), "{}", said.stderr);
    assert!(!with_data.var().join("editions").exists(), "nothing half-done");
}

#[test]
fn a_register_without_firms_sends_nothing() {
    let bench = TestBench::with_examples();
    let path = bench.inbox().join("businesses__wg__20201231__001.csv");
    let text = std::fs::read_to_string(&path).expect("a file");
    std::fs::write(&path, format!("{}\n", text.lines().next().expect("a header"))).expect("a header");
    let said = bench.expect(2, &["run", "iacw-quarterly", "--period", "2020-21-Q3"]);
    assert!(said.stderr.contains("no firm was accepted"), "{}", said.stderr);
    assert!(
        said.stdout.contains("ingest      33 files: 32 taken, 0 in the lake already, 0 refused, 1 held"),
        "what was done is told: {}",
        said.stdout
    );
    assert!(!bench.var().join("outbox").exists() && !bench.var().join("editions").exists(), "nothing half-done");
}

#[test]
fn an_address_that_is_none_waits_in_the_quarantine_and_the_others_get_mail() {
    let bench = TestBench::with_examples();
    let path = bench.inbox().join("recipients__wg__20201231__001.csv");
    let text = std::fs::read_to_string(&path).expect("the recipients");
    let (first, rest) = text.split_once('\n').expect("a header");
    let (mut row, others) = rest.split_once('\n').map(|(row, others)| (row.to_owned(), others)).expect("a row");
    row.replace_range(..row.find(',').expect("cells"), "nobody at example.test");
    std::fs::write(&path, format!("{first}\n{row}\n{others}")).expect("the recipients");
    let said = bench.expect(1, &["run", "iacw-quarterly", "--period", "2020-21-Q3"]);
    assert!(said.stdout.contains("row 2 > email: V011 the value is no mail address"), "{}", said.stdout);
    assert!(!format!("{}{}", said.stdout, said.stderr).contains("nobody at"), "an address is told to nobody");
    assert!(said.stdout.contains("mailed      3 sent, 0 had it already, 0 failed, 0 unknown"), "{}", said.stdout);
}

#[test]
fn a_lake_that_cannot_be_written_is_named() {
    let mut bench = TestBench::with_examples();
    std::fs::write(bench.project().join("blocked"), "a file, not a folder").expect("a file");
    bench.set("MESUR_LAKE__DIR", "blocked/lake");
    let said = bench.mesur(&["ingest"]);
    assert!([1, 2].contains(&said.code), "{}", said.code);
    assert!(said.stderr.starts_with("error: ") && said.stderr.contains("blocked"), "{}", said.stderr);
}

#[test]
fn all_problems_of_the_settings_come_at_once() {
    let bench = TestBench::empty();
    let path = bench.project().join("mesur.toml");
    let broken =
        "[inbox]\nfolder = \"in\"\n\n[limits]\nthreads = \"many\"\nquery_seconds = -1\n\n[weather]\nwind = 3\n";
    std::fs::write(&path, broken).expect("settings");
    let said = bench.expect(2, &["ingest"]);
    for fragment in ["folder", "threads", "query_seconds", "weather"] {
        assert!(said.stderr.contains(fragment), "`{fragment}` is missing:\n{}", said.stderr);
    }
    std::fs::write(&path, "[inbox\npath = 3").expect("settings");
    let said = bench.expect(2, &["check"]);
    assert!(said.stderr.contains("mesur.toml"), "{}", said.stderr);
}
