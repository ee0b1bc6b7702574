//! What users write: schemas, queries, jobs. Loads them and checks them against each other; SQL itself is planned by
//! `engine`. Never touches data.

mod problem;

pub use problem::{DefinitionsError, Problem};

// Jobs
mod job;
mod job_load;
mod job_reader;
#[cfg(test)]
mod job_tests;
mod working_days;

pub use job::{Job, Missed, Overlap, Reports, Schedule, ScheduleRule, Step};
pub use job_load::{load_jobs, parse_job};
pub use working_days::{WorkingDays, bank_holidays, easter_sunday};
