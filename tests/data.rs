//! Data sets: what is accepted, and what each refusal says.

use std::fs;

use dropgrid::{DataError, Error, prelude::*};

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
    assert_eq!(refusal("a,class\n1,0\nx,1\n"), "row 2, column `a`: `x` is not a number");
    assert_eq!(refusal("a,class\n1,0\n,1\n"), "row 2, column `a`: `` is not a number");
    assert_eq!(refusal("a,class\nNaN,0\n"), "row 1, column `a`: NaN is not finite");
    assert_eq!(refusal("a,b,class\n1,2,0\n1,inf,1\n"), "row 2, column `b`: inf is not finite");
    assert_eq!(refusal("a,class\n1e39,0\n"), "row 1, column `a`: inf is not finite");
    assert_eq!(refusal("a,class\n1,3\n"), "row 1, column `class`: label 3 is not one of the 3 classes 0..3");
    assert_eq!(refusal("a,class\n1,-1\n"), "row 1, column `class`: label `-1` is not one of the 3 classes 0..3");
    assert_eq!(refusal("a,class\n1,cat\n"), "row 1, column `class`: label `cat` is not one of the 3 classes 0..3");
    assert_eq!(refusal("a,b\n1,2\n"), "no column `class` in table.csv; its columns are `a`, `b`");
    assert_eq!(refusal("a,a,class\n1,2,0\n"), "column `a` stands twice in the header of table.csv");
    assert_eq!(refusal("class\n1\n"), "the data has no feature columns");
    assert_eq!(refusal("a,class\n"), "the data has no rows");
    assert!(refusal("a,class\n1,0\n1\n").starts_with("cannot read table.csv: "));
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
    assert!(matches!(Classes::<2>::new([]), Err(Error::Data(DataError::EmptyData))));
    assert!(matches!(
        Features::from_flat(vec![0.0; 5], 2),
        Err(Error::Data(DataError::RaggedBuffer { values: 5, width: 2 }))
    ));
    let data = Dataset::new([[1.0], [2.0]], classes()).expect("good data");
    assert!(matches!(data.map_features(|value| value / 0.0), Err(Error::Data(DataError::NotFinite { row: 1, .. }))));
}
