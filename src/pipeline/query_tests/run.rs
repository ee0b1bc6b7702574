//! What `mesur test` and the step `test` run: fixtures first, then data tests, if there is data.

use std::sync::Arc;

use super::fixtures::without_tests;
use super::{DataTestOutcome, TestReport, Verdict};
use crate::definitions::Selection;
use crate::pipeline::job::Hand;
use crate::pipeline::{Access, PipelineError, Project, Workspace};

/// Which tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tests {
    /// Fixtures: no lake is needed.
    Fixtures,
    /// Data tests over the live lake.
    Data,
    /// Both.
    All,
}

/// Which tests of which queries.
#[derive(Clone, Debug)]
pub struct TestRequest {
    /// Which tests.
    pub tests: Tests,
    /// Ids, names, `tag:NAME`, each perhaps with `+` before it; none for all.
    pub select: Vec<String>,
}

impl Project {
    /// Runs tests. Where no extract was ever taken in, data tests are left out, and the report says so.
    ///
    /// # Errors
    /// When a word of the selection chooses nothing or nothing that has a test, a fixture or a query is broken, or the lake
    /// cannot be read. A test that fails is no error.
    pub async fn test(self, request: &TestRequest) -> Result<TestReport, PipelineError> {
        let selection = self.definitions.select(&request.select)?;
        let mut report = TestReport::default();
        if request.tests != Tests::Data {
            report = self.test_fixtures(&request.select).await?;
        }
        let project = Arc::new(self);
        let wanted = project.definitions.checks.iter().any(|check| selection.contains(&check.name));
        if request.tests != Tests::Fixtures && wanted {
            if project.settings.ledger_path.exists() {
                let workspace = Workspace::open(Arc::clone(&project), Access::Read).await?;
                report.data = workspace.test_data(&workspace.pin().await?, &selection).await?;
            }
            if report.data.is_empty() {
                report.skipped = Some("the lake holds no extract that they look at (take some in with `mesur ingest`)");
            }
        }
        let nothing = report.fixtures.is_empty() && report.data.is_empty() && report.skipped.is_none();
        if nothing && !request.select.is_empty() {
            let names = without_tests(&project, &selection, &report).join(", ");
            return Err(PipelineError::NothingToTest { names });
        }
        Ok(report)
    }
}

impl Workspace {
    /// The step `test` of a job: all data tests, once a snapshot.
    ///
    /// # Errors
    /// When one of them fails; warnings are in the report.
    pub(in crate::pipeline) async fn test_step(&self, hand: &mut Hand) -> Result<Vec<DataTestOutcome>, PipelineError> {
        let pinned = self.pin().await?;
        // A required job may have tested the same rows a moment ago, under the same lock.
        if let Some((snapshot, outcomes)) = &hand.tested
            && *snapshot == pinned.id
        {
            return Ok(outcomes.clone());
        }
        let everything: Selection = self.project.definitions.select(&[])?;
        let outcomes = self.test_data(&pinned, &everything).await?;
        let is_failed = |outcome: &&DataTestOutcome| outcome.verdict() == Verdict::Failed;
        let failed: Vec<String> = outcomes.iter().filter(is_failed).map(DataTestOutcome::line).collect();
        if !failed.is_empty() {
            return Err(PipelineError::DataTestsFailed { failed });
        }
        hand.tested = Some((pinned.id, outcomes.clone()));
        Ok(outcomes)
    }
}

impl DataTestOutcome {
    /// What it promised, how many rows break the promise, and what to do about it.
    #[must_use]
    pub fn line(&self) -> String {
        let noun = if self.wrong == 1 { "row is" } else { "rows are" };
        let line = format!("{} ({}): {} {noun} wrong. {}", self.name, self.title, self.wrong, self.hint);
        line.trim_end().to_owned()
    }
}
