//! Every command and option that the README names, run as a person would.

use crate::bench::TestBench;

#[test]
fn a_new_project_checks_clean() {
    let bench = TestBench::empty();
    let said = bench.expect(0, &["check"]);
    assert!(said.stdout.ends_with(": nothing wrong\n"), "{}", said.stdout);
    bench.expect(2, &["init", &bench.project().display().to_string()]);
}

#[test]
fn doctor_names_each_part() {
    let bench = TestBench::empty();
    let said = bench.expect(0, &["doctor"]);
    for part in ["configuration", "clock", "inbox", "store", "ledger", "fonts", "mail", "policy", "definitions"] {
        assert!(said.stdout.lines().any(|line| line.contains(part)), "{part} is missing:\n{}", said.stdout);
    }
    assert!(!said.stdout.contains("FAIL"), "{}", said.stdout);
    bench.expect(0, &["doctor", "--online"]);
    let origins = bench.expect(0, &["doctor", "--origins"]);
    assert!(origins.stdout.contains("inbox.dir"), "{}", origins.stdout);
}

#[test]
fn help_lists_commands_and_exit_codes() {
    let bench = TestBench::empty();
    let said = bench.expect(0, &["--help"]);
    for word in ["ingest", "quarantine", "serve", "try again later"] {
        assert!(said.stdout.contains(word), "{word} is missing:\n{}", said.stdout);
    }
    bench.expect(2, &["dance"]);
    bench.expect(0, &["--version"]);
}

#[test]
fn sql_prints_every_format_and_reads_files() {
    let bench = TestBench::empty();
    let sql = "select 1 as one, 'a' as letter";
    let print = |format: &str| bench.expect(0, &["sql", "-c", sql, "--format", format]).stdout;
    assert_eq!(print("csv"), "one,letter\n1,a\n");
    assert_eq!(print("json"), "[{\"one\":1,\"letter\":\"a\"}]\n");
    assert_eq!(print("nd-json"), "{\"one\":1,\"letter\":\"a\"}\n");
    assert!(print("table").ends_with("(1 row)\n"));
    assert_eq!(print("automatic"), print("csv"), "a pipe gets CSV");
    let file = bench.project().join("question.sql");
    std::fs::write(&file, sql).expect("a file");
    let said = bench.expect(0, &["sql", "-f", &file.display().to_string()]);
    assert_eq!(said.stdout, "one,letter\n1,a\n");
    let wrong = bench.expect(2, &["sql", "-c", "select nothing from nowhere"]);
    assert!(wrong.stderr.contains("nowhere"), "{}", wrong.stderr);
    bench.expect(2, &["sql"]);
}

#[test]
fn schedules_are_told_in_words_and_across_clock_changes() {
    let bench = TestBench::empty();
    let said =
        bench.expect(0, &["schedule", "next", "--count", "2", "--from", "2026-03-28T12:00:00Z", "--format", "csv"]);
    assert_eq!(
        said.stdout,
        "job,fires,utc,period\n\
         nightly,Sun 2026-03-29 02:00 BST,2026-03-29T01:00:00Z,2026-03-29\n\
         nightly,Mon 2026-03-30 02:00 BST,2026-03-30T01:00:00Z,2026-03-30\n\
         iacw-quarterly,Thu 2026-04-09 09:30 BST,2026-04-09T08:30:00Z,2025-26-Q4\n\
         iacw-quarterly,Tue 2026-07-07 09:30 BST,2026-07-07T08:30:00Z,2026-27-Q1\n"
    );
    let words = bench.expect(0, &["schedule", "explain", "iacw-quarterly"]);
    assert!(words.stdout.contains("working day"), "{}", words.stdout);
    bench.expect(2, &["schedule", "explain", "weekly"]);
}

#[test]
fn runs_are_listed_and_shown() {
    let bench = TestBench::with_examples();
    bench.expect(0, &["ingest", "geography_lookup", "component_lookup"]);
    let list = bench.expect(0, &["runs", "list", "--count", "5", "--format", "csv"]);
    assert!(list.stdout.lines().nth(1).is_some_and(|line| line.starts_with("1,ingest,,complete,")), "{}", list.stdout);
    let shown = bench.expect(0, &["runs", "show"]);
    assert!(
        shown.stdout.contains("geography_lookup__wg__20201231__001.csv: 22 rows in, 22 accepted"),
        "{}",
        shown.stdout
    );
    assert_eq!(bench.expect(0, &["runs", "show", "1"]).stdout, shown.stdout);
    bench.expect(2, &["runs", "show", "99"]);
}

