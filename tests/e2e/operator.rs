//! The operator's morning: manifests, held files, late sources, one screen a run.

use crate::small::{deliver, name, rows, set_now, small};

const Q3: &str = "20201231";

fn manifest(file: &str) -> String {
    file.replace(".csv", ".manifest.json")
}

#[test]
fn a_manifest_that_agrees_is_no_extract_of_its_own() {
    let bench = small();
    let file = name("c1", Q3, 1);
    deliver(&bench, &file, &rows(1, 1));
    deliver(&bench, &manifest(&file), r#"{"row_count": 2, "control_totals": {"granted": "201"}, "supplier": "c1"}"#);
    let said = bench.expect(0, &["ingest"]);
    assert_eq!(
        said.stdout,
        "things__c1__20201231__001.csv: 2 rows in, 2 accepted, 0 repaired, 0 quarantined\n\
         ingest      1 files: 1 taken, 0 in the lake already, 0 refused\n\
         \u{20}           2 rows in: 2 accepted (0 of them repaired), 0 quarantined\n"
    );
    let again = bench.expect(0, &["ingest"]);
    assert_eq!(
        again.stdout,
        "things__c1__20201231__001.csv: in the lake already: nothing changed\n\
         ingest      1 files, all in the lake already: nothing changed\n"
    );
}

#[test]
fn a_manifest_that_disagrees_refuses_the_file_with_all_differences() {
    let bench = small();
    let file = name("c1", Q3, 1);
    deliver(&bench, &file, &rows(1, 1));
    let text = r#"{"row_count": 3, "sha256": "00000000", "control_totals": {"granted": "1", "spent": "40.50"}}"#;
    deliver(&bench, &manifest(&file), text);
    let said = bench.expect(1, &["ingest"]);
    let findings: Vec<&str> = said.stdout.lines().filter(|line| line.starts_with("  things")).collect();
    assert_eq!(findings.len(), 3, "{}", said.stdout);
    for (finding, start) in findings.iter().zip([
        "  things__c1__20201231__001.csv: V064 the file's SHA-256 begins with ",
        "  things__c1__20201231__001.csv: V063 the file has 2 rows, its manifest says 3 (",
        "  things__c1__20201231__001.csv > granted: V062 the column sums to 201, its manifest says 1 (",
    ]) {
        assert!(finding.starts_with(start), "{finding}");
    }
    assert_eq!(bench.ask("select count(*) as n from things"), "0");
    assert_eq!(bench.ask("select state from extracts"), "refused");
}

#[test]
fn a_manifest_without_an_extract_and_a_broken_one_are_told() {
    let bench = small();
    deliver(&bench, &manifest(&name("c1", Q3, 1)), "{}");
    let said = bench.expect(1, &["ingest"]);
    assert_eq!(
        said.stdout,
        "things__c1__20201231__001.manifest.json: refused\n  \
         things__c1__20201231__001.manifest.json: V065 no extract `things__c1__20201231__001.*` lies beside the \
         manifest (deliver the extract, or take the manifest away)\n\
         ingest      1 files: 0 taken, 0 in the lake already, 1 refused\n            \
         0 rows in: 0 accepted (0 of them repaired), 0 quarantined\n"
    );
    deliver(&bench, &name("c1", Q3, 1), &rows(1, 1));
    deliver(&bench, &manifest(&name("c1", Q3, 1)), "{ rows: 3 }");
    let said = bench.expect(1, &["ingest"]);
    assert!(said.stdout.contains("001.manifest.json: V065 is not JSON: line 1 column 3"), "{}", said.stdout);
}

#[test]
fn a_file_that_shrank_is_held_until_a_person_lets_it_through() {
    let bench = small();
    deliver(&bench, &name("c1", "20200930", 1), &rows(50, 50));
    bench.expect(0, &["ingest"]);
    let file = name("c1", Q3, 1);
    deliver(&bench, &file, &rows(45, 45));
    let said = bench.expect(1, &["ingest"]);
    assert!(
        said.stdout.contains(
            "things__c1__20201231__001.csv: held\n  things__c1__20201231__001.csv: V060 the extract has 90 rows, 10 % \
             fewer than the 100 of `things__c1__20200930__001.csv`; at most 5 % is expected ("
        ),
        "{}",
        said.stdout
    );
    assert!(said.stdout.contains("1 in the lake already, 0 refused, 1 held\n"), "{}", said.stdout);
    assert_eq!(bench.ask("select count(*) as n from things"), "100", "the earlier file stays live");
    assert_eq!(bench.ask("select state from extracts where as_of = '2020-12-31'"), "held");

    let path = bench.inbox().join(&file).display().to_string();
    let accept = ["ingest", "--file", &path, "--dataset", "things", "--accept", "V060"];
    bench.expect(2, &accept);
    bench.expect(2, &[&accept[..], &["--by", "the operator", "--note", " "]].concat());
    let wrong = ["ingest", "--file", &path, "--dataset", "things", "--accept", "V064", "--by", "A", "--note", "b"];
    assert!(bench.expect(2, &wrong).stderr.contains("there is no rule that holds a file `V064`; there are: V060"));
    let good = [&accept[..], &["--by", "the operator", "--note", "ten firms left the programme"]].concat();
    let said = bench.expect(0, &good);
    assert!(said.stdout.contains("90 rows in, 90 accepted"), "{}", said.stdout);
    assert!(said.stdout.contains("(the operator let it through: ten firms left the programme)"), "{}", said.stdout);
    assert_eq!(bench.ask("select count(*) as n from things"), "90");
    assert_eq!(bench.ask("select count(*) as n from extracts where state = 'held'"), "0");
    bench.expect(0, &["ingest"]);
}

#[test]
fn a_share_that_moved_is_a_warning() {
    let bench = small();
    deliver(&bench, &name("c1", "20200930", 1), &rows(50, 50));
    bench.expect(0, &["ingest"]);
    deliver(&bench, &name("c1", Q3, 1), &rows(90, 10));
    let said = bench.expect(0, &["ingest"]);
    assert!(
        said.stdout.contains(
            "001.csv > area: V061 shares moved by more than 3 standard deviations: `A` from 50 % to 90 %, `B` from 50 % \
             to 10 % (ask the supplier whether a selection or a coding has changed)"
        ),
        "{}",
        said.stdout
    );
}

#[test]
fn every_state_of_a_source_is_told() {
    let mut bench = small();
    let states = |bench: &crate::bench::TestBench, code, arguments: &[&str]| {
        let said = bench.expect(code, &[&["freshness", "--format", "csv"], arguments].concat());
        said.stdout.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    // Nothing has run: what was due before is not this ledger's business.
    let before = "was due before this ledger began, so it does not count";
    assert_eq!(
        states(&bench, 0, &[]),
        ["things,c1,quarterly,2020-21-Q3,2021-01-15,due,,,,", "things,c2,quarterly,2020-21-Q3,2021-01-15,due,,,,",]
    );
    assert_eq!(
        states(&bench, 0, &["--period", "2020-21-Q2"])[0],
        format!("things,c1,quarterly,2020-21-Q2,2020-10-14,missing,86,,,\"{before}\"")
    );
    // One file in time, by an operator who looks at it.
    deliver(&bench, &name("c1", Q3, 1), &rows(1, 1));
    bench.expect(0, &["ingest"]);
    let on_time = "things,c1,quarterly,2020-21-Q3,2021-01-15,on time,,2021-01-08,things__c1__20201231__001.csv,";
    assert_eq!(states(&bench, 0, &[]), [on_time, "things,c2,quarterly,2020-21-Q3,2021-01-15,due,,,,"]);
    // The day has passed.
    set_now(&mut bench, "2021-01-20T08:00:00Z");
    assert_eq!(states(&bench, 1, &[]), [on_time, "things,c2,quarterly,2020-21-Q3,2021-01-15,missing,5,,,"]);
    // A file that does not reach the quarter's end, and one that is refused, do not help.
    deliver(&bench, &name("c2", "20201130", 1), &rows(1, 1).replace("T-0", "T-5"));
    deliver(&bench, &name("c2", Q3, 1), "");
    bench.expect(1, &["ingest"]);
    assert_eq!(
        states(&bench, 1, &[])[1],
        "things,c2,quarterly,2020-21-Q3,2021-01-15,missing,5,,,things__c2__20201231__001.csv was refused"
    );
    // It comes late.
    deliver(&bench, &name("c2", Q3, 2), &rows(2, 2).replace("T-0", "T-5"));
    std::fs::remove_file(bench.inbox().join(name("c2", Q3, 1))).expect("it goes");
    bench.expect(0, &["ingest"]);
    assert_eq!(
        states(&bench, 1, &[])[1],
        "things,c2,quarterly,2020-21-Q3,2021-01-15,late,5,2021-01-20,things__c2__20201231__002.csv,"
    );
    // The next one comes before its quarter is over, with the same bytes as the last.
    set_now(&mut bench, "2021-03-30T08:00:00Z");
    deliver(&bench, &name("c1", "20210331", 1), &rows(1, 1));
    let said = bench.expect(0, &["ingest", "things"]);
    assert!(said.stdout.contains("the same bytes came before as things__c1__20201231__001.csv"), "{}", said.stdout);
    assert_eq!(
        states(&bench, 0, &["--period", "2020-21-Q4"]),
        [
            "things,c1,quarterly,2020-21-Q4,2021-04-16,early,,2021-03-30,things__c1__20210331__001.csv,",
            "things,c2,quarterly,2020-21-Q4,2021-04-16,due,,,,",
        ]
    );
    bench.expect(2, &["freshness", "--period", "soon"]);
}

#[test]
fn a_job_tells_its_owner_once_what_is_missing() {
    let mut bench = small();
    deliver(&bench, &name("c1", Q3, 1), &rows(1, 1));
    let said = bench.expect(0, &["run", "nightly"]);
    assert!(said.stdout.contains("sources     1 came, 1 due, 0 missing\n"), "{}", said.stdout);
    set_now(&mut bench, "2021-01-16T02:00:00Z");
    let said = bench.expect(1, &["run", "nightly"]);
    assert!(
        said.stdout.contains(
            "sources     1 came, 0 due, 1 missing\n\
             missing     things from c2 for 2020-21-Q3: missing, was due on 2021-01-15, 1 day ago\n            \
             nobody was told: set mail.owner\n"
        ),
        "{}",
        said.stdout
    );
    bench.set("MESUR_MAIL__OWNER", "The owner <owner@example.test>");
    let said = bench.expect(1, &["run", "nightly"]);
    assert!(said.stdout.contains("            the owner was told\n"), "{}", said.stdout);
    let alerts = |bench: &crate::bench::TestBench| crate::bench::TestBench::files(&bench.var().join("outbox/alerts"));
    let mails = alerts(&bench);
    assert_eq!(mails.len(), 1);
    let mail = mailparse::parse_mail(mails.values().next().expect("a mail")).expect("a mail");
    let header = |name| mailparse::MailHeaderMap::get_first_value(&mail.headers[..], name).expect("a header");
    assert_eq!(header("To"), "owner@example.test");
    assert_eq!(header("Subject"), "mesur: 1 missing");
    assert_eq!(
        mail.subparts[0].subparts[0].get_body().expect("a text").replace("\r\n", "\n"),
        "things from c2 for 2020-21-Q3: missing, was due on 2021-01-15, 1 day ago\n\n\
         Ask the supplier for what is missing. `mesur freshness` shows every expected source.\n"
    );
    // The next night it is still missing, and still counts, and nobody is told again.
    set_now(&mut bench, "2021-01-17T02:00:00Z");
    bench.expect(1, &["run", "nightly"]);
    assert_eq!(alerts(&bench).len(), 1);
    // It comes: told once as late, and then all is well.
    deliver(&bench, &name("c2", Q3, 1), &rows(2, 2).replace("T-0", "T-5"));
    bench.expect(1, &["run", "nightly"]);
    assert_eq!(alerts(&bench).len(), 2);
    bench.expect(0, &["run", "nightly"]);
    assert_eq!(alerts(&bench).len(), 2);
}

#[test]
fn a_run_is_told_on_one_screen() {
    let mut bench = small();
    deliver(&bench, &name("c1", Q3, 1), &rows(1, 1));
    bench.expect(0, &["run", "nightly"]);
    set_now(&mut bench, "2021-01-16T02:00:00Z");
    deliver(&bench, &name("c1", Q3, 2), &(rows(1, 1) + "T-009,B,1,2,Bob\n"));
    deliver(&bench, &name("c2", Q3, 1), "");
    bench.expect(1, &["run", "nightly"]);
    let shown = bench.expect(0, &["runs", "show"]).stdout;
    let (told, times): (Vec<&str>, Vec<&str>) =
        shown.lines().partition(|line| !line.contains(" s (run 1: ") || line.starts_with("took"));
    assert_eq!(
        told,
        [
            "run         2",
            "job         nightly",
            "period      none named",
            "state       complete",
            "started     2021-01-16T02:00:00Z",
            "took        0.000 s (run 1: 0.000 s)",
            "came        3 files: 1 taken, 1 in the lake already, 1 refused (run 1: 1 taken)",
            "rows        3 in: 2 accepted (0 of them repaired), 1 quarantined (run 1: 2 in, 0 quarantined)",
            "ingest      things__c1__20201231__002.csv: 3 rows in, 2 accepted, 0 repaired, 1 quarantined",
            "            spent: X901 more was spent than granted (1 rows)",
            "ingest      things__c2__20201231__001.csv: refused",
            "            things__c2__20201231__001.csv: read `things__c2__20201231__001.csv`: the file is empty; ask the \
             supplier to send it again",
            "sources     1 came, 0 due, 1 late or missing",
            "missing     things from c2 for 2020-21-Q3: missing, was due on 2021-01-15, 1 day ago \
             (things__c2__20201231__001.csv was refused)",
            "alert       not sent: mail.owner is not set",
            "test        tests 0",
            "build       note no finished quarter has data yet",
        ]
    );
    let names: Vec<&str> = times.iter().filter_map(|line| line[12..].split(' ').next()).collect();
    assert_eq!(names, ["ingest", "freshness", "test", "build"]);
}
