//! The sections of the pack: one file each, figures in, document model out. They decide what is said, never how it
//! looks; every sentence with a number takes it from the cell that the table shows.

mod cover;
mod diagnostics;
mod glossary;
mod headlines;
mod instruments;
mod maturity;
mod methods;
mod productivity;
mod quality;
mod status;
mod tracks;
mod writer;

pub(super) use cover::cover_levels;
pub(super) use writer::Writer;

use super::document::{Document, Section};
use super::error::PackError;

/// The names of sections that a job may list, in the order of the pack. The cover is always there.
pub const SECTIONS: [&str; 10] = [
    "cover",
    "headlines",
    "status",
    "diagnostics",
    "maturity",
    "instruments",
    "productivity",
    "quality",
    "methods",
    "glossary",
];

/// Writes the document in the writer's language, with the sections asked for (all if none is named).
pub(super) fn write_document(writer: &Writer<'_>) -> Result<Document, PackError> {
    let asked: Vec<&str> = match writer.input.sections {
        [] => SECTIONS.to_vec(),
        names => names.iter().map(String::as_str).collect(),
    };
    let mut sections: Vec<Section> = Vec::new();
    for name in asked {
        match name {
            "cover" => {}
            "headlines" => sections.push(headlines::write(writer)),
            "status" => sections.push(status::write(writer)),
            "diagnostics" => sections.push(diagnostics::write(writer)),
            "maturity" => sections.push(maturity::write(writer)),
            "instruments" => sections.push(instruments::write(writer)),
            "productivity" => sections.push(productivity::write(writer)),
            "quality" => sections.push(quality::write(writer)),
            "methods" => sections.push(methods::write(writer)),
            "glossary" => sections.push(glossary::write(writer)),
            other => {
                return Err(PackError::UnknownSection { name: other.to_owned(), known: SECTIONS.join(", ") });
            }
        }
    }
    Ok(Document { language: writer.language, meta: cover::write(writer), sections })
}
