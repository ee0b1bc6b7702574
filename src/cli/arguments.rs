//! What may be typed. Meaning is given to it elsewhere.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::model::{DatasetName, JobName, Period, Role, RuleId, SupplierCode};
use crate::pipeline::ExtractRows;

/// Groups of commands and the exit codes, below the list of commands in `--help`.
const AFTER_HELP: &str = "\
Set up:      init, doctor, check, sample
Every night: ingest, quarantine, freshness
Every quarter: build, explain, test, run, edition
Ask:         sql
Watch:       schedule, runs, serve

Exit codes:
   0  done; nothing wrong, or nothing to do
   1  done with failures: a test failed, rows beyond tolerance refused, a source late
   2  could not run: usage, configuration, SQL error, broken definition
   3  stopped by a gate: preflight, disclosure, approval, embargo; nothing was sent or exported
   4  delivery incomplete: a recipient failed or is unknown
  75  try again later: lock held, store or mail server away for now";

/// Watches an innovation programme: extracts in, indicators out, a report pack every quarter.
#[derive(Debug, Parser)]
#[command(name = "mesur", version, about, after_help = AFTER_HELP, disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) shared: Shared,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub(super) struct Shared {
    /// The project directory; by default the nearest one upwards that holds `mesur.toml`.
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) project: Option<PathBuf>,
    /// Fix the clock for a rehearsal, for example 2021-01-08T09:30:00Z. What is built under it says so.
    #[arg(long, global = true, value_name = "TIME")]
    pub(super) now: Option<String>,
    /// Say more on stderr; twice says even more.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a new project directory.
    Init(InitArguments),
    /// Check configuration, store, ledger, clock, fonts and mail: OK, WARN or FAIL and the fix.
    Doctor(DoctorArguments),
    /// Check schemas, queries, jobs and messages: every problem, no data touched.
    Check,
    /// Write deterministic synthetic extracts.
    Sample(SampleArguments),
    /// Take extracts from the inbox into the lake.
    Ingest(IngestArguments),
    /// Refused rows: look at them, send them back, let them through.
    #[command(subcommand)]
    Quarantine(QuarantineCommand),
    /// Which extracts are due, late, missing.
    Freshness(FreshnessArguments),
    /// Compute indicators for a period.
    Build(BuildArguments),
    /// Explain an indicator: definition, formula, source, inputs, parameters and caveats.
    Explain(ExplainArguments),
    /// Test queries on small given inputs, and the lake for rows that are wrong.
    Test(TestArguments),
    /// Run the steps of a job, in order.
    Run(RunArguments),
    /// Look at editions.
    #[command(subcommand)]
    Edition(EditionCommand),
    /// From a published cell back to its SQL, snapshot, extracts and rows.
    Why(WhyArguments),
    /// Put SQL to the lake, read-only.
    Sql(SqlArguments),
    /// When jobs will fire.
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// What ran.
    #[command(subcommand)]
    Runs(RunsCommand),
    /// Run all jobs on their schedules until a stop signal.
    Serve,
}

/// How rows are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Table,
    /// RFC 4180.
    Csv,
    /// One JSON array of objects.
    Json,
    /// One JSON object a line.
    NdJson,
    /// `table` on a terminal, `csv` in a pipe.
    #[default]
    Automatic,
}

#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The directory; must be absent or empty.
    pub(super) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// Also connect to the mail server.
    #[arg(long)]
    pub(super) online: bool,
    /// Print where each setting came from.
    #[arg(long)]
    pub(super) origins: bool,
}

#[derive(Debug, Args)]
pub(super) struct SampleArguments {
    /// How many firms, 20 to 10,000,000.
    #[arg(long, value_name = "N")]
    pub(super) firms: u64,
    /// Same seed, same bytes.
    #[arg(long, value_name = "S", default_value_t = 2020)]
    pub(super) seed: u64,
    /// Where the files go; created if absent.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// First day of events.
    #[arg(long, value_name = "DAY", default_value = "2019-01-01")]
    pub(super) from: Date,
    /// Last day of events.
    #[arg(long, value_name = "DAY", default_value = "2020-12-31")]
    pub(super) to: Date,
    /// Plant a few bad rows, and list them.
    #[arg(long)]
    pub(super) planted: bool,
    /// Plant every kind of defect in this share of the rows, 0 to 0.2, listed in planted/planted.csv.
    #[arg(long, value_name = "RATE", default_value = "0")]
    pub(super) dirt: Share,
}

