//! Section 0: the words on the cover, in the header and in the footer.

use super::writer::Writer;
use crate::model::{Language, TimeKey};
use crate::pack::charts::to_float;
use crate::pack::document::Meta;

pub(super) fn write(writer: &Writer<'_>) -> Meta {
    let input = writer.input;
    let period = input.period;
    let quarter = writer.quarter(period);
    let (number, year_label) = (period.quarter().to_string(), period.year_label());
    let months = writer
        .say(&format!("months-{}", period.quarter()), &[("year", (&period.last_day().year().to_string()).into())]);
    let (status_box, status_word, status_fact) = if input.provisional {
        (writer.plain("status-box-provisional"), writer.plain("word-provisional"), "fact-provisional")
    } else {
        (writer.plain("status-box-final"), writer.plain("word-final"), "fact-final")
    };
    let as_of = writer.date(input.as_of);
    let edition = match writer.language {
        Language::Cy => format!("{year_label}-Ch{number}"),
        Language::En => format!("{year_label}-Q{number}"),
    };
    let version = input.edition.version.to_string();
    let mut status = writer.plain(status_fact);
    for (wanted, message) in [(input.illustrative, "fact-illustrative"), (input.rehearsal, "fact-rehearsal")] {
        if wanted {
            status = format!("{status} {}", writer.plain(message));
        }
    }
    let facts = vec![
        (writer.plain("fact-status"), status),
        (writer.plain("fact-as-of"), as_of.clone()),
        (
            writer.plain("fact-edition"),
            writer.say(
                "fact-edition-value",
                &[("edition", (&edition).into()), ("version", (&version).into()), ("snapshot", input.snapshot.into())],
            ),
        ),
        (writer.plain("fact-marking"), writer.plain("fact-marking-value")),
        (writer.plain("fact-owner"), writer.plain("fact-owner-value")),
    ];
    Meta {
        pack_name: writer.plain("pack-name"),
        title: writer.say("document-title", &[("quarter", (&quarter).into()), ("status", (&status_word).into())]),
        council: writer.plain("council"),
        quarter_long: writer.say("quarter-long", &[("number", (&number).into()), ("year", (&year_label).into())]),
        quarter_header: writer.say("quarter-header", &[("quarter", (&quarter).into()), ("months", (&months).into())]),
        months,
        status_box,
        remark: if input.illustrative { writer.plain("remark-illustrative") } else { String::new() },
        facts,
        welcome: writer.plain("welcome"),
        footer: writer.say(
            "footer",
            &[("date", (&as_of).into()), ("edition", (&edition).into()), ("version", (&version).into())],
        ),
        page_of: writer.say("page-of", &[("page", "{page}".into()), ("pages", "{pages}".into())]),
    }
}

/// Current and target levels of the components by group, for the drawing. Empty if a level may not be shown.
pub(in crate::pack) fn cover_levels(writer: &Writer<'_>) -> Vec<Vec<(f64, f64)>> {
    let (Some(current), Some(target)) = (writer.figures.find("M01", "current"), writer.figures.find("M01", "target"))
    else {
        return Vec::new();
    };
    let time = TimeKey::ToDate(writer.input.period);
    let mut groups: Vec<(&str, Vec<(f64, f64)>)> = Vec::new();
    for component in writer.input.components {
        let level = |series: &crate::pack::figures::Series<'_>| series.cell(time, "WALES", &component.code).value();
        let (Some(from), Some(to)) = (level(&current), level(&target)) else { continue };
        let pair = (to_float(from), to_float(to));
        match groups.last_mut() {
            Some((group, pairs)) if *group == component.group => pairs.push(pair),
            _ => groups.push((&component.group, vec![pair])),
        }
    }
    groups.into_iter().map(|(_, pairs)| pairs).collect()
}
