//! Who to write to at a firm: evidently invented names, addresses that lead nowhere, telephone numbers reserved for drama.

use super::dice::{Dice, Purpose};
use super::firm::Firm;
use super::options::Plan;
use super::sheet::Sheet;

/// Columns of `business_contacts`.
pub(super) const COLUMNS: &[&str] =
    &["business_id", "contact_name", "email", "phone", "language_preference", "consent_basis", "consent_date"];

/// Puts the row of a firm's contact together; false for a firm that named nobody.
pub(super) fn put(sheet: &mut Sheet, plan: &Plan, firm: &Firm) -> bool {
    let mut dice = Dice::new(plan.seed, Purpose::Contacts, firm.number);
    if !dice.chance(850) {
        return false;
    }
    sheet.id("WB-", firm.number, 7);
    sheet.id("Cyswllt Enghreifftiol / Example Contact ", firm.number, 7);
    sheet.text(&format!("contact{:07}@firm.example.invalid", firm.number));
    if dice.chance(700) {
        // Ofcom keeps 029 2018 0000 to 0999 for drama.
        sheet.id("+44 29 2018 0", firm.number % 1000, 3);
    } else {
        sheet.empty();
    }
    sheet.text(dice.pick(&[("en", 66), ("cy", 18), ("both", 16)]));
    let basis = dice.pick(&[("CONSENT", 55), ("CONTRACT", 25), ("PUBLIC_TASK", 15), ("LEGITIMATE_INTEREST", 5)]);
    let given = plan.from.plus(dice.below(i64::from(plan.to.since(plan.from))));
    sheet.text(basis).day((basis == "CONSENT").then_some(given));
    true
}
