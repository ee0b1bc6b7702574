//! The folder of an edition under `var/editions/`. It appears whole or not at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::{Artefact, ContentHash, EditionId, Language, MailBody, PlacedCells};
use crate::store;

use super::EditionError;

/// The manifest's file name.
const MANIFEST: &str = "manifest.json";

/// The mails' file name. It holds the bodies only, no address.
const MAILS: &str = "mails.json";

/// Where the released cells stand in the workbooks.
const CELLS: &str = "cells.json";

/// The version of the mails' and the cells' format.
const MAILS_VERSION: u32 = 1;

/// Both mail bodies, as kept beside the artefacts so that a later run sends the same words.
#[derive(Debug, Serialize, Deserialize)]
struct Mails {
    format_version: u32,
    welsh_first: MailBody,
    english_first: MailBody,
}

/// By sheet and cell, the address of what is shown there.
#[derive(Debug, Serialize, Deserialize)]
struct Cells {
    format_version: u32,
    sheets: PlacedCells,
}

/// The part of a manifest that says which files there are.
#[derive(Debug, Deserialize)]
struct Listing {
    artefacts: Vec<ListedFile>,
}

#[derive(Debug, Deserialize)]
struct ListedFile {
    file_name: String,
    sha256: String,
    language: Option<Language>,
}

fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> EditionError {
    let path = path.to_path_buf();
    move |source| EditionError::Io { doing, path, source }
}

/// Writes the artefacts and the manifest of an edition into a folder of its own, with files for the programme's own use
/// beside them. A folder that a killed run left
/// half-written is replaced; nobody ever sees a half one.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_folder(
    editions_dir: &Path,
    id: &EditionId,
    artefacts: &[Artefact],
    manifest: &Artefact,
    [welsh_first, english_first]: &[MailBody; 2],
    cells: &PlacedCells,
    beside: &[(&str, Vec<u8>)],
) -> Result<PathBuf, EditionError> {
    let folder = editions_dir.join(id.to_string());
    let partial = editions_dir.join(format!(".{id}.partial"));
    if partial.exists() {
        std::fs::remove_dir_all(&partial).map_err(io("clear the half-written folder", &partial))?;
    }
    store::create_private_dir(&partial)?;
    for artefact in artefacts.iter().chain([manifest]) {
        store::write_atomic(&partial.join(&artefact.file_name), &artefact.bytes)?;
    }
    let mails =
        Mails { format_version: MAILS_VERSION, welsh_first: welsh_first.clone(), english_first: english_first.clone() };
    let path = partial.join(MAILS);
    write_json(&path, &mails)?;
    write_json(&partial.join(CELLS), &Cells { format_version: MAILS_VERSION, sheets: cells.clone() })?;
    for (name, bytes) in beside {
        store::write_atomic(&partial.join(name), bytes)?;
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(io("replace the folder", &folder))?;
    }
    std::fs::rename(&partial, &folder).map_err(io("put the folder in place", &folder))?;
    Ok(folder)
}

/// Reads an edition's files back and checks each against the manifest.
///
/// # Errors
/// When a file is missing, cannot be read, or is not what the manifest says.
pub fn load_artefacts(folder: &Path) -> Result<Vec<Artefact>, EditionError> {
    let manifest_path = folder.join(MANIFEST);
    let bytes = std::fs::read(&manifest_path).map_err(io("read the manifest", &manifest_path))?;
    let listing: Listing = serde_json::from_slice(&bytes)
        .map_err(|source| EditionError::Manifest { path: manifest_path.clone(), source })?;
    let mut artefacts = Vec::with_capacity(listing.artefacts.len() + 1);
    for listed in listing.artefacts {
        let path = folder.join(&listed.file_name);
        let content = std::fs::read(&path).map_err(io("read an artefact", &path))?;
        if ContentHash::from_digest(&Sha256::digest(&content).into()).as_str() != listed.sha256 {
            return Err(EditionError::Changed { path, what: "its SHA-256 differs" });
        }
        artefacts.push(Artefact {
            media_type: media_type(&listed.file_name),
            file_name: listed.file_name,
            language: listed.language,
            bytes: Arc::from(content),
        });
    }
    artefacts.push(Artefact {
        file_name: MANIFEST.to_owned(),
        media_type: media_type(MANIFEST),
        language: None,
        bytes: Arc::from(bytes),
    });
    Ok(artefacts)
}

/// Reads the mail bodies of an edition: Welsh first, then English first.
///
/// # Errors
/// When the file is missing or of another version.
pub fn load_mails(folder: &Path) -> Result<[MailBody; 2], EditionError> {
    let path = folder.join(MAILS);
    let bytes = std::fs::read(&path).map_err(io("read the mails", &path))?;
    let mails: Mails =
        serde_json::from_slice(&bytes).map_err(|source| EditionError::Manifest { path: path.clone(), source })?;
    if mails.format_version != MAILS_VERSION {
        return Err(EditionError::Changed { path, what: "its format has another version" });
    }
    Ok([mails.welsh_first, mails.english_first])
}

/// Reads where the released cells of an edition stand: by sheet and cell the address. None for an edition that an earlier
/// program built.
///
/// # Errors
/// When the file is damaged.
pub fn load_cells(folder: &Path) -> Result<Option<PlacedCells>, EditionError> {
    let path = folder.join(CELLS);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = std::fs::read(&path).map_err(io("read the cells", &path))?;
    let cells: Cells = serde_json::from_slice(&bytes).map_err(|source| EditionError::Manifest { path, source })?;
    Ok(Some(cells.sheets))
}

fn write_json(path: &Path, content: &impl Serialize) -> Result<(), EditionError> {
    let failed = |source| EditionError::Manifest { path: path.to_path_buf(), source };
    Ok(store::write_atomic(path, &serde_json::to_vec(content).map_err(failed)?)?)
}

fn media_type(file_name: &str) -> &'static str {
    match file_name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("pdf") => "application/pdf",
        Some("ods") => "application/vnd.oasis.opendocument.spreadsheet",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("html") => "text/html",
        Some("txt") => "text/plain",
        _ => "application/octet-stream",
    }
}
