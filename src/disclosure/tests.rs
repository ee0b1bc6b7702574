//! The worked examples of domain.md 3.6, the primary rules, and what the wall lets through.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::bounds::ranges;
use super::history::Bound;
use super::knowledge::Share;
use super::primary::protection_level;
use super::relations::{Equation, equations};
use super::variables::Variables;
use super::{DisclosureError, Policy, Protection, Waivers, protect, protect_with_waivers};
use crate::model::{
    AreaCode, AreaSets, CellKey, Contribution, GroupId, IndicatorId, Kind, Mark, ObsStatus, Observation, Period, Raw,
    RawCell, TOTAL_MEMBER, Table, TableHeader, TimeKey, Unit,
};

pub(super) const POLICY: &str =
    "version = \"test\"\nplaceholder = true\nthreshold_count = 5\nthreshold_magnitude = 3\np_percent = 10\n";

pub(super) fn policy() -> Policy {
    Policy::parse(POLICY, "policy.toml").expect("a good policy")
}

pub(super) fn group(name: &str) -> GroupId {
    GroupId::new(name).expect("a group id")
}

pub(super) fn area(name: &str) -> AreaCode {
    AreaCode::new(name).expect("an area code")
}

/// WWV holds W1 and W2, EW holds E1 and E2.
pub(super) fn areas() -> AreaSets {
    let lads = [("W1", "WWV"), ("W2", "WWV"), ("E1", "EW"), ("E2", "EW")];
    AreaSets::from_regions(lads.map(|(lad, region)| (lad.to_owned(), area(region)))).expect("a hierarchy")
}

pub(super) fn quarter(number: i32) -> Period {
    Period::from_index("2019-20-Q1".parse::<Period>().expect("a quarter").index() + number)
}

pub(super) fn header(kind: Kind, measure: &str, dimensions: &[&str]) -> TableHeader {
    TableHeader {
        indicator: IndicatorId::new("X01").expect("an id"),
        measure: measure.to_owned(),
        kind,
        unit: if kind == Kind::Ratio { Unit::PerCent } else { Unit::Gbp },
        decimals: 0,
        dimensions: dimensions.iter().map(|name| (*name).to_owned()).collect(),
        vintage: None,
    }
}

pub(super) fn cell_of(contributions: Vec<Contribution>) -> RawCell {
    let numerator = contributions.iter().map(|c| c.numerator).sum();
    let ratio = contributions.iter().any(|c| c.denominator.is_some());
    let denominator: Decimal = contributions.iter().filter_map(|c| c.denominator).sum();
    let missing = (ratio && denominator.is_zero()).then_some(ObsStatus::NotApplicable);
    RawCell { numerator, denominator: ratio.then_some(denominator), contributions, missing, ..RawCell::default() }
}

pub(super) fn add(
    cells: &mut BTreeMap<CellKey, BTreeMap<GroupId, (Decimal, Option<Decimal>)>>,
    key: CellKey,
    share: &Contribution,
) {
    let entry = cells.entry(key).or_default().entry(share.group.clone()).or_default();
    entry.0 += share.numerator;
    entry.1 = share.denominator.map(|d| d + entry.1.unwrap_or_default()).or(entry.1);
}

/// Cells over WWV, EW and WALES, members and total, of one quarter.
pub(super) fn cross(lines: &[(&str, &str, &[i64])]) -> BTreeMap<CellKey, RawCell> {
    let mut cells = BTreeMap::new();
    for (row, member, amounts) in lines {
        for (rank, amount) in amounts.iter().enumerate() {
            let share = Contribution::new(group(&format!("G-{row}-{member}-{rank}")), Decimal::from(*amount), None);
            for place in [*row, "WALES"] {
                for name in [*member, TOTAL_MEMBER] {
                    let key = CellKey {
                        time: TimeKey::Quarter(quarter(0)),
                        area: area(place),
                        members: vec![name.to_owned()],
                    };
                    add(&mut cells, key, &share);
                }
            }
        }
    }
    cells.into_iter().map(|(key, shares)| (key, cell_of(contributions(shares)))).collect()
}

pub(super) fn contributions(shares: BTreeMap<GroupId, (Decimal, Option<Decimal>)>) -> Vec<Contribution> {
    shares
        .into_iter()
        .map(|(group, (numerator, denominator))| Contribution::new(group, numerator, denominator))
        .collect()
}

