//! Good and bad headers, and the files that ship.

use std::path::Path;

use super::{Breakdowns, DefinitionsError, IndicatorDefinition, Times, load_checks, load_indicators, load_staging};
use crate::model::{Direction, Kind, Unit};

const GOOD: &str = r#"/*---
id = "X99"
title = { en = "Things", cy = "Pethau" }
short = { en = "Things", cy = "Pethau" }
formula = { en = "Number of things.", cy = "Nifer y pethau." }
source = { en = "Somewhere.", cy = "Rhywle." }
actions = [1, 4]
direction = "up"
dated_by = "things.seen_on"
area_key = "things.lad_code"
population = "All things"
dimensions = [{ name = "colour", additive = true }]
by_authority = false
disclosure_unit = "enterprise_group"
chart = "bar"
tags = ["action1"]
depends_on = []
[[measures]]
id = "value"
kind = "count"
unit = "enterprises"
decimals = 0
title = { en = "Things", cy = "Pethau" }
---*/
SELECT t.a FROM things AS t ORDER BY t.a
"#;

fn problems(text: &str) -> Vec<String> {
    match IndicatorDefinition::parse("queries/indicators/x99_things.sql", text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|p| format!("{}: {}", p.at, p.what)).collect(),
    }
}

#[test]
fn a_good_header_is_read_whole() {
    let read = IndicatorDefinition::parse("queries/indicators/x99_things.sql", GOOD).expect("a good header");
    assert_eq!(read.id.as_str(), "X99");
    assert_eq!(read.actions, [1, 4]);
    assert_eq!(read.direction, Direction::Up);
    assert_eq!(read.breakdowns, Breakdowns::Crossed);
    assert_eq!((read.measures[0].kind, read.measures[0].unit), (Kind::Count, Unit::Enterprises));
    assert!(read.measures[0].totals && read.dimensions[0].additive);
    assert_eq!(read.sql, "SELECT t.a FROM things AS t ORDER BY t.a");
}

#[test]
fn what_may_be_left_out_is_read_where_it_is_said() {
    let plain = IndicatorDefinition::parse("queries/indicators/x99_things.sql", GOOD).expect("a good header");
    assert_eq!((plain.caveats, plain.parameters.len(), plain.times), (None, 0, Times::Both));
    let more = "depends_on = []\ncaveats.en = \"Few.\"\ncaveats.cy = \"Ychydig.\"\nparameters = [\"confidence\"]\n\
                times = \"to_date\"";
    let growth = "kind = \"growth\"\nyears = 3";
    let text = GOOD.replace("depends_on = []", more).replace("kind = \"count\"", growth);
    let read = IndicatorDefinition::parse("queries/indicators/x99_things.sql", &text).expect("a good header");
    assert_eq!(read.caveats.map(|text| text.cy).as_deref(), Some("Ychydig."));
    assert_eq!((read.parameters, read.times), (vec!["confidence".to_owned()], Times::ToDate));
    assert_eq!((read.measures[0].years, read.measures[0].interval), (Some(3), false));
    assert!(read.measures[0].is_by_row());
    let years = GOOD.replace("kind = \"count\"", "kind = \"count\"\nyears = 3");
    assert_eq!(problems(&years), ["measures.value.years: only a growth has years between before and after"]);
    let interval = GOOD.replace("kind = \"count\"", "kind = \"count\"\ninterval = true");
    assert_eq!(
        problems(&interval),
        ["measures.value.interval: only a mean is asked for its interval; an estimate always has one"]
    );
}

