//! Which components of Industry 4.0 a voucher is for. Two vouchers of a firm never pay for the same one.

use super::dice::{Dice, Purpose};
use super::firm::Firm;
use super::options::Plan;
use super::shape::COMPONENTS;
use super::sheet::Sheet;
use super::voucher::Voucher;

/// Columns of `voucher_components`.
pub(super) const COLUMNS: &[&str] = &["voucher_id", "component_code", "weight"];

/// A component of a voucher: its code, and its share in ten-thousandths.
pub(super) type Share = (&'static str, i64);

/// Draws the components of a firm's vouchers, a list a voucher; the shares of each add up to 10,000.
pub(super) fn draw_all(plan: &Plan, firm: &Firm, vouchers: &[Voucher]) -> Vec<Vec<Share>> {
    if vouchers.is_empty() {
        return Vec::new();
    }
    let mut dice = Dice::new(plan.seed, Purpose::Components, firm.number);
    let mut left: Vec<&'static str> = COMPONENTS.iter().map(|component| component.code).collect();
    let mut draw_code = |dice: &mut Dice| {
        let bound = i64::try_from(left.len()).expect("a few components");
        left.swap_remove(usize::try_from(dice.below(bound)).expect("a place in the list"))
    };
    let mut all = Vec::with_capacity(vouchers.len());
    for _ in vouchers {
        let count = dice.pick(&[(1, 45), (2, 30), (3, 17), (4, 8)]);
        let mut rest = 10_000;
        let mut shares = Vec::new();
        for others in (0..count).rev() {
            // Whole per cents, and at least five of them for each that follows.
            let share = if others == 0 { rest } else { dice.between(5, rest / 100 - 5 * others) * 100 };
            rest -= share;
            shares.push((draw_code(&mut dice), share));
        }
        all.push(shares);
    }
    all
}

/// Puts one row together.
pub(super) fn put(sheet: &mut Sheet, voucher: &Voucher, (code, share): Share) {
    sheet.id(voucher.scheme.prefix, voucher.number, 6).text(code).decimal(share, 4);
}
