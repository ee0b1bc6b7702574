//! Laws that hold for any numbers (domain, section 7.12).

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::{prop_assert, prop_assert_eq, prop_assume};
use rust_decimal::Decimal;

use super::{
    Arm, Change, DiscountStep, Factors, Followed, SurvivalCurve, compound_growth, deflate, discount_factor, effect,
    log_gap, net_additional, percentile, shift_share,
};

fn hundredths(numbers: &[i64]) -> Vec<Decimal> {
    numbers.iter().map(|number| Decimal::new(*number, 2)).collect()
}

fn close(left: Decimal, right: Decimal) -> bool {
    (left - right).abs() <= Decimal::new(1, 9)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn real_growth_does_not_depend_on_the_base_year(
        values in vec(100_i64..1_000_000_000, 2),
        index in vec(5_000_i64..20_000, 4),
    ) {
        let (values, index) = (hundredths(&values), hundredths(&index));
        let rate = |base: usize| {
            let real = |at: usize| deflate(values[at], index[at], index[base]).expect("it fits");
            compound_growth(real(0), real(1), Decimal::from(5)).expect("it fits").expect("a rate")
        };
        for base in 1..4 {
            prop_assert!(close(rate(0), rate(base)), "{} and {}", rate(0), rate(base));
        }
    }

    #[test]
    fn shift_share_adds_up_to_the_change(numbers in vec(1_i64..100_000_000_000, 6)) {
        let n = hundredths(&numbers);
        let parts = shift_share((n[0], n[1]), (n[2], n[3]), (n[4], n[5])).expect("it fits").expect("none is zero");
        prop_assert_eq!(parts.national + parts.mix + parts.regional, n[1] - n[0]);
        prop_assert_eq!(parts.change, n[1] - n[0]);
    }

    #[test]
    fn a_gap_turned_round_changes_its_sign(area in vec(1_i64..1_000_000_000, 4), other in vec(1_i64..1_000_000_000, 4)) {
        let (area, other) = (hundredths(&area), hundredths(&other));
        let there = log_gap(&area, &other).expect("it fits").expect("above zero");
        let back = log_gap(&other, &area).expect("it fits").expect("above zero");
        for (one, two) in there.iter().zip(&back) {
            prop_assert!((one + two).abs() < Decimal::new(1, 10), "{one} and {two}");
        }
        let whole = log_gap(&[area[0], area[3]], &[other[0], other[3]]).expect("it fits").expect("above zero");
        prop_assert!((there.iter().sum::<Decimal>() - whole[0]).abs() < Decimal::new(1, 9));
    }

    #[test]
    fn percentiles_lie_within_and_do_not_know_the_order(numbers in vec(any::<i32>(), 1..40), share in 0_i64..=100) {
        let values: Vec<Decimal> = numbers.iter().map(|n| Decimal::from(*n)).collect();
        let share = Decimal::new(share, 2);
        let found = percentile(values.clone(), share).expect("it fits").expect("not empty");
        let (least, most) = (values.iter().min().expect("one"), values.iter().max().expect("one"));
        prop_assert!(*least <= found && found <= *most);
        let mut turned = values;
        turned.reverse();
        prop_assert_eq!(percentile(turned, share), Ok(Some(found)));
    }

    #[test]
    fn survival_never_rises(days in vec((0_i64..50, any::<bool>()), 1..60)) {
        let followed: Vec<Followed> =
            days.iter().map(|(days, event)| Followed { days: Decimal::from(*days), event: *event }).collect();
        let curve = SurvivalCurve::new(followed.clone()).expect("it fits");
        let mut last = Decimal::ONE;
        for day in 0..=50 {
            let now = curve.survival_at(Decimal::from(day));
            prop_assert!(Decimal::ZERO <= now && now <= last);
            last = now;
        }
        if followed.iter().all(|one| one.event) {
            let left = followed.iter().filter(|one| one.days > Decimal::from(20)).count();
            let share = Decimal::from(left) / Decimal::from(followed.len());
            prop_assert!(close(curve.survival_at(Decimal::from(20)), share));
        }
        if let (Some(median), Ok(Some((lower, upper)))) = (curve.median(), curve.median_interval(Decimal::new(95, 2))) {
            prop_assert!(lower <= median && median <= upper);
        }
    }

    #[test]
    fn net_effects_fall_as_deadweight_rises(gross in 1_i64..1_000_000_000, shares in vec(0_i64..100, 3), low in 0_i64..50) {
        let share = |at: usize| Decimal::new(shares[at], 2);
        let factors =
            Factors { leakage: share(0), displacement: share(1), substitution: share(2), multiplier: Decimal::new(125, 2) };
        let gross = Decimal::new(gross, 2);
        let net = |deadweight: i64| {
            net_additional(gross, factors, gross * Decimal::new(deadweight, 2), factors).expect("it fits")
        };
        prop_assert!(net(low) > net(low + 1));
    }

    #[test]
    fn later_pounds_are_worth_less(year in 0_u32..200, rates in vec(1_i64..200, 3)) {
        let step = |at: usize, last_year| DiscountStep { rate: Decimal::new(rates[at], 3), last_year };
        let steps = [step(0, Some(30)), step(1, Some(75)), step(2, None)];
        let factor = |t| discount_factor(t, &steps).expect("it fits");
        prop_assert!(factor(year + 1) < factor(year) || factor(year) < Decimal::new(1, 20));
    }

    #[test]
    fn effects_shift_with_the_treated_and_do_not_know_the_order(
        treated in vec(-10_000_i64..10_000, 2..20),
        controls in vec(-10_000_i64..10_000, 2..20),
        shift in -500_i64..500,
    ) {
        let rows = |shift: i64| -> Vec<Change> {
            let of = |arm: Arm, unit: usize, value: i64| {
                let unit = u32::try_from(unit).expect("few") * 2 + u32::from(arm == Arm::Treated);
                Change { cohort: 1, arm, unit, change: Decimal::new(value, 2) }
            };
            let treated = treated.iter().enumerate().map(|(at, value)| of(Arm::Treated, at, value + shift));
            treated.chain(controls.iter().enumerate().map(|(at, value)| of(Arm::Control, at, *value))).collect()
        };
        let confidence = Decimal::new(95, 2);
        let (plain, shifted) = (effect(&rows(0), confidence).expect("it fits"), effect(&rows(shift), confidence).expect("it fits"));
        let (plain, shifted) = (plain.expect("two in each arm"), shifted.expect("two in each arm"));
        prop_assert!(close(shifted.value - plain.value, Decimal::new(shift, 2)));
        let mut turned = rows(0);
        turned.reverse();
        prop_assert_eq!(effect(&turned, confidence), Ok(Some(plain)));
        prop_assume!(plain.interval.is_some());
        let (lower, upper) = plain.interval.expect("assumed");
        prop_assert!(lower <= plain.value && plain.value <= upper);
    }
}
