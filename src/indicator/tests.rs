//! Sums, totals, zeros and refusals.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray, StringViewArray};
use rust_decimal::Decimal;

use super::columns::exact;
use super::{IndicatorError, Thresholds, tabulate, tabulate_reference};
use crate::definitions::{IndicatorDefinition, load_indicators};
use crate::model::{
    AreaCode, AreaSets, CellKey, IndicatorId, Interval, Mark, ObsStatus, Period, Raw, RawCell, Table, TimeKey,
};

type Line = (&'static str, &'static str, &'static str, &'static [&'static str], &'static str, i128, Option<i128>);

fn definition(id: &str) -> IndicatorDefinition {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries/indicators");
    load_indicators(&dir).expect("they load").remove(&IndicatorId::new(id).expect("an id")).expect("it ships")
}

const THRESHOLDS: Thresholds =
    Thresholds { confidence: Decimal::from_parts(95, 0, 0, false, 2), minimum_treated: 2, minimum_controls: 2 };

fn areas() -> AreaSets {
    let code = |text: &str| AreaCode::new(text).expect("an area");
    let lads = [("W06000001", "WWV"), ("W06000016", "WWV"), ("W06000015", "EW")];
    AreaSets::from_regions(lads.map(|(lad, region)| (lad.to_owned(), code(region)))).expect("a hierarchy")
}

fn quarter(text: &str) -> Period {
    text.parse().expect("a quarter")
}

fn batch(dimensions: &[&str], lines: &[Line]) -> RecordBatch {
    let texts = |pick: &dyn Fn(&Line) -> &'static str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(lines.iter().map(pick)))
    };
    let decimals = |pick: &dyn Fn(&Line) -> Option<i128>| -> ArrayRef {
        let array: Decimal128Array = lines.iter().map(pick).collect();
        Arc::new(array.with_precision_and_scale(38, 2).expect("it fits"))
    };
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("measure", texts(&|line| line.0)),
        ("period_index", Arc::new(Int32Array::from_iter_values(lines.iter().map(|line| quarter(line.1).index())))),
        ("lad_code", texts(&|line| line.2)),
        ("group_id", texts(&|line| line.4)),
        ("numerator", decimals(&|line| Some(line.5))),
        ("denominator", decimals(&|line| line.6)),
    ];
    for (position, name) in dimensions.iter().enumerate() {
        let members = StringViewArray::from_iter_values(lines.iter().map(|line| line.3[position]));
        columns.push((name, Arc::new(members)));
    }
    RecordBatch::try_from_iter(columns).expect("a batch")
}

fn cell<'a>(table: &'a Table<Raw>, time: TimeKey, area: &str, members: &[&str]) -> Option<&'a RawCell> {
    let area = AreaCode::new(area).expect("an area");
    table.find(&CellKey { time, area, members: members.iter().map(|m| (*m).to_owned()).collect() })
}

fn value(table: &Table<Raw>, time: TimeKey, area: &str, members: &[&str]) -> i64 {
    let cell = cell(table, time, area, members).expect("the cell is there");
    i64::try_from(cell.numerator).expect("a whole number")
}

const VOUCHERS: &[Line] = &[
    ("committed", "2019-20-Q1", "W06000001", &["IV", "T1", "NONE"], "WG-2", 10_000, None),
    ("committed", "2019-20-Q1", "W06000016", &["IV", "T2", "NONE"], "WG-1", 20_000, None),
    ("committed", "2019-20-Q3", "W06000015", &["IV_PLUS", "T1", "ANCHOR"], "WG-2", 30_000, None),
    ("committed", "2019-20-Q3", "W06000015", &["IV_PLUS", "T1", "ANCHOR"], "WG-2", 500, None),
    ("approved", "2019-20-Q1", "W06000001", &["IV", "T1", "NONE"], "WG-2", 100, None),
];
const THREE: &[&str] = &["scheme", "supply_tier", "anchor_class"];

fn vouchers(lines: &[Line]) -> Result<Vec<Table<Raw>>, IndicatorError> {
    let (period, first) = (quarter("2019-20-Q4"), quarter("2018-19-Q4"));
    tabulate(&definition("D06"), &[batch(THREE, lines)], &areas(), period, first, &THRESHOLDS)
}

