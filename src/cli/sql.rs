//! `mesur sql`: one question, read-only.

use crate::analyst;
use crate::pipeline::Workspace;

use super::arguments::SqlArguments;
use super::error::CliError;
use super::output::print_batches;

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
    let answer = analyst::answer(workspace, &sql, arguments.as_known_at).await?;
    print_batches(&answer.schema, &answer.batches, arguments.format)?;
    Ok(0)
}
