//! The attack finds what primary suppression alone gives away, and accepts the patterns of domain.md 3.6.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{Exhibit, audit};
use crate::disclosure::tests::{GRANTS, area, areas, cell_of, counts, cross, group, header, policy, quarter};
use crate::disclosure::{Earlier, History, Policy, Protected, Request, Waivers, protect_all};
use crate::model::{
    AreaSets, CellKey, Contribution, Kind, ObsStatus, Observation, PublishedCell, Raw, RawCell, TOTAL_MEMBER, Table,
    TimeKey,
};

type Cells = BTreeMap<CellKey, RawCell>;

pub(super) fn raw(kind: Kind, cells: &Cells, dimensions: &[&str]) -> Table<Raw> {
    Table::new(Raw, header(kind, "value", dimensions), cells.clone())
}

/// The same with some cells hidden, by whoever made the pattern.
pub(super) fn published(table: &Table<Raw>, hides: impl Fn(&CellKey) -> bool) -> Table<Protected> {
    let publish = |(key, cell): (&CellKey, &RawCell)| {
        let shown = Observation::of(cell.numerator);
        let observation = if hides(key) { Observation::Missing(ObsStatus::Confidential) } else { shown };
        (key.clone(), PublishedCell { observation, interval: None })
    };
    Table::new(Protected(()), table.header().clone(), table.cells().iter().map(publish).collect())
}

fn attack(table: Table<Raw>, areas: &AreaSets, policy: &Policy, hides: impl Fn(&CellKey) -> bool) -> Vec<String> {
    let shown = [published(&table, hides)];
    let raw = [table];
    let waivers = Waivers::default();
    let verdict =
        audit(&Exhibit { raw: &raw, published: &shown, history: History::default(), areas, policy, waivers: &waivers });
    assert_eq!(verdict.passes(), verdict.lines().is_empty());
    verdict.lines()
}

fn is_one_of(key: &CellKey, cells: &[(&str, &str)]) -> bool {
    cells.iter().any(|(place, member)| key.area == area(place) && key.members == [*member])
}

#[test]
fn example_b_primary_suppression_alone_gives_both_away() {
    let table = || raw(Kind::Magnitude, &cross(&GRANTS), &["column"]);
    let attacked = |hidden: &'static [(&str, &str)]| attack(table(), &areas(), &policy(), |key| is_one_of(key, hidden));
    assert_eq!(
        attacked(&[("WWV", "B"), ("EW", "C")]),
        [
            "X01 value EW 2019-20-Q1 C: can be bounded too tightly",
            "X01 value WWV 2019-20-Q1 B: can be bounded too tightly"
        ]
    );
    assert_eq!(attacked(&[("WWV", "B"), ("WWV", "C"), ("EW", "B"), ("EW", "C")]), Vec::<String>::new());
    // A published secret is found too.
    assert_eq!(attacked(&[("WWV", "B"), ("EW", "B")]).len(), 2);
}

#[test]
fn an_interval_that_is_not_a_point_can_be_too_narrow() {
    // The pattern of example b protects 98 up to 218, so that a level of 9 is met; a far larger one is not.
    let strict = "version = \"t\"\nthreshold_count = 5\nthreshold_magnitude = 3\np_percent = 100\n";
    let policy = Policy::parse(strict, "policy.toml").expect("a good policy");
    let lines: [(&str, &str, &[i64]); 4] = [
        ("WWV", "A", &[900]),
        ("WWV", "B", &[20, 20, 20, 20]),
        ("EW", "A", &[20, 20, 20, 20]),
        ("EW", "B", &[20, 20, 20, 20]),
    ];
    let table = raw(Kind::Magnitude, &cross(&lines), &["column"]);
    let found = attack(table, &areas(), &policy, |key| {
        key.members != [TOTAL_MEMBER] && [area("WWV"), area("EW")].contains(&key.area)
    });
    // Its neighbours can give or take 80 only. The totals over it are one firm's figure too, and published.
    assert!(found.contains(&"X01 value WWV 2019-20-Q1 A: can be bounded too tightly".to_owned()), "{found:?}");
}

#[test]
fn a_count_must_stay_open_from_one_to_the_threshold_in_whole_numbers() {
    let table = |ew: i32| raw(Kind::Count, &counts(&[(0, "WWV", 9), (0, "EW", ew)], 1), &[]);
    let hides = |key: &CellKey| key.area != area("WALES");
    assert_eq!(attack(table(2), &areas(), &policy(), hides), Vec::<String>::new());
    let found = attack(table(2), &areas(), &policy(), |key| key.area == area("EW"));
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(attack(table(7), &areas(), &policy(), |_| false), Vec::<String>::new());
}

