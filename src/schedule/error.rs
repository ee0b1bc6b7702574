//! What can go wrong with schedules.

use crate::definitions::Problem;
use crate::model::{ErrorClass, JobName};

/// Why there is no timetable, or no scheduler.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// The cron text of a job is not one, or never fires.
    #[error("plan job `{job}`: `{cron}` {what}")]
    Cron {
        /// Which job.
        job: JobName,
        /// Its cron text.
        cron: String,
        /// What is wrong with it.
        what: String,
    },
    /// `serve` was asked to keep time with a clock that stands still.
    #[error("serve jobs under a fixed clock: no slot would ever come")]
    Rehearsal,
    /// The heartbeat did not start or stop.
    #[error("{doing} the heartbeat")]
    Heartbeat {
        /// `start` or `stop`.
        doing: &'static str,
        /// Why.
        source: tokio_cron_scheduler::JobSchedulerError,
    },
}

impl ScheduleError {
    /// A wrong schedule or a rehearsal is the user's, a heart that does not beat is for good.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::Cron { .. } | Self::Rehearsal => ErrorClass::Usage,
            Self::Heartbeat { .. } => ErrorClass::Permanent,
        }
    }

    /// The same as a problem of the job's file, for `check`.
    #[must_use]
    pub fn to_problem(&self) -> Option<Problem> {
        let Self::Cron { job, cron, what } = self else { return None };
        Some(Problem {
            file: format!("jobs/{job}.toml"),
            at: "schedule.cron".to_owned(),
            what: format!("`{cron}` {what}"),
            hint: "five fields: minute, hour, day of month, month, day of week".to_owned(),
        })
    }
}