#[test]
fn cells_within_quarters_and_to_date_add_up() {
    let tables = vouchers(VOUCHERS).expect("it tabulates");
    let ids: Vec<&str> = tables.iter().map(|t| t.header().measure.as_str()).collect();
    assert_eq!(ids, ["approved", "committed", "paid"]);
    let committed = &tables[1];
    let all = ["_T", "_T", "_T"];
    let (q1, q3, q4) = (quarter("2019-20-Q1"), quarter("2019-20-Q3"), quarter("2019-20-Q4"));
    assert_eq!(value(committed, TimeKey::Quarter(q1), "WWV", &all), 300);
    assert_eq!(value(committed, TimeKey::Quarter(q3), "WWV", &all), 0);
    assert_eq!(value(committed, TimeKey::Quarter(q3), "EW", &all), 305);
    assert_eq!(value(committed, TimeKey::ToDate(q4), "WALES", &all), 605);
    assert_eq!(value(committed, TimeKey::ToDate(q4), "WALES", &["IV_PLUS", "_T", "_T"]), 305);
    assert_eq!(value(committed, TimeKey::ToDate(q4), "W06000016", &all), 200);
    let wales = cell(committed, TimeKey::ToDate(q4), "WALES", &all).expect("the cell is there");
    let groups: Vec<(&str, String)> =
        wales.contributions.iter().map(|c| (c.group.as_str(), c.numerator.to_string())).collect();
    assert_eq!(groups, [("WG-1", "200".to_owned()), ("WG-2", "405".to_owned())]);
}

#[test]
fn one_breakdown_at_a_time() {
    let tables = vouchers(VOUCHERS).expect("it tabulates");
    let to_date = TimeKey::ToDate(quarter("2019-20-Q4"));
    assert!(cell(&tables[1], to_date, "WALES", &["IV", "T1", "_T"]).is_none());
    assert!(cell(&tables[1], to_date, "W06000001", &["IV", "_T", "_T"]).is_none());
    assert!(cell(&tables[1], to_date, "WWV", &["IV", "_T", "_T"]).is_some());
}

#[test]
fn breakdowns_stand_at_the_end_of_the_period_only() {
    let tables = vouchers(VOUCHERS).expect("it tabulates");
    let earlier = [TimeKey::Quarter(quarter("2019-20-Q4")), TimeKey::ToDate(quarter("2019-20-Q3"))];
    for time in earlier {
        assert!(cell(&tables[1], time, "WALES", &["_T", "_T", "_T"]).is_some());
        assert!(cell(&tables[1], time, "WALES", &["IV", "_T", "_T"]).is_none());
        assert!(cell(&tables[1], time, "W06000001", &["_T", "_T", "_T"]).is_none());
    }
}

#[test]
fn without_contributors_a_count_is_zero_and_a_ratio_not_applicable() {
    let lines: &[Line] = &[("value", "2020-21-Q1", "W06000001", &["PE1"], "WG-1", 150, Some(300))];
    let made = tabulate(
        &definition("M02"),
        &[batch(&["component"], lines)],
        &areas(),
        quarter("2020-21-Q1"),
        quarter("2020-21-Q1"),
        &THRESHOLDS,
    );
    let tables = made.expect("it tabulates");
    let time = TimeKey::ToDate(quarter("2020-21-Q1"));
    let empty = cell(&tables[0], time, "EW", &["PE1"]).expect("the cell is there");
    assert_eq!((empty.missing, empty.denominator), (Some(ObsStatus::NotApplicable), Some(Decimal::ZERO)));
    let full = cell(&tables[0], time, "WALES", &["_T"]).expect("the cell is there");
    assert_eq!((full.numerator, full.denominator), (Decimal::new(15, 1), Some(Decimal::from(3))));
    // The other measure has no members, and no total over them either.
    assert!(tables[1].cells().is_empty());
    let none = vouchers(&[]).expect("it tabulates");
    assert_eq!(value(&none[0], TimeKey::ToDate(quarter("2019-20-Q4")), "WALES", &["_T", "_T", "_T"]), 0);
}

