//! Keeps, for each job, up to which instant its slots were looked at. Pure: the present instant is handed in.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::due::find_due_slots;
use super::slot::Slot;
use super::timetable::Timetable;
use crate::definitions::Job;
use crate::model::JobName;
use crate::telemetry::field;

/// A clock that goes back by more than this was wrong before; by less, it is being corrected.
const CLOCK_WAS_WRONG: SignedDuration = SignedDuration::from_mins(10);

/// One run that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which job.
    pub job: Job,
    /// Which slot.
    pub slot: Slot,
}

/// All timetables, and how far each was looked at.
#[derive(Clone, Debug)]
pub struct Watch {
    jobs: Vec<(Timetable, Timestamp)>,
}

impl Watch {
    /// Starts watching. `last_planned` holds the last slot of each job that was claimed; a job without one has never
    /// run and starts with its next slot after `now`.
    #[must_use]
    pub fn new(
        timetables: BTreeMap<JobName, Timetable>,
        last_planned: &BTreeMap<JobName, Timestamp>,
        now: Timestamp,
    ) -> Self {
        let jobs = timetables.into_iter().map(|(name, timetable)| {
            let planned = last_planned.get(&name).copied().unwrap_or(now);
            (timetable, planned.min(now))
        });
        Self { jobs: jobs.collect() }
    }

    /// What became due since the last tick, oldest first. The same slot never comes twice, except when the clock was
    /// set far back; claims in the ledger catch that.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Due> {
        let mut all = Vec::new();
        for (timetable, planned) in &mut self.jobs {
            let job = timetable.job();
            if planned.duration_since(now) > CLOCK_WAS_WRONG {
                tracing::warn!({ field::JOB } = %job.name, %planned, %now, "the clock was set back; planning from now on");
                *planned = now;
            }
            if now <= *planned {
                continue;
            }
            let found = find_due_slots(timetable, *planned, now);
            if let Some(slot) = found.first_let_go {
                tracing::warn!({ field::JOB } = %job.name, { field::SLOT } = %slot.at, "missed slots are let go, from this one");
            }
            all.extend(found.due.into_iter().map(|slot| Due { job: job.clone(), slot }));
            *planned = now;
        }
        all.sort_by(|a, b| (a.slot.at, &a.job.name).cmp(&(b.slot.at, &b.job.name)));
        all
    }

    /// The next slot of any job after an instant, for people who look at a quiet log.
    #[must_use]
    pub fn find_next(&self, now: Timestamp) -> Option<Due> {
        let next = |(timetable, _): &(Timetable, Timestamp)| {
            let slot = timetable.slots_after(now).next()?;
            Some(Due { job: timetable.job().clone(), slot })
        };
        self.jobs.iter().filter_map(next).min_by_key(|due| due.slot.at)
    }

    /// A slot of a job by its identity, to take up a run that died; none if the job or the slot is no longer there.
    #[must_use]
    pub fn find_slot(&self, job: &JobName, at: Timestamp) -> Option<Due> {
        let (timetable, _) = self.jobs.iter().find(|(timetable, _)| timetable.job().name == *job)?;
        let before = at.checked_sub(Duration::from_nanos(1)).ok()?;
        let slot = timetable.slots_after(before).next().filter(|slot| slot.at == at)?;
        Some(Due { job: timetable.job().clone(), slot })
    }
}
