//! `mesur serve`: all jobs on their schedules, until a stop signal.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::definitions::{Job, WorkingDays};
use crate::model::JobName;
use crate::pipeline::{JobRequest, PipelineError, Workspace};
use crate::schedule::{ClaimError, Ending, Runner, ServeOptions, Slot, load_timetables, serve};

use super::error::CliError;

/// Runs jobs in this process, one at a time: each takes the project's lock.
struct InProcess {
    workspace: Arc<Workspace>,
}

impl Runner for InProcess {
    async fn claim(&self, job: &Job, slot: &Slot) -> Result<bool, ClaimError> {
        let now = self.workspace.project.settings.clock.now();
        Ok(self.workspace.ledger.claim_slot(&job.name, slot.at, now).await?)
    }

    async fn run(&self, job: Job, slot: Slot) {
        let request = JobRequest { job: job.name.clone(), period: slot.period.quarter() };
        // The run records its own outcome in the ledger; here it is told to whoever watches the process.
        match self.workspace.run_job(&request).await {
            Ok(report) => tracing::info!(job = %job.name, run = %report.run, "the run is complete"),
            Err(error) => tracing::error!(job = %job.name, error = %error, "the run failed"),
        }
    }

    async fn settle(&self, job: &Job, slot: &Slot, ending: Ending) {
        let now = self.workspace.project.settings.clock.now();
        if let Err(error) = self.workspace.ledger.finish_slot(&job.name, slot.at, None, now).await {
            tracing::error!(job = %job.name, ending = %ending, error = %error, "the slot's end could not be recorded");
        }
    }
}

pub(super) async fn run(workspace: Workspace) -> Result<u8, CliError> {
    let settings = &workspace.project.settings;
    let days = WorkingDays::new(&settings.calendar.added, &settings.calendar.removed);
    let timetables = load_timetables(&workspace.project.definitions.jobs, &days).map_err(PipelineError::from)?;
    let mut last_planned = BTreeMap::new();
    let mut unfinished: Vec<(JobName, jiff::Timestamp)> = Vec::new();
    for job in timetables.keys() {
        if let Some(slot) = workspace.ledger.find_last_slot(job).await.map_err(PipelineError::from)? {
            last_planned.insert(job.clone(), slot.slot);
            if slot.finished_at.is_none() {
                unfinished.push((job.clone(), slot.slot));
            }
        }
    }
    let options = ServeOptions {
        tick_seconds: settings.serve.tick_seconds,
        drain: Duration::from_secs(settings.serve.drain_seconds),
        parallel: 1,
        last_planned,
        unfinished,
    };
    let clock = settings.clock;
    for (job, timetable) in &timetables {
        if let Some(slot) = timetable.slots_after(clock.now()).next() {
            eprintln!("{job}: next on {}", slot.local.strftime("%a %Y-%m-%d %H:%M %Z"));
        }
    }
    eprintln!("serving {} jobs; stop with Ctrl-C or SIGTERM", timetables.len());
    let (stop, stopped) = watch::channel(false);
    let signals = listen(stop)?;
    let runner = InProcess { workspace: Arc::new(workspace) };
    let summary =
        serve(timetables, options, clock, runner, stopped).await.map_err(|source| CliError::Scheduler { source })?;
    signals.abort();
    eprintln!("stopped: {} ran, {} skipped, {} broken", summary.ran, summary.skipped, summary.broken);
    Ok(0)
}

/// Turns the first stop signal into a stop.
fn listen(stop: watch::Sender<bool>) -> Result<tokio::task::JoinHandle<()>, CliError> {
    let failed = |source| CliError::Runtime { source };
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    Ok(tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        let _nobody_waits = stop.send(true);
        // The sender must live until the scheduler has looked.
        stop.closed().await;
    }))
}