#[test]
fn a_firm_alone_behind_one_hidden_cell_must_not_learn_the_other() {
    let lines: [(&str, &str, &[i64]); 3] = [("WWV", "A", &[60]), ("WWV", "B", &[50]), ("WWV", "C", &[40, 40, 40, 40])];
    let table = || {
        let mut cells = cross(&lines);
        cells.retain(|key, _| key.area == area("WWV"));
        raw(Kind::Magnitude, &cells, &["column"])
    };
    let pair = attack(table(), &areas(), &policy(), |key| is_one_of(key, &[("WWV", "A"), ("WWV", "B")]));
    assert_eq!(
        pair,
        [
            "X01 value WWV 2019-20-Q1 A: can be worked out by a firm or a contractor behind other figures",
            "X01 value WWV 2019-20-Q1 B: can be worked out by a firm or a contractor behind other figures"
        ]
    );
    let three = attack(table(), &areas(), &policy(), |key| key.members != [TOTAL_MEMBER]);
    assert_eq!(three, Vec::<String>::new());
}

#[test]
fn a_difference_that_is_one_firms_own_figure_is_no_secret_from_that_firm() {
    // Wales without West Wales and the Valleys, where there is nothing, is Wales: the figure of one firm.
    let table = |firms: &[i64]| {
        let mut cells = cross(&[("EW", "A", firms)]);
        cells.retain(|key, _| key.area == area("WALES"));
        for mut key in cells.keys().cloned().collect::<Vec<_>>() {
            key.area = area("WWV");
            cells.insert(key, cell_of(Vec::new()));
        }
        raw(Kind::Magnitude, &cells, &["column"])
    };
    let hides = |key: &CellKey| key.area == area("WALES");
    assert_eq!(attack(table(&[60]), &areas(), &policy(), hides), Vec::<String>::new());
    let protection = crate::disclosure::protect(vec![table(&[60])], &areas(), &policy()).expect("it can be protected");
    assert_eq!(protection.hidden(), 2);
    // Published it is found out, as it was.
    assert_eq!(attack(table(&[60]), &areas(), &policy(), |_| false).len(), 2);
    // Two firms are behind it: each learns of the other what the figure tells.
    assert_eq!(attack(table(&[60, 50]), &areas(), &policy(), |_| false).len(), 2);
}

/// Amounts of several firms in one area.
fn cell(name: &str, amounts: &[i64]) -> RawCell {
    let part = |(at, amount): (usize, &i64)| {
        Contribution::new(group(&format!("G-{name}-{at:02}")), Decimal::from(*amount), None)
    };
    cell_of(amounts.iter().enumerate().map(part).collect())
}

fn joined(cells: &[&RawCell]) -> RawCell {
    let mut all: Vec<Contribution> = cells.iter().flat_map(|cell| cell.contributions.clone()).collect();
    all.sort_by(|a, b| a.group.cmp(&b.group));
    cell_of(all)
}

#[test]
fn example_g_two_overlapping_areas_are_not_published_side_by_side() {
    // Mid and South West Wales is the Swansea Bay City Region with Ceredigion and Powys.
    let bay = cell("bay", &[40, 40, 35, 35, 35, 30, 30, 30, 30, 30, 25, 25]);
    let rest = cell("rest", &[15, 10]);
    let sets = BTreeMap::from([
        (area("MSWW"), BTreeSet::from(["a".to_owned(), "b".to_owned(), "c".to_owned()])),
        (area("SBCR"), BTreeSet::from(["a".to_owned(), "b".to_owned()])),
    ]);
    let areas = AreaSets::overlapping(sets).expect("areas");
    let key = |place| CellKey { time: TimeKey::ToDate(quarter(0)), area: area(place), members: Vec::new() };
    let cells = BTreeMap::from([(key("MSWW"), joined(&[&bay, &rest])), (key("SBCR"), bay)]);
    let values: Vec<Decimal> = cells.values().map(|cell| cell.numerator).collect();
    assert_eq!(values, [410, 385].map(Decimal::from));
    let found = attack(raw(Kind::Magnitude, &cells, &[]), &areas, &policy(), |_| false);
    assert_eq!(found, ["X01 value MSWW to 2019-20-Q1: can be bounded too tightly"]);
    let request =
        Request { areas: &areas, policy: &policy(), waivers: &Waivers::default(), history: History::default() };
    let protection = protect_all(vec![raw(Kind::Magnitude, &cells, &[])], &request).expect("it can be protected");
    // The smaller is hidden.
    let shown: Vec<Option<Decimal>> =
        protection.tables[0].cells().values().map(|cell| cell.observation.value()).collect();
    assert_eq!(shown, [Some(Decimal::from(410)), None]);
}

