//! Fixtures made ready to run: the query is known, every given table exists and its cells are typed. All problems of all
//! fixtures are found before one is run.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};

use super::cells::check_columns;
use super::given::typed;
use crate::config::find_nearest;
use crate::definitions::{Fixture, FixtureCase, IndicatorDefinition, Problem, Query, Selection, lineage_fields};
use crate::engine::{MemoryTable, QueryParameters, Session};
use crate::model::Period;
use crate::pipeline::Project;
use crate::pipeline::error::chain;
use crate::pipeline::snapshot::{SETTINGS_PARAMETERS, parameters_schema};

/// A case with its inputs typed.
pub(super) struct Prepared {
    pub(super) file: String,
    pub(super) case: FixtureCase,
    /// What people call the query.
    pub(super) label: String,
    pub(super) sql: String,
    /// The definition, where the query is an indicator.
    pub(super) indicator: Option<IndicatorDefinition>,
    pub(super) memory: Vec<MemoryTable>,
    pub(super) parameters: QueryParameters,
    pub(super) period: Period,
}

/// Where a problem of a case lies.
pub(super) fn problem_of(file: &str, case: &FixtureCase, at: &str, what: String, hint: &str) -> Problem {
    let at = if at.is_empty() { format!("case `{}`", case.name) } else { format!("case `{}` > {at}", case.name) };
    Problem { file: file.to_owned(), at, what, hint: hint.to_owned() }
}

/// The columns of datasets and views that fixtures may give.
struct Tables<'a> {
    project: &'a Project,
    session: &'a Session,
    known: BTreeMap<String, Option<SchemaRef>>,
}

impl<'a> Tables<'a> {
    fn new(project: &'a Project, session: &'a Session) -> Self {
        let mut known = BTreeMap::new();
        for dataset in project.open_datasets() {
            let mut fields: Vec<_> = dataset.open.fields().iter().cloned().collect();
            fields.extend(lineage_fields().into_iter().map(std::sync::Arc::new));
            known.insert(dataset.name, Some(SchemaRef::new(Schema::new(fields))));
        }
        known.insert(SETTINGS_PARAMETERS.to_owned(), Some(parameters_schema()));
        for view in &project.definitions.staging {
            known.insert(view.name.clone(), None);
        }
        Self { project, session, known }
    }

    /// The columns of a table. A view is planned when it is first given.
    async fn columns(&mut self, name: &str) -> Result<SchemaRef, String> {
        match self.known.get(name) {
            Some(Some(schema)) => Ok(SchemaRef::clone(schema)),
            Some(None) => {
                let view = self.project.definitions.find_query(name).map_or("", Query::sql);
                let schema = self.session.plan_check(view).await.map_err(|error| chain(&error))?;
                self.known.insert(name.to_owned(), Some(SchemaRef::clone(&schema)));
                Ok(schema)
            }
            None => {
                let nearest = find_nearest(name, self.known.keys().map(String::as_str));
                let meant = nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"));
                Err(format!("there is no dataset or staging view of this name{meant}"))
            }
        }
    }
}

/// Types the inputs of the chosen fixtures.
///
/// # Errors
/// Every problem of every chosen fixture.
pub(super) async fn prepare(
    project: &Project,
    session: &Session,
    fixtures: &[Fixture],
    selection: &Selection,
) -> Result<Vec<Prepared>, Vec<Problem>> {
    let mut tables = Tables::new(project, session);
    let (mut prepared, mut problems) = (Vec::new(), Vec::new());
    for fixture in fixtures {
        let Some(query) = project.definitions.find_query(&fixture.query) else {
            problems.push(nameless(project, fixture));
            continue;
        };
        if !selection.contains(query.name()) {
            continue;
        }
        for case in &fixture.cases {
            problems.extend(check_case(fixture, case, query));
            let mut memory = Vec::new();
            for (name, given) in &case.given {
                let batch = match tables.columns(name).await {
                    Ok(schema) => typed(given, &schema),
                    Err(what) => Err(vec![what]),
                };
                match batch {
                    Ok(batch) => memory.push(in_memory(name, batch)),
                    Err(found) => problems.extend(
                        found
                            .into_iter()
                            .map(|what| problem_of(&fixture.file, case, &format!("given.{name}"), what, "")),
                    ),
                }
            }
            let start = case.programme_start.unwrap_or(project.settings.programme_start);
            let period = case.period.unwrap_or_else(|| Period::containing(start));
            let (period_start, period_end) = (period.first_day(), period.last_day());
            let parameters = QueryParameters { period_start, period_end, programme_start: start };
            prepared.push(Prepared {
                file: fixture.file.clone(),
                case: case.clone(),
                label: query.label().to_owned(),
                sql: query.sql().to_owned(),
                indicator: if let Query::Indicator(indicator) = query { Some(indicator.clone()) } else { None },
                memory,
                parameters,
                period,
            });
        }
    }
    if problems.is_empty() { Ok(prepared) } else { Err(problems) }
}

fn nameless(project: &Project, fixture: &Fixture) -> Problem {
    let queries = project.definitions.queries();
    let nearest = find_nearest(&fixture.query, queries.iter().map(|query| query.name()));
    Problem {
        file: fixture.file.clone(),
        at: "file".to_owned(),
        what: format!("there is no query `{}`", fixture.query),
        hint: nearest.map_or_else(
            || "name the file after its query, without the number of a view".to_owned(),
            |nearest| format!("did you mean `{nearest}`?"),
        ),
    }
}

fn check_case(fixture: &Fixture, case: &FixtureCase, query: Query<'_>) -> Vec<Problem> {
    let problem = |at: &str, what: &str, hint: &str| problem_of(&fixture.file, case, at, what.to_owned(), hint);
    let mut problems = Vec::new();
    match query {
        Query::Indicator(indicator) if !indicator.is_reference() => {
            if case.period.is_none() {
                problems.push(problem("period", "is missing", "say which quarter is reported, such as 2020-21-Q3"));
            }
            if let Some(cells) = &case.cells {
                let found = check_columns(indicator, cells);
                problems.extend(found.into_iter().map(|what| problem_of(&fixture.file, case, "cells", what, "")));
            }
        }
        _ if case.cells.is_some() => {
            problems.push(problem("cells", "belongs to indicators about firms", "give the query's rows"));
        }
        _ => {}
    }
    problems
}

fn in_memory(name: &str, batch: RecordBatch) -> MemoryTable {
    MemoryTable {
        name: name.to_owned(),
        description: "given by a fixture".to_owned(),
        schema: batch.schema(),
        batches: vec![batch],
    }
}
