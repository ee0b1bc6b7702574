//! What each step of an ingest costs on one thread: decoding a byte, checking a cell, evaluating the rules of a row, finding out
//! whether a key is new, encoding a row. The best of some rounds, so that other work on the machine counts little.
//!
//! `cargo bench --bench ingest_parts`

#![expect(clippy::cast_precision_loss, reason = "a rate is shown to three digits")]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::civil::date;
use mesur::decode::{DecodeLimits, OpenOptions, TextChunk, open_extract};
use mesur::definitions::{Columns, CompiledRule, Schema, load_schemas};
use mesur::engine::{RuleText, compile_rule};
use mesur::lake::Lake;
use mesur::model::DatasetName;
use mesur::validate::{CheckedChunk, KeyFilter, References, Validator};

const ROWS: usize = 500_000;
const ROUNDS: usize = 7;
const COMPONENTS: [&str; 21] = [
    "PE1", "PE2", "PE3", "PE4", "PE5", "PE6", "MS1", "MS2", "MS3", "MS4", "MS5", "MS6", "MS7", "SC1", "SC2", "CI1",
    "CI2", "CI3", "PI1", "PI2", "PI3",
];

fn main() -> anyhow::Result<()> {
    let scratch = tempfile::tempdir()?;
    let extract = scratch.path().join("diagnostic_scores__c1__20201231__001.csv");
    let text = extract_text()?;
    fs::write(&extract, &text)?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ingest/project/schemas");
    let mut schemas = load_schemas(&folder)?;
    let mut schema = schemas.remove(&DatasetName::new("diagnostic_scores")?).context("the benchmark has its schema")?;
    // The keys of other datasets come from the lake; here is none.
    schema.foreign_keys.clear();

    let (chunks, spent) = best(|| decode(&extract, &schema, scratch.path()))?;
    print(&format!("decode             {:8.0} MB/s", text.len() as f64 / 1e6 / spent.as_secs_f64()))?;

    let references = References::default();
    let plain = Validator::new(&schema, "bench.csv", &references, Vec::new())?;
    let (_, spent) = best(|| check(&plain, &chunks))?;
    let cells = ROWS * schema.fields.len();
    print(&format!("check              {:8.1} ns a cell", each(spent, cells)))?;

    let full = Validator::new(&schema, "bench.csv", &references, compile(&schema)?)?;
    let (checked, with_rules) = best(|| check(&full, &chunks))?;
    let rules = with_rules.saturating_sub(spent);
    print(&format!("rules              {:8.1} ns a row and rule", each(rules, ROWS * schema.rules.len())))?;

    let (_, spent) = best(|| Ok(count_seen(&checked)))?;
    print(&format!("uniqueness         {:8.1} ns a key", each(spent, ROWS)))?;

    let (bytes, spent) = best(|| encode(&schema, &checked, scratch.path()))?;
    print(&format!("encode             {:8.1} ns a cell, {bytes} bytes", each(spent, cells)))?;
    Ok(())
}

/// Rows in order, with some notes in quotes.
fn extract_text() -> anyhow::Result<String> {
    let mut text = String::from(
        "diagnostic_id,component_code,applicable,current_level,target_level,importance,priority_rank,recommended_action,\
         action_completed_on,note\n",
    );
    for row in 0..ROWS {
        let (level, note) =
            (row % 9, if row % 7 == 0 { "\"Spoke with the owner, \"\"later\"\"\nor never\"" } else { "" });
        let day = if row % 10 == 0 { format!("2020-{:02}-{:02}", 1 + row % 12, 1 + row % 28) } else { String::new() };
        writeln!(
            text,
            "D-{:07},{},true,{}.{},5.0,{},{},{},{day},{note}",
            row / 21,
            COMPONENTS[row % 21],
            level / 2,
            level % 2 * 5,
            1 + row % 5,
            1 + row % 21,
            row % 5 == 0,
        )?;
    }
    Ok(text)
}

/// The last result of some rounds and the time of the fastest.
#[expect(clippy::disallowed_methods, reason = "a measurement is about the machine's own time")]
fn best<T>(mut work: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<(T, Duration)> {
    let mut fastest = Duration::MAX;
    let mut last = None;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let result = black_box(work()?);
        fastest = fastest.min(began.elapsed());
        last = Some(result);
    }
    Ok((last.context("there is at least one round")?, fastest))
}

fn each(spent: Duration, count: usize) -> f64 {
    spent.as_secs_f64() * 1e9 / count as f64
}

fn print(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

fn decode(path: &Path, schema: &Schema, scratch_dir: &Path) -> anyhow::Result<Vec<TextChunk>> {
    let limits = DecodeLimits::default();
    let decoded = open_extract(path, &OpenOptions { schema, layout: None, limits: &limits, scratch_dir })?;
    let mut chunks = Vec::new();
    for part in decoded.parts {
        chunks.extend(part?.decode()?);
    }
    Ok(chunks)
}

fn compile(schema: &Schema) -> anyhow::Result<Vec<CompiledRule>> {
    let compiled = schema.rules.iter().map(|rule| {
        compile_rule(&schema.arrow_schema(Columns::All), RuleText::of(&schema.dataset, rule), date(2020, 12, 31))
    });
    Ok(compiled.collect::<Result<_, _>>()?)
}

fn check(validator: &Validator<'_>, chunks: &[TextChunk]) -> anyhow::Result<Vec<CheckedChunk>> {
    let checked = chunks
        .iter()
        .map(|chunk| validator.check_chunk(&chunk.batch, &chunk.rows, chunk.sheet.as_ref(), &chunk.ragged));
    Ok(checked.collect::<Result<_, _>>()?)
}

fn count_seen(chunks: &[CheckedChunk]) -> usize {
    let mut filter = KeyFilter::with_bytes(2 * ROWS);
    let mut seen = 0;
    for key in chunks.iter().filter_map(|chunk| chunk.keys.first()) {
        black_box(filter.touch(key));
        seen += key.fingerprints.iter().filter(|fingerprint| filter.insert(**fingerprint)).count();
    }
    seen
}

fn encode(schema: &Schema, chunks: &[CheckedChunk], scratch: &Path) -> anyhow::Result<u64> {
    let columns = schema.arrow_schema(Columns::All);
    let mut writer = Lake::scratch(scratch).stage("scores", columns, &schema.fields[0].name)?;
    for chunk in chunks {
        writer.write(chunk.typed.clone())?;
    }
    Ok(writer.finish()?.bytes())
}
