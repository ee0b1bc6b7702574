//! Tests of the engine: limits, sessions, contributions, read-only SQL.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, ArrayRef, Date32Array, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::util::display::array_value_to_string;
use jiff::civil::{Date, date};

use super::parameters::days_since_epoch;
use super::{
    DatasetSchema, Engine, EngineError, EngineLimits, MemoryTable, NamedSql, QueryParameters, RowShape, Session,
    SessionSource,
};
use crate::lake::Lake;
use crate::model::{ContentHash, ErrorClass, Period};

const MEMORY: usize = 256 * 1024 * 1024;

/// An engine with its spill folder below `dir`.
pub(super) fn engine(dir: &Path, memory_bytes: usize, query_deadline: Duration) -> Engine {
    let spill_dir = dir.join("spill");
    let limits = EngineLimits { memory_bytes, spill_dir, spill_bytes: 1 << 30, threads: 2, query_deadline };
    Engine::new(limits).expect("a scratch folder can be written")
}

fn parameters() -> QueryParameters {
    QueryParameters {
        period_start: date(2020, 10, 1),
        period_end: date(2020, 12, 31),
        programme_start: date(2019, 1, 1),
    }
}

fn vouchers() -> DatasetSchema {
    let open = Schema::new(vec![
        Field::new("business_id", DataType::Utf8, true),
        Field::new("group_id", DataType::Utf8, true),
        Field::new("lad_code", DataType::Utf8, true),
        Field::new("band", DataType::Utf8, true),
        Field::new("paid_on", DataType::Date32, true),
        Field::new("grant_gbp", DataType::Decimal128(14, 2), true),
    ]);
    DatasetSchema {
        name: "vouchers".to_owned(),
        description: "one voucher".to_owned(),
        open: Arc::new(open),
        replaced_by: None,
    }
}

type Row<'a> = (&'a str, Option<&'a str>, Option<&'a str>, &'a str, Option<Date>, i128);

