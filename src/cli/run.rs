//! `mesur run` and `mesur build`: the steps of a job, and a short summary of what they did.

use crate::model::ErrorClass;
use crate::pipeline::{
    AlertOutcome, BuildReport, EditionReport, Freshness, FreshnessState, JobReport, JobRequest, PipelineError,
    StepReport, WatchReport, Workspace,
};

use super::arguments::{BuildArguments, RunArguments};
use super::error::CliError;
use super::freshness::print_troubles;
use super::ingest::{grouped, print_report};
use super::test::print_data_tests;

pub(super) async fn run(workspace: &Workspace, arguments: &RunArguments) -> Result<u8, CliError> {
    if arguments.dry_run {
        print_plan(workspace, arguments, 0)?;
        return Ok(0);
    }
    let request = JobRequest { job: arguments.job.clone(), period: arguments.period };
    match workspace.run_job(&request).await {
        Ok(report) => {
            print_job(workspace, &report);
            Ok(ErrorClass::combine(&report.failures()))
        }
        Err(failure) => {
            for report in &failure.done {
                print_job(workspace, report);
            }
            Err(CliError::from(*failure.error))
        }
    }
}

pub(super) async fn build(workspace: &Workspace, arguments: &BuildArguments) -> Result<u8, CliError> {
    let report = workspace.build_by_hand(arguments.period, &arguments.select, arguments.as_known_at).await?;
    say!("period      {}", report.period);
    print_build(&report);
    if let Some(known_at) = arguments.as_known_at {
        say!("as known at {known_at}: nothing was stored");
    }
    Ok(0)
}

fn print_plan(workspace: &Workspace, arguments: &RunArguments, depth: usize) -> Result<(), PipelineError> {
    let job = workspace.known_job(&arguments.job)?;
    let pad = "  ".repeat(depth);
    for required in &job.requires {
        say!("{pad}{required} (required, unless it is green for the quarter)");
        let inner = RunArguments { job: required.clone(), period: arguments.period, dry_run: true };
        print_plan(workspace, &inner, depth + 1)?;
    }
    for step in &job.steps {
        say!("{pad}{}: {}", job.name, step.as_str());
    }
    Ok(())
}

fn print_job(workspace: &Workspace, report: &JobReport) {
    for required in &report.required {
        print_job(workspace, required);
    }
    let period = report.period.map(|period| format!(" for {period}")).unwrap_or_default();
    say!("{}{period} (run {})", report.job, report.run);
    for step in &report.steps {
        match step {
            StepReport::Ingest(ingested) => print_report(ingested, false),
            StepReport::Freshness(watched) => print_watched(watched),
            StepReport::Test(outcomes) => print_data_tests(outcomes),
            StepReport::Build(built) => print_build(built),
            StepReport::NothingToBuild => say!("indicators  none: no finished quarter has data yet"),
            StepReport::Edition { report: edition, indicators } => {
                if let Some(built) = indicators {
                    print_build(built);
                }
                print_edition(workspace, edition);
            }
            StepReport::Approved => say!("approvals   given"),
            StepReport::Preflight { recipients } => say!("preflight   passed; {recipients} recipients"),
            StepReport::Send(summary) => {
                say!(
                    "mailed      {} sent, {} had it already, {} failed, {} unknown",
                    summary.sent,
                    summary.already,
                    summary.failed,
                    summary.unknown
                );
                for delivery in &summary.deliveries {
                    say!("            {}: {} ({})", delivery.address, delivery.state.as_str(), delivery.response);
                }
            }
            StepReport::NotSent { sent } => {
                say!("mailed      nobody: {sent} went out before, and its data have changed since");
            }
        }
    }
}

fn print_watched(report: &WatchReport) {
    let sources = &report.freshness.sources;
    let count = |wanted: &dyn Fn(&Freshness) -> bool| sources.iter().filter(|source| wanted(source)).count();
    let uncounted = count(&|source| source.state <= FreshnessState::Late && !source.counts);
    say!(
        "sources     {} came, {} due, {} missing{}",
        count(&|source| source.came.is_some()),
        count(&|source| source.state == FreshnessState::Due),
        count(&|source| source.state == FreshnessState::Missing && source.counts),
        if uncounted == 0 { String::new() } else { format!(", {uncounted} not counted (see `mesur freshness`)") }
    );
    print_troubles(&report.freshness);
    match &report.alert {
        AlertOutcome::Nothing => {}
        AlertOutcome::Sent => say!("            the owner was told"),
        AlertOutcome::NoOwner => say!("            nobody was told: set mail.owner"),
        AlertOutcome::Failed(why) => say!("            the owner could not be told: {why}"),
    }
}

fn print_build(report: &BuildReport) {
    let cells = u64::try_from(report.cells).unwrap_or(u64::MAX);
    let hidden = u64::try_from(report.hidden).unwrap_or(u64::MAX);
    say!(
        "indicators  {} in {} tables, {} cells, {} of them confidential [c] (snapshot {})",
        report.indicators,
        report.tables,
        grouped(cells),
        grouped(hidden),
        report.snapshot
    );
    for (indicator, measure) in &report.withheld {
        say!("            {indicator} {measure}: every figure is confidential, since nothing less is safe");
    }
    for (indicator, rows) in &report.dropped {
        say!("            {indicator}: {rows} rows have no date or no area and are left out");
    }
}

fn print_edition(workspace: &Workspace, report: &EditionReport) {
    let note = match (report.unchanged, report.stale) {
        (_, true) => ", as sent; the data have changed since",
        (true, false) => ", nothing changed since it was built",
        (false, false) => "",
    };
    say!("edition     {}{note}", report.id);
    for file in &report.files {
        say!("            {}", workspace.shown(&report.folder.join(file)));
    }
}
