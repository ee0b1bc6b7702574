//! Financial returns of firms that agreed to be linked: a year each, before and after support, growing or shrinking a
//! little from year to year. The operating profit is what the other lines give, to the penny.

use super::day::Day;
use super::diagnostic::Diagnostic;
use super::dice::{Dice, Purpose};
use super::firm::Firm;
use super::options::Plan;
use super::sheet::Sheet;

/// Columns of `company_accounts`.
pub(super) const COLUMNS: &[&str] = &[
    "business_id",
    "period_start",
    "period_end",
    "months",
    "source",
    "accounts_type",
    "consolidated",
    "turnover",
    "stock_open",
    "stock_close",
    "own_capital_work",
    "insurance_claims",
    "purchases_goods_services",
    "product_taxes",
    "product_subsidies",
    "production_taxes",
    "production_subsidies",
    "employment_costs",
    "operating_profit",
    "depreciation",
    "amortisation",
    "rd_expenditure",
    "capex",
    "exports",
    "employees_fte",
    "hours_worked_year",
    "currency",
];

/// Accounts reach the register so many days after the year they are for.
const FILED_AFTER_DAYS: i64 = 270;

/// The returns of a firm. Money in pence.
pub(super) struct Accounts {
    /// Whether they are filed at Companies House; else the firm answered a survey.
    pub(super) filed: bool,
    micro: bool,
    years: Vec<Year>,
}

#[derive(Clone, Copy, Debug)]
struct Year {
    start: Day,
    end: Day,
    turnover: i64,
    stock_open: i64,
    stock_close: i64,
    purchases: i64,
    production_taxes: i64,
    furlough: i64,
    employment: i64,
    depreciation: i64,
    amortisation: i64,
    rd: i64,
    capex: i64,
    exports: i64,
    fte: i64,
}

/// The last day of a month.
fn month_end(year: i32, month: i32) -> Day {
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    Day::of(year, month, 1).plus(-1)
}

impl Accounts {
    /// Draws them; none for a firm without a diagnostic or without consent.
    pub(super) fn draw(plan: &Plan, firm: &Firm, diagnostics: &[Diagnostic]) -> Option<Self> {
        diagnostics.iter().find(|diagnostic| diagnostic.consent && diagnostic.reported.is_some())?;
        let mut dice = Dice::new(plan.seed, Purpose::Accounts, firm.number);
        let filed = firm.is_registered();
        let micro = filed && firm.headcount < 10 && dice.chance(600);
        let month = dice.pick(&[(3, 45), (12, 38), (6, 8), (9, 9)]);
        let exports = dice.pick(&[(0, 55), (8, 20), (25, 15), (55, 10)]);
        let (first, ..) = plan.from.civil();
        let mut turnover = firm.turnover;
        let mut stock = turnover * dice.between(2, 12) / 100;
        let mut fte = firm.fte;
        let mut years = Vec::new();
        for number in first - 2.. {
            let (start, end) = (month_end(number - 1, month).plus(1), month_end(number, month));
            if end.plus(FILED_AFTER_DAYS) > firm.horizon {
                break;
            }
            let year = Year::draw(&mut dice, start, end, turnover, stock, fte, exports);
            stock = year.stock_close;
            years.push(year);
            turnover = turnover * dice.between(940, 1120) / 1000;
            fte = fte * dice.between(960, 1060) / 1000;
        }
        Some(Self { filed, micro, years })
    }

    /// How many years there are.
    pub(super) const fn len(&self) -> usize {
        self.years.len()
    }

    /// Puts the row of a year together.
    pub(super) fn put(&self, sheet: &mut Sheet, firm: &Firm, at: usize) {
        let year = &self.years[at];
        sheet.id("WB-", firm.number, 7).day(Some(year.start)).day(Some(year.end)).whole(12);
        sheet.text(if self.filed { "CH_FILED" } else { "SURVEY" });
        sheet.text(match (self.filed, self.micro) {
            (true, true) => "MICRO",
            (true, false) => "FULL",
            (false, _) => "",
        });
        sheet.flag(false);
        if self.micro {
            // Micro accounts hold hardly anything: no turnover is as expected.
            for _ in 7..24 {
                sheet.empty();
            }
            sheet.decimal(year.fte, 2).empty();
        } else {
            year.put_amounts(sheet);
            sheet.decimal(year.fte, 2);
            if self.filed {
                sheet.empty();
            } else {
                // 1,650 hours a full-time equivalent.
                sheet.decimal(year.fte * 165, 1);
            }
        }
        sheet.text("GBP");
    }
}

impl Year {
    fn draw(dice: &mut Dice, start: Day, end: Day, turnover: i64, stock: i64, fte: i64, exports: i64) -> Self {
        let share = |dice: &mut Dice, low: i64, high: i64| turnover / 1000 * dice.between(low, high);
        // Furlough grants came in the year to the end of March 2021.
        let spring = Day::of(2020, 3, 1);
        let furloughed = start <= Day::of(2021, 3, 31) && end >= spring && dice.chance(450);
        Self {
            start,
            end,
            turnover,
            stock_open: stock,
            stock_close: stock * dice.between(900, 1120) / 1000,
            purchases: share(dice, 420, 640),
            production_taxes: share(dice, 4, 18),
            furlough: if furloughed { share(dice, 5, 60) } else { 0 },
            employment: share(dice, 200, 360),
            depreciation: share(dice, 10, 40) + 100,
            amortisation: share(dice, 0, 8),
            rd: if dice.chance(450) { share(dice, 1, 45) } else { 0 },
            capex: share(dice, 5, 70),
            exports: turnover / 100 * exports,
            fte,
        }
    }

    /// Operating profit (domain, section 1.6): output less purchases, taxes, wages and wear, plus subsidies.
    const fn profit(&self) -> i64 {
        self.turnover + self.stock_close - self.stock_open - self.purchases - self.production_taxes + self.furlough
            - self.employment
            - self.depreciation
            - self.amortisation
    }

    fn put_amounts(&self, sheet: &mut Sheet) {
        for amount in [
            self.turnover,
            self.stock_open,
            self.stock_close,
            0,
            0,
            self.purchases,
            0,
            0,
            self.production_taxes,
            self.furlough,
            self.employment,
            self.profit(),
            self.depreciation,
            self.amortisation,
            self.rd,
            self.capex,
            self.exports,
        ] {
            sheet.decimal(amount, 2);
        }
    }
}