fn batch(hash: &ContentHash, rows: &[Row<'_>]) -> RecordBatch {
    let text = |values: Vec<Option<&str>>| Arc::new(StringArray::from(values)) as ArrayRef;
    let money = Decimal128Array::from(rows.iter().map(|row| row.5).collect::<Vec<_>>());
    let columns: Vec<ArrayRef> = vec![
        text(rows.iter().map(|row| Some(row.0)).collect()),
        text(rows.iter().map(|row| row.1).collect()),
        text(rows.iter().map(|row| row.2).collect()),
        text(rows.iter().map(|row| Some(row.3)).collect()),
        Arc::new(rows.iter().map(|row| row.4.map(days_since_epoch)).collect::<Date32Array>()),
        Arc::new(money.with_precision_and_scale(14, 2).expect("14 digits")),
        text(vec![Some(hash.as_str()); rows.len()]),
        Arc::new((2_i64..).take(rows.len()).collect::<Int64Array>()),
        text(vec![Some("grants"); rows.len()]),
        Arc::new(Date32Array::from(vec![days_since_epoch(date(2020, 12, 31)); rows.len()])),
        Arc::new(Int32Array::from(vec![1; rows.len()])),
    ];
    RecordBatch::try_new(super::dataset::view_schema(&vouchers().open), columns).expect("equal columns")
}

fn hash(byte: u8) -> ContentHash {
    ContentHash::from_digest(&[byte; 32])
}

/// A lake with two extracts of vouchers, of which the second is live, and a session over it.
async fn session(dir: &Path, staging: &[NamedSql]) -> Session {
    let lake = Lake::open_for_writing(&dir.join("lake"), MEMORY).await.expect("a scratch folder can be written");
    let (autumn, winter) = (date(2020, 11, 5), date(2020, 1, 31));
    let old = batch(&hash(1), &[("B9", Some("G9"), Some("W06000001"), "small", Some(autumn), 9_900)]);
    let new = batch(
        &hash(2),
        &[
            ("B1", Some("G1"), Some("W06000001"), "small", Some(autumn), 10_050),
            ("B1", Some("G1"), Some("W06000001"), "small", Some(autumn), 950),
            ("B2", Some("G1"), Some("W06000001"), "small", Some(autumn), 100),
            ("B3", None, Some("W06000002"), "large", Some(winter), 700),
            ("B4", Some("G4"), None, "large", Some(winter), 800),
            ("B5", Some("G5"), Some("W06000002"), "large", None, 900),
        ],
    );
    for (extract, rows) in [(hash(1), old), (hash(2), new)] {
        lake.commit_extract("vouchers", rows.schema(), vec![rows], &extract).await.expect("commits");
    }
    let live = BTreeMap::from([("vouchers".to_owned(), vec![hash(2)])]);
    let snapshot = lake.pin().expect("lists");
    engine(dir, MEMORY, Duration::from_mins(1))
        .session(&lake, &snapshot, &[vouchers()], &live, staging)
        .expect("names are distinct")
}

/// A session without tables.
pub(super) fn bare_session(dir: &Path) -> Session {
    engine(dir, MEMORY, Duration::from_mins(1)).planning_session(&[], &[]).expect("no names, none twice")
}

/// The cells of a bare session's answer with spaces between them; `-` is null.
pub(super) async fn cells_of(sql: &str) -> Result<String, EngineError> {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let mut cells = Vec::new();
    for batch in bare_session(dir.path()).query(sql).await?.collect().await? {
        for row in 0..batch.num_rows() {
            for column in batch.columns() {
                let cell = array_value_to_string(column, row).expect("prints");
                cells.push(if cell.is_empty() { "-".to_owned() } else { cell });
            }
        }
    }
    Ok(cells.join(" "))
}

fn lines(batches: &[RecordBatch]) -> Vec<String> {
    let mut lines = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cell = |array: &ArrayRef| array_value_to_string(array, row).expect("prints");
            lines.push(batch.columns().iter().map(cell).collect::<Vec<_>>().join(" "));
        }
    }
    lines
}

async fn run(session: &Session, sql: &str) -> Result<Vec<String>, EngineError> {
    Ok(lines(&session.query(sql).await?.collect().await?))
}

fn by_band(dimensions: &[String]) -> RowShape<'_> {
    RowShape { dimensions, by_row: &[] }
}

const INDICATOR: &str = "select 'value' as measure, paid_on as dated_on, lad_code, band, business_id, group_id, \
    grant_gbp as numerator, null as denominator from vouchers \
    where paid_on is null or paid_on between $programme_start and $period_end";

#[tokio::test]
async fn only_live_rows_and_open_columns_are_seen() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let found = run(&session, "select business_id, _row from vouchers order by _row").await.expect("reads");
    assert_eq!(found, ["B1 2", "B1 3", "B2 4", "B3 5", "B4 6", "B5 7"]);
    let tables = run(&session, "select table_schema, table_name from information_schema.tables order by 1, 2").await;
    let tables = tables.expect("reads");
    let own: Vec<_> = tables.iter().filter(|line| !line.starts_with("information_schema")).collect();
    assert_eq!(own, ["lake vouchers"]);
    let stream = session.query("select business_id from vouchers limit 1").await.expect("runs");
    assert_eq!(stream.schema().field(0).data_type(), &DataType::Utf8);
}

