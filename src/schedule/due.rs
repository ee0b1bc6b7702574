//! Which slots are due now: pure, and the whole of the catch-up policy.

use std::time::Duration;

use jiff::Timestamp;

use super::slot::Slot;
use super::timetable::Timetable;
use crate::definitions::Missed;

/// A slot is on time, not missed, when it is served within this time: longer than any tick.
const ON_TIME: Duration = Duration::from_mins(2);

/// What is due, and what is let go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueSlots {
    /// To be served, oldest first.
    pub due: Vec<Slot>,
    /// The first slot that is let go by the job's policy, and maybe others after it.
    pub first_let_go: Option<Slot>,
}

/// The slots after `last_planned` up to and including `now` that must be served now. With `latest`, the last of them;
/// with `all`, each that is not older than the job's greatest age; with `none`, those that are on time.
#[must_use]
pub fn find_due_slots(timetable: &Timetable, last_planned: Timestamp, now: Timestamp) -> DueSlots {
    let schedule = &timetable.job().schedule;
    let reach = match schedule.missed {
        Missed::None => ON_TIME,
        Missed::Latest | Missed::All => schedule.missed_max_age.max(ON_TIME),
    };
    // A slot as old as the reach is still served, hence a nanosecond before it. The reach also bounds the list.
    let horizon = now.checked_sub(reach + Duration::from_nanos(1)).unwrap_or(Timestamp::MIN);
    let from = last_planned.max(horizon);
    let mut due: Vec<Slot> = timetable.slots_after(from).take_while(|slot| slot.at <= now).collect();
    let mut first_let_go = timetable.slots_after(last_planned).next().filter(|slot| slot.at <= from && slot.at <= now);
    if schedule.missed == Missed::Latest && due.len() > 1 {
        let last = due.split_off(due.len() - 1);
        first_let_go = first_let_go.or_else(|| due.into_iter().next());
        due = last;
    }
    DueSlots { due, first_let_go }
}
