//! What the gate is told of each table, out of the schemas: a dataset is open when all its columns are public; another
//! belongs to the business that its foreign keys lead to.

use std::collections::BTreeSet;

use crate::definitions::{Definitions, ForeignKey, Schema, Sensitivity};
use crate::engine::{ExportRules, ExportTable, OwnerKey, Register};

/// The dataset of businesses.
const BUSINESSES: &str = "businesses";
/// Its column with the enterprise group.
const GROUP: &str = "enterprise_group_id";
/// Tables beside the datasets that anybody may see: protected results, and what the ledger shows.
const OPEN: [&str; 4] = ["indicators", "runs", "extracts", "editions"];

/// The rules of a project's tables.
pub(super) fn export_rules(definitions: &Definitions) -> ExportRules {
    let mut rules = ExportRules { open: OPEN.map(str::to_owned).into(), ..ExportRules::default() };
    for schema in definitions.schemas.values() {
        let name = schema.dataset.to_string();
        if is_open(schema) {
            rules.open.insert(name);
        } else if let Some(owner) = owner_of(definitions, schema) {
            let key = schema.primary_key.clone();
            let parents: BTreeSet<String> = schema.foreign_keys.iter().map(|key| key.resource.to_string()).collect();
            rules.tables.insert(name, ExportTable { key, owner, parents });
        }
    }
    rules.register = register(definitions);
    rules
}

fn is_open(schema: &Schema) -> bool {
    schema.fields.iter().chain(&schema.implied).all(|field| field.sensitivity == Sensitivity::Pub)
}

/// The column that leads to the business, directly or through one other dataset.
fn owner_of(definitions: &Definitions, schema: &Schema) -> Option<OwnerKey> {
    if let Some(business) = business_of(schema) {
        return Some(OwnerKey::Business(business));
    }
    schema.foreign_keys.iter().find_map(|key| {
        let (column, reference) = one_column(key)?;
        let parent = definitions.schemas.values().find(|parent| parent.dataset == key.resource)?;
        Some(OwnerKey::Through {
            column: column.to_owned(),
            table: parent.dataset.to_string(),
            key: reference.to_owned(),
            business: business_of(parent)?,
        })
    })
}

/// The column of a dataset that holds the id of a business.
fn business_of(schema: &Schema) -> Option<String> {
    if schema.dataset.as_str() == BUSINESSES {
        return match schema.primary_key.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        };
    }
    let to_business = |key: &&ForeignKey| key.resource.as_str() == BUSINESSES;
    let key = schema.foreign_keys.iter().find(to_business)?;
    one_column(key).map(|(column, _)| column.to_owned())
}

fn one_column(key: &ForeignKey) -> Option<(&str, &str)> {
    match (key.fields.as_slice(), key.reference_fields.as_slice()) {
        ([column], [reference]) => Some((column, reference)),
        _ => None,
    }
}

fn register(definitions: &Definitions) -> Option<Register> {
    let schema = definitions.schemas.values().find(|schema| schema.dataset.as_str() == BUSINESSES)?;
    schema.find_field(GROUP)?;
    Some(Register {
        table: BUSINESSES.to_owned(),
        business: business_of(schema)?,
        group: GROUP.to_owned(),
        successor: schema.successor.clone(),
    })
}
