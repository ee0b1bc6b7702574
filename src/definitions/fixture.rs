//! Fixtures: small inputs of a query, and what it must give for them. Reads `queries/tests/*.toml`; runs nothing, and does
//! not know which tables and columns there are.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use toml::{Table, Value};

use super::{DefinitionsError, Problem, TextTable};
use crate::model::Period;

/// Tables by name.
pub type Given = BTreeMap<String, TextTable>;

/// The cases of one query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixture {
    /// The file, relative to the project directory.
    pub file: String,
    /// The query: the stem of the file.
    pub query: String,
    /// Its cases, in the order of the file.
    pub cases: Vec<FixtureCase>,
}

/// One small input and what comes out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixtureCase {
    /// What it shows.
    pub name: String,
    /// Rows of datasets, or of staging views, which then take the place of the view. What is not given is empty.
    pub given: Given,
    /// The reported quarter.
    pub period: Option<Period>,
    /// The programme's first day, where it is not that of the settings.
    pub programme_start: Option<Date>,
    /// All rows that the query gives, in its order.
    pub rows: Option<TextTable>,
    /// The cells of the indicator's tables.
    pub cells: Option<TextTable>,
}

/// The stem of the file whose tables are given to every case.
const SHARED: &str = "shared";

/// Reads the fixtures of a folder, by name. A folder that is not there holds none. `shared.toml` holds tables that every
/// case is given unless it gives its own.
///
/// # Errors
/// Every problem of every file, at once.
pub fn load_fixtures(dir: &Path) -> Result<Vec<Fixture>, DefinitionsError> {
    let mut problems = Vec::new();
    let texts = read_folder(dir).map_err(|problem| DefinitionsError::Broken(vec![problem]))?;
    let (mut shared, mut fixtures) = (Given::new(), Vec::new());
    for (stem, text) in texts {
        let mut reader = Reader { file: format!("queries/tests/{stem}.toml"), problems: Vec::new() };
        let Some(mut table) = reader.parse(&text) else {
            problems.append(&mut reader.problems);
            continue;
        };
        if stem == SHARED {
            shared = reader.given(&mut table, "");
        } else {
            let cases = reader.cases(&mut table);
            fixtures.push(Fixture { file: reader.file.clone(), query: stem, cases });
        }
        reader.refuse_unknown(&table, "");
        problems.append(&mut reader.problems);
    }
    for case in fixtures.iter_mut().flat_map(|fixture| &mut fixture.cases) {
        inherit(&mut case.given, &shared);
    }
    if problems.is_empty() { Ok(fixtures) } else { Err(DefinitionsError::Broken(problems)) }
}

/// A table that the case gives itself stands for the whole table.
fn inherit(given: &mut Given, from: &Given) {
    for (name, table) in from {
        given.entry(name.clone()).or_insert_with(|| table.clone());
    }
}

fn read_folder(dir: &Path) -> Result<Vec<(String, String)>, Problem> {
    let unreadable = |at: &str, error: &std::io::Error| Problem {
        file: format!("queries/tests/{at}"),
        at: "file".to_owned(),
        what: format!("cannot be read: {error}"),
        hint: "check that it may be read".to_owned(),
    };
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable("", &error)),
    };
    let mut texts = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable("", &error))?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&format!("{stem}.toml"), &error))?;
        texts.push((stem, text));
    }
    texts.sort();
    Ok(texts)
}

