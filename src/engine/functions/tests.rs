//! Functions as SQL sees them: golden cases of the domain's section 5, types, nulls, refusals.

use crate::engine::tests::cells_of;

async fn asked(sql: &str) -> String {
    cells_of(sql).await.unwrap_or_else(|error| panic!("{sql}: {}", chain(&error)))
}

async fn refused(sql: &str) -> String {
    chain(&cells_of(sql).await.expect_err("it must be refused"))
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut inner = error.source();
    while let Some(error) = inner {
        texts.push(error.to_string());
        inner = error.source();
    }
    texts.join(": ")
}

#[tokio::test]
async fn days_fall_into_financial_years() {
    let sql = "select fin_year(d), fin_year_start(d), fin_label(d, 'en'), fin_label(d, 'cy') \
        from (values (date '2020-03-31'), (date '2020-04-01')) as t(d)";
    assert_eq!(asked(sql).await, "2019-20 2019-04-01 Q4 2019-20 Ch4 2019-20 2020-21 2020-04-01 Q1 2020-21 Ch1 2020-21");
    assert_eq!(asked("select fin_year(date '1999-12-31'), fin_year(null)").await, "1999-00 -");
    assert!(refused("select fin_label(date '2020-01-01', 'fr')").await.contains("`cy` or `en`"));
}

#[tokio::test]
async fn a_straddling_year_is_apportioned_by_days() {
    let sql = "select round(752000 * apportion_days(date '2019-07-01', date '2020-06-30', y), 6) \
        from (values ('2019-20'), ('2020-21'), ('2018-19')) as t(y)";
    let found = asked(sql).await;
    let numbers: Vec<&str> = found.split(' ').map(|n| n.trim_end_matches('0')).collect();
    assert_eq!(numbers, ["565027.322404", "186972.677596", "0."]);
    let back = "select apportion_days(date '2020-06-30', date '2019-07-01', '2019-20')";
    assert!(refused(back).await.contains("on or before"));
    assert!(refused("select apportion_days(date '2019-07-01', date '2020-06-30', '2019')").await.contains("2019-20"));
}

#[tokio::test]
async fn the_subsidy_window_opens_two_financial_years_before() {
    let sql = "select subsidy_window_start(d, b) from (values (date '2024-03-31', 'MFA'), (date '2024-04-01', 'MFA'), \
        (date '2020-12-31', 'EU_DE_MINIMIS'), (date '2021-01-01', 'TCA_SMALL'), (date '2021-01-01', 'GBER')) as t(d, b)";
    assert_eq!(asked(sql).await, "2021-04-01 2022-04-01 2018-04-01 2018-04-01 -");
}

#[tokio::test]
async fn prices_are_deflated_spliced_and_discounted() {
    assert_eq!(asked("select deflate(7.4, 91.031, 102.789)").await, "8.355819446123");
    assert_eq!(asked("select splice(98.12, 102.14, 95.21)").await, "91.462749167809");
    assert_eq!(
        asked("select deflate(cast(null as decimal(10, 2)), 1, 2), deflate(5, 2, 4)").await,
        "- 10.000000000000"
    );
    let steps = "0.035, 30, 0.03, 75, 0.025";
    let sql = format!("select discount_factor(t, {steps}) from (values (0), (30), (31), (75), (76)) as t(t)");
    assert_eq!(
        asked(&sql).await,
        "1.000000000000000000 0.356278410602301540 0.345901369516797612 0.094213772576691405 0.091915875684576980"
    );
    assert_eq!(
        asked(&format!("select present_value(1000, 1, {steps}), present_value(1035, 1, 0.035)")).await,
        "966.183574879227 1000.000000000000"
    );
    assert_eq!(
        asked("select cagr(100, 121, 2), cagr(0, 5, 2), annualise(10, 8)").await,
        "0.100000000000 - 15.000000000000"
    );
    assert!(refused("select deflate(5, 0, 4)").await.contains("price index"));
    assert!(refused("select discount_factor(-1, 0.035)").await.contains("whole number"));
    assert!(refused("select discount_factor(1, 0.035, 30)").await.contains("2 or 6 arguments"));
}

