//! Tests of what is due and when: clock changes, quarter ends, catching up, and the words of an explanation.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{
    DueSlots, ScheduleError, Slot, Timetable, Watch, explain_timetable, find_due_slots, load_timetables, next_slots,
};
use crate::definitions::{Job, WorkingDays, load_jobs, parse_job};
use crate::model::JobName;

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub(super) fn name(text: &str) -> JobName {
    JobName::new(text).expect("a job name")
}

/// A job in London with a cron text and more keys of `[schedule]`.
pub(super) fn cron_job(cron: &str, more: &str) -> Job {
    let text = format!("steps = [\"build\"]\n[schedule]\nzone = \"Europe/London\"\ncron = \"{cron}\"\n{more}\n");
    parse_job("jobs/x.toml", "x", &text, &TimeZone::UTC).expect("the job is right")
}

fn shipped() -> BTreeMap<JobName, Job> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("jobs");
    load_jobs(&dir, &TimeZone::UTC).expect("the jobs that ship are right")
}

fn timetable(job: &Job) -> Timetable {
    Timetable::new(job.clone(), &WorkingDays::default()).expect("the schedule is right")
}

fn instants(slots: &[Slot]) -> Vec<String> {
    slots.iter().map(|slot| slot.at.to_string()).collect()
}

fn fires(cron: &str, from: &str, count: usize) -> Vec<String> {
    let job = cron_job(cron, "");
    instants(&next_slots(&job, &WorkingDays::default(), at(from), count).expect("the schedule is right"))
}

#[test]
fn a_time_that_spring_skips_fires_when_the_clocks_have_moved() {
    assert_eq!(
        fires("30 1 * * *", "2026-03-28T00:00:00Z", 3),
        ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]
    );
}

#[test]
fn a_time_that_comes_twice_in_autumn_fires_once() {
    assert_eq!(
        fires("30 1 * * *", "2026-10-24T00:00:00Z", 3),
        ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
    );
}

#[test]
fn every_half_hour_is_every_half_hour_through_both_changes() {
    assert_eq!(
        fires("*/30 * * * *", "2026-03-29T00:00:00Z", 4),
        ["2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:00:00Z"]
    );
    assert_eq!(
        fires("*/30 * * * *", "2026-10-24T23:45:00Z", 6),
        [
            "2026-10-25T00:00:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T02:00:00Z",
            "2026-10-25T02:30:00Z"
        ]
    );
}

#[test]
fn slots_only_go_forward_and_each_day_of_a_year_has_one() {
    for cron in ["30 1 * * *", "0 2 * * *", "0 1 * * *"] {
        let job = cron_job(cron, "");
        let slots = next_slots(&job, &WorkingDays::default(), at("2026-01-01T00:00:00Z"), 364).expect("right");
        assert!(
            slots.is_sorted_by(|a, b| a.at < b.at && a.local.date().tomorrow().ok() == Some(b.local.date())),
            "{cron}"
        );
    }
}

#[test]
fn the_night_job_keeps_two_o_clock_in_london_and_names_the_day() {
    let slots = next_slots(&shipped()[&name("nightly")], &WorkingDays::default(), at("2026-10-24T12:00:00Z"), 2);
    let slots = slots.expect("the schedule is right");
    assert_eq!(instants(&slots), ["2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z"]);
    assert_eq!(slots[0].period.to_string(), "2026-10-25");
    assert_eq!(slots[0].local.to_string(), "2026-10-25T02:00:00+00:00[Europe/London]");
}

#[test]
fn the_pack_comes_five_working_days_after_each_quarter_and_names_it() {
    let job = &shipped()[&name("iacw-quarterly")];
    let slots = next_slots(job, &WorkingDays::default(), at("2020-12-31T12:00:00Z"), 5).expect("right");
    let found: Vec<_> =
        slots.iter().map(|slot| format!("{} {}", slot.local.strftime("%F %H:%M %Z"), slot.period)).collect();
    assert_eq!(
        found,
        [
            "2021-01-08 09:30 GMT 2020-21-Q3",
            "2021-04-09 09:30 BST 2020-21-Q4",
            "2021-07-07 09:30 BST 2021-22-Q1",
            "2021-10-07 09:30 BST 2021-22-Q2",
            "2022-01-10 09:30 GMT 2021-22-Q3",
        ]
    );
    let again = next_slots(job, &WorkingDays::default(), slots[0].at, 1).expect("right");
    assert_eq!(again, slots[1..2]);
}

