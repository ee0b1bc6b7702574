//! Tests of the lake: commits that happen once, slices, snapshots.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::prelude::SessionContext;

use super::{Constant, Lake, LakeError};
use crate::model::{ContentHash, ErrorClass};

const MEMORY: usize = 256 * 1024 * 1024;

fn hash(byte: u8) -> ContentHash {
    ContentHash::from_digest(&[byte; 32])
}

fn schema(names: &[&str]) -> SchemaRef {
    Arc::new(Schema::new(names.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect::<Vec<_>>()))
}

fn rows(names: &[&str], values: &[&[&str]]) -> RecordBatch {
    let column = |at: usize| Arc::new(values.iter().map(|row| Some(row[at])).collect::<StringArray>()) as ArrayRef;
    RecordBatch::try_new(schema(names), (0..names.len()).map(column).collect()).expect("equal columns")
}

async fn lake(dir: &Path) -> Lake {
    Lake::open_for_writing(&dir.join("lake"), MEMORY).await.expect("a scratch folder can be written")
}

async fn read(lake: &Lake, table: &str) -> Vec<RecordBatch> {
    let version = lake.version(table).expect("listed").expect("committed");
    let provider = lake.provider(table, version).await.expect("a version that is there");
    let frame = SessionContext::new().read_table(provider).expect("a table");
    frame.collect().await.expect("reads")
}

async fn texts(lake: &Lake, table: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for batch in read(lake, table).await {
        for row in 0..batch.num_rows() {
            let cell = |array: &ArrayRef| arrow::util::display::array_value_to_string(array, row).expect("prints");
            lines.push(batch.columns().iter().map(cell).collect::<Vec<_>>().join(" "));
        }
    }
    lines.sort();
    lines
}

#[tokio::test]
async fn an_extract_is_committed_once() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let batch = rows(&["a"], &[&["1"], &["2"]]);
    let first = lake.commit_extract("vouchers", batch.schema(), vec![batch.clone()], &hash(1)).await.expect("commits");
    let again = lake.commit_extract("vouchers", batch.schema(), vec![batch.clone()], &hash(1)).await.expect("knows it");
    let other = lake.commit_extract("vouchers", batch.schema(), vec![batch], &hash(2)).await.expect("commits");
    assert_eq!((first.version, first.already), (0, false));
    assert_eq!((again.version, again.already), (0, true));
    assert_eq!((other.version, other.already), (1, false));
    assert_eq!(texts(&lake, "vouchers").await, ["1", "1", "2", "2"]);
    assert_eq!(lake.pin().expect("lists").tables.into_iter().collect::<Vec<_>>(), [("vouchers".to_owned(), 1)]);
}

#[tokio::test]
async fn an_extract_without_accepted_rows_is_recorded() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let first = lake.commit_extract("vouchers", schema(&["a"]), Vec::new(), &hash(1)).await.expect("commits");
    let again = lake.commit_extract("vouchers", schema(&["a"]), Vec::new(), &hash(1)).await.expect("knows it");
    assert!(!first.already && again.already);
    assert_eq!(texts(&lake, "vouchers").await, Vec::<String>::new());
}

