//! Defects of maturity scores (domain, section 1.3). A diagnostic is delivered with its 21 components or not accepted; of
//! one whose rows are all there a bad one is refused and the others are flagged.

use crate::model::Severity::{Quarantine, Warn};

use super::case::Case;
use super::case::Edit::Set;
use super::case::Expected;
use super::case::Need::{Is, Not};
use super::case::Way::{Again, Block, Gap};
use super::register::kept;

/// What the rows of a diagnostic fail by of which one was not delivered.
const NOT_21: &[Expected] = &[("diagnostic_id", "X308", Quarantine)];

/// What the other rows of a diagnostic are flagged for when one is refused.
const NOT_ALL: &[Expected] = &[("diagnostic_id", "X311", Warn)];

/// A row of a diagnostic that is refused.
const fn spoilt(
    name: &'static str,
    needs: &'static [super::case::Need],
    edits: &'static [super::case::Edit],
    findings: &'static [Expected],
) -> Case {
    Case { name, way: Block(NOT_ALL), needs, edits, findings }
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "component-missing",
        way: Gap(NOT_21),
        needs: &[Is("component_code", "MS4")],
        edits: &[],
        findings: &[],
    },
    spoilt(
        "level-of-a-hundred",
        &[Is("applicable", "true")],
        &[Set("target_level", "60")],
        &[("target_level", "V016", Quarantine), ("applicable", "X302", Quarantine)],
    ),
    spoilt(
        "no-step",
        &[Is("applicable", "true"), Not("current_level", "5.0")],
        &[Set("target_level", "4.8")],
        &[("target_level", "X304", Quarantine)],
    ),
    spoilt(
        "levels-without-component",
        &[Is("applicable", "true"), Is("recommended_action", "false")],
        &[Set("applicable", "false")],
        &[("applicable", "X301", Quarantine)],
    ),
    spoilt(
        "done-but-not-recommended",
        &[Is("applicable", "true"), Is("recommended_action", "false")],
        &[Set("action_completed_on", "2019-06-03")],
        &[("action_completed_on", "X306", Quarantine)],
    ),
    kept("not-applicable", &[Is("applicable", "false")], &[Set("current_level", "N/A"), Set("target_level", "-")], &[]),
    kept("not-known", &[Is("applicable", "false")], &[Set("importance", "n/k")], &[]),
    kept(
        "target-below-current",
        &[Is("applicable", "true"), Not("current_level", "0.0"), Is("recommended_action", "false")],
        &[Set("target_level", "0.0")],
        &[("target_level", "X305", Warn)],
    ),
    Case {
        name: "component-twice",
        way: Again,
        needs: &[],
        edits: &[],
        findings: &[("diagnostic_id", "V030", Quarantine)],
    },
    Case {
        name: "no-such-diagnostic",
        way: Again,
        needs: &[],
        edits: &[Set("diagnostic_id", "D-599999999")],
        findings: &[("diagnostic_id", "V032", Quarantine)],
    },
];