#[test]
fn schedules_that_make_no_sense_are_problems_of_their_files() {
    let message = |cron: &str| {
        let error = Timetable::new(cron_job(cron, ""), &WorkingDays::default()).expect_err("makes no sense");
        assert!(matches!(error, ScheduleError::Cron { .. }));
        error.to_string()
    };
    assert_eq!(message("0 9 30 2 *"), "plan job `x`: `0 9 30 2 *` never fires");
    assert!(message("every day").starts_with("plan job `x`: `every day` is not a cron text: "));
    assert!(message("0 0 9 * * *").starts_with("plan job `x`: `0 0 9 * * *` is not a cron text: "));
    let jobs = BTreeMap::from([(name("x"), cron_job("0 9 30 2 *", ""))]);
    assert_eq!(
        load_timetables(&jobs, &WorkingDays::default()).expect_err("makes no sense").to_string(),
        "check the definitions: 1 problem(s)\n  jobs/x.toml > schedule.cron: `0 9 30 2 *` never fires (five fields: minute, hour, day of month, month, day of week)"
    );
}

fn due(more: &str, last_planned: &str, now: &str) -> (Vec<String>, Option<String>) {
    let timetable = timetable(&cron_job("0 * * * *", more));
    let DueSlots { due, first_let_go } = find_due_slots(&timetable, at(last_planned), at(now));
    (instants(&due), first_let_go.map(|slot| slot.at.to_string()))
}

#[test]
fn a_slot_is_due_once_its_time_has_come() {
    let none = (Vec::new(), None);
    assert_eq!(due("", "2026-01-05T10:00:00Z", "2026-01-05T10:59:59Z"), none);
    assert_eq!(due("", "2026-01-05T10:00:00Z", "2026-01-05T11:00:00Z").0, ["2026-01-05T11:00:00Z"]);
    assert_eq!(due("", "2026-01-05T11:00:00Z", "2026-01-05T11:00:05Z"), none);
    assert_eq!(due("", "2026-01-05T12:00:00Z", "2026-01-05T11:00:05Z"), none);
}

#[test]
fn missed_slots_are_caught_up_as_the_job_says() {
    let (from, to) = ("2026-01-05T10:00:00Z", "2026-01-05T13:20:00Z");
    let text = |time: &str| format!("2026-01-05T{time}:00Z");
    assert_eq!(due("missed = \"latest\"", from, to), (vec![text("13:00")], Some(text("11:00"))));
    assert_eq!(due("missed = \"all\"", from, to), (vec![text("11:00"), text("12:00"), text("13:00")], None));
    assert_eq!(due("missed = \"none\"", from, to), (Vec::new(), Some(text("11:00"))));
    assert_eq!(due("missed = \"none\"", from, "2026-01-05T11:01:00Z"), (vec![text("11:00")], None));
}

#[test]
fn slots_beyond_the_greatest_age_are_let_go() {
    let more = "missed = \"all\"\nmissed_max_age_hours = 2";
    let (found, let_go) = due(more, "2025-01-05T10:00:00Z", "2026-01-05T13:00:00Z");
    assert_eq!(found, ["2026-01-05T11:00:00Z", "2026-01-05T12:00:00Z", "2026-01-05T13:00:00Z"]);
    assert_eq!(let_go.as_deref(), Some("2025-01-05T11:00:00Z"));
}