#[tokio::test]
async fn writers_of_a_new_table_do_not_lose_each_other() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let write = |n: u8| {
        let (lake, batch) = (lake.clone(), rows(&["a"], &[&[n.to_string().as_str()]]));
        async move { lake.commit_extract("vouchers", batch.schema(), vec![batch], &hash(n)).await }
    };
    let commits = futures::future::join_all((0..6).map(write)).await;
    assert!(commits.iter().all(|commit| commit.as_ref().is_ok_and(|commit| !commit.already)), "{commits:?}");
    assert_eq!(texts(&lake, "vouchers").await, ["0", "1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn every_column_type_comes_back_as_it_went() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let field = |name: &str, kind: &DataType| Field::new(name, kind.clone(), true);
    let schema = Arc::new(Schema::new(vec![
        field("text", &DataType::Utf8),
        field("long", &DataType::Int64),
        field("int", &DataType::Int32),
        field("day", &DataType::Date32),
        field("money", &DataType::Decimal128(38, 2)),
        field("truth", &DataType::Boolean),
        field("at", &utc),
    ]));
    let money = Decimal128Array::from(vec![Some(10_i128.pow(38) - 1), None]).with_precision_and_scale(38, 2);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec![Some("Môn \u{1f980}"), None])),
        Arc::new(Int64Array::from(vec![Some(i64::MIN), None])),
        Arc::new(Int32Array::from(vec![Some(i32::MAX), None])),
        Arc::new(Date32Array::from(vec![Some(-1), None])),
        Arc::new(money.expect("38 digits")),
        Arc::new(BooleanArray::from(vec![Some(false), None])),
        Arc::new(TimestampMicrosecondArray::from(vec![Some(-1), None]).with_timezone("UTC")),
    ];
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).expect("equal columns");
    lake.commit_extract("kinds", Arc::clone(&schema), vec![batch.clone()], &hash(1)).await.expect("commits");
    let found = read(&lake, "kinds").await;
    assert_eq!(found.len(), 1);
    for (at, field) in schema.fields().iter().enumerate() {
        let back = arrow::compute::cast(found[0].column(at), field.data_type()).expect("the same values");
        assert_eq!(&back, batch.column(at), "{}", field.name());
        let same = found[0].column(at).data_type() == field.data_type() || field.data_type() == &DataType::Utf8;
        assert!(same, "{} came back as {}", field.name(), found[0].column(at).data_type());
    }
}

#[tokio::test]
async fn a_new_column_is_null_in_old_rows() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let old = rows(&["a"], &[&["1"]]);
    let new = rows(&["a", "b"], &[&["2", "x"]]);
    lake.commit_extract("vouchers", old.schema(), vec![old], &hash(1)).await.expect("commits");
    lake.commit_extract("vouchers", new.schema(), vec![new], &hash(2)).await.expect("adds the column");
    assert_eq!(texts(&lake, "vouchers").await, ["1 ", "2 x"]);
}

#[tokio::test]
async fn a_slice_is_replaced_and_the_others_stay() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let names = ["period", "value"];
    let write = async |period: &str, value: &str, transaction: &str| {
        let batch = rows(&names, &[&[period, value]]);
        lake.replace_slice("d01", batch.schema(), vec![batch], "period", period, transaction).await.expect("commits")
    };
    assert!(!write("q1", "1", "a").await.already);
    assert!(!write("q2", "2", "a").await.already);
    assert!(write("q1", "1", "a").await.already);
    assert!(!write("q1", "9", "b").await.already);
    assert_eq!(texts(&lake, "d01").await, ["q1 9", "q2 2"]);
    // Back to the first inputs: the slice holds the second, so this is work again.
    assert!(!write("q1", "1", "a").await.already);
    assert!(write("q1", "1", "a").await.already);
    assert_eq!(texts(&lake, "d01").await, ["q1 1", "q2 2"]);
    let alien = rows(&names, &[&["q3", "1"]]);
    let error = lake.replace_slice("d01", alien.schema(), vec![alien], "period", "q1", "c").await;
    assert!(matches!(error, Err(LakeError::Slice { .. })));
    // An empty result empties its slice.
    let empty = lake.replace_slice("d01", schema(&names), Vec::new(), "period", "q1", "d").await.expect("commits");
    assert!(!empty.already);
    assert_eq!(texts(&lake, "d01").await, ["q2 2"]);
}

#[tokio::test]
async fn a_slice_may_bring_a_column_that_others_do_not_have() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let (old, new) =
        (rows(&["period", "value"], &[&["q1", "1"]]), rows(&["period", "value", "more"], &[&["q2", "2", "3"]]));
    lake.replace_slice("d01", old.schema(), vec![old.clone()], "period", "q1", "a").await.expect("commits");
    lake.replace_slice("d01", new.schema(), vec![new], "period", "q2", "a").await.expect("commits");
    assert_eq!(texts(&lake, "d01").await, ["1 q1 ", "2 q2 3"]);
    lake.replace_slice("d01", old.schema(), vec![old], "period", "q1", "b").await.expect("commits");
    assert_eq!(texts(&lake, "d01").await, ["1 q1 ", "2 q2 3"]);
}

