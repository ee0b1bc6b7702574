//! What the user sees when a command fails: what, because of what, and what to do.

use std::process::ExitCode;

use crate::config::ConfigError;
use crate::model::ErrorClass;
use crate::pipeline::PipelineError;
use crate::sample::SampleError;
use crate::store::StoreError;
use crate::telemetry::TelemetryError;

/// An error of a command.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// Settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Log lines could not be set up.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// The work failed.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// Synthetic extracts could not be written.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// A directory that should be new is not.
    #[error("`{}` is not empty (name a directory that is absent or empty)", path.display())]
    NotEmpty {
        /// Which.
        path: std::path::PathBuf,
    },
    /// A file that is there holds something else.
    #[error("`{}` is there and holds something else (name a new file, or remove it)", path.display())]
    Exists {
        /// Which.
        path: std::path::PathBuf,
    },
    /// Nobody said how a file is to be written.
    #[error("`{}` does not end in .csv, .json or .ndjson (name it so, or say --format)", path.display())]
    FileFormat {
        /// Which.
        path: std::path::PathBuf,
    },
    /// A file could not be made.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be read or written.
    #[error("failed to {doing} `{}`", path.display())]
    Io {
        /// What we were doing.
        doing: &'static str,
        /// To what.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Rows could not be printed.
    #[error("failed to print the rows")]
    Print {
        /// Why.
        #[source]
        source: arrow::error::ArrowError,
    },
    /// Output could not be written.
    #[error("failed to write to standard output")]
    Output {
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The program could not start its threads.
    #[error("failed to start the runtime")]
    Runtime {
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is no run of that id.
    #[error("there is no run `{id}` (see `mesur runs list`)")]
    NoRun {
        /// What was typed.
        id: String,
    },
    /// `serve` could not go on.
    #[error("the scheduler stopped")]
    Scheduler {
        /// Why.
        #[source]
        source: crate::schedule::ScheduleError,
    },
}

impl CliError {
    fn class(&self) -> ErrorClass {
        match self {
            Self::Pipeline(error) => error.class(),
            Self::Sample(error) => error.class(),
            Self::Config(_)
            | Self::Telemetry(_)
            | Self::NotEmpty { .. }
            | Self::Exists { .. }
            | Self::FileFormat { .. }
            | Self::NoRun { .. } => ErrorClass::Usage,
            Self::Store(error) => error.class(),
            Self::Io { .. } | Self::Output { .. } | Self::Runtime { .. } | Self::Scheduler { .. } => {
                ErrorClass::Permanent
            }
            Self::Print { .. } => ErrorClass::Bug,
        }
    }
}

/// Prints an error and its causes, each cause once, and gives the exit code of its class.
pub(super) fn print_error(error: &CliError) -> ExitCode {
    if let CliError::Output { source } = error
        && source.kind() == std::io::ErrorKind::BrokenPipe
    {
        return ExitCode::SUCCESS;
    }
    eprintln!("error: {error}");
    let mut said = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        if !said.contains(&text) {
            eprintln!("caused by: {text}");
            said = text;
        }
        source = cause.source();
    }
    ExitCode::from(error.class().exit_code())
}
