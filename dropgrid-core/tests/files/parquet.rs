//! Parquet files, on those that tests/golden/parquet.py wrote.

use std::fs;

use dropgrid_core::{
    DataError, Error,
    data::{Binary, Classes, Column, Csv, Dataset, Features, Kind, Parquet, Regression, Table},
    error::ReadError,
};
use serde_json::Value;

fn golden(name: &str) -> String {
    format!("../tests/golden/parquet/{name}")
}

fn table(name: &str) -> Table {
    Table::from_parquet(golden(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A message without the folder of the file.
fn told(error: &Error) -> String {
    error.to_string().replace(&golden(""), "")
}

fn is_same(column: &Column, row: usize, cell: &Value) -> bool {
    match cell {
        Value::Number(whole) if !whole.is_f64() => {
            // Whole numbers keep their digits, beyond those of a double as well; dates are seconds.
            column.text(row).as_deref() == Some(&whole.to_string()) || column.number(row) == whole.as_f64()
        }
        Value::Number(number) => column.number(row) == number.as_f64(),
        Value::String(text) => column.text(row).as_deref() == Some(text),
        Value::Bool(flag) => column.number(row) == Some(f64::from(u8::from(*flag))),
        _ => column.text(row).is_none() && column.number(row).is_none(),
    }
}

#[test]
fn every_cell_is_read_as_pyarrow_reads_it() {
    let text = fs::read_to_string(golden("expected.json")).expect("a file");
    let Value::Object(tables) = serde_json::from_str(&text).expect("JSON") else { panic!("an object") };
    let mut count = 0;
    for (name, columns) in &tables {
        let (table, columns) = (table(&format!("{name}.parquet")), columns.as_object().expect("columns"));
        assert_eq!((table.len(), table.columns().len()), (10, columns.len()), "{name}");
        for (column, cells) in columns {
            let found = table.column(column).expect("a column of that name");
            for (row, cell) in cells.as_array().expect("cells").iter().enumerate() {
                assert!(
                    is_same(found, row, cell),
                    "{name}, `{column}`, row {row}: {cell}, found {:?} {:?}",
                    found.text(row),
                    found.number(row)
                );
                count += 1;
            }
        }
    }
    assert_eq!(count, 430);
}

#[test]
fn kinds_are_those_of_the_types() {
    let kinds = table("kinds.parquet");
    let of = |name: &str| kinds.column(name).expect("a column").kind();
    for name in ["int8", "int64", "uint64", "float16", "float32", "float64", "price", "account"] {
        assert_eq!(of(name), Kind::Number, "{name}");
    }
    for name in ["text", "large text", "dictionary"] {
        assert_eq!(of(name), Kind::Category, "{name}");
    }
    for name in ["day", "day in milliseconds", "time in ms", "time in us", "time in ns", "time in UTC"] {
        assert_eq!(of(name), Kind::Date, "{name}");
    }
    assert_eq!((of("flag"), of("yes or no"), of("no value")), (Kind::YesNo, Kind::YesNo, Kind::Empty));
    // As texts that no double holds, numbers are features all the same, and classes that are told apart.
    let accounts = kinds.column("account").expect("a column");
    assert_eq!(accounts.text(0).as_deref(), Some("1000000000000000000000000000001"));
    assert_eq!(accounts.number(0), Some(1e30));
    let data = kinds.select(["uint8", "account"]).and_then(|table| table.drop_missing()).expect("a table");
    let data = data.dataset(Classes::<2>::in_column("account").learn_names()).expect("two accounts");
    assert_eq!(data.targets().name(0), "1000000000000000000000000000000");
    assert_eq!(kinds.column("text").expect("a column").missing(), 3);
    let day = kinds.select(["day", "time in UTC"]).and_then(|table| table.as_seconds(["day"])).expect("a table");
    assert_eq!(day.column("day").expect("a column").number(0), Some(1_614_816_000.0));
    assert_eq!(day.column("time in UTC").expect("a column").text(0).as_deref(), Some("2021-03-04 05:06:07.250Z"));
    let faults = kinds.select(["text", "large text", "time in ms"]).and_then(|table| table.features());
    let faults = faults.expect_err("no numbers").to_string();
    assert!(faults.starts_with("3 columns cannot be used:\n  column `text`: the cells are categories"), "{faults}");
}

#[test]
fn a_table_of_polars_is_a_data_set() {
    let flowers = table("polars.parquet").drop_missing_in(["length", "count", "place", "day", "time"]).expect("rows");
    let flowers = flowers.without(["place", "grade", "day", "time"]).expect("columns");
    let data = flowers.dataset(Classes::<2>::in_column("species").learn_names()).expect("data");
    assert_eq!(data.features().names().expect("names"), ["length", "count", "small", "sold"]);
    assert_eq!(data.features().row(0), [5.1, 3.0, 1.0, 1.0]);
    assert_eq!(data.targets().names().expect("names"), ["setosa", "virginica"]);
    assert!(flowers.describe().to_string().contains("polars.parquet"));
}

#[test]
fn an_index_of_pandas_is_no_feature() {
    let indexed = table("index.parquet");
    assert_eq!(indexed.id_columns().map(Column::name).collect::<Vec<_>>(), ["__index_level_0__"]);
    assert_eq!(indexed.notes(), ["column `__index_level_0__` is an index that pandas wrote: no feature"]);
    let data = Dataset::from_parquet(golden("named.parquet"), Binary::in_column("y")).expect("data");
    assert_eq!((data.features().names().expect("names"), data.targets().labels()[1]), (&["x".to_owned()][..], 1));
    assert_eq!(data.notes(), ["column `subject` is an index that pandas wrote: no feature"]);
    let grouped = Dataset::from_parquet(golden("named.parquet"), Binary::in_column("y").weights("x").groups("subject"));
    assert!(matches!(grouped, Err(Error::Data(DataError::NoFeatures))));
    assert_eq!(table("named.parquet").column("subject").expect("a column").number(9), Some(181.0));
    assert_eq!(Features::from_parquet(golden("plain.parquet")).expect_err("a text").to_string().lines().count(), 3);
}

#[test]
fn columns_are_chosen_before_they_are_read() {
    let nested = golden("nested.parquet");
    assert_eq!(
        told(&Table::from_parquet(&nested).expect_err("nested columns")),
        "a table holds numbers, yes and no, dates, times and texts, but `tags` is List(Utf8, field: 'element'), `place` is \
         Struct(\"lat\": Float64, \"lon\": Float64), `photo` is Binary: leave them out with \
         `Parquet::new().without([\"tags\", \"place\", \"photo\"])`"
    );
    let data = Parquet::new().without(["tags", "place", "photo", "took", "at"]).read(&nested).expect("a table");
    assert_eq!(data.dataset(Regression::<1>::in_column("y")).expect("data").features().values(), [1.5, 2.5]);
    let chosen = Parquet::new().select(["y", "x"]).read(&nested).expect("a table");
    assert_eq!(chosen.columns().iter().map(Column::name).collect::<Vec<_>>(), ["y", "x"]);
    assert_eq!(
        told(&Parquet::new().select(["Tags"]).read(&nested).expect_err("no such column")),
        "no column `Tags` in nested.parquet; the columns are `x`, `tags`, `place`, `photo`, `took`, `at`, `y`: did you mean \
         `tags`?"
    );
}

#[test]
fn files_that_cannot_be_read_say_why() {
    assert!(matches!(Table::from_parquet(golden("empty.parquet")), Err(Error::Data(DataError::EmptyData))));
    assert_eq!(
        told(&Table::from_parquet(golden("brotli.parquet")).expect_err("a codec that is not built in")),
        "brotli.parquet cannot be read as Parquet: it is compressed by Brotli: write it with Snappy, \
         Zstandard or gzip"
    );
    assert!(matches!(
        Table::from_parquet(golden("none.parquet")),
        Err(Error::Data(DataError::Read(ReadError::File { .. })))
    ));
    let error = Table::from_parquet(golden("expected.json")).expect_err("no Parquet file");
    assert!(matches!(error, Error::Data(DataError::Read(ReadError::NotParquet { .. }))), "{error}");
    let error = Csv::new().read(golden("plain.parquet")).expect_err("no CSV file");
    assert_eq!(
        told(&error),
        "plain.parquet is a Parquet file: read it with `Table::from_parquet`, under the feature `parquet`, or save the table \
         as CSV"
    );
    // A damaged byte of a text may go unseen; it never ends the program.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("x.parquet");
    for (name, step) in [("plain.parquet", 5), ("index.parquet", 17), ("polars.parquet", 61), ("kinds.parquet", 97)] {
        let bytes = fs::read(golden(name)).expect("a file");
        for at in (0..bytes.len()).step_by(step) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x55;
            fs::write(&path, damaged).expect("a writable folder");
            let _ = Table::from_parquet(&path);
            fs::write(&path, &bytes[..at]).expect("a writable folder");
            assert!(Table::from_parquet(&path).is_err(), "{name}, {at} bytes");
        }
    }
}
