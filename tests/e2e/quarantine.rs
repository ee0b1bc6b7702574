//! Refused rows: looked at, sent back, let through.

use calamine::{Data, Reader};

use crate::bench::TestBench;
use crate::small::{deliver, name, rows, set_now, small};

/// Two good rows; then row 4 breaks the rule over columns, row 5 cannot be read, row 6 has the key of row 2.
fn refused() -> (TestBench, String) {
    let bench = small();
    let text = rows(1, 1) + "T-010,A,10,20,Bob\nT-011,A,ten,2,=1+1\nT-001,A,10,2,Cat\n";
    let file = name("c1", "20201231", 1);
    deliver(&bench, &file, &text);
    bench.expect(1, &["ingest"]);
    (bench, file)
}

#[test]
fn rows_are_listed_by_dataset_supplier_and_extract() {
    let (bench, file) = refused();
    deliver(&bench, &name("c2", "20201231", 1), &(rows(1, 1).replace("T-0", "T-5") + "T-10,A,10,2,Dai\n"));
    bench.expect(1, &["ingest"]);
    let list = |arguments: &[&str]| {
        let said = bench.expect(0, &[&["quarantine", "list", "--format", "csv"], arguments].concat());
        assert!(!said.stdout.contains("ten,"), "no value: {}", said.stdout);
        said.stdout.lines().skip(1).map(|line| line.split_once(',').expect("columns").1.to_owned()).collect::<Vec<_>>()
    };
    let c1 = [
        "things__c1__20201231__001.csv,,4,spent,X901,more was spent than granted,check both amounts",
        "things__c1__20201231__001.csv,,5,granted,V014,the value is not a plain decimal number,\
         \"deliver digits and a point, without currency signs or exponents; nothing if it is not known\"",
        "things__c1__20201231__001.csv,,6,id,V030,row 2 already has this id,deliver each row once; the first one stands",
    ];
    assert_eq!(list(&["--supplier", "c1"]), c1);
    assert_eq!(list(&["--extract", &file]), c1);
    assert_eq!(list(&[]).len(), 4);
    assert_eq!(list(&["--dataset", "things", "--supplier", "c2"]).len(), 1);
    bench.expect(2, &["quarantine", "list", "--dataset", "moods"]);
    bench.expect(2, &["quarantine", "list", "--supplier", "c9"]);
    bench.expect(2, &["quarantine", "list", "--extract", "ffffffff"]);
}

#[test]
fn a_value_goes_into_a_pipe_only_when_it_is_told_to() {
    let (bench, file) = refused();
    let row = format!("{file}:5");
    let hint = "\"deliver digits and a point, without currency signs or exponents; nothing if it is not known\"";
    let hidden = bench.expect(0, &["quarantine", "show", &row, "--format", "csv"]).stdout;
    assert_eq!(
        hidden,
        format!(
            "file,sheet,row,column,rule,value,reason,hint\n\
             {file},,5,granted,V014,(hidden; --values shows it),the value is not a plain decimal number,{hint}\n"
        )
    );
    let shown = bench.expect(0, &["quarantine", "show", &row, "--values", "--format", "csv"]).stdout;
    assert_eq!(shown, hidden.replace("(hidden; --values shows it)", "ten"));
    bench.expect(2, &["quarantine", "show", "nothing.csv"]);
    bench.expect(2, &["quarantine", "show", &format!("{file}:x")]);
}

#[test]
fn a_supplier_gets_their_own_rows_and_no_others() {
    let (bench, _) = refused();
    deliver(&bench, &name("c2", "20201231", 1), &(rows(1, 1).replace("T-0", "T-5") + "T-10,A,10,2,Dai\n"));
    bench.expect(1, &["ingest"]);
    let out = bench.project().join("for-suppliers");
    let said = bench.expect(0, &["quarantine", "export", "--out", "for-suppliers", "--supplier", "c1", "--draft"]);
    assert_eq!(
        said.stdout,
        "for-suppliers/refused-rows-c1-20210108.xlsx: 3 rows of 1 file for c1\n\
         var/outbox/drafts/refused-rows-c1-20210108.eml: a draft to be forwarded\n"
    );
    let path = out.join("refused-rows-c1-20210108.xlsx");
    let bytes = std::fs::read(&path).expect("a workbook");
    let mut book = calamine::open_workbook_auto(&path).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Summary", "Rows"]);
    let sheet = book.worksheet_range("Rows").expect("rows");
    let cells: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(Data::to_string).collect()).collect();
    assert_eq!(cells[0], ["File", "Sheet", "Row", "Column", "Value", "Rule", "What is wrong", "How to mend it"]);
    assert_eq!(
        cells[1],
        [
            "things__c1__20201231__001.csv",
            "",
            "4",
            "spent",
            "",
            "X901",
            "more was spent than granted",
            "check both amounts"
        ]
    );
    assert_eq!(cells[2][4], "ten");
    assert_eq!(cells.len(), 4);
    let summary = book.worksheet_range("Summary").expect("a summary");
    let texts: Vec<String> = summary.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(texts.iter().all(|text| !text.contains("c2")), "{texts:?}");

    let draft = std::fs::read(bench.var().join("outbox/drafts/refused-rows-c1-20210108.eml")).expect("a draft");
    let mail = mailparse::parse_mail(&draft).expect("a mail");
    let header = |name| mailparse::MailHeaderMap::get_first_value(&mail.headers[..], name);
    assert_eq!(header("To"), None);
    assert_eq!(header("X-Unsent").as_deref(), Some("1"));
    assert_eq!(mail.subparts.last().expect("an attachment").get_body_raw().expect("bytes"), bytes);

    bench.expect(0, &["quarantine", "export", "--out", "for-suppliers"]);
    assert_eq!(std::fs::read(&path).expect("a workbook"), bytes, "the same rows give the same bytes");
    assert_eq!(TestBench::files(&out).len(), 2, "one workbook a supplier");
    bench.expect(2, &["quarantine", "export", "--supplier", "c9"]);
}

