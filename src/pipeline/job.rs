//! A job's steps in order, for a quarter: what `requires` names first, then ingest, build, edition, gates, sending.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;

use crate::definitions::{Job, Reports, Step};
use crate::dispatch::DispatchSummary;
use crate::ledger::{EditionRecord, Lock, RunId, RunState};
use crate::model::{ContentHash, EditionId, EditionState, ErrorClass, JobName, Period};

use super::ingest::{IngestReport, IngestRequest};
use super::manifest::is_manifest;
use super::{BuildReport, Built, DataTestOutcome, Pinned, PipelineError, WatchReport, Workspace};

/// Which job for which quarter.
#[derive(Clone, Debug)]
pub struct JobRequest {
    /// The job.
    pub job: JobName,
    /// The quarter; by default the last finished one with data.
    pub period: Option<Period>,
}

/// What a job did.
#[derive(Debug)]
pub struct JobReport {
    /// The run in the ledger.
    pub run: RunId,
    /// The job.
    pub job: JobName,
    /// The quarter, if a step needed one.
    pub period: Option<Period>,
    /// Jobs that ran first because this one requires them.
    pub required: Vec<JobReport>,
    /// One entry a step, in order.
    pub steps: Vec<StepReport>,
    /// How long each of them took.
    pub took: Vec<Duration>,
}

/// What a step did.
#[derive(Debug)]
pub enum StepReport {
    /// Extracts were taken in.
    Ingest(IngestReport),
    /// Sources were watched.
    Freshness(WatchReport),
    /// No data test failed; some may have warned.
    Test(Vec<DataTestOutcome>),
    /// Indicators were computed.
    Build(BuildReport),
    /// No finished quarter has data yet.
    NothingToBuild,
    /// A pack was rendered, or there was nothing to do.
    Edition {
        /// The edition.
        report: EditionReport,
        /// The indicators in it.
        indicators: Option<BuildReport>,
    },
    /// The gates let the edition through.
    Preflight {
        /// How many recipients there are.
        recipients: usize,
    },
    /// The approvals asked for are there.
    Approved,
    /// Messages went out.
    Send(DispatchSummary),
    /// Nothing was sent because a sent edition's data have changed.
    NotSent {
        /// Which edition went out.
        sent: EditionId,
    },
}

/// An edition's state after its step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionReport {
    /// Which.
    pub id: EditionId,
    /// Its folder.
    pub folder: PathBuf,
    /// Names of its files.
    pub files: Vec<String>,
    /// Whether it was there already, from the same inputs.
    pub unchanged: bool,
    /// Whether it went out and its data have changed since.
    pub stale: bool,
}

/// A job that stopped before its end.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct JobFailure {
    /// What was done until then: runs that it required, and the steps of its own run, if it began one.
    pub done: Vec<JobReport>,
    /// What stopped it; its message is this one's.
    pub error: Box<PipelineError>,
}

impl<E: Into<PipelineError>> From<E> for JobFailure {
    fn from(error: E) -> Self {
        Self { done: Vec::new(), error: Box::new(error.into()) }
    }
}

impl JobReport {
    /// Classes of everything that went wrong without stopping the job.
    #[must_use]
    pub fn failures(&self) -> Vec<ErrorClass> {
        let mut classes: Vec<ErrorClass> = self.required.iter().flat_map(Self::failures).collect();
        for step in &self.steps {
            match step {
                StepReport::Ingest(report) => classes.extend(report.failures()),
                StepReport::Freshness(report) => classes.extend(report.failures()),
                StepReport::Send(summary) if summary.failed + summary.unknown > 0 => classes.push(ErrorClass::Delivery),
                _ => {}
            }
        }
        classes
    }
}

/// What the steps of one run hand to each other.
#[derive(Default)]
pub(super) struct Hand {
    pub(super) built: Option<(Pinned, Built)>,
    /// What data tests said of a snapshot.
    pub(super) tested: Option<(ContentHash, Vec<DataTestOutcome>)>,
    pub(super) edition: Option<EditionRecord>,
    pub(super) summary: Option<BuildReport>,
    pub(super) stale: bool,
}

