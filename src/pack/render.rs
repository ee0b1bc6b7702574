//! From the input to the finished pack, in order. The only file that knows all forms.

use std::sync::Arc;

use super::charts::profile_cover;
use super::csv_cells::render_csv;
use super::document::Document;
use super::error::PackError;
use super::figures::Figures;
use super::input::{Pack, PackInput};
use super::mail::{Part, render_mail};
use super::manifest::render_manifest;
use super::messages::{Messages, check_messages};
use super::ods::render_ods;
use super::pdf::{Pdf, render_pdf};
use super::sections::{Writer, cover_levels, write_document};
use crate::model::{Artefact, Language};

/// Renders a pack: PDF and workbook in both languages, CSV, manifest, and the mail in both orders.
///
/// Takes a second or two of processor time and blocks; call it off the runtime that serves timers and sockets.
///
/// # Errors
/// When the message files do not agree, a section is unknown, or a form cannot be written. Missing tables or cells
/// are no error: the pack says that they are not available.
pub fn render_pack(input: &PackInput<'_>) -> Result<Pack, PackError> {
    check_messages()?;
    let figures = Figures::new(input);
    let (cy_messages, en_messages) = (Messages::load(Language::Cy), Messages::load(Language::En));
    let write = |messages, language| write_document(&Writer { input, figures: &figures, messages, language });
    let cy = write(&cy_messages, Language::Cy)?;
    let en = write(&en_messages, Language::En)?;
    let levels = cover_levels(&Writer { input, figures: &figures, messages: &en_messages, language: Language::En });
    let cover = profile_cover(&levels);
    let ident = format!("{} {}", input.edition, input.snapshot);
    let cy_pdf = render_pdf(&cy, &en, cover.as_ref(), &ident)?;
    let en_pdf = render_pdf(&en, &cy, cover.as_ref(), &ident)?;
    let (cy_ods, cells) = render_ods(&cy, &cy_messages)?;
    let (en_ods, _) = render_ods(&en, &en_messages)?;
    let cy_part = Part { document: &cy, messages: &cy_messages, pages: cy_pdf.pages };
    let en_part = Part { document: &en, messages: &en_messages, pages: en_pdf.pages };
    let mail_cy_first = render_mail(input, &cy_part, &en_part)?;
    let mail_en_first = render_mail(input, &en_part, &cy_part)?;
    cy_messages.check()?;
    en_messages.check()?;
    let mut artefacts = Vec::new();
    for (document, pdf, ods) in [(&cy, cy_pdf, cy_ods), (&en, en_pdf, en_ods)] {
        artefacts.extend(of_language(input, document, pdf, ods));
    }
    let period = input.period;
    artefacts.push(Artefact {
        file_name: format!("manumix-{}-q{}.csv", period.year_label(), period.quarter()),
        media_type: "text/csv",
        language: None,
        bytes: Arc::from(render_csv(input)?),
    });
    let manifest = Artefact {
        file_name: "manifest.json".to_owned(),
        media_type: "application/json",
        language: None,
        bytes: Arc::from(render_manifest(input, &artefacts)?),
    };
    Ok(Pack { artefacts, manifest, mail_cy_first, mail_en_first, cells })
}

fn of_language(input: &PackInput<'_>, document: &Document, pdf: Pdf, ods: Vec<u8>) -> [Artefact; 2] {
    let period = input.period;
    let quarter = match document.language {
        Language::Cy => "ch",
        Language::En => "q",
    };
    let stem = format!("manumix-{quarter}{}-{}-{}", period.quarter(), period.year_label(), document.language);
    let artefact = |extension: &str, media_type: &'static str, bytes: Vec<u8>| Artefact {
        file_name: format!("{stem}.{extension}"),
        media_type,
        language: Some(document.language),
        bytes: Arc::from(bytes),
    };
    [
        artefact("pdf", "application/pdf", pdf.bytes),
        artefact("ods", "application/vnd.oasis.opendocument.spreadsheet", ods),
    ]
}
