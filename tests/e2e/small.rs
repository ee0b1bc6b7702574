//! A project with one small dataset, so that what the operator sees can be compared whole.

use crate::bench::TestBench;

/// The dataset `things`: two suppliers, due ten working days after each quarter, a rule over two columns.
const THINGS: &str = r#"{
  "name": "things", "title": "Things", "description": "",
  "fields": [
    {"name": "id", "type": "string", "constraints": {"required": true, "pattern": "T-[0-9]{3}"},
     "mesur": {"sensitivity": "PUB"}},
    {"name": "area", "type": "string", "mesur": {"sensitivity": "PUB"}},
    {"name": "granted", "type": "number", "mesur": {"sensitivity": "INT", "precision": 12, "scale": 2}},
    {"name": "spent", "type": "number", "mesur": {"sensitivity": "INT", "precision": 12, "scale": 2}},
    {"name": "owner", "type": "string", "mesur": {"sensitivity": "PERS"}}
  ],
  "primaryKey": "id",
  "mesur": {
    "version": 1, "mode": "snapshot", "suppliers": ["c1", "c2"],
    "expected": {"calendar": "quarterly", "working_days_after": 10},
    "stability": {"rowDrop": "0.05", "severity": "refuse", "shares": ["area"], "deviations": "3"},
    "rules": [
      {"id": "X901", "severity": "quarantine", "fields": ["spent"], "expression": "spent <= granted",
       "reason": "more was spent than granted", "hint": "check both amounts"}
    ]
  }
}"#;

/// The name of a delivery of `things`.
pub(crate) fn name(supplier: &str, day: &str, sequence: u32) -> String {
    format!("things__{supplier}__{day}__{sequence:03}.csv")
}

/// A project with `things` only, on the morning of 8 January 2021.
pub(crate) fn small() -> TestBench {
    let mut bench = TestBench::empty();
    for folder in ["schemas", "schemas/layouts", "queries/staging", "queries/indicators", "queries/checks"] {
        let Ok(entries) = std::fs::read_dir(bench.project().join(folder)) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()) {
            std::fs::remove_file(path).expect("it goes");
        }
    }
    std::fs::write(bench.project().join("schemas/things.json"), THINGS).expect("a schema");
    set_now(&mut bench, "2021-01-08T08:00:00Z");
    bench
}

/// Fixes the clock of all commands to come.
pub(crate) fn set_now(bench: &mut TestBench, now: &str) {
    bench.set("MESUR_NOW", now);
}

/// The rows of a good file: so many of area `A`, then so many of area `B`.
pub(crate) fn rows(a: u32, b: u32) -> String {
    let mut text = "id,area,granted,spent,owner\n".to_owned();
    for number in 1..=a + b {
        let area = if number <= a { "A" } else { "B" };
        for part in [format!("T-{number:03}"), format!(",{area},100.50,20.25,Ann\n")] {
            text.push_str(&part);
        }
    }
    text
}

/// Puts a file into the inbox.
pub(crate) fn deliver(bench: &TestBench, file: &str, text: &str) {
    std::fs::write(bench.inbox().join(file), text).expect("a file");
}