#[tokio::test]
async fn an_old_version_stays_readable() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let batch = rows(&["a"], &[&["1"]]);
    for n in 1..=3 {
        lake.commit_extract("vouchers", batch.schema(), vec![batch.clone()], &hash(n)).await.expect("commits");
    }
    let provider = lake.provider("vouchers", 0).await.expect("the first version");
    let count = SessionContext::new().read_table(provider).expect("a table").count().await.expect("counts");
    assert_eq!(count, 1);
    assert!(matches!(lake.provider("vouchers", 9).await, Err(LakeError::Version { version: 9, .. })));
}

#[tokio::test]
async fn a_table_whose_first_writer_died_is_empty_and_usable() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let log = lake.root().join("vouchers/_delta_log");
    std::fs::create_dir_all(&log).expect("makes");
    std::fs::write(log.join("_commit_half.json.tmp"), b"{").expect("writes");
    assert!(lake.pin().expect("lists").tables.is_empty());
    let batch = rows(&["a"], &[&["1"]]);
    let commit = lake.commit_extract("vouchers", batch.schema(), vec![batch], &hash(1)).await.expect("commits");
    assert_eq!(commit.version, 0);
}

#[tokio::test]
async fn a_lake_that_cannot_be_written_says_where_and_what_to_do() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let file = dir.path().join("file");
    std::fs::write(&file, b"x").expect("writes");
    let error = Lake::open_for_writing(&file.join("lake"), MEMORY).await.expect_err("a file is in the way");
    assert_eq!(error.class(), ErrorClass::Usage);
    let text = error.to_string();
    assert!(text.contains("file/lake") && text.contains("hint"), "{text}");

    let reader = Lake::open(&dir.path().join("nowhere")).expect("an empty lake");
    assert!(reader.pin().expect("lists").tables.is_empty());
    let refused = reader.commit_extract("vouchers", schema(&["a"]), Vec::new(), &hash(1)).await;
    assert!(matches!(refused, Err(LakeError::ReadOnly { .. })));
    assert!(!dir.path().join("nowhere").exists());
}

#[tokio::test]
async fn a_folder_whose_name_would_be_taken_for_another_is_refused() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let coded = dir.path().join("a%20b");
    assert!(matches!(Lake::open(&coded), Err(LakeError::Percent { .. })));
    let error = Lake::open_for_writing(&coded, MEMORY).await.expect_err("not this one");
    assert_eq!(error.class(), ErrorClass::Usage);
    assert!(!coded.exists());
    let lake = lake(&dir.path().join("100% sicr")).await;
    let batch = rows(&["a"], &[&["1"]]);
    lake.commit_extract("vouchers", batch.schema(), vec![batch], &hash(1)).await.expect("commits");
    assert_eq!(texts(&lake, "vouchers").await, ["1"]);
}

#[test]
fn names_of_tables_stay_inside_the_lake() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = Lake::open(dir.path()).expect("opens");
    for name in ["../x", "a/b", "", "A", "a-b"] {
        assert!(matches!(lake.version(name), Err(LakeError::TableName { .. })), "{name}");
    }
}

/// A constant column and its value.
fn constant(name: &str, kind: DataType, value: &str) -> Constant {
    Constant { field: Field::new(name, kind, true), value: value.to_owned() }
}

fn staged_files(lake: &Lake, table: &str) -> usize {
    let entries = std::fs::read_dir(lake.root().join(table)).expect("lists");
    entries.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().is_file())).count()
}

