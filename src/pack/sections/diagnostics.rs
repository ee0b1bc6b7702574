//! Section 3, Action 1: diagnostics to date against their profile, and where the firms are.

use std::cmp::Reverse;

use rust_decimal::Decimal;

use super::writer::{Writer, row, strong};
use crate::model::{Observation, Period, TimeKey};
use crate::pack::charts::{Bar, Cumulative, CumulativePoint, SortedBars, cumulative, sorted_bars, to_float};
use crate::pack::collation::sort_key;
use crate::pack::document::{Block, Cell, Chart, Column, ColumnKind, Place, Section, TableModel};
use crate::pack::figures::Series;
use crate::pack::numbers;

/// Quarters that fit side by side.
const MOST_QUARTERS: usize = 12;
/// The last quarter in which all visits were on site (domain, section 1.3).
const LAST_ON_SITE: &str = "2019-20-Q4";

pub(super) fn write(writer: &Writer<'_>) -> Section {
    let label = writer.plain("section-diagnostics");
    let Some(series) = writer.figures.find("D01", "value") else {
        let blocks = vec![Block::Paragraph(writer.plain("not-available"))];
        return Section { number: 3, label, title: writer.plain("diagnostics-title-none"), standfirst: None, blocks };
    };
    let period = writer.input.period;
    let now = series.total(TimeKey::ToDate(period), "WALES");
    let value = Writer::figure(&series, now);
    let title = match writer.figures.plan("D01", period).target {
        Some(target) => {
            let target = numbers::plain(target, 0).text();
            writer.say("diagnostics-title", &[("value", (&value).into()), ("target", (&target).into())])
        }
        None => writer.say("diagnostics-title-no-target", &[("value", (&value).into())]),
    };
    let mut blocks = progress(writer, &series);
    blocks.extend(by_authority(writer, &series));
    Section { number: 3, label, title, standfirst: None, blocks }
}

fn progress(writer: &Writer<'_>, series: &Series<'_>) -> Vec<Block> {
    let all = series.quarters();
    let quarters = &all[all.len().saturating_sub(MOST_QUARTERS)..];
    let period = writer.input.period;
    let actual = |quarter: Period| series.total(TimeKey::ToDate(quarter), "WALES");
    let profile = |quarter: Period| writer.figures.plan("D01", quarter).profile;
    let short = |quarter: Period| writer.quarter(quarter).split(' ').next().unwrap_or_default().to_owned();
    let points = quarters
        .iter()
        .map(|quarter| CumulativePoint {
            quarter: short(*quarter),
            year: quarter.year_label(),
            actual: actual(*quarter).value().map(|v| to_float(series.number(v).value)),
            profile: profile(*quarter).map(to_float),
        })
        .collect();
    let (before, after) = (writer.plain("visits-on-site"), writer.plain("visits-remote"));
    let break_at = quarters
        .iter()
        .position(|quarter| quarter.to_string() == LAST_ON_SITE)
        .filter(|index| index + 1 < quarters.len());
    let (achieved_word, profile_word) = (writer.plain("word-achieved"), writer.plain("word-profile"));
    let now = Writer::figure(series, actual(period));
    let due = profile(period).map(|due| numbers::plain(due, u32::from(!due.fract().is_zero())).text());
    let title = match (actual(period).value(), profile(period)) {
        (Some(value), Some(due)) => {
            let share = numbers::per_cent((value * Decimal::ONE_HUNDRED).checked_div(due).unwrap_or_default()).text();
            writer.say("diagnostics-chart-title", &[("share", (&share).into())])
        }
        _ => writer.plain("diagnostics-chart-title-plain"),
    };
    let (drawing, widths) = cumulative(&Cumulative {
        points,
        break_after: break_at.map(|index| (index, before.as_str(), after.as_str())),
        actual_label: (now.clone(), &achieved_word),
        profile_label: due.clone().map(|due| (due, profile_word.as_str())),
        title: &title,
    });
    let first = quarters.first().copied().unwrap_or(period);
    let (from, to) = (writer.quarter(first), writer.quarter(period));
    let span = [("from", (&from).into()), ("to", (&to).into())];
    let subtitle = writer.say("diagnostics-chart-subtitle", &span);
    let alt = match &due {
        Some(due) => writer.say(
            "diagnostics-chart-alt",
            &[("from", (&from).into()), ("to", (&to).into()), ("value", (&now).into()), ("profile", due.into())],
        ),
        None => writer.say(
            "diagnostics-chart-alt-no-profile",
            &[("from", (&from).into()), ("to", (&to).into()), ("value", (&now).into())],
        ),
    };
    let mut columns = vec![writer.column("column-measure", ColumnKind::Text)];
    columns.extend(quarters.iter().map(|quarter| Column { title: writer.quarter(*quarter), kind: ColumnKind::Number }));
    let mut achieved = vec![Cell::Text(writer.plain("row-achieved"))];
    let mut planned = vec![Cell::Text(writer.plain("row-profile"))];
    let mut share = vec![Cell::Text(writer.plain("row-share-of-profile"))];
    for quarter in quarters {
        let observation = actual(*quarter);
        achieved.push(Writer::cell(series, observation));
        let due = profile(*quarter);
        planned.push(due.map_or_else(
            || Cell::absent("[z]"),
            |due| Cell::derived(numbers::plain(due, u32::from(!due.fract().is_zero()))),
        ));
        let ratio = due.zip(observation.value()).and_then(|(due, v)| (v * Decimal::ONE_HUNDRED).checked_div(due));
        share.push(Writer::derived(ratio.map(|ratio| numbers::plain(ratio, 1))));
    }
    let mut notes = vec![writer.source("D01")];
    if break_at.is_some() {
        notes.push(writer.plain("note-break-remote"));
    }
    notes.extend(writer.rounding_note());
    let table = TableModel {
        id: "D01_profile".to_owned(),
        title: title.clone(),
        subtitle: subtitle.clone(),
        place: Place::UnderChart(Some(widths)),
        columns,
        rows: vec![strong(achieved), row(planned), row(share)],
        notes,
    };
    vec![Block::Chart(Chart { title, subtitle, drawing, alt }), Block::Table(table)]
}

