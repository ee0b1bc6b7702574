//! Defects of financial returns (domain, section 1.6): additional returns from another source, so that the series of the
//! firm stays as it is. Planted into a firm's first return only.

use crate::model::Severity::{Quarantine, Warn};

use super::super::day::Day;
use super::case::Edit::{Copy, Set, With};
use super::case::Need::{AtLeast, Filled, Is, MoreYears, Negative};
use super::case::Way::{Again, Twice};
use super::case::{Case, Edit, Expected, Need};

const OTHER: Edit = Set("source", "GRANT_FORM");
const FULL: Need = Filled("turnover");

/// An additional return of the same year from another source.
const fn other(
    name: &'static str,
    needs: &'static [Need],
    edits: &'static [Edit],
    findings: &'static [Expected],
) -> Case {
    Case { name, way: Again, needs, edits, findings }
}

pub(super) const CASES: &[Case] = &[
    other(
        "wages-to-nobody",
        &[Filled("employment_costs")],
        &[OTHER, Set("employees_fte", "0.00")],
        &[("employees_fte", "X654", Warn)],
    ),
    other(
        "dormant-with-turnover",
        &[FULL],
        &[OTHER, Set("accounts_type", "DORMANT")],
        &[("accounts_type", "X655", Warn)],
    ),
    other(
        "sign-of-loss-lost",
        &[Negative("operating_profit")],
        &[OTHER, With("operating_profit", without_sign)],
        &[("operating_profit", "X656", Warn)],
    ),
    other(
        "depreciation-twice",
        &[FULL],
        &[OTHER, Copy("amortisation", "depreciation")],
        &[("depreciation", "X657", Warn)],
    ),
    other(
        "turnover-in-thousands",
        &[FULL],
        &[OTHER, Set("turnover", "150.00"), Set("exports", "0.00")],
        &[("turnover", "X658", Warn)],
    ),
    other(
        "group-for-one-firm",
        &[Need::Grouped],
        &[OTHER, Set("consolidated", "true")],
        &[("consolidated", "X663", Warn)],
    ),
    other("months-of-another-period", &[], &[OTHER, Set("months", "3")], &[("months", "X653", Quarantine)]),
    other(
        "more-exported-than-sold",
        &[FULL],
        &[OTHER, Copy("exports", "turnover"), With("exports", tenfold)],
        &[("exports", "X659", Quarantine)],
    ),
    other("fifteen-months", &[MoreYears], &[OTHER, With("period_end", a_quarter_later), Set("months", "15")], &[]),
    other("hours-not-known", &[], &[OTHER, Set("hours_worked_year", "n/k")], &[]),
    Case {
        name: "periods-overlap",
        way: Twice(&[With("period_end", a_quarter_later), Set("months", "15")]),
        needs: &[MoreYears],
        edits: &[OTHER],
        findings: &[("period_start", "X660", Warn)],
    },
    Case {
        name: "gap-between-periods",
        way: Twice(&[With("period_start", two_years_later), With("period_end", two_years_later)]),
        needs: &[MoreYears],
        edits: &[OTHER],
        findings: &[("period_start", "X661", Warn)],
    },
    Case {
        name: "tenfold-within-a-year",
        way: Twice(&[With("period_start", a_year_later), With("period_end", a_year_later), With("turnover", tenfold)]),
        needs: &[FULL, MoreYears],
        edits: &[OTHER],
        findings: &[("turnover", "X662", Warn)],
    },
    other(
        "employees-not-a-number",
        &[Is("currency", "GBP"), AtLeast("months", 12)],
        &[OTHER, Set("employees_fte", "a dozen")],
        &[("employees_fte", "V014", Quarantine)],
    ),
];

fn without_sign(text: &str) -> String {
    text.trim_start_matches('-').to_owned()
}

fn tenfold(text: &str) -> String {
    let pence: i64 = text.replace('.', "").parse().expect("an amount with two decimals");
    let tenfold = pence * 10;
    format!("{}.{:02}", tenfold / 100, tenfold % 100)
}

/// The first day of a month, or the last one, some months later.
fn later(text: &str, months: i32) -> String {
    let part = |range: std::ops::Range<usize>| text[range].parse::<i32>().expect("a day as this program writes it");
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    let count = year * 12 + month - 1 + months;
    if day == 1 {
        return Day::of(count / 12, count % 12 + 1, 1).text();
    }
    Day::of((count + 1) / 12, (count + 1) % 12 + 1, 1).plus(-1).text()
}

fn a_quarter_later(text: &str) -> String {
    later(text, 3)
}

fn a_year_later(text: &str) -> String {
    later(text, 12)
}

fn two_years_later(text: &str) -> String {
    later(text, 24)
}

#[cfg(test)]
mod tests {
    use super::later;

    #[test]
    fn ends_of_months_stay_ends() {
        assert_eq!(later("2018-03-31", 3), "2018-06-30");
        assert_eq!(later("2018-12-31", 3), "2019-03-31");
        assert_eq!(later("2017-04-01", 24), "2019-04-01");
        assert_eq!(later("2018-11-30", 3), "2019-02-28");
    }
}