#[test]
fn dry_runs_write_nothing() {
    let bench = TestBench::with_examples();
    let said = bench.expect(0, &["ingest", "--dry-run", "geography_lookup"]);
    assert!(said.stdout.contains("1 would be taken"), "{}", said.stdout);
    assert_eq!(bench.ask("select count(*) as n from extracts"), "0");
    let plan = bench.expect(0, &["run", "iacw-quarterly", "--dry-run"]);
    assert!(plan.stdout.contains("iacw-quarterly: send"), "{}", plan.stdout);
    assert_eq!(bench.ask("select count(*) as n from runs"), "0");
}

#[test]
fn one_file_from_anywhere_and_chosen_indicators() {
    let bench = TestBench::with_examples();
    let loose = bench.project().join("areas.csv");
    std::fs::rename(bench.inbox().join("geography_lookup__wg__20201231__001.csv"), &loose).expect("it moves");
    bench.expect(0, &["ingest", "--file", &loose.display().to_string(), "--dataset", "geography_lookup"]);
    assert_eq!(bench.ask("select count(*) as n from geography_lookup"), "22");
    bench.expect(0, &["ingest"]);
    // Side by side the other indicators are safe, since two of their tables give way.
    let others = bench.expect(0, &["build", "--period", "2020-21-Q3", "-s", "tag:on-request"]);
    assert!(others.stdout.contains("indicators  52 in 98 tables"), "{}", others.stdout);
    for table in ["D07 mean", "I01 value"] {
        assert!(others.stdout.contains(&format!("{table}: every figure is confidential")), "{}", others.stdout);
    }
    let built = bench.expect(0, &["build", "--period", "2020-21-Q3", "-s", "G03", "-s", "G04"]);
    assert!(built.stdout.contains("indicators  2 in 2 tables"), "{}", built.stdout);
    bench.expect(0, &["build"]);
    assert_eq!(
        bench.ask(
            "select value from indicators where id = 'G06' and area = 'UK' and time = '2019' and measure = 'per_hour'"
        ),
        "100.000000000000"
    );
}

#[test]
fn a_rehearsal_says_so() {
    let bench = TestBench::with_examples();
    let said = bench.mesur(&["--now", "2021-01-08T09:30:00Z", "doctor"]);
    assert!(said.stdout.contains("for a rehearsal"), "{}", said.stdout);
    bench.expect(2, &["--now", "yesterday", "check"]);
}

#[test]
fn samples_are_the_same_for_the_same_seed() {
    let bench = TestBench::empty();
    for (folder, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
        let out = bench.project().join(folder).display().to_string();
        bench.expect(0, &["sample", "--firms", "40", "--seed", seed, "--out", &out, "--planted"]);
    }
    let files = |folder: &str| TestBench::files(&bench.project().join(folder));
    assert_eq!(files("a"), files("b"));
    assert_ne!(files("a"), files("c"));
    let out = bench.project().join("d").display().to_string();
    bench.expect(2, &["sample", "--firms", "3", "--seed", "1", "--out", &out]);
}

#[test]
fn serve_ends_on_a_stop_signal() {
    let bench = TestBench::empty();
    let mut child = bench.command(&["serve"]).stderr(std::process::Stdio::piped()).spawn().expect("it starts");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().expect("a pipe")));
    let ready = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("serving 2 jobs"));
    assert!(ready.is_some(), "it serves");
    let stopped = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(stopped.expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(lines.map_while(Result::ok).any(|line| line.starts_with("stopped: ")), "it says so");
}

#[test]
fn a_reader_that_goes_away_ends_nothing() {
    let bench = TestBench::with_examples();
    let mut child = bench.command(&["run", "nightly"]).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert_eq!(bench.ask("select state from runs where job = 'nightly'"), "complete");
}
