//! The quarantine file of one extract: refused rows with their values and findings. It lies in the restricted area,
//! and is the only place where a refused value is written.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::{ContentHash, Finding};
use crate::store;

use super::PipelineError;

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

/// Takes the refused rows of an extract one by one. The file gets its name, and the first line, at
/// [`QuarantineWriter::commit`]; dropped before that it leaves nothing behind.
#[derive(Debug)]
pub(super) struct QuarantineWriter {
    restricted_dir: PathBuf,
    file: BufWriter<store::AtomicFile>,
    rows: u64,
}

impl QuarantineWriter {
    /// Starts a file.
    pub(super) fn create(restricted_dir: &Path, file: &str) -> Result<Self, PipelineError> {
        let folder = restricted_dir.join("quarantine");
        store::create_private_dir(&folder)?;
        let mut writer = Self {
            restricted_dir: restricted_dir.to_path_buf(),
            file: BufWriter::new(store::AtomicFile::create(&folder.join("incoming"))?),
            rows: 0,
        };
        // Room for the first line, which is known at the end.
        let hash = ContentHash::from_digest(&[0; 32]);
        let room = head(&hash, file, u64::MAX).map_err(|source| writer.failed(source))?;
        writer.line(&room)?;
        Ok(writer)
    }

    /// Adds a row.
    pub(super) fn write(&mut self, line: &QuarantineLine) -> Result<(), PipelineError> {
        let text = serde_json::to_string(line).map_err(|source| self.failed(source.into()))?;
        self.rows += 1;
        self.line(&text)
    }

    /// Names the file after its extract, replacing an earlier one of the same extract at once. Without a row no file
    /// appears, and one that a killed process left for the same extract goes.
    pub(super) fn commit(mut self, extract: &ContentHash, file: &str) -> Result<(), PipelineError> {
        if self.rows == 0 {
            let path = path_of(&self.restricted_dir, extract);
            return match std::fs::remove_file(&path) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(failed_at(&path, source)),
                _ => Ok(()),
            };
        }
        let width = head(extract, file, u64::MAX).map_err(|source| self.failed(source))?.len();
        let first = head(extract, file, self.rows).map_err(|source| self.failed(source))?;
        let path = path_of(&self.restricted_dir, extract);
        let at_start = self.file.seek(SeekFrom::Start(0));
        at_start.map_err(|source| self.failed(source))?;
        self.line(&format!("{first:width$}"))?;
        let file = self.file.into_inner().map_err(|error| failed_at(&path, error.into_error()))?;
        Ok(file.commit_as(&path)?)
    }

    fn line(&mut self, text: &str) -> Result<(), PipelineError> {
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.write_all(b"\n"));
        written.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> PipelineError {
        failed_at(&self.restricted_dir.join("quarantine"), source)
    }
}

fn failed_at(path: &Path, source: std::io::Error) -> PipelineError {
    PipelineError::Io { doing: "write the quarantine file", path: path.to_path_buf(), source }
}

/// The first line.
fn head(extract: &ContentHash, file: &str, rows: u64) -> std::io::Result<String> {
    let head = QuarantineFile { format_version: FORMAT_VERSION, extract: extract.clone(), file: file.to_owned(), rows };
    Ok(serde_json::to_string(&head)?)
}

/// Removes files that a killed process did not finish. Only whoever holds the lock of the project may ask for it.
pub(super) fn remove_unfinished(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(".incoming.") && Path::new(&name).extension().is_some_and(|e| e == "part")
        {
            // Tried again next time.
            let _ = std::fs::remove_file(entry.path());
        }
    }
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
        let mut rows = Vec::new();
        let head = Self::for_each(restricted_dir, extract, |line| {
            rows.push(line);
            Ok::<(), PipelineError>(())
        })?;
        Ok(head.map(|head| (head, rows)))
    }

    /// Calls `each` with every refused row of an extract, one at a time; gives the first line, none if it had none.
    ///
    /// # Errors
    /// When the file cannot be read or is of another version, or `each` fails.
    pub fn for_each<E: From<PipelineError>>(
        restricted_dir: &Path,
        extract: &ContentHash,
        mut each: impl FnMut(QuarantineLine) -> Result<(), E>,
    ) -> Result<Option<Self>, E> {
        let path = path_of(restricted_dir, extract);
        let failed = |source: std::io::Error| PipelineError::Io {
            doing: "read the quarantine file",
            path: path.clone(),
            source,
        };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error).into()),
        };
        let mut lines = BufReader::new(file).lines();
        let first = lines.next().transpose().map_err(failed)?.unwrap_or_default();
        let head: Self = serde_json::from_str(&first).map_err(|e| failed(e.into()))?;
        if head.format_version != FORMAT_VERSION {
            let text = format!("format version {} is not {FORMAT_VERSION}", head.format_version);
            return Err(failed(std::io::Error::other(text)).into());
        }
        for line in lines {
            let line = line.map_err(failed)?;
            each(serde_json::from_str(&line).map_err(|e| failed(e.into()))?)?;
        }
        Ok(Some(head))
    }
}

#[cfg(test)]
mod tests {
    use super::{QuarantineFile, QuarantineLine, QuarantineWriter, remove_unfinished};
    use crate::model::ContentHash;

    #[test]
    fn rows_are_streamed_and_the_file_appears_whole() {
        let dir = tempfile::tempdir().expect("a scratch folder");
        let hash = ContentHash::from_digest(&[7; 32]);
        let line =
            |row| QuarantineLine { row, values: vec![("a".to_owned(), "1\n2".to_owned())], findings: Vec::new() };
        let mut writer = QuarantineWriter::create(dir.path(), "a.csv").expect("starts");
        for row in 2..1_000 {
            writer.write(&line(row)).expect("writes");
        }
        assert_eq!(QuarantineFile::load(dir.path(), &hash).expect("looks"), None);
        writer.commit(&hash, "a.csv").expect("ends");
        let (head, rows) = QuarantineFile::load(dir.path(), &hash).expect("reads").expect("is there");
        assert_eq!((head.rows, head.extract, head.file.as_str()), (998, hash, "a.csv"));
        assert!(rows.into_iter().eq((2..1_000).map(line)));
        drop(QuarantineWriter::create(dir.path(), "b.csv").expect("starts"));
        let empty = QuarantineWriter::create(dir.path(), "c.csv").expect("starts");
        empty.commit(&ContentHash::from_digest(&[8; 32]), "c.csv").expect("ends");
        let folder = dir.path().join("quarantine");
        assert_eq!(std::fs::read_dir(&folder).expect("lists").count(), 1);
        let none_now = QuarantineWriter::create(dir.path(), "a.csv").expect("starts");
        none_now.commit(&ContentHash::from_digest(&[7; 32]), "a.csv").expect("ends");
        assert_eq!(std::fs::read_dir(&folder).expect("lists").count(), 0);
        std::fs::write(folder.join("kept.ndjson"), b"kept").expect("writes");
        std::fs::write(folder.join(".incoming.1.0.part"), b"half").expect("writes");
        remove_unfinished(&folder);
        assert_eq!(std::fs::read_dir(&folder).expect("lists").count(), 1);
    }
}
