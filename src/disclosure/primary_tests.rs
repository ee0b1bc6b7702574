//! The primary rules one by one, on single cells.

use rust_decimal::Decimal;

use super::knowledge::{Role, Share};
use super::policy::Dominance;
use super::primary::{Need, dominance_level, is_hidden_itself, need_of};
use super::tests::{POLICY, cell_of, group, header};
use super::{Policy, Waivers};
use crate::model::{Contribution, Kind, RawCell, SupplierCode, TableHeader, Unit};

const OPTIONS: &str = "threshold_persons = 6\nthreshold_percentage = 10\nthreshold_attribute = 4\n";

fn policy(more: &str) -> Policy {
    Policy::parse(&format!("{POLICY}{more}"), "policy.toml").expect("a good policy")
}

fn parts(amounts: &[i64]) -> Vec<Contribution> {
    let part =
        |(at, amount): (usize, &i64)| Contribution::new(group(&format!("G{at:02}")), Decimal::from(*amount), None);
    amounts.iter().enumerate().map(part).collect()
}

fn need(header: &TableHeader, contributions: Vec<Contribution>, policy: &Policy) -> Option<(i64, i64)> {
    let need = need_of(header, &cell_of(contributions), Role::Numerator, policy, &Waivers::default());
    let whole = |value: Decimal| i64::try_from(value).expect("whole");
    need.map(|Need { lower, upper }| (whole(lower), whole(upper)))
}

fn held(mut contributions: Vec<Contribution>, holders: &[&str]) -> Vec<Contribution> {
    for (contribution, holder) in contributions.iter_mut().zip(holders) {
        contribution.holder = Some(SupplierCode::new(*holder).expect("a code"));
    }
    contributions
}

#[test]
fn example_d_the_level_of_dominance() {
    let names = [group("A"), group("B"), group("C")];
    let shares: Vec<Share<'_>> = names.iter().zip([300, 20, 10].map(Decimal::from)).collect();
    let rule = Dominance { n: 1, k_percent: Decimal::from(85) };
    assert_eq!(dominance_level(&shares, rule).map(|level| level.round_dp(6)), Some(Decimal::new(22_941_176, 6)));
    // (1,90) calls safe what p% calls unsafe: the largest has half, the second nearly the other half.
    let shares: Vec<Share<'_>> = names.iter().zip([50_000, 49_000, 1_000].map(Decimal::from)).collect();
    assert_eq!(dominance_level(&shares, Dominance { n: 1, k_percent: Decimal::from(90) }), None);
}

#[test]
fn dominance_is_off_unless_it_is_asked_for() {
    let amounts = header(Kind::Magnitude, "grant", &[]);
    assert_eq!(need(&amounts, parts(&[100, 50, 10]), &policy("")), None);
    let strict = policy("dominance_n = 1\ndominance_k_percent = 50\n");
    assert_eq!(need(&amounts, parts(&[100, 50, 10]), &strict), Some((120, 200)));
    let half = Policy::parse(&format!("{POLICY}dominance_n = 1\n"), "policy.toml");
    assert_eq!(
        half.expect_err("one key of two").to_string(),
        "read the disclosure policy policy.toml: `dominance_n` and `dominance_k_percent` belong together, and the second \
         is not 0; see the guide for operators"
    );
}

#[test]
fn few_groups_without_dominance_are_protected_as_the_largest_alone() {
    let fifteen = POLICY.replace("threshold_magnitude = 3", "threshold_magnitude = 15");
    let policy = Policy::parse(&fifteen, "policy.toml").expect("a good policy");
    assert_eq!(need(&header(Kind::Magnitude, "grant", &[]), parts(&[100, 90, 80]), &policy), Some((260, 280)));
}

#[test]
fn few_people_are_protected_though_many_firms_employ_them() {
    let people = TableHeader { unit: Unit::People, ..header(Kind::Count, "women", &[]) };
    assert_eq!(need(&people, parts(&[1, 1, 1, 1, 1]), &policy("")), None);
    assert_eq!(need(&people, parts(&[1, 1, 1, 1, 1]), &policy(OPTIONS)), Some((1, 5)));
    assert_eq!(need(&people, parts(&[2, 1, 1, 1, 1]), &policy(OPTIONS)), None);
    // Many people of one firm are that firm's figure.
    assert_eq!(need(&people, parts(&[100, 1, 1, 1, 1]), &policy(OPTIONS)), Some((97, 111)));
}

