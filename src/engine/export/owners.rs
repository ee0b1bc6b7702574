//! Whose a row is: the enterprise group of its business, found through the register and its successors. A business
//! without a group is one of its own.

use std::collections::{BTreeSet, HashMap};

use arrow::array::{Array, StringArray};
use datafusion::datasource::provider_as_source;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::prelude::cast;

use arrow::datatypes::DataType;

use super::rules::{ExportRules, OwnerKey};
use super::trace::Scan;
use crate::engine::dataset::column;
use crate::engine::{EngineError, Session};

const WHAT: &str = "the owners of rows";
/// A chain of successors that is longer than this is taken for a circle.
const LONGEST_CHAIN: usize = 20;

/// Groups by business, and businesses by the key of other tables.
#[derive(Debug, Default)]
pub(super) struct Owners {
    groups: HashMap<String, String>,
    through: HashMap<String, HashMap<String, String>>,
}

impl Owners {
    /// Reads what the scans of a query need.
    pub(super) async fn load(session: &Session, rules: &ExportRules, scans: &[Scan]) -> Result<Self, EngineError> {
        let mut owners = Self::default();
        if let Some(register) = &rules.register {
            let mut names = vec![register.business.as_str(), register.group.as_str()];
            names.extend(register.successor.as_deref());
            let rows = texts(session, &register.table, &names).await?;
            owners.groups = groups_of(&rows);
        }
        for scan in scans {
            let OwnerKey::Through { table, key, business, .. } = &scan.held.owner else { continue };
            if !owners.through.contains_key(table) {
                let rows = texts(session, table, &[key, business]).await?;
                let pairs = rows.into_iter().filter_map(|row| Some((row.first()?.clone()?, row.get(1)?.clone()?)));
                owners.through.insert(table.clone(), pairs.collect());
            }
        }
        Ok(owners)
    }

    /// The group that a value of a scan's owner column stands for; none when nobody is known.
    pub(super) fn group_of<'a>(&'a self, owner: &OwnerKey, value: &'a str) -> Option<&'a str> {
        let business = match owner {
            OwnerKey::Group(_) => return Some(value),
            OwnerKey::Business(_) => value,
            OwnerKey::Through { table, .. } => self.through.get(table)?.get(value)?,
        };
        Some(self.groups.get(business).map_or(business, String::as_str))
    }
}

/// By business its group: that of the last of its successors, else its own, else the last successor itself.
fn groups_of(rows: &[Vec<Option<String>>]) -> HashMap<String, String> {
    let cell = |row: &[Option<String>], place: usize| row.get(place).cloned().flatten();
    let group: HashMap<String, Option<String>> =
        rows.iter().filter_map(|row| Some((cell(row, 0)?, cell(row, 1)))).collect();
    let next: HashMap<String, String> = rows
        .iter()
        .filter_map(|row| Some((cell(row, 0)?, cell(row, 2)?)))
        .filter(|(business, successor)| business != successor && group.contains_key(successor))
        .collect();
    let known = |business: &str| group.get(business).cloned().flatten();
    let resolve = |business: &String| {
        let last = last_of(business, &next);
        let found = known(&last).or_else(|| known(business)).unwrap_or(last);
        (business.clone(), found)
    };
    group.keys().map(resolve).collect()
}

/// The end of a chain of successors; of a circle its smallest id.
fn last_of(business: &str, next: &HashMap<String, String>) -> String {
    let mut met = BTreeSet::new();
    let mut here = business.to_owned();
    for _ in 0..LONGEST_CHAIN {
        let Some(successor) = next.get(&here) else { return here };
        here.clone_from(successor);
        met.insert(here.clone());
    }
    met.into_iter().next().unwrap_or(here)
}

/// Some columns of a table as text; none where the table is not there.
async fn texts(session: &Session, table: &str, names: &[&str]) -> Result<Vec<Vec<Option<String>>>, EngineError> {
    let failed = |source: DataFusionError| EngineError::plan(WHAT, source);
    let Some(provider) = session.find_table(table).await.map_err(failed)? else { return Ok(Vec::new()) };
    let scan = LogicalPlanBuilder::scan(table, provider_as_source(provider), None).map_err(failed)?;
    let shown = names.iter().map(|name| cast(column(name), DataType::Utf8).alias(*name));
    let plan: LogicalPlan = scan.project(shown).and_then(LogicalPlanBuilder::build).map_err(failed)?;
    let mut stream = session.stream(WHAT, session.frame(plan)).await?;
    let mut rows = Vec::new();
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        let columns: Vec<Option<StringArray>> =
            batch.columns().iter().map(|array| array.as_any().downcast_ref::<StringArray>().cloned()).collect();
        for row in 0..batch.num_rows() {
            let value = |array: &Option<StringArray>| {
                array.as_ref().filter(|array| array.is_valid(row)).map(|array| array.value(row).to_owned())
            };
            rows.push(columns.iter().map(value).collect());
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::groups_of;

    #[test]
    fn a_group_is_that_of_the_last_successor() {
        let row = |business: &str, group: &str, successor: &str| {
            [business, group, successor].iter().map(|text| (!text.is_empty()).then(|| (*text).to_owned())).collect()
        };
        let rows: Vec<Vec<Option<String>>> = vec![
            row("B1", "G1", "B2"),
            row("B2", "", "B3"),
            row("B3", "G3", ""),
            row("B4", "", ""),
            row("B5", "G5", "B4"),
            row("B6", "", "gone"),
            row("B7", "", "B8"),
            row("B8", "", "B7"),
        ];
        let mut found: Vec<(String, String)> = groups_of(&rows).into_iter().collect();
        found.sort();
        let found: Vec<String> = found.into_iter().map(|(business, group)| format!("{business} {group}")).collect();
        assert_eq!(found, ["B1 G3", "B2 G3", "B3 G3", "B4 B4", "B5 G5", "B6 B6", "B7 B7", "B8 B7"]);
    }
}
