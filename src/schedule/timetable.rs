//! A job's schedule, checked and ready to be asked. Right across clock changes: cron times come from `croner` 4 in the
//! job's zone, and a local time that a clock change skips moves to the moment after it.

use std::collections::BTreeMap;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::{Time, date};
use jiff::{Timestamp, Zoned};

use super::error::ScheduleError;
use super::slot::Slot;
use crate::definitions::{DefinitionsError, Job, ScheduleRule, WorkingDays};
use crate::model::{JobName, Period};

/// A job that can be asked when it runs.
#[derive(Clone, Debug)]
pub struct Timetable {
    job: Job,
    rule: Rule,
}

#[derive(Clone, Debug)]
enum Rule {
    Cron(Box<Cron>),
    QuarterEnd { working_days: u16, at: Time, days: WorkingDays },
}

impl Timetable {
    /// Checks the job's schedule.
    ///
    /// # Errors
    /// When its cron text is not five fields, or names a day that never comes, such as 30 February.
    pub fn new(job: Job, days: &WorkingDays) -> Result<Self, ScheduleError> {
        let rule = match &job.schedule.rule {
            ScheduleRule::Cron(text) => Rule::Cron(Box::new(parse_cron(&job, text)?)),
            ScheduleRule::QuarterEnd { working_days, at } => {
                Rule::QuarterEnd { working_days: *working_days, at: *at, days: days.clone() }
            }
        };
        Ok(Self { job, rule })
    }

    /// The job.
    #[must_use]
    pub const fn job(&self) -> &Job {
        &self.job
    }

    /// The slots after an instant, the instant itself not among them, in order and without end (up to year 9999).
    #[must_use]
    pub fn slots_after(&self, from: Timestamp) -> Box<dyn Iterator<Item = Slot> + '_> {
        let zoned = from.to_zoned(self.job.schedule.zone.clone());
        let reports = self.job.reports;
        match &self.rule {
            Rule::Cron(cron) => Box::new(cron_times(cron, &zoned).map(move |local| Slot::new(local, reports))),
            Rule::QuarterEnd { working_days, at, days } => Box::new(
                quarter_times(zoned, *working_days, *at, days)
                    .filter(move |local| local.timestamp() > from)
                    .map(move |local| Slot::new(local, reports)),
            ),
        }
    }

    pub(super) fn describe_cron(&self) -> Option<String> {
        match &self.rule {
            Rule::Cron(cron) => Some(cron.describe()),
            Rule::QuarterEnd { .. } => None,
        }
    }
}

fn parse_cron(job: &Job, text: &str) -> Result<Cron, ScheduleError> {
    let wrong = |what: String| ScheduleError::Cron { job: job.name.clone(), cron: text.to_owned(), what };
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    let cron = parser.parse(text).map_err(|error| wrong(format!("is not a cron text: {error}")))?;
    // Any day will do: four years hold every date that there is.
    let some_day = date(2024, 1, 1).to_zoned(job.schedule.zone.clone()).map_err(|error| wrong(error.to_string()))?;
    cron.find_next_occurrence(&some_day, true).map_err(|_| wrong("never fires".to_owned()))?;
    Ok(cron)
}

fn cron_times<'a>(cron: &'a Cron, from: &Zoned) -> impl Iterator<Item = Zoned> + use<'a> {
    std::iter::successors(cron.find_next_occurrence(from, false).ok(), |last| {
        cron.find_next_occurrence(last, false).ok()
    })
}

/// Quarter by quarter, from one that surely ended and was reported before `from`.
fn quarter_times(from: Zoned, working_days: u16, at: Time, days: &WorkingDays) -> impl Iterator<Item = Zoned> {
    let first = Period::containing(from.date()).index() - 3;
    (first..).map_while(move |index| {
        let day = days.after(Period::from_index(index).last_day(), working_days)?;
        day.to_datetime(at).to_zoned(from.time_zone().clone()).ok()
    })
}

/// The next slots of a job after an instant.
///
/// # Errors
/// When the job's schedule is wrong.
pub fn next_slots(job: &Job, days: &WorkingDays, from: Timestamp, count: usize) -> Result<Vec<Slot>, ScheduleError> {
    Ok(Timetable::new(job.clone(), days)?.slots_after(from).take(count).collect())
}

/// The timetables of all jobs.
///
/// # Errors
/// Every schedule that is wrong, each as a problem of its file.
pub fn load_timetables(
    jobs: &BTreeMap<JobName, Job>,
    days: &WorkingDays,
) -> Result<BTreeMap<JobName, Timetable>, DefinitionsError> {
    let (mut timetables, mut problems) = (BTreeMap::new(), Vec::new());
    for (name, job) in jobs {
        match Timetable::new(job.clone(), days) {
            Ok(timetable) => drop(timetables.insert(name.clone(), timetable)),
            Err(error) => problems.extend(error.to_problem()),
        }
    }
    if problems.is_empty() { Ok(timetables) } else { Err(DefinitionsError::Broken(problems)) }
}
