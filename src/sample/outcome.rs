//! Outcomes of projects: what firms reported, and how far that is evidenced.

use super::day::Day;
use super::diagnostic::Diagnostic;
use super::dice::{Dice, Purpose};
use super::firm::Firm;
use super::options::Plan;
use super::sheet::Sheet;
use super::voucher::Voucher;

/// Columns of `rd_outcomes`.
pub(super) const COLUMNS: &[&str] = &[
    "outcome_id",
    "business_id",
    "voucher_id",
    "diagnostic_id",
    "observed_on",
    "reference_period",
    "outcome_type",
    "is_cumulative",
    "quantity",
    "value_gbp",
    "attribution_pct",
    "counterfactual",
    "displaced_share_pct",
    "research_institution",
    "evidence_status",
    "survey_wave",
];

/// The most outcomes of a firm: ids have one digit for them.
const MOST: usize = 9;

/// What an outcome is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// A number, in ten-thousandths.
    Quantity(i64),
    /// Money, in pence.
    Value(i64),
    /// It happened.
    Event,
}

/// An outcome.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    kind: &'static str,
    measure: Measure,
    observed: Day,
    voucher: Option<(&'static str, i64)>,
    diagnostic: Option<i64>,
    attribution: Option<i64>,
    counterfactual: &'static str,
    displaced: Option<i64>,
    institution: i64,
    evidence: &'static str,
    survey: bool,
}

impl Outcome {
    /// Draws the outcomes of a firm that are known on the last day.
    pub(super) fn draw_all(plan: &Plan, firm: &Firm, diagnostics: &[Diagnostic], vouchers: &[Voucher]) -> Vec<Self> {
        let mut dice = Dice::new(plan.seed, Purpose::Outcomes, firm.number);
        let mut drawn = Vec::new();
        for voucher in vouchers {
            let Some(started) = voucher.started else { continue };
            for (kind, measure) in draw_kinds(&mut dice, firm, voucher) {
                let (day, survey) = match voucher.ended {
                    Some(ended) if dice.chance(600) => (ended.plus(dice.between(5, 120)), true),
                    _ => (started.plus(dice.between(40, 260)), false),
                };
                let mut outcome = Self::draw(&mut dice, kind, measure, day.workday());
                outcome.voucher = Some((voucher.scheme.prefix, voucher.number));
                outcome.diagnostic = voucher.diagnostic;
                outcome.survey = survey;
                drawn.push(outcome);
            }
        }
        // Some change a process on the strength of the action plan alone.
        let planned = diagnostics.iter().find_map(|diagnostic| Some((diagnostic.number, diagnostic.plan_issued?)));
        if let Some((number, issued)) = planned.filter(|_| vouchers.is_empty() && dice.chance(70)) {
            let day = issued.plus(dice.between(60, 300)).workday();
            let mut outcome = Self::draw(&mut dice, "NEW_PROCESS", Measure::Quantity(10_000), day);
            outcome.diagnostic = Some(number);
            drawn.push(outcome);
        }
        drawn.retain(|outcome| outcome.observed <= firm.horizon);
        drawn.truncate(MOST);
        drawn
    }

    fn draw(dice: &mut Dice, kind: &'static str, measure: Measure, observed: Day) -> Self {
        let evidence = [("VERIFIED", 500), ("EVIDENCED", 260), ("SELF_REPORTED", 200), ("REJECTED", 40)];
        let without =
            [("ANYWAY_SAME", 12), ("ANYWAY_LATER", 30), ("ANYWAY_SMALLER", 24), ("NOT_AT_ALL", 24), ("DK", 6), ("", 4)];
        Self {
            kind,
            measure,
            observed,
            voucher: None,
            diagnostic: None,
            attribution: dice.chance(850).then(|| dice.between(2, 20) * 500),
            counterfactual: dice.pick(&without),
            displaced: dice.chance(600).then(|| dice.between(0, 10) * 500),
            institution: dice.between(1, 8),
            evidence: dice.pick(&evidence),
            survey: false,
        }
    }

