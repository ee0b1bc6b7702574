//! How far the reading of an extract has come. The pipeline tells it; `cli` draws it.

use std::fmt;
use std::sync::Arc;

/// How far the reading of one extract has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingProgress {
    /// The file's name.
    pub file: String,
    /// Rows read so far.
    pub rows: u64,
    /// About how many bytes of text they were.
    pub read_bytes: u64,
    /// The size of the file; a compressed one holds more text than that.
    pub file_bytes: u64,
    /// Whether the file is read to its end.
    pub is_done: bool,
}

/// Who is told; nobody by default.
#[derive(Clone, Default)]
pub struct ProgressSink(Option<Arc<Listener>>);

type Listener = dyn Fn(&ReadingProgress) + Send + Sync;

impl ProgressSink {
    /// Calls this on every step, from any thread.
    pub fn new(sink: impl Fn(&ReadingProgress) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(sink)))
    }

    pub(super) fn tell(&self, progress: &ReadingProgress) {
        if let Some(sink) = &self.0 {
            sink(progress);
        }
    }
}

impl fmt::Debug for ProgressSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "ProgressSink(told)" } else { "ProgressSink(nobody)" })
    }
}
