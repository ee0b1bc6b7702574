//! Diagnostics of a firm: request, visit, report, action plan, and follow-ups about a year later.

use super::day::{Day, remote_visits_begin};
use super::dice::{Dice, Purpose};
use super::firm::Firm;
use super::options::Plan;
use super::shape;
use super::sheet::Sheet;

/// Columns of `diagnostics`.
pub(super) const COLUMNS: &[&str] = &[
    "diagnostic_id",
    "business_id",
    "contractor_code",
    "assessor_ref",
    "wave",
    "method_version",
    "requested_on",
    "visited_on",
    "reported_on",
    "action_plan_on",
    "status",
    "delivery_mode",
    "site_lad_code",
    "fee_net",
    "vat_rate",
    "fee_gross",
    "fee_currency",
    "employees_fte_at_visit",
    "turnover_at_visit_gbp",
    "rd_spend_at_visit_gbp",
    "stem_fte",
    "stem_women_fte",
    "baseline_declared_no_rd",
    "consent_to_link",
    "withdrawn_reason",
];

/// One of the three contractors, 0 to 2.
pub(super) type Contractor = usize;

const CONTRACTORS: [(Contractor, i64); 3] = [(0, 44), (1, 33), (2, 23)];

/// A diagnostic. Money in cents or pence, full-time equivalents in hundredths.
#[derive(Clone, Debug)]
pub(super) struct Diagnostic {
    /// Unique: the firm's number times ten plus the wave.
    pub(super) number: i64,
    pub(super) wave: i64,
    pub(super) contractor: Contractor,
    pub(super) requested: Day,
    pub(super) visited: Option<Day>,
    pub(super) reported: Option<Day>,
    pub(super) plan_issued: Option<Day>,
    pub(super) withdrawn: Option<&'static str>,
    pub(super) ineligible: bool,
    pub(super) mode: &'static str,
    pub(super) assessor: i64,
    pub(super) fee_net: i64,
    pub(super) vat: bool,
    pub(super) size: Size,
    pub(super) consent: bool,
}

/// What the firm told at the visit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) fte: i64,
    pub(super) turnover: i64,
    pub(super) rd_spend: i64,
    pub(super) stem: i64,
    pub(super) stem_women: i64,
}

impl Diagnostic {
    /// Draws the diagnostics of a firm, waves in order; none for a firm that never asks.
    pub(super) fn draw_all(plan: &Plan, firm: &Firm) -> Vec<Self> {
        let mut dice = Dice::new(plan.seed, Purpose::Diagnostics, firm.number);
        let mut drawn: Vec<Self> = Vec::new();
        if !dice.chance(940) && !firm.giant {
            return drawn;
        }
        let contractor = dice.pick(&CONTRACTORS);
        let length = i64::from(plan.to.since(plan.from));
        let mut requested = plan.from.plus(dice.below(if firm.giant { length / 3 } else { length - 12 })).workday();
        while requested <= firm.horizon {
            let wave = drawn.last().map_or(0, |last| last.wave + 1);
            let diagnostic = Self::draw(&mut dice, firm, wave, contractor, requested);
            let plan_issued = diagnostic.plan_issued;
            drawn.push(diagnostic);
            let again = if wave == 0 { 430 } else { 300 };
            match plan_issued {
                Some(day) if wave < 3 && dice.chance(again) => {
                    requested = day.plus(dice.between(240, 380)).workday();
                }
                _ => break,
            }
        }
        drawn
    }

