//! Runs fixtures: a session over the given rows, the query as it ships, what came beside what was expected.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::Schema;

use super::cells::compare_cells;
use super::difference::{Difference, compare};
use super::given::{as_texts, plain};
use super::prepare::{Prepared, prepare, problem_of};
use super::{FixtureOutcome, TestReport};
use crate::config::IndicatorSettings;
use crate::definitions::{DefinitionsError, Fixture, Problem, Query, Selection, TextTable, load_fixtures};
use crate::engine::{DatasetSchema, Engine, MemoryTable, NamedSql, Session, SessionSource};
use crate::indicator::{self, Thresholds};
use crate::model::{ErrorClass, Period};
use crate::pipeline::build::{areas_of, contributions_of, thresholds};
use crate::pipeline::error::chain;
use crate::pipeline::side_by_side::side_by_side;
use crate::pipeline::snapshot::{named, settings_parameters};
use crate::pipeline::workspace::open_engine_with;
use crate::pipeline::{PipelineError, Project};

/// Small inputs are worked on faster without being divided.
const THREADS: usize = 1;

impl Project {
    /// The fixtures of the project, read but not run.
    ///
    /// # Errors
    /// With every problem of every file.
    pub fn load_fixtures(&self) -> Result<Vec<Fixture>, PipelineError> {
        Ok(load_fixtures(&self.settings.project_dir.join("queries/tests"))?)
    }

    /// Runs the fixtures of the queries that `select` chooses; all for no words. Touches no lake.
    ///
    /// # Errors
    /// When a word chooses nothing, or a fixture or a query is broken: every problem at once.
    pub async fn test_fixtures(&self, select: &[String]) -> Result<TestReport, PipelineError> {
        let selection = self.definitions.select(select)?;
        let fixtures = self.load_fixtures()?;
        let engine = open_engine_with(self, THREADS)?;
        let session = self.planning_session(&engine)?;
        let broken = |problems| PipelineError::Definitions(DefinitionsError::Broken(problems));
        let prepared = prepare(self, &session, &fixtures, &selection).await.map_err(broken)?;
        let defaults = IndicatorSettings::defaults();
        let bench = Bench {
            engine,
            datasets: self.open_datasets(),
            staging: named(&self.definitions.staging),
            parameters: settings_parameters(&defaults)?,
            thresholds: thresholds(&defaults),
        };
        let (mut outcomes, mut problems) = (Vec::new(), Vec::new());
        for outcome in bench.run(prepared, self.settings.limits.threads).await? {
            match outcome {
                Ok(outcome) => outcomes.push(outcome),
                Err(problem) => problems.push(problem),
            }
        }
        // The same problem of a query shows in each of its cases.
        problems.dedup_by(|a, b| a.file == b.file && a.what == b.what);
        if problems.is_empty() {
            Ok(TestReport { fixtures: outcomes, ..TestReport::default() })
        } else {
            Err(broken(problems))
        }
    }

    /// What is wrong with fixtures, and what is missing: queries without a fixture, data tests without a bad case.
    pub(in crate::pipeline) async fn check_fixtures(&self, session: &Session) -> (Vec<Problem>, Vec<String>) {
        let fixtures = match self.load_fixtures() {
            Ok(fixtures) => fixtures,
            Err(PipelineError::Definitions(DefinitionsError::Broken(problems))) => return (problems, Vec::new()),
            Err(error) => return (Vec::new(), vec![chain(&error)]),
        };
        let everything = self.definitions.select(&[]).unwrap_or_default();
        let problems = prepare(self, session, &fixtures, &everything).await.err().unwrap_or_default();
        (problems, self.untested(&fixtures))
    }

    pub(super) fn untested(&self, fixtures: &[Fixture]) -> Vec<String> {
        let mut warnings = Vec::new();
        for query in self.definitions.queries() {
            let file = format!("queries/tests/{}.toml", query.name());
            let Some(fixture) = fixtures.iter().find(|fixture| fixture.query == query.name()) else {
                warnings.push(format!("{} has no test (write {file})", query.label()));
                continue;
            };
            let is_good = |rows: &TextTable| rows.rows.is_empty();
            let cases: Vec<bool> = fixture.cases.iter().filter_map(|case| case.rows.as_ref()).map(is_good).collect();
            if matches!(query, Query::Check(_)) && !(cases.contains(&true) && cases.contains(&false)) {
                warnings.push(format!("{} needs a case with wrong rows and one without ({file})", query.label()));
            }
        }
        warnings
    }
}

/// What every case runs on.
struct Bench {
    engine: Engine,
    datasets: Vec<DatasetSchema>,
    staging: Vec<NamedSql>,
    /// Those of the defaults, so that a project's own settings break no fixture.
    parameters: MemoryTable,
    thresholds: Thresholds,
}

impl Bench {
    /// Runs cases, several at once; what they gave comes in their order.
    async fn run(
        self,
        prepared: Vec<Prepared>,
        at_once: usize,
    ) -> Result<Vec<Result<FixtureOutcome, Problem>>, PipelineError> {
        let bench = Arc::new(self);
        let run = |case: Prepared| {
            let bench = Arc::clone(&bench);
            async move { bench.run_case(&case).await }
        };
        side_by_side(prepared.into_iter().map(run), at_once, "running a fixture").await
    }