#[test]
fn young_cohorts_are_provisional() {
    let lines: &[Line] = &[("firms", "2019-20-Q1", "W06000001", &["DIAGNOSTIC"], "WG-1", 100, None)];
    let made = tabulate(
        &definition("D10"),
        &[batch(&["stage"], lines)],
        &areas(),
        quarter("2020-21-Q1"),
        quarter("2019-20-Q1"),
        &THRESHOLDS,
    );
    let tables = made.expect("it tabulates");
    let to_date = TimeKey::ToDate(quarter("2020-21-Q1"));
    let marks = cell(&tables[0], to_date, "WALES", &["DIAGNOSTIC"]).map(|c| c.marks.clone());
    assert_eq!(marks, Some(vec![Mark::Provisional]), "the youngest cohort counted is not mature");
    assert!(cell(&tables[0], to_date, "WALES", &["_T"]).is_none());
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut turned = VOUCHERS.to_vec();
    turned.reverse();
    let (one, two) = (vouchers(VOUCHERS).expect("it tabulates"), vouchers(&turned).expect("it tabulates"));
    assert!(one.iter().zip(&two).all(|(a, b)| a.cells() == b.cells() && a.header() == b.header()));
}

#[test]
fn what_would_lose_or_bend_a_figure_is_refused() {
    let line = VOUCHERS[0];
    let error = |line: Line| vouchers(&[line]).expect_err("it must be refused").to_string();
    assert!(error(("committed", line.1, "W06000099", line.3, line.4, 1, None)).contains("no local authority"));
    assert!(error(("spent", line.1, line.2, line.3, line.4, 1, None)).contains("does not declare"));
    assert!(error(("committed", "2020-21-Q1", line.2, line.3, line.4, 1, None)).contains("bound the dates"));
    assert!(error(("committed", "2018-19-Q3", line.2, line.3, line.4, 1, None)).contains("bound the dates"));
    assert!(
        error(("committed", line.1, line.2, &["_T", "T1", "NONE"], line.4, 1, None)).contains("the name of the total")
    );
    assert!(error(("committed", line.1, line.2, line.3, line.4, i128::MAX / 4, None)).contains("do not fit"));
    let no_denominator: &[Line] = &[("value", "2020-21-Q1", "W06000001", &["PE1"], "WG-1", 150, None)];
    let made = tabulate(
        &definition("M02"),
        &[batch(&["component"], no_denominator)],
        &areas(),
        quarter("2020-21-Q1"),
        quarter("2020-21-Q1"),
        &THRESHOLDS,
    );
    assert!(made.expect_err("it must be refused").to_string().contains("column `denominator`"));
    let made = tabulate(
        &definition("D06"),
        &[batch(&["scheme"], &[])],
        &areas(),
        quarter("2020-21-Q1"),
        quarter("2020-21-Q1"),
        &THRESHOLDS,
    );
    assert!(made.expect_err("it must be refused").to_string().contains("no column `supply_tier`"));
}

#[test]
fn decimals_are_exact_or_refused() {
    assert_eq!(exact(2_025_600_000_000_000_000_000_000, 12), Some(Decimal::from(2_025_600_000_000_i64)));
    assert_eq!(exact(1, 28), Some(Decimal::new(1, 28)));
    assert_eq!(exact(1, 29), None);
    assert_eq!(exact(i128::MAX, 0), None);
    assert_eq!(exact(-150, 2), Some(Decimal::new(-15, 1)));
}

