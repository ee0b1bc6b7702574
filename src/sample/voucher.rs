//! Vouchers: applications after (a few before) the action plan, decisions, projects and what they cost.

use super::claim::{Claim, draw_claims};
use super::day::Day;
use super::diagnostic::Diagnostic;
use super::dice::{Curve, Dice, Purpose};
use super::firm::Firm;
use super::options::Plan;
use super::shape;
use super::sheet::Sheet;

/// Columns of `vouchers`.
pub(super) const COLUMNS: &[&str] = &[
    "voucher_id",
    "scheme",
    "smart_phase",
    "business_id",
    "diagnostic_id",
    "applied_on",
    "decided_on",
    "decision",
    "accepted_on",
    "started_on",
    "planned_end_on",
    "ended_on",
    "status",
    "eligible_cost_gbp",
    "grant_offered_gbp",
    "grant_paid_gbp",
    "other_public_gbp",
    "private_match_gbp",
    "intervention_rate",
    "trl_start",
    "trl_end_planned",
    "trl_end_actual",
    "rto_code",
    "collaborative",
    "n_partners",
    "subsidy_basis",
    "subsidy_amount_gbp",
    "mfa_declared_prior_gbp",
    "welsh_language_submission",
];

/// A scheme and how its grants are spread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scheme {
    pub(super) code: &'static str,
    pub(super) prefix: &'static str,
    grants: &'static Curve,
    /// Days that a project takes.
    days: (i64, i64),
}

const IV: Scheme = Scheme { code: "IV", prefix: "IV-", grants: shape::GRANT_IV, days: (60, 170) };
const IV_PLUS: Scheme = Scheme { code: "IV_PLUS", prefix: "IP-", grants: shape::GRANT_IV_PLUS, days: (90, 270) };
const SMART: Scheme = Scheme { code: "SMART_CYMRU", prefix: "SC-", grants: shape::GRANT_SMART, days: (150, 420) };
const GIANT: Scheme = Scheme { code: "SMART_CYMRU", prefix: "SC-", grants: shape::GRANT_GIANT, days: (150, 300) };

/// Amounts of a voucher in pence; they add up to the penny.
#[derive(Clone, Copy, Debug)]
pub(super) struct Costs {
    pub(super) eligible: i64,
    pub(super) grant: i64,
    pub(super) other_public: i64,
    pub(super) private: i64,
}

/// An application and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Voucher {
    /// Unique: the firm's number times ten plus the place of the application.
    pub(super) number: i64,
    pub(super) scheme: Scheme,
    pub(super) diagnostic: Option<i64>,
    pub(super) applied: Day,
    pub(super) decided: Option<Day>,
    pub(super) decision: &'static str,
    pub(super) accepted: Option<Day>,
    pub(super) started: Option<Day>,
    pub(super) planned_end: Option<Day>,
    pub(super) ended: Option<Day>,
    pub(super) terminated: bool,
    pub(super) costs: Costs,
    pub(super) rto: Option<i64>,
    pub(super) claims: Vec<Claim>,
    phase: &'static str,
    trl: (i64, i64, i64),
    partners: i64,
    welsh: bool,
}

/// How a decision comes out.
const DECISIONS: [(&str, i64); 3] = [("APPROVED", 810), ("REJECTED", 140), ("WITHDRAWN", 50)];

impl Voucher {
    /// Draws the applications of a firm: none, one or two.
    pub(super) fn draw_all(plan: &Plan, firm: &Firm, diagnostics: &[Diagnostic]) -> Vec<Self> {
        let mut dice = Dice::new(plan.seed, Purpose::Vouchers, firm.number);
        let mut drawn = Vec::new();
        let first = diagnostics.first();
        let Some(applied) = Self::draw_application(&mut dice, plan, firm, first) else { return drawn };
        let linked = first.filter(|d| d.plan_issued.is_some_and(|day| day <= applied)).map(|d| d.number);
        let mut next = Some(applied);
        while let Some(applied) = next.filter(|day| *day <= firm.horizon) {
            let place = drawn.last().map_or(1, |last: &Self| last.number % 10 + 1);
            let voucher = Self::draw(&mut dice, firm, place, linked, applied);
            let after = voucher.decided.filter(|_| place < 2 && dice.chance(170));
            next = after.map(|day| day.plus(dice.between(15, 150)).workday());
            drawn.push(voucher);
        }
        drawn
    }