#[test]
fn a_watch_gives_each_slot_once_and_oldest_first() {
    let jobs = shipped();
    let timetables = load_timetables(&jobs, &WorkingDays::default()).expect("the schedules are right");
    let start = at("2021-01-08T01:00:00Z");
    let mut watch = Watch::new(timetables, &BTreeMap::new(), start);
    let mut ticks = Vec::new();
    let mut now = start;
    while now < at("2021-01-09T03:00:00Z") {
        now = now.checked_add(jiff::SignedDuration::from_mins(7)).expect("a time");
        ticks.extend(watch.tick(now).into_iter().map(|due| format!("{} {}", due.job.name, due.slot.period)));
    }
    assert_eq!(ticks, ["nightly 2021-01-08", "iacw-quarterly 2020-21-Q3", "nightly 2021-01-09"]);
    let next = watch.find_next(now).expect("there is always a next slot");
    assert_eq!((next.job.name, next.slot.at), (name("nightly"), at("2021-01-10T02:00:00Z")));
}

#[test]
fn a_watch_catches_up_from_the_last_slot_in_the_ledger() {
    let timetables = load_timetables(&shipped(), &WorkingDays::default()).expect("the schedules are right");
    let last = BTreeMap::from([(name("nightly"), at("2021-01-05T02:00:00Z"))]);
    let mut watch = Watch::new(timetables, &last, at("2021-01-08T08:00:00Z"));
    let slots: Vec<_> = watch.tick(at("2021-01-08T08:00:05Z")).into_iter().map(|due| due.slot.at).collect();
    assert_eq!(slots, [at("2021-01-08T02:00:00Z")]);
    assert!(watch.find_slot(&name("nightly"), at("2021-01-05T02:00:00Z")).is_some());
    assert!(watch.find_slot(&name("nightly"), at("2021-01-05T03:00:00Z")).is_none());
}

#[test]
fn a_clock_set_back_plans_from_the_present_and_a_small_step_repeats_nothing() {
    let timetables = BTreeMap::from([(name("x"), timetable(&cron_job("0 * * * *", "")))]);
    let mut watch = Watch::new(timetables, &BTreeMap::new(), at("2026-01-05T10:00:00Z"));
    assert_eq!(watch.tick(at("2026-01-05T11:00:01Z")).len(), 1);
    assert_eq!(watch.tick(at("2026-01-05T10:59:58Z")).len(), 0);
    assert_eq!(watch.tick(at("2026-01-05T11:00:03Z")).len(), 0);
    assert_eq!(watch.tick(at("2027-01-05T11:00:00Z")).len(), 1);
    assert_eq!(watch.tick(at("2026-01-05T11:30:00Z")).len(), 0);
    assert_eq!(watch.tick(at("2026-01-05T12:00:00Z")).len(), 1);
}

#[test]
fn schedules_are_told_in_words() {
    let jobs = shipped();
    let from = at("2026-10-23T12:00:00Z");
    assert_eq!(
        explain_timetable(&timetable(&jobs[&name("nightly")]), from),
        "nightly: Take in what came, compute the indicators
  Every day. At 02:00. Times are those of Europe/London; cron `0 2 * * *`.
  Each run is about the day on which it starts.
  Of slots that were missed, the last is made up for within 24 hours. A slot is skipped while an earlier run still goes on.
  Next:
    Sat 2026-10-24 02:00 BST  2026-10-24
    Sun 2026-10-25 02:00 GMT  2026-10-25
    Mon 2026-10-26 02:00 GMT  2026-10-26
    Tue 2026-10-27 02:00 GMT  2026-10-27
    Wed 2026-10-28 02:00 GMT  2026-10-28
"
    );
    assert_eq!(
        explain_timetable(&timetable(&jobs[&name("iacw-quarterly")]), from),
        "iacw-quarterly: IACW quarterly pack
  5 working days after the end of each financial quarter, at 09:30. Times are those of Europe/London.
  Each run is about the last financial quarter that is over.
  Of slots that were missed, the last is made up for within 168 hours. A slot is skipped while an earlier run still goes on.
  First comes, unless it is green: nightly.
  Next:
    Fri 2027-01-08 09:30 GMT  2026-27-Q3
    Wed 2027-04-07 09:30 BST  2026-27-Q4
    Wed 2027-07-07 09:30 BST  2027-28-Q1
    Thu 2027-10-07 09:30 BST  2027-28-Q2
    Mon 2028-01-10 09:30 GMT  2027-28-Q3
"
    );
}
