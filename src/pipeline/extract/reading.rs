//! Reads an extract once: hash and raw copy in one thread, parts decoded and checked in others, rows admitted in file
//! order in this one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use super::admission::{Admission, Tally};
use super::in_order::in_order;
use super::quarantining::{Quarantining, Refused};
use super::scratch::Scratch;
use super::stage::{Stage, StagedRows, Targets};
use super::task::{Task, compile_one};
use super::totals::Totals;
use super::uniqueness::Uniqueness;
use super::verdict::Strictness;
use crate::decode::{self, DecodeLimits, Decoded, OpenOptions, Part};
use crate::definitions::Layout;
use crate::intake::{Taken, Taking};
use crate::model::{ErrorClass, Finding, Severity};
use crate::pipeline::PipelineError;
use crate::pipeline::error::chain;
use crate::pipeline::progress::ReadingProgress;
use crate::pipeline::quarantine::QuarantineWriter;
use crate::validate::{self, CheckedChunk, Validator};

/// Parts that may be under way, beside one a thread.
const WINDOW: usize = 4;

/// Everything that reading needs, so that it can run on a thread of its own.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) task: Task,
    /// The file's name, for messages.
    pub(super) file: String,
    pub(super) layout: Option<Layout>,
    pub(super) limits: DecodeLimits,
    pub(super) threads: usize,
    pub(super) targets: Targets,
    /// Where the raw copy goes; none when it is there.
    pub(super) raw_dir: Option<PathBuf>,
    /// Where refused rows go; none when they are not to be written down.
    pub(super) restricted_dir: Option<PathBuf>,
    pub(super) scratch: Arc<Scratch>,
    pub(super) strictness: Arc<Strictness>,
}

/// What reading gave. The file is still the one that was looked at first.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) taken: Taken,
    /// The rows, or every reason why the file is refused.
    pub(super) content: Result<Content, Vec<String>>,
}

/// The rows of an extract, parted and written, nothing of it committed.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) dialect: serde_json::Value,
    pub(super) tally: Tally,
    pub(super) staged: StagedRows,
    pub(super) refused: Refused,
}

/// Why rows do not come: the file's fault, or ours.
enum Stopped {
    Refused(Vec<String>),
    Failed(PipelineError),
}

impl From<PipelineError> for Stopped {
    fn from(error: PipelineError) -> Self {
        Self::Failed(error)
    }
}

impl Reading {
    /// Reads the file once. A file that changes meanwhile is an error of class data.
    pub(super) fn read(&self, unique: Uniqueness) -> Result<Read, PipelineError> {
        let mut taking = Taking::begin(&self.task.path)?;
        let (taken, content) = thread::scope(|scope| {
            let copying = scope.spawn(|| taking.read(self.raw_dir.as_deref()));
            let content = self.read_rows(unique);
            // A panic there goes on here.
            let taken = copying.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (taken, content)
        });
        let taken = taken?;
        // Whatever the rows say, they may be those of another file.
        taking.verify_unchanged()?;
        let content = match content {
            Ok(content) => Ok(content),
            Err(Stopped::Refused(reasons)) => Err(reasons),
            Err(Stopped::Failed(error)) => return Err(error),
        };
        Ok(Read { taken, content })
    }

    fn read_rows(&self, unique: Uniqueness) -> Result<Content, Stopped> {
        let schema = &*self.task.schema;
        let (decoded, header) = self.open(&self.task.path)?;
        let dialect = decoded.dialect.clone();
        let writer = self.restricted_dir.as_deref().map(|dir| QuarantineWriter::create(dir, &self.file)).transpose()?;
        let stage = Stage::open(&self.targets, schema, &self.scratch)?;
        let mut tally =
            Tally { repaired_numbers: self.targets.for_set_rules.then(Default::default), ..Tally::default() };
        for finding in &header {
            tally.counts.add(finding);
        }
        let quarantine = Quarantining::new(writer, &self.strictness);
        let mut admission = Admission { file: &self.file, schema, unique, quarantine, stage, tally };
        let mut progress = self.progress();
        self.check_parts(decoded, |chunk, totals| {
            progress.rows += u64::try_from(chunk.rows.len()).unwrap_or(0);
            progress.read_bytes += text_bytes(&chunk);
            self.task.progress.tell(&progress);
            Ok(admission.admit(&chunk, totals)?)
        })?;
        let (tally, stage, refused) = admission.finish()?;
        let staged = stage.finish()?;
        progress.is_done = true;
        self.task.progress.tell(&progress);
        // Notes below the table are counted while parts are decoded, so it is whole only now.
        let dialect = serde_json::to_value(&dialect).unwrap_or(serde_json::Value::Null);
        Ok(Content { dialect, tally, staged, refused })
    }

