//! Defects of the register, of contacts and of earlier subsidies (domain, sections 1.1 and 1.7).

use crate::model::Severity::{Quarantine, Repair, Warn};

use super::case::Edit::{Append, Copy, Late, Set, With};
use super::case::Need::{AtLeast, Filled, Is, Not};
use super::case::Way::{Again, Extra, Here};
use super::case::{Case, Edit};

/// No company, programme firm or planted firm has this id.
pub(super) const NOBODY: &str = "WB-599999999";

const RETIRED: &str = "retired-authority";

pub(super) const BUSINESSES: &[Case] = &[
    Case {
        name: RETIRED,
        way: Here,
        needs: &[Is("lad_code", "W06000023")],
        edits: &[Set("lad_code", "W06000007")],
        findings: &[("lad_code", "V043", Repair)],
    },
    Case {
        name: RETIRED,
        way: Here,
        needs: &[Is("lad_code", "W06000024")],
        edits: &[Set("lad_code", "W06000017")],
        findings: &[("lad_code", "V043", Repair)],
    },
    Case {
        name: "authority-by-name",
        way: Here,
        needs: &[Is("lad_code", "W06000006")],
        edits: &[Set("lad_code", "Wrecsam")],
        findings: &[("lad_code", "V041", Repair), ("lad_code", "V043", Repair)],
    },
    Case {
        name: "blank-behind",
        way: Here,
        needs: &[],
        edits: &[Append("legal_name", "  ")],
        findings: &[("legal_name", "V040", Repair)],
    },
    Case {
        name: "small-letters",
        way: Here,
        needs: &[],
        edits: &[With("site_postcode", str::to_lowercase)],
        findings: &[("site_postcode", "V041", Repair)],
    },
    Case {
        name: "zeros-lost",
        way: Here,
        needs: &[Filled("companies_house_no")],
        edits: &[Set("companies_house_no", "12")],
        findings: &[("companies_house_no", "V042", Repair)],
    },
    Case {
        name: "number-of-sole-trader",
        way: Here,
        needs: &[Is("legal_form", "SOLE_TRADER")],
        edits: &[Set("companies_house_no", "80000000")],
        findings: &[("companies_house_no", "X102", Warn)],
    },
    Case {
        name: "size-class-too-small",
        way: Here,
        needs: &[Is("sme_class", "SMALL"), AtLeast("employees_headcount", 10)],
        edits: &[Set("sme_class", "MICRO")],
        findings: &[("sme_class", "X110", Warn)],
    },
    Case {
        name: "authority-of-another-postcode",
        way: Here,
        needs: &[Not("lad_code", "W06000001")],
        edits: &[Set("lad_code", "W06000001")],
        findings: &[("lad_code", "X111", Warn)],
    },
    Case {
        name: "not-known",
        way: Here,
        needs: &[Filled("turnover_gbp")],
        edits: &[Set("turnover_gbp", "n/k")],
        findings: &[],
    },
    refused("no-such-class", &[], &[Set("sme_class", "GIANT")], &[("sme_class", "V022", Quarantine)]),
    refused("name-missing", &[], &[Set("legal_name", "")], &[("legal_name", "V012", Quarantine)]),
    refused(
        "more-fte-than-people",
        &[Filled("employees_headcount")],
        &[Set("employees_fte", "999999.00")],
        &[("employees_fte", "X103", Quarantine)],
    ),
    refused(
        "company-without-number",
        &[Is("legal_form", "LTD")],
        &[Set("companies_house_no", "")],
        &[("companies_house_no", "X101", Quarantine)],
    ),
    refused(
        "ended-without-date",
        &[Is("status", "ACTIVE")],
        &[Set("status", "DISSOLVED")],
        &[("status", "X107", Quarantine)],
    ),
    refused(
        "size-without-date",
        &[Filled("size_as_of")],
        &[Set("size_as_of", "")],
        &[("size_as_of", "X105", Quarantine)],
    ),
    refused("size-later-than-known", &[], &[Late("size_as_of")], &[("size_as_of", "X104", Quarantine)]),
    refused(
        "own-successor",
        &[],
        &[Copy("successor_business_id", "business_id")],
        &[("successor_business_id", "X109", Quarantine)],
    ),
    refused("site-in-england", &[], &[Set("lad_code", "E06000049")], &[("lad_code", "V021", Quarantine)]),
    refused("no-such-authority", &[], &[Set("lad_code", "W06000029")], &[("lad_code", "V032", Quarantine)]),
    Case {
        name: "same-key-again",
        way: Again,
        needs: &[],
        edits: &[],
        findings: &[("business_id", "V030", Quarantine)],
    },
];

/// An additional row that is refused.
pub(super) const fn refused(
    name: &'static str,
    needs: &'static [super::case::Need],
    edits: &'static [Edit],
    findings: &'static [super::case::Expected],
) -> Case {
    Case { name, way: Extra, needs, edits, findings }
}

/// A row with a defect for which it is kept.
pub(super) const fn kept(
    name: &'static str,
    needs: &'static [super::case::Need],
    edits: &'static [Edit],
    findings: &'static [super::case::Expected],
) -> Case {
    Case { name, way: Here, needs, edits, findings }
}

const OTHER: Edit = Append("email", ".test");

pub(super) const CONTACTS: &[Case] = &[
    refused("no-address", &[], &[With("email", |email| email.replace('@', " at "))], &[("email", "V021", Quarantine)]),
    refused(
        "consent-without-date",
        &[Is("consent_basis", "CONSENT")],
        &[OTHER, Set("consent_date", "")],
        &[("consent_basis", "X151", Quarantine)],
    ),
    refused("consent-later-than-known", &[], &[OTHER, Late("consent_date")], &[("consent_date", "X152", Quarantine)]),
    refused(
        "no-such-language",
        &[],
        &[OTHER, Set("language_preference", "Welsh")],
        &[("language_preference", "V022", Quarantine)],
    ),
    refused("no-such-business", &[], &[Set("business_id", NOBODY)], &[("business_id", "V032", Quarantine)]),
    refused("same-key-again", &[], &[], &[("business_id", "V030", Quarantine)]),
];

pub(super) const SUBSIDIES: &[Case] = &[
    kept("another-group", &[], &[Set("group", "WG-599999999")], &[("group", "X473", Warn)]),
    kept("basis-not-in-force", &[Is("basis", "EU_DE_MINIMIS")], &[Set("basis", "MFA")], &[("basis", "X472", Warn)]),
    refused(
        "negative-amount",
        &[],
        &[Append("authority", " A"), Set("amount", "-5.00")],
        &[("amount", "V023", Quarantine)],
    ),
    refused("no-such-business", &[], &[Set("business_id", NOBODY)], &[("business_id", "V032", Quarantine)]),
];