pub(super) const GRANTS: [(&str, &str, &[i64]); 6] = [
    ("WWV", "A", &[60, 40, 30, 20]),
    ("WWV", "B", &[90, 8]),
    ("WWV", "C", &[50, 45, 40, 35, 30]),
    ("EW", "A", &[70, 30, 25]),
    ("EW", "B", &[40, 35, 30, 15]),
    ("EW", "C", &[80, 12, 5]),
];

fn level(amounts: &[i64]) -> Option<Decimal> {
    let names: Vec<GroupId> = (0..amounts.len()).map(|at| group(&format!("G{at}"))).collect();
    let shares: Vec<Share<'_>> = names.iter().zip(amounts.iter().map(|a| Decimal::from(*a))).collect();
    protection_level(&shares, Decimal::TEN, &Waivers::default())
}

/// What is printed: numbers, `[c]`, or other shorthands.
pub(super) fn printed(protection: &Protection) -> BTreeMap<(String, CellKey), String> {
    let mut all = BTreeMap::new();
    for table in &protection.tables {
        for (key, cell) in table.cells() {
            let text =
                cell.observation.value().map_or_else(|| cell.observation.shorthand(), |v| v.normalize().to_string());
            all.insert((table.header().measure.clone(), key.clone()), text);
        }
    }
    all
}

#[test]
fn example_a_threshold_and_p_percent() {
    assert_eq!(level(&[60, 40, 30, 20]), None);
    assert_eq!(level(&[90, 8]), Some(Decimal::from(9)));
    assert_eq!(level(&[50, 45, 40, 35, 30]), None);
    assert_eq!(level(&[70, 30, 25]), None);
    assert_eq!(level(&[40, 35, 30, 15]), None);
    assert_eq!(level(&[80, 12, 5]), Some(Decimal::from(3)));
    // Equality is safe.
    assert_eq!(level(&[100, 50, 10]), None);
    assert_eq!(level(&[100, 50, 9]), Some(Decimal::ONE));
    assert_eq!(level(&[50_000, 49_000, 1_000]), Some(Decimal::from(4_000)));
}

#[test]
fn example_e_holdings() {
    assert_eq!(level(&[40, 35, 30, 25]), None);
    assert_eq!(level(&[105, 25]), Some(Decimal::new(105, 1)));
}

#[test]
fn waived_contributors_need_no_protection_but_attack_others() {
    let names: Vec<GroupId> = (0..3).map(|at| group(&format!("G{at}"))).collect();
    let shares: Vec<Share<'_>> = names.iter().zip([100, 50, 9].map(Decimal::from)).collect();
    let waived = Waivers::new([group("G0")]);
    assert_eq!(protection_level(&shares, Decimal::TEN, &waived), None);
    let waived = Waivers::new([group("G0"), group("G1"), group("G2")]);
    assert_eq!(protection_level(&shares, Decimal::from(100), &waived), None);
    // The largest has waived; the second is told by it: 159 - 50 - 100 = 9 < 50.
    let waived = Waivers::new([group("G0")]);
    assert_eq!(protection_level(&shares, Decimal::from(100), &waived), Some(Decimal::from(41)));
}

#[test]
fn example_b_the_pattern_exactly_as_printed() {
    let table = Table::new(Raw, header(Kind::Magnitude, "grant", &["column"]), cross(&GRANTS));
    let protection = protect(vec![table], &areas(), &policy()).expect("it can be protected");
    let printed = printed(&protection);
    let text = |place: &str, member: &str| {
        let key = CellKey { time: TimeKey::Quarter(quarter(0)), area: area(place), members: vec![member.to_owned()] };
        printed[&("grant".to_owned(), key)].clone()
    };
    let line = |place: &str| ["A", "B", "C", TOTAL_MEMBER].map(|member| text(place, member));
    assert_eq!(line("WWV"), ["150", "[c]", "[c]", "448"]);
    assert_eq!(line("EW"), ["125", "[c]", "[c]", "342"]);
    assert_eq!(line("WALES"), ["275", "218", "297", "790"]);
    assert_eq!((protection.cells(), protection.hidden()), (12, 4));
    assert_eq!(protection.summary[0].to_string(), "X01 grant: 4 of 12 cells confidential");
}

