//! Finds the project and loads its settings. Touches nothing but `mesur.toml` and a file that holds a secret.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::document::Document;
use super::environment::{Environment, Flag};
use super::error::{ConfigError, SettingProblem};
use super::indicators::IndicatorSettings;
use super::reader::Reader;
use super::sections::{read_calendar, read_limits, read_log, read_mail, read_path, read_rag, read_serve};
use super::settings::{Origin, Settings};
use crate::clock::{Clock, parse_instant};

/// The file that makes a directory a project.
pub const SETTINGS_FILE: &str = "mesur.toml";

/// What decides about the settings beside the file itself.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// `--project DIR`.
    pub project: Option<PathBuf>,
    /// `--now TIME`.
    pub now: Option<String>,
    /// Flags that set a key.
    pub flags: Vec<Flag>,
    /// The process environment.
    pub environment: Environment,
}

/// The nearest directory with a `mesur.toml`, from `start` upwards.
///
/// # Errors
/// [`ConfigError::NoProject`] when there is none.
pub fn find_project(start: &Path) -> Result<PathBuf, ConfigError> {
    start
        .ancestors()
        .find(|dir| dir.join(SETTINGS_FILE).is_file())
        .map(Path::to_path_buf)
        .ok_or_else(|| ConfigError::NoProject { from: start.to_path_buf() })
}

/// Finds the project, reads its file, and checks everything.
///
/// # Errors
/// When there is no project, its file cannot be read, or anything in file, environment or flags is wrong; then every
/// problem is in the error. Broken TOML syntax is reported alone.
pub fn load_settings(options: &LoadOptions) -> Result<Settings, ConfigError> {
    let environment = &options.environment;
    let named = options.project.clone().or_else(|| environment.find("MESUR_PROJECT").map(PathBuf::from));
    let project = match named {
        Some(dir) => named_project(environment.working_dir.join(dir))?,
        None => find_project(&environment.working_dir)?,
    };
    let path = project.join(SETTINGS_FILE);
    let text = std::fs::read_to_string(&path).map_err(|source| ConfigError::Unreadable { path, source })?;
    parse_settings(&project, &text, options)
}

fn named_project(dir: PathBuf) -> Result<PathBuf, ConfigError> {
    if dir.join(SETTINGS_FILE).is_file() { Ok(dir) } else { Err(ConfigError::NoProject { from: dir }) }
}

fn parse_settings(project: &Path, text: &str, options: &LoadOptions) -> Result<Settings, ConfigError> {
    let document = Document::parse(text).map_err(|problems| {
        let problem = |p: super::SyntaxProblem| SettingProblem {
            file: SETTINGS_FILE.to_owned(),
            line: Some(p.line),
            key: String::new(),
            what: p.what,
            hint: "this is not TOML".to_owned(),
        };
        ConfigError::Broken(problems.into_iter().map(problem).collect())
    })?;
    let mut reader = Reader::new(&document, &options.environment, &options.flags);
    let settings = build_settings(&mut reader, project, options);
    let (origins, problems) = reader.finish();
    match settings {
        Some(settings) if problems.is_empty() => Ok(Settings { origins, ..settings }),
        _ => Err(ConfigError::Broken(problems)),
    }
}

/// Every part is read before any is looked at, so that all of them report their problems.
fn build_settings(reader: &mut Reader, project: &Path, options: &LoadOptions) -> Option<Settings> {
    let zone = reader.zone("project.zone");
    let clock = read_clock(reader, zone.as_ref(), options);
    let mail = read_mail(reader, project);
    let rag = read_rag(reader);
    let path = |key| read_path(reader, project, key);
    Some(Settings {
        project_dir: project.to_path_buf(),
        project_name: reader.text("project.name")?,
        illustrative: reader.text("project.data")? == "invented",
        zone: zone?,
        var_dir: path("state.dir")?,
        lake_dir: path("lake.dir")?,
        raw_dir: path("state.raw_dir")?,
        restricted_dir: path("state.restricted_dir")?,
        published_dir: path("state.published_dir")?,
        ledger_path: path("state.ledger_file")?,
        outbox_dir: path("state.outbox_dir")?,
        editions_dir: path("state.editions_dir")?,
        spill_dir: path("engine.spill_dir")?,
        inbox_dir: path("inbox.dir")?,
        mail: mail?,
        disclosure_policy: path("disclosure.policy_file")?,
        sql_role: reader.text("sql.role")?.parse().ok()?,
        limits: read_limits(reader)?,
        rag: rag?,
        indicators: IndicatorSettings::read(reader)?,
        programme_start: reader.day("programme.start")?,
        calendar: read_calendar(reader)?,
        serve: read_serve(reader)?,
        log: read_log(reader, !options.environment.no_colour)?,
        clock: clock?,
        origins: Vec::new(),
    })
}

fn read_clock(reader: &mut Reader, zone: Option<&TimeZone>, options: &LoadOptions) -> Option<Clock> {
    let flag = options.now.as_deref().map(|text| (text, Origin::Flag { name: "--now".to_owned() }));
    let variable = || {
        let text = options.environment.find("MESUR_NOW")?;
        Some((text, Origin::Environment { variable: "MESUR_NOW".to_owned() }))
    };
    let Some((text, origin)) = flag.or_else(variable) else { return Some(Clock::System) };
    // With a broken zone the text is still checked; the settings fail anyway.
    match parse_instant(text, zone.unwrap_or(&TimeZone::UTC)) {
        Ok(instant) => Some(Clock::Fixed(instant)),
        Err(error) => {
            reader.reject(&origin, error.to_string(), "");
            None
        }
    }
}
