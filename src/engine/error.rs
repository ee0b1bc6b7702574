//! What can go wrong with SQL and sessions.

use std::time::Duration;

use arrow::error::ArrowError;
use datafusion::error::DataFusionError;

use super::functions::FunctionError;
use crate::lake::LakeError;
use crate::model::ErrorClass;
use crate::store::StoreError;

/// Why the engine could not do its work. Errors of planning quote the SQL; errors of running never quote a value.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The spill folder or the runtime could not be set up.
    #[error("set up the spill folder of the engine")]
    Spill {
        /// What the store said.
        source: StoreError,
    },
    /// `DataFusion` could not be set up.
    #[error("set up the engine")]
    Setup {
        /// What `DataFusion` said.
        source: Box<DataFusionError>,
    },
    /// Two tables or views share a name.
    #[error("register `{name}`: two tables or views have this name")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// The SQL has a mistake.
    #[error("plan {what}")]
    Plan {
        /// Which SQL.
        what: String,
        /// What `DataFusion` said.
        source: Box<DataFusionError>,
    },
    /// The SQL names a table that is not there.
    #[error("plan {what}: there is no table `{name}` (hint: {hint})")]
    UnknownTable {
        /// Which SQL.
        what: String,
        /// The name it uses.
        name: String,
        /// What it may have meant, and what there is.
        hint: String,
    },
    /// The SQL would change something.
    #[error("run {what}: {reason} (hint: SQL here only reads; use SELECT, WITH, EXPLAIN, SHOW TABLES or DESCRIBE)")]
    ReadOnly {
        /// Which SQL.
        what: String,
        /// What it would do.
        reason: String,
    },
    /// The SQL does not yield the columns that it must.
    #[error("use the columns of {what}: {}", problems.join("; "))]
    Columns {
        /// Which SQL.
        what: String,
        /// Every problem.
        problems: Vec<String>,
    },
    /// Sums could run over without notice.
    #[error("use {what}: {}", problems.join("; "))]
    Overflow {
        /// Which SQL.
        what: String,
        /// Every problem.
        problems: Vec<String>,
    },
    /// A rule's expression is wrong.
    #[error("compile the rule `{rule}` of `{dataset}`")]
    Rule {
        /// The rule's id.
        rule: String,
        /// Whose schema.
        dataset: String,
        /// What `DataFusion` said.
        source: Box<DataFusionError>,
    },
    /// A rule's expression is neither true nor false.
    #[error("compile the rule `{rule}` of `{dataset}`: its expression yields {found}, not a truth value")]
    RuleType {
        /// The rule's id.
        rule: String,
        /// Whose schema.
        dataset: String,
        /// What it yields.
        found: String,
    },
    /// The query failed while it ran.
    #[error("run {what}: {reason}")]
    Run {
        /// Which SQL.
        what: String,
        /// Why, without values.
        reason: String,
    },
    /// The query needs more memory than it may have.
    #[error(
        "run {what}: it needs more than the {limit_mib} MiB it may use (hint: ask for fewer rows or columns, group before \
         joining, or raise `limits.memory`)"
    )]
    Memory {
        /// Which SQL.
        what: String,
        /// The bound, in mebibytes.
        limit_mib: usize,
    },
    /// The query took too long.
    #[error(
        "run {what}: it took longer than {} s (hint: ask for less, or raise `limits.query_seconds`)",
        deadline.as_secs_f64()
    )]
    Deadline {
        /// Which SQL.
        what: String,
        /// The bound.
        deadline: Duration,
    },
    /// The query asks for more than may leave.
    #[error("let the result leave: {reason} (hint: {hint})")]
    Export {
        /// Why not.
        reason: String,
        /// How to ask better.
        hint: String,
    },
    /// A table of the lake could not be read.
    #[error("read the lake for {what}")]
    Lake {
        /// Which SQL.
        what: String,
        /// What the lake said.
        source: Box<LakeError>,
    },
}