    async fn run_case(&self, prepared: &Prepared) -> Result<FixtureOutcome, Problem> {
        let Prepared { file, case, label, .. } = prepared;
        let (differences, error) = match self.differences(prepared).await {
            Ok(differences) => (differences, None),
            Err(Stop::Broken(what)) => return Err(problem_of(file, case, "", what, "")),
            Err(Stop::Failed(why)) => (Vec::new(), Some(why)),
        };
        let (query, case, file) = (label.clone(), case.name.clone(), file.clone());
        Ok(FixtureOutcome { query, case, file, differences, error })
    }

    async fn differences(&self, prepared: &Prepared) -> Result<Vec<Difference>, Stop> {
        let case = &prepared.case;
        let session = self.session_over(&prepared.memory).map_err(|error| Stop::of(&error))?;
        let mut differences = Vec::new();
        if let Some(expected) = &case.rows {
            differences.extend(rows_differ(&session, prepared, expected).await?);
        }
        if let (Some(definition), Some(expected)) = (&prepared.indicator, &case.cells) {
            let areas = areas_of(&session).await.map_err(|error| Stop::of(&error))?;
            let found = contributions_of(&session, definition, &prepared.parameters).await;
            let found = found.map_err(|error| Stop::of(&error))?;
            let first = Period::containing(prepared.parameters.programme_start);
            let tables =
                indicator::tabulate(definition, &found.batches, &areas, prepared.period, first, &self.thresholds);
            let tables = tables.map_err(|error| Stop::Failed(chain(&error)))?;
            differences.extend(compare_cells(definition, &tables, prepared.period, expected));
        }
        Ok(differences)
    }

    /// A session in which what is given stands in the place of the dataset or view of its name.
    fn session_over(&self, memory: &[MemoryTable]) -> Result<Session, PipelineError> {
        let given: BTreeSet<&str> = memory.iter().map(|table| table.name.as_str()).collect();
        let mut datasets = self.datasets.clone();
        datasets.retain(|dataset| !given.contains(dataset.name.as_str()));
        let mut staging = self.staging.clone();
        staging.retain(|view| !given.contains(view.name.as_str()));
        let mut memory = memory.to_vec();
        if !given.contains(self.parameters.name.as_str()) {
            memory.push(self.parameters.clone());
        }
        let memory = &memory;
        let source = SessionSource { datasets: &datasets, staging: &staging, memory, ..SessionSource::empty() };
        // Small plans are quicker to make than large ones, and rows are few.
        let views = staging.iter().map(|view| view.name.clone()).collect();
        Ok(self.engine.open(source)?.with_rows_kept(views)?)
    }
}

/// Why a case gave nothing to compare.
enum Stop {
    /// The fixture or its query is wrong.
    Broken(String),
    /// The query is right and could not be run to its end.
    Failed(String),
}

impl Stop {
    fn of(error: &PipelineError) -> Self {
        if error.class() == ErrorClass::Usage { Self::Broken(chain(error)) } else { Self::Failed(chain(error)) }
    }
}

async fn rows_differ(session: &Session, prepared: &Prepared, expected: &TextTable) -> Result<Option<Difference>, Stop> {
    let batches = session.reference(&prepared.sql, &prepared.parameters).await;
    let batches = batches.map_err(|error| Stop::of(&error.into()))?;
    if let Some(definition) = &prepared.indicator
        && definition.is_reference()
    {
        indicator::tabulate_reference(definition, &batches).map_err(|error| Stop::Failed(chain(&error)))?;
    }
    let actual = as_texts(&batches).map_err(|error| Stop::Failed(error.to_string()))?;
    let Some(schema) = batches.first().map(arrow::array::RecordBatch::schema) else {
        return Ok(compare("rows", &expected.columns, &expected.rows, &actual));
    };
    let columns: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let wanted = in_order(expected, &columns, &schema).map_err(Stop::Broken)?;
    Ok(compare("rows", &columns, &wanted, &actual))
}

/// Expected rows with their cells in the order of the query's columns. The whole output is compared, so each column must be
/// there.
fn in_order(expected: &TextTable, columns: &[String], schema: &Schema) -> Result<Vec<Vec<Option<String>>>, String> {
    if expected.rows.is_empty() {
        return Ok(Vec::new());
    }
    let missing: Vec<&str> =
        columns.iter().filter(|name| expected.find_column(name).is_none()).map(String::as_str).collect();
    let extra: Vec<&str> = expected.columns.iter().filter(|name| !columns.contains(name)).map(String::as_str).collect();
    if !missing.is_empty() || !extra.is_empty() {
        let what = [("does not name", &missing), ("names, and the query does not give,", &extra)];
        let what: Vec<String> = what
            .iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(what, names)| format!("{what} {}", names.join(", ")))
            .collect();
        return Err(format!("`rows` {}; the query gives {}", what.join(" and "), columns.join(", ")));
    }
    let places: Vec<usize> = columns.iter().filter_map(|name| expected.find_column(name)).collect();
    let row = |row: &Vec<Option<String>>| {
        let cells = places.iter().zip(schema.fields());
        cells.map(|(at, field)| row[*at].as_deref().map(|text| plain(text, field.data_type()))).collect()
    };
    Ok(expected.rows.iter().map(row).collect())
}

/// The queries of a selection for which there is neither a fixture nor a data test.
pub(super) fn without_tests(project: &Project, selection: &Selection, report: &TestReport) -> Vec<String> {
    let tested = |query: &Query<'_>| {
        report.fixtures.iter().any(|outcome| outcome.query == query.label())
            || report.data.iter().any(|outcome| outcome.name == query.name())
    };
    let queries = project.definitions.queries();
    queries.iter().filter(|q| selection.contains(q.name()) && !tested(q)).map(|q| q.label().to_owned()).collect()
}