impl Workspace {
    /// Runs a job: first the jobs it requires that are not green for the quarter, then its own steps.
    ///
    /// # Errors
    /// When a step could not do its work, or a gate said no. The run is recorded as failed, and the failure tells what
    /// was done before.
    pub async fn run_job(&self, request: &JobRequest) -> Result<JobReport, JobFailure> {
        let lock = self.lock()?;
        self.ledger.abort_stale_runs(self.project.settings.clock.now()).await?;
        let job = self.known_job(&request.job)?;
        let mut hand = Hand::default();
        let report = Box::pin(self.run_known(job, request.period, &lock, &mut hand)).await;
        drop(lock);
        report
    }

    /// A job by name.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn known_job(&self, name: &JobName) -> Result<&Job, PipelineError> {
        let jobs = &self.project.definitions.jobs;
        jobs.get(name).ok_or_else(|| PipelineError::Unknown {
            kind: "job",
            name: name.to_string(),
            known: jobs.keys().map(JobName::as_str).collect::<Vec<_>>().join(", "),
        })
    }

    async fn run_known(
        &self,
        job: &Job,
        period: Option<Period>,
        lock: &Lock,
        hand: &mut Hand,
    ) -> Result<JobReport, JobFailure> {
        if let Some(period) = period {
            self.finished(period)?;
        }
        let mut required = Vec::new();
        for name in &job.requires {
            let other = self.known_job(name)?;
            if !self.is_green(other, period).await? {
                match Box::pin(self.run_known(other, period, lock, hand)).await {
                    Ok(report) => required.push(report),
                    Err(mut failure) => {
                        failure.done.splice(0..0, required);
                        return Err(failure);
                    }
                }
            }
        }
        let run = self.ledger.begin_run(&job.name, period, self.project.settings.clock.now()).await?;
        let (mut steps, mut took) = (Vec::new(), Vec::new());
        let mut reported = period;
        let outcome: Result<(), PipelineError> = async {
            for step in &job.steps {
                if needs_period(job, *step) && reported.is_none() {
                    reported = match self.last_period().await {
                        Err(PipelineError::NoPeriod { .. }) if job.reports == Reports::Day => None,
                        found => Some(found?),
                    };
                }
                let watch = self.project.settings.clock.start_stopwatch();
                steps.push(self.run_step(job, *step, reported, &run, hand).await?);
                took.push(watch.elapsed());
            }
            Ok(())
        }
        .await;
        let report = JobReport { run, job: job.name.clone(), period: reported, required, steps, took };
        let (state, summary) = match &outcome {
            Ok(()) => (RunState::Complete, super::summary::of_report(&report)),
            Err(error) => (RunState::Failed, super::summary::of_error(&report, error)),
        };
        self.ledger.finish_run(&run, state, &summary, self.project.settings.clock.now()).await?;
        match outcome {
            Ok(()) => Ok(report),
            Err(error) => Err(JobFailure { done: vec![report], error: Box::new(error) }),
        }
    }

    async fn run_step(
        &self,
        job: &Job,
        step: Step,
        period: Option<Period>,
        run: &RunId,
        hand: &mut Hand,
    ) -> Result<StepReport, PipelineError> {
        let period_of_step = |period: Option<Period>| {
            period.ok_or_else(|| PipelineError::NoPeriod { inbox: self.project.settings.inbox_dir.clone() })
        };
        match step {
            Step::Ingest => Ok(StepReport::Ingest(self.ingest(&IngestRequest::default(), *run).await?)),
            Step::Freshness => Ok(StepReport::Freshness(self.watch_sources(period).await?)),
            Step::Test => Ok(StepReport::Test(self.test_step(hand).await?)),
            Step::Build => {
                let Some(period) = period else { return Ok(StepReport::NothingToBuild) };
                let pinned = self.pin().await?;
                self.has_data(&pinned, period)?;
                let built = self.build(&pinned, period, &[]).await?;
                let report = built.report.clone();
                hand.built = Some((pinned, built));
                Ok(StepReport::Build(report))
            }
            Step::EditionBuild => {
                let report = Box::pin(self.build_edition(job, period_of_step(period)?, hand)).await?;
                Ok(StepReport::Edition { report, indicators: hand.summary.clone() })
            }
            Step::Preflight => {
                let record = Self::edition_in_hand(job, step, hand)?;
                let recipients = self.preflight(job, &record).await?;
                let settings_now = self.project.settings.clock.now();
                if record.state < EditionState::Checked {
                    self.ledger.set_edition_state(&record.id, EditionState::Checked, settings_now).await?;
                }
                Ok(StepReport::Preflight { recipients })
            }
            Step::Approve => {
                let record = Self::edition_in_hand(job, step, hand)?;
                if record.state < EditionState::Approved {
                    let reason = format!("{} approval(s) are asked for and none is recorded", job.approvals);
                    return Err(PipelineError::Gate { edition: record.id.to_string(), reasons: vec![reason] });
                }
                Ok(StepReport::Approved)
            }
            Step::Send => {
                let record = Self::edition_in_hand(job, step, hand)?;
                if hand.stale {
                    return Ok(StepReport::NotSent { sent: record.id });
                }
                Ok(StepReport::Send(self.send(job, &record).await?))
            }
        }
    }

    fn edition_in_hand(job: &Job, step: Step, hand: &Hand) -> Result<EditionRecord, PipelineError> {
        hand.edition.clone().ok_or_else(|| PipelineError::StepOrder {
            job: job.name.to_string(),
            step: step.as_str().to_owned(),
            needs: "edition-build",
        })
    }

    /// Whether a required job needs not run: it completed for the quarter, or, being daily, on a day after the
    /// quarter's end, and the inbox holds nothing new.
    async fn is_green(&self, job: &Job, period: Option<Period>) -> Result<bool, PipelineError> {
        let Some(period) = period else { return Ok(false) };
        let done = self.ledger.find_complete_run(&job.name, Some(period)).await?.is_some();
        Ok(done && !self.inbox_has_news().await?)
    }

    async fn inbox_has_news(&self) -> Result<bool, PipelineError> {
        for candidate in crate::intake::list_inbox(&self.project.settings.inbox_dir)?.candidates {
            if candidate.name.is_err() || is_manifest(&candidate.file_name) {
                continue;
            }
            let hash = crate::intake::fingerprint(&candidate.path)?;
            if self.ledger.find_extract(&hash).await?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn finished(&self, period: Period) -> Result<(), PipelineError> {
        if period.last_day() < self.project.settings.clock.today(&self.project.settings.zone) {
            return Ok(());
        }
        Err(PipelineError::OpenPeriod { period, ends: period.last_day().to_string() })
    }

    /// The last finished quarter for which the lake holds programme extracts.
    ///
    /// # Errors
    /// When there is none.
    pub async fn last_period(&self) -> Result<Period, PipelineError> {
        let none = || PipelineError::NoPeriod { inbox: self.project.settings.inbox_dir.clone() };
        let known_to = self.pin().await?.known_to().ok_or_else(none)?;
        let today = self.project.settings.clock.today(&self.project.settings.zone);
        let period_of = |day: Date| {
            let period = Period::containing(day);
            if period.last_day() <= day { period } else { period.previous() }
        };
        let finished = Period::containing(today).previous();
        Ok(period_of(known_to).min(finished))
    }

    /// Refuses a quarter that the programme's extracts do not reach, and a register without firms.
    ///
    /// # Errors
    /// When the quarter lies before the programme or after the data, or no firm was accepted.
    pub fn has_data(&self, pinned: &Pinned, period: Period) -> Result<(), PipelineError> {
        let start = self.project.settings.programme_start;
        let Some(to) = pinned.known_to() else {
            return Err(PipelineError::NoPeriod { inbox: self.project.settings.inbox_dir.clone() });
        };
        let firms = pinned.extracts.iter().filter(|extract| extract.dataset.as_str() == "businesses");
        if firms.map(|extract| extract.accepted).sum::<u64>() == 0 {
            let what = "no firm was accepted, so there is nothing to report on".to_owned();
            return Err(PipelineError::MissingReference { dataset: "businesses", what });
        }
        if period.last_day() < start || period.last_day() > to {
            return Err(PipelineError::EmptyPeriod { period, from: start.to_string(), to: to.to_string() });
        }
        Ok(())
    }
}

/// Whether a step is about a quarter even if nobody named one. A job of the day watches each calendar's last period.
fn needs_period(job: &Job, step: Step) -> bool {
    match step {
        Step::Ingest | Step::Test => false,
        Step::Freshness => job.reports == Reports::Quarter,
        Step::Build | Step::EditionBuild | Step::Preflight | Step::Approve | Step::Send => true,
    }
}
