//! Published statistics: one row a figure, passed on with vintage and marks.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, RecordBatch};
use rust_decimal::Decimal;

use super::IndicatorError;
use super::columns::Columns;
use crate::definitions::IndicatorDefinition;
use crate::model::{AreaCode, CellKey, Kind, Mark, ObsStatus, Raw, RawCell, Table, TableHeader, TimeKey};

/// Builds the tables of a reference indicator, one a measure, in the order of its header.
///
/// `batches` hold the columns `measure`, `year`, `area_code`, `value`, `status` (`P` provisional, `R` revised, `E`
/// estimated, `FINAL` or NULL), `vintage`. A NULL value is not collected.
///
/// # Errors
/// When the columns are not as promised, or one figure comes twice.
pub fn tabulate_reference(
    definition: &IndicatorDefinition,
    batches: &[RecordBatch],
) -> Result<Vec<Table<Raw>>, IndicatorError> {
    let indicator = &definition.id;
    if definition.measures.iter().any(|measure| measure.kind != Kind::Reference) {
        return Err(IndicatorError::WrongKind { indicator: indicator.clone(), how: "as a published statistic" });
    }
    let mut cells: Vec<BTreeMap<CellKey, RawCell>> = vec![BTreeMap::new(); definition.measures.len()];
    let mut vintages: Vec<BTreeSet<String>> = vec![BTreeSet::new(); definition.measures.len()];
    for batch in batches {
        let columns = Columns { indicator, batch };
        let measures = columns.texts("measure")?;
        let years = columns.integers("year")?;
        let areas = columns.texts("area_code")?;
        let values = columns.decimals("value")?;
        let statuses = columns.optional_texts("status")?;
        let sources = columns.optional_texts("vintage")?;
        for row in 0..batch.num_rows() {
            let name = measures.value(row);
            let measure = definition.measures.iter().position(|m| m.id == name).ok_or_else(|| {
                IndicatorError::UnknownMeasure {
                    indicator: indicator.clone(),
                    declared: definition.measures.iter().map(|m| m.id.as_str()).collect::<Vec<_>>().join(", "),
                }
            })?;
            let bad = |column: &str, rule: &'static str| IndicatorError::BadName {
                indicator: indicator.clone(),
                column: column.to_owned(),
                rule,
            };
            let year = i16::try_from(years.value(row)).map_err(|_| bad("year", "a calendar year"))?;
            let area = AreaCode::new(areas.value(row)).map_err(|_| bad("area_code", "letters, digits, `-` and `_`"))?;
            let marks = match statuses.is_valid(row).then(|| statuses.value(row)) {
                None | Some("" | "FINAL" | "F") => Vec::new(),
                Some("P") => vec![Mark::Provisional],
                Some("R") => vec![Mark::Revised],
                Some("E") => vec![Mark::Estimated],
                Some(_) => return Err(bad("status", "P, R, E, FINAL or NULL")),
            };
            let value = values.find(row)?;
            let cell = RawCell {
                numerator: value.unwrap_or(Decimal::ZERO),
                missing: value.is_none().then_some(ObsStatus::NotCollected),
                marks: if value.is_some() { marks } else { Vec::new() },
                ..RawCell::default()
            };
            if sources.is_valid(row) {
                vintages[measure].insert(sources.value(row).to_owned());
            }
            let key = CellKey { time: TimeKey::Year(year), area, members: Vec::new() };
            if cells[measure].insert(key, cell).is_some() {
                return Err(IndicatorError::Duplicate { indicator: indicator.clone() });
            }
        }
    }
    let tables = definition.measures.iter().zip(cells).zip(vintages).map(|((measure, cells), vintages)| {
        let header = TableHeader {
            indicator: indicator.clone(),
            measure: measure.id.clone(),
            kind: measure.kind,
            unit: measure.unit,
            decimals: measure.decimals,
            dimensions: Vec::new(),
            vintage: (!vintages.is_empty()).then(|| vintages.into_iter().collect::<Vec<_>>().join(", ")),
        };
        Table::new(Raw, header, cells)
    });
    Ok(tables.collect())
}