#[tokio::test]
async fn contributions_are_added_up_by_cell_and_group() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let found = session.contributions(INDICATOR, by_band(&["band".to_owned()]), &parameters()).await.expect("adds up");
    let winter = Period::containing(date(2020, 1, 31)).index();
    let autumn = Period::containing(date(2020, 11, 5)).index();
    assert_eq!(
        lines(&found.batches),
        [
            // B3 has no group and is its own.
            format!("value {winter} W06000002 large B3 7.00  1"),
            format!("value {autumn} W06000001 small G1 111.00  2"),
        ]
    );
    // No area, and no day.
    assert_eq!(found.dropped, 2);
    let kinds: Vec<_> = found.schema.fields().iter().map(|field| (field.name().as_str(), field.data_type())).collect();
    let text = &DataType::Utf8;
    assert_eq!(
        kinds,
        [
            ("measure", text),
            ("period_index", &DataType::Int32),
            ("lad_code", text),
            ("band", text),
            ("group_id", text),
            ("numerator", &DataType::Decimal128(38, 2)),
            ("denominator", &DataType::Decimal128(38, 0)),
            ("enterprises", &DataType::Int64),
        ]
    );
    assert!(found.batches.iter().all(|batch| batch.schema() == found.schema));
}

#[tokio::test]
async fn an_indicator_without_a_column_is_refused_with_every_problem() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let engine = engine(dir.path(), MEMORY, Duration::from_mins(1));
    let session = engine.planning_session(&[vouchers()], &[]).expect("names are distinct");
    session.plan_indicator(INDICATOR, &["band".to_owned()]).await.expect("is sound");
    let sql = "select 'value' as measure, lad_code, group_id, business_id, 1.5::double as numerator, \
        null as denominator from vouchers";
    let error = session.plan_indicator(sql, &["band".to_owned()]).await.expect_err("columns are missing");
    assert_eq!(
        error.to_string(),
        "use the columns of the indicator: `band` is missing; it must be text; `dated_on` is missing; it must be a date; \
         `numerator` is Float64; it must be a decimal of at most 28 digits after the point, or a whole number (hint: cast \
         it)"
    );
    assert_eq!(error.class(), ErrorClass::Usage);
    let empty =
        session.contributions(INDICATOR, by_band(&["band".to_owned()]), &parameters()).await.expect("nothing there");
    assert!(empty.batches.is_empty() && empty.dropped == 0);
    let parameter = session.plan_check("select * from vouchers where paid_on > $perod_start").await;
    assert!(matches!(parameter, Err(EngineError::Plan { .. })));
}

#[tokio::test]
async fn a_sum_that_could_run_over_is_an_error() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let indicator = |number: &str| {
        format!(
            "select 'value' as measure, date '2020-11-05' as dated_on, 'W' as lad_code, 'B' as business_id, 'G' as \
             group_id, {number} as numerator, null as denominator from (values (1), (2)) as t(n)"
        )
    };
    let nines = "9".repeat(28);
    let edge = indicator(&format!("cast('{nines}' as decimal(38, 0))"));
    let found = session.contributions(&edge, by_band(&[]), &parameters()).await.expect("28 digits fit");
    assert!(lines(&found.batches)[0].contains(&format!("1{}8", "9".repeat(27))), "{:?}", lines(&found.batches));
    let over = indicator(&format!("cast('1{nines}' as decimal(38, 0))"));
    assert!(session.contributions(&over, by_band(&[]), &parameters()).await.is_err());
    // What DataFusion does by itself: it wraps.
    let wide = "select sum(x) from (values (cast('99999999999999999999999999999999999999' as decimal(38, 0))), \
        (cast('99999999999999999999999999999999999999' as decimal(38, 0)))) as t(x)";
    let error = session.plan_check(wide).await.expect_err("the sum could run over");
    assert!(matches!(error, EngineError::Overflow { .. }), "{error}");
    let twice = "select sum(s) from (select business_id, sum(grant_gbp) as s from vouchers group by business_id)";
    session.plan_check(twice).await.expect("24 digits are summed");
    let thrice = "with a as (select business_id, sum(cast(grant_gbp as decimal(28, 2))) as s from vouchers group by 1) \
        select sum(s) from a";
    session.plan_check(thrice).await.expect("a sum of sums counts the same rows");
}

