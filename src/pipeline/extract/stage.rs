//! Accepted rows on their way into the lakes: each lake gets its columns. Rows for set rules are written once more, all
//! columns of them, into scratch.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;

use super::scratch::Scratch;
use super::task::with_row;
use crate::definitions::{Columns, LINEAGE_ROW, SET_RULE_ROW, SET_RULE_TABLE, Schema};
use crate::lake::{Lake, Staged, StagedWriter};
use crate::pipeline::PipelineError;

/// Where accepted rows go.
#[derive(Clone, Debug)]
pub(super) struct Targets {
    /// Each lake with its part of the columns, in the order of their commits. None in a dry run.
    pub(super) lakes: Vec<(Lake, Columns)>,
    /// Whether set rules will ask for the rows.
    pub(super) for_set_rules: bool,
}

/// Rows that are written and not committed.
#[derive(Debug)]
pub(super) struct StagedRows {
    /// One a lake, in the order of their commits.
    pub(super) lakes: Vec<(Lake, Staged)>,
    /// All columns, for set rules.
    pub(super) incoming: Option<Staged>,
}

/// Takes accepted rows.
#[derive(Debug)]
pub(super) struct Stage {
    lakes: Vec<(Lake, Vec<usize>, SchemaRef, StagedWriter)>,
    incoming: Option<(SchemaRef, StagedWriter)>,
}

impl Stage {
    pub(super) fn open(targets: &Targets, schema: &Schema, scratch: &Arc<Scratch>) -> Result<Self, PipelineError> {
        let all = schema.arrow_schema(Columns::All);
        let mut lakes = Vec::new();
        for (lake, columns) in &targets.lakes {
            let fields = schema.arrow_schema(*columns);
            if fields.fields().is_empty() {
                continue;
            }
            let places: Result<Vec<usize>, ArrowError> =
                fields.fields().iter().map(|field| all.index_of(field.name())).collect();
            let files = with_row(&fields);
            let writer = lake.stage(schema.dataset.as_str(), Arc::clone(&files), LINEAGE_ROW)?;
            lakes.push((lake.clone(), places.map_err(failed)?, files, writer));
        }
        let mut incoming = None;
        if targets.for_set_rules {
            let columns = schema.incoming_schema();
            let writer = Lake::scratch(scratch.dir()?).stage(SET_RULE_TABLE, Arc::clone(&columns), SET_RULE_ROW)?;
            incoming = Some((columns, writer));
        }
        Ok(Self { lakes, incoming })
    }

    /// Adds accepted rows: typed, with their rows in the file and their numbers in the extract.
    pub(super) fn write(
        &mut self,
        typed: &RecordBatch,
        rows: &Int64Array,
        numbers: &Int64Array,
    ) -> Result<(), PipelineError> {
        if typed.num_rows() == 0 {
            return Ok(());
        }
        let row: ArrayRef = Arc::new(rows.clone());
        for (_, places, files, writer) in &mut self.lakes {
            let mut columns: Vec<ArrayRef> = places.iter().map(|place| Arc::clone(typed.column(*place))).collect();
            columns.push(Arc::clone(&row));
            writer.write(RecordBatch::try_new(Arc::clone(files), columns).map_err(failed)?)?;
        }
        if let Some((schema, writer)) = &mut self.incoming {
            let mut columns = typed.columns().to_vec();
            columns.push(Arc::new(numbers.clone()));
            columns.push(row);
            writer.write(RecordBatch::try_new(Arc::clone(schema), columns).map_err(failed)?)?;
        }
        Ok(())
    }

    /// Completes the files.
    pub(super) fn finish(self) -> Result<StagedRows, PipelineError> {
        let mut lakes = Vec::with_capacity(self.lakes.len());
        for (lake, _, _, writer) in self.lakes {
            lakes.push((lake, writer.finish()?));
        }
        let incoming = self.incoming.map(|(_, writer)| writer.finish()).transpose()?;
        Ok(StagedRows { lakes, incoming })
    }
}

fn failed(source: ArrowError) -> PipelineError {
    PipelineError::Arrow { doing: "put accepted rows into a batch".to_owned(), source }
}
