//! Defects of vouchers, their components, costs and claims (domain, section 1.4).

use crate::model::Severity::{Quarantine, Warn};

use super::case::Edit::{Append, From, Late, Set, StrangeDiagnostic, With};
use super::case::Need::{AfterFrom, Filled, Is};
use super::case::Way::{Again, Block};
use super::case::{Case, Edit, Expected, Need};
use super::register::{NOBODY, kept, refused};

const APPROVED: Need = Is("decision", "APPROVED");

/// Amounts that add up, of an Innovation Voucher Plus a penny above its cap.
const ABOVE_CAP: &[Edit] = &[
    Set("eligible_cost_gbp", "200000.02"),
    Set("grant_offered_gbp", "100000.01"),
    Set("grant_paid_gbp", "0.00"),
    Set("other_public_gbp", "0.00"),
    Set("private_match_gbp", "100000.01"),
    Set("intervention_rate", "0.50000"),
    Set("subsidy_amount_gbp", "100000.01"),
];

/// The same with a zero too many.
const EXTRA_ZERO: &[Edit] = &[
    Set("eligible_cost_gbp", "2000000.00"),
    Set("grant_offered_gbp", "1000000.00"),
    Set("grant_paid_gbp", "0.00"),
    Set("other_public_gbp", "0.00"),
    Set("private_match_gbp", "1000000.00"),
    Set("intervention_rate", "0.50000"),
    Set("subsidy_amount_gbp", "1000000.00"),
];

/// Amounts that add up, in thousands.
const THOUSANDS: &[Edit] = &[
    Set("eligible_cost_gbp", "50.00"),
    Set("grant_offered_gbp", "25.00"),
    Set("grant_paid_gbp", "0.00"),
    Set("other_public_gbp", "0.00"),
    Set("private_match_gbp", "25.00"),
    Set("intervention_rate", "0.50000"),
    Set("subsidy_amount_gbp", "25.00"),
];

pub(super) const CASES: &[Case] = &[
    refused(
        "grant-above-cap",
        &[Is("scheme", "IV_PLUS"), APPROVED],
        ABOVE_CAP,
        &[("grant_offered_gbp", "X411", Quarantine)],
    ),
    refused(
        "zero-too-many",
        &[Is("scheme", "IV_PLUS"), APPROVED],
        EXTRA_ZERO,
        &[("grant_offered_gbp", "X411", Quarantine)],
    ),
    refused("amounts-in-thousands", &[Is("scheme", "IV"), APPROVED], THOUSANDS, &[("eligible_cost_gbp", "X421", Warn)]),
    kept("pounds-and-commas", &[APPROVED], &[With("eligible_cost_gbp", pounds)], &[]),
    kept("hard-blank-behind", &[APPROVED], &[Append("grant_offered_gbp", "\u{a0}")], &[]),
    kept(
        "rate-of-another-grant",
        &[APPROVED],
        &[Set("intervention_rate", "0.01000")],
        &[("intervention_rate", "X414", Warn)],
    ),
    kept(
        "basis-not-in-force",
        &[Is("subsidy_basis", "EU_DE_MINIMIS")],
        &[Set("subsidy_basis", "TCA_SMALL")],
        &[("subsidy_basis", "X419", Warn)],
    ),
    refused(
        "parts-do-not-add-up",
        &[APPROVED],
        &[Set("private_match_gbp", "1.00")],
        &[("eligible_cost_gbp", "X413", Quarantine)],
    ),
    refused(
        "euro-amount",
        &[Is("decision", "REJECTED")],
        &[Set("other_public_gbp", "€500.00")],
        &[("other_public_gbp", "V014", Quarantine)],
    ),
    refused(
        "paid-above-offer",
        &[APPROVED],
        &[Set("grant_paid_gbp", "9999999.00")],
        &[("grant_paid_gbp", "X412", Quarantine)],
    ),
    refused(
        "diagnostic-of-another-firm",
        &[Need::StrangeDiagnostic],
        &[StrangeDiagnostic("diagnostic_id")],
        &[("diagnostic_id", "X423", Quarantine)],
    ),
    refused(
        "accepted-before-decided",
        &[Filled("accepted_on"), AfterFrom("decided_on")],
        &[From("accepted_on")],
        &[("accepted_on", "X404", Quarantine)],
    ),
    refused(
        "decided-before-applied",
        &[Is("decision", "REJECTED"), AfterFrom("applied_on")],
        &[From("decided_on")],
        &[("decided_on", "X403", Quarantine)],
    ),
    refused(
        "end-in-the-future",
        &[Is("status", "COMPLETED")],
        &[Late("ended_on")],
        &[("applied_on", "X420", Quarantine)],
    ),
    refused(
        "id-of-another-scheme",
        &[Is("scheme", "IV")],
        &[Set("scheme", "IV_PLUS")],
        &[("voucher_id", "X401", Quarantine)],
    ),
    refused(
        "readiness-backwards",
        &[],
        &[Set("trl_start", "9"), Set("trl_end_planned", "1")],
        &[("trl_start", "X415", Quarantine)],
    ),
    refused(
        "alone-in-collaboration",
        &[],
        &[Set("collaborative", "true"), Set("n_partners", "0")],
        &[("collaborative", "X416", Quarantine)],
    ),
    refused("no-such-organisation", &[], &[Set("rto_code", "RTO99")], &[("rto_code", "V032", Quarantine)]),
    refused("firm-not-in-register", &[], &[Set("business_id", NOBODY)], &[("business_id", "V032", Quarantine)]),
];

