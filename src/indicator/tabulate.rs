//! Programme figures: the tables of an indicator from its contributions.

use arrow::array::RecordBatch;

use super::IndicatorError;
use super::cell::Making;
use super::grid::Grid;
use super::rows::read;
use super::thresholds::Thresholds;
use crate::definitions::IndicatorDefinition;
use crate::model::{AreaSets, Kind, Period, Raw, Table, TableHeader};

/// Builds the tables of an indicator, one a measure, in the order of its header.
///
/// `batches` hold the columns of `engine::Contributions`; `first` is the quarter in which the programme starts. For every
/// quarter from `first` to `period` there is a cell within the quarter and one to date (or only one of them, if the
/// definition says so), for each region of `areas`. Authorities (if the
/// definition says so) and members of dimensions have one cell, to date at the end of `period`: quarter by quarter they
/// would tell firms by differences, and most of them would be confidential. A count or magnitude without contributors
/// is a true zero; a ratio or mean over nothing is not applicable. A figure that is no sum is worked out from the rows of
/// its own cell, and its totals too.
///
/// # Errors
/// When the columns are not as promised, a contribution lies outside the areas or quarters, or a sum does not fit.
pub fn tabulate(
    definition: &IndicatorDefinition,
    batches: &[RecordBatch],
    areas: &AreaSets,
    period: Period,
    first: Period,
    thresholds: &Thresholds,
) -> Result<Vec<Table<Raw>>, IndicatorError> {
    if definition.measures.iter().any(|measure| measure.kind == Kind::Reference) {
        return Err(IndicatorError::WrongKind { indicator: definition.id.clone(), how: "from contributions" });
    }
    let read = read(definition, batches, period, first)?;
    let mut tables = Vec::with_capacity(definition.measures.len());
    for (index, measure) in definition.measures.iter().enumerate() {
        let grid = Grid::new(definition, measure, index, &read, areas)?;
        let quarters = usize::try_from(period.index() - first.index() + 1).unwrap_or(0);
        let cells = grid.cells(&Making { definition, measure, index, read: &read, quarters, first, thresholds })?;
        let header = TableHeader {
            indicator: definition.id.clone(),
            measure: measure.id.clone(),
            kind: measure.kind,
            unit: measure.unit,
            decimals: measure.decimals,
            dimensions: definition.dimensions.iter().map(|dimension| dimension.name.clone()).collect(),
            vintage: None,
        };
        tables.push(Table::new(Raw, header, cells));
    }
    Ok(tables)
}