#[test]
fn example_f_one_new_firm_since_the_last_edition_holds_back_the_figure() {
    let eleven = cell("old", &[60, 50, 45, 45, 40, 40, 40, 38, 35, 30, 25]);
    let newcomer = cell("new", &[75]);
    let at = |number| CellKey { time: TimeKey::ToDate(quarter(number)), area: area("WWV"), members: Vec::new() };
    let before = raw(Kind::Magnitude, &BTreeMap::from([(at(1), eleven.clone())]), &[]);
    let now = || raw(Kind::Magnitude, &BTreeMap::from([(at(2), joined(&[&eleven, &newcomer]))]), &[]);
    let said = [earlier(&published(&before, |_| false))];
    let then = [before];
    let protect = |history| {
        let request = Request { areas: &areas(), policy: &policy(), waivers: &Waivers::default(), history };
        let protection = protect_all(vec![now()], &request).expect("it can be protected");
        protection.tables[0].cells().values().next().expect("one cell").observation.value()
    };
    assert_eq!(protect(History::default()), Some(Decimal::from(523)));
    assert_eq!(protect(History { published: &said, raw: &then, steps: &[] }), None);
    // The gate finds it, whoever made the pattern.
    let raw = [now()];
    let shown = [published(&raw[0], |_| false)];
    let (areas, policy, waivers) = (areas(), policy(), Waivers::default());
    let history = History { published: &said, raw: &then, steps: &[] };
    let verdict =
        audit(&Exhibit { raw: &raw, published: &shown, history, areas: &areas, policy: &policy, waivers: &waivers });
    assert_eq!(verdict.lines(), ["X01 value WWV to 2019-20-Q3: can be bounded too tightly"]);
}

fn earlier(table: &Table<Protected>) -> Table<Earlier> {
    Table::new(Earlier, table.header().clone(), table.cells().clone())
}

#[test]
fn what_differs_from_an_earlier_word_for_too_few_firms_is_held_back() {
    let firms = cell("old", &[60, 50, 45, 45, 40, 40, 40, 38, 35, 30, 25]);
    let key = CellKey { time: TimeKey::ToDate(quarter(1)), area: area("WWV"), members: Vec::new() };
    let before = raw(Kind::Magnitude, &BTreeMap::from([(key.clone(), firms.clone())]), &[]);
    let said = [earlier(&published(&before, |_| false))];
    let step = |groups| crate::disclosure::Step {
        indicator: before.header().indicator.clone(),
        measure: before.header().measure.clone(),
        key: key.clone(),
        since: key.time,
        groups,
    };
    let now = || raw(Kind::Magnitude, &BTreeMap::from([(key.clone(), joined(&[&firms, &cell("new", &[75])]))]), &[]);
    let protect = |groups| {
        let steps = [step(groups)];
        let history = History { published: &said, raw: &[], steps: &steps };
        let request = Request { areas: &areas(), policy: &policy(), waivers: &Waivers::default(), history };
        let protection = protect_all(vec![now()], &request).expect("it can be protected");
        protection.tables[0].cells().values().next().expect("one cell").observation.value()
    };
    assert_eq!([1, 2, 3].map(protect), [None, None, Some(Decimal::from(523))]);
}

#[test]
fn wrong_margins_are_judged_unsafe() {
    let mut cells = cross(&GRANTS);
    let key = CellKey { time: TimeKey::Quarter(quarter(0)), area: area("WALES"), members: vec!["A".to_owned()] };
    cells.get_mut(&key).expect("it is there").numerator += Decimal::ONE;
    let table = [raw(Kind::Magnitude, &cells, &["column"])];
    let shown = [published(&table[0], |key| key.members != [TOTAL_MEMBER])];
    let (areas, policy, waivers) = (areas(), policy(), Waivers::default());
    let history = History::default();
    let verdict =
        audit(&Exhibit { raw: &table, published: &shown, history, areas: &areas, policy: &policy, waivers: &waivers });
    assert!(verdict.broken && !verdict.passes());
}

#[test]
fn a_refusal_counts_figures_and_names_none() {
    let table = [raw(Kind::Magnitude, &cross(&GRANTS), &["column"])];
    let shown = [published(&table[0], |key| is_one_of(key, &[("WWV", "B"), ("EW", "C")]))];
    let (areas, policy, waivers) = (areas(), policy(), Waivers::default());
    let history = History::default();
    let exhibit =
        Exhibit { raw: &table, published: &shown, history, areas: &areas, policy: &policy, waivers: &waivers };
    let failed = audit(&exhibit).tables_that_fail();
    assert_eq!(failed, ["X01 value: of 2 confidential figures 2 can be bounded too tightly"]);
    let error = crate::disclosure::DisclosureError::Audit { tables: failed };
    assert_eq!(error.class(), crate::model::ErrorClass::Gate);
    assert_eq!(
        error.to_string(),
        "pass the disclosure audit: X01 value: of 2 confidential figures 2 can be bounded too tightly; nothing was published \
         or replaced; publish fewer breakdowns of these tables"
    );
}

#[test]
fn reviewers_are_told_classes_of_rules_and_the_cost() {
    let request =
        Request { areas: &areas(), policy: &policy(), waivers: &Waivers::default(), history: History::default() };
    let table = raw(Kind::Magnitude, &cross(&GRANTS), &["column"]);
    let protection = protect_all(vec![table], &request).expect("it can be protected");
    let cost = &protection.summary[0].cost;
    let classes: Vec<(&str, u64)> = cost.by_class.iter().map(|(class, count)| (class.words(), *count)).collect();
    assert_eq!(classes, [("too few contributors", 1), ("concentration", 1), ("complementary", 2)]);
    // 98 + 97 + 200 + 120 of all that the table shows, margins included: 4 times 790.
    assert_eq!(cost.share_percent, Some(Decimal::new(163, 1)));
}