#[test]
fn published_figures_keep_vintage_and_marks() {
    let batch = |areas: &[&str]| {
        let values: Decimal128Array = areas.iter().enumerate().map(|(at, _)| (at != 1).then_some(30_142_282)).collect();
        RecordBatch::try_from_iter([
            ("measure", Arc::new(StringArray::from(vec!["value"; areas.len()])) as ArrayRef),
            ("year", Arc::new(Int64Array::from(vec![2019; areas.len()]))),
            ("area_code", Arc::new(StringArray::from(areas.to_vec()))),
            ("value", Arc::new(values.with_precision_and_scale(38, 6).expect("it fits"))),
            ("status", Arc::new(StringArray::from(vec![Some("P"); areas.len()]))),
            ("vintage", Arc::new(StringArray::from(vec!["2023-06"; areas.len()]))),
        ])
        .expect("a batch")
    };
    let tables = tabulate_reference(&definition("G03"), &[batch(&["WWV", "EW"])]).expect("it tabulates");
    assert_eq!(tables[0].header().vintage.as_deref(), Some("2023-06"));
    let wwv = cell(&tables[0], TimeKey::Year(2019), "WWV", &[]).expect("the cell is there");
    assert_eq!((wwv.numerator, wwv.marks.as_slice()), (Decimal::new(30_142_282, 6), &[Mark::Provisional][..]));
    let ew = cell(&tables[0], TimeKey::Year(2019), "EW", &[]).expect("the cell is there");
    assert_eq!((ew.missing, ew.marks.len()), (Some(ObsStatus::NotCollected), 0));
    assert!(tabulate_reference(&definition("G03"), &[batch(&["WWV", "WWV"])]).is_err());
    assert!(tabulate_reference(&definition("D01"), &[]).is_err());
}

/// An indicator with one measure of a kind, to date only, by band.
fn by_kind(measure: &str) -> IndicatorDefinition {
    let texts = ["title", "short", "formula", "source"].map(|key| format!("{key}.en = 'a'\n{key}.cy = 'a'\n")).concat();
    let header = format!(
        "id = 'X01'\n{texts}actions = [1]\ndirection = 'up'\ndated_by = 'd'\narea_key = 'a'\npopulation = 'p'\n\
         dimensions = [{{ name = 'band', additive = true }}]\ntimes = 'to_date'\nby_authority = false\n\
         disclosure_unit = 'enterprise_group'\nchart = 'none'\ntags = []\ndepends_on = []\n[[measures]]\nid = 'value'\n\
         decimals = 1\ntitle.en = 'a'\ntitle.cy = 'a'\n{measure}\n"
    );
    let text = format!("/*---\n{header}---*/\nSELECT 1 ORDER BY 1\n");
    IndicatorDefinition::parse("queries/indicators/x01_kind.sql", &text).expect("a sound header")
}

/// What a row of a measure by row says: quarter, band, business, numerator, denominator, how many of them, cohort, status.
type Single = (&'static str, &'static str, &'static str, i128, i128, i32, &'static str, Option<&'static str>);

fn singles(lines: &[Single]) -> RecordBatch {
    let texts = |pick: &dyn Fn(&Single) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(lines.iter().map(pick)))
    };
    let decimals = |pick: &dyn Fn(&Single) -> i128| -> ArrayRef {
        let array = Decimal128Array::from_iter_values(lines.iter().map(pick));
        Arc::new(array.with_precision_and_scale(38, 0).expect("it fits"))
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("measure", texts(&|_| "value".to_owned())),
        ("period_index", Arc::new(Int32Array::from_iter_values(lines.iter().map(|line| quarter(line.0).index())))),
        ("lad_code", texts(&|_| "W06000001".to_owned())),
        ("band", texts(&|line| line.1.to_owned())),
        ("group_id", texts(&|line| format!("G{}", line.2))),
        ("business_id", texts(&|line| line.2.to_owned())),
        ("status", Arc::new(lines.iter().map(|line| line.7).collect::<StringArray>())),
        ("cohort", texts(&|line| line.6.to_owned())),
        ("numerator", decimals(&|line| line.3)),
        ("denominator", decimals(&|line| line.4)),
        ("observations", Arc::new(Int64Array::from_iter_values(lines.iter().map(|line| i64::from(line.5))))),
    ];
    RecordBatch::try_from_iter(columns).expect("a batch")
}

fn by_row(measure: &str, lines: &[Single]) -> Result<Table<Raw>, IndicatorError> {
    let (period, first) = (quarter("2020-21-Q2"), quarter("2020-21-Q1"));
    let mut tables = tabulate(&by_kind(measure), &[singles(lines)], &areas(), period, first, &THRESHOLDS)?;
    Ok(tables.remove(0))
}

