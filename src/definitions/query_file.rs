//! Query files: SQL, with a TOML header between `/*---` and `---*/` where one is asked for. Reads folders of them; never
//! looks into the SQL.

use std::path::Path;

use super::header::Header;
use super::{DefinitionsError, Problem};

/// A file cut into header and query.
#[derive(Debug)]
pub(super) struct QueryFile {
    pub(super) file: String,
    pub(super) header: String,
    pub(super) sql: String,
}

/// A view that queries build on. Its name is the file's, without the number before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagingView {
    /// The view's name in SQL.
    pub name: String,
    /// The query.
    pub sql: String,
}

/// A data test: a query that returns the rows that are wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataCheck {
    /// The file's name without its extension.
    pub name: String,
    /// What is promised.
    pub title: String,
    /// What to do about wrong rows; may be empty.
    pub hint: String,
    /// What a broken promise does.
    pub severity: CheckSeverity,
    /// The query.
    pub sql: String,
}

/// What a data test that finds wrong rows does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckSeverity {
    /// It says so, and the job goes on.
    Warn,
    /// The job stops before anything is replaced.
    Fail,
}

impl QueryFile {
    pub(super) fn split(file: &str, text: &str) -> Result<Self, Problem> {
        let problem = |what: &str| Problem {
            file: file.to_owned(),
            at: "header".to_owned(),
            what: what.to_owned(),
            hint: "start the file with /*--- and close the header with ---*/, each on a line of its own".to_owned(),
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let rest = text.trim_start().strip_prefix("/*---\n").ok_or_else(|| problem("there is no header"))?;
        let (header, sql) = rest.split_once("\n---*/").ok_or_else(|| problem("the header is not closed"))?;
        Ok(Self { file: file.to_owned(), header: header.to_owned(), sql: sql.trim().to_owned() })
    }
}

/// All `*.sql` of a folder, by name, cut in two; and what could not be read.
pub(super) fn load_query_files(dir: &Path) -> (Vec<QueryFile>, Vec<Problem>) {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    match read_folder(dir) {
        Ok(texts) => {
            for (file, text) in texts {
                match QueryFile::split(&file, &text) {
                    Ok(query) => files.push(query),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        Err(mut more) => problems.append(&mut more),
    }
    (files, problems)
}

/// Reads the views of a folder, `NN_name.sql`, in the order of their numbers: a view may use those before it.
///
/// # Errors
/// Every file that cannot be read or has no proper name, at once.
pub fn load_staging(dir: &Path) -> Result<Vec<StagingView>, DefinitionsError> {
    let texts = read_folder(dir).map_err(DefinitionsError::Broken)?;
    let mut problems = Vec::new();
    let mut views: Vec<StagingView> = Vec::new();
    for (file, sql) in texts {
        match view_name(&file) {
            Some(name) if views.iter().any(|view| view.name == name) => {
                problems.push(problem(&file, "name", "two views have this name", "rename one of them"));
            }
            Some(name) => views.push(StagingView { name: name.to_owned(), sql: sql.trim().to_owned() }),
            None => problems.push(problem(
                &file,
                "name",
                "the name is not a number and a view's name",
                "name it such as 10_first_diagnostics.sql",
            )),
        }
    }
    if problems.is_empty() { Ok(views) } else { Err(DefinitionsError::Broken(problems)) }
}

/// Reads the data tests of a folder. A folder that is not there holds none.
///
/// # Errors
/// Every problem of every file, at once.
pub fn load_checks(dir: &Path) -> Result<Vec<DataCheck>, DefinitionsError> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let (files, mut problems) = load_query_files(dir);
    let mut checks = Vec::new();
    for query in files {
        let mut header = match Header::parse(&query.file, &query.header) {
            Ok(header) => header,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let title = header.line("title");
        let hint = header.optional_line("hint").unwrap_or_default();
        let severities = [("warn", CheckSeverity::Warn), ("fail", CheckSeverity::Fail)];
        let severity = header.choice("severity", "", &severities);
        header.refuse_unknown_keys();
        problems.extend(header.into_problems());
        if let (Some(title), Some(severity)) = (title, severity) {
            let name = query.file.rsplit('/').next().unwrap_or(&query.file).trim_end_matches(".sql").to_owned();
            checks.push(DataCheck { name, title, hint, severity, sql: query.sql });
        }
    }
    if problems.is_empty() { Ok(checks) } else { Err(DefinitionsError::Broken(problems)) }
}

fn view_name(file: &str) -> Option<&str> {
    let stem = file.rsplit('/').next()?.strip_suffix(".sql")?;
    let (number, name) = stem.split_once('_')?;
    let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let named = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (numbered && named).then_some(name)
}

/// Names (with the last two folders, as in the project) and texts of a folder's `*.sql`, by name.
fn read_folder(dir: &Path) -> Result<Vec<(String, String)>, Vec<Problem>> {
    let shown: Vec<String> =
        dir.components().rev().take(2).map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let shown = shown.into_iter().rev().collect::<Vec<_>>().join("/");
    let unreadable = |at: &str, error: &std::io::Error| {
        problem(at, "file", &format!("cannot be read: {error}"), "check that it is there and may be read")
    };
    let entries = std::fs::read_dir(dir).map_err(|error| vec![unreadable(&shown, &error)])?;
    let mut problems = Vec::new();
    let mut texts = Vec::new();
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(error) => {
                problems.push(unreadable(&shown, &error));
                continue;
            }
        };
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = format!("{shown}/{name}");
        match std::fs::read_to_string(&path) {
            Ok(text) => texts.push((file, text)),
            Err(error) => problems.push(unreadable(&file, &error)),
        }
    }
    texts.sort();
    if problems.is_empty() { Ok(texts) } else { Err(problems) }
}

fn problem(file: &str, at: &str, what: &str, hint: &str) -> Problem {
    Problem { file: file.to_owned(), at: at.to_owned(), what: what.to_owned(), hint: hint.to_owned() }
}
