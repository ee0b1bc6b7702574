//! Names of the fields of log lines, so that one thing has one name everywhere.
//!
//! ```
//! use mesur::telemetry::field;
//! tracing::info!({ field::JOB } = "nightly", { field::ROWS } = 2310, "ingested");
//! ```

/// A job's name.
pub const JOB: &str = "job";
/// A run's id.
pub const RUN: &str = "run";
/// What a run reports: a quarter or a day.
pub const PERIOD: &str = "period";
/// When a run was planned for, in UTC.
pub const SLOT: &str = "slot";
/// A step of a job.
pub const STEP: &str = "step";
/// A dataset's name.
pub const DATASET: &str = "dataset";
/// An extract's file name.
pub const EXTRACT: &str = "extract";
/// A content hash.
pub const HASH: &str = "hash";
/// An indicator's id.
pub const INDICATOR: &str = "indicator";
/// An edition's id.
pub const EDITION: &str = "edition";
/// A number of rows.
pub const ROWS: &str = "rows";
/// A size in bytes.
pub const SIZE_BYTES: &str = "size_bytes";
/// A duration in milliseconds.
pub const ELAPSED_MS: &str = "elapsed_ms";
/// A path of ours.
pub const PATH: &str = "path";
/// An error with its causes.
pub const ERROR: &str = "error";
