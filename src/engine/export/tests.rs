//! What the rewriting finds behind cells. Attacks on the gate as a whole are among the tests of `analyst`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};

use super::{CellMeasure, ExportRules, ExportTable, OwnerKey, Shares};
use crate::engine::tests::engine;
use crate::engine::{MemoryTable, Session, SessionSource};

fn session(dir: &std::path::Path) -> Session {
    let text = |values: Vec<Option<&str>>| Arc::new(StringArray::from(values)) as ArrayRef;
    let columns = vec![
        ("id", text(vec![Some("1"), Some("2"), Some("3"), Some("4"), Some("5")])),
        ("group_id", text(vec![Some("G1"), Some("G1"), Some("G2"), Some("G3"), None])),
        ("area", text(vec![Some("A"), Some("A"), Some("A"), Some("B"), None])),
        ("gbp", Arc::new(Int64Array::from(vec![Some(5), Some(-8), Some(4), Some(0), Some(7)])) as ArrayRef),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("equal columns");
    let schema = batch.schema();
    let memory = [MemoryTable { name: "grants".to_owned(), description: String::new(), schema, batches: vec![batch] }];
    let engine = engine(dir, 64 << 20, Duration::from_mins(1));
    engine.open(SessionSource { memory: &memory, ..SessionSource::empty() }).expect("names are distinct")
}

fn rules() -> ExportRules {
    let owner = OwnerKey::Group("group_id".to_owned());
    let table = ExportTable { key: vec!["id".to_owned()], owner, parents: std::collections::BTreeSet::new() };
    ExportRules { tables: BTreeMap::from([("grants".to_owned(), table)]), ..ExportRules::default() }
}

fn shares(measure: &CellMeasure) -> Vec<[u128; 4]> {
    let line = |s: &Shares| [u128::try_from(s.groups).expect("small"), s.total, s.largest, s.second];
    measure.shares.iter().map(line).collect()
}

#[tokio::test]
async fn groups_their_sizes_and_margins_are_found() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let sql = "select area, sum(gbp), count(*) from grants group by area order by area";
    let export = session(dir.path()).export(sql, &rules()).await.expect("is traced");
    let mut found = Vec::new();
    for cell in export.cells.expect("the table is confidential") {
        let measures: Vec<_> = cell.measures.iter().map(|measure| (measure.total, shares(measure))).collect();
        found.push((cell.key.replace('\u{1e}', "null"), cell.is_margin, measures));
    }
    let cell = |key: &str, is_margin, sum: (i128, Vec<[u128; 4]>), count: (i128, Vec<[u128; 4]>)| {
        (key.to_owned(), is_margin, vec![sum, count])
    };
    assert_eq!(
        found,
        [
            // A row without an owner counts, is no group, and is compared all the same.
            cell("area=null", false, (7, vec![[0, 7, 7, 0]]), (1, vec![[0, 1, 1, 0]])),
            // G1 gives 5 and -8, which is 3 by size.
            cell("area=A", false, (1, vec![[2, 7, 4, 3]]), (3, vec![[2, 3, 2, 1]])),
            // Nought is no contribution to a sum, but a row to a count.
            cell("area=B", false, (0, vec![]), (1, vec![[1, 1, 1, 0]])),
            cell("", true, (8, vec![[2, 14, 7, 4]]), (5, vec![[3, 5, 2, 1]])),
        ]
    );
}

#[tokio::test]
async fn the_same_rows_have_the_same_facts_however_they_are_asked_for() {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let session = session(dir.path());
    let mut facts = Vec::new();
    for sql in [
        "select sum(gbp) from grants where area = 'A'",
        "select sum(x.g) / 7 from (select gbp as g, area from grants) x where x.area = 'A'",
        "select sum(case when area = 'A' then gbp else 0 end) from grants",
        "select sum(gbp) filter (where area = 'A') from grants",
        "select sum(gbp) from grants where area = 'A' and id <> '2'",
    ] {
        let export = session.export(sql, &rules()).await.expect("is traced");
        let cells = export.cells.expect("the table is confidential");
        let [cell] = cells.as_slice() else { panic!("{sql} has one cell") };
        let fact = &cell.measures[0].facts[0];
        assert_eq!(fact.subject, "sum grants.gbp");
        facts.push(fact.groups.clone());
    }
    assert!(facts[..4].iter().all(|other| *other == facts[0]), "four ways to the same rows");
    assert_eq!(facts[4].keys().collect::<Vec<_>>(), ["G1", "G2"], "the groups are the same");
    assert_ne!(facts[4]["G1"], facts[0]["G1"], "but one row of G1 is missing");
    assert_eq!(facts[4]["G2"], facts[0]["G2"]);
}
