//! The job step `freshness`: looks at every expected source and tells the owner, once, which are late or missing. The
//! mail names sources and days, never a value.

use quick_xml::escape::partial_escape;

use crate::dispatch::{Alert, send_alert};
use crate::ledger::Lateness;
use crate::model::{Address, ErrorClass, MailBody, Period};

use super::error::chain;
use super::freshness::{Freshness, FreshnessReport, FreshnessState};
use super::{PipelineError, Workspace};

/// Whether the owner was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertOutcome {
    /// There was nothing new to tell.
    Nothing,
    /// A mail went out.
    Sent,
    /// `mail.owner` is not set.
    NoOwner,
    /// The mail did not go out, and why; the next run tries again.
    Failed(String),
}

/// What the step found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchReport {
    /// The quarter, if one was named.
    pub period: Option<Period>,
    /// How every expected source stands.
    pub freshness: FreshnessReport,
    /// What is late or missing and was not told before.
    pub news: Vec<Freshness>,
    /// Whether the owner was told.
    pub alert: AlertOutcome,
}

impl WatchReport {
    /// Classes of what went wrong. What is missing counts in every run; what came late, in the run that tells it first.
    #[must_use]
    pub fn failures(&self) -> Vec<ErrorClass> {
        let missing = self.freshness.troubles().any(|source| source.state == FreshnessState::Missing);
        if missing || !self.news.is_empty() { vec![ErrorClass::Data] } else { Vec::new() }
    }
}

impl Workspace {
    /// Looks at every expected source and mails the owner what is newly late or missing. That the mail did not go out
    /// stops nothing.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub(super) async fn watch_sources(&self, period: Option<Period>) -> Result<WatchReport, PipelineError> {
        let freshness = self.freshness(period).await?;
        let mut news = Vec::new();
        for source in freshness.troubles() {
            if !self.ledger.was_told(lateness(source)).await? {
                news.push(source.clone());
            }
        }
        let alert = self.tell_owner(&news).await;
        if alert == AlertOutcome::Sent {
            for source in &news {
                self.ledger.record_told(lateness(source), self.project.settings.clock.now()).await?;
            }
        }
        Ok(WatchReport { period, freshness, news, alert })
    }

    async fn tell_owner(&self, news: &[Freshness]) -> AlertOutcome {
        let settings = &self.project.settings;
        if news.is_empty() {
            return AlertOutcome::Nothing;
        }
        let Some(owner) = &settings.mail.owner else { return AlertOutcome::NoOwner };
        // The setting may say `Name <address>`.
        let address = owner.rsplit_once('<').map_or(owner.as_str(), |(_, rest)| rest.trim_end_matches('>'));
        let to = Address::new(address.to_owned());
        let alert = Alert {
            settings: &settings.mail,
            outbox: &settings.outbox_dir,
            to: &to,
            body: &compose(&settings.project_name, news),
            attachments: &[],
            clock: &settings.clock,
        };
        match send_alert(alert).await {
            Ok(()) => AlertOutcome::Sent,
            Err(error) => AlertOutcome::Failed(chain(&error)),
        }
    }
}

const fn lateness(source: &Freshness) -> Lateness<'_> {
    Lateness {
        dataset: &source.dataset,
        supplier: &source.supplier,
        period: source.period.as_str(),
        state: source.state.as_str(),
    }
}

/// The mail to the owner.
fn compose(project: &str, news: &[Freshness]) -> MailBody {
    let count = |state| news.iter().filter(|source| source.state == state).count();
    let (missing, late) = (count(FreshnessState::Missing), count(FreshnessState::Late));
    let subject = match (missing, late) {
        (missing, 0) => format!("{project}: {missing} missing"),
        (0, late) => format!("{project}: {late} late"),
        (missing, late) => format!("{project}: {missing} missing, {late} late"),
    };
    let lines: Vec<String> = news.iter().map(Freshness::to_line).collect();
    let next = "Ask the supplier for what is missing. `mesur freshness` shows every expected source.";
    list_mail(subject, &lines, next)
}

/// A mail of some lines and what to do about them, as plain text and as HTML.
pub(super) fn list_mail(subject: String, lines: &[String], next: &str) -> MailBody {
    let text = format!("{}\n\n{next}\n", lines.join("\n"));
    let items: String = lines.iter().flat_map(|line| ["<li>".into(), partial_escape(line), "</li>".into()]).collect();
    let html = format!("<ul>{items}</ul><p>{}</p>", partial_escape(next));
    MailBody { subject, text, html }
}

impl Freshness {
    /// `diagnostics from c2 for 2020-21-Q3: missing, was due on 2021-01-15, 5 days ago`.
    #[must_use]
    pub fn to_line(&self) -> String {
        let Self { dataset, supplier, period, due, days_late, .. } = self;
        let days = if *days_late == 1 { "1 day".to_owned() } else { format!("{days_late} days") };
        let what = match (self.state, &self.came) {
            (FreshnessState::Missing, _) => format!("missing, was due on {due}, {days} ago"),
            (FreshnessState::Late, Some((_, day))) => format!("came on {day}, {days} late"),
            (FreshnessState::Due, _) => format!("due on {due}"),
            (state, _) => state.as_str().to_owned(),
        };
        let note = if self.note.is_empty() { String::new() } else { format!(" ({})", self.note) };
        format!("{dataset} from {supplier} for {period}: {what}{note}")
    }
}