#[tokio::test]
async fn nothing_but_reading_is_possible() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let file = dir.path().join("out.csv");
    let target = file.display();
    for sql in [
        format!("copy (select 1) to '{target}'"),
        format!("explain analyze copy (select 1 as x) to '{target}' stored as parquet"),
        format!("create external table e stored as csv location '{target}'"),
        "create view v as select 1".to_owned(),
        "create table t as select 1".to_owned(),
        "drop view vouchers".to_owned(),
        "insert into vouchers select * from vouchers".to_owned(),
        "delete from vouchers".to_owned(),
        "set datafusion.execution.batch_size = 1".to_owned(),
        "prepare p as select 1".to_owned(),
        "select 1; select 2".to_owned(),
        format!("select * from '{target}'"),
        "select * from '/etc/passwd'".to_owned(),
        "select * from stored".to_owned(),
    ] {
        std::fs::write(&file, "a\nsecret\n").expect("writes");
        let error = session.query(&sql).await.err().unwrap_or_else(|| panic!("{sql} ran"));
        assert_eq!(error.class(), ErrorClass::Usage, "{sql}: {error}");
        assert_eq!(std::fs::read(&file).expect("untouched"), b"a\nsecret\n", "{sql}");
    }
    for sql in ["with a as (select 1 as x) select * from a", "show tables", "explain select 1", "describe vouchers"] {
        run(&session, sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

#[tokio::test]
async fn unknown_names_come_with_those_that_exist() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let error = session.query("select * from voucher").await.expect_err("no such table");
    let expected = "plan the query: there is no table `voucher` (hint: did you mean `vouchers`? there are: vouchers)";
    assert_eq!(error.to_string(), expected);
    let error = session.query("select grant_gdp from vouchers").await.expect_err("no such column");
    let EngineError::Plan { source, .. } = error else { panic!("not a mistake of planning") };
    assert!(source.to_string().contains("grant_gbp"), "{source}");
    let error = session.query("select lenght(lad_code) from vouchers").await.expect_err("no such function");
    let EngineError::Plan { source, .. } = error else { panic!("not a mistake of planning") };
    assert!(source.to_string().contains("lenght"), "{source}");
}

#[tokio::test]
async fn views_see_what_stands_before_them_only() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let view = |name: &str, sql: &str| NamedSql { name: name.to_owned(), sql: sql.to_owned() };
    let staging = [
        view("paid", "select business_id, grant_gbp from vouchers where paid_on is not null"),
        view("by_firm", "select business_id, sum(grant_gbp) as gbp from paid group by business_id"),
        view("circle", "select * from circle"),
        view("writes", "create view x as select 1"),
    ];
    let session = session(dir.path(), &staging).await;
    let found = run(&session, "select business_id, gbp from by_firm order by 1 limit 2").await.expect("reads");
    assert_eq!(found, ["B1 110.00", "B2 1.00"]);
    assert!(run(&session, "select * from circle").await.is_err());
    assert!(run(&session, "select * from writes").await.is_err());
    let twice = engine(dir.path(), MEMORY, Duration::from_mins(1))
        .planning_session(&[vouchers()], &[view("vouchers", "select 1")]);
    assert!(matches!(twice, Err(EngineError::Duplicate { .. })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_and_time_are_bounded_in_plain_words() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let small = engine(dir.path(), 8 * 1024 * 1024, Duration::from_mins(1)).planning_session(&[], &[]).expect("empty");
    let join = "select count(*) from (select value as id from generate_series(1, 2000000)) x \
        join (select value as id, cast(value as varchar) || 'padding' as b from generate_series(1, 2000000)) y \
        on x.id = y.id where length(b) > 3";
    let error = run(&small, join).await.expect_err("the hash table does not fit");
    assert!(matches!(error, EngineError::Memory { limit_mib: 8, .. }), "{error}");

    let hasty = engine(dir.path(), MEMORY, Duration::from_millis(50)).planning_session(&[], &[]).expect("empty");
    let long = "select sum(a.value * b.value) from generate_series(1, 100000) a, generate_series(1, 100000) b";
    let error = run(&hasty, long).await.expect_err("takes for ever");
    assert!(matches!(error, EngineError::Deadline { .. }), "{error}");
    assert_eq!(error.class(), ErrorClass::Permanent);
}

#[tokio::test]
async fn errors_of_running_hold_no_values() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let error = run(&session, "select cast(business_id as int) from vouchers").await.expect_err("B1 is no number");
    assert!(error.to_string().contains("does not fit the type") && !error.to_string().contains("B1"), "{error}");
    let error = run(&session, "select 1 / (_row - 2) from vouchers").await.expect_err("divides by zero");
    assert!(error.to_string().contains("nullif"), "{error}");
}

#[tokio::test]
async fn functions_for_quarters_stand_beside_the_usual_ones() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let sql = "select fin_quarter(paid_on), fin_quarter_index(date '2021-01-01') - fin_quarter_index(paid_on), \
        upper(band), round(1.25, 1) from vouchers where _row = 2";
    assert_eq!(run(&session, sql).await.expect("runs"), ["2020-21-Q3 1 SMALL 1.3"]);
}