    fn draw(dice: &mut Dice, firm: &Firm, wave: i64, contractor: Contractor, requested: Day) -> Self {
        let spring = remote_visits_begin().plus(-45)..=remote_visits_begin().plus(75);
        // Visits stopped in spring 2020 and many were put off.
        let put_off = if spring.contains(&requested) && dice.chance(600) { dice.between(50, 150) } else { 0 };
        let visit = requested.plus(dice.between(5, 32) + put_off).workday();
        let report = visit.plus(dice.between(5, 26)).workday();
        let issue = report.plus(dice.between(0, 18)).workday();
        let ineligible = wave == 0 && !firm.giant && dice.chance(15);
        let gave_up = !firm.giant && dice.chance(if wave == 0 { 45 } else { 60 });
        let reason = if put_off > 0 {
            "COVID_19"
        } else {
            dice.pick(&[("NO_TIME", 50), ("CHANGED_OWNER", 12), ("NOT_RELEVANT", 28), ("OTHER", 10)])
        };
        let no_plan = !firm.giant && dice.chance(35);
        let known = |day: Day| (day <= firm.horizon).then_some(day);
        let stopped = ineligible || gave_up;
        let remote = requested.max(visit) >= remote_visits_begin();
        let mode = if remote {
            dice.pick(&[("REMOTE", 68), ("HYBRID", 22), ("ON_SITE", 10)])
        } else {
            dice.pick(&[("REMOTE", 1), ("HYBRID", 2), ("ON_SITE", 97)])
        };
        Self {
            number: firm.number * 10 + wave,
            wave,
            contractor,
            requested,
            visited: if stopped { None } else { known(visit) },
            reported: if stopped { None } else { known(report) },
            plan_issued: if stopped || no_plan { None } else { known(issue) },
            withdrawn: (gave_up && !ineligible).then_some(reason),
            ineligible,
            mode,
            assessor: dice.between(1, 9),
            fee_net: dice.on(shape::FEE) + if remote { -6000 } else { 0 },
            vat: dice.chance(970),
            size: Size::draw(dice, firm),
            consent: dice.chance(860),
        }
    }

    /// A diagnostic that went well, for planted rows.
    pub(super) fn planted(firm: &Firm, wave: i64, contractor: Contractor, requested: Day) -> Self {
        Self {
            number: firm.number * 10 + wave,
            wave,
            contractor,
            requested,
            visited: Some(requested.plus(10).workday()),
            reported: Some(requested.plus(20).workday()),
            plan_issued: Some(requested.plus(25).workday()),
            withdrawn: None,
            ineligible: false,
            mode: "ON_SITE",
            assessor: 1,
            fee_net: 116_000,
            vat: true,
            size: Size { fte: firm.fte, turnover: firm.turnover, rd_spend: 0, stem: 400, stem_women: 100 },
            consent: true,
        }
    }

    /// The status that its dates tell.
    fn status(&self) -> &'static str {
        match (self.visited, self.reported, self.plan_issued) {
            _ if self.ineligible => "INELIGIBLE",
            _ if self.withdrawn.is_some() => "WITHDRAWN",
            (_, _, Some(_)) => "PLAN_ISSUED",
            (_, Some(_), None) => "REPORTED",
            (Some(_), None, None) => "VISITED",
            (None, None, None) => "REQUESTED",
        }
    }

    /// Puts its row together.
    pub(super) fn put(&self, sheet: &mut Sheet, firm: &Firm) {
        sheet.id("D-", self.number, 6).id("WB-", firm.number, 7);
        sheet.text(["C1", "C2", "C3"][self.contractor]);
        sheet.id(["A1-", "A2-", "A3-"][self.contractor], self.assessor, 3);
        sheet.whole(self.wave).text("v1.2");
        sheet.day(Some(self.requested)).day(self.visited).day(self.reported).day(self.plan_issued);
        sheet.text(self.status()).text(self.mode).text(firm.lad_code);
        self.put_fee(sheet);
        if self.visited.is_some() {
            let Size { fte, turnover, rd_spend, stem, stem_women } = self.size;
            for amount in [fte, turnover, rd_spend, stem, stem_women] {
                sheet.decimal(amount, 2);
            }
            sheet.flag(rd_spend == 0);
        } else {
            sheet.empty().empty().empty().empty().empty().empty();
        }
        sheet.flag(self.consent).text(self.withdrawn.unwrap_or(""));
    }

    fn put_fee(&self, sheet: &mut Sheet) {
        if self.reported.is_none() {
            sheet.empty().empty().empty().empty();
            return;
        }
        let rate = if self.vat { 2000 } else { 0 };
        let gross = self.fee_net + (self.fee_net * rate + 5000) / 10_000;
        sheet.decimal(self.fee_net, 2).decimal(rate, 4).decimal(gross, 2).text("EUR");
    }
}

impl Size {
    fn draw(dice: &mut Dice, firm: &Firm) -> Self {
        let fte = firm.fte * dice.between(92, 112) / 100;
        let turnover = firm.turnover * dice.between(90, 115) / 100;
        let spends = firm.giant || dice.chance(540);
        let rd_spend = if spends { turnover / 1000 * dice.between(1, 45) } else { 0 };
        let stem = fte * dice.between(6, 30) / 100;
        Self { fte, turnover, rd_spend, stem, stem_women: stem * dice.between(2, 38) / 100 }
    }
}
