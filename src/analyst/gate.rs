//! The decision: every cell passes the rules, and none gives a few groups away beside what was released before. One
//! failing cell holds everything back, since what is missing from a table tells as much as what is in it.

use std::collections::BTreeMap;

use crate::disclosure::{ExportRefusal, ExportShares, ExportSizes, Policy};
use crate::engine::{CellMeasure, ExportCell, Shares};
use crate::ledger::{AdHocOutcome, AdHocQuery, CellRelease, CellToRelease, Ledger};
use crate::pipeline::PipelineError;

const HINT: &str = "group more coarsely, or ask for more areas, schemes or quarters at once";
const HINT_DIFFERENCE: &str = "ask again what was exported before, or for something that differs by more firms";

/// How many cells are shown; marginal sums are not.
pub(super) fn shown_count(cells: &[ExportCell]) -> u64 {
    u64::try_from(shown(cells).count()).unwrap_or(u64::MAX)
}

/// Lets cells out and records them, or records that they were refused.
///
/// # Errors
/// [`PipelineError::Export`] when they may not leave; else when the ledger cannot be written.
pub(super) async fn release(
    ledger: &Ledger,
    policy: &Policy,
    record: &AdHocQuery,
    cells: &[ExportCell],
) -> Result<(), PipelineError> {
    if let Some(reasons) = refusals(policy, cells) {
        ledger.record_ad_hoc_query(record, AdHocOutcome::Refused).await?;
        return Err(PipelineError::Export { reasons, hint: HINT });
    }
    let asked = to_release(cells);
    let may_stand = |differing: usize| policy.check_difference(differing).is_none();
    match ledger.record_released_cells(record, &asked, &may_stand).await? {
        CellRelease::Released(_) => Ok(()),
        CellRelease::Refused(count) => {
            let reason = tell(ExportRefusal::DiffersByTooFew, count, asked.len());
            Err(PipelineError::Export { reasons: vec![reason], hint: HINT_DIFFERENCE })
        }
    }
}

/// By class of rule how many of the shown cells fail; none when all pass.
fn refusals(policy: &Policy, cells: &[ExportCell]) -> Option<Vec<String>> {
    let all = shown(cells).count();
    if all == 0 {
        return Some(vec!["there is no cell, and that would tell that nobody is there".to_owned()]);
    }
    let mut failing: BTreeMap<ExportRefusal, usize> = BTreeMap::new();
    for cell in shown(cells) {
        if let Some(refusal) = cell.measures.iter().filter_map(|measure| check(policy, measure)).min() {
            *failing.entry(refusal).or_default() += 1;
        }
    }
    let line = |(refusal, count): (&ExportRefusal, &usize)| tell(*refusal, *count, all);
    (!failing.is_empty()).then(|| failing.iter().map(line).collect())
}

/// A class of rule and how many of how many fail it.
fn tell(refusal: ExportRefusal, failing: usize, all: usize) -> String {
    let share = format!("{failing} of {all}");
    match refusal {
        ExportRefusal::TooFewGroups => format!("too few enterprise groups stand behind {share} cells"),
        ExportRefusal::OneGroupDominates => format!("one enterprise group dominates {share} cells"),
        ExportRefusal::DiffersByTooFew => {
            format!(
                "{share} figures, marginal sums included, differ from an earlier release by too few enterprise groups"
            )
        }
    }
}

fn shown(cells: &[ExportCell]) -> impl Iterator<Item = &ExportCell> {
    cells.iter().filter(|cell| !cell.is_margin)
}

fn check(policy: &Policy, measure: &CellMeasure) -> Option<ExportRefusal> {
    let sizes = |shares: &Shares| ExportSizes { total: shares.total, largest: shares.largest, second: shares.second };
    let shares = measure
        .shares
        .iter()
        .map(|shares| ExportShares { groups: shares.groups, sizes: measure.is_amount.then(|| sizes(shares)) });
    policy.check_export(&shares.collect::<Vec<_>>())
}

/// What the register must hold: every fact of every cell, marginal sums included.
fn to_release(cells: &[ExportCell]) -> Vec<CellToRelease> {
    let mut asked = Vec::new();
    for cell in cells {
        for measure in &cell.measures {
            asked.extend(measure.facts.iter().map(|fact| CellToRelease {
                subject: fact.subject.clone(),
                cell: cell.key.clone(),
                groups: fact.groups.iter().map(|(group, rows)| (group.clone(), Some(*rows))).collect(),
                value: Some(measure.total.to_string()),
            }));
        }
    }
    asked
}
