//! Loads `jobs/*.toml` and checks the jobs against each other. All problems of all files are found before any is
//! reported. Whether a cron text can ever fire is `schedule`'s to say, which sections there are `pack`'s.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::job::{Job, Missed, Overlap, Reports, Schedule, ScheduleRule, Step};
use super::job_reader::JobReader;
use super::problem::{DefinitionsError, Problem};
use crate::config::find_nearest;
use crate::model::JobName;

const DEFAULT_TIMEOUT_MINUTES: u64 = 240;
const DEFAULT_MAX_AGE_HOURS: u64 = 72;

/// Loads all jobs of a folder. `zone` is the zone of schedules that name none.
///
/// # Errors
/// Every problem of every file: syntax, unknown, missing and wrong keys, steps out of order, unknown jobs in
/// `requires`, and circles.
pub fn load_jobs(dir: &Path, zone: &TimeZone) -> Result<BTreeMap<JobName, Job>, DefinitionsError> {
    let folder = dir.file_name().map_or_else(|| "jobs".to_owned(), |name| name.to_string_lossy().into_owned());
    let unreadable = |file: &str, error: &std::io::Error| Problem {
        file: file.to_owned(),
        at: "file".to_owned(),
        what: format!("cannot be read: {error}"),
        hint: String::new(),
    };
    let mut files = Vec::new();
    let entries =
        std::fs::read_dir(dir).map_err(|error| DefinitionsError::Broken(vec![unreadable(&folder, &error)]))?;
    for entry in entries {
        let path = entry.map_err(|error| DefinitionsError::Broken(vec![unreadable(&folder, &error)]))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    let (mut jobs, mut problems) = (BTreeMap::new(), Vec::new());
    for path in files {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let file = format!("{folder}/{stem}.toml");
        match std::fs::read_to_string(&path) {
            Err(error) => problems.push(unreadable(&file, &error)),
            Ok(text) => match parse_job(&file, &stem, &text, zone) {
                Ok(job) => drop(jobs.insert(job.name.clone(), job)),
                Err(more) => problems.extend(more),
            },
        }
    }
    problems.extend(check_requirements(&folder, &jobs, problems.is_empty()));
    if problems.is_empty() { Ok(jobs) } else { Err(DefinitionsError::Broken(problems)) }
}

/// Parses one job. `file` is used in messages only.
///
/// # Errors
/// Every problem of the text, in the order of lines.
pub fn parse_job(file: &str, stem: &str, text: &str, zone: &TimeZone) -> Result<Job, Vec<Problem>> {
    let mut reader = JobReader::new(file, text);
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    let job = read_job(&mut reader, stem, zone);
    let problems = reader.finish();
    match job {
        Some(job) if problems.is_empty() => Ok(job),
        _ => Err(problems),
    }
}

/// Every key is asked for before any is looked at, so that all of them report their problems.
fn read_job(reader: &mut JobReader, stem: &str, zone: &TimeZone) -> Option<Job> {
    let name = JobName::new(stem).map_err(|error| reader.problem("file", error.to_string(), "rename the file")).ok();
    let title = reader.text("title").or_else(|| (!reader.is_said("title")).then(|| stem.to_owned()));
    let requires = read_requires(reader);
    let steps = read_steps(reader);
    let overlap = reader.choice("overlap", &[("forbid", Overlap::Forbid), ("queue", Overlap::Queue)]);
    let timeout = read_or(reader, "timeout_minutes", DEFAULT_TIMEOUT_MINUTES, 7 * 24 * 60);
    let schedule = read_schedule(reader, zone);
    let quarterly = schedule.as_ref().is_some_and(|s| matches!(s.rule, ScheduleRule::QuarterEnd { .. }));
    let mut periods = [("day", Reports::Day), ("quarter", Reports::Quarter)];
    if quarterly {
        periods.reverse();
    }
    let reports = reader.choice("reports", &periods);
    let sections = if reader.is_said("pack.sections") { reader.texts("pack.sections") } else { Some(Vec::new()) };
    let provisional = if reader.is_said("pack.provisional") { reader.boolean("pack.provisional") } else { Some(false) };
    let recipients_list = reader.text("send.list");
    let approvals = if reader.is_said("send.approvals") { reader.number("send.approvals", 0..=20) } else { Some(0) };
    let job = Job {
        name: name?,
        title: title?,
        schedule: schedule?,
        requires: requires?,
        steps: steps?,
        reports: reports?,
        overlap: overlap?,
        timeout: Duration::from_secs(60 * timeout?),
        sections: sections?,
        provisional: provisional?,
        recipients_list,
        approvals: approvals?,
    };
    check_steps(reader, &job);
    Some(job)
}

/// Every key that a job file may have, sorted.
#[cfg(test)]
pub(super) fn list_job_keys() -> Vec<&'static str> {
    let mut reader = JobReader::new("", "");
    let _ = read_job(&mut reader, "x", &TimeZone::UTC);
    reader.asked.into_iter().collect()
}

