//! All released cells of the edition as one tidy CSV, in codes with names in both languages. Figures are rounded as
//! everywhere else, so the same figure is never two figures.

use super::error::PackError;
use super::input::PackInput;
use super::numbers;
use crate::model::{AreaCode, Language, Observation, TimeKey, Unit};

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

/// Writes the CSV: UTF-8, comma, LF, sorted by indicator, measure, time, area, dimensions.
pub(super) fn render_csv(input: &PackInput<'_>) -> Result<Vec<u8>, PackError> {
    let fail = |source| PackError::Csv { source };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).map_err(fail)?;
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
            let (value, decimals) = match &cell.observation {
                Observation::Value { value, .. } => {
                    let number = numbers::of_table(*value, header, input.rounding);
                    let places = usize::try_from(number.decimals).unwrap_or(0);
                    (format!("{:.places$}", number.value), number.decimals.to_string())
                }
                Observation::Missing(_) => (String::new(), String::new()),
            };
            writer
                .write_record([
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
                    unit_code(header.unit).to_owned(),
                    decimals,
                    header.vintage.clone().unwrap_or_default(),
                ])
                .map_err(fail)?;
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

const fn unit_code(unit: Unit) -> &'static str {
    match unit {
        Unit::Smes => "smes",
        Unit::Enterprises => "enterprises",
        Unit::Vouchers => "vouchers",
        Unit::People => "people",
        Unit::Fte => "fte",
        Unit::Gbp => "gbp",
        Unit::Eur => "eur",
        Unit::PerCent => "per_cent",
        Unit::Levels => "levels",
        Unit::GbpPerHour => "gbp_per_hour",
        Unit::GbpPerJob => "gbp_per_job",
        Unit::IndexUk100 => "index_uk_100",
        Unit::Points => "points",
    }
}