/// A share of rows, in rows of a million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share(pub(super) u32);

impl std::str::FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let share: rust_decimal::Decimal = text.parse().map_err(|_| "write a share such as 0.02".to_owned())?;
        let share = share.checked_mul(rust_decimal::Decimal::from(1_000_000)).map(|share| share.round());
        share.and_then(|share| u32::try_from(share).ok()).map(Self).ok_or_else(|| "choose 0 to 0.2".to_owned())
    }
}

#[derive(Debug, Args)]
pub(super) struct IngestArguments {
    /// Only these datasets.
    #[arg(value_name = "DATASET")]
    pub(super) datasets: Vec<DatasetName>,
    /// One file from anywhere, whatever its name.
    #[arg(long, value_name = "F", requires = "dataset")]
    pub(super) file: Option<PathBuf>,
    /// The dataset of `--file`.
    #[arg(long, value_name = "D", requires = "file")]
    pub(super) dataset: Option<DatasetName>,
    /// Report everything, write nothing.
    #[arg(long, conflicts_with = "accept")]
    pub(super) dry_run: bool,
    /// Let `--file` through although this rule holds it, such as V060. Recorded in the ledger.
    #[arg(long, value_name = "RULE", value_parser = rule, requires_all = ["file", "note", "by"])]
    pub(super) accept: Vec<RuleId>,
    /// Why it is let through.
    #[arg(long, value_name = "TEXT", value_parser = said, requires = "accept")]
    pub(super) note: Option<String>,
    /// Who lets it through.
    #[arg(long, value_name = "NAME", value_parser = said, requires = "accept")]
    pub(super) by: Option<String>,
}

/// A rule's id as typed.
fn rule(text: &str) -> Result<RuleId, String> {
    let is_id = text.len() == 4 && text.starts_with(['V', 'X']) && text.bytes().skip(1).all(|b| b.is_ascii_digit());
    if is_id { Ok(RuleId(text.to_owned().into())) } else { Err("a rule is a letter and three digits: V060".to_owned()) }
}

/// A text that says something.
fn said(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("it must say something".to_owned()) } else { Ok(text.to_owned()) }
}

