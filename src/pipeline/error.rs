//! Why a stage could not do its work, with the class that decides what happens next.

use std::path::PathBuf;

use crate::decode::DecodeError;
use crate::definitions::{DefinitionsError, UnknownSelection};
use crate::disclosure::DisclosureError;
use crate::dispatch::DispatchError;
use crate::edition::EditionError;
use crate::engine::EngineError;
use crate::indicator::IndicatorError;
use crate::intake::IntakeError;
use crate::lake::LakeError;
use crate::ledger::LedgerError;
use crate::model::{ErrorClass, Period};
use crate::pack::PackError;
use crate::store::StoreError;
use crate::validate::ValidateError;

/// An error of the pipeline.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// Definitions are broken.
    #[error(transparent)]
    Definitions(#[from] DefinitionsError),
    /// The store could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger could not be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The lake could not be used.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A query failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The inbox could not be read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// A file could not be decoded; ends the file only.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The rules could not be applied.
    #[error(transparent)]
    Validate(#[from] ValidateError),
    /// An indicator could not be tabulated.
    #[error("could not compute indicator `{indicator}`")]
    Indicator {
        /// Which.
        indicator: String,
        /// Why.
        #[source]
        source: IndicatorError,
    },
    /// An indicator's SQL failed.
    #[error("could not run indicator `{indicator}` ({file})")]
    IndicatorSql {
        /// Which.
        indicator: String,
        /// Its file.
        file: String,
        /// Why.
        #[source]
        source: EngineError,
    },
    /// A word of a selection chooses nothing.
    #[error(transparent)]
    Selection(#[from] UnknownSelection),
    /// What was selected has no test.
    #[error("there is no test of {names} (write queries/tests/NAME.toml; docs/indicator-author.md says how)")]
    NothingToTest {
        /// The queries.
        names: String,
    },
    /// A data test's SQL failed.
    #[error("could not run the data test `{name}` (queries/checks/{name}.sql)")]
    DataTest {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: EngineError,
    },
    /// Data tests found wrong rows.
    #[error("{} of the data tests failed, and nothing was replaced (`mesur test --only data` names rows):\n{}", .failed.len(), .failed.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n"))]
    DataTestsFailed {
        /// What each found: counts, never a value.
        failed: Vec<String>,
    },
    /// Tables could not be protected.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// The pack could not be rendered.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// Messages could not be sent.
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
    /// An edition could not be written or read.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// A file of ours could not be read or written.
    #[error("failed to {doing} `{}`", path.display())]
    Io {
        /// What we were doing.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file that the user named cannot be read.
    #[error("failed to read `{}` (check the path)", path.display())]
    NamedFile {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Values could not be put into Arrow arrays.
    #[error("failed to {doing}")]
    Arrow {
        /// What we were doing.
        doing: String,
        /// Why.
        #[source]
        source: arrow::error::ArrowError,
    },
    /// A name that matches nothing.
    #[error("there is no {kind} `{name}`; there are: {known}")]
    Unknown {
        /// What it should be.
        kind: &'static str,
        /// What was typed.
        name: String,
        /// What exists.
        known: String,
    },
    /// The lake does not show any more what an edition was made from.
    #[error(
        "read what `{edition}` was made from: its snapshot {snapshot} cannot be shown any more (hint: the ledger or the lake \
         was replaced since it was built)"
    )]
    SnapshotGone {
        /// Which edition.
        edition: String,
        /// Its snapshot.
        snapshot: String,
    },
    /// A dataset was named and the inbox holds nothing for it.
    #[error("the inbox `{}` holds no extract of `{dataset}`", inbox.display())]
    NothingMatches {
        /// The dataset that was named.
        dataset: String,
        /// Where we looked.
        inbox: PathBuf,
    },
    /// The lake holds nothing that a quarter could be reported from.
    #[error("no finished quarter has data: the lake holds no extract of the programme (put extracts into `{}`, or name a quarter with --period)", inbox.display())]
    NoPeriod {
        /// Where extracts are expected.
        inbox: PathBuf,
    },
    /// The quarter has no data.
    #[error(
        "quarter `{period}` has no data: extracts reach from {from} to {to} (name a quarter between them with --period)"
    )]
    EmptyPeriod {
        /// The quarter asked for.
        period: Period,
        /// First day with data.
        from: String,
        /// Last day with data.
        to: String,
    },
    /// The quarter is not over.
    #[error("quarter `{period}` is not over: it ends on {ends} (name an earlier quarter, or rehearse with --now)")]
    OpenPeriod {
        /// The quarter asked for.
        period: Period,
        /// Its last day.
        ends: String,
    },
    /// A lookup that everything needs is missing or incomplete.
    #[error("the lake holds no usable rows of `{dataset}`: {what} (deliver the extract and ingest it)")]
    MissingReference {
        /// Which dataset.
        dataset: &'static str,
        /// What is missing.
        what: String,
    },
    /// Rows went missing between decode and the lake. A defect of ours.
    #[error("`{file}`: {rows_in} rows came in, {accepted} were accepted and {quarantined} quarantined")]
    RowsLost {
        /// The extract.
        file: String,
        /// Rows read.
        rows_in: u64,
        /// Rows accepted.
        accepted: u64,
        /// Rows set aside.
        quarantined: u64,
    },
    /// A rule of severity `stop` failed.
    #[error("`{file}` stops the run:\n{}", .reasons.iter().map(|r| format!("  {r}")).collect::<Vec<_>>().join("\n"))]
    StoppedByRule {
        /// The extract.
        file: String,
        /// All reasons.
        reasons: Vec<String>,
    },
    /// A raw copy was read otherwise than the file it was made of. A defect of ours.
    #[error("`{file}` was read otherwise the second time: {what}")]
    ReadOtherwise {
        /// The extract.
        file: String,
        /// What came the second time.
        what: String,
    },
    /// The keys that rows may point at do not fit into their share of memory.
    #[error(
        "the keys that `{dataset}` points at take {mib} MiB, more than a quarter of the memory allowed (hint: raise \
         `limits.memory`)"
    )]
    TooManyKeys {
        /// Whose foreign keys.
        dataset: String,
        /// What they take.
        mib: usize,
    },
    /// Rows cannot be let out of quarantine.
    #[error("cannot release rows of `{extract}`: {why}")]
    Release {
        /// The extract's file.
        extract: String,
        /// Why, and what to do.
        why: String,
    },
    /// A workbook for a supplier could not be made.
    #[error("failed to make the workbook for supplier `{supplier}`")]
    Workbook {
        /// Whose.
        supplier: String,
        /// Why.
        #[source]
        source: rust_xlsxwriter::XlsxError,
    },
    /// The reviewer's workbook could not be made.
    #[error("failed to make the reviewer's workbook of edition `{edition}`")]
    Review {
        /// Of which edition.
        edition: String,
        /// Why.
        #[source]
        source: rust_xlsxwriter::XlsxError,
    },
    /// A gate said no.
    #[error("edition `{edition}` was stopped before sending; nothing was sent:\n{}", .reasons.iter().map(|r| format!("  {r}")).collect::<Vec<_>>().join("\n"))]
    Gate {
        /// Which edition.
        edition: String,
        /// All reasons.
        reasons: Vec<String>,
    },
    /// Cells of an ad hoc query may not leave.
    #[error("nothing was exported: {} (hint: {hint})", .reasons.join("; "))]
    Export {
        /// By class of rule how many of how many, never a value or a parameter.
        reasons: Vec<String>,
        /// How to ask better.
        hint: &'static str,
    },
    /// A step needs another step before it.
    #[error("step `{step}` of job `{job}` needs `{needs}` before it (put it into `steps` of jobs/{job}.toml)")]
    StepOrder {
        /// The job.
        job: String,
        /// The step.
        step: String,
        /// What must come first.
        needs: &'static str,
    },
    /// A background computation panicked.
    #[error("{doing} ended in a defect of the program")]
    Panicked {
        /// What was being done.
        doing: &'static str,
        /// Why.
        #[source]
        source: tokio::task::JoinError,
    },
}

