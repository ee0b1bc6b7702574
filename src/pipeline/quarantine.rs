//! The quarantine file of one extract: refused rows with their values and findings. It lies in the restricted area,
//! and is the only place where a refused value is written.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::{ContentHash, Finding};
use crate::store;

use super::PipelineError;
use super::admission::QuarantinedRow;

/// The version of the format.
const FORMAT_VERSION: u32 = 1;

/// The first line of a quarantine file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineFile {
    /// The version of the format.
    pub format_version: u32,
    /// Which extract.
    pub extract: ContentHash,
    /// Its file's name.
    pub file: String,
    /// How many rows follow.
    pub rows: u64,
}

/// One refused row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineLine {
    /// Its row in the file.
    pub row: u64,
    /// Column names and values as delivered.
    pub values: Vec<(String, String)>,
    /// Why it was refused.
    pub findings: Vec<Finding>,
}

/// Where the refused rows of an extract lie.
pub(super) fn path_of(restricted_dir: &Path, extract: &ContentHash) -> PathBuf {
    restricted_dir.join("quarantine").join(format!("{extract}.ndjson"))
}

/// Writes the refused rows of an extract, replacing an earlier file of the same extract at once.
pub(super) fn write(
    restricted_dir: &Path,
    extract: &ContentHash,
    file: &str,
    rows: &[QuarantinedRow],
) -> Result<(), PipelineError> {
    let path = path_of(restricted_dir, extract);
    let failed = |source: serde_json::Error| PipelineError::Io {
        doing: "write the quarantine file",
        path: path.clone(),
        source: source.into(),
    };
    let head = QuarantineFile {
        format_version: FORMAT_VERSION,
        extract: extract.clone(),
        file: file.to_owned(),
        rows: u64::try_from(rows.len()).unwrap_or(u64::MAX),
    };
    let mut bytes = serde_json::to_vec(&head).map_err(failed)?;
    bytes.push(b'\n');
    for row in rows {
        let line = QuarantineLine { row: row.row, values: row.values.clone(), findings: row.findings.clone() };
        serde_json::to_writer(&mut bytes, &line).map_err(failed)?;
        bytes.push(b'\n');
    }
    store::create_private_dir(&restricted_dir.join("quarantine"))?;
    Ok(store::write_atomic(&path, &bytes)?)
}

impl QuarantineFile {
    /// Reads the refused rows of an extract; none if it had none.
    ///
    /// # Errors
    /// When the file cannot be read or is of another version.
    pub fn load(
        restricted_dir: &Path,
        extract: &ContentHash,
    ) -> Result<Option<(Self, Vec<QuarantineLine>)>, PipelineError> {
        let path = path_of(restricted_dir, extract);
        let failed = |source: std::io::Error| PipelineError::Io {
            doing: "read the quarantine file",
            path: path.clone(),
            source,
        };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mut lines = BufReader::new(file).lines();
        let first = lines.next().transpose().map_err(failed)?.unwrap_or_default();
        let head: Self = serde_json::from_str(&first).map_err(|e| failed(e.into()))?;
        if head.format_version != FORMAT_VERSION {
            let text = format!("format version {} is not {FORMAT_VERSION}", head.format_version);
            return Err(failed(std::io::Error::other(text)));
        }
        let mut rows = Vec::new();
        for line in lines {
            let line = line.map_err(failed)?;
            rows.push(serde_json::from_str(&line).map_err(|e| failed(e.into()))?);
        }
        Ok(Some((head, rows)))
    }
}
