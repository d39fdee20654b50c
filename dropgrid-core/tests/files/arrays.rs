//! Arrays of `ndarray`.

use dropgrid_core::{
    DataError, Error,
    data::{Binary, Classes, Features, MultiLabel, Regression},
};
use ndarray::{Array2, Array4, ArrayD, IxDyn, array, s};

#[test]
fn views_of_any_layout_are_features() {
    let matrix = Array2::from_shape_fn((4, 3), |(row, column)| (10 * row + column) as f32);
    let flipped = Features::try_from(matrix.slice(s![..;-1, ..;2])).expect("features");
    assert_eq!(flipped.values(), [30.0, 32.0, 20.0, 22.0, 10.0, 12.0, 0.0, 2.0]);
    let turned = Features::try_from(matrix.t()).expect("features");
    assert_eq!((turned.len(), turned.row(2)), (3, [2.0, 12.0, 22.0, 32.0].as_slice()));
    let column = Features::try_from(matrix.column(1)).expect("features");
    assert_eq!((column.width(), column.values()), (1, [1.0, 11.0, 21.0, 31.0].as_slice()));
    let images = Array4::from_shape_fn((2, 1, 2, 2), |(n, _, y, x)| (4 * n + 2 * y + x) as f32);
    let images = Features::try_from(images.view()).expect("features");
    assert_eq!((images.width(), images.row(1)), (4, [4.0, 5.0, 6.0, 7.0].as_slice()));
}

#[test]
fn double_precision_keeps_its_digits() {
    let matrix = array![[0.1, 1.7e9], [0.2, 1.7e9 + 60.0]];
    let features = Features::try_from(matrix.view()).expect("features");
    assert_eq!(features.cell(1, 1) - features.cell(0, 1), 60.0);
    assert_eq!(features.row(0)[0], 0.1_f32);
    let rows = Features::from_f64_rows(matrix.rows().into_iter().map(|row| row.to_vec())).expect("features");
    assert_eq!((features.values(), features.origins()), (rows.values(), rows.origins()));
    let tall = array![[1e38_f64, 1e39]];
    let error = Features::try_from(tall.view()).expect_err("beyond single precision");
    assert!(matches!(error, Error::Data(DataError::TooLarge { row: 1, .. })), "{error}");
}

#[test]
fn shapes_without_rows_are_refused() {
    let scalar = ArrayD::<f32>::zeros(IxDyn(&[]));
    let error = Features::try_from(scalar.view()).expect_err("no axis");
    assert_eq!(error.to_string(), "the shape of the features is (), expected a first axis that counts samples");
    assert!(matches!(Features::try_from(Array2::<f64>::zeros((0, 3)).view()), Err(Error::Data(DataError::EmptyData))));
    assert!(matches!(Features::try_from(Array2::<f32>::zeros((3, 0)).view()), Err(Error::Data(DataError::NoFeatures))));
}

#[test]
fn targets_come_of_views() {
    let table = array![[0_u8, 7], [2, 7], [1, 7]];
    assert_eq!(Classes::<3>::try_from(table.column(0)).expect("labels").labels(), [0, 2, 1]);
    assert_eq!(
        Classes::<3>::try_from(array![0_i64, -1].view()).expect_err("below 0").to_string(),
        "row 2, column `label`: label -1 is not one of the 3 classes 0..3"
    );
    let flags = array![[true, false], [false, false], [true, true]];
    assert_eq!(Binary::try_from(flags.column(0)).expect("labels").labels(), [1, 0, 1]);
    assert_eq!(Binary::try_from(array![0_i32, 1].view()).expect("labels").labels(), [0, 1]);
    assert_eq!(MultiLabel::<2>::try_from(flags.view()).expect("flags").row(2), [true, true]);
    assert!(MultiLabel::<3>::try_from(flags.view()).is_err());
    assert_eq!(Regression::<1>::try_from(array![1.5_f32, 2.5].view()).expect("numbers").values(), [1.5, 2.5]);
    assert_eq!(Regression::<1>::try_from(array![[1.5], [2.5]].view()).expect("numbers").values(), [1.5, 2.5]);
    let pairs: Array2<f64> = array![[1.0, 2.0], [3.0, 4.0]];
    assert_eq!(Regression::<2>::try_from(pairs.t()).expect("numbers").row(0), [1.0, 3.0]);
    assert_eq!(
        Regression::<1>::try_from(pairs.view()).expect_err("two columns").to_string(),
        "the width of the targets is 2, expected one column a number to predict"
    );
}
