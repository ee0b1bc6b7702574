//! What the eligible cost of an approved voucher consists of. The lines add up to the voucher, to the penny.

use super::dice::{Dice, Purpose};
use super::options::Plan;
use super::sheet::Sheet;
use super::voucher::Voucher;

/// Columns of `voucher_costs`.
pub(super) const COLUMNS: &[&str] =
    &["voucher_id", "line_no", "category", "eligible_gbp", "grant_gbp", "supplier_country"];

const CATEGORIES: [(&str, i64); 8] = [
    ("CAPITAL_EQUIPMENT", 34),
    ("ASSOCIATED_COSTS", 12),
    ("RTO_SPECIALIST", 18),
    ("UPSKILLING", 10),
    ("SUPPLY_CHAIN_COLLAB", 6),
    ("CONSULTANCY", 11),
    ("IP_DESIGN", 5),
    ("OTHER", 4),
];

/// A line, in pence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    number: i64,
    category: &'static str,
    eligible: i64,
    grant: i64,
    country: &'static str,
}

/// Draws the lines of a voucher; none unless it was approved.
pub(super) fn draw_lines(plan: &Plan, voucher: &Voucher) -> Vec<Line> {
    if voucher.decision != "APPROVED" {
        return Vec::new();
    }
    let mut dice = Dice::new(plan.seed, Purpose::Costs, voucher.number);
    let count = dice.pick(&[(1, 20), (2, 32), (3, 28), (4, 20)]);
    let weights: Vec<i64> = (0..count).map(|_| dice.between(10, 60)).collect();
    let total: i64 = weights.iter().sum();
    let mut lines = Vec::new();
    let mut before = 0;
    for (number, weight) in (1..).zip(&weights) {
        let after = before + weight;
        let part = |amount: i64| amount * after / total - amount * before / total;
        lines.push(Line {
            number,
            category: dice.pick(&CATEGORIES),
            eligible: part(voucher.costs.eligible),
            grant: part(voucher.costs.grant),
            country: dice.pick(&[("GB", 82), ("DE", 8), ("IE", 5), ("IT", 3), ("", 2)]),
        });
        before = after;
    }
    lines
}

impl Line {
    /// Puts its row together.
    pub(super) fn put(&self, sheet: &mut Sheet, voucher: &Voucher) {
        sheet.id(voucher.scheme.prefix, voucher.number, 6).whole(self.number).text(self.category);
        sheet.decimal(self.eligible, 2).decimal(self.grant, 2).text(self.country);
    }
}
