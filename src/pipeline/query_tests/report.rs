//! What tests found.

use super::Difference;
use crate::definitions::CheckSeverity;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As promised.
    Passed,
    /// Not as promised; it only says so.
    Warned,
    /// Not as promised.
    Failed,
}

impl Verdict {
    /// As printed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Warned => "warned",
            Self::Failed => "failed",
        }
    }
}

/// One case of a fixture, run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixtureOutcome {
    /// The indicator's id, or the query's name.
    pub query: String,
    /// The case.
    pub case: String,
    /// The fixture's file.
    pub file: String,
    /// What is different, if anything is.
    pub differences: Vec<Difference>,
    /// Why the query could not be run to its end.
    pub error: Option<String>,
}

/// Keys of rows that are wrong; of the columns that are no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrongKeys {
    /// Names of the columns; none when all of them are confidential or computed.
    pub columns: Vec<String>,
    /// The first few rows.
    pub rows: Vec<Vec<String>>,
}

/// One data test, run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataTestOutcome {
    /// The check's name.
    pub name: String,
    /// What is promised.
    pub title: String,
    /// What to do about wrong rows.
    pub hint: String,
    /// What wrong rows do.
    pub severity: CheckSeverity,
    /// How many rows are wrong.
    pub wrong: u64,
    /// Which.
    pub keys: WrongKeys,
}

/// All tests of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestReport {
    /// Cases of fixtures, by query.
    pub fixtures: Vec<FixtureOutcome>,
    /// Data tests.
    pub data: Vec<DataTestOutcome>,
    /// Why data tests did not run.
    pub skipped: Option<&'static str>,
}

impl FixtureOutcome {
    /// How it ended.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        if self.differences.is_empty() && self.error.is_none() { Verdict::Passed } else { Verdict::Failed }
    }
}

impl DataTestOutcome {
    /// How it ended.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match (self.wrong, self.severity) {
            (0, _) => Verdict::Passed,
            (_, CheckSeverity::Warn) => Verdict::Warned,
            (_, CheckSeverity::Fail) => Verdict::Failed,
        }
    }
}

impl TestReport {
    /// How many tests ended so.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        let fixtures = self.fixtures.iter().filter(|outcome| outcome.verdict() == verdict).count();
        fixtures + self.data.iter().filter(|outcome| outcome.verdict() == verdict).count()
    }
}