impl PipelineError {
    /// The class, which decides the exit code.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Store(error) => error.class(),
            Self::Ledger(error) => error.class(),
            Self::Lake(error) => error.class(),
            Self::Engine(error) | Self::IndicatorSql { source: error, .. } | Self::DataTest { source: error, .. } => {
                error.class()
            }
            Self::Intake(error) => error.class(),
            Self::Decode(error) => error.class(),
            Self::Validate(error) => error.class(),
            Self::Indicator { source, .. } => source.class(),
            Self::Disclosure(error) => error.class(),
            Self::Pack(error) => error.class(),
            Self::Dispatch(error) => error.class(),
            Self::Edition(error) => error.class(),
            Self::Definitions(_)
            | Self::Selection(_)
            | Self::NothingToTest { .. }
            | Self::NamedFile { .. }
            | Self::Unknown { .. }
            | Self::SnapshotGone { .. }
            | Self::NothingMatches { .. }
            | Self::NoPeriod { .. }
            | Self::EmptyPeriod { .. }
            | Self::OpenPeriod { .. }
            | Self::StepOrder { .. }
            | Self::Release { .. }
            | Self::MissingReference { .. }
            | Self::TooManyKeys { .. } => ErrorClass::Usage,
            Self::Gate { .. } | Self::Export { .. } => ErrorClass::Gate,
            Self::Io { .. } => ErrorClass::Permanent,
            Self::DataTestsFailed { .. } | Self::StoppedByRule { .. } => ErrorClass::Data,
            Self::Arrow { .. }
            | Self::Workbook { .. }
            | Self::Review { .. }
            | Self::RowsLost { .. }
            | Self::ReadOtherwise { .. }
            | Self::Panicked { .. } => ErrorClass::Bug,
        }
    }
}

/// An error and its causes on one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
