//! What the settings mean once they are checked. Holds no text that still has to be parsed, and no way to build half of it.

use std::fmt;
use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use secrecy::SecretString;

use super::indicators::IndicatorSettings;
use crate::clock::Clock;
use crate::model::{RagLimits, Role};

/// Everything a run may need to know about its project. All paths are absolute or start at the project directory given.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The directory that holds `mesur.toml`, `schemas/`, `queries/` and `jobs/`.
    pub project_dir: PathBuf,
    /// What the project calls itself.
    pub project_name: String,
    /// Whether the extracts are invented; every page of a pack then says so.
    pub illustrative: bool,
    /// The zone of days and schedules that name none.
    pub zone: TimeZone,
    /// Where everything that the program writes lies.
    pub var_dir: PathBuf,
    /// Delta tables.
    pub lake_dir: PathBuf,
    /// Extracts as they were received.
    pub raw_dir: PathBuf,
    /// Personal columns and quarantined rows.
    pub restricted_dir: PathBuf,
    /// Protected tables for other tools.
    pub published_dir: PathBuf,
    /// The ledger's database file.
    pub ledger_path: PathBuf,
    /// Messages written as files.
    pub outbox_dir: PathBuf,
    /// Packs.
    pub editions_dir: PathBuf,
    /// Where large work spills to.
    pub spill_dir: PathBuf,
    /// Where extracts are delivered. Read only.
    pub inbox_dir: PathBuf,
    /// How messages leave.
    pub mail: MailSettings,
    /// The file with the parameters of disclosure control.
    pub disclosure_policy: PathBuf,
    /// The role of ad hoc SQL where none is named.
    pub sql_role: Role,
    /// Bounds on what is read and used.
    pub limits: Limits,
    /// When a measure is on track.
    pub rag: RagLimits,
    /// Thresholds of indicators.
    pub indicators: IndicatorSettings,
    /// The first day of the programme; figures to date start here.
    pub programme_start: Date,
    /// Holidays beyond those that follow from rules.
    pub calendar: Calendar,
    /// The scheduler's process.
    pub serve: ServeSettings,
    /// What is logged.
    pub log: LogSettings,
    /// The system's clock or a rehearsal's.
    pub clock: Clock,
    /// Where each value came from, in the order of the documentation.
    pub origins: Vec<OriginLine>,
}

/// How messages leave.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// To files or to a server.
    pub delivery: Delivery,
    /// The `From` header, `Name <address>` or an address.
    pub from: String,
    /// The `Reply-To` header.
    pub reply_to: Option<String>,
    /// Who is told when a source is late or missing.
    pub owner: Option<String>,
    /// The server; present whenever `mail.smtp.host` is set, and always with [`Delivery::Smtp`].
    pub smtp: Option<SmtpSettings>,
    /// The largest message that is sent, as encoded, in bytes.
    pub max_message_bytes: u64,
}

/// Where messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// `.eml` files in the outbox.
    Files,
    /// A mail server.
    Smtp,
}

/// A mail server.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: SmtpSecurity,
    /// Who logs in; without one nobody does.
    pub user: Option<String>,
    /// With what. Present exactly when `user` is.
    pub password: Option<SecretString>,
    /// A PEM file with the authority that signed the server's certificate, beside the public ones.
    pub ca_file: Option<PathBuf>,
    /// How long one send may take, in seconds.
    pub timeout_seconds: u64,
    /// How often a send that failed for now is tried in one run.
    pub attempts: u32,
}

/// How a connection to a mail server is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Starts in the clear and must be upgraded before anything is said.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// In the clear.
    None,
}

/// Bounds on what is read and used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory of the query engine, in bytes.
    pub memory_bytes: u64,
    /// The largest file taken from the inbox, in bytes.
    pub file_bytes: u64,
    /// The most rows a file may have.
    pub rows: u64,
    /// The most columns a file may have.
    pub columns: u32,
    /// The longest cell, in bytes.
    pub cell_bytes: u64,
    /// The most a compressed file may unpack to, in bytes.
    pub expanded_bytes: u64,
    /// The most a compressed file may unpack to, as a multiple of its own size.
    pub expansion_ratio: u32,
    /// The share of an extract's rows that may be quarantined before a run counts as failed.
    pub quarantine_share: Decimal,
    /// The most disk that work may spill to, in bytes.
    pub spill_bytes: u64,
    /// How long a query may take, in seconds.
    pub query_seconds: u64,
    /// Threads of the query engine.
    pub threads: usize,
}

impl Limits {
    /// Memory of the query engine as a size of this machine.
    #[must_use]
    pub fn memory_in_bytes(&self) -> usize {
        usize::try_from(self.memory_bytes).unwrap_or(usize::MAX)
    }
}

impl MailSettings {
    /// Whether messages leave this machine: they go to a server, and that is not on this machine itself.
    #[must_use]
    pub fn leaves_machine(&self) -> bool {
        let local = |smtp: &SmtpSettings| ["localhost", "127.0.0.1", "::1"].contains(&smtp.host.as_str());
        self.delivery == Delivery::Smtp && !self.smtp.as_ref().is_some_and(local)
    }
}

/// Bank holidays beyond those that follow from rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Extra days on which nobody works.
    pub added: Vec<Date>,
    /// Days that the rules call a holiday but that are worked.
    pub removed: Vec<Date>,
}

/// The scheduler's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServeSettings {
    /// How often it looks for due jobs, in seconds.
    pub tick_seconds: u32,
    /// How long a stop waits for the running job, in seconds.
    pub drain_seconds: u64,
}

/// What is logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// A level, or directives as `tracing` knows them (`warn,mesur=info`).
    pub filter: String,
    /// For people or for machines.
    pub format: LogFormat,
    /// Whether `NO_COLOR` leaves colour alone.
    pub colour: bool,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One line for people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// `mesur.toml`, at a line.
    File {
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment {
        /// Its name.
        variable: String,
    },
    /// A flag.
    Flag {
        /// As it is written on the command line.
        name: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { line } => write!(f, "mesur.toml line {line}"),
            Self::Environment { variable } => write!(f, "environment {variable}"),
            Self::Flag { name } => write!(f, "flag {name}"),
        }
    }
}

/// One line of `doctor --origins`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginLine {
    /// The key, such as `mail.smtp.host`.
    pub key: &'static str,
    /// Its value as text; a secret is masked, nothing means that it is not set.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}
