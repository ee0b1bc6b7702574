//! What is to be taken in, and names and columns derived from it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, SchemaRef};
use jiff::civil::Date;

use crate::definitions::{
    Columns, CompiledRule, LINEAGE_AS_OF, LINEAGE_EXTRACT, LINEAGE_ROW, LINEAGE_SEQUENCE, LINEAGE_SUPPLIER, RowRule,
    Schema, lineage_fields,
};
use crate::engine::{self, EngineError, RuleText};
use crate::lake::Constant;
use crate::ledger::RunId;
use crate::model::{ContentHash, ExtractName};
use crate::pipeline::progress::ProgressSink;
use crate::validate::References;

/// One extract to take in.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Task {
    /// Where it lies.
    pub(in crate::pipeline) path: PathBuf,
    /// Its name, or the one it is given.
    pub(in crate::pipeline) name: ExtractName,
    /// Its size.
    pub(in crate::pipeline) bytes: u64,
    /// The manifest beside it, if there is one.
    pub(in crate::pipeline) manifest: Option<PathBuf>,
    /// Its dataset's schema.
    pub(in crate::pipeline) schema: Arc<Schema>,
    /// Known keys of the datasets it points at.
    pub(in crate::pipeline) references: Arc<References>,
    /// The run it belongs to.
    pub(in crate::pipeline) run: RunId,
    /// Who is told how far it has come.
    pub(in crate::pipeline) progress: ProgressSink,
}

/// Compiles one rule of a schema.
pub(in crate::pipeline) fn compile_one(
    schema: &Schema,
    rule: &RowRule,
    as_of: Date,
) -> Result<CompiledRule, EngineError> {
    engine::compile_rule(&schema.arrow_schema(Columns::All), RuleText::of(&schema.dataset, rule), as_of)
}

/// The columns of a lake table that stand in its files: those of the dataset and the row number.
pub(super) fn with_row(fields: &SchemaRef) -> SchemaRef {
    let mut all: Vec<_> = fields.fields().iter().cloned().collect();
    all.push(Arc::new(Field::new(LINEAGE_ROW, DataType::Int64, true)));
    Arc::new(arrow::datatypes::Schema::new(all))
}

/// The lineage columns that are the same in every row of an extract.
pub(super) fn constants(name: &ExtractName, hash: &ContentHash) -> Vec<Constant> {
    let value = |field: &Field| match field.name().as_str() {
        LINEAGE_EXTRACT => Some(hash.to_string()),
        LINEAGE_SUPPLIER => Some(name.supplier.to_string()),
        LINEAGE_AS_OF => Some(name.as_of.to_string()),
        LINEAGE_SEQUENCE => Some(name.sequence.to_string()),
        _ => None,
    };
    lineage_fields().into_iter().filter_map(|field| value(&field).map(|value| Constant { field, value })).collect()
}

/// The file name part of a path, for messages.
pub(in crate::pipeline) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