#[test]
fn example_b_ranges() {
    let tables = [Table::new(Raw, header(Kind::Magnitude, "grant", &["column"]), cross(&GRANTS))];
    let variables = Variables::new(&tables, &areas(), &policy(), &Waivers::default(), &Bound::new());
    let equations = equations(&tables, &variables, &areas()).expect("margins add up");
    let find =
        |value: i64| variables.ids().find(|id| variables.get(*id).value == Decimal::from(value)).expect("it is there");
    let hidden = [98, 200, 120, 97].map(find);
    let mut sorted = hidden;
    sorted.sort_unstable();
    let ranges = ranges(&sorted, &equations.iter().collect::<Vec<_>>(), &variables, Decimal::ZERO);
    let range = |id| {
        let (low, high) = ranges[sorted.binary_search(&id).expect("it is hidden")];
        (i64::try_from(low.expect("an end")).expect("whole"), i64::try_from(high.expect("an end")).expect("whole"))
    };
    assert_eq!(hidden.map(range), [(1, 218), (80, 297), (0, 217), (0, 217)]);
}

#[test]
fn example_c_ranges() {
    // Rows (?, ?, 7), (?, ?, 3); columns 9 and 7 with (3, 3, 6) published below.
    let lines: [(&str, &str, &[i64]); 6] = [
        ("WWV", "A", &[4]),
        ("WWV", "B", &[3]),
        ("EW", "A", &[2]),
        ("EW", "B", &[1]),
        ("E1", "A", &[3]),
        ("E1", "B", &[3]),
    ];
    let tables = [Table::new(Raw, header(Kind::Magnitude, "grant", &["column"]), cross(&lines))];
    let variables = Variables::new(&tables, &areas(), &policy(), &Waivers::default(), &Bound::new());
    let id = |place: &str, member: &str| {
        let key = CellKey { time: TimeKey::Quarter(quarter(0)), area: area(place), members: vec![member.to_owned()] };
        let at = tables[0].cells().keys().position(|k| *k == key).expect("it is there");
        variables.parts[0][at].numerator.expect("it is not zero")
    };
    let hidden = [id("WWV", "A"), id("WWV", "B"), id("EW", "A"), id("EW", "B")];
    // The example's areas are no hierarchy of ours, so its equations are written out.
    let sum = |whole, parts: &[u32]| Equation([vec![(whole, -1)], parts.iter().map(|p| (*p, 1)).collect()].concat());
    let equations = [
        sum(id("WWV", TOTAL_MEMBER), &[hidden[0], hidden[1]]),
        sum(id("EW", TOTAL_MEMBER), &[hidden[2], hidden[3]]),
        sum(id("WALES", "A"), &[hidden[0], hidden[2], id("E1", "A")]),
        sum(id("WALES", "B"), &[hidden[1], hidden[3], id("E1", "B")]),
    ];
    let mut sorted = hidden;
    sorted.sort_unstable();
    let ranges = ranges(&sorted, &equations.iter().collect::<Vec<_>>(), &variables, Decimal::ZERO);
    let range = |id| {
        let (low, high) = ranges[sorted.binary_search(&id).expect("it is hidden")];
        (i64::try_from(low.expect("an end")).expect("whole"), i64::try_from(high.expect("an end")).expect("whole"))
    };
    assert_eq!(hidden.map(range), [(3, 6), (1, 4), (0, 3), (0, 3)]);
}

/// Counts of firms, one group each, per quarter and area; EW and WWV directly.
pub(super) fn counts(lines: &[(i32, &str, i32)], quarters: i32) -> BTreeMap<CellKey, RawCell> {
    let mut cells: BTreeMap<CellKey, BTreeMap<GroupId, (Decimal, Option<Decimal>)>> = BTreeMap::new();
    for number in 0..quarters {
        for place in ["WWV", "EW", "WALES"] {
            for time in [TimeKey::Quarter(quarter(number)), TimeKey::ToDate(quarter(number))] {
                cells.entry(CellKey { time, area: area(place), members: Vec::new() }).or_default();
            }
        }
    }
    for (number, place, firms) in lines {
        for firm in 0..*firms {
            let share = Contribution::new(group(&format!("G-{number}-{place}-{firm}")), Decimal::ONE, None);
            for place in [*place, "WALES"] {
                add(
                    &mut cells,
                    CellKey { time: TimeKey::Quarter(quarter(*number)), area: area(place), members: Vec::new() },
                    &share,
                );
                for later in *number..quarters {
                    add(
                        &mut cells,
                        CellKey { time: TimeKey::ToDate(quarter(later)), area: area(place), members: Vec::new() },
                        &share,
                    );
                }
            }
        }
    }
    cells.into_iter().map(|(key, shares)| (key, cell_of(contributions(shares)))).collect()
}

fn count_texts(lines: &[(i32, &str, i32)], quarters: i32) -> impl Fn(TimeKey, &str) -> String {
    let table = Table::new(Raw, header(Kind::Count, "value", &[]), counts(lines, quarters));
    let printed = printed(&protect(vec![table], &areas(), &policy()).expect("it can be protected"));
    move |time, place| printed[&("value".to_owned(), CellKey { time, area: area(place), members: Vec::new() })].clone()
}