#[tokio::test]
async fn key_columns_come_row_by_row() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let both = ["business_id".to_owned(), "lad_code".to_owned()];
    let keys = session.columns_of("vouchers", &both).await.expect("plans").collect().await.expect("reads");
    let mut keys = lines(&keys);
    keys.sort();
    let expected = ["B1 W06000001", "B1 W06000001", "B2 W06000001", "B3 W06000002", "B4 ", "B5 W06000002"];
    assert_eq!(keys, expected);
    assert!(session.columns_of("firms", &both).await.is_err());
    assert!(session.columns_of("vouchers", &["x".to_owned()]).await.is_err());
}

#[tokio::test]
async fn the_latest_increment_of_a_supplier_replaces_the_rows_before() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = Lake::open_for_writing(&dir.path().join("lake"), MEMORY).await.expect("a scratch folder");
    let columns = super::dataset::view_schema(&Schema::new(vec![
        Field::new("id", DataType::Utf8, true),
        Field::new("value", DataType::Int64, true),
    ]));
    let extracts = [
        (1, "a", date(2020, 9, 30), vec![("x", 1), ("y", 2)]),
        (2, "a", date(2020, 12, 31), vec![("y", 3), ("z", 4)]),
        (3, "b", date(2020, 9, 30), vec![("y", 5)]),
    ];
    for (number, supplier, day, rows) in extracts {
        let count = rows.len();
        let arrays: Vec<ArrayRef> = vec![
            Arc::new(rows.iter().map(|(id, _)| Some(*id)).collect::<StringArray>()),
            Arc::new(rows.iter().map(|(_, value)| *value).collect::<Int64Array>()),
            Arc::new(StringArray::from(vec![hash(number).as_str(); count])),
            Arc::new((2_i64..).take(count).collect::<Int64Array>()),
            Arc::new(StringArray::from(vec![supplier; count])),
            Arc::new(Date32Array::from(vec![days_since_epoch(day); count])),
            Arc::new(Int32Array::from(vec![1; count])),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&columns), arrays).expect("equal columns");
        lake.commit_extract("events", Arc::clone(&columns), vec![batch], &hash(number)).await.expect("commits");
    }
    let events = DatasetSchema {
        name: "events".to_owned(),
        description: String::new(),
        open: Arc::new(Schema::new(columns.fields()[..2].to_vec())),
        replaced_by: Some(vec!["id".to_owned()]),
    };
    let seen = async |live: &[u8]| {
        let live = BTreeMap::from([("events".to_owned(), live.iter().map(|n| hash(*n)).collect())]);
        let session = engine(dir.path(), MEMORY, Duration::from_mins(1))
            .session(&lake, &lake.pin().expect("lists"), std::slice::from_ref(&events), &live, &[])
            .expect("names are distinct");
        run(&session, "select id, value, _supplier from events order by 3, 1").await.expect("reads")
    };
    assert_eq!(seen(&[1, 2, 3]).await, ["x 1 a", "y 3 a", "z 4 a", "y 5 b"]);
    assert_eq!(seen(&[1]).await, ["x 1 a", "y 2 a"]);
}

