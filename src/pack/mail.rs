//! The mail: both languages in one body, one of them first; plain text and HTML say the same. No images, no scripts,
//! no layout tables, nothing fetched. The subject has Welsh first, whoever receives it.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde_json::{Value, json};

use super::document::Document;
use super::error::PackError;
use super::input::PackInput;
use super::messages::Messages;
use crate::model::{Language, MailBody, Progress};

/// One language's part of the mail.
pub(super) struct Part<'a> {
    /// The document it is taken from.
    pub(super) document: &'a Document,
    /// Its words.
    pub(super) messages: &'a Messages,
    /// Pages of its PDF.
    pub(super) pages: usize,
}

/// Writes the mail with the parts in the order given.
pub(super) fn render_mail(input: &PackInput<'_>, first: &Part<'_>, second: &Part<'_>) -> Result<MailBody, PackError> {
    let fail = |source| PackError::Mail { source };
    let parts = minijinja::Value::from(Serde([
        of_part(input, first, "mail-other-language"),
        of_part(input, second, "mail-other-language-above"),
    ]));
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(fail)?;
    environment.set_syntax(syntax);
    environment.add_template("mail.html", include_str!("template/mail.html")).map_err(fail)?;
    environment.add_template("mail.txt", include_str!("template/mail.txt")).map_err(fail)?;
    let subject = subject(first, second);
    let values = context! { parts, subject => subject.as_str() };
    let render =
        |name: &str| environment.get_template(name).and_then(|template| template.render(&values)).map_err(fail);
    let (text, html) = (render("mail.txt")?, render("mail.html")?);
    Ok(MailBody { subject, text, html })
}

/// `Monitro Manumix: Ch3 2020-21 (dros dro) / Manumix monitoring: Q3 2020-21 (provisional)`.
fn subject(first: &Part<'_>, second: &Part<'_>) -> String {
    let (cy, en) = if first.document.language == Language::Cy { (first, second) } else { (second, first) };
    format!("{} / {}", cy.document.meta.title, en.document.meta.title)
}

fn of_part(input: &PackInput<'_>, part: &Part<'_>, link: &str) -> Value {
    let Part { document, messages, pages } = part;
    let meta = &document.meta;
    let other = match document.language {
        Language::Cy => Language::En,
        Language::En => Language::Cy,
    };
    let title = document.sections.iter().find(|s| s.number == 1).map_or(meta.title.as_str(), |s| s.title.as_str());
    let furthest = document.sections.iter().find(|s| s.number == 2).and_then(|s| s.standfirst.clone());
    let as_of = meta.facts.get(1).map_or("", |(_, value)| value.as_str());
    let status = if input.provisional { "mail-status-provisional" } else { "mail-status-final" };
    let headlines: Vec<Value> = document
        .headlines()
        .map(|headline| {
            let (mark, class) = match headline.progress {
                Progress::OnTrack => ("\u{25cf}", "on"),
                Progress::AtRisk => ("\u{25b2}", "risk"),
                Progress::OffTrack => ("\u{25a0}", "off"),
                Progress::NoTarget => ("\u{25cb}", "none"),
            };
            json!({
                "number": headline.number,
                "unit": headline.unit,
                "name": headline.name,
                "sentence": headline.sentence,
                "mark": mark,
                "class": class,
                "word": headline.progress_word,
                "target": headline.target,
                "changes": headline.changes,
            })
        })
        .collect();
    let page_count = i64::try_from(*pages).unwrap_or(0);
    let attachments = [
        messages
            .say("mail-attachment-pdf", &[("pages", page_count.into()), ("pages_text", (&pages.to_string()).into())]),
        messages.plain("mail-attachment-ods"),
        messages.plain("mail-attachment-data"),
    ];
    json!({
        "lang": document.language.tag(),
        "other": other.tag(),
        "link": messages.plain(link),
        "council": meta.council,
        "title": title,
        "lead": messages.say("mail-lead", &[("quarter", (&meta.quarter_header).into())]),
        "status": messages.plain(status),
        "illustrative": if input.illustrative { messages.plain("mail-illustrative") } else { String::new() },
        "as_of": messages.say("mail-data-as-at", &[("date", as_of.into())]),
        "furthest": furthest,
        "headlines": headlines,
        "attachments_title": messages.plain("mail-attachments"),
        "attachments": attachments,
        "contact_title": messages.plain("mail-contact"),
        "welcome": meta.welcome,
        "contact": input.contact,
        "contact_link": messages.plain("mail-contact-link"),
    })
}
