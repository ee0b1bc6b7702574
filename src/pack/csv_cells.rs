//! All released cells of the edition as one tidy CSV, in codes with names in both languages. Figures are rounded as
//! everywhere else, so the same figure is never two figures.

use rust_decimal::Decimal;

use super::error::PackError;
use super::input::PackInput;
use super::numbers;
use crate::model::{AreaCode, CellAddress, CellKey, IndicatorId, Interval, Language, TimeKey};

const HEADER: [&str; 15] = [
    "indicator",
    "measure",
    "title_cy",
    "title_en",
    "time_type",
    "time",
    "area_code",
    "area_cy",
    "area_en",
    "dimensions",
    "value",
    "status",
    "unit",
    "decimals",
    "vintage",
];

/// Stand at the end if any figure has an interval.
const INTERVAL: [&str; 2] = ["lower", "upper"];

/// Writes the CSV: UTF-8, comma, LF, sorted by indicator, measure, time, area, dimensions.
pub(super) fn render_csv(input: &PackInput<'_>) -> Result<Vec<u8>, PackError> {
    let fail = |source| PackError::Csv { source };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let has_intervals = input.tables.iter().any(|table| table.cells().values().any(|cell| cell.interval.is_some()));
    let ends: &[&str] = if has_intervals { &INTERVAL } else { &[] };
    writer.write_record(HEADER.iter().chain(ends)).map_err(fail)?;
    let mut tables: Vec<_> = input.tables.iter().collect();
    tables.sort_by_key(|table| (table.header().indicator.clone(), table.header().measure.clone()));
    for table in tables {
        let header = table.header();
        let title = |language: Language| {
            input.catalogue.get(&header.indicator).map_or("", |entry| entry.title.get(language)).to_owned()
        };
        for (key, cell) in table.cells() {
            let (time_type, time) = match key.time {
                TimeKey::Year(year) => ("year", year.to_string()),
                TimeKey::Quarter(period) => ("quarter", period.to_string()),
                TimeKey::ToDate(period) => ("to_date", period.to_string()),
            };
            let dimensions: Vec<String> =
                header.dimensions.iter().zip(&key.members).map(|(name, member)| format!("{name}={member}")).collect();
            let written = |value: Decimal| {
                let number = numbers::of_table(value, header, input.rounding);
                let places = usize::try_from(number.decimals).unwrap_or(0);
                (format!("{:.places$}", number.value), number.decimals.to_string())
            };
            let (value, decimals) = cell.observation.value().map(written).unwrap_or_default();
            let interval = cell.interval.filter(|_| has_intervals);
            let end = |of: fn(Interval) -> Decimal| interval.map(|i| written(of(i)).0).unwrap_or_default();
            let ends = [end(|interval| interval.lower), end(|interval| interval.upper)];
            let record = [
                header.indicator.to_string(),
                header.measure.clone(),
                title(Language::Cy),
                title(Language::En),
                time_type.to_owned(),
                time,
                key.area.to_string(),
                area_name(input, &key.area, Language::Cy),
                area_name(input, &key.area, Language::En),
                dimensions.join(";"),
                value,
                cell.observation.shorthand(),
                header.unit.code().to_owned(),
                decimals,
                header.vintage.clone().unwrap_or_default(),
            ];
            let shown = record.into_iter().chain(ends.into_iter().filter(|_| has_intervals));
            writer.write_record(shown).map_err(fail)?;
        }
    }
    writer.into_inner().map_err(|error| fail(error.into_error().into()))
}

fn area_name(input: &PackInput<'_>, code: &AreaCode, language: Language) -> String {
    input
        .areas
        .iter()
        .find(|area| area.code == *code)
        .map_or_else(String::new, |area| area.name.get(language).to_owned())
}

/// One line of the CSV, as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedCell {
    /// The number, or nothing.
    pub value: String,
    /// Its marks, or the reason why there is none.
    pub status: String,
    /// The vintage of a published statistic, or nothing.
    pub vintage: String,
}

/// Finds a cell in the CSV of a pack; none if no line is about it, or the bytes are no such CSV.
#[must_use]
pub fn find_printed(csv: &[u8], address: &CellAddress) -> Option<PrintedCell> {
    let mut reader = csv::Reader::from_reader(csv);
    let names = reader.headers().ok()?.clone();
    let place = |name: &str| names.iter().position(|column| column == name);
    let (kind, time) = match address.key.time {
        TimeKey::Year(year) => ("year", year.to_string()),
        TimeKey::Quarter(period) => ("quarter", period.to_string()),
        TimeKey::ToDate(period) => ("to_date", period.to_string()),
    };
    let wanted = [
        (place("indicator")?, address.indicator.to_string()),
        (place("measure")?, address.measure.clone()),
        (place("time_type")?, kind.to_owned()),
        (place("time")?, time),
        (place("area_code")?, address.key.area.to_string()),
    ];
    let [dimensions, value, status, vintage] =
        [place("dimensions")?, place("value")?, place("status")?, place("vintage")?];
    let members = |text: &str| -> Vec<String> {
        text.split(';').filter_map(|part| part.split_once('=')).map(|(_, member)| member.to_owned()).collect()
    };
    let line = reader.records().filter_map(Result::ok).find(|line| {
        let field = |at: usize| line.get(at).unwrap_or_default();
        wanted.iter().all(|(at, text)| field(*at) == text) && members(field(dimensions)) == address.key.members
    })?;
    let field = |at: usize| line.get(at).unwrap_or_default().to_owned();
    Some(PrintedCell { value: field(value), status: field(status), vintage: field(vintage) })
}

/// Every cell in the CSV of a pack, with its address; lines that cannot be read are left out.
#[must_use]
pub fn list_printed(csv: &[u8]) -> Vec<(CellAddress, PrintedCell)> {
    let mut reader = csv::Reader::from_reader(csv);
    let Ok(names) = reader.headers().cloned() else { return Vec::new() };
    let place = |name: &str| names.iter().position(|column| column == name);
    let read = |line: &csv::StringRecord| {
        let field = |name: &str| line.get(place(name)?);
        let time = match (field("time_type")?, field("time")?) {
            ("year", year) => TimeKey::Year(year.parse().ok()?),
            ("quarter", period) => TimeKey::Quarter(period.parse().ok()?),
            ("to_date", period) => TimeKey::ToDate(period.parse().ok()?),
            _ => return None,
        };
        let members = field("dimensions")?.split(';').filter_map(|part| Some(part.split_once('=')?.1.to_owned()));
        let key = CellKey { time, area: AreaCode::new(field("area_code")?).ok()?, members: members.collect() };
        let indicator = IndicatorId::new(field("indicator")?).ok()?;
        let text = |name: &str| field(name).unwrap_or_default().to_owned();
        let printed = PrintedCell { value: text("value"), status: text("status"), vintage: text("vintage") };
        Some((CellAddress { indicator, measure: field("measure")?.to_owned(), key }, printed))
    };
    reader.records().filter_map(Result::ok).filter_map(|line| read(&line)).collect()
}
