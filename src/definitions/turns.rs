//! In which order datasets are taken in, and which of them may be taken in side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::Definitions;
use super::schema::Schema;
use super::selection::list_tables;
use crate::model::DatasetName;

/// A dataset's place in the order.
#[derive(Clone, Debug)]
pub struct Turn<'a> {
    /// Whose turn it is.
    pub schema: &'a Schema,
    /// Places, among those meant, of the earlier datasets that must be done: those that its checks read, and those whose checks read it.
    pub after: BTreeSet<usize>,
}

impl Definitions {
    /// The datasets that are `meant`, each after those it points at. A circle (which `check` reports) keeps its members'
    /// order.
    #[must_use]
    pub fn turns(&self, meant: impl Fn(&DatasetName) -> bool) -> Vec<Turn<'_>> {
        let mut ordered = in_order(&self.schemas);
        ordered.retain(|schema| meant(&schema.dataset));
        let reads: Vec<BTreeSet<String>> = ordered.iter().map(|schema| self.read_by_checks(schema)).collect();
        let is_read = |reader: usize, read: usize| reads[reader].contains(ordered[read].dataset.as_str());
        let after = |place| (0..place).filter(|other| is_read(place, *other) || is_read(*other, place)).collect();
        ordered.iter().enumerate().map(|(place, schema)| Turn { schema, after: after(place) }).collect()
    }

    /// The datasets of which the checks of a schema see rows.
    fn read_by_checks(&self, schema: &Schema) -> BTreeSet<String> {
        let known: BTreeSet<&str> = self.schemas.keys().map(DatasetName::as_str).collect();
        let rules = schema.set_rules.iter().flat_map(|rule| list_tables(&rule.query, &known));
        schema.foreign_keys.iter().map(|key| key.resource.to_string()).chain(rules).collect()
    }
}

fn in_order(schemas: &BTreeMap<DatasetName, Schema>) -> Vec<&Schema> {
    let mut done: BTreeSet<&DatasetName> = BTreeSet::new();
    let mut ordered = Vec::with_capacity(schemas.len());
    while ordered.len() < schemas.len() {
        let waiting: Vec<&Schema> = schemas.values().filter(|schema| !done.contains(&schema.dataset)).collect();
        let points_at_waiting = |schema: &Schema| {
            let others = schema.foreign_keys.iter().map(|key| &key.resource);
            others
                .filter(|name| **name != schema.dataset)
                .any(|name| schemas.contains_key(name) && !done.contains(name))
        };
        let free: Vec<&Schema> = waiting.iter().copied().filter(|schema| !points_at_waiting(schema)).collect();
        let next = if free.is_empty() { waiting } else { free };
        done.extend(next.iter().map(|schema| &schema.dataset));
        ordered.extend(next);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::tz::TimeZone;

    use super::Definitions;

    #[test]
    fn whoever_is_pointed_at_or_asked_comes_first() {
        let definitions = Definitions::load(Path::new(env!("CARGO_MANIFEST_DIR")), &TimeZone::UTC).expect("they load");
        let turns = definitions.turns(|_| true);
        let after = |name: &str| -> Vec<&str> {
            let turn = turns.iter().find(|turn| turn.schema.dataset.as_str() == name).expect("a dataset");
            turn.after.iter().map(|place| turns[*place].schema.dataset.as_str()).collect()
        };
        assert_eq!(turns.len(), definitions.schemas.len());
        assert!(after("geography_lookup").is_empty());
        assert_eq!(after("diagnostic_scores"), ["component_lookup", "diagnostics"]);
        // By a rule, not by a key.
        assert_eq!(after("businesses"), ["geography_lookup", "postcode_lookup"]);
        for (place, turn) in turns.iter().enumerate() {
            assert!(turn.after.iter().all(|other| *other < place), "{}", turn.schema.dataset);
        }
        let few = definitions.turns(|dataset| ["diagnostics", "diagnostic_scores"].contains(&dataset.as_str()));
        let few: Vec<_> = few.iter().map(|turn| (turn.schema.dataset.as_str(), turn.after.len())).collect();
        assert_eq!(few, [("diagnostics", 0), ("diagnostic_scores", 1)]);
    }
}
