//! Defects of diagnostics (domain, section 1.3). The second baseline by another contractor is planted where the files of
//! two contractors are at hand.

use crate::model::Severity::{Quarantine, Repair, Warn};

use super::case::Case;
use super::case::Edit::{Copy, From, Late, Set, With};
use super::case::Need::{AfterFrom, Filled, Is, SizeKnown};
use super::register::{NOBODY, kept, refused};

pub(super) const CASES: &[Case] = &[
    kept(
        "retired-authority",
        &[Is("site_lad_code", "W06000023")],
        &[Set("site_lad_code", "W06000007")],
        &[("site_lad_code", "V043", Repair)],
    ),
    kept(
        "retired-authority",
        &[Is("site_lad_code", "W06000024")],
        &[Set("site_lad_code", "W06000017")],
        &[("site_lad_code", "V043", Repair)],
    ),
    kept(
        "authority-by-name",
        &[Is("site_lad_code", "W06000006")],
        &[Set("site_lad_code", "WREXHAM ")],
        &[("site_lad_code", "V040", Repair), ("site_lad_code", "V043", Repair)],
    ),
    kept("not-known", &[Filled("turnover_at_visit_gbp")], &[Set("turnover_at_visit_gbp", "n/k")], &[]),
    kept("not-applicable", &[Filled("employees_fte_at_visit")], &[Set("employees_fte_at_visit", "N/A")], &[]),
    kept("dash", &[Filled("stem_women_fte")], &[Set("stem_women_fte", "-")], &[]),
    kept(
        "vat-in-net-fee",
        &[Is("vat_rate", "0.2000")],
        &[Copy("fee_net", "fee_gross")],
        &[("fee_gross", "X210", Warn)],
    ),
    kept(
        "euro-labelled-pound",
        &[Is("fee_currency", "EUR")],
        &[Set("fee_currency", "GBP")],
        &[("fee_currency", "X217", Warn)],
    ),
    kept(
        "employment-far-from-register",
        &[Filled("employees_fte_at_visit"), SizeKnown],
        &[With("employees_fte_at_visit", tripled)],
        &[("employees_fte_at_visit", "X218", Warn)],
    ),
    refused("wave-without-the-one-before", &[], &[Set("wave", "9")], &[("wave", "X214", Quarantine)]),
    refused(
        "report-before-visit",
        &[Filled("reported_on"), AfterFrom("visited_on")],
        &[From("reported_on")],
        &[("reported_on", "X202", Quarantine)],
    ),
    refused(
        "visit-before-request",
        &[Filled("visited_on"), AfterFrom("requested_on")],
        &[From("visited_on")],
        &[("visited_on", "X201", Quarantine)],
    ),
    refused("day-zero", &[], &[Set("requested_on", "1900-01-00")], &[("requested_on", "V017", Quarantine)]),
    refused("serial-day", &[], &[Set("requested_on", "43831")], &[("requested_on", "V018", Quarantine)]),
    refused("us-order", &[], &[Set("requested_on", "03/04/2019")], &[("requested_on", "V018", Quarantine)]),
    refused(
        "plan-later-than-known",
        &[Filled("action_plan_on")],
        &[Late("action_plan_on")],
        &[("requested_on", "X205", Quarantine)],
    ),
    refused("site-in-england", &[], &[Set("site_lad_code", "E06000049")], &[("site_lad_code", "V021", Quarantine)]),
    refused(
        "status-without-its-day",
        &[Is("status", "REQUESTED")],
        &[Set("status", "VISITED")],
        &[("status", "X206", Quarantine)],
    ),
    refused(
        "withdrawn-without-reason",
        &[Is("status", "WITHDRAWN")],
        &[Set("withdrawn_reason", "")],
        &[("status", "X207", Quarantine)],
    ),
    refused(
        "no-such-vat-rate",
        &[Filled("fee_net")],
        &[Set("fee_net", "1000.00"), Set("vat_rate", "0.1750"), Set("fee_gross", "1175.00")],
        &[("vat_rate", "X209", Quarantine)],
    ),
    refused(
        "fee-without-currency",
        &[Filled("fee_net")],
        &[Set("fee_currency", "")],
        &[("fee_net", "X208", Quarantine)],
    ),
    refused(
        "more-women-than-staff",
        &[Filled("stem_fte")],
        &[Set("stem_women_fte", "99999.00")],
        &[("stem_women_fte", "X211", Quarantine)],
    ),
    refused(
        "no-research-with-an-amount",
        &[Is("baseline_declared_no_rd", "true")],
        &[Set("rd_spend_at_visit_gbp", "5000.00")],
        &[("baseline_declared_no_rd", "X212", Quarantine)],
    ),
    refused("no-such-contractor", &[], &[Set("contractor_code", "C9")], &[("contractor_code", "V022", Quarantine)]),
    refused("no-such-business", &[], &[Set("business_id", NOBODY)], &[("business_id", "V032", Quarantine)]),
];

/// An amount in hundredths, three times as much.
fn tripled(text: &str) -> String {
    let hundredths: i64 = text.replace('.', "").parse().expect("an amount with two decimals");
    let tripled = hundredths * 3;
    format!("{}.{:02}", tripled / 100, tripled % 100)
}
