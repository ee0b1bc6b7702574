//! One firm of the register: who it is, how large, where. Drawn from its number alone.

use super::day::Day;
use super::dice::{Dice, Purpose};
use super::options::Plan;
use super::postcode::letter;
use super::shape;
use super::sheet::Sheet;

/// Columns of `businesses`.
pub(super) const COLUMNS: &[&str] = &[
    "business_id",
    "enterprise_group_id",
    "companies_house_no",
    "legal_name",
    "trading_name",
    "legal_form",
    "registered_postcode",
    "site_postcode",
    "lad_code",
    "sic2007",
    "sic2026",
    "am_sector",
    "supply_tier",
    "anchor_class",
    "employees_headcount",
    "employees_fte",
    "turnover_gbp",
    "balance_sheet_gbp",
    "size_as_of",
    "sme_class",
    "ownership",
    "incorporated_on",
    "status",
    "status_date",
    "successor_business_id",
    "publication_waiver",
];

/// Firms in a block. Groups never cross a block, so that a firm's group is known from its number alone.
const BLOCK: i64 = 12;

/// Euros of the size limits at about 1.13 to the pound, in pounds: staff, turnover, balance sheet.
const SIZE_LIMITS: [(&str, i64, i64, i64); 3] =
    [("MICRO", 10, 1_770_000, 1_770_000), ("SMALL", 50, 8_850_000, 8_850_000), ("MEDIUM", 250, 44_250_000, 38_050_000)];

/// A firm. Money in pence, full-time equivalents in hundredths.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of a register entry, each a column or a blank one"
)]
pub(super) struct Firm {
    pub(super) number: i64,
    pub(super) group: i64,
    pub(super) lad_code: &'static str,
    pub(super) size_class: &'static str,
    pub(super) sector: &'static str,
    pub(super) giant: bool,
    pub(super) headcount: i64,
    pub(super) fte: i64,
    pub(super) turnover: i64,
    /// The last day on which something can happen to it: it ended, or that is all that is known.
    pub(super) horizon: Day,
    legal_form: &'static str,
    postcode: &'static str,
    sic2007: &'static str,
    tier: &'static str,
    anchor: &'static str,
    balance_sheet: i64,
    ownership: &'static str,
    incorporated: Day,
    status: &'static str,
    status_date: Option<Day>,
    successor: Option<i64>,
    waiver: bool,
    suffix: i64,
    trading_name: bool,
    pub(super) size_known: bool,
}

/// The number of the first firm of the group to which `number` belongs: runs of one to six firms.
fn group_of(plan: &Plan, number: i64) -> i64 {
    let block = (number - 1) / BLOCK;
    let mut dice = Dice::new(plan.seed, Purpose::Groups, block);
    let mut first = block * BLOCK + 1;
    loop {
        let size = dice.pick(&[(1, 700), (2, 160), (3, 70), (4, 40), (5, 20), (6, 10)]);
        if number < first + size {
            return first;
        }
        first += size;
    }
}

fn size_class(headcount: i64, turnover: i64, balance_sheet: i64) -> &'static str {
    let fits = |(_, staff, sales, assets): &&(&str, i64, i64, i64)| {
        headcount < *staff && (turnover <= sales * 100 || balance_sheet <= assets * 100)
    };
    SIZE_LIMITS.iter().find(fits).map_or("LARGE", |(class, ..)| class)
}

impl Firm {
    /// Draws a firm.
    pub(super) fn draw(plan: &Plan, number: i64) -> Self {
        let mut dice = Dice::new(plan.seed, Purpose::Register, number);
        let (lad_code, postcode) = dice.pick(&shape::AUTHORITIES);
        let (sector, sic2007) = dice.pick(&shape::SECTORS);
        let giant = dice.chance(10);
        let headcount = if giant { dice.between(180, 244) } else { dice.on(shape::HEADCOUNT) };
        let legal_form = match dice.pick(&shape::LEGAL_FORMS) {
            "SOLE_TRADER" | "PARTNERSHIP" if headcount > 15 => "LTD",
            "PLC" if headcount < 50 => "LTD",
            form => form,
        };
        let turnover = headcount * dice.on(shape::TURNOVER_A_HEAD) * 100 + dice.below(100_000);
        let turnover = if giant { turnover.min(4_300_000_000) } else { turnover };
        let balance_sheet = turnover * dice.between(25, 95) / 100;
        let length = i64::from(plan.to.since(plan.from));
        let end = plan.from.plus(dice.between(length / 3, length)).workday().min(plan.to);
        let (status, ended, succeeded) = dice.pick(&[
            (("ACTIVE", false, false), 970),
            (("DISSOLVED", true, true), 13),
            (("INSOLVENT", true, false), 10),
            (("DORMANT", true, false), 7),
        ]);
        let last_of_all = number >= plan.firms;
        let (status, ended, succeeded) =
            if last_of_all || giant { ("ACTIVE", false, false) } else { (status, ended, succeeded) };
        Self {
            number,
            group: group_of(plan, number),
            lad_code,
            size_class: size_class(headcount, turnover, balance_sheet),
            sector,
            giant,
            headcount,
            fte: headcount * dice.between(78, 100),
            turnover,
            horizon: if ended { end } else { plan.to },
            legal_form,
            postcode,
            sic2007,
            tier: dice.pick(&shape::TIERS),
            anchor: if headcount > 150 {
                dice.pick(&[("ANCHOR", 2), ("RIC", 3), ("NONE", 5)])
            } else {
                dice.pick(&[("RIC", 1), ("NONE", 99)])
            },
            balance_sheet,
            ownership: dice.pick(&[("UK", 860), ("FOREIGN", 110), ("UNKNOWN", 20), ("", 10)]),
            incorporated: Day::of(1975, 1, 1).plus(dice.between(0, 15_700)).workday(),
            status,
            status_date: ended.then_some(end),
            successor: succeeded.then_some(number + 1),
            waiver: dice.chance(60),
            suffix: dice.below(26 * 26),
            trading_name: dice.chance(120),
            size_known: dice.chance(975),
        }
    }

