//! Golden cases of the domain's section 5, and small ones worked out by hand.

use rust_decimal::Decimal;

use super::{
    Arm, Change, DiscountStep, Factors, Followed, Grown, MethodError, Placebo, Sighting, SurvivalCurve, annual_rate,
    break_even_deadweight, compound_growth, deflate, discount_factor, effect, group_time_changes, location_quotient,
    log_gap, mean_interval, net_additional, percentile, persistence, present_value, shift_share, splice,
};

fn d(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn near(value: Decimal, wanted: &str) {
    assert!((value - d(wanted)).abs() < d("0.000001"), "{value} instead of {wanted}");
}

fn several(texts: &[&str]) -> Vec<Decimal> {
    texts.iter().map(|text| d(text)).collect()
}

const GREEN_BOOK: [DiscountStep; 3] = [
    DiscountStep { rate: Decimal::from_parts(35, 0, 0, false, 3), last_year: Some(30) },
    DiscountStep { rate: Decimal::from_parts(3, 0, 0, false, 2), last_year: Some(75) },
    DiscountStep { rate: Decimal::from_parts(25, 0, 0, false, 3), last_year: None },
];

#[test]
fn prices_of_the_treasury_examples() {
    near(deflate(d("7.4"), d("91.031"), d("102.789")).expect("it fits"), "8.355819");
    near(deflate(d("85.32"), d("100"), d("77.756")).expect("it fits"), "66.341419");
}

#[test]
fn a_spliced_index_deflates_and_growth_does_not_depend_on_the_base_year() {
    let link = |old: &str| splice(d(old), d("102.14"), d("95.21")).expect("it fits");
    near(link("98.12"), "91.462749");
    near(link("100"), "93.215195");
    let index = [link("98.12"), link("100"), d("95.21"), d("100.45"), d("100"), d("105.38"), d("111.84")];
    let nominal = ["1250000", "1310000", "1385000", "1240000", "1405000", "1560000", "1702000"];
    let wanted = [
        "1440203.811918",
        "1480958.123306",
        "1532940.867556",
        "1300858.138377",
        "1480589",
        "1560000",
        "1603690.629471",
    ];
    let real = |base: usize| -> Vec<Decimal> {
        nominal.iter().zip(index).map(|(v, i)| deflate(d(v), i, index[base]).expect("it fits")).collect()
    };
    for (value, wanted) in real(5).into_iter().zip(wanted) {
        near(value, wanted);
    }
    let per_cent = |values: &[Decimal]| {
        let rate = compound_growth(values[0], values[6], Decimal::from(6)).expect("it fits").expect("a rate");
        rate * Decimal::ONE_HUNDRED
    };
    near(per_cent(&several(&nominal)), "5.278961");
    for base in 0..7 {
        near(per_cent(&real(base)), "1.808203");
    }
}

#[test]
fn growth_of_nothing_is_no_rate() {
    for (before, after, years) in [("0", "5", "1"), ("-1", "5", "1"), ("1", "-5", "1"), ("1", "5", "0")] {
        assert_eq!(compound_growth(d(before), d(after), d(years)), Ok(None));
    }
    assert_eq!(compound_growth(d("5"), d("0"), d("2")), Ok(Some(d("-1"))));
}

#[test]
fn one_rate_for_different_spans() {
    let row = |before: &str, after: &str, years: &str| Grown { before: d(before), after: d(after), years: d(years) };
    // 100 at 10% a year for two years and 200 for one year become 121 and 220.
    let rate = annual_rate(&[row("100", "121", "2"), row("200", "220", "1")]).expect("it fits").expect("a rate");
    near(rate, "0.1");
    // Who had nothing before adds to what is there after. (121 + 9) / 100 in two years.
    let rate = annual_rate(&[row("100", "121", "2"), row("0", "9", "7")]).expect("it fits").expect("a rate");
    near(rate, "0.140175");
    assert_eq!(annual_rate(&[row("0", "9", "7")]), Ok(None));
    assert!(annual_rate(&[row("-1", "9", "7")]).is_err());
    assert_eq!(annual_rate(&[row("100", "0", "2"), row("50", "0", "1")]), Ok(Some(d("-1"))));
}

#[test]
fn the_green_book_steps_chain() {
    let factor = |t| discount_factor(t, &GREEN_BOOK).expect("it fits");
    assert_eq!(factor(0), Decimal::ONE);
    // 1.035^-30; then /1.03; 1.035^-30 1.03^-45; then /1.025. Worked out with fractions.
    near(factor(30), "0.356278");
    assert!((factor(30) - d("0.356278410602")).abs() < d("0.000000000001"), "{}", factor(30));
    assert_eq!(factor(31), factor(30) / d("1.03"));
    assert!((factor(75) - d("0.094213772577")).abs() < d("0.000000000001"), "{}", factor(75));
    assert_eq!(factor(76), factor(75) / d("1.025"));
    assert_eq!(present_value(d("1000"), 1, &GREEN_BOOK).expect("it fits").round_dp(6), d("966.183575"));
    assert!(discount_factor(31, &GREEN_BOOK[..1]).is_err());
    assert!(discount_factor(501, &GREEN_BOOK).is_err());
}

#[test]
fn the_general_form_is_the_short_form_where_factors_are_equal() {
    let factors =
        Factors { leakage: d("0.12"), displacement: d("0.25"), substitution: d("0.03"), multiplier: d("1.25") };
    let gross = d("1000000");
    let net = net_additional(gross, factors, gross * d("0.4"), factors).expect("it fits");
    // 1000000 x 0.6 x 0.88 x 0.75 x 0.97 x 1.25
    assert_eq!(net, d("480150"));
    let other = Factors { displacement: d("0.5"), ..factors };
    // 800250 - 400000 x 0.88 x 0.5 x 0.97 x 1.25
    assert_eq!(net_additional(gross, factors, d("400000"), other), Ok(d("586850")));
    assert_eq!(break_even_deadweight(d("200"), d("50")), Ok(Some(d("0.75"))));
    assert_eq!(break_even_deadweight(d("0"), d("50")), Ok(None));
}

#[test]
fn effects_build_up_to_the_peak_and_decay_to_the_end() {
    let profile = several(&["0.5", "0.8", "1"]);
    let share = |t| persistence(t, 2, 5, d("0.2"), &profile).expect("it fits");
    let wanted = several(&["0.5", "0.8", "1", "0.8", "0.64", "0.512", "0"]);
    assert_eq!((0..7).map(share).collect::<Vec<_>>(), wanted);
    assert_eq!(persistence(1, 0, 6, d("0.2"), &[]), Ok(d("0.8")));
}

#[test]
fn the_log_gap_of_wales_in_three_and_five_factors() {
    // GVA in pounds, hours, jobs, employed residents, 16 to 64, population.
    let wwv = several(&["42300000000", "1345000000", "850000", "830000", "1180000", "1960000"]);
    let ew = several(&["34500000000", "985000000", "620000", "575000", "730000", "1180000"]);
    let uk = several(&["2300000000000", "58500000000", "36500000", "33000000", "43000000", "68300000"]);
    let wales: Vec<Decimal> = wwv.iter().zip(&ew).map(|(a, b)| a + b).collect();
    let three = |area: &[Decimal]| vec![area[0], area[1], area[2], area[5]];
    let check = |area: &[Decimal], other: &[Decimal], wanted: &[&str], total: &str| {
        let parts = log_gap(area, other).expect("it fits").expect("all above zero");
        for (part, wanted) in parts.iter().zip(wanted) {
            near(*part, wanted);
        }
        near(parts.iter().sum(), total);
    };
    check(&three(&wwv), &three(&uk), &["-0.223245", "-0.012802", "-0.208866"], "-0.444912");
    check(&three(&ew), &three(&uk), &["-0.115565", "-0.008792", "-0.016953"], "-0.141310");
    check(&three(&wales), &three(&uk), &["-0.176301", "-0.011109", "-0.132363"], "-0.319773");
    check(&three(&wwv), &three(&ew), &["-0.107680", "-0.004009", "-0.191913"], "-0.303602");
    let five = ["-0.223245", "-0.012802", "-0.076994", "-0.087151", "-0.044720"];
    check(&wwv, &uk, &five, "-0.444912");
    check(&ew, &uk, &["-0.115565", "-0.008792", "-0.025455", "0.026018", "-0.017516"], "-0.141310");
    let zero = several(&["1", "0", "1"]);
    assert_eq!(log_gap(&zero, &several(&["1", "1", "1"])), Ok(None));
}

#[test]
fn quotients_and_shares_of_the_golden_industries() {
    let quotient = |values: [i64; 4]| {
        let [ri, r, ni, n] = values.map(Decimal::from);
        location_quotient(ri, r, ni, n).expect("it fits")
    };
    near(quotient([85_000, 740_000, 2_600_000, 35_000_000]).expect("a quotient"), "1.546258");
    near(quotient([83_300, 753_363, 2_522_000, 36_020_000]).expect("a quotient"), "1.579208");
    near(quotient([12_000, 740_000, 1_400_000, 35_000_000]).expect("a quotient"), "0.405405");
    near(quotient([13_560, 753_363, 1_568_000, 36_020_000]).expect("a quotient"), "0.413479");
    assert_eq!(quotient([1, 1, 0, 1]), None);
    let pair = |a: i64, b: i64| (Decimal::from(a), Decimal::from(b));
    let parts = shift_share(pair(85_000, 83_300), pair(2_600_000, 2_522_000), pair(35_000_000, 36_020_000));
    let parts = parts.expect("it fits").expect("the nation had some");
    // 85000 x 1020000 / 35000000; 85000 x -0.03 less that; -1700 + 2550.
    near(parts.national, "2477.142857");
    near(parts.mix, "-5027.142857");
    near(parts.regional, "850");
    assert_eq!(parts.national + parts.mix + parts.regional, parts.change);
    assert_eq!(parts.change, d("-1700"));
    assert_eq!(shift_share(pair(1, 2), pair(0, 2), pair(3, 4)), Ok(None));
}

#[test]
fn percentiles_interpolate() {
    let values = several(&["40", "10", "30", "20"]);
    let at = |share: &str| percentile(values.clone(), d(share)).expect("it fits").expect("not empty");
    assert_eq!(["0", "0.25", "0.5", "0.9", "1"].map(at), ["10", "17.5", "25", "37.0", "40"].map(d));
    assert_eq!(percentile(several(&["7"]), d("0.3")), Ok(Some(d("7"))));
    assert_eq!(percentile(Vec::new(), d("0.3")), Ok(None));
    assert!(percentile(several(&["7"]), d("1.1")).is_err());
}

#[test]
fn means_carry_students_interval() {
    let found = mean_interval(&several(&["1", "2", "3", "4", "5"]), d("0.95")).expect("it fits").expect("not empty");
    // s = sqrt(2.5), t(4, 0.975) = 2.776445105198, half = 1.963243161438.
    assert_eq!(found.mean, d("3"));
    let (lower, upper) = found.interval.expect("five values");
    near(lower, "1.036757");
    near(upper, "4.963243");
    assert_eq!(mean_interval(&several(&["1"]), d("0.95")).expect("it fits").expect("one").interval, None);
    assert!(mean_interval(&several(&["1"]), d("95")).is_err());
}

fn followed(text: &str) -> Vec<Followed> {
    let one = |word: &str| match word.strip_suffix('+') {
        Some(days) => Followed { days: d(days), event: false },
        None => Followed { days: d(word), event: true },
    };
    text.split(' ').map(one).collect()
}

#[test]
fn survival_counts_events_before_those_lost_at_the_same_time() {
    // At 6: 21 at risk, 3 events, and one lost then who was at risk (Gehan's 6-MP data).
    let curve = SurvivalCurve::new(followed("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"))
        .expect("it fits");
    let at = |days: &str| curve.survival_at(d(days));
    assert_eq!(at("5.9"), Decimal::ONE);
    near(at("6"), "0.857143");
    near(at("7"), "0.806723");
    near(at("10"), "0.752941");
    near(at("13"), "0.690196");
    near(at("16"), "0.627451");
    near(at("22"), "0.537815");
    near(at("40"), "0.448179");
    assert_eq!(curve.median(), Some(d("23")));
}

#[test]
fn a_median_is_reached_exactly_or_never() {
    // 7/10 x 4/7 of ten, with products that thirds would bend: S = 0.5 at the fifth.
    let curve = SurvivalCurve::new(followed("1 1 1 2 2 3+ 4+ 5+ 6+ 7+")).expect("it fits");
    assert_eq!(curve.median(), Some(d("2")));
    let curve = SurvivalCurve::new(followed("1 2+ 3+ 4+")).expect("it fits");
    assert_eq!((curve.median(), curve.median_interval(d("0.95"))), (None, Ok(None)));
    let curve = SurvivalCurve::new(followed("4+ 5+")).expect("it fits");
    assert_eq!((curve.median(), curve.survival_at(d("9"))), (None, Decimal::ONE));
    assert!(SurvivalCurve::new(followed("-1 2")).is_err());
}

#[test]
fn the_interval_of_a_survival_median() {
    // Ten events at 1 to 10: S = 0.9 ... 0. The lower limit is 0.473009 at 1, the upper 0.577867 at 7 and 0.474715 at 8.
    let curve = SurvivalCurve::new(followed("1 2 3 4 5 6 7 8 9 10")).expect("it fits");
    assert_eq!(curve.median(), Some(d("5")));
    assert_eq!(curve.median_interval(d("0.95")), Ok(Some((d("1"), d("8")))));
}

fn changes(cohort: u32, arm: Arm, first_unit: u32, values: &[&str]) -> Vec<Change> {
    let numbered = (first_unit..).zip(values);
    numbered.map(|(unit, value)| Change { cohort, arm, unit, change: d(value) }).collect()
}

#[test]
fn two_groups_compare_as_welch_does() {
    let mut rows = changes(1, Arm::Treated, 1, &["5", "7", "9", "11"]);
    rows.extend(changes(1, Arm::Control, 10, &["1", "2", "3"]));
    let found = effect(&rows, d("0.95")).expect("it fits").expect("an effect");
    // Means 8 and 2; variances 20/3 and 1; SE^2 = 5/3 + 1/3 = 2; df = 4 / ((25/9)/3 + (1/9)/2) = 216/53.
    assert_eq!((found.value, found.treated, found.controls), (d("6"), 4, 3));
    near(found.freedom.expect("it varies"), "4.075472");
    let (lower, upper) = found.interval.expect("it varies");
    near(lower + upper, "12");
    // t(4.0754717, 0.975) = 2.7562848744, by numeric integration of the density; times sqrt(2).
    near(upper, "9.897975");
}

#[test]
fn cohorts_are_weighted_by_the_treated() {
    let mut rows = changes(1, Arm::Treated, 1, &["4", "6"]);
    rows.extend(changes(1, Arm::Control, 10, &["1", "3"]));
    rows.extend(changes(2, Arm::Treated, 20, &["10", "10", "10", "10"]));
    rows.extend(changes(2, Arm::Control, 10, &["0", "2"]));
    // One in an arm: left out.
    rows.extend(changes(3, Arm::Treated, 30, &["1000"]));
    rows.extend(changes(3, Arm::Control, 10, &["0", "2"]));
    let found = effect(&rows, d("0.95")).expect("it fits").expect("an effect");
    // (2 x 3 + 4 x 9) / 6; the two controls stand in both cohorts.
    assert_eq!((found.value, found.treated, found.controls), (d("7"), 6, 2));
    // Weights 1/3 and 2/3. Treated deviations: 2 (1/3 sqrt2 /2)^2 = 1/9; controls: each 1/3 + 2/3 of sqrt2/2 together, so
    // 2 x 1/2 = 1. SE^2 = 10/9.
    // df: parts 1/9 (var 2 / 2), 1/9, 0, 4/9: (6/9)^2 / (1/81 + 1/81 + 16/81) = 36/18.
    near(found.freedom.expect("it varies"), "2");
    let (lower, upper) = found.interval.expect("it varies");
    // t(2, 0.975) = 4.3026527297; x sqrt(10/9) = 4.5353940.
    near(upper - lower, "9.070788");
    assert_eq!(effect(&rows[..2], d("0.95")), Ok(None));
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut rows = changes(1, Arm::Treated, 1, &["0.1", "0.7", "0.33"]);
    rows.extend(changes(1, Arm::Control, 10, &["0.11", "0.2", "0.35"]));
    let one = effect(&rows, d("0.9"));
    rows.reverse();
    assert_eq!(one, effect(&rows, d("0.9")));
}

#[test]
fn nothing_that_varies_has_no_interval() {
    let mut rows = changes(1, Arm::Treated, 1, &["2", "2"]);
    rows.extend(changes(1, Arm::Control, 10, &["1", "1"]));
    let found = effect(&rows, d("0.95")).expect("it fits").expect("an effect");
    assert_eq!((found.value, found.interval, found.freedom), (d("1"), None, None));
}

#[test]
fn groups_that_start_later_are_controls_until_they_start() {
    let mut seen = Vec::new();
    let mut add = |unit: u32, start: Option<i32>, outcomes: [i64; 4]| {
        for (period, outcome) in (1..).zip(outcomes) {
            seen.push(Sighting { unit, period, start, outcome: Decimal::from(outcome) });
        }
    };
    // Everybody grows by 1 a period; treatment adds 5 at once. Two start in 2, two in 4, two never.
    for unit in [1, 2] {
        add(unit, Some(2), [0, 6, 7, 8]);
    }
    for unit in [3, 4] {
        add(unit, Some(4), [10, 11, 12, 18]);
    }
    for unit in [5, 6] {
        add(unit, None, [20, 21, 22, 23]);
    }
    let rows = group_time_changes(&seen, Placebo::Effect).expect("it fits");
    let found = effect(&rows, d("0.95")).expect("it fits").expect("an effect");
    assert_eq!((found.value, found.treated, found.controls), (d("5"), 4, 4));
    // Group 2 at times 2, 3 beside units 3 to 6, at 4 beside 5 and 6; group 4 at 4 beside 5 and 6.
    let controls: Vec<u32> = rows.iter().filter(|row| row.arm == Arm::Control).map(|row| row.unit).collect();
    assert_eq!(controls, [3, 4, 5, 6, 3, 4, 5, 6, 5, 6, 5, 6]);
    let before = group_time_changes(&seen, Placebo::PreTrend).expect("it fits");
    // Nobody was seen two periods before the start in 2; the start in 4 has 1 -> 1.
    let trend = effect(&before, d("0.95")).expect("it fits").expect("a trend");
    assert_eq!((trend.value, trend.treated, trend.controls), (d("0"), 2, 2));
    seen.push(seen[0]);
    assert!(group_time_changes(&seen, Placebo::Effect).is_err());
}

#[test]
fn what_does_not_fit_is_an_error() {
    let huge = Decimal::MAX;
    assert_eq!(deflate(huge, d("1"), d("2")), Err(MethodError::Overflow));
    assert_eq!(percentile(vec![huge, -huge], d("0.5")), Err(MethodError::Overflow));
    assert_eq!(mean_interval(&[huge, huge], d("0.95")), Err(MethodError::Overflow));
    let factors = Factors { leakage: d("0"), displacement: d("0"), substitution: d("0"), multiplier: d("2") };
    assert_eq!(net_additional(huge, factors, d("0"), factors), Err(MethodError::Overflow));
    assert_eq!(
        annual_rate(&[
            Grown { before: huge, after: huge, years: d("1") },
            Grown { before: huge, after: huge, years: d("2") }
        ]),
        Err(MethodError::Overflow)
    );
    assert_eq!(shift_share((huge, -huge), (d("1"), d("2")), (d("1"), d("2"))), Err(MethodError::Overflow));
}
