//! `manifest.json`: what an edition is made of, so that anybody can check the files and the program can make them
//! again. Keys are sorted; the format has a version.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::error::PackError;
use super::input::PackInput;
use super::messages::check_messages;
use super::sections::SECTIONS;
use crate::model::{Artefact, ContentHash, Language};

/// The version of the manifest's format.
const FORMAT_VERSION: u32 = 1;

/// Writes the manifest of finished artefacts.
pub(super) fn render_manifest(input: &PackInput<'_>, artefacts: &[Artefact]) -> Result<Vec<u8>, PackError> {
    let messages: Value = check_messages()?
        .iter()
        .map(|(language, status)| (language.tag().to_owned(), json!({ "total": status.total, "draft": status.draft })))
        .collect();
    let files: Vec<Value> = artefacts
        .iter()
        .map(|artefact| {
            let digest: [u8; 32] = Sha256::digest(&artefact.bytes).into();
            json!({
                "file_name": artefact.file_name,
                "media_type": artefact.media_type,
                "language": artefact.language.map(Language::tag),
                "size_bytes": artefact.bytes.len(),
                "sha256": ContentHash::from_digest(&digest).as_str(),
            })
        })
        .collect();
    let sections: Vec<&str> = match input.sections {
        [] => SECTIONS.to_vec(),
        names => names.iter().map(String::as_str).collect(),
    };
    let mut manifest = json!({
        "format_version": FORMAT_VERSION,
        "edition": input.edition.to_string(),
        "period": input.period.to_string(),
        "as_of": input.as_of.to_string(),
        "snapshot": input.snapshot,
        "code_version": input.code_version,
        "provisional": input.provisional,
        "illustrative": input.illustrative,
        "rehearsal": input.rehearsal,
        "sections": sections,
        "messages": messages,
        "parameters": input.parameters,
        "rounding": {
            "count_base": input.rounding.count_base,
            "money_base": input.rounding.money_base,
            "headline_money_base": input.rounding.headline_money_base,
        },
        "artefacts": files,
    });
    manifest.sort_all_objects();
    let mut text =
        serde_json::to_vec_pretty(&manifest).map_err(|source| PackError::Json { what: "manifest", source })?;
    text.push(b'\n');
    Ok(text)
}
