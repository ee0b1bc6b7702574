//! What a job does with an edition: build it once from the same inputs, look before sending, send.

use sha2::{Digest, Sha256};

use super::build::Storing;
use super::job::{EditionReport, Hand};
use super::pack_input::catalogue;
use super::review::{Reviewed, render_review, render_review_workbook, tell_waivers};
use super::{Built, Pinned, PipelineError, Workspace};
use crate::definitions::Job;
use crate::disclosure::{Policy, Scheme};
use crate::dispatch::{self, DispatchSummary, EditionMail};
use crate::edition::{self, Next, Preflight};
use crate::ledger::{EditionRecord, LedgerError};
use crate::model::{ContentHash, EditionId, EditionState, Language, MailBody, Period};
use crate::pack::{self, PackInput, Rounding, SuppressionSummary};

/// How figures are printed that disclosure control has rounded by a scheme.
const fn rounding_of(scheme: Scheme) -> Rounding {
    match scheme {
        Scheme::None => Rounding::NONE,
        Scheme::Simple => Rounding::STANDARD,
        Scheme::LadderRelaxed | Scheme::LadderStrict => Rounding::LADDER,
    }
}

/// The list that a job sends to. `check` refuses a job that sends and names none.
fn list_of(job: &Job) -> &str {
    job.recipients_list.as_deref().unwrap_or_default()
}

impl Workspace {
    pub(super) async fn build_edition(
        &self,
        job: &Job,
        period: Period,
        hand: &mut Hand,
    ) -> Result<EditionReport, PipelineError> {
        // A required job may have computed the same quarter a moment ago, under the same lock.
        let in_hand = hand.built.take().filter(|(_, built)| built.report.period == period);
        let (pinned, built) = match in_hand {
            Some((pinned, built)) => (pinned, Some(built)),
            None => (self.pin().await?, None),
        };
        self.has_data(&pinned, period)?;
        let existing = self.ledger.list_editions(Some(&job.name), Some(period)).await?;
        // What went out later than an edition that is out itself cannot have been known to it.
        let frozen = existing.last().filter(|record| record.state >= EditionState::Frozen);
        if frozen.is_none() {
            self.check_embargo(&pinned, &format!("{}@{period}", job.name)).await?;
        }
        let mut known = self.released_until(period, frozen).await?;
        known.retain(|id| id.job != job.name || id.period != period);
        let input = self.input_hash(job, &pinned, &known)?;
        let (id, replaces, again) = match edition::choose_version(&existing, &job.name, period, &input) {
            Next::Same(record) if edition::load_artefacts(&record.path).is_ok() => {
                return Self::found(hand, record, false);
            }
            // Its files are gone or changed: the same inputs give the same bytes again.
            Next::Same(record) => (record.id.clone(), None, Some(record)),
            Next::SentAndChanged(record) => return Self::found(hand, record, true),
            Next::Build { id, replaces } => (id, replaces, None),
        };
        let against = self.released_until(period, again.as_ref()).await?;
        let built = match built.filter(|built| built.against == against) {
            Some(built) => built,
            None => Box::pin(self.build_as(&pinned, period, &[], Storing::Store, &against)).await?,
        };
        hand.summary = Some(built.report.clone());
        let policy = self.project.load_policy()?;
        let reviewed = Reviewed { edition: &id, policy: &policy, summary: &built.summary, verdict: &built.verdict };
        let beside = [
            ("review.txt", render_review(&reviewed).into_bytes()),
            ("review.xlsx", render_review_workbook(&reviewed)?),
        ];
        let register = built.register.clone();
        let pack = self.render(job, &id, period, &pinned, built, &policy).await?;
        let manifest_hash = ContentHash::from_digest(&Sha256::digest(&pack.manifest.bytes).into()).to_string();
        // Who has not got it yet gets what the others got, or nothing.
        let is_changed = again.as_ref().is_some_and(|old| old.manifest_hash != manifest_hash);
        if is_changed && again.as_ref().is_some_and(|old| old.state >= EditionState::Frozen) {
            return Err(LedgerError::EditionFrozen(id).into());
        }
        let again = again.filter(|_| !is_changed);
        edition::write_waiting_cells(&self.project.settings.restricted_dir, &id, register)?;
        let mails = [pack.mail(Language::Cy).clone(), pack.mail(Language::En).clone()];
        let editions = &self.project.settings.editions_dir;
        let folder =
            edition::write_folder(editions, &id, &pack.artefacts, &pack.manifest, &mails, &pack.cells, &beside)?;
        let record = EditionRecord {
            id: id.clone(),
            state: again.as_ref().map_or(EditionState::Built, |old| old.state),
            snapshot: pinned.id.to_string(),
            input_hash: input.to_string(),
            manifest_hash,
            path: folder.clone(),
            built_at: again.as_ref().map_or_else(|| self.project.settings.clock.now(), |old| old.built_at),
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
    fn input_hash(&self, job: &Job, pinned: &Pinned, known: &[EditionId]) -> Result<ContentHash, PipelineError> {
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
        hasher.update(format!("{:?}", settings.indicators));
        hasher.update(format!("{:?}{}{}", settings.rag, settings.programme_start, settings.illustrative));
        for edition in known {
            hasher.update(format!("{edition};"));
        }
        Ok(ContentHash::from_digest(&hasher.finalize().into()))
    }

    async fn render(
        &self,
        job: &Job,
        id: &EditionId,
        period: Period,
        pinned: &Pinned,
        built: Built,
        policy: &Policy,
    ) -> Result<pack::Pack, PipelineError> {
        let settings = &self.project.settings;
        let catalogue = catalogue(&self.project.definitions.indicators);
        let targets = self.targets(pinned).await?;
        let areas = self.area_names(pinned).await?;
        let components = self.component_names(pinned).await?;
        let quality = self.quality(pinned).await?;
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
        let rounding = rounding_of(policy.rounding());
        let mut parameters = self.edition_parameters(pinned).await?;
        parameters.extend([
            ("disclosure_policy_version".to_owned(), policy.version().to_owned()),
            ("disclosure_policy_hmac".to_owned(), hmac),
            ("programme_start".to_owned(), settings.programme_start.to_string()),
            ("rag_on_track".to_owned(), settings.rag.on_track.to_string()),
            ("rag_at_risk".to_owned(), settings.rag.at_risk.to_string()),
            ("snapshot".to_owned(), pinned.id.to_string()),
        ]);
        if let Some(waivers) = tell_waivers(policy) {
            parameters.insert("disclosure_waivers".to_owned(), waivers);
        }
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
                rounding,
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

    pub(super) async fn preflight(&self, job: &Job, record: &EditionRecord) -> Result<usize, PipelineError> {
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

    pub(super) async fn send(&self, job: &Job, record: &EditionRecord) -> Result<DispatchSummary, PipelineError> {
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
            // Before the first copy leaves: what follows must know of it even if this process ends here.
            let cells = edition::load_waiting_cells(&settings.restricted_dir, &record.id)?;
            self.ledger.record_released_edition(&record.id, &cells, now).await?;
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
