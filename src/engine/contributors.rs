//! Which firms stand behind the rows of an indicator, for whoever walks back from a published cell. Never their amounts.

use arrow::array::{Array, Int32Array, RecordBatch, StringArray};
use datafusion::prelude::{Expr, cast, coalesce};

use super::dataset::column;
use super::session::Session;
use super::{EngineError, QueryParameters, functions};
use arrow::datatypes::DataType;

/// One firm in one cell of the finest breakdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contributor {
    /// The measure.
    pub measure: String,
    /// The quarter, as `model::Period::index` counts it.
    pub period_index: i32,
    /// The authority.
    pub lad_code: String,
    /// One member a dimension.
    pub members: Vec<String>,
    /// The enterprise, successors followed; its group where the query names none.
    pub business_id: String,
    /// Its enterprise group; the enterprise itself where it has none.
    pub group_id: String,
}

impl Session {
    /// The firms behind a disclosive indicator's rows, each once a cell, in a fixed order. Rows that count nowhere because a
    /// key of theirs is null are left out.
    ///
    /// # Errors
    /// As [`Session::contributions`].
    pub async fn contributors(
        &self,
        sql: &str,
        dimensions: &[String],
        parameters: &QueryParameters,
    ) -> Result<Vec<Contributor>, EngineError> {
        let what = "the indicator";
        let plan = self.bound_plan(what, sql, parameters).await?;
        let text = |name: &str| cast(column(name), DataType::Utf8);
        let mut shown: Vec<Expr> = vec![
            text("measure").alias("measure"),
            functions::fin_quarter_index().call(vec![column("dated_on")]).alias("period_index"),
            text("lad_code").alias("lad_code"),
            coalesce(vec![text("business_id"), text("group_id")]).alias("business_id"),
            coalesce(vec![text("group_id"), text("business_id")]).alias("group_id"),
        ];
        shown.extend(dimensions.iter().map(|name| text(name).alias(name)));
        let order = shown.iter().map(|expr| column(&expr.schema_name().to_string()).sort(true, true)).collect();
        let frame = self.frame(plan).select(shown).and_then(|frame| frame.distinct()?.sort(order));
        let frame = frame.map_err(|source| EngineError::plan(what, source))?;
        let batches = self.stream(what, frame).await?.collect().await?;
        Ok(batches.iter().flat_map(|batch| read(batch, dimensions.len())).collect())
    }

    /// The tables and views that a statement names, in their order, each once.
    ///
    /// # Errors
    /// When the SQL cannot be parsed.
    pub fn named_tables(&self, sql: &str) -> Result<Vec<String>, EngineError> {
        let failed = |source| EngineError::plan("the query", source);
        let statement = self.parse(sql).map_err(failed)?;
        let mut names = Vec::new();
        for reference in self.resolve(&statement).map_err(failed)? {
            let name = reference.table().to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Ok(names)
    }
}

fn read(batch: &RecordBatch, dimensions: usize) -> Vec<Contributor> {
    let text = |index: usize| batch.column(index).as_any().downcast_ref::<StringArray>();
    let quarters = batch.column(1).as_any().downcast_ref::<Int32Array>();
    let (Some(measures), Some(quarters), Some(lads), Some(firms), Some(groups)) =
        (text(0), quarters, text(2), text(3), text(4))
    else {
        return Vec::new();
    };
    let members: Vec<&StringArray> = (0..dimensions).filter_map(|place| text(5 + place)).collect();
    let is_whole = |row: usize| {
        let keys = [measures, lads, firms].into_iter().chain(members.iter().copied());
        quarters.is_valid(row) && keys.into_iter().all(|key| key.is_valid(row))
    };
    (0..batch.num_rows())
        .filter(|row| is_whole(*row))
        .map(|row| Contributor {
            measure: measures.value(row).to_owned(),
            period_index: quarters.value(row),
            lad_code: lads.value(row).to_owned(),
            members: members.iter().map(|texts| texts.value(row).to_owned()).collect(),
            business_id: firms.value(row).to_owned(),
            group_id: groups.value(row).to_owned(),
        })
        .collect()
}