/// Reads one file and remembers everything that is wrong with it.
struct Reader {
    file: String,
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, at: impl Into<String>, what: impl Into<String>, hint: &str) {
        self.problems.push(Problem {
            file: self.file.clone(),
            at: at.into(),
            what: what.into(),
            hint: hint.to_owned(),
        });
    }

    fn parse(&mut self, text: &str) -> Option<Table> {
        match text.parse::<Table>() {
            Ok(table) => Some(table),
            Err(error) => {
                let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
                self.problem(
                    format!("line {line}"),
                    format!("is not TOML: {}", error.message()),
                    "see https://toml.io",
                );
                None
            }
        }
    }

    fn refuse_unknown(&mut self, table: &Table, prefix: &str) {
        for key in table.keys() {
            let hint = "a file has period, programme_start, given and [[case]]; a case name, rows and cells too";
            self.problem(format!("{prefix}{key}"), "is not a key of a fixture", hint);
        }
    }

    fn cases(&mut self, table: &mut Table) -> Vec<FixtureCase> {
        let given = self.given(table, "");
        let period = self.parsed::<Period>(table, "", "period");
        let programme_start = self.parsed::<Date>(table, "", "programme_start");
        let mut cases: Vec<FixtureCase> = Vec::new();
        let Some(Value::Array(items)) = table.remove("case") else {
            self.problem("case", "there is none", "write [[case]] and a name, what is given, and rows or cells");
            return cases;
        };
        for (index, item) in items.into_iter().enumerate() {
            let Value::Table(mut item) = item else {
                self.problem(format!("case {}", index + 1), "is not a table", "write [[case]]");
                continue;
            };
            let name = match item.remove("name") {
                Some(Value::String(name)) if !name.trim().is_empty() => name,
                _ => {
                    self.problem(format!("case {}", index + 1), "has no name", "say what it shows, in words");
                    format!("case {}", index + 1)
                }
            };
            if cases.iter().any(|other| other.name == name) {
                self.problem(format!("case `{name}`"), "another case has this name", "say what is different");
            }
            let at = format!("case `{name}` > ");
            let mut case = FixtureCase {
                given: self.given(&mut item, &at),
                period: self.parsed(&mut item, &at, "period").or(period),
                programme_start: self.parsed(&mut item, &at, "programme_start").or(programme_start),
                rows: item.remove("rows").and_then(|value| self.table(value, &format!("{at}rows"))),
                cells: item.remove("cells").and_then(|value| self.table(value, &format!("{at}cells"))),
                name,
            };
            inherit(&mut case.given, &given);
            self.refuse_unknown(&item, &at);
            if case.rows.is_none() && case.cells.is_none() {
                self.problem(at.trim_end_matches(" > "), "expects nothing", "give rows, or cells of an indicator");
            }
            cases.push(case);
        }
        cases
    }

    fn given(&mut self, table: &mut Table, at: &str) -> Given {
        let mut given = Given::new();
        match table.remove("given") {
            None => {}
            Some(Value::Table(tables)) => {
                for (name, value) in tables {
                    if let Some(table) = self.table(value, &format!("{at}given.{name}")) {
                        given.insert(name, table);
                    }
                }
            }
            Some(_) => self.problem(format!("{at}given"), "is not a table", "write given.NAME = \"\"\"...\"\"\""),
        }
        given
    }

    fn table(&mut self, value: Value, at: &str) -> Option<TextTable> {
        let Value::String(block) = value else {
            self.problem(at, "is not a text", "write a block between three quotes, columns first");
            return None;
        };
        match TextTable::parse(&block) {
            Ok(table) => Some(table),
            Err(problems) => {
                for what in problems {
                    self.problem(at, what, "");
                }
                None
            }
        }
    }

    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &mut self,
        table: &mut Table,
        at: &str,
        key: &str,
    ) -> Option<T> {
        let value = table.remove(key)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.parse().map_err(|error: T::Err| self.problem(format!("{at}{key}"), error.to_string(), "correct it")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::load_fixtures;

    fn load(files: &[(&str, &str)]) -> Result<Vec<super::Fixture>, String> {
        let dir = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).expect("a file");
        }
        load_fixtures(dir.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_case_has_the_tables_of_its_file_and_of_all_files_unless_it_gives_its_own() {
        let shared = "given.areas = \"code\\nW1\"\ngiven.firms = \"id\\nshared\"";
        let file = "period = \"2020-21-Q3\"\ngiven.firms = \"id\\nfile\"\n[[case]]\nname = \"one\"\nrows = \"\"\n\
                    [[case]]\nname = \"two\"\nperiod = \"2019-20-Q4\"\ngiven.firms = \"\"\nrows = \"n\\n1\"";
        let fixtures = load(&[("shared.toml", shared), ("firms.toml", file)]).expect("they load");
        assert_eq!(fixtures.len(), 1);
        let [one, two] = fixtures[0].cases.as_slice() else { panic!("two cases") };
        assert_eq!(one.given["firms"].rows, [[Some("file".to_owned())]]);
        assert_eq!(one.given["areas"].rows.len(), 1);
        assert!(two.given["firms"].columns.is_empty());
        assert_eq!(two.period.map(|period| period.to_string()).as_deref(), Some("2019-20-Q4"));
        assert_eq!(one.period.map(|period| period.to_string()).as_deref(), Some("2020-21-Q3"));
    }

    #[test]
    fn all_problems_of_all_files_come_at_once() {
        let broken = "period = \"soon\"\nexpect = 1\n[[case]]\ngiven.firms = \"a\\n1, 2\"\n[[case]]\nname = \"x\"\n\
                      rows = 3\nclls = \"\"";
        let told = load(&[("a.toml", "case = ["), ("b.toml", broken)]).expect_err("they are broken");
        for part in [
            "queries/tests/a.toml > line 1: is not TOML",
            "b.toml > period",
            "b.toml > expect: is not a key",
            "b.toml > case 1: has no name",
            "b.toml > case `case 1` > given.firms: line 2: has 2 cells",
            "b.toml > case `case 1`: expects nothing",
            "b.toml > case `x` > rows: is not a text",
            "b.toml > case `x` > clls: is not a key",
        ] {
            assert!(told.contains(part), "`{part}` is missing from\n{told}");
        }
    }
}
