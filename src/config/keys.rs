//! The table of settings: every key, what it may hold, its default, and what it is for. The documentation is made from it.

/// What a setting may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Any text that is not empty.
    Text,
    /// A file or folder; relative ones start at the project directory.
    Path,
    /// A whole number between two bounds, both included.
    Integer(u64, u64),
    /// A size between two bounds in bytes, both included, written `512 MiB`.
    Bytes(u64, u64),
    /// A number between 0 and 1.
    Share,
    /// A number that is not negative.
    Amount,
    /// A day, `2019-01-01`.
    Day,
    /// A list of days; commas between them in the environment.
    Days,
    /// A time zone of the IANA database.
    Zone,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A mail address, or `Name <address>`.
    Mailbox,
    /// Directives of `tracing`: a level, or `target=level` with commas between.
    LogFilter,
    /// Never written in the file nor given as a flag, never printed.
    Secret,
}

/// What holds when nobody says anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// This value, written as in the environment.
    Value(&'static str),
    /// A value that follows from another setting: a path below `state.dir`.
    BelowState(&'static str),
    /// Nothing; the setting is absent.
    Nothing,
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name in the file, parts joined with dots.
    pub name: &'static str,
    /// What it may hold.
    pub kind: KeyKind,
    /// What holds when nobody says anything.
    pub fallback: Fallback,
    /// What it is for, one sentence.
    pub about: &'static str,
}

impl Key {
    /// The environment variable that sets it: `MESUR_MAIL__SMTP__HOST` for `mail.smtp.host`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("MESUR_{}", self.name.to_uppercase().replace('.', "__"))
    }
}

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

const fn key(name: &'static str, kind: KeyKind, fallback: Fallback, about: &'static str) -> Key {
    Key { name, kind, fallback, about }
}

use Fallback::{BelowState, Nothing, Value};
use KeyKind::{Amount, Bytes, Choice, Day, Days, Integer, LogFilter, Mailbox, Path, Secret, Share, Text, Zone};

