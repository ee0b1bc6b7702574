//! Foreign keys of a dataset to itself, as rules over the rows of an extract: a row may point at another one of the same
//! extract, wherever it stands, or at one that another delivery keeps.

use super::arrow_types::Columns;
use super::schema::{ForeignKey, Schema};
use super::schema_rules::{SET_RULE_ROW, SET_RULE_TABLE, SetRule};
use crate::model::{RuleId, Severity};

impl Schema {
    /// Every check over several rows: the schema's own set rules, then its foreign keys to itself.
    #[must_use]
    pub fn all_set_rules(&self) -> Vec<SetRule> {
        let own = self.foreign_keys.iter().filter(|key| key.resource == self.dataset);
        self.set_rules.iter().cloned().chain(own.map(|key| own_reference(self, key))).collect()
    }
}

/// Names of columns come from the schema and are quoted.
fn own_reference(schema: &Schema, key: &ForeignKey) -> SetRule {
    let quoted = |name: &String| format!("\"{name}\"");
    let on = |table: &str| {
        let pairs = key.fields.iter().zip(&key.reference_fields);
        let equal = pairs.map(|(own, other)| format!("{table}.{} = i.{}", quoted(other), quoted(own)));
        equal.collect::<Vec<_>>().join(" and ")
    };
    let filled =
        key.fields.iter().map(|own| format!("i.{} is not null", quoted(own))).collect::<Vec<_>>().join(" and ");
    let is_missing = |table: &str| key.reference_fields.first().map(|f| format!("{table}.{} is null", quoted(f)));
    let open = schema.arrow_schema(Columns::Open);
    let mut joins = vec![format!("left join {SET_RULE_TABLE} as s on {}", on("s"))];
    let mut wanting: Vec<String> = is_missing("s").into_iter().collect();
    // Rows of other deliveries are seen by their open columns only.
    if key.reference_fields.iter().all(|field| open.column_with_name(field).is_some()) {
        joins.push(format!("left join \"{}\" as b on {}", schema.dataset, on("b")));
        wanting.extend(is_missing("b"));
    }
    SetRule {
        id: RuleId::of("V032"),
        severity: Severity::Quarantine,
        fields: key.fields.clone(),
        query: format!(
            "select i.{SET_RULE_ROW} from {SET_RULE_TABLE} as i {} where {filled} and {}",
            joins.join(" "),
            wanting.join(" and ")
        ),
        reason: format!("there is no such row in `{}`", schema.dataset),
        hint: "deliver the row that it points at too, or correct the key".to_owned(),
        tolerance: None,
    }
}
