//! A job's steps in order, for a quarter: what `requires` names first, then ingest, build, edition, gates, sending.

use std::path::PathBuf;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::definitions::{Job, Reports, Step};
use crate::dispatch::{self, DispatchSummary, EditionMail};
use crate::edition::{self, Next, Preflight};
use crate::ledger::{EditionRecord, Lock, RunId, RunState};
use crate::model::{ContentHash, EditionId, EditionState, ErrorClass, JobName, Language, MailBody, Period};
use crate::pack::{self, PackInput, Rounding, SuppressionSummary};

use super::ingest::{IngestReport, IngestRequest};
use super::pack_input::catalogue;
use super::{BuildReport, Built, Pinned, PipelineError, Workspace};

/// Printed figures are those of the released table; rounding belongs to disclosure control.
const ROUNDING: Rounding = Rounding::NONE;

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
}

/// What a step did.
#[derive(Debug)]
pub enum StepReport {
    /// Extracts were taken in.
    Ingest(IngestReport),
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

impl JobReport {
    /// Classes of everything that went wrong without stopping the job.
    #[must_use]
    pub fn failures(&self) -> Vec<ErrorClass> {
        let mut classes: Vec<ErrorClass> = self.required.iter().flat_map(Self::failures).collect();
        for step in &self.steps {
            match step {
                StepReport::Ingest(report) => classes.extend(report.failures()),
                StepReport::Send(summary) if summary.failed + summary.unknown > 0 => classes.push(ErrorClass::Delivery),
                _ => {}
            }
        }
        classes
    }
}

/// The list that a job sends to. `check` refuses a job that sends and names none.
fn list_of(job: &Job) -> &str {
    job.recipients_list.as_deref().unwrap_or_default()
}

/// What the steps of one run hand to each other.
#[derive(Default)]
struct Hand {
    built: Option<(Pinned, Built)>,
    edition: Option<EditionRecord>,
    summary: Option<BuildReport>,
    stale: bool,
}

impl Workspace {
    /// Runs a job: first the jobs it requires that are not green for the quarter, then its own steps.
    ///
    /// # Errors
    /// When a step could not do its work, or a gate said no. The run is recorded as failed.
    pub async fn run_job(&self, request: &JobRequest) -> Result<JobReport, PipelineError> {
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
    ) -> Result<JobReport, PipelineError> {
        if let Some(period) = period {
            self.finished(period)?;
        }
        let mut required = Vec::new();
        for name in &job.requires {
            let other = self.known_job(name)?;
            if !self.is_green(other, period).await? {
                required.push(Box::pin(self.run_known(other, period, lock, hand)).await?);
            }
        }
        let run = self.ledger.begin_run(&job.name, period, self.project.settings.clock.now()).await?;
        let mut steps = Vec::new();
        let mut reported = period;
        let outcome: Result<(), PipelineError> = async {
            for step in &job.steps {
                if *step != Step::Ingest && reported.is_none() {
                    reported = match self.last_period().await {
                        Err(PipelineError::NoPeriod { .. }) if job.reports == Reports::Day => None,
                        found => Some(found?),
                    };
                }
                steps.push(self.run_step(job, *step, reported, &run, hand).await?);
            }
            Ok(())
        }
        .await;
        let report = JobReport { run, job: job.name.clone(), period: reported, required, steps };
        let (state, summary) = match &outcome {
            Ok(()) => (RunState::Complete, super::summary::of_report(&report)),
            Err(error) => (RunState::Failed, super::summary::of_error(&report, error)),
        };
        self.ledger.finish_run(&run, state, &summary, self.project.settings.clock.now()).await?;
        outcome.map(|()| report)
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
            Step::Ingest => Ok(StepReport::Ingest(self.ingest(&IngestRequest::default(), Some(*run)).await?)),
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
                let report = self.build_edition(job, period_of_step(period)?, hand).await?;
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
            if candidate.name.is_err() {
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

    async fn build_edition(&self, job: &Job, period: Period, hand: &mut Hand) -> Result<EditionReport, PipelineError> {
        // A required job may have computed the same quarter a moment ago, under the same lock.
        let in_hand = hand.built.take().filter(|(_, built)| built.report.period == period);
        let (pinned, built) = match in_hand {
            Some((pinned, built)) => (pinned, Some(built)),
            None => (self.pin().await?, None),
        };
        self.has_data(&pinned, period)?;
        let input = self.input_hash(job, &pinned)?;
        let existing = self.ledger.list_editions(Some(&job.name), Some(period)).await?;
        let (id, replaces) = match edition::choose_version(&existing, &job.name, period, &input) {
            Next::Same(record) if edition::load_artefacts(&record.path).is_ok() => {
                return Self::found(hand, record, false);
            }
            // Its files are gone or changed: the same inputs give the same bytes again.
            Next::Same(record) => (record.id, None),
            Next::SentAndChanged(record) => return Self::found(hand, record, true),
            Next::Build { id, replaces } => (id, replaces),
        };
        let built = match built {
            Some(built) => built,
            None => self.build(&pinned, period, &[]).await?,
        };
        hand.summary = Some(built.report.clone());
        let pack = self.render(job, &id, period, &pinned, built).await?;
        let mails = [pack.mail(Language::Cy).clone(), pack.mail(Language::En).clone()];
        let editions = &self.project.settings.editions_dir;
        let folder = edition::write_folder(editions, &id, &pack.artefacts, &pack.manifest, &mails)?;
        let record = EditionRecord {
            id: id.clone(),
            state: EditionState::Built,
            snapshot: pinned.id.to_string(),
            input_hash: input.to_string(),
            manifest_hash: ContentHash::from_digest(&Sha256::digest(&pack.manifest.bytes).into()).to_string(),
            path: folder.clone(),
            built_at: self.project.settings.clock.now(),
        };
        self.ledger.record_edition(&record).await?;
        let now = self.project.settings.clock.now();
        if let Some(old) = replaces {
            self.ledger.set_edition_state(&old, EditionState::Superseded, now).await?;
        }
        let files = pack.artefacts.iter().chain([&pack.manifest]).map(|a| a.file_name.clone()).collect();
        hand.edition = Some(record);
        Ok(EditionReport { id, folder, files, unchanged: false, stale: false })
    }

    fn found(hand: &mut Hand, record: EditionRecord, stale: bool) -> Result<EditionReport, PipelineError> {
        let artefacts = edition::load_artefacts(&record.path)?;
        let report = EditionReport {
            id: record.id.clone(),
            folder: record.path.clone(),
            files: artefacts.into_iter().map(|artefact| artefact.file_name).collect(),
            unchanged: !stale,
            stale,
        };
        hand.edition = Some(record);
        hand.stale = stale;
        Ok(report)
    }

    /// What an edition is made from: extracts, definitions, settings that show, the policy, the program's version.
    fn input_hash(&self, job: &Job, pinned: &Pinned) -> Result<ContentHash, PipelineError> {
        let mut hasher = Sha256::new();
        hasher.update(pinned.id.as_str());
        hasher.update(env!("CARGO_PKG_VERSION"));
        hasher.update(self.ledger.keyed_digest(self.project.read_policy()?.as_bytes()).as_str());
        let definitions = &self.project.definitions;
        for indicator in definitions.indicators.values() {
            hasher.update(format!("{indicator:?}"));
        }
        for view in &definitions.staging {
            hasher.update(&view.name);
            hasher.update(&view.sql);
        }
        hasher.update(format!("{:?}{}{:?}", job.sections, job.provisional, job.recipients_list));
        let settings = &self.project.settings;
        hasher.update(format!("{:?}{:?}{}{}", settings.rag, ROUNDING, settings.programme_start, settings.illustrative));
        Ok(ContentHash::from_digest(&hasher.finalize().into()))
    }

    async fn render(
        &self,
        job: &Job,
        id: &EditionId,
        period: Period,
        pinned: &Pinned,
        built: Built,
    ) -> Result<pack::Pack, PipelineError> {
        let settings = &self.project.settings;
        let catalogue = catalogue(&self.project.definitions.indicators);
        let targets = self.targets(pinned).await?;
        let areas = self.area_names(pinned).await?;
        let components = self.component_names(pinned).await?;
        let quality = self.quality(pinned).await?;
        let policy = self.project.load_policy()?;
        let known_to = pinned.known_to().unwrap_or_else(|| period.last_day());
        let suppression = SuppressionSummary {
            cells: u64::try_from(built.report.cells).unwrap_or(u64::MAX),
            hidden: u64::try_from(built.report.hidden).unwrap_or(u64::MAX),
        };
        // The placeholder is no secret, and its packs are the same anywhere.
        let hmac = if policy.is_placeholder() {
            "placeholder".to_owned()
        } else {
            self.ledger.keyed_digest(self.project.read_policy()?.as_bytes()).to_string()
        };
        let parameters = [
            ("disclosure_policy_version".to_owned(), policy.version().to_owned()),
            ("disclosure_policy_hmac".to_owned(), hmac),
            ("programme_start".to_owned(), settings.programme_start.to_string()),
            ("rag_on_track".to_owned(), settings.rag.on_track.to_string()),
            ("rag_at_risk".to_owned(), settings.rag.at_risk.to_string()),
            ("snapshot".to_owned(), pinned.id.to_string()),
        ]
        .into_iter()
        .collect();
        let (id, sections, provisional) = (id.clone(), job.sections.clone(), job.provisional);
        let (rag, rehearsal) = (settings.rag, settings.clock.is_rehearsal());
        let (illustrative, contact) = (settings.illustrative, settings.mail.reply_to.clone());
        let snapshot = pinned.id.short().to_owned();
        // Rendering is pure computation: it must not hold up timers and sockets.
        let rendered = tokio::task::spawn_blocking(move || {
            pack::render_pack(&PackInput {
                edition: &id,
                period,
                as_of: known_to.min(period.last_day()),
                snapshot: &snapshot,
                provisional,
                illustrative,
                rehearsal,
                tables: &built.tables,
                catalogue: &catalogue,
                targets: &targets,
                rag,
                rounding: ROUNDING,
                areas: &areas,
                components: &components,
                quality: &quality,
                suppression: &suppression,
                sections: &sections,
                code_version: env!("CARGO_PKG_VERSION"),
                contact: contact.as_deref(),
                parameters: &parameters,
            })
        })
        .await
        .map_err(|source| PipelineError::Panicked { doing: "rendering the pack", source })?;
        Ok(rendered?)
    }

    async fn preflight(&self, job: &Job, record: &EditionRecord) -> Result<usize, PipelineError> {
        let settings = &self.project.settings;
        let artefacts = edition::load_artefacts(&record.path)?;
        let recipients = self.recipients(list_of(job), settings.clock.today(&settings.zone)).await?;
        let policy = self.project.load_policy()?;
        let reasons = edition::check_preflight(&Preflight {
            artefacts: &artefacts,
            recipients: recipients.len(),
            list: list_of(job),
            leaves_machine: settings.mail.leaves_machine(),
            policy_is_placeholder: policy.is_placeholder(),
            draft_messages: pack::check_messages()?.values().map(|status| status.draft).sum(),
            rehearsal: settings.clock.is_rehearsal(),
            approvals: (job.approvals, 0),
            max_message_bytes: settings.mail.max_message_bytes,
        });
        if reasons.is_empty() {
            return Ok(recipients.len());
        }
        Err(PipelineError::Gate { edition: record.id.to_string(), reasons })
    }

    async fn send(&self, job: &Job, record: &EditionRecord) -> Result<DispatchSummary, PipelineError> {
        let settings = &self.project.settings;
        let recipients = self.recipients(list_of(job), settings.clock.today(&settings.zone)).await?;
        let artefacts = edition::load_artefacts(&record.path)?;
        let [welsh_first, english_first] = edition::load_mails(&record.path)?;
        let body = move |first: Language| -> MailBody {
            match first {
                Language::Cy => welsh_first.clone(),
                Language::En => english_first.clone(),
            }
        };
        let now = settings.clock.now();
        if record.state < EditionState::Frozen {
            self.ledger.set_edition_state(&record.id, EditionState::Frozen, now).await?;
        }
        let summary = dispatch::send_edition(EditionMail {
            ledger: &self.ledger,
            settings: &settings.mail,
            outbox: &settings.outbox_dir,
            edition: &record.id,
            recipients: &recipients,
            body: &body,
            attachments: &artefacts,
            clock: &settings.clock,
        })
        .await?;
        if summary.failed + summary.unknown == 0 {
            self.ledger.set_edition_state(&record.id, EditionState::Sent, now).await?;
        }
        Ok(summary)
    }
}
