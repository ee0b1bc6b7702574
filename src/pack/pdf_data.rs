//! A document as the JSON that the typst template reads, and the charts as files beside it. Text travels as data, so
//! nothing in it is ever read as markup.

use serde_json::{Value, json};

use super::document::{Block, Cell, Chart, ColumnKind, Document, Drawing, Headline, Meta, Place, Section, TableModel};
use super::error::PackError;

/// What the template reads.
pub(super) struct TypesetFiles {
    /// The document as JSON.
    pub(super) data: Vec<u8>,
    /// File name and SVG text of each picture.
    pub(super) drawings: Vec<(String, String)>,
}

/// Collects a document's data; `other` gives the second language of the cover.
pub(super) fn collect(
    document: &Document,
    other: &Document,
    cover: Option<&Drawing>,
) -> Result<TypesetFiles, PackError> {
    let mut drawings = Vec::new();
    let cover = cover.map(|drawing| add(&mut drawings, drawing));
    let sections: Vec<Value> = document.sections.iter().map(|section| of_section(section, &mut drawings)).collect();
    let mut covers = [(document.language, &document.meta), (other.language, &other.meta)];
    covers.sort_by_key(|(language, _)| *language);
    let covers: Vec<Value> = covers
        .iter()
        .map(|(language, meta)| {
            let mut words = of_meta(meta);
            words["lang"] = json!(language.tag());
            words
        })
        .collect();
    let data = json!({
        "lang": document.language.tag(),
        "meta": of_meta(&document.meta),
        "covers": covers,
        "cover_drawing": cover,
        "sections": sections,
    });
    let data = serde_json::to_vec(&data).map_err(|source| PackError::Json { what: "document", source })?;
    Ok(TypesetFiles { data, drawings })
}

/// Ties the last words of a title together, so that its last line never holds fewer.
pub(super) fn keep_last_words(text: &str, words: usize) -> String {
    let all: Vec<&str> = text.split(' ').collect();
    let tied = all.len().saturating_sub(words.min(all.len()));
    let (free, last) = all.split_at(tied);
    let last = last.join("\u{a0}");
    if free.is_empty() { last } else { format!("{} {last}", free.join(" ")) }
}

fn add(drawings: &mut Vec<(String, String)>, drawing: &Drawing) -> String {
    let name = format!("chart-{}.svg", drawings.len() + 1);
    drawings.push((name.clone(), drawing.svg.clone()));
    name
}

fn of_meta(meta: &Meta) -> Value {
    let facts: Vec<Value> = meta.facts.iter().map(|(label, value)| json!([label, value])).collect();
    json!({
        "pack_name": meta.pack_name,
        "title": meta.title,
        "council": meta.council,
        "quarter_long": meta.quarter_long,
        "months": meta.months,
        "quarter_header": meta.quarter_header,
        "status_box": meta.status_box,
        "remark": meta.remark,
        "facts": facts,
        "welcome": meta.welcome,
        "footer": meta.footer,
        "page_of": meta.page_of,
    })
}

fn of_section(section: &Section, drawings: &mut Vec<(String, String)>) -> Value {
    let blocks: Vec<Value> = section.blocks.iter().filter_map(|block| of_block(block, drawings)).collect();
    json!({
        "number": section.number,
        "label": section.label,
        "title": keep_last_words(&section.title, 3),
        "standfirst": section.standfirst.as_deref().map(|text| keep_last_words(text, 3)),
        "blocks": blocks,
    })
}

fn of_block(block: &Block, drawings: &mut Vec<(String, String)>) -> Option<Value> {
    Some(match block {
        Block::Paragraph(text) => json!({ "kind": "paragraph", "text": text }),
        Block::Note(text) => json!({ "kind": "note", "text": text }),
        Block::PageBreak => json!({ "kind": "page-break" }),
        Block::Headlines(headlines) => {
            let rows: Vec<Value> = headlines.iter().map(|headline| of_headline(headline, drawings)).collect();
            json!({ "kind": "headlines", "rows": rows })
        }
        Block::Chart(chart) => of_chart(chart, drawings),
        Block::Table(table) if table.place == Place::WorkbookOnly => return None,
        Block::Table(table) => of_table(table),
    })
}

fn of_headline(headline: &Headline, drawings: &mut Vec<(String, String)>) -> Value {
    json!({
        "number": headline.number,
        "unit": headline.unit,
        "name": headline.name,
        "sentence": keep_last_words(&headline.sentence, 2),
        "spark": headline.spark.as_ref().map(|drawing| add(drawings, drawing)),
        "spark_alt": headline.spark_alt,
        "progress": headline.progress,
        "progress_word": headline.progress_word,
        "target": headline.target,
        "changes": headline.changes,
    })
}

fn of_chart(chart: &Chart, drawings: &mut Vec<(String, String)>) -> Value {
    json!({
        "kind": "chart",
        "title": chart.title,
        "subtitle": chart.subtitle,
        "file": add(drawings, &chart.drawing),
        "width": chart.drawing.width,
        "alt": chart.alt,
    })
}

fn of_table(table: &TableModel) -> Value {
    let columns: Vec<Value> = table
        .columns
        .iter()
        .map(|column| {
            let kind = match column.kind {
                ColumnKind::Text => "text",
                ColumnKind::Wide => "wide",
                ColumnKind::Number => "number",
                ColumnKind::Status => "status",
            };
            json!({ "title": column.title, "kind": kind })
        })
        .collect();
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<Value> = row.cells.iter().map(of_cell).collect();
            json!({ "strong": row.strong, "cells": cells })
        })
        .collect();
    let widths = match &table.place {
        Place::UnderChart(widths) => widths.clone(),
        _ => None,
    };
    json!({
        "kind": "table",
        "titled": table.place == Place::Titled,
        "title": table.title,
        "subtitle": table.subtitle,
        "columns": columns,
        "rows": rows,
        "widths": widths,
        "notes": table.notes.join(" "),
    })
}

fn of_cell(cell: &Cell) -> Value {
    match cell {
        Cell::Status(progress, word) => json!({ "text": word, "progress": progress }),
        other => json!({ "text": other.text() }),
    }
}
