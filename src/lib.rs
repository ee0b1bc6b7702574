//! # mesur
//!
//! A batch service that watches an innovation programme: suppliers' extracts go into a Parquet lake every night, SQL
//! gives GVA and productivity indicators, and every quarter a disclosure-safe report pack in Welsh and English is
//! built, checked and mailed.
//!
//! Data walks down the list of modules below. A module names only modules above it; stages never name each other but
//! meet in [`model`] types and Arrow record batches. `tests/tidy.rs` fails on a path that goes the other way.

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
