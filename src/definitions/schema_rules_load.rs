//! Reads what a schema says about rows, extracts and their arrival: rules, drift, stability, calendar.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use super::schema_node::{Node, Notes};
use super::schema_rules::{Calendar, Drift, DriftAction, Expected, RowRule, SetRule, Stability};
use crate::model::{RuleId, Severity, SupplierCode};

const RULE_KEYS: &[&str] = &["id", "severity", "fields", "expression", "reason", "hint", "tolerance"];
const SET_RULE_KEYS: &[&str] = &["id", "severity", "fields", "query", "reason", "hint", "tolerance"];
const SEVERITIES: [(&str, Severity); 4] = [
    ("warn", Severity::Warn),
    ("quarantine", Severity::Quarantine),
    ("refuse", Severity::Refuse),
    ("stop", Severity::Stop),
];

pub(super) fn read_row_rules(own: &Node<'_>, notes: &Notes) -> Vec<RowRule> {
    own.list("rules").into_iter().filter_map(|(path, item)| read_row_rule(item, &path, notes)).collect()
}

fn read_row_rule(item: &Value, path: &str, notes: &Notes) -> Option<RowRule> {
    let node = Node::open(item, path, RULE_KEYS, notes)?;
    node.require("severity");
    let tolerance = read_share(&node, "tolerance");
    Some(RowRule {
        id: RuleId(node.text("id")?.into()),
        severity: node.word("severity", &SEVERITIES)?,
        fields: node.texts("fields"),
        expression: node.text("expression")?,
        reason: node.text("reason")?,
        hint: node.find_text("hint").unwrap_or_default(),
        tolerance,
    })
}

pub(super) fn read_set_rules(own: &Node<'_>, notes: &Notes) -> Vec<SetRule> {
    own.list("setRules").into_iter().filter_map(|(path, item)| read_set_rule(item, &path, notes)).collect()
}

fn read_set_rule(item: &Value, path: &str, notes: &Notes) -> Option<SetRule> {
    let node = Node::open(item, path, SET_RULE_KEYS, notes)?;
    node.require("severity");
    let tolerance = read_share(&node, "tolerance");
    Some(SetRule {
        id: RuleId(node.text("id")?.into()),
        severity: node.word("severity", &SEVERITIES)?,
        fields: node.texts("fields"),
        query: node.text("query")?,
        reason: node.text("reason")?,
        hint: node.find_text("hint").unwrap_or_default(),
        tolerance,
        follows: false,
    })
}

/// A share of the whole, written as text so that it is exact.
fn read_share(node: &Node<'_>, key: &str) -> Option<Decimal> {
    let share = read_decimal(node, key)?;
    if share < Decimal::ZERO || share > Decimal::ONE {
        node.problem(key, "is not a share of the whole", "write it between \"0\" and \"1\"");
        return None;
    }
    Some(share)
}

fn read_decimal(node: &Node<'_>, key: &str) -> Option<Decimal> {
    let text = node.find_text(key)?;
    let number = Decimal::from_str_exact(&text).ok();
    if number.is_none() {
        node.problem(key, "is not a decimal number", "write \"0.05\", in quotes");
    }
    number
}

pub(super) fn read_drift(own: &Node<'_>) -> Drift {
    let words = [("refuse", DriftAction::Refuse), ("warn", DriftAction::Warn), ("allow", DriftAction::Allow)];
    let node = own.child("drift", &["added", "missing", "renamed", "reordered", "retyped"]);
    let action = |key, default| node.as_ref().and_then(|n| n.word(key, &words)).unwrap_or(default);
    Drift {
        added: action("added", DriftAction::Refuse),
        missing: action("missing", DriftAction::Refuse),
        renamed: action("renamed", DriftAction::Warn),
        reordered: action("reordered", DriftAction::Allow),
        retyped: action("retyped", DriftAction::Refuse),
    }
}

pub(super) fn read_stability(own: &Node<'_>) -> Option<Stability> {
    let node = own.child("stability", &["rowDrop", "severity", "shares", "deviations"])?;
    let stability = Stability {
        row_drop: read_share(&node, "rowDrop"),
        severity: node.word("severity", &SEVERITIES).unwrap_or(Severity::Warn),
        shares: node.texts("shares"),
        deviations: read_decimal(&node, "deviations").unwrap_or_else(|| Decimal::from(3)),
    };
    if stability.deviations <= Decimal::ZERO {
        node.problem("deviations", "is not above zero", "write \"3\"");
    }
    if stability.severity == Severity::Quarantine {
        node.problem("severity", "is `quarantine`", "an extract is warned of or refused as a whole");
    }
    if stability.row_drop.is_none() && stability.shares.is_empty() {
        node.problem("rowDrop", "is missing, and so are shares", "say what is watched");
    }
    Some(stability)
}

pub(super) fn read_expected(own: &Node<'_>, notes: &Notes) -> Option<Expected> {
    let node = own.child("expected", &["calendar", "working_days_after", "suppliers"])?;
    node.require("calendar");
    let mut expected = Expected {
        calendar: node.word("calendar", &Calendar::WORDS)?,
        working_days_after: node.find_number("working_days_after").unwrap_or(0),
        suppliers: BTreeMap::new(),
    };
    let Some(overrides) = node.get("suppliers") else { return Some(expected) };
    let Some(overrides) = overrides.as_object() else {
        node.problem("suppliers", "is not an object", "write { \"ons\": { \"working_days_after\": 20 } }");
        return Some(expected);
    };
    for (supplier, item) in overrides {
        let path = format!("{}.{supplier}", node.place("suppliers"));
        let Some(other) = Node::open(item, &path, &["calendar", "working_days_after"], notes) else { continue };
        let changed = Expected {
            calendar: other.word("calendar", &Calendar::WORDS).unwrap_or(expected.calendar),
            working_days_after: other.find_number("working_days_after").unwrap_or(expected.working_days_after),
            suppliers: BTreeMap::new(),
        };
        match SupplierCode::new(supplier.clone()) {
            Ok(code) => {
                expected.suppliers.insert(code, changed);
            }
            Err(error) => node.problem("suppliers", error.to_string(), ""),
        }
    }
    Some(expected)
}
