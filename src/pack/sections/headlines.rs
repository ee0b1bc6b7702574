//! Section 1: six to eight figures, each with its sentence, target, status and changes.

use rust_decimal::Decimal;

use super::tracks::Track;
use super::writer::Writer;
use crate::model::{Observation, Progress, TimeKey, Unit};
use crate::pack::charts::{sparkline, to_float};
use crate::pack::document::{Block, Headline, Section};

/// Quarters in a sparkline.
const QUARTERS: usize = 8;

pub(super) fn write(writer: &Writer<'_>) -> Section {
    let tracks = Track::list(writer);
    let mut headlines: Vec<Headline> = tracks.iter().map(|track| of_track(writer, track)).collect();
    headlines.extend(productivity(writer));
    let title = title(writer, &tracks);
    let mut blocks = Vec::new();
    if headlines.is_empty() {
        blocks.push(Block::Paragraph(writer.plain("not-available")));
    } else {
        blocks.push(Block::Headlines(headlines));
        let limit = |share: Decimal| (share * Decimal::ONE_HUNDRED).normalize().to_string();
        let (on_track, at_risk) = (limit(writer.input.rag.on_track), limit(writer.input.rag.at_risk));
        let mut note =
            writer.say("headlines-note", &[("on_track", (&on_track).into()), ("at_risk", (&at_risk).into())]);
        if let Some(rounding) = writer.rounding_note() {
            note = format!("{note} {rounding}");
        }
        blocks.push(Block::Note(note));
    }
    Section { number: 1, label: writer.plain("section-headlines"), title, standfirst: None, blocks }
}

/// How many of the measures with a plan are on track, and which is furthest behind.
pub(super) fn title(writer: &Writer<'_>, tracks: &[Track<'_>]) -> String {
    let planned: Vec<&Track<'_>> = tracks.iter().filter(|t| t.progress != Progress::NoTarget).collect();
    let on_track = planned.iter().filter(|t| t.progress == Progress::OnTrack).count();
    let (on, all) = (i64::try_from(on_track).unwrap_or(0), i64::try_from(planned.len()).unwrap_or(0));
    if all == 0 {
        return writer.plain("headlines-title-no-targets");
    }
    let (on_text, all_text) = (on.to_string(), all.to_string());
    writer.say(
        "headlines-title",
        &[("on", on.into()), ("all", all.into()), ("on_text", (&on_text).into()), ("all_text", (&all_text).into())],
    )
}

fn of_track(writer: &Writer<'_>, track: &Track<'_>) -> Headline {
    let period = writer.input.period;
    let now = track.at(period);
    let name = writer.say(&format!("name-{}", track.key), &[("short", (&writer.short(track.indicator)).into())]);
    let change = |from, id: &str| {
        track.change(from, period).map(|change| {
            let text = if track.in_per_cent() {
                crate::pack::numbers::plain(change, 1).signed()
            } else {
                track.headline(change).signed()
            };
            let points = if track.in_per_cent() { "-points" } else { "" };
            writer.say(&format!("{id}{points}"), &[("change", (&text).into())])
        })
    };
    let changes = [change(period.previous(), "change-quarter"), change(period.year_before(), "change-year")];
    let recent: Vec<f64> =
        track.to_date.iter().rev().take(QUARTERS).rev().filter_map(|(_, o)| o.value()).map(to_float).collect();
    let due = track.due.filter(|_| track.progress != Progress::NoTarget);
    let number = now.value().map_or_else(|| now.shorthand(), |value| track.headline(value).text());
    Headline {
        spark_alt: writer.say("spark-alt", &[("name", (&name).into()), ("value", (&number).into())]),
        number,
        unit: unit(writer, track, &now),
        sentence: sentence(writer, track),
        spark: sparkline(&recent, due.map(to_float), track.starts_at_zero(), &name),
        name,
        progress: track.progress,
        progress_word: writer.progress_word(track.progress),
        target: target(writer, track),
        changes: changes.into_iter().flatten().collect(),
    }
}

