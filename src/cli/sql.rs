//! `mesur sql`: one question, read-only; the answer to the terminal, a pipe or a file.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::analyst::{self, Answer, Passage, Question};
use crate::pipeline::Workspace;
use crate::store;

use super::arguments::{Format, SqlArguments};
use super::error::CliError;
use super::output::{encode_batches, print_batches};

pub(super) async fn run(workspace: &Workspace, arguments: &SqlArguments) -> Result<u8, CliError> {
    let sql = match (&arguments.source.command, &arguments.source.file) {
        (Some(sql), _) => sql.clone(),
        (None, Some(path)) => std::fs::read_to_string(path).map_err(|source| CliError::Io {
            doing: "read the statement from",
            path: path.clone(),
            source,
        })?,
        (None, None) => unreachable!("clap asks for one of -c and -f"),
    };
    let target = arguments.export.as_ref().map(|path| Target::new(path, arguments.format)).transpose()?;
    let question = Question {
        sql: &sql,
        known_at: arguments.as_known_at,
        role: arguments.role.unwrap_or(workspace.project.settings.sql_role),
        asked_by: arguments.user.as_deref(),
        passage: passage(target.is_some()),
    };
    let answer = analyst::answer(workspace, &question).await?;
    match target {
        None => print_batches(&answer.schema, &answer.batches, arguments.format)?,
        Some(target) => target.write(&answer)?,
    }
    Ok(0)
}

fn passage(exports: bool) -> Passage {
    if exports {
        return Passage::Export;
    }
    if std::io::stdout().is_terminal() { Passage::Terminal } else { Passage::Pipe }
}

/// The file that an answer is exported to.
struct Target {
    path: PathBuf,
    format: Format,
}

impl Target {
    /// Told before anything is asked, so that a mistake in the name releases nothing.
    fn new(path: &Path, format: Format) -> Result<Self, CliError> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let format = match (format, ending) {
            (Format::Automatic, "csv") => Format::Csv,
            (Format::Automatic, "json") => Format::Json,
            (Format::Automatic, "ndjson" | "nd-json" | "jsonl") => Format::NdJson,
            (Format::Automatic, _) => return Err(CliError::FileFormat { path: path.to_path_buf() }),
            (said, _) => said,
        };
        Ok(Self { path: path.to_path_buf(), format })
    }

    /// Writes the file whole, readable by its owner only. One that is there and the same is left alone.
    fn write(&self, answer: &Answer) -> Result<(), CliError> {
        let bytes = encode_batches(&answer.schema, &answer.batches, self.format)?;
        let rows: usize = answer.batches.iter().map(arrow::array::RecordBatch::num_rows).sum();
        let noun = if rows == 1 { "row" } else { "rows" };
        match std::fs::read(&self.path) {
            Ok(found) if found == bytes => {
                eprintln!("{rows} {noun}; `{}` holds them already", self.path.display());
                return Ok(());
            }
            Ok(_) => return Err(CliError::Exists { path: self.path.clone() }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => {
                return Err(CliError::Io { doing: "look whether there is already", path: self.path.clone(), source });
            }
        }
        store::write_atomic(&self.path, &bytes)?;
        eprintln!("{rows} {noun} to `{}`", self.path.display());
        Ok(())
    }
}
