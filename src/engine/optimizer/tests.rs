//! Tests of queries that join: the rows are those that the query asks for, whatever is joined first.

use arrow::util::display::array_value_to_string;
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::SessionContext;

use super::optimizer_rules;
use crate::engine::Session;
use crate::engine::tests::bare_session;

const TABLES: &str = "with q(k, year, z) as (values ('a', 2020, 1), ('a', 2023, null), ('b', 2023, 2), (null, 2023, 2)), \
    s(years) as (values (3), (1), (null)), \
    b(k, year, z) as (values ('a', 2020, 1), ('a', 2017, null), ('b', 2022, 2), ('b', 2020, null), (null, 2020, 2)), \
    c(k, z) as (values ('a', 1), ('b', null), (null, 2)) ";

/// Shapes of queries over the tables above, one column of text each.
const SHAPES: [&str; 14] = [
    "select q.year || '/' || s.years || '/' || b.year from q cross join s join b on b.k = q.k and b.year = q.year - s.years",
    "select q.year || '/' || s.years || '/' || b.year from q, s, b where b.k = q.k and b.year = q.year - s.years",
    "select q.year || '/' || s.years || '/' || b.year from s cross join q join b on b.year = q.year - s.years",
    "select q.year || '/' || s.years || '/' || b.year from q join b on b.k = q.k cross join s where b.year + s.years = q.year",
    "select q.k || s.years || c.k from q cross join s join c on q.z + s.years = c.z + s.years and q.k = c.k",
    "select coalesce(q.k, c.k) || b.year from q cross join c join b on b.k = coalesce(q.k, c.k) and b.z = q.z",
    "select q.k || '/' || b.k || '/' || c.k from q, b, c where q.k = b.k and b.z = c.z and (q.year > b.year or q.z = c.z)",
    "select q.k || b.year || c.k from q, b, c where (q.k = b.k and c.z = 1) or (q.k = b.k and c.k = b.k)",
    // Null equals null where a join says so, and only there.
    "select coalesce(q.k, '-') || c.k || s.years from q join c on q.k is not distinct from c.k cross join s where s.years = c.z",
    "select coalesce(q.k, '-') || b.year from q join b on q.k is not distinct from b.k where q.z = b.z",
    "select coalesce(q.k, '-') || b.year || c.k from q join b on q.k is not distinct from b.k join c on c.z = b.z",
    "select coalesce(q.k, '-') || b.year || s.years from q cross join s join b on (q.k is not distinct from b.k) and b.z = s.years",
    // One side outer, and a question within the question.
    "select q.k || coalesce(b.k, '-') || s.years from q cross join s left join b on b.k = q.k and b.year = q.year - s.years",
    "select q.k || s.years from q cross join s where exists (select 1 from b where b.k = q.k and b.year = q.year - s.years)",
];

fn sorted(batches: &[arrow::array::RecordBatch]) -> Vec<String> {
    let cells = |batch: &arrow::array::RecordBatch| {
        let texts = (0..batch.num_rows()).map(|row| array_value_to_string(batch.column(0), row).expect("prints"));
        texts.collect::<Vec<_>>()
    };
    let mut rows: Vec<_> = batches.iter().flat_map(cells).collect();
    rows.sort();
    rows
}

async fn rows(session: &Session, sql: &str) -> Vec<String> {
    let stream = session.query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    sorted(&stream.collect().await.unwrap_or_else(|error| panic!("{sql}: {error}")))
}

/// The rows of a plan that no pass has touched but those without which it cannot run: they move no condition of a join.
async fn rows_as_written(sql: &str) -> Vec<String> {
    let needed = ["simplify_expressions", "decorrelate_predicate_subquery"];
    let rules = optimizer_rules().into_iter().filter(|rule| needed.contains(&rule.name())).collect();
    let state = SessionStateBuilder::new().with_default_features().with_optimizer_rules(rules).build();
    let frame = SessionContext::new_with_state(state).sql(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    sorted(&frame.collect().await.unwrap_or_else(|error| panic!("{sql}: {error}")))
}

#[tokio::test]
async fn a_condition_over_three_tables_survives_a_cross_join() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let sql = "select q.k || q.year from (values ('a', 2020), ('a', 2023)) q(k, year) cross join (values (3)) s(years) \
        join (values ('a', 2020), ('a', 2017)) b(k, year) on b.k = q.k and b.year = q.year - s.years";
    assert_eq!(rows(&bare_session(dir.path()), sql).await, ["a2020", "a2023"]);
}

#[tokio::test]
async fn whatever_is_joined_first_the_rows_are_those_of_the_query_as_written() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = bare_session(dir.path());
    for shape in SHAPES {
        let sql = format!("{TABLES}{shape}");
        let expected = rows_as_written(&sql).await;
        assert!(!expected.is_empty(), "{shape} has no rows to compare");
        assert_eq!(rows(&session, &sql).await, expected, "{shape}");
    }
}

#[tokio::test]
async fn tables_that_a_key_connects_are_not_multiplied() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let sql =
        format!("explain {TABLES}select count(*) from q, s, b where b.k = q.k and b.year = q.year and s.years = q.z");
    let stream = bare_session(dir.path()).query(&sql).await.expect("explains");
    let plan = arrow::util::pretty::pretty_format_batches(&stream.collect().await.expect("explains")).expect("prints");
    let plan = plan.to_string();
    assert!(!plan.contains("CrossJoin") && !plan.contains("Cross Join") && !plan.contains("NestedLoop"), "{plan}");
}

#[test]
fn ours_stand_where_the_others_stood() {
    let ours: Vec<_> = optimizer_rules().iter().map(|rule| rule.name().to_owned()).collect();
    let others = datafusion::optimizer::Optimizer::new().rules;
    let expected: Vec<_> = others
        .iter()
        .map(|rule| match rule.name() {
            "eliminate_cross_join" => "join_connected_inputs".to_owned(),
            "extract_equijoin_predicate" => "extract_join_keys".to_owned(),
            name => name.to_owned(),
        })
        .collect();
    assert_eq!(ours, expected);
    assert!(
        ours.iter().any(|name| name == "join_connected_inputs") && ours.iter().any(|name| name == "extract_join_keys")
    );
}
