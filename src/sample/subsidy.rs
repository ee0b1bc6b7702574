//! Public support that firms had from other authorities, all of them invented.

use super::day::Day;
use super::dice::{Curve, Dice, Purpose};
use super::firm::Firm;
use super::options::Plan;
use super::sheet::Sheet;

/// Columns of `subsidy_history`.
pub(super) const COLUMNS: &[&str] = &["business_id", "group", "awarded_on", "amount", "basis", "authority"];

/// Amounts in pounds.
const AMOUNT: &Curve = &[(0, 800), (400_000, 5000), (750_000, 18_000), (950_000, 70_000), (1_000_000, 190_000)];

/// An award.
#[derive(Clone, Copy, Debug)]
pub(super) struct Award {
    awarded: Day,
    pence: i64,
    basis: &'static str,
    authority: i64,
}

/// Draws the awards of a firm, oldest first.
pub(super) fn draw_all(plan: &Plan, firm: &Firm) -> Vec<Award> {
    let mut dice = Dice::new(plan.seed, Purpose::Subsidies, firm.number);
    let mut drawn = Vec::new();
    if !dice.chance(180) {
        return drawn;
    }
    let mut awarded = plan.from.plus(-dice.between(200, 900)).workday();
    for _ in 0..dice.between(1, 3) {
        if awarded > firm.horizon {
            break;
        }
        let basis = if dice.chance(250) { "GBER" } else { basis_on(awarded) };
        drawn.push(Award { awarded, pence: dice.on(AMOUNT) * 100, basis, authority: dice.between(1, 9) });
        awarded = awarded.plus(dice.between(60, 500)).workday();
    }
    drawn
}

/// The basis for small amounts that was in force on a day (domain, section 2F, C01).
fn basis_on(day: Day) -> &'static str {
    if day < Day::of(2021, 1, 1) {
        "EU_DE_MINIMIS"
    } else if day < Day::of(2023, 1, 4) {
        "TCA_SMALL"
    } else {
        "MFA"
    }
}

impl Award {
    /// Puts its row together.
    pub(super) fn put(&self, sheet: &mut Sheet, firm: &Firm) {
        sheet.id("WB-", firm.number, 7).id("WG-", firm.group, 7).day(Some(self.awarded)).decimal(self.pence, 2);
        sheet.text(self.basis).id("Awdurdod Enghreifftiol / Example Authority ", self.authority, 2);
    }
}
