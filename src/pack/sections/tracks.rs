//! The measures that are followed against the plan, each as a line of figures to date, for headlines and status.

use rust_decimal::Decimal;

use super::writer::Writer;
use crate::model::{Kind, Observation, Period, Progress, TimeKey, Unit};
use crate::pack::figures::Series;
use crate::pack::numbers::{self, Number};

/// One measure followed against the plan, for all Wales.
pub(super) struct Track<'a> {
    /// Its indicator.
    pub(super) indicator: &'static str,
    /// A name for messages: `d01`, `d06-approved`.
    pub(super) key: &'static str,
    /// The table its figures come from.
    pub(super) series: Series<'a>,
    /// Its budget, if it is a share of one; figures are then per cent of it.
    budget: Option<Decimal>,
    /// Figures to date by quarter.
    pub(super) to_date: Vec<(Period, Observation)>,
    /// What is due by the end of the quarter.
    pub(super) due: Option<Decimal>,
    /// What is due in the end.
    pub(super) target: Option<Decimal>,
    /// The status.
    pub(super) progress: Progress,
}

/// Indicator, measure, key, id of the plan.
const FOLLOWED: [(&str, &str, &str, &str); 7] = [
    ("D01", "value", "d01", "D01"),
    ("D02", "spend_eur", "d02", "D02_DIAGNOSTICS"),
    ("M02", "value", "m02", "M02"),
    ("D06", "approved", "d06-approved", "D06"),
    ("D06", "committed", "d06-committed", "D06_COMMITTED"),
    ("O01", "value", "o01", "O01"),
    ("O03", "value", "o03", "O03"),
];

impl<'a> Track<'a> {
    /// All measures that the edition has, in the order of the actions.
    pub(super) fn list(writer: &'a Writer<'a>) -> Vec<Track<'a>> {
        FOLLOWED
            .iter()
            .filter_map(|(indicator, measure, key, plan)| Self::of(writer, indicator, measure, key, plan))
            .collect()
    }

    fn of(
        writer: &'a Writer<'a>,
        indicator: &'static str,
        measure: &str,
        key: &'static str,
        plan_id: &str,
    ) -> Option<Track<'a>> {
        let period = writer.input.period;
        let series = writer.figures.find(indicator, measure)?;
        let plan = writer.figures.plan(plan_id, period);
        let budget = if indicator == "D02" { Some(plan.target.filter(|amount| !amount.is_zero())?) } else { None };
        let scale =
            |value: Decimal| budget.map_or(Some(value), |total| (value * Decimal::ONE_HUNDRED).checked_div(total));
        let to_date: Vec<(Period, Observation)> = series
            .quarters()
            .into_iter()
            .map(|quarter| (quarter, scaled(series.total(TimeKey::ToDate(quarter), "WALES"), &scale)))
            .collect();
        let (due, target) = if series.is_level() {
            (plan.profile.or(plan.target), plan.target)
        } else {
            (plan.profile.and_then(scale), plan.target.and_then(scale))
        };
        let now = to_date.iter().find(|(quarter, _)| *quarter == period).and_then(|(_, o)| o.value());
        let progress = writer.figures.progress(indicator, now, due);
        Some(Track { indicator, key, series, budget, to_date, due, target, progress })
    }

    /// The figure to date of a quarter.
    pub(super) fn at(&self, period: Period) -> Observation {
        self.to_date
            .iter()
            .find(|(quarter, _)| *quarter == period)
            .map_or(crate::pack::figures::ABSENT, |(_, observation)| observation.clone())
    }

    /// The change to a quarter since another, from unrounded figures.
    pub(super) fn change(&self, from: Period, to: Period) -> Option<Decimal> {
        Some(self.at(to).value()? - self.at(from).value()?)
    }

    /// A figure as printed in headlines.
    pub(super) fn headline(&self, value: Decimal) -> Number {
        if self.budget.is_some() { numbers::per_cent(value) } else { self.series.headline(value) }
    }

    /// A figure as printed in tables.
    pub(super) fn number(&self, value: Decimal) -> Number {
        if self.budget.is_some() { numbers::per_cent(value) } else { self.series.number(value) }
    }

    /// Whether figures are per cent, whose changes are points.
    pub(super) fn in_per_cent(&self) -> bool {
        self.budget.is_some() || self.series.header().unit == Unit::PerCent
    }

    /// Whether figures add up from zero.
    pub(super) fn starts_at_zero(&self) -> bool {
        matches!(self.series.header().kind, Kind::Count | Kind::Magnitude)
    }

    /// The budget of which figures are a share.
    pub(super) fn budget(&self) -> Option<Decimal> {
        self.budget
    }

    /// The figure as a share of what is due, per cent.
    pub(super) fn share_of_due(&self, period: Period) -> Option<Decimal> {
        (self.at(period).value()? * Decimal::ONE_HUNDRED).checked_div(self.due?)
    }
}

fn scaled(observation: &Observation, scale: &impl Fn(Decimal) -> Option<Decimal>) -> Observation {
    match observation {
        Observation::Value { value, marks } => scale(*value)
            .map_or(crate::pack::figures::ABSENT, |value| Observation::Value { value, marks: marks.clone() }),
        Observation::Missing(status) => Observation::Missing(*status),
    }
}

impl Track<'_> {
    /// What is due, exactly as planned: a profile of 437.5 is not rounded.
    pub(super) fn due_text(&self, due: Decimal) -> String {
        match self.series.header().kind {
            Kind::Count => numbers::plain(due, u32::from(!due.fract().is_zero())).text(),
            _ => self.headline(due).text(),
        }
    }
}

impl Track<'_> {
    /// What is due as a table's figure, exactly as planned for counts.
    pub(super) fn due_number(&self, due: Decimal) -> Number {
        match self.series.header().kind {
            Kind::Count => numbers::plain(due, u32::from(!due.fract().is_zero())),
            _ => self.number(due),
        }
    }
}
