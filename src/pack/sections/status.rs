//! Section 2: every measure with a plan, what it reached, what was due, and the status in words.

use super::headlines;
use super::tracks::Track;
use super::writer::{Writer, row};
use crate::model::{Progress, TimeKey, Unit};
use crate::pack::document::{Block, Cell, ColumnKind, Place, Section, TableModel};
use crate::pack::numbers;

pub(super) fn write(writer: &Writer<'_>) -> Section {
    let tracks = Track::list(writer);
    let period = writer.input.period;
    let worst = tracks
        .iter()
        .filter(|track| track.progress != Progress::NoTarget && track.indicator != "D02")
        .filter_map(|track| track.share_of_due(period).map(|share| (share, track)))
        .min_by(|a, b| a.0.cmp(&b.0));
    let standfirst = worst.map(|(share, track)| {
        let name = name(writer, track);
        let share = numbers::per_cent(share).text();
        writer.say("status-standfirst", &[("name", (&name).into()), ("share", (&share).into())])
    });
    let title = if worst.is_some() { writer.plain("status-title") } else { headlines::title(writer, &tracks) };
    let blocks = if tracks.is_empty() {
        vec![Block::Paragraph(writer.plain("not-available"))]
    } else {
        vec![Block::Table(table(writer, &tracks))]
    };
    Section { number: 2, label: writer.plain("section-status"), title, standfirst, blocks }
}

fn name(writer: &Writer<'_>, track: &Track<'_>) -> String {
    writer.say(&format!("name-{}", track.key), &[("short", (&writer.short(track.indicator)).into())])
}

/// The unit in words, since a column of this table holds several.
fn unit(writer: &Writer<'_>, track: &Track<'_>) -> String {
    if track.budget().is_some() {
        return writer.plain("unit-per-cent");
    }
    match track.series.header().unit {
        Unit::Gbp => writer.plain("unit-gbp"),
        Unit::PerCent => writer.plain("unit-per-cent"),
        Unit::Smes => writer.say("unit-smes", &[("count", 2.into())]),
        Unit::Enterprises => writer.say("unit-enterprises", &[("count", 2.into())]),
        Unit::Vouchers => writer.say("unit-vouchers", &[("count", 2.into())]),
        _ => "[z]".to_owned(),
    }
}

fn table(writer: &Writer<'_>, tracks: &[Track<'_>]) -> TableModel {
    let period = writer.input.period;
    let rows = tracks
        .iter()
        .map(|track| {
            let now = track.at(period);
            let address = || track.series.address_of(track.series.total(TimeKey::ToDate(period), "WALES"));
            let actual = now.value().map_or_else(
                || Cell::Mark(now.shorthand(), address()),
                |value| Cell::Number(track.number(value), now.shorthand(), address()),
            );
            let due = track.due.map_or_else(|| Cell::absent("[z]"), |due| Cell::derived(track.due_number(due)));
            let share = match track.due {
                Some(_) => Writer::derived(track.share_of_due(period).map(numbers::per_cent)),
                None => Cell::absent("[z]"),
            };
            let actions: Vec<String> = writer
                .catalogue(track.indicator)
                .map(|entry| entry.actions.iter().map(ToString::to_string).collect())
                .unwrap_or_default();
            let actions = if actions.is_empty() { "[z]".to_owned() } else { actions.join(", ") };
            row(vec![
                Cell::Text(name(writer, track)),
                Cell::Text(actions),
                Cell::Text(unit(writer, track)),
                actual,
                due,
                share,
                Cell::Status(track.progress, writer.progress_word(track.progress)),
            ])
        })
        .collect();
    let quarter = writer.quarter(period);
    TableModel {
        id: "status".to_owned(),
        title: writer.plain("status-table-title"),
        subtitle: writer.say("status-table-subtitle", &[("quarter", (&quarter).into())]),
        place: Place::Titled,
        columns: vec![
            writer.column("column-measure", ColumnKind::Wide),
            writer.column("column-action", ColumnKind::Text),
            writer.column("column-unit", ColumnKind::Text),
            writer.column("column-to-date", ColumnKind::Number),
            writer.column("column-due", ColumnKind::Number),
            writer.column("column-share-of-plan", ColumnKind::Number),
            writer.column("column-status", ColumnKind::Status),
        ],
        rows,
        notes: std::iter::once(writer.plain("status-note")).chain(writer.rounding_note()).collect(),
    }
}
