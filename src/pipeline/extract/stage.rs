//! Accepted rows on their way into the lakes: each lake gets its columns. Rows for set rules are written once more, all
//! columns of them, into scratch.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;

use super::scratch::Scratch;
use super::task::with_row;
use crate::definitions::{Columns, LINEAGE_ROW, SET_RULE_REFUSED, SET_RULE_ROW, SET_RULE_TABLE, Schema};
use crate::lake::{Lake, Staged, StagedWriter};
use crate::pipeline::PipelineError;

/// Where accepted rows go.
#[derive(Clone, Debug)]
pub(super) struct Targets {
    /// Each lake with its part of the columns, in the order of their commits. None when nothing is to be written.
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
    pub(super) for_set_rules: Option<ForSetRules<Staged>>,
}

/// All columns of all rows, accepted and refused ones apart.
#[derive(Debug)]
pub(super) struct ForSetRules<T> {
    pub(super) incoming: T,
    pub(super) refused: T,
}

/// Takes accepted rows.
#[derive(Debug)]
pub(super) struct Stage {
    lakes: Vec<(Lake, Vec<usize>, SchemaRef, StagedWriter)>,
    for_set_rules: Option<(SchemaRef, ForSetRules<StagedWriter>)>,
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
        let mut for_set_rules = None;
        if targets.for_set_rules {
            let (columns, apart) = (schema.incoming_schema(), Lake::scratch(scratch.dir()?));
            let open = |table| apart.stage(table, Arc::clone(&columns), SET_RULE_ROW);
            let writers = ForSetRules { incoming: open(SET_RULE_TABLE)?, refused: open(SET_RULE_REFUSED)? };
            for_set_rules = Some((columns, writers));
        }
        Ok(Self { lakes, for_set_rules })
    }

    /// Whether set rules will ask for the rows.
    pub(super) const fn wants_refused(&self) -> bool {
        self.for_set_rules.is_some()
    }

    /// Adds refused rows for set rules: typed, with their rows in the file and their numbers in the extract.
    pub(super) fn write_refused(
        &mut self,
        typed: &RecordBatch,
        rows: &Int64Array,
        numbers: &Int64Array,
    ) -> Result<(), PipelineError> {
        match &mut self.for_set_rules {
            Some((schema, writers)) if typed.num_rows() > 0 => {
                Ok(writers.refused.write(numbered(schema, typed, rows, numbers)?)?)
            }
            _ => Ok(()),
        }
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
        if let Some((schema, writers)) = &mut self.for_set_rules {
            writers.incoming.write(numbered(schema, typed, rows, numbers)?)?;
        }
        Ok(())
    }

    /// Completes the files.
    pub(super) fn finish(self) -> Result<StagedRows, PipelineError> {
        let mut lakes = Vec::with_capacity(self.lakes.len());
        for (lake, _, _, writer) in self.lakes {
            lakes.push((lake, writer.finish()?));
        }
        let mut for_set_rules = None;
        if let Some((_, ForSetRules { incoming, refused })) = self.for_set_rules {
            for_set_rules = Some(ForSetRules { incoming: incoming.finish()?, refused: refused.finish()? });
        }
        Ok(StagedRows { lakes, for_set_rules })
    }
}

/// Rows as set rules read them.
fn numbered(
    schema: &SchemaRef,
    typed: &RecordBatch,
    rows: &Int64Array,
    numbers: &Int64Array,
) -> Result<RecordBatch, PipelineError> {
    let mut columns = typed.columns().to_vec();
    columns.push(Arc::new(numbers.clone()));
    columns.push(Arc::new(rows.clone()));
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(failed)
}

fn failed(source: ArrowError) -> PipelineError {
    PipelineError::Arrow { doing: "put accepted rows into a batch".to_owned(), source }
}