fn unit(writer: &Writer<'_>, track: &Track<'_>, now: &Observation) -> String {
    let Some(value) = now.value() else { return String::new() };
    if track.budget().is_some() {
        return writer.plain("unit-of-budget");
    }
    let id = match track.series.header().unit {
        Unit::Smes => "unit-smes",
        Unit::Enterprises => "unit-enterprises",
        Unit::Vouchers => "unit-vouchers",
        Unit::PerCent if track.indicator == "M02" => "unit-of-distance",
        _ => return String::new(),
    };
    let count = i64::try_from(track.number(value).value).unwrap_or(i64::MAX);
    writer.say(id, &[("count", count.into())])
}

fn target(writer: &Writer<'_>, track: &Track<'_>) -> String {
    let text = |value: Decimal| track.headline(value).text();
    match (track.due, track.target) {
        (Some(due), _) if track.series.is_level() => writer.say("target-level", &[("target", (&text(due)).into())]),
        (Some(due), _) => {
            let exact = track.due_text(due);
            writer.say("target-profile", &[("profile", (&exact).into())])
        }
        (None, Some(target)) => writer.say("target-final", &[("target", (&text(target)).into())]),
        (None, None) => String::new(),
    }
}

fn sentence(writer: &Writer<'_>, track: &Track<'_>) -> String {
    let period = writer.input.period;
    let text = |observation: &Observation| observation.value().map(|value| track.series.headline(value).text());
    let quarter = text(track.series.total(TimeKey::Quarter(period), "WALES"));
    let plain = || writer.plain(&format!("sentence-{}-plain", track.key));
    let with = |name: &str, value: Option<String>| {
        value.map_or_else(plain, |v| writer.say(&format!("sentence-{}", track.key), &[(name, (&v).into())]))
    };
    match track.key {
        "d01" => with("wwv", text(track.series.total(TimeKey::ToDate(period), "WWV"))),
        "d02" => {
            let spend = text(track.series.total(TimeKey::ToDate(period), "WALES"));
            let budget = track.budget().map(|budget| track.series.number(budget).text());
            match (spend, budget) {
                (Some(spend), Some(budget)) => {
                    writer.say("sentence-d02", &[("spend", (&spend).into()), ("budget", (&budget).into())])
                }
                _ => plain(),
            }
        }
        "m02" => plain(),
        _ => with("quarter", quarter),
    }
}

/// The index of output per hour in West Wales and the Valleys, which has no target.
fn productivity(writer: &Writer<'_>) -> Option<Headline> {
    let series = writer.figures.find("G06", "per_hour")?;
    let years = series.years("WWV");
    let value = |year: i16| series.total(TimeKey::Year(year), "WWV").value();
    let last = *years.iter().rev().find(|year| value(**year).is_some())?;
    let now = value(last)?;
    let (year, before_year) = (last.to_string(), (last - 1).to_string());
    let change = value(last - 1).map(|before| now - before);
    let sentence = match (change, value(last - 1)) {
        (Some(change), Some(before)) => {
            let shown = series.number(change).value;
            let id = match shown {
                shown if shown.is_zero() => "sentence-g06-same",
                shown if shown.is_sign_positive() => "sentence-g06-up",
                _ => "sentence-g06-down",
            };
            let before = series.number(before).text();
            writer.say(id, &[("before", (&before).into()), ("year", (&before_year).into())])
        }
        _ => writer.plain("sentence-g06-plain"),
    };
    let changes = change
        .map(|change| {
            let text = crate::pack::numbers::plain(change, 1).signed();
            writer.say("change-since-year-points", &[("change", (&text).into()), ("year", (&before_year).into())])
        })
        .into_iter()
        .collect();
    let line: Vec<f64> = years.iter().filter_map(|year| value(*year)).map(to_float).collect();
    let name = writer.plain("name-g06");
    let number = series.number(now).text();
    Some(Headline {
        spark_alt: writer.say("spark-alt", &[("name", (&name).into()), ("value", (&number).into())]),
        number,
        unit: writer.plain("unit-index-uk-100"),
        sentence,
        spark: sparkline(&line, None, false, &name),
        name,
        progress: Progress::NoTarget,
        progress_word: writer.progress_word(Progress::NoTarget),
        target: writer.say("target-annual", &[("year", (&year).into())]),
        changes,
    })
}
