//! Indicator results as Arrow batches for the lake: raw ones for those who may see them, protected ones for all.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::disclosure::Protected;
use crate::model::{CellKey, ContentHash, Interval, Period, Raw, Table, TableHeader, TableState, TimeKey, Unit};

use super::PipelineError;

/// Results carry twelve decimals; presentation rounds once, later.
const SCALE: u32 = 12;

/// One row of results: what both kinds of table share.
struct Row<'a> {
    header: &'a TableHeader,
    key: &'a CellKey,
    value: Option<Decimal>,
    interval: Option<Interval>,
    status: String,
    contributors: Option<i64>,
}

fn schema(raw: bool) -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let mut fields = vec![
        text("period", false),
        text("id", false),
        text("measure", false),
        text("time_kind", false),
        text("time", false),
        text("area", false),
        text("members", true),
        Field::new("value", DataType::Decimal128(38, 12), true),
        text("status", true),
        text("unit", false),
        text("vintage", true),
        Field::new("lower", DataType::Decimal128(38, 12), true),
        Field::new("upper", DataType::Decimal128(38, 12), true),
    ];
    if raw {
        fields.push(Field::new("contributors", DataType::Int64, false));
    }
    Arc::new(Schema::new(fields))
}

/// Raw results of a period.
pub(super) fn raw_batch(tables: &[Table<Raw>], period: Period) -> Result<RecordBatch, PipelineError> {
    let mut rows = Vec::new();
    for table in tables {
        for (key, cell) in table.cells() {
            let value = value_of(table.header(), cell.numerator, cell.denominator);
            let status = cell.missing.map_or_else(
                || cell.marks.iter().map(|mark| mark.shorthand()).collect(),
                |status| status.shorthand().to_owned(),
            );
            let contributors = Some(i64::try_from(cell.contributions.len()).unwrap_or(i64::MAX));
            let value = if cell.missing.is_some() { None } else { value };
            rows.push(Row { header: table.header(), key, value, interval: cell.interval, status, contributors });
        }
    }
    batch(&rows, period, true)
}

/// Protected results of a period.
pub(super) fn published_batch(tables: &[Table<Protected>], period: Period) -> Result<RecordBatch, PipelineError> {
    let mut rows = Vec::new();
    for table in tables {
        for (key, cell) in table.cells() {
            let (value, status) = (cell.observation.value(), cell.observation.shorthand());
            let interval = cell.interval;
            rows.push(Row { header: table.header(), key, value, interval, status, contributors: None });
        }
    }
    batch(&rows, period, false)
}

/// What a cell's sums mean: a share in per cent, a ratio, or the sum itself.
pub(super) fn value_of(header: &TableHeader, numerator: Decimal, denominator: Option<Decimal>) -> Option<Decimal> {
    match (header.kind, denominator) {
        (kind, Some(denominator)) if kind.divides() => {
            let ratio = numerator.checked_div(denominator)?;
            if header.unit == Unit::PerCent {
                return ratio.checked_mul(Decimal::ONE_HUNDRED);
            }
            Some(ratio)
        }
        (kind, None) if kind.divides() => None,
        _ => Some(numerator),
    }
}

fn batch(rows: &[Row<'_>], period: Period, raw: bool) -> Result<RecordBatch, PipelineError> {
    let failed = |source| PipelineError::Arrow { doing: "put indicator results into a batch".to_owned(), source };
    let text =
        |of: &dyn Fn(&Row<'_>) -> String| -> ArrayRef { Arc::new(StringArray::from_iter_values(rows.iter().map(of))) };
    let optional = |of: &dyn Fn(&Row<'_>) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(of).collect::<StringArray>())
    };
    let decimals = |of: &dyn Fn(&Row<'_>) -> Option<Decimal>| -> Result<ArrayRef, PipelineError> {
        let values = rows.iter().map(|row| of(row).map(to_i128)).collect::<Decimal128Array>();
        Ok(Arc::new(values.with_precision_and_scale(38, 12).map_err(failed)?))
    };
    let mut columns: Vec<ArrayRef> = vec![
        text(&|_| period.to_string()),
        text(&|row| row.header.indicator.to_string()),
        text(&|row| row.header.measure.clone()),
        text(&|row| time_kind(row.key.time).to_owned()),
        text(&|row| time_text(row.key.time)),
        text(&|row| row.key.area.to_string()),
        optional(&|row| members(row.header, row.key)),
        decimals(&|row| row.value)?,
        optional(&|row| (!row.status.is_empty()).then(|| row.status.clone())),
        text(&|row| row.header.unit.code().to_owned()),
        optional(&|row| row.header.vintage.clone()),
        decimals(&|row| row.interval.map(|interval| interval.lower))?,
        decimals(&|row| row.interval.map(|interval| interval.upper))?,
    ];
    if raw {
        columns.push(Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.contributors.unwrap_or(0)))));
    }
    RecordBatch::try_new(schema(raw), columns).map_err(failed)
}

