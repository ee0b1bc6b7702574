//! What every section needs: figures, words, names of areas, dates, and the cells of tables.

use jiff::civil::Date;

use crate::model::{IndicatorId, Language, Observation, Period, Progress};
use crate::pack::document::{Cell, Column, ColumnKind, Row};
use crate::pack::figures::{Figures, Series};
use crate::pack::input::{CatalogueEntry, PackInput};
use crate::pack::messages::{Arg, Messages};
use crate::pack::numbers::{self, Number};

/// Writes one document.
pub(in crate::pack) struct Writer<'a> {
    pub(in crate::pack) input: &'a PackInput<'a>,
    pub(in crate::pack) figures: &'a Figures<'a>,
    pub(in crate::pack) messages: &'a Messages,
    pub(in crate::pack) language: Language,
}

impl Writer<'_> {
    /// A message with its places filled.
    pub(super) fn say(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.messages.say(id, args)
    }

    /// A message without places.
    pub(super) fn plain(&self, id: &str) -> String {
        self.messages.plain(id)
    }

    /// The name of an area; its code if it has none.
    pub(super) fn area(&self, code: &str) -> String {
        self.input
            .areas
            .iter()
            .find(|area| area.code.as_str() == code)
            .map_or_else(|| code.to_owned(), |area| area.name.get(self.language).to_owned())
    }

    /// What the catalogue says of an indicator.
    pub(super) fn catalogue(&self, indicator: &str) -> Option<&CatalogueEntry> {
        IndicatorId::new(indicator).ok().and_then(|id| self.input.catalogue.get(&id))
    }

    /// An indicator's short name; its id if the catalogue lacks it.
    pub(super) fn short(&self, indicator: &str) -> String {
        self.catalogue(indicator)
            .map_or_else(|| indicator.to_owned(), |entry| entry.short.get(self.language).to_owned())
    }

    /// `31 December 2020`.
    pub(super) fn date(&self, date: Date) -> String {
        let month = self.plain(&format!("month-{}", date.month()));
        format!("{}\u{a0}{month}\u{a0}{}", date.day(), date.year())
    }

    /// `Q3 2020-21`.
    pub(super) fn quarter(&self, period: Period) -> String {
        period.label(self.language)
    }

    /// The line of source and snapshot under a table or chart.
    pub(super) fn source(&self, indicator: &str) -> String {
        let source = self.catalogue(indicator).map_or("", |entry| entry.source.get(self.language));
        if source.is_empty() {
            return self.say("source-snapshot", &[("snapshot", self.input.snapshot.into())]);
        }
        self.say("source-line", &[("source", source.into()), ("snapshot", self.input.snapshot.into())])
    }

    /// The sentence on rounding of counts, or nothing if counts are exact.
    pub(super) fn rounding_note(&self) -> Option<String> {
        let base = self.input.rounding.count_base;
        (base > 1).then(|| self.say("note-count-rounding", &[("base", (&base.to_string()).into())]))
    }

    /// A cell of a table.
    pub(super) fn cell(series: &Series<'_>, observation: &Observation) -> Cell {
        match observation {
            Observation::Value { value, .. } => {
                Cell::Number(series.number(*value), observation.shorthand(), series.address_of(observation))
            }
            Observation::Missing(status) => Cell::Mark(status.shorthand().to_owned(), series.address_of(observation)),
        }
    }

    /// A cell with a number worked out by the pack; `[x]` if there is none.
    pub(super) fn derived(number: Option<Number>) -> Cell {
        number.map_or_else(|| Cell::absent("[x]"), Cell::derived)
    }

    /// The figure or its mark as text for a sentence or a label.
    pub(super) fn figure(series: &Series<'_>, observation: &Observation) -> String {
        observation.value().map_or_else(|| observation.shorthand(), |value| series.number(value).text())
    }

    /// The status in words.
    pub(super) fn progress_word(&self, progress: Progress) -> String {
        self.plain(match progress {
            Progress::OnTrack => "status-on-track",
            Progress::AtRisk => "status-at-risk",
            Progress::OffTrack => "status-off-track",
            Progress::NoTarget => "status-no-target",
        })
    }

    /// A column's head from a message.
    pub(super) fn column(&self, id: &str, kind: ColumnKind) -> Column {
        Column { title: self.plain(id), kind }
    }

    /// A count of rows or cells as a cell.
    pub(super) fn counted(value: u64) -> Cell {
        Cell::derived(numbers::count(value))
    }
}

/// A row that does not stand out.
pub(super) fn row(cells: Vec<Cell>) -> Row {
    Row { cells, strong: false }
}

/// A total or the focus.
pub(super) fn strong(cells: Vec<Cell>) -> Row {
    Row { cells, strong: true }
}