#[tokio::test]
async fn reference_queries_keep_their_columns() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let sql = "select 'value' as measure, 2019 as year, lad_code as area_code, cast(1.5 as decimal(10, 2)) as value, \
        null as status, 'apr2023' as vintage, 'ONS' as source from vouchers where paid_on = $period_end - interval '56 days'";
    session.plan_reference(sql, &[]).await.expect("is sound");
    session.reference(sql, &parameters()).await.expect("runs");
    let error = session.plan_reference("select 'value' as measure", &[]).await.expect_err("columns are missing");
    assert!(matches!(error, EngineError::Columns { problems, .. } if problems.len() == 6));
}

#[tokio::test]
async fn other_tables_and_published_figures_stand_beside_datasets() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let published = Lake::open_for_writing(&dir.path().join("published"), MEMORY).await.expect("opens");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("period", Arc::new(StringArray::from(vec!["2020-21-Q3"]))),
        ("value", Arc::new(Int64Array::from(vec![12]))),
    ];
    let rows = RecordBatch::try_from_iter(columns).expect("equal columns");
    published
        .replace_slice("indicators", rows.schema(), vec![rows.clone()], "period", "2020-21-Q3", "t")
        .await
        .expect("commits");
    let snapshot = published.pin().expect("lists");
    let description = "one run".to_owned();
    let memory = [MemoryTable { name: "runs".to_owned(), description, schema: rows.schema(), batches: vec![rows] }];
    let source = SessionSource { published: Some((&published, &snapshot)), memory: &memory, ..SessionSource::empty() };
    let session = engine(dir.path(), MEMORY, Duration::from_mins(1)).open(source).expect("names are distinct");
    let sql = "select i.period, i.value from indicators i join runs r on i.period = r.period";
    assert_eq!(run(&session, sql).await.expect("reads"), ["2020-21-Q3 12"]);
    let names: Vec<_> = session.tables().into_iter().map(|table| table.name).collect();
    assert_eq!(names, ["runs", "indicators"]);
    let stream = session.query("select period from indicators").await.expect("runs");
    assert!(stream.schema().field(0).data_type().equals_datatype(&DataType::Utf8));
    assert!(stream.collect().await.expect("reads").iter().all(|batch| batch.column(0).null_count() == 0));
}

#[tokio::test]
async fn numbers_come_with_all_their_digits_whatever_type_is_planned() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path(), &[]).await;
    let sql = "select sum(case when business_id = 'B1' then 0 else grant_gbp end) from vouchers where band = 'small'";
    assert_eq!(run(&session, sql).await.expect("reads"), ["1.00"]);
    let sql =
        "select case when business_id = 'B1' then 0 else grant_gbp / 8 end from vouchers where business_id = 'B2'";
    assert_eq!(run(&session, sql).await.expect("reads"), ["0.125000"]);
    let indicator = "select 'value' as measure, paid_on as dated_on, lad_code, band, business_id, group_id, \
        case when band = 'large' then 0 else grant_gbp end as numerator, null as denominator from vouchers \
        where business_id in ('B1', 'B2')";
    let shape = RowShape { dimensions: &["band".to_owned()], by_row: &[] };
    let found = session.contributions(indicator, shape, &parameters()).await.expect("adds up");
    let autumn = Period::containing(date(2020, 11, 5)).index();
    assert_eq!(lines(&found.batches), [format!("value {autumn} W06000001 small G1 111.00  2")]);
}