fn by_authority(writer: &Writer<'_>, series: &Series<'_>) -> Vec<Block> {
    let period = writer.input.period;
    let time = TimeKey::ToDate(period);
    let mut authorities: Vec<(&str, String, &Observation, bool)> = writer
        .input
        .areas
        .iter()
        .filter(|area| area.code.as_str().starts_with("W06"))
        .map(|area| {
            let focus = area.region.as_ref().is_some_and(|region| region.as_str() == "WWV");
            let name = area.name.get(writer.language).to_owned();
            (area.code.as_str(), name, series.total(time, area.code.as_str()), focus)
        })
        .collect();
    if authorities.iter().all(|(_, _, observation, _)| observation.value().is_none()) {
        return Vec::new();
    }
    authorities.sort_by_key(|(_, name, observation, _)| {
        (Reverse(observation.value().map(|v| series.number(v).value)), sort_key(name, writer.language))
    });
    let total = Writer::figure(series, series.total(time, "WALES"));
    let region = |code: &str| {
        let figure = Writer::figure(series, series.total(time, code));
        writer.say("key-area", &[("area", (&writer.area(code)).into()), ("value", (&figure).into())])
    };
    let wwv = Writer::figure(series, series.total(time, "WWV"));
    let args = [("wwv", (&wwv).into()), ("total", (&total).into())];
    let title = writer.say("authority-chart-title", &args);
    let quarter = writer.quarter(period);
    let subtitle = writer.say("authority-chart-subtitle", &[("quarter", (&quarter).into())]);
    let bars = authorities
        .iter()
        .map(|(_, name, observation, focus)| Bar {
            name: name.clone(),
            value: observation.value().map(|v| to_float(series.number(v).value)),
            label: Writer::figure(series, observation),
            focus: *focus,
        })
        .collect();
    let drawing = sorted_bars(&SortedBars { bars, key: [region("WWV"), region("EW")], title: &title });
    let confidential = authorities.iter().any(|(_, _, o, _)| o.shorthand() == "[c]");
    let (first, first_value) =
        authorities.first().map(|(_, name, o, _)| (name.clone(), Writer::figure(series, o))).unwrap_or_default();
    let alt = writer.say(
        "authority-chart-alt",
        &[
            ("quarter", (&quarter).into()),
            ("wwv", (&wwv).into()),
            ("total", (&total).into()),
            ("first", (&first).into()),
            ("value", (&first_value).into()),
        ],
    );
    let mut rows: Vec<_> = authorities
        .iter()
        .map(|(code, name, observation, focus)| {
            row(vec![
                Cell::Text(name.clone()),
                Cell::Text((*code).to_owned()),
                Cell::Text(writer.area(if *focus { "WWV" } else { "EW" })),
                Writer::cell(series, observation),
            ])
        })
        .collect();
    for code in ["WWV", "EW", "WALES"] {
        rows.push(strong(vec![
            Cell::Text(writer.area(code)),
            Cell::Text(code.to_owned()),
            Cell::Text(writer.area(code)),
            Writer::cell(series, series.total(time, code)),
        ]));
    }
    let mut notes = vec![writer.source("D01")];
    if confidential {
        notes.push(writer.plain("note-confidential"));
    }
    notes.extend(writer.rounding_note());
    let table = TableModel {
        id: "D01_authority".to_owned(),
        title: title.clone(),
        subtitle: subtitle.clone(),
        place: Place::Titled,
        columns: vec![
            writer.column("column-authority", ColumnKind::Text),
            writer.column("column-code", ColumnKind::Text),
            writer.column("column-region", ColumnKind::Text),
            writer.column("column-smes", ColumnKind::Number),
        ],
        rows,
        notes,
    };
    vec![Block::Chart(Chart { title, subtitle, drawing, alt }), Block::PageBreak, Block::Table(table)]
}