#[test]
fn what_a_contractor_does_not_know_must_be_safe_too() {
    let firms = header(Kind::Count, "value", &[]);
    let all = || parts(&[1, 1, 1, 1, 1, 1]);
    assert_eq!(need(&firms, all(), &policy("")), None);
    // The first knows three of six; of the other three it may learn nothing below five.
    assert_eq!(need(&firms, held(all(), &["c1", "c1", "c1", "c2", "c2", "c3"]), &policy("")), Some((3, 7)));
    let amounts = header(Kind::Magnitude, "grant", &[]);
    assert_eq!(need(&amounts, held(parts(&[60, 40, 30, 20]), &["c1", "c1"]), &policy("")), Some((147, 153)));
    assert_eq!(need(&amounts, held(parts(&[60, 40, 30, 20]), &["c1"]), &policy("")), None);
}

#[test]
fn published_grants_hide_nobody_and_need_no_hiding() {
    let amounts = header(Kind::Magnitude, "grant", &[]);
    let with_public = |amounts: &[i64], public: &[i64]| {
        let mut parts = parts(amounts);
        for (part, known) in parts.iter_mut().zip(public) {
            part.public = Decimal::from(*known);
        }
        parts
    };
    assert_eq!(need(&amounts, with_public(&[150, 20, 15], &[]), &policy("")), None);
    // Without the published one, two are left.
    assert_eq!(need(&amounts, with_public(&[150, 20, 15], &[150]), &policy("")), Some((183, 187)));
    assert_eq!(need(&amounts, with_public(&[150], &[150]), &policy("")), None);
}

#[test]
fn one_group_with_two_contractors_is_one_group() {
    let mut twice = held(parts(&[60, 40, 30]), &["c1", "c2", "c3"]);
    twice[1].group = twice[0].group.clone();
    assert_eq!(need(&header(Kind::Magnitude, "grant", &[]), twice, &policy("")), Some((120, 140)));
}

fn share_of(hits: u32, firms: u32) -> RawCell {
    let part = |firm| {
        let hit = Decimal::from(u32::from(firm < hits));
        Contribution::new(group(&format!("G{firm:02}")), hit, Some(Decimal::ONE))
    };
    cell_of((0..firms).map(part).collect())
}

#[test]
fn example_i_a_percentage_needs_a_base() {
    let rate = header(Kind::Ratio, "rate", &[]);
    let hides = |hits, firms, more| is_hidden_itself(&rate, &share_of(hits, firms), &policy(more));
    assert!(hides(3, 9, OPTIONS));
    assert!(!hides(3, 10, OPTIONS) && !hides(3, 9, ""));
}

#[test]
fn all_or_nothing_of_a_small_known_group_is_hidden() {
    let rate = TableHeader { unit: Unit::Levels, ..header(Kind::Ratio, "rate", &[]) };
    let hides = |hits, firms| is_hidden_itself(&rate, &share_of(hits, firms), &policy(OPTIONS));
    assert!(hides(0, 3) && hides(3, 3));
    assert!(!hides(2, 3) && !hides(4, 4));
    // Three firms are known to be in the cell, and none of them has any.
    let amounts = header(Kind::Magnitude, "spending", &[]);
    assert_eq!(need(&amounts, parts(&[0, 0, 0]), &policy(OPTIONS)), Some((0, 0)));
    assert_eq!(need(&amounts, parts(&[0, 0, 0, 0]), &policy(OPTIONS)), None);
    assert_eq!(need(&amounts, parts(&[]), &policy(OPTIONS)), None);
}

#[test]
fn a_median_needs_ten_groups_and_nothing_else() {
    let median = header(Kind::Median, "value", &[]);
    let hides = |firms| is_hidden_itself(&median, &cell_of(parts(&vec![7; firms])), &policy(""));
    assert!(hides(9) && !hides(10));
}
