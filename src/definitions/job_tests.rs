//! Tests of job files: what ships, what is read, and what broken files say.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::time;
use jiff::tz::TimeZone;

use super::job_load::list_job_keys;
use super::{Job, Missed, Overlap, Reports, Schedule, ScheduleRule, Step, load_jobs, parse_job};
use crate::model::JobName;

fn name(text: &str) -> JobName {
    JobName::new(text).expect("a job name")
}

/// What is wrong with a folder of job files, as it is printed.
fn problems(files: &[(&str, &str)]) -> String {
    let dir = tempfile::tempdir().expect("a folder for the test");
    let jobs = dir.path().join("jobs");
    fs::create_dir(&jobs).expect("the folder is ours");
    for (name, text) in files {
        fs::write(jobs.join(name), text).expect("the folder is ours");
    }
    load_jobs(&jobs, &TimeZone::UTC).expect_err("the jobs are broken").to_string()
}

#[test]
fn the_jobs_that_ship_are_read_whole() {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("jobs");
    let london = TimeZone::get("Europe/London").expect("the system knows London");
    let jobs = load_jobs(&dir, &TimeZone::UTC).expect("the jobs are right");
    assert_eq!(jobs.keys().map(JobName::as_str).collect::<Vec<_>>(), ["iacw-quarterly", "nightly"]);
    assert_eq!(
        jobs[&name("nightly")],
        Job {
            name: name("nightly"),
            title: "Take in what came, compute the indicators".to_owned(),
            schedule: Schedule {
                rule: ScheduleRule::Cron("0 2 * * *".to_owned()),
                zone: london.clone(),
                missed: Missed::Latest,
                missed_max_age: Duration::from_hours(24),
            },
            requires: Vec::new(),
            steps: vec![Step::Ingest, Step::Freshness, Step::Test, Step::Build],
            reports: Reports::Day,
            overlap: Overlap::Forbid,
            timeout: Duration::from_hours(4),
            sections: Vec::new(),
            provisional: false,
            recipients_list: None,
            approvals: 0,
        }
    );
    let pack = &jobs[&name("iacw-quarterly")];
    assert_eq!(pack.schedule.rule, ScheduleRule::QuarterEnd { working_days: 5, at: time(9, 30, 0, 0) });
    assert_eq!(pack.requires, [name("nightly")]);
    assert_eq!(pack.steps, [Step::Test, Step::EditionBuild, Step::Preflight, Step::Send]);
    assert_eq!((pack.recipients_list.as_deref(), pack.approvals, pack.provisional), (Some("IACW"), 0, true));
    assert_eq!((pack.reports, pack.sections.len(), pack.makes_edition()), (Reports::Quarter, 10, true));
}

#[test]
fn a_short_job_takes_the_defaults() {
    let text = "steps = [\"ingest\"]\n[schedule]\ncron = \"0 2 * * *\"\n";
    let job = parse_job("jobs/x.toml", "x", text, &TimeZone::UTC).expect("the job is right");
    assert_eq!((job.title.as_str(), job.overlap, job.reports), ("x", Overlap::Forbid, Reports::Day));
    assert_eq!((job.schedule.zone, job.schedule.missed), (TimeZone::UTC, Missed::Latest));
    let text = "steps = [\"ingest\"]\n[schedule]\nworking_days_after_quarter_end = 2\nat = \"08:00\"\n";
    let job = parse_job("jobs/x.toml", "x", text, &TimeZone::UTC).expect("the job is right");
    assert_eq!(job.reports, Reports::Quarter);
}

