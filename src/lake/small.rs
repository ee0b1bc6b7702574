//! Commits rows that are in memory already, such as those released from quarantine.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::{Commit, Constant, Lake, LakeError};
use crate::definitions::{LINEAGE_AS_OF, LINEAGE_EXTRACT, LINEAGE_ROW, LINEAGE_SEQUENCE, LINEAGE_SUPPLIER};
use crate::model::ContentHash;

/// The lineage columns that are the same in every row of an extract.
const CONSTANT: [&str; 4] = [LINEAGE_EXTRACT, LINEAGE_SUPPLIER, LINEAGE_AS_OF, LINEAGE_SEQUENCE];

impl Lake {
    /// Adds rows that are in memory as one extract: [`Lake::commit_staged`] for small callers. The lineage columns stand in
    /// the batches; those that are constant in an extract must be so.
    ///
    /// # Errors
    /// [`LakeError::Slice`] when a constant column is not constant; otherwise as [`Lake::commit_staged`].
    pub async fn commit_extract(
        &self,
        table: &str,
        schema: SchemaRef,
        batches: Vec<RecordBatch>,
        hash: &ContentHash,
    ) -> Result<Commit, LakeError> {
        let is_constant = |field: &Field| CONSTANT.contains(&field.name().as_str());
        let mut constants = Vec::new();
        for (index, field) in schema.fields().iter().enumerate().filter(|(_, field)| is_constant(field)) {
            let slice = || LakeError::Slice { table: table.to_owned(), column: field.name().clone() };
            let value = only_value(batches.iter().map(|batch| batch.column(index))).ok().flatten().ok_or_else(slice)?;
            constants.push(Constant { field: field.as_ref().clone(), value });
        }
        let kept: Vec<usize> = (0..schema.fields().len()).filter(|index| !is_constant(schema.field(*index))).collect();
        let fields: Vec<Arc<Field>> = kept.iter().map(|index| Arc::clone(&schema.fields()[*index])).collect();
        let mut writer = self.stage(table, Arc::new(Schema::new(fields)), LINEAGE_ROW)?;
        for batch in batches {
            let failed = |source| LakeError::Stage { table: table.to_owned(), source: Box::new(source) };
            writer.write(batch.project(&kept).map_err(failed)?)?;
        }
        self.commit_staged(writer.finish()?, &constants, hash).await
    }
}

/// The value that all rows share, as text; an empty one when there is no row, and none when they differ.
fn only_value<'a>(columns: impl Iterator<Item = &'a ArrayRef>) -> Result<Option<String>, ArrowError> {
    let options = FormatOptions::default();
    let mut only: Option<String> = None;
    for column in columns {
        let texts = ArrayFormatter::try_new(column.as_ref(), &options)?;
        for row in 0..column.len() {
            let text = texts.value(row).to_string();
            match &only {
                Some(known) if *known != text => return Ok(None),
                Some(_) => {}
                None => only = Some(text),
            }
        }
    }
    Ok(Some(only.unwrap_or_default()))
}
