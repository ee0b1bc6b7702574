//! Tests of the settings as a whole: what is read, who wins, and what a broken configuration says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;

use super::{
    ConfigError, Delivery, Environment, Flag, KEYS, LoadOptions, LogFormat, Origin, Settings, SmtpSecurity,
    load_settings, render_reference,
};
use crate::clock::Clock;
use crate::model::ErrorClass;

/// A project directory with a settings file, and what to load it with.
struct Bench {
    dir: tempfile::TempDir,
    options: LoadOptions,
}

impl Bench {
    fn new(text: &str) -> Self {
        let dir = tempfile::tempdir().expect("a folder for the test");
        fs::write(dir.path().join("mesur.toml"), text).expect("the folder is ours");
        let environment = Environment { working_dir: dir.path().to_path_buf(), ..Environment::default() };
        Self { dir, options: LoadOptions { environment, ..LoadOptions::default() } }
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.options.environment.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn flag(mut self, name: &'static str, key: &'static str, value: &str) -> Self {
        self.options.flags.push(Flag { name, key, value: value.to_owned() });
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn load(&self) -> Settings {
        load_settings(&self.options).expect("the settings are right")
    }

    fn message(&self) -> String {
        load_settings(&self.options).expect_err("the settings are wrong").to_string()
    }
}

fn origin(settings: &Settings, key: &str) -> (Option<String>, Origin) {
    let line = settings.origins.iter().find(|line| line.key == key).expect("every key has a line");
    (line.value.clone(), line.origin.clone())
}

#[test]
fn an_empty_file_gives_the_defaults() {
    let bench = Bench::new("");
    let settings = bench.load();
    assert_eq!(settings.project_dir, bench.dir.path());
    assert_eq!(settings.lake_dir, bench.path("var/lake"));
    assert_eq!(settings.ledger_path, bench.path("var/ledger/ledger.sqlite"));
    assert_eq!(settings.inbox_dir, bench.path("inbox"));
    assert_eq!(settings.limits.memory_bytes, 768 << 20);
    assert_eq!((settings.limits.threads, settings.limits.query_seconds), (2, 60));
    assert_eq!(settings.mail.delivery, Delivery::Files);
    assert!(settings.mail.smtp.is_none());
    assert_eq!(settings.programme_start.to_string(), "2019-01-01");
    assert_eq!(settings.clock, Clock::System);
    assert_eq!(settings.origins.len(), KEYS.len());
    assert!(settings.origins.iter().all(|line| line.origin == Origin::Default));
}

#[test]
fn paths_below_state_follow_it_unless_they_are_set() {
    let settings = Bench::new("state.dir = \"/srv/mesur\"\nlake.dir = \"lake\"\n").load();
    assert_eq!(settings.raw_dir, Path::new("/srv/mesur/raw"));
    assert_eq!(settings.spill_dir, Path::new("/srv/mesur/spill"));
    assert!(settings.lake_dir.ends_with("lake") && settings.lake_dir.starts_with(&settings.project_dir));
}

#[test]
fn flag_wins_over_environment_over_file_over_default() {
    let file = "[limits]\nquery_seconds = 10\nrows = 11\n[engine]\nthreads = 12\n";
    let bench = Bench::new(file)
        .variable("MESUR_LIMITS__QUERY_SECONDS", "20")
        .variable("MESUR_LIMITS__ROWS", "21")
        .flag("--timeout", "limits.query_seconds", "30");
    let settings = bench.load();
    assert_eq!((settings.limits.query_seconds, settings.limits.rows, settings.limits.threads), (30, 21, 12));
    let flag = Origin::Flag { name: "--timeout".to_owned() };
    assert_eq!(origin(&settings, "limits.query_seconds"), (Some("30".to_owned()), flag));
    let variable = Origin::Environment { variable: "MESUR_LIMITS__ROWS".to_owned() };
    assert_eq!(origin(&settings, "limits.rows"), (Some("21".to_owned()), variable));
    assert_eq!(origin(&settings, "engine.threads"), (Some("12".to_owned()), Origin::File { line: 5 }));
    assert_eq!(origin(&settings, "limits.memory"), (Some("768 MiB".to_owned()), Origin::Default));
    assert_eq!(origin(&settings, "lake.dir"), (Some("lake in state.dir".to_owned()), Origin::Default));
}

#[test]
fn every_problem_is_reported_at_once_and_whole() {
    let text = r#"[project]
nme = "mesur"
zone = "Europe/Cardiff"

[limits]
memory = "512 MB"
rows = -1
threads = 4
query_seconds = "60"

[mail]
delivery = "smtp"
from = "nobody"

[mail.smtp]
password = "hunter2"
port = 70000

[rag]
on_track = 0.5
at_risk = 0.8

[lake]
dir = ["a"]

[calendar]
added = [2022-06-03, "soon"]
"#;
    let bench = Bench::new(text)
        .variable("MESUR_ENGINE__THREADS", "many")
        .variable("MESUR_MAIL__SMTP__HSOT", "mail")
        .variable("MESUR_NOW", "yesterday")
        .variable("MESUR_PROJECT", "")
        .flag("--inbox", "inbox.dir", "");
    assert_eq!(bench.message(), EVERY_PROBLEM);
}

const EVERY_PROBLEM: &str = r#"read the settings: 18 problems
  mesur.toml:2 > project.nme: no such setting (did you mean `project.name`?)
  mesur.toml:3 > project.zone: `Europe/Cardiff` is not a time zone (take a name of the IANA database, such as "Europe/London")
  mesur.toml:6 > limits.memory: `512 MB` is not a size such as "512 MiB" (units: B, KiB, MiB, GiB, TiB)
  mesur.toml:7 > limits.rows: `-1` is not a whole number from 1 to 1000000000 (write digits without quotes)
  mesur.toml:8 > limits.threads: no such setting (did you mean `engine.threads`?)
  mesur.toml:9 > limits.query_seconds: is a text where a whole number from 1 to 86400 belongs (write digits without quotes)
  mesur.toml:13 > mail.from: `nobody` is not a mail address (write "Name <name@example.org>" or only the address)
  mesur.toml:16 > mail.smtp.password: a secret does not belong in a file that is shared (set it in the environment, or name a file with `_file` after the key)
  mesur.toml:17 > mail.smtp.port: 70000 is out of bounds (from 1 to 65535)
  mesur.toml:24 > lake.dir: is a list where a path belongs (write it in quotes, such as "var/lake")
  mesur.toml:27 > calendar.added: `soon` is not a day (write it as 2019-01-01)
  environment > MESUR_ENGINE__THREADS: `many` is not a whole number from 1 to 1024 (write digits without quotes)
  environment > MESUR_MAIL__SMTP__HSOT: no such setting (did you mean `MESUR_MAIL__SMTP__HOST`?)
  command line > --inbox: is empty (write it in quotes, such as "var/lake")
  environment > MESUR_NOW: `yesterday` is not a time such as 2021-01-11T09:30:00Z, 2021-01-11T09:30 or 2021-01-11
  mesur.toml:12 > mail.delivery: `smtp` needs `mail.smtp.host` (name the mail server)
  mesur.toml:16 > mail.smtp.password: nobody logs in with it (set `mail.smtp.user`)
  mesur.toml:21 > rag.at_risk: 0.8 is above `rag.on_track`, which is 0.5 (a measure is at risk below on track)"#;

#[test]
fn broken_syntax_is_reported_alone_with_its_lines() {
    let bench = Bench::new("[mail]\ndelivery = \n[limits]\nrows = x\n").variable("MESUR_NOW", "yesterday");
    let error = load_settings(&bench.options).expect_err("not TOML");
    assert_eq!(
        error.to_string(),
        "read the settings: 2 problems
  mesur.toml:2: string values must be quoted, expected literal string (this is not TOML)
  mesur.toml:4: string values must be quoted, expected literal string (this is not TOML)"
    );
    assert_eq!(error.class(), ErrorClass::Usage);
}

#[test]
fn tables_and_values_are_not_mixed_up() {
    assert_eq!(
        Bench::new("mail = 5\n[limits.memory]\nbytes = 1\n[disclosure]\n[[rag]]\non_track = 1\n").message(),
        "read the settings: 3 problems
  mesur.toml:1 > mail: is a whole number where a table belongs (write it as [mail])
  mesur.toml:3 > limits.memory.bytes: no such setting (docs/configuration.md lists them)
  mesur.toml:5 > rag: is a list where a table belongs (write it as [rag])"
    );
}

#[test]
fn a_value_broken_in_the_file_is_a_problem_even_when_the_environment_overrides_it() {
    let bench = Bench::new("[limits]\nrows = 0\n").variable("MESUR_LIMITS__ROWS", "5");
    assert_eq!(
        bench.message(),
        "read the settings: 1 problem\n  mesur.toml:2 > limits.rows: 0 is out of bounds (from 1 to 1000000000)"
    );
}

const SMTP: &str =
    "[mail]\ndelivery = \"smtp\"\nfrom = \"M <m@example.org>\"\n[mail.smtp]\nhost = \"mail.example.org\"\n";

#[test]
fn a_mail_server_is_read_whole() {
    let text = format!("{SMTP}port = 465\nsecurity = \"tls\"\nuser = \"m\"\nca_file = \"ca.pem\"\nattempts = 5\n");
    let bench = Bench::new(&text).variable("MESUR_MAIL__SMTP__PASSWORD", "hunter2");
    let settings = bench.load();
    let smtp = settings.mail.smtp.clone().expect("there is a server");
    assert_eq!((smtp.host.as_str(), smtp.port, smtp.security), ("mail.example.org", 465, SmtpSecurity::Tls));
    assert_eq!((smtp.attempts, smtp.timeout_seconds), (5, 60));
    assert_eq!(smtp.ca_file, Some(bench.path("ca.pem")));
    assert_eq!(smtp.password.as_ref().map(ExposeSecret::expose_secret), Some("hunter2"));
    assert_eq!(origin(&settings, "mail.smtp.password").0, Some("***".to_owned()));
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn a_password_may_lie_in_a_file() {
    let bench = Bench::new(&format!("{SMTP}user = \"m\"\n"));
    let file = bench.path("secret");
    fs::write(&file, "hunter2\n").expect("the folder is ours");
    let bench = bench.variable("MESUR_MAIL__SMTP__PASSWORD_FILE", &file.to_string_lossy());
    let smtp = bench.load().mail.smtp.expect("there is a server");
    assert_eq!(smtp.password.as_ref().map(ExposeSecret::expose_secret), Some("hunter2"));

    fs::write(&file, "\n").expect("the folder is ours");
    assert!(bench.message().contains("is empty (write the password into it)"), "{}", bench.message());
    let both = bench.variable("MESUR_MAIL__SMTP__PASSWORD", "hunter2").message();
    assert!(both.ends_with("`mail.smtp.password` is set as well (give one of them)"), "{both}");
}

#[test]
fn mail_settings_that_contradict_each_other_are_told() {
    let user_alone = Bench::new(&format!("{SMTP}user = \"m\"\n")).message();
    assert_eq!(
        user_alone,
        "read the settings: 1 problem\n  mesur.toml:6 > mail.smtp.user: has no password (set MESUR_MAIL__SMTP__PASSWORD, or `mail.smtp.password_file`)"
    );
    let clear = Bench::new(&format!("{SMTP}user = \"m\"\nsecurity = \"none\"\n"));
    let clear = clear.variable("MESUR_MAIL__SMTP__PASSWORD", "hunter2").message();
    assert_eq!(
        clear,
        "read the settings: 1 problem\n  mesur.toml:7 > mail.smtp.security: `none` would send the password in the clear (take `starttls` or `tls`)"
    );
    let bare = Bench::new("mail.delivery = \"smtp\"\n").message();
    assert_eq!(
        bare,
        "read the settings: 2 problems
  mesur.toml:1 > mail.delivery: `smtp` needs `mail.smtp.host` (name the mail server)
  mesur.toml:1 > mail.delivery: `smtp` needs `mail.from` (name a sender of your own, such as \"Name <name@example.org>\")"
    );
}

#[test]
fn the_log_filter_has_a_short_variable() {
    let settings = Bench::new("log.format = \"json\"\n").variable("MESUR_LOG", "warn,mesur=debug").load();
    assert_eq!((settings.log.filter.as_str(), settings.log.format), ("warn,mesur=debug", LogFormat::Json));
    let twice = Bench::new("").variable("MESUR_LOG", "info").variable("MESUR_LOG__FILTER", "warn").message();
    assert_eq!(
        twice,
        "read the settings: 1 problem\n  environment > MESUR_LOG: `MESUR_LOG__FILTER` says the same setting (unset one of them)"
    );
}

#[test]
fn the_clock_is_fixed_by_flag_before_environment() {
    let mut bench = Bench::new("").variable("MESUR_NOW", "2021-01-11T09:30");
    let fixed = |text: &str| Clock::Fixed(text.parse().expect("an instant"));
    assert_eq!(bench.load().clock, fixed("2021-01-11T09:30:00Z"));
    bench.options.now = Some("2021-07-11".to_owned());
    assert_eq!(bench.load().clock, fixed("2021-07-10T23:00:00Z"));
}

#[test]
fn the_project_is_found_upwards_or_named() {
    let mut bench = Bench::new("");
    let deep = bench.path("a/b");
    fs::create_dir_all(&deep).expect("the folder is ours");
    bench.options.environment.working_dir.clone_from(&deep);
    assert_eq!(bench.load().project_dir, bench.dir.path());

    let other = Bench::new("project.name = \"other\"\n");
    let named = other.dir.path().to_string_lossy().into_owned();
    let mut bench = bench.variable("MESUR_PROJECT", &named);
    assert_eq!(bench.load().project_name, "other");

    bench.options.project = Some(PathBuf::from("nowhere"));
    let error = load_settings(&bench.options).expect_err("there is no project");
    assert_eq!(
        error.to_string(),
        format!("find a project: no `mesur.toml` in `{}` or above it", deep.join("nowhere").display())
    );
    assert_eq!(error.hint(), Some("`mesur init DIR` makes a project; `--project DIR` names one"));
}

#[test]
fn a_file_that_is_not_text_cannot_be_read() {
    let bench = Bench::new("");
    fs::write(bench.path("mesur.toml"), [0xFF, 0xFE, 0x00]).expect("the folder is ours");
    let error = load_settings(&bench.options).expect_err("not UTF-8");
    assert!(matches!(error, ConfigError::Unreadable { .. }), "{error}");
}

#[test]
fn the_project_that_ships_loads_and_is_marked_as_an_example() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let settings =
        load_settings(&LoadOptions { project: Some(root.clone()), ..LoadOptions::default() }).expect("loads");
    assert_eq!(settings.inbox_dir, root.join("examples/inbox"));
    assert_eq!(settings.mail.delivery, Delivery::Files);
    assert!(settings.disclosure_policy.is_file());
}

#[test]
fn the_documentation_lists_exactly_the_settings_there_are() {
    const BEGIN: &str = "<!-- settings: written by a test, see src/config/tests.rs -->\n";
    const END: &str = "\n<!-- end of settings -->";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let text = fs::read_to_string(&path).expect("the documentation is there");
    let (before, rest) = text.split_once(BEGIN).expect("the documentation has a place for the settings");
    let (written, after) = rest.split_once(END).expect("the place for the settings ends");
    let reference = render_reference();
    #[expect(clippy::disallowed_methods, reason = "a switch for whoever runs the tests, not a setting")]
    let rewrite = std::env::var_os("UPDATE_GOLDEN").is_some();
    if rewrite {
        fs::write(&path, format!("{before}{BEGIN}{reference}{END}{after}")).expect("the documentation is ours");
        return;
    }
    assert_eq!(written, reference, "run the tests once with UPDATE_GOLDEN=1 and review the difference");
}

#[test]
fn keys_and_variables_are_unique() {
    let variables: BTreeMap<String, &str> = KEYS.iter().map(|key| (key.variable(), key.name)).collect();
    assert_eq!(variables.len(), KEYS.len());
    assert_eq!(variables.get("MESUR_MAIL__SMTP__HOST"), Some(&"mail.smtp.host"));
}
