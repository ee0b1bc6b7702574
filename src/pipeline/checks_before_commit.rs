//! What is asked of a whole extract once all its rows are counted and before any is committed: does it agree with its
//! manifest, does it resemble the extracts before it, and did a person let it through.

use std::path::Path;

use crate::definitions::{ExtractMode, Schema};
use crate::ledger::Before;
use crate::model::{ContentHash, ExtractName, Finding, Severity};

use super::manifest::{Manifest, load_manifest};
use super::stability::{ExtractTotals, ROW_COUNT_DROP, check_has_rows, check_not_empty, check_stability};
use super::{PipelineError, Workspace};

/// An extract that waits for its commit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incoming<'a> {
    /// The file's name without folder.
    pub(super) file: &'a str,
    /// Its parts, or those it is given.
    pub(super) name: &'a ExtractName,
    /// Its identity.
    pub(super) hash: &'a ContentHash,
    /// Its dataset's schema.
    pub(super) schema: &'a Schema,
    /// The manifest beside it, if there is one.
    pub(super) manifest: Option<&'a Path>,
}

/// What a manifest says, or why it says nothing. With no manifest it says nothing and nothing is wrong.
pub(super) fn read_manifest(incoming: Incoming<'_>) -> (Manifest, Vec<Finding>) {
    let Some(path) = incoming.manifest else { return (Manifest::default(), Vec::new()) };
    match load_manifest(path) {
        Ok(manifest) => {
            let version = incoming.schema.version;
            let findings = manifest.check_file(incoming.file, incoming.name, version, incoming.hash);
            (manifest, findings)
        }
        Err(problems) => (Manifest::default(), problems),
    }
}

/// Every finding about an extract as a whole. What a person has accepted is a warning that says so.
///
/// # Errors
/// When the ledger cannot be read.
pub(super) async fn check_before_commit(
    workspace: &Workspace,
    incoming: Incoming<'_>,
    totals: &ExtractTotals,
) -> Result<Vec<Finding>, PipelineError> {
    let (manifest, mut findings) = read_manifest(incoming);
    findings.extend(manifest.check_totals(incoming.file, totals));
    let rules = incoming.schema.stability.as_ref();
    let has_no_rows = totals.rows_in == 0 && !manifest.confirms_no_rows();
    let would_empty = incoming.schema.mode == ExtractMode::Snapshot && totals.accepted == 0;
    if rules.is_some() || would_empty || has_no_rows {
        let before = Before {
            hash: incoming.hash,
            dataset: &incoming.name.dataset,
            supplier: &incoming.name.supplier,
            as_of: incoming.name.as_of,
            sequence: incoming.name.sequence,
        };
        let past = workspace.ledger.list_past_extracts(before).await?;
        if let Some(rules) = rules {
            findings.extend(check_stability(incoming.file, incoming.schema, rules, totals, &past));
        }
        if findings.iter().all(|finding| finding.rule != ROW_COUNT_DROP) {
            let emptied = if would_empty { check_not_empty(incoming.file, totals, &past) } else { None };
            let bare = || if has_no_rows { check_has_rows(incoming.file, &past) } else { None };
            findings.extend(emptied.or_else(bare));
        }
    }
    let accepted = workspace.ledger.list_acceptances(incoming.hash).await?;
    for finding in findings.iter_mut().filter(|finding| finding.rule == ROW_COUNT_DROP) {
        if let Some(acceptance) = accepted.iter().find(|acceptance| acceptance.rule == finding.rule) {
            finding.severity = Severity::Warn;
            finding.hint = format!("{} let it through: {}", acceptance.by, acceptance.note);
        }
    }
    Ok(findings)
}

/// Whether an extract is held rather than refused: nothing refuses it but what a person may let through.
pub(super) fn is_held(findings: &[Finding]) -> bool {
    let mut refusing = findings.iter().filter(|finding| finding.severity >= Severity::Refuse).peekable();
    refusing.peek().is_some() && refusing.all(|finding| finding.rule == ROW_COUNT_DROP)
}

/// Keeps what was counted, so that later extracts can be compared with this one. Before the commit: counts of an extract
/// that is never committed are never looked at.
///
/// # Errors
/// When the ledger cannot be written.
pub(super) async fn record_totals(
    workspace: &Workspace,
    hash: &ContentHash,
    totals: &ExtractTotals,
) -> Result<(), PipelineError> {
    let totals = serde_json::to_value(totals).unwrap_or(serde_json::Value::Null);
    Ok(workspace.ledger.record_totals(hash, &totals).await?)
}
