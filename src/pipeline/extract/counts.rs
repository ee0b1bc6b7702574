//! How often each rule failed in each column, without keeping the findings.

use crate::model::{Finding, RuleId};
use crate::pipeline::ingest::RuleCount;

/// Counts of findings. There are few different ones, so they are searched from the front.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct RuleCounts(Vec<RuleCount>);

impl RuleCounts {
    /// Counts a finding.
    pub(in crate::pipeline) fn add(&mut self, finding: &Finding) {
        let same = |count: &&mut RuleCount| {
            count.rule == finding.rule && count.column == finding.place.column && count.severity == finding.severity
        };
        if let Some(count) = self.0.iter_mut().find(same) {
            count.rows += 1;
            count.first_row = match (count.first_row, finding.place.row) {
                (Some(had), Some(row)) => Some(had.min(row)),
                (had, row) => had.or(row),
            };
            return;
        }
        self.0.push(RuleCount {
            rule: finding.rule.clone(),
            severity: finding.severity,
            column: finding.place.column.clone(),
            reason: finding.reason.clone(),
            hint: finding.hint.clone(),
            rows: 1,
            first_row: finding.place.row,
        });
    }

    /// How often a rule failed.
    pub(in crate::pipeline) fn of(&self, rule: &RuleId) -> u64 {
        self.0.iter().filter(|count| count.rule == *rule).map(|count| count.rows).sum()
    }

    /// The counts, ordered by rule, column and severity.
    pub(in crate::pipeline) fn into_sorted(mut self) -> Vec<RuleCount> {
        self.0.sort_by(|a, b| (&a.rule, &a.column, a.severity).cmp(&(&b.rule, &b.column, b.severity)));
        self.0
    }
}
