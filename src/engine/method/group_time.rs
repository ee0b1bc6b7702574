//! Effects by group and time for starts at different times (Callaway and Sant'Anna 2021; domain, section 2F): changes of each
//! group since the period before its start, beside those of all who have not started by then. No two-way fixed effects.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::MethodError;
use super::treatment::{Arm, Change};

/// What was seen of one unit in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Who.
    pub unit: u32,
    /// When.
    pub period: i32,
    /// The period in which it was first treated; none if never.
    pub start: Option<i32>,
    /// What was seen.
    pub outcome: Decimal,
}

/// Which changes are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placebo {
    /// From the period before the start to each period from the start on: the effect.
    Effect,
    /// From two periods before the start to one before it: the trend before, which should be nothing.
    PreTrend,
}

/// The changes from which [`super::effect`] makes ATT(g,t) for every group g and time t, weighted by the size of the group:
/// one cohort a pair of group and time, with the units of the group as treated and those with a start after t, or none, as
/// controls. Who was not seen in both periods is in neither. For the trend before the start the time is g - 1 and controls are
/// those not started by g.
///
/// # Errors
/// When a unit has two starts or two outcomes in one period, or a difference does not fit.
pub fn group_time_changes(sightings: &[Sighting], placebo: Placebo) -> Result<Vec<Change>, MethodError> {
    let mut starts: BTreeMap<u32, Option<i32>> = BTreeMap::new();
    let mut seen: BTreeMap<(u32, i32), Decimal> = BTreeMap::new();
    for one in sightings {
        if *starts.entry(one.unit).or_insert(one.start) != one.start {
            return Err(MethodError::argument("the start of a unit", "the same in all its rows"));
        }
        if seen.insert((one.unit, one.period), one.outcome).is_some() {
            return Err(MethodError::argument("a unit", "seen once a period"));
        }
    }
    let groups: BTreeSet<i32> = starts.values().copied().flatten().collect();
    let periods: BTreeSet<i32> = sightings.iter().map(|one| one.period).collect();
    let mut changes = Vec::new();
    let mut cohort = 0;
    for group in groups {
        let pairs: Vec<(i32, i32, i32)> = match placebo {
            Placebo::Effect => periods.range(group..).map(|time| (group - 1, *time, *time)).collect(),
            Placebo::PreTrend => vec![(group - 2, group - 1, group)],
        };
        for (from, to, free_until) in pairs {
            cohort += 1;
            for (unit, start) in &starts {
                let arm = match start {
                    Some(start) if *start == group => Arm::Treated,
                    Some(start) if *start <= free_until => continue,
                    _ => Arm::Control,
                };
                let Some((before, after)) = seen.get(&(*unit, from)).zip(seen.get(&(*unit, to))) else { continue };
                let change = after.checked_sub(*before).ok_or(MethodError::Overflow)?;
                changes.push(Change { cohort, arm, unit: *unit, change });
            }
        }
    }
    Ok(changes)
}
