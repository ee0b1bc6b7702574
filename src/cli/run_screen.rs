//! One run on one screen: what came, what was set aside and why, what is missing, and how long each step took, beside
//! the run of the same job before it. Everything comes from the ledger, so it can be told a year later.

use serde_json::Value;

use crate::ledger::{RunRecord, RunState};

use super::ingest::grouped;
use super::runs::seconds;

/// Counts of a run's `ingest` steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    files: u64,
    taken: u64,
    again: u64,
    already: u64,
    refused: u64,
    held: u64,
    rows_in: u64,
    accepted: u64,
    repaired: u64,
    quarantined: u64,
}

/// Prints a run. `all` are the runs around it, newest first.
pub(super) fn print_run(record: &RunRecord, all: &[RunRecord]) {
    let mut earlier = all.iter().filter(|other| other.job == record.job && other.id < record.id);
    let cut_off = earlier.clone().next().filter(|other| other.state == RunState::Aborted);
    let before = earlier.find(|other| other.state == RunState::Complete);
    say!("run         {}", record.id);
    say!("job         {}", record.job);
    say!("period      {}", record.period.map_or_else(|| "none named".to_owned(), |period| period.to_string()));
    say!("state       {}", record.state.as_str());
    say!("started     {}", record.started_at);
    say!("took        {} s{}", seconds(record), beside(before, |other| format!("{} s", seconds(other))));
    if let Some(cut_off) = cut_off {
        say!("took up     run {} of {}, which was cut off", cut_off.id, cut_off.started_at);
    }
    for step in steps(record) {
        match step["step"].as_str() {
            Some("ingest") => print_ingest(step, before),
            Some("freshness") => print_freshness(step),
            name => say!("{:<11} {}", name.unwrap_or_default(), facts(step)),
        }
    }
    print_times(record, before);
    for line in texts(record.summary.as_ref().map_or(&Value::Null, |summary| &summary["error"])) {
        say!("error       {line}");
    }
}

