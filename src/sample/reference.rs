//! Extracts that do not depend on the number of firms: areas, components, targets, recipients, published statistics,
//! what partners reached, and the programme's own lists. The published statistics are single figures of the Office for
//! National Statistics, each with its release; what else is not quoted from the plan says that it is an example.

use std::path::Path;

use super::day::Day;
use super::error::SampleError;

/// Dataset, supplier, as-of day where it is not the sample's, and content.
type Reference = (&'static str, &'static str, Option<&'static str>, &'static str);

const REFERENCES: [Reference; 16] = [
    ("additionality_params", "wg", None, include_str!("reference/additionality_params.csv")),
    ("calls", "wg", None, include_str!("reference/calls.csv")),
    ("component_lookup", "wg", None, include_str!("reference/component_lookup.csv")),
    ("geography_lookup", "wg", None, include_str!("reference/geography_lookup.csv")),
    ("instrument_matrix", "wg", None, include_str!("reference/instrument_matrix.csv")),
    ("learning_log", "wg", None, include_str!("reference/learning_log.csv")),
    ("partner_benchmarks", "wg", None, include_str!("reference/partner_benchmarks.csv")),
    ("publication_calendar", "wg", None, include_str!("reference/publication_calendar.csv")),
    ("recipients", "wg", None, include_str!("reference/recipients.csv")),
    ("ref_deflators", "hmt", None, include_str!("reference/ref_deflators.csv")),
    ("ref_fx", "ec", None, include_str!("reference/ref_fx.csv")),
    ("ref_gva_productivity", "ons", Some("20230621"), include_str!("reference/ref_gva_productivity.csv")),
    ("ref_industry", "ons", None, include_str!("reference/ref_industry.csv")),
    ("rto_list", "wg", None, include_str!("reference/rto_list.csv")),
    ("sic_list", "ons", None, include_str!("reference/sic_list.csv")),
    ("targets_budgets", "wg", None, include_str!("reference/targets_budgets.csv")),
];

/// The name of an extract.
pub(super) fn extract_name(dataset: &str, supplier: &str, as_of: &str) -> String {
    format!("{dataset}__{supplier}__{as_of}__001.csv")
}

/// Writes them all; returns each name with its number of rows.
pub(super) fn write_references(folder: &Path, to: Day) -> Result<Vec<(String, u64)>, SampleError> {
    let as_of = to.compact();
    let mut written = Vec::with_capacity(REFERENCES.len());
    for (dataset, supplier, own_as_of, content) in REFERENCES {
        let name = extract_name(dataset, supplier, own_as_of.unwrap_or(&as_of));
        let (path, part) = (folder.join(&name), folder.join(format!(".{name}.part")));
        let content = known_by(dataset, content, &to.text());
        std::fs::write(&part, content.as_bytes())
            .and_then(|()| std::fs::rename(&part, &path))
            .map_err(|source| SampleError::File { path: path.clone(), source })?;
        let rows = content.lines().skip(1).fold(0, |rows, _| rows + 1);
        written.push((name, rows));
    }
    Ok(written)
}

/// The entries of the learning log up to a day; other datasets as they are.
fn known_by(dataset: &str, content: &str, day: &str) -> String {
    let kept = |line: &&str| dataset != "learning_log" || !line.starts_with("20") || line.get(..10) <= Some(day);
    content.split_inclusive('\n').filter(kept).collect()
}