fn to_i128(value: Decimal) -> i128 {
    let mut scaled = value;
    scaled.rescale(SCALE);
    scaled.mantissa() * 10_i128.pow(SCALE - scaled.scale())
}

const fn time_kind(time: TimeKey) -> &'static str {
    match time {
        TimeKey::Year(_) => "year",
        TimeKey::Quarter(_) => "quarter",
        TimeKey::ToDate(_) => "to_date",
    }
}

fn time_text(time: TimeKey) -> String {
    match time {
        TimeKey::Year(year) => year.to_string(),
        TimeKey::Quarter(period) | TimeKey::ToDate(period) => period.to_string(),
    }
}

/// `scheme=IV;stage=2_ACTION_PLAN`, or none where there is no dimension.
fn members(header: &TableHeader, key: &CellKey) -> Option<String> {
    let parts: Vec<String> =
        header.dimensions.iter().zip(&key.members).map(|(name, member)| format!("{name}={member}")).collect();
    (!parts.is_empty()).then(|| parts.join(";"))
}

/// What some results are, as a hash of their columns: equal rows are not written twice, and a setting or a query that was
/// changed over the same snapshot is.
pub(super) fn identity(batch: &RecordBatch) -> ContentHash {
    let mut hasher = Sha256::new();
    for column in batch.columns() {
        let data = column.to_data();
        hasher.update(data.len().to_le_bytes());
        for buffer in data.buffers().iter().chain(data.nulls().map(NullBuffer::buffer)) {
            hasher.update(buffer.len().to_le_bytes());
            hasher.update(buffer.as_slice());
        }
    }
    ContentHash::from_digest(&hasher.finalize().into())
}

/// How many cells some tables hold.
pub(super) fn cell_count<S: TableState>(tables: &[Table<S>]) -> usize {
    tables.iter().map(|table| table.cells().len()).sum()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rust_decimal::Decimal;

    use super::{identity, raw_batch};
    use crate::model::{
        AreaCode, CellKey, IndicatorId, Interval, Kind, Period, Raw, RawCell, Table, TableHeader, TimeKey, Unit,
    };

    fn batch(value: i64, interval: Option<Interval>) -> arrow::array::RecordBatch {
        let period: Period = "2020-21-Q3".parse().expect("a quarter");
        let header = TableHeader {
            indicator: IndicatorId::new("I07").expect("an id"),
            measure: "value".to_owned(),
            kind: Kind::Estimate,
            unit: Unit::GbpPerFte,
            decimals: 0,
            dimensions: Vec::new(),
            vintage: None,
        };
        let area = AreaCode::new("WALES").expect("an area");
        let key = CellKey { time: TimeKey::ToDate(period), area, members: Vec::new() };
        let cell = RawCell { numerator: Decimal::from(value), interval, ..RawCell::default() };
        raw_batch(&[Table::new(Raw, header, BTreeMap::from([(key, cell)]))], period).expect("a batch")
    }

    #[test]
    fn equal_results_are_the_same_and_a_changed_end_is_not() {
        let ends = |upper: i64| Some(Interval { lower: Decimal::ONE, upper: Decimal::from(upper) });
        assert_eq!(identity(&batch(3, ends(5))), identity(&batch(3, ends(5))));
        assert_ne!(identity(&batch(3, ends(5))), identity(&batch(3, ends(6))));
        assert_ne!(identity(&batch(3, None)), identity(&batch(4, None)));
        assert_ne!(identity(&batch(3, None)), identity(&batch(3, ends(5))));
    }
}