    /// The day of the first application, if there is one: as a rule after the action plan.
    fn draw_application(dice: &mut Dice, plan: &Plan, firm: &Firm, first: Option<&Diagnostic>) -> Option<Day> {
        if let Some(issued) = first.and_then(|diagnostic| diagnostic.plan_issued) {
            let wants = firm.giant || dice.chance(590);
            let days = if firm.giant { 20 } else { dice.on(shape::DAYS_TO_APPLY) };
            // A few were applicants long before the diagnostic.
            let before = !firm.giant && dice.chance(40);
            return wants.then(|| issued.plus(if before { -days } else { days }).workday().max(plan.from));
        }
        let stranger = dice.chance(60);
        let day = plan.from.plus(dice.below(i64::from(plan.to.since(plan.from)))).workday();
        stranger.then_some(day)
    }

    fn draw(dice: &mut Dice, firm: &Firm, place: i64, diagnostic: Option<i64>, applied: Day) -> Self {
        let giant = firm.giant && place == 1;
        let scheme = if giant { GIANT } else { dice.pick(&[(IV, 560), (IV_PLUS, 270), (SMART, 170)]) };
        let decision = if giant { "APPROVED" } else { dice.pick(&DECISIONS) };
        let known = |day: Day| (day <= firm.horizon).then_some(day);
        let decided = known(applied.plus(dice.between(14, 55)).workday());
        let decision = if decided.is_some() { decision } else { "PENDING" };
        let accepts = giant || dice.chance(960);
        let lags = [dice.between(3, 25), dice.between(4, 35)];
        let length = dice.between(scheme.days.0, scheme.days.1);
        let slip = dice.between(-15, 50);
        let terminated = !giant && dice.chance(40);
        let offer = decided.filter(|_| decision == "APPROVED" && accepts);
        let accepted = offer.and_then(|day| known(day.plus(lags[0]).workday()));
        let started = accepted.and_then(|day| known(day.plus(lags[1]).workday()));
        let planned_end = started.map(|day| day.plus(length).workday());
        let ended =
            started.and_then(|day| known(day.plus(if terminated { length / 2 } else { length + slip }).workday()));
        let costs = Costs::draw(dice, scheme);
        let trl_start = dice.between(3, 7);
        let trl_planned = (trl_start + dice.between(1, 3)).min(9);
        let mut voucher = Self {
            number: firm.number * 10 + place,
            scheme,
            diagnostic,
            applied,
            decided,
            decision,
            accepted,
            started,
            planned_end,
            ended,
            terminated: terminated && ended.is_some(),
            costs,
            rto: if dice.chance(330) { Some(dice.between(1, 12)) } else { None },
            claims: Vec::new(),
            phase: dice.pick(&[("OIF", 1), ("TCF", 3), ("IR", 3), ("IR_ED", 2), ("ED", 4), ("EXPLOIT", 2)]),
            trl: (trl_start, trl_planned, dice.between(trl_start, trl_planned)),
            partners: if dice.chance(210) { dice.between(1, 4) } else { 0 },
            welsh: dice.chance(120),
        };
        voucher.claims = draw_claims(dice, &voucher, firm.horizon);
        voucher
    }

    /// An accepted offer of IV Plus that nothing is wrong with, for planted rows.
    pub(super) fn planted(firm: &Firm, place: i64, applied: Day) -> Self {
        let accepted = applied.plus(20).workday();
        Self {
            number: firm.number * 10 + place,
            scheme: IV_PLUS,
            diagnostic: None,
            applied,
            decided: Some(accepted),
            decision: "APPROVED",
            accepted: Some(accepted),
            started: Some(accepted),
            planned_end: Some(accepted.plus(200).workday()),
            ended: None,
            terminated: false,
            costs: Costs { eligible: 4_000_000, grant: 2_000_000, other_public: 0, private: 2_000_000 },
            rto: None,
            claims: Vec::new(),
            phase: "",
            trl: (5, 7, 7),
            partners: 0,
            welsh: false,
        }
    }

