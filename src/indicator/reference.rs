//! Published statistics: one row a figure, passed on with breakdowns, intervals, vintage and marks.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, Int32Array, RecordBatch, StringArray};
use rust_decimal::Decimal;

use super::IndicatorError;
use super::columns::{Columns, Decimals};
use super::status::{Status, parse_status};
use crate::definitions::IndicatorDefinition;
use crate::model::{
    AreaCode, CellKey, Interval, Kind, Mark, ObsStatus, Period, Raw, RawCell, Table, TableHeader, TimeKey,
};

/// Builds the tables of a reference indicator, one a measure, in the order of its header.
///
/// `batches` hold the columns `measure`, `area_code`, `value`, `status`, `vintage`, one a dimension, and either `year` or
/// `time` (`2019`, `2020-21-Q3`, `to 2020-21-Q3`); `lower` and `upper` may stand beside them. `status` is a list of codes
/// such as `P,E`. A reason why there is no number wins over a value, a NULL value without one is not collected.
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
        let read = Read::new(definition, batch)?;
        for row in 0..batch.num_rows() {
            let measure = definition.find_measure_index(read.measures.value(row)).ok_or_else(|| {
                let declared = definition.measures.iter().map(|m| m.id.as_str()).collect::<Vec<_>>().join(", ");
                IndicatorError::UnknownMeasure { indicator: indicator.clone(), declared }
            })?;
            if read.vintages.is_valid(row) {
                vintages[measure].insert(read.vintages.value(row).to_owned());
            }
            if cells[measure].insert(read.key(row)?, read.cell(row)?).is_some() {
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
            dimensions: definition.dimensions.iter().map(|dimension| dimension.name.clone()).collect(),
            vintage: (!vintages.is_empty()).then(|| vintages.into_iter().collect::<Vec<_>>().join(", ")),
        };
        Table::new(Raw, header, cells)
    });
    Ok(tables.collect())
}

/// The columns of one batch.
struct Read<'a> {
    definition: &'a IndicatorDefinition,
    measures: StringArray,
    years: Option<Int32Array>,
    times: Option<StringArray>,
    areas: StringArray,
    values: Decimals<'a>,
    lower: Option<Decimals<'a>>,
    upper: Option<Decimals<'a>>,
    statuses: StringArray,
    vintages: StringArray,
    members: Vec<StringArray>,
}

impl<'a> Read<'a> {
    fn new(definition: &'a IndicatorDefinition, batch: &'a RecordBatch) -> Result<Self, IndicatorError> {
        let columns = Columns { indicator: &definition.id, batch };
        let optional = |name: &str| columns.has(name).then(|| columns.decimals(name)).transpose();
        let by_time = columns.has("time");
        Ok(Self {
            definition,
            measures: columns.texts("measure")?,
            years: if by_time { None } else { Some(columns.integers("year")?) },
            times: if by_time { Some(columns.texts("time")?) } else { None },
            areas: columns.texts("area_code")?,
            values: columns.decimals("value")?,
            lower: optional("lower")?,
            upper: optional("upper")?,
            statuses: columns.optional_texts("status")?,
            vintages: columns.optional_texts("vintage")?,
            members: definition
                .dimensions
                .iter()
                .map(|dimension| columns.texts(&dimension.name))
                .collect::<Result<_, _>>()?,
        })
    }

    fn bad(&self, column: &str, rule: &'static str) -> IndicatorError {
        IndicatorError::BadName { indicator: self.definition.id.clone(), column: column.to_owned(), rule }
    }

    fn key(&self, row: usize) -> Result<CellKey, IndicatorError> {
        let area = AreaCode::new(self.areas.value(row));
        let area = area.map_err(|_| self.bad("area_code", "letters, digits, `-` and `_`"))?;
        let members: Vec<String> = self.members.iter().map(|texts| texts.value(row).to_owned()).collect();
        if let Some(at) = members.iter().position(String::is_empty) {
            return Err(self.bad(&self.definition.dimensions[at].name, "a member, or `_T` for all together"));
        }
        Ok(CellKey { time: self.time(row)?, area, members })
    }

    fn time(&self, row: usize) -> Result<TimeKey, IndicatorError> {
        if let Some(years) = &self.years {
            let year = i16::try_from(years.value(row));
            return year.map(TimeKey::Year).map_err(|_| self.bad("year", "a calendar year"));
        }
        let text = self.times.as_ref().map_or("", |times| times.value(row));
        let quarter = |text: &str| text.parse::<Period>().ok();
        let time = match text.strip_prefix("to ") {
            Some(text) => quarter(text).map(TimeKey::ToDate),
            None => text.parse::<i16>().ok().map(TimeKey::Year).or(quarter(text).map(TimeKey::Quarter)),
        };
        time.ok_or_else(|| self.bad("time", "a year, a quarter such as 2020-21-Q3, or `to` a quarter"))
    }

    fn cell(&self, row: usize) -> Result<RawCell, IndicatorError> {
        let status = match self.statuses.is_valid(row).then(|| self.statuses.value(row)) {
            None => Status::default(),
            Some(text) => {
                let rule = "a list of P, R, E, B, U, F, LOW, X, NYD, LTF, Z, C, W, or FINAL";
                parse_status(text).ok_or_else(|| self.bad("status", rule))?
            }
        };
        let value = self.values.find(row)?;
        let unreliable = value.is_none() && status.marks.contains(&Mark::LowReliability);
        let otherwise = if unreliable { ObsStatus::LowReliability } else { ObsStatus::NotCollected };
        let missing = status.missing.or(value.is_none().then_some(otherwise));
        if missing.is_some() {
            return Ok(RawCell { missing, ..RawCell::default() });
        }
        let end = |ends: &Option<Decimals<'_>>| ends.as_ref().map(|ends| ends.find(row)).transpose();
        let ends = end(&self.lower)?.flatten().zip(end(&self.upper)?.flatten());
        Ok(RawCell {
            numerator: value.unwrap_or(Decimal::ZERO),
            interval: ends.map(|(lower, upper)| Interval { lower, upper }),
            marks: status.marks,
            ..RawCell::default()
        })
    }
}
