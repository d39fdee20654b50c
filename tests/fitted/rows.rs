//! Rows by themselves: each has the bits that it has among all rows, whatever the layers, and every thread may predict.

use std::thread;

use super::*;

/// Layers that train as a program.
#[searchable]
struct Dense {
    hidden: (Linear<4, 8>, ReLU),
    #[grid(0.25)]
    dropout: Dropout,
    output: Linear<8, 3>,
}

/// A layer that trains on dfdx's tape.
#[searchable]
struct Taped {
    hidden: (Linear<4, 8>, Sin),
    norm: BatchNorm1D<8>,
    output: Linear<8, 3>,
}

/// Layers that evaluation passes compute otherwise than training passes, or from parameters alone.
#[searchable]
struct Normalised {
    hidden: (WeightNorm<Linear<4, 8>>, BatchNorm1D<8>, Tanh),
    #[grid(0.25)]
    dropout: Dropout,
    body: Residual<(LayerNorm1D<8>, WeightNorm<Linear<8, 8>>, FastGeLU)>,
    other: GeneralizedResidual<Linear<8, 8>, (BatchNorm1D<8>, Sigmoid)>,
    output: Linear<8, 3>,
}

#[searchable(input = Rank3<1, 2, 2>)]
struct Image {
    first: (Conv2D<1, 4, 2, 1, 1>, BatchNorm2D<4>, ReLU, MaxPool2D<2>),
    output: (Flatten2D, Linear<16, 3>),
}

#[searchable(input = Rank2<2, 2>)]
struct Sequence {
    first: (Conv1D<2, 8, 3, 1, 1>, ReLU, PositionalEncoding),
    #[grid(0.1)]
    encoder: TransformerEncoder<8, 2, 8>,
    #[grid(0.1)]
    memory: Lstm<8, 4, 2, AllStates, Bidirectional>,
    output: (Gru<8, 8>, Linear<8, 3>),
}

#[searchable]
struct Columns {
    #[columns(age, time)]
    numbers: (Impute<2, Mean>, Standardize<2>),
    #[columns(sex, deck)]
    codes: PerColumn<(OneHot<2>, (Impute<1, OwnCategory<3>>, Embed<4, 2>))>,
    output: Linear<6, 3>,
}

#[searchable]
struct TapedColumns {
    #[columns(age, time)]
    numbers: (Impute<2, Mean>, Standardize<2>),
    #[columns(sex, deck)]
    codes: PerColumn<(OneHot<2>, (Impute<1, OwnCategory<3>>, Embed<4, 2>))>,
    norm: (BatchNorm1D<6>, Sin),
    output: Linear<6, 3>,
}

/// Passengers: two columns of numbers, one of them far from zero, and two of categories. Ages and decks may be missing.
fn passengers() -> Dataset<Classes<3>> {
    let or_missing = |is_there: bool, cell: usize| if is_there { cell as f64 } else { f64::NAN };
    let rows = (0..60).map(|at| {
        let time = 1.7e9 + (at * 37 % 50) as f64;
        [or_missing(at % 7 != 3, at * 13 % 70), time, (at % 2) as f64, or_missing(at % 5 != 1, at * 11 % 3)]
    });
    let features = Features::with_missing(rows)
        .and_then(|features| features.with_names(["age", "time", "sex", "deck"]))
        .and_then(|features| features.with_categories(2, ["female", "male"]))
        .and_then(|features| features.with_categories(3, ["A", "B", "C"]));
    let classes = Classes::new((0..60).map(|at| at * 13 % 70 / 24)).expect("classes");
    features.and_then(|features| Dataset::from_features(features, classes)).expect("data")
}

/// The cells of a row.
fn cells(features: &Features, row: usize) -> Vec<f64> {
    (0..features.width()).map(|column| features.cell(row, column)).collect()
}

macro_rules! trained {
    ($model:ident, $data:expr) => {{
        let search = $model::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(2)).progress(false);
        search.seed(5).fit($data).expect("a report").into_fitted()
    }};
}

