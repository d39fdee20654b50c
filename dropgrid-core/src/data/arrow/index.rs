//! The index of a table that pandas wrote.

use arrow_schema::Schema;
use serde_json::Value;

/// The names of the columns that were the index of a data frame, by
/// [pandas' metadata](https://pandas.pydata.org/docs/development/developer.html). An index of consecutive numbers is no
/// column.
pub(super) fn columns(schema: &Schema) -> Vec<String> {
    let metadata = schema.metadata().get("pandas").and_then(|text| serde_json::from_str::<Value>(text).ok());
    let index = metadata.as_ref().and_then(|metadata| metadata["index_columns"].as_array());
    index.into_iter().flatten().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}
