//! # mesur
//!
//! A batch service that watches an innovation programme. Suppliers' extracts go into a Parquet lake every night, SQL
//! gives GVA and productivity indicators, and every quarter a disclosure-safe report pack in Welsh and English is
//! built, checked and mailed. Analysts put read-only SQL to the same lake.
//!
//! Data walks down the list of modules. A module names only modules above it; stages never name each other but meet in
//! [`model`] types and Arrow record batches. `tests/tidy.rs` fails on a path that goes the other way, and on an outside
//! crate used outside its home.
//!
//! ## Foundation
//!
//! - [`model`]: our nouns as types; pure
//! - [`clock`]: the only place that asks for the time
//! - [`config`]: `mesur.toml`, environment and flags to one checked [`config::Settings`]
//! - [`telemetry`]: log lines, and masking
//! - [`definitions`]: what users write: schemas, layouts, queries and their tests, jobs
//! - [`store`]: files written whole or not at all, and the probe of the store
//! - [`ledger`]: the permanent record, in SQLite
//! - [`lake`]: Delta tables, one atomic commit an extract
//! - [`engine`]: DataFusion: sessions over a snapshot, contributions, rules, read-only SQL
//!
//! ## Stages
//!
//! - [`intake`]: the inbox; fingerprints and raw copies, in one pass over a file
//! - [`decode`]: bytes of any format to columns of text, in parts that several threads may read
//! - [`validate`]: rules; text to types, and findings
//! - [`indicator`]: contributions to [`model::Table`]s of raw cells
//! - [`disclosure`]: the only maker of protected tables
//! - [`pack`]: protected tables to PDF, ODS, CSV, mail and a manifest
//! - [`dispatch`]: one message to one recipient, at most once; the owner's alerts and drafts
//!
//! ## Control
//!
//! - [`edition`]: versions, folders and gates of a pack
//! - [`pipeline`]: the only module that knows the order of the stages; ingest, release, lateness, tests of queries
//! - [`analyst`]: ad hoc SQL
//! - [`schedule`]: which runs are due, and the process that starts them
//! - [`sample`]: synthetic extracts
//! - [`cli`]: one file per command
//!
//! ## Invariants
//!
//! - Invariant: no raw figure reaches [`pack`] or [`dispatch`]; it would not compile.
//! - Invariant: a refused row's value lies in its quarantine file, comes out only for whoever asks for it by
//!   `quarantine show` or `quarantine export`, and never reaches a log or an error.
//! - Invariant: a file of the inbox is read and never changed, moved or deleted.
//! - Invariant: an extract is committed once, known by its hash; running anything twice changes nothing.
//! - Invariant: no table leaves [`disclosure`] that its own audit could not prove safe, and no copy of an edition leaves before
//!   its cells are in the register of released cells.
//! - Invariant: SQL sees no personal column and no free text, and cannot write.
//! - Invariant: on the way in no type is guessed, nothing is rounded but where a layout declares it, and no row is lost:
//!   accepted and quarantined ones are those that came.
//! - Invariant: nothing outside [`clock`] asks for the time, nothing outside [`config`] reads the environment, nothing
//!   outside [`cli`] prints.

// Foundation
pub mod model;
pub mod clock;
pub mod config;
pub mod telemetry;
pub mod definitions;
pub mod store;
pub mod ledger;
pub mod lake;
pub mod engine;
// Stages
pub mod intake;
pub mod decode;
pub mod validate;
pub mod indicator;
pub mod disclosure;
pub mod pack;
pub mod dispatch;
// Control
pub mod edition;
pub mod pipeline;
pub mod analyst;
pub mod schedule;
pub mod sample;
pub mod cli;
