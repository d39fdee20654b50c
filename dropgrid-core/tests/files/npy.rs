//! NumPy's arrays, on those that tests/golden/arrays.py wrote.

use std::fs;

use dropgrid_core::{
    DataError, Error,
    data::{Binary, Classes, Dataset, Features, MultiLabel, NpyArray, NpzArchive, Regression},
    error::{ArrayFault, ReadError},
};
use serde_json::Value;

fn golden(name: &str) -> String {
    format!("../tests/golden/{name}")
}

fn archive() -> NpzArchive {
    NpzArchive::open(golden("arrays.npz")).expect("an archive")
}

fn array(name: &str) -> NpyArray {
    archive().array(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A message without the folder of the archive.
fn told(error: &Error) -> String {
    error.to_string().replace("../tests/golden/", "")
}

#[test]
fn every_array_is_read_as_numpy_reads_it() {
    let text = fs::read_to_string(golden("arrays.json")).expect("a file");
    let Value::Object(expected) = serde_json::from_str(&text).expect("JSON") else { panic!("an object") };
    let archive = archive();
    let mut names: Vec<&String> = archive.names().iter().collect();
    names.sort_unstable();
    let mut wanted: Vec<&String> = expected.keys().collect();
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    let (mut read, mut refused) = (0, 0);
    for (name, expected) in &expected {
        let array = match (archive.array(name), &expected["elements"]) {
            (Ok(array), Value::Array(_)) => array,
            (
                Err(Error::Data(DataError::Read(ReadError::Array { fault: ArrayFault::Dtype { dtype, .. }, .. }))),
                Value::Null,
            ) => {
                assert_eq!(dtype, expected["dtype"].as_str().expect("a type"));
                refused += 1;
                continue;
            }
            (result, _) => panic!("{name}: {result:?}"),
        };
        assert_eq!(array.dtype(), expected["dtype"].as_str().expect("a type"), "{name}");
        let shape: Vec<Value> = array.shape().iter().map(|&axis| axis.into()).collect();
        assert_eq!(Value::Array(shape), expected["shape"], "{name}");
        let elements = expected["elements"].as_array().expect("elements");
        let same = |(element, number): (&Value, &f64)| match element {
            Value::Bool(flag) => f64::from(u8::from(*flag)) == *number,
            Value::String(text) => text == "nan" && number.is_nan(),
            other => other.as_f64() == Some(*number),
        };
        assert_eq!(array.numbers().len(), elements.len(), "{name}");
        assert!(elements.iter().zip(&array.numbers()).all(same), "{name}: {:?}", array.numbers());
        if elements.iter().all(|element| element.is_i64() || element.is_u64()) {
            let whole: Option<Vec<i64>> = elements.iter().map(Value::as_i64).collect();
            assert_eq!(array.integers().ok(), whole, "{name}");
        }
        read += 1;
    }
    assert_eq!((read, refused), (58, 8));
}

#[test]
fn rows_are_the_first_axis_flattened() {
    let images = Features::try_from(&array("images")).expect("features");
    let fortran = Features::try_from(&array("images in Fortran's order")).expect("features");
    assert_eq!((images.len(), images.width()), (2, 60));
    assert_eq!(images.values(), fortran.values());
    assert_eq!(Features::try_from(&array("column")).expect("features").values(), [0.0, 1.0, 2.0, 3.0, 4.0]);
    // Whole numbers beyond single precision are features as cells of a file are.
    let far = NpyArray::from_bytes(&fs::read(golden("far.npy")).expect("a file")).expect("an array");
    let far = Features::try_from(&far).expect("features");
    assert_eq!([far.cell(0, 0), far.cell(1, 0), far.cell(2, 0)], [1_700_000_000.0, 1_700_000_060.0, 1_700_000_121.0]);
    let double = Features::from_npy(golden("array.npy")).expect_err("the largest of all doubles");
    assert!(matches!(double, Error::Data(DataError::TooLarge { row: 1, .. })), "{double}");
    for (name, expected) in [
        ("not finite", "row 2, column `1`: NaN is not finite"),
        ("scalar", "`scalar` of arrays.npz: the shape is (), expected (rows, features)"),
        ("no rows", "the data has no rows"),
        ("no columns", "the data has no feature columns"),
    ] {
        assert_eq!(told(&Features::try_from(&array(name)).expect_err(name)), expected);
    }
}

#[test]
fn targets_come_of_arrays() {
    let labels = Classes::<3>::try_from(&array("labels")).expect("labels");
    assert_eq!(labels.labels(), [0, 2, 1, 2]);
    assert_eq!(Classes::<3>::try_from(&array("labels as floats")).expect("labels").labels(), labels.labels());
    let bools = array("c|b1");
    let flags = MultiLabel::<4>::try_from(&bools).expect("flags");
    assert_eq!(flags.flags().iter().map(|&flag| f64::from(u8::from(flag))).collect::<Vec<_>>(), bools.numbers());
    assert_eq!(MultiLabel::<2>::try_from(&array("flags")).expect("flags").row(0), [true, false]);
    let numbers = Regression::<4>::try_from(&array("f<i2")).expect("numbers");
    assert_eq!(numbers.row(0)[..2], [-32768.0, 32767.0]);
    assert_eq!(Regression::<1>::try_from(&array("column")).expect("numbers").values().len(), 5);
    let error = |result: Result<(), Error>| told(&result.expect_err("another shape"));
    for (result, expected) in [
        (
            Classes::<3>::try_from(&array("labels below zero")).map(drop),
            "row 2, column `label`: label -1 is not one of the 3 classes 0..3",
        ),
        (
            Classes::<3>::try_from(&array("labels with a half")).map(drop),
            "row 2, column `label`: label 0.5 is not one of the 3 classes 0..3",
        ),
        (
            Binary::try_from(&array("labels")).map(drop),
            "row 2, column `label`: label 2 is not one of the 2 classes 0..2",
        ),
        (
            Classes::<4>::try_from(&bools).map(drop),
            "`c|b1` of arrays.npz: the shape is (3, 4), expected (rows,) of class numbers: of a column a class, save \
             `array.argmax(axis=1)`",
        ),
        (MultiLabel::<3>::try_from(&bools).map(drop), "`c|b1` of arrays.npz: the shape is (3, 4), expected (rows, 3)"),
        (MultiLabel::<1>::try_from(&array("labels")).map(drop), "`labels` of arrays.npz: row 2: 2 is neither 0 nor 1"),
        (
            Regression::<1>::try_from(&array("images")).map(drop),
            "`images` of arrays.npz: the shape is (2, 3, 4, 5), expected (rows,) or (rows, 1)",
        ),
        (Regression::<2>::try_from(&array("not finite")).map(drop), "row 2, column `target 1`: NaN is not finite"),
    ] {
        assert_eq!(error(result), expected);
    }
}

#[test]
fn an_archive_gives_a_data_set() {
    let archive = NpzArchive::open(golden("deflated.npz")).expect("an archive");
    assert_eq!(archive.names(), ["x", "y"]);
    let features = Features::try_from(&archive.array("x").expect("an array")).expect("features");
    let labels = archive.array("y").expect("an array");
    let mismatch = Dataset::from_features(features, Classes::<3>::try_from(&labels).expect("labels"));
    assert_eq!(mismatch.expect_err("two images").to_string(), "2 rows of features, but 4 targets");
    let data = Dataset::new([[0.0], [1.0], [2.0], [3.0]], Classes::<3>::try_from(&labels).expect("labels"));
    let data = data.and_then(|data| data.with_groups(labels.integers()?)).expect("data");
    assert_eq!(data.groups(), Some([0, 2, 1, 2].as_slice()));
    let error = archive.array("z").expect_err("no such array");
    assert_eq!(told(&error), "`z` of deflated.npz: no such array; the arrays are `x`, `y`");
}

#[test]
fn other_files_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bytes = fs::read(golden("array.npy")).expect("a file");
    let message = |bytes: &[u8]| NpyArray::from_bytes(bytes).map(drop).expect_err("damaged").to_string();
    assert_eq!(message(b"PK\x03\x04"), "the array: this is no file that `numpy.save` wrote");
    assert_eq!(
        message(&bytes[..bytes.len() - 1]),
        "the array: 95 bytes of elements, but an array of shape (3, 4) has 96"
    );
    assert!(message(&[&bytes[..], &bytes[..]].concat()).contains("but an array of shape (3, 4) has 96"));
    for cut in 0..bytes.len() {
        message(&bytes[..cut]);
    }
    let with = |from: &str, to: &str| {
        let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
        let text = text.replacen(from, to, 1);
        text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("a byte")).collect::<Vec<u8>>()
    };
    let shape = "the array: 96 bytes of elements, but an array of shape (9, 9) has 648";
    assert_eq!(message(&with("(3, 4)", "(9, 9)")), shape);
    let huge = with("(3, 4), }                  ", "(9, 9999999999999999999), }");
    assert!(message(&huge).ends_with("(9, 9999999999999999999) has more than can be"));
    assert!(
        message(&with("'shape'", "'shapE'")).starts_with("the array: the header is not that of an array: `{'descr'")
    );
    assert_eq!(
        message(&with("\u{1}\0", "\u{4}\0")),
        "the array: the format's version is 4.0, known are 1.0, 2.0 and 3.0"
    );

    let path = folder.path().join("x.npz");
    fs::write(&path, &bytes).expect("a writable folder");
    assert!(matches!(
        NpzArchive::open(&path),
        Err(Error::Data(DataError::Read(ReadError::Array { fault: ArrayFault::NotNpz { .. }, .. })))
    ));
    // A changed byte of an element is found by the archive's checksum.
    let mut bytes = fs::read(golden("arrays.npz")).expect("a file");
    let at = bytes.windows(6).position(|bytes| bytes == b"\x93NUMPY").expect("an array") + 130;
    bytes[at] ^= 1;
    fs::write(&path, &bytes).expect("a writable folder");
    let archive = NpzArchive::open(&path).expect("a sound directory");
    let damaged = archive.array(&archive.names()[0]).expect_err("a wrong checksum");
    assert!(
        matches!(&damaged, Error::Data(DataError::Read(ReadError::Array { fault: ArrayFault::NotNpz { .. }, .. }))),
        "{damaged}"
    );
    let missing = NpzArchive::open(folder.path().join("none.npz")).expect_err("no file");
    assert!(matches!(missing, Error::Data(DataError::Read(ReadError::File { .. }))));
}
