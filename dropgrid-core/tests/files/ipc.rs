//! Arrow files and streams, on those that tests/golden/arrow.py wrote.

use std::fs;

use dropgrid_core::{
    DataError, Error,
    data::{Csv, Dataset, Features, Kind, Regression, Table},
    error::ReadError,
};

fn golden(name: &str) -> String {
    format!("../tests/golden/arrow/{name}")
}

fn table(name: &str) -> Table {
    Table::from_arrow(golden(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A message without the folder of the file.
fn told(error: &Error) -> String {
    error.to_string().replace(&golden(""), "")
}

#[test]
fn files_and_streams_hold_what_the_parquet_file_holds() {
    let wanted = Table::from_parquet("../tests/golden/parquet/kinds.parquet").expect("a table");
    for name in ["lz4.feather", "zstd.feather", "plain.arrow", "stream.arrows"] {
        let found = table(name);
        assert_eq!((found.len(), found.columns().len()), (wanted.len(), wanted.columns().len()), "{name}");
        for (found, wanted) in found.columns().iter().zip(wanted.columns()) {
            assert_eq!((found.name(), found.kind()), (wanted.name(), wanted.kind()), "{name}");
            for row in 0..found.len() {
                let of = |column: &dropgrid_core::data::Column| {
                    (column.text(row).map(std::borrow::Cow::into_owned), column.number(row).map(f64::to_bits))
                };
                assert_eq!(of(found), of(wanted), "{name}, `{}`, row {row}", found.name());
            }
        }
    }
}

#[test]
fn times_of_day_and_spans_are_seconds() {
    let clocks = table("clocks.feather");
    for column in clocks.columns() {
        let is_whole = matches!(column.name(), "time in s" | "time in ms");
        let wanted = match column.name() {
            "span in s" => [93_600.0, -1.0],
            name if name.starts_with("span") => [93_600.0, -0.5],
            _ if is_whole => [18_360.0, 86_399.0],
            _ => [18_360.0, 86_399.25],
        };
        assert_eq!(column.kind(), Kind::Time, "{}", column.name());
        let seconds = [0, 1, 2].map(|row| column.number(row));
        assert_eq!(seconds, [Some(wanted[0]), None, Some(wanted[1])], "{}", column.name());
    }
    let time = clocks.select(["time in us", "span in s"]).and_then(|table| table.drop_missing()).expect("columns");
    assert_eq!(
        told(&time.features().expect_err("times")),
        "2 columns cannot be used:\n  column `time in us`: the cells are times (row 1: `05:06:00`; row 2: \
         `23:59:59.250000`): take the seconds since midnight with `Table::as_seconds([\"time in us\"])`, or leave the column \
         out with `Table::without([\"time in us\"])`\n  column `span in s`: the cells are times (row 1: `1 days 02:00:00`; \
         row 2: `-1 days +23:59:59`): take the seconds since midnight with `Table::as_seconds([\"span in s\"])`, or leave \
         the column out with `Table::without([\"span in s\"])`"
    );
    let seconds = time.as_seconds(["time in us", "span in s"]).and_then(|table| table.features()).expect("numbers");
    assert_eq!((0..2).map(|row| seconds.cell(row, 0)).collect::<Vec<_>>(), [18_360.0, 86_399.25]);
    let data = time.as_seconds(["time in us", "span in s"]).expect("numbers");
    assert_eq!(
        data.dataset(Regression::<1>::in_column("span in s")).expect("data").targets().values(),
        [93_600.0, -1.0]
    );
}

#[test]
fn files_that_cannot_be_read_say_why() {
    assert_eq!(
        told(&Table::from_arrow(golden("nested.feather")).expect_err("a list")),
        "a table holds numbers, yes and no, dates, times and texts, but `tags` is List(Utf8): leave them out with what wrote \
         the file, or read its batches with `arrow_ipc` for `Table::from_record_batches`: \"tags\""
    );
    assert_eq!(
        told(&Features::from_arrow(golden("old.feather")).expect_err("the first version")),
        "old.feather cannot be read as Arrow: it is of Feather's first version: write it with a later pandas"
    );
    assert!(matches!(
        Table::from_arrow(golden("none.arrow")),
        Err(Error::Data(DataError::Read(ReadError::File { .. })))
    ));
    let error =
        Dataset::from_arrow("../tests/golden/arrow.py", Regression::<1>::in_column("y")).expect_err("no Arrow file");
    assert!(matches!(error, Error::Data(DataError::Read(ReadError::NotArrow { .. }))), "{error}");
    assert_eq!(
        told(&Csv::new().read(golden("plain.arrow")).expect_err("no CSV file")),
        "plain.arrow is an Arrow file: read it with `Table::from_arrow`, under the feature `arrow`, or save the table as CSV"
    );
}

#[test]
fn a_part_of_a_file_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("damaged.feather");
    for name in ["lz4.feather", "plain.arrow"] {
        let bytes = fs::read(golden(name)).expect("a file");
        for at in (0..bytes.len()).step_by(37) {
            fs::write(&path, &bytes[..at]).expect("room");
            assert!(Table::from_arrow(&path).is_err(), "{at} bytes of {name}");
        }
    }
}

/// The reader allocates what a file says of its parts, and an allocation that fails would end the process.
#[test]
fn a_length_that_no_memory_holds_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("damaged.feather");
    for (name, step) in [("lz4.feather", 8), ("stream.arrows", 40)] {
        let bytes = fs::read(golden(name)).expect("a file");
        let mut refused = 0;
        for at in (0..bytes.len() - 8).step_by(step) {
            let mut damaged = bytes.clone();
            damaged[at..at + 8].copy_from_slice(&(i64::MAX / 4).to_le_bytes());
            fs::write(&path, &damaged).expect("room");
            if let Err(error) = Table::from_arrow(&path) {
                assert!(matches!(error, Error::Data(DataError::Read(ReadError::NotArrow { .. }))), "{at}: {error}");
                refused += usize::from(error.to_string().contains("for which there is no memory"));
            }
        }
        assert!(refused > 0 || name == "stream.arrows", "{name} has no compressed part");
    }
}