    /// The same project once more, under Innovation Voucher Plus.
    pub(super) fn funded_twice(&self, number: i64) -> Self {
        Self { number, scheme: IV_PLUS, claims: Vec::new(), ..self.clone() }
    }

    /// The same application, withdrawn before it was made anew.
    pub(super) fn withdrawn(&self, number: i64) -> Self {
        Self {
            number,
            decision: "WITHDRAWN",
            accepted: None,
            started: None,
            planned_end: None,
            ended: None,
            terminated: false,
            claims: Vec::new(),
            ..self.clone()
        }
    }

    fn status(&self) -> &'static str {
        match (self.decision, self.started, self.ended) {
            ("PENDING", ..) => "APPLIED",
            ("APPROVED", None, _) => "OFFERED",
            ("APPROVED", Some(_), None) => "LIVE",
            ("APPROVED", Some(_), Some(_)) if self.terminated => "TERMINATED",
            ("APPROVED", Some(_), Some(_)) => "COMPLETED",
            _ => "CLOSED_OUT",
        }
    }

    /// The basis in force on the day of the award (domain, section 2F, C01).
    fn subsidy_basis(&self, decided: Day) -> &'static str {
        if self.scheme.code == "SMART_CYMRU" {
            "GBER"
        } else if decided < Day::of(2021, 1, 1) {
            "EU_DE_MINIMIS"
        } else if decided < Day::of(2023, 1, 4) {
            "TCA_SMALL"
        } else {
            "MFA"
        }
    }

    /// Puts its row together.
    pub(super) fn put(&self, sheet: &mut Sheet, firm: &Firm) {
        let approved = self.decided.filter(|_| self.decision == "APPROVED");
        let Costs { eligible, grant, other_public, private } = self.costs;
        sheet.id(self.scheme.prefix, self.number, 6).text(self.scheme.code);
        sheet.text(if self.scheme.code == "SMART_CYMRU" { self.phase } else { "" });
        sheet.id("WB-", firm.number, 7);
        match self.diagnostic {
            Some(number) => sheet.id("D-", number, 6),
            None => sheet.empty(),
        };
        sheet.day(Some(self.applied)).day(self.decided).text(self.decision);
        sheet.day(self.accepted).day(self.started).day(self.planned_end).day(self.ended).text(self.status());
        sheet.decimal(eligible, 2).hundredths(approved.map(|_| grant));
        sheet.decimal(self.claims.iter().filter_map(|claim| claim.paid).sum(), 2);
        sheet.decimal(approved.map_or(0, |_| other_public), 2).hundredths(approved.map(|_| private));
        if approved.is_some() {
            // Rounded half up to five decimals.
            sheet.decimal((grant * 200_000 + eligible) / (2 * eligible), 5);
        } else {
            sheet.empty();
        }
        let (start, planned, actual) = self.trl;
        sheet.whole(start).whole(planned);
        if self.ended.is_some() && !self.terminated {
            sheet.whole(actual);
        } else {
            sheet.empty();
        }
        match self.rto {
            Some(number) => sheet.id("RTO", number, 2),
            None => sheet.empty(),
        };
        sheet.flag(self.partners > 0).whole(self.partners);
        let basis = approved.map_or("", |day| self.subsidy_basis(day));
        sheet.text(basis).hundredths(approved.map(|_| grant)).hundredths((basis == "MFA").then_some(0));
        sheet.flag(self.welsh);
    }
}

impl Costs {
    fn draw(dice: &mut Dice, scheme: Scheme) -> Self {
        let pounds = dice.on(scheme.grants);
        let pence = if dice.chance(300) && pounds < 100_000 { dice.below(100) } else { 0 };
        let grant = pounds * 100 + pence;
        let eligible = grant * 1000 / dice.between(380, 750);
        let other_public = if dice.chance(90) { eligible * dice.between(3, 12) / 100 } else { 0 };
        Self { eligible, grant, other_public, private: eligible - grant - other_public }
    }
}