#[tokio::test]
async fn gross_becomes_net() {
    let sql = "select net_additional(1000000, 0.4, 0.12, 0.25, 0.03, 1.25), \
        net_additional(1000000, 400000, 0.12, 0.25, 0.03, 1.25, 0.12, 0.5, 0.03, 1.25), break_even_deadweight(200, 50)";
    assert_eq!(asked(sql).await, "480150.000000000000 586850.000000000000 0.750000000000");
    let sql = "select persistence(t, 2, 5, 0.2, '0.5;0.8;1') from (values (0), (2), (4), (6)) as t(t)";
    assert_eq!(asked(sql).await, "0.500000000000000000 1.000000000000000000 0.640000000000000000 0.000000000000000000");
    assert!(refused("select persistence(1, 2, 5, 0.2, '0.5,1')").await.contains("profile"));
}

#[tokio::test]
async fn industries_and_gaps() {
    assert_eq!(
        asked("select round(location_quotient(85000, 740000, 2600000, 35000000), 6), location_quotient(1, 1, 0, 1)")
            .await,
        "1.546258 -"
    );
    let sql = "select s['national'], s['mix'], s['regional'], s['change'] from \
        (select shift_share(85000, 83300, 2600000, 2522000, 35000000, 36020000) as s)";
    assert_eq!(asked(sql).await, "2477.142857142857 -5027.142857142857 850.000000000000 -1700.000000000000");
    let sql = "select round(g['total'], 6), round(g['hourly'], 6), g['total'] - g['hourly'] - g['hours_per_job'] - g['jobs_per_head'] \
        from (select log_gap3(42300000000, 1345000000, 850000, 1960000, 2300000000000, 58500000000, 36500000, 68300000) as g)";
    let found = asked(sql).await;
    assert!(found.starts_with("-0.444912"), "{found}");
    assert!(found.ends_with(" 0.000000000000000000"), "{found}");
    let sql = "select round(g['employment_rate'], 6), round(g['working_age'], 6) from (select log_gap5(34500, 985, 620000, \
        575000, 730000, 1180000, 2300000, 58500, 36500000, 33000000, 43000000, 68300000) as g)";
    assert_eq!(asked(sql).await, "0.026018 -0.017516");
}

#[tokio::test]
async fn samples_are_summed_up_group_by_group() {
    let sql = "select g, percentile_exact(x, 0.5), percentile_exact(x, 0.9) from (values ('a', 40), ('a', 10), ('a', 30), \
        ('a', 20), ('b', 7), ('b', null)) as t(g, x) group by g order by g";
    assert_eq!(asked(sql).await, "a 25.000000000000 37.000000000000 b 7.000000000000 7.000000000000");
    assert_eq!(asked("select percentile_exact(x, 0.5) from (values (1)) as t(x) where x > 1").await, "-");
    let sql = "select km_median(d, e), km_survival(d, e, 2) from (values (1, true), (1, true), (1, true), (2, true), \
        (2, true), (3, false), (4, false), (5, false), (6, false), (7, false)) as t(d, e)";
    assert_eq!(asked(sql).await, "2.000000000000 0.500000000000");
    let sql = "select r['value'], r['lower'], r['upper'], r['n'] from (select mean_interval(x, 0.95) as r from \
        (values (1), (2), (3), (4), (5)) as t(x))";
    assert_eq!(asked(sql).await, "3.000000000000 1.036756838520 4.963243161480 5");
    assert!(
        refused("select percentile_exact(x, x) from (values (0.1), (0.2)) as t(x)").await.contains("same in every row")
    );
}

