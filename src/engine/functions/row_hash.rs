//! `row_hash(value, ...)`: 128 bits over values of any type, as 32 hexadecimal digits, the same on every machine and in
//! every run. It tells whether two rows hold the same.
//!
//! Each value goes into SHA-256 as SQL would cast it to text: the byte 0 for null, else the byte 1, the length in bytes (eight
//! bytes, the least first) and the text. The first half of the digest counts.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use sha2::{Digest, Sha256};

/// Bytes of the digest that are kept.
const KEPT: usize = 16;

/// The function of a session.
pub(in crate::engine) fn row_hash() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::from(RowHash::new()))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct RowHash {
    signature: Signature,
}

impl RowHash {
    fn new() -> Self {
        Self { signature: Signature::variadic_any(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for RowHash {
    fn name(&self) -> &'static str {
        "row_hash"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType, DataFusionError> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue, DataFusionError> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let texts: Result<Vec<ArrayRef>, _> = arrays.iter().map(|array| cast(array, &DataType::Utf8)).collect();
        let texts = texts?;
        let rows = arrays.first().map_or(args.number_rows, Array::len);
        let mut hashes = StringBuilder::with_capacity(rows, rows * KEPT * 2);
        let mut digits = String::with_capacity(KEPT * 2);
        for row in 0..rows {
            digits.clear();
            for byte in &hash(&texts, row)[..KEPT] {
                // Writing to a text cannot fail.
                let _ = write!(digits, "{byte:02x}");
            }
            hashes.append_value(&digits);
        }
        Ok(ColumnarValue::Array(Arc::new(hashes.finish())))
    }
}

fn hash(texts: &[ArrayRef], row: usize) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for column in texts {
        if column.is_null(row) {
            hasher.update([0]);
            continue;
        }
        let text = column.as_string::<i32>().value(row).as_bytes();
        hasher.update([1]);
        hasher.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(text);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, StringArray};

    use super::hash;

    #[test]
    fn nothing_is_no_empty_text_and_values_keep_to_their_columns() {
        let column = |text: Option<&str>| Arc::new(StringArray::from(vec![text])) as ArrayRef;
        let of = |texts: &[Option<&str>]| hash(&texts.iter().map(|text| column(*text)).collect::<Vec<_>>(), 0);
        let rows = [
            of(&[Some("ab"), Some("c")]),
            of(&[Some("a"), Some("bc")]),
            of(&[Some("abc"), None]),
            of(&[Some("abc"), Some("")]),
            of(&[None, Some("abc")]),
        ];
        for (index, row) in rows.iter().enumerate() {
            assert!(!rows[..index].contains(row));
        }
        assert_eq!(rows[0], of(&[Some("ab"), Some("c")]));
    }
}