    /// A firm beyond the sample, in Powys and in good health, for planted rows.
    pub(super) fn planted(plan: &Plan, number: i64) -> Self {
        Self {
            group: number,
            lad_code: "W06000023",
            postcode: "LD0 1",
            legal_form: "LTD",
            size_class: "SMALL",
            giant: false,
            headcount: 24,
            fte: 2250,
            turnover: 210_000_000,
            balance_sheet: 90_000_000,
            size_known: true,
            ..Self::draw(plan, number)
        }
    }

    /// Puts its row together.
    pub(super) fn put(&self, sheet: &mut Sheet, plan: &Plan) {
        sheet.id("WB-", self.number, 7).id("WG-", self.group, 7);
        if self.is_registered() {
            // No company has had a number from 80 million on.
            sheet.id("", 80_000_000 + self.number % 20_000_000, 8);
        } else {
            sheet.empty();
        }
        self.put_name(sheet);
        if self.trading_name {
            sheet.id("Enw Masnachu / Trading Name ", self.number, 7);
        } else {
            sheet.empty();
        }
        sheet.text(self.legal_form);
        self.put_postcode(sheet);
        self.put_postcode(sheet);
        sheet.text(self.lad_code).text(self.sic2007).empty();
        sheet.text(self.sector).text(self.tier).text(self.anchor);
        if self.size_known {
            sheet.whole(self.headcount).decimal(self.fte, 2).decimal(self.turnover, 2).decimal(self.balance_sheet, 2);
            let (year, ..) = plan.from.civil();
            sheet.day(Some(Day::of(year - 1, 12, 31)));
        } else {
            sheet.empty().empty().empty().empty().empty();
        }
        sheet.text(self.size_class).text(self.ownership).day(Some(self.incorporated));
        sheet.text(self.status).day(self.status_date);
        match self.successor {
            Some(number) => sheet.id("WB-", number, 7),
            None => sheet.empty(),
        };
        sheet.flag(self.waiver);
    }

    /// An evidently invented name: half of them Welsh.
    fn put_name(&self, sheet: &mut Sheet) {
        let (prefix, welsh) = match self.number % 4 {
            0 => ("Example Works ", false),
            1 => ("Enghraifft Weithgynhyrchu ", true),
            2 => ("Example Engineering ", false),
            _ => ("Enghraifft Beirianneg ", true),
        };
        let suffix = match (self.legal_form, welsh) {
            ("LTD" | "CIC" | "CHARITY" | "OTHER", true) => " Cyf",
            ("LTD" | "CIC" | "CHARITY" | "OTHER", false) => " Ltd",
            ("PLC", true) => " CCC",
            ("PLC", false) => " PLC",
            ("LLP" | "LP", true) => " PAC",
            ("LLP" | "LP", false) => " LLP",
            ("COOP", true) => " Cydweithredol",
            ("COOP", false) => " Co-operative",
            _ => "",
        };
        sheet.name_with_number(prefix, self.number, suffix);
    }

    fn put_postcode(&self, sheet: &mut Sheet) {
        let ending = self.postcode_ending();
        sheet.postcode(self.postcode, [letter(ending / 26), letter(ending % 26)]);
    }

    /// Which pair of letters ends its postcode, from 0.
    pub(super) fn postcode_ending(&self) -> usize {
        usize::try_from(self.suffix).expect("one of 676")
    }

    /// Whether its legal form is one that Companies House registers.
    pub(super) fn is_registered(&self) -> bool {
        !matches!(self.legal_form, "SOLE_TRADER" | "PARTNERSHIP")
    }
}
