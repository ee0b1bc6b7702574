//! What can go wrong while a pack is rendered.

use crate::model::{ErrorClass, Language};

/// Why no pack was rendered.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The message files do not agree with each other or with the code.
    #[error("use the pack's messages: {}", problems.join("; "))]
    Messages {
        /// One line a problem.
        problems: Vec<String>,
    },
    /// A job asks for a section that does not exist.
    #[error("find the section `{name}`; there are {known}")]
    UnknownSection {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// typst refused the document.
    #[error("set the PDF in `{language}`: {problems}")]
    Typeset {
        /// Which document.
        language: Language,
        /// What the compiler said.
        problems: String,
    },
    /// The zip container of a spreadsheet could not be written.
    #[error("write the spreadsheet in `{language}`")]
    Spreadsheet {
        /// Which workbook.
        language: Language,
        /// The container's error.
        #[source]
        source: zip::result::ZipError,
    },
    /// A part of a spreadsheet could not be written.
    #[error("write a part of the spreadsheet in `{language}`")]
    SpreadsheetPart {
        /// Which workbook.
        language: Language,
        /// The writer's error.
        #[source]
        source: std::io::Error,
    },
    /// The mail's template could not be filled.
    #[error("fill the mail's template")]
    Mail {
        /// The template engine's error.
        #[source]
        source: minijinja::Error,
    },
    /// The table of all cells could not be written.
    #[error("write the table of all cells as CSV")]
    Csv {
        /// The writer's error.
        #[source]
        source: csv::Error,
    },
    /// The data of a document or the manifest could not be written as JSON.
    #[error("write the {what} as JSON")]
    Json {
        /// Which text.
        what: &'static str,
        /// The serializer's error.
        #[source]
        source: serde_json::Error,
    },
}

impl PackError {
    /// What the error means for the run.
    #[must_use]
    pub const fn class(&self) -> ErrorClass {
        match self {
            Self::UnknownSection { .. } => ErrorClass::Usage,
            _ => ErrorClass::Bug,
        }
    }
}