impl EngineError {
    /// What the error means for the run.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Spill { source } => source.class(),
            Self::Lake { source, .. } => source.class(),
            Self::Export { .. } => ErrorClass::Gate,
            Self::Setup { .. } | Self::Memory { .. } | Self::Deadline { .. } => ErrorClass::Permanent,
            Self::Duplicate { .. }
            | Self::Plan { .. }
            | Self::UnknownTable { .. }
            | Self::ReadOnly { .. }
            | Self::Columns { .. }
            | Self::Overflow { .. }
            | Self::Rule { .. }
            | Self::RuleType { .. }
            | Self::Run { .. } => ErrorClass::Usage,
        }
    }

    /// An error of planning.
    pub(super) fn plan(what: &str, source: DataFusionError) -> Self {
        match Self::inner(what, source) {
            Ok(error) => error,
            Err(source) => Self::Plan { what: what.to_owned(), source },
        }
    }

    /// A task ended without a word.
    pub(super) fn broken_off(what: &str) -> Self {
        Self::Run { what: what.to_owned(), reason: "the engine broke off".to_owned() }
    }

    /// An error of ours on its way through `DataFusion`; it comes out as it went in.
    pub(super) fn nested(self) -> DataFusionError {
        DataFusionError::External(Box::new(self))
    }

    /// An error of the lake, or of a view that was computed on the way.
    fn inner(what: &str, source: DataFusionError) -> Result<Self, Box<DataFusionError>> {
        let inner = match unwrapped(source) {
            DataFusionError::External(inner) => inner,
            other => return Err(Box::new(other)),
        };
        let inner = match inner.downcast::<Self>() {
            Ok(own) => return Ok(*own),
            Err(inner) => inner,
        };
        match inner.downcast::<LakeError>() {
            Ok(source) => Ok(Self::Lake { what: what.to_owned(), source }),
            Err(inner) => Err(Box::new(DataFusionError::External(inner))),
        }
    }

    /// An error of starting a query: mistakes in the SQL keep their words, everything else is stripped of values.
    pub(super) fn planned(what: &str, source: DataFusionError, limit_bytes: usize) -> Self {
        match source.find_root() {
            DataFusionError::Plan(_)
            | DataFusionError::SchemaError(..)
            | DataFusionError::SQL(..)
            | DataFusionError::NotImplemented(_) => Self::plan(what, source),
            _ => Self::run(what, source, limit_bytes),
        }
    }

    /// An error of running, stripped of values.
    pub(super) fn run(what: &str, source: DataFusionError, limit_bytes: usize) -> Self {
        let source = match Self::inner(what, source) {
            Ok(error) => return error,
            Err(source) => source,
        };
        let what = what.to_owned();
        if matches!(source.find_root(), DataFusionError::ResourcesExhausted(_)) {
            return Self::Memory { what, limit_mib: limit_bytes / (1024 * 1024) };
        }
        Self::Run { what, reason: plain_reason(source.find_root()) }
    }
}

/// Takes what wraps an error of ours off it.
fn unwrapped(source: DataFusionError) -> DataFusionError {
    match source {
        DataFusionError::Context(context, inner) => match unwrapped(*inner) {
            external @ DataFusionError::External(_) => external,
            inner => DataFusionError::Context(context, Box::new(inner)),
        },
        DataFusionError::Diagnostic(diagnostic, inner) => match unwrapped(*inner) {
            external @ DataFusionError::External(_) => external,
            inner => DataFusionError::Diagnostic(diagnostic, Box::new(inner)),
        },
        other => other,
    }
}

/// Why a query failed, in words that hold no value of a row.
pub(super) fn plain_reason(error: &DataFusionError) -> String {
    let text = match error {
        DataFusionError::ArrowError(inner, _) => match inner.as_ref() {
            ArrowError::DivideByZero => "a division by zero (hint: use `nullif(divisor, 0)`)",
            ArrowError::ArithmeticOverflow(_) => "a number is too large for its type (hint: cast to a wider decimal)",
            ArrowError::CastError(_) | ArrowError::ParseError(_) | ArrowError::InvalidArgumentError(_) => {
                "a value does not fit the type it is cast to (hint: use `try_cast`, or a wider type)"
            }
            ArrowError::IoError(..) => "a file could not be read or written (hint: check the disk)",
            ArrowError::ParquetError(_) => "a file of the lake could not be read",
            _ => "a computation failed",
        },
        DataFusionError::IoError(_) => "a file could not be read or written (hint: check the disk)",
        DataFusionError::ObjectStore(_) => "a file of the lake could not be read",
        DataFusionError::ParquetError(_) => "a file of the lake could not be understood",
        DataFusionError::NotImplemented(text) | DataFusionError::Plan(text) => return text.clone(),
        DataFusionError::SchemaError(inner, _) => return inner.to_string(),
        DataFusionError::ExecutionJoin(_) => "a part of the query broke off",
        DataFusionError::Execution(_) => "a function refused a value",
        // What our own functions say never holds a value of a row.
        DataFusionError::External(inner) if inner.is::<FunctionError>() => return inner.to_string(),
        _ => "the engine failed",
    };
    text.to_owned()
}
