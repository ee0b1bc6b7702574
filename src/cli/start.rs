//! From arguments to an exit code: parse, settings, telemetry, one command, errors printed once.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::config::{self, Environment, Flag, LoadOptions, Settings};
use crate::pipeline::{Access, Project, Workspace};
use crate::telemetry;

use super::arguments::{Arguments, Command, QuarantineCommand, Shared};
use super::error::{CliError, print_error};
use super::{
    check, doctor, edition, explain, freshness, ingest, init, quarantine, run as run_command, runs, sample, schedule,
    serve, sql, test, why,
};

/// Runs the program and gives its exit code.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            // A closed pipe is nobody's fault.
            let _closed = error.print();
            return ExitCode::from(code);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(source) => return print_error(&CliError::Runtime { source }),
    };
    let outcome = runtime.block_on(dispatch(arguments));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) => print_error(&error),
    }
}

async fn dispatch(arguments: Arguments) -> Result<u8, CliError> {
    let shared = arguments.shared;
    match arguments.command {
        Command::Init(arguments) => init::run(&arguments),
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&shared, &arguments).await,
        Command::Check => check::run(load_project(&shared)?).await,
        Command::Ingest(arguments) if arguments.dry_run => ingest::rehearse(load_project(&shared)?, &arguments).await,
        Command::Ingest(arguments) => {
            with(&shared, Access::Write, async |workspace| ingest::run(workspace, &arguments).await).await
        }
        Command::Quarantine(command) => {
            let releases = matches!(command, QuarantineCommand::Release(_));
            let access = if releases { Access::Write } else { Access::Read };
            with(&shared, access, async |workspace| quarantine::run(workspace, &command).await).await
        }
        Command::Freshness(arguments) => {
            with(&shared, Access::Read, async |workspace| freshness::run(workspace, &arguments).await).await
        }
        Command::Build(arguments) => {
            with(&shared, Access::Write, async |workspace| run_command::build(workspace, &arguments).await).await
        }
        Command::Explain(arguments) => explain::run(&load_project(&shared)?, &arguments),
        Command::Test(arguments) => test::run(load_project(&shared)?, &arguments).await,
        Command::Run(arguments) => {
            with(&shared, Access::Write, async |workspace| run_command::run(workspace, &arguments).await).await
        }
        Command::Edition(command) => {
            with(&shared, Access::Read, async |workspace| edition::run(workspace, &command).await).await
        }
        Command::Sql(arguments) => {
            with(&shared, Access::Ask, async |workspace| sql::run(workspace, &arguments).await).await
        }
        Command::Why(arguments) => {
            with(&shared, Access::Read, async |workspace| why::run(workspace, &arguments).await).await
        }
        Command::Schedule(command) => schedule::run(&load_project(&shared)?, &command),
        Command::Runs(command) => {
            with(&shared, Access::Read, async |workspace| runs::run(workspace, &command).await).await
        }
        Command::Serve => serve::run(open(&shared, Access::Write).await?).await,
    }
}

/// The settings, from flags, environment and `mesur.toml`; starts telemetry as they say.
pub(super) fn load_settings(shared: &Shared) -> Result<Settings, CliError> {
    let verbosity = ["", "warn,mesur=info", "info,mesur=debug"][usize::from(shared.verbose.min(2))];
    let flag = Flag { name: "--verbose", key: "log.filter", value: verbosity.to_owned() };
    let settings = config::load_settings(&LoadOptions {
        project: shared.project.clone(),
        now: shared.now.clone(),
        flags: if shared.verbose > 0 { vec![flag] } else { Vec::new() },
        environment: Environment::from_process(),
    })?;
    telemetry::init_telemetry(&settings.log, settings.clock)?;
    Ok(settings)
}

fn load_project(shared: &Shared) -> Result<Project, CliError> {
    Ok(Project::load(load_settings(shared)?)?)
}

/// Opens the project's parts for one command and closes the ledger behind it, whatever came of it.
async fn with(
    shared: &Shared,
    access: Access,
    command: impl AsyncFnOnce(&Workspace) -> Result<u8, CliError>,
) -> Result<u8, CliError> {
    let workspace = open(shared, access).await?;
    let outcome = command(&workspace).await;
    workspace.ledger.close().await;
    outcome
}

async fn open(shared: &Shared, access: Access) -> Result<Workspace, CliError> {
    Ok(Workspace::open(load_project(shared)?, access).await?)
}
