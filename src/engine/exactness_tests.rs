//! What would make a figure wrong without an error: slips of integers, nulls, scales, joins and quarters, and values near the edge
//! of `Decimal128`. Each test shows what the engine does with the slip, so that a change of the engine is seen.

use super::tests::cells_of;

/// The largest number of 38 digits.
const EDGE: &str = "cast('99999999999999999999999999999999999999' as decimal(38, 0))";

async fn answer(sql: &str) -> String {
    cells_of(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

#[tokio::test]
async fn whole_numbers_divide_to_whole_ones_and_decimals_keep_the_scale_that_is_stated() {
    assert_eq!(answer("select 7 / 2").await, "3");
    assert_eq!(answer("select cast(7 as decimal(10, 4)) / 2").await, "3.50000000");
    // Scale is that of the dividend and four more: a share of two digits has six.
    assert_eq!(answer("select cast(1 as decimal(10, 2)) / cast(3 as decimal(10, 2))").await, "0.333333");
    assert_eq!(answer("select cast(1 as decimal(20, 12)) / cast(3 as decimal(10, 2))").await, "0.3333333333333333");
    // Weekly hours a job of GC2, from hours of a year.
    let weekly = "select cast(cast(1345000000 as decimal(24, 8)) / 52 / 850000 as decimal(20, 6)), \
        cast(cast(58500000000 as decimal(24, 8)) / 52 / 36500000 as decimal(20, 6))";
    assert_eq!(answer(weekly).await, "30.429864 30.821918");
}

#[tokio::test]
async fn decimals_at_the_edge_are_errors_when_they_run_over() {
    assert_eq!(answer(&format!("select {EDGE}")).await, "9".repeat(38));
    for over in [
        format!("select {EDGE} + x from (values (cast(1 as decimal(38, 0)))) as t(x)"),
        format!("select x * {EDGE} from (values (cast(2 as decimal(38, 0)))) as t(x)"),
        format!("select cast({EDGE} as decimal(38, 2))"),
        format!("select deflate({EDGE}, x, 100) from (values (cast(50 as decimal(10, 4)))) as t(x)"),
        format!("select annualise({EDGE}, x) from (values (6)) as t(x)"),
    ] {
        let outcome = cells_of(&over).await;
        assert!(outcome.is_err(), "{over} gave {outcome:?}");
    }
}

#[tokio::test]
async fn a_null_in_a_list_that_is_excluded_excludes_everything() {
    let firms = "with firms(id) as (values ('a'), ('b')), held(id) as (values ('a'), (null))";
    let count = |condition: &str| format!("{firms} select count(*) from firms as f where {condition}");
    assert_eq!(answer(&count("f.id not in (select h.id from held as h)")).await, "0");
    assert_eq!(answer(&count("not exists (select 1 from held as h where h.id = f.id)")).await, "1");
    assert_eq!(answer(&count("f.id not in (select h.id from held as h where h.id is not null)")).await, "1");
}

#[tokio::test]
async fn a_join_to_two_claims_doubles_the_offer_unless_claims_are_added_up_first() {
    let tables = "with offers(id, gbp) as (values (1, cast(100 as decimal(10, 2)))), \
        claims(id, gbp) as (values (1, cast(30 as decimal(10, 2))), (1, cast(40 as decimal(10, 2))))";
    let doubled = format!("{tables} select sum(o.gbp), sum(c.gbp) from offers as o join claims as c on c.id = o.id");
    assert_eq!(answer(&doubled).await, "200.00 70.00");
    let added = format!(
        "{tables}, paid as (select c.id, sum(c.gbp) as gbp from claims as c group by c.id) \
         select sum(o.gbp), sum(p.gbp) from offers as o join paid as p on p.id = o.id"
    );
    assert_eq!(answer(&added).await, "100.00 70.00");
}

#[tokio::test]
async fn quarters_are_those_of_the_financial_year_and_not_of_the_calendar() {
    let sql = "select fin_quarter(date '2020-01-01'), date_part('quarter', date '2020-01-01'), fin_quarter(date '2019-12-31'), \
        fin_quarter(date '2020-03-31'), fin_quarter(date '2020-04-01')";
    assert_eq!(answer(sql).await, "2019-20-Q4 1 2019-20-Q3 2019-20-Q4 2020-21-Q1");
}

/// The texts of the queries that ship, without their comments, in lower case and on one line.
fn shipped_queries() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
    let mut texts = Vec::new();
    for folder in ["staging", "indicators", "checks"] {
        for file in std::fs::read_dir(root.join(folder)).expect("the folder ships") {
            let path = file.expect("it can be listed").path();
            let text = std::fs::read_to_string(&path).expect("it is text");
            let body = text.split("---*/").last().unwrap_or_default();
            let code = body.lines().map(|line| line.split("--").next().unwrap_or_default());
            let words: Vec<_> = code.flat_map(str::split_whitespace).map(str::to_lowercase).collect();
            texts.push((path.display().to_string(), words.join(" ")));
        }
    }
    texts
}

#[test]
fn no_query_that_ships_holds_a_slip_that_nobody_would_see() {
    let slips = [
        "not in (select",
        "not in ( select",
        "date_trunc('quarter'",
        "date_part('quarter'",
        "select *",
        " float",
        "approx_",
    ];
    let texts = shipped_queries();
    assert!(texts.len() > 100, "{} queries", texts.len());
    let found: Vec<_> = texts
        .iter()
        .flat_map(|(path, text)| {
            slips.iter().filter(|slip| text.contains(*slip)).map(move |slip| format!("{path}: {slip}"))
        })
        .collect();
    assert_eq!(found, Vec::<String>::new());
    let unordered: Vec<_> = texts.iter().filter(|(_, text)| !text.contains("order by")).map(|(path, _)| path).collect();
    // A view of one row has no order.
    assert!(unordered.iter().all(|path| path.ends_with("03_basque_rules.sql")), "{unordered:?}");
}
