//! How a schema's columns are stored: Arrow types, and which columns lie in the open lake and which apart. Reads no
//! data.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, Schema as ArrowSchema, SchemaRef, TimeUnit};

use super::schema::{Field, FieldKind, Schema, Sensitivity};
use super::schema_rules::SET_RULE_ROW;

/// Lineage column: the extract's content hash, text.
pub const LINEAGE_EXTRACT: &str = "_extract_id";
/// Lineage column: the row in the file, header included, `Int64`.
pub const LINEAGE_ROW: &str = "_row";
/// Lineage column: who delivered it, text.
pub const LINEAGE_SUPPLIER: &str = "_supplier";
/// Lineage column: the day up to which the extract is known, `Date32`.
pub const LINEAGE_AS_OF: &str = "_as_of";
/// Lineage column: the extract's sequence number, `Int32`.
pub const LINEAGE_SEQUENCE: &str = "_sequence";

/// The lineage columns of every table in the lake, in order. `validate` gives `_row`, the pipeline the others.
#[must_use]
pub fn lineage_fields() -> Vec<ArrowField> {
    vec![
        ArrowField::new(LINEAGE_EXTRACT, DataType::Utf8, true),
        ArrowField::new(LINEAGE_ROW, DataType::Int64, true),
        ArrowField::new(LINEAGE_SUPPLIER, DataType::Utf8, true),
        ArrowField::new(LINEAGE_AS_OF, DataType::Date32, true),
        ArrowField::new(LINEAGE_SEQUENCE, DataType::Int32, true),
    ]
}

/// Which columns of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// All but personal ones and free text. Empty for a dataset that is personal altogether.
    Open,
    /// The primary key, the personal ones and free text. Empty for a dataset that has neither.
    Personal,
    /// Every one.
    All,
}

impl FieldKind {
    /// The Arrow type in which values are stored.
    #[must_use]
    pub fn arrow_type(&self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Integer => DataType::Int64,
            Self::Number { precision, scale } => DataType::Decimal128(*precision, *scale),
            Self::Date => DataType::Date32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Boolean { .. } => DataType::Boolean,
        }
    }
}

impl Schema {
    /// The fields of a part, in the schema's order, those for the codes of others ([`Schema::implied`]) at the end.
    #[must_use]
    pub fn part(&self, part: Columns) -> Vec<&Field> {
        let personal = |field: &Field| field.sensitivity == Sensitivity::Pers || field.is_free_text;
        let any_personal = self.fields.iter().any(personal);
        let keep = |field: &&Field| match part {
            Columns::All => true,
            Columns::Open => !personal(field),
            Columns::Personal => any_personal && (personal(field) || self.primary_key.contains(&field.name)),
        };
        self.fields.iter().chain(&self.implied).filter(keep).collect()
    }

    /// The table that set rules read ([`super::SET_RULE_TABLE`]): every column, the row's number in the extract, and its
    /// row in the file.
    #[must_use]
    pub fn incoming_schema(&self) -> SchemaRef {
        let all = self.arrow_schema(Columns::All);
        let mut fields: Vec<_> = all.fields().iter().cloned().collect();
        fields.push(Arc::new(ArrowField::new(SET_RULE_ROW, DataType::Int64, false)));
        fields.push(Arc::new(ArrowField::new(LINEAGE_ROW, DataType::Int64, true)));
        Arc::new(ArrowSchema::new(fields))
    }

    /// The Arrow schema of a part, every column nullable, without lineage. Has no column when the part is empty.
    #[must_use]
    pub fn arrow_schema(&self, part: Columns) -> SchemaRef {
        let fields: Vec<ArrowField> = self
            .part(part)
            .into_iter()
            .map(|field| ArrowField::new(&field.name, field.kind.arrow_type(), true))
            .collect();
        Arc::new(ArrowSchema::new(fields))
    }
}