#[test]
fn a_row_by_itself_has_the_bits_that_it_has_among_others() {
    macro_rules! rows_agree {
        ($model:ident, $data:expr) => {{
            let (data, fitted) = ($data, trained!($model, $data));
            let loaded = Fitted::<$model, Classes<3>>::from_bytes(&fitted.to_bytes().expect("bytes")).expect("a model");
            let probabilities = fitted.predict_proba(data.features()).expect("finite");
            let classes = fitted.predict(data.features()).expect("finite");
            for fitted in [&fitted, &loaded] {
                let mut predictor = fitted.row_predictor().expect("memory");
                for row in 0..data.len() {
                    let (name, cells) = (stringify!($model), cells(data.features(), row));
                    let found = predictor.predict_proba(&cells).expect("finite");
                    assert_eq!(found, probabilities[row], "{name}, row {row}: {cells:?}");
                    assert_eq!(predictor.predict(&cells).expect("finite"), classes[row]);
                }
            }
        }};
    }
    rows_agree!(Dense, &named());
    rows_agree!(Taped, &named());
    rows_agree!(Normalised, &named());
    rows_agree!(Image, &named());
    rows_agree!(Sequence, &named());
    rows_agree!(Columns, &passengers());
    rows_agree!(TapedColumns, &passengers());
}

#[test]
fn cells_that_are_no_input_are_refused_with_and_without_a_program() {
    let (dense, taped) = (trained!(Dense, &named()), trained!(Taped, &named()));
    for wrong in [f64::NAN, f64::INFINITY, 1e39] {
        let row = [0.5, wrong, 0.5, 0.5];
        let expected = Features::from_f64_rows([row]).expect_err("no input").to_string();
        let refused = [
            dense.row_predictor().expect("memory").predict(&row).expect_err("no input"),
            taped.row_predictor().expect("memory").predict(&row).expect_err("no input"),
        ];
        assert_eq!(refused.map(|error| error.to_string()), [expected.clone(), expected]);
    }

    let fitted = trained!(TapedColumns, &passengers());
    let mut predictor = fitted.row_predictor().expect("memory");
    let mut refusal = |row: [f64; 4]| predictor.predict(&row).expect_err("no input").to_string();
    let error = refusal([30.0, 1.7e9, f64::NAN, 1.0]);
    assert!(error.starts_with("the column `sex` lacks a value in row 1"), "{error}");
    let error = refusal([30.0, 1.7e9, 2.0, 1.0]);
    assert!(error.contains("`sex`") && error.contains('2'), "{error}");
    let error = refusal([30.0, 1.7e9, -1.0, 1.0]);
    assert!(error.contains("`sex`") && error.contains("female"), "{error}");
    assert!(predictor.predict(&[f64::NAN, 1.7e9, 1.0, f64::NAN]).is_ok(), "an error leaves nothing behind");
}

#[test]
fn threads_share_a_model() {
    let fitted = trained!(Dense, &named());
    let rows: Vec<[f32; 4]> = (0..5000).map(|at| [at as f32 / 2500.0, 1.0, -0.5, (at % 9) as f32]).collect();
    let many = Features::from_rows(&rows).expect("rows");
    let expected = fitted.predict_proba(&many).expect("finite");
    thread::scope(|scope| {
        for first in 0..4 {
            let (fitted, rows, many, expected) = (&fitted, &rows, &many, &expected);
            scope.spawn(move || {
                let mut predictor = fitted.row_predictor().expect("memory");
                for row in (first..rows.len()).step_by(199) {
                    assert_eq!(predictor.predict_proba(&rows[row]).expect("finite"), expected[row]);
                }
                assert_eq!(fitted.predict_proba(many).expect("finite"), *expected);
                let few = Features::from_rows(&rows[first..first + 3]).expect("rows");
                assert_eq!(fitted.predict_proba(&few).expect("finite"), expected[first..first + 3]);
            });
        }
    });
}
