//! The scheduler's process: beat, look what is due, start it, stop cleanly.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use super::error::ScheduleError;
use super::heartbeat::Heartbeat;
use super::serving::{Runner, ServeSummary, Serving};
use super::timetable::Timetable;
use super::watch::Watch;
use crate::clock::Clock;
use crate::model::JobName;
use crate::telemetry::field;

/// How the scheduler serves.
#[derive(Clone, Debug, Default)]
pub struct ServeOptions {
    /// Seconds between two looks, 1 to 60 (`serve.tick_seconds`).
    pub tick_seconds: u32,
    /// How long a stop waits for what is running (`serve.drain_seconds`).
    pub drain: Duration,
    /// How many runs may go on at once, of different jobs; at least 1.
    pub parallel: usize,
    /// The last slot of each job that was ever claimed. Slots after it are caught up by the job's policy.
    pub last_planned: BTreeMap<JobName, Timestamp>,
    /// Slots that were claimed by a process that died before they ended. They are run again first.
    pub unfinished: Vec<(JobName, Timestamp)>,
}

/// Serves jobs until `stop` turns true (or its sender is gone), then waits for what is running and ends the heartbeat.
///
/// # Errors
/// When the clock stands still, or the heartbeat cannot be started.
pub async fn serve<R: Runner>(
    timetables: BTreeMap<JobName, Timetable>,
    options: ServeOptions,
    clock: Clock,
    runner: R,
    stop: watch::Receiver<bool>,
) -> Result<ServeSummary, ScheduleError> {
    if clock.is_rehearsal() {
        return Err(ScheduleError::Rehearsal);
    }
    let (heartbeat, beats) = Heartbeat::start(options.tick_seconds.max(1)).await?;
    let summary = serve_beats(timetables, options, beats, move || clock.now(), runner, stop).await;
    heartbeat.stop().await?;
    Ok(summary)
}

/// The loop itself, with the beats and the time handed in. Ends when it is stopped or the beats are over.
pub(super) async fn serve_beats<R: Runner>(
    timetables: BTreeMap<JobName, Timetable>,
    options: ServeOptions,
    mut beats: mpsc::Receiver<()>,
    now: impl Fn() -> Timestamp,
    runner: R,
    mut stop: watch::Receiver<bool>,
) -> ServeSummary {
    let mut watch = Watch::new(timetables, &options.last_planned, now());
    let mut serving = Serving::new(runner, options.parallel);
    for (job, at) in &options.unfinished {
        if let Some(due) = watch.find_slot(job, *at) {
            serving.resume(due);
        } else {
            tracing::warn!({ field::JOB } = %job, { field::SLOT } = %at, "a run died, but its slot is gone");
        }
    }
    if let Some(next) = watch.find_next(now()) {
        tracing::info!({ field::JOB } = %next.job.name, { field::SLOT } = %next.slot.at, "serving; this comes next");
    }
    // A heart that misses several beats is looked past: slots do not wait for it.
    let patience = Duration::from_secs(u64::from(options.tick_seconds) * 3 + 5);
    serving.take(watch.tick(now())).await;
    loop {
        tokio::select! {
            biased;
            () = wait_for_stop(&mut stop) => break,
            ended = serving.wait_for_end() => serving.settle(ended).await,
            beat = tokio::time::timeout(patience, beats.recv()) => match beat {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(_) => tracing::warn!("the heartbeat is late; looking for due jobs without it"),
            },
        }
        serving.take(watch.tick(now())).await;
    }
    tracing::info!("stopping; waiting for what is running");
    serving.drain(options.drain).await
}

async fn wait_for_stop(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone cannot ask any more: that is a stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}
