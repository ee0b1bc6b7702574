//! A timetable in words, for `schedule explain`.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::timetable::Timetable;
use crate::definitions::{Missed, Overlap, Reports, ScheduleRule};
use crate::model::JobName;

/// How many coming slots an explanation shows.
const SHOWN: usize = 5;

/// When a job runs, what each run is about, what happens to slots that are missed, and the next slots after `from`.
#[must_use]
pub fn explain_timetable(timetable: &Timetable, from: Timestamp) -> String {
    let job = timetable.job();
    let schedule = &job.schedule;
    let zone = schedule.zone.iana_name().unwrap_or("its zone");
    let when = match &schedule.rule {
        ScheduleRule::Cron(text) => {
            let words = timetable.describe_cron().unwrap_or_default();
            let daily = if text.split_whitespace().skip(2).all(|field| field == "*") { "Every day. " } else { "" };
            format!("{daily}{} Times are those of {zone}; cron `{text}`.", words.trim())
        }
        ScheduleRule::QuarterEnd { working_days, at } => format!(
            "{} after the end of each financial quarter, at {}. Times are those of {zone}.",
            count_words(*working_days),
            at.strftime("%H:%M")
        ),
    };
    let about = match job.reports {
        Reports::Day => "Each run is about the day on which it starts.",
        Reports::Quarter => "Each run is about the last financial quarter that is over.",
    };
    let hours = schedule.missed_max_age.as_secs() / 3600;
    let missed = match schedule.missed {
        Missed::None => "Slots that were missed are let go.".to_owned(),
        Missed::Latest => format!("Of slots that were missed, the last is made up for within {hours} hours."),
        Missed::All => format!("Slots that were missed are each made up for within {hours} hours."),
    };
    let overlap = match job.overlap {
        Overlap::Forbid => "A slot is skipped while an earlier run still goes on.",
        Overlap::Queue => "A slot waits while an earlier run still goes on.",
    };
    let mut text = format!("{}: {}\n  {when}\n  {about}\n  {missed} {overlap}\n", job.name, job.title);
    if !job.requires.is_empty() {
        let names: Vec<_> = job.requires.iter().map(JobName::as_str).collect();
        let _ = writeln!(text, "  First comes, unless it is green: {}.", names.join(", "));
    }
    text.push_str("  Next:\n");
    for slot in timetable.slots_after(from).take(SHOWN) {
        let _ = writeln!(text, "    {}  {}", slot.local.strftime("%a %Y-%m-%d %H:%M %Z"), slot.period);
    }
    text
}

fn count_words(working_days: u16) -> String {
    if working_days == 1 { "1 working day".to_owned() } else { format!("{working_days} working days") }
}
