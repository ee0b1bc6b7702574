//! A bar on the terminal while a large file is read. Nothing when standard error is no terminal, and nothing for a file that
//! is read in a blink.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clock::{Clock, Stopwatch};
use crate::pipeline::{ProgressSink, ReadingProgress};

use super::ingest::grouped;

/// Reading that takes less is not shown.
const PATIENCE: Duration = Duration::from_secs(2);

/// The file that is being read.
struct Shown {
    file: String,
    since: Stopwatch,
    bar: Option<ProgressBar>,
}

/// Draws how far the reading of each file has come, if a person is looking.
pub(super) fn on_terminal() -> ProgressSink {
    if !std::io::stderr().is_terminal() {
        return ProgressSink::default();
    }
    let shown: Mutex<Option<Shown>> = Mutex::new(None);
    ProgressSink::new(move |progress| draw(&mut shown.lock().unwrap_or_else(PoisonError::into_inner), progress))
}

fn draw(shown: &mut Option<Shown>, progress: &ReadingProgress) {
    if shown.as_ref().is_none_or(|shown| shown.file != progress.file) {
        *shown = Some(Shown { file: progress.file.clone(), since: Clock::System.start_stopwatch(), bar: None });
    }
    let Some(current) = shown else { return };
    if progress.is_done {
        if let Some(bar) = &current.bar {
            bar.finish_and_clear();
        }
        *shown = None;
        return;
    }
    if current.bar.is_none() && current.since.elapsed() >= PATIENCE {
        current.bar = Some(bar(progress));
    }
    if let Some(bar) = &current.bar {
        // Unpacked text may be longer than its file.
        bar.set_length(progress.file_bytes.max(progress.read_bytes));
        bar.set_position(progress.read_bytes);
        bar.set_message(format!("{} rows", grouped(progress.rows)));
    }
}

fn bar(progress: &ReadingProgress) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(progress.file_bytes), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {percent}% {msg} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_prefix(progress.file.clone())
}
