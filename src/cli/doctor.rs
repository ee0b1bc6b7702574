//! `mesur doctor`: OK, WARN or FAIL for each thing that must be right, and the fix.

use crate::config::{Delivery, Settings};
use crate::dispatch;
use crate::ledger::Ledger;
use crate::pack;
use crate::pipeline::Project;
use crate::store::Store;

use super::arguments::{DoctorArguments, Shared};
use super::error::CliError;
use super::start::load_settings;

/// How one thing stands.
enum Verdict {
    Ok(String),
    Warn(String),
    Fail(String),
}

use Verdict::{Fail, Ok as Fine, Warn};

pub(super) async fn run(shared: &Shared, arguments: &DoctorArguments) -> Result<u8, CliError> {
    let settings = load_settings(shared)?;
    if arguments.origins {
        for line in &settings.origins {
            say!("{:<28} {:<48} {}", line.key, line.value.as_deref().unwrap_or("-"), line.origin);
        }
        return Ok(0);
    }
    let mut verdicts = vec![("configuration", Fine(format!("{}", settings.project_dir.join("mesur.toml").display())))];
    verdicts.push(("clock", clock(&settings)));
    verdicts.push(("inbox", inbox(&settings)));
    verdicts.push(("store", store(&settings).await));
    verdicts.push(("ledger", ledger(&settings).await));
    verdicts.push(("fonts", fonts()));
    verdicts.push(("mail", mail(&settings, arguments.online).await));
    match Project::load(settings) {
        Ok(project) => {
            verdicts.push(("policy", policy(&project)));
            let checked = project.check(Vec::new()).await;
            verdicts.push((
                "definitions",
                checked.map_or_else(
                    |error| Fail(error.to_string()),
                    |report| {
                        Fine(format!(
                            "{} schemas, {} indicators, {} jobs",
                            report.schemas, report.indicators, report.jobs
                        ))
                    },
                ),
            ));
        }
        Err(error) => verdicts.push(("definitions", Fail(error.to_string()))),
    }
    let mut failed = false;
    for (what, verdict) in verdicts {
        let (word, text) = match verdict {
            Fine(text) => ("OK", text),
            Warn(text) => ("WARN", text),
            Fail(text) => {
                failed = true;
                ("FAIL", text)
            }
        };
        say!("{word:<5} {what:<14} {text}");
    }
    Ok(if failed { 2 } else { 0 })
}

fn clock(settings: &Settings) -> Verdict {
    let now = settings.clock.now();
    let zone = settings.zone.iana_name().unwrap_or("a zone without a name");
    if settings.clock.is_rehearsal() {
        return Warn(format!("fixed at {now} for a rehearsal"));
    }
    if now < settings.programme_start.to_zoned(settings.zone.clone()).map_or(now, |start| start.timestamp()) {
        return Fail(format!("{now} lies before the programme's first day (set the machine's clock)"));
    }
    Fine(format!("{now}, days in {zone}"))
}

fn inbox(settings: &Settings) -> Verdict {
    match crate::intake::list_inbox(&settings.inbox_dir) {
        Ok(inbox) => Fine(format!("{} files in {}", inbox.candidates.len(), settings.inbox_dir.display())),
        Err(error) => Fail(error.to_string()),
    }
}

async fn store(settings: &Settings) -> Verdict {
    let store = match Store::local(&settings.lake_dir) {
        Ok(store) => store,
        Err(error) => return Fail(error.to_string()),
    };
    match store.probe_conditional_put().await {
        Ok(()) => Fine(format!("{} refuses to overwrite what is there", settings.lake_dir.display())),
        Err(error) => Fail(error.to_string()),
    }
}

async fn ledger(settings: &Settings) -> Verdict {
    match Ledger::open(&settings.ledger_path).await {
        Ok(_) => Fine(settings.ledger_path.display().to_string()),
        Err(error) => Fail(error.to_string()),
    }
}

fn fonts() -> Verdict {
    match pack::check_messages() {
        Ok(counts) => {
            let drafts: usize = counts.values().map(|status| status.draft).sum();
            let text = format!("embedded; {drafts} messages are drafts that no translator has reviewed");
            if drafts > 0 { Warn(text) } else { Fine(text) }
        }
        Err(error) => Fail(error.to_string()),
    }
}

fn policy(project: &Project) -> Verdict {
    match project.load_policy() {
        Ok(policy) if policy.is_placeholder() => {
            Warn("the placeholder that ships (set disclosure.policy_file before anything is sent)".to_owned())
        }
        Ok(policy) => Fine(policy.version().to_owned()),
        Err(error) => Fail(error.to_string()),
    }
}

async fn mail(settings: &Settings, online: bool) -> Verdict {
    let Some(smtp) = settings.mail.smtp.as_ref().filter(|_| settings.mail.delivery == Delivery::Smtp) else {
        return Fine(format!("to files in {}", settings.outbox_dir.display()));
    };
    let server = format!("{}:{}", smtp.host, smtp.port);
    if !online {
        return Warn(format!("{server}, not tried (doctor --online tries it)"));
    }
    match dispatch::probe_server(smtp).await {
        Ok(()) => Fine(format!("{server} answers and lets us in")),
        Err(error) => Fail(error.to_string()),
    }
}
