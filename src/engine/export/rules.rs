//! What the gate is told about tables: which are open, and for the others whose a row is and what identifies it.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::Schema;

/// Everything the gate must know of the tables of a session. A table that is not named here cannot be exported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportRules {
    /// Tables that anybody may see: published statistics, lookups, protected results, the ledger's tables.
    pub open: BTreeSet<String>,
    /// Confidential tables whose rows belong to a business.
    pub tables: BTreeMap<String, ExportTable>,
    /// Where a business's enterprise group is found; without it every business is a group of its own.
    pub register: Option<Register>,
}

/// A confidential table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportTable {
    /// The columns that identify a row.
    pub key: Vec<String>,
    /// Whose a row is.
    pub owner: OwnerKey,
    /// The tables that its rows point at.
    pub parents: BTreeSet<String>,
}

/// The column that says whose a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerKey {
    /// It holds the id of a business.
    Business(String),
    /// It holds the id of an enterprise group.
    Group(String),
    /// It holds the key of another table, which has the id of the business.
    Through {
        /// The column here.
        column: String,
        /// The other table.
        table: String,
        /// Its key.
        key: String,
        /// Its column with the business.
        business: String,
    },
}

/// The table of businesses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Its name.
    pub table: String,
    /// The column with the id of the business.
    pub business: String,
    /// The column with the id of its enterprise group.
    pub group: String,
    /// The column with the business that succeeded it.
    pub successor: Option<String>,
}

/// What a table is to the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Mark {
    /// Anybody may see it.
    Open,
    /// Confidential, and its rows have owners.
    Held(Held),
    /// Confidential, and nobody knows whose its rows are.
    Closed {
        /// Its name.
        name: String,
    },
}

/// A confidential table as the rewriting needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Held {
    /// Its name.
    pub(super) name: String,
    /// The dataset whose rows these are; a table of its own where that is not clear.
    pub(super) dataset: String,
    /// The columns that identify a row; empty: all together.
    pub(super) key: Vec<String>,
    /// Whose a row is.
    pub(super) owner: OwnerKey,
}

impl OwnerKey {
    /// Its column here.
    pub(super) fn column(&self) -> &str {
        match self {
            Self::Business(column) | Self::Group(column) | Self::Through { column, .. } => column,
        }
    }
}

impl ExportRules {
    /// What a table that is no view is.
    pub(in crate::engine) fn mark(&self, name: &str) -> Mark {
        if self.open.contains(name) {
            return Mark::Open;
        }
        let Some(table) = self.tables.get(name) else { return Mark::Closed { name: name.to_owned() } };
        Mark::Held(Held {
            name: name.to_owned(),
            dataset: name.to_owned(),
            key: table.key.clone(),
            owner: table.owner.clone(),
        })
    }

    /// What a view is that cannot be rewritten and that reads these tables. It vouches for its rows: each holds the facts of
    /// the business or group that it names.
    pub(super) fn mark_view(&self, name: &str, columns: &Schema, reads: &BTreeSet<String>) -> Mark {
        let Some(owner) = self.owner_in(columns) else { return Mark::Closed { name: name.to_owned() } };
        let has = |column: &String| columns.field_with_name(column).is_ok();
        let finest = self.finest(reads);
        let same_rows = match finest.as_slice() {
            [one] => self.tables.get(*one).filter(|table| table.key.iter().all(has)).map(|table| (*one, table)),
            _ => None,
        };
        let (dataset, key) = match same_rows {
            Some((dataset, table)) => (dataset.to_owned(), table.key.clone()),
            None => (name.to_owned(), Vec::new()),
        };
        Mark::Held(Held { name: name.to_owned(), dataset, key, owner })
    }

    fn owner_in(&self, columns: &Schema) -> Option<OwnerKey> {
        let has = |name: &str| columns.field_with_name(name).is_ok();
        let business = self.register.as_ref().map(|register| &register.business).filter(|name| has(name));
        if let Some(business) = business {
            return Some(OwnerKey::Business(business.clone()));
        }
        if has("group_id") {
            return Some(OwnerKey::Group("group_id".to_owned()));
        }
        let through = |owner: &&OwnerKey| matches!(owner, OwnerKey::Through { column, .. } if has(column));
        self.tables.values().map(|table| &table.owner).find(through).cloned()
    }

    /// Of some tables those that no other of them points at.
    pub(super) fn finest<'a>(&self, among: &'a BTreeSet<String>) -> Vec<&'a str> {
        let mut above: BTreeSet<&str> = BTreeSet::new();
        let mut waiting: Vec<&str> = among.iter().map(String::as_str).collect();
        while let Some(name) = waiting.pop() {
            for parent in self.tables.get(name).into_iter().flat_map(|table| &table.parents) {
                if parent != name && above.insert(parent) {
                    waiting.push(parent);
                }
            }
        }
        among.iter().map(String::as_str).filter(|name| !above.contains(name)).collect()
    }
}