#[tokio::test]
async fn constant_columns_stand_in_the_log_and_come_back_in_every_row() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let batch = rows(&["a"], &[&["1"], &["2"]]);
    for (n, day) in [(1, "2020-12-31"), (2, "2021-03-31")] {
        let mut writer = lake.stage("vouchers", batch.schema(), "_row").expect("starts");
        writer.write(batch.clone()).expect("writes");
        let staged = writer.finish().expect("ends");
        assert_eq!(staged.rows(), 2);
        let constants =
            [constant("_day", DataType::Date32, day), constant("_sequence", DataType::Int32, &n.to_string())];
        lake.commit_staged(staged, &constants, &hash(n)).await.expect("commits");
        assert!(lake.has_extract("vouchers", &hash(n)).await.expect("reads"));
    }
    assert_eq!(
        texts(&lake, "vouchers").await,
        ["1 2020-12-31 1", "1 2021-03-31 2", "2 2020-12-31 1", "2 2021-03-31 2"]
    );
    // What was committed is not repeated, and what was staged for it is gone.
    let mut writer = lake.stage("vouchers", batch.schema(), "_row").expect("starts");
    writer.write(batch.clone()).expect("writes");
    let staged = writer.finish().expect("ends");
    let again = lake.commit_staged(staged, &[], &hash(1)).await.expect("knows it");
    assert!(again.already);
    assert_eq!(staged_files(&lake, "vouchers"), 2);
    // A table keeps its constant columns.
    let other = lake.commit_extract("vouchers", batch.schema(), vec![batch], &hash(3)).await;
    assert!(matches!(other, Err(LakeError::Layout { .. })));
    assert_eq!(staged_files(&lake, "vouchers"), 2);
}

#[tokio::test]
async fn nothing_staged_remains_without_a_commit() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let batch = rows(&["a"], &[&["1"]]);
    lake.commit_extract("vouchers", batch.schema(), vec![batch.clone()], &hash(1)).await.expect("commits");
    let mut dropped = lake.stage("vouchers", batch.schema(), "_row").expect("starts");
    dropped.write(batch.clone()).expect("writes");
    drop(dropped);
    let mut finished = lake.stage("vouchers", batch.schema(), "_row").expect("starts");
    finished.write(batch).expect("writes");
    drop(finished.finish().expect("ends"));
    assert_eq!(staged_files(&lake, "vouchers"), 1);
    // What a killed process leaves behind is removed, what a commit names stays.
    std::fs::write(lake.root().join("vouchers/extract-00ff-0000.zstd.parquet"), b"half").expect("writes");
    std::fs::write(lake.root().join("vouchers/notes.txt"), b"not ours").expect("writes");
    assert_eq!(lake.remove_leftovers("vouchers").await.expect("removes"), 1);
    assert_eq!(lake.remove_leftovers("vouchers").await.expect("finds nothing"), 0);
    assert_eq!(staged_files(&lake, "vouchers"), 2);
    assert_eq!(texts(&lake, "vouchers").await, ["1"]);
}

#[tokio::test]
async fn what_was_committed_and_not_recorded_is_replaced_by_what_is_good_now() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let lake = lake(dir.path()).await;
    let commit = async |values: &[&[&str]], n: u8, day: &str| {
        let batch = rows(&["a"], values);
        let mut writer = lake.stage("vouchers", batch.schema(), "_row").expect("starts");
        writer.write(batch).expect("writes");
        let constants =
            [constant("_extract_id", DataType::Utf8, hash(n).as_str()), constant("_day", DataType::Date32, day)];
        lake.commit_unrecorded(writer.finish().expect("ends"), &constants, &hash(n)).await.expect("commits")
    };
    let short = |line: &String| line.split(' ').next().map(str::to_owned);
    let first = commit(&[&["1"], &["2"]], 1, "2020-12-31").await;
    let other = commit(&[&["9"]], 2, "2020-12-31").await;
    assert_eq!((first.version, first.already, other.version), (0, false, 1));
    let same = commit(&[&["1"], &["2"]], 1, "2020-12-31").await;
    assert_eq!((same.version, same.already), (1, true));
    // A row that was refused is good now, another one no more.
    let changed = commit(&[&["1"], &["3"]], 1, "2020-12-31").await;
    assert_eq!((changed.version, changed.already), (2, false));
    assert_eq!(texts(&lake, "vouchers").await.iter().filter_map(short).collect::<Vec<_>>(), ["1", "3", "9"]);
    // The same rows for another day.
    assert!(!commit(&[&["1"], &["3"]], 1, "2021-03-31").await.already);
    assert!(commit(&[&["1"], &["3"]], 1, "2021-03-31").await.already);
    let days = texts(&lake, "vouchers").await;
    assert_eq!(days.iter().filter(|line| line.ends_with("2021-03-31")).count(), 2, "{days:?}");
    assert_eq!(days.len(), 3);
}
