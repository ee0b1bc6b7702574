//! Defects of outcomes (domain, section 1.5).

use crate::model::Severity::{Quarantine, Warn};

use super::case::Edit::{From, Late, OtherVoucher, Set, StrangeVoucher};
use super::case::Need::{Filled, Is, Not};
use super::case::Way::Twice;
use super::case::{Case, Need};
use super::register::{NOBODY, refused};

const SPENDING: Need = Is("outcome_type", "RD_SPEND");
const JOBS: Need = Is("outcome_type", "JOBS_CREATED_FTE");

pub(super) const CASES: &[Case] = &[
    refused("about-four", &[SPENDING], &[Set("quantity", "approx 4")], &[("quantity", "V014", Quarantine)]),
    refused("two-to-three", &[SPENDING], &[Set("quantity", "2-3")], &[("quantity", "V014", Quarantine)]),
    refused("negative-quantity", &[SPENDING], &[Set("quantity", "-2")], &[("quantity", "V023", Quarantine)]),
    refused("more-than-all", &[], &[Set("attribution_pct", "110.00")], &[("attribution_pct", "V024", Quarantine)]),
    refused("evidence-missing", &[], &[Set("evidence_status", "")], &[("evidence_status", "V012", Quarantine)]),
    refused("us-order", &[], &[Set("observed_on", "03/04/2020")], &[("observed_on", "V018", Quarantine)]),
    refused("later-than-known", &[], &[Late("observed_on")], &[("observed_on", "X601", Quarantine)]),
    refused(
        "cooperation-with-nobody",
        &[Is("outcome_type", "COOP_RESEARCH_INST")],
        &[Set("research_institution", "")],
        &[("outcome_type", "X602", Quarantine)],
    ),
    refused("spending-without-amount", &[SPENDING], &[Set("value_gbp", "")], &[("outcome_type", "X603", Quarantine)]),
    refused("jobs-without-number", &[JOBS], &[Set("quantity", "")], &[("outcome_type", "X604", Quarantine)]),
    refused("no-such-wave", &[], &[Set("survey_wave", "5")], &[("survey_wave", "X606", Quarantine)]),
    refused(
        "before-the-voucher",
        &[Filled("voucher_id"), Need::Linked],
        &[From("observed_on")],
        &[("observed_on", "X607", Quarantine)],
    ),
    refused(
        "voucher-of-another-firm",
        &[Need::StrangeVoucher, Not("outcome_type", "JOBS_CREATED_FTE")],
        &[StrangeVoucher("voucher_id")],
        &[("voucher_id", "X608", Quarantine)],
    ),
    refused("no-such-business", &[], &[Set("business_id", NOBODY)], &[("business_id", "V032", Quarantine)]),
    refused("spending-in-thousands", &[SPENDING], &[Set("value_gbp", "12.00")], &[("value_gbp", "X611", Warn)]),
    refused(
        "same-jobs-by-two-vouchers",
        &[JOBS, Need::OtherVoucher],
        &[OtherVoucher("voucher_id")],
        &[("quantity", "X610", Warn)],
    ),
    refused(
        "of-no-support",
        &[Is("outcome_type", "NEW_PROCESS")],
        &[Set("voucher_id", ""), Set("diagnostic_id", "")],
        &[("voucher_id", "X605", Warn)],
    ),
    Case {
        name: "sum-to-date-falls",
        way: Twice(&[Set("quantity", "1.0000")]),
        needs: &[JOBS],
        edits: &[Set("is_cumulative", "true"), Set("quantity", "3.0000")],
        findings: &[("quantity", "X612", Warn)],
    },
];
