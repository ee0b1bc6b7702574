//! A job: when it runs, what it does, what it sends to whom. Parsed from `jobs/<name>.toml` by `job_load`; slots are
//! worked out by `schedule`.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::model::JobName;

/// A checked job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The stem of its file.
    pub name: JobName,
    /// What people call it.
    pub title: String,
    /// When it runs.
    pub schedule: Schedule,
    /// Jobs that must be green for the period before this one starts. All exist, and none leads back here.
    pub requires: Vec<JobName>,
    /// What it does, in order.
    pub steps: Vec<Step>,
    /// What one run of it is about.
    pub reports: Reports,
    /// What happens when a slot is due while an earlier one still runs.
    pub overlap: Overlap,
    /// How long one run may take.
    pub timeout: Duration,
    /// Sections of the pack in order; empty for all.
    pub sections: Vec<String>,
    /// Whether the pack says that its figures are provisional.
    pub provisional: bool,
    /// The list of recipients, as in the dataset `recipients`; present whenever it sends.
    pub recipients_list: Option<String>,
    /// How many people must approve an edition before it is sent.
    pub approvals: u32,
}

impl Job {
    /// Whether it makes a pack.
    #[must_use]
    pub fn makes_edition(&self) -> bool {
        self.steps.contains(&Step::EditionBuild)
    }
}

/// When a job runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Which local times.
    pub rule: ScheduleRule,
    /// In which zone.
    pub zone: TimeZone,
    /// What to do about slots that nobody served.
    pub missed: Missed,
    /// How old such a slot may be.
    pub missed_max_age: Duration,
}

/// Which local times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScheduleRule {
    /// Five fields: minute, hour, day of month, month, day of week. Checked by `schedule`.
    Cron(String),
    /// So many working days after the end of every financial quarter.
    QuarterEnd {
        /// From 1 to 40.
        working_days: u16,
        /// The time of that day.
        at: Time,
    },
}

/// What to do about slots that nobody served, because the machine was off or busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// Let them go.
    None,
    /// Serve the last one.
    Latest,
    /// Serve each.
    All,
}

/// What happens when a slot is due while an earlier one of the same job still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// It is skipped, and recorded as such.
    Forbid,
    /// It waits.
    Queue,
}

/// What one run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reports {
    /// The day of its slot.
    Day,
    /// The last financial quarter that was over before its slot.
    Quarter,
}

/// One thing a job does. The order is the only one in which steps may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Inbox to lake.
    Ingest,
    /// Which extracts are late or missing, told to the owner.
    Freshness,
    /// Data tests: nothing is replaced when one fails.
    Test,
    /// Indicators.
    Build,
    /// The pack.
    EditionBuild,
    /// Everything that must hold before a pack leaves.
    Preflight,
    /// The gate of approvals.
    Approve,
    /// Messages.
    Send,
}

impl Step {
    /// All, in their order.
    pub const ALL: [Self; 8] = [
        Self::Ingest,
        Self::Freshness,
        Self::Test,
        Self::Build,
        Self::EditionBuild,
        Self::Preflight,
        Self::Approve,
        Self::Send,
    ];

    /// As written in a job file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Freshness => "freshness",
            Self::Test => "test",
            Self::Build => "build",
            Self::EditionBuild => "edition-build",
            Self::Preflight => "preflight",
            Self::Approve => "approve",
            Self::Send => "send",
        }
    }
}