    /// Reads the rows once more, from the raw copy, which cannot have changed, and checks them as before.
    pub(super) fn read_again(
        &self,
        kept: &Path,
        mut each: impl FnMut(CheckedChunk) -> Result<(), PipelineError>,
    ) -> Result<(), PipelineError> {
        // Decoding goes by the file's own name.
        let named = self.scratch.file(&self.file)?;
        std::os::unix::fs::symlink(kept, &named).map_err(|source| PipelineError::Io {
            doing: "link the raw copy to",
            path: named.clone(),
            source,
        })?;
        let outcome = self
            .open(&named)
            .and_then(|(decoded, _)| self.check_parts(decoded, |chunk, _| each(chunk).map_err(Stopped::Failed)));
        match outcome {
            Ok(()) => Ok(()),
            Err(Stopped::Failed(error)) => Err(error),
            Err(Stopped::Refused(reasons)) => {
                Err(PipelineError::ReadOtherwise { file: self.file.clone(), what: reasons.join("; ") })
            }
        }
    }

    fn open(&self, path: &Path) -> Result<(Decoded, Vec<Finding>), Stopped> {
        let schema = &*self.task.schema;
        let options = OpenOptions {
            schema,
            layout: self.layout.as_ref(),
            limits: &self.limits,
            scratch_dir: self.scratch.dir()?,
        };
        let decoded = decode::open_extract(path, &options).map_err(|error| self.stopped(error))?;
        let header = validate::check_header(&decoded.columns, schema, &self.file);
        let refusals: Vec<String> =
            header.iter().filter(|finding| finding.severity >= Severity::Refuse).map(ToString::to_string).collect();
        if refusals.is_empty() { Ok((decoded, header)) } else { Err(Stopped::Refused(refusals)) }
    }

    /// Decodes and checks parts on several threads and gives their chunks in file order.
    fn check_parts(
        &self,
        decoded: Decoded,
        mut each: impl FnMut(CheckedChunk, Totals) -> Result<(), Stopped>,
    ) -> Result<(), Stopped> {
        let schema = &*self.task.schema;
        let mut rules = Vec::new();
        for rule in &schema.rules {
            rules.push(compile_one(schema, rule, self.task.name.as_of).map_err(PipelineError::from)?);
        }
        let validator =
            Validator::new(schema, &self.file, &self.task.references, rules).map_err(PipelineError::from)?;
        let work = |part| self.check_part(&validator, part);
        in_order(decoded.parts, self.threads, self.threads + WINDOW, work, |checked| {
            for (chunk, totals) in checked? {
                each(chunk, totals)?;
            }
            Ok(())
        })
    }

    fn check_part(
        &self,
        validator: &Validator<'_>,
        part: Result<Part, decode::DecodeError>,
    ) -> Result<Vec<(CheckedChunk, Totals)>, Stopped> {
        let chunks = part.and_then(Part::decode).map_err(|error| self.stopped(error))?;
        let mut checked = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            let chunk = validator
                .check_chunk(&chunk.batch, &chunk.rows, chunk.sheet.as_ref(), &chunk.ragged)
                .map_err(PipelineError::from)?;
            let totals = Totals::of(&chunk.typed, &self.task.schema)
                .map_err(|source| PipelineError::Arrow { doing: "add up the rows of an extract".to_owned(), source })?;
            checked.push((chunk, totals));
        }
        Ok(checked)
    }

    /// A file that is wrong is refused; what else fails ends the run.
    fn stopped(&self, error: decode::DecodeError) -> Stopped {
        if error.class() == ErrorClass::Data {
            return Stopped::Refused(vec![format!("{}: {}", self.file, chain(&error))]);
        }
        Stopped::Failed(error.into())
    }

    fn progress(&self) -> ReadingProgress {
        ReadingProgress { file: self.file.clone(), rows: 0, read_bytes: 0, file_bytes: self.task.bytes, is_done: false }
    }
}

/// About how many bytes of a delimited file a chunk was: its text, and a separator a cell.
fn text_bytes(chunk: &CheckedChunk) -> u64 {
    let cells = chunk.text.num_columns() * chunk.text.num_rows();
    let texts = chunk.text.columns().iter().filter_map(|column| {
        let texts = column.as_any().downcast_ref::<arrow::array::StringArray>()?;
        let offsets = texts.value_offsets();
        usize::try_from(offsets.last()? - offsets.first()?).ok()
    });
    u64::try_from(texts.sum::<usize>() + cells).unwrap_or(0)
}