#[test]
fn example_f_a_small_increment_holds_back_a_cumulative_figure() {
    // One more firm in the third quarter: 11, then 12 to date. The increment is hidden, so one of the two must be too; the
    // latest headline is the one that readers need.
    let text = count_texts(&[(0, "WWV", 6), (1, "WWV", 5), (2, "WWV", 1), (0, "EW", 6), (1, "EW", 6), (2, "EW", 6)], 3);
    assert_eq!(text(TimeKey::Quarter(quarter(2)), "WWV"), "[c]");
    assert_eq!(text(TimeKey::ToDate(quarter(2)), "WWV"), "12");
    assert_eq!(text(TimeKey::ToDate(quarter(1)), "WWV"), "[c]");
    assert_eq!(text(TimeKey::ToDate(quarter(2)), "WALES"), "30");
}

#[test]
fn a_true_zero_is_published_and_headlines_survive() {
    let text = count_texts(&[(0, "WWV", 9), (0, "EW", 9), (1, "WWV", 8), (2, "WWV", 7), (2, "EW", 7)], 3);
    assert_eq!(text(TimeKey::Quarter(quarter(1)), "EW"), "0");
    assert_eq!(text(TimeKey::Quarter(quarter(1)), "WALES"), "8");
    assert_eq!(text(TimeKey::ToDate(quarter(2)), "WALES"), "40");
}

#[test]
fn total_survives_secondary_suppression() {
    let text = count_texts(&[(0, "WWV", 9), (0, "EW", 2), (1, "WWV", 9), (1, "EW", 9)], 2);
    assert_eq!(text(TimeKey::Quarter(quarter(0)), "EW"), "[c]");
    assert_eq!(text(TimeKey::Quarter(quarter(0)), "WWV"), "[c]");
    assert_eq!(text(TimeKey::Quarter(quarter(0)), "WALES"), "11");
    assert_eq!(text(TimeKey::ToDate(quarter(1)), "WALES"), "29");
    assert_eq!(text(TimeKey::ToDate(quarter(1)), "WWV"), "18");
}

/// One cell for all Wales: a ratio over `firms` groups of which `hits` have the property.
fn share_of(firms: u32, hits: u32) -> RawCell {
    let shares = (0..firms).map(|firm| {
        let hit = Decimal::from(u32::from(firm < hits));
        Contribution::new(group(&format!("G{firm}")), hit, Some(Decimal::ONE))
    });
    cell_of(shares.collect())
}

fn at(stage: &str) -> CellKey {
    CellKey { time: TimeKey::ToDate(quarter(0)), area: area("WALES"), members: vec![stage.to_owned()] }
}

#[test]
fn a_ratio_is_hidden_with_the_count_it_would_tell() {
    let count = |firms: u32| {
        cell_of(
            share_of(firms, firms).contributions.into_iter().map(|c| Contribution { denominator: None, ..c }).collect(),
        )
    };
    let firms = BTreeMap::from([(at("1"), count(20)), (at("2"), count(12)), (at("3"), count(4))]);
    let rates = BTreeMap::from([(at("2"), share_of(20, 12)), (at("3"), share_of(12, 4))]);
    let tables = vec![
        Table::new(Raw, header(Kind::Ratio, "rate", &["stage"]), rates),
        Table::new(Raw, header(Kind::Count, "firms", &["stage"]), firms),
    ];
    let printed = printed(&protect(tables, &areas(), &policy()).expect("it can be protected"));
    let text = |measure: &str, stage: &str| printed[&(measure.to_owned(), at(stage))].as_str();
    assert_eq!([text("firms", "1"), text("firms", "2"), text("firms", "3")], ["20", "12", "[c]"]);
    // Of itself the last rate is safe; with 12 published beside it, it would tell the 4.
    assert_eq!([text("rate", "2"), text("rate", "3")], ["60", "[c]"]);
}

