//! Data sets: what is accepted, and what each refusal says.

use std::fs;

use dropgrid::{DataError, Error, prelude::*};

use crate::child;

fn csv(text: &str) -> dropgrid::Result<Dataset<Classes<3>>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("table.csv");
    fs::write(&path, text).expect("a writable folder");
    Dataset::from_csv(path, Classes::<3>::in_column("class"))
}

/// The error's text without the folder that a temporary file lies in.
fn refusal(text: &str) -> String {
    let message = csv(text).expect_err("the table is wrong").to_string();
    match (message.find('/'), message.find("table.csv")) {
        (Some(start), Some(end)) => message.replace(&message[start..end], ""),
        _ => message,
    }
}

#[test]
fn a_table_with_a_header_is_read() {
    let data = csv("a, class ,b\n1.5,2,-3\n 0.25 ,0,4e2\n").expect("a good table");
    assert_eq!(data.features().values(), [1.5, -3.0, 0.25, 400.0]);
    assert_eq!(data.features().names().expect("a header"), ["a", "b"]);
    assert_eq!(data.targets().labels(), [2, 0]);
}

#[test]
fn quotes_out_of_place_are_told_by_line_and_column() {
    // Two of four rows were left of the first, and the second was read as 25.
    assert_eq!(
        refusal("a,class\n1,0\n2,\"1\n3,2\n4,0\n"),
        "line 3, column `class`: the quote that opens here is never closed; close it, and write a quote within the cell \
         as two"
    );
    assert_eq!(
        refusal("a,class\n\"2\"5,1\n"),
        "line 2, column `a`: text follows the closing quote; quote the whole cell, and write a quote within it as two"
    );
    assert_eq!(
        refusal("a,class\n1, \"0\"\n"),
        "line 2, column `class`: a blank stands before the quote; begin the cell with its quote"
    );
    assert!(refusal("\"a,class\n1,0\n").starts_with("line 1, column `0`: "));
    let data = csv("\"a \"\"b\"\"\",\"class\"\n\"1\",\"2\" \n\"0.5\",0\n").expect("a good table");
    assert_eq!(
        (data.features().names().expect("a header"), data.targets().labels()),
        (&["a \"b\"".to_owned()][..], &[2, 0][..])
    );
}

#[test]
fn the_vendored_tables_are_whole() {
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit")).expect("digits");
    assert_eq!((digits.len(), digits.features().width()), (1797, 64));
    // The class counts that scikit-learn documents for its digits.
    let counts: Vec<usize> =
        (0..10).map(|digit| digits.targets().labels().iter().filter(|label| **label == digit).count()).collect();
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    let sum: f64 = digits.features().values().iter().map(|value| f64::from(*value)).sum();
    assert!((sum - 561_718.0).abs() < 0.5, "{sum}");
}

#[test]
fn each_refusal_says_row_column_and_value() {
    assert!(refusal("a,class\n1,0\nx,1\n").starts_with("column `a`: 1 cell is not a number (row 2, line 3: `x`): "));
    assert!(refusal("a,class\n1,0\n,1\n").starts_with("column `a`: 1 cell is empty (row 2, line 3): "));
    assert!(refusal("a,class\nNaN,0\n").starts_with("column `a`: 1 cell is missing (row 1, line 2: `NaN`): "));
    assert!(
        refusal("a,b,class\n1,2,0\n1,inf,1\n").starts_with("column `b`: 1 cell is not finite (row 2, line 3: `inf`): ")
    );
    assert_eq!(refusal("a,class\n1e39,0\n"), "row 1, column `a`: 1e39 is beyond ±3.4028235e38; scale the column");
    for label in ["3", "-1", "cat"] {
        let start = format!(
            "column `class`: 1 label is not one of the classes `0`, `1`, `2` (row 1, line 2: `{label}`): the column has 1 \
             distinct values"
        );
        let said = refusal(&format!("a,class\n1,{label}\n"));
        assert!(said.starts_with(&start), "{said}");
    }
    assert_eq!(refusal("a,b\n1,2\n"), "no column `class` in table.csv; the columns are `a`, `b`");
    assert_eq!(
        refusal("a,a,class\n1,2,0\n"),
        "column `a` stands twice in the header of table.csv: give all columns names by `Csv::new().names([..])`"
    );
    assert_eq!(refusal("class\n1\n"), "the data has no feature columns");
    assert_eq!(refusal("a,class\n"), "the data has no rows");
    assert_eq!(
        refusal("a,class\n1,0\n1\n"),
        "the first line has 2 cells, but 1 line has another number (row 2, line 3: 1): write every cell, an empty one for a value that is \
         missing; if the end of the file is a remark, write `Csv::new().skip_last_lines(1)`"
    );
    let missing = Dataset::from_csv("no/such.csv", Classes::<3>::in_column("class")).expect_err("no file");
    assert!(missing.to_string().starts_with("cannot read no/such.csv: "), "{missing}");
}