#[tokio::test]
async fn effects_are_estimated() {
    let sql = "select r['value'], round(r['upper'], 6), r['n_treated'], r['n_control'], round(r['df'], 6) from \
        (select did(x, t, 0.95) as r from (values (5, true), (7, true), (9, true), (11, true), (1, false), (2, false), \
        (3, false)) as v(x, t))";
    assert_eq!(asked(sql).await, "6.000000000000 9.897975 4 3 4.075472");
    let sql = "select a['value'], a['n_treated'], a['n_control'], p['value'] from (select \
        group_time_att(f, t, s, y, 0.95) as a, group_time_pretrend(f, t, s, y, 0.95) as p from (values \
        ('a', 1, 2, 0), ('a', 2, 2, 6), ('a', 3, 2, 7), ('b', 1, 2, 0), ('b', 2, 2, 6), ('b', 3, 2, 7), \
        ('c', 1, 3, 9), ('c', 2, 3, 10), ('c', 3, 3, 16), ('d', 1, 3, 9), ('d', 2, 3, 10), ('d', 3, 3, 16), \
        ('e', 1, null, 1), ('e', 2, null, 2), ('e', 3, null, 3), ('f', 1, null, 1), ('f', 2, null, 2), ('f', 3, null, 3)) \
        as v(f, t, s, y))";
    assert_eq!(asked(sql).await, "5.000000000000 4 4 0.000000000000");
}

#[tokio::test]
async fn ranks_in_the_middle_are_halves() {
    let sql = "select x, prank() over (order by x) as r from (values (10), (20), (20), (30)) as t(x) order by x";
    assert_eq!(asked(sql).await, "10 0.125000000000 20 0.500000000000 20 0.500000000000 30 0.875000000000");
}

#[tokio::test]
async fn vintages_do_not_mix() {
    assert_eq!(asked("select one_vintage('2023-06', '2023-06')").await, "2023-06");
    assert!(refused("select one_vintage('2023-06', '2024-06')").await.contains("vintage"));
    let sql = |second: &str| format!("select only_vintage(v) from (values ('2023-06'), ({second}), (null)) as t(v)");
    assert_eq!(asked(&sql("'2023-06'")).await, "2023-06");
    assert!(refused(&sql("'2024-06'")).await.contains("vintage"));
}

#[tokio::test]
async fn what_would_run_over_is_an_error() {
    let nines = "9".repeat(38);
    let edge = format!("cast('{nines}' as decimal(38, 0))");
    for sql in [
        format!("select deflate({edge}, 1, 2)"),
        format!("select net_additional({edge}, 0, 0, 0, 0, 2)"),
        format!("select percentile_exact(x, 0.5) from (values ({edge}), (-{edge})) as t(x)"),
        // It fits a decimal of 28 digits, and not with twelve after the point among 38.
        "select deflate(cast('79000000000000000000000000000' as decimal(38, 0)), 1, 1)".to_owned(),
    ] {
        assert!(refused(&sql).await.contains("does not fit"), "{sql}");
    }
}

#[tokio::test]
async fn what_is_not_exact_or_no_number_is_refused() {
    assert!(refused("select deflate('5', 1, 2)").await.contains("takes a decimal"));
    assert!(refused("select did(1, 'yes', 0.95)").await.contains("true or false"));
    assert!(refused("select km_median(distinct d, true) from (values (1)) as t(d)").await.contains("DISTINCT"));
}

#[test]
fn the_guide_for_analysts_lists_every_function() {
    let guide = include_str!("../../../docs/analyst.md");
    let names = super::all_functions().iter().map(|f| f.name().to_owned()).collect::<Vec<_>>();
    let aggregates = super::all_aggregates().iter().map(|f| f.name().to_owned()).collect::<Vec<_>>();
    let windows = super::all_windows().iter().map(|f| f.name().to_owned()).collect::<Vec<_>>();
    let all = names.into_iter().chain(aggregates).chain(windows);
    let missing: Vec<String> = all.filter(|name| !guide.contains(&format!("`{name}("))).collect();
    assert_eq!(missing, Vec::<String>::new());
}
