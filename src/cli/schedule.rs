//! `mesur schedule`: when jobs will fire.

use crate::definitions::WorkingDays;
use crate::pipeline::{PipelineError, Project};
use crate::schedule::{Timetable, explain_timetable, load_timetables};

use super::arguments::ScheduleCommand;
use super::error::CliError;
use super::output::Rows;

pub(super) fn run(project: &Project, command: &ScheduleCommand) -> Result<u8, CliError> {
    let calendar = &project.settings.calendar;
    let days = WorkingDays::new(&calendar.added, &calendar.removed);
    let timetables = load_timetables(&project.definitions.jobs, &days).map_err(PipelineError::from)?;
    let now = project.settings.clock.now();
    match command {
        ScheduleCommand::Next { count, from, format } => {
            let mut rows = Rows::new(&["job", "fires", "utc", "period"]);
            let coming =
                |timetable: &Timetable| timetable.slots_after(from.unwrap_or(now)).take(*count).collect::<Vec<_>>();
            let mut slots: Vec<_> =
                timetables.iter().flat_map(|(job, t)| coming(t).into_iter().map(move |slot| (slot, job))).collect();
            slots.sort_by_key(|(slot, _)| slot.at);
            for (slot, job) in slots {
                let local = slot.local.strftime("%a %Y-%m-%d %H:%M %Z").to_string();
                rows.push(vec![job.to_string(), local, slot.at.to_string(), slot.period.to_string()]);
            }
            rows.print(*format)?;
        }
        ScheduleCommand::Explain { job } => {
            let Some(timetable) = timetables.get(job) else {
                let known = timetables.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                return Err(PipelineError::Unknown { kind: "job", name: job.to_string(), known }.into());
            };
            say!("{}", explain_timetable(timetable, now).trim_end());
        }
    }
    Ok(0)
}