#[derive(Debug, Subcommand)]
pub(super) enum QuarantineCommand {
    /// Every finding of every refused row.
    List {
        /// Only of this dataset.
        #[arg(long, value_name = "D")]
        dataset: Option<DatasetName>,
        /// Only of this extract: its file's name, or the first digits of its hash.
        #[arg(long, value_name = "E")]
        extract: Option<String>,
        /// Only of this supplier.
        #[arg(long, value_name = "S")]
        supplier: Option<SupplierCode>,
        /// How to print.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// What is wrong with the rows of one extract, values included.
    Show {
        /// The extract and its rows: a1b2c3d4, a1b2c3d4:17 or a1b2c3d4:17,20-25.
        #[arg(value_name = "EXTRACT[:ROWS]")]
        what: ExtractRows,
        /// Show values in a pipe or a file too; on a terminal they always are.
        #[arg(long)]
        values: bool,
        /// How to print.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// A workbook a supplier: their refused rows and how to mend each.
    Export {
        /// Only for this supplier.
        #[arg(long, value_name = "S")]
        supplier: Option<SupplierCode>,
        /// Where the workbooks go; made if absent. They hold values: keep them private.
        #[arg(long, value_name = "DIR", default_value = ".")]
        out: PathBuf,
        /// Write the draft of a mail with each workbook into the outbox too, ready to be forwarded.
        #[arg(long)]
        draft: bool,
    },
    /// Check rows again and let those through that pass. Name and note are recorded.
    Release(ReleaseArguments),
}

#[derive(Debug, Args)]
pub(super) struct ReleaseArguments {
    /// The extract and its rows: a1b2c3d4, a1b2c3d4:17 or a1b2c3d4:17,20-25.
    #[arg(value_name = "EXTRACT[:ROWS]")]
    pub(super) what: ExtractRows,
    /// Who lets them through.
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub(super) by: String,
    /// Why.
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub(super) note: String,
    /// Set this rule over several columns aside. What cannot be read is never released.
    #[arg(long = "override", value_name = "RULE", value_parser = rule)]
    pub(super) overridden: Vec<RuleId>,
}

#[derive(Debug, Args)]
pub(super) struct FreshnessArguments {
    /// The quarter, such as 2020-21-Q3; by default the last finished period of each calendar.
    #[arg(long, value_name = "P")]
    pub(super) period: Option<Period>,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct BuildArguments {
    /// The quarter, such as 2020-21-Q3; by default the last finished one with data.
    #[arg(long, value_name = "P")]
    pub(super) period: Option<Period>,
    /// Only these indicators: ids such as D06, or tag:action3; +I04 takes those that it needs too.
    #[arg(long, short, value_name = "SELECT")]
    pub(super) select: Vec<String>,
    /// Count only extracts that were in the lake at this instant, for example 2021-01-08T09:30:00Z. Nothing is stored.
    #[arg(long, value_name = "T")]
    pub(super) as_known_at: Option<jiff::Timestamp>,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// Which indicator, such as D06.
    #[arg(value_name = "ID")]
    pub(super) id: String,
    /// The language of the explanation.
    #[arg(long, value_enum, default_value_t = Tongue::En)]
    pub(super) language: Tongue,
}

/// A language, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Tongue {
    /// English.
    En,
    /// Cymraeg.
    Cy,
}

#[derive(Debug, Args)]
pub(super) struct TestArguments {
    /// Only these: ids such as D06, names of views and data tests, tag:action3; +D10 takes what it depends on too.
    #[arg(long, short, value_name = "SELECT")]
    pub(super) select: Vec<String>,
    /// Only one kind of test.
    #[arg(long, value_enum)]
    pub(super) only: Option<Only>,
    /// How to print; table and automatic are lines for people.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// One kind of test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Only {
    /// Small inputs and expected rows; needs no lake.
    Fixtures,
    /// Rows of the lake that are wrong.
    Data,
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// The job: the stem of its file in `jobs/`.
    pub(super) job: JobName,
    /// The quarter, such as 2020-21-Q3; by default the last finished one with data.
    #[arg(long, value_name = "P")]
    pub(super) period: Option<Period>,
    /// Print the steps, do nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum EditionCommand {
    /// Editions, their states and their dispatches.
    Status {
        /// How to print.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Debug, Args)]
pub(super) struct WhyArguments {
    /// The edition, or a quarter, whose latest edition is meant: 2020-21-Q3.
    pub(super) edition: String,
    /// A sheet of the workbook, such as `D06_schemes`, or indicator and measure: D06/committed.
    pub(super) table: String,
    /// A cell of the sheet, such as B7, or time, area and members: "to 2020-21-Q3/WALES/IV;_T;_T".
    pub(super) cell: String,
    /// In which role to ask: firms are named to an analyst and to the operator only; by default the setting `sql.role`.
    #[arg(long, value_name = "R")]
    pub(super) role: Option<Role>,
}

#[derive(Debug, Args)]
#[group(id = "source", required = true, multiple = false)]
pub(super) struct SqlSource {
    /// The statement.
    #[arg(short = 'c', value_name = "SQL")]
    pub(super) command: Option<String>,
    /// A file with the statement.
    #[arg(short = 'f', value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct SqlArguments {
    #[command(flatten)]
    pub(super) source: SqlSource,
    /// How to print, or to write the file.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Write the answer to this file, if disclosure control lets it out. The ending says how: csv, json, nd-json.
    #[arg(long, value_name = "FILE")]
    pub(super) export: Option<PathBuf>,
    /// In which role to ask; by default the setting `sql.role`.
    #[arg(long, value_name = "R")]
    pub(super) role: Option<Role>,
    /// Who asks. Recorded.
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub(super) user: Option<String>,
    /// Show only extracts that were in the lake at this instant, for example 2021-01-08T09:30:00Z.
    #[arg(long, value_name = "T")]
    pub(super) as_known_at: Option<jiff::Timestamp>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ScheduleCommand {
    /// The coming fires of all jobs.
    Next {
        /// How many a job.
        #[arg(long, value_name = "N", default_value_t = 5)]
        count: usize,
        /// From when; by default now.
        #[arg(long, value_name = "T")]
        from: Option<jiff::Timestamp>,
        /// How to print.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// A job's schedule in words.
    Explain {
        /// The job.
        job: JobName,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum RunsCommand {
    /// The latest runs.
    List {
        /// How many.
        #[arg(long, value_name = "N", default_value_t = 20)]
        count: u32,
        /// How to print.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// One run: what came, what was refused, what was built and sent.
    Show {
        /// Its id; by default the latest.
        id: Option<String>,
    },
}
