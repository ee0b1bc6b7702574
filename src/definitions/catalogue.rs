//! All definitions of a project, loaded together so that every problem of every file is reported at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use jiff::tz::TimeZone;

use super::schema_check::check_rules_exist;
use super::{
    DataCheck, DefinitionsError, IndicatorDefinition, Job, Layout, Problem, Schema, StagingView, check_layouts,
    load_checks, load_indicators, load_jobs, load_layouts, load_schemas, load_staging,
};
use crate::model::{DatasetName, IndicatorId, JobName};

/// What a project directory defines.
#[derive(Debug)]
pub struct Definitions {
    /// Datasets by name.
    pub schemas: BTreeMap<DatasetName, Schema>,
    /// How to read workbooks that were not made for machines.
    pub layouts: Vec<Layout>,
    /// Views that indicators share, in the order in which they build on each other.
    pub staging: Vec<StagingView>,
    /// Indicators by id.
    pub indicators: BTreeMap<IndicatorId, IndicatorDefinition>,
    /// Data tests, by name.
    pub checks: Vec<DataCheck>,
    /// Jobs by name.
    pub jobs: BTreeMap<JobName, Job>,
    /// By query, the datasets and views that its SQL names, once somebody asked.
    pub(super) reads: OnceLock<BTreeMap<String, BTreeSet<String>>>,
}

impl Definitions {
    /// Loads `schemas/`, `schemas/layouts/`, `queries/` and `jobs/` of a project directory and checks them against
    /// each other. SQL is planned later, by the engine.
    ///
    /// # Errors
    /// With every problem of every file.
    pub fn load(project_dir: &Path, zone: &TimeZone) -> Result<Self, DefinitionsError> {
        let mut problems = Vec::new();
        let schemas = keep(load_schemas(&project_dir.join("schemas")), &mut problems);
        // One schema that is wrong leaves none here, and every layout would seem to be without its dataset.
        let are_known = problems.is_empty();
        let layouts = keep(load_layouts(&project_dir.join("schemas/layouts")), &mut problems);
        if are_known {
            problems.extend(check_layouts(&layouts, &schemas));
        }
        problems.extend(check_rules_exist(&schemas));
        let staging = keep(load_staging(&project_dir.join("queries/staging")), &mut problems);
        let indicators = keep(load_indicators(&project_dir.join("queries/indicators")), &mut problems);
        let checks = keep(load_checks(&project_dir.join("queries/checks")), &mut problems);
        let jobs = keep(load_jobs(&project_dir.join("jobs"), zone), &mut problems);
        let definitions = Self { schemas, layouts, staging, indicators, checks, jobs, reads: OnceLock::new() };
        if problems.is_empty() { Ok(definitions) } else { Err(DefinitionsError::Broken(problems)) }
    }
}

fn keep<T: Default>(loaded: Result<T, DefinitionsError>, problems: &mut Vec<Problem>) -> T {
    match loaded {
        Ok(value) => value,
        Err(DefinitionsError::Broken(found)) => {
            problems.extend(found);
            T::default()
        }
    }
}