#[test]
fn vectors_are_checked_as_files_are() {
    let classes = || Classes::<2>::new([0, 1]).expect("good labels");
    let refusal = |rows: &[&[f32]]| Dataset::new(rows, classes()).expect_err("wrong rows");
    assert!(matches!(
        refusal(&[&[0.0], &[0.0, 1.0]]),
        Error::Data(DataError::RaggedRow { row: 2, found: 2, expected: 1 })
    ));
    assert!(matches!(refusal(&[&[0.0]]), Error::Data(DataError::LengthMismatch { features: 1, targets: 2 })));
    assert!(matches!(refusal(&[&[0.0], &[f32::NAN]]), Error::Data(DataError::NotFinite { row: 2, .. })));
    assert!(matches!(refusal(&[]), Error::Data(DataError::EmptyData)));
    assert!(matches!(refusal(&[&[], &[]]), Error::Data(DataError::NoFeatures)));
    assert!(matches!(
        Classes::<2>::new([0, 2]),
        Err(Error::Data(DataError::LabelOutOfRange { row: 2, classes: 2, .. }))
    ));
    assert!(matches!(Classes::<2>::new([0; 0]), Err(Error::Data(DataError::EmptyData))));
    assert!(matches!(
        Features::from_flat(vec![0.0; 5], 2),
        Err(Error::Data(DataError::RaggedBuffer { values: 5, width: 2 }))
    ));
    let data = Dataset::new([[1.0], [2.0]], classes()).expect("good data");
    assert!(matches!(data.map_features(|value| value / 0.0), Err(Error::Data(DataError::NotFinite { row: 1, .. }))));
}

/// The variable that makes the test below return its error.
const FAILS: &str = "DROPGRID_TEST_RETURNS_AN_ERROR";

/// A test that returns an error prints it as `main` does. This one does so in a process of its own.
#[test]
fn main_prints_what_an_error_says() -> dropgrid::Result<()> {
    if std::env::var_os(FAILS).is_some() {
        Dataset::from_csv("no/such.csv", Classes::<10>::in_column("digit"))?;
        return Ok(());
    }
    let mut command = child::command(module_path!(), "main_prints_what_an_error_says");
    let output = command.env(FAILS, "1").output().expect("a process");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("Error: cannot read no/such.csv: No such file or directory (os error 2)\n"), "{stderr}");
    Ok(())
}

#[test]
fn labels_are_integers_of_any_type() {
    let expected = [0, 2, 1];
    assert_eq!(Classes::<3>::new([0_i32, 2, 1]).expect("labels").labels(), expected);
    assert_eq!(Classes::<3>::new(vec![0_u8, 2, 1]).expect("labels").labels(), expected);
    let borrowed: &[i64] = &[0, 2, 1];
    assert_eq!(Classes::<3>::new(borrowed).expect("labels").labels(), expected);
    assert_eq!(Binary::from_labels([1_i16, 0]).expect("labels").labels(), [1, 0]);
    let refusal = |error: Error| error.to_string();
    assert_eq!(
        refusal(Classes::<2>::new([0, 1, -1]).expect_err("a negative label")),
        "row 3, column `label`: label -1 is not one of the 2 classes 0..2"
    );
    assert_eq!(
        refusal(Binary::from_labels([0_u128, u128::MAX]).expect_err("a large label")),
        format!("row 2, column `label`: label {} is not one of the 2 classes 0..2", u128::MAX)
    );
}

#[test]
fn rows_in_double_precision_are_rounded() {
    let rows: Vec<Vec<f64>> = vec![vec![0.1, 1.0 + 1e-12], vec![-2.5, 3e38]];
    let data = Dataset::from_f64_rows(&rows, Classes::<2>::new([0, 1]).expect("labels")).expect("rows");
    assert_eq!(data.features().values(), [0.1_f32, 1.0, -2.5, 3e38]);
    let refusal = |rows: &[[f64; 2]]| Features::from_f64_rows(rows).expect_err("no rows of f32").to_string();
    assert_eq!(
        refusal(&[[0.0, 1.0], [0.0, 1e39]]),
        "row 2, column `1`: 1e39 is beyond ±3.4028235e38; scale the column"
    );
    assert_eq!(refusal(&[[0.0, f64::NAN]]), "row 1, column `1`: NaN is not finite");
    let ragged = Features::from_f64_rows([vec![0.0], vec![0.0, 1.0]]).expect_err("a ragged row");
    assert_eq!(ragged.to_string(), "row 2 has 2 features, but the first row has 1");
}
