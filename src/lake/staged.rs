//! Staged files: Parquet in a table's folder that no commit names yet. Encoding runs in a thread of its own, row groups
//! are cut so that memory stays bounded, and what is not committed is removed when it is dropped.

use std::collections::hash_map::RandomState;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::statistics::{FileStatistics, statistics_of};
use super::{Lake, LakeError};
use crate::store::create_private_dir;

/// How staged files begin; nothing else in a table's folder does.
pub(super) const STAGED_PREFIX: &str = "extract-";
/// How they end.
pub(super) const STAGED_SUFFIX: &str = ".zstd.parquet";
/// Batches that may wait for the encoder.
const WAITING: usize = 4;
/// A row group is closed when so much of it is encoded, bytes.
const ROW_GROUP_BYTES: usize = 32 << 20;
/// A row group is closed at so many rows.
const ROW_GROUP_ROWS: usize = 1 << 20;
/// A file is closed when it has grown so large, bytes.
const FILE_BYTES: usize = 512 << 20;

/// One staged file.
#[derive(Debug)]
pub(super) struct StagedFile {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) statistics: FileStatistics,
}

/// Removes the files it knows of when it is dropped, unless they were kept.
#[derive(Debug, Default)]
struct Leftovers(Mutex<Vec<PathBuf>>);

impl Leftovers {
    fn add(&self, path: PathBuf) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(path);
    }

    fn keep(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        for path in self.0.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
            // A file that cannot be removed now is removed by the next ingest of its table.
            let _ = fs::remove_file(path);
        }
    }
}

/// Takes the rows of one extract for one table. Dropped before [`StagedWriter::finish`] it leaves nothing behind.
#[derive(Debug)]
pub struct StagedWriter {
    table: String,
    folder: PathBuf,
    schema: SchemaRef,
    batches: Option<SyncSender<RecordBatch>>,
    encoder: Option<JoinHandle<Result<Vec<StagedFile>, LakeError>>>,
    // After the encoder: it has ended when the files go.
    leftovers: Arc<Leftovers>,
}

/// Rows that are written and not committed. Dropped, they are gone.
#[derive(Debug)]
pub struct Staged {
    pub(super) table: String,
    pub(super) schema: SchemaRef,
    pub(super) files: Vec<StagedFile>,
    folder: PathBuf,
    leftovers: Arc<Leftovers>,
}

impl Lake {
    /// Starts to stage rows for a table. `schema` is what the files hold, without the columns that are constant in the
    /// extract ([`super::Constant`]). `counter` names a column that only grows, such as the row number.
    ///
    /// # Errors
    /// [`LakeError::ReadOnly`], or when the table's folder cannot be made.
    pub fn stage(&self, table: &str, schema: SchemaRef, counter: &str) -> Result<StagedWriter, LakeError> {
        if !self.writable {
            return Err(LakeError::ReadOnly { path: self.root.clone() });
        }
        let folder = self.folder(table)?;
        create_private_dir(&folder).map_err(|source| LakeError::Open { path: folder.clone(), source })?;
        let leftovers = Arc::new(Leftovers::default());
        let (batches, waiting) = sync_channel(WAITING);
        let encoder = Encoder {
            table: table.to_owned(),
            folder: folder.clone(),
            schema: Arc::clone(&schema),
            properties: properties(counter),
            stem: random_stem(),
            leftovers: Arc::clone(&leftovers),
            files: Vec::new(),
        };
        let encoder = std::thread::Builder::new()
            .name("encode".to_owned())
            .spawn(move || encoder.run(&waiting))
            .map_err(|source| LakeError::Stage { table: table.to_owned(), source: source.into() })?;
        let table = table.to_owned();
        Ok(StagedWriter { table, folder, schema, batches: Some(batches), encoder: Some(encoder), leftovers })
    }
}

impl StagedWriter {
    /// The table that the rows are for.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Hands over some rows; waits while the encoder is behind.
    ///
    /// # Errors
    /// [`LakeError::Stage`] when an earlier batch could not be written.
    pub fn write(&mut self, batch: RecordBatch) -> Result<(), LakeError> {
        let sent = self.batches.as_ref().is_some_and(|batches| batches.send(batch).is_ok());
        // An encoder that went away says why.
        if sent { Ok(()) } else { self.end().map(|_| ()) }
    }

    /// Completes the files and makes them durable.
    ///
    /// # Errors
    /// [`LakeError::Stage`]; nothing is left behind then.
    pub fn finish(mut self) -> Result<Staged, LakeError> {
        let files = self.end()?;
        let leftovers = Arc::clone(&self.leftovers);
        let (table, folder) = (self.table.clone(), self.folder.clone());
        Ok(Staged { table, schema: Arc::clone(&self.schema), files, folder, leftovers })
    }