const WEIGHTS: &[Expected] = &[("voucher_id", "X442", Quarantine)];
const LINES: &[Expected] = &[("voucher_id", "X452", Quarantine)];

/// A voucher that nobody has.
const NO_VOUCHER: &[Edit] = &[Set("voucher_id", "IV-599999999")];

pub(super) const COMPONENTS: &[Case] = &[
    Case {
        name: "weights-do-not-add-up",
        way: Block(WEIGHTS),
        needs: &[],
        edits: &[Set("weight", "0.0100")],
        findings: WEIGHTS,
    },
    refused("no-such-voucher", &[], NO_VOUCHER, &[("voucher_id", "V032", Quarantine)]),
    refused("same-key-again", &[], &[], &[("voucher_id", "V030", Quarantine)]),
];

pub(super) const COSTS: &[Case] = &[
    Case {
        name: "lines-do-not-add-up",
        way: Block(LINES),
        needs: &[],
        edits: &[Set("eligible_gbp", "9999999.00")],
        findings: LINES,
    },
    kept("pounds-and-commas", &[], &[With("eligible_gbp", pounds)], &[]),
    refused("no-such-voucher", &[], NO_VOUCHER, &[("voucher_id", "V032", Quarantine)]),
    refused("same-key-again", &[], &[], &[("voucher_id", "V030", Quarantine)]),
];

const PAID: Need = Is("status", "PAID");

pub(super) const CLAIMS: &[Case] = &[
    kept("amount-in-brackets", &[Is("status", "CLAWBACK")], &[With("paid_gbp", bracketed)], &[]),
    refused(
        "more-approved-than-claimed",
        &[PAID],
        &[Set("claim_no", "90"), Set("claimed_gbp", "1.00")],
        &[("approved_gbp", "X502", Quarantine)],
    ),
    refused(
        "taken-back-without-reason",
        &[PAID],
        &[Set("claim_no", "91"), Set("paid_gbp", "-100.00")],
        &[("paid_gbp", "X503", Quarantine)],
    ),
    refused(
        "paid-before-offer-accepted",
        &[PAID],
        &[
            Set("claim_no", "92"),
            From("period_from"),
            From("paid_on"),
            Set("claimed_gbp", "0.00"),
            Set("approved_gbp", "0.00"),
            Set("paid_gbp", "0.00"),
        ],
        &[("paid_on", "X507", Quarantine)],
    ),
    refused(
        "more-approved-than-offered",
        &[PAID],
        &[
            Set("claim_no", "93"),
            Set("claimed_gbp", "9999999.00"),
            Set("approved_gbp", "9999999.00"),
            Set("paid_gbp", ""),
            Set("paid_on", ""),
            Set("status", "APPROVED"),
        ],
        &[("approved_gbp", "X508", Quarantine)],
    ),
    refused(
        "period-backwards",
        &[PAID, AfterFrom("period_from")],
        &[Set("claim_no", "94"), From("period_to")],
        &[("period_to", "X501", Quarantine)],
    ),
    refused(
        "paid-on-no-day",
        &[PAID],
        &[Set("claim_no", "95"), Set("paid_on", "")],
        &[("paid_gbp", "X504", Quarantine)],
    ),
    refused(
        "paid-later-than-known",
        &[PAID],
        &[Set("claim_no", "96"), Late("paid_on")],
        &[("paid_on", "X505", Quarantine)],
    ),
    refused("no-such-voucher", &[], NO_VOUCHER, &[("voucher_id", "V032", Quarantine)]),
    Case {
        name: "same-key-again",
        way: Again,
        needs: &[],
        edits: &[],
        findings: &[("voucher_id", "V030", Quarantine)],
    },
];

/// `£1,234,567.89` for `1234567.89`.
pub(super) fn pounds(text: &str) -> String {
    let (whole, pence) = text.split_once('.').unwrap_or((text, "00"));
    let mut grouped = String::from("£");
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{pence}")
}

/// `(12.00)` for `-12.00`.
fn bracketed(text: &str) -> String {
    format!("({})", text.trim_start_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::{bracketed, pounds};

    #[test]
    fn amounts_are_dressed_up_as_spreadsheets_do() {
        assert_eq!(pounds("1234567.89"), "£1,234,567.89");
        assert_eq!(pounds("123.00"), "£123.00");
        assert_eq!(bracketed("-12.00"), "(12.00)");
    }
}