fn read_or(reader: &mut JobReader, key: &'static str, default: u64, most: i64) -> Option<u64> {
    if reader.is_said(key) { reader.number(key, 1..=most) } else { Some(default) }
}

fn read_requires(reader: &mut JobReader) -> Option<Vec<JobName>> {
    if !reader.is_said("requires") {
        return Some(Vec::new());
    }
    let names = reader.texts("requires")?.into_iter().map(JobName::new).collect::<Result<Vec<_>, _>>();
    names.map_err(|error| reader.problem("requires", error.to_string(), "")).ok()
}

fn read_steps(reader: &mut JobReader) -> Option<Vec<Step>> {
    if !reader.is_said("steps") {
        reader.problem(
            "steps",
            "is missing",
            format!("such as steps = [\"ingest\", \"build\"]; one of {}", step_names()),
        );
        return None;
    }
    let mut steps = Vec::new();
    let words = reader.texts("steps")?;
    for word in &words {
        match Step::ALL.into_iter().find(|step| step.as_str() == word) {
            Some(step) => steps.push(step),
            None => reader.problem("steps", format!("`{word}` is not a step"), format!("one of {}", step_names())),
        }
    }
    if words.is_empty() {
        reader.problem("steps", "is empty", format!("one of {}", step_names()));
    }
    if !steps.is_sorted_by(|a, b| a < b) {
        reader.problem("steps", "are out of order or twice", format!("the order is {}", step_names()));
    }
    (steps.len() == words.len()).then_some(steps)
}

fn step_names() -> String {
    Step::ALL.map(Step::as_str).join(", ")
}

fn read_schedule(reader: &mut JobReader, zone: &TimeZone) -> Option<Schedule> {
    let zone = match reader.text("schedule.zone") {
        None => (!reader.is_said("schedule.zone")).then(|| zone.clone()),
        Some(name) => TimeZone::get(&name)
            .map_err(|_| {
                let hint = "take a name of the IANA database, such as \"Europe/London\"";
                reader.problem("schedule.zone", format!("`{name}` is not a time zone"), hint);
            })
            .ok(),
    };
    let missed = [("latest", Missed::Latest), ("none", Missed::None), ("all", Missed::All)];
    let missed = reader.choice("schedule.missed", &missed);
    let hours = read_or(reader, "schedule.missed_max_age_hours", DEFAULT_MAX_AGE_HOURS, 24 * 92);
    let rule = read_rule(reader);
    Some(Schedule { rule: rule?, zone: zone?, missed: missed?, missed_max_age: Duration::from_secs(3600 * hours?) })
}