fn steps(record: &RunRecord) -> impl Iterator<Item = &Value> {
    record.summary.iter().filter_map(|summary| summary["steps"].as_array()).flatten()
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// ` (run 6: ...)`, when there is a run to compare with.
fn beside(before: Option<&RunRecord>, text: impl Fn(&RunRecord) -> String) -> String {
    before.map(|other| format!(" (run {}: {})", other.id, text(other))).unwrap_or_default()
}

fn totals(step: &Value) -> Totals {
    let mut totals = Totals::default();
    for extract in step["extracts"].as_array().into_iter().flatten() {
        let number = |key: &str| extract[key].as_u64().unwrap_or(0);
        totals.files += 1;
        match extract["outcome"].as_str() {
            Some("taken") => totals.taken += 1,
            Some("again") => totals.again += 1,
            Some("already") => totals.already += 1,
            Some("refused") => totals.refused += 1,
            Some("held") => totals.held += 1,
            _ => {}
        }
        totals.rows_in += number("rows_in");
        totals.accepted += number("accepted");
        totals.repaired += number("repaired");
        totals.quarantined += number("quarantined");
    }
    totals
}

fn totals_of_run(record: &RunRecord) -> Totals {
    steps(record).find(|step| step["step"] == "ingest").map(totals).unwrap_or_default()
}

fn print_ingest(step: &Value, before: Option<&RunRecord>) {
    let now = totals(step);
    let came = |t: Totals| {
        let held = if t.held == 0 { String::new() } else { format!(", {} held", t.held) };
        let again = if t.again == 0 { String::new() } else { format!(", {} counted again", t.again) };
        format!(
            "{} files: {} taken{again}, {} in the lake already, {} refused{held}",
            t.files, t.taken, t.already, t.refused
        )
    };
    let rows = |t: Totals| {
        format!(
            "{} in: {} accepted ({} of them repaired), {} quarantined",
            grouped(t.rows_in),
            grouped(t.accepted),
            grouped(t.repaired),
            grouped(t.quarantined)
        )
    };
    say!("came        {}{}", came(now), beside(before, |other| format!("{} taken", totals_of_run(other).taken)));
    if now.taken > 0 {
        let compare = |other: &RunRecord| {
            let then = totals_of_run(other);
            format!("{} in, {} quarantined", grouped(then.rows_in), grouped(then.quarantined))
        };
        say!("rows        {}{}", rows(now), beside(before, compare));
    }
    for extract in step["extracts"].as_array().into_iter().flatten() {
        print_extract(extract);
    }
}

fn print_extract(extract: &Value) {
    let file = extract["file"].as_str().unwrap_or_default();
    let number = |value: &Value| grouped(value.as_u64().unwrap_or(0));
    match extract["outcome"].as_str() {
        Some("taken") => {
            say!(
                "ingest      {file}: {} rows in, {} accepted, {} repaired, {} quarantined",
                number(&extract["rows_in"]),
                number(&extract["accepted"]),
                number(&extract["repaired"]),
                number(&extract["quarantined"])
            );
            for rule in extract["rules"].as_array().into_iter().flatten() {
                let column = rule["column"].as_str().map(|column| format!("{column}: ")).unwrap_or_default();
                let [id, reason] = ["rule", "reason"].map(|key| rule[key].as_str().unwrap_or_default());
                say!("            {column}{id} {reason} ({} rows)", number(&rule["rows"]));
            }
        }
        Some(outcome @ ("refused" | "held")) => {
            say!("ingest      {file}: {outcome}");
            for reason in texts(&extract["reasons"]) {
                for line in reason.lines() {
                    say!("            {line}");
                }
            }
        }
        Some("skipped") => say!("ingest      {file}: skipped, {}", extract["note"].as_str().unwrap_or_default()),
        _ => {}
    }
}

fn print_freshness(step: &Value) {
    let number = |key: &str| step[key].as_u64().unwrap_or(0);
    let came = number("early") + number("on_time") + number("late");
    let troubles: Vec<&str> = texts(&step["troubles"]).collect();
    say!("sources     {came} came, {} due, {} late or missing", number("due"), troubles.len());
    for (index, line) in troubles.iter().enumerate() {
        say!("{:<12}{line}", if index == 0 { "missing" } else { "" });
    }
    if !troubles.is_empty() {
        say!("alert       {}", step["alert"].as_str().unwrap_or_default());
    }
}

/// What else a step did, as it was recorded.
fn facts(step: &Value) -> String {
    let known = |key: &str| !["step", "milliseconds"].contains(&key);
    let fact = |(key, value): (&String, &Value)| match value {
        Value::String(text) => format!("{key} {text}"),
        Value::Array(list) => format!("{key} {}", list.len()),
        other => format!("{key} {other}"),
    };
    let all = step.as_object().into_iter().flatten().filter(|(key, value)| known(key) && !value.is_null());
    all.map(fact).collect::<Vec<_>>().join(", ")
}

/// How long each step took. Runs of older programs did not record it.
fn print_times(record: &RunRecord, before: Option<&RunRecord>) {
    let time = |step: &Value| {
        let millis = step["milliseconds"].as_u64()?;
        Some(format!("{}.{:03} s", millis / 1000, millis % 1000))
    };
    let of = |other: &RunRecord, name: &Value| steps(other).find(|step| step["step"] == *name).and_then(time);
    for (index, (step, took)) in steps(record).filter_map(|step| Some((step, time(step)?))).enumerate() {
        let name = step["step"].as_str().unwrap_or_default();
        let then = before.and_then(|other| Some((other.id, of(other, &step["step"])?)));
        let then = then.map(|(id, took)| format!(" (run {id}: {took})")).unwrap_or_default();
        say!("{:<12}{name} {took}{then}", if index == 0 { "times" } else { "" });
    }
}
