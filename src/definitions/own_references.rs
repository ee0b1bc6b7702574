//! Foreign keys of a dataset to itself, as rules over the rows of an extract: a row may point at another one of the same
//! extract, wherever it stands, or at one that another delivery keeps.

use super::arrow_types::Columns;
use super::schema::{ForeignKey, Schema};
use super::schema_rules::{SET_RULE_ROW, SET_RULE_TABLE, SET_RULE_TARGET, SetRule};
use crate::model::{RuleId, Severity};

impl Schema {
    /// Every check over several rows: the schema's own set rules, then its foreign keys to itself, each with a rule by
    /// which the rows that need a refused one are refused too.
    #[must_use]
    pub fn all_set_rules(&self) -> Vec<SetRule> {
        let own = self.foreign_keys.iter().filter(|key| key.resource == self.dataset);
        let own = own.flat_map(|key| [own_reference(self, key), own_dependence(self, key)]);
        self.set_rules.iter().cloned().chain(own).collect()
    }
}

/// The pieces of a query about a key: names of columns come from the schema and are quoted.
struct Parts {
    /// The key is filled.
    filled: String,
    /// The row that it leads to in the extract, as `s`, equals it.
    on_incoming: String,
    /// How rows of other deliveries are joined as `b`, if their columns can be seen.
    join_others: String,
    /// Conditions under which none of them is found.
    no_others: Option<String>,
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

impl Parts {
    fn of(schema: &Schema, key: &ForeignKey) -> Self {
        let on = |table: &str| {
            let pairs = key.fields.iter().zip(&key.reference_fields);
            let equal = pairs.map(|(own, other)| format!("{table}.{} = i.{}", quoted(other), quoted(own)));
            equal.collect::<Vec<_>>().join(" and ")
        };
        let filled: Vec<String> = key.fields.iter().map(|own| format!("i.{} is not null", quoted(own))).collect();
        let open = schema.arrow_schema(Columns::Open);
        // Rows of other deliveries are seen by their open columns only.
        let can_be_seen = key.reference_fields.iter().all(|field| open.column_with_name(field).is_some());
        let join = || format!("left join {} as b on {}", quoted(schema.dataset.as_str()), on("b"));
        Self {
            filled: filled.join(" and "),
            on_incoming: on("s"),
            join_others: if can_be_seen { join() } else { String::new() },
            no_others: if can_be_seen { is_missing("b", key) } else { None },
        }
    }
}

fn is_missing(table: &str, key: &ForeignKey) -> Option<String> {
    key.reference_fields.first().map(|field| format!("{table}.{} is null", quoted(field)))
}

fn own_reference(schema: &Schema, key: &ForeignKey) -> SetRule {
    let Parts { filled, on_incoming, join_others, no_others } = Parts::of(schema, key);
    let wanting: Vec<String> = is_missing("s", key).into_iter().chain(no_others).collect();
    SetRule {
        query: format!(
            "select i.{SET_RULE_ROW} from {SET_RULE_TABLE} as i left join {SET_RULE_TABLE} as s on {on_incoming} \
             {join_others} where {filled} and {}",
            wanting.join(" and ")
        ),
        reason: format!("there is no such row in `{}`", schema.dataset),
        hint: "deliver the row that it points at too, or correct the key".to_owned(),
        ..rule_about(key)
    }
}

/// The rows that need one of the same extract, since no other delivery has it, each with that one.
fn own_dependence(schema: &Schema, key: &ForeignKey) -> SetRule {
    let Parts { filled, on_incoming, join_others, no_others } = Parts::of(schema, key);
    let conditions: Vec<String> = std::iter::once(filled).chain(no_others).collect();
    SetRule {
        query: format!(
            "select i.{SET_RULE_ROW}, s.{SET_RULE_ROW} as {SET_RULE_TARGET} from {SET_RULE_TABLE} as i \
             inner join {SET_RULE_TABLE} as s on {on_incoming} {join_others} where {}",
            conditions.join(" and ")
        ),
        reason: format!("the row of `{}` that it points at is refused", schema.dataset),
        hint: "mend that row and deliver both".to_owned(),
        follows: true,
        ..rule_about(key)
    }
}

fn rule_about(key: &ForeignKey) -> SetRule {
    SetRule {
        id: RuleId::of("V032"),
        severity: Severity::Quarantine,
        fields: key.fields.clone(),
        query: String::new(),
        reason: String::new(),
        hint: String::new(),
        tolerance: None,
        follows: false,
    }
}