    fn end(&mut self) -> Result<Vec<StagedFile>, LakeError> {
        self.batches = None;
        let broken = || LakeError::Stage { table: self.table.clone(), source: "the encoder broke off".into() };
        let encoder = self.encoder.take().ok_or_else(broken)?;
        encoder.join().map_err(|_| broken())?
    }
}

impl Drop for StagedWriter {
    fn drop(&mut self) {
        self.batches = None;
        if let Some(encoder) = self.encoder.take() {
            // Whatever it says, its files go.
            let _ = encoder.join();
        }
    }
}

impl Staged {
    /// How many rows it holds.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.statistics.rows).sum()
    }

    /// The size of its files, bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Where its files are.
    #[must_use]
    pub fn paths(&self) -> Vec<PathBuf> {
        self.files.iter().map(|file| self.folder.join(&file.name)).collect()
    }

    /// Its rows in the order in which they were written.
    ///
    /// # Errors
    /// [`LakeError::Stage`] when a file cannot be read back; nothing comes after an error.
    pub fn batches(&self) -> impl Iterator<Item = Result<RecordBatch, LakeError>> {
        let fail =
            |source: Box<dyn std::error::Error + Send + Sync>| LakeError::Stage { table: self.table.clone(), source };
        let open = |path: PathBuf| {
            let file = File::open(path).map_err(ParquetError::from)?;
            ParquetRecordBatchReaderBuilder::try_new(file)?.build()
        };
        self.paths().into_iter().flat_map(move |path| {
            let (batches, error) = match open(path) {
                Ok(batches) => (Some(batches), None),
                Err(source) => (None, Some(Err(fail(Box::new(source))))),
            };
            let batches = batches.into_iter().flatten();
            batches.map(move |batch| batch.map_err(|source| fail(Box::new(source)))).chain(error)
        })
    }

    /// A commit names the files now.
    pub(super) fn keep(self) {
        self.leftovers.keep();
    }
}

/// Runs in the encoder's thread.
struct Encoder {
    table: String,
    folder: PathBuf,
    schema: SchemaRef,
    properties: WriterProperties,
    stem: String,
    leftovers: Arc<Leftovers>,
    files: Vec<StagedFile>,
}

impl Encoder {
    fn run(mut self, waiting: &Receiver<RecordBatch>) -> Result<Vec<StagedFile>, LakeError> {
        let table = self.table.clone();
        self.encode(waiting).map_err(|source| LakeError::Stage { table, source: Box::new(source) })?;
        Ok(self.files)
    }

    fn encode(&mut self, waiting: &Receiver<RecordBatch>) -> Result<(), ParquetError> {
        let mut open = None;
        for batch in waiting {
            if batch.num_rows() == 0 {
                continue;
            }
            let (name, writer) = match &mut open {
                Some(open) => open,
                None => open.insert(self.start()?),
            };
            writer.write(&batch)?;
            if writer.in_progress_size() >= ROW_GROUP_BYTES {
                writer.flush()?;
            }
            if writer.bytes_written() >= FILE_BYTES {
                let name = std::mem::take(name);
                if let Some((_, writer)) = open.take() {
                    self.close(name, writer)?;
                }
            }
        }
        match open {
            Some((name, writer)) => self.close(name, writer),
            None => Ok(()),
        }
    }

    fn start(&self) -> Result<(String, ArrowWriter<File>), ParquetError> {
        let name = format!("{STAGED_PREFIX}{}-{:04}{STAGED_SUFFIX}", self.stem, self.files.len());
        let path = self.folder.join(&name);
        self.leftovers.add(path.clone());
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let writer = ArrowWriter::try_new(file, Arc::clone(&self.schema), Some(self.properties.clone()))?;
        Ok((name, writer))
    }

    fn close(&mut self, name: String, mut writer: ArrowWriter<File>) -> Result<(), ParquetError> {
        let metadata = writer.finish()?;
        writer.inner().sync_all()?;
        let bytes = writer.inner().metadata()?.len();
        let statistics = statistics_of(&self.schema, &metadata);
        self.files.push(StagedFile { name, bytes, statistics });
        sync_folder(&self.folder)
    }
}

/// A new name is durable only when its folder is.
fn sync_folder(folder: &Path) -> Result<(), ParquetError> {
    Ok(File::open(folder)?.sync_all()?)
}

fn properties(counter: &str) -> WriterProperties {
    // Higher levels cost more time than the bytes they save are worth here (docs/performance.md).
    let level = ZstdLevel::try_new(1).expect("one is a level of zstd");
    let counter = ColumnPath::from(counter);
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_write_batch_size(8192)
        .set_column_dictionary_enabled(counter.clone(), false)
        .set_column_encoding(counter, Encoding::DELTA_BINARY_PACKED)
        .build()
}

/// A name that no other extract has, in any process.
fn random_stem() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}