fn read_rule(reader: &mut JobReader) -> Option<ScheduleRule> {
    const DAYS: &str = "schedule.working_days_after_quarter_end";
    let cron = reader.text("schedule.cron");
    let working_days = reader.number(DAYS, 1..=40);
    let at = read_time(reader);
    match (reader.is_said("schedule.cron"), reader.is_said(DAYS)) {
        (true, true) => {
            reader.problem(DAYS, "stands beside `schedule.cron`", "keep one of them");
            None
        }
        (false, false) => {
            let hint = "give `schedule.cron`, or `schedule.working_days_after_quarter_end` with `schedule.at`";
            reader.problem("schedule", "does not say when", hint);
            None
        }
        (true, false) => {
            if reader.is_said("schedule.at") {
                reader.problem("schedule.at", "stands beside `schedule.cron`", "the cron text says the time");
            }
            cron.map(ScheduleRule::Cron)
        }
        (false, true) => {
            if !reader.is_said("schedule.at") {
                reader.problem("schedule.at", "is missing", "such as at = \"09:30\"");
            }
            Some(ScheduleRule::QuarterEnd { working_days: working_days?, at: at? })
        }
    }
}

fn read_time(reader: &mut JobReader) -> Option<Time> {
    let text = reader.text("schedule.at")?;
    let time = Time::strptime("%H:%M", &text).ok();
    if time.is_none() {
        reader.problem("schedule.at", format!("`{text}` is not a time of day"), "such as at = \"09:30\"");
    }
    time
}

fn check_steps(reader: &mut JobReader, job: &Job) {
    let has = |step| job.steps.contains(&step);
    for step in [Step::Preflight, Step::Approve, Step::Send] {
        if has(step) && !has(Step::EditionBuild) {
            reader.problem("steps", format!("`{}` needs `edition-build` before it", step.as_str()), "");
        }
    }
    if has(Step::Send) && !has(Step::Preflight) {
        reader.problem("steps", "`send` needs `preflight` before it", "nothing leaves unchecked");
    }
    if has(Step::Send) && job.recipients_list.is_none() && !reader.is_said("send.list") {
        reader.problem("send.list", "is missing", "name the list of recipients that `send` writes to");
    }
    if has(Step::Send) && (job.approvals > 0) != has(Step::Approve) {
        let what = format!("asks for {} approvals, but the steps say otherwise", job.approvals);
        reader.problem("send.approvals", what, "the step `approve` and approvals above 0 belong together");
    }
    if has(Step::EditionBuild) && job.reports != Reports::Quarter {
        reader.problem("reports", "must be `quarter`", "a pack reports a quarter");
    }
    if !has(Step::EditionBuild) && !job.sections.is_empty() {
        reader.problem("pack.sections", "belongs to no pack", "add the step `edition-build`, or drop the sections");
    }
}

/// Unknown names are only told when every file could be read: a broken file would make its job unknown.
fn check_requirements(folder: &str, jobs: &BTreeMap<JobName, Job>, all_read: bool) -> Vec<Problem> {
    let problem = |job: &Job, what: String, hint: String| Problem {
        file: format!("{folder}/{}.toml", job.name),
        at: "requires".to_owned(),
        what,
        hint,
    };
    let mut problems = Vec::new();
    for job in jobs.values() {
        for name in job.requires.iter().filter(|name| all_read && !jobs.contains_key(*name)) {
            let nearest = find_nearest(name.as_str(), jobs.keys().map(JobName::as_str));
            let hint = nearest.map_or_else(String::new, |nearest| format!("did you mean `{nearest}`?"));
            problems.push(problem(job, format!("there is no job `{name}`"), hint));
        }
        if let Some(circle) = find_circle(jobs, job) {
            let names: Vec<_> = circle.iter().map(|name| name.as_str()).collect();
            let what = format!("the jobs wait for each other: {}", names.join(" > "));
            problems.push(problem(job, what, "take one of them out".to_owned()));
        }
    }
    problems
}

/// The way from a job back to itself, told once: by the first of its jobs in the order of names.
fn find_circle<'a>(jobs: &'a BTreeMap<JobName, Job>, start: &'a Job) -> Option<Vec<&'a JobName>> {
    let mut ways = vec![vec![&start.name]];
    while let Some(way) = ways.pop() {
        let last = way.last().and_then(|name| jobs.get(*name));
        for next in last.map_or(&[][..], |job| &job.requires) {
            if *next == start.name {
                return Some(way.into_iter().chain([next]).collect());
            }
            // Circles through an earlier job are told there; one that does not come back here is told by its own jobs.
            if *next > start.name && !way.contains(&next) {
                ways.push(way.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}
