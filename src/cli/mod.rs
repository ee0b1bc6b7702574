//! The command line: one file per command. The only place that prints.
//!
//! Data goes to stdout, everything else to stderr. Exit codes are those of `model::ErrorClass`.
#![expect(clippy::print_stderr, reason = "this is where the program speaks to people")]

/// As `println!`, but a reader that went away does not end the program.
macro_rules! say {
    ($($line:tt)*) => { $crate::cli::output::say(format_args!($($line)*)) };
}

mod arguments;
mod check;
mod doctor;
mod edition;
mod error;
mod freshness;
mod ingest;
mod init;
mod output;
mod progress;
mod quarantine;
mod run;
mod run_screen;
mod runs;
mod sample;
mod schedule;
mod serve;
mod sql;
mod start;
mod test;
mod why;

pub use start::run;
