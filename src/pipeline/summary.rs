//! What the ledger keeps of a run: counts and names, never a value, so that `runs show` can tell it a year later.

use std::time::Duration;

use serde_json::{Value, json};

use crate::model::Severity;

use super::freshness::{Freshness, FreshnessState};
use super::job::{JobReport, StepReport};
use super::{AlertOutcome, ExtractReport, Outcome, PipelineError, ReleaseReport, ReleaseRequest, WatchReport};

/// The version of the format.
const FORMAT_VERSION: u32 = 1;

/// The summary of a run that completed.
pub(super) fn of_report(report: &JobReport) -> Value {
    let steps = report.steps.iter().zip(&report.took).map(|(report, took)| timed(step(report), *took));
    json!({
        "format_version": FORMAT_VERSION,
        "period": report.period.map(|period| period.to_string()),
        "required": report.required.iter().map(|run| run.run.to_string()).collect::<Vec<_>>(),
        "steps": steps.collect::<Vec<_>>(),
    })
}

/// The summary of a run that failed.
pub(super) fn of_error(report: &JobReport, error: &PipelineError) -> Value {
    let mut chain = vec![error.to_string()];
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        chain.push(cause.to_string());
        source = cause.source();
    }
    let mut summary = of_report(report);
    summary["error"] = json!(chain);
    summary
}

/// The summary of an `ingest` that was started by hand.
#[must_use]
pub(super) fn of_ingest(extracts: &[ExtractReport], took: Duration) -> Value {
    json!({ "format_version": FORMAT_VERSION, "steps": [timed(ingest(extracts), took)] })
}

/// The summary of a release.
#[must_use]
pub(super) fn of_release(report: &ReleaseReport, request: &ReleaseRequest, took: Duration) -> Value {
    let step = json!({
        "step": "release",
        "file": report.record.file_name,
        "released": report.released.len(),
        "already": report.already.len(),
        "kept": report.kept.len(),
        "overridden": request.overridden.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "by": request.by,
        "note": request.note,
    });
    json!({ "format_version": FORMAT_VERSION, "steps": [timed(step, took)] })
}

fn timed(mut step: Value, took: Duration) -> Value {
    step["milliseconds"] = json!(u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
    step
}

fn step(step: &StepReport) -> Value {
    match step {
        StepReport::Ingest(report) => ingest(&report.extracts),
        StepReport::Freshness(report) => freshness(report),
        StepReport::Test(outcomes) => json!({
            "step": "test",
            "tests": outcomes.iter().map(|outcome| json!({
                "name": outcome.name, "outcome": outcome.verdict().as_str(), "wrong_rows": outcome.wrong,
            })).collect::<Vec<_>>(),
        }),
        StepReport::Build(report) => json!({
            "step": "build",
            "period": report.period.to_string(),
            "indicators": report.indicators,
            "tables": report.tables,
            "cells": report.cells,
            "confidential": report.hidden,
            "withheld": report.withheld.iter().map(|(id, measure)| format!("{id} {measure}")).collect::<Vec<_>>(),
            "snapshot": report.snapshot,
        }),
        StepReport::NothingToBuild => json!({ "step": "build", "note": "no finished quarter has data yet" }),
        StepReport::Edition { report, indicators } => json!({
            "step": "edition-build",
            "edition": report.id.to_string(),
            "files": report.files,
            "unchanged": report.unchanged,
            "cells": indicators.as_ref().map(|built| built.cells),
            "confidential": indicators.as_ref().map(|built| built.hidden),
        }),
        StepReport::Approved => json!({ "step": "approve" }),
        StepReport::Preflight { recipients } => json!({ "step": "preflight", "recipients": recipients }),
        StepReport::Send(summary) => json!({
            "step": "send",
            "sent": summary.sent,
            "already": summary.already,
            "failed": summary.failed,
            "unknown": summary.unknown,
        }),
        StepReport::NotSent { sent } => json!({ "step": "send", "not_sent_because_sent_before": sent.to_string() }),
    }
}

fn freshness(report: &WatchReport) -> Value {
    let count = |state| report.freshness.sources.iter().filter(|source| source.state == state).count();
    let alert = match &report.alert {
        AlertOutcome::Nothing => "nothing new",
        AlertOutcome::Sent => "sent",
        AlertOutcome::NoOwner => "not sent: mail.owner is not set",
        AlertOutcome::Failed(why) => why,
    };
    json!({
        "step": "freshness",
        "early": count(FreshnessState::Early),
        "on_time": count(FreshnessState::OnTime),
        "due": count(FreshnessState::Due),
        "late": count(FreshnessState::Late),
        "missing": count(FreshnessState::Missing),
        "troubles": report.freshness.troubles().map(Freshness::to_line).collect::<Vec<_>>(),
        "alert": alert,
    })
}

fn ingest(extracts: &[ExtractReport]) -> Value {
    let entry = |report: &ExtractReport| match &report.outcome {
        Outcome::Taken { rows_in, accepted, repaired, quarantined, .. } => json!({
            "file": report.file, "outcome": "taken", "rows_in": rows_in, "accepted": accepted,
            "repaired": repaired, "quarantined": quarantined, "rules": rules(report),
        }),
        Outcome::Already { .. } => json!({ "file": report.file, "outcome": "already" }),
        Outcome::Again { first_name } => json!({ "file": report.file, "outcome": "again", "first": first_name }),
        Outcome::Refused { reasons } => json!({ "file": report.file, "outcome": "refused", "reasons": reasons }),
        Outcome::Held { reasons } => json!({ "file": report.file, "outcome": "held", "reasons": reasons }),
        Outcome::Skipped { note } => json!({ "file": report.file, "outcome": "skipped", "note": note }),
    };
    json!({ "step": "ingest", "extracts": extracts.iter().map(entry).collect::<Vec<_>>() })
}

/// Which rules set rows aside, and why.
fn rules(report: &ExtractReport) -> Vec<Value> {
    let grave = report.rules.iter().filter(|count| count.severity >= Severity::Quarantine);
    let entry = |count: &super::RuleCount| json!({ "rule": count.rule.to_string(), "column": count.column, "rows": count.rows, "reason": count.reason });
    grave.map(entry).collect()
}
