//! Columns as files of Arrow and Parquet.

use std::{io, path::Path, sync::Arc};

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, UInt64Array};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Field, Schema};
use serde_json::Value;

use super::{Column, flat, plain};
use crate::{
    error::{Error, FileError, Result},
    file,
};

/// The extensions of these files.
pub(in crate::report) const EXTENSIONS: &[&str] =
    if cfg!(feature = "parquet") { &["arrow", "feather", "parquet"] } else { &["arrow", "feather"] };

/// Writes columns to a file of Arrow or Parquet by its extension, [whole or not at all](file::write).
///
/// # Errors
/// Those of [`file::write`].
pub(in crate::report) fn write(path: &Path, extension: &str, columns: &[(String, Column)]) -> Result<()> {
    let error = |source| Error::File(FileError::Write { path: path.to_owned(), source });
    let batch = batch(columns).map_err(|source| error(io::Error::other(source)))?;
    file::write(path, bytes(&batch, extension).map_err(error)?)
}

fn bytes(batch: &RecordBatch, extension: &str) -> io::Result<Vec<u8>> {
    #[cfg(feature = "parquet")]
    if extension == "parquet" {
        return parquet(batch).map_err(io::Error::other);
    }
    let _ = extension;
    ipc(batch).map_err(io::Error::other)
}

fn ipc(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut writer = FileWriter::try_new(Vec::new(), &batch.schema())?;
    writer.write(batch)?;
    writer.into_inner()
}

#[cfg(feature = "parquet")]
fn parquet(batch: &RecordBatch) -> parquet::errors::Result<Vec<u8>> {
    use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};

    let settings = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(settings))?;
    writer.write(batch)?;
    writer.into_inner()
}

/// The columns as one batch, nested tables left out.
fn batch(columns: &[(String, Column)]) -> Result<RecordBatch, ArrowError> {
    let arrays: Vec<(&str, ArrayRef)> = flat(columns).into_iter().map(|(name, column)| (name, array(column))).collect();
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Schema::new(arrays.iter().map(field).collect::<Vec<Field>>());
    RecordBatch::try_new(Arc::new(schema), arrays.into_iter().map(|(_, array)| array).collect())
}

/// A column with the narrowest type that has all of its values: truth values, whole numbers, numbers, else texts, which
/// are JSON but for strings. What is no number is null.
fn array(column: &Column) -> ArrayRef {
    match column {
        Column::Numbers(numbers) => {
            Arc::new(numbers.iter().map(|number| Some(*number).filter(|it| !it.is_nan())).collect::<Float64Array>())
        }
        Column::Integers(numbers) => Arc::new(numbers.iter().map(|&number| number as u64).collect::<UInt64Array>()),
        Column::Values(values) => of_values(values),
        Column::Tables(_) => Arc::new(StringArray::new_null(column.len())),
    }
}

fn of_values(values: &[Value]) -> ArrayRef {
    let are = |is: fn(&Value) -> bool| values.iter().all(|value| value.is_null() || is(value));
    if values.iter().all(Value::is_null) {
        Arc::new(StringArray::new_null(values.len()))
    } else if are(Value::is_boolean) {
        Arc::new(values.iter().map(Value::as_bool).collect::<BooleanArray>())
    } else if are(Value::is_i64) {
        Arc::new(values.iter().map(Value::as_i64).collect::<Int64Array>())
    } else if are(Value::is_number) {
        Arc::new(values.iter().map(Value::as_f64).collect::<Float64Array>())
    } else {
        let text = |value: &Value| Some(value).filter(|value| !value.is_null()).map(plain);
        Arc::new(values.iter().map(text).collect::<StringArray>())
    }
}

#[cfg(test)]
mod tests {
    use arrow_schema::DataType;
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_have_the_narrowest_type() {
        let kinds = [
            (json!([1, null, -3]), DataType::Int64),
            (json!([1, 0.5]), DataType::Float64),
            (json!([true, null]), DataType::Boolean),
            (json!(["a", 1]), DataType::Utf8),
            (json!([null]), DataType::Utf8),
        ];
        for (values, kind) in kinds {
            let values: Vec<Value> = serde_json::from_value(values).expect("a list");
            assert_eq!(of_values(&values).data_type(), &kind, "{values:?}");
        }
        assert_eq!(array(&Column::Numbers(vec![0.5, f64::NAN, f64::INFINITY])).null_count(), 1);
    }
}