#[test]
fn each_missing_key_is_a_problem_of_its_own() {
    for key in [
        "id",
        "title",
        "short",
        "formula",
        "source",
        "actions",
        "direction",
        "dated_by",
        "area_key",
        "population",
        "dimensions",
        "by_authority",
        "disclosure_unit",
        "chart",
        "tags",
        "depends_on",
    ] {
        let kept = |(row, line): &(usize, &str)| *row > 17 || !line.starts_with(&format!("{key} ="));
        let without: Vec<&str> = GOOD.lines().enumerate().filter(kept).map(|(_, line)| line).collect();
        let without = without.join("\n");
        assert_eq!(problems(&without), [format!("{key}: is missing")]);
    }
    assert_eq!(problems(&GOOD.replace("unit = \"enterprises\"\n", "")), ["measures.1.unit: is missing"]);
    assert_eq!(problems(&GOOD.replace("kind = \"count\"\n", "")), ["measures.1.kind: is missing"]);
}

#[test]
fn all_problems_are_told_at_once() {
    let broken = GOOD
        .replace("direction = \"up\"", "direction = \"sideways\"\ncolor = \"red\"")
        .replace("actions = [1, 4]", "actions = [7]")
        .replace(", cy = \"Nifer y pethau.\"", "")
        .replace("name = \"colour\"", "name = \"group_id\"")
        .replace("SELECT t.a FROM things AS t ORDER BY t.a", "SELECT * FROM things");
    assert_eq!(
        problems(&broken),
        [
            "formula.cy: is missing",
            "actions: holds something else than numbers from 1 to 4",
            "direction: `sideways` is not known here",
            "dimensions.1: every query has a column of this name already",
            "color: is not a key of this header",
            "query: SELECT * hides which columns are used",
            "query: the rows have no order",
        ]
    );
}

#[test]
fn a_file_that_is_no_indicator_is_refused() {
    assert_eq!(problems("SELECT 1"), ["header: there is no header"]);
    assert_eq!(problems("/*---\nid = 1\n"), ["header: the header is not closed"]);
    assert_eq!(
        problems(&GOOD.replace("id = \"X99\"", "id = \"X98\"")),
        ["id: `X98` does not fit the name of the file"]
    );
    assert_eq!(
        problems(&GOOD.replace("kind = \"count\"", "kind = \"reference\"")),
        ["disclosure_unit: does not fit the kinds of the measures"]
    );
}

#[test]
fn the_indicators_that_ship_load() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
    let indicators = load_indicators(&root.join("indicators")).expect("they load");
    let mut counts = std::collections::BTreeMap::new();
    for id in indicators.keys() {
        *counts.entry(&id.as_str()[..1]).or_insert(0) += 1;
    }
    // The catalogue of domain, section 2.
    let wanted = [("B", 4), ("C", 2), ("D", 14), ("G", 15), ("I", 8), ("M", 5), ("O", 12), ("Q", 4)];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), wanted);
    let always =
        indicators.values().filter(|indicator| !indicator.is_on_request()).map(|indicator| indicator.id.as_str());
    let built = ["D01", "D02", "D06", "D10", "G03", "G04", "G06", "G09", "M01", "M02", "O01", "O03"];
    assert_eq!(always.collect::<Vec<_>>(), built);
    let views: Vec<String> =
        load_staging(&root.join("staging")).expect("they load").into_iter().map(|v| v.name).collect();
    assert_eq!(views[0], "firms");
    assert!(load_checks(&root.join("checks")).expect("they load").len() >= 7);
}

#[test]
fn two_files_with_one_id_and_an_unknown_dependency_are_told() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("x99_a.sql"), GOOD).expect("written");
    std::fs::write(dir.path().join("x99_b.sql"), GOOD.replace("depends_on = []", "depends_on = [\"Z01\"]"))
        .expect("written");
    let Err(DefinitionsError::Broken(problems)) = load_indicators(dir.path()) else { panic!("it must not load") };
    assert_eq!(problems.len(), 1, "{problems:?}");
    std::fs::write(dir.path().join("x99_a.sql"), GOOD.replace("depends_on = []", "depends_on = [\"Z01\"]"))
        .expect("written");
    let Err(DefinitionsError::Broken(problems)) = load_indicators(dir.path()) else { panic!("it must not load") };
    assert_eq!(problems.len(), 2, "{problems:?}");
}