/// Every setting, in the order of the documentation.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    key("project.name", Text, Value("mesur"), "What the project calls itself in logs and on the first screen."),
    key("project.zone", Zone, Value("Europe/London"), "The time zone of days, and of schedules that name none."),
    key("project.data", Choice(&["real", "invented"]), Value("real"), "Whether the extracts are invented; every page of a pack then says so."),
    key("programme.start", Day, Value("2019-01-01"), "The programme's first day; figures to date start here."),
    key("inbox.dir", Path, Value("inbox"), "Where suppliers' extracts lie. It is read and never changed."),
    key("state.dir", Path, Value("var"), "Where everything that the program writes lies."),
    key("state.raw_dir", Path, BelowState("raw"), "Extracts exactly as they were received."),
    key("state.restricted_dir", Path, BelowState("restricted"), "Personal columns and quarantined rows."),
    key("state.published_dir", Path, BelowState("published"), "Protected tables that other tools may read."),
    key("state.ledger_file", Path, BelowState("ledger/ledger.sqlite"), "The ledger's database."),
    key("state.outbox_dir", Path, BelowState("outbox"), "Messages, when they are delivered to files."),
    key("state.editions_dir", Path, BelowState("editions"), "Packs, one folder an edition."),
    key("lake.dir", Path, BelowState("lake"), "The Delta tables."),
    key("engine.spill_dir", Path, BelowState("spill"), "Where work that does not fit into memory goes for a while."),
    key("engine.spill", Bytes(MIB, TIB), Value("20 GiB"), "The most disk that such work may take."),
    key("engine.threads", Integer(1, 1024), Value("2"), "Threads of the query engine."),
    key("limits.memory", Bytes(64 * MIB, TIB), Value("768 MiB"), "Memory of the query engine; larger work spills to disk."),
    key("limits.file", Bytes(KIB, TIB), Value("4 GiB"), "The largest file that is taken from the inbox."),
    key("limits.rows", Integer(1, 1_000_000_000), Value("100000000"), "The most rows a file may have."),
    key("limits.columns", Integer(1, 16_384), Value("512"), "The most columns a file may have."),
    key("limits.cell", Bytes(KIB, 16 * MIB), Value("64 KiB"), "The longest cell a file may have."),
    key("limits.expanded", Bytes(MIB, TIB), Value("2 GiB"), "The most a compressed file (a workbook) may unpack to."),
    key("limits.expansion_ratio", Integer(2, 10_000), Value("200"), "The most a compressed file may unpack to, as a multiple of its size."),
    key("limits.quarantine_share", Share, Value("0.05"), "The share of an extract's rows that may be quarantined before a run counts as failed."),
    key("limits.query_seconds", Integer(1, 86_400), Value("60"), "How long a query may take."),
    key("mail.delivery", Choice(&["files", "smtp"]), Value("files"), "`files` writes messages into the outbox as `.eml`, `smtp` sends them."),
    key("mail.from", Mailbox, Value("mesur <mesur@example.invalid>"), "The sender of every message. `smtp` asks for one of your own."),
    key("mail.reply_to", Mailbox, Nothing, "Where answers go, if not to the sender."),
    key("mail.owner", Mailbox, Nothing, "Who is told when a source is late or missing."),
    key("mail.max_message", Bytes(64 * KIB, GIB), Value("10 MiB"), "The largest message that is sent, counted as encoded."),
    key("mail.smtp.host", Text, Nothing, "The mail server."),
    key("mail.smtp.port", Integer(1, 65_535), Value("587"), "Its port."),
    key("mail.smtp.security", Choice(&["starttls", "tls", "none"]), Value("starttls"), "`starttls` upgrades before anything is said, `tls` starts secured, `none` stays in the clear."),
    key("mail.smtp.user", Text, Nothing, "Who logs in to the mail server; without one nobody does."),
    key("mail.smtp.password", Secret, Nothing, "The password of that user. Only from the environment."),
    key("mail.smtp.password_file", Path, Nothing, "A file that holds the password instead; its last line break is dropped."),
    key("mail.smtp.ca_file", Path, Nothing, "A PEM file with the authority that signed the server's certificate, if it is not a public one."),
    key("mail.smtp.timeout_seconds", Integer(1, 3_600), Value("60"), "How long one send may take, from connecting to the last answer."),
    key("mail.smtp.attempts", Integer(1, 20), Value("3"), "How often a send that failed for now is tried in one run."),
    key("disclosure.policy_file", Path, Value("disclosure-policy.placeholder.toml"), "The parameters of disclosure control. The one that ships is a placeholder."),
    key("sql.role", Choice(&["viewer", "analyst", "operator"]), Value("operator"), "The role of `mesur sql` where `--role` names none."),
    key("rag.on_track", Share, Value("0.95"), "A measure is on track from this share of its profile."),
    key("rag.at_risk", Share, Value("0.80"), "A measure is at risk from this share, and off track below it."),
    key("indicators.lq_minimum_jobs", Amount, Value("500"), "Regional jobs of an industry below which its location quotient is of low reliability."),
    key("indicators.cluster_lq", Amount, Value("1.25"), "The location quotient from which an industry may be a growing cluster."),
    key("indicators.cluster_minimum_enterprises", Amount, Value("10"), "Enterprises that a growing cluster has at least."),
    key("indicators.cluster_years", Amount, Value("3"), "Years back with which a cluster's location quotient is compared."),
    key("indicators.cluster_weight_lq", Share, Value("0.4"), "Weight of the location quotient in the score of clusters."),
    key("indicators.cluster_weight_growth", Share, Value("0.3"), "Weight of growth in the score of clusters."),
    key("indicators.cluster_weight_innovation", Share, Value("0.3"), "Weight of the innovation rate in the score of clusters."),
    key("indicators.did_minimum_treated", Amount, Value("10"), "Treated firms below which an estimated effect is not told."),
    key("indicators.did_minimum_controls", Amount, Value("10"), "Controls below which an estimated effect is not told."),
    key("indicators.did_caliper_log_points", Amount, Value("0.25"), "How far the log productivity of a control may lie from that of the treated firm before the start."),
    key("indicators.confidence", Share, Value("0.95"), "The confidence of intervals."),
    key("indicators.gap_minimum_log_points", Amount, Value("0.005"), "The log gap below which its parts are shown without shares."),
    key("indicators.area_tolerance_per_cent", Amount, Value("0.1"), "How far the sum of an area's parts may lie from its published figure, per cent."),
    key("indicators.discount_rate_1", Share, Value("0.035"), "Green Book discount rate of the first step, for real flows."),
    key("indicators.discount_last_year_1", Amount, Value("30"), "The last year of the first step."),
    key("indicators.discount_rate_2", Share, Value("0.03"), "The rate of the second step."),
    key("indicators.discount_last_year_2", Amount, Value("75"), "The last year of the second step."),
    key("indicators.discount_rate_3", Share, Value("0.025"), "The rate after that."),
    key("indicators.budget_low", Share, Value("0.95"), "The share of its profile from which a budget is on track."),
    key("indicators.budget_high", Amount, Value("1.05"), "The share of its profile up to which a budget is on track."),
    key("indicators.iv_plus_grant_cap_gbp", Amount, Value("100000"), "The most grant of Innovation Voucher Plus, pounds."),
    key("calendar.added", Days, Value(""), "Extra bank holidays that no rule gives, such as a coronation."),
    key("calendar.removed", Days, Value(""), "Days that the rules call a bank holiday but that are worked."),
    key("serve.tick_seconds", Integer(1, 60), Value("5"), "How often `serve` looks for due jobs."),
    key("serve.drain_seconds", Integer(0, 86_400), Value("300"), "How long a stop waits for the running job before it is cut off."),
    key("log.filter", LogFilter, Value("warn"), "What is logged to standard error. `MESUR_LOG` sets it too."),
    key("log.format", Choice(&["human", "json"]), Value("human"), "Lines for people, or one JSON object a line."),
];

/// The entry of a key.
pub(super) fn find_key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether a name is the table of some key: `mail` and `mail.smtp`, not `mail.smtp.host`.
pub(super) fn is_section(name: &str) -> bool {
    KEYS.iter().any(|key| key.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}
