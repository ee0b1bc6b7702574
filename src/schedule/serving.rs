//! Runs what is due: claims each slot, keeps runs of one job apart, and settles every claim whatever becomes of the run.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{Id, JoinError, JoinSet};

use super::slot::Slot;
use super::watch::Due;
use crate::definitions::{Job, Overlap};
use crate::telemetry::field;

/// Why a slot could not be claimed; it is tried again at the next beat.
pub type ClaimError = Box<dyn std::error::Error + Send + Sync>;

/// What the scheduler needs from whoever runs jobs.
pub trait Runner: Send + Sync + 'static {
    /// Claims a slot before its run starts: true for the first who asks, false ever after (a unique row in the ledger).
    fn claim(&self, job: &Job, slot: &Slot) -> impl Future<Output = Result<bool, ClaimError>> + Send;
    /// Does the work. Records its own outcome; may be dropped at any await when it takes too long.
    fn run(&self, job: Job, slot: Slot) -> impl Future<Output = ()> + Send;
    /// Records how a claimed slot ended. Must not fail: what cannot be recorded is logged.
    fn settle(&self, job: &Job, slot: &Slot, ending: Ending) -> impl Future<Output = ()> + Send;
}

/// How a claimed slot ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The run came to its own end, good or bad.
    Ran,
    /// It was not started, since an earlier run of the job still went on.
    Skipped,
    /// It panicked: a defect.
    Panicked,
    /// It took longer than the job's timeout and was dropped.
    TimedOut,
    /// The process was stopped and did not wait for it any longer.
    CutOff,
}

impl Ending {
    /// As written in logs and the ledger.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::Skipped => "skipped",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed out",
            Self::CutOff => "cut off",
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a scheduler did while it served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServeSummary {
    /// Runs that came to their own end.
    pub ran: u64,
    /// Slots that were skipped, since an earlier run still went on.
    pub skipped: u64,
    /// Runs that panicked, took too long or were cut off.
    pub broken: u64,
}

/// A run's task, ended.
pub(super) type Ended = Result<(Id, Ending), JoinError>;

/// What is waiting and what is running.
pub(super) struct Serving<R> {
    runner: Arc<R>,
    parallel: usize,
    /// Waiting for a place; `true` for a run that died and whose slot is claimed already.
    waiting: VecDeque<(Due, bool)>,
    running: JoinSet<Ending>,
    places: HashMap<Id, Due>,
    summary: ServeSummary,
}

impl<R: Runner> Serving<R> {
    pub(super) fn new(runner: R, parallel: usize) -> Self {
        Self {
            runner: Arc::new(runner),
            parallel: parallel.max(1),
            waiting: VecDeque::new(),
            running: JoinSet::new(),
            places: HashMap::new(),
            summary: ServeSummary::default(),
        }
    }

    /// Takes up a run that died with an earlier process.
    pub(super) fn resume(&mut self, due: Due) {
        self.waiting.push_back((due, true));
    }

    /// Takes what became due and starts what can be started.
    pub(super) async fn take(&mut self, dues: Vec<Due>) {
        for due in dues {
            if due.job.overlap == Overlap::Forbid && self.is_busy(&due.job) {
                self.skip(due).await;
            } else {
                self.waiting.push_back((due, false));
            }
        }
        self.start_waiting().await;
    }

    fn is_busy(&self, job: &Job) -> bool {
        self.is_running(job) || self.waiting.iter().any(|(due, _)| due.job.name == job.name)
    }

    fn is_running(&self, job: &Job) -> bool {
        self.places.values().any(|due| due.job.name == job.name)
    }

    async fn skip(&mut self, due: Due) {
        match self.runner.claim(&due.job, &due.slot).await {
            Ok(true) => {
                self.summary.skipped += 1;
                tracing::warn!({ field::JOB } = %due.job.name, { field::SLOT } = %due.slot.at, "skipped: an earlier run still goes on");
                self.runner.settle(&due.job, &due.slot, Ending::Skipped).await;
            }
            Ok(false) => {}
            // Nobody can record that it was skipped, but it must not run either.
            Err(error) => warn_unclaimed(&due, error.as_ref()),
        }
    }

    /// Starts runs, oldest first, while there are places, and never two of one job.
    pub(super) async fn start_waiting(&mut self) {
        let mut kept = VecDeque::new();
        while let Some((due, claimed)) = self.waiting.pop_front() {
            if self.running.len() >= self.parallel || self.is_running(&due.job) {
                kept.push_back((due, claimed));
                continue;
            }
            let claim = if claimed { Ok(true) } else { self.runner.claim(&due.job, &due.slot).await };
            match claim {
                Ok(true) => self.start(due),
                Ok(false) => {
                    tracing::debug!({ field::JOB } = %due.job.name, { field::SLOT } = %due.slot.at, "somebody else has this slot");
                }
                Err(error) => {
                    warn_unclaimed(&due, error.as_ref());
                    kept.push_back((due, claimed));
                }
            }
        }
        self.waiting = kept;
    }

    fn start(&mut self, due: Due) {
        tracing::info!({ field::JOB } = %due.job.name, { field::SLOT } = %due.slot.at, { field::PERIOD } = %due.slot.period, "starting");
        let (runner, job, slot) = (Arc::clone(&self.runner), due.job.clone(), due.slot.clone());
        let task = async move {
            let timeout = job.timeout;
            match tokio::time::timeout(timeout, runner.run(job, slot)).await {
                Ok(()) => Ending::Ran,
                Err(_) => Ending::TimedOut,
            }
        };
        let id = self.running.spawn(task).id();
        self.places.insert(id, due);
    }

    /// Waits until a run ends; for ever when nothing runs. May be dropped at any time without losing an end.
    pub(super) async fn wait_for_end(&mut self) -> Ended {
        match self.running.join_next_with_id().await {
            Some(ended) => ended,
            None => std::future::pending().await,
        }
    }

    /// Records how a run ended and frees its place.
    pub(super) async fn settle(&mut self, ended: Ended) {
        let (id, ending) = match ended {
            Ok((id, ending)) => (id, ending),
            Err(error) if error.is_panic() => (error.id(), Ending::Panicked),
            Err(error) => (error.id(), Ending::CutOff),
        };
        let Some(due) = self.places.remove(&id) else { return };
        match ending {
            Ending::Ran => self.summary.ran += 1,
            Ending::Skipped => self.summary.skipped += 1,
            Ending::Panicked | Ending::TimedOut | Ending::CutOff => {
                self.summary.broken += 1;
                tracing::error!({ field::JOB } = %due.job.name, { field::SLOT } = %due.slot.at, "the run ended badly: {ending}");
            }
        }
        self.runner.settle(&due.job, &due.slot, ending).await;
    }

    /// Starts nothing more, waits for what runs, and cuts off what is still running after `limit`. What was only waiting
    /// stays unclaimed and is due again when the process comes back.
    pub(super) async fn drain(mut self, limit: Duration) -> ServeSummary {
        self.waiting.clear();
        let deadline = tokio::time::sleep(limit);
        tokio::pin!(deadline);
        let mut cut_off = false;
        while !self.running.is_empty() {
            tokio::select! {
                ended = self.wait_for_end() => self.settle(ended).await,
                () = &mut deadline, if !cut_off => {
                    cut_off = true;
                    self.running.abort_all();
                }
            }
        }
        self.summary
    }
}

fn warn_unclaimed(due: &Due, error: &(dyn std::error::Error + Send + Sync)) {
    tracing::warn!({ field::JOB } = %due.job.name, { field::SLOT } = %due.slot.at, { field::ERROR } = %error, "cannot claim the slot");
}