#[test]
fn ratios_and_means_are_quotients_of_sums() {
    let mut marked = share_of(8, 6);
    marked.marks = vec![Mark::Provisional];
    let cells = BTreeMap::from([(at("1"), marked), (at("2"), share_of(2, 1)), (at("3"), share_of(0, 0))]);
    let mut empty = cells[&at("3")].clone();
    (empty.denominator, empty.missing) = (Some(Decimal::ZERO), Some(ObsStatus::NotApplicable));
    let cells =
        cells.into_iter().map(|(key, cell)| if key == at("3") { (key, empty.clone()) } else { (key, cell) }).collect();
    let protection =
        protect(vec![Table::new(Raw, header(Kind::Ratio, "rate", &["stage"]), cells)], &areas(), &policy());
    let tables = protection.expect("it can be protected").tables;
    let observation = |stage: &str| tables[0].find(&at(stage)).expect("it is there").observation.clone();
    assert_eq!(observation("1"), Observation::Value { value: Decimal::from(75), marks: vec![Mark::Provisional] });
    assert_eq!(observation("2"), Observation::Missing(ObsStatus::Confidential));
    assert_eq!(observation("3"), Observation::Missing(ObsStatus::NotApplicable));
}

#[test]
fn negative_amounts_count_by_their_size() {
    let table = |amounts: &[i64]| {
        let shares = amounts
            .iter()
            .enumerate()
            .map(|(at, amount)| Contribution::new(group(&format!("G{at}")), Decimal::from(*amount), None));
        let cells = BTreeMap::from([(at("1"), cell_of(shares.collect()))]);
        let protected =
            protect(vec![Table::new(Raw, header(Kind::Magnitude, "change", &["stage"]), cells)], &areas(), &policy());
        protected.expect("it can be protected").hidden()
    };
    assert_eq!(table(&[-1000, 20, 30]), 1);
    assert_eq!(table(&[-100, 60, 30]), 0);
    // The sum is nothing, the contributions are not.
    assert_eq!(table(&[-100, 100]), 1);
}

#[test]
fn reference_figures_pass() {
    let cell = RawCell { numerator: Decimal::new(3014, 2), ..RawCell::default() };
    let key = CellKey { time: TimeKey::Year(2019), area: area("UK"), members: Vec::new() };
    let table = Table::new(Raw, header(Kind::Reference, "value", &[]), BTreeMap::from([(key.clone(), cell)]));
    let protection = protect(vec![table], &areas(), &policy()).expect("nothing to protect");
    assert_eq!(
        protection.tables[0].find(&key).map(|c| c.observation.clone()),
        Some(Observation::of(Decimal::new(3014, 2)))
    );
}

#[test]
fn wrong_margins_and_twin_tables_are_refused() {
    let mut cells = cross(&GRANTS);
    let key = CellKey { time: TimeKey::Quarter(quarter(0)), area: area("WALES"), members: vec!["A".to_owned()] };
    cells.get_mut(&key).expect("it is there").numerator += Decimal::ONE;
    let table = || Table::new(Raw, header(Kind::Magnitude, "grant", &["column"]), cross(&GRANTS));
    let wrong = Table::new(Raw, header(Kind::Magnitude, "grant", &["column"]), cells);
    assert!(matches!(protect(vec![wrong], &areas(), &policy()), Err(DisclosureError::Margins { .. })));
    let twins = protect_with_waivers(vec![table(), table()], &areas(), &policy(), &Waivers::default());
    assert!(matches!(twins, Err(DisclosureError::Duplicate { .. })));
}

#[test]
fn a_policy_never_shows_its_parameters() {
    let secret = POLICY.replace("= 5", "= 77").replace("= 3", "= 78").replace("= 10", "= \"79.5\"");
    let policy = Policy::parse(&secret, "policy.toml").expect("a good policy");
    assert_eq!((policy.version(), policy.is_placeholder()), ("test", true));
    let own = Policy::parse(&POLICY.replace("placeholder = true\n", ""), "policy.toml").expect("a good policy");
    assert!(!own.is_placeholder());
    let shown = format!("{policy:?} {policy} {policy:#?}");
    assert!(!shown.contains('7'), "{shown}");
    let broken =
        secret.replace("= 77", "= -77").replace("78", "\"78\"").replace("79.5", "179.5").replace("version", "verzion");
    let Err(error) = Policy::parse(&broken, "policy.toml") else { panic!("it must be refused") };
    assert_eq!(
        error.to_string(),
        "read the disclosure policy policy.toml: `version` is missing; `threshold_count` is not a whole number from 2 to 1000; \
         `threshold_magnitude` is not a whole number from 2 to 1000; `p_percent` is not a number from 0 to 100; \
         `verzion` is not a key of it; see the guide for operators"
    );
    assert!(!format!("{error:?}").contains('7'));
    let Err(error) = Policy::parse("threshold_count = = 7", "policy.toml") else { panic!("it must be refused") };
    assert!(!format!("{error:?} {error}").contains('7'));
}