    /// An outcome that nothing is wrong with, for planted rows.
    pub(super) fn planted(observed: Day) -> Self {
        Self {
            kind: "NEW_PROCESS",
            measure: Measure::Quantity(10_000),
            observed,
            voucher: None,
            diagnostic: None,
            attribution: Some(5000),
            counterfactual: "DK",
            displaced: None,
            institution: 1,
            evidence: "SELF_REPORTED",
            survey: false,
        }
    }

    /// The number of its voucher.
    pub(super) fn voucher_number(&self) -> Option<i64> {
        self.voucher.map(|(_, number)| number)
    }

    /// Whether another outcome claims the same jobs for another voucher.
    pub(super) fn claims_jobs_of(&self, other: &Self) -> bool {
        self.kind == "JOBS_CREATED_FTE"
            && other.kind == self.kind
            && (other.observed, other.measure) == (self.observed, self.measure)
            && other.voucher_number() != self.voucher_number()
    }

    /// Which kind it is.
    pub(super) const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Puts its row together; `place` counts the outcomes of the firm from 1.
    pub(super) fn put(&self, sheet: &mut Sheet, firm: &Firm, place: i64) {
        sheet.id("R-", firm.number * 10 + place, 7).id("WB-", firm.number, 7);
        match self.voucher {
            Some((prefix, number)) => sheet.id(prefix, number, 6),
            None => sheet.empty(),
        };
        match self.diagnostic {
            Some(number) => sheet.id("D-", number, 6),
            None => sheet.empty(),
        };
        sheet.day(Some(self.observed)).financial_year(self.observed).text(self.kind).flag(false);
        match self.measure {
            Measure::Quantity(quantity) => sheet.decimal(quantity, 4).empty(),
            Measure::Value(value) => sheet.empty().decimal(value, 2),
            Measure::Event => sheet.empty().empty(),
        };
        sheet.hundredths(self.attribution).text(self.counterfactual).hundredths(self.displaced);
        if self.kind == "COOP_RESEARCH_INST" {
            sheet.id("Prifysgol Enghraifft / Example University ", self.institution, 2);
        } else {
            sheet.empty();
        }
        sheet.text(self.evidence).text(if self.survey { "0" } else { "" });
    }
}

/// Which outcomes a project will have. Who is new to the market is as a rule new to the firm too.
fn draw_kinds(dice: &mut Dice, firm: &Firm, voucher: &Voucher) -> Vec<(&'static str, Measure)> {
    let mut kinds = Vec::new();
    let one = Measure::Quantity(10_000);
    let product = dice.chance(580);
    if product && dice.chance(620) {
        kinds.push(("NEW_TO_MARKET_PRODUCT", one));
        if dice.chance(930) {
            kinds.push(("NEW_TO_FIRM_PRODUCT", one));
        }
    } else if product {
        kinds.push(("NEW_TO_FIRM_PRODUCT", one));
    }
    if dice.chance(240) {
        kinds.push(("NEW_PROCESS", one));
    }
    if dice.chance(90) {
        kinds.push(("PATENT_FILED", Measure::Quantity(dice.between(1, 3) * 10_000)));
    }
    if dice.chance(420) {
        kinds.push(("JOBS_CREATED_FTE", Measure::Quantity(dice.between(1, 4 + firm.headcount / 12) * 5000)));
    }
    if dice.chance(300) {
        kinds.push(("RD_SPEND", Measure::Value(voucher.costs.eligible * dice.between(60, 190) / 100)));
    }
    if dice.chance(200) {
        kinds.push(("SALES_FROM_INNOVATION", Measure::Value(firm.turnover / 1000 * dice.between(1, 60))));
    }
    if voucher.rto.is_some() && dice.chance(650) {
        kinds.push(("COOP_RESEARCH_INST", Measure::Event));
    }
    kinds
}
