//! Times to an event of which some have not happened yet: the estimator of Kaplan and Meier (1958; domain, section 2F).

use rust_decimal::Decimal;
use statrs::distribution::{ContinuousCDF, Normal};

use super::MethodError;
use super::mean::check_confidence;
use super::significant::{float, float_of};

/// Decimals lose at most a digit at place 28 a step; what is nearer to a half than this is a half.
const TIE: Decimal = Decimal::from_parts(1, 0, 0, false, 20);

/// One who was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// For how long, in days.
    pub days: Decimal,
    /// Whether the event happened then; otherwise nobody looked any further.
    pub event: bool,
}

/// The share to whom the event has not happened, step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurvivalCurve {
    steps: Vec<Step>,
}

/// One time with events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    days: Decimal,
    at_risk: usize,
    events: usize,
    /// Share left after it.
    survival: Decimal,
}

impl SurvivalCurve {
    /// S(t) as the product over times of events of (at risk - events) / at risk. At one time events come before those who are
    /// lost, so who is lost at t was at risk at t.
    ///
    /// # Errors
    /// When somebody was followed for less than no time, or a step does not fit.
    pub fn new(mut followed: Vec<Followed>) -> Result<Self, MethodError> {
        if followed.iter().any(|one| one.days < Decimal::ZERO) {
            return Err(MethodError::argument("the days until an event", "zero or more"));
        }
        followed.sort_by_key(|one| one.days);
        let mut steps: Vec<Step> = Vec::new();
        let mut survival = Decimal::ONE;
        let mut at_risk = followed.len();
        for same in followed.chunk_by(|a, b| a.days == b.days) {
            let events = same.iter().filter(|one| one.event).count();
            if events > 0 {
                let (left, all) = (Decimal::from(at_risk - events), Decimal::from(at_risk));
                survival = survival.checked_mul(left).and_then(|s| s.checked_div(all)).ok_or(MethodError::Overflow)?;
                steps.push(Step { days: same[0].days, at_risk, events, survival });
            }
            at_risk -= same.len();
        }
        Ok(Self { steps })
    }

    /// S(days): 1 before the first event.
    #[must_use]
    pub fn survival_at(&self, days: Decimal) -> Decimal {
        self.steps.iter().take_while(|step| step.days <= days).last().map_or(Decimal::ONE, |step| step.survival)
    }

    /// The smallest time with S(t) <= 0.5. None if it never comes.
    #[must_use]
    pub fn median(&self) -> Option<Decimal> {
        let half = Decimal::new(5, 1) + TIE;
        self.steps.iter().find(|step| step.survival <= half).map(|step| step.days)
    }

    /// Where the true median lies (Brookmeyer and Crowley 1982): the times at which the two limits of S(t) reach a half, the
    /// limits being S^exp(-+ z se) with Greenwood's error of log(-log S). None where an end never comes.
    ///
    /// # Errors
    /// When `confidence` is not between 0 and 1.
    pub fn median_interval(&self, confidence: Decimal) -> Result<Option<(Decimal, Decimal)>, MethodError> {
        check_confidence(confidence)?;
        let z = Normal::standard().inverse_cdf(f64::midpoint(1.0, float(confidence)));
        let limits = self.limits(z);
        let reached = |pick: fn(&(f64, f64)) -> f64| {
            let at = limits.iter().position(|limit| pick(limit) <= 0.5);
            at.map(|at| self.steps[at].days)
        };
        Ok(reached(|limit| limit.0).zip(reached(|limit| limit.1)))
    }

    /// Lower and upper limit of S after each step.
    fn limits(&self, z: f64) -> Vec<(f64, f64)> {
        let mut greenwood = 0.0;
        let mut limits = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let (events, at_risk) = (float_of(step.events), float_of(step.at_risk));
            if step.survival.is_zero() {
                // Nobody is left, so nothing is known beyond: the limits stay where they were, and S itself is zero.
                let upper = limits.last().map_or(1.0, |(_, upper)| *upper);
                limits.push((0.0, upper));
                continue;
            }
            greenwood += events / (at_risk * (at_risk - events));
            let log = float(step.survival).ln();
            let error = greenwood.sqrt() / log.abs();
            limits.push(((log * (z * error).exp()).exp(), (log * (-z * error).exp()).exp()));
        }
        limits
    }
}
