//! What the Delta log says about a data file: rows, and per column nulls, least and greatest value. A column whose
//! values Delta cannot compare from JSON without loss has no least and greatest value, which is allowed.

use arrow::datatypes::{DataType, SchemaRef};
use jiff::ToSpan;
use jiff::civil::date;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::statistics::Statistics;
use serde_json::{Map, Value, json};

/// The statistics of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileStatistics {
    pub(super) rows: u64,
    /// As the log has them.
    pub(super) json: String,
}

pub(super) fn statistics_of(schema: &SchemaRef, metadata: &ParquetMetaData) -> FileStatistics {
    let rows = u64::try_from(metadata.file_metadata().num_rows()).unwrap_or(0);
    let (mut least, mut greatest, mut nulls) = (Map::new(), Map::new(), Map::new());
    for (index, field) in schema.fields().iter().enumerate() {
        let groups = || metadata.row_groups().iter().map(move |group| group.column(index).statistics());
        let count: Option<u64> = groups().map(|found| found.and_then(Statistics::null_count_opt)).sum();
        if let Some(count) = count {
            nulls.insert(field.name().clone(), json!(count));
        }
        let mut bounds: Option<Bounds> = None;
        let mut known = true;
        for group in metadata.row_groups() {
            let found = group.column(index).statistics();
            let all_null = found.and_then(Statistics::null_count_opt) == u64::try_from(group.num_rows()).ok();
            match found.and_then(|found| bounds_of(field.data_type(), found)) {
                Some(next) => {
                    bounds = Some(match bounds.take() {
                        Some(had) => had.widened(next),
                        None => next,
                    });
                }
                // A group without any value bounds nothing.
                None => known &= all_null,
            }
        }
        if let Some(bounds) = bounds.filter(|_| known) {
            let (low, high) = bounds.json();
            least.insert(field.name().clone(), low);
            greatest.insert(field.name().clone(), high);
        }
    }
    let json = json!({ "numRecords": rows, "minValues": least, "maxValues": greatest, "nullCount": nulls }).to_string();
    FileStatistics { rows, json }
}

/// Least and greatest value.
enum Bounds {
    Number(i64, i64),
    Day(i32, i32),
    Text(String, String),
}

impl Bounds {
    fn widened(self, other: Self) -> Self {
        match (self, other) {
            (Self::Number(a, b), Self::Number(c, d)) => Self::Number(a.min(c), b.max(d)),
            (Self::Day(a, b), Self::Day(c, d)) => Self::Day(a.min(c), b.max(d)),
            (Self::Text(a, b), Self::Text(c, d)) => Self::Text(a.min(c), b.max(d)),
            (had, _) => had,
        }
    }

    fn json(self) -> (Value, Value) {
        match self {
            Self::Number(low, high) => (json!(low), json!(high)),
            Self::Day(low, high) => (json!(day(low)), json!(day(high))),
            Self::Text(low, high) => (json!(low), json!(high)),
        }
    }
}

fn bounds_of(kind: &DataType, found: &Statistics) -> Option<Bounds> {
    match (kind, found) {
        (DataType::Int64, Statistics::Int64(values)) => Some(Bounds::Number(*values.min_opt()?, *values.max_opt()?)),
        (DataType::Date32, Statistics::Int32(values)) => {
            let (low, high) = (*values.min_opt()?, *values.max_opt()?);
            (day(low).is_some() && day(high).is_some()).then_some(Bounds::Day(low, high))
        }
        (DataType::Utf8, Statistics::ByteArray(values)) => {
            // A cut text is a bound for Parquet and a wrong value for Delta.
            let exact = values.min_is_exact() && values.max_is_exact();
            let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
            let (low, high) = (text(values.min_opt()?.data())?, text(values.max_opt()?.data())?);
            exact.then_some(Bounds::Text(low, high))
        }
        _ => None,
    }
}

fn day(days: i32) -> Option<String> {
    date(1970, 1, 1).checked_add(i64::from(days).days()).ok().map(|day| day.to_string())
}