#[test]
fn every_problem_of_every_file_is_told_at_once() {
    let odd = r#"titel = "Odd"
steps = ["build", "ingest", "dance"]
requires = ["other job"]
overlap = "maybe"
timeout_minutes = 0

[schedule]
cron = 5
working_days_after_quarter_end = 400
at = "25:00"
zone = "Europe/Cardiff"
missed = "some"

[send]
approvals = "two"
"#;
    let bare = "title = \"\"\n[pack]\nprovisional = 1\nsections = [1]\n";
    let syntax = "steps = [\n[schedule]\n";
    assert_eq!(
        problems(&[("bare.toml", bare), ("odd.toml", odd), ("syntax.toml", syntax), ("notes.txt", "not a job")]),
        r#"check the definitions: 19 problem(s)
  jobs/bare.toml > line 1, title: is empty
  jobs/bare.toml > line 3, pack.provisional: is a whole number where true or false belongs
  jobs/bare.toml > line 4, pack.sections: holds something that is not a text
  jobs/bare.toml > steps: is missing (such as steps = ["ingest", "build"]; one of ingest, freshness, test, build, edition-build, preflight, approve, send)
  jobs/bare.toml > schedule: does not say when (give `schedule.cron`, or `schedule.working_days_after_quarter_end` with `schedule.at`)
  jobs/odd.toml > line 1, titel: no such key (did you mean `title`?)
  jobs/odd.toml > line 2, steps: `dance` is not a step (one of ingest, freshness, test, build, edition-build, preflight, approve, send)
  jobs/odd.toml > line 2, steps: are out of order or twice (the order is ingest, freshness, test, build, edition-build, preflight, approve, send)
  jobs/odd.toml > line 3, requires: `other job` is not a job name: letters, digits, `-` and `_`, at most 40
  jobs/odd.toml > line 4, overlap: `maybe` is not known (one of forbid, queue)
  jobs/odd.toml > line 5, timeout_minutes: 0 is out of bounds (from 1 to 10080)
  jobs/odd.toml > line 8, schedule.cron: is a whole number where a text belongs
  jobs/odd.toml > line 9, schedule.working_days_after_quarter_end: 400 is out of bounds (from 1 to 40)
  jobs/odd.toml > line 9, schedule.working_days_after_quarter_end: stands beside `schedule.cron` (keep one of them)
  jobs/odd.toml > line 10, schedule.at: `25:00` is not a time of day (such as at = "09:30")
  jobs/odd.toml > line 11, schedule.zone: `Europe/Cardiff` is not a time zone (take a name of the IANA database, such as "Europe/London")
  jobs/odd.toml > line 12, schedule.missed: `some` is not known (one of latest, none, all)
  jobs/odd.toml > line 15, send.approvals: is a text where a whole number belongs
  jobs/syntax.toml > line 2: unclosed array, expected `]` (this is not TOML)"#
    );
}

#[test]
fn steps_that_do_not_fit_together_are_told() {
    let text = r#"steps = ["send"]
[schedule]
cron = "0 2 * * *"
[send]
approvals = 2
[pack]
sections = ["cover"]
"#;
    assert_eq!(
        problems(&[("x.toml", text)]),
        "check the definitions: 5 problem(s)
  jobs/x.toml > line 1, steps: `send` needs `edition-build` before it
  jobs/x.toml > line 1, steps: `send` needs `preflight` before it (nothing leaves unchecked)
  jobs/x.toml > line 5, send.approvals: asks for 2 approvals, but the steps say otherwise (the step `approve` and approvals above 0 belong together)
  jobs/x.toml > line 7, pack.sections: belongs to no pack (add the step `edition-build`, or drop the sections)
  jobs/x.toml > send.list: is missing (name the list of recipients that `send` writes to)"
    );
    let text = "steps = [\"edition-build\"]\n[schedule]\ncron = \"0 2 * * *\"\nat = \"09:30\"\n";
    assert_eq!(
        problems(&[("x.toml", text)]),
        "check the definitions: 2 problem(s)
  jobs/x.toml > line 4, schedule.at: stands beside `schedule.cron` (the cron text says the time)
  jobs/x.toml > reports: must be `quarter` (a pack reports a quarter)"
    );
}

#[test]
fn unknown_requirements_and_circles_are_told() {
    let job = |requires: &str| format!("steps = [\"build\"]\nrequires = [{requires}]\nschedule.cron = \"0 2 * * *\"\n");
    assert_eq!(
        problems(&[
            ("a.toml", &job("\"b\"")),
            ("b.toml", &job("\"c\", \"d\"")),
            ("c.toml", &job("\"a\"")),
            ("d.toml", &job("\"d\", \"nigthly\"")),
            ("nightly.toml", &job("")),
        ]),
        "check the definitions: 3 problem(s)
  jobs/a.toml > requires: the jobs wait for each other: a > b > c > a (take one of them out)
  jobs/d.toml > requires: there is no job `nigthly` (did you mean `nightly`?)
  jobs/d.toml > requires: the jobs wait for each other: d > d (take one of them out)"
    );
}

#[test]
fn a_missing_folder_is_told() {
    let error = load_jobs(&PathBuf::from("/nowhere/jobs"), &TimeZone::UTC).expect_err("there is no folder");
    assert_eq!(
        error.to_string(),
        "check the definitions: 1 problem(s)\n  jobs > file: cannot be read: No such file or directory (os error 2)"
    );
}

#[test]
fn the_documentation_lists_exactly_the_keys_there_are() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/jobs.md");
    let text = fs::read_to_string(path).expect("the documentation is there");
    let documented: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split_once('`'))
        .map(|(key, _)| key)
        .collect();
    let mut sorted = documented.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, list_job_keys());
}
