//! A document as a tagged PDF, set by typst under the PDF/UA-1 standard. typst sees our template, our data and our
//! fonts, and nothing else: no system fonts, no files, no packages, no clock.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::document::{Document, Drawing};
use super::error::PackError;
use super::fonts::FACES;
use super::pdf_data::{self, TypesetFiles};
use crate::model::Language;

const TEMPLATE: &str = include_str!("template/pack.typ");

/// A finished PDF.
pub(super) struct Pdf {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// How many pages it has.
    pub(super) pages: usize,
}

static FONTS: LazyLock<Vec<Font>> =
    LazyLock::new(|| FACES.iter().filter_map(|face| Font::new(Bytes::new(*face), 0)).collect());
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// What typst may see.
struct PackWorld {
    main: Source,
    files: BTreeMap<String, Bytes>,
}

impl World for PackWorld {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(id.vpath().get_without_slash()).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets the document. `other` is the cover's second language; `ident` names the document for good.
pub(super) fn render_pdf(
    document: &Document,
    other: &Document,
    cover: Option<&Drawing>,
    ident: &str,
) -> Result<Pdf, PackError> {
    let language = document.language;
    let TypesetFiles { data, drawings } = pdf_data::collect(document, other, cover)?;
    let mut files: BTreeMap<String, Bytes> =
        drawings.into_iter().map(|(name, svg)| (name, Bytes::from_string(svg))).collect();
    files.insert("data.json".to_owned(), Bytes::new(data));
    let world = PackWorld { main: main_source(language)?, files };
    let Warned { output, .. } = typst::compile::<PagedDocument>(&world);
    let pages = output.map_err(|errors| refused(language, &errors))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| PackError::Typeset { language, problems: error.message().to_string() })?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{ident} {language}")),
        creator: Smart::Custom(Some("mesur".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&pages, &options).map_err(|errors| refused(language, &errors))?;
    Ok(Pdf { bytes, pages: pages.pages().len() })
}

fn main_source(language: Language) -> Result<Source, PackError> {
    let path =
        VirtualPath::new("pack.typ").map_err(|error| PackError::Typeset { language, problems: error.to_string() })?;
    let id = RootedPath::new(VirtualRoot::Project, path).intern();
    Ok(Source::new(id, TEMPLATE.to_owned()))
}

fn refused(language: Language, errors: &[SourceDiagnostic]) -> PackError {
    let problems: Vec<String> = errors
        .iter()
        .map(|error| {
            let said = std::iter::once(error.message.as_str()).chain(error.hints.iter().map(|hint| hint.v.as_str()));
            said.collect::<Vec<_>>().join(", ")
        })
        .collect();
    PackError::Typeset { language, problems: problems.join("; ") }
}