#[test]
fn a_median_is_that_of_the_rows_and_its_total_is_not_a_sum() {
    let lines: &[Single] = &[
        ("2020-21-Q1", "a", "1", 10, 0, 1, "", None),
        ("2020-21-Q1", "a", "2", 60, 0, 3, "", Some("e")),
        ("2020-21-Q2", "b", "3", 40, 0, 1, "", None),
        ("2020-21-Q2", "b", "4", 70, 0, 1, "", None),
    ];
    let table = by_row("kind = 'median'\nunit = 'days'", lines).expect("it tabulates");
    let of = |member: &str| {
        cell(&table, TimeKey::ToDate(quarter("2020-21-Q2")), "WALES", &[member]).expect("the cell is there").clone()
    };
    // 10, 20, 20, 20; 40, 70; all six: 20, 30 around the middle.
    assert_eq!((of("a").numerator, of("b").numerator), (Decimal::from(20), Decimal::from(55)));
    assert_eq!((of("_T").numerator, of("_T").denominator), (Decimal::from(20), None));
    assert_eq!((of("a").marks, of("b").marks), (vec![Mark::Estimated], Vec::new()));
    let groups = |cell: RawCell| -> Vec<String> { cell.contributions.iter().map(|c| c.group.to_string()).collect() };
    assert_eq!(groups(of("_T")), ["G1", "G2", "G3", "G4"]);
    // Only cells to date, as the header says; of breakdowns only those at the end.
    assert!(table.cells().keys().all(|key| matches!(key.time, TimeKey::ToDate(_))));
    let empty = cell(&table, TimeKey::ToDate(quarter("2020-21-Q2")), "EW", &["a"]).expect("the cell is there");
    assert_eq!(empty.missing, Some(ObsStatus::NotApplicable));
}

#[test]
fn a_survival_median_that_is_not_reached_is_not_there_yet() {
    let lines: &[Single] = &[
        ("2020-21-Q1", "a", "1", 10, 1, 1, "", None),
        ("2020-21-Q1", "a", "2", 60, 0, 3, "", None),
        ("2020-21-Q2", "b", "3", 40, 1, 1, "", None),
        ("2020-21-Q2", "b", "4", 70, 0, 1, "", None),
    ];
    let table = by_row("kind = 'survival_median'\nunit = 'days'", lines).expect("it tabulates");
    let of = |member: &str| {
        cell(&table, TimeKey::ToDate(quarter("2020-21-Q2")), "WWV", &[member]).expect("the cell is there")
    };
    assert_eq!(of("a").missing, Some(ObsStatus::NotYetDue));
    assert_eq!((of("b").missing, of("b").numerator), (None, Decimal::from(40)));
}

#[test]
fn growth_is_one_annual_rate() {
    let lines: &[Single] =
        &[("2020-21-Q1", "a", "1", 121, 100, 1, "", None), ("2020-21-Q1", "b", "2", 12, 0, 1, "", None)];
    let table = by_row("kind = 'growth'\nunit = 'per_cent_a_year'\nyears = 2", lines).expect("it tabulates");
    let of = |member: &str| {
        cell(&table, TimeKey::ToDate(quarter("2020-21-Q2")), "WALES", &[member]).expect("the cell is there")
    };
    assert_eq!(of("a").numerator.round_dp(9), Decimal::from(10));
    assert_eq!(of("b").missing, Some(ObsStatus::NotApplicable));
    assert_eq!(of("_T").numerator.round_dp(6), Decimal::new(15_325_626, 6));
    let without = by_row("kind = 'growth'\nunit = 'per_cent_a_year'", lines).expect_err("no years");
    assert!(matches!(without, IndicatorError::Method { .. }), "{without}");
}

