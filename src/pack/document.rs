//! The document model. Everything a reader sees in the PDF, the workbook and the mail comes from here, so that they
//! agree. It holds text that is already in its language and numbers that are already rounded.

use crate::model::{CellAddress, Language, Progress};

use super::numbers::Number;

/// A pack in one language.
pub(super) struct Document {
    /// Its language.
    pub(super) language: Language,
    /// Names, dates and identities.
    pub(super) meta: Meta,
    /// Sections in order. The cover is `meta`.
    pub(super) sections: Vec<Section>,
}

/// Words on the cover, in the header and the footer, one language.
pub(super) struct Meta {
    /// `Manumix monitoring`.
    pub(super) pack_name: String,
    /// The document's title, with quarter and status.
    pub(super) title: String,
    /// The council's name.
    pub(super) council: String,
    /// `Quarter 3, 2020-21`.
    pub(super) quarter_long: String,
    /// `October to December 2020`.
    pub(super) months: String,
    /// `Q3 2020-21 (October to December 2020)`.
    pub(super) quarter_header: String,
    /// `Provisional [p]`, or `Final`.
    pub(super) status_box: String,
    /// `Illustrative figures`, or empty.
    pub(super) remark: String,
    /// Label and value, in order, on the cover.
    pub(super) facts: Vec<(String, String)>,
    /// The sentence that welcomes Welsh.
    pub(super) welcome: String,
    /// The footer's left part.
    pub(super) footer: String,
    /// `Page {page} of {pages}` with these two words in braces.
    pub(super) page_of: String,
}

/// One numbered part.
pub(super) struct Section {
    /// Its number in the plan of the pack.
    pub(super) number: u8,
    /// `Headlines`.
    pub(super) label: String,
    /// The message, two lines at most.
    pub(super) title: String,
    /// One or two sentences under the title.
    pub(super) standfirst: Option<String>,
    /// What it holds.
    pub(super) blocks: Vec<Block>,
}

/// A part of a section.
pub(super) enum Block {
    /// A sentence or more.
    Paragraph(String),
    /// The list of headline figures.
    Headlines(Vec<Headline>),
    /// A chart with its title.
    Chart(Chart),
    /// A table with its title.
    Table(TableModel),
    /// Source or notes.
    Note(String),
    /// What follows starts on a new page.
    PageBreak,
}

/// A chart as a reader gets it.
pub(super) struct Chart {
    /// The message, about ten words.
    pub(super) title: String,
    /// Measure, area, period, unit.
    pub(super) subtitle: String,
    /// The picture.
    pub(super) drawing: Drawing,
    /// What it shows, in words.
    pub(super) alt: String,
}

/// A finished picture: SVG text and its size in points.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawing {
    /// The SVG document.
    pub(super) svg: String,
    /// Width in points.
    pub(super) width: f64,
    /// Height in points.
    pub(super) height: f64,
    /// Labels that leave the picture or have no glyph; a test wants none.
    pub(super) faults: Vec<String>,
}

/// One headline figure.
pub(super) struct Headline {
    /// `640`, `34.2%`, `£3.9m`, `[c]`.
    pub(super) number: String,
    /// The unit under the number, or empty.
    pub(super) unit: String,
    /// A short name.
    pub(super) name: String,
    /// A sentence of at most 80 characters.
    pub(super) sentence: String,
    /// The last quarters as a line.
    pub(super) spark: Option<Drawing>,
    /// The line in words.
    pub(super) spark_alt: String,
    /// Its status.
    pub(super) progress: Progress,
    /// The status in words.
    pub(super) progress_word: String,
    /// `Profile 240`, or what it is instead.
    pub(super) target: String,
    /// `+80 on quarter`, `+310 on year`.
    pub(super) changes: Vec<String>,
}

/// A table with its title, the same in all artefacts.
pub(super) struct TableModel {
    /// The sheet's name, below 31 characters, the same in both languages.
    pub(super) id: String,
    /// What it shows.
    pub(super) title: String,
    /// Measure, area, period, unit.
    pub(super) subtitle: String,
    /// Where it goes.
    pub(super) place: Place,
    /// Heads of columns.
    pub(super) columns: Vec<Column>,
    /// Rows in order.
    pub(super) rows: Vec<Row>,
    /// Source and notes, each a sentence or more.
    pub(super) notes: Vec<String>,
}

/// Where a table is shown beside the workbook, and how.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// In the PDF with a heading.
    Titled,
    /// In the PDF under a chart, without a heading; widths in points line up with it.
    UnderChart(Option<Vec<f64>>),
    /// Only in the workbook.
    WorkbookOnly,
}

/// A column's head.
pub(super) struct Column {
    /// The head.
    pub(super) title: String,
    /// What it holds.
    pub(super) kind: ColumnKind,
}

/// What a column holds, which decides its width and side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnKind {
    /// A name.
    Text,
    /// A name or a sentence that may be long.
    Wide,
    /// Numbers, to the right.
    Number,
    /// A status word with its mark.
    Status,
}

/// A row.
pub(super) struct Row {
    /// One cell a column.
    pub(super) cells: Vec<Cell>,
    /// Whether it stands out: totals and the focus.
    pub(super) strong: bool,
}

/// A cell of a table.
pub(super) enum Cell {
    /// Words.
    Text(String),
    /// A number and the marks beside it, which may be empty; where it was released, if it is not worked out by the pack.
    Number(Number, String, Option<CellAddress>),
    /// A mark in the number's place: `[c]`; where it was released.
    Mark(String, Option<CellAddress>),
    /// A status with its word.
    Status(Progress, String),
}

impl Cell {
    /// What is printed in the PDF.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Mark(text, _) | Self::Status(_, text) => text.clone(),
            Self::Number(number, marks, _) if marks.is_empty() => number.cell(),
            Self::Number(number, marks, _) => format!("{} {marks}", number.cell()),
        }
    }

    /// A number that the pack works out of released ones, or that no table holds.
    pub(super) const fn derived(number: Number) -> Self {
        Self::Number(number, String::new(), None)
    }

    /// A mark where no table has a cell.
    pub(super) fn absent(mark: &str) -> Self {
        Self::Mark(mark.to_owned(), None)
    }

    /// Where the figure was released.
    pub(super) const fn address(&self) -> Option<&CellAddress> {
        match self {
            Self::Number(_, _, address) | Self::Mark(_, address) => address.as_ref(),
            Self::Text(_) | Self::Status(..) => None,
        }
    }
}

impl Document {
    /// All tables in order of reading.
    pub(super) fn tables(&self) -> impl Iterator<Item = &TableModel> {
        self.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    /// All headline figures.
    pub(super) fn headlines(&self) -> impl Iterator<Item = &Headline> {
        self.sections
            .iter()
            .flat_map(|section| &section.blocks)
            .filter_map(|block| match block {
                Block::Headlines(headlines) => Some(headlines),
                _ => None,
            })
            .flatten()
    }

    /// All pictures.
    #[cfg(test)]
    pub(super) fn drawings(&self) -> impl Iterator<Item = &Drawing> {
        let charts = self.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Chart(chart) => Some(&chart.drawing),
            _ => None,
        });
        charts.chain(self.headlines().filter_map(|headline| headline.spark.as_ref()))
    }
}
