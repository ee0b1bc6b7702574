//! Claims against accepted offers: some within the project, the rest at its end; a few are taken back in part.

use super::day::Day;
use super::dice::Dice;
use super::sheet::Sheet;
use super::voucher::Voucher;

/// Columns of `voucher_claims`.
pub(super) const COLUMNS: &[&str] = &[
    "voucher_id",
    "claim_no",
    "period_from",
    "period_to",
    "claimed_gbp",
    "approved_gbp",
    "paid_gbp",
    "paid_on",
    "status",
    "reason",
];

/// A claim, in pence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    number: i64,
    from: Day,
    to: Day,
    claimed: i64,
    approved: Option<i64>,
    pub(super) paid: Option<i64>,
    paid_on: Option<Day>,
    taken_back: bool,
}

/// The claims of a voucher that are known on the last day.
pub(super) fn draw_claims(dice: &mut Dice, voucher: &Voucher, horizon: Day) -> Vec<Claim> {
    let (Some(started), Some(planned_end)) = (voucher.started, voucher.planned_end) else { return Vec::new() };
    let end = voucher.ended.unwrap_or(planned_end);
    let days = i64::from(end.since(started));
    let count = (days / 80).clamp(1, 4);
    // A project that was ended early claims half of its grant.
    let total = if voucher.terminated { voucher.costs.grant / 2 } else { voucher.costs.grant };
    let mut claims = Vec::new();
    for number in 1..=count {
        let (from, to) = (started.plus(days * (number - 1) / count), started.plus(days * number / count));
        let lags = [dice.between(8, 20), dice.between(12, 60)];
        let cut = if dice.chance(850) { 0 } else { dice.between(1, 9) };
        if to > horizon {
            break;
        }
        let claimed = total * number / count - total * (number - 1) / count;
        let checked_on = to.plus(lags[0]);
        let paid_on = checked_on.plus(lags[1]).workday();
        let approved = (checked_on <= horizon).then_some(claimed - claimed * cut / 100);
        let paid = approved.filter(|_| paid_on <= horizon);
        let paid_day = paid.map(|_| paid_on);
        claims.push(Claim { number, from, to, claimed, approved, paid, paid_on: paid_day, taken_back: false });
    }
    let returns = dice.chance(25);
    if let Some(back) = claims.last().copied().filter(|last| returns && last.number == count) {
        let day = back.paid_on.map(|day| day.plus(45).workday()).filter(|day| *day <= horizon);
        if let (Some(day), Some(paid)) = (day, back.paid) {
            let number = back.number + 1;
            claims.push(Claim {
                number,
                claimed: 0,
                approved: Some(0),
                paid: Some(-(paid / 20)),
                paid_on: Some(day),
                taken_back: true,
                ..back
            });
        }
    }
    claims
}

/// A claim of which more was approved than claimed, for planted rows.
pub(super) fn planted(voucher: &Voucher) -> Option<Claim> {
    let from = voucher.started?;
    Some(Claim {
        number: 1,
        from,
        to: from.plus(10),
        claimed: 500_000,
        approved: Some(500_001),
        paid: None,
        paid_on: None,
        taken_back: false,
    })
}

impl Claim {
    /// Puts its row together.
    pub(super) fn put(&self, sheet: &mut Sheet, voucher: &Voucher) {
        let status = match (self.approved, self.paid) {
            _ if self.taken_back => "CLAWBACK",
            (_, Some(_)) => "PAID",
            (Some(_), None) => "APPROVED",
            (None, None) => "SUBMITTED",
        };
        sheet.id(voucher.scheme.prefix, voucher.number, 6).whole(self.number);
        sheet.day(Some(self.from)).day(Some(self.to)).decimal(self.claimed, 2);
        sheet.hundredths(self.approved).hundredths(self.paid).day(self.paid_on);
        sheet.text(status).text(if self.taken_back { "OVERPAYMENT" } else { "" });
    }
}
