//! The only module that knows the order of the stages: inbox to lake, lake to indicators, indicators to a pack, pack to
//! recipients. Beside that way lie what people do with refused and held files, which sources are late, and the tests of
//! queries. It leaves reading, checking, figures and protection to the stages.

mod build;
mod by_hand;
mod checks_before_commit;
mod edition_parameters;
mod edition_steps;
mod embargo;
mod error;
mod extract;
mod freshness;
mod history;
mod ingest;
mod job;
mod manifest;
#[cfg(test)]
mod manifest_tests;
mod pack_input;
mod progress;
mod project;
mod quarantine;
mod query_tests;
mod recipients;
mod refused_rows;
mod rehearsal;
mod register;
mod release;
mod results;
mod review;
mod side_by_side;
mod snapshot;
mod stability;
mod summary;
mod supplier_workbook;
mod watch;
mod why;
mod workspace;

pub use build::{BuildReport, Built};
pub use by_hand::EditionStatus;
pub use error::PipelineError;
pub use freshness::{Freshness, FreshnessReport, FreshnessState};
pub use ingest::{Accept, ExtractReport, IngestReport, IngestRequest, Outcome, RuleCount};
pub use job::{EditionReport, JobFailure, JobReport, JobRequest, StepReport};
pub use progress::{ProgressSink, ReadingProgress};
pub use project::{CheckReport, Project};
pub use quarantine::{QuarantineFile, QuarantineLine};
pub use query_tests::{
    DataTestOutcome, Difference, DifferentRow, FixtureOutcome, Side, TestReport, TestRequest, Tests, Verdict, WrongKeys,
};
pub use refused_rows::{ExtractRows, RefusedExtract, RefusedFilter};
pub use rehearsal::rehearse_ingest;
pub use release::{ReleaseReport, ReleaseRequest};
pub use snapshot::{Pinned, Results};
pub use supplier_workbook::{DraftMail, ExportedWorkbook};
pub use watch::{AlertOutcome, WatchReport};
pub use why::{Why, WhySource};
pub use workspace::{Access, Workspace};
