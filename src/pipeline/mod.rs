//! The only module that knows the order of the stages: inbox to lake, lake to indicators, indicators to a pack, pack
//! to recipients. It computes nothing itself.

mod build;
mod by_hand;
mod edition_steps;
mod error;
mod extract;
mod ingest;
mod job;
mod pack_input;
mod project;
mod quarantine;
mod query_tests;
mod recipients;
mod results;
mod snapshot;
mod summary;
mod workspace;

pub use build::{BuildReport, Built};
pub use by_hand::EditionStatus;
pub use error::PipelineError;
pub use ingest::{ExtractReport, IngestReport, IngestRequest, Outcome, RuleCount};
pub use job::{EditionReport, JobReport, JobRequest, StepReport};
pub use project::{CheckReport, Project};
pub use quarantine::{QuarantineFile, QuarantineLine};
pub use query_tests::{
    DataTestOutcome, Difference, DifferentRow, FixtureOutcome, Side, TestReport, TestRequest, Tests, Verdict, WrongKeys,
};
pub use snapshot::Pinned;
pub use workspace::{Access, Workspace};
