//! The gap between two areas in factors that add up (domain, section 2F): ln(Y/N) = ln(Y/H) + ln(H/J) + ln(J/N).

use rust_decimal::Decimal;

use super::MethodError;
use super::significant::{float, significant};

/// Hourly productivity, hours per job, jobs per head: from GVA, hours, jobs, population.
pub const THREE_FACTORS: [&str; 3] = ["hourly", "hours_per_job", "jobs_per_head"];
/// Hourly productivity, hours per job, jobs per employed resident, employment rate, working-age share: from GVA, hours, jobs,
/// employed residents, residents of working age, population.
pub const FIVE_FACTORS: [&str; 5] = ["hourly", "hours_per_job", "jobs_per_resident", "employment_rate", "working_age"];

/// The factors of the log gap of one area to another. `area` and `other` hold the same chain of quantities, each factor being
/// the logarithm of a quantity over the next one. The parts have twelve significant digits; their sum is the total, so
/// nothing is left over. None unless every quantity is above zero.
///
/// # Errors
/// When a part does not fit.
pub fn log_gap(area: &[Decimal], other: &[Decimal]) -> Result<Option<Vec<Decimal>>, MethodError> {
    if area.iter().chain(other).any(|quantity| *quantity <= Decimal::ZERO) {
        return Ok(None);
    }
    let steps = area.windows(2).zip(other.windows(2));
    let part = |(a, b): (&[Decimal], &[Decimal])| {
        let ratio = |pair: &[Decimal]| float(pair[0]) / float(pair[1]);
        significant((ratio(a) / ratio(b)).ln())
    };
    steps.map(part).collect::<Result<Vec<_>, _>>().map(Some)
}
