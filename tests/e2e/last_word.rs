//! The last word of a supplier counts, also when it is bytes that came before; and what a killed process left half done is
//! done again by what holds today.

use sqlx::Connection;

use crate::bench::TestBench;
use crate::small::{deliver, name, rows, set_now, small};

/// The rows that are live, and the days for which they came.
const LIVE: &str = "select string_agg(id || ' ' || cast(spent as varchar) || ' ' || cast(_as_of as varchar) || ' ' || \
                    cast(_sequence as varchar), '; ' order by id) from things";

/// Lines of `ingest` after those of single files.
fn ingested(bench: &TestBench, code: i32) -> String {
    let said = bench.expect(code, &["ingest"]);
    said.stdout
        .lines()
        .filter(|line| !line.starts_with("late") && !line.starts_with("missing"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_supplier_may_go_back_to_earlier_bytes() {
    let mut bench = small();
    let (first, second) = (rows(1, 1), rows(1, 1).replace("20.25", "30.00"));
    deliver(&bench, &name("c1", "20201231", 1), &first);
    bench.expect(0, &["ingest"]);
    set_now(&mut bench, "2021-01-09T08:00:00Z");
    deliver(&bench, &name("c1", "20201231", 2), &second);
    bench.expect(0, &["ingest"]);
    assert_eq!(bench.ask(LIVE), "T-001 30.00 2020-12-31 2; T-002 30.00 2020-12-31 2");
    set_now(&mut bench, "2021-01-10T08:00:00Z");
    deliver(&bench, &name("c1", "20201231", 3), &first);
    let dry = bench.expect(0, &["ingest", "--dry-run"]).stdout;
    assert!(dry.contains("their rows count again"), "{dry}");
    assert_eq!(bench.ask(LIVE), "T-001 30.00 2020-12-31 2; T-002 30.00 2020-12-31 2");
    assert_eq!(
        ingested(&bench, 0),
        "things__c1__20201231__001.csv: in the lake already: nothing changed\n\
         things__c1__20201231__002.csv: in the lake already: nothing changed\n\
         things__c1__20201231__003.csv: the same bytes came before as things__c1__20201231__001.csv: their rows count again\n\
         ingest      3 files: 0 taken, 1 counted again, 2 in the lake already, 0 refused\n            \
         0 rows in: 0 accepted (0 of them repaired), 0 quarantined"
    );
    assert_eq!(bench.ask(LIVE), "T-001 20.25 2020-12-31 3; T-002 20.25 2020-12-31 3");
    // Nothing was written a second time, and the next night has nothing to do.
    assert_eq!(bench.ask("select count(*) from extracts"), "2");
    assert!(ingested(&bench, 0).ends_with("ingest      3 files, all in the lake already: nothing changed"));
    let known = |at: &str| {
        let said = bench.expect(0, &["sql", "-c", LIVE, "--format", "csv", "--as-known-at", at]);
        said.stdout.lines().nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(known("2021-01-08T12:00:00Z"), "T-001 20.25 2020-12-31 1; T-002 20.25 2020-12-31 1");
    assert_eq!(known("2021-01-09T12:00:00Z"), "T-001 30.00 2020-12-31 2; T-002 30.00 2020-12-31 2");
}

#[test]
fn the_same_bytes_for_the_next_quarter_outlive_a_correction_of_the_last() {
    let mut bench = small();
    let (same, corrected) = (rows(1, 1), rows(1, 1).replace("20.25", "30.00"));
    for (file, text) in [(name("c1", "20200930", 1), &same), (name("c1", "20201231", 1), &same)] {
        deliver(&bench, &file, text);
        bench.expect(0, &["ingest"]);
    }
    assert_eq!(bench.ask(LIVE), "T-001 20.25 2020-12-31 1; T-002 20.25 2020-12-31 1");
    set_now(&mut bench, "2021-01-09T08:00:00Z");
    deliver(&bench, &name("c1", "20200930", 2), &corrected);
    bench.expect(0, &["ingest"]);
    assert_eq!(bench.ask(LIVE), "T-001 20.25 2020-12-31 1; T-002 20.25 2020-12-31 1");
}

#[test]
fn rows_that_would_be_refused_today_do_not_count_again_unseen() {
    let mut bench = small();
    let two = rows(1, 1);
    deliver(&bench, &name("c1", "20201231", 1), &two);
    bench.expect(0, &["ingest"]);
    // The supplier gives a row away, and another one takes its key.
    deliver(&bench, &name("c1", "20201231", 2), &two.replace("T-002", "T-003"));
    deliver(&bench, &name("c2", "20201231", 1), "id,area,granted,spent,owner\nT-002,A,10,2,Dai\n");
    bench.expect(0, &["ingest"]);
    set_now(&mut bench, "2021-01-09T08:00:00Z");
    deliver(&bench, &name("c1", "20201231", 3), &two);
    let said = ingested(&bench, 1);
    let told = "things__c1__20201231__003.csv: refused\n  things__c1__20201231__003.csv: the same bytes came before as \
                `things__c1__20201231__001.csv`, and of the rows that were good then some would be refused today: row 3 \
                (deliver a corrected file; or the same bytes with one more line break at the end, so that these rows are \
                set aside)";
    assert!(said.contains(told), "{said}");
    deliver(&bench, &name("c1", "20201231", 3), &(two + "\n"));
    bench.expect(1, &["ingest"]);
    assert_eq!(bench.ask("select string_agg(id || _supplier, ' ' order by id) from things"), "T-001c1 T-002c2");
}

#[test]
fn a_file_from_elsewhere_does_not_contradict_the_inbox() {
    let bench = small();
    let file = name("c1", "20201231", 1);
    deliver(&bench, &file, &rows(1, 1));
    let elsewhere = bench.project().join(&file);
    std::fs::write(&elsewhere, rows(2, 1)).expect("a file");
    let said = bench.expect(1, &["ingest", "--file", &elsewhere.display().to_string(), "--dataset", "things"]);
    assert_eq!(
        said.stdout,
        "things__c1__20201231__001.csv: refused\n  things__c1__20201231__001.csv: the inbox holds another file of this name, \
         which would count again the next time (give this one the next number, or put it into the inbox in place of the \
         other)\ningest      1 files: 0 taken, 0 in the lake already, 1 refused\n            0 rows in: 0 accepted (0 of them \
         repaired), 0 quarantined\n"
    );
    std::fs::write(&elsewhere, rows(1, 1)).expect("the same file");
    bench.expect(0, &["ingest", "--file", &elsewhere.display().to_string(), "--dataset", "things"]);
}

/// Forgets that an extract was recorded, as if the process had been killed between the lake and the ledger.
async fn forget(bench: &TestBench, file: &str) {
    let path = bench.var().join("ledger/ledger.sqlite");
    let mut ledger = sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.expect("opens");
    for statement in [
        "delete from deliveries where file_name = ?",
        "delete from extract_totals where extract = (select hash from extracts where file_name = ?)",
        "delete from extracts where file_name = ?",
    ] {
        sqlx::query(statement).bind(file).execute(&mut ledger).await.expect("deletes");
    }
    ledger.close().await.expect("closes");
}

#[tokio::test]
async fn a_commit_that_was_never_recorded_holds_what_is_good_today() {
    let mut bench = small();
    let (file, other) = (name("c1", "20201231", 1), name("c2", "20201231", 1));
    deliver(&bench, &file, &(rows(1, 1) + "T-010,A,10,20,Bob\n"));
    bench.expect(1, &["ingest"]);
    let versions = |bench: &TestBench| {
        let log = bench.var().join("lake/things/_delta_log");
        std::fs::read_dir(log)
            .expect("a log")
            .filter(|entry| entry.as_ref().expect("an entry").path().extension().is_some_and(|e| e == "json"))
            .count()
    };
    forget(&bench, &file).await;
    bench.expect(1, &["ingest"]);
    assert_eq!(versions(&bench), 1, "the same rows are not committed twice");
    forget(&bench, &file).await;
    // Meanwhile another supplier delivers one of the keys, and the rule over columns is given up.
    std::fs::remove_file(bench.inbox().join(&file)).expect("taken away");
    deliver(&bench, &other, "id,area,granted,spent,owner\nT-002,A,10,2,Dai\n");
    bench.expect(0, &["ingest"]);
    let schema = bench.project().join("schemas/things.json");
    let text = std::fs::read_to_string(&schema).expect("a schema");
    std::fs::write(&schema, text.replace("spent <= granted", "spent <= granted + 100")).expect("written");
    set_now(&mut bench, "2021-01-09T08:00:00Z");
    deliver(&bench, &file, &(rows(1, 1) + "T-010,A,10,20,Bob\n"));
    bench.expect(1, &["ingest"]);
    assert_eq!(
        bench.ask("select string_agg(id || _supplier || cast(_row as varchar), ' ' order by id) from things"),
        "T-001c12 T-002c22 T-010c14"
    );
    let counts = "select cast(rows_in as varchar) || ' ' || cast(accepted as varchar) || ' ' || \
                  cast(quarantined as varchar) from extracts where supplier = 'c1'";
    assert_eq!(bench.ask(counts), "3 2 1");
    let set_aside = bench.expect(0, &["quarantine", "list", "--supplier", "c1", "--format", "csv"]).stdout;
    assert_eq!(set_aside.lines().skip(1).filter(|line| line.contains(",3,id,V030,")).count(), 1, "{set_aside}");
    assert_eq!(set_aside.lines().count(), 2, "{set_aside}");
    assert_eq!(versions(&bench), 3);
}
