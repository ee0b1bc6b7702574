//! Extracts that do not depend on the number of firms: areas, components, targets, recipients, published statistics.
//! The published statistics are single figures of the Office for National Statistics, each with its release.

use std::path::Path;

use super::day::Day;
use super::error::SampleError;

/// Dataset, supplier, as-of day where it is not the sample's, and content.
type Reference = (&'static str, &'static str, Option<&'static str>, &'static str);

const REFERENCES: [Reference; 5] = [
    ("component_lookup", "wg", None, include_str!("reference/component_lookup.csv")),
    ("geography_lookup", "wg", None, include_str!("reference/geography_lookup.csv")),
    ("recipients", "wg", None, include_str!("reference/recipients.csv")),
    ("ref_gva_productivity", "ons", Some("20230621"), include_str!("reference/ref_gva_productivity.csv")),
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
        std::fs::write(&part, content)
            .and_then(|()| std::fs::rename(&part, &path))
            .map_err(|source| SampleError::File { path: path.clone(), source })?;
        let rows = content.lines().skip(1).fold(0, |rows, _| rows + 1);
        written.push((name, rows));
    }
    Ok(written)
}