#[test]
fn nothing_to_send_back_writes_nothing() {
    let bench = small();
    let said = bench.expect(0, &["quarantine", "export", "--out", "x"]);
    assert_eq!(said.stdout, "no row is in quarantine: no workbook was written\n");
    assert!(!bench.project().join("x").exists());
}

const WHO: [&str; 4] = ["--by", "the operator", "--note", "agreed with C1"];

#[test]
fn a_row_that_fails_again_stays_and_an_overridden_rule_lets_it_through() {
    let (bench, file) = refused();
    let release = |code, arguments: &[&str]| bench.expect(code, &[&["quarantine", "release"], arguments].concat());
    let said = release(1, &[&[file.as_str()][..], &WHO].concat());
    assert_eq!(
        said.stdout,
        "kept        row 4 > spent: X901 more was spent than granted (check both amounts)\n\
         kept        row 5 > granted: V014 the value is not a plain decimal number (deliver digits and a point, without \
         currency signs or exponents; nothing if it is not known)\n\
         kept        row 6 > id: V030 an accepted row already has this id (deliver each row once; the first one stands)\n\
         now         5 rows in: 2 accepted, 3 quarantined\n"
    );
    let row = format!("{file}:4");
    let overriding = [&[row.as_str()][..], &WHO, &["--override", "X901"]].concat();
    let said = release(0, &overriding);
    assert_eq!(said.stdout, format!("released    {file}: row 4\nnow         5 rows in: 3 accepted, 2 quarantined\n"));
    let again = release(0, &overriding);
    assert_eq!(
        again.stdout,
        format!("unchanged   {file}: released before, row 4\nnow         5 rows in: 3 accepted, 2 quarantined\n")
    );
    assert_eq!(bench.ask("select count(*) as n from things"), "3");
    assert_eq!(bench.ask("select spent from things where _row = 4"), "20.00");
    assert_eq!(bench.ask("select count(distinct _extract_id) as n from things"), "1");
    assert_eq!(bench.ask("select accepted + quarantined - rows_in as n from extracts"), "0");
    let shown = bench.expect(0, &["quarantine", "show", &row, "--format", "csv"]);
    assert!(shown.stderr.contains("row 4 was released on 2021-01-08T08:00:00Z by the operator: agreed with C1"));
    // The file itself is in the lake already.
    bench.expect(0, &["ingest"]);
    assert_eq!(bench.ask("select count(*) as n from things"), "3");
}

#[test]
fn what_was_known_before_a_release_is_without_its_rows() {
    let (mut bench, file) = refused();
    set_now(&mut bench, "2021-01-09T08:00:00Z");
    let row = format!("{file}:4");
    bench.expect(0, &[&["quarantine", "release", row.as_str()][..], &WHO, &["--override", "X901"]].concat());
    let count = "select count(*) as n from things";
    assert_eq!(bench.ask(count), "3");
    for (instant, rows) in [("2021-01-08T12:00:00Z", "n\n2\n"), ("2021-01-09T12:00:00Z", "n\n3\n")] {
        let said = bench.expect(0, &["sql", "--as-known-at", instant, "-c", count, "--format", "csv"]);
        assert_eq!(said.stdout, rows, "{instant}");
    }
}

#[test]
fn a_release_needs_a_name_a_note_and_a_rule_that_can_be_overridden() {
    let (bench, file) = refused();
    bench.expect(2, &["quarantine", "release", &file]);
    bench.expect(2, &["quarantine", "release", &file, "--by", "the operator"]);
    bench.expect(2, &["quarantine", "release", &file, "--by", "", "--note", "x"]);
    for rule in ["V014", "V030", "X999"] {
        let said = bench.expect(2, &[&["quarantine", "release", &file, "--override", rule][..], &WHO].concat());
        assert!(said.stderr.contains("cannot be overridden; of this dataset these can: X901"), "{}", said.stderr);
    }
    let said = bench.expect(2, &[&["quarantine", "release", &format!("{file}:2,4")][..], &WHO].concat());
    assert!(said.stderr.contains("not in quarantine: row 2"), "{}", said.stderr);
    assert_eq!(bench.ask("select count(*) as n from things"), "2");
}

#[test]
fn a_row_passes_once_what_it_lacked_is_there() {
    let (mut bench, file) = refused();
    // The schema's rule is mended, so the row passes without any override.
    let path = bench.project().join("schemas/things.json");
    let schema = std::fs::read_to_string(&path).expect("a schema").replace("spent <= granted", "spent <= 2 * granted");
    std::fs::write(&path, schema).expect("a schema");
    let said = bench.expect(0, &[&["quarantine", "release", &format!("{file}:4")][..], &WHO].concat());
    assert!(said.stdout.starts_with("released    "), "{}", said.stdout);
    // A later delivery replaces the extract and its released row.
    set_now(&mut bench, "2021-01-09T08:00:00Z");
    deliver(&bench, &name("c1", "20201231", 2), &(rows(2, 2) + "T-012,A,ten,2,Eve\n"));
    bench.expect(1, &["ingest"]);
    let said = bench.expect(2, &[&["quarantine", "release", &format!("{file}:5")][..], &WHO].concat());
    assert!(said.stderr.contains("a later delivery has replaced it"), "{}", said.stderr);
    assert_eq!(bench.ask("select count(*) as n from things"), "4");
}