#[test]
fn an_effect_has_an_interval_or_too_few_firms() {
    let lines: &[Single] = &[
        ("2020-21-Q1", "a", "1", 5, 1, 1, "c", None),
        ("2020-21-Q1", "a", "2", 7, 1, 1, "c", None),
        ("2020-21-Q1", "a", "3", 1, 0, 1, "c", None),
        ("2020-21-Q1", "a", "4", 3, 0, 1, "c", None),
        ("2020-21-Q1", "b", "5", 9, 1, 1, "c", None),
    ];
    let table = by_row("kind = 'estimate'\nunit = 'gbp_per_fte'", lines).expect("it tabulates");
    let of = |member: &str| {
        cell(&table, TimeKey::ToDate(quarter("2020-21-Q2")), "WALES", &[member]).expect("the cell is there")
    };
    // Means 6 and 2, SE^2 = 2, df = 2: 4 -+ 4.302652730 x 1.414213562.
    let interval = of("a").interval.expect("it varies");
    assert_eq!(of("a").numerator, Decimal::from(4));
    assert_eq!(
        (interval.lower.round_dp(6), interval.upper.round_dp(6)),
        (Decimal::new(-2_084_870, 6), Decimal::new(10_084_870, 6))
    );
    assert_eq!((of("b").missing, of("b").interval), (Some(ObsStatus::LowReliability), None));
}

#[test]
fn a_mean_may_carry_its_interval_and_stays_a_quotient_of_sums() {
    let lines: &[Single] = &[("2020-21-Q1", "a", "1", 4, 2, 2, "", None), ("2020-21-Q1", "a", "2", 5, 1, 1, "", None)];
    let table = by_row("kind = 'mean'\nunit = 'levels'\ninterval = true", lines).expect("it tabulates");
    let found = cell(&table, TimeKey::ToDate(quarter("2020-21-Q2")), "WALES", &["a"]).expect("the cell is there");
    assert_eq!((found.numerator, found.denominator), (Decimal::from(9), Some(Decimal::from(3))));
    // 2, 2, 5: s = sqrt(3), t(2) = 4.302652730, half = 4.302652730.
    let interval = found.interval.map(|i| Interval { lower: i.lower.round_dp(6), upper: i.upper.round_dp(6) });
    let wanted = Interval { lower: Decimal::new(-1_302_653, 6), upper: Decimal::new(7_302_653, 6) };
    assert_eq!(interval, Some(wanted));
}

#[test]
fn published_figures_have_breakdowns_intervals_and_several_marks() {
    let mut definition = definition("G03");
    definition.dimensions = by_kind("kind = 'median'\nunit = 'days'").dimensions;
    let texts = |texts: [&'static str; 3]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let decimals = |values: [Option<i128>; 3]| -> ArrayRef {
        Arc::new(Decimal128Array::from(values.to_vec()).with_precision_and_scale(38, 2).expect("it fits"))
    };
    let batch = RecordBatch::try_from_iter([
        ("measure", texts(["value"; 3])),
        ("time", texts(["2019", "to 2020-21-Q3", "2020-21-Q3"])),
        ("area_code", texts(["WWV"; 3])),
        ("band", texts(["a", "_T", "b"])),
        ("value", decimals([Some(150), Some(250), None])),
        ("lower", decimals([Some(100), None, None])),
        ("upper", decimals([Some(200), None, None])),
        ("status", texts(["P,b,e", "C,P", "U"])),
        ("vintage", texts(["2023-06"; 3])),
    ])
    .expect("a batch");
    let tables = tabulate_reference(&definition, &[batch]).expect("it tabulates");
    let first = cell(&tables[0], TimeKey::Year(2019), "WWV", &["a"]).expect("the cell is there");
    assert_eq!(first.marks, [Mark::Break, Mark::Estimated, Mark::Provisional]);
    assert_eq!(first.interval, Some(Interval { lower: Decimal::ONE, upper: Decimal::TWO }));
    let quarter = quarter("2020-21-Q3");
    let hidden = cell(&tables[0], TimeKey::ToDate(quarter), "WWV", &["_T"]).expect("the cell is there");
    assert_eq!(
        (hidden.missing, hidden.marks.len(), hidden.numerator),
        (Some(ObsStatus::Confidential), 0, Decimal::ZERO)
    );
    let few = cell(&tables[0], TimeKey::Quarter(quarter), "WWV", &["b"]).expect("the cell is there");
    assert_eq!(few.missing, Some(ObsStatus::LowReliability));
}
