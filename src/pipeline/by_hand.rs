//! Steps that a person starts without a job, and what a person looks up. Each writing one is a run in the ledger.

use crate::intake;
use crate::ledger::{Acceptance, DispatchState, EditionRecord, RunRecord, RunState};
use crate::model::{JobName, Period};

use super::build::Storing;
use super::ingest::{IngestReport, IngestRequest};
use super::snapshot::Results;
use super::stability::ROW_COUNT_DROP;
use super::{BuildReport, PipelineError, Workspace, summary};

/// An edition and how far its messages have come.
#[derive(Clone, Debug)]
pub struct EditionStatus {
    /// The edition.
    pub record: EditionRecord,
    /// Recipients who have it.
    pub sent: usize,
    /// Recipients whose message failed.
    pub failed: usize,
    /// Recipients whose message has an unknown outcome and waits for a person.
    pub unknown: usize,
    /// Recipients whose message is not out yet.
    pub pending: usize,
}

impl Workspace {
    /// Ingests as a run of its own.
    ///
    /// # Errors
    /// As [`Workspace::ingest`]; also when another process works on the project.
    pub async fn ingest_by_hand(&self, request: &IngestRequest) -> Result<IngestReport, PipelineError> {
        let lock = self.lock()?;
        let clock = &self.project.settings.clock;
        self.ledger.abort_stale_runs(clock.now()).await?;
        let job = JobName::new("ingest").expect("a word is a job name");
        let run = self.ledger.begin_run(&job, None, clock.now()).await?;
        let watch = clock.start_stopwatch();
        let outcome = match self.record_acceptance(request).await {
            Ok(()) => self.ingest(request, run).await,
            Err(error) => Err(error),
        };
        let (state, summary) = match &outcome {
            Ok(report) => (RunState::Complete, summary::of_ingest(&report.extracts, watch.elapsed())),
            Err(error) => (RunState::Failed, serde_json::json!({ "error": [error.to_string()] })),
        };
        self.ledger.finish_run(&run, state, &summary, clock.now()).await?;
        drop(lock);
        outcome
    }

    /// Computes indicators and stores them. As known at an instant they are computed and not stored: what was known then
    /// must not displace what is known now.
    ///
    /// # Errors
    /// As [`Workspace::build`]; also when the quarter has no data or another process works on the project.
    pub async fn build_by_hand(
        &self,
        period: Option<Period>,
        select: &[String],
        known_at: Option<jiff::Timestamp>,
    ) -> Result<BuildReport, PipelineError> {
        let lock = self.lock()?;
        let period = match period {
            Some(period) => period,
            None => self.last_period().await?,
        };
        let built = match known_at {
            None => {
                let pinned = self.pin().await?;
                self.has_data(&pinned, period)?;
                self.build(&pinned, period, select).await?
            }
            Some(known_at) => {
                let pinned = self.pin_as_known(known_at, &[], Results::Hidden).await?;
                self.has_data(&pinned, period)?;
                let against = self.released_until(period, None).await?;
                Box::pin(self.build_as(&pinned, period, select, Storing::Leave, &against)).await?
            }
        };
        drop(lock);
        Ok(built.report)
    }

    /// Records that a person lets a file through, before it is looked at again.
    async fn record_acceptance(&self, request: &IngestRequest) -> Result<(), PipelineError> {
        let (Some(accept), Some((path, _))) = (&request.accept, &request.file) else { return Ok(()) };
        for rule in &accept.rules {
            if *rule != ROW_COUNT_DROP {
                let known = ROW_COUNT_DROP.to_string();
                return Err(PipelineError::Unknown { kind: "rule that holds a file", name: rule.to_string(), known });
            }
        }
        let extract = intake::fingerprint(path)?;
        for rule in &accept.rules {
            let acceptance = Acceptance {
                extract: extract.clone(),
                rule: rule.clone(),
                by: accept.by.clone(),
                note: accept.note.clone(),
                at: self.project.settings.clock.now(),
            };
            self.ledger.record_acceptance(&acceptance).await?;
        }
        Ok(())
    }

    /// The latest runs, newest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn list_runs(&self, count: u32) -> Result<Vec<RunRecord>, PipelineError> {
        Ok(self.ledger.list_runs(count).await?)
    }

    /// All editions with the state of their messages.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn edition_statuses(&self) -> Result<Vec<EditionStatus>, PipelineError> {
        let mut statuses = Vec::new();
        for record in self.ledger.list_editions(None, None).await? {
            let dispatches = self.ledger.list_dispatches(&record.id).await?;
            let of = |state: DispatchState| dispatches.iter().filter(|dispatch| dispatch.state == state).count();
            statuses.push(EditionStatus {
                sent: of(DispatchState::Sent),
                failed: of(DispatchState::Failed),
                unknown: of(DispatchState::Unknown),
                pending: of(DispatchState::Pending) + of(DispatchState::Sending),
                record,
            });
        }
        Ok(statuses)
    }
}
